// SPDX-License-Identifier: GPL-2.0-or-later
/* What was refused, as it is remembered; whose lines the log has room for. */
#include <zebra.h>

#include "lispd/lisp_limits.h"
#include "lispd/lisp_log.h"
#include "lispd/lisp_refusal.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_wire.h"

#include "house.h"

static unsigned int remembered(uint8_t type)
{
	const struct lisp_refusal *refusal = NULL;
	unsigned int n = 0;

	while ((refusal = lisp_refusal_next(refusal)))
		n += refusal->type == type;
	return n;
}

static void refuse(uint8_t type, unsigned int peer)
{
	struct ipaddr from = house_addr("192.0.2.9");

	from.ipaddr_v4.s_addr = htonl(0x0a000000 + peer);
	lisp_refusal_note(type, LISP_DROP_AUTH_FAILED, &from, NULL, NULL);
}

TEST(a_flood_of_one_type_of_message_hides_no_refusal_of_another)
{
	house_start();
	lisp_refusals_clear();
	refuse(LISP_MAP_REGISTER, 1);
	for (unsigned int peer = 0; peer < 10 * LISP_REFUSALS_MAX; peer++)
		refuse(LISP_MAP_REQUEST, peer);
	CHECK_EQ(remembered(LISP_MAP_REGISTER), 1);
	CHECK_EQ(remembered(LISP_MAP_REQUEST), LISP_REFUSALS_MAX);
}

TEST(a_flood_of_one_type_of_message_uses_up_no_rate_of_another)
{
	house_start();
	lisp_refusals_clear();
	for (unsigned int peer = 0; peer < 2 * LISP_REFUSAL_RATE; peer++)
		refuse(LISP_MAP_REQUEST, peer);
	refuse(LISP_MAP_REGISTER, 1);
	CHECK_EQ(remembered(LISP_MAP_REGISTER), 1);
}

TEST(the_same_refusal_is_one_that_counts_and_the_last_one_is_first)
{
	const struct lisp_refusal *first;

	house_start();
	lisp_refusals_clear();
	refuse(LISP_MAP_REGISTER, 1);
	refuse(LISP_MAP_REGISTER, 2);
	refuse(LISP_MAP_REGISTER, 1);
	first = lisp_refusal_next(NULL);
	CHECK_EQ(first->count, 2);
	CHECK_EQ(ntohl(first->peer.ipaddr_v4.s_addr), 0x0a000001);
	CHECK_EQ(remembered(LISP_MAP_REGISTER), 2);
}

static unsigned int lines(unsigned int tries, unsigned int peers)
{
	struct ipaddr peer = house_addr("192.0.2.9");
	unsigned int n = 0;

	for (unsigned int i = 0; i < tries; i++) {
		peer.ipaddr_v4.s_addr = htonl(0x0b000000 + i % peers);
		n += lisp_log_room(&peer);
	}
	return n;
}

TEST(the_log_takes_so_much_of_one_peer_and_so_much_of_all)
{
	house_start();
	CHECK_EQ(lines(10 * LISP_LOG_BURST, 1), LISP_LOG_BURST);
	house_run(3000);
	CHECK_EQ(lines(10, 1), 3 * LISP_LOG_RATE);
	house_run(60000);
	CHECK_EQ(lines(10 * LISP_LOG_ALL_BURST, 10 * LISP_LOG_ALL_BURST), LISP_LOG_ALL_BURST);
}

static bool from_elsewhere(const char *source, const char *locator)
{
	struct lisp_locator loc = { .addr = house_addr(locator), .priority = 1, .reach = true };
	struct lisp_registration reg = { .from = house_addr(source) };
	bool elsewhere;

	lisp_mapping_add(&reg.mapping, &loc);
	elsewhere = lisp_registration_from_elsewhere(&reg);
	lisp_mapping_fini(&reg.mapping);
	return elsewhere;
}

TEST(a_registration_is_from_elsewhere_if_a_locator_of_its_family_could_be_its_source_and_is_not)
{
	house_start();
	CHECK(!from_elsewhere("192.0.2.9", "192.0.2.9"));
	CHECK(from_elsewhere("203.0.113.9", "192.0.2.9"));
	CHECK(!from_elsewhere("203.0.113.9", "2001:db8::9"));
}
