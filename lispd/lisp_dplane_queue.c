// SPDX-License-Identifier: GPL-2.0-or-later
/* The queue of objects that differ from what the plugin was told. */
#include <zebra.h>

#include <stdbool.h>

#include "lispd/lisp_dplane_queue.h"

DECLARE_DLIST(dp_objs, struct dp_obj, item);

static struct dp_objs_head queue[1] = { INIT_DLIST(queue[0]) };
static bool online;
static void (*wakeup)(void);
static dp_free_fn free_obj[DP_MAPPING + 1];

void dp_queue_init(void (*wakeup_fn)(void))
{
	wakeup = wakeup_fn;
}

void dp_queue_free_by(enum dp_kind kind, dp_free_fn fn)
{
	free_obj[kind] = fn;
}

void dp_queue_online(bool now)
{
	online = now;
}

void dp_dequeue(struct dp_obj *obj)
{
	if (obj->queued)
		dp_objs_del(queue, obj);
	obj->queued = false;
}

void dp_enqueue(struct dp_obj *obj)
{
	if (!online)
		return;
	if (!obj->queued)
		dp_objs_add_tail(queue, obj);
	obj->queued = true;
	wakeup();
}

void dp_enqueue_last(struct dp_obj *obj)
{
	dp_dequeue(obj);
	dp_enqueue(obj);
}

void dp_want(struct dp_obj *obj)
{
	obj->remove = false;
	if (!obj->named)
		dp_enqueue(obj);
}

void dp_drop(struct dp_obj *obj)
{
	if (!obj->named) {
		dp_dequeue(obj);
		free_obj[obj->kind](obj);
		return;
	}
	obj->remove = true;
	dp_enqueue_last(obj);
}

struct dp_obj *dp_next(void)
{
	struct dp_obj *obj = dp_objs_pop(queue);

	if (obj)
		obj->queued = false;
	return obj;
}

void dp_sent(struct dp_obj *obj)
{
	if (obj->remove)
		free_obj[obj->kind](obj);
	else
		obj->named = true;
}

unsigned int dp_waiting(void)
{
	return dp_objs_count(queue);
}

void dp_forget(struct dp_obj *obj)
{
	dp_dequeue(obj);
	obj->named = false;
	if (obj->remove)
		free_obj[obj->kind](obj);
}
