// SPDX-License-Identifier: GPL-2.0-or-later
/* Registrations: when an ETR sends them, and how long a Map-Server keeps them. */
#include <zebra.h>

#include <string.h>
#include <time.h>

#include "lispd/lisp_auth.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_itr.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_register.h"
#include "lispd/lisp_register_record.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_withdraw.h"

#include "house.h"

#define SECRET "secret"

static struct lisp_map_server *map_server(const char *address, const char *secret)
{
	struct ipaddr addr = house_addr(address);
	struct lisp_map_server *ms = lisp_map_server_get(lisp_service_get(0, LISP_IPV4), &addr);

	lisp_key_ref_set(&ms->key, NULL, secret, LISP_AUTH_HMAC_SHA256_128);
	return ms;
}

static const char *const prefixes[] = { "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16" };

/* An ETR of so many of these with the Map-Server 192.0.2.3. */
static struct lisp_map_server *etr_of(unsigned int n)
{
	struct ipaddr own = house_addr("192.0.2.1");
	struct lisp_map_server *ms;
	struct lisp_eid eid;

	house_start();
	lisp_register_init();
	ms = map_server("192.0.2.3", SECRET);
	lisp_locator_set_locator(lisp_locator_set_get("RL"), &own, NULL, AF_INET, 1, 100, 255, 0);
	while (n) {
		eid = house_eid(prefixes[--n]);
		lisp_database_get(&eid, "RL");
	}
	lisp_database_config_changed();
	lisp_register_config_changed();
	house_run(200);
	return ms;
}

static struct lisp_map_server *etr(void)
{
	return etr_of(1);
}

/* The Map-Notify of the last Map-Register: n of its records, after skipping so many. */
static void acknowledge_some(unsigned int skip, unsigned int n)
{
	struct lisp_rx rx = { .src = house_addr("192.0.2.3") };
	struct lisp_record record;
	struct lisp_writer w;
	struct lisp_header h;
	struct lisp_cursor c;
	struct lisp_msg msg;
	uint8_t buf[512];

	CHECK(lisp_msg_decode(house_register, house_register_len, &msg) == LISP_OK);
	h = msg.h;
	h.type = LISP_MAP_NOTIFY;
	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_header(&w, &h);
	c = lisp_msg_records(&msg);
	while (lisp_record_next(&c, &record))
		if (skip)
			skip--;
		else if (n-- > 0)
			lisp_put_record_again(&w, &record);
		else
			break;
	CHECK(lisp_auth_sign(buf, w.len, SECRET, strlen(SECRET)));
	CHECK(lisp_msg_decode(buf, w.len, &msg) == LISP_OK);
	CHECK(lisp_register_rx_notify(&rx, &msg) == LISP_OK);
}

static void acknowledge(void)
{
	acknowledge_some(0, UINT8_MAX);
}

TEST(prefixes_that_are_merged_and_others_share_messages_with_their_kind_in_whatever_order)
{
	struct ipaddr own = house_addr("192.0.2.1");
	struct lisp_locator_set *set;
	struct lisp_eid eid;
	unsigned int before;
	char text[32];

	etr_of(0);
	set = lisp_locator_set_get("MERGED");
	lisp_locator_set_locator(set, &own, NULL, AF_INET, 1, 100, 255, 0);
	lisp_locator_set_auto_discover(set, true);
	for (int i = 0; i < 10; i++) {
		snprintf(text, sizeof(text), "10.%d.0.0/16", i);
		eid = house_eid(text);
		lisp_database_get(&eid, i % 2 ? "MERGED" : "RL");
	}
	before = house_n_registers;
	lisp_database_config_changed();
	lisp_register_config_changed();
	house_run(200);
	CHECK_EQ(house_n_registers, before + 2);
}

static int64_t gap(unsigned int i)
{
	CHECK(i < house_n_registers);
	return (house_registers[i] - house_registers[i - 1]) / 1000;
}

TEST(T_121_what_is_registered_is_registered_every_60_s)
{
	const struct lisp_map_server *ms = etr();

	for (int i = 0; i < 5; i++) {
		acknowledge();
		CHECK(ms->state == LISP_REG_STEADY);
		house_run(60000);
	}
	for (unsigned int i = house_n_registers - 1; i > house_n_registers - 5; i--)
		CHECK_EQ(gap(i), 60);
}

TEST(T_124_without_map_notify_registers_come_after_1_2_4_and_at_last_every_60_s)
{
	static const int64_t wanted[] = { 1, 2, 4, 8, 16 };
	const struct lisp_map_server *ms = etr();
	unsigned int first;

	house_run(4000);
	/* the configuration may have caused several, of which the last counts */
	for (first = 1; gap(first) < 1; first++)
		;
	house_run(300000);
	for (unsigned int i = 0; i < array_size(wanted); i++)
		CHECK_EQ(gap(first + i), wanted[i]);
	/* 32, or what is left of the 60 s since the first */
	CHECK(gap(first + 5) > 16 && gap(first + 5) <= 32);
	for (unsigned int i = first + 6; i < house_n_registers; i++)
		CHECK_EQ(gap(i), 60);
	CHECK(ms->state == LISP_REG_FAILED);
	acknowledge();
	CHECK(ms->state == LISP_REG_STEADY);
}

static bool verifies(const char *secret)
{
	struct lisp_msg msg;

	CHECK(lisp_msg_decode(house_register, house_register_len, &msg) == LISP_OK);
	return lisp_auth_verify(&msg, LISP_AUTH_HMAC_SHA256_128, secret, strlen(secret)) == LISP_OK;
}

TEST(what_did_not_leave_is_not_counted_as_sent)
{
	const struct lisp_map_server *ms = etr();
	const struct lisp_map_resolver *mr = lisp_map_resolver_next(NULL, NULL);
	struct ipaddr host = house_addr("192.0.2.77");
	struct lisp_eid eid = house_eid("10.9.0.1/32");
	uint64_t registers = ms->registers, requests = mr->requests;

	house_cannot_send = true;
	lisp_itr_miss(&eid, &host);
	house_run(70000);
	CHECK_EQ(ms->registers, registers);
	CHECK_EQ(mr->requests, requests);
	house_cannot_send = false;
	eid = house_eid("10.9.0.2/32");
	lisp_itr_miss(&eid, &host);
	house_run(70000);
	CHECK(ms->registers > registers);
	CHECK(mr->requests > requests);
}

TEST(T_155_each_map_server_has_its_key_and_its_state)
{
	struct lisp_map_server *one = etr(), *two;

	acknowledge();
	CHECK(verifies(SECRET));
	two = map_server("192.0.2.4", "another");
	lisp_register_config_changed();
	house_run(50);
	CHECK(verifies("another") && !verifies(SECRET));
	CHECK(one->state == LISP_REG_STEADY && two->state == LISP_REG_QUICK);
}

static enum lisp_register_record_state state(const char *text)
{
	struct lisp_eid eid = house_eid(text);
	const struct lisp_register_record *record = lisp_register_record_next(&eid, NULL);

	CHECK(record);
	return record->state;
}

TEST(a_map_notify_of_several_messages_is_one)
{
	const struct lisp_map_server *ms = etr_of(3);

	acknowledge_some(0, 1);
	CHECK(state("10.1.0.0/16") == LISP_RECORD_REGISTERED);
	house_run(300);
	CHECK(state("10.2.0.0/16") == LISP_RECORD_REGISTERING);
	acknowledge_some(1, 2);
	CHECK(state("10.2.0.0/16") == LISP_RECORD_REGISTERED);
	CHECK(state("10.3.0.0/16") == LISP_RECORD_REGISTERED);
	CHECK(ms->state == LISP_REG_STEADY);
	house_run(50000);
	CHECK(state("10.2.0.0/16") == LISP_RECORD_REGISTERED);
}

TEST(what_no_message_of_a_map_notify_names_is_refused_before_it_is_sent_again)
{
	const struct lisp_map_server *ms = etr_of(3);
	unsigned int sent = house_n_registers;

	acknowledge_some(1, 1);
	house_run(900);
	CHECK_EQ(house_n_registers, sent);
	CHECK(state("10.1.0.0/16") == LISP_RECORD_REFUSED);
	CHECK(state("10.2.0.0/16") == LISP_RECORD_REGISTERED);
	CHECK(ms->state == LISP_REG_STEADY);
}

/* The TTL of the first record of the last Map-Register, and how many it has. */
static uint32_t last_ttl(unsigned int *n)
{
	struct lisp_record record;
	struct lisp_cursor c;
	struct lisp_msg msg;

	CHECK(lisp_msg_decode(house_register, house_register_len, &msg) == LISP_OK);
	CHECK(CHECK_FLAG(msg.h.flags, LISP_MREG_F_WANT_NOTIFY));
	c = lisp_msg_records(&msg);
	CHECK(lisp_record_next(&c, &record));
	*n = msg.record_count;
	return record.ttl;
}

static unsigned int leave(struct lisp_map_server **ms)
{
	unsigned int first = house_n_registers, n;

	lisp_map_server_free(ms);
	CHECK_EQ(house_n_registers, first); /* who removes it does not wait */
	house_run(0);
	CHECK_EQ(house_n_registers, first + 1);
	CHECK_EQ(last_ttl(&n), 0);
	CHECK_EQ(n, 3);
	return first;
}

/* An unsolicited Map-Notify of the Map-Server. */
static void news_of(const char *prefix)
{
	struct lisp_header h = { .type = LISP_MAP_NOTIFY,
				 .nonce = 0x1234567812345678,
				 .alg_id = LISP_AUTH_HMAC_SHA256_128,
				 .auth_len = lisp_auth_len(LISP_AUTH_HMAC_SHA256_128, true) };
	struct lisp_mapping mapping = { .eid = house_eid(prefix), .ttl = 1440 };
	struct lisp_rx rx = { .src = house_addr("192.0.2.3") };
	struct lisp_writer w;
	struct lisp_msg msg;
	uint8_t buf[512];

	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_header(&w, &h);
	lisp_put_mapping(&w, &mapping);
	CHECK(lisp_auth_sign(buf, w.len, SECRET, strlen(SECRET)));
	CHECK(lisp_msg_decode(buf, w.len, &msg) == LISP_OK);
	CHECK(lisp_register_rx_notify(&rx, &msg) == LISP_OK);
}

TEST(news_of_one_prefix_registers_that_one)
{
	unsigned int before, n;

	etr_of(3);
	acknowledge();
	house_run(1000);
	before = house_n_registers;
	news_of("10.2.0.0/16");
	house_run(200);
	CHECK_EQ(house_n_registers, before + 1);
	CHECK(last_ttl(&n) > 0);
	CHECK_EQ(n, 1);
	acknowledge();
	house_run(50000);
	CHECK_EQ(house_n_registers, before + 1);
}

TEST(news_that_comes_too_often_is_asked_for_later)
{
	unsigned int before;

	etr_of(3);
	acknowledge();
	house_run(10000);
	before = house_n_registers;
	for (int i = 0; i < LISP_REGISTER_NEWS_BURST + 3; i++) {
		news_of("10.2.0.0/16");
		house_run(50);
		acknowledge();
	}
	CHECK_EQ(house_n_registers, before + LISP_REGISTER_NEWS_BURST);
	house_run(1500);
	CHECK_EQ(house_n_registers, before + LISP_REGISTER_NEWS_BURST + 1);
}

TEST(the_answer_to_what_was_sent_before_the_news_is_not_the_answer_to_it)
{
	unsigned int before;

	etr_of(1);
	acknowledge();
	house_run(10000);
	for (int i = 0; i < LISP_REGISTER_NEWS_BURST; i++) {
		news_of("10.1.0.0/16");
		house_run(50);
	}
	before = house_n_registers;
	CHECK(state("10.1.0.0/16") == LISP_RECORD_REGISTERED);
	news_of("10.1.0.0/16");
	acknowledge();
	house_run(1500);
	CHECK_EQ(house_n_registers, before + 1);
}

/* An ETR whose locator is the address of eth1, and that has another one to register from. */
static void etr_with_dhcp(void)
{
	etr_of(1);
	house_address("eth1", "198.51.100.5/24", true);
	lisp_locator_set_free(&(struct lisp_locator_set *){ lisp_locator_set_find("RL") });
	lisp_locator_set_locator(lisp_locator_set_get("RL"), NULL, "eth1", AF_INET, 1, 100, 255, 0);
	lisp_database_config_changed();
	house_run(200);
	acknowledge();
	house_run(10000);
}

static void eth1(const char *address, bool there)
{
	house_address("eth1", address, there);
	lisp_rloc_addresses_changed();
	house_run(200);
}

TEST(an_address_that_replaces_the_only_one_is_registered_and_nothing_is_withdrawn)
{
	unsigned int before, n;

	etr_with_dhcp();
	before = house_n_registers;
	eth1("198.51.100.5/24", false);
	house_run(LISP_REGISTER_HOLD - 1000);
	CHECK_EQ(house_n_registers, before);
	CHECK(state("10.1.0.0/16") == LISP_RECORD_REGISTERED);
	eth1("198.51.100.6/24", true);
	CHECK_EQ(house_n_registers, before + 1);
	CHECK(last_ttl(&n) > 0);
	acknowledge();
	house_run(50000);
	CHECK_EQ(house_n_registers, before + 1);
}

TEST(a_prefix_whose_only_address_does_not_come_back_is_withdrawn)
{
	unsigned int before, n;

	etr_with_dhcp();
	before = house_n_registers;
	eth1("198.51.100.5/24", false);
	house_run(LISP_REGISTER_HOLD + 200);
	CHECK_EQ(house_n_registers, before + 1);
	CHECK_EQ(last_ttl(&n), 0);
	acknowledge();
	house_run(200);
	eth1("198.51.100.6/24", true);
	CHECK_EQ(house_n_registers, before + 2);
	CHECK(last_ttl(&n) > 0);
}

TEST(a_prefix_whose_locators_the_configuration_takes_is_withdrawn_at_once)
{
	struct lisp_set_locator *locator;
	struct lisp_locator_set *set;
	unsigned int n;

	etr_with_dhcp();
	set = lisp_locator_set_find("RL");
	locator = lisp_set_locator_next(set, NULL);
	lisp_set_locator_free(set, &locator);
	lisp_database_config_changed();
	house_run(200);
	CHECK_EQ(last_ttl(&n), 0);
}

TEST(a_map_server_that_is_left_is_told_three_times_if_it_is_silent)
{
	struct lisp_map_server *ms = etr_of(3);
	unsigned int first;

	acknowledge();
	first = leave(&ms);
	house_run(60000);
	CHECK_EQ(house_n_registers, first + 3);
	CHECK_EQ(gap(first + 1), 1);
	CHECK_EQ(gap(first + 2), 2);
}

TEST(a_map_server_that_is_left_is_told_until_it_has_heard)
{
	struct lisp_map_server *ms = etr_of(3);
	unsigned int first;

	acknowledge();
	first = leave(&ms);
	house_run(1100);
	CHECK_EQ(house_n_registers, first + 2);
	acknowledge();
	house_run(60000);
	CHECK_EQ(house_n_registers, first + 2);
}

TEST(without_etr_its_registrations_are_withdrawn_until_that_is_heard)
{
	struct lisp_map_server *ms = etr_of(3);
	unsigned int first, n;

	acknowledge();
	lisp_instance_find(0)->service[LISP_IPV4].etr = false;
	first = house_n_registers;
	lisp_register_config_changed();
	house_run(1100);
	CHECK_EQ(house_n_registers, first + 2);
	CHECK_EQ(last_ttl(&n), 0);
	acknowledge();
	house_run(60000);
	CHECK_EQ(house_n_registers, first + 2);
	CHECK(ms->state == LISP_REG_IDLE);
}

/* ms of this process to withdraw so many prefixes and to change one's mind. */
static double withdrawals_cost(unsigned int n)
{
	struct lisp_register_to to = { .addr = house_addr("192.0.2.3") };
	struct lisp_eid eid = house_eid("10.0.0.0/32");
	clock_t began = clock();

	for (unsigned int i = 0; i < n; i++) {
		eid.prefix.u.prefix4.s_addr = htonl(0x0a000000 + i);
		lisp_withdraw(&to, &eid);
	}
	for (unsigned int i = n; i > 0; i--) {
		eid.prefix.u.prefix4.s_addr = htonl(0x0a000000 + i - 1);
		lisp_withdraw_cancel(&to.addr, &eid);
	}
	return (clock() - began) * 1000.0 / CLOCKS_PER_SEC;
}

TEST(what_withdrawals_cost_does_not_grow_with_the_square_of_their_number)
{
	double few;

	house_start();
	few = withdrawals_cost(2000);
	CHECK(withdrawals_cost(16000) < 30 * (few + 1));
}

TEST(what_is_registered_again_is_not_withdrawn_any_more)
{
	struct lisp_map_server *ms = etr_of(3);
	unsigned int n;

	acknowledge();
	leave(&ms);
	ms = map_server("192.0.2.3", SECRET);
	lisp_register_config_changed();
	house_run(200);
	CHECK(last_ttl(&n) > 0);
	acknowledge();
	house_run(30000);
	CHECK(last_ttl(&n) > 0);
	CHECK(ms->state == LISP_REG_STEADY);
}

static void site(const char *name, const char *secret)
{
	lisp_key_ref_set(&lisp_site_get(name)->key, NULL, secret, LISP_AUTH_HMAC_SHA256_128);
}

TEST(T_280_sites_that_have_one_secret_are_found)
{
	const struct lisp_site *two[2];
	char name[32], secret[32];

	house_start();
	CHECK(!lisp_sites_share_secret(two));
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "S%d", i);
		snprintf(secret, sizeof(secret), "secret-%d", i);
		site(name, secret);
	}
	lisp_site_get("without-1");
	lisp_site_get("without-2");
	CHECK(!lisp_sites_share_secret(two));
	site("T", "secret-50");
	CHECK(lisp_sites_share_secret(two));
	CHECK(two[0] != two[1]);
	for (int i = 0; i < 2; i++)
		CHECK(strmatch(two[i]->name, "S50") || strmatch(two[i]->name, "T"));
}

static struct lisp_site_prefix *registered(bool use_ttl, uint32_t ttl)
{
	struct lisp_registration values = { .from = house_addr("192.0.2.9"),
					    .ttl_timeout = use_ttl };
	struct lisp_mapping mapping = { .eid = house_eid("10.1.0.0/16"), .ttl = ttl };
	struct lisp_site *site;
	struct lisp_site_prefix *prefix;

	house_start();
	site = lisp_site_get("S");
	prefix = lisp_site_prefix_get(site, &mapping.eid);
	CHECK(lisp_registration_put(prefix, &values, &mapping) == LISP_OK);
	return prefix;
}

TEST(T_170_a_registration_ends_180_s_after_the_last_one)
{
	struct lisp_site_prefix *prefix = registered(false, 1440);
	struct lisp_registration values = { .from = house_addr("192.0.2.9") };
	struct lisp_mapping mapping = { .eid = prefix->eid, .ttl = 1440 };

	house_run(100000);
	CHECK(lisp_registration_put(prefix, &values, &mapping) == LISP_OK);
	house_run(178000);
	CHECK(lisp_site_prefix_registered(prefix));
	house_run(4000);
	CHECK(!lisp_site_prefix_registered(prefix));
}

TEST(T_171_or_with_the_record_ttl_if_that_is_asked_for)
{
	struct lisp_site_prefix *prefix = registered(true, 10);

	house_run(598000);
	CHECK(lisp_site_prefix_registered(prefix));
	house_run(4000);
	CHECK(!lisp_site_prefix_registered(prefix));
}

/* An xTR registers a locator of the prefix. */
static void register_of(struct lisp_site_prefix *prefix, const char *xtr, const char *rloc,
			bool merge)
{
	struct lisp_registration values = { .from = house_addr(xtr), .merge = merge };
	struct lisp_mapping mapping = { .eid = prefix->eid, .ttl = 1440 };
	struct lisp_locator locator = { .addr = house_addr(rloc), .priority = 1, .reach = true };

	CHECK(lisp_mapping_add(&mapping, &locator));
	CHECK(lisp_registration_put(prefix, &values, &mapping) == LISP_OK);
}

TEST(xtrs_that_register_different_locators_without_merge_are_inconsistent)
{
	struct lisp_site_prefix *prefix = registered(false, 1440);
	const unsigned int *inconsistent = &prefix->site->inconsistent[LISP_IPV4];

	register_of(prefix, "192.0.2.9", "192.0.2.9", false);
	register_of(prefix, "192.0.2.8", "192.0.2.9", false);
	CHECK_EQ(*inconsistent, 0);
	register_of(prefix, "192.0.2.8", "192.0.2.8", false);
	CHECK_EQ(*inconsistent, 1);
	register_of(prefix, "192.0.2.8", "192.0.2.8", true);
	CHECK_EQ(*inconsistent, 1);
	register_of(prefix, "192.0.2.9", "192.0.2.9", true);
	CHECK_EQ(*inconsistent, 0);
	register_of(prefix, "192.0.2.9", "192.0.2.9", false);
	CHECK_EQ(*inconsistent, 1);
	house_run(100000);
	register_of(prefix, "192.0.2.9", "192.0.2.9", false);
	house_run(100000);
	CHECK(lisp_site_prefix_registered(prefix));
	CHECK_EQ(*inconsistent, 0);
}
