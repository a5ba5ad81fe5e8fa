// SPDX-License-Identifier: GPL-2.0-or-later
/* Operational state: RLOCs, ALT, counters of control messages, dataplane, keys. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "if.h"

#include "lispd/lisp_alt.h"
#include "lispd/lisp_alt_rib.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_dplane.h"
#include "lispd/lisp_keys.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_nb.h"
#include "lispd/lisp_nb_leaf.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_pending.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_stats.h"

/* ---- RLOCs ---- */

static void rloc_leaf(struct leaf *leaf, const struct lisp_rloc *rloc)
{
	if (is(leaf, "state"))
		put_text(leaf, lisp_rloc_state_name(rloc->state));
	else if (is(leaf, "local"))
		put_bool(leaf, rloc->local);
	else if (is(leaf, "interface") && rloc->ifindex)
		put_text(leaf, ifindex2ifname(rloc->ifindex, lisp_rloc_vrf()));
	else if (is(leaf, "source"))
		put_address(leaf, &rloc->source);
	else if (is(leaf, "users"))
		put_number(leaf, rloc->refs);
	else if (is(leaf, "last-change"))
		put_since(leaf, rloc->changed);
	else if (is(leaf, "packets-in"))
		put_number(leaf, rloc->packets_in);
	else if (is(leaf, "bytes-in"))
		put_number(leaf, rloc->bytes_in);
	else if (is(leaf, "packets-out"))
		put_number(leaf, rloc->packets_out);
	else if (is(leaf, "bytes-out"))
		put_number(leaf, rloc->bytes_out);
}

STATE_GET(rloc, struct lisp_rloc)

const void *lisp_nb_rloc_get_next(struct nb_cb_get_next_args *args)
{
	return lisp_rloc_next((struct lisp_rloc *)args->list_entry);
}

int lisp_nb_rloc_get_keys(struct nb_cb_get_keys_args *args)
{
	const struct lisp_rloc *rloc = args->list_entry;

	return address_key(args->keys, 0, &rloc->addr);
}

const void *lisp_nb_rloc_lookup(struct nb_cb_lookup_entry_args *args)
{
	struct ipaddr addr;

	return key_address(args->keys, 0, &addr) ? lisp_rloc_find(&addr) : NULL;
}

/* ---- ALT ---- */

enum nb_error lisp_nb_alt_vrf_get(const struct nb_node *nb_node, const void *list_entry,
				  struct lyd_node *parent)
{
	struct leaf leaf = { .name = nb_node->snode->name };
	struct lisp_alt_status status = {};

	if (!lisp_alt_status(entry_number(list_entry), &status))
		return NB_OK;
	if (is(&leaf, "name"))
		put_text(&leaf, status.vrf);
	else if (is(&leaf, "up"))
		put_bool(&leaf, status.up);
	else if (is(&leaf, "error"))
		put_text(&leaf, status.error);
	else if (is(&leaf, "interface"))
		put_text(&leaf, status.ifname);
	else if (is(&leaf, "datagrams-in"))
		put_number(&leaf, status.in);
	else if (is(&leaf, "datagrams-out"))
		put_number(&leaf, status.out);
	else if (is(&leaf, "datagrams-dropped"))
		put_number(&leaf, status.dropped);
	return leaf_add(nb_node, &leaf, parent);
}

const void *lisp_nb_alt_vrf_get_next(struct nb_cb_get_next_args *args)
{
	const void *list_entry = args->list_entry;
	struct lisp_alt_status status;

	while ((list_entry = number_next(list_entry, LISP_FAMILY_MAX)))
		if (lisp_alt_status(entry_number(list_entry), &status))
			break;
	return list_entry;
}

int lisp_nb_alt_vrf_get_keys(struct nb_cb_get_keys_args *args)
{
	return name_key(args->keys, lisp_family_name(entry_number(args->list_entry)));
}

const void *lisp_nb_alt_vrf_lookup(struct nb_cb_lookup_entry_args *args)
{
	enum lisp_family family = key_family(args->keys);
	struct lisp_alt_status status;

	return lisp_alt_status(family, &status) ? number_entry(family) : NULL;
}

static void alt_route_leaf(struct leaf *leaf, const struct lisp_alt_route *route)
{
	if (is(leaf, "origin"))
		put_text(leaf, route->origin);
}

STATE_GET(alt_route, struct lisp_alt_route)

const void *lisp_nb_alt_route_get_next(struct nb_cb_get_next_args *args)
{
	return lisp_alt_route_next(args->list_entry);
}

int lisp_nb_alt_route_get_keys(struct nb_cb_get_keys_args *args)
{
	const struct lisp_alt_route *route = args->list_entry;

	return eid_keys(args->keys, &route->eid);
}

/* The route of the keys, or with `behind` the first one after their place. */
static const struct lisp_alt_route *alt_route_seek(const struct yang_list_keys *keys, bool behind)
{
	const struct lisp_alt_route *route = NULL;
	struct lisp_eid eid;
	int order;

	if (!keys_eid(keys, &eid))
		return NULL;
	while ((route = lisp_alt_route_next(route))) {
		order = lisp_eid_cmp(&route->eid, &eid);
		if (behind ? order > 0 : !order)
			break;
	}
	return route;
}

const void *lisp_nb_alt_route_lookup(struct nb_cb_lookup_entry_args *args)
{
	return alt_route_seek(args->keys, false);
}

const void *lisp_nb_alt_route_lookup_next(struct nb_cb_lookup_entry_args *args)
{
	return alt_route_seek(args->keys, true);
}

static void alt_learned_leaf(struct leaf *leaf, const struct lisp_eid *eid)
{
	if (is(leaf, "origin"))
		put_text(leaf, "bgp");
}

STATE_GET(alt_learned, struct lisp_eid)

const void *lisp_nb_alt_learned_get_next(struct nb_cb_get_next_args *args)
{
	return lisp_alt_learned_next(args->list_entry);
}

int lisp_nb_alt_learned_get_keys(struct nb_cb_get_keys_args *args)
{
	return eid_keys(args->keys, args->list_entry);
}

static const struct lisp_eid *alt_learned_seek(const struct yang_list_keys *keys, bool behind)
{
	const struct lisp_eid *learned = NULL;
	struct lisp_eid eid;
	int order;

	if (!keys_eid(keys, &eid))
		return NULL;
	while ((learned = lisp_alt_learned_next(learned))) {
		order = lisp_eid_cmp(learned, &eid);
		if (behind ? order > 0 : !order)
			break;
	}
	return learned;
}

const void *lisp_nb_alt_learned_lookup(struct nb_cb_lookup_entry_args *args)
{
	return alt_learned_seek(args->keys, false);
}

const void *lisp_nb_alt_learned_lookup_next(struct nb_cb_lookup_entry_args *args)
{
	return alt_learned_seek(args->keys, true);
}

static void tunnel_leaf(struct leaf *leaf, const struct lisp_tunnel *tunnel)
{
	if (is(leaf, "source"))
		put_address(leaf, &tunnel->source);
	else if (is(leaf, "destination"))
		put_address(leaf, &tunnel->destination);
	else if (is(leaf, "key") && tunnel->has_key)
		put_number(leaf, tunnel->key);
	else if (is(leaf, "implementation") && tunnel->ifindex)
		put_text(leaf, tunnel->kernel ? "kernel" : "user-space");
	else if (is(leaf, "mtu") && tunnel->mtu)
		put_number(leaf, tunnel->mtu);
	else if (is(leaf, "error"))
		put_text(leaf, tunnel->error);
	else if (is(leaf, "drops"))
		put_number(leaf, tunnel->drops);
	else if (is(leaf, "packets-in"))
		put_number(leaf, tunnel->packets_in);
	else if (is(leaf, "bytes-in"))
		put_number(leaf, tunnel->bytes_in);
	else if (is(leaf, "packets-out"))
		put_number(leaf, tunnel->packets_out);
	else if (is(leaf, "bytes-out"))
		put_number(leaf, tunnel->bytes_out);
}

STATE_GET(tunnel, struct lisp_tunnel)

const void *lisp_nb_tunnel_get_next(struct nb_cb_get_next_args *args)
{
	return lisp_tunnel_next((struct lisp_tunnel *)args->list_entry);
}

int lisp_nb_tunnel_get_keys(struct nb_cb_get_keys_args *args)
{
	const struct lisp_tunnel *tunnel = args->list_entry;

	return name_key(args->keys, tunnel->name);
}

const void *lisp_nb_tunnel_lookup(struct nb_cb_lookup_entry_args *args)
{
	struct lisp_tunnel *tunnel = NULL;

	while ((tunnel = lisp_tunnel_next(tunnel)))
		if (strmatch(tunnel->name, args->keys->key[0]))
			break;
	return tunnel;
}

/* ---- counters of control messages ---- */

#define MESSAGE_TYPES 16

enum nb_error lisp_nb_message_get(const struct nb_node *nb_node, const void *list_entry,
				  struct lyd_node *parent)
{
	struct leaf leaf = { .name = nb_node->snode->name };
	uint8_t type = entry_number(list_entry);

	put_number(&leaf, is(&leaf, "in") ? lisp_stats_get_in(type) : lisp_stats_get_out(type));
	return leaf_add(nb_node, &leaf, parent);
}

const void *lisp_nb_message_get_next(struct nb_cb_get_next_args *args)
{
	return number_next(args->list_entry, MESSAGE_TYPES);
}

int lisp_nb_message_get_keys(struct nb_cb_get_keys_args *args)
{
	return name_key(args->keys, lisp_type_name(entry_number(args->list_entry)));
}

const void *lisp_nb_message_lookup(struct nb_cb_lookup_entry_args *args)
{
	unsigned int type;

	for (type = 0; type < MESSAGE_TYPES; type++)
		if (strmatch(lisp_type_name(type), args->keys->key[0]))
			return number_entry(type);
	return NULL;
}

/* Reasons begin at 1: LISP_OK is none. */
enum nb_error lisp_nb_drop_get(const struct nb_node *nb_node, const void *list_entry,
			       struct lyd_node *parent)
{
	struct leaf leaf = { .name = nb_node->snode->name };

	put_number(&leaf, lisp_stats_get_drop(entry_number(list_entry) + 1));
	return leaf_add(nb_node, &leaf, parent);
}

const void *lisp_nb_drop_get_next(struct nb_cb_get_next_args *args)
{
	return number_next(args->list_entry, LISP_DROP_MAX - 1);
}

int lisp_nb_drop_get_keys(struct nb_cb_get_keys_args *args)
{
	return name_key(args->keys, lisp_drop_name(entry_number(args->list_entry) + 1));
}

const void *lisp_nb_drop_lookup(struct nb_cb_lookup_entry_args *args)
{
	unsigned int drop;

	for (drop = 1; drop < LISP_DROP_MAX; drop++)
		if (strmatch(lisp_drop_name(drop), args->keys->key[0]))
			return number_entry(drop - 1);
	return NULL;
}

enum nb_error lisp_nb_event_get(const struct nb_node *nb_node, const void *list_entry,
				struct lyd_node *parent)
{
	struct leaf leaf = { .name = nb_node->snode->name };

	put_number(&leaf, lisp_stats_get_event(entry_number(list_entry)));
	return leaf_add(nb_node, &leaf, parent);
}

const void *lisp_nb_event_get_next(struct nb_cb_get_next_args *args)
{
	return number_next(args->list_entry, LISP_EV_MAX);
}

int lisp_nb_event_get_keys(struct nb_cb_get_keys_args *args)
{
	return name_key(args->keys, lisp_stats_event_name(entry_number(args->list_entry)));
}

const void *lisp_nb_event_lookup(struct nb_cb_lookup_entry_args *args)
{
	unsigned int event;

	for (event = 0; event < LISP_EV_MAX; event++)
		if (strmatch(lisp_stats_event_name(event), args->keys->key[0]))
			return number_entry(event);
	return NULL;
}

/* ---- dataplane, keys, sizes ---- */

static void counter_leaf(struct leaf *leaf, const struct lisp_dplane_counter *counter)
{
	if (is(leaf, "packets"))
		put_number(leaf, counter->packets);
	else if (is(leaf, "bytes"))
		put_number(leaf, counter->bytes);
	else if (is(leaf, "drop"))
		put_bool(leaf, counter->drop);
}

STATE_GET(counter, struct lisp_dplane_counter)

const void *lisp_nb_counter_get_next(struct nb_cb_get_next_args *args)
{
	const struct lisp_dplane_counter *counter = args->list_entry;
	struct lisp_dplane_status status = {};

	lisp_dplane_status(&status);
	counter = counter ? counter + 1 : status.counters;
	if (!counter || counter >= status.counters + status.n_counters)
		return NULL;
	return counter;
}

int lisp_nb_counter_get_keys(struct nb_cb_get_keys_args *args)
{
	const struct lisp_dplane_counter *counter = args->list_entry;

	return name_key(args->keys, counter->name);
}

const void *lisp_nb_counter_lookup(struct nb_cb_lookup_entry_args *args)
{
	struct lisp_dplane_status status = {};
	unsigned int i;

	lisp_dplane_status(&status);
	for (i = 0; i < status.n_counters; i++)
		if (strmatch(status.counters[i].name, args->keys->key[0]))
			return &status.counters[i];
	return NULL;
}

static void keys_leaf(struct leaf *leaf)
{
	struct lisp_keys_status status = {};

	lisp_keys_status(&status);
	if (is(leaf, "file"))
		put_text(leaf, status.path);
	else if (is(leaf, "keys"))
		put_number(leaf, status.keys);
	else if (is(leaf, "error"))
		put_text(leaf, status.error);
}

static void dataplane_leaf(struct leaf *leaf)
{
	struct lisp_dplane_status status = {};

	lisp_dplane_status(&status);
	if (is(leaf, "connected"))
		put_bool(leaf, status.connected);
	else if (is(leaf, "fast-path"))
		put_bool(leaf, status.bpf);
	else if (is(leaf, "note"))
		put_text(leaf, status.note);
	else if (is(leaf, "interface"))
		put_text(leaf, status.ifname);
	else if (is(leaf, "mtu") && status.mtu)
		put_number(leaf, status.mtu);
	else if (is(leaf, "error"))
		put_text(leaf, status.error);
	else if (is(leaf, "operations-sent"))
		put_number(leaf, status.sent);
	else if (is(leaf, "operations-acknowledged"))
		put_number(leaf, status.acked);
	else if (is(leaf, "operations-failed"))
		put_number(leaf, status.errors);
	else if (is(leaf, "queued-packets"))
		put_number(leaf, status.queued);
}

enum nb_error lisp_nb_scalar_get(const struct nb_node *nb_node, const void *list_entry,
				 struct lyd_node *parent)
{
	struct leaf leaf = { .name = nb_node->snode->name };
	const char *container = nb_node->snode->parent->name;

	if (strmatch(container, "map-cache"))
		put_number(&leaf, lisp_map_cache_count());
	else if (strmatch(container, "database"))
		put_number(&leaf, lisp_database_count());
	else if (strmatch(container, "pending"))
		put_number(&leaf, lisp_pending_count());
	else if (strmatch(container, "sites"))
		put_number(&leaf, lisp_registration_count());
	else if (strmatch(container, "keys"))
		keys_leaf(&leaf);
	else if (strmatch(container, "dataplane"))
		dataplane_leaf(&leaf);
	return leaf_add(nb_node, &leaf, parent);
}
