// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The command nodes below `router lisp`, for mgmtd and vtysh alike.
 *
 *   router lisp                        LISP_NODE
 *     locator-set NAME                 LISP_LOCATOR_SET_NODE
 *     site NAME                        LISP_SITE_NODE
 *     eid-table ... instance-id N      LISP_INSTANCE_NODE
 *     instance-id N                    LISP_INSTANCE_NODE
 *       service ipv4                   LISP_INSTANCE_IPV4_NODE
 *       service ipv6                   LISP_INSTANCE_IPV6_NODE
 *     service ipv4                     LISP_SERVICE_IPV4_NODE, of instance 0
 *     service ipv6                     LISP_SERVICE_IPV6_NODE, of instance 0
 */
#ifndef _LISP_NODES_H
#define _LISP_NODES_H

#include "command.h"

/* clang-format off */
static struct cmd_node lisp_nodes[] = {
	{
		.name = "lisp",
		.node = LISP_NODE,
		.parent_node = CONFIG_NODE,
		.prompt = "%s(config-router-lisp)# ",
	},
	{
		.name = "lisp locator-set",
		.node = LISP_LOCATOR_SET_NODE,
		.parent_node = LISP_NODE,
		.prompt = "%s(config-router-lisp-locator-set)# ",
	},
	{
		.name = "lisp site",
		.node = LISP_SITE_NODE,
		.parent_node = LISP_NODE,
		.prompt = "%s(config-router-lisp-site)# ",
	},
	{
		.name = "lisp instance",
		.node = LISP_INSTANCE_NODE,
		.parent_node = LISP_NODE,
		.prompt = "%s(config-router-lisp-instance)# ",
	},
	{
		.name = "lisp service ipv4",
		.node = LISP_SERVICE_IPV4_NODE,
		.parent_node = LISP_NODE,
		.prompt = "%s(config-router-lisp-service)# ",
	},
	{
		.name = "lisp service ipv6",
		.node = LISP_SERVICE_IPV6_NODE,
		.parent_node = LISP_NODE,
		.prompt = "%s(config-router-lisp-service)# ",
	},
	{
		.name = "lisp instance ipv4",
		.node = LISP_INSTANCE_IPV4_NODE,
		.parent_node = LISP_INSTANCE_NODE,
		.prompt = "%s(config-router-lisp-instance-service)# ",
	},
	{
		.name = "lisp instance ipv6",
		.node = LISP_INSTANCE_IPV6_NODE,
		.parent_node = LISP_INSTANCE_NODE,
		.prompt = "%s(config-router-lisp-instance-service)# ",
	},
};
/* clang-format on */

#endif /* _LISP_NODES_H */
