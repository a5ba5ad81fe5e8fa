// SPDX-License-Identifier: GPL-2.0-or-later
/* Mappings in the tables of their instances. */
#include <zebra.h>

#include <string.h>

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_mapping.h"
#include "dplane/lisp_dp_set.h"

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_MAPPING, "LISP mapping");

int lisp_dp_mapping_read(const LispDp__Mapping *from, struct lisp_bpf_mapping *value,
			 struct lisp_dp_op *op)
{
	bool encap = from->action == LISP_DP__ACTION__ENCAP;

	if (!encap && from->action > LISP_DP__ACTION__DROP_AUTH_FAILURE)
		return lisp_dp_refuse(op, EINVAL, "unknown action");
	if (encap && !lisp_dp_set_find(from->set))
		return lisp_dp_refuse(op, ENOENT, "no such RLOC-set");
	value->action = from->action;
	value->set = encap ? from->set : 0;
	value->id = from->id <= lisp_dp_max_mapping ? from->id : 0; /* 0 counts for nobody */
	return 0;
}

int lisp_dp_mapping_map(struct lisp_dp_instance *instance, const struct prefix *prefix)
{
	static const struct lisp_bpf_mapping local = { .action = LISP_BPF_LOCAL };
	struct route_node *node = route_node_lookup(lisp_dp_table_of(instance->local, prefix),
						    prefix);
	const struct lisp_dp_mapping *mapping = lisp_dp_mapping_exact(instance, prefix);

	if (node) {
		route_unlock_node(node);
		return -lisp_dp_bpf_mapping(instance->iid, prefix, &local, false);
	}
	return -lisp_dp_bpf_mapping(instance->iid, prefix, mapping ? &mapping->value : NULL,
				    !mapping);
}

int lisp_dp_mapping_put(struct lisp_dp_instance *instance, struct route_node *node,
			const struct lisp_bpf_mapping *value, uint64_t epoch)
{
	struct lisp_dp_mapping *mapping = node->info;

	if (!mapping) {
		mapping = node->info = XCALLOC(MTYPE_LISP_DP_MAPPING, sizeof(*mapping));
		route_lock_node(node);
	}
	if (mapping->value.id != value->id) {
		lisp_dp_bpf_mapping_clear(value->id);
		mapping->count = (struct lisp_bpf_mapping_count){};
	}
	mapping->value = *value;
	mapping->epoch = epoch;
	mapping->prefixlen = node->p.prefixlen;
	return lisp_dp_mapping_map(instance, &node->p);
}

void lisp_dp_mapping_remove(struct lisp_dp_instance *instance, struct route_node *node)
{
	XFREE(MTYPE_LISP_DP_MAPPING, node->info);
	lisp_dp_mapping_map(instance, &node->p);
	route_unlock_node(node);
}

struct lisp_dp_mapping *lisp_dp_mapping_match(const struct lisp_dp_instance *instance,
					      uint8_t version, const uint8_t *address)
{
	return lisp_dp_table_match(instance->cache, version, address);
}

const struct lisp_dp_mapping *lisp_dp_mapping_exact(const struct lisp_dp_instance *instance,
						    const struct prefix *prefix)
{
	struct route_node *node = route_node_lookup(lisp_dp_table_of(instance->cache, prefix),
						    prefix);

	if (!node)
		return NULL;
	route_unlock_node(node);
	return node->info;
}

bool lisp_dp_mapping_unassigned(const struct lisp_dp_instance *instance,
				const struct lisp_dp_mapping *mapping, uint8_t version,
				const uint8_t *address)
{
	int local = lisp_dp_local_eid_length(instance, version, address);

	return local >= 0 && (!mapping || mapping->prefixlen <= local);
}

void lisp_dp_mapping_walk(lisp_dp_mapping_fn fn, void *arg)
{
	struct lisp_dp_instance *instance = NULL;
	struct route_node *node;

	while ((instance = lisp_dp_instance_next(instance)))
		for (int i = 0; i < 2; i++)
			for (node = route_top(instance->cache[i]); node; node = route_next(node))
				if (node->info)
					fn(instance, &node->p, node->info, arg);
}

static bool cursor_at(struct lisp_dp_mapping_cursor *cursor, struct lisp_dp_instance *instance,
		      int family)
{
	if (!instance)
		return false;
	cursor->begun = true;
	cursor->iid = instance->iid;
	cursor->family = family;
	route_table_iter_init(&cursor->at, instance->cache[family]);
	return true;
}

bool lisp_dp_mapping_walk_on(struct lisp_dp_mapping_cursor *cursor, size_t max,
			     lisp_dp_mapping_node_fn fn, void *arg)
{
	struct lisp_dp_instance *instance;
	struct route_node *node;
	size_t n = 0;

	if (!cursor->begun && !cursor_at(cursor, lisp_dp_instance_next(NULL), 0))
		return false;
	do {
		/* one that has been there stays until the plugin ends */
		instance = lisp_dp_instance_find(cursor->iid);
		while (n < max && (node = route_table_iter_next(&cursor->at))) {
			if (!node->info)
				continue;
			fn(instance, node, arg);
			n++;
		}
		if (n == max) {
			route_table_iter_pause(&cursor->at);
			return true;
		}
	} while (cursor->family ? cursor_at(cursor, lisp_dp_instance_next(instance), 0)
				: cursor_at(cursor, instance, 1));
	return false;
}

void lisp_dp_mapping_sum(const struct lisp_dp_mapping *mapping, struct lisp_bpf_mapping_count *sum)
{
	memset(sum, 0, sizeof(*sum));
	if (!mapping->value.id)
		return;
	lisp_dp_bpf_mapping_count(mapping->value.id, sum);
	sum->out.packets += mapping->count.out.packets;
	sum->out.bytes += mapping->count.out.bytes;
	sum->used = MAX(sum->used, mapping->count.used);
}

uint32_t lisp_dp_mapping_idle(const struct lisp_dp_mapping *mapping)
{
	struct lisp_bpf_mapping_count sum;
	uint64_t now = lisp_dp_now_ns();

	lisp_dp_mapping_sum(mapping, &sum);
	if (!sum.out.packets)
		return LISP_DP_IDLE_EVER;
	return sum.used < now ? (now - sum.used) / 1000000000 : 0;
}
