// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Equal paths of the underlay for what the slow path sends. The kernel spreads flows over these
 * by the outer ports, which it does not know of what a raw socket sends.
 */
#ifndef _LISP_DP_PATH_H
#define _LISP_DP_PATH_H

#include "dplane/lisp_dp_locator.h"

/*
 * The ifindex by which the kernel would send such a flow's encapsulated packets, as it was at most
 * two seconds ago; 0: there is one path only, or the kernel was asked too much this second.
 */
int lisp_dp_path(struct lisp_dp_locator *locator, uint32_t hash);
void lisp_dp_path_finish(void);

#endif /* _LISP_DP_PATH_H */
