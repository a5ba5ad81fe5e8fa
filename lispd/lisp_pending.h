// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Outstanding Map-Requests: each transmission has its own nonce, a Map-Reply is
 * accepted only when it matches one and covers what was asked (RFC 9301 5.3).
 */
#ifndef _LISP_PENDING_H
#define _LISP_PENDING_H

#include "typesafe.h"
#include "lispd/lispd.h"
#include "lispd/lisp_addr.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_query.h"

struct lisp_pending;

/*
 * Who asked. reply: a valid Map-Reply came (all records in msg, the first covers
 * eid); the query ends after the call. timeout: all tries failed; ends as well.
 */
struct lisp_pending_ops {
	void (*reply)(struct lisp_pending *p, const struct lisp_rx *rx, const struct lisp_msg *msg,
		      uint32_t rtt_us);
	void (*timeout)(struct lisp_pending *p);
	/* builds and sends one transmission with this nonce; 0 or -1 */
	int (*send)(struct lisp_pending *p, uint64_t nonce);
	/* Why a Map-Reply is no answer: the query goes on. NULL: it is one if it covers eid. */
	enum lisp_drop (*refuse)(const struct lisp_pending *p, const struct lisp_rx *rx,
				 const struct lisp_msg *msg);
};

struct lisp_pending_timing {
	unsigned int tries;	  /* transmissions */
	unsigned int interval_ms; /* between the first two */
	bool back_off;		  /* doubled each time, at most 8 s */
};

/* NULL when the table is full (bounded) or the nonces' source failed. Sends at once. */
struct lisp_pending *lisp_pending_start(const struct lisp_eid *eid,
					const struct lisp_pending_ops *ops,
					const struct lisp_pending_timing *timing, void *arg);
void lisp_pending_cancel(struct lisp_pending **p);

void *lisp_pending_arg(const struct lisp_pending *p);
const struct lisp_eid *lisp_pending_eid(const struct lisp_pending *p);
unsigned int lisp_pending_tries(const struct lisp_pending *p); /* sent so far */

/* send says the Map-Resolver that this transmission goes to, if it is to one. */
void lisp_pending_set_to(struct lisp_pending *p, const struct ipaddr *to);
/*
 * The Map-Resolver of the transmission that is answered, in reply, or of the one before,
 * in send and timeout; unset: it was not to one.
 */
const struct ipaddr *lisp_pending_to(const struct lisp_pending *p);

unsigned int lisp_pending_count(void);

/* RFC 9301 section 5.5: LISP_OK if one of a Map-Reply's records is the longest match of eid. */
enum lisp_drop lisp_pending_covered(const struct lisp_msg *msg, const struct lisp_eid *eid);

enum lisp_drop lisp_pending_rx_reply(const struct lisp_rx *rx, const struct lisp_msg *msg);

void lisp_pending_finish(void);

#endif /* _LISP_PENDING_H */
