// SPDX-License-Identifier: GPL-2.0-or-later
/* Routes to the local EID-prefixes. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "log.h"
#include "table.h"

#include "lispd/lisp_database.h"
#include "lispd/lisp_eid_table.h"
#include "lispd/lisp_site_route.h"

DEFINE_HOOK(lisp_site_routes_wanted, (vrf_id_t vrf_id, bool on), (vrf_id, on));

static vrf_bitmap_t asked = VRF_BITMAP_NULL; /* VRFs whose routes zebra tells */

/* ---- routes ---- */

static void local_lost(struct lisp_local_eid *local, bool lost)
{
	if (local->lost == lost)
		return;
	if (lost)
		zlog_notice("EID-prefix %pLE: its last route has gone, our locators are down for it",
			    &local->eid);
	else
		zlog_notice("EID-prefix %pLE: there is a route again", &local->eid);
	lisp_local_eid_lost(local, lost);
}

/* A node that is there is locked, and its info set. */
static void local_route(struct lisp_local_eid *local, const struct prefix *prefix, bool there)
{
	struct route_node *node;

	if (!local->routes)
		return;
	node = there ? route_node_get(local->routes, prefix)
		     : route_node_lookup(local->routes, prefix);
	if (!node)
		return;
	if (!there || node->info)
		route_unlock_node(node);
	node->info = there ? local : NULL;
	if (!there)
		route_unlock_node(node);
	local_lost(local, !route_table_count(local->routes));
}

void lisp_site_route(vrf_id_t vrf_id, const struct prefix *prefix, bool there)
{
	const struct vrf *vrf = vrf_lookup_by_id(vrf_id);
	struct lisp_instance *instance = NULL;
	const struct lisp_eid_node *node;

	while (vrf && (instance = lisp_instance_next(instance))) {
		struct lisp_eid eid = { .iid = instance->iid, .prefix = *prefix };

		if (!strmatch(instance->eid_vrf, vrf->name))
			continue;
		node = lisp_eid_table_match(lisp_database_table(), &eid);
		for (; node; node = lisp_eid_node_covering(node))
			local_route(node->info, prefix, there);
	}
}

void lisp_site_routes_anew(void)
{
	struct lisp_local_eid *local = NULL;

	while ((local = lisp_database_next(local))) {
		if (!local->routes)
			continue;
		route_table_finish(local->routes);
		local->routes = route_table_init();
	}
}

/* ---- what zebra is asked for ---- */

static vrf_id_t local_vrf(const struct lisp_local_eid *local)
{
	const struct lisp_instance *instance = lisp_instance_find(local->eid.iid);
	const struct vrf *vrf = NULL;

	if (lisp.enabled && instance && lisp_eid_is_ip(&local->eid) &&
	    lisp_service_of(&local->eid)->etr)
		vrf = vrf_lookup_by_name(instance->eid_vrf);
	return vrf ? vrf->vrf_id : VRF_UNKNOWN;
}

/* Its routes are those of that VRF. True: that is new. */
static bool local_follow(struct lisp_local_eid *local, vrf_id_t vrf_id)
{
	if (local->routes && local->routes_vrf == vrf_id)
		return false;
	if (local->routes) {
		route_table_finish(local->routes);
		local->routes = NULL;
		local_lost(local, false);
	}
	if (vrf_id == VRF_UNKNOWN)
		return false;
	local->routes = route_table_init();
	local->routes_vrf = vrf_id;
	return true;
}

/* on: all of its routes will be told, those that were before, too. */
static void vrf_ask(vrf_id_t vrf_id, bool on)
{
	if (vrf_bitmap_check(&asked, vrf_id)) {
		hook_call(lisp_site_routes_wanted, vrf_id, false);
		vrf_bitmap_unset(&asked, vrf_id);
	}
	if (!on)
		return;
	hook_call(lisp_site_routes_wanted, vrf_id, true);
	vrf_bitmap_set(&asked, vrf_id);
}

void lisp_site_routes_update(void)
{
	vrf_bitmap_t wanted = VRF_BITMAP_NULL, fresh = VRF_BITMAP_NULL;
	struct lisp_local_eid *local = NULL;
	struct vrf *vrf;
	vrf_id_t vrf_id;

	vrf_bitmap_init(&wanted);
	vrf_bitmap_init(&fresh);
	while ((local = lisp_database_next(local))) {
		vrf_id = local_vrf(local);
		if (vrf_id != VRF_UNKNOWN)
			vrf_bitmap_set(&wanted, vrf_id);
		if (local_follow(local, vrf_id))
			vrf_bitmap_set(&fresh, vrf_id);
	}
	RB_FOREACH (vrf, vrf_id_head, &vrfs_by_id)
		if (vrf_bitmap_check(&fresh, vrf->vrf_id))
			vrf_ask(vrf->vrf_id, true);
		else if (!vrf_bitmap_check(&wanted, vrf->vrf_id))
			vrf_ask(vrf->vrf_id, false);
	vrf_bitmap_free(&wanted);
	vrf_bitmap_free(&fresh);
}

static int site_route_database_changed(void)
{
	lisp_site_routes_update();
	return 0;
}

void lisp_site_route_init(void)
{
	vrf_bitmap_init(&asked);
	hook_register(lisp_database_changed, site_route_database_changed);
}

void lisp_site_route_finish(void)
{
	hook_unregister(lisp_database_changed, site_route_database_changed);
	vrf_bitmap_free(&asked);
}
