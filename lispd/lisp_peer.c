// SPDX-License-Identifier: GPL-2.0-or-later
/* Map-Resolvers and Map-Servers of the services, as configured. */
#include <zebra.h>

#include <stdbool.h>

#include "log.h"
#include "memory.h"
#include "monotime.h"

#include "lispd/lisp_errors.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_peer.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_MAP_RESOLVER, "LISP Map-Resolver");
DEFINE_MTYPE_STATIC(LISPD, LISP_MAP_SERVER, "LISP Map-Server");

DEFINE_HOOK(lisp_map_server_new, (struct lisp_map_server * ms), (ms));
DEFINE_HOOK(lisp_map_server_gone, (struct lisp_map_server * ms), (ms));

static int map_resolver_cmp(const struct lisp_map_resolver *a, const struct lisp_map_resolver *b)
{
	if (a->iid != b->iid)
		return numcmp(a->iid, b->iid);
	return a->family != b->family ? numcmp(a->family, b->family)
				      : ipaddr_cmp(&a->addr, &b->addr);
}

DECLARE_RBTREE_UNIQ(lisp_map_resolvers, struct lisp_map_resolver, item, map_resolver_cmp);

static int map_server_cmp(const struct lisp_map_server *a, const struct lisp_map_server *b)
{
	if (a->iid != b->iid)
		return numcmp(a->iid, b->iid);
	return a->family != b->family ? numcmp(a->family, b->family)
				      : ipaddr_cmp(&a->addr, &b->addr);
}

DECLARE_RBTREE_UNIQ(lisp_map_servers, struct lisp_map_server, item, map_server_cmp);

static struct lisp_map_resolvers_head resolvers[1] = { INIT_RBTREE_UNIQ(resolvers[0]) };
static struct lisp_map_servers_head servers[1] = { INIT_RBTREE_UNIQ(servers[0]) };
static bool resolvers_changed;

/* ---- Map-Resolvers ---- */

struct lisp_map_resolver *lisp_map_resolver_find(const struct lisp_service *service,
						 const struct ipaddr *addr)
{
	struct lisp_map_resolver key = {
		.iid = service->iid,
		.family = service->family,
		.addr = *addr,
	};

	return lisp_map_resolvers_find(resolvers, &key);
}

struct lisp_map_resolver *lisp_map_resolver_get(const struct lisp_service *service,
						const struct ipaddr *addr)
{
	struct lisp_map_resolver *mr = lisp_map_resolver_find(service, addr);

	if (mr)
		return mr;

	mr = XCALLOC(MTYPE_LISP_MAP_RESOLVER, sizeof(*mr));
	mr->iid = service->iid;
	mr->family = service->family;
	mr->addr = *addr;
	lisp_map_resolvers_add(resolvers, mr);
	resolvers_changed = true;
	return mr;
}

void lisp_map_resolver_free(struct lisp_map_resolver **mr)
{
	if (*mr) {
		lisp_map_resolvers_del(resolvers, *mr);
		resolvers_changed = true;
	}
	XFREE(MTYPE_LISP_MAP_RESOLVER, *mr);
}

struct lisp_map_resolver *lisp_map_resolver_next(const struct lisp_service *service,
						 struct lisp_map_resolver *mr)
{
	struct lisp_map_resolver key = {};

	if (mr)
		mr = lisp_map_resolvers_next(resolvers, mr);
	else if (service) {
		key.iid = service->peers;
		key.family = service->family;
		mr = lisp_map_resolvers_find_gteq(resolvers, &key);
	} else
		mr = lisp_map_resolvers_first(resolvers);

	if (mr && service && (mr->iid != service->peers || mr->family != service->family))
		return NULL;
	return mr;
}

struct lisp_map_resolver *lisp_map_resolver_asked(const struct lisp_service *service,
						  const struct ipaddr *addr)
{
	struct lisp_map_resolver key = {
		.iid = service->peers,
		.family = service->family,
		.addr = *addr,
	};

	return lisp_map_resolvers_find(resolvers, &key);
}

static bool better(const struct lisp_map_resolver *a, const struct lisp_map_resolver *b)
{
	if (!a->unanswered != !b->unanswered)
		return !a->unanswered;
	return a->last_reply > b->last_reply;
}

struct lisp_map_resolver *lisp_map_resolver_turn(const struct lisp_service *service,
						 const struct ipaddr *last)
{
	struct lisp_map_resolver *mr = NULL, *best = NULL;

	if (last && !IS_IPADDR_NONE(last)) {
		mr = lisp_map_resolver_asked(service, last);
		mr = mr ? lisp_map_resolver_next(service, mr) : NULL;
		return mr ? mr : lisp_map_resolver_next(service, NULL);
	}
	while ((mr = lisp_map_resolver_next(service, mr)))
		if (!best || better(mr, best))
			best = mr;
	return best;
}

void lisp_map_resolver_answered(struct lisp_map_resolver *mr)
{
	mr->last_reply = monotime(NULL);
	if (mr->unanswered >= LISP_MAP_RESOLVER_SILENT)
		zlog_notice("Map-Resolver %pIA answers again", &mr->addr);
	mr->unanswered = 0;
}

void lisp_map_resolver_silent(struct lisp_map_resolver *mr)
{
	if (++mr->unanswered == LISP_MAP_RESOLVER_SILENT)
		flog_warn(EC_LISP_MAP_RESOLVER,
			  "Map-Resolver %pIA: %u Map-Requests in a row had no answer", &mr->addr,
			  mr->unanswered);
}

void lisp_map_resolvers_clear(void)
{
	struct lisp_map_resolver *mr;

	frr_each (lisp_map_resolvers, resolvers, mr)
		mr->requests = mr->replies = mr->negatives = mr->timeouts = 0;
}

bool lisp_map_resolvers_changed(void)
{
	bool was = resolvers_changed;

	resolvers_changed = false;
	return was;
}

/* ---- Map-Servers ---- */

static const char *const state_names[] = {
	[LISP_REG_IDLE] = "idle",
	[LISP_REG_QUICK] = "registering",
	[LISP_REG_STEADY] = "registered",
	[LISP_REG_FAILED] = "no-map-notify",
};

const char *lisp_registration_state_name(enum lisp_registration_state state)
{
	return state_names[state];
}

struct lisp_map_server *lisp_map_server_find(const struct lisp_service *service,
					     const struct ipaddr *addr)
{
	struct lisp_map_server key = {
		.iid = service->iid,
		.family = service->family,
		.addr = *addr,
	};

	return lisp_map_servers_find(servers, &key);
}

struct lisp_map_server *lisp_map_server_get(const struct lisp_service *service,
					    const struct ipaddr *addr)
{
	struct lisp_map_server *ms = lisp_map_server_find(service, addr);

	if (ms)
		return ms;

	ms = XCALLOC(MTYPE_LISP_MAP_SERVER, sizeof(*ms));
	ms->iid = service->iid;
	ms->family = service->family;
	ms->addr = *addr;
	lisp_map_servers_add(servers, ms);
	hook_call(lisp_map_server_new, ms);
	return ms;
}

void lisp_map_server_free(struct lisp_map_server **msp)
{
	struct lisp_map_server *ms = *msp;

	*msp = NULL;
	if (!ms)
		return;

	hook_call(lisp_map_server_gone, ms);
	lisp_map_servers_del(servers, ms);
	lisp_key_ref_fini(&ms->key);
	XFREE(MTYPE_LISP_MAP_SERVER, ms);
}

struct lisp_map_server *lisp_map_server_next(const struct lisp_service *service,
					     struct lisp_map_server *ms)
{
	struct lisp_map_server key = {};

	if (ms)
		ms = lisp_map_servers_next(servers, ms);
	else if (service) {
		key.iid = service->peers;
		key.family = service->family;
		ms = lisp_map_servers_find_gteq(servers, &key);
	} else
		ms = lisp_map_servers_first(servers);

	if (ms && service && (ms->iid != service->peers || ms->family != service->family))
		return NULL;
	return ms;
}

bool lisp_map_server_takes(const struct lisp_map_server *ms, const struct lisp_eid *eid)
{
	const struct lisp_service *service = lisp_service_of(eid);

	return service->etr && service->family == ms->family && service->peers == ms->iid;
}

bool lisp_map_servers_acknowledged(const struct lisp_eid *eid)
{
	struct lisp_map_server *ms = NULL;

	while ((ms = lisp_map_server_next(lisp_service_of(eid), ms)))
		if (ms->state == LISP_REG_QUICK || (ms->state == LISP_REG_STEADY && ms->changed))
			return false;
	return true;
}

void lisp_peer_finish(void)
{
	struct lisp_map_resolver *mr;
	struct lisp_map_server *ms;

	while ((mr = lisp_map_resolvers_first(resolvers)))
		lisp_map_resolver_free(&mr);
	lisp_map_resolvers_fini(resolvers);
	while ((ms = lisp_map_servers_first(servers)))
		lisp_map_server_free(&ms);
	lisp_map_servers_fini(servers);
}
