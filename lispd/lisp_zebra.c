// SPDX-License-Identifier: GPL-2.0-or-later
/* The door to zebra. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "if.h"
#include "log.h"
#include "prefix.h"
#include "stream.h"
#include "vrf.h"
#include "zclient.h"

#include "lispd/lisp_debug.h"
#include "lispd/lisp_kernel.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_site_route.h"
#include "lispd/lisp_zebra.h"

DEFINE_HOOK(lisp_zebra_up, (), ());
DEFINE_HOOK(lisp_vrf_changed, (struct vrf * vrf, bool up), (vrf, up));
DEFINE_HOOK(lisp_interface_changed, (struct interface * ifp), (ifp));
DEFINE_HOOK(lisp_bgp_route, (vrf_id_t vrf_id, const struct prefix *prefix, bool added),
	    (vrf_id, prefix, added));

static struct zclient *zclient;

/* 89 kB: one for all, only what is used is set anew for each route. */
static struct zapi_route route;

/* ---- interfaces, addresses, VRFs ---- */

static void interface_changed(struct interface *ifp)
{
	lisp_rloc_addresses_changed();
	hook_call(lisp_interface_changed, ifp);
}

static int lisp_if_event(struct interface *ifp)
{
	interface_changed(ifp);
	return 0;
}

static int lisp_address_add(ZAPI_CALLBACK_ARGS)
{
	struct connected *c = zebra_interface_address_read(cmd, zclient->ibuf, vrf_id);

	if (c)
		interface_changed(c->ifp);
	return 0;
}

static int lisp_address_del(ZAPI_CALLBACK_ARGS)
{
	struct connected *c = zebra_interface_address_read(cmd, zclient->ibuf, vrf_id);
	struct interface *ifp;

	if (!c)
		return 0;

	ifp = c->ifp;
	connected_free(&c);
	interface_changed(ifp);
	return 0;
}

static int lisp_vrf_enable(struct vrf *vrf)
{
	if (zclient && zclient->sock >= 0)
		zclient_send_reg_requests(zclient, vrf->vrf_id);
	hook_call(lisp_vrf_changed, vrf, true);
	lisp_site_routes_update();
	return 0;
}

static int lisp_vrf_disable(struct vrf *vrf)
{
	hook_call(lisp_vrf_changed, vrf, false);
	return 0;
}

static int lisp_vrf_ignore(struct vrf *vrf)
{
	return 0;
}

/* ---- nexthop tracking ---- */

static void nht_send(vrf_id_t vrf_id, const struct ipaddr *addr, int command)
{
	struct prefix prefix = { .family = ipaddr_family(addr) };

	if (!zclient || zclient->sock < 0 || vrf_id == VRF_UNKNOWN)
		return;

	memcpy(&prefix.u, addr->ip.addrbytes, IPADDRSZ(addr));
	prefix.prefixlen = IPADDRSZ(addr) * 8;
	zclient_send_rnh(zclient, command, &prefix, SAFI_UNICAST, false, true, vrf_id);
}

static int nht_track(vrf_id_t vrf_id, const struct ipaddr *addr, bool on)
{
	nht_send(vrf_id, addr, on ? ZEBRA_NEXTHOP_REGISTER : ZEBRA_NEXTHOP_UNREGISTER);
	return 0;
}

static void lisp_nexthop_update(struct vrf *vrf, struct prefix *match, struct zapi_route *nhr)
{
	struct ipaddr addr = { .ipa_type = match->family };
	bool reachable = nhr->nexthop_num && nhr->nexthops[0].type != NEXTHOP_TYPE_BLACKHOLE;
	struct lisp_rloc *rloc;

	if (vrf->vrf_id != lisp_rloc_vrf())
		return;

	memcpy(addr.ip.addrbytes, &match->u, IPADDRSZ(&addr));
	rloc = lisp_rloc_find(&addr);
	if (!rloc)
		return;
	/* what zebra has just lost the kernel may still have for a moment */
	if (!reachable && (rloc->by_kernel || rloc->known == LISP_RLOC_UNKNOWN) &&
	    lisp_kernel_ask(rloc))
		return;
	rloc->by_kernel = false;
	lisp_rloc_nexthop_update(&addr, reachable, reachable ? nhr->nexthops[0].ifindex : 0);
}

/* ---- routes of type lisp ---- */

static void route_send(uint8_t command, vrf_id_t vrf_id, const struct prefix *prefix,
		       ifindex_t ifindex)
{
	struct zapi_nexthop *nh = &route.nexthops[0];

	if (!zclient || zclient->sock < 0)
		return;

	route.vrf_id = vrf_id;
	route.type = ZEBRA_ROUTE_LISP;
	route.safi = SAFI_UNICAST;
	prefix_copy(&route.prefix, prefix);
	route.message = 0;
	route.nexthop_num = 0;

	if (command == ZEBRA_ROUTE_ADD) {
		SET_FLAG(route.message, ZAPI_MESSAGE_NEXTHOP);
		route.nexthop_num = 1;
		memset(nh, 0, sizeof(*nh));
		nh->vrf_id = vrf_id;
		if (ifindex) {
			nh->type = NEXTHOP_TYPE_IFINDEX;
			nh->ifindex = ifindex;
		} else {
			nh->type = NEXTHOP_TYPE_BLACKHOLE;
			nh->bh_type = BLACKHOLE_NULL;
		}
	}
	zclient_route_send(command, zclient, &route);
}

void lisp_zebra_route_add(vrf_id_t vrf_id, const struct prefix *prefix, ifindex_t ifindex)
{
	route_send(ZEBRA_ROUTE_ADD, vrf_id, prefix, ifindex);
}

void lisp_zebra_route_del(vrf_id_t vrf_id, const struct prefix *prefix)
{
	route_send(ZEBRA_ROUTE_DELETE, vrf_id, prefix, 0);
}

/* ---- what bgpd knows in the ALT, and what leads to the site ---- */

void lisp_zebra_bgp_subscribe(vrf_id_t vrf_id, bool on)
{
	int command = on ? ZEBRA_REDISTRIBUTE_ADD : ZEBRA_REDISTRIBUTE_DELETE;

	if (!zclient)
		return;

	zclient_redistribute(command, zclient, AFI_IP, ZEBRA_ROUTE_BGP, 0, vrf_id);
	zclient_redistribute(command, zclient, AFI_IP6, ZEBRA_ROUTE_BGP, 0, vrf_id);
}

/* To the site, or to where the next router is: not into LISP, and not to nowhere. */
static bool leads_somewhere(const struct zapi_route *of)
{
	return of->type != ZEBRA_ROUTE_LISP &&
	       !(of->nexthop_num && of->nexthops[0].type == NEXTHOP_TYPE_BLACKHOLE);
}

static int lisp_redistributed(ZAPI_CALLBACK_ARGS)
{
	bool there = cmd == ZEBRA_REDISTRIBUTE_ROUTE_ADD;
	static struct zapi_route received;

	if (zapi_route_decode(zclient->ibuf, &received) < 0)
		return -1;

	if (received.type == ZEBRA_ROUTE_BGP)
		hook_call(lisp_bgp_route, vrf_id, &received.prefix, there);
	/* another one of the same prefix may be in its place */
	lisp_site_route(vrf_id, &received.prefix, there && leads_somewhere(&received));
	return 0;
}

/* ---- routes to the site ---- */

static int site_routes_wanted(vrf_id_t vrf_id, bool on)
{
	int command = on ? ZEBRA_REDISTRIBUTE_ADD : ZEBRA_REDISTRIBUTE_DELETE;

	if (zclient) {
		zclient_redistribute(command, zclient, AFI_IP, ZEBRA_ROUTE_ALL, 0, vrf_id);
		zclient_redistribute(command, zclient, AFI_IP6, ZEBRA_ROUTE_ALL, 0, vrf_id);
	}
	return 0;
}

/* ---- connection ---- */

static void lisp_zebra_connected(struct zclient *client)
{
	struct vrf *vrf;

	RB_FOREACH (vrf, vrf_id_head, &vrfs_by_id)
		zclient_send_reg_requests(client, vrf->vrf_id);

	lisp_rloc_zebra_connected();
	lisp_site_routes_anew();
	hook_call(lisp_zebra_up);
}

static zclient_handler *const lisp_handlers[] = {
	[ZEBRA_INTERFACE_ADDRESS_ADD] = lisp_address_add,
	[ZEBRA_INTERFACE_ADDRESS_DELETE] = lisp_address_del,
	[ZEBRA_REDISTRIBUTE_ROUTE_ADD] = lisp_redistributed,
	[ZEBRA_REDISTRIBUTE_ROUTE_DEL] = lisp_redistributed,
};

void lisp_zebra_init(void)
{
	vrf_init(lisp_vrf_ignore, lisp_vrf_enable, lisp_vrf_disable, lisp_vrf_ignore);

	hook_register_prio(if_real, 0, lisp_if_event);
	hook_register_prio(if_up, 0, lisp_if_event);
	hook_register_prio(if_down, 0, lisp_if_event);
	hook_register_prio(if_unreal, 0, lisp_if_event);
	lisp_kernel_init();
	hook_register(lisp_rloc_track, nht_track);
	hook_register(lisp_site_routes_wanted, site_routes_wanted);

	zclient = zclient_new(lisp.master, &zclient_options_default, lisp_handlers,
			      array_size(lisp_handlers));
	zclient_init(zclient, ZEBRA_ROUTE_LISP, 0, &lisp_privs);
	zclient->zebra_connected = lisp_zebra_connected;
	zclient->nexthop_update = lisp_nexthop_update;
}

void lisp_zebra_finish(void)
{
	if (!zclient)
		return;

	lisp_kernel_finish();
	hook_unregister(lisp_rloc_track, nht_track);
	hook_unregister(lisp_site_routes_wanted, site_routes_wanted);
	zclient_stop(zclient);
	zclient_free(zclient);
	zclient = NULL;
	vrf_terminate();
}
