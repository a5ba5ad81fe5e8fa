// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the ALT of each instance tells (RFC 6836): the prefixes that bgpd has there and
 * those that it had until lately. It says whether that ALT reaches an EID, and whether its
 * silence about one means something. lisp_alt.c fills it.
 */
#ifndef _LISP_ALT_RIB_H
#define _LISP_ALT_RIB_H

#include "lispd/lisp_eid_table.h"
#include "lispd/lisp_instance.h"

/* Has the EID's instance an ALT VRF for its family, and is that up? */
bool lisp_alt_up(const struct lisp_eid *eid);
/* Does bgpd know a route for the EID there (not only our own)? */
bool lisp_alt_reaches(const struct lisp_eid *eid);
/* The longest such route but the default one, or NULL; valid until the next event. */
const struct lisp_eid *lisp_alt_learned_match(const struct lisp_eid *eid);

/*
 * May an EID that bgpd has no route for be taken for none? Not while the ALT is down
 * or just coming up, nor if it had a route until half a minute ago (NONE: do not
 * answer, ITRs ask again) or three minutes ago (LOST: it is an EID, and out of reach), and only for a short time in the three minutes after the
 * ALT's start (FILLING), when routes may still be on their way.
 */
enum lisp_alt_knowledge {
	LISP_ALT_ABSENT, /* no alt-vrf for such EIDs: what we have is all there is */
	LISP_ALT_NONE,
	LISP_ALT_LOST,
	LISP_ALT_FILLING,
	LISP_ALT_FULL,
};
enum lisp_alt_knowledge lisp_alt_knowledge(const struct lisp_eid *eid);
/* The longest prefix that bgpd had until lately and that the EID is in, or NULL. */
const struct lisp_eid *lisp_alt_lost_match(const struct lisp_eid *eid);

/* All that bgpd announced to us, in order; NULL starts and ends. */
const struct lisp_eid *lisp_alt_learned_next(const struct lisp_eid *eid);
const struct lisp_eid *lisp_alt_learned_find(const struct lisp_eid *eid);
/* The first one behind eid in that order, whether there is one of eid or not. */
const struct lisp_eid *lisp_alt_learned_after(const struct lisp_eid *eid);

/* What is known of the ALT of the EID's instance, for holes: 0 if it has none. */
#define LISP_ALT_TABLES 2
unsigned int lisp_alt_rib_tables(const struct lisp_eid *eid,
				 const struct lisp_eid_table *tables[LISP_ALT_TABLES]);

/* EIDs of a family in an instance have an alt-vrf from now on, or no longer; it is up or
 * down; all is forgotten and bgpd asked anew; bgpd has a prefix or lost it (the default
 * route too).
 */
void lisp_alt_rib_set(uint32_t iid, enum lisp_family family, bool present);
void lisp_alt_rib_up(uint32_t iid, enum lisp_family family, bool up);
void lisp_alt_rib_restart(uint32_t iid, enum lisp_family family);
void lisp_alt_rib_route(const struct lisp_eid *eid, bool added);

void lisp_alt_rib_init(void);
void lisp_alt_rib_finish(void);

#endif /* _LISP_ALT_RIB_H */
