// SPDX-License-Identifier: GPL-2.0-or-later
/* Whose an EID is and what is free around it: random spaces against brute force. */
#include <zebra.h>

#include "lispd/lisp_alt_rib.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_space.h"

#include "house.h"

#define N 60

/* A prefix, and who has it. */
static struct {
	struct lisp_eid eid;
	bool local, site, registered, learned, lost;
} known[N];

static struct lisp_site *site;

/* Few bits differ, so that prefixes overlap and are neighbours. */
static struct lisp_eid random_eid(bool host)
{
	struct lisp_eid eid = { .iid = unit_random() % 4 ? 0 : 5 };
	unsigned int bits;

	eid.prefix.family = unit_random() % 4 ? AF_INET : AF_INET6;
	bits = lisp_eid_bits(&eid);
	lisp_eid_key(&eid)[0] = 10;
	lisp_eid_key(&eid)[1] = (uint8_t)(unit_random() & 0x81);
	lisp_eid_key(&eid)[2] = (uint8_t)(unit_random() & 0x81);
	lisp_eid_key(&eid)[3] = host ? (uint8_t)unit_random() : 0;
	eid.prefix.prefixlen = host ? bits : 1 + unit_random() % 24;
	lisp_eid_mask(&eid);
	return eid;
}

/* ---- changes ---- */

static void change_local(int i)
{
	known[i].local = !known[i].local;
	if (known[i].local)
		lisp_database_get(&known[i].eid, "RL");
	else
		lisp_database_del(&known[i].eid);
}

static void change_site(int i)
{
	known[i].site = !known[i].site;
	known[i].registered = false;
	if (known[i].site)
		CHECK(lisp_site_prefix_get(site, &known[i].eid));
	else
		lisp_site_prefix_del(lisp_site_prefix_find(&known[i].eid));
}

static void change_registration(int i)
{
	struct lisp_registration values = { .from = house_addr("192.0.2.9") };
	struct lisp_mapping mapping = { .eid = known[i].eid };

	if (!known[i].site)
		return;
	known[i].registered = !known[i].registered;
	mapping.ttl = known[i].registered ? 1440 : 0;
	CHECK(lisp_registration_put(lisp_site_prefix_find(&known[i].eid), &values, &mapping) ==
	      LISP_OK);
}

/* Of instance 0 only: the other has no ALT. */
static void change_learned(int i)
{
	lisp_alt_rib_route(&known[i].eid, !known[i].learned);
	if (known[i].eid.iid)
		return;
	known[i].lost = known[i].learned;
	known[i].learned = !known[i].learned;
}

static void (*const changes[])(int) = {
	change_local,
	change_site,
	change_registration,
	change_learned,
};

static bool random_services(void)
{
	struct lisp_instance *instance = lisp_instance_find(0);
	bool up = unit_random() % 4;

	for (enum lisp_family family = 0; family < LISP_FAMILY_MAX; family++) {
		instance->service[family].etr = unit_random() % 4;
		instance->service[family].map_server = unit_random() % 4;
		lisp_alt_rib_up(0, family, up);
	}
	return up;
}

/* ---- brute force ---- */

static enum lisp_owner owner_by_force(const struct lisp_eid *eid, bool alt_up)
{
	const struct lisp_service *service = lisp_service_of(eid);

	for (int len = lisp_eid_bits(eid); len >= 0; len--) {
		bool local = false, there = false, registered = false, learned = false;

		for (int i = 0; i < N; i++) {
			if (known[i].eid.prefix.prefixlen != len ||
			    !lisp_eid_covers(&known[i].eid, eid))
				continue;
			local |= known[i].local && service->etr;
			there |= known[i].site && service->map_server;
			registered |= known[i].registered && service->map_server;
			learned |= known[i].learned && alt_up;
		}
		if (local)
			return LISP_OWNER_DATABASE;
		if (registered || (there && !learned))
			return LISP_OWNER_REGISTRY;
		if (learned)
			return LISP_OWNER_ALT;
	}
	return LISP_OWNER_NONE;
}

static bool is_known(int i)
{
	return known[i].local || known[i].site || known[i].learned || known[i].lost;
}

/* Does a known prefix stand in its way, one inside the block if there is one? */
static bool hole_is_free(const struct lisp_eid *hole, const struct lisp_eid *block)
{
	for (int i = 0; i < N; i++) {
		const struct lisp_eid *eid = &known[i].eid;

		if (!is_known(i) ||
		    (block && (!lisp_eid_covers(block, eid) || lisp_eid_same(block, eid))))
			continue;
		if (lisp_eid_covers(hole, eid) || lisp_eid_covers(eid, hole))
			return false;
	}
	return true;
}

static bool hole_by_force(const struct lisp_eid *eid, const struct lisp_eid *block,
			  struct lisp_eid *hole)
{
	unsigned int len = block ? block->prefix.prefixlen : 0;

	for (; len <= lisp_eid_bits(eid); len++) {
		*hole = *eid;
		hole->prefix.prefixlen = (uint16_t)len;
		lisp_eid_mask(hole);
		if (hole_is_free(hole, block))
			return true;
	}
	return false;
}

TEST(T_195_property_owner_and_hole_over_registry_database_and_alt)
{
	struct lisp_eid eid, block, hole, want;
	unsigned int owners[4] = {}, holes[2] = {};
	bool alt_up, found;

	house_start();
	site = lisp_site_get("S");
	for (enum lisp_family family = 0; family < LISP_FAMILY_MAX; family++)
		lisp_alt_rib_set(0, family, true);
	for (int i = 0; i < N; i++) {
		do
			known[i].eid = random_eid(false);
		while (lisp_database_find(&known[i].eid));
		change_local(i); /* all are different */
	}
	alt_up = random_services();
	for (int round = 0; round < 20000; round++) {
		changes[unit_random() % array_size(changes)]((int)(unit_random() % N));
		if (round % 50 == 0)
			alt_up = random_services();

		eid = random_eid(round % 3);
		CHECK_EQ(lisp_space_owner(&eid), owner_by_force(&eid, alt_up));
		owners[lisp_space_owner(&eid)]++;

		block = eid;
		block.prefix.prefixlen = unit_random() % (eid.prefix.prefixlen + 1);
		lisp_eid_mask(&block);
		found = lisp_space_hole(&eid, round % 2 ? &block : NULL, &hole);
		CHECK_EQ(found, hole_by_force(&eid, round % 2 ? &block : NULL, &want));
		CHECK(!found || lisp_eid_same(&hole, &want));
		holes[found]++;
	}
	for (unsigned int i = 0; i < array_size(owners); i++)
		CHECK(owners[i] > 500);
	CHECK(holes[0] > 500 && holes[1] > 500);
}
