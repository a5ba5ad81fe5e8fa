// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Commands that lispd answers itself: show, clear, debug, lig. Configuration is in
 * lisp_cli.c (mgmtd), the output in lisp_show_*.c.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "command.h"
#include "debug.h"
#include "json.h"
#include "libfrr.h"
#include "prefix.h"
#include "sockunion.h"

#include "lispd/lisp_database.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_dplane.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_registry.h"
#include "vtysh-cmds/lisp_show.h"
#include "lispd/lisp_state.h"
#include "vtysh-cmds/lisp_vty.h"

#include "vtysh-cmds/lisp_vty_clippy.c"

#define LISP_STR "Locator/ID Separation Protocol (LISP)\n"

static void address_ipaddr(const union sockunion *su, struct ipaddr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (sockunion_family(su) == AF_INET) {
		SET_IPADDR_V4(addr);
		addr->ipaddr_v4 = su->sin.sin_addr;
	} else {
		SET_IPADDR_V6(addr);
		addr->ipaddr_v6 = su->sin6.sin6_addr;
	}
}

/* `instance-id N`, `eid-table ...`: any place that names an instance. */
#define SCOPE_WORDS                                                                                \
	"[instance-id (0-16777215)$iid] [eid-table <default$eid_default|vrf NAME$eid_vrf|*>]"
#define SCOPE_STR                                                                                  \
	"An instance only\n"                                                                       \
	"Instance-id\n"                                                                            \
	"Instances by the table of their EIDs\n"                                                   \
	"The default VRF\n"                                                                        \
	"A VRF\n"                                                                                  \
	"Its name\n"                                                                               \
	"All of them\n"
#define FAMILY_WORDS "[<ipv4|ipv6>$af]"
#define FAMILY_STR                                                                                 \
	"IPv4 EIDs only\n"                                                                         \
	"IPv6 EIDs only\n"
#define EID_WORDS    "<A.B.C.D|A.B.C.D/M|X:X::X:X|X:X::X:X/M>$what"
#define LONGER_WORDS " [longer-prefixes]$longer"
#define LONGER_STR   "The EID-prefixes that are in it\n"
/* What is to be told of entries of the map-cache, and how much. */
#define ENTRIES_WORDS "[<negative|static>$entries] [<detail|summary>$form]"
#define ENTRIES_STR                                                                                \
	"Only those without locators\n"                                                            \
	"Only those that are configured\n"                                                         \
	"All that is known\n"                                                                      \
	"How many there are\n"
#define EID_STR                                                                                    \
	"EID\n"                                                                                    \
	"EID-prefix\n"                                                                             \
	"EID\n"                                                                                    \
	"EID-prefix\n"

static struct lisp_scope scope_of(const char *iid_str, uint32_t iid, const char *eid_default,
				  const char *eid_vrf, const char *af)
{
	struct lisp_scope scope = {
		.one_iid = iid_str != NULL,
		.iid = iid,
		.families = LISP_FAMILIES_ALL,
	};

	if (eid_default || eid_vrf)
		strlcpy(scope.eid_vrf, eid_vrf ? eid_vrf : VRF_DEFAULT_NAME, sizeof(scope.eid_vrf));
	if (af)
		scope.families = 1U << (strmatch(af, "ipv6") ? LISP_IPV6 : LISP_IPV4);
	return scope;
}

/* False, and says why: no instance is what all of the scope's words are about. */
static bool scope_exists(struct vty *vty, const struct lisp_scope *scope)
{
	char reason[LISP_NO_SCOPE_STRLEN];

	if (lisp_scope_exists(scope))
		return true;
	vty_out(vty, "%s", lisp_no_scope(scope, reason, sizeof(reason)));
	return false;
}

/* The same for what only an instance of its own has. */
static bool scope_has_instance(struct vty *vty, const struct lisp_scope *scope)
{
	if (!scope_exists(vty, scope))
		return false;
	if (!scope->one_iid || lisp_instance_find(scope->iid))
		return true;
	vty_out(vty, "%% There is no instance-id %u\n", scope->iid);
	return false;
}

/* The one instance that a command acts on; false, and says why, if there are several. */
static bool scope_instance(struct vty *vty, const struct lisp_scope *scope, uint32_t *iid)
{
	struct lisp_instance *instance = NULL;
	bool found = false;

	*iid = scope->iid;
	if (scope->one_iid || !scope->eid_vrf[0])
		return scope_exists(vty, scope);
	while ((instance = lisp_instance_next(instance))) {
		if (!strmatch(instance->eid_vrf, scope->eid_vrf))
			continue;
		if (found) {
			vty_out(vty, "%% EID table %s has several instances: give the instance-id\n",
				scope->eid_vrf);
			return false;
		}
		found = true;
		*iid = instance->iid;
	}
	return found || scope_exists(vty, scope);
}

static bool eid_of(struct vty *vty, const struct lisp_scope *scope, const char *what,
		   struct lisp_eid *eid)
{
	uint32_t iid;

	if (!lisp_eid_parse(what, eid)) {
		vty_out(vty, "%% Invalid EID: %s\n", what);
		return false;
	}
	if (!lisp_scope_has_family(scope, eid)) {
		vty_out(vty, "%% %s is not an %s EID\n", what,
			lisp_family_title(scope->families & (1U << LISP_IPV4) ? LISP_IPV4
									      : LISP_IPV6));
		return false;
	}
	if (!scope_has_instance(vty, scope) || !scope_instance(vty, scope, &iid))
		return false;
	eid->iid = iid;
	return true;
}

/* A summary is of a whole table. */
static bool summary_of_all(struct vty *vty, const struct lisp_pick *pick, const char *what)
{
	if (pick->summary && (what || pick->what)) {
		vty_out(vty, "%% A summary is of all entries: leave out %s\n",
			what ? what : pick->what);
		return false;
	}
	return true;
}

static int show_map_cache(struct vty *vty, const struct lisp_scope *scope, const char *what,
			  bool longer, const char *entries, const char *form, bool json)
{
	struct lisp_pick pick = {
		.longer = longer,
		.what = entries,
		.summary = form && strmatch(form, "summary"),
	};
	struct lisp_eid eid;

	if (!summary_of_all(vty, &pick, what))
		return CMD_WARNING;
	if (!what && !json && !scope_has_instance(vty, scope))
		return CMD_WARNING;
	if (what) {
		if (!eid_of(vty, scope, what, &eid))
			return CMD_WARNING;
		pick.eid = &eid;
	}
	return lisp_show_map_cache(vty, scope, &pick, form && !pick.summary, json);
}

static int show_database(struct vty *vty, const struct lisp_scope *scope, const char *what,
			 bool longer, bool summary, bool json)
{
	struct lisp_pick pick = { .longer = longer, .summary = summary };
	struct lisp_eid eid;

	if (!summary_of_all(vty, &pick, what))
		return CMD_WARNING;
	if (what) {
		if (!eid_of(vty, scope, what, &eid))
			return CMD_WARNING;
		pick.eid = &eid;
	}
	return lisp_show_database(vty, scope, &pick, json);
}

DEFPY (show_lisp_map_cache,
	show_lisp_map_cache_cmd,
	"show lisp " SCOPE_WORDS " " FAMILY_WORDS " map-cache [" EID_WORDS LONGER_WORDS "] " ENTRIES_WORDS " [json]$json",
	SHOW_STR
	LISP_STR
	SCOPE_STR
	FAMILY_STR
	"Mappings that the ITR has\n"
	EID_STR
	LONGER_STR
	ENTRIES_STR
	JSON_STR)
{
	struct lisp_scope scope = scope_of(iid_str, iid, eid_default, eid_vrf, af);

	return show_map_cache(vty, &scope, what, longer, entries, form, json);
}

DEFPY (show_ip_lisp_map_cache,
	show_ip_lisp_map_cache_cmd,
	"show <ip|ipv6>$af lisp " SCOPE_WORDS " map-cache [" EID_WORDS LONGER_WORDS "] " ENTRIES_WORDS " [json]$json",
	SHOW_STR
	IP_STR
	IPV6_STR
	LISP_STR
	SCOPE_STR
	"Mappings that the ITR has\n"
	EID_STR
	LONGER_STR
	ENTRIES_STR
	JSON_STR)
{
	struct lisp_scope scope = scope_of(iid_str, iid, eid_default, eid_vrf, af);

	return show_map_cache(vty, &scope, what, longer, entries, form, json);
}

DEFPY (show_lisp_pending,
	show_lisp_pending_cmd,
	"show lisp " SCOPE_WORDS " " FAMILY_WORDS " pending [json]$json",
	SHOW_STR
	LISP_STR
	SCOPE_STR
	FAMILY_STR
	"Outstanding Map-Requests\n"
	JSON_STR)
{
	struct lisp_scope scope = scope_of(iid_str, iid, eid_default, eid_vrf, af);

	return lisp_show_pending(vty, &scope, json);
}

DEFPY (show_lisp_database,
	show_lisp_database_cmd,
	"show lisp " SCOPE_WORDS " " FAMILY_WORDS " database [" EID_WORDS LONGER_WORDS "] [summary]$summary [json]$json",
	SHOW_STR
	LISP_STR
	SCOPE_STR
	FAMILY_STR
	"EID-prefixes of this site and their locators\n"
	EID_STR
	LONGER_STR
	"How many there are\n"
	JSON_STR)
{
	struct lisp_scope scope = scope_of(iid_str, iid, eid_default, eid_vrf, af);

	return show_database(vty, &scope, what, longer, summary, json);
}

DEFPY (show_ip_lisp_database,
	show_ip_lisp_database_cmd,
	"show <ip|ipv6>$af lisp " SCOPE_WORDS " database [" EID_WORDS LONGER_WORDS "] [summary]$summary [json]$json",
	SHOW_STR
	IP_STR
	IPV6_STR
	LISP_STR
	SCOPE_STR
	"EID-prefixes of this site and their locators\n"
	EID_STR
	LONGER_STR
	"How many there are\n"
	JSON_STR)
{
	struct lisp_scope scope = scope_of(iid_str, iid, eid_default, eid_vrf, af);

	return show_database(vty, &scope, what, longer, summary, json);
}

DEFPY (show_lisp_site,
	show_lisp_site_cmd,
	"show lisp " SCOPE_WORDS " " FAMILY_WORDS " site [<name WORD$site|WORD$site>" LONGER_WORDS "] [detail]$detail [json]$json",
	SHOW_STR
	LISP_STR
	SCOPE_STR
	FAMILY_STR
	"Sites of the Map-Server and their registrations\n"
	"A site whose name is like a word of this command\n"
	"Name of a site\n"
	"Name of a site, or an EID or EID-prefix\n"
	LONGER_STR
	"All that is known\n"
	JSON_STR)
{
	struct lisp_scope scope = scope_of(iid_str, iid, eid_default, eid_vrf, af);

	/* an EID is one of an instance */
	if (site && !lisp_site_find(site) && !scope_instance(vty, &scope, &scope.iid))
		return CMD_WARNING;
	return lisp_show_site(vty, &scope, site, longer, detail, json);
}

DEFPY (show_lisp_site_summary,
	show_lisp_site_summary_cmd,
	"show lisp site summary [json]$json",
	SHOW_STR
	LISP_STR
	"Sites of the Map-Server and their registrations\n"
	"How many EID-prefixes each site has\n"
	JSON_STR)
{
	return lisp_show_site_summary(vty, json);
}

DEFPY (show_lisp_service,
	show_lisp_service_cmd,
	"show lisp " SCOPE_WORDS " service " FAMILY_WORDS " [summary]$summary [json]$json",
	SHOW_STR
	LISP_STR
	SCOPE_STR
	"Roles of this router\n"
	FAMILY_STR
	"A line of each EID table\n"
	JSON_STR)
{
	struct lisp_scope scope = scope_of(iid_str, iid, eid_default, eid_vrf, af);

	return lisp_show_service(vty, &scope, summary, json);
}

DEFPY (show_lisp_statistics,
	show_lisp_statistics_cmd,
	"show lisp " SCOPE_WORDS " " FAMILY_WORDS " statistics [json]$json",
	SHOW_STR
	LISP_STR
	SCOPE_STR
	FAMILY_STR
	"Control messages, drops by reason, events\n"
	JSON_STR)
{
	struct lisp_scope scope = scope_of(iid_str, iid, eid_default, eid_vrf, af);

	return lisp_show_statistics(vty, &scope, json);
}

DEFPY (show_lisp_session,
	show_lisp_session_cmd,
	"show lisp " SCOPE_WORDS " " FAMILY_WORDS " session [json]$json",
	SHOW_STR
	LISP_STR
	SCOPE_STR
	FAMILY_STR
	"Map-Servers and Map-Resolvers: who answers\n"
	JSON_STR)
{
	struct lisp_scope scope = scope_of(iid_str, iid, eid_default, eid_vrf, af);

	return lisp_show_session(vty, &scope, json);
}

DEFPY (show_lisp_errors,
	show_lisp_errors_cmd,
	"show lisp errors [json]$json",
	SHOW_STR
	LISP_STR
	"The last messages that were refused: whose, and why\n"
	JSON_STR)
{
	return lisp_show_errors(vty, json);
}

DEFPY (show_lisp_alt,
	show_lisp_alt_cmd,
	"show lisp " SCOPE_WORDS " " FAMILY_WORDS " alt [json]$json",
	SHOW_STR
	LISP_STR
	SCOPE_STR
	FAMILY_STR
	"LISP Alternative Logical Topology: VRFs, tunnels, routes\n"
	JSON_STR)
{
	struct lisp_scope scope = scope_of(iid_str, iid, eid_default, eid_vrf, af);

	return lisp_show_alt(vty, &scope, json);
}

DEFPY (show_lisp_dataplane,
	show_lisp_dataplane_cmd,
	"show lisp dataplane [json]$json",
	SHOW_STR
	LISP_STR
	"Mapping socket, fast path, packets and drops\n"
	JSON_STR)
{
	return lisp_show_dataplane(vty, json);
}

DEFPY (show_lisp_rloc,
	show_lisp_rloc_cmd,
	"show lisp rloc [json]$json",
	SHOW_STR
	LISP_STR
	"All locators in use and their state\n"
	JSON_STR)
{
	return lisp_show_rloc(vty, json);
}

DEFPY (show_lisp_smr,
	show_lisp_smr_cmd,
	"show lisp smr [json]$json",
	SHOW_STR
	LISP_STR
	"Solicit-Map-Requests that wait or are unanswered\n"
	JSON_STR)
{
	return lisp_show_smr(vty, json);
}

static uint8_t protocol_of(const char *name)
{
	if (!name)
		return 0;
	if (strmatch(name, "tcp"))
		return IPPROTO_TCP;
	return strmatch(name, "udp") ? IPPROTO_UDP : IPPROTO_SCTP;
}

DEFPY (show_lisp_forwarding,
	show_lisp_forwarding_cmd,
	"show lisp [<instance-id (0-16777215)$iid|vrf NAME$eid_vrf>] forwarding <A.B.C.D|X:X::X:X>$from <A.B.C.D|X:X::X:X>$to [<tcp|udp|sctp>$protocol (0-65535)$sport (0-65535)$dport] [json]$json",
	SHOW_STR
	LISP_STR
	"An instance only\n"
	"Instance-id\n"
	"The instance with this VRF for EIDs\n"
	"Its name\n"
	"What becomes of a packet, step by step, and why\n"
	"Its source\n"
	"Its source\n"
	"Its destination\n"
	"Its destination\n"
	"Of TCP\n"
	"Of UDP\n"
	"Of SCTP\n"
	"Source port\n"
	"Destination port\n"
	JSON_STR)
{
	struct lisp_scope scope = scope_of(iid_str, iid, NULL, eid_vrf, NULL);
	struct lisp_dplane_packet packet = { .protocol = protocol_of(protocol),
					     .source_port = sport,
					     .destination_port = dport };

	if (!scope_instance(vty, &scope, &packet.iid))
		return CMD_WARNING;
	address_ipaddr(from, &packet.source);
	address_ipaddr(to, &packet.destination);
	return lisp_show_forwarding(vty, &packet, json);
}

/* All that was learned in the instances and families of a scope. */
static void clear_map_cache(const struct lisp_scope *scope)
{
	struct lisp_entry *entry = lisp_map_cache_next(NULL);

	while (entry) {
		struct lisp_eid all = { .iid = entry->mapping.eid.iid };
		struct lisp_eid eid = entry->mapping.eid;

		all.prefix.family = eid.prefix.family;
		if (lisp_scope_has(scope, all.iid, lisp_af_family(all.prefix.family)))
			lisp_map_cache_clear(&all);
		/* the last of this instance and family: what comes behind it is another's */
		memset(&eid.prefix.u, 0xff, sizeof(eid.prefix.u));
		eid.prefix.prefixlen = all.prefix.family == AF_INET ? IPV4_MAX_BITLEN
								    : IPV6_MAX_BITLEN;
		entry = lisp_map_cache_after(&eid);
	}
}

DEFPY (clear_lisp_map_cache,
	clear_lisp_map_cache_cmd,
	"clear lisp " SCOPE_WORDS " " FAMILY_WORDS " map-cache [" EID_WORDS "]",
	CLEAR_STR
	LISP_STR
	SCOPE_STR
	FAMILY_STR
	"Mappings that the ITR has learned\n"
	EID_STR)
{
	struct lisp_scope scope = scope_of(iid_str, iid, eid_default, eid_vrf, af);
	struct lisp_eid eid;

	if (what ? !eid_of(vty, &scope, what, &eid) : !scope_has_instance(vty, &scope))
		return CMD_WARNING;
	if (!what) {
		clear_map_cache(&scope);
		return CMD_SUCCESS;
	}
	if (!lisp_map_cache_clear(&eid)) {
		vty_out(vty, "%% There is no learned map-cache entry %s\n", what);
		return CMD_WARNING;
	}
	return CMD_SUCCESS;
}

DEFPY (clear_lisp_statistics,
	clear_lisp_statistics_cmd,
	"clear lisp statistics",
	CLEAR_STR
	LISP_STR
	"Counters of control messages, Map-Resolvers and the dataplane\n")
{
	lisp_state_clear_counters();
	return CMD_SUCCESS;
}

DEFPY (clear_lisp_site,
	clear_lisp_site_cmd,
	"clear lisp " SCOPE_WORDS " site <*$all|WORD$site>",
	CLEAR_STR
	LISP_STR
	SCOPE_STR
	"Registrations of a site\n"
	"All sites\n"
	"Name of the site\n")
{
	struct lisp_scope scope = scope_of(iid_str, iid, eid_default, eid_vrf, NULL);
	struct lisp_site *found = all ? NULL : lisp_site_find(site);
	uint32_t instance;

	if (!all && !found) {
		vty_out(vty, "%% There is no site %s\n", site);
		return CMD_WARNING;
	}
	if (!scope_instance(vty, &scope, &instance))
		return CMD_WARNING;
	lisp_site_clear(found, lisp_scope_limited(&scope) ? &instance : NULL);
	return CMD_SUCCESS;
}

/* The first EID-prefix of ours, its host bits 0 (RFC 6835 section 4.1). */
static bool self_eid(struct vty *vty, uint32_t iid, const char *self, struct lisp_eid *eid)
{
	struct lisp_local_eid *local = NULL;
	struct ipaddr addr;

	if (!strmatch(self, "self6"))
		local = lisp_database_of(iid, LISP_IPV4, NULL);
	if (!local)
		local = lisp_database_of(iid, LISP_IPV6, NULL);
	if (!local) {
		vty_out(vty, "%% No EID-prefix is ours in instance-id %u\n", iid);
		return false;
	}
	lisp_eid_ipaddr(&local->eid, &addr);
	lisp_eid_host(eid, iid, &addr);
	return true;
}

DEFPY (lig,
	lig_cmd,
	"lig " SCOPE_WORDS " <A.B.C.D$dest4|X:X::X:X$dest6|self$own|self6$own|NAME$name> [{to <A.B.C.D|X:X::X:X>$mr|source <A.B.C.D|X:X::X:X>$src|count (1-5)$count}] [json]$json",
	"LISP Internet Groper: ask the mapping system (RFC 6835)\n"
	SCOPE_STR
	"EID to ask for\n"
	"EID to ask for\n"
	"The first EID-prefix of ours\n"
	"The first IPv6 EID-prefix of ours\n"
	"Name of a host\n"
	"Map-Resolver to ask (default: as the ITR would)\n"
	"IPv4 address of the Map-Resolver\n"
	"IPv6 address of the Map-Resolver\n"
	"Source-EID of the Map-Request\n"
	"IPv4 EID\n"
	"IPv6 EID\n"
	"Most Map-Requests to send (default 3)\n"
	"Map-Requests\n"
	JSON_STR)
{
	struct lisp_scope scope = scope_of(iid_str, iid, eid_default, eid_vrf, NULL);
	struct lisp_lig_command command = { .count = count ? count : LISP_LIG_TRIES,
					    .name = name,
					    .json = json };
	uint32_t instance;

	if (!scope_instance(vty, &scope, &instance))
		return LISP_COMMAND_FAILED;
	command.eid.iid = instance;
	if (own && !self_eid(vty, instance, own, &command.eid))
		return LISP_COMMAND_FAILED;
	if (dest4_str || dest6_str)
		lisp_eid_parse(dest4_str ? dest4_str : dest6_str, &command.eid);
	command.eid.iid = instance;
	if (mr)
		address_ipaddr(mr, &command.to);
	if (src)
		address_ipaddr(src, &command.source);
	return lisp_show_lig(vty, &command);
}

/* ---- debug ---- */

static int debug_set(struct vty *vty, const char *word, bool on, const char *except)
{
	uint32_t mode = DEBUG_NODE2MODE(vty->node);

	for (const struct lisp_debug_switch *one = lisp_debug_switches; one->word; one++)
		if (strmatch(word, "all") ? !except || !strmatch(one->word, except)
					  : strmatch(word, one->word))
			DEBUG_MODE_SET(one->debug, mode, on);
	if (strmatch(word, "all") && !on)
		DEBUG_MODE_OFF(&lisp_dbg_instance, mode);
	return CMD_SUCCESS;
}

DEFPY (debug_lisp,
	debug_lisp_cmd,
	"[no] debug lisp <packet|itr|etr|map-server|alt|rloc|dataplane|all>$what",
	NO_STR
	DEBUG_STR
	LISP_STR
	"Control messages in and out, drops with their reason\n"
	"ITR: misses, Map-Requests, map-cache\n"
	"ETR: registrations, answers, SMRs\n"
	"Map-Server and Map-Resolver\n"
	"LISP+ALT\n"
	"Locators' state\n"
	"Mapping socket to the dataplane\n"
	"All of these\n")
{
	return debug_set(vty, what, !no, NULL);
}

DEFPY (debug_lisp_control_plane,
	debug_lisp_control_plane_cmd,
	"[no] debug lisp control-plane <all|messages>$what",
	NO_STR
	DEBUG_STR
	LISP_STR
	"Everything but the dataplane\n"
	"All of it\n"
	"Control messages in and out, drops with their reason\n")
{
	return debug_set(vty, strmatch(what, "all") ? what : "packet", !no, "dataplane");
}

DEFPY (debug_lisp_instance,
	debug_lisp_instance_cmd,
	"debug lisp <instance-id (0-16777215)$iid|eid-table <default$eid_default|vrf NAME$eid_vrf|*$any>>",
	DEBUG_STR
	LISP_STR
	SCOPE_STR)
{
	struct lisp_scope scope = scope_of(iid_str, iid, eid_default, eid_vrf, NULL);
	uint32_t instance;

	if (!any) {
		if (!scope_instance(vty, &scope, &instance))
			return CMD_WARNING;
		lisp_debug_instance_set(instance);
	}
	DEBUG_MODE_SET(&lisp_dbg_instance, DEBUG_NODE2MODE(vty->node), !any);
	return CMD_SUCCESS;
}

DEFPY (no_debug_lisp_instance,
	no_debug_lisp_instance_cmd,
	"no debug lisp <instance-id [(0-16777215)$iid]|eid-table [<default|vrf NAME|*>]>",
	NO_STR
	DEBUG_STR
	LISP_STR
	SCOPE_STR)
{
	const struct lisp_eid eid = { .iid = iid };

	if (iid_str && !lisp_debug_wants(&eid)) {
		vty_out(vty, "%% Debugging is of another instance-id\n");
		return CMD_WARNING;
	}
	DEBUG_MODE_SET(&lisp_dbg_instance, DEBUG_NODE2MODE(vty->node), false);
	return CMD_SUCCESS;
}

/* The library's switches and ours are one list. */
static int show_debugging(struct vty *vty)
{
	vty_out(vty, "LISP debugging status:\n");
	cmd_show_lib_debugs(vty);
	return CMD_SUCCESS;
}

/* vtysh has this one itself and asks every daemon. */
DEFPY_NOSH (show_debugging_all,
	show_debugging_all_cmd,
	"show debugging",
	SHOW_STR
	DEBUG_STR)
{
	return show_debugging(vty);
}

DEFPY (show_debugging_lisp,
	show_debugging_lisp_cmd,
	"show debugging lisp",
	SHOW_STR
	DEBUG_STR
	LISP_STR)
{
	return show_debugging(vty);
}

/* VRFs of EID tables for Tab. */
static void eid_vrf_complete(vector comps, struct cmd_token *token)
{
	struct lisp_instance *instance = NULL;

	while ((instance = lisp_instance_next(instance)))
		if (instance->eid_vrf[0])
			vector_set(comps, XSTRDUP(MTYPE_COMPLETION, instance->eid_vrf));
}

void lisp_vty_init(void)
{
	static const struct cmd_variable_handler names[] = {
		{ .varname = "eid_vrf", .completions = eid_vrf_complete },
		{},
	};

	cmd_variable_handler_register(names);
	install_element(VIEW_NODE, &show_lisp_map_cache_cmd);
	install_element(VIEW_NODE, &show_ip_lisp_map_cache_cmd);
	install_element(VIEW_NODE, &show_lisp_pending_cmd);
	install_element(VIEW_NODE, &show_lisp_database_cmd);
	install_element(VIEW_NODE, &show_ip_lisp_database_cmd);
	install_element(VIEW_NODE, &show_lisp_site_cmd);
	install_element(VIEW_NODE, &show_lisp_site_summary_cmd);
	install_element(VIEW_NODE, &show_lisp_service_cmd);
	install_element(VIEW_NODE, &show_lisp_statistics_cmd);
	install_element(VIEW_NODE, &show_lisp_errors_cmd);
	install_element(VIEW_NODE, &show_lisp_session_cmd);
	install_element(VIEW_NODE, &show_lisp_alt_cmd);
	install_element(VIEW_NODE, &show_lisp_dataplane_cmd);
	install_element(VIEW_NODE, &show_lisp_rloc_cmd);
	install_element(VIEW_NODE, &show_lisp_smr_cmd);
	install_element(VIEW_NODE, &show_lisp_forwarding_cmd);

	install_element(ENABLE_NODE, &clear_lisp_map_cache_cmd);
	install_element(ENABLE_NODE, &clear_lisp_statistics_cmd);
	install_element(ENABLE_NODE, &clear_lisp_site_cmd);
	install_element(ENABLE_NODE, &lig_cmd);

	install_element(ENABLE_NODE, &debug_lisp_cmd);
	install_element(ENABLE_NODE, &debug_lisp_control_plane_cmd);
	install_element(ENABLE_NODE, &debug_lisp_instance_cmd);
	install_element(ENABLE_NODE, &no_debug_lisp_instance_cmd);
	install_element(CONFIG_NODE, &debug_lisp_cmd);
	install_element(CONFIG_NODE, &debug_lisp_control_plane_cmd);
	install_element(CONFIG_NODE, &debug_lisp_instance_cmd);
	install_element(CONFIG_NODE, &no_debug_lisp_instance_cmd);
	install_element(ENABLE_NODE, &show_debugging_all_cmd);
	install_element(ENABLE_NODE, &show_debugging_lisp_cmd);
}
