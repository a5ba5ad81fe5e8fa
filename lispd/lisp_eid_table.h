// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A table of EIDs with longest match, for any number of instance-ids and every
 * kind of EID: one object.
 *
 * Path-compressed binary tries, one for each (instance-id, kind, family). A node
 * holds the caller's pointer and the prefix, nothing else; 96 octets at most
 * for an IPv4 prefix with its share of inner nodes, 128 for IPv6.
 */
#ifndef _LISP_EID_TABLE_H
#define _LISP_EID_TABLE_H

#include "lispd/lisp_addr.h"

struct lisp_eid_table;

/*
 * A prefix that is in the table. info is the caller's, NULL when new; the
 * table never reads it. The rest is private. A node stays where it is until
 * lisp_eid_table_del().
 */
struct lisp_eid_node {
	void *info;
	struct lisp_eid_node *parent, *child[2];
	uint16_t prefixlen;
	bool used;     /* false: inner node, never seen by callers */
	uint8_t key[]; /* lisp_eid_bits() / 8 octets */
};

struct lisp_eid_table *lisp_eid_table_new(void);

/*
 * Frees the table and all nodes. free_info, if not NULL, is called once with
 * each node's info that is not NULL. *table becomes NULL.
 */
void lisp_eid_table_free(struct lisp_eid_table **table, void (*free_info)(void *info));

/* Number of prefixes: all; of one instance-id and family, AF_INET or AF_INET6. */
size_t lisp_eid_table_count(const struct lisp_eid_table *table);
size_t lisp_eid_table_count_of(const struct lisp_eid_table *table, uint32_t iid, int family);

/* Find, or create with info NULL. Host bits of eid are ignored. */
struct lisp_eid_node *lisp_eid_table_get(struct lisp_eid_table *table, const struct lisp_eid *eid);

/* Exactly this prefix, or NULL. */
struct lisp_eid_node *lisp_eid_table_find(const struct lisp_eid_table *table,
					  const struct lisp_eid *eid);

/* The longest prefix that covers eid (a host or a prefix), or NULL. */
struct lisp_eid_node *lisp_eid_table_match(const struct lisp_eid_table *table,
					   const struct lisp_eid *eid);

/* The longest prefix that covers node's and is shorter, or NULL. */
struct lisp_eid_node *lisp_eid_node_covering(const struct lisp_eid_node *node);

/* Remove. info is the caller's to free, before or after. */
void lisp_eid_table_del(struct lisp_eid_table *table, struct lisp_eid_node *node);

/* The node's EID-prefix. */
void lisp_eid_node_eid(const struct lisp_eid_node *node, struct lisp_eid *eid);

/*
 * All prefixes, in the order of lisp_eid_cmp(). Take next before deleting the
 * current one; LISP_EID_TABLE_EACH does. Nodes made meanwhile may be missed.
 */
struct lisp_eid_node *lisp_eid_table_first(const struct lisp_eid_table *table);
struct lisp_eid_node *lisp_eid_table_next(const struct lisp_eid_table *table,
					  const struct lisp_eid_node *node);

/* The first prefix behind eid in that order, whether eid is in the table or not. */
struct lisp_eid_node *lisp_eid_table_after(struct lisp_eid_table *table, const struct lisp_eid *eid);

/* node and next are struct lisp_eid_node *; deleting node is safe. */
#define LISP_EID_TABLE_EACH(table, node, nxt)                                                      \
	for (node = lisp_eid_table_first(table);                                                   \
	     node && (nxt = lisp_eid_table_next(table, node), 1); node = nxt)

/*
 * The prefixes strictly inside eid (which need not be in the table itself),
 * in the same order and with the same safety.
 */
struct lisp_eid_node *lisp_eid_table_inside_first(const struct lisp_eid_table *table,
						  const struct lisp_eid *eid);
struct lisp_eid_node *lisp_eid_table_inside_next(const struct lisp_eid_table *table,
						 const struct lisp_eid *eid,
						 const struct lisp_eid_node *node);

#define LISP_EID_TABLE_INSIDE(table, eid, node, nxt)                                               \
	for (node = lisp_eid_table_inside_first(table, eid);                                       \
	     node && (nxt = lisp_eid_table_inside_next(table, eid, node), 1); node = nxt)

/*
 * The hole that a negative Map-Reply names (RFC 9301 section 8.4): the least specific
 * prefix around eid's address that overlaps no prefix of the n tables. With a block
 * only what is strictly inside it counts, and the hole is in it. Empty tables give the
 * block, or 0.0.0.0/0, ::/0 and so on. If eid is a prefix of which the tables have a part, the
 * hole is inside eid. False if there is none: a prefix that counts covers the address,
 * the address is not in block, or it is a name that others in the tables begin with.
 */
bool lisp_eid_tables_hole(const struct lisp_eid_table *const *tables, unsigned int n,
			  const struct lisp_eid *eid, const struct lisp_eid *block,
			  struct lisp_eid *hole);

#endif /* _LISP_EID_TABLE_H */
