// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The UDP 4342 sockets of the underlay (`locator-table`), one per address family.
 *
 * Received messages go to lisp_rx(); sent ones are counted by type. Nothing
 * here blocks: a datagram the kernel refuses is counted (send-failed).
 */
#ifndef _LISP_IO_H
#define _LISP_IO_H

#include "lispd/lisp_query.h"
#include "lispd/lispd.h"
#include "lispd/lisp_msg.h"

/* Opens, closes or moves the sockets to match the configuration and the VRF that is
 * there. Idempotent.
 */
void lisp_io_config_changed(void);
/* Why there is no socket of the family though there should be; NULL: there is, or none is wanted. */
const char *lisp_io_error(enum lisp_family family);
/* Keeps them open though nothing is configured: there is something to say yet. */
void lisp_io_keep(bool keep);
/* receive: takes every datagram that comes in. */
void lisp_io_init(lisp_receive_fn receive);
void lisp_io_finish(void);

/*
 * Sends a control message from UDP 4342. src may be NULL or unset (IPADDR_NONE):
 * the kernel chooses the source address. Returns 0 or -1 (counted, logged at
 * debug level).
 */
int lisp_io_send(const struct ipaddr *src, const struct ipaddr *dst, uint16_t dport,
		 const uint8_t *msg, size_t len);

#endif /* _LISP_IO_H */
