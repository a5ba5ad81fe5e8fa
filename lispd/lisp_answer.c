// SPDX-License-Identifier: GPL-2.0-or-later
/* A Map-Reply's way to the ITR that asked (RFC 9301 section 5.5). */
#include <zebra.h>

#include "lispd/lisp_answer.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_rloc.h"

static bool next_itr_rloc(struct lisp_cursor *c, struct ipaddr *rloc)
{
	struct lisp_addr addr;
	struct ipaddr own;

	while (lisp_itr_rloc_next(c, &addr))
		if (lisp_addr_to_rloc(&addr, rloc) && lisp_rloc_valid(rloc) &&
		    lisp_rloc_own(ipaddr_family(rloc), &own))
			return true;
	return false;
}

bool lisp_answer_to(const struct lisp_msg *msg, struct ipaddr *dst)
{
	struct lisp_cursor c = lisp_msg_itr_rlocs(msg);

	return next_itr_rloc(&c, dst);
}

enum lisp_drop lisp_answer(const struct lisp_rx *rx, const struct lisp_msg *msg,
			   struct lisp_buckets *limit, const struct ipaddr *src,
			   const struct lisp_writer *w, struct ipaddr *dst)
{
	struct lisp_cursor c = lisp_msg_itr_rlocs(msg);
	uint16_t dport = rx->ecm ? rx->inner_sport : rx->sport;

	while (next_itr_rloc(&c, dst)) {
		if (!lisp_buckets_take(limit, dst))
			return LISP_DROP_RATE_LIMITED;
		if (!lisp_io_send(src, dst, dport, w->buf, w->len))
			return LISP_OK;
	}
	return LISP_DROP_UNREACHABLE;
}
