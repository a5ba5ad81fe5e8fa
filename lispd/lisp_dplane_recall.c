// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The mappings to be asked for wait in a queue. Of one that was asked for the map-cache has an
 * entry, and its end says what became of the query: no answer, then it is asked for again as
 * long as it is used; or an answer that is not for this prefix, then it is over.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "frrevent.h"
#include "log.h"
#include "memory.h"
#include "monotime.h"

#include "lispd/lisp_dplane_obj.h"
#include "lispd/lisp_dplane_recall.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_pending.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_DP_RECALL, "LISP dataplane recalled prefixes");

static struct {
	struct lisp_eid *eid;
	size_t first, n, room; /* it begins at first, n are in it */
} queue;
static bool (*ask)(const struct lisp_eid *eid);
static struct event *t_ask;

void dp_recall_want(const struct lisp_eid *eid)
{
	if (queue.first + queue.n == queue.room) {
		if (queue.first <= queue.room / 2)
			queue.room = MAX(2 * queue.room, (size_t)1024);
		if (queue.n)
			memmove(queue.eid, queue.eid + queue.first, queue.n * sizeof(*queue.eid));
		queue.first = 0;
		queue.eid = XREALLOC(MTYPE_LISP_DP_RECALL, queue.eid,
				     queue.room * sizeof(*queue.eid));
	}
	queue.eid[queue.first + queue.n++] = *eid;
}

/* It may have been long. */
static void queue_free(void)
{
	XFREE(MTYPE_LISP_DP_RECALL, queue.eid);
	memset(&queue, 0, sizeof(queue));
}

static void recall_one(const struct lisp_eid *eid)
{
	const struct lisp_entry *entry = lisp_map_cache_match(eid);

	if (!dp_recalled(eid))
		return;
	/* an answer around it has all that is in it (RFC 9301 section 5.5) */
	if ((entry && (entry->state == LISP_ENTRY_ACTIVE || entry->state == LISP_ENTRY_NEGATIVE)) ||
	    !ask(eid))
		dp_recalled_drop(eid);
}

static void dplane_recall_ask(struct event *event)
{
	struct lisp_eid eid;

	for (unsigned int i = 0; i < LISP_DPLANE_RECALL_RATE * LISP_DPLANE_RECALL_TICK / 1000; i++) {
		if (!queue.n || lisp_pending_count() >= LISP_DPLANE_RECALL_ASKED)
			break;
		queue.n--;
		/* to ask can make an entry go, which is wanted then: the queue may move */
		eid = queue.eid[queue.first++];
		recall_one(&eid);
	}
	if (queue.n)
		event_add_timer_msec(lisp.master, dplane_recall_ask, NULL, LISP_DPLANE_RECALL_TICK,
				     &t_ask);
	else
		queue_free();
}

void dp_recall_go(bool (*asks)(const struct lisp_eid *eid))
{
	ask = asks;
	if (!queue.n || t_ask)
		return;
	zlog_info("asking again for %zu mappings that the dataplane uses", queue.n);
	event_add_event(lisp.master, dplane_recall_ask, NULL, 0, &t_ask);
}

void dp_recall_stop(void)
{
	event_cancel(&t_ask);
	queue_free();
	dp_recalled_sweep(monotime(NULL) + 1);
}

static int recall_entry_gone(struct lisp_entry *entry)
{
	const struct lisp_eid *eid = &entry->mapping.eid;

	if (!dp_recalled(eid))
		return 0;
	if (!entry->recalled) {
		dp_recalled_drop(eid);
		return 0;
	}
	dp_recall_want(eid);
	if (ask && !t_ask)
		event_add_timer_msec(lisp.master, dplane_recall_ask, NULL, LISP_DPLANE_RECALL_TICK,
				     &t_ask);
	return 0;
}

void dp_recall_init(void)
{
	hook_register(lisp_entry_gone, recall_entry_gone);
}

void dp_recall_finish(void)
{
	hook_unregister(lisp_entry_gone, recall_entry_gone);
	event_cancel(&t_ask);
	queue_free();
}
