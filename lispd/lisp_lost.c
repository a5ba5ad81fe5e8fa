// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mappings that have lost all their locators. Those in use are asked for again, at once
 * and then ever slower: their site may have others by now. What nothing uses goes, and
 * the next packet asks for it.
 *
 * RLOCs go together, so an RLOC that is down starts a walk over the map-cache, in portions;
 * what it finds waits in a heap for its next Map-Request.
 */
#include <zebra.h>

#include <stdbool.h>

#include "frrevent.h"
#include "monotime.h"

#include "lispd/lisp_bucket.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_lost.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_rloc.h"

static int lost_cmp(const struct lisp_entry *a, const struct lisp_entry *b)
{
	return numcmp(a->lost_next, b->lost_next);
}

DECLARE_HEAP(lisp_lost_entries, struct lisp_entry, lost_item, lost_cmp);

static struct lisp_lost_entries_head lost[1] = { INIT_HEAP(lost[0]) };
static struct event *t_walk, *t_ask;
static struct lisp_eid walk_at;
static bool walk_again; /* an RLOC went down while the walk was under way */

static void lost_ask(struct event *event);

static bool is_lost(const struct lisp_entry *entry)
{
	bool any = false;

	if (entry->state != LISP_ENTRY_ACTIVE || entry->source == LISP_SOURCE_STATIC)
		return false;
	for (unsigned int i = 0; i < entry->mapping.n_locators; i++) {
		const struct lisp_locator *loc = &entry->mapping.locators[i];
		const struct lisp_rloc *rloc = entry->rlocs[i];

		if (!rloc || loc->priority == LISP_PRIORITY_UNUSABLE)
			continue;
		any = true;
		if (rloc->state == LISP_RLOC_UNKNOWN || (lisp_rloc_usable(rloc) && loc->reach))
			return false;
	}
	return any;
}

/* ---- asking ---- */

static void lost_schedule(unsigned int ms)
{
	const struct lisp_entry *first = lisp_lost_entries_const_first(lost);
	time_t now = monotime(NULL);

	event_cancel(&t_ask);
	if (!first)
		return;
	if (first->lost_next > now)
		ms = MAX(ms, (first->lost_next - now) * 1000);
	event_add_timer_msec(lisp.master, lost_ask, NULL, ms, &t_ask);
}

static void lost_wait(struct lisp_entry *entry, time_t seconds)
{
	entry->lost = true;
	entry->lost_next = monotime(NULL) + seconds;
	lisp_lost_entries_add(lost, entry);
}

static void lost_ask_one(struct lisp_entry *entry)
{
	if (!lisp_entry_in_use(entry) && lisp_map_cache_forget(entry))
		return;
	/* the answer may be the same mapping, in the same entry */
	lost_wait(entry, 1U << entry->lost_asks);
	if (entry->lost_asks < LISP_LOST_BACK_OFF)
		entry->lost_asks++;
	lisp_map_cache_refresh(&entry->mapping.eid, false);
}

static void lost_ask(struct event *event)
{
	static struct lisp_bucket bucket;
	time_t now = monotime(NULL);
	struct lisp_entry *entry;
	bool limited = false;

	while ((entry = lisp_lost_entries_first(lost)) && entry->lost_next <= now) {
		limited = !lisp_bucket_take(&bucket, LISP_LOST_RATE, LISP_LOST_RATE);
		if (limited)
			break;
		lisp_lost_entries_del(lost, entry);
		entry->lost = false;
		if (is_lost(entry))
			lost_ask_one(entry);
	}
	lost_schedule(limited ? 1000 : 0);
}

/* ---- finding ---- */

static void lost_walk(struct event *event)
{
	struct lisp_entry *entry = NULL;

	for (unsigned int i = 0; i < LISP_LOST_PORTION; i++) {
		entry = walk_at.prefix.family ? lisp_map_cache_after(&walk_at)
					      : lisp_map_cache_next(NULL);
		if (!entry)
			break;
		walk_at = entry->mapping.eid;
		if (!entry->lost && is_lost(entry)) {
			entry->lost_asks = 0;
			lost_wait(entry, 0);
		}
	}
	if (!entry)
		memset(&walk_at, 0, sizeof(walk_at));
	if (entry || walk_again)
		event_add_timer_msec(lisp.master, lost_walk, NULL, 1, &t_walk);
	if (!entry)
		walk_again = false;
	lost_schedule(0);
}

static int lost_rloc_changed(struct lisp_rloc *rloc)
{
	if (lisp_rloc_usable(rloc) || rloc->state == LISP_RLOC_UNKNOWN ||
	    rloc->refs == rloc->own_refs)
		return 0;
	if (t_walk)
		walk_again = true;
	else
		event_add_timer_msec(lisp.master, lost_walk, NULL, LISP_LOST_DELAY, &t_walk);
	return 0;
}

/* An answer whose locators are known to be down needs no event of an RLOC. */
static int lost_entry_changed(struct lisp_entry *entry)
{
	if (entry->lost)
		return 0;
	if (is_lost(entry)) {
		lost_wait(entry, 1U << entry->lost_asks);
		lost_schedule(0);
	}
	return 0;
}

static int lost_entry_gone(struct lisp_entry *entry)
{
	if (entry->lost)
		lisp_lost_entries_del(lost, entry);
	entry->lost = false;
	return 0;
}

void lisp_lost_init(void)
{
	hook_register(lisp_rloc_changed, lost_rloc_changed);
	hook_register(lisp_entry_changed, lost_entry_changed);
	hook_register(lisp_entry_gone, lost_entry_gone);
}

void lisp_lost_finish(void)
{
	hook_unregister(lisp_rloc_changed, lost_rloc_changed);
	hook_unregister(lisp_entry_changed, lost_entry_changed);
	hook_unregister(lisp_entry_gone, lost_entry_gone);
	event_cancel(&t_walk);
	event_cancel(&t_ask);
	while (lisp_lost_entries_count(lost))
		lisp_lost_entries_pop(lost);
	lisp_lost_entries_fini(lost);
}
