// SPDX-License-Identifier: GPL-2.0-or-later
/* Local EID-prefixes, in the tables of their instances and in the maps. */
#include <zebra.h>

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_local.h"
#include "dplane/lisp_dp_mapping.h"

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_LOCAL_EID, "LISP local EID-prefix");

static void local_eid_remove(struct lisp_dp_instance *instance, struct route_node *node)
{
	lisp_dp_bpf_local_eid(instance->iid, &node->p, true);
	XFREE(MTYPE_LISP_DP_LOCAL_EID, node->info);
	lisp_dp_mapping_map(instance, &node->p);
	route_unlock_node(node);
}

int lisp_dp_local_eid_apply(const LispDp__LocalEid *from, struct lisp_dp_op *op)
{
	struct lisp_dp_instance *instance;
	struct lisp_dp_local_eid *eid;
	struct route_node *node;
	struct prefix prefix;
	int error;

	if (!lisp_dp_read_eid(from->iid, from->prefix, &prefix))
		return lisp_dp_refuse(op, EINVAL, "malformed EID-prefix");
	instance = lisp_dp_instance_get(from->iid);
	node = route_node_get(lisp_dp_table_of(instance->local, &prefix), &prefix);
	op->dirty = op->remove == !!node->info;
	if (op->remove) {
		if (node->info)
			local_eid_remove(instance, node);
		route_unlock_node(node);
		return 0;
	}
	if (node->info) {
		route_unlock_node(node);
		eid = node->info;
		eid->epoch = op->epoch;
		return 0;
	}
	eid = XCALLOC(MTYPE_LISP_DP_LOCAL_EID, sizeof(*eid));
	eid->epoch = op->epoch;
	eid->prefixlen = prefix.prefixlen;
	node->info = eid;
	error = -lisp_dp_bpf_local_eid(instance->iid, &prefix, false);
	return error ? error : lisp_dp_mapping_map(instance, &prefix);
}

void lisp_dp_local_eid_sweep(struct lisp_dp_instance *instance, uint64_t epoch)
{
	for (int i = 0; i < 2; i++) {
		struct route_node *node;

		for (node = route_top(instance->local[i]); node; node = route_next(node)) {
			struct lisp_dp_local_eid *eid = node->info;

			if (eid && eid->epoch != epoch)
				local_eid_remove(instance, node);
		}
	}
}
