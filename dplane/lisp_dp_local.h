// SPDX-License-Identifier: GPL-2.0-or-later
/* The local EID-prefixes of an instance: made and removed here, matched in lisp_dp_instance.h. */
#ifndef _LISP_DP_LOCAL_H
#define _LISP_DP_LOCAL_H

#include "dplane/lisp_dp_instance.h"
#include "dplane/lisp_dp_op.h"

/* 0 or an errno. */
int lisp_dp_local_eid_apply(const LispDp__LocalEid *from, struct lisp_dp_op *op);
/* Removes those not of this epoch. */
void lisp_dp_local_eid_sweep(struct lisp_dp_instance *instance, uint64_t epoch);

#endif /* _LISP_DP_LOCAL_H */
