// SPDX-License-Identifier: GPL-2.0-or-later
/* Instances and their local EID-prefixes. */
#include <zebra.h>

#include <string.h>

#include "lib/jhash.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_instance.h"
#include "dplane/lisp_dp_underlay.h"

#define LOOPBACK 1 /* its ifindex, in every namespace */

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_INSTANCE, "LISP instance");

static int instance_cmp(const struct lisp_dp_instance *a, const struct lisp_dp_instance *b)
{
	return numcmp(a->iid, b->iid);
}

static uint32_t instance_hash(const struct lisp_dp_instance *instance)
{
	return jhash_1word(instance->iid, 0x11597);
}
DECLARE_HASH(lisp_dp_instances, struct lisp_dp_instance, item, instance_cmp, instance_hash);

static struct lisp_dp_instances_head instances[1];

struct lisp_dp_instance *lisp_dp_instance_find(uint32_t iid)
{
	struct lisp_dp_instance key = { .iid = iid };

	return lisp_dp_instances_find(instances, &key);
}

struct lisp_dp_instance *lisp_dp_instance_next(struct lisp_dp_instance *instance)
{
	return instance ? lisp_dp_instances_next(instances, instance)
			: lisp_dp_instances_first(instances);
}

struct lisp_dp_instance *lisp_dp_instance_of_table(uint32_t table)
{
	struct lisp_dp_instance *instance;

	frr_each (lisp_dp_instances, instances, instance)
		if (instance->active && instance->table == table)
			return instance;
	return NULL;
}

struct lisp_dp_instance *lisp_dp_instance_of_device(int ifindex)
{
	struct lisp_dp_instance *instance;

	frr_each (lisp_dp_instances, instances, instance)
		if (instance->active && instance->ifindex == ifindex)
			return instance;
	return NULL;
}

bool lisp_dp_instance_any_active(void)
{
	const struct lisp_dp_instance *instance;

	frr_each (lisp_dp_instances_const, instances, instance)
		if (instance->active)
			return true;
	return false;
}

bool lisp_dp_instance_itr(const struct lisp_dp_instance *instance, uint8_t version)
{
	return instance->active &&
	       (instance->flags & (version == 4 ? LISP_INSTANCE_ITR4 : LISP_INSTANCE_ITR6));
}

struct lisp_dp_instance *lisp_dp_instance_get(uint32_t iid)
{
	struct lisp_dp_instance *instance = lisp_dp_instance_find(iid);

	if (instance)
		return instance;
	instance = XCALLOC(MTYPE_LISP_DP_INSTANCE, sizeof(*instance));
	instance->iid = iid;
	instance->fd = -1;
	for (int i = 0; i < 2; i++) {
		instance->local[i] = route_table_init();
		instance->cache[i] = route_table_init();
	}
	lisp_dp_instances_add(instances, instance);
	return instance;
}

void lisp_dp_instance_read(struct lisp_dp_instance *instance, const LispDp__Instance *from)
{
	instance->flags = (from->itr4 ? LISP_INSTANCE_ITR4 : 0) |
			  (from->itr6 ? LISP_INSTANCE_ITR6 : 0) |
			  (from->etr4 ? LISP_INSTANCE_ETR4 : 0) |
			  (from->etr6 ? LISP_INSTANCE_ETR6 : 0);
	instance->queue_per_eid = from->queue_per_eid;
	instance->queue_total = from->queue_total;
	instance->queue_hold_ms = from->queue_hold_ms;
}

static int underlay_ifindex(void)
{
	int vrf = lisp_dp_underlay_ifindex();

	return vrf ? vrf : LOOPBACK;
}

bool lisp_dp_instance_moved(const struct lisp_dp_instance *instance)
{
	return instance->underlay != underlay_ifindex();
}

int lisp_dp_instance_map(struct lisp_dp_instance *instance, bool remove)
{
	const struct lisp_bpf_instance value = { .iid = instance->iid,
						 .ifindex = instance->ifindex,
						 .flags = instance->flags,
						 .underlay = underlay_ifindex() };

	instance->underlay = value.underlay;
	return -lisp_dp_bpf_instance(&value, remove);
}

/* ---- tables ---- */

struct route_table *lisp_dp_table_of(struct route_table *const tables[2],
				     const struct prefix *prefix)
{
	return tables[prefix->family == AF_INET ? 0 : 1];
}

void *lisp_dp_table_match(struct route_table *const tables[2], uint8_t version,
			  const uint8_t *address)
{
	struct prefix prefix = { .family = LISP_DP_FAMILY(version),
				 .prefixlen = version == 4 ? 32 : 128 };
	struct route_node *node;

	memcpy(&prefix.u.prefix, address, prefix_blen(&prefix));
	node = route_node_match(lisp_dp_table_of(tables, &prefix), &prefix);
	if (!node)
		return NULL;
	route_unlock_node(node);
	return node->info;
}

/* ---- local EID-prefixes ---- */

bool lisp_dp_local_eid_match(const struct lisp_dp_instance *instance, uint8_t version,
			     const uint8_t *address)
{
	return lisp_dp_table_match(instance->local, version, address);
}

int lisp_dp_local_eid_length(const struct lisp_dp_instance *instance, uint8_t version,
			     const uint8_t *address)
{
	const struct lisp_dp_local_eid *eid;

	eid = lisp_dp_table_match(instance->local, version, address);
	return eid ? eid->prefixlen : -1;
}

void lisp_dp_instance_init(void)
{
	lisp_dp_instances_init(instances);
}

void lisp_dp_instance_finish(void)
{
	struct lisp_dp_instance *instance;

	while ((instance = lisp_dp_instances_pop(instances))) {
		for (int i = 0; i < 2; i++) {
			route_table_finish(instance->local[i]);
			route_table_finish(instance->cache[i]);
		}
		XFREE(MTYPE_LISP_DP_INSTANCE, instance);
	}
	lisp_dp_instances_fini(instances);
}
