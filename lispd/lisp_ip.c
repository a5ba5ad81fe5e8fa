// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole IP/UDP packets, the Encapsulated Control Message around them (RFC 9301
 * section 5.8), and the data header (RFC 9300 section 5).
 */
#include <zebra.h>

#include "lispd/lisp_buf.h"
#include "lispd/lisp_ip.h"

#define IPV4_HEADER_LEN 20
#define IPV6_HEADER_LEN 40
#define UDP_HEADER_LEN	8

/* ------------------------------------------------------------------ checksums */

/* One's complement sum, RFC 1071; sum is below 2^32 for any UDP packet. */
static uint32_t sum_octets(uint32_t sum, const uint8_t *p, size_t len)
{
	for (; len > 1; p += 2, len -= 2)
		sum += lisp_get16(p);
	if (len)
		sum += (uint32_t)*p << 8;
	return sum;
}

static uint16_t sum_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/*
 * Sum of pseudo header, UDP header and payload: 0xffff if the checksum in it
 * is right. addrs: source and destination, adjacent in both IP headers.
 */
static uint16_t udp_sum(const uint8_t *addrs, size_t addrs_len, const uint8_t *udp, size_t udp_len)
{
	uint32_t sum = sum_octets(0, addrs, addrs_len);

	sum += IPPROTO_UDP + (uint32_t)udp_len;
	return sum_fold(sum_octets(sum, udp, udp_len));
}

/* -------------------------------------------------------------------- parsing */

/* An IP packet, its header taken apart. */
struct ip_header {
	size_t header_len, total_len;
	const uint8_t *addrs; /* source, then destination */
	size_t addr_len;
};

static enum lisp_drop parse_ipv4(const uint8_t *buf, size_t len, struct ip_header *h,
				 struct lisp_ip_udp *ip)
{
	if (len < IPV4_HEADER_LEN)
		return LISP_DROP_TRUNCATED;
	h->header_len = (size_t)(buf[0] & 0xf) * 4;
	h->total_len = lisp_get16(buf + 2);
	h->addrs = buf + 12;
	h->addr_len = 4;
	if (h->header_len < IPV4_HEADER_LEN || h->total_len < h->header_len)
		return LISP_DROP_BAD_INNER;
	if (h->total_len > len)
		return LISP_DROP_TRUNCATED;
	/* MF or an offset: a fragment; the reserved bit and DF do not matter. */
	if ((lisp_get16(buf + 6) & 0x3fff) != 0 || buf[9] != IPPROTO_UDP)
		return LISP_DROP_BAD_INNER;
	if (sum_fold(sum_octets(0, buf, h->header_len)) != 0xffff)
		ip->deviations |= LISP_IP_BAD_CHECKSUM;
	ip->ttl = buf[8];
	ip->tos = buf[1];
	return LISP_OK;
}

static enum lisp_drop parse_ipv6(const uint8_t *buf, size_t len, struct ip_header *h,
				 struct lisp_ip_udp *ip)
{
	if (len < IPV6_HEADER_LEN)
		return LISP_DROP_TRUNCATED;
	h->header_len = IPV6_HEADER_LEN;
	h->total_len = IPV6_HEADER_LEN + (size_t)lisp_get16(buf + 4);
	h->addrs = buf + 8;
	h->addr_len = 16;
	if (h->total_len > len)
		return LISP_DROP_TRUNCATED;
	/* Extension headers, of fragments too, are refused. */
	if (buf[6] != IPPROTO_UDP)
		return LISP_DROP_BAD_INNER;
	ip->ttl = buf[7];
	ip->tos = (uint8_t)(lisp_get16(buf) >> 4);
	return LISP_OK;
}

static void set_addr(struct ipaddr *addr, const uint8_t *octets, size_t len)
{
	addr->ipa_type = len == 4 ? IPADDR_V4 : IPADDR_V6;
	memcpy(addr->ip.addrbytes, octets, len);
}

enum lisp_drop lisp_ip_udp_parse(const uint8_t *buf, size_t len, struct lisp_ip_udp *ip)
{
	enum lisp_drop why = LISP_DROP_BAD_INNER;
	struct ip_header h = {};
	const uint8_t *udp;
	size_t udp_len;

	memset(ip, 0, sizeof(*ip));
	if (len == 0)
		return LISP_DROP_TRUNCATED;
	if (buf[0] >> 4 == 4)
		why = parse_ipv4(buf, len, &h, ip);
	else if (buf[0] >> 4 == 6)
		why = parse_ipv6(buf, len, &h, ip);
	if (why != LISP_OK)
		return why;

	udp = buf + h.header_len;
	udp_len = h.total_len - h.header_len;
	if (udp_len < UDP_HEADER_LEN || lisp_get16(udp + 4) != udp_len)
		return LISP_DROP_BAD_INNER;
	if (lisp_get16(udp + 6) == 0)
		ip->deviations |= LISP_IP_NO_UDP_CHECKSUM;
	else if (udp_sum(h.addrs, 2 * h.addr_len, udp, udp_len) != 0xffff)
		return LISP_DROP_BAD_CHECKSUM;
	if (h.total_len < len)
		ip->deviations |= LISP_IP_TRAILING;

	set_addr(&ip->src, h.addrs, h.addr_len);
	set_addr(&ip->dst, h.addrs + h.addr_len, h.addr_len);
	ip->sport = lisp_get16(udp);
	ip->dport = lisp_get16(udp + 2);
	ip->packet = buf;
	ip->packet_len = h.total_len;
	ip->payload = udp + UDP_HEADER_LEN;
	ip->payload_len = udp_len - UDP_HEADER_LEN;
	return LISP_OK;
}

/* ------------------------------------------------------------------- building */

static void put_ipv4(struct lisp_writer *w, const struct ipaddr *src, const struct ipaddr *dst,
		     uint8_t ttl, size_t udp_len)
{
	size_t start = w->len;
	uint16_t sum;

	lisp_put_u16(w, 0x4500);
	lisp_put_u16(w, (uint16_t)(IPV4_HEADER_LEN + udp_len));
	lisp_put_u32(w, 0);
	lisp_put_u8(w, ttl);
	lisp_put_u8(w, IPPROTO_UDP);
	lisp_put_u16(w, 0);
	lisp_put_octets(w, &src->ipaddr_v4, 4);
	lisp_put_octets(w, &dst->ipaddr_v4, 4);
	if (w->overflow)
		return;
	sum = (uint16_t)~sum_fold(sum_octets(0, w->buf + start, IPV4_HEADER_LEN));
	w->buf[start + 10] = (uint8_t)(sum >> 8);
	w->buf[start + 11] = (uint8_t)sum;
}

static void put_ipv6(struct lisp_writer *w, const struct ipaddr *src, const struct ipaddr *dst,
		     uint8_t ttl, size_t udp_len)
{
	lisp_put_u32(w, 0x60000000);
	lisp_put_u16(w, (uint16_t)udp_len);
	lisp_put_u8(w, IPPROTO_UDP);
	lisp_put_u8(w, ttl);
	lisp_put_octets(w, &src->ipaddr_v6, 16);
	lisp_put_octets(w, &dst->ipaddr_v6, 16);
}

void lisp_ip_udp_build(struct lisp_writer *w, const struct ipaddr *src, const struct ipaddr *dst,
		       uint8_t ttl, uint16_t sport, uint16_t dport, const uint8_t *payload,
		       size_t len)
{
	size_t udp_len = UDP_HEADER_LEN + len, udp;
	bool v4 = IS_IPADDR_V4(src);
	uint16_t sum;

	if (src->ipa_type != dst->ipa_type || IS_IPADDR_NONE(src) ||
	    len > UINT16_MAX - IPV4_HEADER_LEN - UDP_HEADER_LEN) {
		w->overflow = true;
		return;
	}
	if (v4)
		put_ipv4(w, src, dst, ttl, udp_len);
	else
		put_ipv6(w, src, dst, ttl, udp_len);

	udp = w->len;
	lisp_put_u16(w, sport);
	lisp_put_u16(w, dport);
	lisp_put_u16(w, (uint16_t)udp_len);
	lisp_put_u16(w, 0);
	lisp_put_octets(w, payload, len);
	if (w->overflow)
		return;
	/* The addresses end where the UDP header begins, in both families. */
	sum = (uint16_t)~udp_sum(w->buf + udp - (v4 ? 8 : 32), v4 ? 8 : 32, w->buf + udp, udp_len);
	if (sum == 0)
		sum = 0xffff; /* RFC 768: zero means no checksum */
	w->buf[udp + 6] = (uint8_t)(sum >> 8);
	w->buf[udp + 7] = (uint8_t)sum;
}

/* ------------------------------------------------------------------------ ECM */

#define ECM_FLAGS                                                                                  \
	(LISP_ECM_F_SECURITY | LISP_ECM_F_DDT | LISP_ECM_F_TO_ETR | LISP_ECM_F_TO_MS |             \
	 LISP_ECM_F_RTR | LISP_ECM_F_RELAYED)

#define ECM_AD_LISP_SEC 1

/*
 * RFC 9303 section 6.1: {type, -, HMAC ID}, {OTK length, key-id, wrap-id}, OTK,
 * EID-AD with its own length first. Only the frame is checked. Returns its
 * octets, 0 with *why set on failure.
 */
static size_t ecm_security_len(const uint8_t *p, size_t len, enum lisp_drop *why)
{
	size_t otk_len, eid_ad_len;

	*why = LISP_DROP_TRUNCATED;
	if (len < 8)
		return 0;
	if (p[0] != ECM_AD_LISP_SEC) {
		*why = LISP_DROP_NOT_SUPPORTED;
		return 0;
	}
	otk_len = lisp_get16(p + 4);
	if (len < 8 + otk_len + 2)
		return 0;
	eid_ad_len = lisp_get16(p + 8 + otk_len);
	if (eid_ad_len < 4) {
		*why = LISP_DROP_BAD_LENGTH;
		return 0;
	}
	if (len < 8 + otk_len + eid_ad_len)
		return 0;
	*why = LISP_OK;
	return 8 + otk_len + eid_ad_len;
}

/* RFC 9301 section 5.8: a control message, and no other ECM. */
static enum lisp_drop check_inner(const struct lisp_ip_udp *inner)
{
	if (inner->sport == LISP_DATA_PORT || inner->dport == LISP_DATA_PORT)
		return LISP_DROP_BAD_INNER;
	if (inner->sport != LISP_CONTROL_PORT && inner->dport != LISP_CONTROL_PORT)
		return LISP_DROP_BAD_INNER;
	if (inner->payload_len == 0)
		return LISP_DROP_TRUNCATED;
	if (inner->payload[0] >> 4 == LISP_ECM)
		return LISP_DROP_NESTED_ECM;
	return LISP_OK;
}

enum lisp_drop lisp_ecm_decode(const uint8_t *buf, size_t len, struct lisp_ecm *ecm)
{
	enum lisp_drop why;
	const uint8_t *p;

	memset(ecm, 0, sizeof(*ecm));
	if (len < 4)
		return LISP_DROP_TRUNCATED;
	if (buf[0] >> 4 != LISP_ECM)
		return LISP_DROP_BAD_TYPE;
	p = buf + 4;
	len -= 4;
	ecm->flags = lisp_get32(buf) & ECM_FLAGS;
	if (ecm->flags & LISP_ECM_F_SECURITY) {
		ecm->security = p;
		ecm->security_len = ecm_security_len(p, len, &why);
		if (ecm->security_len == 0)
			return why;
		p += ecm->security_len;
		len -= ecm->security_len;
	}
	why = lisp_ip_udp_parse(p, len, &ecm->inner);
	if (why != LISP_OK)
		return why;
	return check_inner(&ecm->inner);
}

static void put_ecm_word(struct lisp_writer *w, uint32_t flags)
{
	w->msg = w->len;
	lisp_put_u32(w, (uint32_t)LISP_ECM << 28 | (flags & ECM_FLAGS & ~LISP_ECM_F_SECURITY));
}

void lisp_ecm_encode(struct lisp_writer *w, uint32_t flags, const struct ipaddr *src,
		     const struct ipaddr *dst, uint16_t sport, uint16_t dport,
		     const uint8_t *payload, size_t len)
{
	put_ecm_word(w, flags);
	lisp_ip_udp_build(w, src, dst, LISP_ECM_TTL, sport, dport, payload, len);
}

void lisp_ecm_wrap(struct lisp_writer *w, uint32_t flags, const uint8_t *packet, size_t len)
{
	put_ecm_word(w, flags);
	lisp_put_octets(w, packet, len);
}

/* ---------------------------------------------------------------- data header */

size_t lisp_data_header_decode(const uint8_t *buf, size_t len, struct lisp_data_header *h)
{
	uint32_t w0, w1;

	memset(h, 0, sizeof(*h));
	if (len < LISP_DATA_HEADER_LEN)
		return 0;
	w0 = lisp_get32(buf) & 0xffffff;
	w1 = lisp_get32(buf + 4);
	h->flags = buf[0];
	if (h->flags & LISP_DATA_F_GPE)
		h->flags &= (uint8_t)~(LISP_DATA_F_NONCE | LISP_DATA_F_ECHO | LISP_DATA_F_VERSION);
	if (h->flags & LISP_DATA_F_NONCE)
		h->flags &= (uint8_t)~LISP_DATA_F_VERSION;
	else
		h->flags &= (uint8_t)~LISP_DATA_F_ECHO;

	if (h->flags & LISP_DATA_F_GPE)
		h->next_protocol = (uint8_t)w0;
	else if (h->flags & LISP_DATA_F_NONCE)
		h->nonce = w0;
	else if (h->flags & LISP_DATA_F_VERSION) {
		h->source_version = (uint16_t)(w0 >> 12);
		h->dest_version = w0 & 0xfff;
	}
	if (h->flags & LISP_DATA_F_IID)
		h->iid = w1 >> 8;
	if (h->flags & LISP_DATA_F_LSB)
		h->lsb = h->flags & LISP_DATA_F_IID ? w1 & 0xff : w1;
	return LISP_DATA_HEADER_LEN;
}

void lisp_data_header_encode(struct lisp_writer *w, const struct lisp_data_header *h)
{
	uint32_t w0 = 0, w1 = 0;

	if (h->flags & LISP_DATA_F_GPE)
		w0 = h->next_protocol;
	else if (h->flags & LISP_DATA_F_NONCE)
		w0 = h->nonce & 0xffffff;
	else if (h->flags & LISP_DATA_F_VERSION)
		w0 = (uint32_t)(h->source_version & 0xfff) << 12 | (h->dest_version & 0xfff);
	if (h->flags & LISP_DATA_F_LSB)
		w1 = h->lsb;
	if (h->flags & LISP_DATA_F_IID)
		w1 = h->iid << 8 | (w1 & 0xff);
	lisp_put_u32(w, (uint32_t)h->flags << 24 | w0);
	lisp_put_u32(w, w1);
}
