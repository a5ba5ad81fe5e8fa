// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every control message that comes in takes one way: decoded and validated
 * here once, then handed to the role whose business it is.
 */
#ifndef _LISP_RX_H
#define _LISP_RX_H

#include "lispd/lisp_query.h"

/*
 * Takes one datagram's payload: decodes, counts, dispatches. All of a handler's
 * refusals are reasons returned as enum lisp_drop and counted here.
 *
 *   Map-Request  S=1 lisp_smr_rx; P=1 lisp_etr_rx_probe; else each record goes to the
 *                first role that takes it: ETR, ALT by Map-Resolver, Map-Server,
 *                Map-Resolver (the table `takers`)
 *   Map-Reply    lisp_pending_rx_reply
 *   Map-Register lisp_ms_rx_register
 *   Map-Notify   lisp_register_rx_notify  Map-Notify-Ack  lisp_ms_rx_notify_ack
 *   ECM          unwrapped, then as Map-Request with rx->ecm set
 *   others       LISP_DROP_NOT_SUPPORTED
 */
void lisp_rx(struct lisp_rx *rx);

#endif /* _LISP_RX_H */
