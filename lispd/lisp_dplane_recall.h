// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the dataplane held before our start and still forwards with: private to lisp_dplane*.c.
 * Each such mapping is asked for, at a pace that a Map-Resolver takes, and goes on as it is
 * until it is answered or nothing uses it any more.
 */
#ifndef _LISP_DPLANE_RECALL_H
#define _LISP_DPLANE_RECALL_H

#include <stdbool.h>

#include "lispd/lisp_eid.h"

/* One that was lately used; asked for once dp_recall_go() was called. */
void dp_recall_want(const struct lisp_eid *eid);
/* There is a configuration to ask with; asks: lisp_dplane.h, the call `recall`. */
void dp_recall_go(bool (*asks)(const struct lisp_eid *eid));
/* `no router lisp`: nothing of it is wanted any more. */
void dp_recall_stop(void);

void dp_recall_init(void);
void dp_recall_finish(void);

#endif /* _LISP_DPLANE_RECALL_H */
