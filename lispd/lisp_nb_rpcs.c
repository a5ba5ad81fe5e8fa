// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RPCs of frr-lispd.yang. lig takes seconds and an RPC must answer at once: it
 * returns a query-id, the mapping follows as the notification lig-reply.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "memory.h"
#include "northbound.h"
#include "typesafe.h"
#include "yang_wrappers.h"

#include "lispd/lisp_ask.h"
#include "lispd/lisp_dplane.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_nb.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_pending.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lispd.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_NB_LIG, "LISP northbound lig query");


PREDECL_DLIST(nb_ligs);

struct nb_lig {
	struct nb_ligs_item item;
	uint32_t id;
	struct ipaddr to, source; /* unset: as the ITR would */
	struct lisp_pending *pending;
};

DECLARE_DLIST(nb_ligs, struct nb_lig, item);

static struct nb_ligs_head ligs[1] = { INIT_DLIST(ligs[0]) };
static uint32_t lig_id;

static void lig_end(struct nb_lig *lig)
{
	nb_ligs_del(ligs, lig);
	XFREE(MTYPE_LISP_NB_LIG, lig);
}

static int lig_send(struct lisp_pending *p, uint64_t nonce)
{
	const struct nb_lig *lig = lisp_pending_arg(p);
	struct lisp_ask ask = {
		.eid = *lisp_pending_eid(p),
		.to = &lig->to,
		.source = &lig->source,
		.attempt = lisp_pending_tries(p) - 1,
		.last = lisp_pending_to(p),
	};
	struct ipaddr sent;
	int ret;

	ret = lisp_ask(&ask, nonce, &sent);
	lisp_pending_set_to(p, &sent);
	return ret;
}

static void put_locator(struct lyd_node *tree, const char *mapping, const struct lisp_locator *loc)
{
	const struct lisp_rloc *rloc = lisp_rloc_find(&loc->addr);
	char path[XPATH_MAXLEN], text[16], address[LISP_ADDR_STRLEN];
	const struct {
		const char *leaf;
		uint8_t value;
	} numbers[] = {
		{ "priority", loc->priority },
		{ "weight", loc->weight },
		{ "multicast-priority", loc->mpriority },
		{ "multicast-weight", loc->mweight },
	};
	size_t i;

	lisp_locator_str(loc, address, sizeof(address));
	for (i = 0; i < array_size(numbers); i++) {
		snprintf(path, sizeof(path), "%s/locator[address='%s']/%s", mapping, address,
			 numbers[i].leaf);
		snprintf(text, sizeof(text), "%u", numbers[i].value);
		lisp_nb_notify_leaf(tree, path, text);
	}
	snprintf(path, sizeof(path), "%s/locator[address='%s']/reachable", mapping, address);
	lisp_nb_notify_leaf(tree, path, loc->reach ? "true" : "false");
	snprintf(path, sizeof(path), "%s/locator[address='%s']/state", mapping, address);
	lisp_nb_notify_leaf(tree, path, rloc ? lisp_rloc_state_name(rloc->state) : NULL);
}

static void put_mapping(struct lyd_node *tree, const struct lisp_mapping *mapping)
{
	char base[LISP_EID_STRLEN + 50], path[XPATH_MAXLEN], text[16], eid[LISP_EID_STRLEN];
	unsigned int i;

	lisp_eid_prefix_str(&mapping->eid, eid, sizeof(eid));
	snprintf(base, sizeof(base), "mapping[instance-id='%u'][eid='%s']", mapping->eid.iid, eid);
	snprintf(path, sizeof(path), "%s/record-ttl", base);
	snprintf(text, sizeof(text), "%u", mapping->ttl);
	lisp_nb_notify_leaf(tree, path, text);
	if (!mapping->n_locators) {
		snprintf(path, sizeof(path), "%s/action", base);
		lisp_nb_notify_leaf(tree, path, lisp_action_name(mapping->action));
	}
	for (i = 0; i < mapping->n_locators; i++)
		put_locator(tree, base, &mapping->locators[i]);
}

static void put_records(struct lyd_node *tree, const struct lisp_msg *msg)
{
	struct lisp_cursor c = lisp_msg_records(msg);
	struct lisp_record rec;

	while (lisp_record_next(&c, &rec)) {
		struct lisp_mapping mapping = {};

		if (lisp_mapping_from_record(&rec, &mapping, NULL) != LISP_OK)
			continue;
		put_mapping(tree, &mapping);
		lisp_mapping_fini(&mapping);
	}
}

static void lig_notify(const struct lisp_pending *p, const struct lisp_rx *rx,
		       const struct lisp_msg *msg, uint32_t rtt_us)
{
	const struct nb_lig *lig = lisp_pending_arg(p);
	const char *xpath = "/frr-lispd:lig-reply";
	struct lyd_node *tree = lisp_nb_notify_new(xpath);
	char text[64];

	if (!tree)
		return;
	snprintf(text, sizeof(text), "%u", lig->id);
	lisp_nb_notify_leaf(tree, "query-id", text);
	lisp_nb_notify_leaf(tree, "answered", msg ? "true" : "false");
	snprintf(text, sizeof(text), "%u", lisp_pending_tries(p));
	lisp_nb_notify_leaf(tree, "map-requests-sent", text);
	if (msg) {
		snprintfrr(text, sizeof(text), "%pIA", &rx->src);
		lisp_nb_notify_leaf(tree, "replier", text);
		snprintf(text, sizeof(text), "%u", rtt_us);
		lisp_nb_notify_leaf(tree, "rtt", text);
		put_records(tree, msg);
	}
	lisp_nb_notify_send(xpath, tree);
}

static void lig_reply(struct lisp_pending *p, const struct lisp_rx *rx, const struct lisp_msg *msg,
		      uint32_t rtt_us)
{
	lig_notify(p, rx, msg, rtt_us);
	lig_end(lisp_pending_arg(p));
}

static void lig_timeout(struct lisp_pending *p)
{
	lig_notify(p, NULL, NULL, 0);
	lig_end(lisp_pending_arg(p));
}

static const struct lisp_pending_ops lig_ops = {
	.reply = lig_reply,
	.timeout = lig_timeout,
	.send = lig_send,
};

static uint32_t input_instance(const struct nb_cb_rpc_args *args)
{
	return yang_dnode_exists(args->input, "instance-id")
		       ? yang_dnode_get_uint32(args->input, "instance-id")
		       : 0;
}

int lisp_nb_lig(struct nb_cb_rpc_args *args)
{
	struct lisp_pending_timing timing = { .interval_ms = LISP_LIG_INTERVAL };
	struct lisp_eid eid;
	struct ipaddr addr;
	struct nb_lig *lig;
	char text[16];

	if (nb_ligs_count(ligs) >= LISP_LIG_MAX) {
		snprintf(args->errmsg, args->errmsg_len,
			 "%u queries are outstanding already; try again in some seconds",
			 LISP_LIG_MAX);
		return NB_ERR_RESOURCE;
	}

	yang_dnode_get_ip(&addr, args->input, "eid");
	lisp_eid_host(&eid, input_instance(args), &addr);
	timing.tries = 3;
	if (yang_dnode_exists(args->input, "count"))
		timing.tries = yang_dnode_get_uint8(args->input, "count");

	lig = XCALLOC(MTYPE_LISP_NB_LIG, sizeof(*lig));
	lig->id = ++lig_id;
	if (yang_dnode_exists(args->input, "map-resolver"))
		yang_dnode_get_ip(&lig->to, args->input, "map-resolver");
	if (yang_dnode_exists(args->input, "source"))
		yang_dnode_get_ip(&lig->source, args->input, "source");
	nb_ligs_add_tail(ligs, lig);

	lig->pending = lisp_pending_start(&eid, &lig_ops, &timing, lig);
	if (!lig->pending) {
		lig_end(lig);
		snprintf(args->errmsg, args->errmsg_len,
			 "too many Map-Requests are outstanding; try again in some seconds");
		return NB_ERR_RESOURCE;
	}

	snprintf(text, sizeof(text), "%u", lig->id);
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
	lisp_stats_clear();
	lisp_map_resolvers_clear();
	lisp_dplane_counters_clear();
	return NB_OK;
}

int lisp_nb_clear_site(struct nb_cb_rpc_args *args)
{
	const char *name = yang_dnode_get_string(args->input, "name");
	struct lisp_site *site = lisp_site_find(name);

	if (!site) {
		snprintf(args->errmsg, args->errmsg_len, "there is no site %s", name);
		return NB_ERR_NOT_FOUND;
	}
	lisp_site_clear(site);
	return NB_OK;
}

void lisp_nb_rpcs_finish(void)
{
	struct nb_lig *lig;

	frr_each_safe (nb_ligs, ligs, lig) {
		lisp_pending_cancel(&lig->pending);
		lig_end(lig);
	}
}
