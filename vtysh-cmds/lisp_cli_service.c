// SPDX-License-Identifier: GPL-2.0-or-later
/* Roles: itr, etr, map-server, map-resolver, and the ALT. */
#include <zebra.h>

#include "libfrr.h"

#include "lispd/lisp_type7.h"
#include "vtysh-cmds/lisp_cli.h"

#include "vtysh-cmds/lisp_cli_service_clippy.c"

/* Words that commands share */
#define MAP_SERVER_WORDS "etr map-server <A.B.C.D|X:X::X:X>$address "
#define KEY_WORDS                                                                                  \
	"<key [<0|7>$type] SECRET$secret [hash-function <sha1|sha2|sha2-hkdf>$hash]|key-name WORD$name> [proxy-reply]$proxy"

static const char *hash_algorithm(const char *word)
{
	if (!word || strmatch(word, "sha2"))
		return "hmac-sha-256-128";
	return strmatch(word, "sha1") ? "hmac-sha-1-96" : "hmac-sha-256-128-hkdf";
}

/* ---- itr, etr, map-server, map-resolver, alt-vrf ---- */

/*
 * Each command has two forms: `ipv4|ipv6 ...`, and without the family inside of a
 * `service` block, which says it. What DEFPY has is both; each node gets the one that it
 * takes, so that help and completion offer no other.
 */
/* clang-format off */
#define SERVICE_FORMS(name, no, words, no_help, help)                                              \
	ALIAS_YANG(name, name##_of_family_cmd, no "<ipv4|ipv6>$af " words,                         \
		   no_help LISP_AF_HELP help)                                                      \
	ALIAS_YANG(name, name##_in_service_cmd, no words, no_help help)
/* clang-format on */
#define INSTALL_FORMS(name)                                                                        \
	do {                                                                                       \
		LISP_INSTALL_INSTANCE(&name##_of_family_cmd);                                      \
		LISP_INSTALL_SERVICE(&name##_in_service_cmd);                                      \
	} while (0)

/* path is below the service. */
static void service_xpath(const struct vty *vty, const char *af, const char *path, char *xpath,
			  size_t size)
{
	char service[XPATH_MAXLEN];

	lisp_cli_instance(vty, xpath, size);
	snprintf(service, sizeof(service), "/service[address-family='%s']/%s",
		 af ? af : lisp_cli_family(vty), path);
	strlcat(xpath, service, size);
}

static int change_service(struct vty *vty, const char *af, const char *path,
			  enum nb_operation operation, const char *value)
{
	char xpath[XPATH_MAXLEN];

	service_xpath(vty, af, path, xpath, sizeof(xpath));
	if (operation == NB_OP_DESTROY && !lisp_cli_is_configured(vty, xpath, ".", value))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, xpath, operation, value);
	return nb_cli_apply_changes(vty, NULL);
}

#define ITR_HELP "Ingress Tunnel Router: encapsulate to other sites\n"

DEFPY_YANG (lisp_itr,
	lisp_itr_cmd,
	"[no] [<ipv4|ipv6>$af] itr",
	NO_STR
	LISP_AF_HELP
	ITR_HELP)
{
	return change_service(vty, af, "itr/enabled", NB_OP_MODIFY, no ? "false" : "true");
}
SERVICE_FORMS(lisp_itr, "[no] ", "itr", NO_STR, ITR_HELP)

#define ITR_MAP_RESOLVER_HELP                                                                      \
	"Ingress Tunnel Router\n"                                                                  \
	"Map-Resolver to ask\n"                                                                    \
	"IPv4 address of the Map-Resolver\n"                                                       \
	"IPv6 address of the Map-Resolver\n"

DEFPY_YANG (lisp_itr_map_resolver,
	lisp_itr_map_resolver_cmd,
	"[no] [<ipv4|ipv6>$af] itr map-resolver <A.B.C.D|X:X::X:X>$address",
	NO_STR
	LISP_AF_HELP
	ITR_MAP_RESOLVER_HELP)
{
	char path[XPATH_MAXLEN];

	snprintfrr(path, sizeof(path), "itr/map-resolvers/map-resolver[address='%pSU']", address);
	return change_service(vty, af, path, no ? NB_OP_DESTROY : NB_OP_CREATE, NULL);
}
SERVICE_FORMS(lisp_itr_map_resolver, "[no] ", "itr map-resolver <A.B.C.D|X:X::X:X>$address", NO_STR,
	      ITR_MAP_RESOLVER_HELP)

#define ITR_MAP_CACHE_LIMIT_HELP                                                                   \
	"Ingress Tunnel Router\n"                                                                  \
	"Most entries of the map-cache (default 100000)\n"                                         \
	"Entries\n"

DEFPY_YANG (lisp_itr_map_cache_limit,
	lisp_itr_map_cache_limit_cmd,
	"[no] [<ipv4|ipv6>$af] [itr] map-cache-limit ![(1-10000000)$limit]",
	NO_STR
	LISP_AF_HELP
	ITR_MAP_CACHE_LIMIT_HELP)
{
	return change_service(vty, af, "itr/map-cache-limit", no ? NB_OP_DESTROY : NB_OP_MODIFY,
			      limit_str);
}
SERVICE_FORMS(lisp_itr_map_cache_limit, "[no] ", "[itr] map-cache-limit ![(1-10000000)$limit]",
	      NO_STR, ITR_MAP_CACHE_LIMIT_HELP)

#define ITR_NO_ANSWER_HELP                                                                         \
	"Ingress Tunnel Router\n"                                                                  \
	"Packets to an EID that no Map-Resolver answers for\n"                                     \
	"Forward them as without LISP (default)\n"                                                 \
	"Drop them\n"

DEFPY_YANG (lisp_itr_no_answer,
	lisp_itr_no_answer_cmd,
	"[no] [<ipv4|ipv6>$af] itr no-answer ![<natively-forward|drop>$action]",
	NO_STR
	LISP_AF_HELP
	ITR_NO_ANSWER_HELP)
{
	return change_service(vty, af, "itr/no-answer", no ? NB_OP_DESTROY : NB_OP_MODIFY, action);
}
SERVICE_FORMS(lisp_itr_no_answer, "[no] ", "itr no-answer ![<natively-forward|drop>$action]",
	      NO_STR, ITR_NO_ANSWER_HELP)

#define ETR_HELP "Egress Tunnel Router: register, answer and decapsulate\n"

DEFPY_YANG (lisp_etr,
	lisp_etr_cmd,
	"[no] [<ipv4|ipv6>$af] etr",
	NO_STR
	LISP_AF_HELP
	ETR_HELP)
{
	return change_service(vty, af, "etr/enabled", NB_OP_MODIFY, no ? "false" : "true");
}
SERVICE_FORMS(lisp_etr, "[no] ", "etr", NO_STR, ETR_HELP)

static void map_server_xpath(const struct vty *vty, const char *af, const union sockunion *address,
			     char *xpath, size_t size)
{
	char path[XPATH_MAXLEN];

	snprintfrr(path, sizeof(path), "etr/map-servers/map-server[address='%pSU']", address);
	service_xpath(vty, af, path, xpath, size);
}

#define ETR_MAP_SERVER_HELP                                                                        \
	"Egress Tunnel Router\n"                                                                   \
	"Map-Server to register with\n"                                                            \
	"IPv4 address of the Map-Server\n"                                                         \
	"IPv6 address of the Map-Server\n" LISP_KEY_HELP                                           \
	"Algorithm of the authentication (default sha2)\n"                                         \
	"HMAC-SHA-1-96\n"                                                                          \
	"HMAC-SHA-256-128\n"                                                                       \
	"HMAC-SHA-256-128 with a key of its own for each message\n" LISP_KEY_NAME_HELP             \
	"Ask the Map-Server to answer for us\n"

DEFPY_YANG (lisp_etr_map_server,
	lisp_etr_map_server_cmd,
	"[<ipv4|ipv6>$af] " MAP_SERVER_WORDS KEY_WORDS,
	LISP_AF_HELP
	ETR_MAP_SERVER_HELP)
{
	char xpath[XPATH_MAXLEN], text[LISP_TYPE7_TEXT_MAX + 1];

	map_server_xpath(vty, af, address, xpath, sizeof(xpath));
	nb_cli_enqueue_change(vty, ".", NB_OP_REPLACE, NULL);
	if (name)
		nb_cli_enqueue_change(vty, "./key-name", NB_OP_MODIFY, name);
	else {
		if (!lisp_cli_key_text(vty, type, secret, text))
			return CMD_WARNING_CONFIG_FAILED;
		nb_cli_enqueue_change(vty, "./authentication-key", NB_OP_MODIFY, text);
		nb_cli_enqueue_change(vty, "./algorithm", NB_OP_MODIFY, hash_algorithm(hash));
	}
	nb_cli_enqueue_change(vty, "./proxy-reply", NB_OP_MODIFY, proxy ? "true" : "false");
	return nb_cli_apply_changes(vty, "%s", xpath);
}
SERVICE_FORMS(lisp_etr_map_server, "", MAP_SERVER_WORDS KEY_WORDS, "", ETR_MAP_SERVER_HELP)

DEFPY_YANG (no_lisp_etr_map_server,
	no_lisp_etr_map_server_cmd,
	"no [<ipv4|ipv6>$af] " MAP_SERVER_WORDS "[" KEY_WORDS "]",
	NO_STR
	LISP_AF_HELP
	ETR_MAP_SERVER_HELP)
{
	char xpath[XPATH_MAXLEN];

	map_server_xpath(vty, af, address, xpath, sizeof(xpath));
	if (!lisp_cli_is_configured(vty, xpath, "key-name", name) ||
	    !lisp_cli_key_is_configured(vty, xpath, type, secret) ||
	    !lisp_cli_is_configured(vty, xpath, "algorithm", hash ? hash_algorithm(hash) : NULL) ||
	    !lisp_cli_is_configured(vty, xpath, "proxy-reply", proxy ? "true" : NULL))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, ".", NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, "%s", xpath);
}
SERVICE_FORMS(no_lisp_etr_map_server, "no ", MAP_SERVER_WORDS "[" KEY_WORDS "]", NO_STR,
	      ETR_MAP_SERVER_HELP)

#define ETR_MAP_SERVER_PROXY_HELP                                                                  \
	"Egress Tunnel Router\n"                                                                   \
	"Map-Server to register with\n"                                                            \
	"IPv4 address of the Map-Server\n"                                                         \
	"IPv6 address of the Map-Server\n"                                                         \
	"Ask the Map-Server to answer for us\n"

DEFPY_YANG (lisp_etr_map_server_proxy,
	lisp_etr_map_server_proxy_cmd,
	"[no] [<ipv4|ipv6>$af] " MAP_SERVER_WORDS "proxy-reply",
	NO_STR
	LISP_AF_HELP
	ETR_MAP_SERVER_PROXY_HELP)
{
	char xpath[XPATH_MAXLEN];

	map_server_xpath(vty, af, address, xpath, sizeof(xpath));
	if (no && !yang_dnode_exists(vty->candidate_config->dnode, xpath))
		return CMD_SUCCESS;
	nb_cli_enqueue_change(vty, "./proxy-reply", NB_OP_MODIFY, no ? "false" : "true");
	return nb_cli_apply_changes(vty, "%s", xpath);
}
SERVICE_FORMS(lisp_etr_map_server_proxy, "[no] ", MAP_SERVER_WORDS "proxy-reply", NO_STR,
	      ETR_MAP_SERVER_PROXY_HELP)

#define ETR_MAP_CACHE_TTL_HELP                                                                     \
	"Egress Tunnel Router\n"                                                                   \
	"How long others may keep our mappings (default 1440)\n"                                   \
	"Minutes\n"

DEFPY_YANG (lisp_etr_map_cache_ttl,
	lisp_etr_map_cache_ttl_cmd,
	"[no] [<ipv4|ipv6>$af] etr map-cache-ttl ![(1-525600)$minutes]",
	NO_STR
	LISP_AF_HELP
	ETR_MAP_CACHE_TTL_HELP)
{
	return change_service(vty, af, "etr/record-ttl", no ? NB_OP_DESTROY : NB_OP_MODIFY,
			      minutes_str);
}
SERVICE_FORMS(lisp_etr_map_cache_ttl, "[no] ", "etr map-cache-ttl ![(1-525600)$minutes]", NO_STR,
	      ETR_MAP_CACHE_TTL_HELP)

#define MAP_SERVER_HELP "Map-Server: take registrations of the configured sites\n"

DEFPY_YANG (lisp_map_server,
	lisp_map_server_cmd,
	"[no] [<ipv4|ipv6>$af] map-server",
	NO_STR
	LISP_AF_HELP
	MAP_SERVER_HELP)
{
	return change_service(vty, af, "map-server", NB_OP_MODIFY, no ? "false" : "true");
}
SERVICE_FORMS(lisp_map_server, "[no] ", "map-server", NO_STR, MAP_SERVER_HELP)

#define MAP_RESOLVER_HELP "Map-Resolver: take Map-Requests of ITRs\n"

DEFPY_YANG (lisp_map_resolver,
	lisp_map_resolver_cmd,
	"[no] [<ipv4|ipv6>$af] map-resolver",
	NO_STR
	LISP_AF_HELP
	MAP_RESOLVER_HELP)
{
	return change_service(vty, af, "map-resolver", NB_OP_MODIFY, no ? "false" : "true");
}
SERVICE_FORMS(lisp_map_resolver, "[no] ", "map-resolver", NO_STR, MAP_RESOLVER_HELP)

#define MAP_RESOLVER_MAP_SERVER_HELP                                                               \
	MAP_RESOLVER_HELP                                                                          \
	"Map-Server to pass on to what neither this router nor the ALT can answer\n"               \
	"IPv4 address of the Map-Server\n"                                                         \
	"IPv6 address of the Map-Server\n"

DEFPY_YANG (lisp_map_resolver_map_server,
	lisp_map_resolver_map_server_cmd,
	"[no] [<ipv4|ipv6>$af] map-resolver map-server ![<A.B.C.D|X:X::X:X>$address]",
	NO_STR
	LISP_AF_HELP
	MAP_RESOLVER_MAP_SERVER_HELP)
{
	return change_service(vty, af, "map-resolver-map-server", no ? NB_OP_DESTROY : NB_OP_MODIFY,
			      address_str);
}
SERVICE_FORMS(lisp_map_resolver_map_server, "[no] ",
	      "map-resolver map-server ![<A.B.C.D|X:X::X:X>$address]", NO_STR,
	      MAP_RESOLVER_MAP_SERVER_HELP)

#define ALT_VRF_HELP                                                                               \
	"VRF of the LISP Alternative Logical Topology\n"                                           \
	"VRF name\n"

DEFPY_YANG (lisp_alt_vrf,
	lisp_alt_vrf_cmd,
	"[no] [<ipv4|ipv6>$af] alt-vrf ![WORD$vrf]",
	NO_STR
	LISP_AF_HELP
	ALT_VRF_HELP)
{
	return change_service(vty, af, "alt-vrf", no ? NB_OP_DESTROY : NB_OP_MODIFY, vrf);
}
SERVICE_FORMS(lisp_alt_vrf, "[no] ", "alt-vrf ![WORD$vrf]", NO_STR, ALT_VRF_HELP)

/* ---- alt tunnel ---- */

DEFPY_YANG (lisp_alt_tunnel,
	lisp_alt_tunnel_cmd,
	"alt tunnel WORD$name source <A.B.C.D|X:X::X:X>$source destination <A.B.C.D|X:X::X:X>$destination [key (0-4294967295)$key]",
	"LISP Alternative Logical Topology\n"
	"GRE tunnel in the ALT VRF\n"
	"Name of its interface\n"
	"Own address in the underlay\n"
	"IPv4 address\n"
	"IPv6 address\n"
	"The neighbour's address in the underlay\n"
	"IPv4 address\n"
	"IPv6 address\n"
	"GRE key (RFC 2890)\n"
	"Key\n")
{
	char from[SU_ADDRSTRLEN], to[SU_ADDRSTRLEN], xpath[XPATH_MAXLEN];

	if (!lisp_cli_name_usable(vty, name))
		return CMD_WARNING_CONFIG_FAILED;
	snprintfrr(from, sizeof(from), "%pSU", source);
	snprintfrr(to, sizeof(to), "%pSU", destination);
	nb_cli_enqueue_change(vty, ".", NB_OP_REPLACE, NULL);
	nb_cli_enqueue_change(vty, "./source", NB_OP_MODIFY, from);
	nb_cli_enqueue_change(vty, "./destination", NB_OP_MODIFY, to);
	if (key_str)
		nb_cli_enqueue_change(vty, "./key", NB_OP_MODIFY, key_str);
	lisp_cli_instance(vty, xpath, sizeof(xpath));
	return nb_cli_apply_changes(vty, "%s/alt/tunnel[name='%s']", xpath, name);
}

DEFPY_YANG (no_lisp_alt_tunnel,
	no_lisp_alt_tunnel_cmd,
	"no alt tunnel WORD$name [source <A.B.C.D|X:X::X:X>$source destination <A.B.C.D|X:X::X:X>$destination [key (0-4294967295)$key]]",
	NO_STR
	"LISP Alternative Logical Topology\n"
	"GRE tunnel in the ALT VRF\n"
	"Name of its interface\n"
	"Own address in the underlay\n"
	"IPv4 address\n"
	"IPv6 address\n"
	"The neighbour's address in the underlay\n"
	"IPv4 address\n"
	"IPv6 address\n"
	"GRE key (RFC 2890)\n"
	"Key\n")
{
	char instance[XPATH_MAXLEN], xpath[XPATH_MAXLEN];

	if (!lisp_cli_name_usable(vty, name))
		return CMD_WARNING_CONFIG_FAILED;
	lisp_cli_instance(vty, instance, sizeof(instance));
	snprintf(xpath, sizeof(xpath), "%s/alt/tunnel[name='%s']", instance, name);
	if (!lisp_cli_is_configured(vty, xpath, "source", source_str) ||
	    !lisp_cli_is_configured(vty, xpath, "destination", destination_str) ||
	    !lisp_cli_is_configured(vty, xpath, "key", key_str))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, ".", NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, "%s", xpath);
}

void lisp_cli_service_init(void)
{
	INSTALL_FORMS(lisp_itr);
	INSTALL_FORMS(lisp_itr_map_resolver);
	INSTALL_FORMS(lisp_itr_map_cache_limit);
	INSTALL_FORMS(lisp_itr_no_answer);
	INSTALL_FORMS(lisp_etr);
	INSTALL_FORMS(lisp_etr_map_server);
	INSTALL_FORMS(no_lisp_etr_map_server);
	INSTALL_FORMS(lisp_etr_map_server_proxy);
	INSTALL_FORMS(lisp_etr_map_cache_ttl);
	INSTALL_FORMS(lisp_map_server);
	INSTALL_FORMS(lisp_map_resolver);
	INSTALL_FORMS(lisp_map_resolver_map_server);
	INSTALL_FORMS(lisp_alt_vrf);
	LISP_INSTALL_INSTANCE(&lisp_alt_tunnel_cmd);
	LISP_INSTALL_INSTANCE(&no_lisp_alt_tunnel_cmd);
}
