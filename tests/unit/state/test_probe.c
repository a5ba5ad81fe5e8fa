// SPDX-License-Identifier: GPL-2.0-or-later
/* RLOC-probing (RFC 9301 section 7.1) of 192.0.2.9, the locator of what house_learn() learns. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "if.h"
#include "monotime.h"
#include "vrf.h"

#include "lispd/lisp_database.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_pending.h"
#include "lispd/lisp_probe.h"
#include "lispd/lisp_rloc.h"

#include "house.h"

#define PEER "192.0.2.9"

static struct lisp_entry *entry;

static void start(bool probing)
{
	struct ipaddr own = house_addr("192.0.2.1"), peer = house_addr(PEER);
	struct lisp_eid local = house_eid("10.1.0.0/16"), remote = house_eid("10.2.0.0/16");

	house_start();
	lisp_locator_set_locator(lisp_locator_set_get("RL"), &own, NULL, AF_INET, 1, 100, 255, 0);
	lisp_database_get(&local, "RL");
	lisp_database_config_changed();
	house_learn("10.2.0.1", "10.2.0.0/16", 1440);
	entry = lisp_map_cache_find(&remote);
	lisp_rloc_nexthop_update(&peer, true, 1);
	house_run(50);
	house_forget_sent();
	lisp.rloc_probing = probing;
	lisp_probe_config_changed();
}

static void start_with_first_probe(void)
{
	start(true);
	while (!house_n_sent)
		house_run(50);
	CHECK_EQ(house_n_sent, 1);
}

static enum lisp_rloc_state state(void)
{
	struct ipaddr peer = house_addr(PEER);

	return lisp_rloc_find(&peer)->state;
}

/* Time passes, the mapping stays in use. */
static void run_in_use(unsigned int seconds)
{
	while (seconds--) {
		entry->used = monotime(NULL);
		house_run(1000);
	}
}

/* R of PEER in its answers, and where they come from. */
static bool reach = true;
static const char *answers_from = PEER;

/* A Map-Reply to the last probe: p of two locators, of which PEER is the second. */
static enum lisp_drop answer(uint32_t flags, bool first, bool second)
{
	struct lisp_mapping mapping = { .eid = entry->mapping.eid,
					.ttl = 1440,
					.authoritative = true };
	struct lisp_locator loc = { .priority = 1, .weight = 100, .reach = true };
	struct ipaddr from = house_addr(answers_from);

	CHECK(house_n_sent > 0);
	loc.addr = house_addr("192.0.2.8");
	loc.probed = first;
	lisp_mapping_add(&mapping, &loc);
	loc.addr = house_addr(PEER);
	loc.probed = second;
	loc.reach = reach;
	lisp_mapping_add(&mapping, &loc);
	return house_reply(&house_sent[house_n_sent - 1], &from, flags, &mapping);
}

static enum lisp_drop answer_well(void)
{
	return answer(LISP_MREP_F_PROBE, false, true);
}

TEST(T_105_T_063_a_probe_goes_to_the_rloc_in_the_clear_without_source_eid)
{
	struct ipaddr peer = house_addr(PEER);

	start(true);
	run_in_use(2);
	CHECK(house_n_sent > 0);
	CHECK(ipaddr_is_same(&house_sent[0].to, &peer));
	CHECK(!house_sent[0].ecm);
	CHECK(CHECK_FLAG(house_sent[0].flags, LISP_MREQ_F_PROBE));
	CHECK_EQ(house_sent[0].source.prefix.family, 0);
	CHECK(lisp_eid_same(&house_sent[0].eid, &entry->mapping.eid));
}

TEST(without_configuration_or_traffic_nothing_is_probed)
{
	start(false);
	run_in_use(60);
	CHECK_EQ(house_n_sent, 0);
	lisp.rloc_probing = true;
	lisp_probe_config_changed();
	run_in_use(2);
	CHECK_EQ(answer_well(), LISP_OK);
	house_run((LISP_MAP_CACHE_IN_USE + 60) * 1000);
	house_forget_sent();
	house_run(60000);
	CHECK_EQ(house_n_sent, 0);
	CHECK(state() == LISP_RLOC_UP);
}

TEST(T_106_probes_have_jitter)
{
	int64_t at, gap, least = INT64_MAX, most = 0;

	start(true);
	run_in_use(2);
	for (int i = 0; i < 20; i++) {
		CHECK_EQ(answer_well(), LISP_OK);
		at = house_sent[house_n_sent - 1].at;
		house_forget_sent();
		while (!house_n_sent)
			run_in_use(1);
		gap = house_sent[0].at - at;
		least = MIN(least, gap);
		most = MAX(most, gap);
	}
	CHECK(least >= LISP_PROBE_INTERVAL * 3 / 4 && most <= LISP_PROBE_INTERVAL * 5 / 4 + 1000);
	CHECK(most - least > 1000);
}

TEST(T_107_three_lost_probes_take_an_rloc_down_and_an_answer_brings_it_back)
{
	struct ipaddr peer = house_addr(PEER);
	int64_t first;

	start(true);
	run_in_use(2);
	CHECK_EQ(answer_well(), LISP_OK);
	CHECK(lisp_rloc_find(&peer)->probe_rtt > 0);
	house_forget_sent();
	while (!house_n_sent)
		run_in_use(1);
	first = house_sent[0].at;
	run_in_use(5);
	CHECK_EQ(house_n_sent, LISP_PROBE_TRIES);
	CHECK_EQ(house_sent[1].at - first, 1000);
	CHECK_EQ(house_sent[2].at - first, 3000);
	CHECK(state() == LISP_RLOC_UP);
	run_in_use(3);
	CHECK(state() == LISP_RLOC_SILENT);

	/* ever slower, one at a time */
	house_forget_sent();
	run_in_use(200);
	CHECK(house_asked("10.2.0.0/16") >= 4);
	for (unsigned int i = 2; i < house_n_sent; i++)
		if (CHECK_FLAG(house_sent[i].flags, LISP_MREQ_F_PROBE))
			CHECK(house_sent[i].at - house_sent[i - 1].at > 0);
	while (!CHECK_FLAG(house_sent[house_n_sent - 1].flags, LISP_MREQ_F_PROBE) ||
	       house_sent[house_n_sent - 1].at < house_now() - 900)
		run_in_use(1);
	CHECK_EQ(answer_well(), LISP_OK);
	CHECK(state() == LISP_RLOC_UP);
}

/* The answer to the first probe is none: the other two are sent, and then it is down. */
static void answer_is_none(enum lisp_drop why, bool first, bool second)
{
	start_with_first_probe();
	CHECK_EQ(answer(LISP_MREP_F_PROBE, first, second), why);
	run_in_use(5);
	CHECK_EQ(house_n_sent, LISP_PROBE_TRIES);
	CHECK(state() == LISP_RLOC_UP);
	run_in_use(3);
	CHECK(state() == LISP_RLOC_SILENT);
}

static void goes_down_without_answer(void)
{
	run_in_use(30);
	CHECK(state() == LISP_RLOC_SILENT);
}

TEST(T_107_a_probe_that_never_left_is_not_lost)
{
	struct ipaddr peer = house_addr(PEER);

	start(true);
	house_cannot_send = true;
	run_in_use(60);
	CHECK(state() == LISP_RLOC_UP);
	CHECK_EQ(lisp_rloc_find(&peer)->probes_sent, 0);
	house_cannot_send = false;
	goes_down_without_answer();
}

TEST(T_107_nor_are_three_of_which_the_last_two_never_left)
{
	start_with_first_probe();
	house_cannot_send = true;
	run_in_use(60);
	CHECK(state() == LISP_RLOC_UP);
}

TEST(T_107_while_no_own_locator_is_up_no_probe_is_lost)
{
	struct interface *ifp = if_get_by_name("eth0", VRF_DEFAULT, VRF_DEFAULT_NAME);
	struct ipaddr peer = house_addr(PEER);

	start(true);
	ifp->flags &= ~IFF_RUNNING;
	lisp_rloc_addresses_changed();
	run_in_use(60);
	CHECK(IS_IPADDR_NONE(&lisp_rloc_find(&peer)->source));
	CHECK(state() == LISP_RLOC_UP);
	ifp->flags |= IFF_RUNNING;
	lisp_rloc_addresses_changed();
	goes_down_without_answer();
}

TEST(T_108_an_answer_counts_for_the_first_locator_with_p)
{
	answer_is_none(LISP_DROP_PROBE_OTHER_RLOC, true, true);
}

TEST(T_108_an_answer_without_r_says_not_to_use_it)
{
	reach = false;
	answer_is_none(LISP_DROP_PROBE_NO_REACH, false, true);
}

TEST(T_108_an_answer_without_p_from_elsewhere_says_nothing)
{
	answers_from = "192.0.2.8";
	answer_is_none(LISP_DROP_PROBE_OTHER_RLOC, false, false);
}

TEST(T_108_the_next_try_can_be_answered_well)
{
	start_with_first_probe();
	answer(LISP_MREP_F_PROBE, true, false);
	run_in_use(2);
	CHECK_EQ(house_n_sent, 2);
	CHECK_EQ(answer_well(), LISP_OK);
	run_in_use(7);
	CHECK(state() == LISP_RLOC_UP);
}

TEST(T_108_an_answer_without_p_counts_for_who_gave_it)
{
	struct ipaddr peer = house_addr(PEER);

	start(true);
	run_in_use(2);
	CHECK_EQ(answer(LISP_MREP_F_PROBE, false, false), LISP_OK);
	CHECK(state() == LISP_RLOC_UP && lisp_rloc_find(&peer)->probe_rtt > 0);
}

TEST(what_does_not_answer_a_probe_is_a_counted_drop)
{
	start(true);
	run_in_use(2);
	CHECK_EQ(answer(0, false, true), LISP_DROP_NOT_A_PROBE);
}
