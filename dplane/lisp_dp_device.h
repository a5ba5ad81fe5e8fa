// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The lisp device of an instance and how packets get to it: policy rules by
 * source EID-prefix and the routes of table 4342. Decapsulation programs on the
 * interfaces of the RLOC space. Callers hold the privileges.
 */
#ifndef _LISP_DP_DEVICE_H
#define _LISP_DP_DEVICE_H

#include <stdbool.h>

#include "dplane/lisp_dp_tables.h"

/* Makes the device or takes over what an earlier zebra left. 0 or errno. */
int lisp_dp_device_open(struct lisp_dp_instance *instance);
/* Removes device and program; its routes go with it. */
void lisp_dp_device_close(struct lisp_dp_instance *instance);

/*
 * What table 4342 says of a mapping's prefix. Most mappings need no route: the
 * default leads to the lisp device. A natively-forward one is a throw, so that
 * its packets fall back to the main table; what lies inside such a prefix and is
 * not natively forwarded needs a route to the device.
 */
enum lisp_dp_route {
	LISP_DP_ROUTE_NONE = 0,
	LISP_DP_ROUTE_THROW,
	LISP_DP_ROUTE_DEVICE,
};
/* 0 or errno */
int lisp_dp_device_route(const struct lisp_dp_instance *instance, const struct prefix *prefix,
			 enum lisp_dp_route route);

/*
 * Makes rules, MTU, default routes and programs agree with the tables. Cheap
 * when nothing changed; what is wrong for any reason is put right.
 */
void lisp_dp_device_sync(void);

/*
 * Until this is called (first EndOfReplay) programs of an earlier zebra go on
 * forwarding; from then on ours do.
 */
void lisp_dp_device_go_live(void);
bool lisp_dp_device_live(void);

/* Removes everything of ours that no table wants: also what kill -9 left. */
void lisp_dp_device_sweep(void);

#endif /* _LISP_DP_DEVICE_H */
