// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The queue of objects that differ from what the plugin was told: private to
 * lisp_dplane*.c.
 *
 * Its order is one in which every operation finds what it names: a locator before the
 * sets with it, a set before its mappings, the ends the other way round. It holds
 * objects, not messages: however slow the plugin, it is bounded by what there is.
 */
#ifndef _LISP_DPLANE_QUEUE_H
#define _LISP_DPLANE_QUEUE_H

#include "typesafe.h"

PREDECL_DLIST(dp_objs);

enum dp_kind {
	DP_UNDERLAY,
	DP_INSTANCE,
	DP_LOCAL_EID,
	DP_LOCAL_RLOC,
	DP_TUNNEL,
	DP_ALT,
	DP_LOCATOR,
	DP_SET,
	DP_MAPPING,
};

struct dp_obj {
	struct dp_objs_item item;
	enum dp_kind kind;
	bool queued;
	bool remove; /* queued to be removed, then freed */
	bool named;  /* sent since the connection came up */
};

/* Nothing is queued while the connection is down. */
void dp_queue_online(bool online);

/* To be sent, or sent again. */
void dp_enqueue(struct dp_obj *obj);
/* Behind all that it may name. */
void dp_enqueue_last(struct dp_obj *obj);
void dp_dequeue(struct dp_obj *obj);
/* It is used: the plugin must have it in this epoch. */
void dp_want(struct dp_obj *obj);
/* Nobody uses it. obj may be gone afterwards. */
void dp_drop(struct dp_obj *obj);
/* The connection is down: it is not named any more. obj may be gone afterwards. */
void dp_forget(struct dp_obj *obj);

/* The next object to send; it is off the queue and must be given to dp_sent(). */
struct dp_obj *dp_next(void);
/* An operation for it is in a message: now named, or freed if it was its end. */
void dp_sent(struct dp_obj *obj);
unsigned int dp_waiting(void);

/* How objects of a kind are freed; wakeup is called when something is queued. */
typedef void (*dp_free_fn)(struct dp_obj *obj);
void dp_queue_free_by(enum dp_kind kind, dp_free_fn fn);
void dp_queue_init(void (*wakeup)(void));

#endif /* _LISP_DPLANE_QUEUE_H */
