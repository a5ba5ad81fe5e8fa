// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Outstanding Map-Requests. A query is sent up to `tries` times, each time with a
 * fresh nonce; a reply to any of them ends it. All nonces of all queries are in
 * one hash, so that a Map-Reply costs one lookup, and a guessed or late one
 * nothing more.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>
#include <sys/random.h>

#include "frrevent.h"
#include "jhash.h"
#include "memory.h"
#include "monotime.h"

#include "lispd/lisp_debug.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_pending.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_PENDING, "LISP outstanding Map-Request");


PREDECL_HASH(pending_nonces);
PREDECL_DLIST(pending_list);

/* One transmission. */
struct pending_nonce {
	struct pending_nonces_item item;
	uint64_t nonce;
	struct timeval sent;
	struct ipaddr to; /* a Map-Resolver, or unset */
	struct lisp_pending *query;
};

struct lisp_pending {
	struct pending_list_item item;
	struct lisp_eid eid;
	const struct lisp_pending_ops *ops;
	void *arg;

	unsigned int tries, sent;
	const struct pending_nonce *at; /* whose `to` is of interest; NULL: none was sent */
	unsigned int interval_ms;	/* to the next transmission */
	bool back_off;
	struct event *t_retry;
	struct pending_nonce nonces[LISP_PENDING_TRIES_MAX];
};

static int nonce_cmp(const struct pending_nonce *a, const struct pending_nonce *b)
{
	return a->nonce < b->nonce ? -1 : a->nonce > b->nonce;
}

static uint32_t nonce_hash(const struct pending_nonce *n)
{
	return jhash_2words(n->nonce, n->nonce >> 32, 0x4342);
}

DECLARE_HASH(pending_nonces, struct pending_nonce, item, nonce_cmp, nonce_hash);
DECLARE_DLIST(pending_list, struct lisp_pending, item);

static struct pending_nonces_head nonces[1] = { INIT_HASH(nonces[0]) };
static struct pending_list_head queries[1] = { INIT_DLIST(queries[0]) };

static bool nonce_new(struct pending_nonce *n)
{
	/* RFC 9301 section 5.2: from a properly seeded generator */
	do {
		if (getrandom(&n->nonce, sizeof(n->nonce), GRND_NONBLOCK) != sizeof(n->nonce))
			return false;
	} while (!n->nonce || pending_nonces_find(nonces, n));
	return true;
}

static void pending_retry(struct event *event);

static void pending_send(struct lisp_pending *p)
{
	struct pending_nonce *n = &p->nonces[p->sent];

	event_add_timer_msec(lisp.master, pending_retry, p, p->interval_ms, &p->t_retry);
	if (p->back_off)
		p->interval_ms = MIN(2 * p->interval_ms, LISP_PENDING_BACK_OFF_MAX);

	if (!nonce_new(n))
		return;

	n->query = p;
	monotime(&n->sent);
	p->sent++;
	pending_nonces_add(nonces, n);
	p->ops->send(p, n->nonce);
	p->at = n;
}

static void pending_free(struct lisp_pending *p)
{
	event_cancel(&p->t_retry);
	for (unsigned int i = 0; i < p->sent; i++)
		pending_nonces_del(nonces, &p->nonces[i]);
	pending_list_del(queries, p);
	XFREE(MTYPE_LISP_PENDING, p);
}

static void pending_retry(struct event *event)
{
	struct lisp_pending *p = EVENT_ARG(event);

	if (p->sent < p->tries) {
		pending_send(p);
		return;
	}

	lisp_stats_event(LISP_EV_RESOLVE_TIMEOUT);
	p->ops->timeout(p);
	pending_free(p);
}

struct lisp_pending *lisp_pending_start(const struct lisp_eid *eid,
					const struct lisp_pending_ops *ops,
					const struct lisp_pending_timing *timing, void *arg)
{
	struct lisp_pending *p;

	if (pending_list_count(queries) >= LISP_PENDING_MAX)
		return NULL;

	p = XCALLOC(MTYPE_LISP_PENDING, sizeof(*p));
	p->eid = *eid;
	p->ops = ops;
	p->arg = arg;
	p->tries = MIN(timing->tries, LISP_PENDING_TRIES_MAX);
	p->interval_ms = timing->interval_ms;
	p->back_off = timing->back_off;
	pending_list_add_tail(queries, p);

	pending_send(p);
	if (!p->sent) {
		pending_free(p);
		return NULL;
	}
	return p;
}

void lisp_pending_cancel(struct lisp_pending **p)
{
	if (*p)
		pending_free(*p);
	*p = NULL;
}

void *lisp_pending_arg(const struct lisp_pending *p)
{
	return p->arg;
}

const struct lisp_eid *lisp_pending_eid(const struct lisp_pending *p)
{
	return &p->eid;
}

unsigned int lisp_pending_tries(const struct lisp_pending *p)
{
	return p->sent;
}

void lisp_pending_set_to(struct lisp_pending *p, const struct ipaddr *to)
{
	p->nonces[p->sent - 1].to = *to;
}

const struct ipaddr *lisp_pending_to(const struct lisp_pending *p)
{
	static const struct ipaddr none;

	return p->at ? &p->at->to : &none;
}

unsigned int lisp_pending_count(void)
{
	return pending_list_count(queries);
}

enum lisp_drop lisp_pending_covered(const struct lisp_msg *msg, const struct lisp_eid *eid)
{
	struct lisp_cursor c = lisp_msg_records(msg);
	struct lisp_record rec;
	struct lisp_eid got;

	while (lisp_record_next(&c, &rec))
		if (lisp_addr_to_eid(&rec.eid, rec.mask_len, &got) == LISP_OK &&
		    lisp_eid_covers(&got, eid))
			return LISP_OK;
	return LISP_DROP_NOT_COVERED;
}

enum lisp_drop lisp_pending_rx_reply(const struct lisp_rx *rx, const struct lisp_msg *msg)
{
	struct pending_nonce key = { .nonce = msg->h.nonce }, *n;
	struct lisp_pending *p;
	enum lisp_drop drop;

	/* The sender's address proves nothing: replies come from any RLOC of the
	 * site or from a Map-Server (RFC 7835 section 3.8).
	 */
	n = pending_nonces_find(nonces, &key);
	if (!n)
		return LISP_DROP_UNKNOWN_NONCE;

	p = n->query;
	drop = p->ops->refuse ? p->ops->refuse(p, rx, msg) : lisp_pending_covered(msg, &p->eid);
	if (drop)
		return drop;

	p->at = n;
	lisp_stats_event(LISP_EV_RESOLVED);
	p->ops->reply(p, rx, msg, monotime_since(&n->sent, NULL));
	pending_free(p);
	return LISP_OK;
}

void lisp_pending_finish(void)
{
	struct lisp_pending *p;

	while ((p = pending_list_first(queries)))
		pending_free(p);
	pending_nonces_fini(nonces);
	pending_list_fini(queries);
}
