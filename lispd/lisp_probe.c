// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RLOC-probing (RFC 9301 section 7.1): a Map-Request with the P bit goes to the RLOC itself,
 * in the clear; who does not answer is down until he does.
 *
 * Probed are RLOCs with a route: those of mappings that are in use, and of the site's other
 * xTRs, whatever the number of EID-prefixes that have them. A walk over the map-cache, in
 * portions, finds them. Each one is probed about every 10 s. If three Map-Requests within
 * 7 s had no answer it is down, and is probed by one after ever longer waits.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "frrevent.h"
#include "memory.h"
#include "network.h"
#include "typesafe.h"

#include "lispd/lisp_ask.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_pending.h"
#include "lispd/lisp_probe.h"
#include "lispd/lisp_rloc.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_PROBE, "LISP probed RLOC");

PREDECL_DLIST(probes);

struct lisp_probe {
	struct probes_item item;
	struct lisp_rloc *rloc; /* a reference */
	struct lisp_eid eid;	/* to ask for: of a mapping with this RLOC */
	bool wanted;		/* the walk that is under way has found it */
	unsigned int lost;	/* times that it was without answer, since the last one */
	unsigned int left;	/* Map-Requests of the query that left this system */
	struct lisp_pending *pending;
	struct event *t_next;
};

DECLARE_DLIST(probes, struct lisp_probe, item);

static struct probes_head probes[1] = { INIT_DLIST(probes[0]) };
static struct event *t_walk;
static struct lisp_eid walk_at;

/* ---- one RLOC ---- */

static void probe_send(struct event *event);

/* RFC 9301 section 7.1: with jitter, so that xTRs do not probe in step. */
static void probe_next(struct lisp_probe *probe)
{
	uint32_t ms = LISP_PROBE_INTERVAL << MIN(probe->lost, (unsigned int)LISP_PROBE_BACK_OFF);

	ms -= ms / 4;
	ms += (uint32_t)frr_weak_random() % (ms * 2 / 3);
	event_add_timer_msec(lisp.master, probe_send, probe, ms, &probe->t_next);
}

/* What never left says nothing of the RLOC. */
static void probe_timeout(struct lisp_pending *p)
{
	struct lisp_probe *probe = lisp_pending_arg(p);

	probe->pending = NULL;
	if (probe->left == lisp_pending_tries(p)) {
		LISP_DBG(rloc, "%pIA does not answer RLOC-probes", &probe->rloc->addr);
		probe->lost++;
		probe->rloc->probes_lost++;
		lisp_rloc_answers(probe->rloc, false);
	}
	probe_next(probe);
}

/*
 * RFC 9301 section 5.4: the answer is of the first locator with p, and R says that it is to be
 * used. An ETR that does not have the RLOC in that mapping sets no p: then who has answered
 * counts. An answer for another RLOC says nothing of this one, which the other tries may reach.
 */
static enum lisp_drop probe_refuse(const struct lisp_pending *p, const struct lisp_rx *rx,
				   const struct lisp_msg *msg)
{
	const struct ipaddr *probed = &((struct lisp_probe *)lisp_pending_arg(p))->rloc->addr;
	struct lisp_cursor records = lisp_msg_records(msg), locators;
	struct lisp_wire_locator locator;
	struct lisp_record record;
	struct ipaddr addr;

	if (!CHECK_FLAG(msg->h.flags, LISP_MREP_F_PROBE))
		return LISP_DROP_NOT_A_PROBE;
	while (lisp_record_next(&records, &record)) {
		locators = lisp_record_locators(&record);
		while (lisp_locator_next(&locators, &locator)) {
			if (!locator.probe)
				continue;
			if (!lisp_addr_to_rloc(&locator.addr, &addr) ||
			    !ipaddr_is_same(&addr, probed))
				return LISP_DROP_PROBE_OTHER_RLOC;
			return locator.reach ? LISP_OK : LISP_DROP_PROBE_NO_REACH;
		}
	}
	return ipaddr_is_same(&rx->src, probed) ? LISP_OK : LISP_DROP_PROBE_OTHER_RLOC;
}

static void probe_reply(struct lisp_pending *p, const struct lisp_rx *rx,
			const struct lisp_msg *msg, uint32_t rtt_us)
{
	struct lisp_probe *probe = lisp_pending_arg(p);

	probe->pending = NULL;
	probe->lost = 0;
	probe->rloc->probe_rtt = rtt_us;
	lisp_rloc_answers(probe->rloc, true);
	probe_next(probe);
}

static int probe_send_one(struct lisp_pending *p, uint64_t nonce)
{
	struct lisp_probe *probe = lisp_pending_arg(p);

	if (lisp_ask_probe(&probe->eid, probe->rloc, nonce))
		return -1;
	probe->left++;
	probe->rloc->probes_sent++;
	return 0;
}

static const struct lisp_pending_ops probe_ops = {
	.reply = probe_reply,
	.timeout = probe_timeout,
	.send = probe_send_one,
	.refuse = probe_refuse,
};

static void probe_send(struct event *event)
{
	struct lisp_probe *probe = EVENT_ARG(event);
	const struct lisp_pending_timing timing = {
		.tries = probe->lost ? 1 : LISP_PROBE_TRIES,
		.interval_ms = LISP_PROBE_RETRY,
		.back_off = true,
	};

	probe->left = 0;
	probe->pending = lisp_pending_start(&probe->eid, &probe_ops, &timing, probe);
	if (!probe->pending)
		probe_next(probe);
}

/* What is not probed is up while it has a route. */
static void probe_free(struct lisp_probe *probe)
{
	event_cancel(&probe->t_next);
	lisp_pending_cancel(&probe->pending);
	probes_del(probes, probe);
	probe->rloc->probe = NULL;
	lisp_rloc_answers(probe->rloc, true);
	lisp_rloc_put(&probe->rloc);
	XFREE(MTYPE_LISP_PROBE, probe);
}

/* ---- which ones ---- */

static void probe_want(struct lisp_rloc *rloc, const struct lisp_eid *eid)
{
	struct lisp_probe *probe = rloc->probe;

	if (rloc->local || rloc->known != LISP_RLOC_UP)
		return;
	if (!probe) {
		if (probes_count(probes) >= LISP_PROBES_MAX)
			return;
		probe = XCALLOC(MTYPE_LISP_PROBE, sizeof(*probe));
		probe->rloc = lisp_rloc_get(&rloc->addr);
		rloc->probe = probe;
		probes_add_tail(probes, probe);
		event_add_timer_msec(lisp.master, probe_send, probe,
				     (uint32_t)frr_weak_random() % LISP_PROBE_RETRY, &probe->t_next);
	}
	/* another one each time: an ETR does not answer for what it does not have any more */
	if (!probe->wanted)
		probe->eid = *eid;
	probe->wanted = true;
}

static void probe_entry(const struct lisp_entry *entry)
{
	if (entry->state != LISP_ENTRY_ACTIVE || !lisp_entry_in_use(entry))
		return;
	for (unsigned int i = 0; i < entry->mapping.n_locators; i++)
		if (entry->rlocs[i] && entry->mapping.locators[i].priority != LISP_PRIORITY_UNUSABLE)
			probe_want(entry->rlocs[i], &entry->mapping.eid);
}

static void probe_site(void)
{
	struct lisp_local_eid *local = NULL;
	struct lisp_set_locator *loc = NULL;

	while ((local = lisp_database_next(local)))
		while ((loc = lisp_local_eid_locator_next(local, loc)))
			if (loc->rloc)
				probe_want(loc->rloc, &local->eid);
}

static void probes_sweep(void)
{
	struct lisp_probe *probe;

	frr_each_safe (probes, probes, probe) {
		if (!probe->wanted)
			probe_free(probe);
		else
			probe->wanted = false;
	}
}

static void probe_walk(struct event *event)
{
	struct lisp_entry *entry = NULL;

	for (unsigned int i = 0; i < LISP_PROBE_PORTION; i++) {
		entry = walk_at.prefix.family ? lisp_map_cache_after(&walk_at)
					      : lisp_map_cache_next(NULL);
		if (!entry)
			break;
		walk_at = entry->mapping.eid;
		probe_entry(entry);
	}
	if (!entry) {
		memset(&walk_at, 0, sizeof(walk_at));
		probe_site();
		probes_sweep();
	}
	event_add_timer_msec(lisp.master, probe_walk, NULL, entry ? 1 : LISP_PROBE_WALK, &t_walk);
}

void lisp_probe_config_changed(void)
{
	if (lisp.enabled && lisp.rloc_probing && lisp_is_itr())
		event_add_event(lisp.master, probe_walk, NULL, 0, &t_walk);
	else
		lisp_probe_finish();
}

void lisp_probe_finish(void)
{
	struct lisp_probe *probe;

	event_cancel(&t_walk);
	memset(&walk_at, 0, sizeof(walk_at));
	while ((probe = probes_first(probes)))
		probe_free(probe);
}
