// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the dataplane has and is to have of locators, sets and mappings: private to
 * lisp_dplane*.c. Each object of dplane/lisp_dp.proto has a twin here; one that differs
 * from what was sent waits in the queue.
 */
#ifndef _LISP_DPLANE_OBJ_H
#define _LISP_DPLANE_OBJ_H

#include "typesafe.h"

#include "lispd/lisp_addr.h"
#include "lispd/lisp_dplane_queue.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_rloc.h"

PREDECL_HASH(dp_sets);
PREDECL_HASH(dp_recalled);

struct dp_locator {
	struct dp_obj obj;
	uint32_t id;
	uint32_t refs;		/* sets */
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
	time_t used; /* of a recalled one: monotonic seconds of its last packet, 0: long ago */
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
bool dp_recall_mapping(uint32_t id, const struct lisp_eid *eid, uint8_t action, uint32_t set,
		       time_t used);
/*
 * EndOfReplay is near: those that no entry has taken over, but that were used since then, are
 * named as they are, and so go on. Wants each RLOC's state known.
 */
bool dp_recalled_rlocs_known(void);
void dp_recall_keep(time_t since);
/* The others go: the plugin sweeps them. */
void dp_recall_end(void);
/* Is there one of this prefix? It goes; all go that were not used since then. */
bool dp_recalled(const struct lisp_eid *eid);
void dp_recalled_drop(const struct lisp_eid *eid);
void dp_recalled_sweep(time_t since);

/* The connection is up: all that there is will be sent. It is down: nothing is. */
void dp_replay(void);
void dp_offline(void);

struct dp_locator *dp_locator_by_id(uint32_t id);
struct dp_mapping *dp_mapping_by_id(uint32_t id);

void dp_obj_init(void);
void dp_obj_finish(void);

#endif /* _LISP_DPLANE_OBJ_H */
