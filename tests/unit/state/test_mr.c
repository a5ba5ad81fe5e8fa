// SPDX-License-Identifier: GPL-2.0-or-later
/* The Map-Resolver: what goes onto the ALT, and what comes from there. */
#include <zebra.h>

#include <string.h>

#include "lispd/lisp_alt_rib.h"
#include "lispd/lisp_forward.h"
#include "lispd/lisp_ip.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_mr.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_rx.h"

#include "house.h"

static uint8_t sent[9000];
static size_t sent_len;
static uint16_t sent_port;

static int alt_send(const struct lisp_eid *eid, const struct ipaddr *itr_rloc, uint16_t sport,
		    const uint8_t *msg, size_t len)
{
	memcpy(sent, msg, len);
	sent_len = len;
	sent_port = sport;
	return 0;
}

static void start(void)
{
	struct lisp_eid learned = house_eid("10.7.0.0/16");

	house_start();
	lisp_mr_init();
	lisp_instance_find(0)->service[LISP_IPV4].map_resolver = true;
	lisp_instance_config_changed(true);
	lisp_alt_rib_set(0, LISP_IPV4, true);
	lisp_alt_rib_up(0, LISP_IPV4, true);
	lisp_alt_rib_route(&learned, true);
	lisp_forward_set_alt(alt_send);
}

static size_t request_for(const char *name, uint8_t *buf, size_t size, unsigned int records)
{
	struct lisp_header h = { .type = LISP_MAP_REQUEST, .nonce = 0x1122334455667788 };
	struct lisp_request record = { .mask_len = 32 };
	struct ipaddr itr = house_addr("192.0.2.9");
	struct lisp_eid eid = house_eid(name);
	struct lisp_addr rloc;
	struct lisp_writer w;

	lisp_writer_init(&w, buf, size);
	lisp_rloc_to_addr(&itr, &rloc);
	lisp_eid_to_addr(&eid, &record.eid);
	lisp_put_header(&w, &h);
	lisp_put_itr_rloc(&w, &rloc);
	while (records--)
		lisp_put_request(&w, &record);
	CHECK(!w.overflow);
	return w.len;
}

static size_t request(uint8_t *buf, size_t size, unsigned int records)
{
	return request_for("10.7.1.1", buf, size, records);
}

TEST(T_217_nonce_and_octets_are_on_the_alt_as_they_were_in_the_ecm)
{
	struct ipaddr itr = house_addr("192.0.2.9"), eid = house_addr("10.7.1.1");
	struct lisp_rx rx = { .src = itr, .dst = house_addr("192.0.2.1"), .sport = 4342 };
	uint8_t octets[256], ecm[512];
	struct lisp_writer w;
	size_t len;

	start();
	len = request(octets, sizeof(octets), 1);
	octets[1] |= 0x2f; /* bits that we do not know */
	octets[2] |= 0x80;
	lisp_writer_init(&w, ecm, sizeof(ecm));
	lisp_ecm_encode(&w, 0, &itr, &eid, 50000, 4342, octets, len);
	CHECK(!w.overflow);
	rx.data = ecm;
	rx.len = w.len;
	lisp_rx(&rx);
	CHECK_OCTETS(sent, sent_len, octets, len);
	CHECK_EQ(sent_port, 50000);
}

/* The ALT's device may be set to a larger MTU than any message of ours has. */
TEST(what_is_longer_than_any_message_is_refused)
{
	struct lisp_rx rx = { .src = house_addr("192.0.2.9"),
			      .dst = house_addr("10.7.1.1"),
			      .sport = 4342,
			      .dport = 4342,
			      .alt = true };
	static uint8_t octets[LISP_MSG_MAX + 36];

	start();
	request(octets, sizeof(octets), 2);
	rx.data = octets;
	rx.len = sizeof(octets);
	lisp_rx(&rx);
	CHECK_EQ(lisp_stats_get_drop(LISP_DROP_BAD_LENGTH), 1);
	CHECK_EQ(house_n_sent, 0);
}

/* An ITR's question about 10.8.1.1, which nobody here knows, in an ECM with a flag. */
static void ask_in_ecm(uint32_t flag)
{
	struct ipaddr itr = house_addr("192.0.2.9"), eid = house_addr("10.8.1.1");
	struct lisp_rx rx = { .src = itr, .dst = house_addr("192.0.2.1"), .sport = 4342 };
	uint8_t octets[256], ecm[512];
	struct lisp_writer w;
	size_t len = request_for("10.8.1.1", octets, sizeof(octets), 1);

	lisp_writer_init(&w, ecm, sizeof(ecm));
	lisp_ecm_encode(&w, flag, &itr, &eid, 50000, 4342, octets, len);
	rx.data = ecm;
	rx.len = w.len;
	lisp_rx(&rx);
}

TEST(T_221_what_nobody_here_knows_goes_to_the_map_server_in_an_ecm_with_m)
{
	struct ipaddr ms = house_addr("192.0.2.7");

	start();
	lisp_instance_find(0)->service[LISP_IPV4].mr_map_server = ms;
	lisp_instance_config_changed(true);
	ask_in_ecm(0);
	CHECK_EQ(house_n_sent, 1);
	CHECK(ipaddr_is_same(&house_sent[0].to, &ms));
	CHECK_EQ(house_sent[0].nonce, 0x1122334455667788);
	CHECK_EQ(house_sent[0].ecm_flags, LISP_ECM_F_TO_MS);

	/* Two Map-Resolvers that name each other would go on for ever. */
	house_forget_sent();
	ask_in_ecm(LISP_ECM_F_TO_MS);
	CHECK_EQ(house_asked("10.8.1.1"), 0);
}

/* ---- what bgpd has lost ---- */

static struct lisp_mapping replied;

/* An ITR's question; true: there is a negative Map-Reply, which is in replied. */
static bool negative(const char *name)
{
	struct ipaddr itr = house_addr("192.0.2.9"), eid = house_addr(name);
	struct lisp_rx rx = { .src = itr, .dst = house_addr("192.0.2.1"), .sport = 4342 };
	uint8_t octets[256], ecm[512];
	struct lisp_record record;
	struct lisp_cursor c;
	struct lisp_writer w;
	struct lisp_msg msg;
	size_t len = request_for(name, octets, sizeof(octets), 1);

	house_reply_len = 0;
	lisp_writer_init(&w, ecm, sizeof(ecm));
	lisp_ecm_encode(&w, 0, &itr, &eid, 50000, 4342, octets, len);
	rx.data = ecm;
	rx.len = w.len;
	lisp_rx(&rx);
	if (!house_reply_len)
		return false;
	CHECK(lisp_msg_decode(house_reply_octets, house_reply_len, &msg) == LISP_OK);
	c = lisp_msg_records(&msg);
	CHECK(lisp_record_next(&c, &record));
	lisp_mapping_fini(&replied);
	CHECK(lisp_mapping_from_record(&record, &replied, NULL) == LISP_OK);
	return !replied.n_locators;
}

TEST(T_237_what_is_lisp_but_out_of_reach_gets_a_short_negative_answer)
{
	struct lisp_eid lost = house_eid("10.7.0.0/16"), there = house_eid("10.7.64.0/24");
	struct lisp_eid other = house_eid("10.9.0.0/16"), left = house_eid("10.7.0.0/18");

	start();
	lisp_alt_rib_route(&there, true);
	lisp_alt_rib_route(&other, true);
	house_run(200000);
	lisp_alt_rib_route(&lost, false);
	/* it may be a restart, of which no ITR need know */
	CHECK(!negative("10.7.1.1"));
	house_run((LISP_ALT_LOST_SILENT - 1) * 1000);
	CHECK(!negative("10.7.1.1"));
	house_run(1000);
	CHECK(negative("10.7.1.1"));
	CHECK_EQ(replied.ttl, 1);
	CHECK_EQ(replied.action, LISP_ACT_NATIVELY_FORWARD);
	/* not what is in it and is there */
	CHECK(lisp_eid_same(&replied.eid, &left));
	house_run(LISP_ALT_RETURN * 1000);
	CHECK(negative("10.7.1.1"));
	CHECK_EQ(replied.ttl, LISP_TTL_NOT_AN_EID);
}

TEST(T_237_what_came_back_gets_none)
{
	struct lisp_eid lost = house_eid("10.7.0.0/16");

	start();
	lisp_alt_rib_route(&lost, false);
	house_run(LISP_ALT_LOST_SILENT * 1000);
	lisp_alt_rib_route(&lost, true);
	sent_len = 0;
	CHECK(!negative("10.7.1.1"));
	CHECK(sent_len > 0);
}

/* ---- refreshes ---- */

static unsigned int on_alt;

static int alt_count(const struct lisp_eid *eid, const struct ipaddr *itr_rloc, uint16_t sport,
		     const uint8_t *msg, size_t len)
{
	on_alt++;
	return 0;
}

/* A mapping that was asked for over the ALT, and is in use near its end. */
static void refresh(bool map_resolver, bool up)
{
	struct lisp_service *service;
	struct ipaddr resolver = house_addr("192.0.2.2"), peer = house_addr("192.0.2.9");
	struct lisp_eid cached = house_eid("10.8.0.0/16");
	struct lisp_map_resolver *mr;

	start();
	service = &lisp_instance_find(0)->service[LISP_IPV4];
	mr = lisp_map_resolver_find(service, &resolver);
	house_learn("10.8.1.1", "10.8.0.0/16", 1);
	if (!map_resolver)
		lisp_map_resolver_free(&mr);
	lisp_rloc_nexthop_update(&peer, up, 1);
	lisp_alt_rib_route(&cached, true);
	lisp_forward_set_alt(alt_count);
	house_forget_sent();
	house_run(59000);
	CHECK(house_n_sent + on_alt >= 3);
}

TEST(T_240_a_refresh_does_not_go_onto_the_alt)
{
	struct ipaddr peer = house_addr("192.0.2.9");

	refresh(false, true);
	CHECK_EQ(on_alt, 0);
	for (unsigned int i = 0; i < house_n_sent; i++)
		CHECK(ipaddr_is_same(&house_sent[i].to, &peer) && !house_sent[i].ecm);
}

TEST(T_240_but_to_a_map_resolver_when_the_rloc_does_not_answer)
{
	struct ipaddr resolver = house_addr("192.0.2.2");

	refresh(true, true);
	CHECK_EQ(on_alt, 0);
	CHECK(!house_sent[0].ecm && !house_sent[1].ecm && house_sent[2].ecm);
	CHECK(ipaddr_is_same(&house_sent[2].to, &resolver));
}

TEST(T_240_a_mapping_without_an_rloc_is_looked_up_anew)
{
	refresh(false, false);
	CHECK(on_alt >= 3);
}
