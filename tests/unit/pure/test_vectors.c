// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The 26 vectors: decoded, encoded again, cut short, spoiled.
 * What their fields say is checked by test_pure.py with dump.c.
 */
#include <zebra.h>

#include "lispd/lisp_auth.h"

#include "pcap.h"
#include "reencode.h"
#include "unit.h"

#define TV_DATA_1 22
#define TV_DATA_2 23
#define TV_GRE	  24
#define TV_LAST	  26

static bool is_data(unsigned int n)
{
	return n == TV_DATA_1 || n == TV_DATA_2;
}

/* A data packet is whole if its header is and the IPv4 packet within. */
static bool data_ok(const uint8_t *p, size_t len)
{
	struct lisp_data_header h;
	size_t n = lisp_data_header_decode(p, len, &h);

	return n && len >= n + 20 && (size_t)(p[n + 2] << 8 | p[n + 3]) == len - n;
}

/* GRE header, IP, UDP, Map-Request: the reason of the first that is refused. */
static enum lisp_drop gre_decode(const uint8_t *p, size_t len, struct lisp_ip_udp *ip,
				 struct lisp_msg *msg)
{
	enum lisp_drop why;

	if (len < 4)
		return LISP_DROP_TRUNCATED;
	why = lisp_ip_udp_parse(p + 4, len - 4, ip);
	return why == LISP_OK ? lisp_msg_decode(ip->payload, ip->payload_len, msg) : why;
}

static bool vector_ok(unsigned int n, const uint8_t *p, size_t len)
{
	struct lisp_ip_udp ip;
	struct lisp_msg msg;

	if (is_data(n))
		return data_ok(p, len);
	if (n == TV_GRE)
		return gre_decode(p, len, &ip, &msg) == LISP_OK;
	if (lisp_msg_decode(p, len, &msg) != LISP_OK)
		return false;
	if (msg.h.type == LISP_ECM)
		return lisp_msg_decode(msg.ecm.inner.payload, msg.ecm.inner.payload_len, &msg) ==
		       LISP_OK;
	return true;
}

static void reencode_vector(unsigned int n, const uint8_t *p, size_t len, struct lisp_writer *w)
{
	struct lisp_data_header h;
	struct lisp_ip_udp ip;
	struct lisp_msg msg;
	size_t header;

	if (is_data(n)) {
		header = lisp_data_header_decode(p, len, &h);
		CHECK_EQ(header, LISP_DATA_HEADER_LEN);
		lisp_data_header_encode(w, &h);
		lisp_put_octets(w, p + header, len - header);
	} else if (n == TV_GRE) {
		uint8_t inner[64];
		struct lisp_writer v;

		CHECK_STR(unit_drop(gre_decode(p, len, &ip, &msg)), "ok");
		lisp_writer_init(&v, inner, sizeof(inner));
		CHECK(reencode(&msg, &v));
		lisp_put_octets(w, p, 4);
		lisp_ip_udp_build(w, &ip.src, &ip.dst, ip.ttl, ip.sport, ip.dport, inner, v.len);
	} else {
		CHECK_STR(unit_drop(lisp_msg_decode(p, len, &msg)), "ok");
		CHECK(!msg.lenient);
		CHECK_EQ(msg.trailing, 0);
		CHECK(reencode(&msg, w));
	}
}

TEST(T_056_vectors_reencode)
{
	struct lisp_writer w;
	uint8_t buf[512], *p;
	unsigned int n;
	size_t len;

	for (n = 1; n <= TV_LAST; n++) {
		p = pcap_vector(n, &len);
		lisp_writer_init(&w, buf, sizeof(buf));
		reencode_vector(n, p, len, &w);
		CHECK_OCTETS(w.buf, w.len, p, len);
		free(p);
	}
}

/* The writer never writes behind its room, and says so. */
TEST(vectors_reencode_in_too_little_room)
{
	struct lisp_writer w;
	struct lisp_msg msg;
	unsigned int n;
	uint8_t *p, *buf;
	size_t len, cap;

	for (n = 1; n <= TV_LAST; n++) {
		p = pcap_vector(n, &len);
		for (cap = 0; !is_data(n) && n != TV_GRE && cap < len; cap++) {
			buf = malloc(cap);
			lisp_writer_init(&w, buf, cap);
			CHECK_STR(unit_drop(lisp_msg_decode(p, len, &msg)), "ok");
			CHECK(!reencode(&msg, &w));
			CHECK(w.len <= cap);
			free(buf);
		}
		free(p);
	}
}

TEST(T_046_every_truncation_refused)
{
	uint8_t *p, *part;
	unsigned int n;
	size_t len, cut;

	for (n = 1; n <= TV_LAST; n++) {
		p = pcap_vector(n, &len);
		CHECK(vector_ok(n, p, len));
		for (cut = 0; cut < len; cut++) {
			/* of its own, so that a read too far is seen */
			part = malloc(cut);
			memcpy(part, p, cut);
			if (vector_ok(n, part, cut))
				unit_fail(__FILE__, __LINE__, "TV%02u cut to %zu octets", n, cut);
			free(part);
		}
		free(p);
	}
}

/* Each octet of each vector set to each of some values: no crash. */
TEST(vectors_survive_spoiled_octets)
{
	static const uint8_t values[] = { 0x00, 0x01, 0x40, 0x7f, 0x80, 0xff };
	struct lisp_writer w;
	uint8_t *p, kept, buf[4096];
	struct lisp_msg msg;
	unsigned int n;
	size_t len, at, v;

	for (n = 1; n <= TV_LAST; n++) {
		p = pcap_vector(n, &len);
		for (at = 0; at < len; at++) {
			kept = p[at];
			for (v = 0; v < array_size(values); v++) {
				p[at] = values[v];
				vector_ok(n, p, len);
				if (lisp_msg_decode(p, len, &msg) != LISP_OK)
					continue;
				lisp_writer_init(&w, buf, sizeof(buf));
				reencode(&msg, &w);
			}
			p[at] = kept;
		}
		free(p);
	}
}

/* -------------------------------------------------------- malformed seeds */

static const char *spoiled(unsigned int n, size_t at, uint8_t value)
{
	struct lisp_msg msg;
	size_t len;
	uint8_t *p = pcap_vector(n, &len);
	enum lisp_drop why;

	p[at] = value;
	why = lisp_msg_decode(p, len, &msg);
	free(p);
	return unit_drop(why);
}

TEST(T_044_auth_len_beyond_message)
{
	CHECK_STR(spoiled(9, 15, 0xff), "bad-length");
}

TEST(T_036_lcaf_length_beyond_message)
{
	/* TV07: the LCAF begins at 24, its Length is at 28 */
	CHECK_STR(spoiled(7, 29, 0xff), "truncated");
	/* one octet more and one less than the address within takes */
	CHECK_STR(spoiled(7, 29, 0x0b), "bad-lcaf");
	CHECK_STR(spoiled(7, 29, 0x09), "bad-lcaf");
}

TEST(T_016_map_request_i_without_trailer)
{
	struct lisp_msg msg;
	size_t len;
	uint8_t *p = pcap_vector(4, &len);

	CHECK_STR(unit_drop(lisp_msg_decode(p, len, &msg)), "ok");
	CHECK_STR(unit_drop(lisp_msg_decode(p, len - 1, &msg)), "no-xtr-id");
	CHECK_STR(unit_drop(lisp_msg_decode(p, len - LISP_TRAILER_LEN, &msg)), "no-xtr-id");
	free(p);
}

TEST(T_048_mask_len_longer_than_address)
{
	CHECK_STR(spoiled(5, 17, 33), "bad-mask-length");
	CHECK_STR(spoiled(5, 17, 32), "ok");
	CHECK_STR(spoiled(8, 17, 129), "bad-mask-length");
	CHECK_STR(spoiled(7, 17, 33), "bad-mask-length"); /* within an LCAF */
	CHECK_STR(spoiled(1, 25, 33), "bad-mask-length"); /* in a Map-Request */
}

TEST(T_053_data_port_in_ecm)
{
	uint8_t buf[256], payload[32] = { 0x10 };
	struct lisp_writer w;
	struct lisp_msg msg;
	struct ipaddr src, dst;

	str2ipaddr("10.1.0.1", &src);
	str2ipaddr("10.2.0.9", &dst);
	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_ecm_encode(&w, 0, &src, &dst, 50000, LISP_DATA_PORT, payload, sizeof(payload));
	CHECK_STR(unit_drop(lisp_msg_decode(buf, w.len, &msg)), "bad-ecm-inner");
	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_ecm_encode(&w, 0, &src, &dst, LISP_DATA_PORT, LISP_CONTROL_PORT, payload,
			sizeof(payload));
	CHECK_STR(unit_drop(lisp_msg_decode(buf, w.len, &msg)), "bad-ecm-inner");
}

TEST(T_009_irc_larger_than_list)
{
	/* TV01 has one ITR-RLOC: 32 of them run into the rest of the message */
	CHECK_STR(spoiled(1, 2, 0x1f), "unknown-afi");
}

TEST(probe_reply_not_authoritative)
{
	/* TV05 with P set; A is in octet 18 */
	size_t len;
	uint8_t *p = pcap_vector(5, &len);
	struct lisp_msg msg;

	p[0] |= 0x08;
	CHECK_STR(unit_drop(lisp_msg_decode(p, len, &msg)), "ok");
	p[18] &= 0xef;
	CHECK_STR(unit_drop(lisp_msg_decode(p, len, &msg)), "probe-reply-not-authoritative");
	free(p);
}
