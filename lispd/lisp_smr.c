// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Solicit-Map-Request both ways (RFC 9301 section 6.1).
 *
 * Out: when a local mapping differs from what it was, every RLOC that may hold it
 * is told: those of map-cache entries in use, those that our own Map-Replies
 * went to while the TTL we gave them lasts, and those that sent us packets in the last
 * minute, in this order, which is that of how sure we are of them. One SMR for an
 * EID-prefix and an RLOC
 * in 3 s, three in all, until a Map-Request for the EID-prefix comes from there; and
 * for all EID-prefixes together no more to one RLOC than a bucket allows.
 * The changed prefix is the Source-EID, the record is the peer's prefix, as
 * deployed stacks have it; where the peer's is not known, ours again.
 *
 * Out, too: who sends packets for an EID or to an RLOC that is not ours has a mapping that
 * is not true any more, and is told so once in 3 s, while he does it.
 *
 * What strangers can cause is bounded apart: of SMRs under way they have a share, and
 * RLOCs that they name push no known one out.
 *
 * In: the EID-prefix meant is the record, but the Source-EID if the record is ours, or
 * not cached, as where the peer has a wider prefix of us. If it, or some of it, is cached it is
 * asked for again through the mapping system, while the old mappings stay in use.
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
#include "lispd/lisp_dplane.h"
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
	bool once; /* data that goes astray: its sender cannot tell us that he has heard */
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

/* Prefixes that changed, whose peers are still to be found; and those that it is done for. */
static struct lisp_eid_table *changed, *telling;
static struct lisp_eid tell_at; /* how far in the map-cache that is */
static bool tell_asked;		/* the dataplane, for senders */
static struct event *t_tell;

/* ---- holders ---- */

static void holder_free(struct smr_holder *h)
{
	smr_holders_del(holders, h);
	smr_holders_age_del(holders_age, h);
	XFREE(MTYPE_LISP_SMR_HOLDER, h);
}

/*
 * The oldest one whose TTL is over or that is no locator of a mapping of ours; any other goes
 * to the end. NULL: those that were looked at are all known.
 */
static struct smr_holder *holder_dispensable(void)
{
	time_t now = monotime(NULL);

	for (unsigned int i = 0; i < LISP_SMR_CANDIDATES; i++) {
		struct smr_holder *h = smr_holders_age_first(holders_age);

		if (h->until <= now || !lisp_rloc_find(&h->rloc))
			return h;
		smr_holders_age_del(holders_age, h);
		smr_holders_age_add_tail(holders_age, h);
	}
	return NULL;
}

static void holder_add(const struct lisp_eid *eid, const struct ipaddr *rloc)
{
	struct smr_holder key = { .eid = *eid, .rloc = *rloc }, *h;
	uint32_t ttl = lisp_service_of(eid)->etr_ttl;

	h = smr_holders_find(holders, &key);
	if (h) {
		smr_holders_age_del(holders_age, h);
	} else {
		if (smr_holders_count(holders) >= LISP_SMR_HOLDERS_MAX) {
			h = holder_dispensable();
			if (!h)
				return;
			holder_free(h);
		}
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
	static struct lisp_buckets changes = { .rate = LISP_SMR_RATE, .burst = LISP_SMR_BURST };
	static struct lisp_buckets strays = { .rate = LISP_SMR_RATE, .burst = LISP_SMR_BURST };

	return lisp_buckets_take(s->once ? &strays : &changes, &s->rloc);
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

	if (s->sent == (s->once ? 1 : LISP_SMR_TRIES) || s->unsent == LISP_SMR_UNSENT_MAX) {
		smr_free(s);
		return;
	}

	if (!s->unsent && !smr_allowed(s)) {
		/* its data comes again */
		if (s->once)
			smr_free(s);
		else
			event_add_timer_msec(lisp.master, smr_send, s, LISP_SMR_LATER, &s->t_send);
		return;
	}

	sent = smr_transmit(s);
	s->sent += sent;
	s->unsent = sent ? 0 : s->unsent + 1;
	event_add_timer_msec(lisp.master, smr_send, s, sent ? LISP_SMR_INTERVAL : LISP_SMR_UNSENT,
			     &s->t_send);
}

static struct smr *smr_start(const struct lisp_eid *eid, const struct ipaddr *rloc,
			     const struct lisp_eid *peer, bool once)
{
	struct smr key = { .eid = *eid, .rloc = *rloc }, *s;
	unsigned int max = once || !lisp_rloc_find(rloc) ? LISP_SMR_STRANGERS_MAX : LISP_SMR_MAX;

	s = smrs_find(smrs, &key);
	if (s)
		return s;
	if (smrs_count(smrs) >= max) {
		lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_TABLE_FULL);
		return NULL;
	}
	if (lisp_rloc_is_own(rloc))
		return NULL;

	s = XCALLOC(MTYPE_LISP_SMR, sizeof(*s));
	s->eid = *eid;
	s->rloc = *rloc;
	s->peer = *peer;
	s->once = once;
	smrs_add(smrs, s);
	event_add_event(lisp.master, smr_send, s, 0, &s->t_send);
	return s;
}

/* A change: what is under way counts from now on, at the rate that it has. */
static void smr_tell_one(const struct lisp_eid *eid, const struct ipaddr *rloc,
			 const struct lisp_eid *peer)
{
	struct smr *s = smr_start(eid, rloc, peer, false);

	if (!s)
		return;
	s->once = false;
	s->sent = MIN(s->sent, 1U);
}

void lisp_smr_stray(const struct lisp_eid *eid, const struct lisp_eid *source,
		    const struct ipaddr *rloc)
{
	static struct lisp_bucket strangers;

	if (!lisp.enabled || !lisp_rloc_valid(rloc))
		return;
	if (!lisp_rloc_find(rloc) &&
	    !lisp_bucket_take(&strangers, LISP_SMR_STRANGERS, LISP_SMR_STRANGERS)) {
		lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_RATE_LIMITED);
		return;
	}
	LISP_DBG_EID(etr, eid, "not ours, but %pIA sends to it", rloc);
	smr_start(eid, rloc, source, true);
}

/* ---- who hears of a change ---- */

/* Those whose mappings are in use: of them the peer's prefix is known. */
static void smr_tell_entry(const struct lisp_entry *entry)
{
	const struct lisp_eid *peer = &entry->mapping.eid;
	struct lisp_eid_node *node, *nxt;
	struct lisp_eid eid;

	if (entry->state != LISP_ENTRY_ACTIVE || !lisp_entry_in_use(entry))
		return;
	LISP_EID_TABLE_EACH (telling, node, nxt) {
		lisp_eid_node_eid(node, &eid);
		if (peer->iid != eid.iid || peer->prefix.family != eid.prefix.family)
			continue;
		for (unsigned int i = 0; i < entry->mapping.n_locators; i++)
			if (entry->rlocs[i])
				smr_tell_one(&eid, &entry->rlocs[i]->addr, peer);
	}
}

/* Who was told a prefix was told what is in it too (RFC 9301 section 5.5). */
static void smr_tell_holders(void)
{
	struct lisp_eid_node *node, *nxt;
	struct smr_holder *h, *next;
	time_t now = monotime(NULL);
	struct lisp_eid eid;

	for (h = smr_holders_age_first(holders_age); h; h = next) {
		next = smr_holders_age_next(holders_age, h);
		if (h->until <= now) {
			holder_free(h);
			continue;
		}
		if (lisp_eid_table_find(telling, &h->eid))
			smr_tell_one(&h->eid, &h->rloc, &h->eid);
		LISP_EID_TABLE_INSIDE (telling, &h->eid, node, nxt) {
			lisp_eid_node_eid(node, &eid);
			smr_tell_one(&eid, &h->rloc, &eid);
		}
	}
}

static void smr_tell_end(void);

/* Entries in portions, then who is no entry's, then who sends to us. */
static void smr_tell(struct event *event)
{
	struct lisp_entry *entry = NULL;
	unsigned int looked = 0;

	while (looked < LISP_SMR_PORTION) {
		entry = tell_at.prefix.family ? lisp_map_cache_after(&tell_at)
					      : lisp_map_cache_next(NULL);
		if (!entry)
			break;
		tell_at = entry->mapping.eid;
		smr_tell_entry(entry);
		looked += lisp_eid_table_count(telling);
	}
	if (entry) {
		event_add_timer_msec(lisp.master, smr_tell, NULL, 1, &t_tell);
		return;
	}
	smr_tell_holders();
	tell_asked = lisp_dplane_senders_ask();
	if (!tell_asked)
		smr_tell_end();
}

static void smr_tell_begin(void)
{
	if (telling || !lisp_eid_table_count(changed))
		return;
	telling = changed;
	changed = lisp_eid_table_new();
	memset(&tell_at, 0, sizeof(tell_at));
	event_add_event(lisp.master, smr_tell, NULL, 0, &t_tell);
}

static void smr_tell_end(void)
{
	tell_asked = false;
	lisp_eid_table_free(&telling, NULL);
	smr_tell_begin();
}

void lisp_smr_senders(const struct lisp_dplane_sender *senders, size_t n)
{
	struct lisp_eid_node *node, *nxt;
	struct lisp_eid eid;

	if (!tell_asked)
		return;
	for (size_t i = 0; i < n; i++) {
		if (!lisp_rloc_valid(&senders[i].rloc))
			continue;
		LISP_EID_TABLE_EACH (telling, node, nxt) {
			lisp_eid_node_eid(node, &eid);
			if (eid.iid == senders[i].iid &&
			    lisp_af_family(eid.prefix.family) == senders[i].family)
				smr_tell_one(&eid, &senders[i].rloc, &eid);
		}
	}
	smr_tell_end();
}

static void smr_eid_changed(const struct lisp_eid *eid)
{
	/* its place is what counts */
	lisp_eid_table_get(changed, eid)->info = changed;
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
	event_cancel(&t_tell);
	tell_asked = false;
	lisp_eid_table_free(&telling, NULL);
	lisp_eid_table_free(&changed, NULL);
	lisp_eid_table_free(&snapshot, snapshot_free);
}

static void smr_new_tables(void)
{
	snapshot = lisp_eid_table_new();
	changed = lisp_eid_table_new();
}

static int smr_database_changed(void)
{
	struct lisp_local_eid *local = NULL;
	struct lisp_eid_node *node, *nxt;
	struct lisp_eid eid;

	if (!lisp.enabled) {
		smr_forget_all();
		smr_new_tables();
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
	smr_tell_begin();
	return 0;
}

/* It comes from an ITR-RLOC that it names, or from the mapping system. */
static bool smr_asker_plausible(const struct lisp_rx *rx, const struct lisp_msg *msg)
{
	struct lisp_cursor c = lisp_msg_itr_rlocs(msg);
	struct lisp_map_server *ms = NULL;
	struct lisp_addr addr;
	struct ipaddr rloc;

	if (rx->alt)
		return true;
	while (rx->ecm && (ms = lisp_map_server_next(NULL, ms)))
		if (ipaddr_is_same(&ms->addr, &rx->src))
			return true;
	while (!rx->ecm && lisp_itr_rloc_next(&c, &addr))
		if (lisp_addr_to_rloc(&addr, &rloc) && ipaddr_is_same(&rloc, &rx->src))
			return true;
	return false;
}

/*
 * That RLOC and the other ITR-RLOCs of the request have asked and are not solicited
 * further; but who asks for another cannot keep the first SMR from him. And the RLOC holds
 * our mapping from now on.
 */
static int smr_answered(const struct lisp_eid *eid, const struct lisp_rx *rx,
			const struct lisp_msg *msg, const struct ipaddr *rloc)
{
	struct lisp_cursor c = lisp_msg_itr_rlocs(msg);
	bool plausible = smr_asker_plausible(rx, msg);
	struct smr key = { .eid = *eid }, *s;
	struct lisp_addr addr;

	while (plausible && lisp_itr_rloc_next(&c, &addr)) {
		if (!lisp_addr_to_rloc(&addr, &key.rloc))
			continue;
		s = smrs_find(smrs, &key);
		if (s && s->sent)
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

/* False: the sender has looked at too much, or all together, as anybody can forge senders. */
static bool smr_may_look(const struct ipaddr *from)
{
	static struct lisp_buckets each = { .rate = LISP_SMR_IN_RATE, .burst = LISP_SMR_IN_RATE };
	static struct lisp_bucket all;

	if (lisp_buckets_take(&each, from) &&
	    lisp_bucket_take(&all, LISP_SMR_IN_ALL_RATE, LISP_SMR_IN_ALL_BURST))
		return true;
	lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_RATE_LIMITED);
	return false;
}

/* What is cached in the prefix, or of that what is negative. False: nothing. */
static bool smr_inside(const struct lisp_eid *eid, bool negative_only, const struct ipaddr *from)
{
	struct lisp_entry *entry;
	struct lisp_eid at = *eid;
	bool found = false;

	while ((entry = lisp_map_cache_after(&at)) && lisp_eid_covers(eid, &entry->mapping.eid) &&
	       smr_may_look(from)) {
		at = entry->mapping.eid;
		entry = smr_cached(&at);
		if (!entry || (negative_only && entry->state != LISP_ENTRY_NEGATIVE))
			continue;
		found = true;
		lisp_map_cache_refresh(&at, true);
	}
	return found;
}

/*
 * The prefix, if there is an entry of it or around it, else all that there is in it. It may be
 * new where none was, also in parts. False: nothing is cached.
 */
static bool smr_prefix(const struct lisp_eid *eid, const struct ipaddr *from)
{
	const struct lisp_entry *asked = lisp_map_cache_find(eid);
	const struct lisp_entry *entry = smr_cached(eid);
	bool changed;

	if (asked && asked->smr_invoked && asked->state == LISP_ENTRY_PENDING)
		return true;
	if (!entry)
		return smr_inside(eid, false, from);
	changed = entry == asked && entry->state == LISP_ENTRY_ACTIVE;
	if (smr_may_look(from))
		lisp_map_cache_refresh(eid, true);
	if (!changed)
		smr_inside(eid, true, from);
	return true;
}

/* It has no length: if an RLOC of what is cached around it sends it, that is what changed. */
static bool smr_source(const struct lisp_eid *source, const struct ipaddr *from)
{
	const struct lisp_entry *entry = smr_cached(source);
	struct lisp_eid eid = *source;

	if (entry && lisp_mapping_find(&entry->mapping, from))
		eid = entry->mapping.eid;
	return smr_prefix(&eid, from);
}

static bool smr_take(const struct lisp_rx *rx, const struct lisp_msg *msg,
		     const struct lisp_eid *record)
{
	struct lisp_eid source;

	if (!lisp_database_match(record) && smr_prefix(record, &rx->src))
		return true;
	return lisp_addr_to_eid(&msg->h.source_eid, lisp_family_bits(record->prefix.family),
				&source) == LISP_OK &&
	       smr_source(&source, &rx->src);
}

enum lisp_drop lisp_smr_rx(const struct lisp_rx *rx, const struct lisp_msg *msg)
{
	struct lisp_cursor c = lisp_msg_requests(msg);
	enum lisp_drop drop = LISP_DROP_NOT_SUPPORTED;
	struct lisp_request request;
	struct lisp_eid record;

	lisp_stats_event(LISP_EV_SMR_IN);
	if (!lisp_is_itr())
		return LISP_DROP_NOT_ENABLED;
	/* SMRs go from xTR to xTR, in the clear */
	if (rx->ecm || rx->alt)
		return LISP_DROP_NOT_SUPPORTED;

	/* RFC 9301 section 5.2: senders put one, receivers take several */
	while (lisp_request_next(&c, &request)) {
		if (lisp_addr_to_eid(&request.eid, request.mask_len, &record) != LISP_OK)
			continue;
		LISP_DBG_EID(itr, &record, "SMR from %pIA", &rx->src);
		if (smr_take(rx, msg, &record))
			drop = LISP_OK;
		else if (drop != LISP_OK)
			drop = LISP_DROP_SMR_NOT_CACHED;
	}
	return drop;
}

void lisp_smr_init(void)
{
	smr_new_tables();
	/* after the registration, which the answers to our SMRs come from */
	hook_register_prio(lisp_database_changed, 2000, smr_database_changed);
	hook_register(lisp_database_learned, smr_database_changed);
	hook_register(lisp_answered, smr_answered);
}

void lisp_smr_finish(void)
{
	hook_unregister(lisp_database_changed, smr_database_changed);
	hook_unregister(lisp_database_learned, smr_database_changed);
	hook_unregister(lisp_answered, smr_answered);
	smr_forget_all();
	smrs_fini(smrs);
	smr_holders_fini(holders);
	smr_holders_age_fini(holders_age);
}
