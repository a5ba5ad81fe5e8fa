// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How packets get to the lisp device.
 *
 * Default VRF: for each local EID-prefix `from EID lookup main suppress_prefixlength 0`,
 * so that any route better than the default wins, then `from EID lookup 4342`, whose
 * default is the lisp device. Nobody's default route is touched. What an own RLOC in such a
 * prefix sends takes the main table before that, its default too. Only one instance can be here, as rules and table tell EIDs apart by their address alone.
 *
 * A VRF device: its table is looked up for all that is in the VRF, and no rule can tell
 * VRFs apart on every kernel (`iif VRF` does not match in 5.18 to 6.13). So the default
 * to the lisp device is in the VRF's own table, before any other default, whose better
 * routes win. There is no other table to fall back to: natively-forward is unreachable.
 */
#include <zebra.h>

#include <linux/rtnetlink.h>

#include "lib/prefix.h"
#include "lib/table.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_device.h"
#include "dplane/lisp_dp_locator.h"
#include "dplane/lisp_dp_lookup.h"
#include "dplane/lisp_dp_mapping.h"
#include "dplane/lisp_dp_rtnl.h"
#include "dplane/lisp_dp_steer.h"
#include "dplane/lisp_dp_underlay.h"

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_RULES, "LISP policy rules");

#define VRF_METRIC 1 /* before zebra's, which begin at 20 */

/*
 * What the table says of a mapping's prefix. Most mappings need no route: the
 * default leads to the lisp device. A natively-forward one must not: in table 4342 it
 * is a throw, so that its packets fall back to the main table. What lies inside such a
 * prefix and is not natively forwarded needs a route to the device.
 */
enum lisp_dp_route_kind {
	LISP_DP_ROUTE_NONE = 0,
	LISP_DP_ROUTE_NATIVE,
	LISP_DP_ROUTE_DEVICE,
};

/* ---- routes ---- */

static int route_set(const struct lisp_dp_instance *instance, const struct prefix *prefix,
		     enum lisp_dp_route_kind kind)
{
	struct lisp_dp_route route = { .table = instance->table,
				       .metric = instance->vrf_ifindex ? VRF_METRIC : 0,
				       .prefix = *prefix };

	if (kind == LISP_DP_ROUTE_NONE)
		return -lisp_dp_route_del(&route);
	if (kind == LISP_DP_ROUTE_DEVICE) {
		route.type = RTN_UNICAST;
		route.ifindex = instance->ifindex;
	} else {
		route.type = instance->vrf_ifindex ? RTN_UNREACHABLE : RTN_THROW;
	}
	return -lisp_dp_route_add(&route);
}

static void default_prefix(struct prefix *prefix, int version)
{
	memset(prefix, 0, sizeof(*prefix));
	prefix->family = LISP_DP_FAMILY(version);
}

static bool delivers(const struct lisp_dp_instance *instance, int version)
{
	return instance->flags & (version == 4 ? LISP_INSTANCE_ETR4 : LISP_INSTANCE_ETR6);
}

/* Table 4342 is looked up for what leaves the site and for what came in; a VRF's for all. */
static bool needs_default(const struct lisp_dp_instance *instance, int version)
{
	return lisp_dp_instance_itr(instance, version) ||
	       (!instance->vrf_ifindex && delivers(instance, version));
}

static enum lisp_dp_route_kind default_route(const struct lisp_dp_instance *instance,
					     const struct prefix *prefix)
{
	const struct lisp_dp_mapping *mapping = lisp_dp_mapping_exact(instance, prefix);

	if (!needs_default(instance, prefix->family == AF_INET ? 4 : 6))
		return LISP_DP_ROUTE_NONE;
	return mapping && mapping->route == LISP_DP_ROUTE_NATIVE ? LISP_DP_ROUTE_NATIVE
								 : LISP_DP_ROUTE_DEVICE;
}

/* The default stays while there is a use for it. */
static int mapping_route_set(const struct lisp_dp_instance *instance, const struct prefix *prefix,
			     enum lisp_dp_route_kind route)
{
	if (!instance->active) /* lisp_dp_steer_again() comes when it is */
		return 0;
	if (!prefix->prefixlen && route == LISP_DP_ROUTE_NONE)
		route = default_route(instance, prefix);
	return route_set(instance, prefix, route);
}

void lisp_dp_steer_routes(struct lisp_dp_instance *instance)
{
	for (int version = 4; version <= 6; version += 2) {
		struct prefix prefix;
		int error;

		default_prefix(&prefix, version);
		if (!lisp_dp_device_live() && !needs_default(instance, version))
			continue;
		error = route_set(instance, &prefix, default_route(instance, &prefix));
		if (error)
			snprintf(instance->error, sizeof(instance->error), "IPv%d route to %s: %s",
				 version, instance->ifname, safe_strerror(error));
	}
}

/* ---- routes of mappings ---- */

static bool native(const struct route_node *node)
{
	const struct lisp_dp_mapping *mapping = node->info;

	return mapping && mapping->value.action == LISP_BPF_NATIVELY_FORWARD;
}

static bool inside_native(const struct route_node *node)
{
	for (node = node->parent; node; node = node->parent)
		if (native(node))
			return true;
	return false;
}

/* The route that this mapping needs now; 0 or errno. */
static int mapping_route(struct lisp_dp_instance *instance, struct route_node *node)
{
	struct lisp_dp_mapping *mapping = node->info;
	enum lisp_dp_route_kind route = LISP_DP_ROUTE_NONE;

	if (native(node))
		route = LISP_DP_ROUTE_NATIVE;
	else if (mapping && inside_native(node))
		route = LISP_DP_ROUTE_DEVICE;
	if (!mapping || mapping->route == route)
		return 0;
	mapping->route = route;
	return mapping_route_set(instance, &node->p, route);
}

/* A mapping became natively-forward or ceased to be: what lies inside follows. */
static void mapping_routes_inside(struct lisp_dp_instance *instance, struct route_node *top)
{
	struct route_node *node;

	for (node = route_next_until(route_lock_node(top), top); node;
	     node = route_next_until(node, top))
		mapping_route(instance, node);
}

void lisp_dp_steer_again(struct lisp_dp_instance *instance)
{
	for (int i = 0; i < 2; i++) {
		struct route_node *node;

		for (node = route_top(instance->cache[i]); node; node = route_next(node)) {
			struct lisp_dp_mapping *mapping = node->info;

			if (!mapping || mapping->route == LISP_DP_ROUTE_NONE)
				continue;
			mapping->route = LISP_DP_ROUTE_NONE;
			mapping_route(instance, node);
		}
	}
}

int lisp_dp_steer_put(struct lisp_dp_instance *instance, struct route_node *node,
		      const struct lisp_bpf_mapping *value, uint64_t epoch)
{
	bool was_native = native(node);
	int error = lisp_dp_mapping_put(instance, node, value, epoch);
	int route_error = mapping_route(instance, node);

	if (native(node) != was_native)
		mapping_routes_inside(instance, node);
	return error ? error : route_error;
}

void lisp_dp_steer_remove(struct lisp_dp_instance *instance, struct route_node *node)
{
	struct lisp_dp_mapping *mapping = node->info;
	bool was_native = native(node);

	if (mapping->route != LISP_DP_ROUTE_NONE) {
		mapping->route = LISP_DP_ROUTE_NONE;
		mapping_route_set(instance, &node->p, LISP_DP_ROUTE_NONE);
	}
	route_lock_node(node);
	lisp_dp_mapping_remove(instance, node);
	if (was_native)
		mapping_routes_inside(instance, node);
	route_unlock_node(node);
}

/* ---- policy rules ---- */

struct rules {
	struct lisp_dp_rule *rule;
	size_t count, room;
};

static void rules_add(struct rules *rules, const struct lisp_dp_rule *rule)
{
	if (rules->count == rules->room) {
		rules->room = rules->room ? rules->room * 2 : 16;
		rules->rule = XREALLOC(MTYPE_LISP_DP_RULES, rules->rule,
				       rules->room * sizeof(*rules->rule));
	}
	rules->rule[rules->count++] = *rule;
}

static void rules_collect(const struct lisp_dp_rule *rule, void *arg)
{
	rules_add(arg, rule);
}

static int rule_cmp(const void *one, const void *two)
{
	const struct lisp_dp_rule *a = one, *b = two;
	int result = prefix_cmp(&a->source, &b->source);

	if (!result)
		result = strcmp(a->iif, b->iif);
	if (!result)
		result = numcmp(a->suppress_default, b->suppress_default);
	return result ? result : numcmp(a->pref, b->pref);
}

/* By family: the default route leads into the site, not to the underlay. */
static bool default_inside[2];

bool lisp_dp_steer_check(bool (*outside)(int ifindex))
{
	/* of no special meaning and never a route of their own: reserved, discard-only */
	static const uint8_t nowhere[2][16] = { { 240, 0, 0, 1 }, { 0x01, [15] = 1 } };
	bool changed = false;

	for (int i = 0; i < 2; i++) {
		struct lisp_dp_lookup asked = { .family = i ? AF_INET6 : AF_INET,
						.destination = nowhere[i] };
		struct lisp_dp_way way;
		bool inside = !lisp_dp_lookup_ask(&asked, &way) && way.type == RTN_UNICAST &&
			      !outside(way.ifindex);

		changed |= inside != default_inside[i];
		default_inside[i] = inside;
	}
	return changed;
}

/*
 * What was decapsulated goes to the site by the main table, whatever tables others have chosen
 * for the underlay before it. What the site has no route to, an unassigned part of an
 * EID-prefix, does not leave again by the default route: it goes to the lisp device, which
 * sends ICMP. Not where the default leads into the site.
 */
static void rules_inward(struct rules *rules, const struct lisp_dp_instance *instance)
{
	for (int version = 4; version <= 6; version += 2) {
		struct lisp_dp_rule rule = { .pref = LISP_DP_PREF_MAIN,
					     .table = RT_TABLE_MAIN,
					     .suppress_default = true };

		if (!delivers(instance, version))
			continue;
		rule.source.family = LISP_DP_FAMILY(version);
		strlcpy(rule.iif, instance->ifname, sizeof(rule.iif));
		rules_add(rules, &rule);
		if (default_inside[version == 6])
			continue;
		rule.pref = LISP_DP_PREF_LISP;
		rule.table = LISP_DP_TABLE;
		rule.suppress_default = false;
		rules_add(rules, &rule);
	}
}

/* What an own RLOC sends is no packet of an EID, though a local EID-prefix covers it. */
static void rules_rlocs(struct rules *rules, const struct lisp_dp_instance *instance)
{
	const struct lisp_dp_rloc *rloc = NULL;

	while (!lisp_dp_underlay_ifindex() && (rloc = lisp_dp_rloc_next(rloc))) {
		struct lisp_dp_rule rule = { .source.family = LISP_DP_FAMILY(rloc->key.family),
					     .source.prefixlen = rloc->key.family == 4 ? 32 : 128,
					     .pref = LISP_DP_PREF_MAIN,
					     .table = RT_TABLE_MAIN };

		if (!lisp_dp_local_eid_match(instance, rloc->key.family, rloc->key.address))
			continue;
		memcpy(&rule.source.u.prefix, rloc->key.address, prefix_blen(&rule.source));
		rules_add(rules, &rule);
	}
}

static void rules_wanted(struct rules *rules, const struct lisp_dp_instance *instance)
{
	rules_inward(rules, instance);
	rules_rlocs(rules, instance);
	for (int i = 0; i < 2; i++) {
		struct route_node *node;

		if (!lisp_dp_instance_itr(instance, i ? 6 : 4))
			continue;
		for (node = route_top(instance->local[i]); node; node = route_next(node)) {
			struct lisp_dp_rule rule = { .source = node->p,
						     .pref = LISP_DP_PREF_MAIN,
						     .table = RT_TABLE_MAIN,
						     .suppress_default = true };

			if (!node->info)
				continue;
			rules_add(rules, &rule);
			rule.pref = LISP_DP_PREF_LISP;
			rule.table = LISP_DP_TABLE;
			rule.suppress_default = false;
			rules_add(rules, &rule);
		}
	}
}

static void rules_sort(struct rules *rules)
{
	if (rules->count)
		qsort(rules->rule, rules->count, sizeof(*rules->rule), rule_cmp);
}

static bool rules_have(const struct rules *rules, const struct lisp_dp_rule *rule)
{
	return rules->count && bsearch(rule, rules->rule, rules->count, sizeof(*rule), rule_cmp);
}

unsigned int lisp_dp_steer_rules(void)
{
	struct rules wanted = {}, present = {};
	struct lisp_dp_instance *instance = lisp_dp_instance_of_table(LISP_DP_TABLE);
	unsigned int missing = 0;

	if (instance)
		rules_wanted(&wanted, instance);
	lisp_dp_rule_walk(rules_collect, &present);
	rules_sort(&wanted);
	rules_sort(&present);

	for (size_t i = 0; i < wanted.count; i++) {
		int error;

		if (rules_have(&present, &wanted.rule[i]))
			continue;
		missing++;
		error = -lisp_dp_rule_add(&wanted.rule[i]);
		if (error)
			snprintf(instance->error, sizeof(instance->error),
				 "rule of an EID-prefix: %s", safe_strerror(error));
	}
	for (size_t i = 0; lisp_dp_device_live() && i < present.count; i++)
		if (!rules_have(&wanted, &present.rule[i]))
			lisp_dp_rule_del(&present.rule[i]);
	XFREE(MTYPE_LISP_DP_RULES, wanted.rule);
	XFREE(MTYPE_LISP_DP_RULES, present.rule);
	return missing;
}

/* ---- what is no longer wanted ---- */

static bool wanted(const struct lisp_dp_instance *instance, const struct prefix *prefix)
{
	const struct lisp_dp_mapping *mapping;

	if (!prefix->prefixlen)
		return default_route(instance, prefix) != LISP_DP_ROUTE_NONE;
	mapping = lisp_dp_mapping_exact(instance, prefix);
	return mapping && mapping->route != LISP_DP_ROUTE_NONE;
}

/* Ours: all of table 4342, and in others what we mark by its metric. */
static void sweep_route(const struct lisp_dp_route *route, void *arg)
{
	const struct lisp_dp_instance *instance = lisp_dp_instance_of_table(route->table);

	if (route->table != LISP_DP_TABLE &&
	    (route->metric != VRF_METRIC || (!instance && route->type != RTN_UNREACHABLE)))
		return;
	if (!instance || !wanted(instance, &route->prefix))
		lisp_dp_route_del(route);
}

void lisp_dp_steer_sweep(void)
{
	lisp_dp_route_walk(sweep_route, NULL);
}
