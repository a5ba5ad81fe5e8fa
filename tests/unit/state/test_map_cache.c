// SPDX-License-Identifier: GPL-2.0-or-later
/* The map-cache: who makes room. */
#include <zebra.h>

#include <string.h>

#include "monotime.h"

#include "lispd/lisp_limits.h"
#include "lispd/lisp_map_cache.h"

#include "house.h"

static struct lisp_entry *entry_of(const char *text)
{
	struct lisp_eid eid = house_eid(text);

	return lisp_map_cache_find(&eid);
}

static void limit(uint32_t entries)
{
	lisp_instance_find(0)->service[LISP_IPV4].map_cache_limit = entries;
}

static const char *numbered(const char *format, unsigned int n)
{
	static char text[4][32];
	static unsigned int turn;
	char *buf = text[turn++ % 4];

	snprintf(buf, sizeof(text[0]), format, n);
	return buf;
}

TEST(T_295_idle_entries_make_room_however_many_are_in_use)
{
	const unsigned int popular = 4 * LISP_MAP_CACHE_CANDIDATES;

	house_start();
	for (unsigned int i = 0; i < popular + 4; i++)
		house_learn(numbered("10.2.%u.1", i), numbered("10.2.%u.0/24", i), 1440);
	limit(popular + 4);
	house_run(2 * LISP_MAP_CACHE_IN_USE * 1000);
	for (unsigned int i = 0; i < popular; i++)
		entry_of(numbered("10.2.%u.0/24", i))->used = monotime(NULL);
	for (unsigned int i = 0; i < 4; i++) {
		struct lisp_eid eid = house_eid(numbered("10.3.0.%u", i));

		/* each looks at so many, and the next one at others */
		for (unsigned int n = 0; n < 5 && !lisp_map_cache_pending(&eid); n++)
			;
		CHECK(lisp_map_cache_find(&eid));
	}
	for (unsigned int i = 0; i < popular; i++)
		CHECK(entry_of(numbered("10.2.%u.0/24", i)));
}

static void more_specific_under(uint8_t action)
{
	struct lisp_eid eid = house_eid("10.9.0.1");

	house_start();
	house_learn("10.2.1.1", "10.2.1.0/24", 1440);
	if (action) {
		struct lisp_mapping cover = { .eid = house_eid("10.2.0.0/16"),
					      .ttl = 1440,
					      .action = action };
		struct ipaddr from = {};

		CHECK(lisp_map_cache_install(&cover.eid, &cover, 1, &from) == LISP_OK);
	}
	limit(action ? 2 : 1);
	house_run(2 * LISP_MAP_CACHE_IN_USE * 1000);
	CHECK(lisp_map_cache_pending(&eid));
}

TEST(T_079_a_negative_cover_goes_before_what_is_in_it)
{
	more_specific_under(LISP_ACT_DROP);
	CHECK(entry_of("10.2.1.0/24"));
	CHECK(!entry_of("10.2.0.0/16"));
}

TEST(T_079_what_no_cover_would_take_over_makes_room)
{
	more_specific_under(LISP_ACT_NONE);
	CHECK(!entry_of("10.2.1.0/24"));
}

TEST(T_079_a_cover_that_says_ask_does_no_harm)
{
	more_specific_under(LISP_ACT_SEND_MAP_REQUEST);
	CHECK(!entry_of("10.2.1.0/24"));
	CHECK(entry_of("10.2.0.0/16"));
}

static struct lisp_mapping many_locators(unsigned int n)
{
	struct lisp_mapping mapping = { .eid = house_eid("10.64.0.0/24"), .ttl = 1440 };
	struct lisp_locator loc = { .priority = 1, .weight = 100, .reach = true };

	mapping.eid.prefix.u.prefix4.s_addr += htonl(n << 8);
	loc.addr.ipa_type = IPADDR_V4;
	for (unsigned int i = 0; i < LISP_LOCATORS_MAX; i++) {
		loc.addr.ipaddr_v4.s_addr = htonl(0x14000000 + n * LISP_LOCATORS_MAX + i);
		lisp_mapping_add(&mapping, &loc);
	}
	return mapping;
}

static struct lisp_entry *install_many(unsigned int n)
{
	struct lisp_mapping mapping = many_locators(n);
	struct lisp_eid eid = mapping.eid;
	struct ipaddr from = {};

	CHECK(lisp_map_cache_install(&eid, &mapping, 1, &from) == LISP_OK);
	return lisp_map_cache_find(&eid);
}

TEST(T_295_rlocs_are_bounded_and_what_is_too_many_is_not_used)
{
	const unsigned int full = LISP_RLOCS_MAX / LISP_LOCATORS_MAX;
	struct lisp_entry *entry;

	house_start();
	for (unsigned int i = 0; i < full; i++)
		install_many(i);
	entry = install_many(full);
	CHECK_EQ(lisp_rloc_count(), LISP_RLOCS_MAX);
	CHECK(entry->state == LISP_ENTRY_ACTIVE && !entry->rlocs[LISP_LOCATORS_MAX - 1]);
	CHECK(lisp_stats_get_drop(LISP_DROP_TABLE_FULL) >= LISP_LOCATORS_MAX);
	/* one that is there already is shared */
	entry = install_many(7);
	CHECK(entry->rlocs[LISP_LOCATORS_MAX - 1]);
}
