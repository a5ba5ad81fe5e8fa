// SPDX-License-Identifier: GPL-2.0-or-later
/* `router lisp`, its blocks, and the lines of the router as a whole. */
#include <zebra.h>

#include "libfrr.h"
#include "vrf.h"

#include "lispd/lisp_nb.h"
#include "vtysh-cmds/lisp_cli.h"
#include "vtysh-cmds/lisp_nodes.h"

#include "vtysh-cmds/lisp_cli_router_clippy.c"

/* ---- router lisp ---- */

DEFPY_YANG_NOSH (router_lisp,
	router_lisp_cmd,
	"router lisp [0]",
	"Enable a routing process\n"
	"Locator/ID Separation Protocol (LISP)\n"
	"The one LISP process\n")
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
	"no router lisp [0]",
	NO_STR
	"Enable a routing process\n"
	"Locator/ID Separation Protocol (LISP)\n"
	"The one LISP process\n")
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
	return lisp_cli_change_leaf(vty, no, "./site-id", value);
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
	return lisp_cli_change_leaf(vty, no, "./xtr-id", value ? text : NULL);
}

DEFPY_YANG (lisp_key_file,
	lisp_key_file_cmd,
	"[no] key-file ![WORD$path]",
	NO_STR
	"File of named keys, mode 0600 (default lisp.keys beside frr.conf)\n"
	"Absolute path\n")
{
	return lisp_cli_change_leaf(vty, no, "./key-file", path);
}

/* Is this the VRF that a leaf names? A `no` form of another one says which it is. */
static bool vrf_is(struct vty *vty, const char *leaf, const char *vrf)
{
	const struct lyd_node *dnode = yang_dnode_get(vty->candidate_config->dnode, leaf);
	const char *has = dnode ? yang_dnode_get_string(dnode, NULL) : VRF_DEFAULT_NAME;

	if (strmatch(has, vrf))
		return true;
	vty_out(vty, "%% It is VRF %s that is configured, not VRF %s\n", has, vrf);
	return false;
}

DEFPY_YANG (lisp_locator_table,
	lisp_locator_table_cmd,
	"[no] locator-table ![<default|vrf NAME$vrf>]",
	NO_STR
	"VRF of the underlay: RLOCs, control messages and encapsulated packets\n"
	"The default VRF\n"
	"A VRF\n"
	"Name of the VRF\n")
{
	if (no && vrf && !vrf_is(vty, LISP_XPATH "/locator-table", vrf))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, "./locator-table", no || !vrf ? NB_OP_DESTROY : NB_OP_MODIFY,
			      vrf);
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG (lisp_loc_reach_algorithm,
	lisp_loc_reach_algorithm_cmd,
	"[no] loc-reach-algorithm ![rloc-probing]",
	NO_STR
	"How it is found out that a locator is not reachable\n"
	"By Map-Requests to the locators in use, beside routes and ICMP (default off)\n")
{
	nb_cli_enqueue_change(vty, "./rloc-probing", NB_OP_MODIFY, no ? "false" : "true");
	return nb_cli_apply_changes(vty, NULL);
}

/* ---- blocks: instances and services ---- */

/* That instance 0 is there, and the default VRF's, goes without saying. */
static bool is_instance_0(const char *xpath)
{
	return strstr(xpath, "[instance-id='0']");
}

static void change_eid_table(struct vty *vty, const char *instance, const char *vrf)
{
	char leaf[XPATH_MAXLEN];

	snprintf(leaf, sizeof(leaf), "%s/eid-table", instance);
	if (!vrf || (is_instance_0(instance) && strmatch(vrf, VRF_DEFAULT_NAME)))
		nb_cli_enqueue_change(vty, leaf, NB_OP_DESTROY, NULL);
	else
		nb_cli_enqueue_change(vty, leaf, NB_OP_MODIFY, vrf);
}

static int enter_instance(struct vty *vty, const char *iid, const char *eid_table)
{
	char xpath[XPATH_MAXLEN];
	int ret;

	snprintf(xpath, sizeof(xpath), LISP_XPATH "/instances/instance[instance-id='%s']", iid);
	if (!is_instance_0(xpath))
		nb_cli_enqueue_change(vty, xpath, NB_OP_CREATE, NULL);
	if (eid_table)
		change_eid_table(vty, xpath, eid_table);
	ret = nb_cli_apply_changes(vty, NULL);
	if (ret == CMD_SUCCESS)
		VTY_PUSH_XPATH(LISP_INSTANCE_NODE, is_instance_0(xpath) ? LISP_XPATH : xpath);
	return ret;
}

/* vrf: the one that its EID table has to be; NULL: whatever it is. */
static int destroy_instance(struct vty *vty, const char *iid, const char *vrf)
{
	char xpath[XPATH_MAXLEN], leaf[XPATH_MAXLEN];

	snprintf(xpath, sizeof(xpath), LISP_XPATH "/instances/instance[instance-id='%s']", iid);
	snprintf(leaf, sizeof(leaf), "%s/eid-table", xpath);
	if (vrf && !vrf_is(vty, leaf, vrf))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, ".", NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, "%s", xpath);
}

DEFPY_YANG_NOSH (lisp_eid_table,
	lisp_eid_table_cmd,
	"eid-table <default|vrf NAME$vrf> instance-id (0-16777215)$iid",
	LISP_EID_TABLE_HELP
	LISP_INSTANCE_HELP)
{
	return enter_instance(vty, iid_str, vrf ? vrf : VRF_DEFAULT_NAME);
}

DEFPY_YANG (no_lisp_eid_table,
	no_lisp_eid_table_cmd,
	"no eid-table <default|vrf NAME$vrf> instance-id (0-16777215)$iid",
	NO_STR
	LISP_EID_TABLE_HELP
	LISP_INSTANCE_HELP)
{
	return destroy_instance(vty, iid_str, vrf ? vrf : VRF_DEFAULT_NAME);
}

DEFPY_YANG_NOSH (lisp_instance,
	lisp_instance_cmd,
	"instance-id (0-16777215)$iid",
	LISP_INSTANCE_HELP)
{
	return enter_instance(vty, iid_str, NULL);
}

DEFPY_YANG (no_lisp_instance,
	no_lisp_instance_cmd,
	"no instance-id (0-16777215)$iid",
	NO_STR
	LISP_INSTANCE_HELP)
{
	return destroy_instance(vty, iid_str, NULL);
}

DEFPY_YANG (lisp_instance_eid_table,
	lisp_instance_eid_table_cmd,
	"[no] eid-table ![<default|vrf NAME$vrf>]",
	NO_STR
	LISP_EID_TABLE_HELP)
{
	char xpath[XPATH_MAXLEN], leaf[XPATH_MAXLEN];

	lisp_cli_instance(vty, xpath, sizeof(xpath));
	snprintf(leaf, sizeof(leaf), "%s/eid-table", xpath);
	if (no && vrf && !vrf_is(vty, leaf, vrf))
		return CMD_WARNING_CONFIG_FAILED;
	change_eid_table(vty, xpath, no ? NULL : vrf ? vrf : VRF_DEFAULT_NAME);
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG_NOSH (lisp_service,
	lisp_service_cmd,
	"service <ipv4|ipv6>$af",
	"Lines about EIDs of one family\n"
	LISP_AF_HELP)
{
	char xpath[XPATH_MAXLEN];
	enum node_type node;

	/* the service is there with its first line */
	strlcpy(xpath, VTY_CURR_XPATH, sizeof(xpath));
	if (strmatch(af, "ipv4"))
		node = vty->node == LISP_NODE ? LISP_SERVICE_IPV4_NODE : LISP_INSTANCE_IPV4_NODE;
	else
		node = vty->node == LISP_NODE ? LISP_SERVICE_IPV6_NODE : LISP_INSTANCE_IPV6_NODE;
	VTY_PUSH_XPATH(node, xpath);
	return CMD_SUCCESS;
}

struct family_eids {
	struct vty *vty;
	const char *af;
	unsigned int number;
};

/* Its line may stand in the block of its family. */
static int destroy_family_eid(const struct lyd_node *dnode, void *arg)
{
	struct family_eids *eids = arg;
	bool ipv6 = strchr(yang_dnode_get_string(dnode, "eid"), ':');
	char xpath[XPATH_MAXLEN];

	if (ipv6 != strmatch(eids->af, "ipv6"))
		return YANG_ITER_CONTINUE;
	if (eids->vty->num_cfg_changes < VTY_MAXCFGCHANGES) {
		yang_dnode_get_path(dnode, xpath, sizeof(xpath));
		nb_cli_enqueue_change(eids->vty, xpath, NB_OP_DESTROY, NULL);
	}
	eids->number++;
	return YANG_ITER_CONTINUE;
}

/* All that may stand in the block, as many lines as one command can change. */
DEFPY_YANG (no_lisp_service,
	no_lisp_service_cmd,
	"no service <ipv4|ipv6>$af",
	NO_STR
	"Lines about EIDs of one family\n"
	LISP_AF_HELP)
{
	static const char *const lists[] = { "local-eids/local-eid", "map-cache/static-mapping",
					     "map-cache/eid-space" };
	struct family_eids eids = { .vty = vty, .af = af };
	char xpath[XPATH_MAXLEN];

	lisp_cli_instance(vty, xpath, sizeof(xpath));
	nb_cli_enqueue_change(vty, ".", NB_OP_DESTROY, NULL);
	for (unsigned int i = 0; i < array_size(lists); i++)
		yang_dnode_iterate(destroy_family_eid, &eids, vty->candidate_config->dnode, "%s/%s",
				   xpath, lists[i]);
	if (eids.number >= VTY_MAXCFGCHANGES) {
		vty_out(vty,
			"%% The block has %u EID-prefixes, of which it takes %u along; remove others first\n",
			eids.number, VTY_MAXCFGCHANGES - 1);
		return CMD_WARNING_CONFIG_FAILED;
	}
	return nb_cli_apply_changes(vty, "%s/service[address-family='%s']", xpath, af);
}

/* Each block is left by the word that IOS-XE has for it, too. */
/* clang-format off */
#define LISP_EXIT(name, words, help)                                                               \
	DEFUN_NOSH (name, name##_cmd, words, help) { cmd_exit(vty); return CMD_SUCCESS; }
/* clang-format on */
#define LISP_EXIT_HELP "Exit current mode and down to previous mode\n"

LISP_EXIT(exit_lisp, "exit-router-lisp", LISP_EXIT_HELP)
LISP_EXIT(exit_lisp_locator_set, "exit-locator-set", LISP_EXIT_HELP)
LISP_EXIT(exit_lisp_site, "exit-site", LISP_EXIT_HELP)
LISP_EXIT(exit_lisp_instance, "exit-instance-id", LISP_EXIT_HELP)
LISP_EXIT(exit_lisp_service_ipv4, "exit-service-ipv4", LISP_EXIT_HELP)
LISP_EXIT(exit_lisp_service_ipv6, "exit-service-ipv6", LISP_EXIT_HELP)

/* ---- dataplane ---- */

DEFPY_YANG (lisp_dataplane_queue,
	lisp_dataplane_queue_cmd,
	"[no] dataplane <queue-per-eid|queue-total>$what ![(0-1000000)$packets]",
	NO_STR
	"Forwarding\n"
	"First packets held for one EID while it is resolved (default 16, 0: off)\n"
	"Packets held for all EIDs together (default 4096)\n"
	"Packets\n")
{
	return lisp_cli_change_leaf(vty, no,
				    strmatch(what, "queue-total") ? "./dataplane/queue-total"
								  : "./dataplane/queue-per-eid",
				    packets_str);
}

void lisp_cli_init(void)
{
	for (unsigned int i = 0; i < array_size(lisp_nodes); i++) {
		install_node(&lisp_nodes[i]);
		install_default(lisp_nodes[i].node);
	}

	install_element(CONFIG_NODE, &router_lisp_cmd);
	install_element(CONFIG_NODE, &no_router_lisp_cmd);

	install_element(LISP_NODE, &lisp_site_id_cmd);
	install_element(LISP_NODE, &lisp_xtr_id_cmd);
	install_element(LISP_NODE, &lisp_key_file_cmd);
	install_element(LISP_NODE, &lisp_locator_table_cmd);
	install_element(LISP_NODE, &lisp_loc_reach_algorithm_cmd);
	install_element(LISP_NODE, &lisp_dataplane_queue_cmd);

	install_element(LISP_NODE, &lisp_eid_table_cmd);
	install_element(LISP_NODE, &no_lisp_eid_table_cmd);
	install_element(LISP_NODE, &lisp_instance_cmd);
	install_element(LISP_NODE, &no_lisp_instance_cmd);
	install_element(LISP_INSTANCE_NODE, &lisp_instance_eid_table_cmd);
	LISP_INSTALL_INSTANCE(&lisp_service_cmd);
	LISP_INSTALL_INSTANCE(&no_lisp_service_cmd);
	LISP_INSTALL_SERVICE(&lisp_instance_eid_table_cmd);

	install_element(LISP_NODE, &exit_lisp_cmd);
	install_element(LISP_LOCATOR_SET_NODE, &exit_lisp_locator_set_cmd);
	install_element(LISP_SITE_NODE, &exit_lisp_site_cmd);
	install_element(LISP_INSTANCE_NODE, &exit_lisp_instance_cmd);
	LISP_INSTALL_SERVICE_OF(IPV4, &exit_lisp_service_ipv4_cmd);
	LISP_INSTALL_SERVICE_OF(IPV6, &exit_lisp_service_ipv6_cmd);

	lisp_cli_names_init();
	lisp_cli_eid_init();
	lisp_cli_service_init();
	lisp_cli_site_init();
	lisp_cli_check_init();
}
