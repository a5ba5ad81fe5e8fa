// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What control messages and user data travel in: IP and UDP packets inside of an ECM
 * or on the ALT, the ECM (RFC 9301 section 5.8), the data header (RFC 9300 section 5).
 */
#ifndef _LISP_IP_H
#define _LISP_IP_H

#include "lib/ipaddr.h"

#include "lispd/lisp_buf.h"
#include "lispd/lisp_wire.h"

/* ------------------------------------------------ IP and UDP, whole packets */

/* Deviations of struct lisp_ip_udp that are the caller's to judge. */
#define LISP_IP_BAD_CHECKSUM	0x01 /* IPv4 header checksum is wrong (lig) */
#define LISP_IP_NO_UDP_CHECKSUM 0x02 /* UDP checksum 0 (lispers.net) */
#define LISP_IP_TRAILING	0x04 /* octets behind the packet's own length */

struct lisp_ip_udp {
	struct ipaddr src, dst; /* of one family */
	uint16_t sport, dport;	/* host order */
	uint8_t ttl;
	uint8_t tos;	       /* or traffic class */
	uint8_t deviations;    /* LISP_IP_* */
	const uint8_t *packet; /* IP header on, of the IP header's length */
	size_t packet_len;
	const uint8_t *payload; /* of UDP */
	size_t payload_len;
};

/*
 * Parse a whole IPv4 or IPv6 packet that carries UDP. LISP_DROP_TRUNCATED,
 * LISP_DROP_BAD_INNER (not IP, not UDP, a fragment, extension headers,
 * lengths that contradict each other) or LISP_DROP_BAD_CHECKSUM (UDP checksum
 * not zero and wrong).
 */
enum lisp_drop lisp_ip_udp_parse(const uint8_t *buf, size_t len, struct lisp_ip_udp *ip);

/* ------------------------------------------------------------------- ECM */

struct lisp_ecm {
	uint32_t flags; /* LISP_ECM_F_* */
	/* S: LISP-SEC authentication data (RFC 9303 section 6.1), else NULL */
	const uint8_t *security;
	size_t security_len;
	/*
	 * The packet inside. inner.packet is what a Map-Server forwards
	 * unchanged; inner.payload is the control message.
	 */
	struct lisp_ip_udp inner;
};

/*
 * Decode an ECM from its first word. Refuses what section 5.8 forbids: inner
 * ports without 4342 or with 4341, an ECM within (LISP_DROP_NESTED_ECM), and
 * all that lisp_ip_udp_parse() refuses. The message inside is not looked
 * into: give inner.payload to lisp_msg_decode().
 */
enum lisp_drop lisp_ecm_decode(const uint8_t *buf, size_t len, struct lisp_ecm *ecm);

/*
 * A whole IP/UDP packet, IPv4 or IPv6 as src and dst (which must be of one
 * family, else overflow is set), with correct checksums (RFC 9301 section
 * 5.8: none is zero). IPv4: identification 0, no options, no DF.
 */
void lisp_ip_udp_build(struct lisp_writer *w, const struct ipaddr *src, const struct ipaddr *dst,
		       uint8_t ttl, uint16_t sport, uint16_t dport, const uint8_t *payload,
		       size_t len);

/* An ECM around a new packet; its TTL is LISP_ECM_TTL. */
#define LISP_ECM_TTL 64
void lisp_ecm_encode(struct lisp_writer *w, uint32_t flags, const struct ipaddr *src,
		     const struct ipaddr *dst, uint16_t sport, uint16_t dport,
		     const uint8_t *payload, size_t len);

/* An ECM around a packet that is there already: forwarding, RFC 9301 8.3. */
void lisp_ecm_wrap(struct lisp_writer *w, uint32_t flags, const uint8_t *packet, size_t len);

/* ------------------------------------------------------------- data header */

struct lisp_data_header {
	uint8_t flags;			       /* LISP_DATA_F_* */
	uint32_t nonce;			       /* N: 24 bits */
	uint16_t source_version, dest_version; /* V without N: 12 bits each */
	uint8_t next_protocol;		       /* P, RFC 9305 */
	uint32_t iid;			       /* I: 24 bits */
	uint32_t lsb;			       /* L: 32 bits, 8 with I */
};

/*
 * Octets of the header (8), 0 if len is too small. Rules of receipt are
 * applied: E without N is cleared, V with N is cleared, LSBs without L are 0
 * (RFC 9300 section 5.3).
 */
size_t lisp_data_header_decode(const uint8_t *buf, size_t len, struct lisp_data_header *h);
void lisp_data_header_encode(struct lisp_writer *w, const struct lisp_data_header *h);

#endif /* _LISP_IP_H */
