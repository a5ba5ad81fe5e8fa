// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which callback serves which node of frr-lispd.yang: configuration and RPCs here,
 * state from the tables of leaves (lisp_nb_state.c).
 */
#include <zebra.h>

#include <string.h>

#include "memory.h"
#include "northbound.h"

#include "lispd/lisp_memory.h"
#include "lispd/lisp_nb.h"

/*
 * Configuration: a list entry or presence container; a leaf that is always there;
 * a leaf that may be absent. All ask for the same reconciliation.
 */
#define OBJECT	 .cbs = { .create = lisp_nb_create, .destroy = lisp_nb_destroy }
#define LEAF	 .cbs = { .modify = lisp_nb_modify }
#define OPTIONAL .cbs = { .modify = lisp_nb_modify, .destroy = lisp_nb_destroy }

/* clang-format off */
static const struct frr_yang_module_info config_info = {
	.name = "frr-lispd",
	.nodes = {
		{ "/frr-lispd:lisp", OBJECT },
		{ "/frr-lispd:lisp/site-id", OPTIONAL },
		{ "/frr-lispd:lisp/xtr-id", OPTIONAL },
		{ "/frr-lispd:lisp/key-file", OPTIONAL },
		{ "/frr-lispd:lisp/locator-table", LEAF },
		{ "/frr-lispd:lisp/rloc-probing", LEAF },
		{ "/frr-lispd:lisp/locator-sets/locator-set", OBJECT },
		{ "/frr-lispd:lisp/locator-sets/locator-set/auto-discover-rlocs", LEAF },
		{ "/frr-lispd:lisp/locator-sets/locator-set/locator", OBJECT },
		{ "/frr-lispd:lisp/locator-sets/locator-set/locator/priority", LEAF },
		{ "/frr-lispd:lisp/locator-sets/locator-set/locator/weight", LEAF },
		{ "/frr-lispd:lisp/locator-sets/locator-set/locator/multicast-priority", LEAF },
		{ "/frr-lispd:lisp/locator-sets/locator-set/locator/multicast-weight", LEAF },
		{ "/frr-lispd:lisp/locator-sets/locator-set/interface", OBJECT },
		{ "/frr-lispd:lisp/locator-sets/locator-set/interface/priority", LEAF },
		{ "/frr-lispd:lisp/locator-sets/locator-set/interface/weight", LEAF },
		{ "/frr-lispd:lisp/locator-sets/locator-set/interface/multicast-priority", LEAF },
		{ "/frr-lispd:lisp/locator-sets/locator-set/interface/multicast-weight", LEAF },
		{ "/frr-lispd:lisp/instances/instance", OBJECT },
		{ "/frr-lispd:lisp/instances/instance/eid-table", OPTIONAL },
		{ "/frr-lispd:lisp/instances/instance/local-eids/local-eid", OBJECT },
		{ "/frr-lispd:lisp/instances/instance/local-eids/local-eid/locator-set", OPTIONAL },
		{ "/frr-lispd:lisp/instances/instance/local-eids/local-eid/locator", OBJECT },
		{ "/frr-lispd:lisp/instances/instance/local-eids/local-eid/locator/priority", LEAF },
		{ "/frr-lispd:lisp/instances/instance/local-eids/local-eid/locator/weight", LEAF },
		{ "/frr-lispd:lisp/instances/instance/local-eids/local-eid/locator/multicast-priority", LEAF },
		{ "/frr-lispd:lisp/instances/instance/local-eids/local-eid/locator/multicast-weight", LEAF },
		{ "/frr-lispd:lisp/instances/instance/service", OBJECT },
		{ "/frr-lispd:lisp/instances/instance/service/itr/enabled", LEAF },
		{ "/frr-lispd:lisp/instances/instance/service/itr/map-resolvers/map-resolver", OBJECT },
		{ "/frr-lispd:lisp/instances/instance/service/itr/map-cache-limit", OPTIONAL },
		{ "/frr-lispd:lisp/instances/instance/service/itr/no-answer", OPTIONAL },
		{ "/frr-lispd:lisp/instances/instance/service/etr/enabled", LEAF },
		{ "/frr-lispd:lisp/instances/instance/service/etr/map-servers/map-server", OBJECT },
		{ "/frr-lispd:lisp/instances/instance/service/etr/map-servers/map-server/key-name", OPTIONAL },
		{ "/frr-lispd:lisp/instances/instance/service/etr/map-servers/map-server/authentication-key", OPTIONAL },
		{ "/frr-lispd:lisp/instances/instance/service/etr/map-servers/map-server/algorithm", OPTIONAL },
		{ "/frr-lispd:lisp/instances/instance/service/etr/map-servers/map-server/proxy-reply", LEAF },
		{ "/frr-lispd:lisp/instances/instance/service/etr/record-ttl", OPTIONAL },
		{ "/frr-lispd:lisp/instances/instance/service/map-server", LEAF },
		{ "/frr-lispd:lisp/instances/instance/service/map-resolver", LEAF },
		{ "/frr-lispd:lisp/instances/instance/service/map-resolver-map-server", OPTIONAL },
		{ "/frr-lispd:lisp/instances/instance/service/alt-vrf", OPTIONAL },
		{ "/frr-lispd:lisp/sites/site", OBJECT },
		{ "/frr-lispd:lisp/sites/site/description", OPTIONAL },
		{ "/frr-lispd:lisp/sites/site/key-name", OPTIONAL },
		{ "/frr-lispd:lisp/sites/site/authentication-key", OPTIONAL },
		{ "/frr-lispd:lisp/sites/site/algorithm", OPTIONAL },
		{ "/frr-lispd:lisp/sites/site/eid-prefix", .cbs = { .create = lisp_nb_create, .destroy = lisp_nb_destroy } },
		{ "/frr-lispd:lisp/sites/site/eid-prefix/more-specifics-accepted", LEAF },
		{ "/frr-lispd:lisp/sites/site/notify-xtr-id", LEAF },
		{ "/frr-lispd:lisp/instances/instance/map-cache/eid-space", OBJECT },
		{ "/frr-lispd:lisp/instances/instance/map-cache/static-mapping", OBJECT },
		{ "/frr-lispd:lisp/instances/instance/map-cache/static-mapping/action", OPTIONAL },
		{ "/frr-lispd:lisp/instances/instance/map-cache/static-mapping/locator", OBJECT },
		{ "/frr-lispd:lisp/instances/instance/map-cache/static-mapping/locator/priority", LEAF },
		{ "/frr-lispd:lisp/instances/instance/map-cache/static-mapping/locator/weight", LEAF },
		{ "/frr-lispd:lisp/instances/instance/map-cache/static-mapping/locator/multicast-priority", LEAF },
		{ "/frr-lispd:lisp/instances/instance/map-cache/static-mapping/locator/multicast-weight", LEAF },
		{ "/frr-lispd:lisp/instances/instance/alt/tunnel", OBJECT },
		{ "/frr-lispd:lisp/instances/instance/alt/tunnel/source", LEAF },
		{ "/frr-lispd:lisp/instances/instance/alt/tunnel/destination", LEAF },
		{ "/frr-lispd:lisp/instances/instance/alt/tunnel/key", OPTIONAL },
		{ "/frr-lispd:lisp/dataplane/queue-per-eid", LEAF },
		{ "/frr-lispd:lisp/dataplane/queue-total", LEAF },
		{ "/frr-lispd:lig", .cbs = { .rpc = lisp_nb_lig } },
		{ "/frr-lispd:clear-map-cache", .cbs = { .rpc = lisp_nb_clear_map_cache } },
		{ "/frr-lispd:clear-statistics", .cbs = { .rpc = lisp_nb_clear_statistics } },
		{ "/frr-lispd:clear-site", .cbs = { .rpc = lisp_nb_clear_site } },
		{ .xpath = NULL },
	},
};
/* clang-format on */

DEFINE_MTYPE_STATIC(LISPD, LISP_NB_MODULE, "LISP northbound module");
DEFINE_MTYPE_STATIC(LISPD, LISP_NB_PATH, "LISP northbound state path");

/* config_info and the nodes of state; n_nodes of them, state's paths are ours. */
static struct frr_yang_module_info *module;
static unsigned int n_nodes, n_config_nodes;

static void node_add(const char *xpath, const struct nb_callbacks *cbs)
{
	typeof(module->nodes[0]) node = { .xpath = xpath, .cbs = *cbs };

	/* one more for the end */
	module = XREALLOC(MTYPE_LISP_NB_MODULE, module,
			  sizeof(*module) + (n_nodes + 2) * sizeof(node));
	memcpy((void *)&module->nodes[n_nodes++], &node, sizeof(node));
	memset((void *)&module->nodes[n_nodes], 0, sizeof(node));
}

static void state_node_add(const char *xpath, const struct nb_callbacks *cbs)
{
	node_add(XSTRDUP(MTYPE_LISP_NB_PATH, xpath), cbs);
}

const struct frr_yang_module_info *lisp_nb_module_new(void)
{
	module = XCALLOC(MTYPE_LISP_NB_MODULE, sizeof(*module));
	module->name = config_info.name;
	for (unsigned int i = 0; config_info.nodes[i].xpath; i++)
		node_add(config_info.nodes[i].xpath, &config_info.nodes[i].cbs);
	n_config_nodes = n_nodes;
	lisp_nb_state_nodes(state_node_add);
	return module;
}

void lisp_nb_module_free(void)
{
	while (n_nodes > n_config_nodes) {
		char *xpath = (char *)module->nodes[--n_nodes].xpath;

		XFREE(MTYPE_LISP_NB_PATH, xpath);
	}
	XFREE(MTYPE_LISP_NB_MODULE, module);
}
