// SPDX-License-Identifier: GPL-2.0-or-later
/* A site of two xTRs: what each says of the other, and which of them a Map-Server asks. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "if.h"
#include "vrf.h"

#include "lispd/lisp_ask.h"
#include "lispd/lisp_auth.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_ip.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_ms.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_register.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_rx.h"

#include "house.h"

#define OWN   "192.0.2.1"
#define OTHER "192.0.1.2" /* below OWN */

/* ---- the xTR ---- */

static struct lisp_locator_set *site(void)
{
	struct ipaddr own = house_addr(OWN), other = house_addr(OTHER);
	struct lisp_locator_set *set;
	struct lisp_eid eid = house_eid("10.3.0.0/24");

	house_start();
	set = lisp_locator_set_get("RL");
	lisp_locator_set_locator(set, &own, NULL, AF_INET, 1, 50, 255, 0);
	lisp_locator_set_locator(set, &other, NULL, AF_INET, 1, 50, 255, 0);
	lisp_database_get(&eid, "RL");
	lisp_database_config_changed();
	house_run(50);
	return set;
}

static struct lisp_locator locator(const char *address)
{
	struct lisp_eid eid = house_eid("10.3.0.0/24");
	struct ipaddr addr = house_addr(address);
	struct lisp_locator *found, copy;
	struct lisp_mapping mapping;

	lisp_database_mapping(lisp_database_find(&eid), &mapping);
	found = lisp_mapping_find(&mapping, &addr);
	CHECK(found);
	copy = *found;
	lisp_mapping_fini(&mapping);
	return copy;
}

static unsigned int changes;

static int count_changes(void)
{
	changes++;
	return 0;
}

/* zebra's word about the route to it. */
static void route(const char *address, bool there)
{
	struct ipaddr addr = house_addr(address);

	lisp_rloc_nexthop_update(&addr, there, there);
	house_run(50);
}

TEST(T_129_the_other_xtrs_locator_has_R_by_the_route_to_it_and_no_L)
{
	site();
	hook_register(lisp_database_changed, count_changes);
	CHECK(locator(OWN).local && locator(OWN).reach);
	CHECK(!locator(OTHER).local && !locator(OTHER).reach);
	route(OTHER, true);
	CHECK(!locator(OTHER).local && locator(OTHER).reach);
	CHECK_EQ(changes, 1);
	route(OTHER, false);
	CHECK(!locator(OTHER).reach);
	CHECK_EQ(changes, 2);
	hook_unregister(lisp_database_changed, count_changes);
}

TEST(the_other_xtrs_address_is_no_source_and_no_itr_rloc)
{
	struct ipaddr own = house_addr(OWN), source;
	struct lisp_writer w;
	uint8_t buf[512];

	site();
	route(OTHER, true);
	lisp_writer_init(&w, buf, sizeof(buf));
	CHECK_EQ(lisp_ask_put_rlocs(&w), 1);
	CHECK(lisp_rloc_own(AF_INET, &source) && ipaddr_is_same(&source, &own));
}

/* What has left this system is not reached by whatever default route there is. */
TEST(T_129_an_address_that_left_this_system_has_no_R_until_it_is_back)
{
	struct ipaddr own = house_addr(OWN);

	site();
	house_address("eth0", OWN "/24", false);
	lisp_rloc_addresses_changed();
	route(OWN, true);
	CHECK(!locator(OWN).reach);
	/* for others that have it in a mapping it is an RLOC as any */
	CHECK(lisp_rloc_up(lisp_rloc_find(&own)));
	house_own_address(OWN "/24");
	lisp_rloc_addresses_changed();
	house_run(50);
	CHECK(locator(OWN).local && locator(OWN).reach);
}

/* ---- merging: the xTR ---- */

#define SECRET "secret"
#define MS     "192.0.2.3"

static uint8_t xtr_id; /* of the sender, its last octet; 0: it has none */

/* Signs a message of the kind and nonce with one record, and decodes it. */
static void message(uint8_t type, uint32_t flags, uint64_t nonce, const struct lisp_mapping *mapping,
		    uint8_t *buf, size_t size, struct lisp_msg *msg)
{
	struct lisp_header h = { .type = type,
				 .flags = flags,
				 .nonce = nonce,
				 .alg_id = LISP_AUTH_HMAC_SHA256_128,
				 .auth_len = lisp_auth_len(LISP_AUTH_HMAC_SHA256_128, true) };
	struct lisp_writer w;

	h.xtr_id[LISP_XTR_ID_LEN - 1] = xtr_id;
	lisp_writer_init(&w, buf, size);
	lisp_put_header(&w, &h);
	lisp_put_mapping(&w, mapping);
	lisp_put_trailer(&w, &h);
	CHECK(!w.overflow && lisp_auth_sign(buf, w.len, SECRET, strlen(SECRET)));
	CHECK(lisp_msg_decode(buf, w.len, msg) == LISP_OK);
}

static void add(struct lisp_mapping *mapping, const char *address)
{
	struct lisp_locator loc = { .addr = house_addr(address),
				    .priority = 1,
				    .weight = 100,
				    .local = true,
				    .reach = true };

	CHECK(lisp_mapping_add(mapping, &loc));
}

/* A Map-Notify: OWN, and OTHER if that is there. */
static void notify(uint64_t nonce, bool other)
{
	struct lisp_mapping mapping = { .eid = house_eid("10.3.0.0/24"),
					.ttl = 1440,
					.authoritative = true };
	struct lisp_rx rx = { .src = house_addr(MS) };
	struct lisp_msg msg;
	uint8_t buf[512];

	add(&mapping, OWN);
	if (other)
		add(&mapping, OTHER);
	message(LISP_MAP_NOTIFY, 0, nonce, &mapping, buf, sizeof(buf), &msg);
	lisp_mapping_fini(&mapping);
	CHECK(lisp_register_rx_notify(&rx, &msg) == LISP_OK);
}

/* The last Map-Register. */
static void registered(struct lisp_msg *msg, struct lisp_mapping *mapping)
{
	struct lisp_record record;
	struct lisp_cursor c;

	CHECK(lisp_msg_decode(house_register, house_register_len, msg) == LISP_OK);
	c = lisp_msg_records(msg);
	CHECK(lisp_record_next(&c, &record));
	CHECK(lisp_mapping_from_record(&record, mapping, NULL) == LISP_OK);
}

static unsigned int locators_of(const char *text)
{
	struct lisp_eid eid = house_eid(text);
	struct lisp_mapping mapping;
	unsigned int n;

	lisp_database_mapping(lisp_database_find(&eid), &mapping);
	n = mapping.n_locators;
	lisp_mapping_fini(&mapping);
	return n;
}

static unsigned int known_locators(void)
{
	return locators_of("10.3.0.0/24");
}

static void merging_xtr(void)
{
	struct ipaddr own = house_addr(OWN), addr = house_addr(MS);
	struct lisp_eid eid = house_eid("10.3.0.0/24");
	struct lisp_locator_set *set;
	struct lisp_map_server *ms;

	house_start();
	lisp_register_init();
	ms = lisp_map_server_get(lisp_service_get(0, LISP_IPV4), &addr);
	lisp_key_ref_set(&ms->key, NULL, SECRET, LISP_AUTH_HMAC_SHA256_128);
	set = lisp_locator_set_get("RL");
	lisp_locator_set_auto_discover(set, true);
	lisp_locator_set_locator(set, &own, NULL, AF_INET, 1, 50, 255, 0);
	lisp_database_get(&eid, "RL");
	lisp_database_config_changed();
	lisp_register_config_changed();
	house_run(200);
}

TEST(T_129_merge_is_asked_for_and_what_the_other_xtr_registered_is_told_but_not_registered)
{
	struct lisp_mapping mapping;
	struct lisp_msg msg;

	merging_xtr();
	registered(&msg, &mapping);
	lisp_mapping_fini(&mapping);
	CHECK(CHECK_FLAG(msg.h.flags, LISP_MREG_F_MERGE));
	notify(msg.h.nonce, true);
	route(OTHER, true);
	CHECK(locator(OTHER).reach && !locator(OTHER).local);

	house_run(60000);
	registered(&msg, &mapping);
	CHECK_EQ(mapping.n_locators, 1);
	lisp_mapping_fini(&mapping);

	notify(msg.h.nonce, false);
	CHECK_EQ(known_locators(), 1);
}

TEST(an_unsolicited_map_notify_brings_a_register_whose_answer_counts)
{
	struct lisp_mapping mapping;
	struct lisp_msg msg;
	unsigned int before;

	merging_xtr();
	registered(&msg, &mapping);
	lisp_mapping_fini(&mapping);
	notify(msg.h.nonce, false);
	house_run(1000);
	before = house_n_registers;
	notify(0x1234567812345678, true);
	CHECK_EQ(known_locators(), 1);
	house_run(200);
	CHECK_EQ(house_n_registers, before + 1);
	registered(&msg, &mapping);
	lisp_mapping_fini(&mapping);
	notify(msg.h.nonce, true);
	CHECK_EQ(known_locators(), 2);
}

TEST(a_learned_locator_that_goes_up_or_down_is_told_to_peers_and_registers_nothing)
{
	struct lisp_mapping mapping;
	unsigned int before, learned;
	struct lisp_msg msg;

	merging_xtr();
	registered(&msg, &mapping);
	lisp_mapping_fini(&mapping);
	notify(msg.h.nonce, true);
	house_run(1000);
	before = house_n_registers;
	hook_register(lisp_database_learned, count_changes);
	learned = changes;
	route(OTHER, true);
	house_run(1000);
	CHECK_EQ(changes, learned + 1);
	CHECK_EQ(house_n_registers, before);
	hook_unregister(lisp_database_learned, count_changes);
}

/* The Map-Server of merging_xtr() has told of OTHER; of IPv6 EIDs too, which it serves as well. */
static void told_of_both(void)
{
	struct lisp_eid eid = house_eid("2001:db8:3::/48");
	struct lisp_service *service;
	struct lisp_mapping mapping = {};
	struct ipaddr addr = house_addr(MS);
	struct lisp_map_server *ms;
	struct lisp_msg msg;

	merging_xtr();
	registered(&msg, &mapping);
	lisp_mapping_fini(&mapping);
	notify(msg.h.nonce, true);
	service = &lisp_instance_find(0)->service[LISP_IPV6];
	service->etr = true;
	lisp_instance_config_changed(true);
	ms = lisp_map_server_get(service, &addr);
	lisp_key_ref_set(&ms->key, NULL, SECRET, LISP_AUTH_HMAC_SHA256_128);
	lisp_database_get(&eid, "RL");
	lisp_database_config_changed();
	lisp_register_config_changed();
	house_run(200);
	mapping = (struct lisp_mapping){};
	add(&mapping, OTHER);
	lisp_local_eid_learn(lisp_database_find(&eid), &mapping, &addr);
	lisp_mapping_fini(&mapping);
	CHECK_EQ(locators_of("10.3.0.0/24"), 2);
	CHECK_EQ(locators_of("2001:db8:3::/48"), 2);
}

TEST(without_its_map_server_a_service_forgets_what_that_told_and_another_service_does_not)
{
	struct ipaddr addr = house_addr(MS);
	struct lisp_map_server *ms;

	told_of_both();
	ms = lisp_map_server_find(lisp_service_get(0, LISP_IPV4), &addr);
	lisp_map_server_free(&ms);
	CHECK_EQ(locators_of("10.3.0.0/24"), 1);
	CHECK_EQ(locators_of("2001:db8:3::/48"), 2);
}

TEST(without_etr_a_service_forgets_what_its_map_servers_told)
{
	told_of_both();
	lisp_instance_find(0)->service[LISP_IPV4].etr = false;
	lisp_register_config_changed();
	CHECK_EQ(locators_of("10.3.0.0/24"), 1);
	CHECK_EQ(locators_of("2001:db8:3::/48"), 2);
}

TEST(to_learn_a_locator_for_many_prefixes_and_to_forget_it_is_one_look_at_the_interfaces_each)
{
	struct ipaddr ms = house_addr(MS);
	struct lisp_mapping mapping = {};
	struct lisp_local_eid *local = NULL;
	struct lisp_eid eid;
	char text[32];

	merging_xtr();
	for (int i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "10.4.%d.0/24", i);
		eid = house_eid(text);
		lisp_database_get(&eid, "RL");
	}
	add(&mapping, OTHER);
	house_interface_looks = 0;
	while ((local = lisp_database_next(local)))
		lisp_local_eid_learn(local, &mapping, &ms);
	lisp_mapping_fini(&mapping);
	CHECK(house_interface_looks < 10);
	CHECK_EQ(known_locators(), 2);

	house_interface_looks = 0;
	lisp_locator_set_auto_discover(lisp_locator_set_find("RL"), false);
	lisp_database_config_changed();
	CHECK(house_interface_looks < 10);
	CHECK_EQ(known_locators(), 1);
}

/* ---- the Map-Server ---- */

static struct lisp_site_prefix *map_server(void)
{
	struct lisp_eid eid = house_eid("10.3.0.0/24");
	struct lisp_service *service;

	house_start();
	service = &lisp_instance_find(0)->service[LISP_IPV4];
	service->itr = service->etr = false;
	service->map_server = service->map_resolver = true;
	lisp_instance_config_changed(true);
	return lisp_site_prefix_get(lisp_site_get("S"), &eid);
}

static void registers(struct lisp_site_prefix *prefix, const char *address)
{
	struct lisp_registration values = { .from = house_addr(address) };
	struct lisp_mapping mapping = { .eid = prefix->eid, .ttl = 1440 };
	struct lisp_locator loc = {
		.addr = values.from, .priority = 1, .weight = 100, .local = true, .reach = true
	};

	lisp_mapping_add(&mapping, &loc);
	CHECK(lisp_registration_put(prefix, &values, &mapping) == LISP_OK);
}

/* Where the Map-Request of an ITR is forwarded to. */
static struct ipaddr forwarded(const char *itr_text, const char *eid_text)
{
	struct lisp_header h = { .type = LISP_MAP_REQUEST, .nonce = 1 };
	struct lisp_eid eid = house_eid(eid_text);
	struct lisp_request record = { .mask_len = 32 };
	struct ipaddr itr = house_addr(itr_text), to;
	uint8_t octets[256], ecm[512];
	struct lisp_rx rx = { .src = itr, .dst = house_addr("192.0.2.1"), .sport = 4342 };
	struct lisp_addr rloc;
	struct lisp_writer w;
	size_t len;

	lisp_writer_init(&w, octets, sizeof(octets));
	lisp_rloc_to_addr(&itr, &rloc);
	lisp_eid_to_addr(&eid, &record.eid);
	lisp_put_header(&w, &h);
	lisp_put_itr_rloc(&w, &rloc);
	lisp_put_request(&w, &record);
	len = w.len;
	lisp_eid_ipaddr(&eid, &to);
	lisp_writer_init(&w, ecm, sizeof(ecm));
	lisp_ecm_encode(&w, 0, &itr, &to, 4342, 4342, octets, len);
	rx.data = ecm;
	rx.len = w.len;
	house_forget_sent();
	lisp_rx(&rx);
	CHECK_EQ(house_n_sent, 1);
	return house_sent[0].to;
}

TEST(a_map_request_that_comes_again_goes_to_the_next_xtr_of_the_site)
{
	struct lisp_site_prefix *prefix = map_server();
	struct ipaddr first, second, third;

	registers(prefix, "192.0.2.61");
	registers(prefix, "192.0.2.62");
	first = forwarded("192.0.2.9", "10.3.0.7");
	house_run(1000);
	second = forwarded("192.0.2.9", "10.3.0.7");
	CHECK(!ipaddr_is_same(&first, &second));
	house_run(2000);
	third = forwarded("192.0.2.9", "10.3.0.7");
	CHECK(ipaddr_is_same(&first, &third));

	/* another ITR's question is none that comes again, and one of long ago is forgotten */
	second = forwarded("192.0.2.8", "10.3.0.7");
	CHECK(ipaddr_is_same(&first, &second));
	house_run(LISP_FORWARD_AGAIN * 1000);
	second = forwarded("192.0.2.9", "10.3.0.7");
	CHECK(ipaddr_is_same(&first, &second));
}

TEST(an_xtr_that_has_missed_a_refresh_is_asked_last)
{
	struct lisp_site_prefix *prefix = map_server();
	struct ipaddr to, live = house_addr("192.0.2.61");
	char eid[32];

	registers(prefix, "192.0.2.61");
	registers(prefix, "192.0.2.62");
	house_run(60000);
	registers(prefix, "192.0.2.61");
	house_run(20000);
	for (int i = 1; i < 20; i++) {
		snprintf(eid, sizeof(eid), "10.3.0.%d", i);
		to = forwarded("192.0.2.9", eid);
		CHECK(ipaddr_is_same(&to, &live));
	}
}

TEST(T_147_an_xtr_that_has_lost_its_site_is_asked_first_as_the_others_do_not_know)
{
	struct lisp_site_prefix *prefix = map_server();
	struct lisp_registration values = { .from = house_addr("192.0.2.61") };
	struct lisp_mapping mapping = { .eid = prefix->eid, .ttl = 1440 };
	struct lisp_locator loc = { .addr = values.from, .priority = 1, .local = true };
	struct ipaddr to;
	char eid[32];

	lisp_mapping_add(&mapping, &loc);
	loc = (struct lisp_locator){ .addr = house_addr("192.0.2.62"), .reach = true };
	lisp_mapping_add(&mapping, &loc);
	CHECK(lisp_registration_put(prefix, &values, &mapping) == LISP_OK);
	registers(prefix, "192.0.2.62");
	for (int i = 1; i < 20; i++) {
		snprintf(eid, sizeof(eid), "10.3.0.%d", i);
		to = forwarded("192.0.2.9", eid);
		CHECK(ipaddr_is_same(&to, &values.from));
	}
}

TEST(an_xtr_that_is_not_reached_takes_no_turn)
{
	struct lisp_site_prefix *prefix = map_server();
	struct ipaddr asked[3], last = house_addr("192.0.2.61");

	/* equal: the last one that registered is the first one to be asked */
	registers(prefix, "192.0.2.61");
	registers(prefix, "192.0.2.62");
	registers(prefix, OWN);
	for (unsigned int i = 0; i < array_size(asked); i++)
		asked[i] = forwarded("192.0.2.9", "10.3.0.7");
	CHECK(!ipaddr_is_same(&asked[0], &last) && ipaddr_is_same(&asked[1], &last));
	CHECK(ipaddr_is_same(&asked[0], &asked[2]));
}

/* All xTRs of a large site have registered all of its locators, and not lately. */
TEST(what_a_map_request_costs_does_not_grow_with_the_square_of_the_xtrs)
{
	struct lisp_site_prefix *prefix = map_server();
	struct lisp_registration values = { .merge = true };
	char text[32];

	for (unsigned int xtr = 0; xtr < LISP_REGISTRATIONS_MAX; xtr++) {
		struct lisp_mapping mapping = { .eid = prefix->eid, .ttl = 1440 };

		snprintf(text, sizeof(text), "192.0.3.%u", xtr);
		values.from = house_addr(text);
		for (unsigned int i = 0; i < LISP_LOCATORS_MAX; i++) {
			snprintf(text, sizeof(text), "192.0.4.%u", i);
			add(&mapping, text);
		}
		CHECK(lisp_registration_put(prefix, &values, &mapping) == LISP_OK);
	}
	house_run(LISP_REGISTRATION_OVERDUE * 1000 + 1000);
	house_clock_looks = house_interface_looks = 0;
	forwarded("192.0.2.9", "10.3.0.7");
	CHECK(house_clock_looks < 2 * LISP_REGISTRATIONS_MAX);
	CHECK(house_interface_looks < 10);
}

/* ---- merging: the Map-Server ---- */

/* A Map-Register of the xTR with that address, which it sent to ours. */
static void sends_register(const char *address, const char *to, uint32_t flags, uint64_t nonce,
			   uint32_t ttl)
{
	struct lisp_mapping mapping = { .eid = house_eid("10.3.0.0/24"), .ttl = ttl };
	struct lisp_rx rx = { .src = house_addr(address), .dst = house_addr(to), .sport = 4342 };
	struct lisp_msg msg;
	uint8_t buf[512];

	add(&mapping, address);
	message(LISP_MAP_REGISTER,
		flags | LISP_MREG_F_WANT_NOTIFY | (xtr_id ? LISP_MREG_F_XTR_ID : 0), nonce,
		&mapping, buf, sizeof(buf), &msg);
	lisp_mapping_fini(&mapping);
	CHECK(lisp_ms_rx_register(&rx, &msg) == LISP_OK);
}

static void merges(const char *address, uint64_t nonce, uint32_t ttl)
{
	sends_register(address, OWN, LISP_MREG_F_MERGE, nonce, ttl);
}

/* Locators of the last Map-Notify, and whether it went there. */
static unsigned int notified(const char *address, uint64_t *nonce)
{
	struct ipaddr to = house_addr(address);
	struct lisp_mapping mapping;
	struct lisp_record record;
	struct lisp_cursor c;
	struct lisp_msg msg;
	unsigned int n;

	CHECK(ipaddr_is_same(&to, &house_notify_to));
	CHECK(lisp_msg_decode(house_notify, house_notify_len, &msg) == LISP_OK);
	CHECK(lisp_auth_verify(&msg, LISP_AUTH_HMAC_SHA256_128, SECRET, strlen(SECRET)) == LISP_OK);
	*nonce = msg.h.nonce;
	c = lisp_msg_records(&msg);
	CHECK(lisp_record_next(&c, &record));
	CHECK(lisp_mapping_from_record(&record, &mapping, NULL) == LISP_OK);
	n = mapping.n_locators;
	lisp_mapping_fini(&mapping);
	return n;
}

static void acknowledge(const char *address, uint64_t nonce)
{
	struct lisp_mapping mapping = { .eid = house_eid("10.3.0.0/24"), .ttl = 1440 };
	struct lisp_rx rx = { .src = house_addr(address), .sport = 4342 };
	struct lisp_msg msg;
	uint8_t buf[512];

	message(LISP_MAP_NOTIFY_ACK, 0, nonce, &mapping, buf, sizeof(buf), &msg);
	CHECK(lisp_ms_rx_notify_ack(&rx, &msg) == LISP_OK);
}

static void merging_map_server(void)
{
	lisp_key_ref_set(&map_server()->site->key, NULL, SECRET, LISP_AUTH_HMAC_SHA256_128);
	lisp_ms_init();
	merges("192.0.2.61", 1, 1440);
}

TEST(T_180_a_map_notify_has_what_is_merged_and_the_other_xtr_hears_of_a_change)
{
	uint64_t nonce;

	merging_map_server();
	CHECK_EQ(notified("192.0.2.61", &nonce), 1);
	merges("192.0.2.62", 2, 1440);
	CHECK_EQ(notified("192.0.2.62", &nonce), 2);
	CHECK_EQ(nonce, 2);
	house_run(200);
	CHECK_EQ(notified("192.0.2.61", &nonce), 2);
	acknowledge("192.0.2.61", nonce);

	/* a refresh is no news, a withdrawal is */
	merges("192.0.2.62", 3, 1440);
	house_run(20000);
	CHECK_EQ(house_n_notifies, 4);
	merges("192.0.2.62", 4, 0);
	house_run(200);
	CHECK_EQ(notified("192.0.2.61", &nonce), 1);
	lisp_ms_finish();
}

TEST(T_177_an_unsolicited_map_notify_comes_again_after_3_3_3_6_12_24_s)
{
	static const unsigned int wanted[] = { 3, 3, 3, 6, 12, 24 };
	unsigned int before;

	merging_map_server();
	merges("192.0.2.62", 2, 1440);
	house_run(200);
	before = house_n_notifies;
	for (unsigned int i = 0; i < array_size(wanted); i++) {
		house_run(wanted[i] * 1000 - 500);
		CHECK_EQ(house_n_notifies, before + i);
		house_run(500);
		CHECK_EQ(house_n_notifies, before + i + 1);
	}
	house_run(60000);
	CHECK_EQ(house_n_notifies, before + array_size(wanted));
	lisp_ms_finish();
}

TEST(news_come_from_the_address_that_the_xtr_registers_with)
{
	struct ipaddr second = house_addr("192.0.2.77");

	merging_map_server();
	house_own_address("192.0.2.77/24");
	lisp_rloc_addresses_changed();
	sends_register("192.0.2.61", "192.0.2.77", LISP_MREG_F_MERGE, 2, 1440);
	merges("192.0.2.62", 3, 1440);
	house_run(200);
	CHECK(ipaddr_is_same(&house_notify_from, &second));

	/* one that left this system is no source */
	sends_register("192.0.2.61", "192.0.2.78", LISP_MREG_F_MERGE, 4, 1440);
	merges("192.0.2.62", 5, 0);
	house_run(200);
	CHECK_EQ(house_notify_from.ipa_type, IPADDR_NONE);
	lisp_ms_finish();
}

TEST(xtrs_with_one_address_each_hear_of_a_change)
{
	uint64_t nonce;

	merging_map_server();
	merges("192.0.2.61", 1, 0);
	for (xtr_id = 1; xtr_id <= 2; xtr_id++)
		merges("192.0.2.61", xtr_id, 1440);
	house_run(200);
	notified("192.0.2.61", &nonce);
	xtr_id = 1;
	acknowledge("192.0.2.61", nonce);
	house_n_notifies = 0;
	xtr_id = 3;
	merges("192.0.2.62", 3, 1440);
	house_run(200);
	CHECK_EQ(house_n_notifies, 1 + 2);
	lisp_ms_finish();
}

TEST(an_xtr_that_is_merged_no_more_leaves_what_the_others_have_and_they_hear_of_it)
{
	uint64_t nonce;

	merging_map_server();
	merges("192.0.2.62", 2, 1440);
	house_run(200);
	notified("192.0.2.61", &nonce);
	acknowledge("192.0.2.61", nonce);
	sends_register("192.0.2.62", OWN, 0, 3, 1440);
	house_run(200);
	CHECK_EQ(notified("192.0.2.61", &nonce), 1);
	acknowledge("192.0.2.61", nonce);

	/* then it is none of them */
	house_n_notifies = 0;
	sends_register("192.0.2.62", OWN, 0, 4, 0);
	house_run(200);
	CHECK_EQ(house_n_notifies, 1);
	lisp_ms_finish();
}

TEST(news_for_which_there_is_no_room_is_counted)
{
	struct lisp_registration values = { .merge = true, .want_notify = true };
	struct lisp_site *site;
	char text[32];

	site = map_server()->site;
	lisp_ms_init();
	for (int i = 0; i < LISP_NEWS_MAX + 2; i++) {
		struct lisp_site_prefix *prefix;
		struct lisp_eid eid;

		snprintf(text, sizeof(text), "10.4.%d.%d/32", i / 256, i % 256);
		eid = house_eid(text);
		prefix = lisp_site_prefix_get(site, &eid);
		for (int xtr = 61; xtr <= 62; xtr++) {
			struct lisp_mapping mapping = { .eid = eid, .ttl = 1440 };

			snprintf(text, sizeof(text), "192.0.2.%d", xtr);
			values.from = house_addr(text);
			add(&mapping, text);
			CHECK(lisp_registration_put(prefix, &values, &mapping) == LISP_OK);
		}
	}
	CHECK_EQ(lisp_stats_get_event(LISP_EV_NEWS_LEFT), 2);
	lisp_ms_finish();
}

TEST(T_178_the_acknowledgement_of_its_nonce_ends_that)
{
	uint64_t nonce;

	merging_map_server();
	merges("192.0.2.62", 2, 1440);
	house_run(200);
	notified("192.0.2.61", &nonce);
	acknowledge("192.0.2.61", nonce + 1);
	house_run(3000);
	CHECK_EQ(house_n_notifies, 4);
	notified("192.0.2.61", &nonce);
	acknowledge("192.0.2.61", nonce);
	house_run(60000);
	CHECK_EQ(house_n_notifies, 4);
	lisp_ms_finish();
}
