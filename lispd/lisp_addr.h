// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Addresses of LISP.
 *
 * Three types, and where each lives:
 *   struct lisp_eid   an EID with its instance-id (lisp_eid.h): tables and roles.
 *   struct ipaddr     an RLOC (FRR's own type): tables and roles.
 *   struct lisp_addr  any address as it is on the wire, of any AFI or LCAF
 *                     type (RFC 9301 section 5.1, RFC 8060): the codec only.
 * The converters below are the door between the wire and the rest.
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

/*
 * Octets of the address that starts with its AFI at buf, AFI included, after
 * checking all of it, nested LCAFs too (depth at most LISP_LCAF_DEPTH). On
 * failure the reason is in *why and the result is 0. *why is LISP_OK
 * otherwise. Never reads at or behind buf + len.
 */
size_t lisp_addr_check(const uint8_t *buf, size_t len, enum lisp_drop *why);

/*
 * Decode the address at buf; returns as lisp_addr_check(). addr is undefined
 * on failure.
 */
size_t lisp_addr_decode(const uint8_t *buf, size_t len, struct lisp_addr *addr, enum lisp_drop *why);

/*
 * True if the address is of a kind this codec does not know: an LCAF type
 * outside of RFC 8060, also in an Instance-ID LCAF, or a list of nothing else. Such a locator or ITR-RLOC is ignored, such an EID
 * drops the message (RFC 9306 section 3).
 */
bool lisp_addr_unknown(const struct lisp_addr *addr);

/*
 * EID of an address and the mask length of its record. Instance-ID LCAFs are
 * unwrapped (mask_len is that of the address within), of an AFI-List the first IP
 * address is taken, bits behind the mask length are cleared; a name's and an (S,G)'s
 * mask_len is not looked at.
 * LISP_OK; LISP_DROP_BAD_MASK_LEN (longer than the address); LISP_DROP_BAD_LCAF
 * (unknown type); LISP_DROP_SOURCE_OF_GROUPS (a source, and a group that is not one
 * address); or LISP_DROP_NOT_SUPPORTED: well-formed, but no EID that we know (AFI 0,
 * a name of more than LISP_EID_NAME_MAX octets, Geo, ...).
 */
enum lisp_drop lisp_addr_to_any_eid(const struct lisp_addr *addr, uint8_t mask_len,
				    struct lisp_eid *eid);

/* The same for who knows IP EIDs only; other kinds are LISP_DROP_EID_KIND. */
enum lisp_drop lisp_addr_to_eid(const struct lisp_addr *addr, uint8_t mask_len,
				struct lisp_eid *eid);

/*
 * The IP address to send to, taken out of any kind of locator: plain; in an
 * AFI-List the first element that has one; NAT-Traversal the first RTR, else
 * the global ETR RLOC; ELP the first hop; types that only add something to an
 * address, that address. False if there is none (AFI 0, RLE, ...). Does not
 * judge the address: see lisp_rloc_valid().
 */
bool lisp_addr_to_rloc(const struct lisp_addr *addr, struct ipaddr *rloc);

/*
 * The same, and the UDP port to encapsulate to: 0 is LISP_DATA_PORT; of a global ETR
 * RLOC behind a NAT the port that the NAT gave it.
 */
bool lisp_addr_to_rloc_port(const struct lisp_addr *addr, struct ipaddr *rloc, uint16_t *port);

/* As lisp_addr_to_rloc(), but the ETR: of an ELP the last hop (RFC 8060 section 4.6). */
bool lisp_addr_to_etr(const struct lisp_addr *addr, struct ipaddr *etr);

/*
 * Instance-id 0: the plain AFI; else an Instance-ID LCAF around it; an (S,G) is a
 * Multicast-Info LCAF always.
 */
void lisp_eid_to_addr(const struct lisp_eid *eid, struct lisp_addr *addr);

/* EID mask-len of a record with it: of a name with its NUL, of an (S,G) 0. */
uint8_t lisp_eid_mask_len(const struct lisp_eid *eid);

void lisp_rloc_to_addr(const struct ipaddr *rloc, struct lisp_addr *addr);

/* AFI 0, "no address". */
void lisp_addr_none(struct lisp_addr *addr);

/*
 * False for what can never be an RLOC: unspecified, loopback, multicast,
 * 255.255.255.255, 0.0.0.0/8, IPv6 link-local, IPv4-mapped (RFC 9301 section
 * 5.4; the last two mean nothing beyond one link or host).
 */
bool lisp_rloc_valid(const struct ipaddr *rloc);

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
