// SPDX-License-Identifier: GPL-2.0-or-later
/* Solicit-Map-Requests: who hears of a change. */
#include <zebra.h>

#include "lispd/lisp_answer.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_msg.h"

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

/* 192.0.2.9 has been told of the prefix. */
static void told(const char *text)
{
	struct lisp_header h = { .type = LISP_MAP_REQUEST, .nonce = 7 };
	struct lisp_eid eid = house_eid(text);
	struct lisp_request request = { .mask_len = eid.prefix.prefixlen };
	struct ipaddr peer = house_addr("192.0.2.9");
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
	lisp_answer_told(&eid, &msg, &peer);
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

TEST(T_150_a_new_prefix_of_its_own_is_nobodys_matter)
{
	start();
	told("10.1.0.0/16");
	local("10.8.0.0/16", true);
	CHECK_EQ(house_n_sent, 0);
}
