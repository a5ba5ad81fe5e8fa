// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Operational state as YANG: container `state` of frr-lispd.yang, and what notifications
 * tell of it, printed from the tables of leaves (lisp_state.h).
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "jhash.h"
#include "northbound.h"

#include "lispd/lisp_nb.h"
#include "lispd/lisp_state.h"

/* ---- leaves ---- */

static const struct lisp_kind *const kinds[];

/* The kind of the list or container that a leaf is in. */
static const struct lisp_kind *leaf_kind(const struct nb_node *nb_node)
{
	const char *path = nb_node->xpath + strlen(LISP_NB_STATE_PATH);
	size_t len = strrchr(path, '/') - path;

	for (unsigned int i = 0; kinds[i]; i++)
		if (strlen(kinds[i]->path) == len && !strncmp(kinds[i]->path, path, len))
			return kinds[i];
	return NULL;
}

static LY_ERR put_leaf(struct lyd_node *parent, const struct lys_module *module, const char *name,
		       const struct lisp_value *value)
{
	char number[32];

	if (value->type == LISP_VALUE_ABSENT)
		return LY_SUCCESS;
	return lyd_new_term(parent, module, name, lisp_value_str(value, number, sizeof(number)), 0,
			    NULL);
}

static enum nb_error state_get(const struct nb_node *nb_node, const void *list_entry,
			       struct lyd_node *parent)
{
	const struct lysc_node *snode = nb_node->snode;
	const struct lisp_kind *kind = leaf_kind(nb_node);
	struct lisp_value value;

	if (!kind->json && kind->next) /* a container */
		list_entry = kind->next(NULL, NULL);
	lisp_kind_read(kind, snode->name, list_entry, &value);
	return put_leaf(parent, snode->module, snode->name, &value) ? NB_ERR_RESOURCE : NB_OK;
}

static const struct lysc_node *model_has(const struct lyd_node *parent, const char *name,
					 uint16_t what)
{
	return lys_find_child(parent->schema, parent->schema->module, name, 0, what, 0);
}

void lisp_nb_put(struct lyd_node *parent, const struct lisp_kind *kind, const void *object)
{
	const struct lys_module *module = parent->schema->module;
	struct lisp_value value;

	for (unsigned int i = 0; i < kind->n_leaves; i++) {
		if (!model_has(parent, kind->leaves[i].name, LYS_LEAF))
			continue;
		lisp_leaf_read(&kind->leaves[i], object, &value);
		put_leaf(parent, module, kind->leaves[i].name, &value);
	}
	for (unsigned int i = 0; kind->children && kind->children[i]; i++) {
		const struct lisp_kind *child = kind->children[i];
		const char *name = strrchr(child->path, '/') + 1;
		const void *item = NULL;
		struct lyd_node *list;

		if (!model_has(parent, name, LYS_LIST))
			continue;
		while ((item = child->next(object, item)))
			if (!lyd_new_list(parent, module, name, 0, &list))
				lisp_nb_put(list, child, item);
	}
}

/* ---- lists ---- */

/*
 * libyang's keys are short, and addresses of any LCAF are not: the end of a long one is told
 * by its hash, so that no two entries have one key.
 */
static void key_set(char *key, size_t size, const char *text)
{
	char end[sizeof("~01234567")];
	size_t len = strlen(text);

	strlcpy(key, text, size);
	if (len < size)
		return;
	snprintf(end, sizeof(end), "~%08x", jhash(text, len, 0));
	memcpy(key + size - sizeof(end), end, sizeof(end));
}

static int state_keys(const struct lisp_kind *kind, const void *object, struct yang_list_keys *keys)
{
	struct lisp_value value;

	keys->num = kind->n_keys;
	for (unsigned int i = 0; i < kind->n_keys; i++) {
		char number[32];

		lisp_leaf_read(&kind->leaves[i], object, &value);
		key_set(keys->key[i], sizeof(keys->key[i]),
			lisp_value_str(&value, number, sizeof(number)));
	}
	return NB_OK;
}

/* Keys are an instance-id and an EID, or an address alone. */
static bool keys_eid(const struct yang_list_keys *keys, struct lisp_eid *eid)
{
	if (!lisp_eid_parse(keys->key[keys->num - 1], eid))
		return false;
	eid->iid = keys->num > 1 ? strtoul(keys->key[0], NULL, 10) : 0;
	return true;
}

/* Tables that are not sorted by EID are short. */
static const void *state_search(const struct lisp_kind *kind, const void *parent,
				const struct yang_list_keys *keys)
{
	const void *object = NULL;
	struct yang_list_keys found;
	unsigned int i;

	while ((object = kind->next(parent, object))) {
		state_keys(kind, object, &found);
		for (i = 0; i < kind->n_keys; i++)
			if (!strmatch(found.key[i], keys->key[i]))
				break;
		if (i == kind->n_keys)
			break;
	}
	return object;
}

static const void *state_lookup(const struct lisp_kind *kind, const void *parent,
				const struct yang_list_keys *keys)
{
	struct lisp_eid eid;

	if (!kind->find)
		return state_search(kind, parent, keys);
	return keys_eid(keys, &eid) ? kind->find(&eid) : NULL;
}

/* Where a walk goes on that paused at the keys' object; it may be gone since. */
static const void *state_lookup_next(const struct lisp_kind *kind, const struct yang_list_keys *keys)
{
	struct lisp_eid eid;

	return keys_eid(keys, &eid) ? kind->after(&eid) : NULL;
}

/*
 * ---- the table of nodes ----
 *
 * The northbound's callbacks are not told which list they are for: each list has its
 * own, of one line.
 */
/* clang-format off */
#define STATE_LISTS(X)                                                                             \
	X(entry) X(entry_locator) X(local) X(local_locator) X(local_registration) X(query)         \
	X(rloc) X(site) X(prefix) X(registration) X(registration_locator) X(service) X(resolver)   \
	X(server) X(alt_vrf) X(alt_route) X(alt_learned) X(tunnel) X(message) X(drop) X(event)     \
	X(device) X(counter) X(problem) X(refusal) X(smr)
/* clang-format on */
#define STATE_CONTAINERS(X)                                                                        \
	X(map_cache) X(database) X(pending) X(sites) X(router) X(keys) X(control) X(dataplane)

#define STATE_CALLBACKS(name)                                                                      \
	static const void *name##_get_next(struct nb_cb_get_next_args *args)                       \
	{                                                                                          \
		return lisp_kind_##name.next(args->parent_list_entry, args->list_entry);           \
	}                                                                                          \
	static int name##_get_keys(struct nb_cb_get_keys_args *args)                               \
	{                                                                                          \
		return state_keys(&lisp_kind_##name, args->list_entry, args->keys);                \
	}                                                                                          \
	static const void *name##_lookup(struct nb_cb_lookup_entry_args *args)                     \
	{                                                                                          \
		return state_lookup(&lisp_kind_##name, args->parent_list_entry, args->keys);       \
	}                                                                                          \
	static const void *name##_lookup_next(struct nb_cb_lookup_entry_args *args)                \
	{                                                                                          \
		return state_lookup_next(&lisp_kind_##name, args->keys);                           \
	}
STATE_LISTS(STATE_CALLBACKS)

#define STATE_KIND(name) &lisp_kind_##name,
/* clang-format off */
static const struct lisp_kind *const kinds[] = {
	STATE_LISTS(STATE_KIND) STATE_CONTAINERS(STATE_KIND) NULL
};
/* clang-format on */

/* In the order of kinds[]; containers have none. */
#define STATE_LIST(name) { name##_get_next, name##_get_keys, name##_lookup, name##_lookup_next },
static const struct {
	const void *(*get_next)(struct nb_cb_get_next_args *args);
	int (*get_keys)(struct nb_cb_get_keys_args *args);
	const void *(*lookup)(struct nb_cb_lookup_entry_args *args);
	const void *(*lookup_next)(struct nb_cb_lookup_entry_args *args);
} lists[] = { STATE_LISTS(STATE_LIST) };

static void list_callbacks(unsigned int i, struct nb_callbacks *cbs)
{
	cbs->get_next = lists[i].get_next;
	if (!kinds[i]->n_keys)
		return;
	cbs->get_keys = lists[i].get_keys;
	cbs->lookup_entry = lists[i].lookup;
	if (kinds[i]->after)
		cbs->lookup_next = lists[i].lookup_next;
}

void lisp_nb_state_nodes(void (*add)(const char *xpath, const struct nb_callbacks *cbs))
{
	const struct nb_callbacks leaf = { .get = state_get };
	char path[XPATH_MAXLEN];

	for (unsigned int i = 0; kinds[i]; i++) {
		snprintf(path, sizeof(path), LISP_NB_STATE_PATH "%s", kinds[i]->path);
		if (i < array_size(lists)) {
			struct nb_callbacks cbs = {};

			list_callbacks(i, &cbs);
			add(path, &cbs);
		}
		for (unsigned int j = 0; j < kinds[i]->n_leaves; j++) {
			snprintf(path, sizeof(path), LISP_NB_STATE_PATH "%s/%s", kinds[i]->path,
				 kinds[i]->leaves[j].name);
			add(path, &leaf);
		}
	}
}
