// SPDX-License-Identifier: GPL-2.0-or-later
/* Map-Server: answers Map-Requests or forwards them to an ETR (RFC 9301 section 8.3). */
#ifndef _LISP_MS_REQUEST_H
#define _LISP_MS_REQUEST_H

#include "lispd/lisp_query.h"

bool lisp_ms_takes(const struct lisp_query *query);
enum lisp_drop lisp_ms_rx_request(const struct lisp_query *query);

#endif /* _LISP_MS_REQUEST_H */
