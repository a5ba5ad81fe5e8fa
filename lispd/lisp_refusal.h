// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The last messages and records that were refused: whose, for which reason, how often. Each
 * type of message has a share of its own, so that a flood of one does not hide another.
 */
#ifndef _LISP_REFUSAL_H
#define _LISP_REFUSAL_H

#include "lib/ipaddr.h"

#include "lispd/lisp_eid.h"
#include "lispd/lisp_stats.h"

struct lisp_refusal {
	uint64_t number; /* the later the larger; 0: there is none here */
	uint8_t type;	 /* on the wire */
	enum lisp_drop reason;
	struct ipaddr peer;
	struct lisp_eid eid; /* that the message is about; all zero: none */
	char site[64];	     /* of the Map-Server; empty: none */
	uint64_t count;	     /* times */
	time_t last;	     /* monotonic seconds */
};

/*
 * Notes one: eid and site may be NULL. More than LISP_REFUSAL_RATE a second of one type are
 * in the counters of lisp_stats.h only.
 */
void lisp_refusal_note(uint8_t type, enum lisp_drop reason, const struct ipaddr *peer,
		       const struct lisp_eid *eid, const char *site);
/* How many were noted, or were to be, since the start. */
uint64_t lisp_refusals_noted(void);

/* By type of message, the last one first; NULL starts and ends. */
const struct lisp_refusal *lisp_refusal_next(const struct lisp_refusal *refusal);
void lisp_refusals_clear(void);

#endif /* _LISP_REFUSAL_H */
