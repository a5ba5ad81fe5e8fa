// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an ALT (RFC 6836) needs of the kernel in its VRF: the TUN device to which lispd's
 * routes lead and raw sockets, all of which lispd gets, the last default of a VRF
 * device's table, and settings. Callers hold the privileges.
 */
#ifndef _LISP_DP_ALT_H
#define _LISP_DP_ALT_H

#include "dplane/lisp_dp_op.h"

/* Makes it, or tells once more that it is there; removes it by its VRF. 0 or errno. */
int lisp_dp_alt_apply(const LispDp__Alt *from, struct lisp_dp_op *op);
void lisp_dp_alt_sweep(uint64_t epoch);
/* Last defaults that an earlier zebra left in VRFs that are no ALT. */
void lisp_dp_alt_sweep_stale(void);

void lisp_dp_alt_init(void);
void lisp_dp_alt_finish(void); /* removes all */

#endif /* _LISP_DP_ALT_H */
