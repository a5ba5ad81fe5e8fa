// SPDX-License-Identifier: GPL-2.0-or-later
/* Operational state: map-cache, database, outstanding Map-Requests, RLOCs. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "if.h"

#include "lispd/lisp_database.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_pending.h"
#include "lispd/lisp_register_record.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_solicit.h"
#include "lispd/lisp_state.h"

/* ---- map-cache ---- */

static LISP_LEAF_READER(map_cache_size)
{
	lisp_value_number(value, lisp_map_cache_count());
}

static const struct lisp_leaf map_cache_leaves[] = {
	LISP_LEAF_READ("size", map_cache_size),
};

const struct lisp_kind lisp_kind_map_cache = {
	.path = "map-cache",
	.totals = true,
	LISP_KIND_LEAVES(map_cache_leaves),
};

static LISP_LEAF_READER(entry_state)
{
	const struct lisp_entry *entry = object;

	lisp_value_text(value, lisp_entry_state_name(entry->state));
}

static LISP_LEAF_READER(entry_source)
{
	const struct lisp_entry *entry = object;

	lisp_value_text(value, lisp_entry_source_name(entry->source));
}

static LISP_LEAF_READER(entry_action)
{
	const struct lisp_entry *entry = object;

	if (entry->state == LISP_ENTRY_NEGATIVE || entry->state == LISP_ENTRY_HOLD)
		lisp_value_text(value, lisp_action_name(entry->mapping.action));
}

static LISP_LEAF_READER(entry_ttl)
{
	const struct lisp_entry *entry = object;

	if (entry->source == LISP_SOURCE_MAP_REPLY)
		lisp_value_number(value, entry->mapping.ttl);
}

static LISP_LEAF_READER(entry_authoritative)
{
	const struct lisp_entry *entry = object;

	if (entry->source == LISP_SOURCE_MAP_REPLY)
		lisp_value_bool(value, entry->mapping.authoritative);
}

static const struct lisp_leaf entry_leaves[] = {
	LISP_LEAF_EID(struct lisp_entry, mapping.eid),
	LISP_LEAF_READ("state", entry_state),
	LISP_LEAF_READ("source", entry_source),
	LISP_LEAF_READ("action", entry_action),
	LISP_LEAF("uptime", since, struct lisp_entry, created),
	LISP_LEAF("expires", until, struct lisp_entry, expires),
	LISP_LEAF_READ("record-ttl", entry_ttl),
	LISP_LEAF("map-source", address, struct lisp_entry, from),
	LISP_LEAF_READ("authoritative", entry_authoritative),
	LISP_LEAF("refreshing", bool, struct lisp_entry, refreshing),
	LISP_LEAF("last-used", since, struct lisp_entry, used),
	LISP_LEAF("packets-out", number, struct lisp_entry, packets),
	LISP_LEAF("bytes-out", number, struct lisp_entry, bytes),
};

LISP_KIND_EID_TABLE(entry, struct lisp_entry, mapping.eid, lisp_map_cache);

static const struct lisp_kind *const entry_children[] = { &lisp_kind_entry_locator, NULL };

const struct lisp_kind lisp_kind_entry = {
	.path = "map-cache/mapping",
	.json = "mappings",
	LISP_KIND_LEAVES(entry_leaves),
	.n_keys = 2,
	.children = entry_children,
	LISP_KIND_WALK(entry),
};

static LISP_LEAF_READER(entry_locator_state)
{
	lisp_value_text(value, lisp_entry_locator_state(object));
}

LISP_LEAF_READER(locator_of_rloc)
{
	const struct lisp_locator *loc = object;
	const struct lisp_rloc *rloc = lisp_rloc_find(&loc->addr);

	if (rloc)
		lisp_kind_read(&lisp_kind_rloc, leaf->name, rloc, value);
}

static const struct lisp_leaf entry_locator_leaves[] = {
	LISP_LEAVES_LOCATOR,
	LISP_LEAF_READ("state", entry_locator_state),
	LISP_LEAF_READ("last-change", locator_of_rloc),
	LISP_LEAVES_TRAFFIC,
};

static const void *entry_locator_next(const void *parent, const void *object)
{
	const struct lisp_entry *entry = parent;

	return lisp_mapping_locator_next(&entry->mapping, object);
}

const struct lisp_kind lisp_kind_entry_locator = {
	.path = "map-cache/mapping/locator",
	.json = "locators",
	LISP_KIND_LEAVES(entry_locator_leaves),
	.next = entry_locator_next,
};

/* ---- database ---- */

static LISP_LEAF_READER(database_size)
{
	lisp_value_number(value, lisp_database_count());
}

static const struct lisp_leaf database_leaves[] = {
	LISP_LEAF_READ("size", database_size),
};

const struct lisp_kind lisp_kind_database = {
	.path = "database",
	.totals = true,
	LISP_KIND_LEAVES(database_leaves),
};

/* RLOCs given with the EID-prefix itself are in a set named as the prefix. */
static LISP_LEAF_READER(local_set)
{
	const struct lisp_local_eid *local = object;

	if (local->set_name && !strchr(local->set_name, '/'))
		lisp_value_text(value, local->set_name);
}

static LISP_LEAF_READER(local_set_missing)
{
	const struct lisp_local_eid *local = object;

	if (!local->set)
		lisp_value_bool(value, true);
}

static LISP_LEAF_READER(local_route_lost)
{
	const struct lisp_local_eid *local = object;

	if (local->lost)
		lisp_value_bool(value, true);
}

/* Locator-Status-Bits of RFC 9300 section 5.3: bit n is the n-th locator. */
static LISP_LEAF_READER(local_lsbs)
{
	struct lisp_mapping mapping = {};
	uint32_t bits = 0;

	lisp_database_mapping(object, &mapping);
	for (unsigned int i = 0; i < mapping.n_locators && i < 32; i++)
		if (mapping.locators[i].reach)
			bits |= 1U << i;
	lisp_mapping_fini(&mapping);
	lisp_value_number(value, bits);
}

static const struct lisp_leaf local_leaves[] = {
	LISP_LEAF_EID(struct lisp_local_eid, eid),
	LISP_LEAF_READ("locator-set", local_set),
	LISP_LEAF_READ("locator-set-missing", local_set_missing),
	LISP_LEAF_READ("locator-status-bits", local_lsbs),
	LISP_LEAF_READ("route-lost", local_route_lost),
};

LISP_KIND_EID_TABLE(local, struct lisp_local_eid, eid, lisp_database);

static const struct lisp_kind *const local_children[] = {
	&lisp_kind_local_locator,
	&lisp_kind_local_registration,
	NULL,
};

const struct lisp_kind lisp_kind_local = {
	.path = "database/local-eid",
	.json = "localEids",
	LISP_KIND_LEAVES(local_leaves),
	.n_keys = 2,
	.children = local_children,
	LISP_KIND_WALK(local),
};

static LISP_LEAF_READER(local_locator_state)
{
	const struct lisp_set_locator *loc = object;

	lisp_value_text(value, lisp_rloc_state_name(lisp_set_locator_state(loc)));
}

static LISP_LEAF_READER(local_locator_local)
{
	const struct lisp_set_locator *loc = object;

	lisp_value_bool(value, loc->rloc && loc->rloc->local);
}

static LISP_LEAF_READER(local_locator_reachable)
{
	const struct lisp_set_locator *loc = object;

	lisp_value_bool(value, lisp_set_locator_state(loc) == LISP_RLOC_UP);
}

static const struct lisp_leaf local_locator_leaves[] = {
	LISP_LEAF("address", address, struct lisp_set_locator, addr),
	LISP_LEAF("interface", chars, struct lisp_set_locator, ifname),
	LISP_LEAF("priority", number, struct lisp_set_locator, priority),
	LISP_LEAF("weight", number, struct lisp_set_locator, weight),
	LISP_LEAF("multicast-priority", number, struct lisp_set_locator, mpriority),
	LISP_LEAF("multicast-weight", number, struct lisp_set_locator, mweight),
	LISP_LEAF_READ("state", local_locator_state),
	LISP_LEAF_READ("local", local_locator_local),
	LISP_LEAF_READ("reachable", local_locator_reachable),
	LISP_LEAF("learned-from", address, struct lisp_set_locator, by),
};

static const void *local_locator_next(const void *parent, const void *object)
{
	const struct lisp_local_eid *local = parent;

	return lisp_local_eid_locator_next(local, (struct lisp_set_locator *)object);
}

const struct lisp_kind lisp_kind_local_locator = {
	.path = "database/local-eid/locator",
	.json = "locators",
	LISP_KIND_LEAVES(local_locator_leaves),
	.next = local_locator_next,
};

static LISP_LEAF_READER(local_registration_server)
{
	const struct lisp_register_record *record = object;

	lisp_value_address(value, &record->ms->addr);
}

static LISP_LEAF_READER(local_registration_state)
{
	lisp_value_text(value, lisp_register_record_state(object));
}

static LISP_LEAF_READER(local_registration_reason)
{
	lisp_value_text(value, lisp_register_record_reason(object));
}

static const struct lisp_leaf local_registration_leaves[] = {
	LISP_LEAF_READ("map-server", local_registration_server),
	LISP_LEAF_READ("state", local_registration_state),
	LISP_LEAF("since", since, struct lisp_register_record, since),
	LISP_LEAF_READ("reason", local_registration_reason),
};

static const void *local_registration_next(const void *parent, const void *object)
{
	const struct lisp_local_eid *local = parent;

	return lisp_register_record_next(&local->eid, object);
}

const struct lisp_kind lisp_kind_local_registration = {
	.path = "database/local-eid/registration",
	.json = "registrations",
	LISP_KIND_LEAVES(local_registration_leaves),
	.next = local_registration_next,
};

/* ---- outstanding Map-Requests ---- */

static LISP_LEAF_READER(pending_requests)
{
	lisp_value_number(value, lisp_pending_count());
}

static const struct lisp_leaf pending_leaves[] = {
	LISP_LEAF_READ("outstanding", pending_requests),
};

const struct lisp_kind lisp_kind_pending = {
	.path = "pending",
	LISP_KIND_LEAVES(pending_leaves),
};

static LISP_LEAF_READER(query_sent)
{
	const struct lisp_entry *entry = object;

	lisp_value_number(value, lisp_pending_tries(entry->pending));
}

static LISP_LEAF_READER(query_for)
{
	const struct lisp_entry *entry = object;

	lisp_value_text(value, entry->refreshing ? "refresh" : "miss");
}

static const struct lisp_leaf query_leaves[] = {
	LISP_LEAF_EID(struct lisp_entry, mapping.eid),
	LISP_LEAF_READ("sent", query_sent),
	LISP_LEAF_READ("for", query_for),
	LISP_LEAF("since", since, struct lisp_entry, asked),
};

/* Queries are bounded by what is outstanding; the cache around them is not. */
static const void *query_from(const struct lisp_entry *entry)
{
	while (entry && !entry->pending)
		entry = lisp_map_cache_next((struct lisp_entry *)entry);
	return entry;
}

static const void *query_next(const void *parent, const void *object)
{
	return query_from(lisp_map_cache_next((struct lisp_entry *)object));
}

static const void *query_find(const struct lisp_eid *eid)
{
	const struct lisp_entry *entry = lisp_map_cache_find(eid);

	return entry && entry->pending ? entry : NULL;
}

static const void *query_after(const struct lisp_eid *eid)
{
	return query_from(lisp_map_cache_after(eid));
}

const struct lisp_kind lisp_kind_query = {
	.path = "pending/query",
	.json = "queries",
	LISP_KIND_LEAVES(query_leaves),
	.n_keys = 2,
	.next = query_next,
	.eid = entry_eid,
	.find = query_find,
	.after = query_after,
};

/* ---- RLOCs ---- */

static LISP_LEAF_READER(rloc_state)
{
	const struct lisp_rloc *rloc = object;

	lisp_value_text(value, lisp_rloc_state_name(rloc->state));
}

static LISP_LEAF_READER(rloc_own)
{
	const struct lisp_rloc *rloc = object;

	lisp_value_bool(value, rloc->local || rloc->own_refs);
}

static LISP_LEAF_READER(rloc_interface)
{
	const struct lisp_rloc *rloc = object;

	if (rloc->ifindex)
		lisp_value_text(value, ifindex2ifname(rloc->ifindex, lisp_rloc_vrf()));
}

static LISP_LEAF_READER(rloc_probe_rtt)
{
	const struct lisp_rloc *rloc = object;

	if (rloc->probe_rtt)
		lisp_value_number(value, rloc->probe_rtt);
}

static const struct lisp_leaf rloc_leaves[] = {
	LISP_LEAF("address", address, struct lisp_rloc, addr),
	LISP_LEAF_READ("state", rloc_state),
	LISP_LEAF("local", bool, struct lisp_rloc, local),
	LISP_LEAF_READ("own", rloc_own),
	LISP_LEAF_READ("interface", rloc_interface),
	LISP_LEAF("source", address, struct lisp_rloc, source),
	LISP_LEAF("users", number, struct lisp_rloc, refs),
	LISP_LEAF("last-change", since, struct lisp_rloc, changed),
	LISP_LEAF_READ("probe-rtt", rloc_probe_rtt),
	LISP_LEAF("probes-sent", number, struct lisp_rloc, probes_sent),
	LISP_LEAF("probes-lost", number, struct lisp_rloc, probes_lost),
	LISP_LEAF("packets-in", number, struct lisp_rloc, packets_in),
	LISP_LEAF("bytes-in", number, struct lisp_rloc, bytes_in),
	LISP_LEAF("packets-out", number, struct lisp_rloc, packets_out),
	LISP_LEAF("bytes-out", number, struct lisp_rloc, bytes_out),
};

static const void *rloc_next(const void *parent, const void *object)
{
	return lisp_rloc_next((struct lisp_rloc *)object);
}

/* An RLOC is found by the EID that its address would be. */
static const struct lisp_eid *rloc_eid(const void *object)
{
	const struct lisp_rloc *rloc = object;
	static struct lisp_eid eid;

	lisp_eid_host(&eid, 0, &rloc->addr);
	return &eid;
}

static const void *rloc_find(const struct lisp_eid *eid)
{
	struct ipaddr addr;

	lisp_eid_ipaddr(eid, &addr);
	return lisp_rloc_find(&addr);
}

static const void *rloc_after(const struct lisp_eid *eid)
{
	struct ipaddr addr;

	lisp_eid_ipaddr(eid, &addr);
	return lisp_rloc_after(&addr);
}

const struct lisp_kind lisp_kind_rloc = {
	.path = "rlocs/rloc",
	.json = "rlocs",
	LISP_KIND_LEAVES(rloc_leaves),
	.n_keys = 1,
	LISP_KIND_WALK(rloc),
};

/* ---- SMRs that are under way ---- */

static LISP_LEAF_READER(smr_waiting)
{
	lisp_value_number(value, lisp_solicited_waiting(object));
}

static LISP_LEAF_READER(smr_unanswered)
{
	const struct lisp_solicited *peer = object;

	lisp_value_number(value, peer->smrs - lisp_solicited_waiting(peer));
}

static const struct lisp_leaf smr_leaves[] = {
	LISP_LEAF("address", address, struct lisp_solicited, rloc),
	LISP_LEAF_READ("waiting", smr_waiting),
	LISP_LEAF("waiting-asked", number, struct lisp_solicited, asked),
	LISP_LEAF_READ("unanswered", smr_unanswered),
};

static const void *smr_next(const void *parent, const void *object)
{
	const struct lisp_solicited *peer = object;

	return lisp_solicited_after(peer ? &peer->rloc : NULL);
}

static const struct lisp_eid *smr_eid(const void *object)
{
	const struct lisp_solicited *peer = object;
	static struct lisp_eid eid;

	lisp_eid_host(&eid, 0, &peer->rloc);
	return &eid;
}

static const void *smr_find(const struct lisp_eid *eid)
{
	struct ipaddr addr;

	lisp_eid_ipaddr(eid, &addr);
	return lisp_solicited_get(&addr);
}

static const void *smr_after(const struct lisp_eid *eid)
{
	struct ipaddr addr;

	lisp_eid_ipaddr(eid, &addr);
	return lisp_solicited_after(&addr);
}

const struct lisp_kind lisp_kind_smr = {
	.path = "smrs/smr",
	.json = "smrs",
	LISP_KIND_LEAVES(smr_leaves),
	.n_keys = 1,
	LISP_KIND_WALK(smr),
};
