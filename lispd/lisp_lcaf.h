// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * LISP Canonical Address Format, RFC 8060 and RFC 9306: types 0 to 17 and 255,
 * both ways.
 *
 * An LCAF of any type is, in this order: fixed fields, a block of octets of
 * its own length (JSON text, keys, opaque data), a given number of addresses,
 * a list of items up to the end of Length. lisp_lcaf.c has one table row per
 * type that says which of these it has; checking, decoding and encoding are
 * one function each, driven by the row.
 */
#ifndef _LISP_LCAF_H
#define _LISP_LCAF_H

#include "lispd/lisp_addr.h"

/* LCAFs within LCAFs; deeper ones are refused as malformed. */
#define LISP_LCAF_DEPTH 4

/* Items of one list (hops, receivers, members, RTRs) that are decoded. */
#define LISP_LCAF_ITEMS_MAX 32

/* One element of an AFI-List, ELP, RLE, or an RTR of NAT-Traversal. */
struct lisp_lcaf_item {
	uint16_t elp_flags; /* ELP: LISP_ELP_*; else 0 */
	uint8_t rle_level;  /* RLE; else 0 */
	struct lisp_addr addr;
};

#define LISP_ELP_LOOKUP 0x0004 /* L: look the hop up in the mapping system */
#define LISP_ELP_PROBE	0x0002 /* P: RLOC-probes allowed */
#define LISP_ELP_STRICT 0x0001 /* S: the hop must not be skipped */

#define LISP_LCAF_ADDRS_MAX 3

struct lisp_lcaf {
	uint8_t type; /* enum lisp_lcaf_type */
	/*
	 * Rsvd2 where a type gives it a meaning, else 0: Instance-ID its IID
	 * mask-len, JSON the B bit.
	 */
	uint8_t rsvd2;

	/* Fixed fields, named by type. */
	union {
		struct {
			uint32_t iid;
		} iid;
		struct {
			uint32_t asn;
		} as;
		struct {
			uint32_t tos; /* IP TOS, TC or flow label: 24 bits */
			uint8_t protocol;
			uint16_t local_low, local_high;
			uint16_t remote_low, remote_high;
		} app;
		struct {
			bool north, east;
			uint16_t lat_deg, lon_deg;
			uint8_t lat_min, lat_sec, lon_min, lon_sec;
			int32_t altitude; /* metres; 0x7fffffff: not given */
		} geo;
		struct {
			uint8_t key_fields; /* number of fields - 1 */
			uint16_t wildcard;
		} opaque;
		struct {
			uint16_t ms_port, etr_port;
		} nat;
		struct {
			uint32_t nonce; /* 24 bits */
		} nonce_locator;
		struct {
			uint32_t iid;
			uint8_t source_mask_len, group_mask_len;
		} multicast;
		struct {
			uint8_t count, algorithm;
			bool revoke;
		} key;
		struct {
			uint8_t source_mask_len, dest_mask_len;
		} src_dst;
		struct {
			uint32_t flags; /* low 7 bits U G N v V l L */
		} encap;
		struct {
			uint32_t spi; /* 24 bits */
			uint8_t si;
		} service_path;
		struct {
			uint32_t oui; /* 24 bits */
		} vendor;
	} f;

	/*
	 * Octets borrowed from the buffer: JSON text, the keys of a Security
	 * Key (each a 16-bit length and the octets), opaque or vendor data.
	 */
	const uint8_t *blob;
	uint16_t blob_len;

	/*
	 * The type's addresses in wire order: IID, AS, App-Data, Geo,
	 * Nonce-Locator, Security-Key, JSON, Encap: [0] the address;
	 * NAT: global ETR, MS, private ETR; Multicast-Info: source, group;
	 * Src/Dst: source, destination; Key/Value: key, value.
	 */
	uint8_t n_addrs;
	struct lisp_addr addr[LISP_LCAF_ADDRS_MAX];

	uint8_t n_items;
	struct lisp_lcaf_item item[LISP_LCAF_ITEMS_MAX];
};

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

/* The same for the next address of a reader, whose octets it borrows. */
bool lisp_take_addr(struct lisp_reader *r, struct lisp_addr *addr);

/*
 * True if the address is of a kind this codec does not know: an LCAF type
 * outside of RFC 8060, also in an Instance-ID LCAF, or a list of nothing else. Such a
 * locator or ITR-RLOC is ignored, such an EID drops the message (RFC 9306 section 3).
 */
bool lisp_addr_unknown(const struct lisp_addr *addr);

/* True for types 0 to 17 and 255. */
bool lisp_lcaf_known(uint8_t type);

/* "instance-id" and so on; "unknown" otherwise. */
const char *lisp_lcaf_name(uint8_t type);

/*
 * Decode an address of AFI 16387. LISP_OK; LISP_DROP_BAD_LCAF if the type is
 * unknown, the body is of a form not understood (Geo of later drafts), or it
 * has more than LISP_LCAF_ITEMS_MAX items. Borrows from addr's octets: both
 * addr and the message's buffer must outlive lcaf.
 */
enum lisp_drop lisp_lcaf_decode(const struct lisp_addr *addr, struct lisp_lcaf *lcaf);

/* Write the address: AFI 16387, header with its Length, body. */
void lisp_put_lcaf(struct lisp_writer *w, const struct lisp_lcaf *lcaf);

#endif /* _LISP_LCAF_H */
