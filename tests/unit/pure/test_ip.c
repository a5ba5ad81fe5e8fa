// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IP/UDP packets, ECM, data header.
 */
#include <zebra.h>

#include "lispd/lisp_msg.h"

#include "pcap.h"
#include "unit.h"

static uint8_t packet[512];
static struct lisp_writer w;
static struct lisp_ip_udp ip;

static const uint8_t payload[] = { 0x10, 1, 2, 3, 4, 5, 6 };

static void build(const char *src, const char *dst, size_t len)
{
	struct ipaddr a, b;

	str2ipaddr(src, &a);
	str2ipaddr(dst, &b);
	lisp_writer_init(&w, packet, sizeof(packet));
	lisp_ip_udp_build(&w, &a, &b, 17, 50000, LISP_CONTROL_PORT, payload, len);
}

static const char *parse(void)
{
	return unit_drop(lisp_ip_udp_parse(packet, w.len, &ip));
}

TEST(packets_both_ways)
{
	static const char *const addrs[][2] = { { "10.1.0.1", "10.2.0.9" },
						{ "2001:db8::1", "2001:db8::2" } };
	char text[INET6_ADDRSTRLEN];
	size_t i, len;

	for (i = 0; i < array_size(addrs); i++)
		for (len = 0; len <= sizeof(payload); len++) {
			build(addrs[i][0], addrs[i][1], len);
			CHECK_STR(parse(), "ok");
			CHECK_EQ(ip.deviations, 0);
			CHECK_STR(ipaddr2str(&ip.src, text, sizeof(text)), addrs[i][0]);
			CHECK_STR(ipaddr2str(&ip.dst, text, sizeof(text)), addrs[i][1]);
			CHECK_EQ(ip.ttl, 17);
			CHECK_EQ(ip.sport, 50000);
			CHECK_EQ(ip.dport, LISP_CONTROL_PORT);
			CHECK_EQ(ip.packet_len, w.len);
			CHECK_OCTETS(ip.payload, ip.payload_len, payload, len);
		}
}

TEST(mixed_families_are_not_built)
{
	build("10.1.0.1", "2001:db8::2", 4);
	CHECK(w.overflow);
}

/* A payload whose sum makes the checksum zero: sent as 0xffff, RFC 768. */
TEST(udp_checksum_is_never_zero)
{
	uint8_t body[2] = { 0, 0 };
	struct ipaddr a, b;
	uint16_t sum;

	str2ipaddr("10.1.0.1", &a);
	str2ipaddr("10.2.0.9", &b);
	lisp_writer_init(&w, packet, sizeof(packet));
	lisp_ip_udp_build(&w, &a, &b, 17, 1, LISP_CONTROL_PORT, body, sizeof(body));
	sum = (uint16_t)(packet[26] << 8 | packet[27]);
	body[0] = (uint8_t)(sum >> 8);
	body[1] = (uint8_t)sum;
	lisp_writer_init(&w, packet, sizeof(packet));
	lisp_ip_udp_build(&w, &a, &b, 17, 1, LISP_CONTROL_PORT, body, sizeof(body));
	CHECK_EQ(packet[26] << 8 | packet[27], 0xffff);
	CHECK_STR(parse(), "ok");
}

TEST(wrong_udp_checksum)
{
	build("10.1.0.1", "10.2.0.9", sizeof(payload));
	packet[w.len - 1] ^= 1;
	CHECK_STR(parse(), "bad-checksum");
	build("2001:db8::1", "2001:db8::2", sizeof(payload));
	packet[9] ^= 1; /* an address is in the pseudo header */
	CHECK_STR(parse(), "bad-checksum");
}

TEST(deviations_are_left_to_the_caller)
{
	build("10.1.0.1", "10.2.0.9", sizeof(payload));
	packet[10] ^= 1;
	CHECK_STR(parse(), "ok");
	CHECK_EQ(ip.deviations, LISP_IP_BAD_CHECKSUM);
	build("2001:db8::1", "2001:db8::2", sizeof(payload));
	packet[46] = packet[47] = 0;
	CHECK_STR(parse(), "ok");
	CHECK_EQ(ip.deviations, LISP_IP_NO_UDP_CHECKSUM);
	build("10.1.0.1", "10.2.0.9", sizeof(payload));
	w.len += 3;
	CHECK_STR(parse(), "ok");
	CHECK_EQ(ip.deviations, LISP_IP_TRAILING);
	CHECK_EQ(ip.packet_len, w.len - 3);
}

/* One octet of a good packet changed: the reason it is refused for. */
static const char *changed(size_t at, uint8_t value)
{
	build("10.1.0.1", "10.2.0.9", sizeof(payload));
	packet[at] = value;
	return parse();
}

TEST(T_051_packets_refused)
{
	CHECK_STR(changed(0, 0x55), "bad-ecm-inner"); /* version */
	CHECK_STR(changed(0, 0x44), "bad-ecm-inner"); /* header too short */
	CHECK_STR(changed(0, 0x4f), "bad-ecm-inner"); /* header beyond the packet */
	CHECK_STR(changed(6, 0x20), "bad-ecm-inner"); /* more fragments */
	CHECK_STR(changed(7, 0x01), "bad-ecm-inner"); /* fragment offset */
	CHECK_STR(changed(6, 0x40), "ok");	      /* DF only */
	CHECK_STR(changed(9, IPPROTO_TCP), "bad-ecm-inner");
	CHECK_STR(changed(3, 0xff), "truncated");      /* total length */
	CHECK_STR(changed(25, 0xff), "bad-ecm-inner"); /* UDP length */
	CHECK_STR(changed(25, 0x0e), "bad-ecm-inner");
	CHECK_STR(changed(25, 0x00), "bad-ecm-inner");
	build("2001:db8::1", "2001:db8::2", sizeof(payload));
	packet[6] = 44; /* fragment header */
	CHECK_STR(parse(), "bad-ecm-inner");
	packet[6] = 0; /* hop-by-hop options */
	CHECK_STR(parse(), "bad-ecm-inner");
}

TEST(ipv4_options_are_stepped_over)
{
	build("10.1.0.1", "10.2.0.9", sizeof(payload));
	memmove(packet + 24, packet + 20, w.len - 20);
	memset(packet + 20, 1, 4); /* no-operation */
	packet[0] = 0x46;
	packet[3] += 4;
	w.len += 4;
	CHECK_STR(parse(), "ok");
	CHECK_EQ(ip.payload_len, sizeof(payload));
	CHECK_EQ(ip.payload[0], payload[0]);
}

/* ------------------------------------------------------------------------ ECM */

static const char *ecm(uint16_t sport, uint16_t dport, uint8_t first, struct lisp_ecm *out)
{
	uint8_t body[] = { first, 0, 0, 0 };
	struct ipaddr a, b;

	str2ipaddr("10.1.0.1", &a);
	str2ipaddr("10.2.0.9", &b);
	lisp_writer_init(&w, packet, sizeof(packet));
	lisp_ecm_encode(&w, LISP_ECM_F_TO_ETR, &a, &b, sport, dport, body, sizeof(body));
	return unit_drop(lisp_ecm_decode(packet, w.len, out));
}

TEST(ecm_ports)
{
	struct lisp_ecm e;

	CHECK_STR(ecm(50000, LISP_CONTROL_PORT, 0x10, &e), "ok");
	CHECK_EQ(e.flags, LISP_ECM_F_TO_ETR);
	CHECK_EQ(e.inner.ttl, LISP_ECM_TTL);
	CHECK_STR(ecm(LISP_CONTROL_PORT, 50000, 0x20, &e), "ok");
	CHECK_STR(ecm(50000, 50001, 0x10, &e), "bad-ecm-inner");
	CHECK_STR(ecm(LISP_CONTROL_PORT, LISP_DATA_PORT, 0x10, &e), "bad-ecm-inner");
}

TEST(T_007_T_008_reserved_bits_of_an_ecm)
{
	struct lisp_ecm e;

	CHECK_STR(ecm(50000, LISP_CONTROL_PORT, 0x10, &e), "ok");
	CHECK_EQ(packet[1] | packet[2] | packet[3], 0);
	packet[1] = 0x9f; /* all but R and N of draft-ermagan-lisp-nat-traversal */
	packet[2] = packet[3] = 0xff;
	CHECK_STR(unit_drop(lisp_ecm_decode(packet, w.len, &e)), "ok");
	CHECK_EQ(e.flags, LISP_ECM_F_TO_ETR);
}

TEST(T_052_nested_ecm)
{
	struct lisp_ecm e;

	CHECK_STR(ecm(50000, LISP_CONTROL_PORT, 0x80, &e), "nested-ecm");
}

TEST(T_050_inner_version_behind_the_authentication_data)
{
	static const uint8_t ad[] = { 0x01, 0, 0, 2, 0, 4, 9, 1, 0xaa, 0xbb, 0xcc, 0xdd, 0, 4, 0, 2 };
	struct lisp_ecm e;
	size_t cut, len;

	build("2001:db8::1", "2001:db8::2", sizeof(payload));
	len = 4 + sizeof(ad) + w.len;
	memmove(packet + 4 + sizeof(ad), packet, w.len);
	memcpy(packet + 4, ad, sizeof(ad));
	packet[0] = 0x88;
	packet[1] = packet[2] = packet[3] = 0;
	CHECK_STR(unit_drop(lisp_ecm_decode(packet, len, &e)), "ok");
	CHECK_EQ(e.security_len, sizeof(ad));
	CHECK(IS_IPADDR_V6(&e.inner.src));
	for (cut = 0; cut < len; cut++)
		CHECK(lisp_ecm_decode(packet, cut, &e) != LISP_OK);
	packet[4] = 9; /* an AD type that is not known */
	CHECK_STR(unit_drop(lisp_ecm_decode(packet, len, &e)), "not-supported");
}

TEST(T_191_forwarded_packet_is_unchanged)
{
	uint8_t out[512], *p;
	struct lisp_writer v;
	struct lisp_ecm e, f;
	unsigned int n;
	size_t len;

	for (n = 17; n <= 18; n++) {
		p = pcap_vector(n, &len);
		CHECK_EQ(lisp_ecm_decode(p, len, &e), LISP_OK);
		lisp_writer_init(&v, out, sizeof(out));
		lisp_ecm_wrap(&v, LISP_ECM_F_TO_ETR, e.inner.packet, e.inner.packet_len);
		CHECK_EQ(lisp_ecm_decode(out, v.len, &f), LISP_OK);
		CHECK_EQ(f.flags, LISP_ECM_F_TO_ETR);
		CHECK_OCTETS(f.inner.packet, f.inner.packet_len, e.inner.packet, e.inner.packet_len);
		free(p);
	}
}

/* ---------------------------------------------------------------- data header */

static struct lisp_data_header data(const char *hex)
{
	struct lisp_data_header h;
	uint8_t buf[16];
	size_t len = unit_hex(hex, buf, sizeof(buf));

	CHECK_EQ(lisp_data_header_decode(buf, len, &h), LISP_DATA_HEADER_LEN);
	return h;
}

TEST(T_322_T_323_data_header_flags)
{
	struct lisp_data_header h;
	uint8_t buf[8];

	h = data("20abcdef 00000000"); /* E without N */
	CHECK_EQ(h.flags, 0);
	CHECK_EQ(h.nonce, 0);
	h = data("90abcdef 00000000"); /* N and V: a nonce */
	CHECK_EQ(h.flags, LISP_DATA_F_NONCE);
	CHECK_EQ(h.nonce, 0xabcdef);
	h = data("00abcdef 12345678"); /* no L: no LSBs */
	CHECK_EQ(h.lsb, 0);
	h = data("48000000 0003e8ff");
	CHECK_EQ(h.iid, 1000);
	CHECK_EQ(h.lsb, 0xff);
	h = data("f4abcd01 00000000"); /* GPE, RFC 9305: N, E, V are not */
	CHECK_EQ(h.flags, LISP_DATA_F_LSB | LISP_DATA_F_GPE);
	CHECK_EQ(h.next_protocol, 1);
	CHECK_EQ(lisp_data_header_decode(buf, 7, &h), 0);
}

TEST(T_320_T_321_data_header_unused_fields_are_0)
{
	struct lisp_data_header h = {
		.flags = LISP_DATA_F_IID, .nonce = 0xabcdef, .iid = 0xffffff, .lsb = 0xff
	};
	static const uint8_t want[] = { 0x08, 0, 0, 0, 0xff, 0xff, 0xff, 0 };

	lisp_writer_init(&w, packet, sizeof(packet));
	lisp_data_header_encode(&w, &h);
	CHECK_OCTETS(packet, w.len, want, sizeof(want));
}
