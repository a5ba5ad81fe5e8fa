// SPDX-License-Identifier: GPL-2.0-or-later
/* The twins of locators, sets and mappings. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "frrevent.h"
#include "jhash.h"
#include "memory.h"

#include "lispd/lisp_debug.h"
#include "lispd/lisp_dplane_fixed.h"
#include "lispd/lisp_dplane_ids.h"
#include "lispd/lisp_dplane_obj.h"
#include "lispd/lisp_errors.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_mapping.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_DP_LOCATOR, "LISP dataplane locator");
DEFINE_MTYPE_STATIC(LISPD, LISP_DP_SET, "LISP dataplane locator-set");
DEFINE_MTYPE_STATIC(LISPD, LISP_DP_MAPPING, "LISP dataplane mapping");


static bool ready; /* dp_replay() ran once: ids may be given out */
static struct dp_ids locator_ids[1], set_ids[1], mapping_ids[1];

void dp_limits(uint32_t locator, uint32_t set)
{
	locator_ids->max = locator;
	set_ids->max = set;
}

struct dp_locator *dp_locator_by_id(uint32_t id)
{
	return dp_ids_find(locator_ids, id);
}

struct dp_mapping *dp_mapping_by_id(uint32_t id)
{
	return dp_ids_find(mapping_ids, id);
}

/* ---- locators ---- */

static struct dp_locator *locator_new(struct lisp_rloc *rloc, uint32_t id)
{
	struct dp_locator *loc = XCALLOC(MTYPE_LISP_DP_LOCATOR, sizeof(*loc));

	loc->obj.kind = DP_LOCATOR;
	loc->id = id;
	loc->rloc = rloc;
	rloc->dp_id = id;
	dp_ids_put(locator_ids, id, loc);
	return loc;
}

static void locator_free(struct dp_locator *loc)
{
	dp_ids_free(locator_ids, loc->id);
	loc->rloc->dp_id = 0;
	loc->rloc->dp_refs = 0;
	lisp_rloc_put(&loc->rloc);
	XFREE(MTYPE_LISP_DP_LOCATOR, loc);
}

/* NULL: no id is left. */
static struct dp_locator *locator_get(struct lisp_rloc *rloc)
{
	struct dp_locator *loc = dp_locator_by_id(rloc->dp_id);
	uint32_t id;

	if (!loc) {
		id = dp_ids_new(locator_ids);
		if (!id)
			return NULL;
		loc = locator_new(lisp_rloc_get(&rloc->addr), id);
	}
	rloc->dp_refs = ++loc->refs;
	dp_want(&loc->obj);
	return loc;
}

static void locator_put(struct dp_locator *loc)
{
	loc->rloc->dp_refs = --loc->refs;
	if (!loc->refs)
		dp_drop(&loc->obj);
}

static void waiting_retry(void);

static int dp_rloc_changed(struct lisp_rloc *rloc)
{
	struct dp_locator *loc = dp_locator_by_id(rloc->dp_id);

	/* one that was recalled is as the plugin has it until an entry takes it over */
	if (rloc->dp_id && loc && loc->refs && loc->obj.named)
		dp_enqueue(&loc->obj);
	waiting_retry();
	return 0;
}

/* ---- sets ---- */

static int set_cmp(const struct dp_set *a, const struct dp_set *b)
{
	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	for (unsigned int i = 0; i < a->n; i++) {
		const struct dp_member *ma = &a->member[i], *mb = &b->member[i];

		if (ma->locator->id != mb->locator->id)
			return ma->locator->id < mb->locator->id ? -1 : 1;
		if (ma->priority != mb->priority)
			return ma->priority < mb->priority ? -1 : 1;
		if (ma->weight != mb->weight)
			return ma->weight < mb->weight ? -1 : 1;
	}
	return 0;
}

static uint32_t set_hash(const struct dp_set *set)
{
	uint32_t hash = set->n;

	for (unsigned int i = 0; i < set->n; i++)
		hash = jhash_3words(set->member[i].locator->id, set->member[i].priority,
				    set->member[i].weight, hash);
	return hash;
}

DECLARE_HASH(dp_sets, struct dp_set, item, set_cmp, set_hash);

static struct dp_sets_head sets[1] = { INIT_HASH(sets[0]) };

static struct dp_set *set_alloc(unsigned int n)
{
	struct dp_set *set;

	set = XCALLOC(MTYPE_LISP_DP_SET, sizeof(*set) + n * sizeof(set->member[0]));
	set->obj.kind = DP_SET;
	return set;
}

static void set_members_put(struct dp_set *set)
{
	while (set->n)
		locator_put(set->member[--set->n].locator);
}

static void set_add(struct dp_set *set, uint32_t id)
{
	set->id = id;
	dp_ids_put(set_ids, id, set);
	dp_sets_add(sets, set);
}

static void set_free(struct dp_set *set)
{
	dp_sets_del(sets, set);
	dp_ids_free(set_ids, set->id);
	set_members_put(set);
	XFREE(MTYPE_LISP_DP_SET, set);
}

static void set_put(struct dp_set *set)
{
	if (set && !--set->refs)
		dp_drop(&set->obj);
}

/* RFC 9300 section 9: usable are RLOCs with R and a priority but 255; never our own. */
static bool locator_usable(const struct lisp_entry *entry, unsigned int i)
{
	const struct lisp_locator *loc = &entry->mapping.locators[i];

	return entry->rlocs[i] && !entry->rlocs[i]->local && loc->reach &&
	       loc->priority != LISP_PRIORITY_UNUSABLE;
}

static struct dp_set *set_get(const struct lisp_entry *entry)
{
	struct dp_set *new = set_alloc(entry->mapping.n_locators), *set;
	uint32_t id;

	for (unsigned int i = 0; i < entry->mapping.n_locators; i++) {
		struct dp_member *m = &new->member[new->n];

		if (!locator_usable(entry, i))
			continue;
		m->locator = locator_get(entry->rlocs[i]);
		if (!m->locator)
			continue;
		m->priority = entry->mapping.locators[i].priority;
		m->weight = entry->mapping.locators[i].weight;
		new->n++;
	}

	set = new->n ? dp_sets_find(sets, new) : NULL;
	id = set || !new->n ? 0 : dp_ids_new(set_ids);
	if (id) {
		set = new;
		set_add(set, id);
	} else {
		set_members_put(new);
		XFREE(MTYPE_LISP_DP_SET, new);
	}
	if (!set)
		return NULL;

	set->refs++;
	dp_want(&set->obj);
	return set;
}

/* ---- mappings ---- */

static int recalled_cmp(const struct dp_mapping *a, const struct dp_mapping *b)
{
	return lisp_eid_cmp(&a->eid, &b->eid);
}

static uint32_t recalled_hash(const struct dp_mapping *m)
{
	return lisp_eid_hash(&m->eid);
}

DECLARE_HASH(dp_recalled, struct dp_mapping, item, recalled_cmp, recalled_hash);

static struct dp_recalled_head recalled[1] = { INIT_HASH(recalled[0]) };

static struct dp_mapping *mapping_new(const struct lisp_eid *eid, uint32_t id)
{
	struct dp_mapping *m = XCALLOC(MTYPE_LISP_DP_MAPPING, sizeof(*m));

	m->obj.kind = DP_MAPPING;
	m->eid = *eid;
	m->id = id;
	dp_ids_put(mapping_ids, id, m);
	return m;
}

static void mapping_free(struct dp_mapping *m)
{
	dp_ids_free(mapping_ids, m->id);
	set_put(m->set);
	XFREE(MTYPE_LISP_DP_MAPPING, m);
}

/* The entry's twin: the one it has, the one recalled, or a new one. */
static struct dp_mapping *mapping_get(struct lisp_entry *entry)
{
	struct dp_mapping *m = dp_mapping_by_id(entry->dp_id);
	struct dp_mapping key = { .eid = entry->mapping.eid };
	uint32_t id;

	if (m)
		return m;

	m = dp_recalled_find(recalled, &key);
	if (m) {
		dp_recalled_del(recalled, m);
	} else {
		id = dp_ids_new(mapping_ids);
		if (!id)
			return NULL;
		m = mapping_new(&entry->mapping.eid, id);
	}
	m->entry = entry;
	entry->dp_id = m->id;
	return m;
}

static uint8_t entry_action(const struct lisp_entry *entry)
{
	/* RFC 6830 section 6.1.4: unassigned actions drop */
	return entry->mapping.action <= LISP_ACT_DROP_AUTH ? entry->mapping.action : LISP_ACT_DROP;
}

/*
 * Zebra's answer about a new RLOC takes a moment, and so do our own addresses after
 * a start. A mapping sent without them would have no locator that is up, and cost
 * the packets that wait for it; so it waits too, and an old mapping stays in use.
 */
DECLARE_DLIST(lisp_dp_waiting, struct lisp_entry, dp_waiting);

static struct lisp_dp_waiting_head waiting[1] = { INIT_DLIST(waiting[0]) };
static struct event *t_waiting;

static void entry_send(struct lisp_entry *entry);

static void waiting_del(struct lisp_entry *entry)
{
	if (lisp_dp_waiting_anywhere(entry))
		lisp_dp_waiting_del(waiting, entry);
}

static bool entry_must_wait(const struct lisp_entry *entry)
{
	bool up = false;

	if (entry->state != LISP_ENTRY_ACTIVE)
		return false;
	for (unsigned int i = 0; i < entry->mapping.n_locators; i++) {
		const struct lisp_rloc *rloc = entry->rlocs[i];

		if (!locator_usable(entry, i))
			continue;
		if (rloc->state == LISP_RLOC_UNKNOWN)
			return true;
		up |= lisp_rloc_usable(rloc) && !IS_IPADDR_NONE(&rloc->source);
	}
	return !up;
}

/* In the order in which they came: the first has waited for longest. */
static void dplane_obj_waiting_over(struct event *event)
{
	struct lisp_entry *entry;

	while ((entry = lisp_dp_waiting_first(waiting))) {
		int64_t waited = monotime_since(&entry->dp_waits_since, NULL) / 1000;

		if (waited < LISP_DPLANE_RLOC_WAIT) {
			event_add_timer_msec(lisp.master, dplane_obj_waiting_over, NULL,
					     LISP_DPLANE_RLOC_WAIT - waited, &t_waiting);
			return;
		}
		waiting_del(entry);
		entry_send(entry);
	}
}

static void waiting_retry(void)
{
	struct lisp_entry *entry;

	frr_each_safe (lisp_dp_waiting, waiting, entry) {
		if (entry_must_wait(entry))
			continue;
		waiting_del(entry);
		entry_send(entry);
	}
}

static int dp_entry_changed(struct lisp_entry *entry)
{
	if (!ready || entry->state == LISP_ENTRY_PENDING)
		return 0;
	/* without an answer the dataplane goes on with what it held */
	if (entry->state == LISP_ENTRY_HOLD && entry->recalled)
		return 0;

	waiting_del(entry);
	if (!entry_must_wait(entry)) {
		entry_send(entry);
		return 0;
	}
	monotime(&entry->dp_waits_since);
	lisp_dp_waiting_add_tail(waiting, entry);
	event_add_timer_msec(lisp.master, dplane_obj_waiting_over, NULL, LISP_DPLANE_RLOC_WAIT,
			     &t_waiting);
	return 0;
}

static void entry_send(struct lisp_entry *entry)
{
	struct dp_mapping *m;
	struct dp_set *set = NULL, *old;
	uint8_t action;

	m = mapping_get(entry);
	if (!m)
		return;

	if (entry->state == LISP_ENTRY_ACTIVE) {
		/* no usable RLOC: RFC 9300 section 9 leaves only the drop */
		set = set_get(entry);
		action = set ? DP_ACTION_ENCAP : LISP_ACT_DROP;
	} else {
		action = entry_action(entry);
	}

	old = m->set;
	if ((m->obj.named || m->obj.queued) && m->action == action && old == set) {
		set_put(set);
		return;
	}
	m->action = action;
	m->set = set;
	entry->dp_set = set ? set->id : 0;
	dp_enqueue_last(&m->obj);
	set_put(old);
}

static int dp_entry_gone(struct lisp_entry *entry)
{
	struct dp_mapping *m = entry->dp_id ? dp_mapping_by_id(entry->dp_id) : NULL;

	waiting_del(entry);
	entry->dp_id = 0;
	entry->dp_set = 0;
	if (m) {
		m->entry = NULL;
		dp_drop(&m->obj);
	}
	return 0;
}

/* ---- recall ---- */

bool dp_recall_locator(uint32_t id, const struct ipaddr *addr)
{
	struct lisp_rloc *rloc;

	if (!lisp_rloc_valid(addr) || !dp_ids_reserve(locator_ids, id))
		return false;

	rloc = lisp_rloc_get(addr);
	if (rloc->dp_id) {
		lisp_rloc_put(&rloc);
		dp_ids_free(locator_ids, id);
		return false;
	}
	locator_new(rloc, id);
	return true;
}

bool dp_recall_set(uint32_t id, const uint32_t *locator, const uint8_t *priority,
		   const uint8_t *weight, unsigned int n)
{
	struct dp_set *set;

	if (!n || !dp_ids_reserve(set_ids, id))
		return false;

	set = set_alloc(n);
	for (unsigned int i = 0; i < n; i++) {
		struct dp_locator *loc = dp_locator_by_id(locator[i]);

		if (!loc)
			continue;
		loc->rloc->dp_refs = ++loc->refs;
		set->member[set->n++] = (struct dp_member){ loc, priority[i], weight[i] };
	}
	if (set->n == n && !dp_sets_find(sets, set)) {
		set_add(set, id);
		return true;
	}
	set_members_put(set);
	dp_ids_free(set_ids, id);
	XFREE(MTYPE_LISP_DP_SET, set);
	return false;
}

bool dp_recall_mapping(uint32_t id, const struct lisp_eid *eid, uint8_t action, uint32_t set_id,
		       time_t used)
{
	struct dp_set *set = dp_ids_find(set_ids, set_id);
	struct dp_mapping key = { .eid = *eid }, *m;

	/* id 0: one too high to be counted, which the plugin does not keep */
	if (!id || (action == DP_ACTION_ENCAP) != (set != NULL) ||
	    dp_recalled_find(recalled, &key) || !dp_ids_reserve(mapping_ids, id))
		return false;

	m = mapping_new(eid, id);
	m->action = action;
	m->set = set;
	m->used = used;
	if (set)
		set->refs++;
	dp_recalled_add(recalled, m);
	return true;
}

bool dp_recalled_rlocs_known(void)
{
	for (uint32_t id = 1; id < locator_ids->size; id++) {
		const struct dp_locator *loc = locator_ids->slot[id];

		if (loc && loc->refs && loc->rloc->state == LISP_RLOC_UNKNOWN)
			return false;
	}
	return true;
}

static bool is_kept(const struct dp_mapping *m)
{
	return m->obj.named || m->obj.queued;
}

void dp_recall_keep(time_t since)
{
	struct dp_mapping *m;

	frr_each (dp_recalled, recalled, m) {
		if (m->used < since)
			continue;
		for (unsigned int i = 0; m->set && i < m->set->n; i++)
			dp_want(&m->set->member[i].locator->obj);
		if (m->set)
			dp_want(&m->set->obj);
		dp_want(&m->obj);
	}
}

static void recalled_drop(struct dp_mapping *m)
{
	dp_recalled_del(recalled, m);
	dp_drop(&m->obj);
}

bool dp_recalled(const struct lisp_eid *eid)
{
	struct dp_mapping key = { .eid = *eid };

	return dp_recalled_find(recalled, &key);
}

void dp_recalled_drop(const struct lisp_eid *eid)
{
	struct dp_mapping key = { .eid = *eid }, *m = dp_recalled_find(recalled, &key);

	/* before EndOfReplay its ids are nobody else's */
	if (m && is_kept(m))
		recalled_drop(m);
	else if (m)
		m->used = 0;
}

void dp_recalled_sweep(time_t since)
{
	struct dp_mapping *m;

	frr_each_safe (dp_recalled, recalled, m)
		if (m->used < since && is_kept(m))
			recalled_drop(m);
}

void dp_recall_end(void)
{
	struct dp_mapping *m;

	frr_each_safe (dp_recalled, recalled, m) {
		if (is_kept(m))
			continue;
		dp_recalled_del(recalled, m);
		mapping_free(m);
	}

	/* sets and locators that nothing used even then */
	for (uint32_t id = 1; id < set_ids->size; id++) {
		struct dp_set *set = set_ids->slot[id];

		if (set && !set->refs && !set->obj.named && !set->obj.queued)
			set_free(set);
	}
	for (uint32_t id = 1; id < locator_ids->size; id++) {
		struct dp_locator *loc = locator_ids->slot[id];

		if (loc && !loc->refs && !loc->obj.named && !loc->obj.queued)
			locator_free(loc);
	}
}

/* ---- all of them ---- */

static void locator_obj_free(struct dp_obj *obj)
{
	locator_free(container_of(obj, struct dp_locator, obj));
}

static void set_obj_free(struct dp_obj *obj)
{
	set_free(container_of(obj, struct dp_set, obj));
}

static void mapping_obj_free(struct dp_obj *obj)
{
	mapping_free(container_of(obj, struct dp_mapping, obj));
}

/* Runs over objects of one kind; it may free the one it is given. */
static void ids_each(struct dp_ids *ids, void (*run)(struct dp_obj *obj))
{
	/* the dp_obj is the first member of all of them */
	for (uint32_t id = 1; id < ids->size; id++)
		if (ids->slot[id])
			run(ids->slot[id]);
}

void dp_offline(void)
{
	dp_queue_online(false);
	/* the users before the used, which may end with them */
	ids_each(mapping_ids, dp_forget);
	ids_each(set_ids, dp_forget);
	ids_each(locator_ids, dp_forget);
	dp_fixed_offline();
}

/* What was recalled and is kept goes on too. */
static void mapping_replay(struct dp_obj *obj)
{
	dp_enqueue(obj);
}

static void set_replay(struct dp_obj *obj)
{
	if (container_of(obj, struct dp_set, obj)->refs)
		dp_enqueue(obj);
}

static void locator_replay(struct dp_obj *obj)
{
	if (container_of(obj, struct dp_locator, obj)->refs)
		dp_enqueue(obj);
}

void dp_replay(void)
{
	struct lisp_entry *entry = NULL;
	bool first = !ready;

	ready = true;
	dp_queue_online(true);
	dp_fixed_replay();

	/* what was recalled is named when an entry takes it over */
	if (!first) {
		ids_each(locator_ids, locator_replay);
		ids_each(set_ids, set_replay);
		ids_each(mapping_ids, mapping_replay);
	}
	while ((entry = lisp_map_cache_next(entry)))
		if (!entry->dp_id)
			dp_entry_changed(entry);
}

void dp_obj_init(void)
{
	dp_ids_init(locator_ids, "locators");
	dp_ids_init(set_ids, "locator-sets");
	dp_ids_init(mapping_ids, "mappings");
	dp_queue_free_by(DP_LOCATOR, locator_obj_free);
	dp_queue_free_by(DP_SET, set_obj_free);
	dp_queue_free_by(DP_MAPPING, mapping_obj_free);
	hook_register(lisp_rloc_changed, dp_rloc_changed);
	hook_register(lisp_entry_changed, dp_entry_changed);
	hook_register(lisp_entry_gone, dp_entry_gone);
	dp_fixed_init();
}

static void mapping_finish(struct dp_obj *obj)
{
	struct dp_mapping *m = container_of(obj, struct dp_mapping, obj);

	if (m->entry) {
		m->entry->dp_id = 0;
		m->entry->dp_set = 0;
	}
	mapping_free(m);
}

/* The dataplane keeps what it has: flows go on while we restart. */
void dp_obj_finish(void)
{
	hook_unregister(lisp_rloc_changed, dp_rloc_changed);
	hook_unregister(lisp_entry_changed, dp_entry_changed);
	hook_unregister(lisp_entry_gone, dp_entry_gone);
	dp_offline();
	ready = false;
	event_cancel(&t_waiting);
	while (lisp_dp_waiting_pop(waiting))
		;
	while (dp_recalled_pop(recalled))
		;
	ids_each(mapping_ids, mapping_finish);
	ids_each(set_ids, set_obj_free);
	ids_each(locator_ids, locator_obj_free);
	dp_fixed_finish();
	dp_ids_finish(mapping_ids);
	dp_ids_finish(set_ids);
	dp_ids_finish(locator_ids);
	dp_sets_fini(sets);
	dp_recalled_fini(recalled);
}
