// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Solicit-Map-Request both ways (RFC 9301 section 6.1): tell the RLOCs we lately
 * exchanged packets with that our mapping changed; ask again when told.
 */
#ifndef _LISP_SMR_H
#define _LISP_SMR_H

#include "lispd/lispd.h"
#include "lispd/lisp_query.h"

/* A local mapping changed: sends SMRs, rate-limited, repeated until the peer asks. */
void lisp_smr_database_changed(void);
/*
 * A Map-Request for a local EID-prefix is answered at this RLOC: it and the other
 * ITR-RLOCs of the request have asked and are not solicited further, and the RLOC
 * holds our mapping from now on.
 */
void lisp_smr_asked(const struct lisp_eid *eid, const struct lisp_msg *msg,
		    const struct ipaddr *rloc);
enum lisp_drop lisp_smr_rx(const struct lisp_rx *rx, const struct lisp_msg *msg);

void lisp_smr_init(void);
void lisp_smr_finish(void);

#endif /* _LISP_SMR_H */
