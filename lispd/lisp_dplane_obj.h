// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the dataplane has and is to have: private to lisp_dplane*.c.
 *
 * Each object of dplane/lisp_dp.proto has a twin here. A twin that differs from what
 * was sent waits in one queue, in an order in which every operation finds what it
 * names: a locator before the sets with it, a set before its mappings, the ends the
 * other way round. The queue holds objects, not messages: however slow the plugin, it
 * is bounded by what there is.
 */
#ifndef _LISP_DPLANE_OBJ_H
#define _LISP_DPLANE_OBJ_H

#include "if.h"
#include "typesafe.h"

#include "lispd/lispd.h"
#include "lispd/lisp_addr.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_rloc.h"

PREDECL_DLIST(dp_queue);
PREDECL_RBTREE_UNIQ(dp_fixeds);
PREDECL_HASH(dp_sets);
PREDECL_HASH(dp_recalled);

enum dp_kind {
	DP_INSTANCE,
	DP_LOCAL_EID,
	DP_LOCAL_RLOC,
	DP_TUNNEL,
	DP_LOCATOR,
	DP_SET,
	DP_MAPPING,
};

struct dp_obj {
	struct dp_queue_item item;
	enum dp_kind kind;
	bool queued;
	bool remove; /* queued to be removed, then freed */
	bool named;  /* sent since the connection came up */
};

/* Kinds 0 to 3: few, compared as a whole with what the configuration wants. */
struct dp_fixed {
	struct dp_obj obj;
	struct dp_fixeds_item item;
	bool stale;
	union dp_value {
		struct {
			bool itr[LISP_FAMILY_MAX], etr[LISP_FAMILY_MAX];
			uint32_t queue_per_eid, queue_total, queue_hold_ms;
		} instance; /* iid 0, default VRF */
		struct lisp_eid local_eid;
		struct {
			struct ipaddr addr; /* key */
			ifindex_t ifindex;
			uint32_t mtu;
		} local_rloc;
		struct {
			char name[IFNAMSIZ]; /* key */
			char vrf[VRF_NAMSIZ];
			struct ipaddr source, destination;
			bool has_key;
			uint32_t key;
		} tunnel;
	} v;
};

struct dp_locator {
	struct dp_obj obj;
	uint32_t id;
	uint32_t refs; /* sets */
	struct lisp_rloc *rloc; /* reference held */
};

struct dp_member {
	struct dp_locator *locator;
	uint8_t priority, weight;
};

/* The same members are the same set, whoever uses it. */
struct dp_set {
	struct dp_obj obj;
	struct dp_sets_item item;
	uint32_t id;
	uint32_t refs; /* mappings */
	unsigned int n;
	struct dp_member member[];
};

#define DP_ACTION_ENCAP 16

struct dp_mapping {
	struct dp_obj obj;
	struct dp_recalled_item item; /* while entry is NULL and it is not on its way out */
	struct lisp_eid eid;
	uint32_t id;
	uint8_t action; /* enum lisp_action or DP_ACTION_ENCAP */
	struct dp_set *set;
	struct lisp_entry *entry; /* NULL: recalled, or to be removed */
};

/* The highest ids that the plugin takes; 0: no limit. */
void dp_limits(uint32_t locator, uint32_t set);

/*
 * What the plugin holds from before our start, between the connection and
 * dp_replay(). False if it contradicts itself; the object is left out then.
 */
bool dp_recall_locator(uint32_t id, const struct ipaddr *addr);
bool dp_recall_set(uint32_t id, const uint32_t *locator, const uint8_t *priority,
		   const uint8_t *weight, unsigned int n);
bool dp_recall_mapping(uint32_t id, const struct lisp_eid *eid, uint8_t action, uint32_t set);
/* What was recalled and not taken over goes: the plugin sweeps it. */
void dp_recall_end(void);

/* The connection is up: all that there is will be sent. It is down: nothing is. */
void dp_replay(void);
void dp_offline(void);
bool dp_ready(void); /* dp_replay() ran once: ids may be given out */

/* Makes the fixed objects those that configuration, database and RLOCs want. */
void dp_fixed_reconcile(void);

/* The next object to send; it is off the queue and must be given to dp_sent(). */
struct dp_obj *dp_next(void);
/* An operation for it is in a message: now named, or freed if it was its end. */
void dp_sent(struct dp_obj *obj);
unsigned int dp_waiting(void);

struct dp_locator *dp_locator_by_id(uint32_t id);
/*
 * ICMP says that packets to it do not arrive. It may be forged: it moves traffic to
 * other locators, at most ten a second, and never stops a mapping's last one.
 */
void dp_locator_unreachable(struct dp_locator *loc);
struct dp_mapping *dp_mapping_by_id(uint32_t id);

/* lisp_dplane.c: something is in the queue. */
void dp_wakeup(void);

void dp_obj_init(void);
void dp_obj_finish(void);

#endif /* _LISP_DPLANE_OBJ_H */
