// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The map-cache: one table of EID-prefixes for all instance-ids and families.
 *
 * Every entry that can end is in its family's heap, ordered by the second at which
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

#include "lispd/lisp_debug.h"
#include "lispd/lisp_eid_table.h"
#include "lispd/lisp_errors.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_pending.h"

DEFINE_MTYPE_STATIC(LISPD, ENTRY, "LISP map-cache entry");
DEFINE_MTYPE_STATIC(LISPD, ENTRY_RLOCS, "LISP map-cache entry locators");

DEFINE_HOOK(lisp_entry_expiring, (struct lisp_entry *entry), (entry));
DEFINE_HOOK(lisp_entry_changed, (struct lisp_entry *entry), (entry));
DEFINE_HOOK(lisp_entry_gone, (struct lisp_entry *entry), (entry));

#define MAP_CACHE_TTL_MAX	(7 * 24 * 60) /* minutes */
#define MAP_CACHE_TTL_LOCAL	1440	      /* minutes, for LISP_TTL_LOCAL */
#define MAP_CACHE_IN_USE	60	      /* s, RFC 9301 section 6.1 */
#define MAP_CACHE_CANDIDATES	16	      /* of the first to end, to make room */
#define MAP_CACHE_WARN		60	      /* s between warnings that it is full */
/* Deployed stacks say seconds with this bit; no TTL in minutes has it. */
#define MAP_CACHE_TTL_SECONDS 0x80000000U

static int ttl_cmp(const struct lisp_entry *a, const struct lisp_entry *b)
{
	return a->wake < b->wake ? -1 : a->wake > b->wake;
}

DECLARE_HEAP(lisp_map_cache_ttls, struct lisp_entry, ttl_item, ttl_cmp);

static struct lisp_eid_table *cache;
static unsigned int counts[LISP_FAMILY_MAX]; /* entries that are not static */
static struct lisp_map_cache_ttls_head ttls[LISP_FAMILY_MAX];
static struct event *t_ttl;
static time_t t_ttl_at;

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

/* ---- time ---- */

static enum lisp_family entry_family(const struct lisp_entry *entry)
{
	return lisp_af_family(entry->mapping.eid.prefix.family);
}

static void ttl_run(struct event *event);

static struct lisp_map_cache_ttls_head *entry_ttls(const struct lisp_entry *entry)
{
	return &ttls[entry_family(entry)];
}

static struct lisp_entry *ttl_first(void)
{
	struct lisp_entry *first = NULL, *entry;

	for (int family = 0; family < LISP_FAMILY_MAX; family++) {
		entry = lisp_map_cache_ttls_first(&ttls[family]);
		if (entry && (!first || ttl_cmp(entry, first) < 0))
			first = entry;
	}
	return first;
}

static void ttl_schedule(void)
{
	const struct lisp_entry *first = ttl_first();
	time_t now = monotime(NULL);

	if (!first) {
		EVENT_OFF(t_ttl);
		return;
	}
	if (t_ttl && t_ttl_at <= first->wake)
		return;

	EVENT_OFF(t_ttl);
	t_ttl_at = first->wake;
	event_add_timer(lisp.master, ttl_run, NULL, first->wake > now ? first->wake - now : 0,
			&t_ttl);
}

/* lifetime in seconds; 0: for ever */
static void ttl_set(struct lisp_entry *entry, uint32_t lifetime)
{
	time_t now = monotime(NULL);

	if (entry->expires)
		lisp_map_cache_ttls_del(entry_ttls(entry), entry);

	entry->expires = lifetime ? now + lifetime : 0;
	/* a timer is late by less than the second that is left of a short one */
	entry->wake = entry->expires - MIN(MAX(lifetime / 10, 2), lifetime / 2);
	if (entry->state == LISP_ENTRY_HOLD)
		entry->wake = entry->expires;
	if (entry->expires) {
		lisp_map_cache_ttls_add(entry_ttls(entry), entry);
		ttl_schedule();
	}
}

static void ttl_run(struct event *event)
{
	struct lisp_entry *entry;
	time_t now = monotime(NULL);

	while ((entry = ttl_first()) && entry->wake <= now) {
		if (entry->expires <= now) {
			LISP_DBG(itr, "%pFX expired", &entry->mapping.eid.prefix);
			lisp_map_cache_del(&entry);
			continue;
		}
		lisp_map_cache_ttls_pop(entry_ttls(entry));
		entry->wake = entry->expires;
		lisp_map_cache_ttls_add(entry_ttls(entry), entry);
		if (lisp_entry_in_use(entry))
			hook_call(lisp_entry_expiring, entry);
	}
	ttl_schedule();
}

static uint32_t ttl_seconds(uint32_t ttl)
{
	if (ttl == LISP_TTL_LOCAL)
		return MAP_CACHE_TTL_LOCAL * 60;
	if (CHECK_FLAG(ttl, MAP_CACHE_TTL_SECONDS))
		return MIN(ttl & ~MAP_CACHE_TTL_SECONDS, MAP_CACHE_TTL_MAX * 60);
	return MIN(ttl, MAP_CACHE_TTL_MAX) * 60;
}

bool lisp_entry_in_use(const struct lisp_entry *entry)
{
	time_t now = monotime(NULL);

	return (entry->used && now - entry->used <= MAP_CACHE_IN_USE) ||
	       now - entry->created < MAP_CACHE_IN_USE;
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

	entry = XCALLOC(MTYPE_ENTRY, sizeof(*entry));
	lisp_eid_node_eid(node, &entry->mapping.eid);
	entry->source = source;
	entry->configured = source == LISP_SOURCE_STATIC;
	entry->created = monotime(NULL);
	node->info = entry;
	if (!entry->configured)
		counts[entry_family(entry)]++;
	return entry;
}

static void entry_rlocs_put(struct lisp_rloc **rlocs, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		lisp_rloc_put(&rlocs[i]);
	XFREE(MTYPE_ENTRY_RLOCS, rlocs);
}

/* Takes what mapping holds. References to the new locators come before the end of
 * the old ones, so that one in both keeps its state. */
static void entry_mapping_set(struct lisp_entry *entry, struct lisp_mapping *mapping)
{
	struct lisp_rloc **old = entry->rlocs;
	unsigned int n_old = entry->mapping.n_locators;

	entry->rlocs = NULL;
	if (mapping->n_locators)
		entry->rlocs = XCALLOC(MTYPE_ENTRY_RLOCS,
				       mapping->n_locators * sizeof(*entry->rlocs));
	for (unsigned int i = 0; i < mapping->n_locators; i++)
		if (!lisp_locator_refusal(&mapping->locators[i]))
			entry->rlocs[i] = lisp_rloc_get(&mapping->locators[i].addr);

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
	if (entry->expires)
		lisp_map_cache_ttls_del(entry_ttls(entry), entry);
	hook_call(lisp_entry_gone, entry);
	if (!entry->configured)
		counts[entry_family(entry)]--;
	entry_rlocs_put(entry->rlocs, entry->mapping.n_locators);
	lisp_mapping_fini(&entry->mapping);
	XFREE(MTYPE_ENTRY, entry);
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

static uint32_t cache_limit(enum lisp_family family)
{
	return lisp_service_get(0, family)->map_cache_limit;
}

/* RFC 6830 section 12: an entry whose cover stays would leave its traffic to the
 * cover's locators. A static send-map-request cover does no such harm. */
static bool entry_has_cover(const struct lisp_entry *entry)
{
	struct lisp_eid_node *node = lisp_eid_table_find(cache, &entry->mapping.eid);
	const struct lisp_entry *cover = node_entry(lisp_eid_node_covering(node));

	return cover && cover->state == LISP_ENTRY_ACTIVE;
}

/* Of the entries that would end first one that nothing uses, or NULL. */
static struct lisp_entry *cache_idle(enum lisp_family family)
{
	unsigned int left = MAP_CACHE_CANDIDATES;
	struct lisp_entry *entry;

	frr_each (lisp_map_cache_ttls, &ttls[family], entry) {
		if (!left--)
			break;
		if (!entry->configured && !lisp_entry_in_use(entry) && !entry_has_cover(entry))
			return entry;
	}
	return NULL;
}

static void cache_full(enum lisp_family family)
{
	static time_t warned[LISP_FAMILY_MAX];
	time_t now = monotime(NULL);

	if (warned[family] && now - warned[family] < MAP_CACHE_WARN)
		return;
	warned[family] = now;
	flog_warn(EC_LISP_TABLE_FULL, "%s map-cache is full: none of %u entries is idle, limit %u",
		  lisp_family_name(family), counts[family], cache_limit(family));
}

/* Room for n more, with so many going: what is not in use makes way. */
static bool cache_room(enum lisp_family family, unsigned int n, unsigned int going)
{
	struct lisp_entry *entry;

	while (counts[family] + n > cache_limit(family) + going) {
		entry = cache_idle(family);
		if (!entry) {
			cache_full(family);
			return false;
		}
		lisp_map_cache_del(&entry);
	}
	return true;
}

/* ---- what the ITR does ---- */

struct lisp_entry *lisp_map_cache_pending(const struct lisp_eid *eid)
{
	struct lisp_entry *entry = lisp_map_cache_find(eid);

	if (entry)
		return entry;
	if (!cache_room(lisp_af_family(eid->prefix.family), 1, 0)) {
		lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_TABLE_FULL);
		return NULL;
	}

	entry = entry_new(eid, LISP_SOURCE_MISS);
	entry->state = LISP_ENTRY_PENDING;
	return entry;
}

void lisp_map_cache_hold(struct lisp_entry *entry, uint32_t seconds)
{
	entry->state = LISP_ENTRY_HOLD;
	entry->mapping.action = LISP_ACT_NONE;
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

static void install_one(struct lisp_mapping *mapping, const struct ipaddr *from)
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
	entry_query_cancel(entry);
	if (!mapping->n_locators)
		lisp_stats_event(LISP_EV_NEGATIVE_IN);

	if (entry_forwards_same(entry, mapping)) {
		lisp_mapping_move(&entry->mapping, mapping);
	} else {
		LISP_DBG(itr, "%pFX: %u locators, action %s, %u s, from %pIA",
			 &mapping->eid.prefix, mapping->n_locators,
			 lisp_action_name(mapping->action), lifetime, from);
		entry_mapping_set(entry, mapping);
	}
	ttl_set(entry, lifetime);
}

/* Queries and holds inside a new positive mapping are answered by it: a reply has
 * all more-specifics that there are (RFC 9301 section 5.5). */
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
static const struct lisp_mapping *install_base(const struct lisp_eid *asked,
					       const struct lisp_mapping *mappings, unsigned int n)
{
	const struct lisp_mapping *base = NULL;

	for (unsigned int i = 0; i < n; i++)
		if (lisp_eid_covers(&mappings[i].eid, asked) &&
		    (!base || lisp_eid_covers(&base->eid, &mappings[i].eid)))
			base = &mappings[i];
	return base;
}

static bool install_wanted(const struct lisp_eid *asked, const struct lisp_eid *base,
			   const struct lisp_eid *eid)
{
	return lisp_eid_covers(eid, asked) || lisp_eid_covers(base, eid);
}

enum lisp_drop lisp_map_cache_install(const struct lisp_eid *asked, struct lisp_mapping *mappings,
				      unsigned int n, const struct ipaddr *from)
{
	enum lisp_family family = lisp_af_family(asked->prefix.family);
	const struct lisp_mapping *found = install_base(asked, mappings, n);
	struct lisp_entry *entry = lisp_map_cache_find(asked);
	struct lisp_eid base;
	bool positive, replaced;
	unsigned int more = 0;

	if (!found)
		return LISP_DROP_NOT_COVERED;
	base = found->eid;
	positive = found->n_locators > 0;
	/* The mapping system knows no such prefix any more, if it has not named it. */
	replaced = entry && !entry_static(entry) && !lisp_eid_same(&base, asked);

	for (unsigned int i = 0; i < n; i++)
		more += !lisp_map_cache_find(&mappings[i].eid);
	if (!cache_room(family, more, replaced && !entry->configured))
		return LISP_DROP_TABLE_FULL;
	if (replaced) {
		entry = lisp_map_cache_find(asked);
		lisp_map_cache_del(&entry);
	}

	for (unsigned int i = 0; i < n; i++) {
		if (install_wanted(asked, &base, &mappings[i].eid))
			install_one(&mappings[i], from);
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

unsigned int lisp_map_cache_count(void)
{
	return lisp_eid_table_count(cache);
}

/* ---- all at once ---- */

static unsigned int cache_clear(const struct lisp_eid *inside, int family)
{
	struct lisp_eid_node *node, *nxt;
	unsigned int n = 0;

	LISP_EID_TABLE_EACH (cache, node, nxt) {
		struct lisp_entry *entry = node->info;

		if (entry_static(entry) || (inside && !lisp_eid_covers(inside, &entry->mapping.eid)) ||
		    (family != AF_UNSPEC && entry->mapping.eid.prefix.family != family))
			continue;
		lisp_map_cache_del(&entry);
		n++;
	}
	return n;
}

unsigned int lisp_map_cache_clear(const struct lisp_eid *eid)
{
	return cache_clear(eid, AF_UNSPEC);
}

void lisp_map_cache_config_changed(void)
{
	for (int family = 0; family < LISP_FAMILY_MAX; family++)
		if (!lisp_service_get(0, family)->itr && counts[family])
			cache_clear(NULL, lisp_family_af(family));
}

void lisp_map_cache_init(void)
{
	cache = lisp_eid_table_new();
	for (int family = 0; family < LISP_FAMILY_MAX; family++)
		lisp_map_cache_ttls_init(&ttls[family]);
}

void lisp_map_cache_finish(void)
{
	lisp_eid_table_free(&cache, entry_free);
	EVENT_OFF(t_ttl);
	for (int family = 0; family < LISP_FAMILY_MAX; family++)
		lisp_map_cache_ttls_fini(&ttls[family]);
}
