// SPDX-License-Identifier: GPL-2.0-or-later
/* The map-cache of an instance. State, and its map; the routes are lisp_dp_steer.h. */
#ifndef _LISP_DP_MAPPING_H
#define _LISP_DP_MAPPING_H

#include "dplane/lisp_dp_instance.h"

struct lisp_dp_mapping {
	struct lisp_bpf_mapping value;
	uint64_t epoch;
	uint8_t route; /* enum lisp_dp_route */
	uint8_t prefixlen;
	/* of the slow path */
	struct lisp_bpf_mapping_count count;
};

/* Checks and reads all but the key. 0 or an errno. */
int lisp_dp_mapping_read(const LispDp__Mapping *from, struct lisp_bpf_mapping *value,
			 struct lisp_dp_op *op);
/*
 * Writes into the map what the fast path needs of just this prefix: that it is a local
 * EID-prefix, or else its mapping, or nothing. So what lies in a local EID-prefix is not
 * encapsulated by a mapping that covers it (RFC 9300 section 4.2). 0 or an errno.
 */
int lisp_dp_mapping_map(struct lisp_dp_instance *instance, const struct prefix *prefix);
/* Makes the mapping of this prefix, or changes it; here and in the map. 0 or an errno. */
int lisp_dp_mapping_put(struct lisp_dp_instance *instance, struct route_node *node,
			const struct lisp_bpf_mapping *value, uint64_t epoch);
/* The node may be gone afterwards. */
void lisp_dp_mapping_remove(struct lisp_dp_instance *instance, struct route_node *node);

/* The longest match of an address, the one of just this prefix; NULL: none. */
struct lisp_dp_mapping *lisp_dp_mapping_match(const struct lisp_dp_instance *instance,
					      uint8_t version, const uint8_t *address);
const struct lisp_dp_mapping *lisp_dp_mapping_exact(const struct lisp_dp_instance *instance,
						    const struct prefix *prefix);
/*
 * The address is of a local EID-prefix, and no mapping (the address's; NULL: none) says that
 * this part of the prefix is elsewhere: a packet that comes to the device with such a
 * destination has no route in the site.
 */
bool lisp_dp_mapping_unassigned(const struct lisp_dp_instance *instance,
				const struct lisp_dp_mapping *mapping, uint8_t version,
				const uint8_t *address);

typedef void (*lisp_dp_mapping_fn)(const struct lisp_dp_instance *instance,
				   const struct prefix *prefix, struct lisp_dp_mapping *mapping,
				   void *arg);
void lisp_dp_mapping_walk(lisp_dp_mapping_fn fn, void *arg);

/*
 * The same in portions, while anything may change in between: at most max of them, from where
 * the last call has come to (zeroed: the beginning). fn may remove the one it is given. False:
 * those were the last ones.
 */
struct lisp_dp_mapping_cursor {
	bool begun;
	uint32_t iid;
	int family; /* 0: IPv4, 1: IPv6 */
	route_table_iter_t at;
};
typedef void (*lisp_dp_mapping_node_fn)(struct lisp_dp_instance *instance, struct route_node *node,
					void *arg);
bool lisp_dp_mapping_walk_on(struct lisp_dp_mapping_cursor *cursor, size_t max,
			     lisp_dp_mapping_node_fn fn, void *arg);

/* What was sent to it by both paths; of a mapping that is not counted 0. */
void lisp_dp_mapping_sum(const struct lisp_dp_mapping *mapping, struct lisp_bpf_mapping_count *sum);
/* Seconds since its last packet, or this: there was none. */
#define LISP_DP_IDLE_EVER UINT32_MAX
uint32_t lisp_dp_mapping_idle(const struct lisp_dp_mapping *mapping);

#endif /* _LISP_DP_MAPPING_H */
