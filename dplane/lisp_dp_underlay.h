// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The underlay: the VRF in which RLOCs are, one for all instances (`locator-table`).
 * Sockets and look-ups of RLOCs are there. The default VRF unless lispd names another,
 * which must be a device. Callers hold the privileges.
 */
#ifndef _LISP_DP_UNDERLAY_H
#define _LISP_DP_UNDERLAY_H

#include "dplane/lisp_dp_op.h"

/* 0 or an errno. A VRF that is not there is told with every instance's state. */
int lisp_dp_underlay_apply(const LispDp__Underlay *from, struct lisp_dp_op *op);

/* Looks whether the VRF has come, gone or changed; true: it has. */
bool lisp_dp_underlay_check(void);

/* Packets can be exchanged; if not, lisp_dp_underlay_error() says why. */
bool lisp_dp_underlay_there(void);
const char *lisp_dp_underlay_error(void);

/* Of the VRF's device; 0: the default VRF, or it is not there. */
int lisp_dp_underlay_ifindex(void);

/* The socket sends and receives in the underlay. 0 or -errno. */
int lisp_dp_underlay_bind(int fd);

/* Back to the default VRF, unless another was named in this epoch. */
void lisp_dp_underlay_sweep(uint64_t epoch);

#endif /* _LISP_DP_UNDERLAY_H */
