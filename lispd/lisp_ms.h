// SPDX-License-Identifier: GPL-2.0-or-later
/* Map-Server: takes registrations (RFC 9301 sections 5.6, 5.7, 8.2). */
#ifndef _LISP_MS_H
#define _LISP_MS_H

#include "hook.h"
#include "lispd/lispd.h"
#include "lispd/lisp_query.h"

struct lisp_site;

enum lisp_drop lisp_ms_rx_register(const struct lisp_rx *rx, const struct lisp_msg *msg);
enum lisp_drop lisp_ms_rx_notify_ack(const struct lisp_rx *rx, const struct lisp_msg *msg);

void lisp_ms_init(void);
void lisp_ms_finish(void);

/* A message of a site was not authenticated; reason is one of the authentication's. */
DECLARE_HOOK(lisp_auth_refused,
	     (const struct lisp_site *site, const struct ipaddr *source, enum lisp_drop reason),
	     (site, source, reason));

#endif /* _LISP_MS_H */
