// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Operational state: container `state` of frr-lispd.yang. For each kind of object
 * one function that prints a leaf by name, and the walk of its list.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "if.h"
#include "monotime.h"
#include "northbound.h"

#include "lispd/lisp_alt.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_dplane.h"
#include "lispd/lisp_etr.h"
#include "lispd/lisp_itr.h"
#include "lispd/lisp_keys.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_nb.h"
#include "lispd/lisp_pending.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_stats.h"
#include "lispd/lispd.h"

/* A leaf's value as text; empty: the leaf is absent. */
struct leaf {
	const char *name;
	char text[1024];
};

static bool is(const struct leaf *leaf, const char *name)
{
	return strmatch(leaf->name, name);
}

static void put_text(struct leaf *leaf, const char *text)
{
	if (text)
		strlcpy(leaf->text, text, sizeof(leaf->text));
}

static void put_number(struct leaf *leaf, uint64_t number)
{
	snprintf(leaf->text, sizeof(leaf->text), "%" PRIu64, number);
}

static void put_bool(struct leaf *leaf, bool value)
{
	put_text(leaf, value ? "true" : "false");
}

static void put_address(struct leaf *leaf, const struct ipaddr *addr)
{
	if (!IS_IPADDR_NONE(addr))
		snprintfrr(leaf->text, sizeof(leaf->text), "%pIA", addr);
}

/* Seconds since a monotonic time; absent if it never was. */
static void put_since(struct leaf *leaf, time_t when)
{
	if (when)
		put_number(leaf, monotime(NULL) > when ? monotime(NULL) - when : 0);
}

static void put_until(struct leaf *leaf, time_t when)
{
	if (when)
		put_number(leaf, when > monotime(NULL) ? when - monotime(NULL) : 0);
}

static enum nb_error leaf_add(const struct nb_node *nb_node, const struct leaf *leaf,
			      struct lyd_node *parent)
{
	const struct lysc_node *snode = nb_node->snode;

	if (!leaf->text[0])
		return NB_OK;
	return lyd_new_term(parent, snode->module, snode->name, leaf->text, 0, NULL)
		       ? NB_ERR_RESOURCE
		       : NB_OK;
}

/* The `get` callback of a kind of object from the function that prints its leafs. */
#define STATE_GET(what, type)                                                                      \
	enum nb_error lisp_nb_##what##_get(const struct nb_node *nb_node, const void *list_entry,  \
					   struct lyd_node *parent)                                \
	{                                                                                          \
		struct leaf leaf = { .name = nb_node->snode->name };                               \
		const type *object = list_entry;                                                   \
                                                                                                   \
		what##_leaf(&leaf, object);                                                        \
		return leaf_add(nb_node, &leaf, parent);                                           \
	}

/* ---- keys of lists ---- */

static int eid_keys(struct yang_list_keys *keys, const struct lisp_eid *eid)
{
	keys->num = 2;
	snprintf(keys->key[0], sizeof(keys->key[0]), "%u", eid->iid);
	prefix2str(&eid->prefix, keys->key[1], sizeof(keys->key[1]));
	return NB_OK;
}

static bool keys_eid(const struct yang_list_keys *keys, struct lisp_eid *eid)
{
	memset(eid, 0, sizeof(*eid));
	eid->iid = strtoul(keys->key[0], NULL, 10);
	return str2prefix(keys->key[1], &eid->prefix);
}

static int address_key(struct yang_list_keys *keys, unsigned int index, const struct ipaddr *addr)
{
	keys->num = index + 1;
	snprintfrr(keys->key[index], sizeof(keys->key[index]), "%pIA", addr);
	return NB_OK;
}

static bool key_address(const struct yang_list_keys *keys, unsigned int index, struct ipaddr *addr)
{
	return !str2ipaddr(keys->key[index], addr);
}

static enum lisp_family key_family(const struct yang_list_keys *keys)
{
	return strmatch(keys->key[0], "ipv6") ? LISP_IPV6 : LISP_IPV4;
}

static int name_key(struct yang_list_keys *keys, const char *name)
{
	keys->num = 1;
	strlcpy(keys->key[0], name, sizeof(keys->key[0]));
	return NB_OK;
}

/* Lists of things that are numbered, not allocated: the entry is number + 1. */
static const void *number_entry(unsigned int number)
{
	return (const void *)(uintptr_t)(number + 1);
}

static unsigned int entry_number(const void *list_entry)
{
	return (uintptr_t)list_entry - 1;
}

static const void *number_next(const void *list_entry, unsigned int max)
{
	unsigned int number = list_entry ? entry_number(list_entry) + 1 : 0;

	return number < max ? number_entry(number) : NULL;
}

/* ---- map-cache ---- */

static void entry_leaf(struct leaf *leaf, const struct lisp_entry *entry)
{
	if (is(leaf, "state"))
		put_text(leaf, lisp_entry_state_name(entry->state));
	else if (is(leaf, "source"))
		put_text(leaf, lisp_entry_source_name(entry->source));
	else if (is(leaf, "action") && entry->state == LISP_ENTRY_NEGATIVE)
		put_text(leaf, lisp_action_name(entry->mapping.action));
	else if (is(leaf, "uptime"))
		put_since(leaf, entry->created);
	else if (is(leaf, "expires"))
		put_until(leaf, entry->expires);
	else if (is(leaf, "record-ttl") && entry->source == LISP_SOURCE_MAP_REPLY)
		put_number(leaf, entry->mapping.ttl);
	else if (is(leaf, "map-source"))
		put_address(leaf, &entry->from);
	else if (is(leaf, "authoritative") && entry->source == LISP_SOURCE_MAP_REPLY)
		put_bool(leaf, entry->mapping.authoritative);
	else if (is(leaf, "packets"))
		put_number(leaf, entry->packets);
	else if (is(leaf, "bytes"))
		put_number(leaf, entry->bytes);
}

STATE_GET(entry, struct lisp_entry)

const void *lisp_nb_entry_get_next(struct nb_cb_get_next_args *args)
{
	return lisp_map_cache_next((struct lisp_entry *)args->list_entry);
}

int lisp_nb_entry_get_keys(struct nb_cb_get_keys_args *args)
{
	const struct lisp_entry *entry = args->list_entry;

	return eid_keys(args->keys, &entry->mapping.eid);
}

const void *lisp_nb_entry_lookup(struct nb_cb_lookup_entry_args *args)
{
	struct lisp_eid eid;

	return keys_eid(args->keys, &eid) ? lisp_map_cache_find(&eid) : NULL;
}

const void *lisp_nb_entry_lookup_next(struct nb_cb_lookup_entry_args *args)
{
	struct lisp_entry *entry;
	struct lisp_eid eid;

	if (!keys_eid(args->keys, &eid))
		return NULL;
	entry = lisp_map_cache_find(&eid);
	if (entry)
		return lisp_map_cache_next(entry);
	/* gone while the walk paused: the first behind its place */
	while ((entry = lisp_map_cache_next(entry)))
		if (lisp_eid_cmp(&entry->mapping.eid, &eid) > 0)
			break;
	return entry;
}

static void entry_locator_leaf(struct leaf *leaf, const struct lisp_locator *loc)
{
	const struct lisp_rloc *rloc;

	if (is(leaf, "priority"))
		put_number(leaf, loc->priority);
	else if (is(leaf, "weight"))
		put_number(leaf, loc->weight);
	else if (is(leaf, "multicast-priority"))
		put_number(leaf, loc->mpriority);
	else if (is(leaf, "multicast-weight"))
		put_number(leaf, loc->mweight);
	else if (is(leaf, "local"))
		put_bool(leaf, loc->local);
	else if (is(leaf, "reachable"))
		put_bool(leaf, loc->reach);
	else if (is(leaf, "state")) {
		rloc = lisp_rloc_find(&loc->addr);
		if (rloc)
			put_text(leaf, lisp_rloc_state_name(rloc->state));
	}
}

STATE_GET(entry_locator, struct lisp_locator)

const void *lisp_nb_entry_locator_get_next(struct nb_cb_get_next_args *args)
{
	const struct lisp_entry *entry = args->parent_list_entry;
	const struct lisp_locator *loc = args->list_entry;

	loc = loc ? loc + 1 : entry->mapping.locators;
	if (!loc || loc >= entry->mapping.locators + entry->mapping.n_locators)
		return NULL;
	return loc;
}

int lisp_nb_entry_locator_get_keys(struct nb_cb_get_keys_args *args)
{
	const struct lisp_locator *loc = args->list_entry;

	return address_key(args->keys, 0, &loc->addr);
}

const void *lisp_nb_entry_locator_lookup(struct nb_cb_lookup_entry_args *args)
{
	const struct lisp_entry *entry = args->parent_list_entry;
	struct ipaddr addr;

	return key_address(args->keys, 0, &addr) ? lisp_mapping_find(&entry->mapping, &addr) : NULL;
}

/* ---- database ---- */

static void local_leaf(struct leaf *leaf, const struct lisp_local_eid *local)
{
	if (is(leaf, "locator-set"))
		put_text(leaf, local->set_name);
}

STATE_GET(local, struct lisp_local_eid)

const void *lisp_nb_local_get_next(struct nb_cb_get_next_args *args)
{
	return lisp_database_next((struct lisp_local_eid *)args->list_entry);
}

int lisp_nb_local_get_keys(struct nb_cb_get_keys_args *args)
{
	const struct lisp_local_eid *local = args->list_entry;

	return eid_keys(args->keys, &local->eid);
}

const void *lisp_nb_local_lookup(struct nb_cb_lookup_entry_args *args)
{
	struct lisp_eid eid;

	return keys_eid(args->keys, &eid) ? lisp_database_find(&eid) : NULL;
}

const void *lisp_nb_local_lookup_next(struct nb_cb_lookup_entry_args *args)
{
	struct lisp_local_eid *local;
	struct lisp_eid eid;

	if (!keys_eid(args->keys, &eid))
		return NULL;
	local = lisp_database_find(&eid);
	if (local)
		return lisp_database_next(local);
	while ((local = lisp_database_next(local)))
		if (lisp_eid_cmp(&local->eid, &eid) > 0)
			break;
	return local;
}

static void local_locator_leaf(struct leaf *leaf, const struct lisp_set_locator *loc)
{
	if (is(leaf, "priority"))
		put_number(leaf, loc->priority);
	else if (is(leaf, "weight"))
		put_number(leaf, loc->weight);
	else if (is(leaf, "multicast-priority"))
		put_number(leaf, loc->mpriority);
	else if (is(leaf, "multicast-weight"))
		put_number(leaf, loc->mweight);
	else if (is(leaf, "local"))
		put_bool(leaf, loc->rloc && loc->rloc->local);
	else if (is(leaf, "reachable"))
		put_bool(leaf, loc->rloc && lisp_rloc_up(loc->rloc));
	else if (is(leaf, "state") && loc->rloc)
		put_text(leaf, lisp_rloc_state_name(loc->rloc->state));
}

STATE_GET(local_locator, struct lisp_set_locator)

const void *lisp_nb_local_locator_get_next(struct nb_cb_get_next_args *args)
{
	const struct lisp_local_eid *local = args->parent_list_entry;
	struct lisp_set_locator *loc = (struct lisp_set_locator *)args->list_entry;

	if (!local->set)
		return NULL;
	/* an interface without address has no key */
	while ((loc = lisp_set_locator_next(local->set, loc)))
		if (!IS_IPADDR_NONE(&loc->addr))
			break;
	return loc;
}

int lisp_nb_local_locator_get_keys(struct nb_cb_get_keys_args *args)
{
	const struct lisp_set_locator *loc = args->list_entry;

	return address_key(args->keys, 0, &loc->addr);
}

const void *lisp_nb_local_locator_lookup(struct nb_cb_lookup_entry_args *args)
{
	const struct lisp_local_eid *local = args->parent_list_entry;
	struct lisp_set_locator *loc = NULL;
	struct ipaddr addr;

	if (!local->set || !key_address(args->keys, 0, &addr))
		return NULL;
	while ((loc = lisp_set_locator_next(local->set, loc)))
		if (!ipaddr_cmp(&loc->addr, &addr))
			break;
	return loc;
}

/* ---- Map-Resolvers and Map-Servers that we use ---- */

static void resolver_leaf(struct leaf *leaf, const struct lisp_map_resolver *mr)
{
	if (is(leaf, "requests"))
		put_number(leaf, mr->requests);
	else if (is(leaf, "replies"))
		put_number(leaf, mr->replies);
	else if (is(leaf, "negative-replies"))
		put_number(leaf, mr->negatives);
	else if (is(leaf, "timeouts"))
		put_number(leaf, mr->timeouts);
	else if (is(leaf, "last-reply"))
		put_since(leaf, mr->last_reply);
}

STATE_GET(resolver, struct lisp_map_resolver)

/* Map-Resolvers do not know their family: it is the one whose walk has them. */
static enum lisp_family resolver_family(const struct lisp_map_resolver *wanted)
{
	struct lisp_map_resolver *mr = NULL;

	while ((mr = lisp_map_resolver_next(LISP_IPV4, mr)))
		if (mr == wanted)
			return LISP_IPV4;
	return LISP_IPV6;
}

const void *lisp_nb_resolver_get_next(struct nb_cb_get_next_args *args)
{
	struct lisp_map_resolver *mr = (struct lisp_map_resolver *)args->list_entry;
	enum lisp_family family = mr ? resolver_family(mr) : LISP_IPV4;

	mr = lisp_map_resolver_next(family, mr);
	if (!mr && family == LISP_IPV4)
		mr = lisp_map_resolver_next(LISP_IPV6, NULL);
	return mr;
}

int lisp_nb_resolver_get_keys(struct nb_cb_get_keys_args *args)
{
	const struct lisp_map_resolver *mr = args->list_entry;

	strlcpy(args->keys->key[0], lisp_family_name(resolver_family(mr)),
		sizeof(args->keys->key[0]));
	return address_key(args->keys, 1, &mr->addr);
}

const void *lisp_nb_resolver_lookup(struct nb_cb_lookup_entry_args *args)
{
	struct lisp_map_resolver *mr = NULL;
	struct ipaddr addr;

	if (!key_address(args->keys, 1, &addr))
		return NULL;
	while ((mr = lisp_map_resolver_next(key_family(args->keys), mr)))
		if (!ipaddr_cmp(&mr->addr, &addr))
			break;
	return mr;
}

static void server_leaf(struct leaf *leaf, const struct lisp_map_server *ms)
{
	if (is(leaf, "state"))
		put_text(leaf, lisp_registration_state_name(ms->state));
	else if (is(leaf, "reason"))
		put_text(leaf, ms->reason);
	else if (is(leaf, "proxy-reply"))
		put_bool(leaf, ms->proxy_reply);
	else if (is(leaf, "registers"))
		put_number(leaf, ms->registers);
	else if (is(leaf, "notifies"))
		put_number(leaf, ms->notifies);
	else if (is(leaf, "authentication-failures"))
		put_number(leaf, ms->auth_failures);
	else if (is(leaf, "last-register"))
		put_since(leaf, ms->last_register);
	else if (is(leaf, "last-notify"))
		put_since(leaf, ms->last_notify);
}

STATE_GET(server, struct lisp_map_server)

const void *lisp_nb_server_get_next(struct nb_cb_get_next_args *args)
{
	struct lisp_map_server *ms = (struct lisp_map_server *)args->list_entry;
	enum lisp_family family = ms ? ms->family : LISP_IPV4;

	ms = lisp_map_server_next(family, ms);
	if (!ms && family == LISP_IPV4)
		ms = lisp_map_server_next(LISP_IPV6, NULL);
	return ms;
}

int lisp_nb_server_get_keys(struct nb_cb_get_keys_args *args)
{
	const struct lisp_map_server *ms = args->list_entry;

	strlcpy(args->keys->key[0], lisp_family_name(ms->family), sizeof(args->keys->key[0]));
	return address_key(args->keys, 1, &ms->addr);
}

const void *lisp_nb_server_lookup(struct nb_cb_lookup_entry_args *args)
{
	struct lisp_map_server *ms = NULL;
	struct ipaddr addr;

	if (!key_address(args->keys, 1, &addr))
		return NULL;
	while ((ms = lisp_map_server_next(key_family(args->keys), ms)))
		if (!ipaddr_cmp(&ms->addr, &addr))
			break;
	return ms;
}

/* ---- sites and registrations ---- */

static void site_leaf(struct leaf *leaf, const struct lisp_site *site)
{
	if (is(leaf, "authentication-failures"))
		put_number(leaf, site->auth_failures);
	else if (is(leaf, "refused-records"))
		put_number(leaf, site->refused);
}

STATE_GET(site, struct lisp_site)

const void *lisp_nb_site_get_next(struct nb_cb_get_next_args *args)
{
	return lisp_site_next((struct lisp_site *)args->list_entry);
}

int lisp_nb_site_get_keys(struct nb_cb_get_keys_args *args)
{
	const struct lisp_site *site = args->list_entry;

	return name_key(args->keys, site->name);
}

const void *lisp_nb_site_lookup(struct nb_cb_lookup_entry_args *args)
{
	return lisp_site_find(args->keys->key[0]);
}

static void prefix_leaf(struct leaf *leaf, const struct lisp_site_prefix *prefix)
{
	if (is(leaf, "site"))
		put_text(leaf, prefix->site->name);
	else if (is(leaf, "configured"))
		put_bool(leaf, prefix->configured);
	else if (is(leaf, "more-specifics-accepted") && prefix->configured)
		put_bool(leaf, prefix->accept_more_specifics);
	else if (is(leaf, "registered"))
		put_bool(leaf, lisp_site_prefix_registered(prefix));
	else if (is(leaf, "first-registration"))
		put_since(leaf, prefix->first_registered);
	else if (is(leaf, "last-registration"))
		put_since(leaf, prefix->last_registered);
}

STATE_GET(prefix, struct lisp_site_prefix)

const void *lisp_nb_prefix_get_next(struct nb_cb_get_next_args *args)
{
	return lisp_site_prefix_next((struct lisp_site_prefix *)args->list_entry);
}

int lisp_nb_prefix_get_keys(struct nb_cb_get_keys_args *args)
{
	const struct lisp_site_prefix *prefix = args->list_entry;

	return eid_keys(args->keys, &prefix->eid);
}

const void *lisp_nb_prefix_lookup(struct nb_cb_lookup_entry_args *args)
{
	struct lisp_eid eid;

	return keys_eid(args->keys, &eid) ? lisp_site_prefix_find(&eid) : NULL;
}

const void *lisp_nb_prefix_lookup_next(struct nb_cb_lookup_entry_args *args)
{
	struct lisp_site_prefix *prefix;
	struct lisp_eid eid;

	if (!keys_eid(args->keys, &eid))
		return NULL;
	prefix = lisp_site_prefix_find(&eid);
	if (prefix)
		return lisp_site_prefix_next(prefix);
	while ((prefix = lisp_site_prefix_next(prefix)))
		if (lisp_eid_cmp(&prefix->eid, &eid) > 0)
			break;
	return prefix;
}

/* "192.0.2.1,1/100 2001:db8::1,2/50" */
static void put_locators(struct leaf *leaf, const struct lisp_mapping *mapping)
{
	struct fbuf buf = { .buf = leaf->text, .pos = leaf->text, .len = sizeof(leaf->text) - 1 };
	unsigned int i;

	for (i = 0; i < mapping->n_locators; i++) {
		const struct lisp_locator *loc = &mapping->locators[i];

		bprintfrr(&buf, "%s%pIA,%u/%u", i ? " " : "", &loc->addr, loc->priority,
			  loc->weight);
	}
	*buf.pos = '\0';
}

static void put_hex(struct leaf *leaf, const uint8_t *octets, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		snprintf(leaf->text + 2 * i, sizeof(leaf->text) - 2 * i, "%02x", octets[i]);
}

static void registration_leaf(struct leaf *leaf, const struct lisp_registration *reg)
{
	if (is(leaf, "etr"))
		put_address(leaf, &reg->from);
	else if (is(leaf, "xtr-id") && reg->has_xtr_id)
		put_hex(leaf, reg->xtr_id, sizeof(reg->xtr_id));
	else if (is(leaf, "site-id") && reg->has_xtr_id)
		put_number(leaf, reg->site_id);
	else if (is(leaf, "record-ttl"))
		put_number(leaf, reg->mapping.ttl);
	else if (is(leaf, "proxy-reply"))
		put_bool(leaf, reg->proxy_reply);
	else if (is(leaf, "merge"))
		put_bool(leaf, reg->merge);
	else if (is(leaf, "key-id"))
		put_number(leaf, reg->key_id);
	else if (is(leaf, "algorithm"))
		put_number(leaf, reg->algorithm);
	else if (is(leaf, "expires"))
		put_until(leaf, reg->expires);
	else if (is(leaf, "locators"))
		put_locators(leaf, &reg->mapping);
}

STATE_GET(registration, struct lisp_registration)

const void *lisp_nb_registration_get_next(struct nb_cb_get_next_args *args)
{
	const struct lisp_site_prefix *prefix = args->parent_list_entry;
	const struct lisp_registration *reg = args->list_entry;

	return reg ? lisp_registrations_const_next(&prefix->registrations, reg)
		   : lisp_registrations_const_first(&prefix->registrations);
}

/* ---- RLOCs ---- */

static void rloc_leaf(struct leaf *leaf, const struct lisp_rloc *rloc)
{
	if (is(leaf, "state"))
		put_text(leaf, lisp_rloc_state_name(rloc->state));
	else if (is(leaf, "local"))
		put_bool(leaf, rloc->local);
	else if (is(leaf, "interface") && rloc->ifindex)
		put_text(leaf, ifindex2ifname(rloc->ifindex, VRF_DEFAULT));
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
