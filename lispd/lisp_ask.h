// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The way of a Map-Request of our own: to a Map-Resolver in an ECM; straight onto the ALT
 * when this xTR sits on one and has no Map-Resolver for the family or bgpd knows the
 * prefix there; or in the clear to an RLOC of a mapping that is in use (RFC 9301 sections
 * 5.2, 5.8, 8.1; RFC 6836 section 5.1).
 */
#ifndef _LISP_ASK_H
#define _LISP_ASK_H

#include "lispd/lisp_buf.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_peer.h"

struct lisp_ask {
	struct lisp_eid eid;
	const struct ipaddr *to;     /* a Map-Resolver; NULL or unset: the ITR's choice */
	const struct ipaddr *source; /* Source-EID, or NULL */
	bool smr_invoked;
	bool probe;
	bool off_alt;		   /* it may not go onto the ALT */
	unsigned int attempt;	   /* from 0 */
	const struct ipaddr *last; /* the Map-Resolver of the attempt before; NULL or unset */
};

/*
 * Builds and sends one Map-Request with this nonce. Sets sent to where it went; unset:
 * onto the ALT, or nowhere. 0 or -1.
 */
int lisp_ask(const struct lisp_ask *ask, uint64_t nonce, struct ipaddr *sent);

/* The same to an RLOC of the entry that is up, the next one at each attempt. */
int lisp_ask_direct(const struct lisp_entry *entry, unsigned int attempt, uint64_t nonce);
/* How many there are. */
unsigned int lisp_ask_direct_up(const struct lisp_entry *entry);

/* An RLOC-probe, in the clear and from the RLOC's source to it (RFC 9301 section 7.1). */
int lisp_ask_probe(const struct lisp_eid *eid, const struct lisp_rloc *rloc, uint64_t nonce);

/* Does the ITR's choice go onto the ALT at this attempt? */
bool lisp_ask_uses_alt(const struct lisp_eid *eid, unsigned int attempt);

/* The ITR-RLOCs of our Map-Requests, IPv4 first; 0: there are none. */
unsigned int lisp_ask_put_rlocs(struct lisp_writer *w);

#endif /* _LISP_ASK_H */
