// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mappings: order, equality, the wire.
 */
#include <zebra.h>

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
