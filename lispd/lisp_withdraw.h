// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Map-Registers on their way to a Map-Server: written, signed, sent; and withdrawals, TTL 0,
 * from one that this xTR leaves (RFC 9301 section 5.6). Who leaves it does not wait: a
 * withdrawal goes out until its Map-Notify comes, LISP_REGISTER_WITHDRAWALS times at most, and
 * keeps the sockets open as long.
 */
#ifndef _LISP_WITHDRAW_H
#define _LISP_WITHDRAW_H

#include "lispd/lisp_keys.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_query.h"

/* To whom, and as who; comparable by its octets. */
struct lisp_register_to {
	struct ipaddr addr;
	struct lisp_key key;
	uint8_t xtr_id[LISP_XTR_ID_LEN];
	uint64_t site_id;
	bool proxy_reply;
};

/* Map-Registers of one moment; each has a Map-Notify wanted. `to` stays. */
struct lisp_register_out {
	const struct lisp_register_to *to;
	struct lisp_header h; /* its nonce: of the last one */
	size_t safe;	      /* octets of one: RFC 9301 section 5 */
	struct lisp_writer w;
	unsigned int records;
	unsigned int sent; /* Map-Registers */
	bool failed;	   /* one did not leave this system */
	uint8_t buf[LISP_MSG_MAX];
};

void lisp_register_out_init(struct lisp_register_out *out, const struct lisp_register_to *to);
/*
 * Into this one, or if it is full, or of the other kind, the next: the nonce of the one that it is
 * in. merge: the Map-Server is asked to merge it (the a bit, RFC 9301 section 5.6).
 */
uint64_t lisp_register_out_put(struct lisp_register_out *out, const struct lisp_mapping *mapping,
			       bool merge);
/* Sends the one that is begun, if one is. */
void lisp_register_out_end(struct lisp_register_out *out);

/* Withdraws an EID-prefix that the Map-Server has acknowledged. */
void lisp_withdraw(const struct lisp_register_to *to, const struct lisp_eid *eid);
/* It is registered there again. */
void lisp_withdraw_cancel(const struct ipaddr *map_server, const struct lisp_eid *eid);
/* False: the Map-Notify is of no withdrawal. Else *drop is what becomes of it. */
bool lisp_withdraw_rx_notify(const struct lisp_msg *msg, enum lisp_drop *drop);

/* How a withdrawal ended: its Map-Notify came, or it was sent often enough. */
void lisp_withdraw_log(const struct ipaddr *map_server, const struct lisp_eid *eid,
		       bool acknowledged);

void lisp_withdraw_finish(void);

#endif /* _LISP_WITHDRAW_H */
