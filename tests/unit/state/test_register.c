// SPDX-License-Identifier: GPL-2.0-or-later
/* Registrations: when an ETR sends them, and how long a Map-Server keeps them. */
#include <zebra.h>

#include <string.h>

#include "lispd/lisp_auth.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_register.h"
#include "lispd/lisp_registry.h"

#include "house.h"

#define SECRET "secret"

static struct lisp_map_server *map_server(const char *address, const char *secret)
{
	struct ipaddr addr = house_addr(address);
	struct lisp_map_server *ms = lisp_map_server_get(lisp_service_get(0, LISP_IPV4), &addr);

	lisp_key_ref_set(&ms->key, NULL, secret, LISP_AUTH_HMAC_SHA256_128);
	return ms;
}

/* An ETR of 10.1.0.0/16 with the Map-Server 192.0.2.3. */
static struct lisp_map_server *etr(void)
{
	struct ipaddr own = house_addr("192.0.2.1");
	struct lisp_eid eid = house_eid("10.1.0.0/16");
	struct lisp_map_server *ms;

	house_start();
	lisp_register_init();
	ms = map_server("192.0.2.3", SECRET);
	lisp_locator_set_locator(lisp_locator_set_get("RL"), &own, NULL, AF_INET, 1, 100, 255, 0);
	lisp_database_get(&eid, "RL");
	lisp_database_config_changed();
	lisp_register_config_changed();
	house_run(200);
	return ms;
}

/* The Map-Notify of the last Map-Register. */
static void acknowledge(void)
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
		lisp_put_record_again(&w, &record);
	CHECK(lisp_auth_sign(buf, w.len, SECRET, strlen(SECRET)));
	CHECK(lisp_msg_decode(buf, w.len, &msg) == LISP_OK);
	CHECK(lisp_register_rx_notify(&rx, &msg) == LISP_OK);
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
