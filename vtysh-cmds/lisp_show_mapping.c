// SPDX-License-Identifier: GPL-2.0-or-later
/* show lisp map-cache, pending, database, rloc, smr */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "command.h"

#include "lispd/lisp_database.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_pending.h"
#include "lispd/lisp_rloc.h"
#include "vtysh-cmds/lisp_show.h"

/* ---- map-cache ---- */

static void map_cache_head(struct lisp_show *show)
{
	char table[LISP_EID_TABLE_STRLEN];

	if (show->only)
		return;
	lisp_show_router_head(show);
	vty_out(show->vty, "\nLISP %s Mapping Cache for EID-table %s (IID %u), %u entries\n\n",
		lisp_family_title(show->family),
		lisp_eid_table_name(show->iid, table, sizeof(table)), show->iid,
		lisp_map_cache_count_of(show->iid, show->family));
}

/* How Cisco names an entry's condition; ours for the ones it does not have. */
static const char *entry_condition(const struct lisp_entry *entry)
{
	if (entry->state == LISP_ENTRY_ACTIVE)
		return "complete";
	if (entry->state == LISP_ENTRY_NEGATIVE)
		return lisp_action_name(entry->mapping.action);
	return lisp_entry_state_name(entry->state);
}

static void entry_text(struct lisp_show *show, const void *object)
{
	const struct lisp_entry *entry = object;

	lisp_show_line(show, &lisp_kind_entry, entry,
		       "{eid}, uptime: {uptime@time}, expires: {expires@time}, via {source}");
	vty_out(show->vty, "%s%s\n", entry->source == LISP_SOURCE_STATIC ? " " : ", ",
		entry_condition(entry));
	if (show->detail) {
		lisp_show_line(show, &lisp_kind_entry, entry,
			       "  Sources: {source}\n"
			       "  State: {state}, map-source: {map-source?$|local}\n");
		if (entry->source == LISP_SOURCE_MAP_REPLY)
			lisp_show_line(show, &lisp_kind_entry, entry,
				       "  Record TTL: {record-ttl@minutes}, "
				       "{authoritative?|not }authoritative\n");
		lisp_show_line(show, &lisp_kind_entry, entry,
			       "  {last-used@time?Last used: $|Idle}, "
			       "Packets out: {packets-out} ({bytes-out} bytes)\n");
		if (entry->refreshing)
			vty_out(show->vty, "  A Map-Request to refresh it is outstanding\n");
	}
	if (entry->state == LISP_ENTRY_NEGATIVE)
		lisp_show_line(show, &lisp_kind_entry, entry,
			       "  Negative cache entry, action: {action}\n");
	if (entry->state == LISP_ENTRY_HOLD)
		lisp_show_line(show, &lisp_kind_entry, entry,
			       "  No answer came, action: {action}\n");
	if (!entry->mapping.n_locators)
		return;
	vty_out(show->vty, "  %-39s %-9s %-14s %-8s %s\n", "Locator", "Uptime", "State", "Pri/Wgt",
		"Encap-IID");
	lisp_show_lines(show, &lisp_kind_entry_locator, entry,
			show->detail ? "  {address:39} {last-change:9@time} {state:14} "
				       "{priority:>3}/{weight:4} -\n"
				       "    Packets out: {packets-out} ({bytes-out} bytes), in: "
				       "{packets-in} ({bytes-in} bytes), all mappings together\n"
				       "    Last up-down state change: {last-change@time} ago\n"
				     : "  {address:39} {last-change:9@time} {state:14} "
				       "{priority:>3}/{weight:4} -\n");
}

static bool entry_wanted(const struct lisp_show *show, const struct lisp_kind *kind,
			 const void *object)
{
	const struct lisp_entry *entry = object;

	if (kind != &lisp_kind_entry)
		return true;
	if (strmatch(show->name, "static") && entry->source != LISP_SOURCE_STATIC)
		return false;
	if (strmatch(show->name, "negative") && entry->state != LISP_ENTRY_NEGATIVE &&
	    entry->state != LISP_ENTRY_HOLD)
		return false;
	return !show->within.prefix.family || lisp_show_longer(show, kind, object);
}

static void map_cache_summary_head(struct lisp_show *show)
{
	vty_out(show->vty, "Inst ID  EIDs     Entries      Limit\n");
}

static void map_cache_summary_line(struct lisp_show *show, const void *object)
{
	lisp_show_line(show, &lisp_kind_service, object,
		       "{instance-id:8} {address-family:4} {map-cache-size:>11} "
		       "{map-cache-limit:>10}\n");
}

int lisp_show_map_cache(struct vty *vty, const struct lisp_scope *scope,
			const struct lisp_pick *pick, bool detail, bool json)
{
	static const struct lisp_section summary[] = {
		{
			.kind = &lisp_kind_service,
			.head = map_cache_summary_head,
			.text = map_cache_summary_line,
		},
		{},
	};
	static const struct lisp_section sections[] = {
		{ .kind = &lisp_kind_map_cache },
		{
			.kind = &lisp_kind_entry,
			.head = map_cache_head,
			.text = entry_text,
			.by_service = true,
		},
		{},
	};
	struct lisp_show show = {
		.vty = vty,
		.json = json,
		.detail = detail || (pick->eid && !pick->longer),
		.scope = *scope,
		.sections = pick->summary ? summary : sections,
		.wanted = entry_wanted,
	};

	if (pick->what)
		strlcpy(show.name, pick->what, sizeof(show.name));
	if (pick->eid && pick->longer) {
		show.within = *pick->eid;
	} else if (pick->eid) {
		show.only = lisp_map_cache_find(pick->eid);
		if (!show.only)
			show.only = lisp_map_cache_match(pick->eid);
		if (!show.only && json)
			return lisp_show_nothing(&show);
		if (!show.only) {
			vty_out(vty, "%% No map-cache entry covers %pFX\n", &pick->eid->prefix);
			return CMD_WARNING;
		}
	}
	return lisp_show(&show);
}

/* ---- outstanding Map-Requests ---- */

static void pending_head(struct lisp_show *show)
{
	lisp_show_line(show, &lisp_kind_pending, NULL,
		       "{outstanding} outstanding Map-Requests, lig's included\n\n");
	vty_out(show->vty, "%-8s %-43s %-9s %-5s %s\n", "Inst ID", "EID-prefix", "Since", "Sent",
		"For");
}

static void query_text(struct lisp_show *show, const void *object)
{
	lisp_show_line(show, &lisp_kind_query, object,
		       "{instance-id:8} {eid:43} {since:9@time} {sent:5} {for}\n");
}

int lisp_show_pending(struct vty *vty, const struct lisp_scope *scope, bool json)
{
	static const struct lisp_section sections[] = {
		{ .kind = &lisp_kind_pending },
		{ .kind = &lisp_kind_query, .head = pending_head, .text = query_text },
		{},
	};

	return lisp_show(&(struct lisp_show){
		.vty = vty, .json = json, .scope = *scope, .sections = sections });
}

/* ---- database ---- */

static void database_head(struct lisp_show *show)
{
	const struct lisp_service *service = lisp_service_get(show->iid, show->family);
	struct lisp_local_eid *local = NULL;
	char table[LISP_EID_TABLE_STRLEN];
	struct lisp_value lsbs;
	uint32_t bits = 0;

	if (show->only)
		return;
	while ((local = lisp_database_of(show->iid, show->family, local))) {
		lisp_kind_read(&lisp_kind_local, "locator-status-bits", local, &lsbs);
		bits |= lsbs.number;
	}
	lisp_show_router_head(show);
	vty_out(show->vty, "LISP ETR %s Mapping Database for EID-table %s (IID %u), LSBs: 0x%x\n",
		lisp_family_title(show->family),
		lisp_eid_table_name(show->iid, table, sizeof(table)), show->iid, bits);
	lisp_show_line(show, &lisp_kind_service, service,
		       service->etr ? "Entries total {local-eids}, no-route {local-eids-down}, "
				      "inactive 0\n\n"
				    : "Entries total {local-eids}, no-route {local-eids-down}, "
				      "inactive {local-eids}\n\n");
}

static void local_locator_text(struct lisp_show *show, const struct lisp_set_locator *loc)
{
	lisp_show_line(show, &lisp_kind_local_locator, loc,
		       IS_IPADDR_NONE(&loc->addr) ? "  {interface:39}" : "  {address:39}");
	lisp_show_line(show, &lisp_kind_local_locator, loc, " {priority:>3}/{weight:4} ");
	vty_out(show->vty, "%-9s ",
		!IS_IPADDR_NONE(&loc->by) ? "auto-disc"
		: loc->ifname[0]	  ? "cfg-intf"
					  : "cfg-addr");
	vty_out(show->vty, "%s, ",
		loc->rloc && !loc->rloc->local && !loc->rloc->left ? "site-other" : "site-self");
	lisp_show_line(show, &lisp_kind_local_locator, loc,
		       lisp_set_locator_state(loc) == LISP_RLOC_UP ? "reachable\n" : "{state}\n");
}

static void local_text(struct lisp_show *show, const void *object)
{
	const struct lisp_local_eid *local = object;
	struct lisp_set_locator *loc = NULL;

	lisp_show_line(show, &lisp_kind_local, local,
		       "{eid}{locator-set?, locator-set $|}"
		       "{locator-set-missing?, which is not there|}\n");
	if (local->lost)
		vty_out(show->vty, "  No route to it: our locators are down for it\n");
	vty_out(show->vty, "  %-39s %-8s %-9s %s\n", "Locator", "Pri/Wgt", "Source", "State");
	while ((loc = lisp_local_eid_locator_next(local, loc)))
		local_locator_text(show, loc);
	lisp_show_lines(show, &lisp_kind_local_registration, local,
			"  Map-Server {map-server}: {state} since {since@time}{reason?, $|}\n");
}

static void database_summary_head(struct lisp_show *show)
{
	vty_out(show->vty, "Inst ID  EIDs     Entries   No route\n");
}

static void database_summary_line(struct lisp_show *show, const void *object)
{
	lisp_show_line(show, &lisp_kind_service, object,
		       "{instance-id:8} {address-family:4} {local-eids:>11} "
		       "{local-eids-down:>10}\n");
}

int lisp_show_database(struct vty *vty, const struct lisp_scope *scope,
		       const struct lisp_pick *pick, bool json)
{
	static const struct lisp_section summary[] = {
		{
			.kind = &lisp_kind_service,
			.head = database_summary_head,
			.text = database_summary_line,
		},
		{},
	};
	static const struct lisp_section sections[] = {
		{ .kind = &lisp_kind_database },
		{
			.kind = &lisp_kind_local,
			.head = database_head,
			.text = local_text,
			.by_service = true,
		},
		{},
	};

	struct lisp_show show = {
		.vty = vty,
		.json = json,
		.scope = *scope,
		.sections = pick->summary ? summary : sections,
	};

	if (pick->eid && pick->longer) {
		show.within = *pick->eid;
		show.wanted = lisp_show_longer;
	} else if (pick->eid) {
		show.only = lisp_database_find(pick->eid);
		if (!show.only)
			show.only = lisp_database_match(pick->eid);
		if (!show.only && json)
			return lisp_show_nothing(&show);
		if (!show.only) {
			vty_out(vty, "%% No local EID-prefix covers %pFX\n", &pick->eid->prefix);
			return CMD_WARNING;
		}
	}
	return lisp_show(&show);
}

/* ---- RLOCs ---- */

static void rloc_head(struct lisp_show *show)
{
	vty_out(show->vty, "%-39s %-6s %-16s %-9s %-15s %-15s %5s %8s %s\n", "RLOC", "Site",
		"State", "Changed", "Interface", "Source", "Users", "RTT us", "Packets In/Out");
}

static void rloc_text(struct lisp_show *show, const void *object)
{
	const struct lisp_rloc *rloc = object;

	lisp_show_line(show, &lisp_kind_rloc, object, "{address:39} ");
	vty_out(show->vty, "%-6s ",
		rloc->local || rloc->left ? "self"
		: rloc->own_refs	  ? "other"
					  : "remote");
	lisp_show_line(show, &lisp_kind_rloc, object,
		       "{state:16} {last-change:9@time} "
		       "{interface:15} {source:15} {users:>5} {probe-rtt:>8} {packets-in}/{packets-out}\n");
}

int lisp_show_rloc(struct vty *vty, bool json)
{
	static const struct lisp_section sections[] = {
		{ .kind = &lisp_kind_rloc, .head = rloc_head, .text = rloc_text },
		{},
	};

	return lisp_show(&(struct lisp_show){
		.vty = vty,
		.json = json,
		.scope.families = LISP_FAMILIES_ALL,
		.sections = sections,
	});
}

/* ---- SMRs ---- */

static void smr_head(struct lisp_show *show)
{
	vty_out(show->vty, "%-39s %8s %8s %10s\n", "RLOC", "Waiting", "Asked", "Unanswered");
}

static void smr_text(struct lisp_show *show, const void *object)
{
	lisp_show_line(show, &lisp_kind_smr, object,
		       "{address:39} {waiting:>8} {waiting-asked:>8} {unanswered:>10}\n");
}

int lisp_show_smr(struct vty *vty, bool json)
{
	static const struct lisp_section sections[] = {
		{ .kind = &lisp_kind_smr, .head = smr_head, .text = smr_text },
		{},
	};

	return lisp_show(&(struct lisp_show){
		.vty = vty,
		.json = json,
		.scope.families = LISP_FAMILIES_ALL,
		.sections = sections,
	});
}
