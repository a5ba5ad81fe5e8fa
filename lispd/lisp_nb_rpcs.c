// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RPCs of frr-lispd.yang. lig takes seconds and an RPC must answer at once: it
 * returns a query-id, the mapping follows as the notification lig-reply.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "northbound.h"
#include "yang_wrappers.h"

#include "lispd/lisp_dplane.h"
#include "lispd/lisp_lig.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_nb.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_registry.h"
#include "lispd/lispd.h"

static void lig_done(const struct lisp_lig *lig)
{
	lisp_nb_notify("/frr-lispd:lig-reply", &lisp_kind_lig, lig);
}

static const struct lisp_lig_ops lig_ops = { .done = lig_done };

static uint32_t input_instance(const struct nb_cb_rpc_args *args)
{
	return yang_dnode_exists(args->input, "instance-id")
		       ? yang_dnode_get_uint32(args->input, "instance-id")
		       : 0;
}

int lisp_nb_lig(struct nb_cb_rpc_args *args)
{
	static uint32_t query_id;
	struct lisp_lig lig = { .query_id = ++query_id, .ops = &lig_ops };
	struct ipaddr addr;
	char text[16];

	yang_dnode_get_ip(&addr, args->input, "eid");
	lisp_eid_host(&lig.eid, input_instance(args), &addr);
	if (yang_dnode_exists(args->input, "map-resolver"))
		yang_dnode_get_ip(&lig.to, args->input, "map-resolver");
	if (yang_dnode_exists(args->input, "source"))
		yang_dnode_get_ip(&lig.source, args->input, "source");

	if (!lisp_lig_start(&lig, yang_dnode_exists(args->input, "count")
					  ? yang_dnode_get_uint8(args->input, "count")
					  : LISP_LIG_TRIES)) {
		snprintf(args->errmsg, args->errmsg_len,
			 "too many Map-Requests are outstanding; try again in some seconds");
		return NB_ERR_RESOURCE;
	}
	snprintf(text, sizeof(text), "%u", lig.query_id);
	yang_dnode_rpc_output_add(args->output, "query-id", text);
	return NB_OK;
}

/* All that was learned in an instance. */
static unsigned int clear_instance(uint32_t iid)
{
	struct lisp_eid ipv4 = lisp_eid_all(iid, AF_INET), ipv6 = lisp_eid_all(iid, AF_INET6);

	return lisp_map_cache_clear(&ipv4) + lisp_map_cache_clear(&ipv6);
}

int lisp_nb_clear_map_cache(struct nb_cb_rpc_args *args)
{
	bool instance = yang_dnode_exists(args->input, "instance-id");
	struct lisp_eid eid = {};
	unsigned int cleared;
	char text[16];

	eid.iid = input_instance(args);
	if (yang_dnode_exists(args->input, "eid")) {
		yang_dnode_get_prefix(&eid.prefix, args->input, "eid");
		lisp_eid_mask(&eid);
		cleared = lisp_map_cache_clear(&eid);
	} else {
		cleared = instance ? clear_instance(eid.iid) : lisp_map_cache_clear(NULL);
	}

	snprintf(text, sizeof(text), "%u", cleared);
	yang_dnode_rpc_output_add(args->output, "cleared", text);
	return NB_OK;
}

int lisp_nb_clear_statistics(struct nb_cb_rpc_args *args)
{
	lisp_state_clear_counters();
	return NB_OK;
}

int lisp_nb_clear_site(struct nb_cb_rpc_args *args)
{
	bool instance = yang_dnode_exists(args->input, "instance-id");
	uint32_t iid = input_instance(args);
	struct lisp_site *site = NULL;

	if (yang_dnode_exists(args->input, "name")) {
		const char *name = yang_dnode_get_string(args->input, "name");

		site = lisp_site_find(name);
		if (!site) {
			snprintf(args->errmsg, args->errmsg_len, "there is no site %s", name);
			return NB_ERR_NOT_FOUND;
		}
	}
	lisp_site_clear(site, instance ? &iid : NULL);
	return NB_OK;
}
