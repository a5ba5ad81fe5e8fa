// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The door to zebra: interface, address and VRF events in; nexthop tracking of
 * RLOCs (lisp_rloc_track); routes of type lisp out.
 */
#ifndef _LISP_ZEBRA_H
#define _LISP_ZEBRA_H

#include "lispd/lispd.h"

struct interface;

void lisp_zebra_init(void);
void lisp_zebra_finish(void);

/*
 * A route of type lisp. ifindex 0: a blackhole. Adding again replaces. The
 * caller resends after a reconnect (hook lisp_zebra_up).
 */
void lisp_zebra_route_add(vrf_id_t vrf_id, const struct prefix *prefix, ifindex_t ifindex);
void lisp_zebra_route_del(vrf_id_t vrf_id, const struct prefix *prefix);

/* After zebra is (re)connected, and for each VRF that appears or goes. */
DECLARE_HOOK(lisp_zebra_up, (), ());
DECLARE_HOOK(lisp_vrf_changed, (struct vrf * vrf, bool up), (vrf, up));
/* Any interface event: up, down, address added or removed, created, deleted. */
DECLARE_HOOK(lisp_interface_changed, (struct interface * ifp), (ifp));

/*
 * Routes that bgpd has in a VRF (for the ALT): subscribe or not; each change runs
 * the hook with added true or false. The prefix is valid during the call only.
 */
void lisp_zebra_bgp_subscribe(vrf_id_t vrf_id, bool on);
DECLARE_HOOK(lisp_bgp_route, (vrf_id_t vrf_id, const struct prefix *prefix, bool added),
	     (vrf_id, prefix, added));

#endif /* _LISP_ZEBRA_H */
