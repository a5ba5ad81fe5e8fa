// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The configuration of `router lisp` as text, linked into mgmtd: the way back from
 * YANG to the commands of lisp_cli*.c, in the order of the model, in which it can
 * be read again. Lines of instance 0 are in no block, one space less deep than those
 * of the other instances.
 */
#include <zebra.h>

#include "libfrr.h"
#include "northbound.h"
#include "prefix.h"
#include "vrf.h"
#include "vty.h"
#include "yang_wrappers.h"

#include "lispd/lisp_eid.h"
#include "lispd/lisp_nb.h"

static const char *hash_word(const char *algorithm)
{
	if (strmatch(algorithm, "hmac-sha-1-96"))
		return "sha1";
	if (strmatch(algorithm, "hmac-sha-256-128-hkdf"))
		return "sha2-hkdf";
	return "sha2";
}

static void router_lisp_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, "!\nrouter lisp\n");
}

static void router_lisp_show_end(struct vty *vty, const struct lyd_node *dnode)
{
	vty_out(vty, "exit\n");
}

static void site_id_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, " site-id %s\n", yang_dnode_get_string(dnode, NULL));
}

static void xtr_id_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, " xtr-id %s\n", yang_dnode_get_string(dnode, NULL));
}

static void key_file_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, " key-file %s\n", yang_dnode_get_string(dnode, NULL));
}

static void locator_table_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	const char *vrf = yang_dnode_get_string(dnode, NULL);

	if (!strmatch(vrf, VRF_DEFAULT_NAME))
		vty_out(vty, " locator-table vrf %s\n", vrf);
}

static void rloc_probing_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	if (yang_dnode_get_bool(dnode, NULL))
		vty_out(vty, " loc-reach-algorithm rloc-probing\n");
}

static void locator_set_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, " locator-set %s\n", yang_dnode_get_string(dnode, "locator-set-name"));
}

static void auto_discover_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	if (yang_dnode_get_bool(dnode, NULL))
		vty_out(vty, "  auto-discover-rlocs\n");
}

static void sub_node_show_end(struct vty *vty, const struct lyd_node *dnode)
{
	vty_out(vty, " exit\n");
}

/* " priority P weight W" and, if they are not the default, those for multicast. */
static void locator_values_show(struct vty *vty, const struct lyd_node *dnode)
{
	uint8_t mpriority = yang_dnode_get_uint8(dnode, "multicast-priority");
	uint8_t mweight = yang_dnode_get_uint8(dnode, "multicast-weight");

	vty_out(vty, " priority %u weight %u", yang_dnode_get_uint8(dnode, "priority"),
		yang_dnode_get_uint8(dnode, "weight"));
	if (mpriority != 255 || mweight)
		vty_out(vty, " multicast-priority %u multicast-weight %u", mpriority, mweight);
	vty_out(vty, "\n");
}

static void set_locator_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, "  %s", yang_dnode_get_string(dnode, "address"));
	locator_values_show(vty, dnode);
}

static void set_interface_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, "  interface %s %s", yang_dnode_get_string(dnode, "interface-ref"),
		yang_dnode_get_string(dnode, "address-family"));
	locator_values_show(vty, dnode);
}

/* ---- instances ---- */

static const struct lyd_node *ancestor(const struct lyd_node *dnode, const char *name)
{
	while (dnode && !strmatch(dnode->schema->name, name))
		dnode = lyd_parent(dnode);
	return dnode;
}

static bool in_block(const struct lyd_node *dnode)
{
	return yang_dnode_get_uint32(ancestor(dnode, "instance"), "instance-id") != 0;
}

/* What a line of an instance begins with. */
static const char *indent(const struct lyd_node *dnode)
{
	return in_block(dnode) ? "  " : " ";
}

/* That instance 0 is the default VRF's goes without saying; its lines follow outside. */
static void instance_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	const char *iid = yang_dnode_get_string(dnode, "instance-id"), *vrf = NULL;
	bool is_default;

	if (yang_dnode_exists(dnode, "eid-table"))
		vrf = yang_dnode_get_string(dnode, "eid-table");
	is_default = vrf && strmatch(vrf, VRF_DEFAULT_NAME);

	if (!in_block(dnode) && (!vrf || is_default))
		return;
	if (!vrf)
		vty_out(vty, " instance-id %s\n", iid);
	else
		vty_out(vty, " eid-table %s%s instance-id %s\n", is_default ? "" : "vrf ", vrf, iid);
	if (!in_block(dnode))
		vty_out(vty, " exit\n");
}

static void instance_show_end(struct vty *vty, const struct lyd_node *dnode)
{
	if (in_block(dnode))
		vty_out(vty, " exit\n");
}

static int instance_cmp(const struct lyd_node *a, const struct lyd_node *b)
{
	return numcmp(yang_dnode_get_uint32(a, "instance-id"),
		      yang_dnode_get_uint32(b, "instance-id"));
}

static void local_eid_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	if (yang_dnode_exists(dnode, "locator-set"))
		vty_out(vty, "%sdatabase-mapping %s locator-set %s\n", indent(dnode),
			yang_dnode_get_string(dnode, "eid"),
			yang_dnode_get_string(dnode, "locator-set"));
}

static void local_eid_locator_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, "%sdatabase-mapping %s %s", indent(dnode),
		yang_dnode_get_string(dnode, "../eid"), yang_dnode_get_string(dnode, "address"));
	locator_values_show(vty, dnode);
}

static const char *service_family(const struct lyd_node *dnode)
{
	return yang_dnode_get_string(ancestor(dnode, "service"), "address-family");
}

static void itr_enabled_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	if (yang_dnode_get_bool(dnode, NULL))
		vty_out(vty, "%s%s itr\n", indent(dnode), service_family(dnode));
}

static void itr_map_resolver_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, "%s%s itr map-resolver %s\n", indent(dnode), service_family(dnode),
		yang_dnode_get_string(dnode, "address"));
}

static void itr_map_cache_limit_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, "%s%s itr map-cache-limit %s\n", indent(dnode), service_family(dnode),
		yang_dnode_get_string(dnode, NULL));
}

static void itr_no_answer_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, "%s%s itr no-answer %s\n", indent(dnode), service_family(dnode),
		yang_dnode_get_string(dnode, NULL));
}

static void etr_enabled_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	if (yang_dnode_get_bool(dnode, NULL))
		vty_out(vty, "%s%s etr\n", indent(dnode), service_family(dnode));
}

static void etr_map_server_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, "%s%s etr map-server %s", indent(dnode), service_family(dnode),
		yang_dnode_get_string(dnode, "address"));
	if (yang_dnode_exists(dnode, "key-name"))
		vty_out(vty, " key-name %s", yang_dnode_get_string(dnode, "key-name"));
	else if (yang_dnode_exists(dnode, "authentication-key")) {
		const char *hash = hash_word(yang_dnode_get_string(dnode, "algorithm"));

		vty_out(vty, " key 7 %s", yang_dnode_get_string(dnode, "authentication-key"));
		if (!strmatch(hash, "sha2"))
			vty_out(vty, " hash-function %s", hash);
	}
	if (yang_dnode_get_bool(dnode, "proxy-reply"))
		vty_out(vty, " proxy-reply");
	vty_out(vty, "\n");
}

static void etr_record_ttl_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, "%s%s etr map-cache-ttl %s\n", indent(dnode), service_family(dnode),
		yang_dnode_get_string(dnode, NULL));
}

/* map-server and map-resolver: the leaf's name is the command's word. */
static void role_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	if (yang_dnode_get_bool(dnode, NULL))
		vty_out(vty, "%s%s %s\n", indent(dnode), service_family(dnode), dnode->schema->name);
}

static void map_resolver_map_server_show(struct vty *vty, const struct lyd_node *dnode,
					 bool defaults)
{
	vty_out(vty, "%s%s map-resolver map-server %s\n", indent(dnode), service_family(dnode),
		yang_dnode_get_string(dnode, NULL));
}

static void alt_vrf_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, "%s%s alt-vrf %s\n", indent(dnode), service_family(dnode),
		yang_dnode_get_string(dnode, NULL));
}

static void site_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, " site %s\n", yang_dnode_get_string(dnode, "name"));
	if (yang_dnode_exists(dnode, "description"))
		vty_out(vty, "  description %s\n", yang_dnode_get_string(dnode, "description"));
	if (yang_dnode_exists(dnode, "key-name"))
		vty_out(vty, "  authentication-key key-name %s\n",
			yang_dnode_get_string(dnode, "key-name"));
	else if (yang_dnode_exists(dnode, "authentication-key"))
		vty_out(vty, "  authentication-key 7 %s\n",
			yang_dnode_get_string(dnode, "authentication-key"));
	if (yang_dnode_get_bool(dnode, "notify-xtr-id"))
		vty_out(vty, "  map-notify xtr-id\n");
}

static void site_eid_prefix_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	uint32_t iid = yang_dnode_get_uint32(dnode, "instance-id");

	vty_out(vty, "  eid-prefix ");
	if (iid)
		vty_out(vty, "instance-id %u ", iid);
	vty_out(vty, "%s%s\n", yang_dnode_get_string(dnode, "prefix"),
		yang_dnode_get_bool(dnode, "more-specifics-accepted") ? " accept-more-specifics"
								      : "");
}

static void eid_space_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, "%seid-space %s\n", indent(dnode), yang_dnode_get_string(dnode, "eid"));
}

static void static_mapping_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	const char *action;

	if (!yang_dnode_exists(dnode, "action"))
		return;
	action = yang_dnode_get_string(dnode, "action");
	vty_out(vty, "%smap-cache %s %s\n", indent(dnode), yang_dnode_get_string(dnode, "eid"),
		strmatch(action, "send-map-request") ? "map-request" : action);
}

static void static_mapping_locator_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, "%smap-cache %s %s", indent(dnode), yang_dnode_get_string(dnode, "../eid"),
		yang_dnode_get_string(dnode, "address"));
	locator_values_show(vty, dnode);
}

static void alt_tunnel_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, "%salt tunnel %s source %s destination %s", indent(dnode),
		yang_dnode_get_string(dnode, "name"), yang_dnode_get_string(dnode, "source"),
		yang_dnode_get_string(dnode, "destination"));
	if (yang_dnode_exists(dnode, "key"))
		vty_out(vty, " key %s", yang_dnode_get_string(dnode, "key"));
	vty_out(vty, "\n");
}

/* queue-per-eid and queue-total: the leaf's name is the command's word. */
static void dataplane_show(struct vty *vty, const struct lyd_node *dnode, bool defaults)
{
	vty_out(vty, " dataplane %s %s\n", dnode->schema->name, yang_dnode_get_string(dnode, NULL));
}

/* ---- order: IPv4 before IPv6, ascending; libyang's own follows its types ---- */

static int service_cmp(const struct lyd_node *a, const struct lyd_node *b)
{
	return numcmp(yang_dnode_get_enum(a, "address-family"),
		      yang_dnode_get_enum(b, "address-family"));
}

static int address_cmp(const struct lyd_node *a, const struct lyd_node *b)
{
	struct ipaddr x, y;

	yang_dnode_get_ip(&x, a, "address");
	yang_dnode_get_ip(&y, b, "address");
	return ipaddr_cmp(&x, &y);
}

static int prefix_leaf_cmp(const struct lyd_node *a, const struct lyd_node *b, const char *leaf)
{
	struct prefix x, y;

	yang_dnode_get_prefix(&x, a, "%s", leaf);
	yang_dnode_get_prefix(&y, b, "%s", leaf);
	return prefix_cmp(&x, &y);
}

static int eid_cmp(const struct lyd_node *a, const struct lyd_node *b)
{
	return prefix_leaf_cmp(a, b, "eid");
}

static int site_eid_prefix_cmp(const struct lyd_node *a, const struct lyd_node *b)
{
	uint32_t x = yang_dnode_get_uint32(a, "instance-id");
	uint32_t y = yang_dnode_get_uint32(b, "instance-id");

	struct lisp_eid ea, eb;

	if (x != y)
		return numcmp(x, y);
	lisp_eid_parse(yang_dnode_get_string(a, "prefix"), &ea);
	lisp_eid_parse(yang_dnode_get_string(b, "prefix"), &eb);
	return lisp_eid_cmp(&ea, &eb);
}

/* ---- what is shown how ---- */

/* clang-format off */
const struct frr_yang_module_info frr_lispd_cli_info = {
	.name = "frr-lispd",
	.ignore_cfg_cbs = true,
	.nodes = {
		{ "/frr-lispd:lisp", .cbs = { .cli_show = router_lisp_show, .cli_show_end = router_lisp_show_end } },
		{ "/frr-lispd:lisp/site-id", .cbs.cli_show = site_id_show },
		{ "/frr-lispd:lisp/xtr-id", .cbs.cli_show = xtr_id_show },
		{ "/frr-lispd:lisp/key-file", .cbs.cli_show = key_file_show },
		{ "/frr-lispd:lisp/locator-table", .cbs.cli_show = locator_table_show },
		{ "/frr-lispd:lisp/rloc-probing", .cbs.cli_show = rloc_probing_show },
		{ "/frr-lispd:lisp/locator-sets/locator-set", .cbs = { .cli_show = locator_set_show, .cli_show_end = sub_node_show_end } },
		{ "/frr-lispd:lisp/locator-sets/locator-set/auto-discover-rlocs", .cbs.cli_show = auto_discover_show },
		{ "/frr-lispd:lisp/locator-sets/locator-set/locator", .cbs = { .cli_show = set_locator_show, .cli_cmp = address_cmp } },
		{ "/frr-lispd:lisp/locator-sets/locator-set/interface", .cbs.cli_show = set_interface_show },
		{ "/frr-lispd:lisp/instances/instance", .cbs = { .cli_show = instance_show, .cli_show_end = instance_show_end, .cli_cmp = instance_cmp } },
		{ "/frr-lispd:lisp/instances/instance/local-eids/local-eid", .cbs = { .cli_show = local_eid_show, .cli_cmp = eid_cmp } },
		{ "/frr-lispd:lisp/instances/instance/local-eids/local-eid/locator", .cbs = { .cli_show = local_eid_locator_show, .cli_cmp = address_cmp } },
		{ "/frr-lispd:lisp/instances/instance/service", .cbs.cli_cmp = service_cmp },
		{ "/frr-lispd:lisp/instances/instance/service/itr/enabled", .cbs.cli_show = itr_enabled_show },
		{ "/frr-lispd:lisp/instances/instance/service/itr/map-resolvers/map-resolver", .cbs = { .cli_show = itr_map_resolver_show, .cli_cmp = address_cmp } },
		{ "/frr-lispd:lisp/instances/instance/service/itr/map-cache-limit", .cbs.cli_show = itr_map_cache_limit_show },
		{ "/frr-lispd:lisp/instances/instance/service/itr/no-answer", .cbs.cli_show = itr_no_answer_show },
		{ "/frr-lispd:lisp/instances/instance/service/etr/enabled", .cbs.cli_show = etr_enabled_show },
		{ "/frr-lispd:lisp/instances/instance/service/etr/map-servers/map-server", .cbs = { .cli_show = etr_map_server_show, .cli_cmp = address_cmp } },
		{ "/frr-lispd:lisp/instances/instance/service/etr/record-ttl", .cbs.cli_show = etr_record_ttl_show },
		{ "/frr-lispd:lisp/instances/instance/service/map-server", .cbs.cli_show = role_show },
		{ "/frr-lispd:lisp/instances/instance/service/map-resolver", .cbs.cli_show = role_show },
		{ "/frr-lispd:lisp/instances/instance/service/map-resolver-map-server", .cbs.cli_show = map_resolver_map_server_show },
		{ "/frr-lispd:lisp/instances/instance/service/alt-vrf", .cbs.cli_show = alt_vrf_show },
		{ "/frr-lispd:lisp/sites/site", .cbs = { .cli_show = site_show, .cli_show_end = sub_node_show_end } },
		{ "/frr-lispd:lisp/sites/site/eid-prefix", .cbs = { .cli_show = site_eid_prefix_show, .cli_cmp = site_eid_prefix_cmp } },
		{ "/frr-lispd:lisp/instances/instance/map-cache/eid-space", .cbs = { .cli_show = eid_space_show, .cli_cmp = eid_cmp } },
		{ "/frr-lispd:lisp/instances/instance/map-cache/static-mapping", .cbs = { .cli_show = static_mapping_show, .cli_cmp = eid_cmp } },
		{ "/frr-lispd:lisp/instances/instance/map-cache/static-mapping/locator", .cbs = { .cli_show = static_mapping_locator_show, .cli_cmp = address_cmp } },
		{ "/frr-lispd:lisp/instances/instance/alt/tunnel", .cbs.cli_show = alt_tunnel_show },
		{ "/frr-lispd:lisp/dataplane/queue-per-eid", .cbs.cli_show = dataplane_show },
		{ "/frr-lispd:lisp/dataplane/queue-total", .cbs.cli_show = dataplane_show },
		{ .xpath = NULL },
	},
};
/* clang-format on */
