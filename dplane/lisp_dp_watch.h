// SPDX-License-Identifier: GPL-2.0-or-later
/* What others do in the kernel to rules, routes, devices and filters, in this namespace. */
#ifndef _LISP_DP_WATCH_H
#define _LISP_DP_WATCH_H

#include <stdint.h>

enum lisp_dp_watch_what {
	LISP_DP_WATCH_RULE,  /* a policy rule was deleted */
	LISP_DP_WATCH_ROUTE, /* a route was deleted; number: its table */
	LISP_DP_WATCH_DOWN,  /* a device is down; number: its ifindex */
	LISP_DP_WATCH_LINK,  /* a device that is up, or a setting of it, has changed; its ifindex */
	LISP_DP_WATCH_FILTER, /* filters of a device have changed; number: its ifindex */
	LISP_DP_WATCH_LOST,   /* more than could be read: it may be any of them */
};

typedef void (*lisp_dp_watch_fn)(enum lisp_dp_watch_what what, uint32_t number);

/* In the plugin's pthread; once is enough. */
void lisp_dp_watch_start(lisp_dp_watch_fn fn);
void lisp_dp_watch_stop(void);

#endif /* _LISP_DP_WATCH_H */
