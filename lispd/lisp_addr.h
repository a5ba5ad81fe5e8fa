// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Addresses of LISP.
 *
 * Three types, and where each lives:
 *   struct lisp_eid   an EID with its instance-id (lisp_eid.h): tables and roles.
 *   struct ipaddr     an RLOC (FRR's own type): tables and roles.
 *   struct lisp_addr  any address as it is on the wire, of any AFI or LCAF
 *                     type (RFC 9301 section 5.1, RFC 8060): the codec only.
 * The converters of lisp_addr_eid.h are the door between the wire and the rest.
 */
#ifndef _LISP_ADDR_H
#define _LISP_ADDR_H

#include <zebra.h>

#include "lispd/lisp_buf.h"
#include "lispd/lisp_eid.h"
#include "lispd/lisp_stats.h"
#include "lispd/lisp_wire.h"

/*
 * An address as on the wire: the octets that follow the two AFI octets.
 * Up to LISP_ADDR_INLINE octets are held inside (every plain address and every
 * EID that we know, with its instance-id); a longer address, always an LCAF or a name,
 * is borrowed from the message's buffer and is valid as long as that is.
 * lcaf_type is defined for AFI 16387 only.
 */
#define LISP_ADDR_INLINE 50

struct lisp_addr {
	uint16_t afi;
	uint16_t len;
	uint8_t lcaf_type;
	uint8_t octets[LISP_ADDR_INLINE];
	const uint8_t *borrowed; /* NULL: in octets */
};

/* The address's octets (addr->len of them). */
static inline const uint8_t *lisp_addr_octets(const struct lisp_addr *addr)
{
	return addr->borrowed ? addr->borrowed : addr->octets;
}

/* AFI and octets. */
void lisp_put_addr(struct lisp_writer *w, const struct lisp_addr *addr);

/* Same AFI and the same octets. */
bool lisp_addr_same(const struct lisp_addr *a, const struct lisp_addr *b);

/* Order: AFI, LCAF type, octets, length. */
int lisp_addr_cmp(const struct lisp_addr *a, const struct lisp_addr *b);

/*
 * An address in memory of its own, to outlive the message. lisp_addr_of_copy()
 * borrows from it; free sets *copy to NULL and takes NULL.
 */
struct lisp_addr_copy {
	uint16_t afi, len;
	uint8_t octets[];
};
struct lisp_addr_copy *lisp_addr_copy_new(const struct lisp_addr *addr);
void lisp_addr_copy_free(struct lisp_addr_copy **copy);
void lisp_addr_of_copy(const struct lisp_addr_copy *copy, struct lisp_addr *addr);

/* From size octets, AFI included, that lisp_addr_check() has found well. */
void lisp_addr_set(struct lisp_addr *addr, const uint8_t *buf, size_t size);

/* "ipv4", "mac", "name" and so on; of an LCAF its type, "explicit-locator-path". */
const char *lisp_addr_kind(const struct lisp_addr *addr);

/*
 * Text: "192.0.2.1", "[1000] 10.0.0.1", "no-address", "00:50:56:aa:00:01", "AS65000",
 * "name:a.b"; an LCAF is its type and, in brackets, what it says and the addresses
 * in it: "explicit-locator-path(192.0.2.1,192.0.2.2)". Octets that are not printable
 * ASCII, and apostrophes, become '.'; keys are not shown. Returns buf, always terminated; a text that
 * is too long ends with "...".
 */
#define LISP_ADDR_STRLEN 512
char *lisp_addr_str(const struct lisp_addr *addr, char *buf, size_t size);

#endif /* _LISP_ADDR_H */
