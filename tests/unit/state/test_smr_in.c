// SPDX-License-Identifier: GPL-2.0-or-later
/* Solicit-Map-Requests of others: what is asked for, and what the answer changes. */
#include <zebra.h>

#include "lispd/lisp_itr.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_smr.h"

#include "house.h"

#define OURS "10.1.0.0/24" /* no EID-prefix is local: who sends an SMR has it from before */

static void miss(const char *text)
{
	struct lisp_eid eid = house_eid(text);
	struct ipaddr source = house_addr("10.1.0.10");

	lisp_itr_miss(&eid, &source);
}

static enum lisp_entry_state state_of(const char *text)
{
	struct lisp_eid eid = house_eid(text);
	const struct lisp_entry *entry = lisp_map_cache_match(&eid);

	CHECK(entry);
	return entry->state;
}

static const struct lisp_entry *find(const char *text)
{
	struct lisp_eid eid = house_eid(text);

	return lisp_map_cache_find(&eid);
}

/* No EID around 10.9.1.5, so far. */
static void start_with_hole(void)
{
	house_start();
	miss("10.9.1.5");
	CHECK(house_answer("10.9.1.5", "10.8.0.0/15", 15, false, LISP_ACT_NATIVELY_FORWARD) ==
	      LISP_OK);
	house_forget_sent();
	house_run(5000);
}

TEST(T_104_an_smr_inside_a_negative_entry_asks_for_the_prefix_that_it_names)
{
	start_with_hole();
	CHECK_EQ(house_smr("10.9.1.0/24", "10.9.1.0/24"), LISP_OK);
	CHECK_EQ(house_n_sent, 1);
	CHECK_EQ(house_asked("10.9.1.0/24"), 1);
	CHECK(house_sent[0].flags & LISP_MREQ_F_SMR_INVOKED);
	CHECK(house_answer("10.9.1.0/24", "10.9.1.0/24", 1440, true, 0) == LISP_OK);
	CHECK_EQ(state_of("10.9.1.5"), LISP_ENTRY_ACTIVE);
	CHECK_EQ(state_of("10.9.2.5"), LISP_ENTRY_NEGATIVE);
}

TEST(T_104_a_source_eid_inside_a_negative_entry_is_asked_for_itself)
{
	start_with_hole();
	CHECK_EQ(house_smr("10.9.1.0", OURS), LISP_OK);
	CHECK_EQ(house_asked("10.9.1.0/32"), 1);
	CHECK(house_answer("10.9.1.0/32", "10.9.1.0/24", 1440, true, 0) == LISP_OK);
	CHECK_EQ(state_of("10.9.1.5"), LISP_ENTRY_ACTIVE);
}

TEST(T_104_each_new_prefix_of_a_negative_entry_is_asked_for)
{
	char text[32];

	start_with_hole();
	for (unsigned int i = 0; i < 20; i++) {
		snprintf(text, sizeof(text), "10.9.%u.0/24", i);
		CHECK_EQ(house_smr(text, text), LISP_OK);
		CHECK_EQ(house_asked(text), 1);
	}
}

TEST(T_104_negative_entries_inside_the_prefix_are_asked_for_too)
{
	start_with_hole();
	miss("10.40.1.5");
	CHECK(house_answer("10.40.1.5", "10.40.1.0/25", 15, false, LISP_ACT_NATIVELY_FORWARD) ==
	      LISP_OK);
	miss("10.41.1.5");
	CHECK(house_answer("10.41.1.5", "10.40.0.0/15", 15, false, LISP_ACT_NATIVELY_FORWARD) ==
	      LISP_OK);
	house_forget_sent();
	house_run(5000);
	CHECK_EQ(house_smr("10.40.1.0/24", "10.40.1.0/24"), LISP_OK);
	CHECK(house_answer("10.40.1.0/24", "10.40.1.0/24", 1440, true, 0) == LISP_OK);
	CHECK_EQ(house_asked("10.40.1.0/25"), 1);
	CHECK(house_answer("10.40.1.0/25", "10.40.1.0/24", 1440, true, 0) == LISP_OK);
	CHECK_EQ(state_of("10.40.1.5"), LISP_ENTRY_ACTIVE);
}

TEST(T_104_another_sites_new_prefix_in_a_cached_one_is_asked_for)
{
	house_start();
	house_learn("10.9.1.5", "10.9.0.0/16", 1440);
	house_forget_sent();
	house_run(5000);
	CHECK_EQ(house_smr_of("198.51.100.9", "10.9.1.0", OURS), LISP_OK);
	CHECK_EQ(house_n_sent, 1);
	CHECK_EQ(house_asked("10.9.1.0/32"), 1);
	CHECK(house_answer("10.9.1.0/32", "10.9.1.0/24", 1440, true, 0) == LISP_OK);
	CHECK(find("10.9.1.0/24") && find("10.9.0.0/16") && !find("10.9.1.0/32"));
}

TEST(T_104_an_rloc_of_what_is_cached_means_that)
{
	house_start();
	house_learn("10.9.1.5", "10.9.0.0/16", 1440);
	house_forget_sent();
	house_run(5000);
	CHECK_EQ(house_smr("10.9.0.0", OURS), LISP_OK);
	CHECK_EQ(house_n_sent, 1);
	CHECK_EQ(house_asked("10.9.0.0/16"), 1);
}

TEST(T_103_a_prefix_that_the_answer_goes_around_is_gone)
{
	house_start();
	house_learn("10.9.1.5", "10.9.1.0/24", 1440);
	house_run(5000);
	CHECK_EQ(house_smr_of("198.51.100.9", "10.9.1.0", OURS), LISP_OK);
	CHECK(house_answer("10.9.1.0/32", "10.8.0.0/15", 15, false, LISP_ACT_NATIVELY_FORWARD) ==
	      LISP_OK);
	CHECK(!find("10.9.1.0/24"));
	CHECK_EQ(state_of("10.9.1.5"), LISP_ENTRY_NEGATIVE);
}

TEST(T_103_what_is_cached_goes_on_while_a_prefix_in_it_is_asked_for_in_vain)
{
	const unsigned int in_vain = (1 + 2 + 4 + 7 * 8) * 1000;

	start_with_hole();
	house_smr("10.9.1.0/24", "10.9.1.0/24");
	house_run(in_vain + 1000);
	CHECK_EQ(house_n_sent, LISP_ITR_TRIES);
	CHECK_EQ(state_of("10.9.1.5"), LISP_ENTRY_NEGATIVE);
	CHECK(!find("10.9.1.0/24"));
	/* RFC 9301 section 5.3 */
	house_run((LISP_ITR_HOLD - 3) * 1000);
	house_smr("10.9.1.0/24", "10.9.1.0/24");
	CHECK_EQ(house_n_sent, LISP_ITR_TRIES);
	house_run(3000);
	house_smr("10.9.1.0/24", "10.9.1.0/24");
	CHECK_EQ(house_n_sent, LISP_ITR_TRIES + 1);
}

TEST(T_102_a_prefix_inside_a_negative_entry_is_asked_for_once_in_3_s)
{
	start_with_hole();
	house_smr("10.9.1.0/24", "10.9.1.0/24");
	house_answer("10.9.1.0/24", "10.8.0.0/15", 15, false, LISP_ACT_NATIVELY_FORWARD);
	house_smr("10.9.1.0/24", "10.9.1.0/24");
	house_run(LISP_ITR_SMR_FLOOR - 100);
	house_smr("10.9.1.0/24", "10.9.1.0/24");
	CHECK_EQ(house_n_sent, 1);
	house_run(100);
	house_smr("10.9.1.0/24", "10.9.1.0/24");
	CHECK_EQ(house_n_sent, 2);
}

TEST(T_115_a_hole_near_its_end_is_asked_for_by_what_was_asked_for_in_it)
{
	house_start();
	miss("10.9.1.5");
	CHECK(house_answer("10.9.1.5", "10.8.0.0/15", 1, false, LISP_ACT_NATIVELY_FORWARD) ==
	      LISP_OK);
	house_forget_sent();
	house_run(54500);
	CHECK_EQ(house_n_sent, 1);
	CHECK_EQ(house_asked("10.9.1.5"), 1);
	CHECK_EQ(house_sent[0].source.kind, 0);
	/* there is a prefix in it by now */
	CHECK(house_answer("10.9.1.5", "10.9.1.0/24", 1440, true, 0) == LISP_OK);
	CHECK_EQ(state_of("10.9.1.5"), LISP_ENTRY_ACTIVE);
	house_run(10000);
	CHECK(!find("10.8.0.0/15"));
}

TEST(T_011_all_records_of_an_smr_are_taken)
{
	struct lisp_header h = { .type = LISP_MAP_REQUEST, .flags = LISP_MREQ_F_SMR, .nonce = 1 };
	const char *const prefixes[] = { "10.9.1.0/24", "10.9.2.0/24" };
	struct lisp_rx rx = { .src = house_addr("192.0.2.9") };
	struct lisp_addr rloc;
	struct lisp_writer w;
	struct lisp_msg msg;
	uint8_t buf[512];

	start_with_hole();
	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_rloc_to_addr(&rx.src, &rloc);
	lisp_put_header(&w, &h);
	lisp_put_itr_rloc(&w, &rloc);
	for (size_t i = 0; i < array_size(prefixes); i++) {
		struct lisp_eid eid = house_eid(prefixes[i]);
		struct lisp_request request = { .mask_len = 24 };

		lisp_eid_to_addr(&eid, &request.eid);
		lisp_put_request(&w, &request);
	}
	CHECK(!w.overflow && lisp_msg_decode(buf, w.len, &msg) == LISP_OK);
	CHECK_EQ(lisp_smr_rx(&rx, &msg), LISP_OK);
	CHECK_EQ(house_asked("10.9.1.0/24"), 1);
	CHECK_EQ(house_asked("10.9.2.0/24"), 1);
}
