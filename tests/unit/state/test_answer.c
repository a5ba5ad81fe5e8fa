// SPDX-License-Identifier: GPL-2.0-or-later
/* Map-Replies: which of its ITR-RLOCs a request's answer goes to. */
#include <zebra.h>

#include <stdbool.h>

#include "if.h"
#include "vrf.h"

#include "lispd/lisp_bucket.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_rx.h"

#include "house.h"

#define HERE "192.0.2.1"

/* A request with these ITR-RLOCs comes to us from an address; where the answer goes to. */
static struct ipaddr answered(uint32_t flags, const char *from, const char *first,
			      const char *second)
{
	struct lisp_header h = { .type = LISP_MAP_REQUEST, .flags = flags, .nonce = 7 };
	struct lisp_eid eid = house_eid("10.1.0.10");
	struct lisp_request request = { .mask_len = 32 };
	struct lisp_rx rx = { .src = house_addr(from), .dst = house_addr(HERE) };
	const char *const rlocs[] = { first, second };
	struct lisp_addr addr;
	struct lisp_writer w;
	uint8_t buf[256];

	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_eid_to_addr(&eid, &request.eid);
	lisp_put_header(&w, &h);
	for (unsigned int i = 0; i < array_size(rlocs); i++) {
		struct ipaddr rloc = house_addr(rlocs[i]);

		lisp_rloc_to_addr(&rloc, &addr);
		lisp_put_itr_rloc(&w, &addr);
	}
	lisp_put_request(&w, &request);
	CHECK(!w.overflow);
	rx.data = buf;
	rx.len = w.len;
	memset(&house_replied, 0, sizeof(house_replied));
	lisp_rx(&rx);
	return house_replied.to;
}

static bool goes_to(struct ipaddr to, const char *text)
{
	struct ipaddr wanted = house_addr(text);

	return ipaddr_is_same(&to, &wanted);
}

/* An ETR of 10.1.0.0/16 that has RLOCs of both families. */
static void start(void)
{
	struct ipaddr own = house_addr(HERE);
	struct lisp_eid eid = house_eid("10.1.0.0/16");
	struct prefix prefix;

	house_start();
	CHECK(str2prefix("2001:db8::1/64", &prefix));
	connected_add_by_prefix(if_lookup_by_name("eth0", VRF_DEFAULT), &prefix, NULL);
	lisp_locator_set_locator(lisp_locator_set_get("RL"), &own, NULL, AF_INET, 1, 100, 255, 0);
	lisp_database_get(&eid, "RL");
	lisp_database_config_changed();
	house_run(200);
}

TEST(T_136_a_reply_goes_back_to_where_the_request_came_from)
{
	start();
	CHECK(goes_to(answered(0, "192.0.2.9", "203.0.113.9", "192.0.2.9"), "192.0.2.9"));
}

TEST(T_136_or_else_to_another_address_of_that_family)
{
	start();
	CHECK(goes_to(answered(0, "192.0.2.9", "2001:db8::9", "203.0.113.9"), "203.0.113.9"));
}

TEST(T_136_or_else_to_any_that_the_itr_names)
{
	start();
	CHECK(goes_to(answered(0, "192.0.2.9", "2001:db8::8", "2001:db8::9"), "2001:db8::8"));
}

TEST(T_136_T_144_a_probe_is_answered_from_the_rloc_that_was_probed)
{
	struct ipaddr here = house_addr(HERE);

	start();
	CHECK(goes_to(answered(LISP_MREQ_F_PROBE, "192.0.2.9", "2001:db8::9", "192.0.2.9"),
		      "192.0.2.9"));
	CHECK(ipaddr_is_same(&house_replied.from, &here));
}
