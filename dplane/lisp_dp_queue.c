// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Packets that wait for a mapping. One record per unresolved EID; it outlives its
 * packets for as long as lispd is not to be told again. Time limits are kept by
 * one timer over the list of all packets, which is in order of arrival.
 */
#include <zebra.h>

#include <string.h>

#include "lib/memory.h"
#include "lib/monotime.h"
#include "lib/typesafe.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_count.h"
#include "dplane/lisp_dp_queue.h"
#include "dplane/lisp_dp_set.h"
#include "dplane/lisp_dp_tell.h"

#define MISS_INTERVAL_MS 1000  /* lispd hears of an EID no more often */
#define WAITERS_MAX	 16384 /* unresolved EIDs remembered */

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_WAITER, "LISP unresolved EID");
DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_HELD, "LISP held packet");

PREDECL_RBTREE_UNIQ(waiters);
PREDECL_DLIST(waiting);
PREDECL_DLIST(held);
PREDECL_DLIST(aging);

struct waiter {
	struct waiters_item by_eid; /* a prefix's are neighbours */
	struct waiting_item age;    /* in order of the last miss told */
	struct held_head packets;
	uint32_t iid;
	uint8_t version;
	uint8_t eid[16];
	int64_t told; /* ms */
	bool look;    /* a mapping that covers it has changed */
};

struct packet {
	struct held_item item; /* of its EID */
	struct aging_item age; /* of all */
	struct waiter *waiter;
	int64_t until; /* ms */
	size_t length;
	uint8_t data[];
};

static int waiter_cmp(const struct waiter *a, const struct waiter *b)
{
	if (a->iid != b->iid)
		return numcmp(a->iid, b->iid);
	if (a->version != b->version)
		return numcmp(a->version, b->version);
	return memcmp(a->eid, b->eid, sizeof(a->eid));
}

DECLARE_RBTREE_UNIQ(waiters, struct waiter, by_eid, waiter_cmp);
DECLARE_DLIST(waiting, struct waiter, age);
DECLARE_DLIST(held, struct packet, item);
DECLARE_DLIST(aging, struct packet, age);

static struct waiters_head waiters[1];
static struct waiting_head by_age[1];
static struct aging_head all[1];
static struct event *t_expire;
static bool look; /* some waiter is to be looked at */
static lisp_dp_forward_fn forward;

static int64_t now_ms(void)
{
	struct timeval now;

	monotime(&now);
	return now.tv_sec * INT64_C(1000) + now.tv_usec / 1000;
}

static void packet_free(struct packet *packet)
{
	held_del(&packet->waiter->packets, packet);
	aging_del(all, packet);
	XFREE(MTYPE_LISP_DP_HELD, packet);
}

static void waiter_free(struct waiter *waiter, unsigned int reason)
{
	struct packet *packet;

	while ((packet = held_first(&waiter->packets))) {
		lisp_dp_count(reason, packet->length);
		packet_free(packet);
	}
	held_fini(&waiter->packets);
	waiters_del(waiters, waiter);
	waiting_del(by_age, waiter);
	XFREE(MTYPE_LISP_DP_WAITER, waiter);
}

/* ---- time ---- */

static void expire_schedule(void);

static void queue_expire(struct event *event)
{
	int64_t now = now_ms();
	struct waiter *waiter;
	struct packet *packet;

	while ((packet = aging_first(all)) && packet->until <= now) {
		lisp_dp_count(LISP_COUNT_QUEUE_EXPIRED, packet->length);
		packet_free(packet);
	}
	while ((waiter = waiting_first(by_age)) && waiter->told + MISS_INTERVAL_MS <= now &&
	       !held_count(&waiter->packets))
		waiter_free(waiter, LISP_COUNT_QUEUE_EXPIRED);
	expire_schedule();
}

static void expire_schedule(void)
{
	const struct packet *packet = aging_first(all);
	const struct waiter *waiter = waiting_first(by_age);
	int64_t wait = MISS_INTERVAL_MS, now = now_ms();

	if (!waiter) {
		event_cancel(&t_expire);
		return;
	}
	if (packet)
		wait = MIN(wait, packet->until - now);
	wait = MAX(wait, 10);
	event_cancel(&t_expire);
	event_add_timer_msec(lisp_dp_loop, queue_expire, NULL, wait, &t_expire);
}

/* ---- in ---- */

static struct waiter *waiter_get(uint32_t iid, const struct lisp_dp_inner *inner)
{
	struct waiter key = { .iid = iid, .version = inner->version }, *waiter;

	memcpy(key.eid, inner->destination, sizeof(key.eid));
	waiter = waiters_find(waiters, &key);
	if (waiter)
		return waiter;

	/* Full: the EID that was asked for longest ago makes room. */
	if (waiters_count(waiters) >= WAITERS_MAX)
		waiter_free(waiting_first(by_age), LISP_COUNT_QUEUE_FULL);
	waiter = XCALLOC(MTYPE_LISP_DP_WAITER, sizeof(*waiter));
	waiter->iid = iid;
	waiter->version = inner->version;
	memcpy(waiter->eid, inner->destination, sizeof(waiter->eid));
	waiter->told = INT64_MIN / 2;
	held_init(&waiter->packets);
	waiters_add(waiters, waiter);
	waiting_add_tail(by_age, waiter);
	return waiter;
}

static void tell(struct waiter *waiter, const struct lisp_dp_inner *inner)
{
	int64_t now = now_ms();

	if (waiter->told + MISS_INTERVAL_MS > now)
		return;
	waiter->told = now;
	waiting_del(by_age, waiter);
	waiting_add_tail(by_age, waiter);
	lisp_dp_tell_miss(waiter->iid, waiter->version, waiter->eid, inner->source);
}

static void hold(struct waiter *waiter, uint32_t hold_ms, const uint8_t *data, size_t length)
{
	struct packet *packet = XMALLOC(MTYPE_LISP_DP_HELD, sizeof(*packet) + length);

	memset(packet, 0, sizeof(*packet));
	packet->waiter = waiter;
	packet->length = length;
	packet->until = now_ms() + hold_ms;
	memcpy(packet->data, data, length);
	held_add_tail(&waiter->packets, packet);
	aging_add_tail(all, packet);
	lisp_dp_count(LISP_COUNT_QUEUED, length);
}

void lisp_dp_queue_put(struct lisp_dp_instance *instance, const uint8_t *packet,
		       const struct lisp_dp_inner *inner)
{
	struct waiter *waiter = waiter_get(instance->iid, inner);

	tell(waiter, inner);
	if (!instance->queue_per_eid || !instance->queue_total)
		lisp_dp_count(LISP_COUNT_NO_MAPPING, inner->length);
	else if (held_count(&waiter->packets) >= instance->queue_per_eid)
		lisp_dp_count(LISP_COUNT_QUEUE_EID_FULL, inner->length);
	else if (aging_count(all) >= instance->queue_total)
		lisp_dp_count(LISP_COUNT_QUEUE_FULL, inner->length);
	else
		hold(waiter, instance->queue_hold_ms, packet, inner->length);
	if (!t_expire)
		expire_schedule();
}

/* ---- out ---- */

void lisp_dp_queue_mapping(struct lisp_dp_instance *instance, const struct prefix *prefix)
{
	struct prefix eid = { .family = prefix->family };
	struct waiter key = { .iid = instance->iid }, *waiter;

	key.version = prefix->family == AF_INET ? 4 : 6;
	eid.prefixlen = key.version == 4 ? 32 : 128;
	memcpy(key.eid, &prefix->u.prefix, prefix_blen(&eid));
	for (waiter = waiters_find_gteq(waiters, &key); waiter;
	     waiter = waiters_next(waiters, waiter)) {
		if (waiter->iid != key.iid || waiter->version != key.version)
			break;
		memcpy(&eid.u.prefix, waiter->eid, prefix_blen(&eid));
		if (!prefix_match(prefix, &eid))
			break;
		waiter->look = look = true;
	}
}

/* A locator came up: what waited for it may go. */
void lisp_dp_queue_locator_up(void)
{
	struct waiter *waiter;

	if (!aging_count(all))
		return;
	frr_each (waiters, waiters, waiter)
		if (held_count(&waiter->packets))
			waiter->look = look = true;
}

/*
 * False: it waits on, because its mapping says that lispd is to be asked, or has no
 * locator that is up: lispd knows of one before it knows that there is a way to it.
 */
static bool flush(struct lisp_dp_instance *instance, struct waiter *waiter)
{
	struct lisp_dp_mapping *mapping = lisp_dp_mapping_match(instance, waiter->version,
								waiter->eid);
	struct packet *packet;

	if (!mapping || mapping->value.action == LISP_BPF_SEND_MAP_REQUEST)
		return false;
	if (mapping->value.action == LISP_BPF_ENCAP && !lisp_dp_choose(mapping->value.set, 0))
		return false;
	while ((packet = held_first(&waiter->packets))) {
		struct lisp_dp_inner inner;

		if (mapping->value.action != LISP_BPF_ENCAP &&
		    mapping->value.action != LISP_BPF_NATIVELY_FORWARD) {
			lisp_dp_count(LISP_COUNT_QUEUE_NEGATIVE, packet->length);
		} else if (lisp_dp_parse(packet->data, packet->length, &inner)) {
			lisp_dp_count(LISP_COUNT_QUEUE_SENT, packet->length);
			forward(instance, packet->data, &inner, mapping);
		}
		packet_free(packet);
	}
	return true;
}

void lisp_dp_queue_flush(void)
{
	struct waiter *waiter;

	if (!look)
		return;
	look = false;
	frr_each_safe (waiters, waiters, waiter) {
		struct lisp_dp_instance *instance;

		if (!waiter->look)
			continue;
		waiter->look = false;
		instance = lisp_dp_instance_find(waiter->iid);
		if (instance && instance->active && flush(instance, waiter))
			waiter_free(waiter, LISP_COUNT_QUEUE_EXPIRED);
	}
}

void lisp_dp_queue_drop(uint32_t iid)
{
	struct waiter *waiter;

	frr_each_safe (waiters, waiters, waiter)
		if (waiter->iid == iid)
			waiter_free(waiter, LISP_COUNT_QUEUE_EXPIRED);
}

uint64_t lisp_dp_queue_length(void)
{
	return aging_count(all);
}

void lisp_dp_queue_init(lisp_dp_forward_fn forward_fn)
{
	forward = forward_fn;
	waiters_init(waiters);
	waiting_init(by_age);
	aging_init(all);
}

void lisp_dp_queue_finish(void)
{
	struct waiter *waiter;

	event_cancel(&t_expire);
	while ((waiter = waiting_first(by_age)))
		waiter_free(waiter, LISP_COUNT_QUEUE_EXPIRED);
	waiters_fini(waiters);
	waiting_fini(by_age);
	aging_fini(all);
}
