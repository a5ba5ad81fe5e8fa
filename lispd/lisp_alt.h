// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * LISP+ALT (RFC 6836): the ALT VRF of each instance, Map-Requests out of and into it,
 * and the routes that make EID-prefixes visible there.
 *
 * Into the ALT: raw datagrams, source the ITR's RLOC, destination the EID, so that
 * the VRF's own routing carries them. Out of it: every prefix we serve is a route
 * of type lisp to a TUN device of ours in the VRF; what it receives is handed to
 * lisp_rx() if it is a Map-Request, else dropped and counted.
 */
#ifndef _LISP_ALT_H
#define _LISP_ALT_H

#include <net/if.h>

#include "lispd/lispd.h"
#include "lispd/lisp_addr.h"
#include "lispd/lisp_alt_io.h"
#include "lispd/lisp_query.h"

/* Prefixes that are in the ALT because of us: registered sites' (from the registry's
 * hook), `eid-prefix` aggregates, own database of an xTR on the ALT. Walk for shows.
 */
struct lisp_alt_route {
	struct lisp_eid eid;
	const char *origin; /* "registration", "aggregate", "database" */
};
const struct lisp_alt_route *lisp_alt_route_next(const struct lisp_alt_route *route);
const struct lisp_alt_route *lisp_alt_route_find(const struct lisp_eid *eid);
/* The first one behind eid in that order, whether there is one of eid or not. */
const struct lisp_alt_route *lisp_alt_route_after(const struct lisp_eid *eid);
struct lisp_alt_status {
	bool up;
	const char *error; /* NULL: fine */
	char ifname[IFNAMSIZ];
	uint64_t in, out, dropped; /* datagrams */
};
/* False: no alt-vrf for EIDs of that family in that instance. */
bool lisp_alt_status(uint32_t iid, enum lisp_family family, struct lisp_alt_status *status);

/*
 * The dataplane has made the device of an ALT, or (descriptors -1) has none and says why.
 * Descriptors that are taken over become -1.
 */
void lisp_alt_device(const char *vrf, const char *ifname, const char *error, int fds[LISP_ALT_FDS]);
/* It has gone, and with it all devices. */
void lisp_alt_devices_gone(void);

void lisp_alt_config_changed(void);
void lisp_alt_init(void);
void lisp_alt_finish(void);

#endif /* _LISP_ALT_H */
