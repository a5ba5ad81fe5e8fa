// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SMRs of our own (RFC 9301 section 6.1): a peer's RLOC is told that a mapping of ours is not
 * what it was. It is told of one EID-prefix in 3 s, three times, until it asks; and of all
 * EID-prefixes together no more than a bucket allows. Those that wait for that are in an order:
 * what the peer has asked for, the latest first, comes before what it may have from elsewhere,
 * and what it was not told at all before what it did not answer.
 */
#ifndef _LISP_SOLICIT_H
#define _LISP_SOLICIT_H

#include "typesafe.h"
#include "lispd/lispd.h"
#include "lispd/lisp_eid.h"

PREDECL_RBTREE_UNIQ(lisp_solicited);
PREDECL_HEAP(lisp_solicit_queue);

/* A peer that is being told. */
struct lisp_solicited {
	struct lisp_solicited_item item;
	struct ipaddr rloc;
	struct lisp_solicit_queue_head queue; /* private to lisp_solicit.c, as the rest */
	unsigned int smrs;		      /* those in the queue and those that were sent */
	unsigned int asked;		      /* those in the queue that it has asked for */
	unsigned int waited, unsent;	      /* times */
	struct event *t_send;
};

/*
 * eid is ours and has changed. record: the peer's own EID-prefix, NULL: it is not known. asked:
 * when the peer asked for it, monotonic seconds; 0: we do not know that it has it.
 */
void lisp_solicit(const struct lisp_eid *eid, const struct ipaddr *rloc,
		  const struct lisp_eid *record, time_t asked);
/* Packets for an EID, or to an RLOC, that is not ours: their sender is told once in 3 s. */
void lisp_solicit_stray(const struct lisp_eid *eid, const struct lisp_eid *source,
			const struct ipaddr *rloc);
/* It is being told that. */
bool lisp_solicits(const struct lisp_eid *eid, const struct ipaddr *rloc);
/* The peer has asked: it is not told any more. */
void lisp_solicit_answered(const struct lisp_eid *eid, const struct ipaddr *rloc);

/* Those that are being told, by address; NULL starts and ends. */
const struct lisp_solicited *lisp_solicited_after(const struct ipaddr *rloc);
const struct lisp_solicited *lisp_solicited_get(const struct ipaddr *rloc);
unsigned int lisp_solicited_waiting(const struct lisp_solicited *peer);

void lisp_solicit_clear(void);
void lisp_solicit_finish(void);

#endif /* _LISP_SOLICIT_H */
