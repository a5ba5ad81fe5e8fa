// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ITR: the way of a miss.
 *
 *   lisp_itr_miss()       the dataplane has no mapping; a PENDING entry is made
 *   itr_ask()             lisp_pending starts a query: the first Map-Request now,
 *                         then after 1, 2, 4, 8, 8 ... s
 *   lisp_ask()  one Map-Request: ECM to a Map-Resolver, the next one of
 *                         the list at each try, or onto the ALT
 *   itr_reply()           all records go to the map-cache, which tells the dataplane
 *   itr_timeout()         ten tries were in vain: HOLD, silent for 30 s
 *
 * A refresh (TTL nearly over, or an SMR) goes the same way with the entry in use
 * as it is; one for an EID-prefix inside of an entry has a PENDING entry of its own meanwhile,
 * which packets do not see. RFC 9301 sections 5.2, 5.3, 6.1 and 8.1; RFC 6836 sections 5.1.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "memory.h"
#include "monotime.h"

#include "lispd/lisp_alt_rib.h"
#include "lispd/lisp_ask.h"
#include "lispd/lisp_bucket.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_itr.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_space.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_ITR_MAPPINGS, "LISP Map-Reply mappings");


/* ---- pauses: of EID-prefixes that were asked for, and are inside of what was cached ---- */

static struct itr_pause {
	struct lisp_eid eid;
	int64_t end; /* monotonic milliseconds, 0: none */
} pauses[LISP_ITR_PAUSES];

static int64_t now_ms(void)
{
	struct timeval now;

	monotime(&now);
	return now.tv_sec * 1000LL + now.tv_usec / 1000;
}

/* One place; the last one of those that hash alike has it. */
static struct itr_pause *pause_of(const struct lisp_eid *eid)
{
	return &pauses[lisp_eid_hash(eid) % array_size(pauses)];
}

static void pause_begin(const struct lisp_eid *eid, unsigned int ms)
{
	*pause_of(eid) = (struct itr_pause){ .eid = *eid, .end = now_ms() + ms };
}

static bool pause_over(const struct lisp_eid *eid)
{
	const struct itr_pause *pause = pause_of(eid);

	return pause->end <= now_ms() || !lisp_eid_same(&pause->eid, eid);
}

/* ---- queries ---- */

/* The Map-Resolver that a transmission went to, unless it went elsewhere or is gone. */
static struct lisp_map_resolver *itr_asked(const struct lisp_pending *p)
{
	return lisp_map_resolver_asked(lisp_service_of(lisp_pending_eid(p)), lisp_pending_to(p));
}

static enum lisp_action itr_no_answer(const struct lisp_eid *eid)
{
	return lisp_service_of(eid)->no_answer == LISP_NO_ANSWER_DROP ? LISP_ACT_NONE
								      : LISP_ACT_NATIVELY_FORWARD;
}

/*
 * Ordinary traffic does not wait until all tries were in vain, least of all if
 * nobody answers anything.
 */
static void itr_meanwhile(struct lisp_entry *entry, unsigned int attempt)
{
	const struct lisp_service *service = lisp_service_of(&entry->mapping.eid);
	const struct lisp_map_resolver *mr = lisp_map_resolver_turn(service, NULL);

	if (entry->state != LISP_ENTRY_PENDING || entry->recalled ||
	    lisp_map_cache_covered(entry) || service->no_answer == LISP_NO_ANSWER_DROP)
		return;
	if (attempt >= (mr && mr->unanswered >= LISP_MAP_RESOLVER_SILENT ? 1 : LISP_ITR_NO_ANSWER))
		lisp_map_cache_hold(entry, LISP_ITR_TRIES * LISP_PENDING_BACK_OFF_MAX / 1000,
				    LISP_ACT_NATIVELY_FORWARD);
}

/*
 * RFC 6836 section 5.1: a mapping in use is refreshed from its RLOCs, and not over the ALT; who
 * has Map-Resolvers asks them when that was in vain. True: it was sent.
 */
static bool itr_send_direct(const struct lisp_entry *entry, struct lisp_ask *ask, uint64_t nonce)
{
	if (!entry->refreshing || entry->smr_invoked || !lisp_ask_uses_alt(&ask->eid, 0))
		return false;
	ask->off_alt = lisp_ask_direct_up(entry) > 0;
	if (ask->attempt >= LISP_ITR_DIRECT_TRIES &&
	    lisp_map_resolver_next(lisp_service_of(&ask->eid), NULL))
		return false;
	return lisp_ask_direct(entry, ask->attempt, nonce) == 0;
}

static int itr_send(struct lisp_pending *p, uint64_t nonce)
{
	struct lisp_entry *entry = lisp_pending_arg(p);
	unsigned int attempt = lisp_pending_tries(p) - 1;
	struct lisp_ask ask = {
		.eid = entry->mapping.eid,
		.source = &entry->asker,
		.smr_invoked = entry->smr_invoked,
		.attempt = attempt,
		.last = lisp_pending_to(p),
	};
	struct lisp_map_resolver *mr;
	struct ipaddr sent;
	int ret;

	mr = itr_asked(p);
	if (mr)
		lisp_map_resolver_silent(mr);
	itr_meanwhile(entry, attempt);

	if (itr_send_direct(entry, &ask, nonce))
		return 0;

	ret = lisp_ask(&ask, nonce, &sent);
	lisp_pending_set_to(p, &sent);
	mr = lisp_map_resolver_asked(lisp_service_of(&ask.eid), &sent);
	if (mr && ret == 0)
		mr->requests++;
	return ret;
}

/*
 * The query is over, whatever its end. A recalled entry stays one until there is an answer: the
 * dataplane goes on with what it held.
 */
static void itr_query_done(struct lisp_entry *entry)
{
	entry->pending = NULL;
	entry->smr_invoked = false;
}

/* Nothing came of the query; packets of an entry that has another around it go on by that. */
static void itr_in_vain(struct lisp_entry *entry, uint32_t seconds, enum lisp_action action)
{
	if (!lisp_map_cache_covered(entry)) {
		lisp_map_cache_hold(entry, seconds, action);
		return;
	}
	pause_begin(&entry->mapping.eid, seconds * 1000);
	lisp_map_cache_del(&entry);
}

static void itr_account_reply(const struct lisp_pending *p, const struct lisp_mapping *mappings,
			      unsigned int n)
{
	struct lisp_map_resolver *mr = itr_asked(p);

	if (!mr)
		return;

	lisp_map_resolver_answered(mr);
	if (n && !mappings[0].n_locators)
		mr->negatives++;
	else
		mr->replies++;
}

/*
 * What was asked for is an EID-prefix that is in use. An answer for a part of it is one too: it
 * has become several, or a hole with something in it.
 */
static enum lisp_drop itr_refuse(const struct lisp_pending *p, const struct lisp_rx *rx,
				 const struct lisp_msg *msg)
{
	const struct lisp_entry *entry = lisp_pending_arg(p);
	enum lisp_drop drop = lisp_pending_covered(msg, lisp_pending_eid(p));
	struct lisp_cursor c = lisp_msg_records(msg);
	struct lisp_record rec;
	struct lisp_eid eid;

	if (drop == LISP_OK || (!entry->refreshing && !entry->recalled))
		return drop;
	while (lisp_record_next(&c, &rec))
		if (lisp_addr_to_eid(&rec.eid, rec.mask_len, &eid) == LISP_OK &&
		    lisp_eid_covers(lisp_pending_eid(p), &eid))
			return LISP_OK;
	return drop;
}

static void itr_reply(struct lisp_pending *p, const struct lisp_rx *rx, const struct lisp_msg *msg,
		      uint32_t rtt_us)
{
	struct lisp_entry *entry = lisp_pending_arg(p);
	struct lisp_eid asked = *lisp_pending_eid(p);
	struct lisp_cursor c = lisp_msg_records(msg);
	struct lisp_mapping *mappings;
	struct lisp_record rec;
	unsigned int n = 0;
	enum lisp_drop drop;

	LISP_DBG_EID(itr, &asked, "Map-Reply from %pIA after %u us, %u records", &rx->src, rtt_us,
		     msg->record_count);
	itr_query_done(entry);
	entry->refreshing = false;
	entry->recalled = false;
	if (lisp_pending_covered(msg, &asked) != LISP_OK) {
		/* each packet asks for its own */
		itr_account_reply(p, NULL, 0);
		lisp_map_cache_del(&entry);
		return;
	}

	mappings = XCALLOC(MTYPE_LISP_ITR_MAPPINGS, msg->record_count * sizeof(*mappings));
	while (n < msg->record_count && lisp_record_next(&c, &rec)) {
		drop = lisp_mapping_from_record(&rec, &mappings[n], NULL);
		if (drop == LISP_OK && !lisp_eid_is_ip(&mappings[n].eid)) {
			lisp_mapping_fini(&mappings[n]);
			drop = LISP_DROP_EID_KIND;
		}
		if (drop == LISP_OK)
			n++;
		else
			lisp_stats_drop(LISP_MAP_REPLY, drop);
	}
	itr_account_reply(p, mappings, n);

	/* from here on the entry may be gone */
	drop = lisp_map_cache_install(&asked, mappings, n, &rx->src);
	if (drop != LISP_OK)
		lisp_stats_drop(LISP_MAP_REPLY, drop);

	/* Nothing to use came of it: do not ask at once again. */
	entry = lisp_map_cache_find(&asked);
	if (drop == LISP_OK || !entry || entry->state != LISP_ENTRY_PENDING)
		entry = lisp_map_cache_match(&asked) ? NULL : lisp_map_cache_pending(&asked);
	if (entry)
		itr_in_vain(entry, LISP_ITR_HOLD_SHORT, LISP_ACT_NONE);

	for (unsigned int i = 0; i < n; i++)
		lisp_mapping_fini(&mappings[i]);
	XFREE(MTYPE_LISP_ITR_MAPPINGS, mappings);
}

static void itr_timeout(struct lisp_pending *p)
{
	struct lisp_entry *entry = lisp_pending_arg(p);
	struct lisp_map_resolver *mr = itr_asked(p);

	LISP_DBG_EID(itr, &entry->mapping.eid, "no answer after %u Map-Requests",
		     lisp_pending_tries(p));
	if (mr) {
		mr->timeouts++;
		lisp_map_resolver_silent(mr);
	}

	itr_query_done(entry);
	if (entry->refreshing) {
		entry->refreshing = false;
		entry->silent = monotime(NULL) + LISP_ITR_HOLD;
	} else {
		itr_in_vain(entry, LISP_ITR_HOLD, itr_no_answer(&entry->mapping.eid));
	}
}

static const struct lisp_pending_ops itr_ops = {
	.reply = itr_reply,
	.timeout = itr_timeout,
	.send = itr_send,
	.refuse = itr_refuse,
};

static const struct lisp_pending_timing itr_timing = {
	.tries = LISP_ITR_TRIES,
	.interval_ms = LISP_ITR_INTERVAL,
	.back_off = true,
};

/* The entry may be gone then. */
static void itr_ask(struct lisp_entry *entry)
{
	entry->asked = monotime(&entry->asked_at);
	entry->pending = lisp_pending_start(&entry->mapping.eid, &itr_ops, &itr_timing, entry);
	if (entry->pending)
		return;

	lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_TABLE_FULL);
	itr_query_done(entry);
	if (entry->refreshing)
		entry->refreshing = false;
	else
		itr_in_vain(entry, LISP_ITR_HOLD_SHORT, LISP_ACT_NONE);
}

/* RFC 7835 section 5: what packets can cause is bounded. */
static bool itr_miss_allowed(void)
{
	static struct lisp_bucket bucket;

	return lisp_bucket_take(&bucket, LISP_MISS_RATE, LISP_MISS_RATE);
}

/* What no mapping system knows; link-local addresses leave no link. */
static bool itr_resolvable(const struct lisp_eid *eid)
{
	struct ipaddr addr;

	lisp_eid_ipaddr(eid, &addr);
	if (!lisp_rloc_valid(&addr) || lisp_database_match(eid))
		return false;
	return IS_IPADDR_V4(&addr) ? !IPV4_LINKLOCAL(ntohl(addr.ipaddr_v4.s_addr))
				   : !IN6_IS_ADDR_LINKLOCAL(&addr.ipaddr_v6);
}

static bool itr_enabled(const struct lisp_eid *eid)
{
	return lisp.enabled && lisp_instance_find(eid->iid) && lisp_service_of(eid)->itr;
}

/*
 * RFC 6836 section 4.2: an ITR on the ALT sees itself what is not there, and with
 * no Map-Resolver there is nobody else to say so.
 */
static bool itr_alt_hole(const struct lisp_eid *eid)
{
	struct lisp_mapping hole = {
		.ttl = LISP_TTL_UNCERTAIN,
		.action = LISP_ACT_NATIVELY_FORWARD,
	};
	struct ipaddr self = {};

	if (lisp_map_resolver_next(lisp_service_of(eid), NULL) || lisp_alt_reaches(eid) ||
	    lisp_alt_knowledge(eid) < LISP_ALT_FILLING)
		return false;

	return lisp_space_hole(eid, NULL, &hole.eid) &&
	       lisp_map_cache_install(eid, &hole, 1, &self) == LISP_OK;
}

/* Not within ms of the last query, nor in the silence after one in vain. */
static bool itr_may_ask(const struct lisp_entry *entry, unsigned int ms)
{
	if (entry->silent > monotime(NULL))
		return false;
	return !entry->asked || monotime_since(&entry->asked_at, NULL) >= ms * 1000LL;
}

void lisp_itr_miss(const struct lisp_eid *eid, const struct ipaddr *source)
{
	struct lisp_entry *entry;

	if (!itr_enabled(eid) || !itr_resolvable(eid))
		return;

	entry = lisp_map_cache_match(eid);
	if (entry && (entry->state != LISP_ENTRY_NEGATIVE || entry->pending ||
		      entry->mapping.action != LISP_ACT_SEND_MAP_REQUEST))
		return;

	lisp_stats_event(LISP_EV_MISSES);
	if (!itr_miss_allowed()) {
		lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_RATE_LIMITED);
		return;
	}

	if (itr_alt_hole(eid))
		return;

	entry = lisp_map_cache_pending(eid);
	if (!entry || !itr_may_ask(entry, LISP_ITR_INTERVAL))
		return;

	LISP_DBG_EID(itr, eid, "miss from %pIA", source);
	entry->refreshing = entry->state != LISP_ENTRY_PENDING;
	entry->asker = *source;
	itr_ask(entry);
}

static void itr_refresh_entry(struct lisp_entry *entry, bool smr_invoked)
{
	if (entry->source == LISP_SOURCE_STATIC ||
	    (entry->state != LISP_ENTRY_ACTIVE && entry->state != LISP_ENTRY_NEGATIVE))
		return;
	if (entry->pending && !smr_invoked)
		return;
	if (entry->pending
		    ? entry->smr_invoked
		    : !itr_may_ask(entry, smr_invoked ? LISP_ITR_SMR_FLOOR : LISP_ITR_INTERVAL)) {
		lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_RATE_LIMITED);
		return;
	}
	/* what answers a query that is under way may be from before the change */
	lisp_pending_cancel(&entry->pending);

	/* RFC 9301 section 5.2: no Source-EID in a refresh */
	memset(&entry->asker, 0, sizeof(entry->asker));
	entry->refreshing = true;
	entry->smr_invoked = smr_invoked;
	itr_ask(entry);
}

/* The answer may be for more or for less than what is cached around it. */
static void itr_refresh_inside(const struct lisp_eid *eid, bool smr_invoked)
{
	struct lisp_entry *entry;

	if (lisp_database_match(eid))
		return;
	if (!pause_over(eid)) {
		lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_RATE_LIMITED);
		return;
	}
	entry = lisp_map_cache_pending(eid);
	if (!entry)
		return;
	pause_begin(eid, smr_invoked ? LISP_ITR_SMR_FLOOR : LISP_ITR_INTERVAL);
	entry->smr_invoked = smr_invoked;
	itr_ask(entry);
}

static int itr_refresh(const struct lisp_eid *eid, bool smr_invoked)
{
	struct lisp_entry *entry = lisp_map_cache_find(eid);

	if (!itr_enabled(eid))
		return 0;
	if (entry)
		itr_refresh_entry(entry, smr_invoked);
	else
		itr_refresh_inside(eid, smr_invoked);
	return 0;
}

bool lisp_itr_recall(const struct lisp_eid *eid)
{
	struct lisp_entry *entry;

	if (!itr_enabled(eid) || lisp_database_match(eid) || lisp_map_cache_find(eid))
		return false;
	entry = lisp_map_cache_pending(eid);
	if (!entry)
		return false;

	entry->recalled = true;
	itr_ask(entry);
	return true;
}

/*
 * New Map-Resolvers may know what the old ones did not answer; and what packets do
 * without an answer may have changed.
 */
void lisp_itr_config_changed(void)
{
	struct lisp_entry *entry = NULL, *next;

	bool changed = lisp_map_resolvers_changed();

	changed |= lisp_no_answer_changed();
	if (!changed)
		return;

	for (entry = lisp_map_cache_next(NULL); entry; entry = next) {
		next = lisp_map_cache_next(entry);
		entry->silent = 0;
		if (entry->state == LISP_ENTRY_HOLD)
			lisp_map_cache_del(&entry);
	}
	memset(pauses, 0, sizeof(pauses));
}

void lisp_itr_init(void)
{
	hook_register(lisp_eid_refresh, itr_refresh);
}

void lisp_itr_finish(void)
{
	hook_unregister(lisp_eid_refresh, itr_refresh);
}
