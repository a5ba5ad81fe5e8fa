// SPDX-License-Identifier: GPL-2.0-or-later
/* What an ETR says of its locators when the way to its site is gone. */
#include <zebra.h>

#include <stdbool.h>

#include "vrf.h"

#include "lispd/lisp_database.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_register.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_site_route.h"

#include "house.h"

#define OWN   "192.0.2.1"
#define OTHER "192.0.2.7"

static unsigned int told;

static int zebra_is_asked(vrf_id_t vrf_id, bool on)
{
	CHECK_EQ(vrf_id, VRF_DEFAULT);
	told += on;
	return 0;
}

/* An ETR of 10.1.0.0/16, which another xTR of the site has, too. */
static struct lisp_local_eid *etr(void)
{
	struct ipaddr own = house_addr(OWN), other = house_addr(OTHER);
	struct lisp_eid eid = house_eid("10.1.0.0/16");
	struct lisp_locator_set *set;

	house_start();
	lisp_site_route_init();
	hook_register(lisp_site_routes_wanted, zebra_is_asked);
	set = lisp_locator_set_get("RL");
	lisp_locator_set_locator(set, &own, NULL, AF_INET, 1, 50, 255, 0);
	lisp_locator_set_locator(set, &other, NULL, AF_INET, 1, 50, 255, 0);
	lisp_database_get(&eid, "RL");
	lisp_database_config_changed();
	lisp_rloc_nexthop_update(&other, true, 1);
	house_run(50);
	return lisp_database_find(&eid);
}

static void route(const char *text, bool there)
{
	struct prefix prefix;

	CHECK(str2prefix(text, &prefix));
	lisp_site_route(VRF_DEFAULT, &prefix, there);
	house_run(50);
}

static bool reached(const struct lisp_local_eid *local, const char *address)
{
	struct ipaddr addr = house_addr(address);
	const struct lisp_locator *locator;
	struct lisp_mapping mapping;
	bool reach;

	lisp_database_mapping(local, &mapping);
	locator = lisp_mapping_find(&mapping, &addr);
	CHECK(locator);
	reach = locator->reach;
	lisp_mapping_fini(&mapping);
	return reach;
}

TEST(T_147_an_etr_that_has_lost_its_last_route_into_the_site_clears_its_own_R_until_one_is_back)
{
	struct lisp_local_eid *local = etr();

	route("10.1.0.0/24", true);
	route("10.1.7.0/24", true);
	route("10.1.0.0/24", false);
	CHECK(reached(local, OWN) && reached(local, OTHER));
	route("10.1.7.0/24", false);
	CHECK(!reached(local, OWN) && reached(local, OTHER));
	route("10.1.0.0/16", true);
	CHECK(reached(local, OWN));
}

TEST(T_147_without_a_route_from_the_start_or_with_one_around_it_an_eid_prefix_is_reached)
{
	struct lisp_local_eid *local = etr();

	CHECK(reached(local, OWN));
	route("0.0.0.0/0", true);
	route("10.0.0.0/8", true);
	route("0.0.0.0/0", false);
	route("10.0.0.0/8", false);
	route("10.2.0.0/24", true);
	route("10.2.0.0/24", false);
	CHECK(reached(local, OWN));
}

TEST(T_147_what_went_while_zebra_was_away_is_not_known_to_be_lost)
{
	struct lisp_local_eid *local = etr();

	route("10.1.0.0/24", true);
	lisp_site_routes_anew();
	route("10.1.0.0/24", false);
	CHECK(reached(local, OWN));
	route("10.1.0.0/24", true);
	route("10.1.0.0/24", false);
	CHECK(!reached(local, OWN));
}

TEST(zebra_is_asked_for_routes_when_there_is_a_new_eid_prefix)
{
	struct lisp_eid eid = house_eid("10.2.0.0/16");
	unsigned int before;

	etr();
	before = told;
	CHECK(before);
	lisp_locator_set_auto_discover(lisp_locator_set_find("RL"), true);
	lisp_database_config_changed();
	house_run(50);
	CHECK_EQ(told, before);
	lisp_database_get(&eid, "RL");
	lisp_database_config_changed();
	house_run(50);
	CHECK_EQ(told, before + 1);
}
