// SPDX-License-Identifier: GPL-2.0-or-later
/* show lisp map-cache, pending, database, rloc */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "command.h"
#include "if.h"
#include "monotime.h"

#include "lispd/lisp_database.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_pending.h"
#include "lispd/lisp_rloc.h"
#include "vtysh-cmds/lisp_show.h"

/* ---- times ---- */

const char *lisp_interval_str(time_t seconds, char *buf, size_t size)
{
	long long s = seconds > 0 ? seconds : 0;

	if (s < 24 * 3600)
		snprintf(buf, size, "%02lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
	else if (s < 7 * 24 * 3600)
		snprintf(buf, size, "%lldd%02lldh", s / 86400, s / 3600 % 24);
	else
		snprintf(buf, size, "%lldw%lldd", s / 604800, s / 86400 % 7);
	return buf;
}

const char *lisp_since_str(time_t when, char *buf, size_t size)
{
	return when ? lisp_interval_str(monotime(NULL) - when, buf, size) : "never";
}

const char *lisp_until_str(time_t when, char *buf, size_t size)
{
	return when ? lisp_interval_str(when - monotime(NULL), buf, size) : "never";
}

void lisp_json_locator(struct json_object *json, const struct lisp_locator *loc)
{
	char addr[LISP_ADDR_STRLEN];

	json_object_string_add(json, "address", lisp_locator_str(loc, addr, sizeof(addr)));
	if (!loc->received)
		return;
	json_object_string_add(json, "kind", lisp_locator_kind(loc));
	if (!IS_IPADDR_NONE(&loc->addr))
		json_object_string_addf(json, "resolvesTo", "%pIA", &loc->addr);
}

void lisp_json_since(struct json_object *json, const char *key, time_t when)
{
	if (when)
		json_object_int_add(json, key, MAX(monotime(NULL) - when, 0));
}

void lisp_json_until(struct json_object *json, const char *key, time_t when)
{
	if (when)
		json_object_int_add(json, key, MAX(when - monotime(NULL), 0));
}

static bool family_wanted(unsigned int families, const struct lisp_eid *eid)
{
	return families & (1U << lisp_af_family(eid->prefix.family));
}

static const char *family_title(enum lisp_family family)
{
	return family == LISP_IPV4 ? "IPv4" : "IPv6";
}

/* ---- map-cache ---- */

/* How Cisco names an entry's condition; ours for the ones it does not have. */
static const char *entry_condition(const struct lisp_entry *entry)
{
	switch (entry->state) {
	case LISP_ENTRY_ACTIVE:
		return "complete";
	case LISP_ENTRY_NEGATIVE:
		return lisp_action_name(entry->mapping.action);
	case LISP_ENTRY_PENDING:
	case LISP_ENTRY_HOLD:
		break;
	}
	return lisp_entry_state_name(entry->state);
}

/* A locator's state holds since it changed, but no longer than the entry is here. */
static time_t entry_rloc_since(const struct lisp_entry *entry, unsigned int i)
{
	if (entry->rlocs && entry->rlocs[i])
		return MAX(entry->rlocs[i]->changed, entry->created);
	return entry->created;
}

static void entry_locators_text(struct vty *vty, const struct lisp_entry *entry, bool detail)
{
	char addr[LISP_ADDR_STRLEN], up[LISP_INTERVAL_STRLEN];
	unsigned int i;

	vty_out(vty, "  %-39s %-9s %-14s %-8s %s\n", "Locator", "Uptime", "State", "Pri/Wgt",
		"Encap-IID");
	for (i = 0; i < entry->mapping.n_locators; i++) {
		const struct lisp_locator *loc = &entry->mapping.locators[i];
		char weight[12];

		snprintf(weight, sizeof(weight), "%3u/%u", loc->priority, loc->weight);
		vty_out(vty, "  %-39s %-9s %-14s %-8s -\n",
			lisp_locator_str(loc, addr, sizeof(addr)),
			lisp_since_str(entry_rloc_since(entry, i), up, sizeof(up)),
			lisp_entry_locator_state(loc), weight);
		if (!detail || !entry->rlocs || !entry->rlocs[i])
			continue;
		vty_out(vty, "    Packets out: %" PRIu64 " (%" PRIu64 " bytes), in: %" PRIu64
			     " (%" PRIu64 " bytes), all mappings together\n",
			entry->rlocs[i]->packets_out, entry->rlocs[i]->bytes_out,
			entry->rlocs[i]->packets_in, entry->rlocs[i]->bytes_in);
		vty_out(vty, "    Last up-down state change: %s ago\n",
			lisp_since_str(entry->rlocs[i]->changed, up, sizeof(up)));
	}
}

static void entry_detail_text(struct vty *vty, const struct lisp_entry *entry)
{
	char addr[INET6_ADDRSTRLEN], idle[LISP_INTERVAL_STRLEN], ttl[LISP_INTERVAL_STRLEN];

	vty_out(vty, "  Sources: %s\n", lisp_entry_source_name(entry->source));
	vty_out(vty, "  State: %s, map-source: %s\n", lisp_entry_state_name(entry->state),
		IS_IPADDR_NONE(&entry->from) ? "local" : ipaddr2str(&entry->from, addr, sizeof(addr)));
	if (entry->source == LISP_SOURCE_MAP_REPLY)
		vty_out(vty, "  Record TTL: %s, %sauthoritative\n",
			lisp_interval_str((time_t)entry->mapping.ttl * 60, ttl, sizeof(ttl)),
			entry->mapping.authoritative ? "" : "not ");
	vty_out(vty, "  %s%s, Packets out: %" PRIu64 " (%" PRIu64 " bytes)\n",
		entry->used ? "Last used: " : "Idle",
		entry->used ? lisp_since_str(entry->used, idle, sizeof(idle)) : "", entry->packets,
		entry->bytes);
	if (entry->refreshing)
		vty_out(vty, "  A Map-Request to refresh it is outstanding\n");
}

static void entry_text(struct vty *vty, const struct lisp_entry *entry, bool detail)
{
	char up[LISP_INTERVAL_STRLEN], expires[LISP_INTERVAL_STRLEN];

	vty_out(vty, "%pFX, uptime: %s, expires: %s, via %s%s%s\n", &entry->mapping.eid.prefix,
		lisp_since_str(entry->created, up, sizeof(up)),
		lisp_until_str(entry->expires, expires, sizeof(expires)),
		lisp_entry_source_name(entry->source),
		entry->source == LISP_SOURCE_STATIC ? " " : ", ", entry_condition(entry));
	if (detail)
		entry_detail_text(vty, entry);
	if (entry->state == LISP_ENTRY_NEGATIVE)
		vty_out(vty, "  Negative cache entry, action: %s\n",
			lisp_action_name(entry->mapping.action));
	else if (entry->mapping.n_locators)
		entry_locators_text(vty, entry, detail);
}

static struct json_object *entry_json(const struct lisp_entry *entry)
{
	struct json_object *json = json_object_new_object();
	struct json_object *locators = json_object_new_array();
	unsigned int i;

	json_object_int_add(json, "instanceId", entry->mapping.eid.iid);
	json_object_string_addf(json, "eidPrefix", "%pFX", &entry->mapping.eid.prefix);
	json_object_string_add(json, "state", lisp_entry_state_name(entry->state));
	json_object_string_add(json, "source", lisp_entry_source_name(entry->source));
	if (entry->state == LISP_ENTRY_NEGATIVE)
		json_object_string_add(json, "action", lisp_action_name(entry->mapping.action));
	lisp_json_since(json, "uptime", entry->created);
	lisp_json_until(json, "expires", entry->expires);
	if (entry->source == LISP_SOURCE_MAP_REPLY) {
		json_object_int_add(json, "recordTtl", entry->mapping.ttl);
		json_object_boolean_add(json, "authoritative", entry->mapping.authoritative);
	}
	if (!IS_IPADDR_NONE(&entry->from))
		json_object_string_addf(json, "mapSource", "%pIA", &entry->from);
	json_object_boolean_add(json, "refreshing", entry->refreshing);
	json_object_int_add(json, "packetsOut", entry->packets);
	json_object_int_add(json, "bytesOut", entry->bytes);

	for (i = 0; i < entry->mapping.n_locators; i++) {
		const struct lisp_locator *loc = &entry->mapping.locators[i];
		struct json_object *item = json_object_new_object();

		lisp_json_locator(item, loc);
		json_object_string_add(item, "state", lisp_entry_locator_state(loc));
		json_object_int_add(item, "priority", loc->priority);
		json_object_int_add(item, "weight", loc->weight);
		json_object_int_add(item, "multicastPriority", loc->mpriority);
		json_object_int_add(item, "multicastWeight", loc->mweight);
		json_object_boolean_add(item, "local", loc->local);
		json_object_boolean_add(item, "reachable", loc->reach);
		lisp_json_since(item, "uptime", entry_rloc_since(entry, i));
		if (entry->rlocs && entry->rlocs[i]) {
			json_object_int_add(item, "packetsOut", entry->rlocs[i]->packets_out);
			json_object_int_add(item, "bytesOut", entry->rlocs[i]->bytes_out);
			json_object_int_add(item, "packetsIn", entry->rlocs[i]->packets_in);
			json_object_int_add(item, "bytesIn", entry->rlocs[i]->bytes_in);
		}
		json_object_array_add(locators, item);
	}
	json_object_object_add(json, "locators", locators);
	return json;
}

static unsigned int map_cache_count(enum lisp_family family)
{
	struct lisp_entry *entry = NULL;
	unsigned int count = 0;

	while ((entry = lisp_map_cache_next(entry)))
		count += lisp_af_family(entry->mapping.eid.prefix.family) == family;
	return count;
}

static void map_cache_text(struct vty *vty, unsigned int families, bool detail)
{
	struct lisp_entry *entry;
	enum lisp_family family;

	for (family = 0; family < LISP_FAMILY_MAX; family++) {
		if (!(families & (1U << family)))
			continue;
		vty_out(vty,
			"LISP %s Mapping Cache for EID-table default (IID 0), %u entries\n\n",
			family_title(family), map_cache_count(family));
		for (entry = lisp_map_cache_next(NULL); entry; entry = lisp_map_cache_next(entry))
			if (lisp_af_family(entry->mapping.eid.prefix.family) == family)
				entry_text(vty, entry, detail);
		vty_out(vty, "\n");
	}
}

int lisp_show_map_cache(struct vty *vty, unsigned int families, const struct lisp_eid *eid,
			bool detail, bool use_json)
{
	struct json_object *json, *entries;
	struct lisp_entry *entry = NULL;

	if (eid) {
		entry = lisp_map_cache_find(eid);
		if (!entry)
			entry = lisp_map_cache_match(eid);
		if (!entry && !use_json) {
			vty_out(vty, "%% No map-cache entry covers %pFX\n", &eid->prefix);
			return CMD_WARNING;
		}
	}

	if (!use_json) {
		if (entry)
			entry_text(vty, entry, true);
		else
			map_cache_text(vty, families, detail);
		return CMD_SUCCESS;
	}

	json = json_object_new_object();
	entries = json_object_new_array();
	if (entry)
		json_object_array_add(entries, entry_json(entry));
	while (!eid && (entry = lisp_map_cache_next(entry)))
		if (family_wanted(families, &entry->mapping.eid))
			json_object_array_add(entries, entry_json(entry));
	json_object_int_add(json, "size", lisp_map_cache_count());
	json_object_object_add(json, "entries", entries);
	return vty_json(vty, json);
}

/* ---- outstanding Map-Requests ---- */

int lisp_show_pending(struct vty *vty, bool use_json)
{
	struct json_object *json = json_object_new_object();
	struct json_object *queries = json_object_new_array();
	char since[LISP_INTERVAL_STRLEN];
	struct lisp_entry *entry = NULL;

	if (!use_json)
		vty_out(vty, "%u outstanding Map-Requests, lig's included\n\n%-43s %-9s %-5s %s\n",
			lisp_pending_count(), "EID-prefix", "Since", "Sent", "For");
	while ((entry = lisp_map_cache_next(entry))) {
		const char *why = entry->refreshing ? "refresh" : "miss";
		struct json_object *item;

		if (!entry->pending)
			continue;
		if (!use_json) {
			vty_out(vty, "%-43pFX %-9s %-5u %s\n", &entry->mapping.eid.prefix,
				lisp_since_str(entry->asked, since, sizeof(since)),
				lisp_pending_tries(entry->pending), why);
			continue;
		}
		item = json_object_new_object();
		json_object_int_add(item, "instanceId", entry->mapping.eid.iid);
		json_object_string_addf(item, "eidPrefix", "%pFX", &entry->mapping.eid.prefix);
		json_object_int_add(item, "sent", lisp_pending_tries(entry->pending));
		json_object_string_add(item, "for", why);
		lisp_json_since(item, "since", entry->asked);
		json_object_array_add(queries, item);
	}

	json_object_int_add(json, "outstanding", lisp_pending_count());
	json_object_object_add(json, "queries", queries);
	if (use_json)
		return vty_json(vty, json);
	json_object_free(json);
	return CMD_SUCCESS;
}

/* ---- database ---- */

/* RLOCs given with the EID-prefix itself are in a set named as the prefix. */
static bool local_has_named_set(const struct lisp_local_eid *local)
{
	return local->set_name && !strchr(local->set_name, '/');
}

static bool local_has_route(const struct lisp_local_eid *local)
{
	struct lisp_set_locator *loc = NULL;

	while (local->set && (loc = lisp_set_locator_next(local->set, loc)))
		if (loc->rloc && lisp_rloc_up(loc->rloc))
			return true;
	return false;
}

/* Locator-Status-Bits of RFC 9300 section 5.3: bit n is the n-th locator. */
static uint32_t local_lsbs(const struct lisp_local_eid *local)
{
	struct lisp_mapping mapping = {};
	uint32_t bits = 0;
	unsigned int i;

	lisp_database_mapping(local, &mapping);
	for (i = 0; i < mapping.n_locators && i < 32; i++)
		if (mapping.locators[i].reach)
			bits |= 1U << i;
	lisp_mapping_fini(&mapping);
	return bits;
}

static const char *set_locator_state(const struct lisp_set_locator *loc)
{
	if (!loc->rloc)
		return lisp_rloc_state_name(LISP_RLOC_NO_ADDRESS);
	return lisp_rloc_up(loc->rloc) ? "reachable" : lisp_rloc_state_name(loc->rloc->state);
}

static void local_text(struct vty *vty, const struct lisp_local_eid *local)
{
	struct lisp_set_locator *loc = NULL;
	char addr[INET6_ADDRSTRLEN], weight[12];

	vty_out(vty, "%pFX%s%s\n", &local->eid.prefix,
		local_has_named_set(local) ? ", locator-set " : "",
		local_has_named_set(local) ? local->set_name : "");
	vty_out(vty, "  %-39s %-8s %-9s %s\n", "Locator", "Pri/Wgt", "Source", "State");
	while (local->set && (loc = lisp_set_locator_next(local->set, loc))) {
		snprintf(weight, sizeof(weight), "%3u/%u", loc->priority, loc->weight);
		vty_out(vty, "  %-39s %-8s %-9s %s, %s\n",
			IS_IPADDR_NONE(&loc->addr) ? loc->ifname
						   : ipaddr2str(&loc->addr, addr, sizeof(addr)),
			weight, loc->ifname[0] ? "cfg-intf" : "cfg-addr",
			loc->rloc && !loc->rloc->local ? "site-other" : "site-self",
			set_locator_state(loc));
	}
}

static struct json_object *local_json(const struct lisp_local_eid *local)
{
	struct json_object *json = json_object_new_object();
	struct json_object *locators = json_object_new_array();
	struct lisp_set_locator *loc = NULL;

	json_object_int_add(json, "instanceId", local->eid.iid);
	json_object_string_addf(json, "eidPrefix", "%pFX", &local->eid.prefix);
	if (local_has_named_set(local))
		json_object_string_add(json, "locatorSet", local->set_name);
	json_object_string_addf(json, "locatorStatusBits", "0x%x", local_lsbs(local));
	while (local->set && (loc = lisp_set_locator_next(local->set, loc))) {
		struct json_object *item = json_object_new_object();

		if (!IS_IPADDR_NONE(&loc->addr))
			json_object_string_addf(item, "address", "%pIA", &loc->addr);
		if (loc->ifname[0])
			json_object_string_add(item, "interface", loc->ifname);
		json_object_int_add(item, "priority", loc->priority);
		json_object_int_add(item, "weight", loc->weight);
		json_object_int_add(item, "multicastPriority", loc->mpriority);
		json_object_int_add(item, "multicastWeight", loc->mweight);
		json_object_string_add(item, "state",
				       lisp_rloc_state_name(loc->rloc ? loc->rloc->state
								      : LISP_RLOC_NO_ADDRESS));
		json_object_boolean_add(item, "local", loc->rloc && loc->rloc->local);
		json_object_boolean_add(item, "reachable", loc->rloc && lisp_rloc_up(loc->rloc));
		json_object_array_add(locators, item);
	}
	json_object_object_add(json, "locators", locators);
	return json;
}

static void database_text(struct vty *vty, enum lisp_family family)
{
	unsigned int total = 0, no_route = 0;
	struct lisp_local_eid *local = NULL;
	uint32_t lsbs = 0;

	while ((local = lisp_database_next(local))) {
		if (lisp_af_family(local->eid.prefix.family) != family)
			continue;
		total++;
		no_route += !local_has_route(local);
		lsbs |= local_lsbs(local);
	}
	vty_out(vty, "LISP ETR %s Mapping Database for EID-table default (IID 0), LSBs: 0x%x\n",
		family_title(family), lsbs);
	vty_out(vty, "Entries total %u, no-route %u, inactive %u\n\n", total, no_route,
		lisp_service_get(0, family)->etr ? 0 : total);
	while ((local = lisp_database_next(local)))
		if (lisp_af_family(local->eid.prefix.family) == family)
			local_text(vty, local);
	vty_out(vty, "\n");
}

int lisp_show_database(struct vty *vty, unsigned int families, bool use_json)
{
	struct json_object *json, *entries;
	struct lisp_local_eid *local = NULL;
	enum lisp_family family;

	if (!use_json) {
		for (family = 0; family < LISP_FAMILY_MAX; family++)
			if (families & (1U << family))
				database_text(vty, family);
		return CMD_SUCCESS;
	}

	json = json_object_new_object();
	entries = json_object_new_array();
	while ((local = lisp_database_next(local)))
		if (family_wanted(families, &local->eid))
			json_object_array_add(entries, local_json(local));
	json_object_int_add(json, "size", lisp_database_count());
	json_object_object_add(json, "entries", entries);
	return vty_json(vty, json);
}

/* ---- RLOCs ---- */

static void rloc_text(struct vty *vty, const struct lisp_rloc *rloc)
{
	char addr[INET6_ADDRSTRLEN], source[INET6_ADDRSTRLEN], since[LISP_INTERVAL_STRLEN];

	vty_out(vty, "%-39s %-6s %-14s %-9s %-15s %-15s %5u %" PRIu64 "/%" PRIu64 "\n",
		ipaddr2str(&rloc->addr, addr, sizeof(addr)), rloc->local || rloc->own_refs ? "self" : "remote",
		lisp_rloc_state_name(rloc->state),
		lisp_since_str(rloc->changed, since, sizeof(since)),
		rloc->ifindex ? ifindex2ifname(rloc->ifindex, lisp_rloc_vrf()) : "-",
		IS_IPADDR_NONE(&rloc->source) ? "-"
					      : ipaddr2str(&rloc->source, source, sizeof(source)),
		rloc->refs, rloc->packets_in, rloc->packets_out);
}

static struct json_object *rloc_json(const struct lisp_rloc *rloc)
{
	struct json_object *json = json_object_new_object();

	json_object_string_addf(json, "address", "%pIA", &rloc->addr);
	json_object_boolean_add(json, "local", rloc->local);
	json_object_string_add(json, "state", lisp_rloc_state_name(rloc->state));
	lisp_json_since(json, "lastChange", rloc->changed);
	if (rloc->ifindex)
		json_object_string_add(json, "interface",
				       ifindex2ifname(rloc->ifindex, lisp_rloc_vrf()));
	if (!IS_IPADDR_NONE(&rloc->source))
		json_object_string_addf(json, "source", "%pIA", &rloc->source);
	json_object_int_add(json, "users", rloc->refs);
	json_object_int_add(json, "packetsIn", rloc->packets_in);
	json_object_int_add(json, "bytesIn", rloc->bytes_in);
	json_object_int_add(json, "packetsOut", rloc->packets_out);
	json_object_int_add(json, "bytesOut", rloc->bytes_out);
	return json;
}

int lisp_show_rloc(struct vty *vty, bool use_json)
{
	struct json_object *json, *rlocs;
	struct lisp_rloc *rloc = NULL;

	if (!use_json) {
		vty_out(vty, "%-39s %-6s %-14s %-9s %-15s %-15s %5s %s\n", "RLOC", "Site",
			"State", "Changed", "Interface", "Source", "Users", "Packets In/Out");
		while ((rloc = lisp_rloc_next(rloc)))
			rloc_text(vty, rloc);
		return CMD_SUCCESS;
	}

	json = json_object_new_object();
	rlocs = json_object_new_array();
	while ((rloc = lisp_rloc_next(rloc)))
		json_object_array_add(rlocs, rloc_json(rloc));
	json_object_object_add(json, "rlocs", rlocs);
	return vty_json(vty, json);
}
