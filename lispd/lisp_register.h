// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ETR: registers the local EID-prefixes with Map-Servers (RFC 9301 sections 5.6, 5.7,
 * 8.2; lisp_peer.h and lisp_register_record.h have how it stands).
 */
#ifndef _LISP_REGISTER_H
#define _LISP_REGISTER_H

#include "lispd/lisp_query.h"

enum lisp_drop lisp_register_rx_notify(const struct lisp_rx *rx, const struct lisp_msg *msg);

void lisp_register_config_changed(void);
void lisp_register_init(void);
void lisp_register_finish(void); /* what is registered stays so, for a restart */

#endif /* _LISP_REGISTER_H */
