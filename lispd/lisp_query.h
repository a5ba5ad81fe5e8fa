// SPDX-License-Identifier: GPL-2.0-or-later
/* A control message as it came in, what doors hand up; and a question of it, what roles get. */
#ifndef _LISP_QUERY_H
#define _LISP_QUERY_H

#include "lispd/lisp_instance.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_space.h"

/* Where a message came from and how; valid during the call only. */
struct lisp_rx {
	struct ipaddr src, dst; /* outer addresses; on the ALT: ITR RLOC and EID */
	uint16_t sport, dport;	/* outer ports */
	bool alt;		/* came over the ALT (lisp_alt.c) */
	uint32_t alt_iid;	/* the instance whose ALT that is */

	const uint8_t *data; /* the LISP message, octets as received */
	size_t len;

	/* set when the message came in an ECM (RFC 9301 section 5.8) */
	bool ecm;
	bool ecm_to_etr, ecm_to_ms;
	struct ipaddr inner_src, inner_dst;
	uint16_t inner_sport;
	const uint8_t *inner; /* the whole inner IP packet, to forward unchanged; or NULL */
	size_t inner_len;
};

/* Who takes what a door receives; given to it at its start. */
typedef void (*lisp_receive_fn)(struct lisp_rx *rx);

/* A Map-Request of one role: lisp_rx.c has looked whose its records are. */
struct lisp_query {
	const struct lisp_rx *rx;
	const struct lisp_msg *msg; /* with the records that are the role's, and no other */

	/* of the first record; of an SMR or a probe they are not set */
	struct lisp_eid eid;
	const struct lisp_service *service;
	enum lisp_owner owner;
};

#endif /* _LISP_QUERY_H */
