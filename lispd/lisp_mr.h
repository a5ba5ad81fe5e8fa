// SPDX-License-Identifier: GPL-2.0-or-later
/* Map-Resolver: puts clients' Map-Requests on the ALT, or to the local Map-Server
 * (RFC 9301 section 8.4).
 */
#ifndef _LISP_MR_H
#define _LISP_MR_H

#include "lispd/lispd.h"
#include "lispd/lisp_query.h"

/* A client's; one for what another Map-Server has on the ALT. */
bool lisp_mr_takes(const struct lisp_query *query);
bool lisp_mr_takes_alt(const struct lisp_query *query);
enum lisp_drop lisp_mr_rx_request(const struct lisp_query *query);

void lisp_mr_config_changed(void);
void lisp_mr_init(void);
void lisp_mr_finish(void);

#endif /* _LISP_MR_H */
