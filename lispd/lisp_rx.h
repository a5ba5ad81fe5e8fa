// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every control message that comes in takes one way: decoded and validated
 * here once, then handed to the role whose business it is.
 */
#ifndef _LISP_RX_H
#define _LISP_RX_H

#include "lispd/lispd.h"
#include "lispd/lisp_bucket.h"
#include "lispd/lisp_msg.h"

/* Where a message came from and how; valid during the call only. */
struct lisp_rx {
	struct ipaddr src, dst; /* outer addresses; on the ALT: ITR RLOC and EID */
	uint16_t sport, dport;	/* outer ports */
	bool alt;		/* came over the ALT (lisp_alt.c) */
	enum lisp_family alt_family;

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

/*
 * Takes one datagram's payload: decodes, counts, dispatches. All of a handler's
 * refusals are reasons returned as enum lisp_drop and counted here.
 *
 *   Map-Request  S=1 lisp_smr_rx; P=1 lisp_etr_rx_request (probe); from a Map-Server,
 *                or the EID is the local database's (lisp_space.h)
 *                lisp_etr_rx_request; the ALT's lisp_mr_rx_request; else
 *                Map-Server (lisp_ms_rx_request) if a configured site covers the
 *                EID or we have no Map-Resolver role; else lisp_mr_rx_request;
 *                at a Map-Server or Map-Resolver record by record
 *   Map-Reply    lisp_pending_rx_reply
 *   Map-Register lisp_ms_rx_register
 *   Map-Notify   lisp_etr_rx_notify     Map-Notify-Ack  lisp_ms_rx_notify_ack
 *   ECM          unwrapped, then as Map-Request with rx->ecm set
 *   others       LISP_DROP_NOT_SUPPORTED
 */
void lisp_rx(struct lisp_rx *rx);

/*
 * Where a Map-Reply to this request goes: the first ITR-RLOC of a family that we can
 * send (RFC 9301 section 5.5). False when there is none.
 */
bool lisp_rx_reply_to(const struct lisp_msg *msg, struct ipaddr *dst);

/*
 * Sends it there from src (NULL: any), to the request's source port (inner one for
 * ECM); where there is no way to that ITR-RLOC, to the next. dst is the one it was.
 */
enum lisp_drop lisp_rx_reply(const struct lisp_rx *rx, const struct lisp_msg *msg,
			     struct lisp_buckets *limit, const struct ipaddr *src,
			     const struct lisp_writer *w, struct ipaddr *dst);

#endif /* _LISP_RX_H */
