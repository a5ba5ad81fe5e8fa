// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lig, the LISP Internet Groper (RFC 6835): asks the mapping system and keeps nothing of
 * the answer. The command (vtysh-cmds/lisp_show_lig.c) and the RPC (lisp_nb_rpcs.c) begin
 * one and print what came of it from its leaves.
 */
#ifndef _LISP_LIG_H
#define _LISP_LIG_H

#include "typesafe.h"
#include "lispd/lispd.h"
#include "lispd/lisp_addr.h"
#include "lispd/lisp_state.h"

PREDECL_DLIST(lisp_ligs);

struct lisp_lig;
struct lisp_mapping;
struct lisp_pending;

struct lisp_lig_ops {
	/* A Map-Request went to lig->sent, or could not be sent. May be NULL. */
	void (*sent)(const struct lisp_lig *lig, bool ok);
	/* The answer is there, or all tries are over; lig ends behind it. */
	void (*done)(const struct lisp_lig *lig);
};

struct lisp_lig {
	struct lisp_ligs_item item;
	uint32_t query_id; /* of the RPC; 0: none */
	struct lisp_eid eid;
	struct ipaddr to, source; /* unset: the ITR's */
	const struct lisp_lig_ops *ops;
	void *arg; /* the caller's */

	struct lisp_pending *pending;
	unsigned int requests; /* Map-Requests so far */
	struct ipaddr sent;    /* where the last one went; unset: onto the ALT */

	struct ipaddr replier; /* unset: there was no answer */
	uint32_t rtt_us;
	unsigned int n_mappings; /* in the order of the Map-Reply */
	struct lisp_mapping *mappings;
};

static inline bool lisp_lig_answered(const struct lisp_lig *lig)
{
	return !IS_IPADDR_NONE(&lig->replier);
}

/* What came of it; a mapping of the answer; its locators. */
extern const struct lisp_kind lisp_kind_lig, lisp_kind_lig_mapping, lisp_kind_lig_locator;

/*
 * Begins what is set up to `arg`, which is copied: up to count (1..5) Map-Requests, 2 s
 * apart, until the first reply. NULL: too many are outstanding.
 */
struct lisp_lig *lisp_lig_start(const struct lisp_lig *what, unsigned int count);
/* Ends it without a word; *lig becomes NULL. */
void lisp_lig_cancel(struct lisp_lig **lig);
void lisp_lig_finish(void);

/* "192.0.2.40", "the ALT": where the last Map-Request went. */
#define LISP_LIG_SENT_STRLEN INET6_ADDRSTRLEN
const char *lisp_lig_sent_str(const struct lisp_lig *lig, char *buf, size_t size);

#endif /* _LISP_LIG_H */
