// SPDX-License-Identifier: GPL-2.0-or-later
/* lig: asks the mapping system and prints what it said (RFC 6835). */
#ifndef _LISP_LIG_H
#define _LISP_LIG_H

#include "vty.h"
#include "lispd/lispd.h"
#include "lispd/lisp_addr.h"

/*
 * Up to count (1..5) Map-Requests, 2 s apart, stops at the first reply. Output
 * goes to the vty when the answer comes: RFC 6835's text or JSON. The vty is
 * suspended meanwhile. Without an answer vtysh's exit status is not 0. to, source: NULL or unset: the ITR's.
 */
int lisp_lig(struct vty *vty, const struct lisp_eid *eid, const struct ipaddr *to,
	     const struct ipaddr *source, unsigned int count, bool json);
void lisp_lig_finish(void);

#endif /* _LISP_LIG_H */
