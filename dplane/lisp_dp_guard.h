// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Firewall and IPsec hold for encapsulated packets, too. The fast path would pass them by:
 * what could matter to them goes the slow path, through the kernel's sockets, unless the
 * option `bypass` says otherwise. Callers hold the privileges.
 */
#ifndef _LISP_DP_GUARD_H
#define _LISP_DP_GUARD_H

#include "dplane/lisp_dp_nft.h"

enum lisp_dp_guard {
	LISP_DP_GUARD_NONE = 0, /* nothing hinders the fast path */
	LISP_DP_GUARD_FIREWALL,
	LISP_DP_GUARD_DROPS, /* a firewall, for certain */
	LISP_DP_GUARD_IPSEC,
};

/* What could matter to such packets, and in text what it is. */
enum lisp_dp_guard lisp_dp_guard(const struct lisp_dp_flow *flow, bool out, char *text, size_t size);

/* Listens to the kernel and reads what there is, or stops both. True: look again. */
bool lisp_dp_guard_sync(bool wanted);
/* iptables-legacy must be looked at now and then. True: look again. */
bool lisp_dp_guard_poll(void);

/* Called without privileges when rules or policies have changed and were read. */
void lisp_dp_guard_init(void (*changed)(void));

#endif /* _LISP_DP_GUARD_H */
