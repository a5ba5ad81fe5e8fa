// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Commands that lispd answers itself: show, clear, lig. Configuration is in
 * lisp_cli.c (mgmtd), the output in lisp_show_*.c and lisp_lig.c.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "command.h"
#include "prefix.h"
#include "sockunion.h"

#include "lispd/lisp_dplane.h"
#include "lispd/lisp_itr.h"
#include "lispd/lisp_lig.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_registry.h"
#include "vtysh-cmds/lisp_show.h"
#include "lispd/lisp_stats.h"
#include "vtysh-cmds/lisp_vty.h"

#include "vtysh-cmds/lisp_vty_clippy.c"

#define LISP_STR     "Locator/ID Separation Protocol (LISP)\n"
#define BOTH_FAMILIES ((1U << LISP_IPV4) | (1U << LISP_IPV6))

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

static int show_map_cache(struct vty *vty, unsigned int families, const char *what, bool detail,
			  bool json)
{
	struct lisp_eid eid;

	if (!what)
		return lisp_show_map_cache(vty, families, NULL, detail, json);
	if (!lisp_eid_parse(what, &eid)) {
		vty_out(vty, "%% %s is no EID or EID-prefix\n", what);
		return CMD_WARNING;
	}
	return lisp_show_map_cache(vty, families, &eid, detail, json);
}

DEFPY (show_lisp_map_cache,
	show_lisp_map_cache_cmd,
	"show lisp map-cache [<A.B.C.D|A.B.C.D/M|X:X::X:X|X:X::X:X/M>$what] [detail]$detail [json]$json",
	SHOW_STR
	LISP_STR
	"Mappings that the ITR has\n"
	"EID: the entry that matches it\n"
	"EID-prefix\n"
	"EID: the entry that matches it\n"
	"EID-prefix\n"
	"All that is known\n"
	JSON_STR)
{
	return show_map_cache(vty, BOTH_FAMILIES, what, detail, json);
}

DEFPY (show_ip_lisp_map_cache,
	show_ip_lisp_map_cache_cmd,
	"show <ip|ipv6>$af lisp map-cache [<A.B.C.D|A.B.C.D/M|X:X::X:X|X:X::X:X/M>$what] [detail]$detail [json]$json",
	SHOW_STR
	IP_STR
	IPV6_STR
	LISP_STR
	"Mappings that the ITR has\n"
	"EID: the entry that matches it\n"
	"EID-prefix\n"
	"EID: the entry that matches it\n"
	"EID-prefix\n"
	"All that is known\n"
	JSON_STR)
{
	unsigned int family = strmatch(af, "ipv6") ? LISP_IPV6 : LISP_IPV4;

	return show_map_cache(vty, 1U << family, what, detail, json);
}

DEFPY (show_lisp_pending,
	show_lisp_pending_cmd,
	"show lisp pending [json]$json",
	SHOW_STR
	LISP_STR
	"Outstanding Map-Requests\n"
	JSON_STR)
{
	return lisp_show_pending(vty, json);
}

DEFPY (show_lisp_database,
	show_lisp_database_cmd,
	"show lisp database [json]$json",
	SHOW_STR
	LISP_STR
	"EID-prefixes of this site and their locators\n"
	JSON_STR)
{
	return lisp_show_database(vty, BOTH_FAMILIES, json);
}

DEFPY (show_ip_lisp_database,
	show_ip_lisp_database_cmd,
	"show <ip|ipv6>$af lisp database [json]$json",
	SHOW_STR
	IP_STR
	IPV6_STR
	LISP_STR
	"EID-prefixes of this site and their locators\n"
	JSON_STR)
{
	return lisp_show_database(vty, 1U << (strmatch(af, "ipv6") ? LISP_IPV6 : LISP_IPV4), json);
}

DEFPY (show_lisp_site,
	show_lisp_site_cmd,
	"show lisp site [WORD$what] [detail]$detail [json]$json",
	SHOW_STR
	LISP_STR
	"Sites of the Map-Server and their registrations\n"
	"Name of a site, or an EID or EID-prefix\n"
	"All that is known\n"
	JSON_STR)
{
	return lisp_show_site(vty, what, detail, json);
}

DEFPY (show_lisp_service,
	show_lisp_service_cmd,
	"show lisp service [<ipv4|ipv6>$af] [json]$json",
	SHOW_STR
	LISP_STR
	"Roles of this router\n"
	"For IPv4 EIDs\n"
	"For IPv6 EIDs\n"
	JSON_STR)
{
	unsigned int families = BOTH_FAMILIES;

	if (af)
		families = 1U << (strmatch(af, "ipv6") ? LISP_IPV6 : LISP_IPV4);
	return lisp_show_service(vty, families, json);
}

DEFPY (show_lisp_statistics,
	show_lisp_statistics_cmd,
	"show lisp statistics [json]$json",
	SHOW_STR
	LISP_STR
	"Control messages, drops by reason, events\n"
	JSON_STR)
{
	return lisp_show_statistics(vty, json);
}

DEFPY (show_lisp_alt,
	show_lisp_alt_cmd,
	"show lisp alt [json]$json",
	SHOW_STR
	LISP_STR
	"LISP Alternative Logical Topology: VRF, tunnels, routes\n"
	JSON_STR)
{
	return lisp_show_alt(vty, json);
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

DEFPY (clear_lisp_map_cache,
	clear_lisp_map_cache_cmd,
	"clear lisp map-cache [<A.B.C.D|A.B.C.D/M|X:X::X:X|X:X::X:X/M>$what]",
	CLEAR_STR
	LISP_STR
	"Mappings that the ITR has learned\n"
	"EID\n"
	"EID-prefix\n"
	"EID\n"
	"EID-prefix\n")
{
	struct lisp_eid eid;

	if (!what) {
		lisp_map_cache_clear(NULL);
		return CMD_SUCCESS;
	}
	if (!lisp_eid_parse(what, &eid)) {
		vty_out(vty, "%% %s is no EID or EID-prefix\n", what);
		return CMD_WARNING;
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
	lisp_stats_clear();
	lisp_map_resolvers_clear();
	lisp_dplane_counters_clear();
	return CMD_SUCCESS;
}

DEFPY (clear_lisp_site,
	clear_lisp_site_cmd,
	"clear lisp site WORD$name",
	CLEAR_STR
	LISP_STR
	"Registrations of a site\n"
	"Name of the site\n")
{
	struct lisp_site *site = lisp_site_find(name);

	if (!site) {
		vty_out(vty, "%% There is no site %s\n", name);
		return CMD_WARNING;
	}
	lisp_site_clear(site);
	return CMD_SUCCESS;
}

DEFPY (lig,
	lig_cmd,
	"lig <A.B.C.D|X:X::X:X>$dest [{to <A.B.C.D|X:X::X:X>$mr|source <A.B.C.D|X:X::X:X>$src|count (1-5)$count}] [json]$json",
	"LISP Internet Groper: ask the mapping system (RFC 6835)\n"
	"EID to ask for\n"
	"EID to ask for\n"
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
	struct ipaddr addr, to = {}, source = {};
	struct lisp_eid eid;

	address_ipaddr(dest, &addr);
	lisp_eid_host(&eid, 0, &addr);
	if (mr)
		address_ipaddr(mr, &to);
	if (src)
		address_ipaddr(src, &source);
	return lisp_lig(vty, &eid, mr ? &to : NULL, src ? &source : NULL, count ? count : 3, json);
}

void lisp_vty_init(void)
{
	install_element(VIEW_NODE, &show_lisp_map_cache_cmd);
	install_element(VIEW_NODE, &show_ip_lisp_map_cache_cmd);
	install_element(VIEW_NODE, &show_lisp_pending_cmd);
	install_element(VIEW_NODE, &show_lisp_database_cmd);
	install_element(VIEW_NODE, &show_ip_lisp_database_cmd);
	install_element(VIEW_NODE, &show_lisp_site_cmd);
	install_element(VIEW_NODE, &show_lisp_service_cmd);
	install_element(VIEW_NODE, &show_lisp_statistics_cmd);
	install_element(VIEW_NODE, &show_lisp_alt_cmd);
	install_element(VIEW_NODE, &show_lisp_dataplane_cmd);
	install_element(VIEW_NODE, &show_lisp_rloc_cmd);

	install_element(ENABLE_NODE, &clear_lisp_map_cache_cmd);
	install_element(ENABLE_NODE, &clear_lisp_statistics_cmd);
	install_element(ENABLE_NODE, &clear_lisp_site_cmd);
	install_element(ENABLE_NODE, &lig_cmd);
}
