// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Operational state, written once: a kind of object is a table of leaves, and
 * YANG (lisp_nb_state.c), JSON (lisp_state_json.c) and text (vtysh-cmds/lisp_show*.c) are
 * printed from it.
 *
 * To add a leaf: a row in its kind's table (lisp_state_*.c) and the leaf in
 * yang/frr-lispd-state.yang. lispd does not start when one of them lacks the other.
 */
#ifndef _LISP_STATE_H
#define _LISP_STATE_H

#include "lispd/lispd.h"
#include "lispd/lisp_addr.h"

struct json_object;
struct yang_list_keys;

enum lisp_value_type {
	LISP_VALUE_ABSENT,
	LISP_VALUE_TEXT,
	LISP_VALUE_NUMBER,
	LISP_VALUE_BOOL,
};

/* What a leaf of an object says now. */
struct lisp_value {
	enum lisp_value_type type;
	uint64_t number; /* NUMBER, BOOL */
	char text[1024]; /* TEXT */
};

/* A new value is ABSENT; one that is empty, unset or "never" stays so. */
void lisp_value_text(struct lisp_value *value, const char *text);
void lisp_value_number(struct lisp_value *value, uint64_t number);
void lisp_value_bool(struct lisp_value *value, bool is);
void lisp_value_address(struct lisp_value *value, const struct ipaddr *addr);
void lisp_value_hex(struct lisp_value *value, const uint8_t *octets, size_t len);
/* Seconds since or until a monotonic time; ABSENT if that is 0. */
void lisp_value_since(struct lisp_value *value, time_t when);
void lisp_value_until(struct lisp_value *value, time_t when);
/* As YANG and JSON want it; "" if ABSENT. Returns buf or value's own text. */
const char *lisp_value_str(const struct lisp_value *value, char *buf, size_t size);

struct lisp_leaf {
	const char *name; /* in frr-lispd.yang; JSON has it in camelCase */
	void (*read)(struct lisp_value *value, const struct lisp_leaf *leaf, const void *object);
	size_t offset, size; /* of a member, for the read functions below */
};

/* A leaf that is a member of the object; one that a reader of its own gets. */
#define LISP_LEAF(name, what, type, member)                                                        \
	{ name, lisp_leaf_##what, offsetof(type, member), sizeof(((type *)NULL)->member) }
#define LISP_LEAF_READ(name, what) { name, lisp_leaf_##what, 0, 0 }

#define LISP_LEAF_READER(what)                                                                     \
	void lisp_leaf_##what(struct lisp_value *value, const struct lisp_leaf *leaf,              \
			      const void *object)
LISP_LEAF_READER(number); /* any unsigned integer */
LISP_LEAF_READER(bool);
LISP_LEAF_READER(string);  /* const char * */
LISP_LEAF_READER(chars);   /* char[] */
LISP_LEAF_READER(address); /* struct ipaddr */
LISP_LEAF_READER(since);   /* time_t, monotonic seconds */
LISP_LEAF_READER(until);
LISP_LEAF_READER(iid); /* of a struct lisp_eid */
LISP_LEAF_READER(eid); /* its prefix */
LISP_LEAF_READER(family);
/*
 * Of a struct lisp_locator: the address as it arrived; of an LCAF its kind, RLOC, port; R bit;
 * the leaf of this name of its RLOC (lisp_state_mapping.c).
 */
LISP_LEAF_READER(locator);
LISP_LEAF_READER(locator_kind);
LISP_LEAF_READER(locator_rloc);
LISP_LEAF_READER(locator_port);
LISP_LEAF_READER(locator_reach);
LISP_LEAF_READER(locator_of_rloc);

#define LISP_LEAF_EID(type, member)                                                                \
	LISP_LEAF("instance-id", iid, type, member), LISP_LEAF("eid", eid, type, member)

/* What every struct lisp_locator has. */
#define LISP_LEAVES_LOCATOR                                                                        \
	LISP_LEAF_READ("address", locator), LISP_LEAF_READ("kind", locator_kind),                  \
		LISP_LEAF_READ("resolves-to", locator_rloc), LISP_LEAF_READ("port", locator_port), \
		LISP_LEAF("priority", number, struct lisp_locator, priority),                      \
		LISP_LEAF("weight", number, struct lisp_locator, weight),                          \
		LISP_LEAF("multicast-priority", number, struct lisp_locator, mpriority),           \
		LISP_LEAF("multicast-weight", number, struct lisp_locator, mweight),               \
		LISP_LEAF("local", bool, struct lisp_locator, local),                              \
		LISP_LEAF("reachable", bool, struct lisp_locator, reach)
/* What is counted by RLOC, all mappings together. */
#define LISP_LEAVES_TRAFFIC                                                                        \
	LISP_LEAF_READ("packets-in", locator_of_rloc),                                             \
		LISP_LEAF_READ("bytes-in", locator_of_rloc),                                       \
		LISP_LEAF_READ("packets-out", locator_of_rloc),                                    \
		LISP_LEAF_READ("bytes-out", locator_of_rloc)

struct lisp_kind {
	const char *path; /* below /frr-lispd:lisp/state; its last word is the list's name */
	const char *json; /* name of the array of all of them; NULL: a container, not a list */
	bool by_name;	  /* JSON: an object, named by its one key, instead of an array */
	bool totals;	  /* a container of counts over all instances */
	const struct lisp_leaf *leaves;
	unsigned int n_leaves;
	unsigned int n_keys; /* the first leaves; 0: a container, or a list without keys */
	const struct lisp_kind *const *children; /* lists in each object; NULL ends it; or NULL */

	/* The next one of parent's; NULL starts and ends. */
	const void *(*next)(const void *parent, const void *object);

	/*
	 * Large tables, in the order of lisp_eid_cmp(): a walk may pause in them. The one with
	 * that EID; the first one behind it, whether it is there or not.
	 */
	const struct lisp_eid *(*eid)(const void *object);
	const void *(*find)(const struct lisp_eid *eid);
	const void *(*after)(const struct lisp_eid *eid);
};

/*
 * The functions of a kind whose table is sorted by EID, from the table's own: its
 * table##_next(), table##_find() and table##_after(). LISP_KIND_WALK(what) names them.
 */
#define LISP_KIND_EID_TABLE(what, type, member, table)                                             \
	static const void *what##_next(const void *parent, const void *object)                     \
	{                                                                                          \
		return table##_next((type *)object);                                               \
	}                                                                                          \
	static const struct lisp_eid *what##_eid(const void *object)                               \
	{                                                                                          \
		return &((const type *)object)->member;                                            \
	}                                                                                          \
	static const void *what##_find(const struct lisp_eid *eid)                                 \
	{                                                                                          \
		return table##_find(eid);                                                          \
	}                                                                                          \
	static const void *what##_after(const struct lisp_eid *eid)                                \
	{                                                                                          \
		return table##_after(eid);                                                         \
	}                                                                                          \
	MACRO_REQUIRE_SEMICOLON() /* end */

#define LISP_KIND_WALK(what)                                                                       \
	.next = what##_next, .eid = what##_eid, .find = what##_find, .after = what##_after

#define LISP_KIND_LEAVES(table) .leaves = table, .n_leaves = array_size(table)

/* The value of a leaf; of the leaf with that name, which the kind has. */
void lisp_leaf_read(const struct lisp_leaf *leaf, const void *object, struct lisp_value *value);
void lisp_kind_read(const struct lisp_kind *kind, const char *name, const void *object,
		    struct lisp_value *value);

/*
 * lisp_state_json.c: an object with its lists; its leaves from the first-th on. The caller's.
 */
struct json_object *lisp_kind_json(const struct lisp_kind *kind, const void *object);
struct json_object *lisp_leaves_json(const struct lisp_kind *kind, unsigned int first,
				     const void *object);

/* lisp_state_mapping.c */
extern const struct lisp_kind lisp_kind_map_cache, lisp_kind_entry, lisp_kind_entry_locator;
extern const struct lisp_kind lisp_kind_database, lisp_kind_local, lisp_kind_local_locator;
extern const struct lisp_kind lisp_kind_local_registration;
extern const struct lisp_kind lisp_kind_pending, lisp_kind_query;
extern const struct lisp_kind lisp_kind_rloc, lisp_kind_smr;
/* lisp_state_site.c */
extern const struct lisp_kind lisp_kind_sites, lisp_kind_site, lisp_kind_prefix;
extern const struct lisp_kind lisp_kind_registration, lisp_kind_registration_locator;
/* lisp_state_status.c */
extern const struct lisp_kind lisp_kind_router, lisp_kind_service, lisp_kind_resolver,
	lisp_kind_server, lisp_kind_keys;
extern const struct lisp_kind lisp_kind_alt_vrf, lisp_kind_alt_route, lisp_kind_alt_learned,
	lisp_kind_tunnel;
extern const struct lisp_kind lisp_kind_control, lisp_kind_message, lisp_kind_drop, lisp_kind_event,
	lisp_kind_refusal;
extern const struct lisp_kind lisp_kind_dataplane, lisp_kind_device, lisp_kind_counter;
/* lisp_state_problem.c */
extern const struct lisp_kind lisp_kind_problem;
/* Counters of control messages, Map-Resolvers and the dataplane become 0. */
void lisp_state_clear_counters(void);

#endif /* _LISP_STATE_H */
