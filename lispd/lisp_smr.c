// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Solicit-Map-Request both ways (RFC 9301 section 6.1).
 *
 * Out: when a local mapping differs from what it was, every RLOC that may hold it
 * is told: those of map-cache entries in use, and those that our own Map-Replies
 * went to while the TTL we gave them lasts. One SMR for an EID-prefix and an RLOC
 * in 3 s, three in all, until a Map-Request for the EID-prefix comes from there; and
 * for all EID-prefixes together no more to one RLOC than a bucket allows.
 * The changed prefix is the Source-EID, the record is the peer's prefix, as
 * deployed stacks have it; where the peer's is not known, ours again.
 *
 * In: the EID-prefix meant is the record, but the Source-EID if the record is ours, or
 * not cached, as where the peer has a wider prefix of us. What is cached of it is asked for
 * again through the mapping system, while the old mappings stay in use.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>
#include <sys/random.h>

#include "frrevent.h"
#include "jhash.h"
#include "memory.h"
#include "monotime.h"

#include "lispd/lisp_answer.h"
#include "lispd/lisp_ask.h"
#include "lispd/lisp_bucket.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_eid_table.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_smr.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_SMR, "LISP SMR");
DEFINE_MTYPE_STATIC(LISPD, LISP_SMR_HOLDER, "LISP holder of our mapping");


PREDECL_HASH(smrs);
PREDECL_HASH(smr_holders);
PREDECL_DLIST(smr_holders_age);

/* A peer that is being told of one EID-prefix. */
struct smr {
	struct smrs_item item;
	struct lisp_eid eid;  /* ours, changed */
	struct ipaddr rloc;   /* of the peer */
	struct lisp_eid peer; /* its prefix, or ours */
	unsigned int waited, sent, unsent;
	struct event *t_send;
};

/* A peer that was given one of our mappings. */
struct smr_holder {
	struct smr_holders_item item;
	struct smr_holders_age_item age;
	struct lisp_eid eid;
	struct ipaddr rloc;
	time_t until; /* monotonic seconds */
};

static uint32_t eid_rloc_hash(const struct lisp_eid *eid, const struct ipaddr *rloc)
{
	return jhash(rloc->ip.addrbytes, IPADDRSZ(rloc), lisp_eid_hash(eid));
}

static int eid_rloc_cmp(const struct lisp_eid *eid_a, const struct ipaddr *rloc_a,
			const struct lisp_eid *eid_b, const struct ipaddr *rloc_b)
{
	int ret = ipaddr_cmp(rloc_a, rloc_b);

	return ret ? ret : lisp_eid_cmp(eid_a, eid_b);
}

static int smr_cmp(const struct smr *a, const struct smr *b)
{
	return eid_rloc_cmp(&a->eid, &a->rloc, &b->eid, &b->rloc);
}

static uint32_t smr_hash(const struct smr *s)
{
	return eid_rloc_hash(&s->eid, &s->rloc);
}

DECLARE_HASH(smrs, struct smr, item, smr_cmp, smr_hash);

static int holder_cmp(const struct smr_holder *a, const struct smr_holder *b)
{
	return eid_rloc_cmp(&a->eid, &a->rloc, &b->eid, &b->rloc);
}

static uint32_t holder_hash(const struct smr_holder *h)
{
	return eid_rloc_hash(&h->eid, &h->rloc);
}

DECLARE_HASH(smr_holders, struct smr_holder, item, holder_cmp, holder_hash);
DECLARE_DLIST(smr_holders_age, struct smr_holder, age);

static struct smrs_head smrs[1] = { INIT_HASH(smrs[0]) };
static struct smr_holders_head holders[1] = { INIT_HASH(holders[0]) };
static struct smr_holders_age_head holders_age[1] = { INIT_DLIST(holders_age[0]) };
static struct lisp_eid_table *snapshot; /* info: struct lisp_mapping as last told */

/* ---- holders ---- */

static void holder_free(struct smr_holder *h)
{
	smr_holders_del(holders, h);
	smr_holders_age_del(holders_age, h);
	XFREE(MTYPE_LISP_SMR_HOLDER, h);
}

static void holder_add(const struct lisp_eid *eid, const struct ipaddr *rloc)
{
	struct smr_holder key = { .eid = *eid, .rloc = *rloc }, *h;
	uint32_t ttl = lisp_service_of(eid)->etr_ttl;

	h = smr_holders_find(holders, &key);
	if (h) {
		smr_holders_age_del(holders_age, h);
	} else {
		if (smr_holders_count(holders) >= LISP_SMR_HOLDERS_MAX)
			holder_free(smr_holders_age_first(holders_age));
		h = XCALLOC(MTYPE_LISP_SMR_HOLDER, sizeof(*h));
		h->eid = *eid;
		h->rloc = *rloc;
		smr_holders_add(holders, h);
	}
	smr_holders_age_add_tail(holders_age, h);
	h->until = monotime(NULL) + (time_t)(ttl ? ttl : LISP_RECORD_TTL_DEFAULT) * 60;
}

/* ---- out ---- */

static void smr_free(struct smr *s)
{
	event_cancel(&s->t_send);
	smrs_del(smrs, s);
	XFREE(MTYPE_LISP_SMR, s);
}

static void smr_put(struct lisp_writer *w, const struct smr *s)
{
	struct lisp_header h = {
		.type = LISP_MAP_REQUEST,
		.flags = LISP_MREQ_F_SMR | LISP_MREQ_F_NO_REPLY,
	};
	struct lisp_request request = { .mask_len = s->peer.prefix.prefixlen };

	if (getrandom(&h.nonce, sizeof(h.nonce), GRND_NONBLOCK) != sizeof(h.nonce)) {
		w->overflow = true;
		return;
	}
	lisp_eid_to_addr(&s->eid, &h.source_eid);
	lisp_eid_to_addr(&s->peer, &request.eid);
	lisp_put_header(w, &h);
	if (lisp_ask_put_rlocs(w))
		lisp_put_request(w, &request);
	else
		w->overflow = true;
}

static bool smr_transmit(const struct smr *s)
{
	struct lisp_writer w;
	uint8_t buf[1024];

	lisp_writer_init(&w, buf, sizeof(buf));
	smr_put(&w, s);
	if (w.overflow || lisp_io_send(NULL, &s->rloc, LISP_CONTROL_PORT, buf, w.len))
		return false;

	LISP_DBG_EID(etr, &s->eid, "SMR to %pIA", &s->rloc);
	lisp_stats_event(LISP_EV_SMR_OUT);
	return true;
}

/* Peers ask the mapping system: it must know before they do. */
static bool smr_must_wait(struct smr *s)
{
	if (s->sent || s->waited == LISP_SMR_WAIT_MAX || lisp_map_servers_acknowledged(&s->eid))
		return false;
	s->waited++;
	return true;
}

static bool smr_allowed(const struct smr *s)
{
	static struct lisp_buckets buckets = { .rate = LISP_SMR_RATE, .burst = LISP_SMR_BURST };

	return lisp_buckets_take(&buckets, &s->rloc);
}

/* The change may be of the link that led there: the routes follow in a moment. */
static void smr_send(struct event *event)
{
	struct smr *s = EVENT_ARG(event);
	bool sent;

	if (smr_must_wait(s)) {
		event_add_timer_msec(lisp.master, smr_send, s, LISP_SMR_WAIT, &s->t_send);
		return;
	}

	if (s->sent == LISP_SMR_TRIES || s->unsent == LISP_SMR_UNSENT_MAX) {
		smr_free(s);
		return;
	}

	if (!s->unsent && !smr_allowed(s)) {
		event_add_timer_msec(lisp.master, smr_send, s, LISP_SMR_LATER, &s->t_send);
		return;
	}

	sent = smr_transmit(s);
	s->sent += sent;
	s->unsent = sent ? 0 : s->unsent + 1;
	event_add_timer_msec(lisp.master, smr_send, s, sent ? LISP_SMR_INTERVAL : LISP_SMR_UNSENT,
			     &s->t_send);
}

static void smr_start(const struct lisp_eid *eid, const struct ipaddr *rloc,
		      const struct lisp_eid *peer)
{
	struct smr key = { .eid = *eid, .rloc = *rloc }, *s;

	if (lisp_rloc_is_own(rloc))
		return;

	s = smrs_find(smrs, &key);
	if (s) {
		/* another change: the count starts again, the rate stays */
		s->sent = MIN(s->sent, 1U);
		return;
	}
	if (smrs_count(smrs) >= LISP_SMR_MAX) {
		lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_TABLE_FULL);
		return;
	}

	s = XCALLOC(MTYPE_LISP_SMR, sizeof(*s));
	s->eid = *eid;
	s->rloc = *rloc;
	s->peer = *peer;
	smrs_add(smrs, s);
	event_add_event(lisp.master, smr_send, s, 0, &s->t_send);
}

/*
 * Entries in use of the prefix's family first: with them the peer's prefix is known. Who
 * was told a prefix was told what is in it too (RFC 9301 section 5.5).
 */
static void smr_eid_changed(const struct lisp_eid *eid)
{
	struct lisp_entry *entry = NULL;
	struct smr_holder *h, *next;
	time_t now = monotime(NULL);

	while ((entry = lisp_map_cache_next(entry))) {
		if (entry->state != LISP_ENTRY_ACTIVE || !lisp_entry_in_use(entry) ||
		    entry->mapping.eid.iid != eid->iid ||
		    entry->mapping.eid.prefix.family != eid->prefix.family)
			continue;
		for (unsigned int i = 0; i < entry->mapping.n_locators; i++)
			if (entry->rlocs[i])
				smr_start(eid, &entry->rlocs[i]->addr, &entry->mapping.eid);
	}

	for (h = smr_holders_age_first(holders_age); h; h = next) {
		next = smr_holders_age_next(holders_age, h);
		if (h->until <= now)
			holder_free(h);
		else if (lisp_eid_covers(&h->eid, eid))
			smr_start(eid, &h->rloc, eid);
	}
}

/*
 * Remembers how the prefix is now; was it different? A new one was, if peers have one
 * around it.
 */
static bool snapshot_update(const struct lisp_local_eid *local)
{
	struct lisp_eid_node *node = lisp_eid_table_get(snapshot, &local->eid);
	struct lisp_mapping now, *last = node->info;
	bool changed;

	lisp_database_mapping(local, &now);
	changed = last ? !lisp_mapping_same_locators(last, &now)
		       : lisp_eid_node_covering(node) != NULL;
	if (!last || changed) {
		lisp_mapping_free(&last);
		node->info = lisp_mapping_dup(&now);
	}
	lisp_mapping_fini(&now);
	return changed;
}

static void snapshot_free(void *arg)
{
	struct lisp_mapping *mapping = arg;

	lisp_mapping_free(&mapping);
}

/* Without `router lisp` there is nothing to tell, and no socket to do it. */
static void smr_forget_all(void)
{
	struct smr_holder *h;
	struct smr *s;

	while ((s = smrs_first(smrs)))
		smr_free(s);
	while ((h = smr_holders_age_first(holders_age)))
		holder_free(h);
	lisp_eid_table_free(&snapshot, snapshot_free);
}

static int smr_database_changed(void)
{
	struct lisp_local_eid *local = NULL;
	struct lisp_eid_node *node, *nxt;
	struct lisp_eid eid;

	if (!lisp.enabled) {
		smr_forget_all();
		snapshot = lisp_eid_table_new();
		return 0;
	}

	LISP_EID_TABLE_EACH (snapshot, node, nxt) {
		lisp_eid_node_eid(node, &eid);
		if (lisp_database_find(&eid))
			continue;
		snapshot_free(node->info);
		lisp_eid_table_del(snapshot, node);
		smr_eid_changed(&eid);
	}

	while ((local = lisp_database_next(local)))
		if (snapshot_update(local))
			smr_eid_changed(&local->eid);
	return 0;
}

/*
 * That RLOC and the other ITR-RLOCs of the request have asked and are not solicited
 * further; and the RLOC holds our mapping from now on.
 */
static int smr_answered(const struct lisp_eid *eid, const struct lisp_msg *msg,
			const struct ipaddr *rloc)
{
	struct lisp_cursor c = lisp_msg_itr_rlocs(msg);
	struct smr key = { .eid = *eid }, *s;
	struct lisp_addr addr;

	while (lisp_itr_rloc_next(&c, &addr)) {
		if (!lisp_addr_to_rloc(&addr, &key.rloc))
			continue;
		s = smrs_find(smrs, &key);
		if (s)
			smr_free(s);
	}
	holder_add(eid, rloc);
	return 0;
}

/* ---- in ---- */

static struct lisp_entry *smr_cached(const struct lisp_eid *eid)
{
	struct lisp_entry *entry = lisp_map_cache_match(eid);

	if (!entry || entry->source == LISP_SOURCE_STATIC ||
	    (entry->state != LISP_ENTRY_ACTIVE && entry->state != LISP_ENTRY_NEGATIVE))
		return NULL;
	return entry;
}

/* False: the sender has looked at too much. */
static bool smr_may_look(const struct ipaddr *from)
{
	static struct lisp_buckets buckets = { .rate = LISP_SMR_IN_RATE, .burst = LISP_SMR_IN_RATE };

	if (lisp_buckets_take(&buckets, from))
		return true;
	lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_RATE_LIMITED);
	return false;
}

/* What is cached of the prefix: an entry around it, or all in it. False: nothing. */
static bool smr_prefix(const struct lisp_eid *eid, const struct ipaddr *from)
{
	struct lisp_entry *entry = smr_cached(eid);
	struct lisp_eid at = *eid;
	bool found = false;

	if (entry) {
		if (smr_may_look(from))
			lisp_map_cache_refresh(entry, true);
		return true;
	}
	while ((entry = lisp_map_cache_after(&at)) && lisp_eid_covers(eid, &entry->mapping.eid) &&
	       smr_may_look(from)) {
		at = entry->mapping.eid;
		entry = smr_cached(&at);
		if (!entry)
			continue;
		found = true;
		lisp_map_cache_refresh(entry, true);
	}
	return found;
}

static bool smr_take(const struct lisp_rx *rx, const struct lisp_msg *msg,
		     const struct lisp_eid *record)
{
	struct lisp_eid source;

	if (!lisp_database_match(record) && smr_prefix(record, &rx->src))
		return true;
	return lisp_addr_to_eid(&msg->h.source_eid, lisp_family_bits(record->prefix.family),
				&source) == LISP_OK &&
	       smr_prefix(&source, &rx->src);
}

enum lisp_drop lisp_smr_rx(const struct lisp_rx *rx, const struct lisp_msg *msg)
{
	struct lisp_cursor c = lisp_msg_requests(msg);
	struct lisp_request request;
	struct lisp_eid record;

	lisp_stats_event(LISP_EV_SMR_IN);
	if (!lisp_is_itr())
		return LISP_DROP_NOT_ENABLED;
	/* SMRs go from xTR to xTR, in the clear, for one EID-prefix */
	if (rx->ecm || rx->alt || msg->record_count != 1 || !lisp_request_next(&c, &request) ||
	    lisp_addr_to_eid(&request.eid, request.mask_len, &record) != LISP_OK)
		return LISP_DROP_NOT_SUPPORTED;

	LISP_DBG_EID(itr, &record, "SMR from %pIA", &rx->src);
	return smr_take(rx, msg, &record) ? LISP_OK : LISP_DROP_SMR_NOT_CACHED;
}

void lisp_smr_init(void)
{
	snapshot = lisp_eid_table_new();
	/* after the registration, which the answers to our SMRs come from */
	hook_register_prio(lisp_database_changed, 2000, smr_database_changed);
	hook_register(lisp_answered, smr_answered);
}

void lisp_smr_finish(void)
{
	hook_unregister(lisp_database_changed, smr_database_changed);
	hook_unregister(lisp_answered, smr_answered);
	smr_forget_all();
	smrs_fini(smrs);
	smr_holders_fini(holders);
	smr_holders_age_fini(holders_age);
}
