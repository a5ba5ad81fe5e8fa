// SPDX-License-Identifier: GPL-2.0-or-later
/* The EIDs and RLOCs in addresses: the door between the wire and the rest. */
#ifndef _LISP_ADDR_EID_H
#define _LISP_ADDR_EID_H

#include "lispd/lisp_addr.h"

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
/* A multicast address: the RLOC of an (S,G) may be one (RFC 8378), of another EID never. */
bool lisp_rloc_group(const struct ipaddr *rloc);

#endif /* _LISP_ADDR_EID_H */
