// SPDX-License-Identifier: GPL-2.0-or-later
/* Own addresses for want of a locator, and addresses that are none. */
#include <zebra.h>

#include "lispd/lisp_rloc.h"

#include "house.h"

static bool own_is(const char *text)
{
	struct ipaddr addr, wanted = house_addr(text);

	return lisp_rloc_own(AF_INET6, &addr) && ipaddr_is_same(&addr, &wanted);
}

TEST(the_last_resort_among_own_addresses_is_one_that_others_know_and_that_lasts)
{
	struct in6_addr going[2];

	house_start();
	house_own_address("fd00::1/64");
	CHECK(own_is("fd00::1"));
	house_own_address("2001:db8::1/64");
	house_own_address("2001:db8::2/64");
	CHECK(own_is("2001:db8::1"));
	going[0] = house_addr("2001:db8::1").ipaddr_v6;
	going[1] = house_addr("2001:db8::2").ipaddr_v6;
	lisp_rloc_addresses_going(going, 1);
	CHECK(own_is("2001:db8::2"));
	lisp_rloc_addresses_going(going, 2);
	CHECK(own_is("fd00::1"));
}

static enum lisp_rloc_state state_of(const char *text)
{
	struct ipaddr addr = house_addr(text);
	struct lisp_rloc *rloc = lisp_rloc_get(&addr);
	enum lisp_rloc_state state;

	lisp_rloc_nexthop_update(&addr, true, 1);
	state = rloc->state;
	lisp_rloc_put(&rloc);
	return state;
}

TEST(T_095_the_broadcast_address_of_a_connected_network_is_no_locator)
{
	struct ipaddr addr = house_addr("198.51.100.255");
	struct lisp_rloc *rloc;

	house_start();
	house_own_address("203.0.113.1/24");
	house_own_address("198.51.101.0/31");
	CHECK(state_of("203.0.113.255") == LISP_RLOC_BROADCAST);
	CHECK(state_of("203.0.113.127") == LISP_RLOC_UP);
	CHECK(state_of("198.51.101.1") == LISP_RLOC_UP);

	/* of a network that comes later */
	rloc = lisp_rloc_get(&addr);
	lisp_rloc_nexthop_update(&addr, true, 1);
	CHECK(rloc->state == LISP_RLOC_UP);
	house_own_address("198.51.100.1/24");
	lisp_rloc_addresses_changed();
	CHECK(rloc->state == LISP_RLOC_BROADCAST);
	lisp_rloc_put(&rloc);
}
