// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's own word on what zebra does not tell: which addresses are going, and routes,
 * as policy rules choose tables that zebra does not look into. An RLOC to which zebra has
 * no route is asked for here, when zebra says so first and every two seconds while it is so;
 * and those to which it has one in turn, as a rule may lead to a blackhole before.
 */
#ifndef _LISP_KERNEL_H
#define _LISP_KERNEL_H

#include "lispd/lisp_rloc.h"

/* zebra has no route to it, as far as it has said. True: the kernel has; the RLOC is told. */
bool lisp_kernel_ask(struct lisp_rloc *rloc);

void lisp_kernel_init(void);
void lisp_kernel_finish(void);

#endif /* _LISP_KERNEL_H */
