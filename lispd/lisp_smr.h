// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Solicit-Map-Request both ways (RFC 9301 section 6.1): tell the RLOCs we lately
 * exchanged packets with that our mapping changed; ask again when told.
 */
#ifndef _LISP_SMR_H
#define _LISP_SMR_H

#include "lispd/lisp_dplane.h"
#include "lispd/lisp_query.h"

enum lisp_drop lisp_smr_rx(const struct lisp_rx *rx, const struct lisp_msg *msg);

/* Called by the dataplane: lisp_dplane.h. */
void lisp_smr_senders(const struct lisp_dplane_sender *senders, size_t n);

void lisp_smr_init(void);
void lisp_smr_finish(void);

#endif /* _LISP_SMR_H */
