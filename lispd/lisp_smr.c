// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Solicit-Map-Request both ways (RFC 9301 section 6.1).
 *
 * Out: when a local mapping differs from what it was, every RLOC that may hold it
 * is told (lisp_solicit.c): those that our own Map-Replies went to while the TTL we gave them
 * lasts; and those of map-cache entries in use and those that sent us packets in the last minute,
 * but not of what they never asked for, if they ask us, and nobody else can have told them, nor
 * we before our start.
 *
 * RLOCs that strangers name push no known one out.
 *
 * In: the EID-prefix meant is the record, but the Source-EID if the record is ours, or
 * not cached, as where the peer has a wider prefix of us. If it, or some of it, is cached it is
 * asked for again through the mapping system, while the old mappings stay in use.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "frrevent.h"
#include "memory.h"
#include "monotime.h"

#include "lispd/lisp_answer.h"
#include "lispd/lisp_bucket.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_dplane.h"
#include "lispd/lisp_eid_table.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_smr.h"
#include "lispd/lisp_solicit.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_SMR_HOLDER, "LISP holder of our mapping");
DEFINE_MTYPE_STATIC(LISPD, LISP_SMR_TOLD, "LISP mapping as last told");

PREDECL_RBTREE_UNIQ(smr_holders);
PREDECL_DLIST(smr_holders_age);

/* A peer that was given one of our mappings. */
struct smr_holder {
	struct smr_holders_item item;
	struct smr_holders_age_item age;
	struct lisp_eid eid;
	struct ipaddr rloc;
	time_t asked, until; /* monotonic seconds */
};

/* A local mapping as peers have it. */
struct smr_told {
	struct lisp_mapping *mapping;
	bool before; /* our start: it may have been told then */
};

static int holder_cmp(const struct smr_holder *a, const struct smr_holder *b)
{
	int ret = ipaddr_cmp(&a->rloc, &b->rloc);

	return ret ? ret : lisp_eid_cmp(&a->eid, &b->eid);
}

DECLARE_RBTREE_UNIQ(smr_holders, struct smr_holder, item, holder_cmp);
DECLARE_DLIST(smr_holders_age, struct smr_holder, age);

static struct smr_holders_head holders[1] = { INIT_RBTREE_UNIQ(holders[0]) };
static struct smr_holders_age_head holders_age[1] = { INIT_DLIST(holders_age[0]) };
static time_t holders_lost;		/* monotonic seconds: until then one may have a mapping */
static time_t started;			/* monotonic seconds */
static struct lisp_eid_table *snapshot; /* info: struct smr_told */

/*
 * Prefixes that changed, whose peers are still to be found; and those that it is done for. info:
 * to_holders, or to_all, as others than the holders that we know may have it.
 */
static struct lisp_eid_table *changed, *telling;
static char to_holders[1], to_all[1];
static struct lisp_eid tell_at; /* how far in the map-cache that is */
static bool tell_asked;		/* the dataplane, for senders */
static struct event *t_tell;

/* ---- holders ---- */

static void holder_free(struct smr_holder *h)
{
	if (h->until > monotime(NULL))
		holders_lost = MAX(holders_lost, h->until);
	smr_holders_del(holders, h);
	smr_holders_age_del(holders_age, h);
	XFREE(MTYPE_LISP_SMR_HOLDER, h);
}

/*
 * The oldest one whose TTL is over or that is no locator of a mapping of ours; any other goes
 * to the end. NULL: those that were looked at are all known.
 */
static struct smr_holder *holder_dispensable(void)
{
	time_t now = monotime(NULL);

	for (unsigned int i = 0; i < LISP_SMR_CANDIDATES; i++) {
		struct smr_holder *h = smr_holders_age_first(holders_age);

		if (h->until <= now || !lisp_rloc_find(&h->rloc))
			return h;
		smr_holders_age_del(holders_age, h);
		smr_holders_age_add_tail(holders_age, h);
	}
	return NULL;
}

static bool holder_of_any(const struct ipaddr *rloc)
{
	const struct smr_holder key = { .rloc = *rloc, .eid = lisp_eid_all(0, AF_INET) };
	const struct smr_holder *h = smr_holders_find_gteq(holders, &key);

	return h && ipaddr_is_same(&h->rloc, rloc);
}

/* Seconds that a peer may have what it is told. */
static time_t told_for(const struct lisp_eid *eid)
{
	uint32_t ttl = lisp_service_of(eid)->etr_ttl;

	return (time_t)(ttl ? ttl : LISP_RECORD_TTL_DEFAULT) * 60;
}

static void holder_add(const struct lisp_eid *eid, const struct ipaddr *rloc)
{
	struct smr_holder key = { .eid = *eid, .rloc = *rloc }, *h;
	time_t now = monotime(NULL);

	h = smr_holders_find(holders, &key);
	if (h) {
		smr_holders_age_del(holders_age, h);
	} else {
		if (smr_holders_count(holders) >= LISP_SMR_HOLDERS_MAX) {
			h = holder_dispensable();
			if (!h) {
				holders_lost = MAX(holders_lost, now + told_for(eid));
				return;
			}
			holder_free(h);
		}
		h = XCALLOC(MTYPE_LISP_SMR_HOLDER, sizeof(*h));
		h->eid = *eid;
		h->rloc = *rloc;
		smr_holders_add(holders, h);
	}
	smr_holders_age_add_tail(holders_age, h);
	h->asked = now;
	h->until = now + told_for(eid);
}

/* ---- who hears of a change ---- */

/*
 * Not what it never asked for, if it asks us at all and nobody else. A holder is told already, and
 * hears it by its own prefix if that is known.
 */
static void smr_tell_one(const struct lisp_eid_node *node, const struct ipaddr *rloc,
			 const struct lisp_eid *record)
{
	struct lisp_eid eid;

	lisp_eid_node_eid(node, &eid);
	if (node->info == to_all || !holder_of_any(rloc) || lisp_solicits(&eid, rloc))
		lisp_solicit(&eid, rloc, record, 0);
}

/* Those whose mappings are in use: of them the peer's prefix is known. */
static void smr_tell_entry(const struct lisp_entry *entry)
{
	const struct lisp_eid *peer = &entry->mapping.eid;
	struct lisp_eid_node *node, *nxt;
	struct lisp_eid eid;

	if (entry->state != LISP_ENTRY_ACTIVE || !lisp_entry_in_use(entry))
		return;
	LISP_EID_TABLE_EACH (telling, node, nxt) {
		lisp_eid_node_eid(node, &eid);
		if (peer->iid != eid.iid || peer->prefix.family != eid.prefix.family)
			continue;
		for (unsigned int i = 0; i < entry->mapping.n_locators; i++)
			if (entry->rlocs[i])
				smr_tell_one(node, &entry->rlocs[i]->addr, peer);
	}
}

/* Who was told a prefix was told what is in it too (RFC 9301 section 5.5). */
static void smr_tell_holders(void)
{
	struct lisp_eid_node *node, *nxt;
	struct smr_holder *h, *next;
	time_t now = monotime(NULL);
	struct lisp_eid eid;

	for (h = smr_holders_age_first(holders_age); h; h = next) {
		next = smr_holders_age_next(holders_age, h);
		if (h->until <= now) {
			holder_free(h);
			continue;
		}
		if (lisp_eid_table_find(telling, &h->eid))
			lisp_solicit(&h->eid, &h->rloc, NULL, h->asked);
		LISP_EID_TABLE_INSIDE (telling, &h->eid, node, nxt) {
			lisp_eid_node_eid(node, &eid);
			lisp_solicit(&eid, &h->rloc, NULL, h->asked);
		}
	}
}

static void smr_tell_end(void);

/* Who was told, then entries in portions, then who sends to us. */
static void smr_tell(struct event *event)
{
	struct lisp_entry *entry = NULL;
	unsigned int looked = 0;

	if (!tell_at.prefix.family)
		smr_tell_holders();
	while (looked < LISP_SMR_PORTION) {
		entry = tell_at.prefix.family ? lisp_map_cache_after(&tell_at)
					      : lisp_map_cache_next(NULL);
		if (!entry)
			break;
		tell_at = entry->mapping.eid;
		smr_tell_entry(entry);
		looked += lisp_eid_table_count(telling);
	}
	if (entry) {
		event_add_timer_msec(lisp.master, smr_tell, NULL, 1, &t_tell);
		return;
	}
	tell_asked = lisp_dplane_senders_ask();
	if (!tell_asked)
		smr_tell_end();
}

static void smr_tell_begin(void)
{
	if (telling || !lisp_eid_table_count(changed))
		return;
	telling = changed;
	changed = lisp_eid_table_new();
	memset(&tell_at, 0, sizeof(tell_at));
	event_add_event(lisp.master, smr_tell, NULL, 0, &t_tell);
}

static void smr_tell_end(void)
{
	tell_asked = false;
	lisp_eid_table_free(&telling, NULL);
	smr_tell_begin();
}

void lisp_smr_senders(const struct lisp_dplane_sender *senders, size_t n)
{
	struct lisp_eid_node *node, *nxt;
	struct lisp_eid eid;

	if (!tell_asked)
		return;
	for (size_t i = 0; i < n; i++) {
		if (!lisp_rloc_valid(&senders[i].rloc))
			continue;
		LISP_EID_TABLE_EACH (telling, node, nxt) {
			lisp_eid_node_eid(node, &eid);
			if (eid.iid == senders[i].iid &&
			    lisp_af_family(eid.prefix.family) == senders[i].family)
				smr_tell_one(node, &senders[i].rloc, NULL);
		}
	}
	smr_tell_end();
}

/* May a peer have it that was not told by us, as far as we know? */
static bool told_by_others(const struct lisp_eid *eid, const struct smr_told *told)
{
	const struct lisp_service *service = lisp_service_of(eid);
	time_t now = monotime(NULL);
	struct lisp_map_server *ms = NULL;

	while ((ms = lisp_map_server_next(service, ms)))
		if (ms->proxy_reply)
			return true;
	for (unsigned int i = 0; i < told->mapping->n_locators; i++)
		if (!told->mapping->locators[i].local)
			return true;
	return holders_lost > now || (told->before && now - started < told_for(eid));
}

static void smr_eid_changed(const struct lisp_eid *eid, const struct smr_told *told)
{
	struct lisp_eid_node *node = lisp_eid_table_get(changed, eid);

	if (node->info != to_all)
		node->info = told_by_others(eid, told) ? to_all : to_holders;
}

/* The one that peers have who have none of the prefix itself. */
static const struct smr_told *told_around(const struct lisp_eid_node *node)
{
	node = lisp_eid_node_covering(node);
	return node ? node->info : NULL;
}

static void told_free(void *arg)
{
	struct smr_told *told = arg;

	if (told)
		lisp_mapping_free(&told->mapping);
	XFREE(MTYPE_LISP_SMR_TOLD, told);
}

/*
 * Remembers how the prefix is now; was it different? A new one was, if peers have one
 * around it.
 */
static void snapshot_update(const struct lisp_local_eid *local)
{
	struct lisp_eid_node *node = lisp_eid_table_get(snapshot, &local->eid);
	const struct smr_told *around;
	struct smr_told *told = node->info;
	struct lisp_mapping now;

	lisp_database_mapping(local, &now);
	if (!told) {
		around = told_around(node);
		if (around)
			smr_eid_changed(&local->eid, around);
		node->info = told = XCALLOC(MTYPE_LISP_SMR_TOLD, sizeof(*told));
		told->before = monotime(NULL) - started < LISP_SMR_BEFORE;
		told->mapping = lisp_mapping_dup(&now);
	} else if (!lisp_mapping_same_locators(told->mapping, &now)) {
		smr_eid_changed(&local->eid, told);
		lisp_mapping_free(&told->mapping);
		told->mapping = lisp_mapping_dup(&now);
	}
	lisp_mapping_fini(&now);
}

/* Without `router lisp` there is nothing to tell, and no socket to do it. */
static void smr_forget_all(void)
{
	struct smr_holder *h;

	lisp_solicit_clear();
	while ((h = smr_holders_age_first(holders_age)))
		holder_free(h);
	holders_lost = 0;
	started = monotime(NULL);
	event_cancel(&t_tell);
	tell_asked = false;
	lisp_eid_table_free(&telling, NULL);
	lisp_eid_table_free(&changed, NULL);
	lisp_eid_table_free(&snapshot, told_free);
}

static void smr_new_tables(void)
{
	snapshot = lisp_eid_table_new();
	changed = lisp_eid_table_new();
}

static int smr_database_changed(void)
{
	struct lisp_local_eid *local = NULL;
	struct lisp_eid_node *node, *nxt;
	struct lisp_eid eid;

	if (!lisp.enabled) {
		smr_forget_all();
		smr_new_tables();
		return 0;
	}

	LISP_EID_TABLE_EACH (snapshot, node, nxt) {
		lisp_eid_node_eid(node, &eid);
		if (lisp_database_find(&eid))
			continue;
		smr_eid_changed(&eid, node->info);
		told_free(node->info);
		lisp_eid_table_del(snapshot, node);
	}

	while ((local = lisp_database_next(local)))
		snapshot_update(local);
	smr_tell_begin();
	return 0;
}

/* It comes from an ITR-RLOC that it names, or from the mapping system. */
static bool smr_asker_plausible(const struct lisp_rx *rx, const struct lisp_msg *msg)
{
	struct lisp_cursor c = lisp_msg_itr_rlocs(msg);
	struct lisp_map_server *ms = NULL;
	struct lisp_addr addr;
	struct ipaddr rloc;

	if (rx->alt)
		return true;
	while (rx->ecm && (ms = lisp_map_server_next(NULL, ms)))
		if (ipaddr_is_same(&ms->addr, &rx->src))
			return true;
	while (!rx->ecm && lisp_itr_rloc_next(&c, &addr))
		if (lisp_addr_to_rloc(&addr, &rloc) && ipaddr_is_same(&rloc, &rx->src))
			return true;
	return false;
}

/*
 * That RLOC and the other ITR-RLOCs of the request have asked and are not solicited
 * further; but who asks for another cannot keep the first SMR from him. And the RLOC holds
 * our mapping from now on.
 */
static int smr_answered(const struct lisp_eid *eid, const struct lisp_rx *rx,
			const struct lisp_msg *msg, const struct ipaddr *rloc)
{
	struct lisp_cursor c = lisp_msg_itr_rlocs(msg);
	bool plausible = smr_asker_plausible(rx, msg);
	struct lisp_addr addr;
	struct ipaddr peer;

	while (plausible && lisp_itr_rloc_next(&c, &addr)) {
		if (lisp_addr_to_rloc(&addr, &peer))
			lisp_solicit_answered(eid, &peer);
	}
	holder_add(eid, rloc);
	return 0;
}

/* ---- in ---- */

static struct lisp_entry *smr_cached(const struct lisp_eid *eid)
{
	struct lisp_entry *entry = lisp_map_cache_match(eid);

	if (!entry || entry->source == LISP_SOURCE_STATIC ||
	    (entry->state != LISP_ENTRY_ACTIVE && entry->state != LISP_ENTRY_NEGATIVE))
		return NULL;
	return entry;
}

/* False: the sender has looked at too much, or all together, as anybody can forge senders. */
static bool smr_may_look(const struct ipaddr *from)
{
	static struct lisp_buckets each = { .rate = LISP_SMR_IN_RATE, .burst = LISP_SMR_IN_RATE };
	static struct lisp_bucket all;

	if (lisp_buckets_take(&each, from) &&
	    lisp_bucket_take(&all, LISP_SMR_IN_ALL_RATE, LISP_SMR_IN_ALL_BURST))
		return true;
	lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_RATE_LIMITED);
	return false;
}

/* What is cached in the prefix, or of that what is negative. False: nothing. */
static bool smr_inside(const struct lisp_eid *eid, bool negative_only, const struct ipaddr *from)
{
	struct lisp_entry *entry;
	struct lisp_eid at = *eid;
	bool found = false;

	while ((entry = lisp_map_cache_after(&at)) && lisp_eid_covers(eid, &entry->mapping.eid) &&
	       smr_may_look(from)) {
		at = entry->mapping.eid;
		entry = smr_cached(&at);
		if (!entry || (negative_only && entry->state != LISP_ENTRY_NEGATIVE))
			continue;
		found = true;
		lisp_map_cache_refresh(&at, true);
	}
	return found;
}

/*
 * The prefix, if there is an entry of it or around it, else all that there is in it. It may be
 * new where none was, also in parts. False: nothing is cached.
 */
static bool smr_prefix(const struct lisp_eid *eid, const struct ipaddr *from)
{
	const struct lisp_entry *asked = lisp_map_cache_find(eid);
	const struct lisp_entry *entry = smr_cached(eid);
	bool changed;

	if (asked && asked->smr_invoked && asked->state == LISP_ENTRY_PENDING)
		return true;
	if (!entry)
		return smr_inside(eid, false, from);
	changed = entry == asked && entry->state == LISP_ENTRY_ACTIVE;
	if (smr_may_look(from))
		lisp_map_cache_refresh(eid, true);
	if (!changed)
		smr_inside(eid, true, from);
	return true;
}

/* It has no length: if an RLOC of what is cached around it sends it, that is what changed. */
static bool smr_source(const struct lisp_eid *source, const struct ipaddr *from)
{
	const struct lisp_entry *entry = smr_cached(source);
	struct lisp_eid eid = *source;

	if (entry && lisp_mapping_find(&entry->mapping, from))
		eid = entry->mapping.eid;
	return smr_prefix(&eid, from);
}

static bool smr_take(const struct lisp_rx *rx, const struct lisp_msg *msg,
		     const struct lisp_eid *record)
{
	struct lisp_eid source;

	if (!lisp_database_match(record) && smr_prefix(record, &rx->src))
		return true;
	return lisp_addr_to_eid(&msg->h.source_eid, lisp_family_bits(record->prefix.family),
				&source) == LISP_OK &&
	       smr_source(&source, &rx->src);
}

enum lisp_drop lisp_smr_rx(const struct lisp_rx *rx, const struct lisp_msg *msg)
{
	struct lisp_cursor c = lisp_msg_requests(msg);
	enum lisp_drop drop = LISP_DROP_NOT_SUPPORTED;
	struct lisp_request request;
	struct lisp_eid record;

	lisp_stats_event(LISP_EV_SMR_IN);
	if (!lisp_is_itr())
		return LISP_DROP_NOT_ENABLED;
	/* SMRs go from xTR to xTR, in the clear */
	if (rx->ecm || rx->alt)
		return LISP_DROP_NOT_SUPPORTED;

	/* RFC 9301 section 5.2: senders put one, receivers take several */
	while (lisp_request_next(&c, &request)) {
		if (lisp_addr_to_eid(&request.eid, request.mask_len, &record) != LISP_OK)
			continue;
		LISP_DBG_EID(itr, &record, "SMR from %pIA", &rx->src);
		if (smr_take(rx, msg, &record))
			drop = LISP_OK;
		else if (drop != LISP_OK)
			drop = LISP_DROP_SMR_NOT_CACHED;
	}
	return drop;
}

void lisp_smr_init(void)
{
	started = monotime(NULL);
	smr_new_tables();
	/* after the registration, which the answers to our SMRs come from */
	hook_register_prio(lisp_database_changed, 2000, smr_database_changed);
	hook_register(lisp_database_learned, smr_database_changed);
	hook_register(lisp_answered, smr_answered);
}

void lisp_smr_finish(void)
{
	hook_unregister(lisp_database_changed, smr_database_changed);
	hook_unregister(lisp_database_learned, smr_database_changed);
	hook_unregister(lisp_answered, smr_answered);
	smr_forget_all();
	lisp_solicit_finish();
	smr_holders_fini(holders);
	smr_holders_age_fini(holders_age);
}
