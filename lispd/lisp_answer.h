// SPDX-License-Identifier: GPL-2.0-or-later
/* A Map-Reply's way to the ITR that asked. */
#ifndef _LISP_ANSWER_H
#define _LISP_ANSWER_H

#include "lispd/lisp_bucket.h"
#include "lispd/lisp_query.h"

/*
 * Where a Map-Reply to this request goes: the first ITR-RLOC of a family that we can
 * send (RFC 9301 section 5.5). False when there is none.
 */
bool lisp_answer_to(const struct lisp_msg *msg, struct ipaddr *dst);

/*
 * Sends it there from src (NULL: any), to the request's source port (inner one for
 * ECM); where there is no way to that ITR-RLOC, to the next. dst is the one it was.
 */
enum lisp_drop lisp_answer(const struct lisp_rx *rx, const struct lisp_msg *msg,
			   struct lisp_buckets *limit, const struct ipaddr *src,
			   const struct lisp_writer *w, struct ipaddr *dst);

#endif /* _LISP_ANSWER_H */
