// SPDX-License-Identifier: GPL-2.0-or-later
/* Solicit-Map-Requests: which come first when there are many, and which are none. */
#include <zebra.h>

#include "lispd/lisp_answer.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_solicit.h"

#include "house.h"

#define MANY 300
#define PEER "192.0.2.9"

static const char *many(unsigned int i)
{
	static char text[32];

	snprintf(text, sizeof(text), "10.1.%u.%u/32", i / 256, i % 256);
	return text;
}

static void locals(bool there)
{
	struct lisp_eid eid;

	for (unsigned int i = 0; i < MANY; i++) {
		eid = house_eid(many(i));
		if (there)
			lisp_database_get(&eid, "RL");
		else
			lisp_database_del(&eid);
	}
	lisp_database_config_changed();
	house_run(200);
}

/* The peer has asked for the prefix, and been answered. */
static void told(const char *text)
{
	struct lisp_header h = { .type = LISP_MAP_REQUEST, .nonce = 7 };
	struct lisp_eid eid = house_eid(text);
	struct lisp_request request = { .mask_len = eid.prefix.prefixlen };
	struct ipaddr peer = house_addr(PEER);
	struct lisp_rx rx = { .src = peer };
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

/* What an SMR says that changed; a Source-EID has no length. */
static bool of(unsigned int sent, unsigned int i)
{
	struct lisp_eid eid = house_eid(many(i));

	return lisp_eid_same(&house_sent[sent].source, &eid);
}

static unsigned int told_of(unsigned int i)
{
	unsigned int n = 0;

	for (unsigned int sent = 0; sent < house_n_sent; sent++)
		n += of(sent, i);
	return n;
}

/* With a mapping of the peer that is in use. */
static void start(bool long_ago)
{
	struct ipaddr own = house_addr("192.0.2.1");

	house_start();
	lisp_locator_set_locator(lisp_locator_set_get("RL"), &own, NULL, AF_INET, 1, 100, 255, 0);
	if (long_ago)
		house_run(LISP_SMR_BEFORE * 1000);
	locals(true);
	house_learn("10.7.0.7/32", "10.7.0.0/16", 1440);
	house_forget_sent();
}

TEST(T_150_who_was_never_told_a_prefix_does_not_hear_of_it)
{
	start(true);
	told(many(200));
	locals(false);
	house_run(60000);
	CHECK_EQ(told_of(200), LISP_SMR_TRIES);
	CHECK_EQ(house_n_sent, LISP_SMR_TRIES);
}

TEST(T_150_but_may_have_been_told_before_our_start)
{
	start(false);
	told(many(200));
	locals(false);
	house_run(60000);
	CHECK(house_n_sent > 60);
}

TEST(T_150_or_by_a_map_server_that_replies_for_us)
{
	struct ipaddr server = house_addr("192.0.2.3");

	start(true);
	lisp_map_server_get(&lisp_instance_find(0)->service[LISP_IPV4], &server)->proxy_reply = true;
	told(many(200));
	locals(false);
	house_run(60000);
	CHECK(house_n_sent > 60);
}

TEST(T_150_or_by_another_xtr_of_the_site)
{
	struct ipaddr other = house_addr("192.0.2.5");

	start(true);
	lisp_locator_set_locator(lisp_locator_set_get("RL"), &other, NULL, AF_INET, 1, 100, 255, 0);
	lisp_database_config_changed();
	house_run(3000);
	told(many(200));
	locals(false);
	house_run(60000);
	CHECK(house_n_sent > 60);
}

TEST(T_150_nor_does_who_never_asks_us_have_what_it_has_from_us)
{
	start(true);
	locals(false);
	house_run(60000);
	CHECK(house_n_sent > 60);
}

TEST(T_151_what_was_asked_for_comes_before_what_a_peer_may_have)
{
	start(false);
	told(many(200));
	locals(false);
	CHECK(of(0, 200));
	house_run(30000);
	/* also when it was not answered */
	CHECK_EQ(told_of(200), LISP_SMR_TRIES);
	CHECK(house_n_sent > 30);
}

TEST(T_151_what_was_asked_for_last_comes_first)
{
	start(true);
	for (unsigned int i = 0; i < MANY; i++)
		told(many(i));
	house_run(5000);
	told(many(123));
	locals(false);
	CHECK(of(0, 123));
}

TEST(T_151_all_are_told_once_before_one_is_told_again)
{
	start(true);
	for (unsigned int i = 0; i < MANY; i++)
		told(many(i));
	locals(false);
	house_run(MANY * 1000);
	CHECK(house_n_sent <= LISP_SMR_BURST + MANY + 1);
	for (unsigned int i = 0; i < MANY; i++)
		CHECK(told_of(i) >= 1);
}

TEST(T_151_those_that_wait_can_be_seen)
{
	const struct lisp_solicited *peer;

	start(false);
	told(many(200));
	locals(false);
	peer = lisp_solicited_after(NULL);
	CHECK(peer && !lisp_solicited_after(&peer->rloc));
	CHECK_EQ(lisp_solicited_waiting(peer), MANY - LISP_SMR_BURST);
	CHECK_EQ(peer->smrs, MANY);
	CHECK_EQ(peer->asked, 0);
}
