// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IP packets in user space: reading, encapsulating, fragmenting, ICMP errors.
 * Pure: no sockets, no state. The same rules as the BPF programs.
 */
#ifndef _LISP_DP_PACKET_H
#define _LISP_DP_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/types.h>

#include "dplane/lisp_dp_maps.h"

#define LISP_DP_ICMP_MAX 1280 /* octets of the longest ICMP error made here */

/*
 * A secret in the hashes of flows and senders, as the BPF programs have it: chosen once, at the
 * start. So nobody else knows the source port of a flow that he does not see.
 */
extern uint32_t lisp_dp_seed;

struct lisp_dp_inner {
	uint8_t version; /* 4 or 6 */
	uint8_t tos;
	uint8_t ttl;
	uint8_t protocol;
	bool fragment;
	bool dont_fragment;		     /* IPv6: always */
	uint32_t header;		     /* octets */
	uint32_t length;		     /* octets, by the header; at most what was given */
	uint32_t hash;			     /* of the flow, as the BPF programs compute it */
	uint8_t source[16], destination[16]; /* as in the maps */
};

/* False: not a sound IP packet. */
bool lisp_dp_parse(const uint8_t *packet, size_t length, struct lisp_dp_inner *inner);

/*
 * A packet of which only the beginning is there, 8 octets behind a header without options
 * at least: inner->length is what there is.
 */
bool lisp_dp_parse_quoted(const uint8_t *packet, size_t length, struct lisp_dp_inner *inner);

/* RFC 9300 section 8: what a LISP header names; without the I bit it is the default instance. */
uint32_t lisp_dp_header_iid(const uint8_t *lisp);

/* Groups that never leave a link: 224.0.0.0/24, ff02::/16. */
bool lisp_dp_link_scope(const struct lisp_dp_inner *inner);

/* The largest inner packet that the locator's path takes (RFC 9300 section 7.1). */
uint32_t lisp_dp_room(const struct lisp_bpf_locator *locator);

/*
 * Writes the outer headers for an inner packet of this length. out has room for
 * LISP_OVERHEAD_6 octets. Returns how many were written.
 */
size_t lisp_dp_outer(uint8_t *out, const struct lisp_bpf_locator *locator,
		     const struct lisp_dp_inner *inner, uint32_t iid, size_t length);

/*
 * After decapsulation: TTL becomes the smaller one (RFC 9300 section 5.3), ECN by
 * RFC 6040. False: to be dropped (congestion was signalled to a deaf sender).
 */
bool lisp_dp_fix_inner(uint8_t *packet, const struct lisp_dp_inner *inner, uint8_t outer_tos,
		       uint8_t outer_ttl);

/*
 * A host on this machine leaves the checksum of TCP or UDP to the interface, and it is still
 * to be filled in when no interface has sent the packet meanwhile. Fills it in if it is so.
 */
void lisp_dp_fill_checksum(uint8_t *packet, const struct lisp_dp_inner *inner);

/*
 * One segment of a TCP packet that no interface has cut meanwhile: with size octets of its data
 * from offset on. out has room for the headers and size. Returns the segment's length;
 * 0: there is no more, or the packet is none that can be cut.
 */
size_t lisp_dp_segment(uint8_t *out, const uint8_t *packet, const struct lisp_dp_inner *inner,
		       uint32_t offset, uint32_t size);
/* Octets of all its headers; 0: no TCP. */
uint32_t lisp_dp_tcp_headers(const uint8_t *packet, const struct lisp_dp_inner *inner);

/*
 * RFC 9300 section 7.1: an IPv4 packet in two nearly equal fragments. first and
 * second have room for the whole packet. False: cannot be (DF, options, too big
 * even in two).
 */
bool lisp_dp_fragment(const uint8_t *packet, const struct lisp_dp_inner *inner, uint32_t room,
		      uint8_t *first, size_t *first_length, uint8_t *second, size_t *second_length);

enum lisp_dp_icmp {
	LISP_DP_ICMP_TOO_BIG,
	LISP_DP_ICMP_UNREACHABLE, /* no route / net unreachable */
	LISP_DP_ICMP_HOST,	  /* host / address unreachable */
	LISP_DP_ICMP_PROHIBITED,  /* administratively prohibited */
	LISP_DP_ICMP_TIME,	  /* TTL or hop limit exceeded in transit */
};

/*
 * An ICMP error about packet, complete with IP header, from source (16 octets as
 * in the maps, the packet's family). out has room for LISP_DP_ICMP_MAX octets.
 * Returns its length; 0: none may be sent about this packet (RFC 1122, 4443).
 */
size_t lisp_dp_icmp(uint8_t *out, enum lisp_dp_icmp type, uint32_t mtu, const uint8_t *source,
		    const uint8_t *packet, const struct lisp_dp_inner *inner);

/* The Internet checksum (RFC 1071) over data, starting from sum. */
uint16_t lisp_dp_checksum(const void *data, size_t length, uint32_t sum);

#endif /* _LISP_DP_PACKET_H */
