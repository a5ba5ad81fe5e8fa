// SPDX-License-Identifier: GPL-2.0-or-later
/* A Map-Reply's way to the ITR that asked. */
#ifndef _LISP_ANSWER_H
#define _LISP_ANSWER_H

#include "hook.h"
#include "lispd/lisp_bucket.h"
#include "lispd/lisp_query.h"

/*
 * Is there an ITR-RLOC of a family that we can send, for a Map-Reply to go to (RFC 9301
 * section 5.5)? The first one. LISP_DROP_UNREACHABLE if there is none,
 * LISP_DROP_DO_NOT_REPLY if the ITR wants none.
 */
enum lisp_drop lisp_answer_to(const struct lisp_msg *msg, struct ipaddr *dst);

/* Octets of a Map-Reply that any of the ITR-RLOCs gets whole (RFC 9301 section 5). */
size_t lisp_answer_size(const struct lisp_msg *msg);

/* The header of a Map-Reply: the request's nonce, flags as given. */
void lisp_answer_start(struct lisp_writer *w, const struct lisp_msg *msg, uint32_t flags);

/*
 * Sends it from src (NULL: any), to the request's source port (inner one for ECM), back the
 * way that the request came, if one of its ITR-RLOCs is there; where there is no way to that,
 * to the next one. dst is the one it was.
 */
enum lisp_drop lisp_answer(const struct lisp_rx *rx, const struct lisp_msg *msg,
			   struct lisp_buckets *limit, const struct ipaddr *src,
			   const struct lisp_writer *w, struct ipaddr *dst);

/* The same for the mapping system: it answers for many ETRs. */
enum lisp_drop lisp_answer_client(const struct lisp_rx *rx, const struct lisp_msg *msg,
				  const struct lisp_writer *w, struct ipaddr *dst);

/* A negative Map-Reply for the hole: natively-forward, for ttl minutes. */
enum lisp_drop lisp_answer_negative(const struct lisp_rx *rx, const struct lisp_msg *msg,
				    const struct lisp_eid *hole, uint32_t ttl);

/*
 * For an EID that no site has: a negative Map-Reply for the hole around it, if what
 * we and the ALT know is all there is.
 */
enum lisp_drop lisp_answer_unknown_eid(const struct lisp_rx *rx, const struct lisp_msg *msg,
				       const struct lisp_eid *eid);

/* A local EID-prefix was told to this ITR-RLOC of the Map-Request: runs the hook. */
void lisp_answer_told(const struct lisp_eid *eid, const struct lisp_rx *rx,
		      const struct lisp_msg *msg, const struct ipaddr *rloc);
DECLARE_HOOK(lisp_answered,
	     (const struct lisp_eid *eid, const struct lisp_rx *rx, const struct lisp_msg *msg,
	      const struct ipaddr *rloc),
	     (eid, rx, msg, rloc));

#endif /* _LISP_ANSWER_H */
