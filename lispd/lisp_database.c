// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The local database: locator-sets and the EID-prefixes that use them.
 *
 * The northbound changes objects and calls lisp_database_config_changed() once.
 * That, an interface event or a change of an own RLOC's state each end in
 * database_refresh(): interface locators get their address, EID-prefixes their
 * set, and if anything differs the hook lisp_database_changed runs once, from
 * the event loop; if only learned locators do, lisp_database_learned.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "frrevent.h"
#include "hook.h"
#include "log.h"
#include "memory.h"
#include "table.h"

#include "lispd/lisp_database.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_eid_table.h"
#include "lispd/lisp_limits.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_LOCATOR_SET, "LISP locator-set");
DEFINE_MTYPE_STATIC(LISPD, LISP_SET_LOCATOR, "LISP locator-set locator");
DEFINE_MTYPE_STATIC(LISPD, LISP_LOCAL_EID, "LISP database-mapping");
DEFINE_MTYPE_STATIC(LISPD, LISP_DATABASE_NAME, "LISP locator-set name");

DEFINE_HOOK(lisp_database_changed, (), ());
DEFINE_HOOK(lisp_database_learned, (), ());

static int locator_set_cmp(const struct lisp_locator_set *a, const struct lisp_locator_set *b)
{
	return strcmp(a->name, b->name);
}

DECLARE_RBTREE_UNIQ(lisp_locator_sets, struct lisp_locator_set, item, locator_set_cmp);

static int set_locator_cmp(const struct lisp_set_locator *a, const struct lisp_set_locator *b)
{
	int ret = strcmp(a->ifname, b->ifname);

	if (ret)
		return ret;
	if (a->af != b->af)
		return a->af < b->af ? -1 : 1;
	return a->ifname[0] ? 0 : ipaddr_cmp(&a->addr, &b->addr);
}

DECLARE_RBTREE_UNIQ(lisp_set_locators, struct lisp_set_locator, item, set_locator_cmp);

static struct lisp_locator_sets_head sets[1] = { INIT_RBTREE_UNIQ(sets[0]) };
static struct lisp_eid_table *locals;
static bool changed;
static struct event *t_changed, *t_learned;

/* ---- telling the others ---- */

static void database_changed_run(struct event *event)
{
	hook_call(lisp_database_changed);
}

static void database_tell(void)
{
	if (!changed)
		return;
	changed = false;
	event_add_event(lisp.master, database_changed_run, NULL, 0, &t_changed);
}

static void database_learned_run(struct event *event)
{
	hook_call(lisp_database_learned);
}

static void database_learned_tell(void)
{
	event_add_event(lisp.master, database_learned_run, NULL, 0, &t_learned);
}

static void set_locator_free(struct lisp_set_locators_head *locators, struct lisp_set_locator *loc)
{
	lisp_set_locators_del(locators, loc);
	lisp_rloc_put_own(&loc->rloc);
	XFREE(MTYPE_LISP_SET_LOCATOR, loc);
}

static void learned_free(struct lisp_local_eid *local)
{
	struct lisp_set_locator *loc;

	while ((loc = lisp_set_locators_first(&local->learned))) {
		set_locator_free(&local->learned, loc);
		changed = true;
	}
}

static void locator_resolve(const struct lisp_locator_set *set, struct lisp_set_locator *loc)
{
	struct ipaddr addr = {};

	if (!loc->ifname[0])
		addr = loc->addr;
	else if (!lisp_rloc_interface_address(loc->ifname, loc->af, &addr))
		memset(&addr, 0, sizeof(addr));

	if (loc->rloc && ipaddr_is_same(&loc->rloc->addr, &addr))
		return;
	if (!loc->rloc && IS_IPADDR_NONE(&addr))
		return;

	if (loc->ifname[0] && IS_IPADDR_NONE(&addr))
		zlog_notice("locator-set %s: %s has no RLOC any more, it was %pIA", set->name,
			    loc->ifname, &loc->addr);
	else if (loc->ifname[0])
		zlog_notice("locator-set %s: the RLOC of %s is %pIA", set->name, loc->ifname, &addr);
	lisp_rloc_put_own(&loc->rloc);
	loc->addr = addr;
	if (!IS_IPADDR_NONE(&addr))
		loc->rloc = lisp_rloc_get_own(&addr);
	changed = true;
}

static void database_refresh(void)
{
	struct lisp_locator_set *set;
	struct lisp_set_locator *loc;
	struct lisp_local_eid *local = NULL;

	frr_each (lisp_locator_sets, sets, set)
		frr_each (lisp_set_locators, &set->locators, loc)
			locator_resolve(set, loc);

	while ((local = lisp_database_next(local))) {
		set = lisp_locator_set_find(local->set_name);
		if (!set || !set->auto_discover)
			learned_free(local);
		if (set == local->set)
			continue;
		local->set = set;
		changed = true;
	}
	database_tell();
}

void lisp_database_config_changed(void)
{
	database_refresh();
}

static int database_addresses_changed(void)
{
	database_refresh();
	return 0;
}

static bool rloc_configured(const struct lisp_rloc *rloc)
{
	struct lisp_locator_set *set;
	struct lisp_set_locator *loc;

	frr_each (lisp_locator_sets, sets, set)
		frr_each (lisp_set_locators, &set->locators, loc)
			if (loc->rloc == rloc)
				return true;
	return false;
}

/* One that is learned only is not registered. */
static int database_rloc_changed(struct lisp_rloc *rloc)
{
	if (!rloc->own_refs)
		return 0;
	if (!rloc_configured(rloc)) {
		database_learned_tell();
		return 0;
	}
	changed = true;
	database_tell();
	return 0;
}

/* ---- locator-sets ---- */

struct lisp_locator_set *lisp_locator_set_find(const char *name)
{
	struct lisp_locator_set key = { .name = (char *)name };

	return lisp_locator_sets_find(sets, &key);
}

struct lisp_locator_set *lisp_locator_set_get(const char *name)
{
	struct lisp_locator_set *set = lisp_locator_set_find(name);

	if (set)
		return set;

	set = XCALLOC(MTYPE_LISP_LOCATOR_SET, sizeof(*set));
	set->name = XSTRDUP(MTYPE_LISP_DATABASE_NAME, name);
	lisp_set_locators_init(&set->locators);
	lisp_locator_sets_add(sets, set);
	return set;
}

void lisp_locator_set_free(struct lisp_locator_set **setp)
{
	struct lisp_locator_set *set = *setp;
	struct lisp_set_locator *loc;
	struct lisp_local_eid *local = NULL;

	*setp = NULL;
	if (!set)
		return;

	while ((local = lisp_database_next(local)))
		if (local->set == set)
			local->set = NULL;
	while ((loc = lisp_set_locators_first(&set->locators)))
		lisp_set_locator_free(set, &loc);

	lisp_locator_sets_del(sets, set);
	lisp_set_locators_fini(&set->locators);
	XFREE(MTYPE_LISP_DATABASE_NAME, set->name);
	XFREE(MTYPE_LISP_LOCATOR_SET, set);
	changed = true;
}

struct lisp_locator_set *lisp_locator_set_next(struct lisp_locator_set *set)
{
	return set ? lisp_locator_sets_next(sets, set) : lisp_locator_sets_first(sets);
}

struct lisp_set_locator *lisp_locator_set_locator(struct lisp_locator_set *set,
						  const struct ipaddr *addr, const char *ifname,
						  int af, uint8_t priority, uint8_t weight,
						  uint8_t mpriority, uint8_t mweight)
{
	struct lisp_set_locator key = {}, *loc;

	if (ifname) {
		strlcpy(key.ifname, ifname, sizeof(key.ifname));
		key.af = af;
	} else {
		key.addr = *addr;
		key.af = ipaddr_family(addr);
	}

	loc = lisp_set_locators_find(&set->locators, &key);
	if (!loc) {
		loc = XCALLOC(MTYPE_LISP_SET_LOCATOR, sizeof(*loc));
		*loc = key;
		lisp_set_locators_add(&set->locators, loc);
		changed = true;
	}

	if (loc->priority != priority || loc->weight != weight || loc->mpriority != mpriority ||
	    loc->mweight != mweight)
		changed = true;
	loc->priority = priority;
	loc->weight = weight;
	loc->mpriority = mpriority;
	loc->mweight = mweight;
	return loc;
}

void lisp_set_locator_free(struct lisp_locator_set *set, struct lisp_set_locator **locp)
{
	struct lisp_set_locator *loc = *locp;

	*locp = NULL;
	if (!loc)
		return;

	set_locator_free(&set->locators, loc);
	changed = true;
}

void lisp_locator_set_auto_discover(struct lisp_locator_set *set, bool on)
{
	changed |= set->auto_discover != on;
	set->auto_discover = on;
}

struct lisp_set_locator *lisp_set_locator_next(struct lisp_locator_set *set,
					       struct lisp_set_locator *loc)
{
	return loc ? lisp_set_locators_next(&set->locators, loc)
		   : lisp_set_locators_first(&set->locators);
}

/* ---- EID-prefixes ---- */

struct lisp_local_eid *lisp_database_get(const struct lisp_eid *eid, const char *set_name)
{
	struct lisp_eid_node *node = lisp_eid_table_get(locals, eid);
	struct lisp_local_eid *local = node->info;

	if (!local) {
		local = XCALLOC(MTYPE_LISP_LOCAL_EID, sizeof(*local));
		lisp_eid_node_eid(node, &local->eid);
		lisp_set_locators_init(&local->learned);
		node->info = local;
		changed = true;
	}

	if (local->set_name && strcmp(local->set_name, set_name) == 0)
		return local;

	XFREE(MTYPE_LISP_DATABASE_NAME, local->set_name);
	local->set_name = XSTRDUP(MTYPE_LISP_DATABASE_NAME, set_name);
	local->set = lisp_locator_set_find(set_name);
	changed = true;
	return local;
}

static void local_eid_free(void *arg)
{
	struct lisp_local_eid *local = arg;

	learned_free(local);
	lisp_set_locators_fini(&local->learned);
	if (local->routes)
		route_table_finish(local->routes);
	XFREE(MTYPE_LISP_DATABASE_NAME, local->set_name);
	XFREE(MTYPE_LISP_LOCAL_EID, local);
}

void lisp_database_del(const struct lisp_eid *eid)
{
	struct lisp_eid_node *node = lisp_eid_table_find(locals, eid);

	if (!node)
		return;

	local_eid_free(node->info);
	lisp_eid_table_del(locals, node);
	changed = true;
}

static struct lisp_local_eid *node_local(const struct lisp_eid_node *node)
{
	return node ? node->info : NULL;
}

struct lisp_local_eid *lisp_database_find(const struct lisp_eid *eid)
{
	return node_local(lisp_eid_table_find(locals, eid));
}

struct lisp_local_eid *lisp_database_match(const struct lisp_eid *eid)
{
	return node_local(lisp_eid_table_match(locals, eid));
}

struct lisp_local_eid *lisp_database_next(struct lisp_local_eid *local)
{
	const struct lisp_eid_node *node;

	if (!local)
		return node_local(lisp_eid_table_first(locals));

	node = lisp_eid_table_find(locals, &local->eid);
	return node_local(lisp_eid_table_next(locals, node));
}

struct lisp_local_eid *lisp_database_after(const struct lisp_eid *eid)
{
	return node_local(lisp_eid_table_after(locals, eid));
}

unsigned int lisp_database_count(void)
{
	return lisp_eid_table_count(locals);
}

struct lisp_local_eid *lisp_database_of(uint32_t iid, enum lisp_family family,
					struct lisp_local_eid *local)
{
	/* no local EID-prefix has the length 0: the first one is behind it */
	const struct lisp_eid all = lisp_eid_all(iid, lisp_family_af(family));

	local = local ? lisp_database_next(local) : lisp_database_after(&all);
	return local && lisp_eid_covers(&all, &local->eid) ? local : NULL;
}

enum lisp_rloc_state lisp_set_locator_state(const struct lisp_set_locator *loc)
{
	return loc->rloc ? lisp_rloc_own_state(loc->rloc) : LISP_RLOC_NO_ADDRESS;
}

bool lisp_local_eid_reached(const struct lisp_local_eid *local, const struct lisp_set_locator *loc)
{
	if (loc->down || (local->lost && loc->rloc && loc->rloc->local))
		return false;
	return lisp_set_locator_state(loc) == LISP_RLOC_UP;
}

bool lisp_local_eid_up(const struct lisp_local_eid *local)
{
	struct lisp_set_locator *loc = NULL;

	while ((loc = lisp_local_eid_locator_next(local, loc)))
		if (lisp_local_eid_reached(local, loc))
			return true;
	return false;
}

void lisp_local_eid_lost(struct lisp_local_eid *local, bool lost)
{
	local->lost = lost;
	changed = true;
	database_tell();
}

static void mapping_add(struct lisp_mapping *mapping, const struct lisp_local_eid *local,
			const struct lisp_set_locator *loc)
{
	struct lisp_locator locator = {
		.addr = loc->addr,
		.priority = loc->priority,
		.weight = loc->weight,
		.mpriority = loc->mpriority,
		.mweight = loc->mweight,
	};

	if (!loc->rloc)
		return;
	locator.local = loc->rloc->local;
	locator.reach = lisp_local_eid_reached(local, loc);
	lisp_mapping_add(mapping, &locator);
}

void lisp_database_registered(const struct lisp_local_eid *local, struct lisp_mapping *mapping)
{
	struct lisp_set_locator *loc;

	memset(mapping, 0, sizeof(*mapping));
	mapping->eid = local->eid;
	mapping->ttl = lisp_service_of(&local->eid)->etr_ttl;
	if (!mapping->ttl)
		mapping->ttl = LISP_RECORD_TTL_DEFAULT;
	mapping->authoritative = true;
	if (!local->set)
		return;

	frr_each (lisp_set_locators, &local->set->locators, loc)
		mapping_add(mapping, local, loc);
}

void lisp_database_mapping(const struct lisp_local_eid *local, struct lisp_mapping *mapping)
{
	const struct lisp_set_locator *loc;

	lisp_database_registered(local, mapping);
	frr_each (lisp_set_locators_const, &local->learned, loc)
		mapping_add(mapping, local, loc);
}

struct lisp_set_locator *lisp_local_eid_locator_next(const struct lisp_local_eid *local,
						     struct lisp_set_locator *loc)
{
	struct lisp_local_eid *its = (struct lisp_local_eid *)local;

	if (loc && !IS_IPADDR_NONE(&loc->by))
		return lisp_set_locators_next(&its->learned, loc);
	loc = local->set ? lisp_set_locator_next(local->set, loc) : NULL;
	return loc ? loc : lisp_set_locators_first(&its->learned);
}

/* ---- the site's other xTRs ---- */

bool lisp_local_eid_merged(const struct lisp_local_eid *local)
{
	return local->set && local->set->auto_discover;
}

/* A locator of this router, or one that the locator-set has a line for. */
static bool locator_known(const struct lisp_local_eid *local, const struct lisp_locator *locator)
{
	struct lisp_set_locator *loc = NULL;

	while ((loc = lisp_set_locator_next(local->set, loc)))
		if (ipaddr_is_same(&loc->addr, &locator->addr))
			return true;
	return lisp_locator_refusal(locator) || lisp_rloc_is_own(&locator->addr);
}

/* True: that is new. */
static bool learn(struct lisp_local_eid *local, const struct lisp_locator *locator,
		  const struct ipaddr *map_server)
{
	struct lisp_set_locator key = { .af = ipaddr_family(&locator->addr), .addr = locator->addr };
	struct lisp_set_locator *loc = lisp_set_locators_find(&local->learned, &key);
	bool new = !loc;

	if (!loc) {
		loc = XCALLOC(MTYPE_LISP_SET_LOCATOR, sizeof(*loc));
		*loc = key;
		loc->rloc = lisp_rloc_get_own(&loc->addr);
		lisp_set_locators_add(&local->learned, loc);
	}
	new |= loc->down != !locator->reach || loc->priority != locator->priority ||
	       loc->weight != locator->weight || loc->mpriority != locator->mpriority ||
	       loc->mweight != locator->mweight;
	loc->priority = locator->priority;
	loc->weight = locator->weight;
	loc->mpriority = locator->mpriority;
	loc->mweight = locator->mweight;
	loc->by = *map_server;
	loc->down = !locator->reach;
	loc->stale = false;
	return new;
}

void lisp_local_eid_learn(struct lisp_local_eid *local, const struct lisp_mapping *mapping,
			  const struct ipaddr *map_server)
{
	const struct lisp_locator *locator = NULL;
	struct lisp_set_locator *loc;
	bool new = false;

	frr_each (lisp_set_locators, &local->learned, loc)
		loc->stale = ipaddr_is_same(&loc->by, map_server);
	while (mapping && (locator = lisp_mapping_locator_next(mapping, locator)))
		if (!locator_known(local, locator))
			new |= learn(local, locator, map_server);
	frr_each_safe (lisp_set_locators, &local->learned, loc) {
		if (!loc->stale)
			continue;
		set_locator_free(&local->learned, loc);
		new = true;
	}
	if (new)
		database_learned_tell();
}

unsigned int lisp_database_overlapping(const struct lisp_eid *eid, struct lisp_local_eid **out,
				       unsigned int max)
{
	struct lisp_eid_node *node = lisp_eid_table_match(locals, eid), *nxt;
	struct lisp_eid best;
	unsigned int n = 0;

	if (!node || !max)
		return 0;

	out[n++] = node->info;
	lisp_eid_node_eid(node, &best);
	LISP_EID_TABLE_INSIDE (locals, &best, node, nxt) {
		if (n == max)
			break;
		out[n++] = node->info;
	}
	return n;
}

const struct lisp_eid_table *lisp_database_table(void)
{
	return locals;
}

void lisp_database_init(void)
{
	locals = lisp_eid_table_new();
	hook_register(lisp_addresses_changed, database_addresses_changed);
	hook_register(lisp_rloc_changed, database_rloc_changed);
}

void lisp_database_finish(void)
{
	struct lisp_locator_set *set;

	hook_unregister(lisp_addresses_changed, database_addresses_changed);
	hook_unregister(lisp_rloc_changed, database_rloc_changed);
	event_cancel(&t_changed);
	event_cancel(&t_learned);
	while ((set = lisp_locator_sets_first(sets)))
		lisp_locator_set_free(&set);
	lisp_locator_sets_fini(sets);
	lisp_eid_table_free(&locals, local_eid_free);
}
