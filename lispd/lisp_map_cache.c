// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The map-cache: one table of EID-prefixes for all instance-ids and families.
 *
 * Every entry that can end is in the heap of its instance and family, ordered by the second at which
 * to look at it next, and one timer waits for the first: a million TTLs are one event.
 * An entry is looked at twice: at 90 % of its TTL or 2 s before its end, to ask again
 * if it is in use, and at its end. Static entries never end and lose nothing to
 * Map-Replies, but for `map-request`: a reply for that very prefix has its place until
 * it ends.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "frrevent.h"
#include "memory.h"
#include "monotime.h"

#include "lispd/lisp_bucket.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_eid_table.h"
#include "lispd/lisp_errors.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_pending.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_ENTRY, "LISP map-cache entry");
DEFINE_MTYPE_STATIC(LISPD, LISP_ENTRY_RLOCS, "LISP map-cache entry locators");
DEFINE_MTYPE_STATIC(LISPD, LISP_CACHE_ROOM, "LISP map-cache of an instance");

DEFINE_HOOK(lisp_eid_refresh, (const struct lisp_eid *eid, bool smr_invoked), (eid, smr_invoked));
DEFINE_HOOK(lisp_entry_changed, (struct lisp_entry * entry), (entry));
DEFINE_HOOK(lisp_entry_gone, (struct lisp_entry * entry), (entry));


static int ttl_cmp(const struct lisp_entry *a, const struct lisp_entry *b)
{
	return a->wake < b->wake ? -1 : a->wake > b->wake;
}

DECLARE_HEAP(lisp_map_cache_ttls, struct lisp_entry, ttl_item, ttl_cmp);
DECLARE_DLIST(lisp_map_cache_order, struct lisp_entry, order_item);

PREDECL_RBTREE_UNIQ(cache_rooms);

/* The entries of one instance and family: what they may take, and when they end. */
struct lisp_cache_room {
	struct cache_rooms_item item;
	uint32_t iid;
	enum lisp_family family;
	unsigned int entries; /* all */
	unsigned int learned; /* those that are not static: what map-cache-limit counts */
	struct lisp_map_cache_ttls_head ttls;
	struct lisp_map_cache_order_head order; /* who makes room next */
	struct event *t_ttl;
	time_t t_ttl_at; /* monotonic seconds */
	time_t warned;	 /* monotonic seconds, 0: never */
};

static int cache_room_cmp(const struct lisp_cache_room *a, const struct lisp_cache_room *b)
{
	return a->iid != b->iid ? numcmp(a->iid, b->iid) : numcmp(a->family, b->family);
}

DECLARE_RBTREE_UNIQ(cache_rooms, struct lisp_cache_room, item, cache_room_cmp);

static struct lisp_eid_table *cache;
static struct cache_rooms_head rooms;

static const char *const state_names[] = {
	[LISP_ENTRY_PENDING] = "pending",
	[LISP_ENTRY_ACTIVE] = "active",
	[LISP_ENTRY_NEGATIVE] = "negative",
	[LISP_ENTRY_HOLD] = "hold",
};

static const char *const source_names[] = {
	[LISP_SOURCE_MAP_REPLY] = "map-reply",
	[LISP_SOURCE_STATIC] = "static",
	[LISP_SOURCE_MISS] = "miss",
};

const char *lisp_entry_state_name(enum lisp_entry_state state)
{
	return state_names[state];
}

const char *lisp_entry_source_name(enum lisp_entry_source source)
{
	return source_names[source];
}

const char *lisp_entry_locator_state(const struct lisp_locator *loc)
{
	const char *refusal = lisp_locator_refusal(loc);
	const struct lisp_rloc *rloc;

	if (refusal)
		return refusal;
	if (!loc->reach)
		return "unreachable";
	rloc = lisp_rloc_find(&loc->addr);
	return lisp_rloc_state_name(rloc ? rloc->state : LISP_RLOC_UNKNOWN);
}

/* ---- rooms: one while there are entries ---- */

static struct lisp_cache_room *room_find(uint32_t iid, enum lisp_family family)
{
	struct lisp_cache_room key = { .iid = iid, .family = family };

	return cache_rooms_find(&rooms, &key);
}

static struct lisp_cache_room *room_enter(const struct lisp_eid *eid)
{
	enum lisp_family family = lisp_af_family(eid->prefix.family);
	struct lisp_cache_room *room = room_find(eid->iid, family);

	if (!room) {
		room = XCALLOC(MTYPE_LISP_CACHE_ROOM, sizeof(*room));
		room->iid = eid->iid;
		room->family = family;
		lisp_map_cache_ttls_init(&room->ttls);
		lisp_map_cache_order_init(&room->order);
		cache_rooms_add(&rooms, room);
	}
	room->entries++;
	return room;
}

static void room_leave(struct lisp_cache_room *room)
{
	if (--room->entries)
		return;
	event_cancel(&room->t_ttl);
	lisp_map_cache_ttls_fini(&room->ttls);
	lisp_map_cache_order_fini(&room->order);
	cache_rooms_del(&rooms, room);
	XFREE(MTYPE_LISP_CACHE_ROOM, room);
}

/* ---- time ---- */

static void map_cache_ttl_run(struct event *event);

static void ttl_schedule(struct lisp_cache_room *room)
{
	const struct lisp_entry *first = lisp_map_cache_ttls_const_first(&room->ttls);
	time_t now = monotime(NULL);

	if (!first) {
		event_cancel(&room->t_ttl);
		return;
	}
	if (room->t_ttl && room->t_ttl_at <= first->wake)
		return;

	event_cancel(&room->t_ttl);
	room->t_ttl_at = first->wake;
	event_add_timer(lisp.master, map_cache_ttl_run, room,
			first->wake > now ? first->wake - now : 0, &room->t_ttl);
}

static void ttl_end(struct lisp_entry *entry)
{
	if (!entry->expires)
		return;
	lisp_map_cache_ttls_del(&entry->room->ttls, entry);
	lisp_map_cache_order_del(&entry->room->order, entry);
	entry->expires = 0;
}

/* lifetime in seconds; 0: for ever */
static void ttl_set(struct lisp_entry *entry, uint32_t lifetime)
{
	time_t now = monotime(NULL);

	ttl_end(entry);
	entry->expires = lifetime ? now + lifetime : 0;
	/* a timer is late by less than the second that is left of a short one */
	entry->wake = entry->expires - MIN(MAX(lifetime / 10, 2), lifetime / 2);
	if (entry->state == LISP_ENTRY_HOLD)
		entry->wake = entry->expires;
	if (entry->expires) {
		lisp_map_cache_ttls_add(&entry->room->ttls, entry);
		lisp_map_cache_order_add_tail(&entry->room->order, entry);
		ttl_schedule(entry->room);
	}
}

/* A hole is no EID-prefix that anybody has: there may be one in it by now. */
static const struct lisp_eid *entry_about(const struct lisp_entry *entry)
{
	return entry->state == LISP_ENTRY_NEGATIVE ? &entry->about : &entry->mapping.eid;
}

/* The room stays while this runs, also when its last entry ends. */
static void map_cache_ttl_run(struct event *event)
{
	struct lisp_cache_room *room = EVENT_ARG(event);
	struct lisp_entry *entry;
	time_t now = monotime(NULL);

	room->entries++;
	while ((entry = lisp_map_cache_ttls_first(&room->ttls)) && entry->wake <= now) {
		if (entry->expires <= now) {
			LISP_DBG_EID(itr, &entry->mapping.eid, "expired");
			lisp_map_cache_del(&entry);
			continue;
		}
		lisp_map_cache_ttls_pop(&room->ttls);
		entry->wake = entry->expires;
		lisp_map_cache_ttls_add(&room->ttls, entry);
		if (lisp_entry_in_use(entry))
			lisp_map_cache_refresh(entry_about(entry), false);
	}
	ttl_schedule(room);
	room_leave(room);
}

static uint32_t ttl_seconds(uint32_t ttl)
{
	if (ttl == LISP_TTL_LOCAL)
		return LISP_RECORD_TTL_DEFAULT * 60;
	if (CHECK_FLAG(ttl, LISP_TTL_SECONDS))
		return MIN(ttl & ~LISP_TTL_SECONDS, LISP_RECORD_TTL_MAX * 60);
	return MIN(ttl, LISP_RECORD_TTL_MAX) * 60;
}

void lisp_map_cache_refresh(const struct lisp_eid *eid, bool smr_invoked)
{
	hook_call(lisp_eid_refresh, eid, smr_invoked);
}

bool lisp_entry_in_use(const struct lisp_entry *entry)
{
	time_t now = monotime(NULL);

	return (entry->used && now - entry->used <= LISP_MAP_CACHE_IN_USE) ||
	       now - entry->created < LISP_MAP_CACHE_IN_USE;
}

/* ---- entries ---- */

static struct lisp_entry *node_entry(const struct lisp_eid_node *node)
{
	return node ? node->info : NULL;
}

static bool entry_static(const struct lisp_entry *entry)
{
	return entry->source == LISP_SOURCE_STATIC;
}

static struct lisp_entry *entry_new(const struct lisp_eid *eid, enum lisp_entry_source source)
{
	struct lisp_eid_node *node = lisp_eid_table_get(cache, eid);
	struct lisp_entry *entry;

	entry = XCALLOC(MTYPE_LISP_ENTRY, sizeof(*entry));
	lisp_eid_node_eid(node, &entry->mapping.eid);
	entry->source = source;
	entry->configured = source == LISP_SOURCE_STATIC;
	entry->created = monotime(NULL);
	node->info = entry;
	entry->room = room_enter(eid);
	if (!entry->configured)
		entry->room->learned++;
	return entry;
}

static void entry_rlocs_put(struct lisp_rloc **rlocs, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		lisp_rloc_put(&rlocs[i]);
	XFREE(MTYPE_LISP_ENTRY_RLOCS, rlocs);
}

/* NULL: it would be one too many. */
static struct lisp_rloc *rloc_get(const struct ipaddr *addr)
{
	if (lisp_rloc_count() < LISP_RLOCS_MAX || lisp_rloc_find(addr))
		return lisp_rloc_get(addr);
	lisp_stats_drop(LISP_MAP_REPLY, LISP_DROP_TABLE_FULL);
	return NULL;
}

/* Takes what mapping holds. References to the new locators come before the end of
 * the old ones, so that one in both keeps its state.
 */
static void entry_mapping_set(struct lisp_entry *entry, struct lisp_mapping *mapping)
{
	struct lisp_rloc **old = entry->rlocs;
	unsigned int n_old = entry->mapping.n_locators;

	entry->rlocs = NULL;
	if (mapping->n_locators)
		entry->rlocs = XCALLOC(MTYPE_LISP_ENTRY_RLOCS,
				       mapping->n_locators * sizeof(*entry->rlocs));
	for (unsigned int i = 0; i < mapping->n_locators; i++)
		if (!lisp_locator_refusal(&mapping->locators[i]))
			entry->rlocs[i] = rloc_get(&mapping->locators[i].addr);

	lisp_mapping_move(&entry->mapping, mapping);
	entry->state = entry->mapping.n_locators ? LISP_ENTRY_ACTIVE : LISP_ENTRY_NEGATIVE;
	hook_call(lisp_entry_changed, entry);
	entry_rlocs_put(old, n_old);
}

/* Same forwarding: only its time is new. */
static bool entry_forwards_same(const struct lisp_entry *entry, const struct lisp_mapping *mapping)
{
	return (entry->state == LISP_ENTRY_ACTIVE || entry->state == LISP_ENTRY_NEGATIVE) &&
	       entry->mapping.action == mapping->action &&
	       lisp_mapping_same_locators(&entry->mapping, mapping);
}

static void entry_free(void *arg)
{
	struct lisp_entry *entry = arg;

	lisp_pending_cancel(&entry->pending);
	ttl_end(entry);
	hook_call(lisp_entry_gone, entry);
	if (!entry->configured)
		entry->room->learned--;
	room_leave(entry->room);
	entry_rlocs_put(entry->rlocs, entry->mapping.n_locators);
	lisp_mapping_fini(&entry->mapping);
	XFREE(MTYPE_LISP_ENTRY, entry);
}

static void entry_del(struct lisp_entry **entryp)
{
	struct lisp_entry *entry = *entryp;

	*entryp = NULL;
	lisp_eid_table_del(cache, lisp_eid_table_find(cache, &entry->mapping.eid));
	entry_free(entry);
}

static void entry_query_cancel(struct lisp_entry *entry)
{
	lisp_pending_cancel(&entry->pending);
	entry->refreshing = false;
	entry->smr_invoked = false;
	entry->recalled = false;
}

/* What it says is to ask: an answer for its prefix may stand in for it. */
static bool mapping_asks(const struct lisp_mapping *mapping)
{
	return !mapping->n_locators && mapping->action == LISP_ACT_SEND_MAP_REQUEST;
}

/* The answer in it is over: `map-request` again. */
static void entry_ask_again(struct lisp_entry *entry)
{
	struct lisp_mapping mapping = {
		.eid = entry->mapping.eid,
		.action = LISP_ACT_SEND_MAP_REQUEST,
	};

	entry_query_cancel(entry);
	entry->source = LISP_SOURCE_STATIC;
	memset(&entry->from, 0, sizeof(entry->from));
	entry_mapping_set(entry, &mapping);
	ttl_set(entry, 0);
}

void lisp_map_cache_del(struct lisp_entry **entryp)
{
	struct lisp_entry *entry = *entryp;

	if (entry && entry->configured)
		entry_ask_again(entry);
	else if (entry)
		entry_del(&entry);
	*entryp = NULL;
}

/* ---- room ---- */


/*
 * RFC 6830 section 12: an entry whose cover stays would leave its traffic to the
 * cover's locators, or to its action. A cover that says ask does no such harm.
 */
bool lisp_map_cache_covered(const struct lisp_entry *entry)
{
	struct lisp_eid_node *node = lisp_eid_table_find(cache, &entry->mapping.eid);
	const struct lisp_entry *cover = node_entry(lisp_eid_node_covering(node));

	return cover && (cover->state == LISP_ENTRY_ACTIVE ||
			 (cover->state == LISP_ENTRY_NEGATIVE && !mapping_asks(&cover->mapping)));
}

bool lisp_map_cache_forget(struct lisp_entry *entry)
{
	if (lisp_map_cache_covered(entry))
		return false;
	lisp_map_cache_del(&entry);
	return true;
}

/*
 * One that nothing uses, or NULL. Those that are looked at and stay go to the end: the next
 * time others are, until each had its turn.
 */
static struct lisp_entry *cache_idle(struct lisp_cache_room *room)
{
	struct lisp_entry *entry;

	for (unsigned int i = 0; i < LISP_MAP_CACHE_CANDIDATES; i++) {
		entry = lisp_map_cache_order_first(&room->order);
		if (!entry || (!entry->configured && !lisp_entry_in_use(entry) &&
			       !lisp_map_cache_covered(entry)))
			return entry;
		lisp_map_cache_order_del(&room->order, entry);
		lisp_map_cache_order_add_tail(&room->order, entry);
	}
	return NULL;
}

static void cache_full(struct lisp_cache_room *room, uint32_t limit)
{
	if (!lisp_once_in(LISP_MAP_CACHE_WARN, &room->warned))
		return;
	flog_warn(EC_LISP_TABLE_FULL,
		  "%s map-cache of instance-id %u is full: none of %u entries is idle, limit %u",
		  lisp_family_name(room->family), room->iid, room->learned, limit);
}

/* Room for n more, with so many going: what is not in use makes way. */
static bool cache_has_room(const struct lisp_eid *eid, unsigned int n, unsigned int going)
{
	uint32_t limit = lisp_service_of(eid)->map_cache_limit;
	struct lisp_cache_room *room = room_enter(eid);
	struct lisp_entry *entry;
	bool fits = true;

	while (room->learned + n > limit + going) {
		entry = cache_idle(room);
		if (!entry) {
			cache_full(room, limit);
			fits = false;
			break;
		}
		lisp_map_cache_del(&entry);
	}
	room_leave(room);
	return fits;
}

/* ---- what the ITR does ---- */

struct lisp_entry *lisp_map_cache_pending(const struct lisp_eid *eid)
{
	struct lisp_entry *entry = lisp_map_cache_find(eid);

	if (entry)
		return entry;
	if (!cache_has_room(eid, 1, 0)) {
		lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_TABLE_FULL);
		return NULL;
	}

	entry = entry_new(eid, LISP_SOURCE_MISS);
	entry->state = LISP_ENTRY_PENDING;
	return entry;
}

void lisp_map_cache_hold(struct lisp_entry *entry, uint32_t seconds, enum lisp_action action)
{
	entry->state = LISP_ENTRY_HOLD;
	entry->mapping.action = action;
	ttl_set(entry, seconds);
	hook_call(lisp_entry_changed, entry);
}

/* RFC 9301 section 5.5: no longer than the more-specifics that it would stand in for. */
static uint32_t install_lifetime(const struct lisp_mapping *mapping)
{
	uint32_t lifetime = ttl_seconds(mapping->ttl);
	struct lisp_eid_node *node, *nxt;
	time_t now = monotime(NULL);

	LISP_EID_TABLE_INSIDE (cache, &mapping->eid, node, nxt) {
		const struct lisp_entry *entry = node->info;

		if (entry->state == LISP_ENTRY_ACTIVE && entry->expires > now)
			lifetime = MIN(lifetime, (uint32_t)(entry->expires - now));
	}
	return MAX(lifetime, 1U);
}

static void install_one(const struct lisp_eid *asked, struct lisp_mapping *mapping,
			const struct ipaddr *from)
{
	struct lisp_entry *entry = lisp_map_cache_find(&mapping->eid);
	uint32_t lifetime;

	if (entry && entry_static(entry) && !mapping_asks(&entry->mapping))
		return;
	if (!ttl_seconds(mapping->ttl)) {
		lisp_map_cache_del(&entry);
		return;
	}

	lifetime = install_lifetime(mapping);
	if (!entry)
		entry = entry_new(&mapping->eid, LISP_SOURCE_MAP_REPLY);
	entry->source = LISP_SOURCE_MAP_REPLY;
	entry->from = *from;
	entry->about = lisp_eid_covers(&mapping->eid, asked) ? *asked : mapping->eid;
	entry_query_cancel(entry);
	if (!mapping->n_locators)
		lisp_stats_event(LISP_EV_NEGATIVE_IN);

	if (entry_forwards_same(entry, mapping)) {
		lisp_mapping_move(&entry->mapping, mapping);
	} else {
		LISP_DBG_EID(itr, &mapping->eid, "%u locators, action %s, %u s, from %pIA",
			     mapping->n_locators, lisp_action_name(mapping->action), lifetime, from);
		entry_mapping_set(entry, mapping);
	}
	ttl_set(entry, lifetime);
}

/* Queries and holds inside a new positive mapping are answered by it: a reply has
 * all more-specifics that there are (RFC 9301 section 5.5).
 */
static void install_answers(const struct lisp_eid *eid)
{
	struct lisp_eid_node *node, *nxt;

	LISP_EID_TABLE_INSIDE (cache, eid, node, nxt) {
		struct lisp_entry *entry = node->info;

		if (entry->state != LISP_ENTRY_PENDING && entry->state != LISP_ENTRY_HOLD)
			continue;
		lisp_eid_table_del(cache, node);
		entry_free(entry);
	}
}

/* The most specific record that covers what was asked. */
static struct lisp_mapping *install_base(const struct lisp_eid *asked,
					 struct lisp_mapping *mappings, unsigned int n)
{
	struct lisp_mapping *base = NULL;

	for (unsigned int i = 0; i < n; i++)
		if (lisp_eid_covers(&mappings[i].eid, asked) &&
		    (!base || lisp_eid_covers(&base->eid, &mappings[i].eid)))
			base = &mappings[i];
	return base;
}

/* The `map-request` that an EID is inside of, with an answer or without; NULL: of none. */
static const struct lisp_entry *asking_entry(const struct lisp_eid *eid)
{
	struct lisp_eid_node *node = lisp_eid_table_match(cache, eid);
	const struct lisp_entry *entry;

	for (; node; node = lisp_eid_node_covering(node)) {
		entry = node_entry(node);
		if (entry->configured && (!entry_static(entry) || mapping_asks(&entry->mapping)))
			return entry;
	}
	return NULL;
}

/*
 * Around what was asked for and inside the answer to it: the mapping system knows no such prefix
 * any more, or it had named it. NULL: there is none.
 */
static struct lisp_entry *install_outdated(const struct lisp_eid *asked, const struct lisp_eid *base)
{
	struct lisp_eid_node *node = lisp_eid_table_match(cache, asked);
	struct lisp_entry *entry;

	for (; node; node = lisp_eid_node_covering(node)) {
		entry = node_entry(node);
		if (!lisp_eid_covers(base, &entry->mapping.eid) ||
		    lisp_eid_same(base, &entry->mapping.eid))
			return NULL;
		if (!entry_static(entry))
			return entry;
	}
	return NULL;
}

static bool install_wanted(const struct lisp_eid *asked, const struct lisp_eid *base,
			   const struct lisp_eid *eid)
{
	return lisp_eid_covers(eid, asked) || lisp_eid_covers(base, eid);
}

/* More-specifics first: the lifetime of what covers them is not longer than theirs. */
static int longest_first(const void *a, const void *b)
{
	const struct lisp_mapping *ma = a, *mb = b;

	return numcmp(mb->eid.prefix.prefixlen, ma->eid.prefix.prefixlen);
}

enum lisp_drop lisp_map_cache_install(const struct lisp_eid *asked, struct lisp_mapping *mappings,
				      unsigned int n, const struct ipaddr *from)
{
	const struct lisp_entry *asking = asking_entry(asked);
	struct lisp_mapping *found = install_base(asked, mappings, n);
	struct lisp_entry *outdated;
	struct lisp_eid base;
	unsigned int more = 0;
	bool positive;

	if (!found)
		return LISP_DROP_NOT_COVERED;
	/* Less specific than `map-request` it would never be found. */
	if (asking && lisp_eid_covers(&found->eid, &asking->mapping.eid))
		found->eid = asking->mapping.eid;
	base = found->eid;
	positive = found->n_locators > 0;

	for (unsigned int i = 0; i < n; i++)
		more += !lisp_map_cache_find(&mappings[i].eid);
	outdated = install_outdated(asked, &base);
	if (!cache_has_room(asked, more, outdated && !outdated->configured))
		return LISP_DROP_TABLE_FULL;
	while ((outdated = install_outdated(asked, &base)))
		lisp_map_cache_del(&outdated);

	qsort(mappings, n, sizeof(*mappings), longest_first);
	for (unsigned int i = 0; i < n; i++) {
		if (install_wanted(asked, &base, &mappings[i].eid))
			install_one(asked, &mappings[i], from);
		else
			lisp_stats_drop(LISP_MAP_REPLY, LISP_DROP_NOT_COVERED);
	}
	if (positive)
		install_answers(&base);
	return LISP_OK;
}

/* ---- static entries ---- */

struct lisp_entry *lisp_map_cache_static(const struct lisp_mapping *mapping)
{
	struct lisp_entry *entry = lisp_map_cache_find(&mapping->eid);
	struct lisp_mapping copy = {};

	/* an answer stands in for it */
	if (entry && entry->configured && !entry_static(entry) && mapping_asks(mapping))
		return entry;
	if (entry && !entry_static(entry))
		entry_del(&entry);
	if (!entry)
		entry = entry_new(&mapping->eid, LISP_SOURCE_STATIC);
	else if (entry_forwards_same(entry, mapping))
		return entry;

	lisp_mapping_copy(&copy, mapping);
	entry_mapping_set(entry, &copy);
	return entry;
}

void lisp_map_cache_static_del(const struct lisp_eid *eid)
{
	struct lisp_entry *entry = lisp_map_cache_find(eid);

	if (entry && entry->configured)
		entry_del(&entry);
}

/* ---- lookup ---- */

struct lisp_entry *lisp_map_cache_find(const struct lisp_eid *eid)
{
	return node_entry(lisp_eid_table_find(cache, eid));
}

struct lisp_entry *lisp_map_cache_match(const struct lisp_eid *eid)
{
	return node_entry(lisp_eid_table_match(cache, eid));
}

struct lisp_entry *lisp_map_cache_next(struct lisp_entry *entry)
{
	const struct lisp_eid_node *node;

	if (!entry)
		return node_entry(lisp_eid_table_first(cache));

	node = lisp_eid_table_find(cache, &entry->mapping.eid);
	return node_entry(lisp_eid_table_next(cache, node));
}

struct lisp_entry *lisp_map_cache_after(const struct lisp_eid *eid)
{
	return node_entry(lisp_eid_table_after(cache, eid));
}

unsigned int lisp_map_cache_count(void)
{
	return lisp_eid_table_count(cache);
}

unsigned int lisp_map_cache_count_of(uint32_t iid, enum lisp_family family)
{
	return lisp_eid_table_count_of(cache, iid, lisp_family_af(family));
}

/* ---- all at once ---- */

/* inside and of: only those there; NULL: all. */
static unsigned int cache_clear(const struct lisp_eid *inside, const struct lisp_cache_room *of)
{
	struct lisp_eid_node *node, *nxt;
	unsigned int n = 0;

	LISP_EID_TABLE_EACH (cache, node, nxt) {
		struct lisp_entry *entry = node->info;

		if (entry_static(entry) ||
		    (inside && !lisp_eid_covers(inside, &entry->mapping.eid)) ||
		    (of && entry->room != of))
			continue;
		lisp_map_cache_del(&entry);
		n++;
	}
	return n;
}

unsigned int lisp_map_cache_clear(const struct lisp_eid *eid)
{
	return cache_clear(eid, NULL);
}

void lisp_map_cache_config_changed(void)
{
	struct lisp_cache_room *room;

	frr_each_safe (cache_rooms, &rooms, room)
		if (room->learned && (!lisp_instance_find(room->iid) ||
				      !lisp_service_get(room->iid, room->family)->itr)) {
			room->entries++;
			cache_clear(NULL, room);
			room_leave(room);
		}
}

void lisp_map_cache_init(void)
{
	cache = lisp_eid_table_new();
	cache_rooms_init(&rooms);
}

void lisp_map_cache_finish(void)
{
	lisp_eid_table_free(&cache, entry_free);
	cache_rooms_fini(&rooms);
}
