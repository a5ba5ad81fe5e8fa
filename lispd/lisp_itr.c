// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ITR: the way of a miss.
 *
 *   lisp_itr_miss()       the dataplane has no mapping; a PENDING entry is made
 *   itr_ask()             lisp_pending starts a query: the first Map-Request now,
 *                         then after 1, 2, 4, 8, 8 ... s
 *   lisp_itr_send_request()  one Map-Request: ECM to a Map-Resolver, the next one of
 *                         the list at each try, or onto the ALT
 *   itr_reply()           all records go to the map-cache, which tells the dataplane
 *   itr_timeout()         ten tries were in vain: HOLD, silent for 30 s
 *
 * A refresh (TTL nearly over, or an SMR) goes the same way with the entry in use
 * as it is. RFC 9301 sections 5.2, 5.3, 6.1 and 8.1; RFC 6836 sections 5.1.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "memory.h"
#include "monotime.h"

#include "lispd/lisp_alt.h"
#include "lispd/lisp_alt_rib.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_itr.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_space.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_MAP_RESOLVER, "LISP Map-Resolver");
DEFINE_MTYPE_STATIC(LISPD, LISP_ITR_MAPPINGS, "LISP Map-Reply mappings");

#define ITR_TRIES	 10
#define ITR_RLOCS_MAX	 16   /* that a Map-Request of 576 octets has room for */
#define ITR_INTERVAL	 1000 /* ms, at most one Map-Request a second per EID-prefix */
#define ITR_HOLD	 30   /* s, RFC 9301 section 5.3 */
#define ITR_HOLD_SHORT	 1    /* s, after an answer that left nothing to use */
#define ITR_SMR_FLOOR	 3    /* s between SMR-invoked queries of one EID-prefix */
#define ITR_MISS_RATE	 1000 /* new queries a second that packets can cause, all EIDs */
#define ITR_ALT_HOLE_TTL 1    /* minutes; RFC 9301 section 8.3's of what may yet come */
#define ITR_DIRECT_TRIES 2    /* refreshes that go to a cached RLOC before the ALT is asked */

static int map_resolver_cmp(const struct lisp_map_resolver *a, const struct lisp_map_resolver *b)
{
	if (a->iid != b->iid)
		return numcmp(a->iid, b->iid);
	return a->family != b->family ? numcmp(a->family, b->family)
				      : ipaddr_cmp(&a->addr, &b->addr);
}

DECLARE_RBTREE_UNIQ(lisp_map_resolvers, struct lisp_map_resolver, item, map_resolver_cmp);

static struct lisp_map_resolvers_head resolvers;
static bool resolvers_changed;
static time_t miss_second;
static unsigned int misses;

/* ---- Map-Resolvers ---- */

struct lisp_map_resolver *lisp_map_resolver_find(const struct lisp_service *service,
						 const struct ipaddr *addr)
{
	struct lisp_map_resolver key = {
		.iid = service->iid,
		.family = service->family,
		.addr = *addr,
	};

	return lisp_map_resolvers_find(&resolvers, &key);
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
	lisp_map_resolvers_add(&resolvers, mr);
	resolvers_changed = true;
	return mr;
}

void lisp_map_resolver_free(struct lisp_map_resolver **mr)
{
	if (*mr) {
		lisp_map_resolvers_del(&resolvers, *mr);
		resolvers_changed = true;
	}
	XFREE(MTYPE_LISP_MAP_RESOLVER, *mr);
}

struct lisp_map_resolver *lisp_map_resolver_next(const struct lisp_service *service,
						 struct lisp_map_resolver *mr)
{
	struct lisp_map_resolver key = {};

	if (mr)
		mr = lisp_map_resolvers_next(&resolvers, mr);
	else if (service) {
		key.iid = service->peers;
		key.family = service->family;
		mr = lisp_map_resolvers_find_gteq(&resolvers, &key);
	} else
		mr = lisp_map_resolvers_first(&resolvers);

	if (mr && service && (mr->iid != service->peers || mr->family != service->family))
		return NULL;
	return mr;
}

void lisp_map_resolvers_clear(void)
{
	struct lisp_map_resolver *mr;

	frr_each (lisp_map_resolvers, &resolvers, mr)
		mr->requests = mr->replies = mr->negatives = mr->timeouts = 0;
}

/* The one whose turn it is at this try; NULL: none is configured. */
static struct lisp_map_resolver *map_resolver_turn(const struct lisp_eid *eid, unsigned int attempt)
{
	const struct lisp_service *service = lisp_service_of(eid);
	struct lisp_map_resolver *mr = NULL;
	unsigned int n = 0;

	while ((mr = lisp_map_resolver_next(service, mr)))
		n++;
	if (!n)
		return NULL;

	mr = lisp_map_resolver_next(service, NULL);
	for (unsigned int turn = attempt % n; turn; turn--)
		mr = lisp_map_resolver_next(service, mr);
	return mr;
}

static bool has_map_resolver(const struct lisp_eid *eid)
{
	return lisp_map_resolver_next(lisp_service_of(eid), NULL) != NULL;
}

static bool itr_uses_alt(const struct lisp_eid *eid)
{
	enum lisp_family family = lisp_af_family(eid->prefix.family);

	if (!lisp_alt_up(family))
		return false;
	return !has_map_resolver(eid) || lisp_alt_reaches(eid);
}

/* ---- one Map-Request ---- */

struct itr_rlocs {
	unsigned int n;
	struct ipaddr addr[ITR_RLOCS_MAX];
};

static void itr_rloc_add(struct itr_rlocs *rlocs, const struct ipaddr *addr)
{
	unsigned int i = rlocs->n;

	if (i == array_size(rlocs->addr))
		return;
	for (; i && ipaddr_cmp(&rlocs->addr[i - 1], addr) > 0; i--)
		rlocs->addr[i] = rlocs->addr[i - 1];
	rlocs->addr[i] = *addr;
	rlocs->n++;
}

/* An own address that hosts of the site could have is no RLOC. */
static void itr_rloc_add_any(struct itr_rlocs *rlocs, int af)
{
	struct lisp_eid eid;
	struct ipaddr addr;

	if (!lisp_rloc_own(af, &addr))
		return;
	lisp_eid_host(&eid, 0, &addr);
	if (!lisp_database_match(&eid))
		itr_rloc_add(rlocs, &addr);
}

/* Own locators that are up, IPv4 first; an ITR without a locator-set takes what it has. */
static void itr_rlocs_get(struct itr_rlocs *rlocs)
{
	struct lisp_rloc *rloc = NULL;

	rlocs->n = 0;
	while ((rloc = lisp_rloc_own_next(rloc)))
		if (lisp_rloc_up(rloc))
			itr_rloc_add(rlocs, &rloc->addr);
	if (rlocs->n)
		return;

	itr_rloc_add_any(rlocs, AF_INET);
	itr_rloc_add_any(rlocs, AF_INET6);
}

static bool itr_rlocs_first(const struct itr_rlocs *rlocs, int af, struct ipaddr *addr)
{
	for (unsigned int i = 0; i < rlocs->n; i++) {
		if (ipaddr_family(&rlocs->addr[i]) != af)
			continue;
		*addr = rlocs->addr[i];
		return true;
	}
	return false;
}

/*
 * RFC 9301 section 5.8: the inner source is the Source EID or an ITR-RLOC, of the
 * EID's family. Without any of these: an EID of ours, or, as others do, the EID itself.
 */
static void itr_inner_source(const struct lisp_itr_request *request, const struct itr_rlocs *rlocs,
			     struct ipaddr *addr)
{
	int af = request->eid.prefix.family;
	const struct lisp_local_eid *local = NULL;

	if (request->source && ipaddr_family(request->source) == af) {
		*addr = *request->source;
		return;
	}
	if (itr_rlocs_first(rlocs, af, addr))
		return;

	while ((local = lisp_database_next((struct lisp_local_eid *)local))) {
		if (local->eid.prefix.family != af)
			continue;
		lisp_eid_ipaddr(&local->eid, addr);
		return;
	}
	lisp_eid_ipaddr(&request->eid, addr);
}

static void itr_build(struct lisp_writer *w, const struct lisp_itr_request *request,
		      const struct itr_rlocs *rlocs, uint64_t nonce)
{
	struct lisp_header h = { .type = LISP_MAP_REQUEST, .nonce = nonce };
	struct lisp_request record = { .mask_len = request->eid.prefix.prefixlen };
	struct lisp_addr addr;

	if (request->smr_invoked)
		SET_FLAG(h.flags, LISP_MREQ_F_SMR_INVOKED);
	if (request->source && !IS_IPADDR_NONE(request->source))
		lisp_rloc_to_addr(request->source, &h.source_eid);

	lisp_put_header(w, &h);
	for (unsigned int i = 0; i < rlocs->n; i++) {
		lisp_rloc_to_addr(&rlocs->addr[i], &addr);
		lisp_put_itr_rloc(w, &addr);
	}
	lisp_eid_to_addr(&request->eid, &record.eid);
	lisp_put_request(w, &record);
}

static int itr_send_ecm(const struct lisp_itr_request *request, const struct itr_rlocs *rlocs,
			const struct ipaddr *to, const struct lisp_writer *inner)
{
	uint8_t buf[LISP_MSG_MAX];
	struct ipaddr src, dst;
	struct lisp_writer w;

	itr_inner_source(request, rlocs, &src);
	lisp_eid_ipaddr(&request->eid, &dst);
	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_ecm_encode(&w, 0, &src, &dst, LISP_CONTROL_PORT, LISP_CONTROL_PORT, inner->buf,
			inner->len);
	if (w.overflow)
		return -1;
	return lisp_io_send(NULL, to, LISP_CONTROL_PORT, buf, w.len);
}

unsigned int lisp_itr_put_rlocs(struct lisp_writer *w)
{
	struct itr_rlocs rlocs;
	struct lisp_addr addr;

	itr_rlocs_get(&rlocs);
	for (unsigned int i = 0; i < rlocs.n; i++) {
		lisp_rloc_to_addr(&rlocs.addr[i], &addr);
		lisp_put_itr_rloc(w, &addr);
	}
	return rlocs.n;
}

int lisp_itr_send_request(const struct lisp_itr_request *request, uint64_t nonce,
			  struct ipaddr *sent)
{
	const struct ipaddr *to = request->to;
	const struct lisp_map_resolver *mr;
	struct ipaddr source = {};
	struct itr_rlocs rlocs;
	struct lisp_writer w;
	uint8_t buf[1024];

	memset(sent, 0, sizeof(*sent));
	itr_rlocs_get(&rlocs);
	if (!rlocs.n) {
		lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_UNREACHABLE);
		return -1;
	}

	lisp_writer_init(&w, buf, sizeof(buf));
	itr_build(&w, request, &rlocs, nonce);
	if (w.overflow)
		return -1;

	if (to && IS_IPADDR_NONE(to))
		to = NULL;
	if (!to && itr_uses_alt(&request->eid)) {
		LISP_DBG(itr, "Map-Request for %pFX onto the ALT", &request->eid.prefix);
		itr_rlocs_first(&rlocs, request->eid.prefix.family, &source);
		return lisp_alt_send(&request->eid, &source, LISP_CONTROL_PORT, buf, w.len);
	}
	if (!to) {
		mr = map_resolver_turn(&request->eid, request->attempt);
		if (!mr) {
			lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_UNREACHABLE);
			return -1;
		}
		to = &mr->addr;
	}

	LISP_DBG(itr, "Map-Request for %pFX to Map-Resolver %pIA", &request->eid.prefix, to);
	*sent = *to;
	return itr_send_ecm(request, &rlocs, to, &w);
}

/*
 * RFC 6836 section 5.1: a mapping in use is refreshed from one of its RLOCs, not
 * over the ALT.
 */
static int itr_send_direct(const struct lisp_entry *entry, uint64_t nonce)
{
	struct lisp_itr_request request = { .eid = entry->mapping.eid };
	struct itr_rlocs rlocs;
	struct lisp_writer w;
	uint8_t buf[1024];

	itr_rlocs_get(&rlocs);
	lisp_writer_init(&w, buf, sizeof(buf));
	itr_build(&w, &request, &rlocs, nonce);
	for (unsigned int i = 0; i < entry->mapping.n_locators; i++)
		if (entry->rlocs[i] && lisp_rloc_up(entry->rlocs[i]) && !w.overflow && rlocs.n)
			return lisp_io_send(NULL, &entry->rlocs[i]->addr, LISP_CONTROL_PORT, buf,
					    w.len);
	return -1;
}

/* ---- queries ---- */

static int itr_send(struct lisp_pending *p, uint64_t nonce)
{
	const struct lisp_entry *entry = lisp_pending_arg(p);
	unsigned int attempt = lisp_pending_tries(p) - 1;
	enum lisp_family family = lisp_af_family(entry->mapping.eid.prefix.family);
	struct lisp_itr_request request = {
		.eid = entry->mapping.eid,
		.source = &entry->asker,
		.smr_invoked = entry->smr_invoked,
		.attempt = attempt,
	};
	struct lisp_map_resolver *mr;
	struct ipaddr sent;
	int ret;

	if (entry->refreshing && !entry->smr_invoked && attempt < ITR_DIRECT_TRIES &&
	    itr_uses_alt(&request.eid) && itr_send_direct(entry, nonce) == 0)
		return 0;

	ret = lisp_itr_send_request(&request, nonce, &sent);
	mr = map_resolver_turn(&request.eid, attempt);
	if (mr && ipaddr_is_same(&mr->addr, &sent))
		mr->requests++;
	return ret;
}

/* The query is over, whatever its end. */
static void itr_query_done(struct lisp_entry *entry)
{
	entry->pending = NULL;
	entry->smr_invoked = false;
	entry->recalled = false;
}

static void itr_account_reply(const struct lisp_pending *p, const struct lisp_mapping *mappings,
			      unsigned int n)
{
	const struct lisp_eid *eid = lisp_pending_eid(p);
	struct lisp_map_resolver *mr;

	mr = itr_uses_alt(eid) ? NULL : map_resolver_turn(eid, lisp_pending_tries(p) - 1);
	if (!mr)
		return;

	mr->last_reply = monotime(NULL);
	if (n && !mappings[0].n_locators)
		mr->negatives++;
	else
		mr->replies++;
}

static void itr_reply(struct lisp_pending *p, const struct lisp_rx *rx, const struct lisp_msg *msg,
		      uint32_t rtt_us)
{
	struct lisp_entry *entry = lisp_pending_arg(p);
	struct lisp_eid asked = *lisp_pending_eid(p);
	struct lisp_cursor c = lisp_msg_records(msg);
	struct lisp_mapping *mappings;
	struct lisp_record rec;
	unsigned int n = 0;
	enum lisp_drop drop;

	LISP_DBG(itr, "Map-Reply for %pFX from %pIA after %u us, %u records", &asked.prefix,
		 &rx->src, rtt_us, msg->record_count);
	itr_query_done(entry);
	entry->refreshing = false;

	mappings = XCALLOC(MTYPE_LISP_ITR_MAPPINGS, msg->record_count * sizeof(*mappings));
	while (n < msg->record_count && lisp_record_next(&c, &rec)) {
		drop = lisp_mapping_from_record(&rec, &mappings[n], NULL);
		if (drop == LISP_OK && !lisp_eid_is_ip(&mappings[n].eid)) {
			lisp_mapping_fini(&mappings[n]);
			drop = LISP_DROP_EID_KIND;
		}
		if (drop == LISP_OK)
			n++;
		else
			lisp_stats_drop(LISP_MAP_REPLY, drop);
	}
	itr_account_reply(p, mappings, n);

	/* from here on the entry may be gone */
	drop = lisp_map_cache_install(&asked, mappings, n, &rx->src);
	if (drop != LISP_OK)
		lisp_stats_drop(LISP_MAP_REPLY, drop);

	/* Nothing to use came of it: do not ask at once again. */
	entry = lisp_map_cache_find(&asked);
	if (drop == LISP_OK || !entry || entry->state != LISP_ENTRY_PENDING)
		entry = lisp_map_cache_match(&asked) ? NULL : lisp_map_cache_pending(&asked);
	if (entry)
		lisp_map_cache_hold(entry, ITR_HOLD_SHORT);

	for (unsigned int i = 0; i < n; i++)
		lisp_mapping_fini(&mappings[i]);
	XFREE(MTYPE_LISP_ITR_MAPPINGS, mappings);
}

static void itr_timeout(struct lisp_pending *p)
{
	struct lisp_entry *entry = lisp_pending_arg(p);
	struct lisp_map_resolver *mr;
	bool recalled = entry->recalled;

	LISP_DBG(itr, "no answer for %pFX after %u Map-Requests", &entry->mapping.eid.prefix,
		 lisp_pending_tries(p));
	mr = map_resolver_turn(&entry->mapping.eid, lisp_pending_tries(p) - 1);
	if (mr && !itr_uses_alt(&entry->mapping.eid))
		mr->timeouts++;

	itr_query_done(entry);
	if (entry->refreshing)
		entry->refreshing = false;
	else if (recalled)
		lisp_map_cache_del(&entry);
	else
		lisp_map_cache_hold(entry, ITR_HOLD);
}

static const struct lisp_pending_ops itr_ops = {
	.reply = itr_reply,
	.timeout = itr_timeout,
	.send = itr_send,
};

static const struct lisp_pending_timing itr_timing = {
	.tries = ITR_TRIES,
	.interval_ms = ITR_INTERVAL,
	.back_off = true,
};

static void itr_ask(struct lisp_entry *entry)
{
	entry->asked = monotime(NULL);
	entry->pending = lisp_pending_start(&entry->mapping.eid, &itr_ops, &itr_timing, entry);
	if (entry->pending)
		return;

	lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_TABLE_FULL);
	itr_query_done(entry);
	if (entry->refreshing)
		entry->refreshing = false;
	else
		lisp_map_cache_hold(entry, ITR_HOLD_SHORT);
}

/* RFC 7835 section 5: what packets can cause is bounded. */
static bool itr_miss_allowed(void)
{
	time_t now = monotime(NULL);

	if (now != miss_second) {
		miss_second = now;
		misses = 0;
	}
	return ++misses <= ITR_MISS_RATE;
}

/* What no mapping system knows; link-local addresses leave no link. */
static bool itr_resolvable(const struct lisp_eid *eid)
{
	struct ipaddr addr;

	lisp_eid_ipaddr(eid, &addr);
	if (!lisp_rloc_valid(&addr) || lisp_database_match(eid))
		return false;
	return IS_IPADDR_V4(&addr) ? !IPV4_LINKLOCAL(ntohl(addr.ipaddr_v4.s_addr))
				   : !IN6_IS_ADDR_LINKLOCAL(&addr.ipaddr_v6);
}

static bool itr_enabled(const struct lisp_eid *eid)
{
	return lisp.enabled && lisp_instance_find(eid->iid) && lisp_service_of(eid)->itr;
}

/*
 * RFC 6836 section 4.2: an ITR on the ALT sees itself what is not there, and with
 * no Map-Resolver there is nobody else to say so.
 */
static bool itr_alt_hole(const struct lisp_eid *eid)
{
	struct lisp_mapping hole = {
		.ttl = ITR_ALT_HOLE_TTL,
		.action = LISP_ACT_NATIVELY_FORWARD,
	};
	struct ipaddr self = {};

	if (has_map_resolver(eid) || lisp_alt_reaches(eid) ||
	    lisp_alt_knowledge(eid) < LISP_ALT_FILLING)
		return false;

	return lisp_space_hole(eid, NULL, &hole.eid) &&
	       lisp_map_cache_install(eid, &hole, 1, &self) == LISP_OK;
}

void lisp_itr_miss(const struct lisp_eid *eid, const struct ipaddr *source)
{
	struct lisp_entry *entry;

	if (!itr_enabled(eid) || !itr_resolvable(eid))
		return;

	entry = lisp_map_cache_match(eid);
	if (entry && (entry->state != LISP_ENTRY_NEGATIVE || entry->pending ||
		      entry->mapping.action != LISP_ACT_SEND_MAP_REQUEST))
		return;

	lisp_stats_event(LISP_EV_MISSES);
	if (!itr_miss_allowed()) {
		lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_RATE_LIMITED);
		return;
	}

	if (itr_alt_hole(eid))
		return;

	entry = lisp_map_cache_pending(eid);
	if (!entry || (entry->asked && monotime(NULL) - entry->asked < 1))
		return;

	LISP_DBG(itr, "miss for %pFX from %pIA", &eid->prefix, source);
	entry->refreshing = entry->state != LISP_ENTRY_PENDING;
	entry->asker = *source;
	itr_ask(entry);
}

void lisp_itr_refresh(const struct lisp_eid *eid, bool smr_invoked)
{
	struct lisp_entry *entry = lisp_map_cache_find(eid);

	if (!entry || !itr_enabled(eid) || entry->pending || entry->source == LISP_SOURCE_STATIC ||
	    (entry->state != LISP_ENTRY_ACTIVE && entry->state != LISP_ENTRY_NEGATIVE))
		return;
	if (entry->asked && monotime(NULL) - entry->asked < (smr_invoked ? ITR_SMR_FLOOR : 1)) {
		lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_RATE_LIMITED);
		return;
	}

	/* RFC 9301 section 5.2: no Source-EID in a refresh */
	memset(&entry->asker, 0, sizeof(entry->asker));
	entry->refreshing = true;
	entry->smr_invoked = smr_invoked;
	itr_ask(entry);
}

bool lisp_itr_recall(const struct lisp_eid *eid)
{
	struct lisp_entry *entry;

	if (!itr_enabled(eid) || lisp_database_match(eid) || lisp_map_cache_find(eid))
		return false;
	entry = lisp_map_cache_pending(eid);
	if (!entry)
		return false;

	entry->recalled = true;
	itr_ask(entry);
	return true;
}

unsigned int lisp_itr_recalls(void)
{
	struct lisp_entry *entry = NULL;
	unsigned int n = 0;

	while ((entry = lisp_map_cache_next(entry)))
		n += entry->recalled;
	return n;
}

static int itr_entry_expiring(struct lisp_entry *entry)
{
	lisp_itr_refresh(&entry->mapping.eid, false);
	return 0;
}

/* New Map-Resolvers may know what the old ones did not answer. */
void lisp_itr_config_changed(void)
{
	struct lisp_entry *entry = NULL, *next;

	if (!resolvers_changed)
		return;
	resolvers_changed = false;

	for (entry = lisp_map_cache_next(NULL); entry; entry = next) {
		next = lisp_map_cache_next(entry);
		if (entry->state == LISP_ENTRY_HOLD)
			lisp_map_cache_del(&entry);
	}
}

void lisp_itr_init(void)
{
	lisp_map_resolvers_init(&resolvers);
	hook_register(lisp_entry_expiring, itr_entry_expiring);
}

void lisp_itr_finish(void)
{
	struct lisp_map_resolver *mr;

	hook_unregister(lisp_entry_expiring, itr_entry_expiring);
	while ((mr = lisp_map_resolvers_first(&resolvers)))
		lisp_map_resolver_free(&mr);
	lisp_map_resolvers_fini(&resolvers);
}
