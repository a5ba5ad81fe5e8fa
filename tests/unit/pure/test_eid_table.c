// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Longest-prefix tables: examples, and random tables against brute force.
 */
#include <zebra.h>

#include "lispd/lisp_eid_table.h"

#include "unit.h"

static struct lisp_eid eid(const char *text)
{
	struct lisp_eid e;

	if (!lisp_eid_parse(text, &e))
		unit_fail(__FILE__, __LINE__, "%s is no EID", text);
	return e;
}

static struct lisp_eid_table *table_of(const char *const *texts, size_t n)
{
	struct lisp_eid_table *table = lisp_eid_table_new();
	struct lisp_eid e;
	size_t i;

	for (i = 0; i < n; i++) {
		e = eid(texts[i]);
		lisp_eid_table_get(table, &e)->info = (void *)texts[i];
	}
	return table;
}

static const char *match(const struct lisp_eid_table *table, const char *text)
{
	struct lisp_eid e = eid(text);
	const struct lisp_eid_node *node = lisp_eid_table_match(table, &e);

	return node ? node->info : "none";
}

static const char *const overlap[] = {
	"10.0.0.0/8", "10.1.0.0/16",   "10.1.1.0/24",	 "10.1.2.0/24",	    "192.0.2.0/24",
	"::/0",	      "2001:db8::/32", "[5] 10.0.0.0/8", "[5] 10.1.0.0/16", "[7] 2001:db8::/32",
};

TEST(longest_match)
{
	struct lisp_eid_table *t = table_of(overlap, array_size(overlap));

	CHECK_EQ(lisp_eid_table_count(t), array_size(overlap));
	CHECK_STR(match(t, "10.1.1.1"), "10.1.1.0/24");
	CHECK_STR(match(t, "10.1.5.5"), "10.1.0.0/16");
	CHECK_STR(match(t, "10.200.0.1"), "10.0.0.0/8");
	CHECK_STR(match(t, "11.0.0.1"), "none");
	CHECK_STR(match(t, "2001:db8::1"), "2001:db8::/32");
	CHECK_STR(match(t, "3001::1"), "::/0");
	CHECK_STR(match(t, "[5] 10.1.1.1"), "[5] 10.1.0.0/16");
	CHECK_STR(match(t, "[6] 10.1.1.1"), "none");
	CHECK_STR(match(t, "[7] 10.1.1.1"), "none");
	/* a prefix is matched by what covers all of it */
	CHECK_STR(match(t, "10.1.0.0/16"), "10.1.0.0/16");
	CHECK_STR(match(t, "10.0.0.0/12"), "10.0.0.0/8");
	CHECK_STR(match(t, "10.0.0.0/7"), "none");
	lisp_eid_table_free(&t, NULL);
	CHECK(t == NULL);
}

TEST(exact_find_and_covering)
{
	struct lisp_eid_table *t = table_of(overlap, array_size(overlap));
	struct lisp_eid e = eid("10.1.1.0/24"), f = eid("10.1.0.0/17"), got;
	struct lisp_eid_node *node = lisp_eid_table_find(t, &e);

	CHECK(node && node->info == overlap[2]);
	CHECK(lisp_eid_table_get(t, &e) == node);
	CHECK_EQ(lisp_eid_table_count(t), array_size(overlap));
	CHECK(!lisp_eid_table_find(t, &f));
	lisp_eid_node_eid(node, &got);
	CHECK(lisp_eid_same(&got, &e));
	node = lisp_eid_node_covering(node);
	CHECK(node && node->info == overlap[1]);
	node = lisp_eid_node_covering(node);
	CHECK(node && node->info == overlap[0]);
	CHECK(!lisp_eid_node_covering(node));
	lisp_eid_table_free(&t, NULL);
}

TEST(T_141_T_142_strictly_inside)
{
	struct lisp_eid_table *t = table_of(overlap, array_size(overlap));
	static const char *const want[] = { "10.1.1.0/24", "10.1.2.0/24" };
	struct lisp_eid e = eid("10.1.0.0/16");
	struct lisp_eid_node *node, *next;
	size_t i = 0;

	LISP_EID_TABLE_INSIDE (t, &e, node, next) {
		CHECK(i < array_size(want));
		CHECK_STR(node->info, want[i]);
		i++;
	}
	CHECK_EQ(i, array_size(want));
	e = eid("10.1.1.0/24");
	CHECK(!lisp_eid_table_inside_first(t, &e));
	/* a prefix that is not in the table */
	e = eid("10.1.0.0/20");
	i = 0;
	LISP_EID_TABLE_INSIDE (t, &e, node, next)
		i++;
	CHECK_EQ(i, 2);
	e = eid("[9] 0.0.0.0/0");
	CHECK(!lisp_eid_table_inside_first(t, &e));
	lisp_eid_table_free(&t, NULL);
}

static int freed;

static void count_free(void *info)
{
	freed++;
}

TEST(order_deletion_and_free)
{
	struct lisp_eid_table *t = table_of(overlap, array_size(overlap));
	struct lisp_eid_node *node, *next;
	struct lisp_eid e, last = {};
	size_t n = 0;

	LISP_EID_TABLE_EACH (t, node, next) {
		lisp_eid_node_eid(node, &e);
		CHECK(n == 0 || lisp_eid_cmp(&last, &e) < 0);
		last = e;
		/* every other one goes while walking */
		if (n++ % 2)
			lisp_eid_table_del(t, node);
	}
	CHECK_EQ(n, array_size(overlap));
	CHECK_EQ(lisp_eid_table_count(t), array_size(overlap) / 2);
	freed = 0;
	lisp_eid_table_free(&t, count_free);
	CHECK_EQ(freed, array_size(overlap) / 2);

	t = table_of(overlap, array_size(overlap));
	LISP_EID_TABLE_EACH (t, node, next)
		lisp_eid_table_del(t, node);
	CHECK_EQ(lisp_eid_table_count(t), 0);
	CHECK(!lisp_eid_table_first(t));
	lisp_eid_table_free(&t, NULL);
}

/* ----------------------------------------------------------------- properties */

#define N_RANDOM 300

/* Prefixes of few bits that differ, so that they overlap and are neighbours. */
static struct lisp_eid random_eid_of(enum lisp_eid_kind kind, bool host)
{
	struct lisp_eid e = { .kind = kind };
	unsigned int i, bits;

	e.iid = unit_random() % 4 ? 0 : unit_random() % 3;
	if (kind == LISP_EID_IP)
		e.prefix.family = unit_random() % 2 ? AF_INET : AF_INET6;
	bits = lisp_eid_bits(&e);
	for (i = 0; i < bits / 8; i++)
		lisp_eid_key(&e)[i] = unit_random() % 3 ? 0 : (uint8_t)(1U << unit_random() % 8);
	e.prefix.prefixlen = host ? bits : unit_random() % (bits + 1);
	if (kind == LISP_EID_NAME) {
		for (i = 0; i < bits / 8; i++)
			lisp_eid_key(&e)[i] = unit_random() % 5 ? 'a' : 'b';
		e.prefix.prefixlen = 8 * (unit_random() % (LISP_EID_NAME_MAX + 1));
	}
	lisp_eid_mask(&e);
	return e;
}

static struct lisp_eid random_eid(bool host)
{
	static const enum lisp_eid_kind kinds[] = { LISP_EID_IP,      LISP_EID_IP,
						    LISP_EID_MAC,     LISP_EID_SG_IPV4,
						    LISP_EID_SG_IPV6, LISP_EID_NAME };

	return random_eid_of(kinds[unit_random() % array_size(kinds)], host);
}

static int best_by_force(const struct lisp_eid *set, const bool *in, int n, const struct lisp_eid *e)
{
	int i, best = -1;

	for (i = 0; i < n; i++)
		if (in[i] && lisp_eid_covers(&set[i], e) &&
		    (best < 0 || set[i].prefix.prefixlen > set[best].prefix.prefixlen))
			best = i;
	return best;
}

static int find_by_force(const struct lisp_eid *set, const bool *in, int n, const struct lisp_eid *e)
{
	int i;

	for (i = 0; i < n; i++)
		if (in[i] && lisp_eid_same(&set[i], e))
			return i;
	return -1;
}

TEST(property_table_against_brute_force)
{
	static struct lisp_eid set[N_RANDOM];
	bool in[N_RANDOM] = {};
	struct lisp_eid_node *node, *next;
	struct lisp_eid_table *t;
	struct lisp_eid e, last = {};
	size_t count = 0, seen;
	int i, round, best;

	for (i = 0; i < N_RANDOM; i++)
		set[i] = random_eid(false);
	t = lisp_eid_table_new();
	for (round = 0; round < 20000; round++) {
		i = (int)(unit_random() % N_RANDOM);
		e = set[i];
		best = find_by_force(set, in, N_RANDOM, &e);
		node = lisp_eid_table_find(t, &e);
		CHECK_EQ(node != NULL, best >= 0);
		if (unit_random() % 2) {
			if (best < 0) {
				in[i] = true;
				count++;
				lisp_eid_table_get(t, &e)->info = &set[i];
			}
		} else if (best >= 0) {
			CHECK(node->info == &set[best]);
			in[best] = false;
			count--;
			lisp_eid_table_del(t, node);
		}
		CHECK_EQ(lisp_eid_table_count(t), count);

		e = random_eid(round % 3 != 0);
		best = best_by_force(set, in, N_RANDOM, &e);
		node = lisp_eid_table_match(t, &e);
		CHECK_EQ(node != NULL, best >= 0);
		if (node)
			CHECK(node->info == &set[best]);
		if (round % 100)
			continue;

		seen = 0;
		LISP_EID_TABLE_EACH (t, node, next) {
			struct lisp_eid *mine = node->info;

			lisp_eid_node_eid(node, &e);
			CHECK(lisp_eid_same(&e, mine));
			CHECK(seen == 0 || lisp_eid_cmp(&last, &e) < 0);
			last = e;
			seen++;
		}
		CHECK_EQ(seen, count);

		e = random_eid(false);
		seen = 0;
		for (i = 0; i < N_RANDOM; i++)
			seen += in[i] && lisp_eid_covers(&e, &set[i]) && !lisp_eid_same(&e, &set[i]);
		LISP_EID_TABLE_INSIDE (t, &e, node, next) {
			CHECK(lisp_eid_covers(&e, node->info));
			CHECK(!lisp_eid_same(&e, node->info));
			seen--;
		}
		CHECK_EQ(seen, 0);
	}
	lisp_eid_table_free(&t, NULL);
}

/* ---------------------------------------------------------------------- holes */

static const char *hole(const char *text, const char *block, const char *const *known, size_t n)
{
	static char result[LISP_EID_STRLEN];
	struct lisp_eid_table *t = table_of(known, n);
	struct lisp_eid e = eid(text), b, out;
	bool found;

	if (block)
		b = eid(block);
	found = lisp_eid_tables_hole((const struct lisp_eid_table *const[]){ t }, 1, &e,
				     block ? &b : NULL, &out);
	lisp_eid_table_free(&t, NULL);
	return found ? lisp_eid_str(&out, result, sizeof(result)) : "none";
}

TEST(T_195_T_213_T_214_hole_examples)
{
	static const char *const halves[] = { "10.0.0.0/10", "10.128.0.0/9" };
	static const char *const quarters[] = { "10.1.0.0/24", "10.1.64.0/24", "10.1.128.0/24",
						"10.1.192.0/24" };
	static const char *const one[] = { "10.2.0.0/16" };
	static const char *const covering[] = { "10.0.0.0/8", "10.1.0.0/16" };
	static const char *const other_iid[] = { "[3] 10.64.0.0/16" };

	CHECK_STR(hole("10.64.5.1", NULL, halves, 2), "10.64.0.0/10");
	CHECK_STR(hole("10.1.77.88", "10.1.0.0/16", quarters, 4), "10.1.72.0/21");
	CHECK_STR(hole("192.0.2.1", NULL, NULL, 0), "0.0.0.0/0");
	CHECK_STR(hole("2001:db8::1", NULL, one, 1), "::/0");
	CHECK_STR(hole("10.3.0.1", "10.0.0.0/8", one, 1), "10.3.0.0/16");
	CHECK_STR(hole("10.3.0.1", "10.3.0.0/20", one, 1), "10.3.0.0/20");
	CHECK_STR(hole("172.16.0.1", "172.16.0.0/12", NULL, 0), "172.16.0.0/12");
	CHECK_STR(hole("10.1.1.1", NULL, covering, 2), "none");
	CHECK_STR(hole("10.9.1.1", NULL, covering, 2), "none");
	CHECK_STR(hole("11.9.1.1", "10.0.0.0/8", NULL, 0), "none");
	CHECK_STR(hole("10.64.5.1", NULL, other_iid, 1), "0.0.0.0/0");
	CHECK_STR(hole("[3] 10.64.5.1", NULL, halves, 2), "[3] 0.0.0.0/0");
	/* what others get wrong */
	CHECK_STR(hole("192.168.3.1", NULL, (const char *const[]){ "192.168.2.0/24" }, 1),
		  "192.168.3.0/24");
}

static bool overlaps(const struct lisp_eid *a, const struct lisp_eid *b)
{
	return lisp_eid_covers(a, b) || lisp_eid_covers(b, a);
}

TEST(T_215_property_hole_overlaps_nothing_and_is_least_specific)
{
	static struct lisp_eid set[1000];
	bool in[1000];
	struct lisp_eid_table *t;
	struct lisp_eid e, out, wider;
	int i, round, n, n_holes[LISP_EID_NAME + 1] = {};
	bool inside;

	for (round = 0; round < 600; round++) {
		enum lisp_eid_kind kind = (enum lisp_eid_kind)(round % (LISP_EID_NAME + 1));

		n = (int)(unit_random() % 1000) + 1;
		t = lisp_eid_table_new();
		for (i = 0; i < n; i++) {
			set[i] = random_eid_of(kind, false);
			/* few of the short ones, else there are no holes */
			if (set[i].prefix.prefixlen < 6)
				set[i].prefix.prefixlen += kind == LISP_EID_NAME ? 8 : 6;
			lisp_eid_mask(&set[i]);
			in[i] = true;
			lisp_eid_table_get(t, &set[i]);
		}
		e = random_eid_of(kind, true);
		if (unit_random() % 2) /* a hole close to a prefix */
			lisp_eid_key(&e)[0] ^= 0x80;
		lisp_eid_mask(&e);
		inside = false;
		for (i = 0; i < n; i++)
			inside = inside || lisp_eid_covers(&e, &set[i]);
		if (!lisp_eid_tables_hole((const struct lisp_eid_table *const[]){ t }, 1, &e, NULL,
					  &out)) {
			/* a name that others begin with is in no hole */
			CHECK(best_by_force(set, in, n, &e) >= 0 || inside);
			lisp_eid_table_free(&t, NULL);
			continue;
		}
		n_holes[kind]++;
		CHECK(best_by_force(set, in, n, &e) < 0);
		CHECK(lisp_eid_covers(&out, &e));
		for (i = 0; i < n; i++)
			CHECK(!overlaps(&out, &set[i]));
		/* one bit less overlaps something */
		if (out.prefix.prefixlen) {
			bool any = false;

			wider = out;
			wider.prefix.prefixlen -= kind == LISP_EID_NAME ? 8 : 1;
			lisp_eid_mask(&wider);
			for (i = 0; i < n; i++)
				any = any || overlaps(&wider, &set[i]);
			CHECK(any);
		}
		lisp_eid_table_free(&t, NULL);
	}
	for (i = 0; i <= LISP_EID_NAME; i++)
		CHECK(n_holes[i] > 10);
}

TEST(names_and_groups_match)
{
	static const char *const known[] = { "name:ietf",
					     "name:ietf.lisp",
					     "[5] name:ietf",
					     "(*,232.0.0.0/8)",
					     "(*,232.1.1.1/32)",
					     "(10.0.0.0/8,232.1.1.1/32)",
					     "00:50:56:00:00:00/24",
					     "00:50:56:aa:00:01/48" };
	struct lisp_eid_table *t = table_of(known, array_size(known));

	/* RFC 9735 section 4 */
	CHECK_STR(match(t, "name:ietf"), "name:ietf");
	CHECK_STR(match(t, "name:ietf.list"), "name:ietf");
	CHECK_STR(match(t, "name:ietf.lisp.wg"), "name:ietf.lisp");
	CHECK_STR(match(t, "name:iet"), "none");
	CHECK_STR(match(t, "[5] name:ietf.lisp"), "[5] name:ietf");
	CHECK_STR(match(t, "(10.1.1.1,232.1.1.1)"), "(10.0.0.0/8,232.1.1.1/32)");
	CHECK_STR(match(t, "(11.1.1.1,232.1.1.1)"), "(*,232.1.1.1/32)");
	CHECK_STR(match(t, "(11.1.1.1,232.1.1.2)"), "(*,232.0.0.0/8)");
	CHECK_STR(match(t, "(*,233.0.0.1)"), "none");
	CHECK_STR(match(t, "00:50:56:aa:00:01"), "00:50:56:aa:00:01/48");
	CHECK_STR(match(t, "00:50:56:aa:00:02"), "00:50:56:00:00:00/24");
	/* the bits alone do not tell a kind */
	CHECK_STR(match(t, "232.1.1.1"), "none");
	lisp_eid_table_free(&t, NULL);
}

/* Does it count: is it strictly inside the block, if there is one? */
static bool counts(const struct lisp_eid *e, const struct lisp_eid *block)
{
	return !block ||
	       (lisp_eid_covers(block, e) && e->prefix.prefixlen > block->prefix.prefixlen);
}

/* The hole by trying all lengths; false: none. */
static bool hole_by_force(const struct lisp_eid *set, int n, const struct lisp_eid *e,
			  const struct lisp_eid *block, struct lisp_eid *out)
{
	int bits = lisp_family_bits(e->prefix.family);

	for (int len = block ? block->prefix.prefixlen : 0; len <= bits; len++) {
		bool free = true;

		*out = *e;
		out->prefix.prefixlen = len;
		lisp_eid_mask(out);
		for (int i = 0; i < n; i++)
			free = free && !(counts(&set[i], block) && overlaps(out, &set[i]));
		if (free)
			return true;
	}
	return false;
}

/* Hosts and prefixes asked, with a block and without, over three tables together. */
TEST(property_hole_of_several_tables_against_brute_force)
{
	static struct lisp_eid set[60];
	struct lisp_eid_table *t[3];
	struct lisp_eid e, block, out, want;
	int n, found[2] = {};

	for (int round = 0; round < 3000; round++) {
		bool in_block = round % 3, is;

		for (int i = 0; i < 3; i++)
			t[i] = lisp_eid_table_new();
		n = (int)(unit_random() % 60) + 1;
		for (int i = 0; i < n; i++) {
			set[i] = random_eid_of(LISP_EID_IP, false);
			lisp_eid_table_get(t[i % 3], &set[i]);
		}
		e = random_eid_of(LISP_EID_IP, round % 2);
		block = e;
		block.prefix.prefixlen = unit_random() % (e.prefix.prefixlen + 1);
		lisp_eid_mask(&block);

		is = lisp_eid_tables_hole((const struct lisp_eid_table *const *)t, 3, &e,
					  in_block ? &block : NULL, &out);
		CHECK(is == hole_by_force(set, n, &e, in_block ? &block : NULL, &want));
		CHECK(!is || lisp_eid_same(&out, &want));
		found[is]++;
		for (int i = 0; i < 3; i++)
			lisp_eid_table_free(&t[i], NULL);
	}
	CHECK(found[0] > 100);
	CHECK(found[1] > 100);
}
