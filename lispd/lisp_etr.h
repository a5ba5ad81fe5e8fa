// SPDX-License-Identifier: GPL-2.0-or-later
/* ETR: answers Map-Requests from the database (RFC 9301 sections 5.4, 5.5). */
#ifndef _LISP_ETR_H
#define _LISP_ETR_H

#include "lispd/lisp_query.h"

/* Is it ours: of the local database, or forwarded to us by a Map-Server? */
bool lisp_etr_takes(const struct lisp_query *query);
/* Answers all records in one Map-Reply. */
enum lisp_drop lisp_etr_rx_request(const struct lisp_query *query);
enum lisp_drop lisp_etr_rx_probe(const struct lisp_query *query);

#endif /* _LISP_ETR_H */
