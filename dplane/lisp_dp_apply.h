// SPDX-License-Identifier: GPL-2.0-or-later
/* What lispd wants, operation by operation, and since which epoch. */
#ifndef _LISP_DP_APPLY_H
#define _LISP_DP_APPLY_H

#include "dplane/lisp_dp_op.h"

/* One operation of a Batch. 0 or an errno, with op->text about it. */
int lisp_dp_apply(const LispDp__Op *from, struct lisp_dp_op *op);

/* After a Batch: what follows from all of its operations together. */
void lisp_dp_commit(void);

/*
 * Removes whatever was not named in this epoch, here and in the kernel; of many mappings the
 * most after this call.
 */
void lisp_dp_sweep(uint64_t epoch);
/* A new lispd may want what is left. */
void lisp_dp_sweep_stop(void);

void lisp_dp_apply_init(void);
/* Removes all, here and in the kernel. */
void lisp_dp_apply_finish(void);

#endif /* _LISP_DP_APPLY_H */
