// SPDX-License-Identifier: GPL-2.0-or-later
/* Solicit-Map-Requests: who hears of a change. */
#include <zebra.h>

#include "lispd/lisp_answer.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_smr.h"
#include "lispd/lisp_solicit.h"

#include "house.h"

static void local(const char *text, bool there)
{
	struct lisp_eid eid = house_eid(text);

	if (there)
		lisp_database_get(&eid, "RL");
	else
		lisp_database_del(&eid);
	lisp_database_config_changed();
	house_run(200);
}

/* A Map-Request that names an ITR-RLOC is answered. */
static void told_to(const char *text, struct lisp_rx rx, struct ipaddr peer)
{
	struct lisp_header h = { .type = LISP_MAP_REQUEST, .nonce = 7 };
	struct lisp_eid eid = house_eid(text);
	struct lisp_request request = { .mask_len = eid.prefix.prefixlen };
	struct lisp_addr rloc;
	struct lisp_writer w;
	struct lisp_msg msg;
	uint8_t buf[256];

	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_rloc_to_addr(&peer, &rloc);
	lisp_eid_to_addr(&eid, &request.eid);
	lisp_put_header(&w, &h);
	lisp_put_itr_rloc(&w, &rloc);
	lisp_put_request(&w, &request);
	CHECK(lisp_msg_decode(buf, w.len, &msg) == LISP_OK);
	lisp_answer_told(&eid, &rx, &msg, &peer);
}

/* 192.0.2.9 has asked for the prefix, and been told of it. */
static void told(const char *text)
{
	struct ipaddr peer = house_addr("192.0.2.9");

	told_to(text, (struct lisp_rx){ .src = peer }, peer);
}

static void start(void)
{
	struct ipaddr own = house_addr("192.0.2.1");

	house_start();
	lisp_locator_set_locator(lisp_locator_set_get("RL"), &own, NULL, AF_INET, 1, 100, 255, 0);
	local("10.1.0.0/16", true);
	house_forget_sent();
}

TEST(T_150_who_has_a_prefix_hears_of_a_new_one_in_it)
{
	struct ipaddr peer = house_addr("192.0.2.9");

	start();
	told("10.1.0.0/16");
	local("10.1.1.0/24", true);
	CHECK_EQ(house_asked("10.1.1.0/24"), 1);
	CHECK(house_sent[0].flags & LISP_MREQ_F_SMR);
	CHECK(ipaddr_is_same(&house_sent[0].to, &peer));
}

TEST(T_150_and_of_its_end)
{
	start();
	local("10.1.1.0/24", true);
	told("10.1.0.0/16");
	house_forget_sent();
	local("10.1.1.0/24", false);
	CHECK_EQ(house_asked("10.1.1.0/24"), 1);
}

TEST(T_150_who_was_told_a_prefix_hears_that_it_is_gone)
{
	start();
	told("10.1.0.0/16");
	local("10.1.0.0/16", false);
	CHECK_EQ(house_asked("10.1.0.0/16"), 1);
}

TEST(T_150_a_new_prefix_of_its_own_is_nobodys_matter)
{
	start();
	told("10.1.0.0/16");
	local("10.8.0.0/16", true);
	CHECK_EQ(house_n_sent, 0);
}

static const struct lisp_dplane_sender senders[] = {
	{ .rloc = { .ipa_type = IPADDR_V4, .ipaddr_v4.s_addr = 0x090200c0 }, .family = LISP_IPV4 },
	{ .rloc = { .ipa_type = IPADDR_V4, .ipaddr_v4.s_addr = 0x0a0200c0 }, .family = LISP_IPV6 },
	{ .rloc = { .ipa_type = IPADDR_V4, .ipaddr_v4.s_addr = 0x0b0200c0 }, .iid = 7 },
};

TEST(T_150_who_lately_sent_to_the_instance_and_family_hears_of_a_change)
{
	struct ipaddr sender = house_addr("192.0.2.9");

	start();
	house_senders = senders;
	house_n_senders = array_size(senders);
	local("10.1.0.0/16", false);
	CHECK_EQ(house_n_sent, 1);
	CHECK_EQ(house_asked("10.1.0.0/16"), 1);
	CHECK(house_sent[0].flags & LISP_MREQ_F_SMR);
	CHECK(ipaddr_is_same(&house_sent[0].to, &sender));
}

TEST(T_150_changes_while_senders_are_asked_for_are_told_too)
{
	struct lisp_eid more = house_eid("10.1.1.0/24"), other = house_eid("10.1.2.0/24");

	start();
	house_senders = senders;
	house_n_senders = 1;
	lisp_database_get(&more, "RL");
	lisp_database_config_changed();
	house_run(0);
	lisp_database_get(&other, "RL");
	lisp_database_config_changed();
	house_run(4000);
	CHECK(house_asked("10.1.1.0/24") && house_asked("10.1.2.0/24"));
}

static void stray(const char *text, const char *from)
{
	struct lisp_eid eid = house_eid(text), source = house_eid("10.9.0.9/32");
	struct ipaddr rloc = house_addr(from);

	lisp_solicit_stray(&eid, &source, &rloc);
	house_run(50);
}

TEST(T_150_who_sends_to_an_eid_that_is_not_ours_is_told_once_in_3_s)
{
	struct lisp_eid eid = house_eid("10.8.0.8/32");
	struct ipaddr sender = house_addr("192.0.2.9");

	start();
	for (unsigned int i = 0; i < 20; i++)
		stray("10.8.0.8/32", "192.0.2.9");
	CHECK_EQ(house_n_sent, 1);
	CHECK(house_sent[0].flags & LISP_MREQ_F_SMR);
	CHECK(ipaddr_is_same(&house_sent[0].to, &sender));
	/* the sender looks for the Source-EID, as the record is his own */
	CHECK(lisp_eid_same(&house_sent[0].source, &eid));
	CHECK_EQ(house_asked("10.9.0.9/32"), 1);

	house_run(20000);
	CHECK_EQ(house_n_sent, 1);
	stray("10.8.0.8/32", "192.0.2.9");
	CHECK_EQ(house_n_sent, 2);
}

TEST(T_151_strangers_share_what_their_stray_packets_can_cause)
{
	char from[32];

	start();
	house_learn("10.7.0.7/32", "10.7.0.0/16", 1440);
	house_forget_sent();
	for (unsigned int i = 0; i < 1000; i++) {
		struct lisp_eid eid = house_eid("10.8.0.8/32");
		struct ipaddr rloc;

		snprintf(from, sizeof(from), "198.51.%u.%u", 100 + i / 200, 1 + i % 200);
		rloc = house_addr(from);
		lisp_solicit_stray(&eid, &eid, &rloc);
	}
	house_run(50);
	CHECK_EQ(house_n_sent, 100);
	/* whose mapping we have has a share of his own */
	stray("10.8.0.8/32", "192.0.2.9");
	CHECK_EQ(house_n_sent, 101);
}

TEST(T_152_no_request_of_another_ends_an_smr)
{
	struct lisp_rx ecm = { .src = house_addr("203.0.113.9"), .ecm = true };
	struct ipaddr peer = house_addr("192.0.2.9");

	start();
	told("10.1.0.0/16");
	local("10.1.1.0/24", true);
	told_to("10.1.1.0/24", ecm, peer);
	house_run(3100);
	CHECK_EQ(house_asked("10.1.1.0/24"), 2);
	told("10.1.1.0/24");
	house_run(10000);
	CHECK_EQ(house_asked("10.1.1.0/24"), 2);
}

static bool heard(const char *text)
{
	struct ipaddr peer = house_addr(text);
	bool found = false;

	for (unsigned int i = 0; i < house_n_sent; i++)
		found |= ipaddr_is_same(&house_sent[i].to, &peer);
	return found;
}

TEST(T_150_requests_that_name_thousands_of_rlocs_push_no_known_one_out)
{
	struct ipaddr rloc = { .ipa_type = IPADDR_V4 };

	start();
	/* its mapping is here, but has not been used for a minute */
	house_learn("10.7.0.7/32", "10.7.0.0/16", 1440);
	told("10.1.0.0/16");
	house_run(130000);
	for (uint32_t i = 0; i < 10000; i++) {
		rloc.ipaddr_v4.s_addr = htonl(0xc6330000 + i);
		told_to("10.1.0.0/16", (struct lisp_rx){ .src = rloc }, rloc);
	}
	house_forget_sent();
	local("10.1.1.0/24", true);
	CHECK(heard("192.0.2.9"));
}

TEST(T_150_who_was_told_long_ago_makes_room_for_who_is_told_now)
{
	struct ipaddr peer = house_addr("192.0.2.10");
	char text[32];

	start();
	house_learn("10.7.0.7/32", "10.7.0.0/16", 1440);
	lisp_instance_find(0)->service[LISP_IPV4].etr_ttl = 1;
	for (unsigned int i = 0; i < LISP_SMR_HOLDERS_MAX; i++) {
		snprintf(text, sizeof(text), "10.%u.%u.0/24", 64 + (i >> 8), i & 255);
		told(text);
	}
	house_run(61000);
	told_to("10.1.0.0/16", (struct lisp_rx){ .src = peer }, peer);
	house_forget_sent();
	local("10.1.1.0/24", true);
	CHECK(heard("192.0.2.10"));
}

static void flood(void)
{
	struct lisp_eid eid = house_eid("10.8.0.0/32");
	struct ipaddr rloc = house_addr("192.0.2.9");

	for (uint32_t i = 0; i < LISP_SMR_MAX + 100; i++) {
		eid.prefix.u.prefix4.s_addr = htonl(0x0a080000 + i);
		lisp_solicit_stray(&eid, &eid, &rloc);
	}
}

TEST(T_151_stray_packets_use_up_no_rate_of_changes)
{
	struct lisp_eid changed;
	unsigned int told_of = 0;

	start();
	house_learn("10.7.0.7/32", "10.7.0.0/16", 1440);
	told("10.1.0.0/16");
	house_forget_sent();
	flood();
	house_run(50);
	CHECK(heard("192.0.2.9"));
	flood();
	house_forget_sent();
	changed = house_eid("10.1.1.0/32"); /* a Source-EID has no length */
	local("10.1.1.0/24", true);
	for (unsigned int i = 0; i < house_n_sent; i++)
		told_of += lisp_eid_same(&house_sent[i].source, &changed);
	CHECK_EQ(told_of, 1);
}

TEST(T_151_stray_packets_from_known_rlocs_leave_room_for_changes)
{
	struct ipaddr rloc = { .ipa_type = IPADDR_V4 };
	struct lisp_eid eid = house_eid("10.8.0.0/32");

	start();
	house_learn("10.7.0.7/32", "10.7.0.0/16", 1440);
	told("10.1.0.0/16");
	for (uint32_t i = 0; i < 3 * LISP_SMR_MAX; i++) {
		rloc.ipaddr_v4.s_addr = htonl(0xc6330000 + i);
		lisp_rloc_get(&rloc);
		lisp_solicit_stray(&eid, &eid, &rloc);
		if (i % 1024 == 1023)
			house_run(50);
		house_forget_sent();
	}
	local("10.1.1.0/24", true);
	CHECK(heard("192.0.2.9"));
}

TEST(T_151_stray_packets_that_must_wait_are_forgotten)
{
	start();
	house_learn("10.7.0.7/32", "10.7.0.0/16", 1440);
	house_forget_sent();
	flood();
	house_run(50);
	CHECK_EQ(house_n_sent, LISP_SMR_BURST);
	house_run(3000);
	CHECK_EQ(house_n_sent, LISP_SMR_BURST);
	/* who goes on is told again */
	flood();
	house_run(50);
	CHECK(house_n_sent > LISP_SMR_BURST);
}
