// SPDX-License-Identifier: GPL-2.0-or-later
/* ETR: answers Map-Requests from the database (RFC 9301 sections 5.4, 5.5). */
#ifndef _LISP_ETR_H
#define _LISP_ETR_H

#include "lispd/lisp_query.h"

enum lisp_drop lisp_etr_rx_request(const struct lisp_rx *rx, const struct lisp_msg *msg);

#endif /* _LISP_ETR_H */
