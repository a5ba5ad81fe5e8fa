// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * `show lisp forwarding`: what becomes of a packet, step by step, as the kernel and the
 * tables here say now. Nothing is sent and nothing changes. Callers hold the privileges.
 */
#ifndef _LISP_DP_EXPLAIN_H
#define _LISP_DP_EXPLAIN_H

#include "dplane/lisp_dp.pb-c.h"

/* Tells lispd; of what is malformed an Explanation without steps. */
void lisp_dp_explain(const LispDp__Explain *from);

#endif /* _LISP_DP_EXPLAIN_H */
