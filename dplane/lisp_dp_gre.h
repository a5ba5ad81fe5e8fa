// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * GRE tunnels of the ALT (RFC 2784, key RFC 2890): the kernel's device where the
 * kernel has it, else a TUN device and a raw socket. IPv4 and IPv6 over either.
 */
#ifndef _LISP_DP_GRE_H
#define _LISP_DP_GRE_H

#include "dplane/lisp_dp_op.h"

/* Creates or replaces, or removes by name. 0 or errno. */
int lisp_dp_gre_apply(const LispDp__Tunnel *tunnel, struct lisp_dp_op *op);
void lisp_dp_gre_sweep(uint64_t epoch);
/* Kernel devices that an earlier zebra left and nobody named. */
void lisp_dp_gre_sweep_stale(void);

/* For Counters: an array of so many, to be given back to _free. */
size_t lisp_dp_gre_counters(LispDp__Counters__TunnelCount ***counts);
void lisp_dp_gre_counters_free(LispDp__Counters__TunnelCount **counts, size_t n);
void lisp_dp_gre_counters_clear(void);

void lisp_dp_gre_init(void);
void lisp_dp_gre_finish(void); /* removes all */

#endif /* _LISP_DP_GRE_H */
