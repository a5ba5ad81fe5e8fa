// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Is the site behind this ETR? Routes of the instance's VRF to a local EID-prefix, or to a part
 * of it, say so: when the last one has gone, this router's locators are down for that
 * EID-prefix (RFC 9300 section 11), until there is one again. An EID-prefix that has had none
 * since lispd started counts as reachable: packets may find their way by a default route.
 */
#ifndef _LISP_SITE_ROUTE_H
#define _LISP_SITE_ROUTE_H

#include "hook.h"
#include "prefix.h"
#include "vrf.h"

/* zebra is to tell all routes of the VRF, or need no longer; they go to lisp_site_route(). */
DECLARE_HOOK(lisp_site_routes_wanted, (vrf_id_t vrf_id, bool on), (vrf_id, on));

/* A route that leads somewhere, and not into LISP, is there, or is not. Called by lisp_zebra.c. */
void lisp_site_route(vrf_id_t vrf_id, const struct prefix *prefix, bool there);
/* zebra begins anew: it will tell what is there, and not what has gone meanwhile. */
void lisp_site_routes_anew(void);
/* A VRF came. */
void lisp_site_routes_update(void);

void lisp_site_route_init(void);
void lisp_site_route_finish(void);

#endif /* _LISP_SITE_ROUTE_H */
