// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of vtysh: the nodes, and the commands that enter and leave them. They go
 * on to mgmtd, whose commands of the same words are in lisp_cli_router.c.
 */
#include <zebra.h>

#include "command.h"
#include "vtysh/vtysh.h"

#include "vtysh-cmds/lisp_nodes.h"
#include "vtysh-cmds/lisp_vtysh.h"

#define EXIT_STR "Exit current mode and down to previous mode\n"

/* ---- in ---- */

DEFUNSH(VTYSH_MGMTD, router_lisp, router_lisp_cmd, "router lisp [0]",
	ROUTER_STR
	"Locator/ID Separation Protocol (LISP)\n"
	"The one LISP process\n")
{
	vty->node = LISP_NODE;
	return CMD_SUCCESS;
}

DEFUNSH(VTYSH_MGMTD, lisp_locator_set, lisp_locator_set_cmd, "locator-set WORD",
	"Named set of locators\n"
	"Name\n")
{
	vty->node = LISP_LOCATOR_SET_NODE;
	return CMD_SUCCESS;
}

DEFUNSH(VTYSH_MGMTD, lisp_site, lisp_site_cmd, "site WORD",
	"LISP site that may register with this Map-Server\n"
	"Name\n")
{
	vty->node = LISP_SITE_NODE;
	return CMD_SUCCESS;
}

DEFUNSH(VTYSH_MGMTD, lisp_eid_table, lisp_eid_table_cmd,
	"eid-table <default|vrf NAME> instance-id (0-16777215)",
	"EIDs of a VRF\n"
	"The default VRF\n"
	"A VRF\n"
	"Name of the VRF\n"
	"Instance of these EIDs\n"
	"Instance-ID\n")
{
	vty->node = LISP_INSTANCE_NODE;
	return CMD_SUCCESS;
}

DEFUNSH(VTYSH_MGMTD, lisp_instance, lisp_instance_cmd, "instance-id (0-16777215)",
	"Instance: EIDs of their own\n"
	"Instance-ID\n")
{
	vty->node = LISP_INSTANCE_NODE;
	return CMD_SUCCESS;
}

DEFUNSH(VTYSH_MGMTD, lisp_service_ipv4, lisp_service_ipv4_cmd, "service ipv4",
	"Lines about EIDs of one family\n"
	"IPv4 EIDs\n")
{
	vty->node = vty->node == LISP_NODE ? LISP_SERVICE_IPV4_NODE : LISP_INSTANCE_IPV4_NODE;
	return CMD_SUCCESS;
}

DEFUNSH(VTYSH_MGMTD, lisp_service_ipv6, lisp_service_ipv6_cmd, "service ipv6",
	"Lines about EIDs of one family\n"
	"IPv6 EIDs\n")
{
	vty->node = vty->node == LISP_NODE ? LISP_SERVICE_IPV6_NODE : LISP_INSTANCE_IPV6_NODE;
	return CMD_SUCCESS;
}

/* ---- out ---- */

DEFUNSH(VTYSH_MGMTD, lisp_exit, lisp_exit_cmd, "exit", EXIT_STR)
{
	cmd_exit(vty);
	return CMD_SUCCESS;
}

DEFUNSH(VTYSH_MGMTD, lisp_quit, lisp_quit_cmd, "quit", EXIT_STR)
{
	cmd_exit(vty);
	return CMD_SUCCESS;
}

DEFUNSH(VTYSH_REALLYALL, lisp_end, lisp_end_cmd, "end",
	"End current mode and change to enable mode\n")
{
	vty->node = ENABLE_NODE;
	return CMD_SUCCESS;
}

DEFUNSH(VTYSH_MGMTD, exit_lisp, exit_lisp_cmd, "exit-router-lisp", EXIT_STR)
{
	cmd_exit(vty);
	return CMD_SUCCESS;
}

DEFUNSH(VTYSH_MGMTD, exit_lisp_locator_set, exit_lisp_locator_set_cmd, "exit-locator-set", EXIT_STR)
{
	cmd_exit(vty);
	return CMD_SUCCESS;
}

DEFUNSH(VTYSH_MGMTD, exit_lisp_site, exit_lisp_site_cmd, "exit-site", EXIT_STR)
{
	cmd_exit(vty);
	return CMD_SUCCESS;
}

DEFUNSH(VTYSH_MGMTD, exit_lisp_instance, exit_lisp_instance_cmd,
	"exit-instance-id", EXIT_STR)
{
	cmd_exit(vty);
	return CMD_SUCCESS;
}

DEFUNSH(VTYSH_MGMTD, exit_lisp_service_ipv4, exit_lisp_service_ipv4_cmd,
	"exit-service-ipv4", EXIT_STR)
{
	cmd_exit(vty);
	return CMD_SUCCESS;
}

DEFUNSH(VTYSH_MGMTD, exit_lisp_service_ipv6, exit_lisp_service_ipv6_cmd,
	"exit-service-ipv6", EXIT_STR)
{
	cmd_exit(vty);
	return CMD_SUCCESS;
}

#define INSTALL_EXITS(node)                                                                        \
	do {                                                                                       \
		install_element(node, &lisp_exit_cmd);                                             \
		install_element(node, &lisp_quit_cmd);                                             \
		install_element(node, &lisp_end_cmd);                                              \
	} while (0)

void lisp_vtysh_init(void)
{
	for (unsigned int i = 0; i < array_size(lisp_nodes); i++)
		install_node(&lisp_nodes[i]);
	INSTALL_EXITS(LISP_NODE);
	INSTALL_EXITS(LISP_LOCATOR_SET_NODE);
	INSTALL_EXITS(LISP_SITE_NODE);
	INSTALL_EXITS(LISP_INSTANCE_NODE);
	INSTALL_EXITS(LISP_SERVICE_IPV4_NODE);
	INSTALL_EXITS(LISP_SERVICE_IPV6_NODE);
	INSTALL_EXITS(LISP_INSTANCE_IPV4_NODE);
	INSTALL_EXITS(LISP_INSTANCE_IPV6_NODE);

	install_element(CONFIG_NODE, &router_lisp_cmd);
	install_element(LISP_NODE, &lisp_locator_set_cmd);
	install_element(LISP_NODE, &lisp_site_cmd);
	install_element(LISP_NODE, &lisp_eid_table_cmd);
	install_element(LISP_NODE, &lisp_instance_cmd);
	install_element(LISP_NODE, &lisp_service_ipv4_cmd);
	install_element(LISP_NODE, &lisp_service_ipv6_cmd);
	install_element(LISP_INSTANCE_NODE, &lisp_service_ipv4_cmd);
	install_element(LISP_INSTANCE_NODE, &lisp_service_ipv6_cmd);

	install_element(LISP_NODE, &exit_lisp_cmd);
	install_element(LISP_LOCATOR_SET_NODE, &exit_lisp_locator_set_cmd);
	install_element(LISP_SITE_NODE, &exit_lisp_site_cmd);
	install_element(LISP_INSTANCE_NODE, &exit_lisp_instance_cmd);
	install_element(LISP_SERVICE_IPV4_NODE, &exit_lisp_service_ipv4_cmd);
	install_element(LISP_SERVICE_IPV6_NODE, &exit_lisp_service_ipv6_cmd);
	install_element(LISP_INSTANCE_IPV4_NODE, &exit_lisp_service_ipv4_cmd);
	install_element(LISP_INSTANCE_IPV6_NODE, &exit_lisp_service_ipv6_cmd);
}
