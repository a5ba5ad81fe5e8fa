// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * EIDs: a prefix of one kind in an instance.
 *
 * Every kind is a string of bits of which the first prefix.prefixlen count, so one
 * table holds them all and "covers" is one rule:
 *
 *   kind     bits (lisp_eid_key())                         text
 *   IP       the address                                   10.1.0.0/16, 2001:db8::/32
 *   MAC      the address, 48                               00:50:56:aa:00:01/48
 *   (S,G)    the group, then the source, 64 or 256         (10.1.0.0/16,232.1.1.1/32)
 *            a source only behind all bits of the group    (*,232.0.0.0/8)
 *   name     its octets without the NUL                    name:ietf.lisp
 *
 * A name covers those that begin with it (RFC 9735 section 4). With an instance-id
 * other than 0 "[N] " stands in front of the text.
 */
#ifndef _LISP_EID_H
#define _LISP_EID_H

#include <zebra.h>

#include "lib/ipaddr.h"
#include "lib/prefix.h"

enum lisp_eid_kind {
	LISP_EID_IP,
	LISP_EID_MAC,
	LISP_EID_SG_IPV4,
	LISP_EID_SG_IPV6,
	LISP_EID_NAME,
};

/* Octets of a name: its mask length, NUL included, is 8 bits wide on the wire. */
#define LISP_EID_NAME_MAX 30

/* Octets of the longest key, an IPv6 (S,G). */
#define LISP_EID_OCTETS_MAX 32

/*
 * prefix.family is AF_INET or AF_INET6 if the kind is IP, else AF_UNSPEC: only IP
 * EIDs may be given to what takes a struct prefix. Bits behind the prefix length are
 * zero (lisp_eid_mask() makes it so). The instance-id is 32 bits in control messages;
 * only its low 24 go into the data header.
 */
struct lisp_eid {
	uint32_t iid;
	uint8_t kind; /* enum lisp_eid_kind */
	struct prefix prefix;
};

_Static_assert(sizeof(((struct prefix *)0)->u) >= LISP_EID_OCTETS_MAX, "an EID fits");

/* The bits, lisp_eid_bits() / 8 octets; prefix.u.val is declared shorter. */
static inline uint8_t *lisp_eid_key(struct lisp_eid *eid)
{
	return (uint8_t *)&eid->prefix.u;
}

static inline const uint8_t *lisp_eid_key_const(const struct lisp_eid *eid)
{
	return (const uint8_t *)&eid->prefix.u;
}

/* Enough for the longest text with its NUL, an (S,G) of IPv6. */
#define LISP_EID_STRLEN (13 + 2 * (INET6_ADDRSTRLEN + 4) + 3)

/* Address width in bits: 32, 128, or 0 for any other family. */
unsigned int lisp_family_bits(int family);

static inline bool lisp_eid_is_ip(const struct lisp_eid *eid)
{
	return eid->kind == LISP_EID_IP;
}

/* All IP EIDs of a family (AF_INET, AF_INET6) in an instance. */
static inline struct lisp_eid lisp_eid_all(uint32_t iid, int family)
{
	return (struct lisp_eid){ .iid = iid, .kind = LISP_EID_IP, .prefix.family = family };
}

/* AF_INET or AF_INET6 of the kinds (S,G), else AF_UNSPEC. */
int lisp_eid_sg_family(const struct lisp_eid *eid);

/* Length of an (S,G) prefix's parts, in bits. */
unsigned int lisp_eid_group_len(const struct lisp_eid *eid);
unsigned int lisp_eid_source_len(const struct lisp_eid *eid);

/* Bits of the longest prefix of the EID's kind. */
unsigned int lisp_eid_bits(const struct lisp_eid *eid);

/* Sets every bit behind the prefix length to zero. */
void lisp_eid_mask(struct lisp_eid *eid);

/* The host EID (/32 or /128) of an address. addr must be IPv4 or IPv6. */
void lisp_eid_host(struct lisp_eid *eid, uint32_t iid, const struct ipaddr *addr);

/* The (network) address of an IP EID-prefix. */
void lisp_eid_ipaddr(const struct lisp_eid *eid, struct ipaddr *addr);

bool lisp_eid_is_host(const struct lisp_eid *eid);

/*
 * *wider becomes one step more specific towards eid, which it must cover: a bit, of a
 * name an octet. False if it is as long as eid already.
 */
bool lisp_eid_towards(struct lisp_eid *wider, const struct lisp_eid *eid);

/* Order: instance-id, kind, IPv4 before IPv6, bits, shorter prefix first. */
int lisp_eid_cmp(const struct lisp_eid *a, const struct lisp_eid *b);
bool lisp_eid_same(const struct lisp_eid *a, const struct lisp_eid *b);
uint32_t lisp_eid_hash(const struct lisp_eid *eid);

/* True if inner is in outer (or equal): same instance-id, kind and family. */
bool lisp_eid_covers(const struct lisp_eid *outer, const struct lisp_eid *inner);

/*
 * Text as above; octets of a name that are not letters, digits or one of "-._~+=@"
 * become %XX. Returns buf, always terminated. size should be LISP_EID_STRLEN.
 */
char *lisp_eid_str(const struct lisp_eid *eid, char *buf, size_t size);

/* The same without the instance-id, for where that stands elsewhere. */
char *lisp_eid_prefix_str(const struct lisp_eid *eid, char *buf, size_t size);

/*
 * The reverse of lisp_eid_str(); a missing "/len" is all bits; bits behind the length
 * are masked. Returns false (eid undefined) if the text is not an EID.
 */
bool lisp_eid_parse(const char *text, struct lisp_eid *eid);

/* "%pLE" is lisp_eid_str() where printfrr is (lisp_debug.c). */
#ifdef _FRR_ATTRIBUTE_PRINTFRR
#pragma FRR printfrr_ext "%pLE"(struct lisp_eid *)
#endif

#endif /* _LISP_EID_H */
