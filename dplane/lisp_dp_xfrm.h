// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IPsec policies, judged: do they want encapsulated packets protected or blocked? The
 * fast path would pass them by. Callers hold the privileges.
 */
#ifndef _LISP_DP_XFRM_H
#define _LISP_DP_XFRM_H

#include "dplane/lisp_dp_nft.h"

/* Reads the policies there are now. 0 or -errno; with an error there are none. */
int lisp_dp_xfrm_load(void);
void lisp_dp_xfrm_unload(void);

/* True: a policy could be for such packets, going out or coming in. */
bool lisp_dp_xfrm_matters(const struct lisp_dp_flow *flow, bool out);

#endif /* _LISP_DP_XFRM_H */
