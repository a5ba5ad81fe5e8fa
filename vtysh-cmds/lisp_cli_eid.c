// SPDX-License-Identifier: GPL-2.0-or-later
/* Locator-sets, database-mapping, map-cache. */
#include <zebra.h>

#include "libfrr.h"

#include "vtysh-cmds/lisp_cli.h"

#include "vtysh-cmds/lisp_cli_eid_clippy.c"

/* Words that commands share */
#define LOCATOR_WORDS                                                                              \
	"[{priority (0-255)|weight (0-100)|multicast-priority (0-255)|multicast-weight (0-100)}]"
#define RLOC_WORDS   "<A.B.C.D|X:X::X:X>$address "
#define ACTION_WORDS "<map-request|drop|natively-forward|no-action>"
#define ACTION_HELP                                                                                \
	"Ask the mapping system for each destination inside\n"                                     \
	"Drop\n"                                                                                   \
	"Forward without LISP\n"                                                                   \
	"No action: drop\n"

/* Lists of an instance, by EID-prefix */
#define LOCAL_EIDS	"local-eids/local-eid"
#define STATIC_MAPPINGS "map-cache/static-mapping"
#define EID_SPACE	"map-cache/eid-space"

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

static int destroy_locator(struct vty *vty, const char *object, const char *address,
			   const char *xpath)
{
	if (is_last_locator(vty, object, address))
		nb_cli_enqueue_change(vty, object, NB_OP_DESTROY, NULL);
	else
		nb_cli_enqueue_change(vty, xpath, NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, NULL);
}

/* An object of the instance that has an EID-prefix for its key. */
static void eid_xpath(const struct vty *vty, const char *list, const struct prefix *prefix,
		      char *xpath, size_t size)
{
	char eid[PREFIX_STRLEN], key[XPATH_MAXLEN];

	lisp_cli_instance(vty, xpath, size);
	snprintf(key, sizeof(key), "/%s[eid='%s']", list,
		 lisp_cli_eid_text(prefix, eid, sizeof(eid)));
	strlcat(xpath, key, size);
}

/* A locator of such an object. */
static int change_eid_locator(struct vty *vty, bool no, const char *list,
			      const struct prefix *prefix, const union sockunion *address,
			      const char *priority, const char *weight, const char *mpriority,
			      const char *mweight)
{
	char rloc[SU_ADDRSTRLEN], object[XPATH_MAXLEN], xpath[XPATH_MAXLEN];

	eid_xpath(vty, list, prefix, object, sizeof(object));
	snprintfrr(rloc, sizeof(rloc), "%pSU", address);
	snprintf(xpath, sizeof(xpath), "%s/locator[address='%s']", object, rloc);
	if (!no) {
		lisp_cli_change_locator(vty, priority, weight, mpriority, mweight);
		return nb_cli_apply_changes(vty, "%s", xpath);
	}
	if (!lisp_cli_locator_is_configured(vty, xpath, priority, weight, mpriority, mweight))
		return CMD_WARNING_CONFIG_FAILED;
	return destroy_locator(vty, object, rloc, xpath);
}

/* What the leaf has to be, to be destroyed; value NULL: anything. */
static int destroy_eid(struct vty *vty, const char *list, const struct prefix *prefix,
		       const char *leaf, const char *value)
{
	char xpath[XPATH_MAXLEN];

	eid_xpath(vty, list, prefix, xpath, sizeof(xpath));
	if (!lisp_cli_is_configured(vty, xpath, leaf, value))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, ".", NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, "%s", xpath);
}

/* ---- locator-sets ---- */

static int change_set_locator(struct vty *vty, bool no, const char *xpath, const char *priority,
			      const char *weight, const char *mpriority, const char *mweight)
{
	if (!no)
		lisp_cli_change_locator(vty, priority, weight, mpriority, mweight);
	else if (lisp_cli_locator_is_configured(vty, xpath, priority, weight, mpriority, mweight))
		nb_cli_enqueue_change(vty, ".", NB_OP_DESTROY, NULL);
	else
		return CMD_WARNING_CONFIG_FAILED;
	return nb_cli_apply_changes(vty, "%s", xpath);
}

static int change_interface_locator(struct vty *vty, bool no, const char *ifname, const char *af,
				    const char *priority, const char *weight, const char *mpriority,
				    const char *mweight)
{
	char xpath[XPATH_MAXLEN];

	if (!lisp_cli_name_usable(vty, ifname))
		return CMD_WARNING_CONFIG_FAILED;
	snprintf(xpath, sizeof(xpath), "./interface[interface-ref='%s'][address-family='%s']",
		 ifname, af);
	return change_set_locator(vty, no, xpath, priority, weight, mpriority, mweight);
}

/* A name may be used while what it names is not there: who does so now is told. */
static int user_say(const struct lyd_node *local_eid, void *arg)
{
	vty_out(arg, "Without locators until there is such a set again: instance-id %s %s\n",
		yang_dnode_get_string(local_eid, "../../instance-id"),
		yang_dnode_get_string(local_eid, "eid"));
	return YANG_ITER_CONTINUE;
}

DEFPY_YANG_NOSH (lisp_locator_set,
	lisp_locator_set_cmd,
	"locator-set WORD$locator_set",
	"Named set of locators\n"
	"Name\n")
{
	char xpath[XPATH_MAXLEN];
	int ret;

	if (!lisp_cli_name_usable(vty, locator_set))
		return CMD_WARNING_CONFIG_FAILED;
	snprintf(xpath, sizeof(xpath),
		 LISP_XPATH "/locator-sets/locator-set[locator-set-name='%s']", locator_set);
	nb_cli_enqueue_change(vty, xpath, NB_OP_CREATE, NULL);
	ret = nb_cli_apply_changes(vty, NULL);
	if (ret == CMD_SUCCESS)
		VTY_PUSH_XPATH(LISP_LOCATOR_SET_NODE, xpath);
	return ret;
}

DEFPY_YANG (no_lisp_locator_set,
	no_lisp_locator_set_cmd,
	"no locator-set WORD$locator_set",
	NO_STR
	"Named set of locators\n"
	"Name\n")
{
	char xpath[XPATH_MAXLEN];

	if (!lisp_cli_name_usable(vty, locator_set))
		return CMD_WARNING_CONFIG_FAILED;
	snprintf(xpath, sizeof(xpath),
		 LISP_XPATH "/locator-sets/locator-set[locator-set-name='%s']", locator_set);
	yang_dnode_iterate(user_say, vty, vty->candidate_config->dnode,
			   LISP_XPATH "/instances/instance/local-eids/local-eid[locator-set='%s']",
			   locator_set);
	nb_cli_enqueue_change(vty, xpath, NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG (lisp_locator,
	lisp_locator_cmd,
	"[no] " RLOC_WORDS LOCATOR_WORDS,
	NO_STR
	LISP_RLOC_HELP
	LISP_LOCATOR_HELP)
{
	char xpath[XPATH_MAXLEN];

	snprintfrr(xpath, sizeof(xpath), "./locator[address='%pSU']", address);
	return change_set_locator(vty, no, xpath, priority_str, weight_str, multicast_priority_str,
				  multicast_weight_str);
}

DEFPY_YANG (lisp_locator_interface,
	lisp_locator_interface_cmd,
	"[no] interface IFNAME$ifname <ipv4|ipv6>$af " LOCATOR_WORDS,
	NO_STR
	"Locator: the address that an interface has\n"
	"Interface name\n"
	"Its IPv4 address\n"
	"Its IPv6 address\n"
	LISP_LOCATOR_HELP)
{
	return change_interface_locator(vty, no, ifname, af, priority_str, weight_str,
					multicast_priority_str, multicast_weight_str);
}

/* IOS-XE's words for the same */
DEFPY_YANG (lisp_locator_interface_xe,
	lisp_locator_interface_xe_cmd,
	"[no] <IPv4-interface|IPv6-interface>$word IFNAME$ifname " LOCATOR_WORDS,
	NO_STR
	"Locator: the IPv4 address that an interface has\n"
	"Locator: the IPv6 address that an interface has\n"
	"Interface name\n"
	LISP_LOCATOR_HELP)
{
	return change_interface_locator(vty, no, ifname, word[3] == '4' ? "ipv4" : "ipv6",
					priority_str, weight_str, multicast_priority_str,
					multicast_weight_str);
}

DEFPY_YANG (lisp_auto_discover_rlocs,
	lisp_auto_discover_rlocs_cmd,
	"[no] auto-discover-rlocs",
	NO_STR
	"Locators of the site's other xTRs: those that they register\n")
{
	nb_cli_enqueue_change(vty, "./auto-discover-rlocs", NB_OP_MODIFY, no ? "false" : "true");
	return nb_cli_apply_changes(vty, NULL);
}

/* ---- database-mapping ---- */

/* Lines about an EID-prefix; inside of a `service` block it is of the block's family. */
/* clang-format off */
#define FAMILY_FORMS(name, before, after, help_before, help_after)                                 \
	ALIAS_YANG(name, name##_ipv4_cmd, before " A.B.C.D/M$prefix" after,                        \
		   help_before "IPv4 EID-prefix\n" help_after)                                     \
	ALIAS_YANG(name, name##_ipv6_cmd, before " X:X::X:X/M$prefix" after,                       \
		   help_before "IPv6 EID-prefix\n" help_after)
/* clang-format on */
#define INSTALL_FORMS(name)                                                                        \
	do {                                                                                       \
		LISP_INSTALL_INSTANCE(&name##_cmd);                                                \
		LISP_INSTALL_SERVICE_OF(IPV4, &name##_ipv4_cmd);                                   \
		LISP_INSTALL_SERVICE_OF(IPV6, &name##_ipv6_cmd);                                   \
	} while (0)

DEFPY_YANG (lisp_database_mapping_set,
	lisp_database_mapping_set_cmd,
	"[no] database-mapping <A.B.C.D/M|X:X::X:X/M>$prefix locator-set WORD$locator_set",
	NO_STR
	"EID-prefix of this site\n"
	LISP_EID_HELP
	"Its locators\n"
	"Name of the locator-set\n")
{
	char xpath[XPATH_MAXLEN];

	if (no)
		return destroy_eid(vty, LOCAL_EIDS, prefix, "locator-set", locator_set);
	eid_xpath(vty, LOCAL_EIDS, prefix, xpath, sizeof(xpath));
	nb_cli_enqueue_change(vty, ".", NB_OP_CREATE, NULL);
	nb_cli_enqueue_change(vty, "./locator-set", NB_OP_MODIFY, locator_set);
	return nb_cli_apply_changes(vty, "%s", xpath);
}
FAMILY_FORMS(lisp_database_mapping_set, "[no] database-mapping", " locator-set WORD$locator_set",
	     NO_STR "EID-prefix of this site\n",
	     "Its locators\n"
	     "Name of the locator-set\n")

DEFPY_YANG (lisp_database_mapping_rloc,
	lisp_database_mapping_rloc_cmd,
	"[no] database-mapping <A.B.C.D/M|X:X::X:X/M>$prefix " RLOC_WORDS LOCATOR_WORDS,
	NO_STR
	"EID-prefix of this site\n"
	LISP_EID_HELP
	LISP_RLOC_HELP
	LISP_LOCATOR_HELP)
{
	return change_eid_locator(vty, no, LOCAL_EIDS, prefix, address, priority_str, weight_str,
				  multicast_priority_str, multicast_weight_str);
}
FAMILY_FORMS(lisp_database_mapping_rloc, "[no] database-mapping", " " RLOC_WORDS LOCATOR_WORDS,
	     NO_STR "EID-prefix of this site\n", LISP_RLOC_HELP LISP_LOCATOR_HELP)

DEFPY_YANG (no_lisp_database_mapping,
	no_lisp_database_mapping_cmd,
	"no database-mapping <A.B.C.D/M|X:X::X:X/M>$prefix",
	NO_STR
	"EID-prefix of this site\n"
	LISP_EID_HELP)
{
	return destroy_eid(vty, LOCAL_EIDS, prefix, NULL, NULL);
}
FAMILY_FORMS(no_lisp_database_mapping, "no database-mapping", "",
	     NO_STR "EID-prefix of this site\n", "")

/* ---- map-cache ---- */

/* The model's word for an action; NULL for NULL. */
static const char *action_value(const char *word)
{
	return word && strmatch(word, "map-request") ? "send-map-request" : word;
}

DEFPY_YANG (lisp_map_cache_action,
	lisp_map_cache_action_cmd,
	"map-cache <A.B.C.D/M|X:X::X:X/M>$prefix " ACTION_WORDS "$action",
	"Static map-cache entry\n"
	LISP_EID_HELP
	ACTION_HELP)
{
	char xpath[XPATH_MAXLEN];

	eid_xpath(vty, STATIC_MAPPINGS, prefix, xpath, sizeof(xpath));
	nb_cli_enqueue_change(vty, ".", NB_OP_CREATE, NULL);
	nb_cli_enqueue_change(vty, "./action", NB_OP_MODIFY, action_value(action));
	return nb_cli_apply_changes(vty, "%s", xpath);
}
FAMILY_FORMS(lisp_map_cache_action, "map-cache", " " ACTION_WORDS "$action",
	     "Static map-cache entry\n", ACTION_HELP)

DEFPY_YANG (lisp_map_cache_rloc,
	lisp_map_cache_rloc_cmd,
	"[no] map-cache <A.B.C.D/M|X:X::X:X/M>$prefix " RLOC_WORDS LOCATOR_WORDS,
	NO_STR
	"Static map-cache entry\n"
	LISP_EID_HELP
	LISP_RLOC_HELP
	LISP_LOCATOR_HELP)
{
	return change_eid_locator(vty, no, STATIC_MAPPINGS, prefix, address, priority_str,
				  weight_str, multicast_priority_str, multicast_weight_str);
}
FAMILY_FORMS(lisp_map_cache_rloc, "[no] map-cache", " " RLOC_WORDS LOCATOR_WORDS,
	     NO_STR "Static map-cache entry\n", LISP_RLOC_HELP LISP_LOCATOR_HELP)

DEFPY_YANG (no_lisp_map_cache,
	no_lisp_map_cache_cmd,
	"no map-cache <A.B.C.D/M|X:X::X:X/M>$prefix [" ACTION_WORDS "$action]",
	NO_STR
	"Static map-cache entry\n"
	LISP_EID_HELP
	ACTION_HELP)
{
	return destroy_eid(vty, STATIC_MAPPINGS, prefix, "action", action_value(action));
}
FAMILY_FORMS(no_lisp_map_cache, "no map-cache", " [" ACTION_WORDS "$action]",
	     NO_STR "Static map-cache entry\n", ACTION_HELP)

DEFPY_YANG (lisp_eid_space,
	lisp_eid_space_cmd,
	"[no] eid-space <A.B.C.D/M|X:X::X:X/M>$prefix",
	NO_STR
	"What may be an EID; all else is forwarded natively\n"
	LISP_EID_HELP)
{
	char xpath[XPATH_MAXLEN];

	if (no)
		return destroy_eid(vty, EID_SPACE, prefix, NULL, NULL);
	eid_xpath(vty, EID_SPACE, prefix, xpath, sizeof(xpath));
	nb_cli_enqueue_change(vty, ".", NB_OP_CREATE, NULL);
	return nb_cli_apply_changes(vty, "%s", xpath);
}
FAMILY_FORMS(lisp_eid_space, "[no] eid-space", "",
	     NO_STR "What may be an EID; all else is forwarded natively\n", "")

void lisp_cli_eid_init(void)
{
	install_element(LISP_NODE, &lisp_locator_set_cmd);
	install_element(LISP_NODE, &no_lisp_locator_set_cmd);
	install_element(LISP_LOCATOR_SET_NODE, &lisp_locator_cmd);
	install_element(LISP_LOCATOR_SET_NODE, &lisp_locator_interface_cmd);
	install_element(LISP_LOCATOR_SET_NODE, &lisp_locator_interface_xe_cmd);
	install_element(LISP_LOCATOR_SET_NODE, &lisp_auto_discover_rlocs_cmd);

	INSTALL_FORMS(lisp_database_mapping_set);
	INSTALL_FORMS(lisp_database_mapping_rloc);
	INSTALL_FORMS(no_lisp_database_mapping);
	INSTALL_FORMS(lisp_map_cache_action);
	INSTALL_FORMS(lisp_map_cache_rloc);
	INSTALL_FORMS(no_lisp_map_cache);
	INSTALL_FORMS(lisp_eid_space);
}
