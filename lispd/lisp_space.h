// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which EID-prefixes exist here: one longest match and one hole over registry, local
 * database and ALT together.
 */
#ifndef _LISP_SPACE_H
#define _LISP_SPACE_H

#include "lispd/lisp_addr.h"

/* Who can answer for an EID. */
enum lisp_owner {
	LISP_OWNER_NONE,
	LISP_OWNER_DATABASE, /* we are its ETR */
	LISP_OWNER_REGISTRY, /* a site of this Map-Server, registered or not */
	LISP_OWNER_ALT,	     /* another Map-Server or xTR on the ALT */
};

/*
 * The owner of the longest prefix that covers eid. Of equal ones the database is before
 * the registry and that before the ALT, but a site without registration is behind the
 * ALT. The ALT's default route is nobody's prefix.
 */
enum lisp_owner lisp_space_owner(const struct lisp_eid *eid);

/* lisp_eid_tables_hole() over all that is known, what the ALT lately lost too. */
bool lisp_space_hole(const struct lisp_eid *eid, const struct lisp_eid *block,
		     struct lisp_eid *hole);

#endif /* _LISP_SPACE_H */
