// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How operational state becomes YANG: leafs as text, keys of lists. For
 * lisp_nb_state.c and lisp_nb_state_net.c only.
 */
#ifndef _LISP_NB_LEAF_H
#define _LISP_NB_LEAF_H

#include "monotime.h"
#include "northbound.h"

#include "lispd/lisp_addr.h"
#include "lispd/lispd.h"

/* A leaf's value as text; empty: the leaf is absent. */
struct leaf {
	const char *name;
	char text[1024];
};

static inline bool is(const struct leaf *leaf, const char *name)
{
	return strmatch(leaf->name, name);
}

static inline void put_text(struct leaf *leaf, const char *text)
{
	if (text)
		strlcpy(leaf->text, text, sizeof(leaf->text));
}

static inline void put_number(struct leaf *leaf, uint64_t number)
{
	snprintf(leaf->text, sizeof(leaf->text), "%" PRIu64, number);
}

static inline void put_bool(struct leaf *leaf, bool value)
{
	put_text(leaf, value ? "true" : "false");
}

static inline void put_address(struct leaf *leaf, const struct ipaddr *addr)
{
	if (!IS_IPADDR_NONE(addr))
		snprintfrr(leaf->text, sizeof(leaf->text), "%pIA", addr);
}

/* Seconds since a monotonic time; absent if it never was. */
static inline void put_since(struct leaf *leaf, time_t when)
{
	if (when)
		put_number(leaf, monotime(NULL) > when ? monotime(NULL) - when : 0);
}

static inline void put_until(struct leaf *leaf, time_t when)
{
	if (when)
		put_number(leaf, when > monotime(NULL) ? when - monotime(NULL) : 0);
}

static inline enum nb_error leaf_add(const struct nb_node *nb_node, const struct leaf *leaf,
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

static inline int eid_keys(struct yang_list_keys *keys, const struct lisp_eid *eid)
{
	keys->num = 2;
	snprintf(keys->key[0], sizeof(keys->key[0]), "%u", eid->iid);
	lisp_eid_prefix_str(eid, keys->key[1], sizeof(keys->key[1]));
	return NB_OK;
}

static inline bool keys_eid(const struct yang_list_keys *keys, struct lisp_eid *eid)
{
	if (!lisp_eid_parse(keys->key[1], eid))
		return false;
	eid->iid = strtoul(keys->key[0], NULL, 10);
	return true;
}

static inline int address_key(struct yang_list_keys *keys, unsigned int index, const struct ipaddr *addr)
{
	keys->num = index + 1;
	snprintfrr(keys->key[index], sizeof(keys->key[index]), "%pIA", addr);
	return NB_OK;
}

static inline bool key_address(const struct yang_list_keys *keys, unsigned int index, struct ipaddr *addr)
{
	return !str2ipaddr(keys->key[index], addr);
}

static inline enum lisp_family key_family(const struct yang_list_keys *keys)
{
	return strmatch(keys->key[0], "ipv6") ? LISP_IPV6 : LISP_IPV4;
}

static inline int name_key(struct yang_list_keys *keys, const char *name)
{
	keys->num = 1;
	strlcpy(keys->key[0], name, sizeof(keys->key[0]));
	return NB_OK;
}

/*
 * The walk of a table that is sorted by EID-prefix, from its find() and next(); eid_member
 * is what that holds the EID-prefix. The walk may have paused at an object that is
 * gone since: it goes on with the first behind its place.
 */
#define STATE_EID_WALK(what, type, eid_member, next, find)                                         \
	const void *lisp_nb_##what##_get_next(struct nb_cb_get_next_args *args)                    \
	{                                                                                          \
		return next((type *)args->list_entry);                                             \
	}                                                                                          \
                                                                                                   \
	int lisp_nb_##what##_get_keys(struct nb_cb_get_keys_args *args)                            \
	{                                                                                          \
		return eid_keys(args->keys, &((const type *)args->list_entry)->eid_member);        \
	}                                                                                          \
                                                                                                   \
	const void *lisp_nb_##what##_lookup(struct nb_cb_lookup_entry_args *args)                  \
	{                                                                                          \
		struct lisp_eid eid;                                                               \
                                                                                                   \
		return keys_eid(args->keys, &eid) ? find(&eid) : NULL;                             \
	}                                                                                          \
                                                                                                   \
	const void *lisp_nb_##what##_lookup_next(struct nb_cb_lookup_entry_args *args)             \
	{                                                                                          \
		struct lisp_eid eid;                                                               \
		type *object;                                                                      \
                                                                                                   \
		if (!keys_eid(args->keys, &eid))                                                   \
			return NULL;                                                               \
		object = find(&eid);                                                               \
		if (object)                                                                        \
			return next(object);                                                       \
		while ((object = next(object)))                                                    \
			if (lisp_eid_cmp(&object->eid_member, &eid) > 0)                           \
				break;                                                             \
		return object;                                                                     \
	}

/* Lists of things that are numbered, not allocated: the entry is number + 1. */
static inline const void *number_entry(unsigned int number)
{
	return (const void *)(uintptr_t)(number + 1);
}

static inline unsigned int entry_number(const void *list_entry)
{
	return (uintptr_t)list_entry - 1;
}

static inline const void *number_next(const void *list_entry, unsigned int max)
{
	unsigned int number = list_entry ? entry_number(list_entry) + 1 : 0;

	return number < max ? number_entry(number) : NULL;
}

#endif /* _LISP_NB_LEAF_H */
