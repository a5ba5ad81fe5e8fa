// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RLOC objects. What zebra tells changes the state of some; these wait in a list,
 * with a reference, for the one event that runs lisp_rloc_changed for each: so a
 * subscriber may take and give back any reference.
 *
 * An address of this system is up while its interface is; a remote one, another xTR of
 * the site too, while nexthop tracking finds a route to it and no ICMP has just said that
 * the route leads nowhere. A remote one also has a source: an own RLOC of the same family,
 * rather one on the outgoing interface, so that a multihomed site's packets pass
 * its providers' source filters.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "frrevent.h"
#include "if.h"
#include "log.h"
#include "memory.h"
#include "monotime.h"
#include "vrf.h"

#include "lispd/lisp_bucket.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_log.h"
#include "lispd/lisp_rloc.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_RLOC, "LISP RLOC");

DEFINE_HOOK(lisp_rloc_changed, (struct lisp_rloc * rloc), (rloc));
DEFINE_HOOK(lisp_rloc_track, (vrf_id_t vrf_id, const struct ipaddr *addr, bool on),
	    (vrf_id, addr, on));
DEFINE_HOOK(lisp_addresses_changed, (), ());

static int rloc_cmp(const struct lisp_rloc *a, const struct lisp_rloc *b)
{
	return ipaddr_cmp(&a->addr, &b->addr);
}

DECLARE_RBTREE_UNIQ(lisp_rlocs, struct lisp_rloc, item, rloc_cmp);

DECLARE_DLIST(lisp_rlocs_dirty, struct lisp_rloc, dirty);
DECLARE_DLIST(lisp_rlocs_own, struct lisp_rloc, own);

static struct lisp_rlocs_head rlocs[1] = { INIT_RBTREE_UNIQ(rlocs[0]) };
static struct lisp_rlocs_dirty_head changed_rlocs[1] = { INIT_DLIST(changed_rlocs[0]) };
static struct lisp_rlocs_own_head own_rlocs[1] = { INIT_DLIST(own_rlocs[0]) };
static struct event *t_changed;
static vrf_id_t rloc_vrf = VRF_DEFAULT;

static const char *const state_names[] = {
	[LISP_RLOC_UNKNOWN] = "unknown",	[LISP_RLOC_UP] = "up",
	[LISP_RLOC_NO_ROUTE] = "no-route",	[LISP_RLOC_NO_ADDRESS] = "no-address",
	[LISP_RLOC_IF_DOWN] = "interface-down", [LISP_RLOC_ICMP_DOWN] = "icmp-unreachable",
	[LISP_RLOC_SILENT] = "no-probe-reply",	[LISP_RLOC_BROADCAST] = "broadcast",
};

const char *lisp_rloc_state_name(enum lisp_rloc_state state)
{
	return state_names[state];
}

/* ---- addresses of this system ---- */

static bool connected_address(const struct connected *c, int af, struct ipaddr *addr)
{
	if (c->address->family != af)
		return false;
	if (af == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&c->address->u.prefix6))
		return false;

	memset(addr, 0, sizeof(*addr));
	addr->ipa_type = af;
	memcpy(addr->ip.addrbytes, &c->address->u, IPADDRSZ(addr));
	return true;
}

/* Of the network that this own address is in; RFC 3021: one of two addresses has none. */
static bool is_broadcast(const struct connected *own, const struct ipaddr *addr)
{
	const struct prefix *network = own->address;

	return IS_IPADDR_V4(addr) && network->prefixlen < IPV4_MAX_BITLEN - 1 &&
	       addr->ipaddr_v4.s_addr ==
		       ipv4_broadcast_addr(network->u.prefix4.s_addr, network->prefixlen);
}

/* The interface that has the address; NULL: none. Or is it the broadcast address of one? */
static struct interface *address_interface(const struct ipaddr *addr, bool *broadcast)
{
	struct vrf *vrf = vrf_lookup_by_id(rloc_vrf);
	struct interface *ifp, *found = NULL;
	struct connected *c;
	struct ipaddr own;

	if (!vrf)
		return NULL;

	FOR_ALL_INTERFACES (vrf, ifp) {
		frr_each (if_connected, ifp->connected, c) {
			if (!connected_address(c, ipaddr_family(addr), &own))
				continue;
			*broadcast |= is_broadcast(c, addr);
			if (!ipaddr_is_same(&own, addr))
				continue;
			if (if_is_operative(ifp))
				return ifp;
			found = ifp;
		}
	}
	return found;
}

bool lisp_rloc_is_own(const struct ipaddr *addr)
{
	const struct lisp_rloc *rloc = lisp_rloc_find(addr);

	bool broadcast = false;

	return rloc ? rloc->local : address_interface(addr, &broadcast) != NULL;
}

static struct {
	struct in6_addr address[LISP_RLOC_GOING_MAX];
	size_t n;
} going;

void lisp_rloc_addresses_going(const struct in6_addr *addresses, size_t n)
{
	n = MIN(n, (size_t)LISP_RLOC_GOING_MAX);
	if (n == going.n && (!n || !memcmp(going.address, addresses, n * sizeof(*addresses))))
		return;
	if (n)
		memcpy(going.address, addresses, n * sizeof(*addresses));
	going.n = n;
	lisp_rloc_addresses_changed();
}

/* The lower the better. */
static int address_rank(const struct ipaddr *addr)
{
	if (!IS_IPADDR_V6(addr))
		return 0;
	for (size_t i = 0; i < going.n; i++)
		if (IPV6_ADDR_SAME(&going.address[i], &addr->ipaddr_v6))
			return 2;
	return (addr->ipaddr_v6.s6_addr[0] & 0xfe) == 0xfc; /* a ULA, RFC 4193 */
}

bool lisp_rloc_interface_address(const char *ifname, int af, struct ipaddr *addr)
{
	struct interface *ifp = if_lookup_by_name(ifname, rloc_vrf);
	struct connected *c;
	struct ipaddr each;
	bool found = false;

	if (!ifp)
		return false;

	frr_each (if_connected, ifp->connected, c) {
		if (!connected_address(c, af, &each) ||
		    (found && address_rank(&each) >= address_rank(addr)))
			continue;
		*addr = each;
		found = true;
	}
	return found;
}

static bool is_loopback(const struct ipaddr *addr)
{
	return IS_IPADDR_V4(addr) ? IPV4_NET127(ntohl(addr->ipaddr_v4.s_addr))
				  : IN6_IS_ADDR_LOOPBACK(&addr->ipaddr_v6);
}

/* The address that the rest of the network can best know: the last resort. */
static bool any_own_address(int af, struct ipaddr *addr)
{
	struct vrf *vrf = vrf_lookup_by_id(rloc_vrf);
	struct interface *ifp;
	struct connected *c;
	struct ipaddr each;
	bool found = false;

	if (!vrf)
		return false;

	FOR_ALL_INTERFACES (vrf, ifp) {
		if (!if_is_operative(ifp))
			continue;
		frr_each (if_connected, ifp->connected, c) {
			if (!connected_address(c, af, &each) || is_loopback(&each) ||
			    (found && address_rank(&each) >= address_rank(addr)))
				continue;
			*addr = each;
			found = true;
		}
	}
	return found;
}

/* An own locator that is up; one on the interface is better, then the lower address. */
static const struct lisp_rloc *own_locator(int af, ifindex_t ifindex)
{
	const struct lisp_rloc *rloc, *best = NULL;

	frr_each (lisp_rlocs_own_const, own_rlocs, rloc) {
		bool near, best_near;

		if (!rloc->local || !lisp_rloc_up(rloc) || ipaddr_family(&rloc->addr) != af)
			continue;

		near = rloc->ifindex == ifindex;
		best_near = best && best->ifindex == ifindex;
		if (best && near == best_near && ipaddr_cmp(&rloc->addr, &best->addr) > 0)
			continue;
		if (best && best_near && !near)
			continue;
		best = rloc;
	}
	return best;
}

bool lisp_rloc_own(int af, struct ipaddr *addr)
{
	const struct lisp_rloc *rloc = own_locator(af, 0);

	if (!rloc)
		return any_own_address(af, addr);

	*addr = rloc->addr;
	return true;
}

/* ---- state ---- */

static void rloc_source(struct lisp_rloc *rloc, struct ipaddr *source)
{
	const struct lisp_rloc *own;

	memset(source, 0, sizeof(*source));
	if (rloc->local)
		return;

	own = own_locator(ipaddr_family(&rloc->addr), rloc->ifindex);
	if (own)
		*source = own->addr;
}

/* What zebra says of an own address; remote ones keep what nexthop tracking said. */
static void rloc_local_state(struct lisp_rloc *rloc, enum lisp_rloc_state *state, ifindex_t *ifindex)
{
	struct interface *ifp;

	rloc->broadcast = false;
	ifp = address_interface(&rloc->addr, &rloc->broadcast);
	rloc->local = ifp != NULL;
	if (!ifp)
		return;
	rloc->left = false;
	*state = if_is_operative(ifp) ? LISP_RLOC_UP : LISP_RLOC_IF_DOWN;
	*ifindex = ifp->ifindex;
}

enum lisp_rloc_state lisp_rloc_own_state(const struct lisp_rloc *rloc)
{
	return rloc->left ? LISP_RLOC_NO_ADDRESS : rloc->state;
}

static void rloc_changed_run(struct event *event)
{
	struct lisp_rloc *rloc;

	while ((rloc = lisp_rlocs_dirty_pop(changed_rlocs))) {
		hook_call(lisp_rloc_changed, rloc);
		lisp_rloc_put(&rloc);
	}
}

static void rloc_mark_changed(struct lisp_rloc *rloc)
{
	if (lisp_rlocs_dirty_anywhere(rloc))
		return;

	rloc->refs++;
	lisp_rlocs_dirty_add_tail(changed_rlocs, rloc);
	event_add_event(lisp.master, rloc_changed_run, NULL, 0, &t_changed);
}

static uint32_t interface_mtu(ifindex_t ifindex, int af)
{
	struct interface *ifp = ifindex ? if_lookup_by_index(ifindex, rloc_vrf) : NULL;

	if (!ifp || if_is_loopback(ifp))
		return 0;
	return af == AF_INET ? ifp->mtu : ifp->mtu6;
}

/*
 * The log hears of an RLOC that comes or goes; of a remote one not that it is there at first,
 * which most are.
 */
static void rloc_log(struct lisp_rloc *rloc)
{
	enum lisp_rloc_state state = lisp_rloc_own_state(rloc);
	const char *whose = rloc->local || rloc->left ? "own " : "";
	bool up = state == LISP_RLOC_UP;

	if (state == LISP_RLOC_UNKNOWN || rloc->told_up == up)
		return;
	rloc->told_up = up;
	if (!lisp_log_room(&rloc->addr))
		return;
	if (up)
		zlog_notice("%sRLOC %pIA is up", whose, &rloc->addr);
	else
		zlog_notice("%sRLOC %pIA is down: %s", whose, &rloc->addr,
			    lisp_rloc_state_name(state));
}

static void rloc_update(struct lisp_rloc *rloc, enum lisp_rloc_state known, ifindex_t ifindex)
{
	uint32_t mtu = interface_mtu(ifindex, ipaddr_family(&rloc->addr));
	enum lisp_rloc_state state = known;
	struct ipaddr source;
	bool changed;

	if (rloc->t_icmp && known == LISP_RLOC_UP)
		state = LISP_RLOC_ICMP_DOWN;
	else if (rloc->silent && known == LISP_RLOC_UP && !rloc->local)
		state = LISP_RLOC_SILENT;
	if (rloc->broadcast && !rloc->local)
		state = LISP_RLOC_BROADCAST;
	changed = state != rloc->state || ifindex != rloc->ifindex || mtu != rloc->mtu;
	if (state != rloc->state)
		rloc->changed = monotime(NULL);
	rloc->known = known;
	rloc->state = state;
	rloc->ifindex = ifindex;
	rloc->mtu = mtu;
	rloc_log(rloc);

	rloc_source(rloc, &source);
	changed |= !ipaddr_is_same(&source, &rloc->source);
	rloc->source = source;
	if (!changed)
		return;

	LISP_DBG(rloc, "%pIA is %s, interface %u, source %pIA", &rloc->addr,
		 lisp_rloc_state_name(state), ifindex, &rloc->source);
	rloc_mark_changed(rloc);
}

/* Not ours any more: what zebra knows of it is asked anew. */
static void rloc_now_remote(struct lisp_rloc *rloc)
{
	hook_call(lisp_rloc_track, rloc_vrf, &rloc->addr, false);
	hook_call(lisp_rloc_track, rloc_vrf, &rloc->addr, true);
	rloc->left = rloc->own_refs;
	rloc_update(rloc, rloc_vrf == VRF_UNKNOWN ? LISP_RLOC_NO_ROUTE : LISP_RLOC_UNKNOWN, 0);
}

static void rloc_refresh(struct lisp_rloc *rloc)
{
	enum lisp_rloc_state state = rloc->known;
	ifindex_t ifindex = rloc->ifindex;
	bool was_local = rloc->local;

	rloc_local_state(rloc, &state, &ifindex);
	if (was_local && !rloc->local)
		rloc_now_remote(rloc);
	else
		rloc_update(rloc, state, ifindex);
	if (was_local != rloc->local)
		rloc_mark_changed(rloc);
}

/* Sources of remote ones follow the own ones: these first. */
static void rlocs_refresh(void)
{
	struct lisp_rloc *rloc;

	frr_each (lisp_rlocs_own, own_rlocs, rloc)
		rloc_refresh(rloc);
	frr_each (lisp_rlocs, rlocs, rloc)
		if (!rloc->own_refs)
			rloc_refresh(rloc);
}

void lisp_rloc_addresses_changed(void)
{
	rlocs_refresh();
	hook_call(lisp_addresses_changed);
}

vrf_id_t lisp_rloc_vrf(void)
{
	return rloc_vrf;
}

bool lisp_rloc_vrf_update(void)
{
	struct vrf *vrf = vrf_lookup_by_name(lisp.rloc_vrf);
	vrf_id_t now = vrf && vrf_is_enabled(vrf) ? vrf->vrf_id : VRF_UNKNOWN;
	struct lisp_rloc *rloc;

	if (now == rloc_vrf)
		return false;

	frr_each (lisp_rlocs, rlocs, rloc)
		hook_call(lisp_rloc_track, rloc_vrf, &rloc->addr, false);
	rloc_vrf = now;
	frr_each (lisp_rlocs, rlocs, rloc) {
		hook_call(lisp_rloc_track, rloc_vrf, &rloc->addr, true);
		if (!rloc->local)
			rloc_update(rloc,
				    now == VRF_UNKNOWN ? LISP_RLOC_NO_ROUTE : LISP_RLOC_UNKNOWN, 0);
	}
	rlocs_refresh();
	zlog_notice("locator-table %s: RLOCs are %s", lisp.rloc_vrf,
		    now == VRF_UNKNOWN ? "unreachable, this VRF is not there" : "in this VRF");
	return true;
}

void lisp_rloc_nexthop_update(const struct ipaddr *addr, bool reachable, ifindex_t ifindex)
{
	struct lisp_rloc *rloc = lisp_rloc_find(addr);

	if (!rloc || rloc->local)
		return;

	event_cancel(&rloc->t_icmp);
	rloc_update(rloc, reachable ? LISP_RLOC_UP : LISP_RLOC_NO_ROUTE, ifindex);
}

static void rloc_icmp_over(struct event *event)
{
	struct lisp_rloc *rloc = EVENT_ARG(event);

	rloc_update(rloc, rloc->known, rloc->ifindex);
}

void lisp_rloc_icmp_unreachable(struct lisp_rloc *rloc)
{
	static struct lisp_bucket bucket;

	if (rloc->local || rloc->own_refs || rloc->state != LISP_RLOC_UP ||
	    !lisp_bucket_take(&bucket, LISP_ICMP_RATE, LISP_ICMP_RATE))
		return;

	event_add_timer(lisp.master, rloc_icmp_over, rloc, LISP_ICMP_HOLD, &rloc->t_icmp);
	rloc_update(rloc, rloc->known, rloc->ifindex);
}

void lisp_rloc_answers(struct lisp_rloc *rloc, bool answers)
{
	if (rloc->silent == !answers)
		return;
	rloc->silent = !answers;
	rloc_update(rloc, rloc->known, rloc->ifindex);
}

void lisp_rloc_zebra_connected(void)
{
	struct lisp_rloc *rloc;

	frr_each (lisp_rlocs, rlocs, rloc)
		hook_call(lisp_rloc_track, rloc_vrf, &rloc->addr, true);
}

/* ---- references ---- */

struct lisp_rloc *lisp_rloc_find(const struct ipaddr *addr)
{
	struct lisp_rloc key = { .addr = *addr };

	return lisp_rlocs_find(rlocs, &key);
}

unsigned int lisp_rloc_count(void)
{
	return lisp_rlocs_count(rlocs);
}

struct lisp_rloc *lisp_rloc_get(const struct ipaddr *addr)
{
	struct lisp_rloc *rloc = lisp_rloc_find(addr);

	if (!rloc) {
		rloc = XCALLOC(MTYPE_LISP_RLOC, sizeof(*rloc));
		rloc->addr = *addr;
		rloc->changed = monotime(NULL);
		lisp_rlocs_add(rlocs, rloc);
		rloc_local_state(rloc, &rloc->known, &rloc->ifindex);
		rloc->state = rloc->known;
		rloc->told_up = true;
		hook_call(lisp_rloc_track, rloc_vrf, addr, true);
	}
	rloc->refs++;
	return rloc;
}

void lisp_rloc_put(struct lisp_rloc **rloc)
{
	struct lisp_rloc *r = *rloc;

	*rloc = NULL;
	if (!r || --r->refs)
		return;

	event_cancel(&r->t_icmp);
	hook_call(lisp_rloc_track, rloc_vrf, &r->addr, false);
	lisp_rlocs_del(rlocs, r);
	XFREE(MTYPE_LISP_RLOC, r);
}

struct lisp_rloc *lisp_rloc_get_own(const struct ipaddr *addr)
{
	struct lisp_rloc *rloc = lisp_rloc_get(addr);

	if (!rloc->own_refs++) {
		lisp_rlocs_own_add_tail(own_rlocs, rloc);
		rloc->told_up = false;
		rlocs_refresh();
	}
	return rloc;
}

void lisp_rloc_put_own(struct lisp_rloc **rloc)
{
	struct lisp_rloc *r = *rloc;

	if (!r)
		return;

	if (--r->own_refs) {
		lisp_rloc_put(rloc);
		return;
	}
	lisp_rlocs_own_del(own_rlocs, r);
	r->left = false;
	lisp_rloc_put(rloc);
	rlocs_refresh();
}

struct lisp_rloc *lisp_rloc_next(struct lisp_rloc *rloc)
{
	return rloc ? lisp_rlocs_next(rlocs, rloc) : lisp_rlocs_first(rlocs);
}

struct lisp_rloc *lisp_rloc_after(const struct ipaddr *addr)
{
	const struct lisp_rloc key = { .addr = *addr };
	struct lisp_rloc *rloc = lisp_rlocs_find_gteq(rlocs, &key);

	return rloc && ipaddr_is_same(&rloc->addr, addr) ? lisp_rlocs_next(rlocs, rloc) : rloc;
}

struct lisp_rloc *lisp_rloc_own_next(struct lisp_rloc *rloc)
{
	return rloc ? lisp_rlocs_own_next(own_rlocs, rloc) : lisp_rlocs_own_first(own_rlocs);
}

void lisp_rloc_finish(void)
{
	struct lisp_rloc *rloc;

	event_cancel(&t_changed);
	while ((rloc = lisp_rlocs_dirty_pop(changed_rlocs)))
		lisp_rloc_put(&rloc);
	lisp_rlocs_own_fini(own_rlocs);
	lisp_rlocs_fini(rlocs);
}
