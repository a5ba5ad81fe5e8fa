// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SMRs under way: one for each EID-prefix and RLOC, and a queue for each RLOC of those whose
 * turn it is to be sent. The changed prefix is the Source-EID, the record is the peer's prefix,
 * as deployed stacks have it; where the peer's is not known, ours again. Each has one record
 * (RFC 9301 section 5.2).
 *
 * What strangers can cause, and what is a guess, has a share of those under way.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>
#include <sys/random.h>

#include "frrevent.h"
#include "jhash.h"
#include "memory.h"

#include "lispd/lisp_ask.h"
#include "lispd/lisp_bucket.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_solicit.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_SMR, "LISP SMR");
DEFINE_MTYPE_STATIC(LISPD, LISP_SOLICITED, "LISP peer with SMRs");

PREDECL_HASH(smrs);

/* A peer is being told of one EID-prefix. */
struct smr {
	struct smrs_item item;
	struct lisp_solicit_queue_item queue_item;
	struct lisp_solicited *peer;
	struct lisp_eid eid;	/* ours, changed */
	struct lisp_eid record; /* the peer's prefix, or ours */
	time_t asked;		/* monotonic seconds; 0: not that we know */
	uint64_t number;	/* in the order of their starts */
	bool once; /* data that goes astray: its sender cannot tell us that he has heard */
	bool queued;
	unsigned int sent;
	struct event *t_next; /* while it is not in the queue */
};

static int smr_cmp(const struct smr *a, const struct smr *b)
{
	int ret = ipaddr_cmp(&a->peer->rloc, &b->peer->rloc);

	return ret ? ret : lisp_eid_cmp(&a->eid, &b->eid);
}

static uint32_t smr_hash(const struct smr *s)
{
	return jhash(s->peer->rloc.ip.addrbytes, IPADDRSZ(&s->peer->rloc), lisp_eid_hash(&s->eid));
}

DECLARE_HASH(smrs, struct smr, item, smr_cmp, smr_hash);

/* The first one is the most urgent. */
static int urgency_cmp(const struct smr *a, const struct smr *b)
{
	if (!a->asked != !b->asked)
		return a->asked ? -1 : 1;
	if (a->sent != b->sent)
		return numcmp(a->sent, b->sent);
	return a->asked != b->asked ? numcmp(b->asked, a->asked) : numcmp(a->number, b->number);
}

DECLARE_HEAP(lisp_solicit_queue, struct smr, queue_item, urgency_cmp);

static int peer_cmp(const struct lisp_solicited *a, const struct lisp_solicited *b)
{
	return ipaddr_cmp(&a->rloc, &b->rloc);
}

DECLARE_RBTREE_UNIQ(lisp_solicited, struct lisp_solicited, item, peer_cmp);

static struct smrs_head smrs[1] = { INIT_HASH(smrs[0]) };
static struct lisp_solicited_head peers[1] = { INIT_RBTREE_UNIQ(peers[0]) };

/* ---- peers and their queues ---- */

static void solicit_send(struct event *event);

static struct lisp_solicited *peer_find(const struct ipaddr *rloc)
{
	struct lisp_solicited key = { .rloc = *rloc };

	return lisp_solicited_find(peers, &key);
}

static struct lisp_solicited *peer_get(const struct ipaddr *rloc)
{
	struct lisp_solicited *peer = peer_find(rloc);

	if (!peer) {
		peer = XCALLOC(MTYPE_LISP_SOLICITED, sizeof(*peer));
		peer->rloc = *rloc;
		lisp_solicit_queue_init(&peer->queue);
		lisp_solicited_add(peers, peer);
	}
	peer->smrs++;
	return peer;
}

static void peer_put(struct lisp_solicited *peer)
{
	if (--peer->smrs)
		return;
	event_cancel(&peer->t_send);
	lisp_solicited_del(peers, peer);
	lisp_solicit_queue_fini(&peer->queue);
	XFREE(MTYPE_LISP_SOLICITED, peer);
}

static void smr_dequeue(struct smr *s)
{
	if (!s->queued)
		return;
	lisp_solicit_queue_del(&s->peer->queue, s);
	s->peer->asked -= s->asked > 0;
	s->queued = false;
}

static void smr_queue(struct smr *s)
{
	lisp_solicit_queue_add(&s->peer->queue, s);
	s->peer->asked += s->asked > 0;
	s->queued = true;
	if (!s->peer->t_send)
		event_add_event(lisp.master, solicit_send, s->peer, 0, &s->peer->t_send);
}

static struct smr *smr_find(const struct lisp_eid *eid, const struct ipaddr *rloc)
{
	struct smr key = { .eid = *eid, .peer = peer_find(rloc) };

	return key.peer ? smrs_find(smrs, &key) : NULL;
}

/* NULL: there are too many under way. */
static struct smr *smr_new(const struct lisp_eid *eid, const struct ipaddr *rloc,
			   const struct lisp_eid *record, unsigned int max)
{
	static uint64_t number;
	struct smr *s;

	if (lisp_rloc_is_own(rloc))
		return NULL;
	if (smrs_count(smrs) >= max) {
		lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_TABLE_FULL);
		return NULL;
	}
	s = XCALLOC(MTYPE_LISP_SMR, sizeof(*s));
	s->peer = peer_get(rloc);
	s->peer->waited = 0;
	s->eid = *eid;
	s->record = *record;
	s->number = ++number;
	smrs_add(smrs, s);
	return s;
}

static void smr_free(struct smr *s)
{
	struct lisp_solicited *peer = s->peer;

	smr_dequeue(s);
	event_cancel(&s->t_next);
	smrs_del(smrs, s);
	XFREE(MTYPE_LISP_SMR, s);
	peer_put(peer);
}

/* ---- one SMR ---- */

static void smr_put(struct lisp_writer *w, const struct smr *s)
{
	struct lisp_header h = {
		.type = LISP_MAP_REQUEST,
		.flags = LISP_MREQ_F_SMR | LISP_MREQ_F_NO_REPLY,
	};
	struct lisp_request request = { .mask_len = s->record.prefix.prefixlen };

	if (getrandom(&h.nonce, sizeof(h.nonce), GRND_NONBLOCK) != sizeof(h.nonce)) {
		w->overflow = true;
		return;
	}
	lisp_eid_to_addr(&s->eid, &h.source_eid);
	lisp_eid_to_addr(&s->record, &request.eid);
	lisp_put_header(w, &h);
	if (lisp_ask_put_rlocs(w))
		lisp_put_request(w, &request);
	else
		w->overflow = true;
}

static bool smr_transmit(struct smr *s)
{
	const struct ipaddr *rloc = &s->peer->rloc;
	struct lisp_writer w;
	uint8_t buf[1024];

	lisp_writer_init(&w, buf, sizeof(buf));
	smr_put(&w, s);
	if (w.overflow || lisp_io_send(NULL, rloc, LISP_CONTROL_PORT, buf, w.len))
		return false;

	LISP_DBG_EID(etr, &s->eid, "SMR to %pIA", rloc);
	lisp_stats_event(LISP_EV_SMR_OUT);
	s->sent++;
	return true;
}

/* Peers ask the mapping system: it must know before they do. */
static bool smr_must_wait(const struct smr *s)
{
	if (s->sent || s->peer->waited == LISP_SMR_WAIT_MAX ||
	    lisp_map_servers_acknowledged(&s->eid))
		return false;
	s->peer->waited++;
	return true;
}

/* ---- changes ---- */

static void solicit_again(struct event *event)
{
	struct smr *s = EVENT_ARG(event);

	if (!s->once && s->sent < LISP_SMR_TRIES) {
		smr_queue(s);
		return;
	}
	if (!s->once)
		lisp_stats_event(LISP_EV_SMR_IN_VAIN);
	smr_free(s);
}

/* Nothing leaves for this peer. */
static void peer_give_up(struct lisp_solicited *peer)
{
	struct smr *s;

	peer->smrs++;
	while ((s = lisp_solicit_queue_first(&peer->queue)))
		smr_free(s);
	peer->unsent = 0;
	peer_put(peer);
}

static void solicit_later(struct lisp_solicited *peer, unsigned int ms)
{
	event_add_timer_msec(lisp.master, solicit_send, peer, ms, &peer->t_send);
}

/* The change may be of the link that led there: the routes follow in a moment. */
static void solicit_send(struct event *event)
{
	static struct lisp_buckets limit = { .rate = LISP_SMR_RATE, .burst = LISP_SMR_BURST };
	struct lisp_solicited *peer = EVENT_ARG(event);
	struct smr *s = lisp_solicit_queue_first(&peer->queue);

	if (!s)
		return;
	if (smr_must_wait(s)) {
		solicit_later(peer, LISP_SMR_WAIT);
		return;
	}
	if (!peer->unsent && !lisp_buckets_take(&limit, &peer->rloc)) {
		solicit_later(peer, LISP_SMR_LATER);
		return;
	}
	/* its place is by how often it was sent */
	smr_dequeue(s);
	if (!smr_transmit(s)) {
		solicit_later(peer, LISP_SMR_UNSENT);
		smr_queue(s);
		if (++peer->unsent == LISP_SMR_UNSENT_MAX)
			peer_give_up(peer);
		return;
	}
	peer->unsent = 0;
	event_add_timer_msec(lisp.master, solicit_again, s, LISP_SMR_INTERVAL, &s->t_next);
	solicit_later(peer, 0);
}

void lisp_solicit(const struct lisp_eid *eid, const struct ipaddr *rloc,
		  const struct lisp_eid *record, time_t asked)
{
	unsigned int max = asked && lisp_rloc_find(rloc) ? LISP_SMR_MAX : LISP_SMR_STRANGERS_MAX;
	struct smr *s = smr_find(eid, rloc);

	if (!s)
		s = smr_new(eid, rloc, record ? record : eid, max);
	if (!s)
		return;
	smr_dequeue(s);
	s->once = false;
	s->asked = MAX(s->asked, asked);
	if (record)
		s->record = *record;
	/* what is under way counts from now on, at the rate that it has */
	s->sent = MIN(s->sent, 1U);
	if (s->sent && s->t_next)
		return;
	event_cancel(&s->t_next);
	smr_queue(s);
}

bool lisp_solicits(const struct lisp_eid *eid, const struct ipaddr *rloc)
{
	const struct smr *s = smr_find(eid, rloc);

	return s && !s->once;
}

void lisp_solicit_answered(const struct lisp_eid *eid, const struct ipaddr *rloc)
{
	struct smr *s = smr_find(eid, rloc);

	if (!s || !s->sent)
		return;
	lisp_stats_event(LISP_EV_SMR_ANSWERED);
	smr_free(s);
}

/* ---- data that goes astray ---- */

/* What cannot be sent now is forgotten, as the data comes again. */
static void solicit_stray(struct event *event)
{
	static struct lisp_buckets limit = { .rate = LISP_SMR_RATE, .burst = LISP_SMR_BURST };
	struct smr *s = EVENT_ARG(event);

	if (smr_must_wait(s))
		event_add_timer_msec(lisp.master, solicit_stray, s, LISP_SMR_WAIT, &s->t_next);
	else if (lisp_buckets_take(&limit, &s->peer->rloc) && smr_transmit(s))
		event_add_timer_msec(lisp.master, solicit_again, s, LISP_SMR_INTERVAL, &s->t_next);
	else
		smr_free(s);
}

void lisp_solicit_stray(const struct lisp_eid *eid, const struct lisp_eid *source,
			const struct ipaddr *rloc)
{
	static struct lisp_bucket strangers;
	struct smr *s;

	if (!lisp.enabled || !lisp_rloc_valid(rloc))
		return;
	if (!lisp_rloc_find(rloc) &&
	    !lisp_bucket_take(&strangers, LISP_SMR_STRANGERS, LISP_SMR_STRANGERS)) {
		lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_RATE_LIMITED);
		return;
	}
	LISP_DBG_EID(etr, eid, "not ours, but %pIA sends to it", rloc);
	s = smr_find(eid, rloc);
	if (s)
		return;
	s = smr_new(eid, rloc, source, LISP_SMR_STRANGERS_MAX);
	if (!s)
		return;
	s->once = true;
	event_add_event(lisp.master, solicit_stray, s, 0, &s->t_next);
}

/* ---- all ---- */

const struct lisp_solicited *lisp_solicited_get(const struct ipaddr *rloc)
{
	return peer_find(rloc);
}

const struct lisp_solicited *lisp_solicited_after(const struct ipaddr *rloc)
{
	struct lisp_solicited key = {}, *peer;

	if (!rloc)
		return lisp_solicited_first(peers);
	key.rloc = *rloc;
	peer = lisp_solicited_find_gteq(peers, &key);
	return peer && ipaddr_is_same(&peer->rloc, rloc) ? lisp_solicited_next(peers, peer) : peer;
}

unsigned int lisp_solicited_waiting(const struct lisp_solicited *peer)
{
	return lisp_solicit_queue_count(&peer->queue);
}

void lisp_solicit_clear(void)
{
	struct smr *s;

	while ((s = smrs_first(smrs)))
		smr_free(s);
}

void lisp_solicit_finish(void)
{
	lisp_solicit_clear();
	smrs_fini(smrs);
	lisp_solicited_fini(peers);
}
