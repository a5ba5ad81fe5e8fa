// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * LISP+ALT (RFC 6836): which VRF, what is announced there, what was learned.
 *
 * One struct alt per instance that has an `alt-vrf`, for EIDs of one family or both: NLRI
 * carry no instance-id, so no two instances share a VRF. It comes up in steps: zebra
 * reports the VRF, the dataplane has made the TUN device and sockets in it and given them
 * to us (lisp_alt_io.c), zebra has seen the device up. Then every prefix of the instance in
 * the table `routes` is a route of type lisp to the device; bgpd redistributes them. What
 * bgpd learns goes to lisp_alt_rib.c.
 */
#include <zebra.h>

#include <errno.h>
#include <string.h>

#include "frrevent.h"
#include "if.h"
#include "log.h"
#include "memory.h"
#include "typesafe.h"
#include "vrf.h"

#include "lispd/lisp_alt.h"
#include "lispd/lisp_alt_io.h"
#include "lispd/lisp_alt_rib.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_dplane.h"
#include "lispd/lisp_eid_table.h"
#include "lispd/lisp_errors.h"
#include "lispd/lisp_forward.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_wire.h"
#include "lispd/lisp_zebra.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_ALT, "LISP ALT");
DEFINE_MTYPE_STATIC(LISPD, LISP_ALT_ROUTE, "LISP ALT route");

PREDECL_RBTREE_UNIQ(alts);
PREDECL_RBTREE_NONUNIQ(alt_vrfs);

struct alt {
	struct alts_item item;
	struct alt_vrfs_item by_vrf;
	char vrf[VRF_NAMSIZ];
	bool has[LISP_FAMILY_MAX]; /* EIDs of which families */
	struct lisp_alt_io io;
	ifindex_t ifindex; /* of the device, as zebra has it; 0: not up */
	bool subscribed;   /* to bgpd's routes */
	char error[120];   /* empty: fine */
};

static int alt_cmp(const struct alt *a, const struct alt *b)
{
	return numcmp(a->io.iid, b->io.iid);
}

DECLARE_RBTREE_UNIQ(alts, struct alt, item, alt_cmp);

static int alt_vrf_cmp(const struct alt *a, const struct alt *b)
{
	return strcmp(a->vrf, b->vrf);
}

DECLARE_RBTREE_NONUNIQ(alt_vrfs, struct alt, by_vrf, alt_vrf_cmp);

/* Why a prefix is in the ALT. */
enum {
	WHY_REGISTRATION = 1 << 0,
	WHY_AGGREGATE = 1 << 1,
	WHY_DATABASE = 1 << 2,
};

struct route {
	struct lisp_alt_route public;
	uint8_t why;
	uint8_t wanted; /* during routes_sync() */
};

static struct alts_head alts[1] = { INIT_RBTREE_UNIQ(alts[0]) };
static struct alt_vrfs_head alt_vrfs[1] = { INIT_RBTREE_NONUNIQ(alt_vrfs[0]) };

static struct lisp_eid_table *routes; /* info: struct route */

static enum lisp_family eid_family(const struct lisp_eid *eid)
{
	return lisp_af_family(eid->prefix.family);
}

static struct alt *alt_find(uint32_t iid)
{
	struct alt key = { .io.iid = iid };

	return alts_find(alts, &key);
}

/* At most one: an ALT leaves its VRF before another takes it. */
static struct alt *alt_of_vrf(const char *vrf)
{
	struct alt key = {}, *alt;

	strlcpy(key.vrf, vrf, sizeof(key.vrf));
	alt = alt_vrfs_find_gteq(alt_vrfs, &key);
	return alt && strmatch(alt->vrf, vrf) ? alt : NULL;
}

/* NLRI are IP prefixes. */
static struct alt *eid_alt(const struct lisp_eid *eid)
{
	struct alt *alt = lisp_eid_is_ip(eid) ? alt_find(eid->iid) : NULL;

	return alt && alt->has[eid_family(eid)] ? alt : NULL;
}

static bool alt_is_up(const struct alt *alt)
{
	return alt && alt->ifindex && lisp_alt_io_is_open(&alt->io);
}

/* Since its first opening. */
static bool alt_has_vrf(const struct alt *alt)
{
	return alt && alt->io.vrf_id != VRF_DEFAULT;
}

/* The table of what bgpd knows there says so of its own. */
static void alt_tell_rib(const struct alt *alt)
{
	for (enum lisp_family family = 0; family < LISP_FAMILY_MAX; family++)
		lisp_alt_rib_up(alt->io.iid, family, alt_is_up(alt));
}

static void rib_restart(const struct alt *alt)
{
	for (enum lisp_family family = 0; family < LISP_FAMILY_MAX; family++)
		lisp_alt_rib_restart(alt->io.iid, family);
}

/* ---- routes: what we put into the ALT ---- */

static const char *origin(uint8_t why)
{
	if (why & WHY_REGISTRATION)
		return "registration";
	return why & WHY_DATABASE ? "database" : "aggregate";
}

static void route_send(const struct route *route)
{
	const struct alt *alt = eid_alt(&route->public.eid);

	if (route->why && alt_is_up(alt))
		lisp_zebra_route_add(alt->io.vrf_id, &route->public.eid.prefix, alt->ifindex);
	/* also while the ALT is down: it must not come back with it */
	if (!route->why && alt_has_vrf(alt))
		lisp_zebra_route_del(alt->io.vrf_id, &route->public.eid.prefix);
}

/* Announces, withdraws and then frees, or only notes another reason. */
static void route_apply(struct lisp_eid_node *node, uint8_t why)
{
	struct route *route = node->info;
	bool was = route->why, is = why;

	route->why = why;
	route->public.origin = origin(why);
	if (was != is) {
		LISP_DBG_EID(alt, &route->public.eid, "%s", is ? "announced" : "withdrawn");
		route_send(route);
	}
	if (!is) {
		lisp_eid_table_del(routes, node);
		XFREE(MTYPE_LISP_ALT_ROUTE, route);
	}
}

static struct lisp_eid_node *route_get(const struct lisp_eid *eid)
{
	struct lisp_eid_node *node = lisp_eid_table_get(routes, eid);
	struct route *route;

	if (!node->info) {
		route = XCALLOC(MTYPE_LISP_ALT_ROUTE, sizeof(*route));
		route->public.eid = *eid;
		node->info = route;
	}
	return node;
}

static void route_why(const struct lisp_eid *eid, uint8_t why, bool on)
{
	struct lisp_eid_node *node;
	uint8_t now;

	if (!eid_alt(eid))
		return;
	node = route_get(eid);
	now = ((struct route *)node->info)->why;
	route_apply(node, on ? now | why : now & ~why);
}

static void route_want(const struct lisp_eid *eid, uint8_t why)
{
	if (eid_alt(eid))
		((struct route *)route_get(eid)->info)->wanted |= why;
}

static void want_registered(void)
{
	struct lisp_site_prefix *prefix = NULL;

	while ((prefix = lisp_site_prefix_next(prefix))) {
		if (lisp_site_prefix_registered(prefix))
			route_want(&prefix->eid, WHY_REGISTRATION);
		if (prefix->dynamic)
			route_want(&prefix->eid, WHY_AGGREGATE);
	}
}

/* Of an ETR that sits on the ALT (RFC 6836 section 5.2) */
static void want_database(void)
{
	struct lisp_local_eid *local = NULL;

	while ((local = lisp_database_next(local)))
		if (lisp_service_of(&local->eid)->etr)
			route_want(&local->eid, WHY_DATABASE);
}

/* Makes the table what registry, database and configuration say. */
static void routes_sync(void)
{
	struct lisp_eid_node *node, *next;

	LISP_EID_TABLE_EACH (routes, node, next)
		((struct route *)node->info)->wanted = 0;
	want_registered();
	want_database();
	LISP_EID_TABLE_EACH (routes, node, next)
		route_apply(node, ((struct route *)node->info)->wanted);
}

static void family_routes(const struct alt *alt, enum lisp_family family,
			  void (*f)(const struct route *route))
{
	const struct lisp_eid all = lisp_eid_all(alt->io.iid, lisp_family_af(family));
	struct lisp_eid_node *node, *next;

	if (!alt->has[family])
		return;
	LISP_EID_TABLE_INSIDE (routes, &all, node, next)
		f(node->info);
}

static void alt_routes(const struct alt *alt, void (*f)(const struct route *route))
{
	for (enum lisp_family family = 0; family < LISP_FAMILY_MAX; family++)
		family_routes(alt, family, f);
}

/* zebra forgets it; the table keeps it. */
static void route_withdraw(const struct route *route)
{
	lisp_zebra_route_del(eid_alt(&route->public.eid)->io.vrf_id, &route->public.eid.prefix);
}

static const struct lisp_alt_route *node_route(const struct lisp_eid_node *node)
{
	return node ? &((struct route *)node->info)->public : NULL;
}

const struct lisp_alt_route *lisp_alt_route_next(const struct lisp_alt_route *route)
{
	return route ? lisp_alt_route_after(&route->eid) : node_route(lisp_eid_table_first(routes));
}

const struct lisp_alt_route *lisp_alt_route_find(const struct lisp_eid *eid)
{
	return node_route(lisp_eid_table_find(routes, eid));
}

const struct lisp_alt_route *lisp_alt_route_after(const struct lisp_eid *eid)
{
	return node_route(lisp_eid_table_after(routes, eid));
}

/* ---- what bgpd knows there ---- */

static int bgp_route(vrf_id_t vrf_id, const struct prefix *prefix, bool added)
{
	const struct vrf *vrf = vrf_lookup_by_id(vrf_id);
	const struct alt *alt = vrf ? alt_of_vrf(vrf->name) : NULL;
	struct lisp_eid eid = {};

	if (prefix->family != AF_INET && prefix->family != AF_INET6)
		return 0;
	if (!alt || !alt->subscribed || alt->io.vrf_id != vrf_id)
		return 0;

	prefix_copy(&eid.prefix, prefix);
	eid.iid = alt->io.iid;
	LISP_DBG_EID(alt, &eid, "%s by bgpd", added ? "learned" : "lost");
	lisp_alt_rib_route(&eid, added);
	return 0;
}

/* ---- sending ---- */

/* An address of the ALT itself, where the system has no RLOC of the family. */
static bool vrf_address(const struct alt *alt, int af, struct ipaddr *addr)
{
	struct vrf *vrf = vrf_lookup_by_id(alt->io.vrf_id);
	struct connected *connected;
	struct interface *ifp;

	FOR_ALL_INTERFACES (vrf, ifp) {
		frr_each (if_connected, ifp->connected, connected) {
			const struct prefix *p = connected->address;
			struct lisp_eid eid = { .prefix = *p };

			if (p->family != af ||
			    (af == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&p->u.prefix6)))
				continue;
			lisp_eid_ipaddr(&eid, addr);
			return true;
		}
	}
	return false;
}

/* RFC 6836 section 5.1: an RLOC, the ITR's if it has one of the EID's family. */
static bool datagram_source(const struct alt *alt, int af, const struct ipaddr *itr_rloc,
			    struct ipaddr *source)
{
	if (itr_rloc && ipaddr_family(itr_rloc) == af) {
		*source = *itr_rloc;
		return true;
	}
	return lisp_rloc_own(af, source) || vrf_address(alt, af, source);
}

static int alt_send(const struct lisp_eid *eid, const struct ipaddr *itr_rloc, uint16_t sport,
		    const uint8_t *msg, size_t len)
{
	struct alt *alt = eid_alt(eid);
	uint8_t packet[LISP_MSG_MAX + 64];
	struct ipaddr source, destination;
	struct lisp_writer w;

	/* The VRF's table may lead elsewhere for what is not in the ALT. */
	if (!lisp_alt_reaches(eid) && !lisp_eid_table_match(routes, eid)) {
		lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_ALT_NOT_READY);
		return -1;
	}
	if (!alt_is_up(alt) || !datagram_source(alt, eid->prefix.family, itr_rloc, &source))
		return -1;

	lisp_eid_ipaddr(eid, &destination);
	lisp_writer_init(&w, packet, sizeof(packet));
	lisp_ip_udp_build(&w, &source, &destination, LISP_ALT_DATAGRAM_TTL, sport,
			  LISP_CONTROL_PORT, msg, len);
	if (w.overflow || lisp_alt_io_send(&alt->io, &destination, w.buf, w.len)) {
		LISP_DBG(alt, "Map-Request for %pIA from %pIA not sent: %m", &destination, &source);
		return -1;
	}
	lisp_stats_out(LISP_MAP_REQUEST);
	lisp_stats_event(LISP_EV_ALT_OUT);
	LISP_DBG(alt, "Map-Request for %pIA from %pIA sent in VRF %s", &destination, &source,
		 alt->vrf);
	return 0;
}

/* ---- coming up and going down ---- */

static void alt_error(struct alt *alt, const char *error)
{
	if (strcmp(alt->error, error))
		flog_warn(EC_LISP_ALT, "alt-vrf %s: %s", alt->vrf, error);
	strlcpy(alt->error, error, sizeof(alt->error));
}

/* Follows what zebra knows of the device: routes to it are void before it is up there. */
static void alt_device_changed(struct alt *alt)
{
	struct interface *ifp = NULL;
	ifindex_t ifindex = 0;

	if (lisp_alt_io_is_open(&alt->io))
		ifp = if_lookup_by_name(alt->io.ifname, alt->io.vrf_id);
	if (ifp && if_is_operative(ifp))
		ifindex = ifp->ifindex;
	if (ifindex == alt->ifindex)
		return;

	alt->ifindex = ifindex;
	alt_tell_rib(alt);
	if (!ifindex) {
		/* zebra would go on to redistribute them */
		alt_routes(alt, route_withdraw);
		alt_error(alt, "out of service, its device is down");
		return;
	}
	zlog_notice("alt-vrf %s: in service on %s", alt->vrf, alt->io.ifname);
	alt->error[0] = '\0';
	alt_routes(alt, route_send);
}

static void alt_down(struct alt *alt)
{
	if (alt->ifindex)
		alt_routes(alt, route_withdraw);
	if (alt->subscribed)
		lisp_zebra_bgp_subscribe(alt->io.vrf_id, false);
	alt->subscribed = false;
	rib_restart(alt);
	lisp_alt_io_close(&alt->io);
	alt->ifindex = 0;
	alt_tell_rib(alt);
}

static void alt_subscribe(struct alt *alt)
{
	if (alt->subscribed)
		return;
	rib_restart(alt);
	alt->subscribed = true;
	lisp_zebra_bgp_subscribe(alt->io.vrf_id, true);
}

/* As far up as the VRF's state lets it. */
static void alt_try(struct alt *alt)
{
	struct vrf *vrf = vrf_lookup_by_name(alt->vrf);

	if (!vrf || !vrf_is_enabled(vrf)) {
		strlcpy(alt->error, "waiting for this VRF", sizeof(alt->error));
		return;
	}
	if (vrf->vrf_id == VRF_DEFAULT) {
		alt_error(alt, "the default VRF is the underlay; the ALT needs one of its own");
		return;
	}
	alt->io.vrf_id = vrf->vrf_id;
	if (!lisp_alt_io_is_open(&alt->io)) {
		strlcpy(alt->error, "waiting for the dataplane", sizeof(alt->error));
		lisp_dplane_alt_again(alt->vrf);
	}
	alt_subscribe(alt);
	alt_device_changed(alt);
}

static struct alt *alt_get(uint32_t iid, const char *vrf)
{
	struct alt *alt = alt_find(iid);

	if (alt)
		return alt;

	alt = XCALLOC(MTYPE_LISP_ALT, sizeof(*alt));
	strlcpy(alt->vrf, vrf, sizeof(alt->vrf));
	alt->io.iid = iid;
	alt->io.tun = alt->io.raw[LISP_IPV4] = alt->io.raw[LISP_IPV6] = -1;
	alts_add(alts, alt);
	alt_vrfs_add(alt_vrfs, alt);
	return alt;
}

static void family_detach(struct alt *alt, enum lisp_family family)
{
	const struct lisp_eid all = lisp_eid_all(alt->io.iid, lisp_family_af(family));
	struct lisp_eid_node *node, *next;

	LISP_EID_TABLE_INSIDE (routes, &all, node, next)
		route_apply(node, 0);
	lisp_alt_rib_set(alt->io.iid, family, false);
	alt->has[family] = false;
}

/* bgpd's routes of a family that joins late: ask for all again. */
static void family_attach(struct alt *alt, enum lisp_family family)
{
	alt->has[family] = true;
	lisp_alt_rib_set(alt->io.iid, family, true);
	lisp_alt_rib_up(alt->io.iid, family, alt_is_up(alt));
	if (!alt->subscribed)
		return;
	lisp_zebra_bgp_subscribe(alt->io.vrf_id, false);
	alt->subscribed = false;
}

/* "": EIDs of that family in that instance are on no ALT. */
static const char *wanted_vrf(uint32_t iid, enum lisp_family family)
{
	if (!lisp.enabled || !lisp_instance_find(iid))
		return "";
	return lisp_service_get(iid, family)->alt_vrf;
}

static void alt_free(struct alt *alt)
{
	for (enum lisp_family family = 0; family < LISP_FAMILY_MAX; family++)
		family_detach(alt, family);
	alt_down(alt);
	alts_del(alts, alt);
	alt_vrfs_del(alt_vrfs, alt);
	XFREE(MTYPE_LISP_ALT, alt);
}

/* Families that want another VRF, or none, go; the last one closes it. */
static void alt_leave(struct alt *alt)
{
	for (enum lisp_family family = 0; family < LISP_FAMILY_MAX; family++)
		if (alt->has[family] && !strmatch(wanted_vrf(alt->io.iid, family), alt->vrf))
			family_detach(alt, family);
	if (!alt->has[LISP_IPV4] && !alt->has[LISP_IPV6])
		alt_free(alt);
}

static void alt_join(uint32_t iid)
{
	for (enum lisp_family family = 0; family < LISP_FAMILY_MAX; family++) {
		const char *vrf = wanted_vrf(iid, family);
		struct alt *alt = vrf[0] ? alt_get(iid, vrf) : NULL;

		if (alt && !alt->has[family])
			family_attach(alt, family);
	}
}

void lisp_alt_config_changed(void)
{
	struct lisp_instance *instance = NULL;
	struct alt *alt;

	/* a VRF is left before another instance takes it */
	frr_each_safe (alts, alts, alt)
		alt_leave(alt);
	while ((instance = lisp_instance_next(instance)))
		alt_join(instance->iid);
	frr_each (alts, alts, alt)
		alt_try(alt);
	routes_sync();
}

/* ---- events ---- */

static int zebra_up(void)
{
	struct alt *alt;

	frr_each (alts, alts, alt) {
		alt->subscribed = false;
		alt_try(alt);
		if (alt_is_up(alt))
			alt_routes(alt, route_send);
	}
	return 0;
}

void lisp_alt_device(const char *vrf, const char *ifname, const char *error, int fds[LISP_ALT_FDS])
{
	struct alt *alt = alt_of_vrf(vrf);

	if (!alt)
		return;
	if (fds[0] >= 0)
		lisp_alt_io_take(&alt->io, ifname, fds);
	else
		lisp_alt_io_close(&alt->io);
	alt_device_changed(alt);
	if (fds[0] >= 0 && !alt->ifindex)
		strlcpy(alt->error, "waiting for zebra to see its device", sizeof(alt->error));
	if (error[0])
		alt_error(alt, error);
}

void lisp_alt_devices_gone(void)
{
	struct alt *alt;

	frr_each (alts, alts, alt) {
		lisp_alt_io_close(&alt->io);
		alt_device_changed(alt);
		strlcpy(alt->error, "waiting for the dataplane", sizeof(alt->error));
	}
}

static int vrf_changed(struct vrf *vrf, bool up)
{
	struct alt *alt = alt_of_vrf(vrf->name);

	if (!alt)
		return 0;
	if (!up) {
		alt_down(alt);
		alt_error(alt, "out of service, its VRF is gone");
	}
	alt_try(alt);
	return 0;
}

static int interface_changed(struct interface *ifp)
{
	struct alt *alt = alt_of_vrf(ifp->vrf->name);

	if (alt)
		alt_device_changed(alt);
	return 0;
}

static int database_changed(void)
{
	routes_sync();
	return 0;
}

/* The prefix, and the aggregate it is in while that has any (RFC 6836 section 4.2). */
static int site_prefix_changed(struct lisp_site_prefix *prefix, bool registered)
{
	unsigned int leaving = registered ? 0 : 1;

	route_why(&prefix->eid, WHY_REGISTRATION, registered);
	if (prefix->parent)
		route_why(&prefix->parent->eid, WHY_AGGREGATE, prefix->parent->dynamic > leaving);
	return 0;
}

bool lisp_alt_status(uint32_t iid, enum lisp_family family, struct lisp_alt_status *status)
{
	const struct alt *alt = alt_find(iid);
	const struct lisp_alt_counters *counters;

	if (!alt || !alt->has[family])
		return false;

	counters = &alt->io.counters[family];
	*status = (struct lisp_alt_status){
		.up = alt_is_up(alt),
		.error = alt->error[0] ? alt->error : NULL,
		.in = counters->in,
		.out = counters->out,
		.dropped = counters->dropped,
	};
	strlcpy(status->ifname, alt->io.ifname, sizeof(status->ifname));
	return true;
}

void lisp_alt_init(void)
{
	routes = lisp_eid_table_new();
	lisp_forward_set_alt(alt_send);

	hook_register(lisp_zebra_up, zebra_up);
	hook_register(lisp_vrf_changed, vrf_changed);
	hook_register(lisp_interface_changed, interface_changed);
	hook_register(lisp_bgp_route, bgp_route);
	hook_register(lisp_database_changed, database_changed);
	hook_register(lisp_site_prefix_changed, site_prefix_changed);
}

void lisp_alt_finish(void)
{
	struct alt *alt;

	lisp_forward_set_alt(NULL);
	hook_unregister(lisp_zebra_up, zebra_up);
	hook_unregister(lisp_vrf_changed, vrf_changed);
	hook_unregister(lisp_interface_changed, interface_changed);
	hook_unregister(lisp_bgp_route, bgp_route);
	hook_unregister(lisp_database_changed, database_changed);
	hook_unregister(lisp_site_prefix_changed, site_prefix_changed);

	while ((alt = alts_first(alts)))
		alt_free(alt);
	alts_fini(alts);
	alt_vrfs_fini(alt_vrfs);
	lisp_eid_table_free(&routes, NULL);
}
