// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What lispd wants to exist, and since which epoch. Each change is applied at
 * once to the fast path and to the kernel; the slow path reads the tables.
 */
#ifndef _LISP_DP_TABLES_H
#define _LISP_DP_TABLES_H

#include <net/if.h>

#include "lib/prefix.h"
#include "lib/table.h"
#include "lib/typesafe.h"

#include "dplane/lisp_dp.pb-c.h"
#include "dplane/lisp_dp_buckets.h"
#include "dplane/lisp_dp_maps.h"

PREDECL_HASH(lisp_dp_instances);
PREDECL_HASH(lisp_dp_locators);
PREDECL_HASH(lisp_dp_remotes);
PREDECL_HASH(lisp_dp_sets);
PREDECL_HASH(lisp_dp_rlocs);

/* Tables of an instance-id; the instance proper once lispd has named it. */
struct lisp_dp_instance {
	struct lisp_dp_instances_item item;
	uint32_t iid;
	uint64_t epoch;
	bool active;
	uint32_t flags; /* LISP_INSTANCE_* */
	uint32_t queue_per_eid, queue_total, queue_hold_ms;

	/* the lisp device: lisp_dp_device.c */
	char ifname[IFNAMSIZ];
	int ifindex; /* 0: none */
	int fd;	     /* TUN; -1: none */
	uint32_t mtu;
	bool bpf; /* the program is attached */
	char error[80];
	struct event *t_read;

	/* by family, 0: IPv4, 1: IPv6 */
	struct route_table *local[2]; /* info: struct lisp_dp_local_eid */
	struct route_table *cache[2]; /* info: struct lisp_dp_mapping */
};

struct lisp_dp_local_eid {
	uint64_t epoch;
};

struct lisp_dp_mapping {
	struct lisp_bpf_mapping value;
	uint64_t epoch;
	uint8_t route; /* enum lisp_dp_route */
	/* of the slow path */
	struct lisp_bpf_mapping_count count;
};

struct lisp_dp_rloc {
	struct lisp_dp_rlocs_item item;
	struct lisp_bpf_rloc key;
	int ifindex;
	uint32_t mtu; /* of that interface as lispd gave it; 0: not given */
	uint64_t epoch;
};

struct lisp_dp_locator {
	struct lisp_dp_locators_item item;
	struct lisp_dp_remotes_item by_address;
	uint32_t id;
	struct lisp_bpf_locator value;
	uint32_t mtu;	   /* as lispd gave it; value.mtu is never 0 */
	bool up;	   /* as lispd gave it; value.up needs an interface too */
	uint32_t path_mtu; /* learned from ICMP; 0: nothing */
	time_t path_until; /* when it is forgotten, monotonic seconds */
	time_t told;	   /* when lispd was told of trouble last */
	uint64_t epoch;
	struct lisp_bpf_locator_count count; /* of the slow path */
};

struct lisp_dp_set {
	struct lisp_dp_sets_item item;
	uint32_t id;
	struct lisp_dp_member *member; /* as lispd gave them, sorted */
	size_t count;
	struct lisp_bpf_set value;
	uint64_t epoch;
};

/*
 * One operation of a Batch. 0 or an errno, with text about it. epoch marks the
 * object as wanted.
 */
int lisp_dp_tables_apply(const LispDp__Op *op, uint64_t epoch, char *text, size_t size);

/* After a Batch: what follows from all of its operations together. */
void lisp_dp_tables_commit(void);

/* Removes whatever was not named in this epoch, here and in the kernel. */
void lisp_dp_tables_sweep(uint64_t epoch);

/* Lookups of the slow path. NULL: none. */
struct lisp_dp_instance *lisp_dp_instance_find(uint32_t iid);
struct lisp_dp_mapping *lisp_dp_mapping_match(const struct lisp_dp_instance *instance,
					      uint8_t version, const uint8_t *address);
const struct lisp_dp_mapping *lisp_dp_mapping_exact(const struct lisp_dp_instance *instance,
						    const struct prefix *prefix);
bool lisp_dp_local_eid_match(const struct lisp_dp_instance *instance, uint8_t version,
			     const uint8_t *address);
bool lisp_dp_local_rloc_is(uint8_t version, const uint8_t *address);
struct lisp_dp_locator *lisp_dp_locator_find(uint32_t id);
struct lisp_dp_locator *lisp_dp_locator_by_address(uint8_t version, const uint8_t *address);
/* A path MTU was learned (RFC 9300 section 7.2), or may have aged out. */
void lisp_dp_locator_path_mtu(struct lisp_dp_locator *locator, uint32_t mtu);
void lisp_dp_locator_path_mtu_age(struct lisp_dp_locator *locator);
/* The locator of a set for a flow, as the fast path chooses it. */
struct lisp_dp_locator *lisp_dp_choose(uint32_t set, uint32_t hash);
/* An own RLOC of this family, for ICMP errors; NULL: none. */
const uint8_t *lisp_dp_own_address(uint8_t version);

/* Its device was taken away by somebody else: the same again. Needs privileges. */
void lisp_dp_instance_renew(struct lisp_dp_instance *instance);

/* Some instance is in service: sockets are needed. */
bool lisp_dp_instance_any_active(void);

/* Walks; next of NULL is the first. */
struct lisp_dp_instance *lisp_dp_instance_next(struct lisp_dp_instance *instance);
struct lisp_dp_locator *lisp_dp_locator_next(struct lisp_dp_locator *locator);
const struct lisp_dp_rloc *lisp_dp_rloc_next(const struct lisp_dp_rloc *rloc);
const struct lisp_dp_set *lisp_dp_set_next(const struct lisp_dp_set *set);
typedef void (*lisp_dp_mapping_fn)(const struct lisp_dp_instance *instance,
				   const struct prefix *prefix, struct lisp_dp_mapping *mapping,
				   void *arg);
void lisp_dp_mapping_walk(lisp_dp_mapping_fn fn, void *arg);

void lisp_dp_tables_init(void);
/* Frees all; the kernel is left as it is. */
void lisp_dp_tables_finish(void);

#endif /* _LISP_DP_TABLES_H */
