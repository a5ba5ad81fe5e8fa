// SPDX-License-Identifier: GPL-2.0-or-later
/* Own addresses for want of a locator. */
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
