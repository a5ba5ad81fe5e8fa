// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Longest-prefix tables of EID-prefixes.
 *
 * One path-compressed binary trie for each (instance-id, kind, family). A child's
 * prefix always extends its parent's; inner nodes have two children and no
 * info, but for the root, which is the zero-length prefix and always there.
 * Nodes are in pre-order: a prefix, then what is inside it, by address. That
 * is the order of lisp_eid_cmp().
 */
#include <zebra.h>

#include "lib/typerb.h"

#include "lispd/lisp_eid_table.h"
#include "lispd/lisp_memory.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_EID_TABLE, "EID table");
DEFINE_MTYPE_STATIC(LISPD, LISP_EID_TRIE, "EID table of an instance-id");
DEFINE_MTYPE_STATIC(LISPD, LISP_EID_NODE, "EID table node");

PREDECL_RBTREE_UNIQ(lisp_eid_tries);

struct lisp_eid_trie {
	struct lisp_eid_tries_item item;
	uint32_t iid;
	uint8_t kind, family;
	uint8_t octets; /* of a key */
	size_t count;	/* prefixes */
	/* The root's parent is NULL: from any node the trie can be found. */
	struct lisp_eid_node *root;
	uint8_t root_memory[offsetof(struct lisp_eid_node, key) + LISP_EID_OCTETS_MAX]
		__attribute__((aligned(__alignof__(struct lisp_eid_node))));
};

static int trie_cmp(const struct lisp_eid_trie *a, const struct lisp_eid_trie *b)
{
	if (a->iid != b->iid)
		return numcmp(a->iid, b->iid);
	if (a->kind != b->kind)
		return numcmp(a->kind, b->kind);
	return numcmp(a->family, b->family); /* AF_INET is the smaller one */
}

DECLARE_RBTREE_UNIQ(lisp_eid_tries, struct lisp_eid_trie, item, trie_cmp);

struct lisp_eid_table {
	struct lisp_eid_tries_head head;
	struct lisp_eid_tries_head *tries; /* of head: look-ups take it not const */
	size_t count;
	/* Those of IP in instance-id 0, which nearly all look-ups are for. */
	struct lisp_eid_trie *ipv4, *ipv6;
};

/* ----------------------------------------------------------------------- bits */

static unsigned int bit_at(const uint8_t *key, unsigned int pos)
{
	return (key[pos / 8] >> (7 - pos % 8)) & 1;
}

/* Leading bits that a and b have in common, at most max. */
static unsigned int common_bits(const uint8_t *a, const uint8_t *b, unsigned int max)
{
	unsigned int pos;

	for (pos = 0; pos < max; pos += 8) {
		uint8_t diff = a[pos / 8] ^ b[pos / 8];

		if (diff)
			return MIN(pos + (unsigned int)__builtin_clz(diff) - 24, max);
	}
	return max;
}

static bool node_covers(const struct lisp_eid_node *node, const uint8_t *key, unsigned int prefixlen)
{
	return node->prefixlen <= prefixlen &&
	       common_bits(node->key, key, node->prefixlen) == node->prefixlen;
}

/* ---------------------------------------------------------------------- tries */

static struct lisp_eid_trie *node_to_trie(const struct lisp_eid_node *node)
{
	while (node->parent)
		node = node->parent;
	return (struct lisp_eid_trie *)((uintptr_t)node -
					offsetof(struct lisp_eid_trie, root_memory));
}

static struct lisp_eid_trie *trie_find(const struct lisp_eid_table *table,
				       const struct lisp_eid *eid)
{
	struct lisp_eid_trie ref = {};

	if (eid->iid == 0 && lisp_eid_is_ip(eid))
		return eid->prefix.family == AF_INET ? table->ipv4 : table->ipv6;
	ref.iid = eid->iid;
	ref.kind = eid->kind;
	ref.family = eid->prefix.family;
	return lisp_eid_tries_find(table->tries, &ref);
}

static void trie_cache(struct lisp_eid_table *table, const struct lisp_eid_trie *trie,
		       struct lisp_eid_trie *value)
{
	if (trie->iid != 0 || trie->kind != LISP_EID_IP)
		return;
	if (trie->family == AF_INET)
		table->ipv4 = value;
	else
		table->ipv6 = value;
}

static struct lisp_eid_trie *trie_get(struct lisp_eid_table *table, const struct lisp_eid *eid)
{
	struct lisp_eid_trie *trie = trie_find(table, eid);

	if (trie)
		return trie;
	trie = XCALLOC(MTYPE_LISP_EID_TRIE, sizeof(*trie));
	trie->iid = eid->iid;
	trie->kind = eid->kind;
	trie->family = eid->prefix.family;
	trie->octets = (uint8_t)(lisp_eid_bits(eid) / 8);
	trie->root = (struct lisp_eid_node *)trie->root_memory;
	lisp_eid_tries_add(table->tries, trie);
	trie_cache(table, trie, trie);
	return trie;
}

static void trie_del(struct lisp_eid_table *table, struct lisp_eid_trie *trie)
{
	trie_cache(table, trie, NULL);
	lisp_eid_tries_del(table->tries, trie);
	XFREE(MTYPE_LISP_EID_TRIE, trie);
}

/* ---------------------------------------------------------------------- nodes */

static struct lisp_eid_node *node_new(const struct lisp_eid_trie *trie, const uint8_t *key,
				      unsigned int prefixlen)
{
	size_t size = MAX(sizeof(struct lisp_eid_node),
			  offsetof(struct lisp_eid_node, key) + trie->octets);
	struct lisp_eid_node *node = XCALLOC(MTYPE_LISP_EID_NODE, size);
	unsigned int octets = prefixlen / 8;

	node->prefixlen = (uint16_t)prefixlen;
	memcpy(node->key, key, octets);
	if (prefixlen % 8)
		node->key[octets] = key[octets] & (uint8_t)(0xff00 >> (prefixlen % 8));
	return node;
}

static void link_child(struct lisp_eid_node *parent, struct lisp_eid_node *child)
{
	parent->child[bit_at(child->key, parent->prefixlen)] = child;
	child->parent = parent;
}

/* Pre-order successor, inner nodes included; with no way down from node. */
static struct lisp_eid_node *node_after(const struct lisp_eid_node *node)
{
	for (; node->parent; node = node->parent)
		if (node->parent->child[0] == node && node->parent->child[1])
			return node->parent->child[1];
	return NULL;
}

static struct lisp_eid_node *node_successor(const struct lisp_eid_node *node)
{
	if (node->child[0])
		return node->child[0];
	if (node->child[1])
		return node->child[1];
	return node_after(node);
}

/* This one or the next that is a prefix. */
static struct lisp_eid_node *node_used(struct lisp_eid_node *node)
{
	while (node && !node->used)
		node = node_successor(node);
	return node;
}

/* ---------------------------------------------------------------------- table */

struct lisp_eid_table *lisp_eid_table_new(void)
{
	struct lisp_eid_table *table = XCALLOC(MTYPE_LISP_EID_TABLE, sizeof(*table));

	table->tries = &table->head;
	lisp_eid_tries_init(table->tries);
	return table;
}

/* Leaves first, without recursion. */
static void trie_free_nodes(struct lisp_eid_trie *trie, void (*free_info)(void *info))
{
	struct lisp_eid_node *node = trie->root, *parent;

	while (node) {
		if (node->child[0]) {
			node = node->child[0];
			continue;
		}
		if (node->child[1]) {
			node = node->child[1];
			continue;
		}
		if (free_info && node->info)
			free_info(node->info);
		parent = node->parent;
		if (!parent)
			return;
		parent->child[parent->child[1] == node] = NULL;
		XFREE(MTYPE_LISP_EID_NODE, node);
		node = parent;
	}
}

void lisp_eid_table_free(struct lisp_eid_table **table, void (*free_info)(void *info))
{
	struct lisp_eid_trie *trie;

	if (!*table)
		return;
	while ((trie = lisp_eid_tries_pop((*table)->tries))) {
		trie_free_nodes(trie, free_info);
		XFREE(MTYPE_LISP_EID_TRIE, trie);
	}
	lisp_eid_tries_fini((*table)->tries);
	XFREE(MTYPE_LISP_EID_TABLE, *table);
}

size_t lisp_eid_table_count(const struct lisp_eid_table *table)
{
	return table->count;
}

size_t lisp_eid_table_count_of(const struct lisp_eid_table *table, uint32_t iid, int family)
{
	struct lisp_eid eid = { .iid = iid, .prefix.family = family };
	const struct lisp_eid_trie *trie = trie_find(table, &eid);

	return trie ? trie->count : 0;
}

/*
 * Put a new node for key/prefixlen between parent and child, which is there in
 * parent's place for it and shares `common` bits with it.
 */
static struct lisp_eid_node *node_split(const struct lisp_eid_trie *trie,
					struct lisp_eid_node *parent, struct lisp_eid_node *child,
					const uint8_t *key, unsigned int prefixlen,
					unsigned int common)
{
	struct lisp_eid_node *node = node_new(trie, key, prefixlen), *inner;

	if (common == prefixlen) {
		link_child(parent, node);
		link_child(node, child);
		return node;
	}
	inner = node_new(trie, key, common);
	link_child(parent, inner);
	link_child(inner, child);
	link_child(inner, node);
	return node;
}

static struct lisp_eid_node *node_get(const struct lisp_eid_trie *trie, const uint8_t *key,
				      unsigned int prefixlen)
{
	struct lisp_eid_node *node = trie->root, *child;
	unsigned int common;

	while (node->prefixlen < prefixlen) {
		child = node->child[bit_at(key, node->prefixlen)];
		if (!child) {
			child = node_new(trie, key, prefixlen);
			link_child(node, child);
			return child;
		}
		common = common_bits(key, child->key, MIN(prefixlen, child->prefixlen));
		if (common < child->prefixlen)
			return node_split(trie, node, child, key, prefixlen, common);
		node = child;
	}
	return node;
}

struct lisp_eid_node *lisp_eid_table_get(struct lisp_eid_table *table, const struct lisp_eid *eid)
{
	struct lisp_eid_trie *trie = trie_get(table, eid);
	struct lisp_eid_node *node;

	node = node_get(trie, lisp_eid_key_const(eid), eid->prefix.prefixlen);
	if (!node->used) {
		node->used = true;
		trie->count++;
		table->count++;
	}
	return node;
}

/* The deepest prefix that covers key/prefixlen, or NULL. */
static struct lisp_eid_node *trie_match(const struct lisp_eid_trie *trie, const uint8_t *key,
					unsigned int prefixlen)
{
	struct lisp_eid_node *node = trie->root, *best = NULL;

	while (node && node_covers(node, key, prefixlen)) {
		if (node->used)
			best = node;
		if (node->prefixlen == prefixlen)
			break;
		node = node->child[bit_at(key, node->prefixlen)];
	}
	return best;
}

struct lisp_eid_node *lisp_eid_table_match(const struct lisp_eid_table *table,
					   const struct lisp_eid *eid)
{
	const struct lisp_eid_trie *trie = trie_find(table, eid);

	return trie ? trie_match(trie, lisp_eid_key_const(eid), eid->prefix.prefixlen) : NULL;
}

struct lisp_eid_node *lisp_eid_table_find(const struct lisp_eid_table *table,
					  const struct lisp_eid *eid)
{
	struct lisp_eid_node *node = lisp_eid_table_match(table, eid);

	return node && node->prefixlen == eid->prefix.prefixlen ? node : NULL;
}

struct lisp_eid_node *lisp_eid_node_covering(const struct lisp_eid_node *node)
{
	struct lisp_eid_node *up = node->parent;

	while (up && !up->used)
		up = up->parent;
	return up;
}

/* Take out an inner node that has become superfluous. */
static void node_prune(struct lisp_eid_node *node)
{
	struct lisp_eid_node *parent = node->parent, *child;

	if (!parent || node->used || (node->child[0] && node->child[1]))
		return;
	child = node->child[0] ? node->child[0] : node->child[1];
	parent->child[parent->child[1] == node] = child;
	if (child)
		child->parent = parent;
	XFREE(MTYPE_LISP_EID_NODE, node);
	if (!child)
		node_prune(parent);
}

void lisp_eid_table_del(struct lisp_eid_table *table, struct lisp_eid_node *node)
{
	struct lisp_eid_trie *trie = node_to_trie(node);

	node->used = false;
	node->info = NULL;
	node_prune(node);
	table->count--;
	if (--trie->count == 0)
		trie_del(table, trie);
}

void lisp_eid_node_eid(const struct lisp_eid_node *node, struct lisp_eid *eid)
{
	const struct lisp_eid_trie *trie = node_to_trie(node);

	memset(eid, 0, sizeof(*eid));
	eid->iid = trie->iid;
	eid->kind = trie->kind;
	eid->prefix.family = trie->family;
	eid->prefix.prefixlen = node->prefixlen;
	memcpy(lisp_eid_key(eid), node->key, trie->octets);
}

/* ------------------------------------------------------------------ iteration */

struct lisp_eid_node *lisp_eid_table_first(const struct lisp_eid_table *table)
{
	const struct lisp_eid_trie *trie = lisp_eid_tries_const_first(table->tries);

	/* A trie without prefixes is deleted at once. */
	return trie ? node_used(trie->root) : NULL;
}

struct lisp_eid_node *lisp_eid_table_next(const struct lisp_eid_table *table,
					  const struct lisp_eid_node *node)
{
	struct lisp_eid_node *next = node_used(node_successor(node));
	const struct lisp_eid_trie *trie;

	if (next)
		return next;
	trie = lisp_eid_tries_const_next(table->tries, node_to_trie(node));
	return trie ? node_used(trie->root) : NULL;
}

struct lisp_eid_node *lisp_eid_table_after(struct lisp_eid_table *table, const struct lisp_eid *eid)
{
	struct lisp_eid_node *node = lisp_eid_table_find(table, eid), *next;

	if (node)
		return lisp_eid_table_next(table, node);
	/* where it would be */
	node = lisp_eid_table_get(table, eid);
	next = lisp_eid_table_next(table, node);
	lisp_eid_table_del(table, node);
	return next;
}

static struct lisp_eid_node *node_if_inside(struct lisp_eid_node *node, const struct lisp_eid *eid)
{
	if (node && node->prefixlen > eid->prefix.prefixlen &&
	    common_bits(node->key, lisp_eid_key_const(eid), eid->prefix.prefixlen) ==
		    eid->prefix.prefixlen)
		return node;
	return NULL;
}

struct lisp_eid_node *lisp_eid_table_inside_first(const struct lisp_eid_table *table,
						  const struct lisp_eid *eid)
{
	const struct lisp_eid_trie *trie = trie_find(table, eid);
	struct lisp_eid_node *node = trie ? trie->root : NULL;

	/* Down to the first node that is not shorter than eid... */
	while (node && node->prefixlen < eid->prefix.prefixlen)
		node = node->child[bit_at(lisp_eid_key_const(eid), node->prefixlen)];
	/* ... of which eid itself does not count. */
	if (node && node->prefixlen == eid->prefix.prefixlen)
		node = node->child[0] ? node->child[0] : node->child[1];
	return node_if_inside(node_used(node), eid);
}

struct lisp_eid_node *lisp_eid_table_inside_next(const struct lisp_eid_table *table,
						 const struct lisp_eid *eid,
						 const struct lisp_eid_node *node)
{
	/* What is inside a prefix is one run of the order. */
	return node_if_inside(node_used(node_successor(node)), eid);
}

/* ----------------------------------------------------------------------- hole */

bool lisp_eid_tables_hole(const struct lisp_eid_table *const *tables, unsigned int n,
			  const struct lisp_eid *eid, const struct lisp_eid *block,
			  struct lisp_eid *hole)
{
	struct lisp_eid host = *eid, part = *eid;
	const struct lisp_eid_node *node;

	if (eid->kind != LISP_EID_NAME) /* a name is all of an address */
		host.prefix.prefixlen = lisp_eid_bits(eid);
	if (block && !lisp_eid_covers(block, &host))
		return false;
	part.prefix.prefixlen = block ? block->prefix.prefixlen : 0;
	lisp_eid_mask(&part);

	for (unsigned int i = 0; i < n; i++) {
		node = lisp_eid_table_match(tables[i], &host);
		if (node && (!block || node->prefixlen > block->prefix.prefixlen))
			return false;
	}
	/* Nothing inside the block covers the address; something may be inside a name. */
	for (unsigned int i = 0; i < n; i++)
		while (lisp_eid_table_inside_first(tables[i], &part))
			if (!lisp_eid_towards(&part, &host))
				return false;
	*hole = part;
	return true;
}
