// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ITR: resolves EIDs. A miss becomes a Map-Request, to a Map-Resolver in an ECM or
 * straight onto the ALT when this xTR sits on one and has no Map-Resolver for the
 * family or bgpd knows the prefix there (RFC 9301 sections 5.3, 8.1; RFC 6836).
 */
#ifndef _LISP_ITR_H
#define _LISP_ITR_H

#include "typesafe.h"
#include "lispd/lispd.h"
#include "lispd/lisp_addr.h"
#include "lispd/lisp_pending.h"

/* What the dataplane missed (host EID), or a send-map-request entry. */
void lisp_itr_miss(const struct lisp_eid *eid, const struct ipaddr *source);

/* What the dataplane held when we started, and lately used: ask for it again. False:
 * nothing was asked.
 */
bool lisp_itr_recall(const struct lisp_eid *eid);

void lisp_itr_config_changed(void);
void lisp_itr_init(void);
void lisp_itr_finish(void);

#endif /* _LISP_ITR_H */
