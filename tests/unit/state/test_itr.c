// SPDX-License-Identifier: GPL-2.0-or-later
/* The ITR: when it asks. */
#include <zebra.h>

#include "lispd/lisp_itr.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_pending.h"

#include "house.h"

static void miss(const char *text)
{
	struct lisp_eid eid = house_eid(text);
	struct ipaddr source = house_addr("10.1.0.10");

	lisp_itr_miss(&eid, &source);
}

/* ---- what makes it ask for 10.2.0.0/24, or a host in it, and what happens meanwhile ---- */

static void smr(void)
{
	house_smr("10.2.0.0/24", "10.1.0.0/24");
}

static void packet(void)
{
	miss("10.2.0.1");
}

static void learnt(void)
{
	house_learn("10.2.0.1", "10.2.0.0/24", 60);
	house_forget_sent();
	house_run(LISP_ITR_SMR_FLOOR);
	smr();
}

static void answered_with_ask(void)
{
	packet();
	house_answer("10.2.0.1", "10.2.0.1", 60, false, LISP_ACT_SEND_MAP_REQUEST);
	house_forget_sent();
	house_run(LISP_ITR_INTERVAL);
	packet();
}

static void recalled(void)
{
	struct lisp_eid eid = house_eid("10.2.0.0/24");

	CHECK(lisp_itr_recall(&eid));
}

static const struct {
	const char *name;
	void (*start)(void);
	void (*again)(void);
	const char *first, *next; /* what is asked for, and after the silence */
} ways[] = {
	{ "a miss", packet, packet, "10.2.0.1", "10.2.0.1" },
	{ "an SMR", learnt, smr, "10.2.0.0/24", "10.2.0.0/24" },
	{ "an entry that says ask", answered_with_ask, packet, "10.2.0.1", "10.2.0.1" },
	{ "what the dataplane held", recalled, packet, "10.2.0.0/24", "10.2.0.1" },
};

/* RFC 9301 section 5.3. 1, 2, 4, 8, 8 ... s are between them, and 8 s behind the last. */
static void silent_after_ten(unsigned int way)
{
	const unsigned int in_vain = (1 + 2 + 4 + 7 * 8) * 1000;
	int64_t began;

	house_start();
	began = house_now();
	ways[way].start();
	began = house_last(ways[way].first)->at;
	while (house_now() < began + in_vain + LISP_ITR_HOLD * 1000) {
		CHECK_EQ(house_n_sent, house_asked(ways[way].first));
		CHECK(house_n_sent <= LISP_ITR_TRIES);
		house_run(500);
		if (house_now() < began + in_vain + (LISP_ITR_HOLD - 1) * 1000)
			ways[way].again();
	}
	CHECK_EQ(house_n_sent, LISP_ITR_TRIES);
	house_run(2000);
	ways[way].again();
	house_run(100);
	CHECK_EQ(house_n_sent, LISP_ITR_TRIES + 1);
	CHECK_EQ(house_last(ways[way].next)->at / 1000, house_now() / 1000);
}

TEST(T_067_after_ten_requests_for_a_miss_there_is_silence_for_30_s)
{
	silent_after_ten(0);
}

TEST(T_067_after_ten_requests_for_an_smr_there_is_silence_for_30_s)
{
	silent_after_ten(1);
}

TEST(T_067_after_ten_requests_where_an_entry_says_ask_there_is_silence_for_30_s)
{
	silent_after_ten(2);
}

TEST(T_067_after_ten_requests_for_what_was_recalled_there_is_silence_for_30_s)
{
	silent_after_ten(3);
}

TEST(T_066_an_eid_is_asked_for_once_a_second_whatever_is_answered)
{
	int64_t last = 0;

	house_start();
	for (int i = 0; i < 200; i++) {
		house_forget_sent();
		miss("10.2.0.1");
		house_run(100);
		if (!house_n_sent)
			continue;
		CHECK(house_sent[0].at - last >= 1000);
		last = house_sent[0].at;
		CHECK(house_answer("10.2.0.1", "10.2.0.0/24", 0, true, 0) == LISP_OK);
	}
	CHECK(house_now() - last < 5000);
}

TEST(T_102_smrs_of_a_prefix_bring_a_request_in_3_s)
{
	unsigned int requests = 0;
	int64_t last = 0;

	house_start();
	house_learn("10.2.0.1", "10.2.0.0/24", 60);
	for (int i = 0; i < 200; i++) {
		house_forget_sent();
		smr();
		house_run(100);
		if (!house_n_sent)
			continue;
		CHECK(house_sent[0].flags & LISP_MREQ_F_SMR_INVOKED);
		CHECK(house_sent[0].at - last >= 3000);
		last = house_sent[0].at;
		requests++;
		CHECK(house_answer("10.2.0.0/24", "10.2.0.0/24", 60, true, 0) == LISP_OK);
	}
	CHECK(requests >= 5);
}

TEST(T_100_an_smr_is_answered_though_a_query_is_under_way)
{
	struct lisp_eid eid = house_eid("10.2.0.0/24");
	struct lisp_entry *entry;
	uint64_t before;

	house_start();
	house_learn("10.2.0.1", "10.2.0.0/24", 1);
	entry = lisp_map_cache_find(&eid);
	house_forget_sent();
	house_run(54500);
	CHECK_EQ(house_n_sent, 1); /* the TTL is nearly over */
	before = house_sent[0].nonce;
	CHECK(!(house_sent[0].flags & LISP_MREQ_F_SMR_INVOKED));
	CHECK(house_smr("10.2.0.0/24", "10.1.0.0/24") == LISP_OK);
	CHECK_EQ(house_n_sent, 2);
	CHECK(house_sent[1].flags & LISP_MREQ_F_SMR_INVOKED);
	CHECK(house_sent[1].nonce != before);
	/* what answers the other one may be from before the change */
	house_sent[1].nonce = before;
	CHECK(house_answer("10.2.0.0/24", "10.2.0.0/24", 60, true, 0) == LISP_DROP_UNKNOWN_NONCE);
	CHECK(entry->pending);
}

TEST(T_104_an_smr_for_a_prefix_around_what_is_cached_means_all_of_it)
{
	house_start();
	house_learn("10.2.0.1", "10.2.0.0/24", 60);
	house_learn("10.2.7.1", "10.2.7.0/24", 60);
	house_learn("10.3.0.1", "10.3.0.0/24", 60);
	house_run(LISP_ITR_SMR_FLOOR);
	house_forget_sent();
	CHECK(house_smr("10.9.0.0/16", "10.2.0.0/16") == LISP_OK);
	CHECK_EQ(house_asked("10.2.0.0/24"), 1);
	CHECK_EQ(house_asked("10.2.7.0/24"), 1);
	CHECK_EQ(house_n_sent, 2);
	CHECK(house_smr("10.9.0.0/16", "10.4.0.0/16") == LISP_DROP_SMR_NOT_CACHED);
}

TEST(T_295_one_senders_smrs_look_at_their_share_of_the_map_cache_and_no_other)
{
	char prefix[32], host[32];

	house_start();
	for (unsigned int i = 0; i < LISP_SMR_IN_RATE + 200; i++) {
		snprintf(prefix, sizeof(prefix), "10.%u.%u.0/24", 64 + (i >> 8), i & 255);
		snprintf(host, sizeof(host), "10.%u.%u.1", 64 + (i >> 8), i & 255);
		house_learn(host, prefix, 60);
		house_forget_sent();
		house_run(1); /* misses are bounded, too */
	}
	house_run(LISP_ITR_SMR_FLOOR);
	house_forget_sent();
	CHECK(house_smr("10.9.0.0/16", "10.64.0.0/10") == LISP_OK);
	CHECK_EQ(house_n_sent, LISP_SMR_IN_RATE);
	house_forget_sent();
	CHECK(house_smr_of("192.0.2.10", "10.9.0.0/16", "10.68.170.0/24") == LISP_OK);
	CHECK_EQ(house_asked("10.68.170.0/24"), 1);
}

#define SENDERS 17 /* with LISP_SMR_IN_RATE mappings each more than LISP_PENDING_MAX */

static void learn_of_many_senders(void)
{
	char host[32];

	for (unsigned int i = 0; i < SENDERS * LISP_SMR_IN_RATE; i++) {
		snprintf(host, sizeof(host), "10.%u.%u.%u", 64 + i / LISP_SMR_IN_RATE,
			 i % LISP_SMR_IN_RATE >> 8, i % LISP_SMR_IN_RATE & 255);
		house_learn(host, host, 1440);
		house_forget_sent();
		if (i % LISP_MISS_RATE == 0)
			house_run(1000);
	}
	house_run(LISP_ITR_SMR_FLOOR);
}

TEST(T_102_smrs_of_all_senders_together_leave_room_for_packets)
{
	char sender[32], record[32];

	house_start();
	learn_of_many_senders();
	for (unsigned int second = 0; second < 70; second++) {
		for (unsigned int i = 0; i < SENDERS; i++) {
			house_forget_sent();
			snprintf(sender, sizeof(sender), "198.51.100.%u", 1 + i);
			snprintf(record, sizeof(record), "10.%u.0.0/16", 64 + i);
			house_smr_of(sender, "10.9.0.0/16", record);
		}
		CHECK(lisp_pending_count() <= LISP_PENDING_MAX / 2);
		house_forget_sent();
		house_run(1000);
	}
	miss("10.200.0.1");
	CHECK_EQ(house_asked("10.200.0.1"), 1);
}

TEST(T_295_queries_under_way_are_bounded)
{
	char text[32];

	house_start();
	for (unsigned int i = 0; i < LISP_PENDING_MAX + 10; i++) {
		struct lisp_eid eid;

		snprintf(text, sizeof(text), "10.64.%u.%u", i >> 8, i & 255);
		eid = house_eid(text);
		house_forget_sent();
		lisp_itr_recall(&eid);
	}
	CHECK_EQ(lisp_pending_count(), LISP_PENDING_MAX);
}

TEST(a_map_resolver_that_leaves_three_tries_of_the_first_query_is_silent_until_it_answers)
{
	const struct lisp_service *service;
	const struct lisp_map_resolver *mr;

	house_start();
	service = lisp_service_get(0, LISP_IPV4);
	mr = lisp_map_resolver_next(service, NULL);
	miss("10.2.0.1");
	house_run(6000);
	CHECK(mr->unanswered < LISP_MAP_RESOLVER_SILENT);
	house_run(2000);
	CHECK(mr->unanswered >= LISP_MAP_RESOLVER_SILENT);
	miss("10.3.0.1");
	house_answer("10.3.0.1", "10.3.0.0/24", 60, true, 0);
	CHECK_EQ(mr->unanswered, 0);
}

/* ---- a prefix that has become several, or a hole with something in it ---- */

static const struct lisp_entry *found(const char *text)
{
	struct lisp_eid eid = house_eid(text);

	return lisp_map_cache_match(&eid);
}

TEST(T_115_a_prefix_that_has_become_several_goes_when_it_is_asked_for)
{
	house_start();
	house_learn("10.2.1.1", "10.2.0.0/16", 1);
	house_forget_sent();
	house_run(54500);
	CHECK_EQ(house_asked("10.2.0.0/16"), 1);
	/* not what is elsewhere */
	CHECK_EQ(house_answer("10.2.0.0/16", "10.3.0.0/24", 1440, true, 0), LISP_DROP_NOT_COVERED);
	CHECK(found("10.2.1.1"));
	CHECK_EQ(house_answer("10.2.0.0/16", "10.2.0.0/24", 1440, true, 0), LISP_OK);
	CHECK(!found("10.2.1.1"));
	house_learn("10.2.1.1", "10.2.1.0/24", 1440);
	CHECK_EQ(found("10.2.1.1")->state, LISP_ENTRY_ACTIVE);
}

TEST(T_115_so_does_one_of_which_a_part_is_none_now)
{
	house_start();
	house_learn("10.2.1.1", "10.2.0.0/16", 1);
	house_run(54500);
	CHECK_EQ(house_answer("10.2.0.0/16", "10.2.0.0/24", 15, false, LISP_ACT_NATIVELY_FORWARD),
		 LISP_OK);
	CHECK(!found("10.2.1.1"));
}

TEST(T_115_and_one_that_the_dataplane_held)
{
	house_start();
	recalled();
	CHECK_EQ(house_answer("10.2.0.0/24", "10.2.0.0/25", 1440, true, 0), LISP_OK);
	CHECK(!found("10.2.0.1"));
}

TEST(what_a_packet_asked_for_has_no_answer_for_a_part_of_it)
{
	house_start();
	packet();
	CHECK_EQ(house_answer("10.2.0.1", "10.2.0.2/32", 1440, true, 0), LISP_DROP_NOT_COVERED);
	CHECK_EQ(found("10.2.0.1")->state, LISP_ENTRY_PENDING);
}
