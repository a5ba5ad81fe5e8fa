// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * EID-prefixes, RLOCs, and addresses of every AFI and LCAF type.
 */
#include <zebra.h>

#include "lispd/lisp_lcaf.h"
#include "lispd/lisp_msg.h"

#include "unit.h"

static uint8_t octets[1024];

static struct lisp_addr addr_of(const char *hex)
{
	size_t len = unit_hex(hex, octets, sizeof(octets));
	struct lisp_addr addr;
	enum lisp_drop why;

	if (lisp_addr_decode(octets, len, &addr, &why) != len)
		unit_fail(__FILE__, __LINE__, "%s: %s", hex, unit_drop(why));
	return addr;
}

static const char *refused(const char *hex)
{
	size_t len = unit_hex(hex, octets, sizeof(octets));
	enum lisp_drop why;

	return lisp_addr_check(octets, len, &why) ? "ok" : unit_drop(why);
}

static const char *eid_of(const char *hex, uint8_t mask_len)
{
	static char text[LISP_EID_STRLEN];
	struct lisp_addr addr = addr_of(hex);
	struct lisp_eid eid;
	enum lisp_drop why = lisp_addr_to_eid(&addr, mask_len, &eid);

	return why == LISP_OK ? lisp_eid_str(&eid, text, sizeof(text)) : unit_drop(why);
}

static const char *rloc_of(const char *hex)
{
	static char text[INET6_ADDRSTRLEN];
	struct lisp_addr addr = addr_of(hex);
	struct ipaddr rloc;

	return lisp_addr_to_rloc(&addr, &rloc) ? ipaddr2str(&rloc, text, sizeof(text)) : "none";
}

/* ----------------------------------------------------------------------- EIDs */

static struct lisp_eid eid(const char *text)
{
	struct lisp_eid e;

	if (!lisp_eid_parse(text, &e))
		unit_fail(__FILE__, __LINE__, "%s is no EID", text);
	return e;
}

TEST(eid_text_both_ways)
{
	static const char *const texts[] = { "10.1.0.0/24",   "[1000] 10.1.0.0/24", "0.0.0.0/0",
					     "2001:db8::/32", "[4294967295] ::/0",  "10.0.0.1/32" };
	static const char *const bad[] = { "",
					   "10.1.0.0/33",
					   "10.1.0/24",
					   "[x] 10.0.0.0/8",
					   "[1 10.0.0.0/8",
					   "10.0.0.0/",
					   "10.0.0.0/-1",
					   "10.0.0.0/8 ",
					   "2001:db8::/129",
					   "[4294967296] 10.0.0.0/8",
					   "/8" };
	char text[LISP_EID_STRLEN];
	struct lisp_eid e;
	size_t i;

	for (i = 0; i < array_size(texts); i++) {
		e = eid(texts[i]);
		CHECK_STR(lisp_eid_str(&e, text, sizeof(text)), texts[i]);
	}
	for (i = 0; i < array_size(bad); i++)
		CHECK(!lisp_eid_parse(bad[i], &e));
	e = eid("10.1.2.3");
	CHECK_STR(lisp_eid_str(&e, text, sizeof(text)), "10.1.2.3/32");
	e = eid("[7]2001:db8::1/64");
	CHECK_STR(lisp_eid_str(&e, text, sizeof(text)), "[7] 2001:db8::/64");
	/* the longest text fits */
	e = eid("[4294967295] 2001:1db8:1111:2222:3333:4444:5555:6666");
	CHECK_EQ(strlen(lisp_eid_str(&e, text, sizeof(text))), 13 + 39 + 4);
}

TEST(eid_text_of_other_kinds_both_ways)
{
	static const char *const texts[] = {
		"00:50:56:aa:00:01/48",
		"[7] 00:50:56:00:00:00/24",
		"(10.1.0.0/16,232.1.1.1/32)",
		"(*,232.0.0.0/8)",
		"[9] (2001:db8::1/128,ff3e::1/128)",
		"name:ietf.lisp",
		"name:",
		"name:a%20b%27%25",
		"[1] name:123456789012345678901234567890",
	};
	static const char *const bad[] = {
		"00:50:56:aa:00",
		"00:50:56:aa:00:01/49",
		"00:50:56:aa:00:0g",
		"0:50:56:aa:00:01",
		"(10.1.0.0/16,232.0.0.0/8)", /* a source of several groups */
		"(10.1.0.0/16,ff3e::1)",
		"(10.1.0.0/16)",
		"(*,*)",
		"(*,232.1.1.1",
		"(*,232.1.1.1) ",
		"name:1234567890123456789012345678901",
		"name:a b",
		"name:%0",
		"name:%00",
	};
	char text[LISP_EID_STRLEN];
	struct lisp_eid e;
	size_t i;

	for (i = 0; i < array_size(texts); i++) {
		e = eid(texts[i]);
		CHECK_EQ(e.prefix.family, AF_UNSPEC);
		CHECK_STR(lisp_eid_str(&e, text, sizeof(text)), texts[i]);
	}
	for (i = 0; i < array_size(bad); i++)
		if (lisp_eid_parse(bad[i], &e))
			unit_fail(__FILE__, __LINE__, "%s is taken", bad[i]);
	e = eid("00:50:56:AA:00:01");
	CHECK_STR(lisp_eid_str(&e, text, sizeof(text)), "00:50:56:aa:00:01/48");
	e = eid("(0.0.0.0/0,232.1.1.1)");
	CHECK_STR(lisp_eid_str(&e, text, sizeof(text)), "(*,232.1.1.1/32)");
	/* the longest text fits */
	e = eid("[4294967295] (2001:1db8:1111:2222:3333:4444:5555:6666,"
		"ffff:1db8:1111:2222:3333:4444:5555:6666)");
	CHECK_EQ(strlen(lisp_eid_str(&e, text, sizeof(text))), 13 + 2 * (39 + 4) + 3);
}

/* As on the wire, to the octet, and back. */
TEST(eids_of_other_kinds_on_the_wire)
{
	static const struct {
		const char *text, *octets;
		uint8_t mask_len;
	} rows[] = {
		{ "00:50:56:aa:00:01/48", "0006 005056aa0001", 48 },
		{ "[7] 00:50:56:aa:00:01/48", "4003 00000200 000c 00000007 0006 005056aa0001", 48 },
		{ "name:ietf", "0011 6965746600", 40 },
		{ "[7] name:ietf", "4003 00000200 000b 00000007 0011 6965746600", 40 },
		{ "(10.1.0.0/16,232.1.1.1/32)",
		  "4003 00000900 0014 00000000 0000 1020 0001 0a010000 0001 e8010101", 0 },
		{ "[5] (*,232.0.0.0/8)",
		  "4003 00000900 0014 00000005 0000 0008 0001 00000000 0001 e8000000", 0 },
		{ "(2001:db8::1/128,ff3e::1/128)",
		  "4003 00000900 002c 00000000 0000 8080"
		  "0002 20010db8000000000000000000000001 0002 ff3e0000000000000000000000000001",
		  0 },
	};
	struct lisp_addr addr;
	struct lisp_eid e, back;
	struct lisp_writer w;
	uint8_t buf[64], want[64];
	size_t i, len;

	for (i = 0; i < array_size(rows); i++) {
		e = eid(rows[i].text);
		lisp_eid_to_addr(&e, &addr);
		lisp_writer_init(&w, buf, sizeof(buf));
		lisp_put_addr(&w, &addr);
		len = unit_hex(rows[i].octets, want, sizeof(want));
		CHECK_OCTETS(buf, w.len, want, len);
		CHECK_EQ(lisp_eid_mask_len(&e), rows[i].mask_len);
		addr = addr_of(rows[i].octets);
		CHECK_EQ(lisp_addr_to_any_eid(&addr, rows[i].mask_len, &back), LISP_OK);
		CHECK(lisp_eid_same(&e, &back));
		CHECK_EQ(lisp_addr_to_eid(&addr, rows[i].mask_len, &back), LISP_DROP_EID_KIND);
	}
}

static const char *any_eid_of(const char *hex, uint8_t mask_len)
{
	static char text[LISP_EID_STRLEN];
	struct lisp_addr addr = addr_of(hex);
	struct lisp_eid e;
	enum lisp_drop why = lisp_addr_to_any_eid(&addr, mask_len, &e);

	return why == LISP_OK ? lisp_eid_str(&e, text, sizeof(text)) : unit_drop(why);
}

TEST(T_048_what_is_no_eid_of_any_kind)
{
	CHECK_STR(any_eid_of("0006 005056aa0001", 49), "bad-mask-length");
	CHECK_STR(any_eid_of("0000", 0), "not-supported");
	/* lispers.net: a name's mask length is whatever it is, an AFI 0 source is any */
	CHECK_STR(any_eid_of("0011 6100", 0), "name:a");
	CHECK_STR(any_eid_of("4003 00000900 0010 00000005 0000 0020 0000 0001 e8010101", 0),
		  "[5] (*,232.1.1.1/32)");
	CHECK_STR(any_eid_of("4003 00000900 0014 00000000 0000 2120 0001 0a010001 0001 e8010101", 0),
		  "bad-mask-length");
	CHECK_STR(any_eid_of("4003 00000900 0014 00000000 0000 2021 0001 0a010001 0001 e8010101", 0),
		  "bad-mask-length");
	CHECK_STR(any_eid_of("4003 00000900 0014 00000000 0000 2018 0001 0a010001 0001 e8010100", 0),
		  "source-of-several-groups");
	/* 31 octets: no mask length can say it */
	CHECK_STR(any_eid_of("0011 61616161616161616161616161616161616161616161616161616161616161 00",
			     0),
		  "not-supported");
	/* a list is the first IP address in it */
	CHECK_STR(any_eid_of("4003 00000100 000a 0000 0006 005056aa0001", 48), "not-supported");
}

TEST(eid_order_and_cover)
{
	static const char *const sorted[] = { "0.0.0.0/0",     "10.0.0.0/8",	"10.0.0.0/16",
					      "10.1.0.0/16",   "192.0.2.0/24",	"::/0",
					      "2001:db8::/32", "[1] 0.0.0.0/0", "[1] ::/0",
					      "[2] 10.0.0.0/8" };
	struct lisp_eid a, b;
	size_t i, j;

	for (i = 0; i < array_size(sorted); i++)
		for (j = 0; j < array_size(sorted); j++) {
			a = eid(sorted[i]);
			b = eid(sorted[j]);
			CHECK_EQ(lisp_eid_cmp(&a, &b), (i > j) - (i < j));
			CHECK_EQ(lisp_eid_same(&a, &b), i == j);
			CHECK_EQ(lisp_eid_hash(&a) == lisp_eid_hash(&b), i == j);
		}

	a = eid("10.0.0.0/9");
	b = eid("10.127.0.0/16");
	CHECK(lisp_eid_covers(&a, &b));
	CHECK(lisp_eid_covers(&a, &a));
	CHECK(!lisp_eid_covers(&b, &a));
	b = eid("10.128.0.0/16");
	CHECK(!lisp_eid_covers(&a, &b));
	b = eid("[1] 10.1.0.0/16");
	CHECK(!lisp_eid_covers(&a, &b));
	a = eid("0.0.0.0/0");
	b = eid("2001:db8::/32");
	CHECK(!lisp_eid_covers(&a, &b));
}

TEST(T_047_host_bits_are_masked)
{
	CHECK_STR(eid_of("0001 0a0102ff", 24), "10.1.2.0/24");
	CHECK_STR(eid_of("0001 ffffffff", 1), "128.0.0.0/1");
	CHECK_STR(eid_of("0001 ffffffff", 0), "0.0.0.0/0");
	CHECK_STR(eid_of("0002 ffffffffffffffffffffffffffffffff", 127),
		  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127");
}

TEST(addresses_to_eids)
{
	CHECK_STR(eid_of("0001 0a010203", 33), "bad-mask-length");
	CHECK_STR(eid_of("0006 005056aa0001", 49), "bad-mask-length");
	CHECK_STR(eid_of("0006 005056aa0001", 48), "eid-kind-not-supported");
	CHECK_STR(eid_of("0011 6100", 0), "eid-kind-not-supported");
	CHECK_STR(eid_of("0000", 0), "not-supported");
	/* AFI-List: its first IP member; behind an AFI 0 as lispers.net has it */
	CHECK_STR(eid_of("4003 00000100 0010 0000 0006 005056aa0001 0001 0a010203", 24),
		  "10.1.2.0/24");
	CHECK_STR(eid_of("4003 00004200 0002 0102", 24), "bad-lcaf");
	/* multicast is no unicast EID */
	CHECK_STR(eid_of("4003 00000900 0014 00000005 0000 2020 0001 0a010001 0001 e8010101", 0),
		  "eid-kind-not-supported");
}

TEST(T_032_T_196_instance_id)
{
	struct lisp_eid e = eid("[1000] 172.16.1.0/24"), f = eid("172.16.1.0/24");
	struct lisp_addr addr;
	struct lisp_writer w;
	uint8_t buf[64], want[64];
	size_t len;

	CHECK_STR(eid_of("4003 00000200 000a 000003e8 0001 ac100101", 24), "[1000] 172.16.1.0/24");
	/* the IID mask-len of OOR, and an IID 0 of LIP6 */
	CHECK_STR(eid_of("4003 00000220 000a 000003e8 0001 ac100101", 24), "[1000] 172.16.1.0/24");
	CHECK_STR(eid_of("4003 00000220 000a 00000000 0001 ac100101", 24), "172.16.1.0/24");
	CHECK_STR(eid_of("4003 00000200 000a ffffffff 0001 ac100101", 32),
		  "[4294967295] 172.16.1.1/32");

	lisp_eid_to_addr(&e, &addr);
	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_addr(&w, &addr);
	len = unit_hex("4003 00000200 000a 000003e8 0001 ac100100", want, sizeof(want));
	CHECK_OCTETS(buf, w.len, want, len);
	lisp_eid_to_addr(&f, &addr);
	CHECK_EQ(addr.afi, LISP_AFI_IPV4);
	CHECK(!lisp_eid_same(&e, &f));
	CHECK(!lisp_eid_covers(&f, &e));

	e = eid("[16777216] 2001:db8::/32");
	lisp_eid_to_addr(&e, &addr);
	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_addr(&w, &addr);
	len = unit_hex("4003 00000200 0016 01000000 0002 20010db8000000000000000000000000", want,
		       sizeof(want));
	CHECK_OCTETS(buf, w.len, want, len);
}

TEST(T_033_instance_id_range)
{
	struct lisp_addr addr = addr_of("4003 00000218 0006 01020300 0000");
	struct lisp_lcaf lcaf;

	CHECK_EQ(lisp_lcaf_decode(&addr, &lcaf), LISP_OK);
	CHECK_EQ(lcaf.f.iid.iid, 0x01020300);
	CHECK_EQ(lcaf.rsvd2, 24);
	CHECK_EQ(lcaf.addr[0].afi, LISP_AFI_NONE);
}

/* ---------------------------------------------------------------------- RLOCs */

TEST(addresses_to_rlocs)
{
	CHECK_STR(rloc_of("0001 c0000201"), "192.0.2.1");
	CHECK_STR(rloc_of("0002 20010db8000000000000000000000001"), "2001:db8::1");
	CHECK_STR(rloc_of("0000"), "none");
	/* AFI-List {name, IPv4}, {AFI 0, AFI-List {IPv6}} */
	CHECK_STR(rloc_of("4003 00000100 000a 0011 6100 0001 c0000202"), "192.0.2.2");
	CHECK_STR(rloc_of("4003 00000100 001c 0000 4003 00000100 0012 0002"
			  "20010db8000000000000000000000002"),
		  "2001:db8::2");
	/* ELP: first hop */
	CHECK_STR(rloc_of("4003 00000a00 0010 0003 0001 c633640a 0001 0001 c0000202"),
		  "198.51.100.10");
	CHECK_STR(rloc_of("4003 00000a00 0000"), "none");
	/* NAT: first RTR, else the global ETR */
	CHECK_STR(rloc_of("4003 00000700 001e 10f64e21 0001 cb007105 0001 c6336401 0000"
			  "0001 c633640a 0001 c633640b"),
		  "198.51.100.10");
	CHECK_STR(rloc_of("4003 00000700 0012 10f64e21 0001 cb007105 0001 c6336401 0000"),
		  "203.0.113.5");
	CHECK_STR(rloc_of("4003 00000700 0014 10f64e21 0001 cb007105 0001 c6336401 0000 0000"),
		  "203.0.113.5");
	/* JSON around an address; RLE is for replication */
	CHECK_STR(rloc_of("4003 00000e00 000a 0002 7b7d 0001 c0000203"), "192.0.2.3");
	CHECK_STR(rloc_of("4003 00000d00 000a 00000080 0001 c0000202"), "none");
}

TEST(T_095_addresses_that_are_no_rloc)
{
	static const char *const good[] = { "192.0.2.1", "10.0.0.255", "240.0.254.1", "2001:db8::1",
					    "fd00::1" };
	static const char *const bad[] = { "0.0.0.0",	      "0.1.2.3",   "127.0.0.1",
					   "127.255.0.1",     "224.0.0.1", "239.1.1.1",
					   "255.255.255.255", "::",	   "::1",
					   "ff02::1",	      "ff0e::1",   "fe80::1",
					   "::ffff:192.0.2.1" };
	struct ipaddr ip;
	size_t i;

	for (i = 0; i < array_size(good); i++) {
		str2ipaddr(good[i], &ip);
		CHECK(lisp_rloc_valid(&ip));
	}
	for (i = 0; i < array_size(bad); i++) {
		str2ipaddr(bad[i], &ip);
		if (lisp_rloc_valid(&ip))
			unit_fail(__FILE__, __LINE__, "%s is taken", bad[i]);
	}
	memset(&ip, 0, sizeof(ip));
	CHECK(!lisp_rloc_valid(&ip));
}

/* ---------------------------------------------------------------------- LCAFs */

static const char *const every_lcaf[] = {
	"4003 00000000 0000",
	"4003 00000100 001a 0001 c0000202 0002 20010db8000000000000000000000001 0000",
	"4003 00000218 000a 000003e8 0001 ac100101",
	"4003 00000300 000a 8000001d 0001 c0000202",
	"4003 00000400 0012 abcdef 06 0050 0051 1f90 1f91 0001 c0000202",
	"4003 00000500 0012 802a 1e 0f 004d 01 3b 000003e8 0001 c0000202",
	"4003 00000600 0007 01 0003 11223344",
	"4003 00000700 001e 10f64e21 0001 cb007105 0001 c6336401 0000"
	"0001 c633640a 0001 c633640b",
	"4003 00000800 000a 00abcdef 0001 c0000202",
	"4003 00000900 0014 00000005 0000 2018 0001 0a010001 0001 e8010100",
	"4003 00000a00 0010 0003 0001 c633640a 0001 0001 c0000202",
	"4003 00000b00 0013 02 00 01 01 0003 aabbcc 0002 ddee 0001 c0000202",
	"4003 00000c00 0010 0000 1820 0001 0a010000 0001 0a020001",
	"4003 00000d00 0014 00000080 0001 c0000202 00000001 0001 c0000203",
	"4003 00000e01 000a 0002 7b7d 0001 c0000203",
	"4003 00000f00 000c 0001 c0000202 0001 c0000203",
	"4003 00001000 000a 00000041 0001 c0000202",
	"4003 00001100 0004 00000a ff",
};

TEST(T_030_T_038_every_lcaf_type_both_ways)
{
	uint8_t buf[256], want[256];
	struct lisp_lcaf lcaf;
	struct lisp_addr addr;
	struct lisp_writer w;
	unsigned int type;
	size_t len;

	for (type = 0; type < array_size(every_lcaf); type++) {
		addr = addr_of(every_lcaf[type]);
		CHECK_EQ(addr.lcaf_type, type);
		CHECK(!lisp_addr_unknown(&addr));
		CHECK_EQ(lisp_lcaf_decode(&addr, &lcaf), LISP_OK);
		lisp_writer_init(&w, buf, sizeof(buf));
		lisp_put_lcaf(&w, &lcaf);
		CHECK(!w.overflow);
		len = unit_hex(every_lcaf[type], want, sizeof(want));
		CHECK_OCTETS(buf, w.len, want, len);
	}
}

/* No message with one passes (T_006): this is for whoever comes to know a vendor. */
TEST(T_038_vendor_lcaf_both_ways)
{
	static const uint8_t data[] = { 0x00, 0x11, 0x22, 0x33 };
	struct lisp_lcaf lcaf = { .type = LISP_LCAF_VENDOR,
				  .f.vendor.oui = 0x00000c,
				  .blob = data,
				  .blob_len = sizeof(data) };
	struct lisp_addr addr = { .afi = LISP_AFI_LCAF, .lcaf_type = LISP_LCAF_VENDOR };
	uint8_t buf[64], want[64];
	struct lisp_writer w;
	size_t len;

	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_lcaf(&w, &lcaf);
	len = unit_hex("4003 0000ff00 0008 0000000c 00112233", want, sizeof(want));
	CHECK_OCTETS(buf, w.len, want, len);

	addr.borrowed = want + sizeof(addr.afi);
	addr.len = len - sizeof(addr.afi);
	CHECK_EQ(lisp_lcaf_decode(&addr, &lcaf), LISP_OK);
	CHECK_EQ(lcaf.f.vendor.oui, 0x00000c);
	CHECK_OCTETS(lcaf.blob, lcaf.blob_len, data, sizeof(data));
}

TEST(T_036_T_046_lcaf_truncation_and_length)
{
	struct lisp_addr addr;
	enum lisp_drop why;
	unsigned int type;
	uint8_t *part;
	size_t len, cut;

	for (type = 0; type < array_size(every_lcaf); type++) {
		len = unit_hex(every_lcaf[type], octets, sizeof(octets));
		for (cut = 0; cut < len; cut++) {
			part = malloc(cut);
			memcpy(part, octets, cut);
			if (lisp_addr_decode(part, cut, &addr, &why) != 0)
				unit_fail(__FILE__, __LINE__, "type %u cut to %zu", type, cut);
			free(part);
		}
	}
	/* inner data beyond Length, and octets of Length that nothing takes */
	CHECK_STR(refused("4003 00000200 0009 000003e8 0001 ac100101"), "bad-lcaf");
	CHECK_STR(refused("4003 00000200 000b 000003e8 0001 ac100101 00"), "bad-lcaf");
	CHECK_STR(refused("4003 00000c00 0010 0000 1820 0001 0a010000 0002 0a020001"), "bad-lcaf");
	CHECK_STR(refused("4003 00000b00 0013 03 00 01 01 0003 aabbcc 0002 ddee 0001 c0000202"),
		  "bad-lcaf");
}

TEST(T_031_lcaf_reserved_octets)
{
	struct lisp_addr addr = addr_of("4003 ffff03ff 000a 8000001d 0001 c0000202");
	uint8_t buf[64], want[64];
	struct lisp_lcaf lcaf;
	struct lisp_writer w;
	size_t len;

	CHECK_EQ(lisp_lcaf_decode(&addr, &lcaf), LISP_OK);
	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_lcaf(&w, &lcaf);
	len = unit_hex("4003 00000300 000a 8000001d 0001 c0000202", want, sizeof(want));
	CHECK_OCTETS(buf, w.len, want, len);
}

TEST(T_034_T_035_afi_list_in_any_order_and_nested)
{
	struct lisp_addr addr = addr_of("4003 00000100 0027"
					"4003 00000200 000a 00000001 0001 0a000001"
					"0011 68692d7468657265 00"
					"0006 005056aa0001 0000");
	struct lisp_lcaf lcaf, inner;

	CHECK_EQ(lisp_lcaf_decode(&addr, &lcaf), LISP_OK);
	CHECK_EQ(lcaf.n_items, 4);
	CHECK_EQ(lcaf.item[0].addr.lcaf_type, LISP_LCAF_IID);
	CHECK_EQ(lisp_lcaf_decode(&lcaf.item[0].addr, &inner), LISP_OK);
	CHECK_EQ(inner.f.iid.iid, 1);
	CHECK_EQ(lcaf.item[1].addr.afi, LISP_AFI_NAME);
	CHECK_EQ(lcaf.item[1].addr.len, 9);
	CHECK_EQ(lcaf.item[2].addr.afi, LISP_AFI_MAC);
	CHECK_EQ(lcaf.item[3].addr.afi, LISP_AFI_NONE);
}

TEST(T_037_nesting_is_limited)
{
	/* AFI-Lists, each the only member of the one before, around IPv4 */
	CHECK_STR(refused("4003 00000100 001e 4003 00000100 0016 4003 00000100 000e"
			  "4003 00000100 0006 0001 c0000202"),
		  "ok");
	CHECK_STR(refused("4003 00000100 0026 4003 00000100 001e 4003 00000100 0016"
			  "4003 00000100 000e 4003 00000100 0006 0001 c0000202"),
		  "bad-lcaf");
}

TEST(T_039_nat_without_rtrs)
{
	struct lisp_addr addr = addr_of("4003 00000700 0012 10f64e21 0001 cb007105 0001 c6336401"
					"0000");
	struct lisp_lcaf lcaf;

	CHECK_EQ(lisp_lcaf_decode(&addr, &lcaf), LISP_OK);
	CHECK_EQ(lcaf.n_items, 0);
	CHECK_EQ(lcaf.f.nat.etr_port, 20001);
	CHECK_EQ(lcaf.addr[2].afi, LISP_AFI_NONE);
}

TEST(unknown_types_are_skipped_by_length)
{
	CHECK_STR(refused("4003 00004200 0004 01020304"), "ok");
	CHECK_STR(refused("4003 00004200 0005 01020304"), "truncated");
	CHECK_STR(refused("4003 00000100 0012 4003 00004200 0004 01020304 0001 c0000202"), "ok");
	CHECK_STR(refused("4003 0000ff00 0004 00112233"), "unknown-vendor-lcaf");
	CHECK_STR(refused("0007 01"), "unknown-afi");
	CHECK_STR(refused("0011 6162"), "truncated"); /* a name without its end */
}

TEST(T_002_T_006_what_is_in_a_geo_is_checked)
{
#define GEO_DRAFT "46000000250ab248792cdc60000000000064 0000"
	/* as RFC 8060 has it, and as the draft has it */
	CHECK_STR(refused("4003 00000500 0012 802a 1e 0f 004d 01 3b 000003e8 0063 c0000202"),
		  "unknown-afi");
	CHECK_STR(refused("4003 00000500 0016 802a 1e 0f 004d 01 3b 000003e8"
			  "4003 0000ff00 0002 0011"),
		  "unknown-vendor-lcaf");
	CHECK_STR(refused("4003 00000500 001a" GEO_DRAFT "0001 c0000202"), "ok");
	CHECK_STR(refused("4003 00000500 001a" GEO_DRAFT "0063 c0000202"), "unknown-afi");
	CHECK_STR(refused("4003 00000500 0020" GEO_DRAFT "4003 0000ff00 0004 00112233"),
		  "unknown-vendor-lcaf");
	/* neither of the two */
	CHECK_STR(refused("4003 00000500 0004 deadbeef"), "bad-lcaf");
	CHECK_STR(refused("4003 00000500 0018" GEO_DRAFT "0001 c000"), "bad-lcaf");
}

TEST(tolerated_lengths)
{
	/*
	 * An Instance-ID LCAF that counts 31 octets of 34 around the Geo of
	 * draft-ietf-lisp-geo, whose 22 octets are not those of RFC 8060...
	 */
	CHECK_STR(refused("4003 00000200 001f 000003e9 4003 00000500 0016"
			  "46000000250ab248792cdc60000000000064 00000000"),
		  "ok");
	/* ... is let pass, one that counts too many is not */
	CHECK_STR(refused("4003 00000200 0023 000003e9 4003 00000500 0016"
			  "46000000250ab248792cdc60000000000064 00000000 00"),
		  "bad-lcaf");
	/* Multicast-Info with two octets that Length does not count */
	CHECK_STR(refused("4003 00000900 0014 0000 00000005 0000 2020 0001 0a010001"
			  "0001 e8010101"),
		  "ok");
	/* JSON with two octets too many in Length, alone and in an AFI-List */
	CHECK_STR(refused("4003 00000e00 0008 0002 7b7d 0000"), "ok");
	CHECK_STR(refused("4003 00000e00 0009 0002 7b7d 0000"), "truncated");
	CHECK_STR(refused("4003 00000100 000e 4003 00000e00 0008 0002 7b7d 0000"), "ok");
}

TEST(too_many_items_are_not_understood)
{
	struct lisp_lcaf lcaf;
	struct lisp_addr addr;
	enum lisp_drop why;
	uint8_t buf[512] = { 0x40, 0x03, 0, 0, LISP_LCAF_AFI_LIST, 0, 0, 0 };
	unsigned int n;

	for (n = LISP_LCAF_ITEMS_MAX; n <= LISP_LCAF_ITEMS_MAX + 1; n++) {
		buf[7] = (uint8_t)(2 * n); /* AFI 0, n times */
		CHECK_EQ(lisp_addr_decode(buf, 8 + 2 * n, &addr, &why), 8 + 2 * n);
		CHECK_EQ(lisp_lcaf_decode(&addr, &lcaf) == LISP_OK, n == LISP_LCAF_ITEMS_MAX);
	}
}

TEST(address_text)
{
	char text[LISP_ADDR_STRLEN];
	struct lisp_addr a = addr_of("0001 c0000201");

	CHECK_STR(lisp_addr_str(&a, text, sizeof(text)), "192.0.2.1");
	a = addr_of("4003 00000200 000a 000003e8 0001 ac100101");
	CHECK_STR(lisp_addr_str(&a, text, sizeof(text)), "[1000] 172.16.1.1");
	a = addr_of("0011 61 0a 62 00");
	CHECK_STR(lisp_addr_str(&a, text, sizeof(text)), "name:a.b");
	a = addr_of("0006 005056aa0001");
	CHECK_STR(lisp_addr_str(&a, text, sizeof(text)), "00:50:56:aa:00:01");
	a = addr_of("0012 8000001d");
	CHECK_STR(lisp_addr_str(&a, text, sizeof(text)), "AS2147483677");
	a = addr_of("0000");
	CHECK_STR(lisp_addr_str(&a, text, sizeof(text)), "no-address");
	a = addr_of("4003 00000a00 0000");
	CHECK_STR(lisp_addr_str(&a, text, sizeof(text)), "explicit-locator-path()");
	CHECK_STR(lisp_addr_str(&a, text, 8), "expl...");
}

TEST(lcaf_text)
{
	static const struct {
		const char *octets, *text;
	} rows[] = {
		{ "4003 00000100 001a 0001 c0000202 0002 20010db8000000000000000000000001 0000",
		  "afi-list(192.0.2.2,2001:db8::1,no-address)" },
		{ "4003 00000300 000a 8000001d 0001 c0000202", "as-number(AS2147483677,192.0.2.2)" },
		{ "4003 00000500 0012 8033 1e 1a 0000 07 27 00000023 0001 c0000202",
		  "geo-coordinates(51-30-26-N,0-7-39-W,35 m,192.0.2.2)" },
		{ "4003 00000700 001e 10f64e21 0001 cb007105 0001 c6336401 0000"
		  "0001 c633640a 0001 c633640b",
		  "nat-traversal(ms-port 4342,etr-port 20001,203.0.113.5,198.51.100.1,"
		  "no-address,198.51.100.10,198.51.100.11)" },
		{ "4003 00000a00 0010 0003 0001 c633640a 0000 0001 c0000202",
		  "explicit-locator-path(198.51.100.10/PS,192.0.2.2)" },
		/* the key is not shown */
		{ "4003 00000b00 0010 01000500 0004 deadbeef 0001 c0000202",
		  "security-key(algorithm 5,1 keys,192.0.2.2)" },
		{ "4003 00000d00 000a 00000080 0001 c0000202",
		  "replication-list(192.0.2.2/level 128)" },
		{ "4003 00000e00 000d 0005 7b2761277d 0001 c0000203", "json({.a.},192.0.2.3)" },
		/* draft-ietf-lisp-geo: shown as octets */
		{ "4003 00000500 0016 46000000250ab248792cdc60000000000064 00000000",
		  "geo-coordinates(0x00000500001646000000250ab248792cdc6000000000006400000000)" },
	};
	char text[LISP_ADDR_STRLEN];
	struct lisp_addr a;
	size_t i;

	for (i = 0; i < array_size(rows); i++) {
		a = addr_of(rows[i].octets);
		CHECK_STR(lisp_addr_str(&a, text, sizeof(text)), rows[i].text);
	}
}

/* The Map-Server asks the ETR, never a hop on the way to it. */
TEST(addresses_to_etrs)
{
	static const struct {
		const char *octets, *etr;
	} rows[] = {
		{ "0001 c0000201", "192.0.2.1" },
		{ "4003 00000a00 0010 0003 0001 c633640a 0001 0001 c0000202", "192.0.2.2" },
		{ "4003 00000a00 0000", NULL },
		/* a path that ends in a name */
		{ "4003 00000a00 000e 0003 0001 c633640a 0000 0011 6100", NULL },
		/* AFI-List {AFI 0, ELP} */
		{ "4003 00000100 001a 0000 4003 00000a00 0010 0003 0001 c633640a 0001 0001 c0000202",
		  "192.0.2.2" },
		{ "4003 00000d00 000a 00000080 0001 c0000202", NULL },
		{ "4003 00000e00 000a 0002 7b7d 0001 c0000203", "192.0.2.3" },
	};
	char text[INET6_ADDRSTRLEN];
	struct lisp_addr a;
	struct ipaddr etr;
	size_t i;

	for (i = 0; i < array_size(rows); i++) {
		a = addr_of(rows[i].octets);
		CHECK_EQ(lisp_addr_to_etr(&a, &etr), rows[i].etr != NULL);
		if (rows[i].etr)
			CHECK_STR(ipaddr2str(&etr, text, sizeof(text)), rows[i].etr);
	}
}

TEST(port_behind_a_nat)
{
	struct lisp_addr a;
	struct ipaddr rloc;
	uint16_t port = 1;

	a = addr_of("4003 00000700 0012 10f64e21 0001 cb007105 0001 c6336401 0000");
	CHECK(lisp_addr_to_rloc_port(&a, &rloc, &port));
	CHECK_EQ(port, 20001);
	/* an RTR listens on LISP's own */
	a = addr_of("4003 00000700 0018 10f64e21 0001 cb007105 0001 c6336401 0000 0001 c633640a");
	CHECK(lisp_addr_to_rloc_port(&a, &rloc, &port));
	CHECK_EQ(port, 0);
}
