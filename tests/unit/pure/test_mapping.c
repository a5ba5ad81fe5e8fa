// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mappings: order, equality, the wire.
 */
#include <zebra.h>

#include "lispd/lisp_lcaf.h"
#include "lispd/lisp_mapping.h"

#include "unit.h"

static struct lisp_locator locator(const char *addr, uint8_t priority)
{
	struct lisp_locator loc = {
		.priority = priority, .weight = 50, .mpriority = 255, .reach = true
	};

	str2ipaddr(addr, &loc.addr);
	return loc;
}

static bool add(struct lisp_mapping *m, const char *addr)
{
	struct lisp_locator loc = locator(addr, 1);

	return lisp_mapping_add(m, &loc);
}

TEST(T_027_locators_are_sorted)
{
	static const char *const given[] = { "2001:db8::2", "198.51.100.9", "2001:db8::1",
					     "192.0.2.200", "192.0.2.3",    "10.255.0.1" };
	static const char *const want[] = { "10.255.0.1",   "192.0.2.3",   "192.0.2.200",
					    "198.51.100.9", "2001:db8::1", "2001:db8::2" };
	struct lisp_mapping m = {};
	char text[INET6_ADDRSTRLEN];
	size_t i;

	for (i = 0; i < array_size(given); i++)
		CHECK(add(&m, given[i]));
	CHECK(!add(&m, "192.0.2.200")); /* a duplicate */
	CHECK_EQ(m.n_locators, array_size(want));
	for (i = 0; i < array_size(want); i++)
		CHECK_STR(ipaddr2str(&m.locators[i].addr, text, sizeof(text)), want[i]);
	lisp_mapping_fini(&m);
	CHECK(m.locators == NULL);
}

TEST(find_delete_copy_move)
{
	struct lisp_mapping m = { .ttl = 5 }, n = {}, *dup;
	struct ipaddr a;

	add(&m, "192.0.2.1");
	add(&m, "192.0.2.2");
	add(&m, "2001:db8::1");
	str2ipaddr("192.0.2.2", &a);
	CHECK(lisp_mapping_find(&m, &a) == &m.locators[1]);
	lisp_mapping_copy(&n, &m);
	CHECK(lisp_mapping_same(&m, &n));
	CHECK(lisp_mapping_del(&n, &a));
	CHECK(!lisp_mapping_del(&n, &a));
	CHECK(!lisp_mapping_find(&n, &a));
	CHECK_EQ(n.n_locators, 2);
	CHECK(!lisp_mapping_same(&m, &n));
	dup = lisp_mapping_dup(&m);
	CHECK(lisp_mapping_same(dup, &m));
	lisp_mapping_move(&n, &m);
	CHECK_EQ(m.n_locators, 0);
	CHECK(lisp_mapping_same(dup, &n));
	n.locators[0].reach = false;
	CHECK(!lisp_mapping_same_locators(dup, &n));
	lisp_mapping_free(&dup);
	CHECK(dup == NULL);
	while (n.n_locators) {
		a = n.locators[0].addr;
		CHECK(lisp_mapping_del(&n, &a));
	}
	CHECK(n.locators == NULL);
	lisp_mapping_fini(&n);
}

TEST(equality_of_negative_mappings)
{
	struct lisp_mapping a = { .action = LISP_ACT_DROP }, b = { .action = LISP_ACT_NONE };

	CHECK(!lisp_mapping_same(&a, &b));
	add(&a, "192.0.2.1");
	add(&b, "192.0.2.1");
	CHECK(lisp_mapping_same(&a, &b)); /* the action does not count then */
	lisp_mapping_fini(&a);
	lisp_mapping_fini(&b);
}

static void put_reply(struct lisp_writer *w, uint8_t *buf, size_t size, const struct lisp_mapping *m)
{
	struct lisp_header h = { .type = LISP_MAP_REPLY, .nonce = 1 };

	lisp_writer_init(w, buf, size);
	lisp_put_header(w, &h);
	lisp_put_mapping(w, m);
}

static struct lisp_record first_record(const uint8_t *buf, size_t len)
{
	static struct lisp_msg msg;
	struct lisp_record rec;
	struct lisp_cursor c;

	CHECK_STR(unit_drop(lisp_msg_decode(buf, len, &msg)), "ok");
	c = lisp_msg_records(&msg);
	CHECK(lisp_record_next(&c, &rec));
	return rec;
}

TEST(mapping_to_the_wire_and_back)
{
	struct lisp_mapping m = { .ttl = 1440, .authoritative = true, .map_version = 0x123 }, n;
	unsigned int ignored = 99;
	struct lisp_record rec;
	struct lisp_writer w;
	uint8_t buf[256];

	lisp_eid_parse("[1000] 2001:db8::/32", &m.eid);
	add(&m, "2001:db8::1");
	add(&m, "192.0.2.1");
	m.locators[0].local = true;
	put_reply(&w, buf, sizeof(buf), &m);
	CHECK(!w.overflow);
	rec = first_record(buf, w.len);
	CHECK_EQ(lisp_mapping_from_record(&rec, &n, &ignored), LISP_OK);
	CHECK_EQ(ignored, 0);
	CHECK(lisp_mapping_same(&m, &n));
	CHECK(n.authoritative);
	CHECK(n.locators[0].local && !n.locators[1].local);
	lisp_mapping_fini(&m);
	lisp_mapping_fini(&n);
}

TEST(unusable_and_duplicate_locators_are_left_out)
{
	static const char *const addrs[] = { "192.0.2.2", "224.0.0.1", "192.0.2.1",
					     "127.0.0.1", "192.0.2.2", "255.255.255.255" };
	struct lisp_header h = { .type = LISP_MAP_REPLY };
	struct lisp_record rec = { .ttl = 1, .mask_len = 8, .action = LISP_ACT_DROP };
	struct lisp_wire_locator loc = { .reach = true };
	unsigned int ignored;
	struct lisp_mapping m;
	struct lisp_eid eid;
	struct lisp_writer w;
	struct ipaddr ip;
	uint8_t buf[512];
	size_t i;

	lisp_eid_parse("10.0.0.0/8", &eid);
	lisp_eid_to_addr(&eid, &rec.eid);
	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_header(&w, &h);
	lisp_put_record(&w, &rec);
	for (i = 0; i < array_size(addrs); i++) {
		str2ipaddr(addrs[i], &ip);
		lisp_rloc_to_addr(&ip, &loc.addr);
		lisp_put_locator(&w, &loc);
	}
	rec = first_record(buf, w.len);
	CHECK_EQ(rec.locator_count, array_size(addrs));
	CHECK_EQ(lisp_mapping_from_record(&rec, &m, &ignored), LISP_OK);
	CHECK_EQ(m.n_locators, 2);
	CHECK_EQ(ignored, 4);
	CHECK_EQ(m.action, LISP_ACT_NONE);
	lisp_mapping_fini(&m);
}

TEST(the_rloc_of_an_s_g_may_be_a_group_and_is_given_back)
{
	struct lisp_header h = { .type = LISP_MAP_REGISTER };
	struct lisp_record rec = { .ttl = 1 };
	struct lisp_wire_locator loc = { .reach = true, .priority = 1 };
	struct ipaddr group = { .ipa_type = IPADDR_V4 };
	uint8_t buf[512], again[512];
	struct lisp_writer w, out;
	unsigned int ignored;
	struct lisp_mapping m;
	struct lisp_eid eid;

	CHECK(lisp_eid_parse("(10.1.0.0/16,232.1.1.1/32)", &eid));
	lisp_eid_to_addr(&eid, &rec.eid);
	str2ipaddr("232.9.9.9", &group);
	lisp_rloc_to_addr(&group, &loc.addr);
	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_header(&w, &h);
	lisp_put_record(&w, &rec);
	lisp_put_locator(&w, &loc);
	rec = first_record(buf, w.len);
	CHECK_EQ(lisp_mapping_from_record(&rec, &m, &ignored), LISP_OK);
	CHECK_EQ(ignored, 0);
	CHECK_EQ(m.n_locators, 1);
	CHECK(IS_IPADDR_NONE(&m.locators[0].addr));

	lisp_writer_init(&out, again, sizeof(again));
	lisp_put_header(&out, &h);
	lisp_put_mapping(&out, &m);
	CHECK_OCTETS(again, out.len, buf, w.len);
	lisp_mapping_fini(&m);
}

TEST(at_most_32_locators)
{
	struct lisp_header h = { .type = LISP_MAP_REPLY };
	struct lisp_record rec = { .ttl = 1, .mask_len = 8 };
	struct lisp_wire_locator loc = { .reach = true };
	unsigned int ignored, i;
	struct lisp_mapping m;
	struct lisp_eid eid;
	struct lisp_writer w;
	struct ipaddr ip = { .ipa_type = IPADDR_V4 };
	uint8_t buf[1024];

	lisp_eid_parse("10.0.0.0/8", &eid);
	lisp_eid_to_addr(&eid, &rec.eid);
	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_header(&w, &h);
	lisp_put_record(&w, &rec);
	for (i = 0; i < 40; i++) {
		ip.ipaddr_v4.s_addr = htonl(0xc0000201 + i);
		lisp_rloc_to_addr(&ip, &loc.addr);
		lisp_put_locator(&w, &loc);
	}
	rec = first_record(buf, w.len);
	CHECK_EQ(rec.locator_count, 40);
	CHECK_EQ(lisp_mapping_from_record(&rec, &m, &ignored), LISP_OK);
	CHECK_EQ(m.n_locators, LISP_LOCATORS_MAX);
	CHECK_EQ(ignored, 8);
	lisp_mapping_fini(&m);
}

/* ------------------------------------------------ addresses as they arrived */

/* Random addresses, nested ones too, one behind the other; they borrow from it. */
static uint8_t heap[65536];
static struct lisp_writer random_writer;

static struct lisp_addr random_addr(unsigned int depth);

static struct lisp_addr random_lcaf(unsigned int depth)
{
	static const uint8_t key[] = { 0, 2, 0xbe, 0xef };
	struct lisp_lcaf lcaf = { .type = (uint8_t)(1 + unit_random() % LISP_LCAF_SERVICE_PATH) };
	size_t start;
	struct lisp_addr addr;
	enum lisp_drop why;
	unsigned int i;

	for (i = 0; i < sizeof(lcaf.f); i++)
		((uint8_t *)&lcaf.f)[i] = (uint8_t)(unit_random() & 1);
	lcaf.blob = key;
	lcaf.blob_len = sizeof(key);
	if (lcaf.type == LISP_LCAF_SECURITY_KEY)
		lcaf.f.key.count = 1;
	for (i = 0; i < LISP_LCAF_ADDRS_MAX; i++)
		lcaf.addr[i] = random_addr(depth + 1);
	lcaf.n_items = (uint8_t)(1 + unit_random() % 3);
	for (i = 0; i < lcaf.n_items; i++) {
		lcaf.item[i].elp_flags = unit_random() & 7;
		lcaf.item[i].rle_level = (uint8_t)unit_random();
		lcaf.item[i].addr = random_addr(depth + 1);
	}
	start = random_writer.len;
	lisp_put_lcaf(&random_writer, &lcaf);
	CHECK(!random_writer.overflow);
	/* what no reader looks at comes back too: Rsvd1, Flags */
	random_writer.buf[start + 2] = (uint8_t)unit_random();
	random_writer.buf[start + 3] = (uint8_t)unit_random();
	CHECK(lisp_addr_decode(heap + start, random_writer.len - start, &addr, &why));
	return addr;
}

static struct lisp_addr random_addr(unsigned int depth)
{
	static const char *const plain[] = { "0000", "0001 c0000201", "0006 005056aa0001",
					     "0011 6100", "0002 20010db8000000000000000000000001" };
	size_t start = random_writer.len, len;
	struct lisp_addr addr;
	enum lisp_drop why;

	if (depth < LISP_LCAF_DEPTH - 1 && unit_random() % 2)
		return random_lcaf(depth);
	len = unit_hex(plain[unit_random() % array_size(plain)], heap + start, sizeof(heap) - start);
	random_writer.len += len;
	CHECK_EQ(lisp_addr_decode(heap + start, len, &addr, &why), len);
	return addr;
}

static bool has_addr(const struct lisp_record *rec, const struct lisp_addr *addr)
{
	struct lisp_cursor c = lisp_record_locators(rec);
	struct lisp_wire_locator loc;

	while (lisp_locator_next(&c, &loc))
		if (lisp_addr_same(&loc.addr, addr))
			return true;
	return false;
}

TEST(T_028_locators_come_back_to_the_octet_and_sorted)
{
	static uint8_t in[65536], out[65536];
	struct lisp_header h = { .type = LISP_MAP_REGISTER };
	struct lisp_wire_locator loc, last;
	struct lisp_mapping m, copy = {};
	struct lisp_record rec, back;
	struct lisp_addr locators[8];
	unsigned int round, i, n, ignored;
	struct lisp_cursor c;
	struct lisp_writer w;
	struct lisp_eid eid;

	lisp_eid_parse("10.0.0.0/8", &eid);
	for (round = 0; round < 2000; round++) {
		lisp_writer_init(&random_writer, heap, sizeof(heap));
		lisp_writer_init(&w, in, sizeof(in));
		lisp_put_header(&w, &h);
		rec = (struct lisp_record){ .ttl = 1, .mask_len = 8 };
		lisp_eid_to_addr(&eid, &rec.eid);
		lisp_put_record(&w, &rec);
		n = 1 + unit_random() % array_size(locators);
		for (i = 0; i < n; i++) {
			loc = (struct lisp_wire_locator){ .priority = (uint8_t)i, .reach = true };
			loc.addr = locators[i] = random_addr(0);
			lisp_put_locator(&w, &loc);
		}
		CHECK(!w.overflow);
		rec = first_record(in, w.len);
		CHECK_EQ(lisp_mapping_from_record(&rec, &m, &ignored), LISP_OK);
		CHECK_EQ(m.n_locators + ignored, n);
		lisp_mapping_copy(&copy, &m);
		CHECK(lisp_mapping_same(&m, &copy));
		lisp_mapping_fini(&m);
		memset(in, 0, sizeof(in)); /* nothing is borrowed from the message */

		put_reply(&w, out, sizeof(out), &copy);
		CHECK(!w.overflow);
		back = first_record(out, w.len);
		CHECK_EQ(back.locator_count, copy.n_locators);
		for (i = 0; i < n; i++)
			CHECK(has_addr(&back, &locators[i]));
		c = lisp_record_locators(&back);
		for (i = 0; lisp_locator_next(&c, &loc); i++, last = loc)
			CHECK(i == 0 || lisp_addr_cmp(&last.addr, &loc.addr) < 0);
		lisp_mapping_fini(&copy);
	}
}

TEST(T_028_order_of_kinds)
{
	static const char *const sorted[] = {
		"0001 0a000001",
		"0001 c0000201",
		"0002 20010db8000000000000000000000001",
		"0011 6100",
		"4003 00000100 0006 0001 c0000201",	 /* AFI-List */
		"4003 00000a00 0008 0000 0001 c0000201", /* ELP */
		"4003 00000a00 0008 0000 0001 c0000202",
		"4003 00000e00 000a 0002 7b7d 0001 0a000001", /* JSON */
	};
	struct lisp_header h = { .type = LISP_MAP_REGISTER };
	struct lisp_record rec = { .ttl = 1, .mask_len = 8 };
	struct lisp_wire_locator loc = { .reach = true, .probe = true };
	uint8_t buf[1024], octets[array_size(sorted)][64];
	enum lisp_drop why;
	struct lisp_cursor c;
	struct lisp_writer w;
	struct lisp_eid eid;
	size_t i;

	lisp_eid_parse("10.0.0.0/8", &eid);
	lisp_eid_to_addr(&eid, &rec.eid);
	rec.action = LISP_ACT_DROP;
	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_header(&w, &h);
	lisp_put_record(&w, &rec);
	for (i = array_size(sorted); i-- > 0;) {
		lisp_addr_decode(octets[i], unit_hex(sorted[i], octets[i], sizeof(octets[i])),
				 &loc.addr, &why);
		lisp_put_locator(&w, &loc);
	}
	rec = first_record(buf, w.len);
	CHECK_EQ(rec.locator_count, array_size(sorted));

	/* as a Map-Notify gives it back: sorted, no ACT (024), no p */
	h.type = LISP_MAP_NOTIFY;
	memcpy(heap, buf, sizeof(buf));
	rec = first_record(heap, w.len);
	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_header(&w, &h);
	lisp_put_record_again(&w, &rec);
	rec = first_record(buf, w.len);
	CHECK_EQ(rec.action, LISP_ACT_NONE);
	c = lisp_record_locators(&rec);
	for (i = 0; i < array_size(sorted); i++) {
		struct lisp_addr want;

		lisp_addr_decode(octets[i], unit_hex(sorted[i], octets[i], sizeof(octets[i])),
				 &want, &why);
		CHECK(lisp_locator_next(&c, &loc));
		CHECK(lisp_addr_same(&loc.addr, &want));
		CHECK(loc.reach && !loc.probe);
	}
}

TEST(what_an_itr_cannot_use_is_kept_and_named)
{
	static const struct {
		const char *addr, *kind, *refusal;
	} rows[] = {
		{ "0001 c0000201", "address", NULL },
		{ "4003 00000a00 0008 0000 0001 c0000201", "explicit-locator-path", NULL },
		{ "4003 00000d00 000a 00000080 0001 c0000202", "replication-list", "no-rloc" },
		{ "4003 00000100 0006 0001 7f000001", "afi-list", "no-rloc" },
		{ "0011 6100", "name", "no-rloc" },
		{ "4003 00000700 0012 10f64e21 0001 cb007105 0001 c6336401 0000", "nat-traversal",
		  "port-not-supported" },
	};
	struct lisp_header h = { .type = LISP_MAP_REPLY };
	struct lisp_record rec = { .ttl = 1, .mask_len = 8 };
	struct lisp_wire_locator loc = { .reach = true };
	uint8_t buf[256], octets[64];
	struct lisp_mapping m;
	enum lisp_drop why;
	struct lisp_writer w;
	struct lisp_eid eid;
	size_t i;

	lisp_eid_parse("10.0.0.0/8", &eid);
	lisp_eid_to_addr(&eid, &rec.eid);
	for (i = 0; i < array_size(rows); i++) {
		const char *refusal;
		struct lisp_record one;

		lisp_addr_decode(octets, unit_hex(rows[i].addr, octets, sizeof(octets)), &loc.addr,
				 &why);
		lisp_writer_init(&w, buf, sizeof(buf));
		lisp_put_header(&w, &h);
		lisp_put_record(&w, &rec);
		lisp_put_locator(&w, &loc);
		one = first_record(buf, w.len);
		CHECK_EQ(lisp_mapping_from_record(&one, &m, NULL), LISP_OK);
		CHECK_EQ(m.n_locators, 1);
		CHECK_STR(lisp_locator_kind(&m.locators[0]), rows[i].kind);
		refusal = lisp_locator_refusal(&m.locators[0]);
		CHECK_STR(refusal ? refusal : "none", rows[i].refusal ? rows[i].refusal : "none");
		lisp_mapping_fini(&m);
	}
}
