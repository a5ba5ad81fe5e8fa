// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Operational state: container `state` of frr-lispd.yang. For each kind of object
 * one function that prints a leaf by name, and the walk of its list. Here: mappings
 * and who they are exchanged with; the rest is in lisp_nb_state_net.c.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "lispd/lisp_database.h"
#include "lispd/lisp_etr.h"
#include "lispd/lisp_itr.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_nb.h"
#include "lispd/lisp_nb_leaf.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_rloc.h"

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
STATE_EID_WALK(entry, struct lisp_entry, mapping.eid, lisp_map_cache_next, lisp_map_cache_find)

static void entry_locator_leaf(struct leaf *leaf, const struct lisp_locator *loc)
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
		put_bool(leaf, loc->local);
	else if (is(leaf, "reachable"))
		put_bool(leaf, loc->reach);
	else if (is(leaf, "state"))
		put_text(leaf, lisp_entry_locator_state(loc));
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

	args->keys->num = 1;
	lisp_locator_str(loc, args->keys->key[0], sizeof(args->keys->key[0]));
	return NB_OK;
}

const void *lisp_nb_entry_locator_lookup(struct nb_cb_lookup_entry_args *args)
{
	const struct lisp_entry *entry = args->parent_list_entry;
	char text[sizeof(args->keys->key[0])];

	for (unsigned int i = 0; i < entry->mapping.n_locators; i++) {
		const struct lisp_locator *loc = &entry->mapping.locators[i];

		if (strmatch(lisp_locator_str(loc, text, sizeof(text)), args->keys->key[0]))
			return loc;
	}
	return NULL;
}

/* ---- database ---- */

static void local_leaf(struct leaf *leaf, const struct lisp_local_eid *local)
{
	if (is(leaf, "locator-set"))
		put_text(leaf, local->set_name);
}

STATE_GET(local, struct lisp_local_eid)
STATE_EID_WALK(local, struct lisp_local_eid, eid, lisp_database_next, lisp_database_find)

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

const void *lisp_nb_resolver_get_next(struct nb_cb_get_next_args *args)
{
	return lisp_map_resolver_next(NULL, (struct lisp_map_resolver *)args->list_entry);
}

int lisp_nb_resolver_get_keys(struct nb_cb_get_keys_args *args)
{
	const struct lisp_map_resolver *mr = args->list_entry;

	strlcpy(args->keys->key[0], lisp_family_name(mr->family),
		sizeof(args->keys->key[0]));
	return address_key(args->keys, 1, &mr->addr);
}

const void *lisp_nb_resolver_lookup(struct nb_cb_lookup_entry_args *args)
{
	struct ipaddr addr;

	if (!key_address(args->keys, 1, &addr))
		return NULL;
	return lisp_map_resolver_find(lisp_service_get(0, key_family(args->keys)), &addr);
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
	return lisp_map_server_next(NULL, (struct lisp_map_server *)args->list_entry);
}

int lisp_nb_server_get_keys(struct nb_cb_get_keys_args *args)
{
	const struct lisp_map_server *ms = args->list_entry;

	strlcpy(args->keys->key[0], lisp_family_name(ms->family), sizeof(args->keys->key[0]));
	return address_key(args->keys, 1, &ms->addr);
}

const void *lisp_nb_server_lookup(struct nb_cb_lookup_entry_args *args)
{
	struct ipaddr addr;

	if (!key_address(args->keys, 1, &addr))
		return NULL;
	return lisp_map_server_find(lisp_service_get(0, key_family(args->keys)), &addr);
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
STATE_EID_WALK(prefix, struct lisp_site_prefix, eid, lisp_site_prefix_next, lisp_site_prefix_find)

/* "192.0.2.1,1/100 2001:db8::1,2/50" */
static void put_locators(struct leaf *leaf, const struct lisp_mapping *mapping)
{
	struct fbuf buf = { .buf = leaf->text, .pos = leaf->text, .len = sizeof(leaf->text) - 1 };
	char addr[LISP_ADDR_STRLEN];
	unsigned int i;

	for (i = 0; i < mapping->n_locators; i++) {
		const struct lisp_locator *loc = &mapping->locators[i];

		bprintfrr(&buf, "%s%s,%u/%u", i ? " " : "",
			  lisp_locator_str(loc, addr, sizeof(addr)), loc->priority, loc->weight);
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
