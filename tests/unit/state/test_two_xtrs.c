// SPDX-License-Identifier: GPL-2.0-or-later
/* A site of two xTRs: what each says of the other, and which of them a Map-Server asks. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "if.h"
#include "vrf.h"

#include "lispd/lisp_ask.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_ip.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_msg.h"
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
	struct connected *gone;
	struct interface *ifp;
	struct prefix prefix;

	site();
	ifp = if_lookup_by_name("eth0", VRF_DEFAULT);
	CHECK(str2prefix(OWN "/24", &prefix));
	gone = connected_delete_by_prefix(ifp, &prefix);
	connected_free(&gone);
	lisp_rloc_addresses_changed();
	route(OWN, true);
	CHECK(!locator(OWN).reach);
	/* for others that have it in a mapping it is an RLOC as any */
	CHECK(lisp_rloc_up(lisp_rloc_find(&own)));
	connected_add_by_prefix(ifp, &prefix, NULL);
	lisp_rloc_addresses_changed();
	house_run(50);
	CHECK(locator(OWN).local && locator(OWN).reach);
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
