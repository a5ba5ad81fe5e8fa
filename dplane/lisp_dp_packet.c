// SPDX-License-Identifier: GPL-2.0-or-later
/* IP packets in user space: the slow path's copy of what bpf/ does, and more. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <string.h>

#include "dplane/lisp_dp_packet.h"

#ifndef TH_CWR
#define TH_CWR 0x80 /* RFC 3168 */
#endif

uint16_t lisp_dp_checksum(const void *data, size_t length, uint32_t sum)
{
	const uint8_t *octet = data;
	size_t i;

	for (i = 0; i + 1 < length; i += 2)
		sum += octet[i] << 8 | octet[i + 1];
	if (length & 1)
		sum += octet[length - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

static uint32_t word(const uint8_t *octet)
{
	uint32_t value;

	memcpy(&value, octet, sizeof(value));
	return value;
}

uint32_t lisp_dp_seed;

/* The twin of lisp_flow_hash() in bpf/parse.h. */
static uint32_t flow_hash(const uint8_t *packet, const struct lisp_dp_inner *inner)
{
	uint32_t hash = lisp_dp_seed ^ inner->version;

	for (int i = 0; i < 16; i += 4) {
		hash = lisp_hash_word(hash, word(inner->source + i));
		hash = lisp_hash_word(hash, word(inner->destination + i));
	}
	if (!inner->fragment && inner->length >= inner->header + 4 &&
	    (inner->protocol == IPPROTO_TCP || inner->protocol == IPPROTO_UDP ||
	     inner->protocol == IPPROTO_SCTP)) {
		hash = lisp_hash_word(hash, word(packet + inner->header));
		hash = lisp_hash_word(hash, inner->protocol);
	}
	return lisp_hash_end(hash);
}

static void parse4(const uint8_t *packet, struct lisp_dp_inner *inner)
{
	inner->header = (packet[0] & 0xf) * 4;
	inner->length = packet[2] << 8 | packet[3];
	inner->tos = packet[1];
	inner->ttl = packet[8];
	inner->protocol = packet[9];
	inner->fragment = (packet[6] & 0x3f) || packet[7];
	inner->dont_fragment = packet[6] & 0x40;
	memcpy(inner->source, packet + 12, 4);
	memcpy(inner->destination, packet + 16, 4);
}

static void parse6(const uint8_t *packet, struct lisp_dp_inner *inner)
{
	inner->header = sizeof(struct ip6_hdr);
	inner->length = (packet[4] << 8 | packet[5]) + inner->header;
	inner->tos = packet[0] << 4 | packet[1] >> 4;
	inner->ttl = packet[7];
	inner->protocol = packet[6];
	inner->dont_fragment = true;
	memcpy(inner->source, packet + 8, 16);
	memcpy(inner->destination, packet + 24, 16);
}

bool lisp_dp_parse(const uint8_t *packet, size_t length, struct lisp_dp_inner *inner)
{
	memset(inner, 0, sizeof(*inner));
	if (!length)
		return false;
	inner->version = packet[0] >> 4;
	if (inner->version == 4 && length >= sizeof(struct ip))
		parse4(packet, inner);
	else if (inner->version == 6 && length >= sizeof(struct ip6_hdr))
		parse6(packet, inner);
	else
		return false;
	if (inner->header < sizeof(struct ip) || inner->length < inner->header ||
	    inner->length > length)
		return false;
	inner->hash = flow_hash(packet, inner);
	return true;
}

uint32_t lisp_dp_header_iid(const uint8_t *lisp)
{
	return lisp[0] & LISP_FLAG_I ? lisp[4] << 16 | lisp[5] << 8 | lisp[6] : 0;
}

bool lisp_dp_link_scope(const struct lisp_dp_inner *inner)
{
	const uint8_t *to = inner->destination;

	if (inner->version == 4)
		return to[0] == 224 && !to[1] && !to[2];
	return to[0] == 0xff && (to[1] & 0xf) == 2;
}

bool lisp_dp_parse_quoted(const uint8_t *packet, size_t length, struct lisp_dp_inner *inner)
{
	memset(inner, 0, sizeof(*inner));
	if (!length)
		return false;
	inner->version = packet[0] >> 4;
	if (inner->version == 4 && length >= sizeof(struct ip) + 8)
		parse4(packet, inner);
	else if (inner->version == 6 && length >= sizeof(struct ip6_hdr) + 8)
		parse6(packet, inner);
	else
		return false;
	if (inner->header < sizeof(struct ip) || inner->length < inner->header ||
	    length < inner->header)
		return false;
	if (inner->length > length)
		inner->length = length;
	inner->hash = flow_hash(packet, inner);
	return true;
}

static uint32_t overhead(const struct lisp_bpf_locator *locator)
{
	return locator->family == 4 ? LISP_OVERHEAD_4 : LISP_OVERHEAD_6;
}

uint32_t lisp_dp_room(const struct lisp_bpf_locator *locator)
{
	return locator->mtu > overhead(locator) ? locator->mtu - overhead(locator) : 0;
}

static void put16(uint8_t *out, uint32_t value)
{
	out[0] = value >> 8;
	out[1] = value;
}

static void outer_udp(uint8_t *out, uint32_t iid, uint32_t hash, size_t length)
{
	put16(out, LISP_SOURCE_PORT(hash));
	put16(out + 2, LISP_DATA_PORT);
	put16(out + 4, length + 16); /* checksum stays 0, RFC 9300 section 5.3 */
	if (!iid)
		return;
	out[8] = LISP_FLAG_I;
	out[12] = iid >> 16;
	out[13] = iid >> 8;
	out[14] = iid;
}

static void outer4(uint8_t *out, const struct lisp_bpf_locator *locator, uint8_t tos, uint8_t ttl,
		   size_t length)
{
	out[0] = 0x45;
	out[1] = tos;
	put16(out + 2, length);
	put16(out + 6, IP_DF); /* section 7.1 */
	out[8] = ttl;
	out[9] = IPPROTO_UDP;
	memcpy(out + 12, locator->source, 4);
	memcpy(out + 16, locator->address, 4);

	uint16_t checksum = lisp_dp_checksum(out, sizeof(struct ip), 0);

	memcpy(out + 10, &checksum, sizeof(checksum));
}

static void outer6(uint8_t *out, const struct lisp_bpf_locator *locator, uint8_t tos, uint8_t ttl,
		   uint32_t label, size_t length)
{
	out[0] = 0x60 | tos >> 4;
	out[1] = tos << 4 | label >> 16;
	put16(out + 2, label);
	put16(out + 4, length - sizeof(struct ip6_hdr));
	out[6] = IPPROTO_UDP;
	out[7] = ttl;
	memcpy(out + 8, locator->source, 16);
	memcpy(out + 24, locator->address, 16);
}

size_t lisp_dp_outer(uint8_t *out, const struct lisp_bpf_locator *locator,
		     const struct lisp_dp_inner *inner, uint32_t iid, size_t length)
{
	uint8_t ttl = lisp_outer_ttl(locator->family, inner->version, inner->ttl);
	size_t header = overhead(locator);

	memset(out, 0, header);
	outer_udp(out + header - 16, iid, inner->hash, length);
	if (locator->family == 4)
		outer4(out, locator, inner->tos, ttl, length + header);
	else
		outer6(out, locator, inner->tos, ttl, LISP_FLOW_LABEL(inner->hash), length + header);
	return header;
}

static void checksum4(uint8_t *packet, uint32_t header)
{
	uint16_t checksum;

	memset(packet + 10, 0, 2);
	checksum = lisp_dp_checksum(packet, header, 0);
	memcpy(packet + 10, &checksum, sizeof(checksum));
}

bool lisp_dp_fix_inner(uint8_t *packet, const struct lisp_dp_inner *inner, uint8_t outer_tos,
		       uint8_t outer_ttl)
{
	uint8_t ecn = lisp_ecn_decap(inner->tos, outer_tos);
	uint8_t tos = (inner->tos & 0xfc) | ecn;
	uint8_t ttl = outer_ttl < inner->ttl ? outer_ttl : inner->ttl;

	if (ecn == LISP_ECN_DROP)
		return false;
	if (tos == inner->tos && ttl == inner->ttl)
		return true;

	if (inner->version == 6) {
		packet[0] = (packet[0] & 0xf0) | tos >> 4;
		packet[1] = (packet[1] & 0x0f) | tos << 4;
		packet[7] = ttl;
		return true;
	}

	/* RFC 1624: a wrong checksum must stay wrong, so it is not computed anew. */
	uint32_t sum = (uint16_t)~(packet[10] << 8 | packet[11]);

	sum += (uint16_t)~(packet[0] << 8 | packet[1]) + (packet[0] << 8 | tos);
	sum += (uint16_t)~(packet[8] << 8 | packet[9]) + (ttl << 8 | packet[9]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	packet[1] = tos;
	packet[8] = ttl;
	put16(packet + 10, ~sum);
	return true;
}

/* Of TCP and UDP, RFC 9293 section 3.1: not yet folded. */
static uint32_t pseudo_sum(const uint8_t *packet, const struct lisp_dp_inner *inner, uint32_t length)
{
	size_t from = inner->version == 4 ? 12 : 8, to = inner->version == 4 ? 20 : 40;
	uint32_t sum = inner->protocol + (length >> 16) + (length & 0xffff);

	for (size_t i = from; i < to; i += 2)
		sum += packet[i] << 8 | packet[i + 1];
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void transport_checksum(uint8_t *packet, const struct lisp_dp_inner *inner, size_t at)
{
	uint32_t length = inner->length - inner->header;
	uint8_t *field = packet + inner->header + at;
	uint16_t checksum;

	memset(field, 0, 2);
	checksum = lisp_dp_checksum(packet + inner->header, length,
				    pseudo_sum(packet, inner, length));
	if (!checksum && inner->protocol == IPPROTO_UDP)
		checksum = 0xffff;
	memcpy(field, &checksum, sizeof(checksum));
}

void lisp_dp_fill_checksum(uint8_t *packet, const struct lisp_dp_inner *inner)
{
	size_t at = inner->protocol == IPPROTO_TCP ? 16 : 6;
	uint32_t length = inner->length - inner->header;
	const uint8_t *field = packet + inner->header + at;

	if ((inner->protocol != IPPROTO_TCP && inner->protocol != IPPROTO_UDP) || inner->fragment ||
	    length < at + 2)
		return;
	/* what the interface goes on from is the pseudo-header's sum */
	if ((field[0] << 8 | field[1]) == fold(pseudo_sum(packet, inner, length)))
		transport_checksum(packet, inner, at);
}

uint32_t lisp_dp_tcp_headers(const uint8_t *packet, const struct lisp_dp_inner *inner)
{
	uint32_t length;

	if (inner->protocol != IPPROTO_TCP || inner->fragment || inner->length < inner->header + 20)
		return 0;
	length = (packet[inner->header + 12] >> 4) * 4;
	return length < 20 || inner->header + length > inner->length ? 0 : inner->header + length;
}

size_t lisp_dp_segment(uint8_t *out, const uint8_t *packet, const struct lisp_dp_inner *inner,
		       uint32_t offset, uint32_t size)
{
	uint32_t headers = lisp_dp_tcp_headers(packet, inner), sequence;
	uint8_t *tcp = out + inner->header;
	struct lisp_dp_inner part = *inner;

	if (!headers || !size || headers + offset >= inner->length)
		return 0;
	part.length = inner->length - offset;
	if (part.length > headers + size)
		part.length = headers + size;
	memcpy(out, packet, headers);
	memcpy(out + headers, packet + headers + offset, part.length - headers);
	if (inner->version == 4) {
		put16(out + 2, part.length);
		put16(out + 4, (out[4] << 8 | out[5]) + offset / size);
		checksum4(out, inner->header);
	} else {
		put16(out + 4, part.length - inner->header);
	}
	memcpy(&sequence, tcp + 4, sizeof(sequence));
	sequence = htonl(ntohl(sequence) + offset);
	memcpy(tcp + 4, &sequence, sizeof(sequence));
	if (part.length + offset < inner->length)
		tcp[13] &= ~(TH_FIN | TH_PUSH);
	if (offset)
		tcp[13] &= ~TH_CWR;
	transport_checksum(out, &part, 16);
	return part.length;
}

bool lisp_dp_fragment(const uint8_t *packet, const struct lisp_dp_inner *inner, uint32_t room,
		      uint8_t *first, size_t *first_length, uint8_t *second, size_t *second_length)
{
	uint32_t payload = inner->length - inner->header, half, offset;
	uint8_t more;

	/* Options may have to be copied or not; such packets are not worth it. */
	if (inner->version != 4 || inner->dont_fragment || inner->header != sizeof(struct ip))
		return false;
	half = (payload / 2 + 7) & ~7u;
	if (half + inner->header > room || payload <= half)
		return false;

	offset = (packet[6] & 0x1f) << 8 | packet[7];
	more = packet[6] & 0x20;

	memcpy(first, packet, inner->header + half);
	put16(first + 2, inner->header + half);
	put16(first + 6, IP_MF | offset);
	checksum4(first, inner->header);
	*first_length = inner->header + half;

	memcpy(second, packet, inner->header);
	memcpy(second + inner->header, packet + inner->header + half, payload - half);
	put16(second + 2, inner->header + payload - half);
	put16(second + 6, (more ? IP_MF : 0) | (offset + half / 8));
	checksum4(second, inner->header);
	*second_length = inner->header + payload - half;
	return true;
}

/* No error about errors, fragments but the first, or from/to groups. */
static bool icmp4_allowed(const uint8_t *packet, const struct lisp_dp_inner *inner)
{
	uint8_t type;

	if ((packet[6] & 0x1f) || packet[7])
		return false;
	if (!inner->source[0] || inner->source[0] >= 224 || inner->destination[0] >= 224)
		return false;
	if (inner->protocol != IPPROTO_ICMP)
		return true;
	if (inner->length <= inner->header)
		return false;
	type = packet[inner->header];
	return type == ICMP_ECHO || type == ICMP_ECHOREPLY || type == ICMP_TIMESTAMP ||
	       type == ICMP_TIMESTAMPREPLY;
}

static bool icmp6_allowed(const uint8_t *packet, const struct lisp_dp_inner *inner, bool too_big)
{
	static const uint8_t unspecified[16];

	if (inner->source[0] == 0xff || !memcmp(inner->source, unspecified, 16))
		return false;
	if (inner->destination[0] == 0xff && !too_big) /* RFC 4443 section 2.4 (e.3) */
		return false;
	return inner->protocol != IPPROTO_ICMPV6 || inner->length <= inner->header ||
	       (packet[inner->header] & ICMP6_INFOMSG_MASK);
}

static const struct {
	uint8_t type4, code4, type6, code6;
} errors[] = {
	[LISP_DP_ICMP_TOO_BIG] = { ICMP_UNREACH, ICMP_UNREACH_NEEDFRAG, ICMP6_PACKET_TOO_BIG, 0 },
	[LISP_DP_ICMP_UNREACHABLE] = { ICMP_UNREACH, ICMP_UNREACH_NET, ICMP6_DST_UNREACH,
				       ICMP6_DST_UNREACH_NOROUTE },
	[LISP_DP_ICMP_HOST] = { ICMP_UNREACH, ICMP_UNREACH_HOST, ICMP6_DST_UNREACH,
				ICMP6_DST_UNREACH_ADDR },
	[LISP_DP_ICMP_PROHIBITED] = { ICMP_UNREACH, ICMP_UNREACH_FILTER_PROHIB, ICMP6_DST_UNREACH,
				      ICMP6_DST_UNREACH_ADMIN },
	[LISP_DP_ICMP_TIME] = { ICMP_TIMXCEED, ICMP_TIMXCEED_INTRANS, ICMP6_TIME_EXCEEDED,
				ICMP6_TIME_EXCEED_TRANSIT },
};

static size_t icmp4(uint8_t *out, enum lisp_dp_icmp type, uint32_t mtu, const uint8_t *source,
		    const uint8_t *packet, const struct lisp_dp_inner *inner)
{
	size_t quoted = inner->length < 548 ? inner->length : 548; /* RFC 1812: 576 in all */
	size_t length = sizeof(struct ip) + 8 + quoted;
	uint16_t checksum;

	if (!icmp4_allowed(packet, inner))
		return 0;
	memset(out, 0, sizeof(struct ip) + 8);
	out[0] = 0x45;
	out[1] = 0xc0;
	put16(out + 2, length);
	out[8] = 64;
	out[9] = IPPROTO_ICMP;
	memcpy(out + 12, source, 4);
	memcpy(out + 16, inner->source, 4);
	checksum4(out, sizeof(struct ip));

	out[20] = errors[type].type4;
	out[21] = errors[type].code4;
	if (type == LISP_DP_ICMP_TOO_BIG)
		put16(out + 26, mtu);
	memcpy(out + 28, packet, quoted);
	checksum = lisp_dp_checksum(out + 20, length - 20, 0);
	memcpy(out + 22, &checksum, sizeof(checksum));
	return length;
}

static size_t icmp6(uint8_t *out, enum lisp_dp_icmp type, uint32_t mtu, const uint8_t *source,
		    const uint8_t *packet, const struct lisp_dp_inner *inner)
{
	size_t quoted = LISP_DP_ICMP_MAX - sizeof(struct ip6_hdr) - 8;
	size_t length;
	uint16_t checksum;
	uint32_t sum = IPPROTO_ICMPV6;

	if (!icmp6_allowed(packet, inner, type == LISP_DP_ICMP_TOO_BIG))
		return 0;
	if (quoted > inner->length)
		quoted = inner->length;
	length = sizeof(struct ip6_hdr) + 8 + quoted;
	memset(out, 0, sizeof(struct ip6_hdr) + 8);
	out[0] = 0x6c;
	put16(out + 4, 8 + quoted);
	out[6] = IPPROTO_ICMPV6;
	out[7] = 64;
	memcpy(out + 8, source, 16);
	memcpy(out + 24, inner->source, 16);

	out[40] = errors[type].type6;
	out[41] = errors[type].code6;
	if (type == LISP_DP_ICMP_TOO_BIG) {
		put16(out + 44, mtu >> 16);
		put16(out + 46, mtu);
	}
	memcpy(out + 48, packet, quoted);
	sum += 8 + quoted;
	for (int i = 8; i < 40; i += 2)
		sum += out[i] << 8 | out[i + 1];
	checksum = lisp_dp_checksum(out + 40, 8 + quoted, sum);
	memcpy(out + 42, &checksum, sizeof(checksum));
	return length;
}

size_t lisp_dp_icmp(uint8_t *out, enum lisp_dp_icmp type, uint32_t mtu, const uint8_t *source,
		    const uint8_t *packet, const struct lisp_dp_inner *inner)
{
	if (inner->version == 4)
		return icmp4(out, type, mtu, source, packet, inner);
	return icmp6(out, type, mtu, source, packet, inner);
}
