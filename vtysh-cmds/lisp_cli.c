// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Configuration commands of `router lisp`, linked into mgmtd.
 *
 * A command becomes changes of the YANG tree and nothing else: what may be
 * configured is said in frr-lispd.yang. The way back is in lisp_cli_show.c.
 */
#include <zebra.h>

#include "command.h"
#include "libfrr.h"
#include "northbound_cli.h"
#include "prefix.h"
#include "sockunion.h"

#include "lispd/lisp_eid.h"
#include "lispd/lisp_nb.h"
#include "lispd/lisp_type7.h"

#include "vtysh-cmds/lisp_cli_clippy.c"

#define LISP_XPATH "/frr-lispd:lisp"

#define LISP_EID_HELP                                                                              \
	"IPv4 EID-prefix\n"                                                                        \
	"IPv6 EID-prefix\n"
#define LISP_RLOC_HELP                                                                             \
	"IPv4 RLOC\n"                                                                              \
	"IPv6 RLOC\n"
#define LISP_AF_HELP                                                                               \
	"IPv4 EIDs\n"                                                                              \
	"IPv6 EIDs\n"
#define LISP_LOCATOR_HELP                                                                          \
	"Priority, lowest first (default 1)\n"                                                     \
	"Priority; 255 is not used\n"                                                              \
	"Share of the flows among equal priorities (default 100)\n"                                \
	"Weight\n"                                                                                 \
	"Priority for multicast (default 255)\n"                                                   \
	"Priority; 255 is not used\n"                                                              \
	"Weight for multicast (default 0)\n"                                                       \
	"Weight\n"
#define LISP_KEY_HELP                                                                              \
	"Key shared with the peer, in the configuration\n"                                         \
	"The key follows as it is\n"                                                               \
	"The key follows in type 7 form\n"                                                         \
	"Key\n"
#define LISP_KEY_NAME_HELP                                                                         \
	"Key shared with the peer, in the key file\n"                                              \
	"Name of the key in the key file\n"

/* ---- words to YANG ---- */

/* EID-prefixes are list keys: without host bits, as libyang will have them. */
static const char *eid_text(const struct prefix *prefix, char *buf, size_t size)
{
	struct prefix eid = *prefix;

	apply_mask(&eid);
	prefix2str(&eid, buf, size);
	return buf;
}

/* Names go into XPath predicates between single quotes. */
static bool name_usable(struct vty *vty, const char *name)
{
	if (!strchr(name, '\'') && strlen(name) < 256)
		return true;
	vty_out(vty, "%% A name has no quote and at most 63 characters\n");
	return false;
}

/* A locator line sets all of its values: what is not given is the default. */
static void change_locator(struct vty *vty, const char *priority, const char *weight,
			   const char *mpriority, const char *mweight)
{
	nb_cli_enqueue_change(vty, ".", NB_OP_CREATE, NULL);
	nb_cli_enqueue_change(vty, "./priority", NB_OP_MODIFY, priority);
	nb_cli_enqueue_change(vty, "./weight", NB_OP_MODIFY, weight);
	nb_cli_enqueue_change(vty, "./multicast-priority", NB_OP_MODIFY, mpriority);
	nb_cli_enqueue_change(vty, "./multicast-weight", NB_OP_MODIFY, mweight);
}

/* Without its last locator an object would be empty: then all of it goes. */
static bool is_last_locator(struct vty *vty, const char *object, const char *address)
{
	const struct lyd_node *dnode, *child;
	bool found = false;

	dnode = yang_dnode_get(vty->candidate_config->dnode, object);
	if (!dnode)
		return false;

	LY_LIST_FOR (lyd_child(dnode), child) {
		if (!strmatch(child->schema->name, "locator"))
			continue;
		if (!strmatch(yang_dnode_get_string(child, "address"), address))
			return false;
		found = true;
	}
	return found;
}

static int destroy_locator(struct vty *vty, const char *object, const char *address)
{
	char xpath[XPATH_MAXLEN];

	snprintf(xpath, sizeof(xpath), "%s/locator[address='%s']", object, address);
	if (is_last_locator(vty, object, address))
		nb_cli_enqueue_change(vty, object, NB_OP_DESTROY, NULL);
	else
		nb_cli_enqueue_change(vty, xpath, NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, NULL);
}

/* A locator of an object that has an EID-prefix for its key. */
static int change_eid_locator(struct vty *vty, bool no, const char *list, const struct prefix *prefix,
			      const union sockunion *address, const char *priority,
			      const char *weight, const char *mpriority, const char *mweight)
{
	char eid[PREFIX_STRLEN], rloc[SU_ADDRSTRLEN], object[XPATH_MAXLEN];

	snprintfrr(rloc, sizeof(rloc), "%pSU", address);
	snprintf(object, sizeof(object), LISP_XPATH "/%s[eid='%s']", list,
		 eid_text(prefix, eid, sizeof(eid)));
	if (no)
		return destroy_locator(vty, object, rloc);
	change_locator(vty, priority, weight, mpriority, mweight);
	return nb_cli_apply_changes(vty, "%s/locator[address='%s']", object, rloc);
}

/*
 * The type 7 form of a secret as it was typed; text has LISP_TYPE7_TEXT_MAX + 1.
 * Type 7 goes on as it is (the model checks it), in capitals.
 */
static bool key_text(struct vty *vty, const char *type, const char *secret, char *text)
{
	size_t i;

	if (type && type[0] == '7' && strlen(secret) <= LISP_TYPE7_TEXT_MAX) {
		strlcpy(text, secret, LISP_TYPE7_TEXT_MAX + 1);
		for (i = 0; text[i]; i++)
			text[i] = toupper((unsigned char)text[i]);
		return true;
	}
	if ((type && type[0] == '7') ||
	    !lisp_type7_encode(secret, text, LISP_TYPE7_TEXT_MAX + 1)) {
		vty_out(vty, "%% A key has 1 to %d characters\n", LISP_TYPE7_SECRET_MAX);
		return false;
	}
	vty_out(vty,
		"%% Keys in the configuration are readable in commit files; use key-name and a key file\n");
	return true;
}

static const char *hash_algorithm(const char *word)
{
	if (!word || strmatch(word, "sha2"))
		return "hmac-sha-256-128";
	return strmatch(word, "sha1") ? "hmac-sha-1-96" : "hmac-sha-256-128-hkdf";
}

/* ---- router lisp ---- */

DEFPY_YANG_NOSH (router_lisp,
	router_lisp_cmd,
	"router lisp",
	"Enable a routing process\n"
	"Locator/ID Separation Protocol (LISP)\n")
{
	int ret;

	nb_cli_enqueue_change(vty, LISP_XPATH, NB_OP_CREATE, NULL);
	ret = nb_cli_apply_changes(vty, NULL);
	if (ret == CMD_SUCCESS)
		VTY_PUSH_XPATH(LISP_NODE, LISP_XPATH);
	return ret;
}

DEFPY_YANG (no_router_lisp,
	no_router_lisp_cmd,
	"no router lisp",
	NO_STR
	"Enable a routing process\n"
	"Locator/ID Separation Protocol (LISP)\n")
{
	nb_cli_enqueue_change(vty, LISP_XPATH, NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes_clear_pending(vty, NULL);
}

DEFPY_YANG (lisp_site_id,
	lisp_site_id_cmd,
	"[no] site-id ![WORD$value]",
	NO_STR
	"Site-ID sent in Map-Registers\n"
	"Site-ID (0-18446744073709551615)\n")
{
	nb_cli_enqueue_change(vty, "./site-id", no ? NB_OP_DESTROY : NB_OP_MODIFY, value);
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG (lisp_xtr_id,
	lisp_xtr_id_cmd,
	"[no] xtr-id ![WORD$value]",
	NO_STR
	"xTR-ID sent in Map-Registers\n"
	"xTR-ID: 32 hexadecimal digits\n")
{
	char text[64];
	size_t i;

	strlcpy(text, value ? value : "", sizeof(text));
	for (i = 0; text[i]; i++)
		text[i] = tolower((unsigned char)text[i]);
	nb_cli_enqueue_change(vty, "./xtr-id", no ? NB_OP_DESTROY : NB_OP_MODIFY, text);
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG (lisp_key_file,
	lisp_key_file_cmd,
	"[no] key-file ![WORD$path]",
	NO_STR
	"File of named keys, mode 0600 (default lisp.keys beside frr.conf)\n"
	"Absolute path\n")
{
	nb_cli_enqueue_change(vty, "./key-file", no ? NB_OP_DESTROY : NB_OP_MODIFY, path);
	return nb_cli_apply_changes(vty, NULL);
}

/* ---- locator-sets ---- */

DEFPY_YANG_NOSH (lisp_locator_set,
	lisp_locator_set_cmd,
	"locator-set WORD$name",
	"Named set of locators\n"
	"Name\n")
{
	char xpath[XPATH_MAXLEN];
	int ret;

	if (!name_usable(vty, name))
		return CMD_WARNING_CONFIG_FAILED;
	snprintf(xpath, sizeof(xpath),
		 LISP_XPATH "/locator-sets/locator-set[locator-set-name='%s']", name);
	nb_cli_enqueue_change(vty, xpath, NB_OP_CREATE, NULL);
	ret = nb_cli_apply_changes(vty, NULL);
	if (ret == CMD_SUCCESS)
		VTY_PUSH_XPATH(LISP_LOCATOR_SET_NODE, xpath);
	return ret;
}

DEFPY_YANG (no_lisp_locator_set,
	no_lisp_locator_set_cmd,
	"no locator-set WORD$name",
	NO_STR
	"Named set of locators\n"
	"Name\n")
{
	char xpath[XPATH_MAXLEN];

	if (!name_usable(vty, name))
		return CMD_WARNING_CONFIG_FAILED;
	snprintf(xpath, sizeof(xpath),
		 LISP_XPATH "/locator-sets/locator-set[locator-set-name='%s']", name);
	nb_cli_enqueue_change(vty, xpath, NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG (lisp_locator,
	lisp_locator_cmd,
	"[no] <A.B.C.D|X:X::X:X>$address [{priority (0-255)|weight (0-100)|multicast-priority (0-255)|multicast-weight (0-100)}]",
	NO_STR
	LISP_RLOC_HELP
	LISP_LOCATOR_HELP)
{
	char xpath[XPATH_MAXLEN];

	snprintfrr(xpath, sizeof(xpath), "./locator[address='%pSU']", address);
	if (no)
		nb_cli_enqueue_change(vty, ".", NB_OP_DESTROY, NULL);
	else
		change_locator(vty, priority_str, weight_str, multicast_priority_str,
			       multicast_weight_str);
	return nb_cli_apply_changes(vty, "%s", xpath);
}

DEFPY_YANG (lisp_locator_interface,
	lisp_locator_interface_cmd,
	"[no] interface IFNAME$ifname <ipv4|ipv6>$af [{priority (0-255)|weight (0-100)|multicast-priority (0-255)|multicast-weight (0-100)}]",
	NO_STR
	"Locator: the address that an interface has\n"
	"Interface name\n"
	"Its IPv4 address\n"
	"Its IPv6 address\n"
	LISP_LOCATOR_HELP)
{
	char xpath[XPATH_MAXLEN];

	if (!name_usable(vty, ifname))
		return CMD_WARNING_CONFIG_FAILED;
	snprintf(xpath, sizeof(xpath), "./interface[interface-ref='%s'][address-family='%s']",
		 ifname, af);
	if (no)
		nb_cli_enqueue_change(vty, ".", NB_OP_DESTROY, NULL);
	else
		change_locator(vty, priority_str, weight_str, multicast_priority_str,
			       multicast_weight_str);
	return nb_cli_apply_changes(vty, "%s", xpath);
}

/* ---- database-mapping ---- */

DEFPY_YANG (lisp_database_mapping_set,
	lisp_database_mapping_set_cmd,
	"[no] database-mapping <A.B.C.D/M|X:X::X:X/M>$prefix locator-set WORD$name",
	NO_STR
	"EID-prefix of this site\n"
	LISP_EID_HELP
	"Its locators\n"
	"Name of the locator-set\n")
{
	char eid[PREFIX_STRLEN];

	if (no)
		nb_cli_enqueue_change(vty, ".", NB_OP_DESTROY, NULL);
	else {
		nb_cli_enqueue_change(vty, ".", NB_OP_CREATE, NULL);
		nb_cli_enqueue_change(vty, "./locator-set", NB_OP_MODIFY, name);
	}
	return nb_cli_apply_changes(vty, "./local-eids/local-eid[eid='%s']",
				    eid_text(prefix, eid, sizeof(eid)));
}

DEFPY_YANG (lisp_database_mapping_rloc,
	lisp_database_mapping_rloc_cmd,
	"[no] database-mapping <A.B.C.D/M|X:X::X:X/M>$prefix <A.B.C.D|X:X::X:X>$address [{priority (0-255)|weight (0-100)|multicast-priority (0-255)|multicast-weight (0-100)}]",
	NO_STR
	"EID-prefix of this site\n"
	LISP_EID_HELP
	LISP_RLOC_HELP
	LISP_LOCATOR_HELP)
{
	return change_eid_locator(vty, no, "local-eids/local-eid", prefix, address, priority_str,
				  weight_str, multicast_priority_str, multicast_weight_str);
}

DEFPY_YANG (no_lisp_database_mapping,
	no_lisp_database_mapping_cmd,
	"no database-mapping <A.B.C.D/M|X:X::X:X/M>$prefix",
	NO_STR
	"EID-prefix of this site\n"
	LISP_EID_HELP)
{
	char eid[PREFIX_STRLEN];

	nb_cli_enqueue_change(vty, ".", NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, "./local-eids/local-eid[eid='%s']",
				    eid_text(prefix, eid, sizeof(eid)));
}

/* ---- ipv4|ipv6 itr, etr, map-server, map-resolver, alt-vrf ---- */

/* A role's leaf; `path` is below the service. */
static int change_service(struct vty *vty, const char *af, const char *path,
			  enum nb_operation operation, const char *value)
{
	char xpath[XPATH_MAXLEN];

	snprintf(xpath, sizeof(xpath), "./service[address-family='%s']/%s", af, path);
	nb_cli_enqueue_change(vty, xpath, operation, value);
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG (lisp_itr,
	lisp_itr_cmd,
	"[no] <ipv4|ipv6>$af itr",
	NO_STR
	LISP_AF_HELP
	"Ingress Tunnel Router: encapsulate to other sites\n")
{
	return change_service(vty, af, "itr/enabled", NB_OP_MODIFY, no ? "false" : "true");
}

DEFPY_YANG (lisp_itr_map_resolver,
	lisp_itr_map_resolver_cmd,
	"[no] <ipv4|ipv6>$af itr map-resolver <A.B.C.D|X:X::X:X>$address",
	NO_STR
	LISP_AF_HELP
	"Ingress Tunnel Router\n"
	"Map-Resolver to ask\n"
	"IPv4 address of the Map-Resolver\n"
	"IPv6 address of the Map-Resolver\n")
{
	char path[XPATH_MAXLEN];

	snprintfrr(path, sizeof(path), "itr/map-resolvers/map-resolver[address='%pSU']", address);
	return change_service(vty, af, path, no ? NB_OP_DESTROY : NB_OP_CREATE, NULL);
}

DEFPY_YANG (lisp_itr_map_cache_limit,
	lisp_itr_map_cache_limit_cmd,
	"[no] <ipv4|ipv6>$af itr map-cache-limit ![(1-10000000)$limit]",
	NO_STR
	LISP_AF_HELP
	"Ingress Tunnel Router\n"
	"Most entries of the map-cache (default 100000)\n"
	"Entries\n")
{
	return change_service(vty, af, "itr/map-cache-limit", no ? NB_OP_DESTROY : NB_OP_MODIFY,
			      limit_str);
}

ALIAS_YANG (lisp_itr_map_cache_limit,
	lisp_map_cache_limit_cmd,
	"[no] <ipv4|ipv6>$af map-cache-limit ![(1-10000000)$limit]",
	NO_STR
	LISP_AF_HELP
	"Most entries of the map-cache (default 100000)\n"
	"Entries\n")

DEFPY_YANG (lisp_etr,
	lisp_etr_cmd,
	"[no] <ipv4|ipv6>$af etr",
	NO_STR
	LISP_AF_HELP
	"Egress Tunnel Router: register, answer and decapsulate\n")
{
	return change_service(vty, af, "etr/enabled", NB_OP_MODIFY, no ? "false" : "true");
}

static void map_server_xpath(char *xpath, size_t size, const char *af,
			     const union sockunion *address)
{
	snprintfrr(xpath, size,
		   "./service[address-family='%s']/etr/map-servers/map-server[address='%pSU']", af,
		   address);
}

DEFPY_YANG (lisp_etr_map_server,
	lisp_etr_map_server_cmd,
	"<ipv4|ipv6>$af etr map-server <A.B.C.D|X:X::X:X>$address <key [<0|7>$type] WORD$secret [hash-function <sha1|sha2|sha2-hkdf>$hash]|key-name WORD$name> [proxy-reply]$proxy",
	LISP_AF_HELP
	"Egress Tunnel Router\n"
	"Map-Server to register with\n"
	"IPv4 address of the Map-Server\n"
	"IPv6 address of the Map-Server\n"
	LISP_KEY_HELP
	"Algorithm of the authentication (default sha2)\n"
	"HMAC-SHA-1-96\n"
	"HMAC-SHA-256-128\n"
	"HMAC-SHA-256-128 with a key of its own for each message\n"
	LISP_KEY_NAME_HELP
	"Ask the Map-Server to answer for us\n")
{
	char xpath[XPATH_MAXLEN], text[LISP_TYPE7_TEXT_MAX + 1];

	nb_cli_enqueue_change(vty, ".", NB_OP_REPLACE, NULL);
	if (name)
		nb_cli_enqueue_change(vty, "./key-name", NB_OP_MODIFY, name);
	else {
		if (!key_text(vty, type, secret, text))
			return CMD_WARNING_CONFIG_FAILED;
		nb_cli_enqueue_change(vty, "./authentication-key", NB_OP_MODIFY, text);
		nb_cli_enqueue_change(vty, "./algorithm", NB_OP_MODIFY, hash_algorithm(hash));
	}
	nb_cli_enqueue_change(vty, "./proxy-reply", NB_OP_MODIFY, proxy ? "true" : "false");

	map_server_xpath(xpath, sizeof(xpath), af, address);
	return nb_cli_apply_changes(vty, "%s", xpath);
}

DEFPY_YANG (no_lisp_etr_map_server,
	no_lisp_etr_map_server_cmd,
	"no <ipv4|ipv6>$af etr map-server <A.B.C.D|X:X::X:X>$address [<key [<0|7>$type] WORD$secret [hash-function <sha1|sha2|sha2-hkdf>$hash]|key-name WORD$name> [proxy-reply]$proxy]",
	NO_STR
	LISP_AF_HELP
	"Egress Tunnel Router\n"
	"Map-Server to register with\n"
	"IPv4 address of the Map-Server\n"
	"IPv6 address of the Map-Server\n"
	LISP_KEY_HELP
	"Algorithm of the authentication (default sha2)\n"
	"HMAC-SHA-1-96\n"
	"HMAC-SHA-256-128\n"
	"HMAC-SHA-256-128 with a key of its own for each message\n"
	LISP_KEY_NAME_HELP
	"Ask the Map-Server to answer for us\n")
{
	char xpath[XPATH_MAXLEN];

	nb_cli_enqueue_change(vty, ".", NB_OP_DESTROY, NULL);
	map_server_xpath(xpath, sizeof(xpath), af, address);
	return nb_cli_apply_changes(vty, "%s", xpath);
}

DEFPY_YANG (lisp_etr_map_cache_ttl,
	lisp_etr_map_cache_ttl_cmd,
	"[no] <ipv4|ipv6>$af etr map-cache-ttl ![(1-525600)$minutes]",
	NO_STR
	LISP_AF_HELP
	"Egress Tunnel Router\n"
	"How long others may keep our mappings (default 1440)\n"
	"Minutes\n")
{
	return change_service(vty, af, "etr/record-ttl", no ? NB_OP_DESTROY : NB_OP_MODIFY,
			      minutes_str);
}

DEFPY_YANG (lisp_map_server,
	lisp_map_server_cmd,
	"[no] <ipv4|ipv6>$af map-server",
	NO_STR
	LISP_AF_HELP
	"Map-Server: take registrations of the configured sites\n")
{
	return change_service(vty, af, "map-server", NB_OP_MODIFY, no ? "false" : "true");
}

DEFPY_YANG (lisp_map_resolver,
	lisp_map_resolver_cmd,
	"[no] <ipv4|ipv6>$af map-resolver",
	NO_STR
	LISP_AF_HELP
	"Map-Resolver: take Map-Requests of ITRs\n")
{
	return change_service(vty, af, "map-resolver", NB_OP_MODIFY, no ? "false" : "true");
}

DEFPY_YANG (lisp_alt_vrf,
	lisp_alt_vrf_cmd,
	"[no] <ipv4|ipv6>$af alt-vrf ![WORD$vrf]",
	NO_STR
	LISP_AF_HELP
	"VRF of the LISP Alternative Logical Topology\n"
	"VRF name\n")
{
	return change_service(vty, af, "alt-vrf", no ? NB_OP_DESTROY : NB_OP_MODIFY, vrf);
}

/* ---- sites ---- */

DEFPY_YANG_NOSH (lisp_site,
	lisp_site_cmd,
	"site WORD$name",
	"LISP site that may register with this Map-Server\n"
	"Name\n")
{
	char xpath[XPATH_MAXLEN];
	int ret;

	if (!name_usable(vty, name))
		return CMD_WARNING_CONFIG_FAILED;
	snprintf(xpath, sizeof(xpath), LISP_XPATH "/sites/site[name='%s']", name);
	nb_cli_enqueue_change(vty, xpath, NB_OP_CREATE, NULL);
	ret = nb_cli_apply_changes(vty, NULL);
	if (ret == CMD_SUCCESS)
		VTY_PUSH_XPATH(LISP_SITE_NODE, xpath);
	return ret;
}

DEFPY_YANG (no_lisp_site,
	no_lisp_site_cmd,
	"no site WORD$name",
	NO_STR
	"LISP site that may register with this Map-Server\n"
	"Name\n")
{
	char xpath[XPATH_MAXLEN];

	if (!name_usable(vty, name))
		return CMD_WARNING_CONFIG_FAILED;
	snprintf(xpath, sizeof(xpath), LISP_XPATH "/sites/site[name='%s']", name);
	nb_cli_enqueue_change(vty, xpath, NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG (lisp_site_description,
	lisp_site_description_cmd,
	"description LINE...",
	"Text to remember the site by\n"
	"Up to 200 characters\n")
{
	char *text = argv_concat(argv, argc, 1);
	int ret;

	nb_cli_enqueue_change(vty, "./description", NB_OP_MODIFY, text);
	ret = nb_cli_apply_changes(vty, NULL);
	XFREE(MTYPE_TMP, text);
	return ret;
}

DEFPY_YANG (no_lisp_site_description,
	no_lisp_site_description_cmd,
	"no description",
	NO_STR
	"Text to remember the site by\n")
{
	nb_cli_enqueue_change(vty, "./description", NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, NULL);
}

ALIAS_YANG (no_lisp_site_description,
	no_lisp_site_description_text_cmd,
	"no description LINE...",
	NO_STR
	"Text to remember the site by\n"
	"Up to 200 characters\n")

DEFPY_YANG (lisp_site_key,
	lisp_site_key_cmd,
	"authentication-key <key-name WORD$name|[<0|7>$type] WORD$secret>",
	"Key shared with the site's ETRs\n"
	LISP_KEY_NAME_HELP
	"The key follows as it is\n"
	"The key follows in type 7 form\n"
	"Key\n")
{
	char text[LISP_TYPE7_TEXT_MAX + 1];

	if (name) {
		nb_cli_enqueue_change(vty, "./authentication-key", NB_OP_DESTROY, NULL);
		nb_cli_enqueue_change(vty, "./algorithm", NB_OP_DESTROY, NULL);
		nb_cli_enqueue_change(vty, "./key-name", NB_OP_MODIFY, name);
		return nb_cli_apply_changes(vty, NULL);
	}
	if (!key_text(vty, type, secret, text))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, "./key-name", NB_OP_DESTROY, NULL);
	nb_cli_enqueue_change(vty, "./authentication-key", NB_OP_MODIFY, text);
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG (no_lisp_site_key,
	no_lisp_site_key_cmd,
	"no authentication-key [<key-name WORD$name|[<0|7>$type] WORD$secret>]",
	NO_STR
	"Key shared with the site's ETRs\n"
	LISP_KEY_NAME_HELP
	"The key follows as it is\n"
	"The key follows in type 7 form\n"
	"Key\n")
{
	nb_cli_enqueue_change(vty, "./key-name", NB_OP_DESTROY, NULL);
	nb_cli_enqueue_change(vty, "./authentication-key", NB_OP_DESTROY, NULL);
	nb_cli_enqueue_change(vty, "./algorithm", NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG (lisp_site_eid_prefix,
	lisp_site_eid_prefix_cmd,
	"[no] eid-prefix [instance-id (0-16777215)$iid] <A.B.C.D/M|X:X::X:X/M|WORD>$prefix [accept-more-specifics]$more",
	NO_STR
	"EID-prefix that the site may register\n"
	"Instance-ID of the prefix (default 0)\n"
	"Instance-ID\n"
	LISP_EID_HELP
	"MAC/LENGTH, (SOURCE,GROUP) or name:NAME\n"
	"Take registrations of prefixes inside it, too\n")
{
	char text[LISP_EID_STRLEN];
	struct lisp_eid eid;

	if (!lisp_eid_parse(prefix, &eid) || eid.iid) {
		vty_out(vty, "%% Invalid EID: %s\n", prefix);
		return CMD_WARNING_CONFIG_FAILED;
	}

	if (no)
		nb_cli_enqueue_change(vty, ".", NB_OP_DESTROY, NULL);
	else {
		nb_cli_enqueue_change(vty, ".", NB_OP_CREATE, NULL);
		nb_cli_enqueue_change(vty, "./more-specifics-accepted", NB_OP_MODIFY,
				      more ? "true" : "false");
	}
	return nb_cli_apply_changes(vty, "./eid-prefix[instance-id='%s'][prefix='%s']",
				    iid_str ? iid_str : "0",
				    lisp_eid_prefix_str(&eid, text, sizeof(text)));
}

/* ---- map-cache ---- */

DEFPY_YANG (lisp_map_cache_action,
	lisp_map_cache_action_cmd,
	"map-cache <A.B.C.D/M|X:X::X:X/M>$prefix <map-request|drop|natively-forward|no-action>$action",
	"Static map-cache entry\n"
	LISP_EID_HELP
	"Ask the mapping system for each destination inside\n"
	"Drop\n"
	"Forward without LISP\n"
	"No action: drop\n")
{
	char eid[PREFIX_STRLEN];

	nb_cli_enqueue_change(vty, ".", NB_OP_CREATE, NULL);
	nb_cli_enqueue_change(vty, "./action", NB_OP_MODIFY,
			      strmatch(action, "map-request") ? "send-map-request" : action);
	return nb_cli_apply_changes(vty, "./map-cache/static-mapping[eid='%s']",
				    eid_text(prefix, eid, sizeof(eid)));
}

DEFPY_YANG (lisp_map_cache_rloc,
	lisp_map_cache_rloc_cmd,
	"[no] map-cache <A.B.C.D/M|X:X::X:X/M>$prefix <A.B.C.D|X:X::X:X>$address [{priority (0-255)|weight (0-100)|multicast-priority (0-255)|multicast-weight (0-100)}]",
	NO_STR
	"Static map-cache entry\n"
	LISP_EID_HELP
	LISP_RLOC_HELP
	LISP_LOCATOR_HELP)
{
	return change_eid_locator(vty, no, "map-cache/static-mapping", prefix, address, priority_str,
				  weight_str, multicast_priority_str, multicast_weight_str);
}

DEFPY_YANG (no_lisp_map_cache,
	no_lisp_map_cache_cmd,
	"no map-cache <A.B.C.D/M|X:X::X:X/M>$prefix [<map-request|drop|natively-forward|no-action>]",
	NO_STR
	"Static map-cache entry\n"
	LISP_EID_HELP
	"Ask the mapping system for each destination inside\n"
	"Drop\n"
	"Forward without LISP\n"
	"No action: drop\n")
{
	char eid[PREFIX_STRLEN];

	nb_cli_enqueue_change(vty, ".", NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, "./map-cache/static-mapping[eid='%s']",
				    eid_text(prefix, eid, sizeof(eid)));
}

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
	char from[SU_ADDRSTRLEN], to[SU_ADDRSTRLEN];

	if (!name_usable(vty, name))
		return CMD_WARNING_CONFIG_FAILED;
	snprintfrr(from, sizeof(from), "%pSU", source);
	snprintfrr(to, sizeof(to), "%pSU", destination);
	nb_cli_enqueue_change(vty, ".", NB_OP_REPLACE, NULL);
	nb_cli_enqueue_change(vty, "./source", NB_OP_MODIFY, from);
	nb_cli_enqueue_change(vty, "./destination", NB_OP_MODIFY, to);
	if (key_str)
		nb_cli_enqueue_change(vty, "./key", NB_OP_MODIFY, key_str);
	return nb_cli_apply_changes(vty, "./alt/tunnel[name='%s']", name);
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
	if (!name_usable(vty, name))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, ".", NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, "./alt/tunnel[name='%s']", name);
}

/* ---- dataplane ---- */

DEFPY_YANG (lisp_dataplane_queue,
	lisp_dataplane_queue_cmd,
	"dataplane <queue-per-eid|queue-total>$what (0-1000000)$packets",
	"Forwarding\n"
	"First packets held for one EID while it is resolved (default 16, 0: off)\n"
	"Packets held for all EIDs together (default 4096)\n"
	"Packets\n")
{
	nb_cli_enqueue_change(vty,
			      strmatch(what, "queue-total") ? "./dataplane/queue-total"
							    : "./dataplane/queue-per-eid",
			      NB_OP_MODIFY, packets_str);
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG (no_lisp_dataplane_queue,
	no_lisp_dataplane_queue_cmd,
	"no dataplane <queue-per-eid|queue-total>$what [(0-1000000)]",
	NO_STR
	"Forwarding\n"
	"First packets held for one EID while it is resolved (default 16, 0: off)\n"
	"Packets held for all EIDs together (default 4096)\n"
	"Packets\n")
{
	nb_cli_enqueue_change(vty,
			      strmatch(what, "queue-total") ? "./dataplane/queue-total"
							    : "./dataplane/queue-per-eid",
			      NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, NULL);
}

static struct cmd_node lisp_node = {
	.name = "lisp",
	.node = LISP_NODE,
	.parent_node = CONFIG_NODE,
	.prompt = "%s(config-router-lisp)# ",
};

static struct cmd_node lisp_locator_set_node = {
	.name = "lisp locator-set",
	.node = LISP_LOCATOR_SET_NODE,
	.parent_node = LISP_NODE,
	.prompt = "%s(config-router-lisp-locator-set)# ",
};

static struct cmd_node lisp_site_node = {
	.name = "lisp site",
	.node = LISP_SITE_NODE,
	.parent_node = LISP_NODE,
	.prompt = "%s(config-router-lisp-site)# ",
};

void lisp_cli_init(void)
{
	install_node(&lisp_node);
	install_node(&lisp_locator_set_node);
	install_node(&lisp_site_node);
	install_default(LISP_NODE);
	install_default(LISP_LOCATOR_SET_NODE);
	install_default(LISP_SITE_NODE);

	install_element(CONFIG_NODE, &router_lisp_cmd);
	install_element(CONFIG_NODE, &no_router_lisp_cmd);

	install_element(LISP_NODE, &lisp_site_id_cmd);
	install_element(LISP_NODE, &lisp_xtr_id_cmd);
	install_element(LISP_NODE, &lisp_key_file_cmd);
	install_element(LISP_NODE, &lisp_locator_set_cmd);
	install_element(LISP_NODE, &no_lisp_locator_set_cmd);
	install_element(LISP_NODE, &lisp_database_mapping_set_cmd);
	install_element(LISP_NODE, &lisp_database_mapping_rloc_cmd);
	install_element(LISP_NODE, &no_lisp_database_mapping_cmd);
	install_element(LISP_NODE, &lisp_itr_cmd);
	install_element(LISP_NODE, &lisp_itr_map_resolver_cmd);
	install_element(LISP_NODE, &lisp_itr_map_cache_limit_cmd);
	install_element(LISP_NODE, &lisp_map_cache_limit_cmd);
	install_element(LISP_NODE, &lisp_etr_cmd);
	install_element(LISP_NODE, &lisp_etr_map_server_cmd);
	install_element(LISP_NODE, &no_lisp_etr_map_server_cmd);
	install_element(LISP_NODE, &lisp_etr_map_cache_ttl_cmd);
	install_element(LISP_NODE, &lisp_map_server_cmd);
	install_element(LISP_NODE, &lisp_map_resolver_cmd);
	install_element(LISP_NODE, &lisp_alt_vrf_cmd);
	install_element(LISP_NODE, &lisp_site_cmd);
	install_element(LISP_NODE, &no_lisp_site_cmd);
	install_element(LISP_NODE, &lisp_map_cache_action_cmd);
	install_element(LISP_NODE, &lisp_map_cache_rloc_cmd);
	install_element(LISP_NODE, &no_lisp_map_cache_cmd);
	install_element(LISP_NODE, &lisp_alt_tunnel_cmd);
	install_element(LISP_NODE, &no_lisp_alt_tunnel_cmd);
	install_element(LISP_NODE, &lisp_dataplane_queue_cmd);
	install_element(LISP_NODE, &no_lisp_dataplane_queue_cmd);

	install_element(LISP_LOCATOR_SET_NODE, &lisp_locator_cmd);
	install_element(LISP_LOCATOR_SET_NODE, &lisp_locator_interface_cmd);

	install_element(LISP_SITE_NODE, &lisp_site_description_cmd);
	install_element(LISP_SITE_NODE, &no_lisp_site_description_cmd);
	install_element(LISP_SITE_NODE, &no_lisp_site_description_text_cmd);
	install_element(LISP_SITE_NODE, &lisp_site_key_cmd);
	install_element(LISP_SITE_NODE, &no_lisp_site_key_cmd);
	install_element(LISP_SITE_NODE, &lisp_site_eid_prefix_cmd);
}
