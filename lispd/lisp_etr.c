// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ETR: answers Map-Requests from the local database. Whatever way the request
 * came (in the clear, in an ECM, over the ALT), the Map-Reply goes over the
 * underlay to one of its ITR-RLOCs. RFC 9301 sections 5.4, 5.5; RFC 6836 section 5.2.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "lispd/lisp_answer.h"
#include "lispd/lisp_bucket.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_etr.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_space.h"

static struct lisp_buckets etr_limit = { .rate = LISP_ETR_RATE, .burst = LISP_ETR_BURST };

/* RFC 9301 section 5.4: p is of the RLOC that was probed; none, if that is not in the set. */
static void etr_mark_probed(struct lisp_mapping *mapping, const struct ipaddr *probed)
{
	struct lisp_locator *loc = lisp_mapping_find(mapping, probed);

	if (loc)
		loc->probed = true;
}

struct etr_reply {
	struct lisp_writer w;
	uint8_t buf[LISP_MSG_MAX];
	size_t safe; /* octets; the first record is sent even if it is longer */
	unsigned int records;
	bool full;
};

static void etr_reply_start(struct etr_reply *reply, const struct lisp_msg *msg)
{
	bool probe = CHECK_FLAG(msg->h.flags, LISP_MREQ_F_PROBE);

	lisp_writer_init(&reply->w, reply->buf, sizeof(reply->buf));
	lisp_answer_start(&reply->w, msg, probe ? LISP_MREP_F_PROBE : 0);
	reply->records = 0;
}

/* The record as it is, or, where it does not fit, the reply as it was. */
static void etr_put(struct etr_reply *reply, const struct lisp_local_eid *local,
		    const struct ipaddr *probed)
{
	struct lisp_writer before = reply->w;
	struct lisp_mapping mapping;
	uint8_t word[4];

	if (reply->full)
		return;

	memcpy(word, reply->buf, sizeof(word));
	lisp_database_mapping(local, &mapping);
	if (probed)
		etr_mark_probed(&mapping, probed);
	lisp_put_mapping(&reply->w, &mapping);
	lisp_mapping_fini(&mapping);

	if (!reply->records || (!reply->w.overflow && reply->w.len <= reply->safe)) {
		reply->records++;
		return;
	}
	/* the count is in the first word */
	reply->w = before;
	memcpy(reply->buf, word, sizeof(word));
	reply->full = true;
	LISP_DBG_EID(etr, &local->eid, "Map-Reply is full: this one and the rest left out");
}

/*
 * RFC 9301 section 5 limits the message, section 5.5 wants all more-specifics. For a
 * host both are met by a record of that part of the prefix which has none.
 */
static void etr_put_hole(struct etr_reply *reply, const struct lisp_msg *msg,
			 const struct lisp_eid *eid, const struct lisp_local_eid *local)
{
	struct lisp_mapping mapping;

	etr_reply_start(reply, msg);
	lisp_database_mapping(local, &mapping);
	if (!lisp_space_hole(eid, &local->eid, &mapping.eid))
		mapping.eid = *eid;
	lisp_put_mapping(&reply->w, &mapping);
	lisp_mapping_fini(&mapping);
	reply->records = 1;
}

/* What the record asks for; 0: it is not ours, and why. */
static unsigned int etr_locals(const struct lisp_request *request, struct lisp_eid *eid,
			       struct lisp_local_eid **locals, unsigned int max, enum lisp_drop *why)
{
	unsigned int n;

	*why = lisp_addr_to_eid(&request->eid, request->mask_len, eid);
	if (*why == LISP_OK && !lisp_service_of(eid)->etr)
		*why = LISP_DROP_NOT_ENABLED;
	if (*why != LISP_OK)
		return 0;
	n = lisp_database_overlapping(eid, locals, max);
	if (!n)
		*why = LISP_DROP_NOT_LOCAL_EID;
	return n;
}

/* All records in one reply; those that are not ours are left out. */
static enum lisp_drop etr_put_answers(struct etr_reply *reply, const struct lisp_query *query)
{
	const struct lisp_msg *msg = query->msg;
	bool probe = CHECK_FLAG(msg->h.flags, LISP_MREQ_F_PROBE);
	struct lisp_cursor c = lisp_msg_requests(msg);
	struct lisp_local_eid *locals[LISP_ETR_RECORDS_MAX];
	enum lisp_drop why = LISP_DROP_NO_RECORDS;
	struct lisp_request request;
	unsigned int n, left = 0;
	struct lisp_eid eid;

	while (lisp_request_next(&c, &request)) {
		/* a probe asks after an RLOC: the one mapping is enough */
		n = etr_locals(&request, &eid, locals, probe ? 1 : LISP_ETR_RECORDS_MAX, &why);
		left += !n;
		for (unsigned int i = 0; i < n; i++)
			etr_put(reply, locals[i], probe ? &query->rx->dst : NULL);
		if ((reply->full || n == LISP_ETR_RECORDS_MAX) && msg->record_count == 1 &&
		    lisp_eid_is_host(&eid))
			etr_put_hole(reply, msg, &eid, locals[0]);
	}
	if (!reply->records)
		return why;
	for (; left; left--)
		lisp_stats_event(LISP_EV_RECORD_LEFT);
	return LISP_OK;
}

/* Who has been told of a mapping hears of its changes. */
static void etr_told(const struct lisp_msg *msg, const struct ipaddr *dst)
{
	struct lisp_cursor c = lisp_msg_requests(msg);
	struct lisp_request request;
	struct lisp_local_eid *local;
	struct lisp_eid eid;

	while (lisp_request_next(&c, &request))
		if (lisp_addr_to_eid(&request.eid, request.mask_len, &eid) == LISP_OK &&
		    lisp_database_overlapping(&eid, &local, 1))
			lisp_answer_told(&local->eid, msg, dst);
}

bool lisp_etr_takes(const struct lisp_query *query)
{
	/* what a Map-Server has forwarded (section 5.8) is not forwarded again */
	return query->rx->ecm_to_etr || query->owner == LISP_OWNER_DATABASE;
}

enum lisp_drop lisp_etr_rx_request(const struct lisp_query *query)
{
	const struct lisp_msg *msg = query->msg;
	bool probe = CHECK_FLAG(msg->h.flags, LISP_MREQ_F_PROBE);
	struct etr_reply reply = {};
	enum lisp_drop drop;
	struct ipaddr dst;

	if (!lisp_is_etr())
		return LISP_DROP_NOT_ENABLED;
	drop = lisp_answer_to(msg, &dst);
	if (drop != LISP_OK)
		return drop;

	etr_reply_start(&reply, msg);
	reply.safe = LISP_MSG_SAFE(&dst);
	drop = etr_put_answers(&reply, query);
	if (drop != LISP_OK)
		return drop;
	if (reply.w.overflow)
		return LISP_DROP_SEND_FAILED;

	drop = lisp_answer(query->rx, msg, &etr_limit, probe ? &query->rx->dst : NULL, &reply.w,
			   &dst);
	if (drop != LISP_OK)
		return drop;

	LISP_DBG(etr, "Map-Reply to %pIA, %u records", &dst, reply.records);
	if (!probe)
		etr_told(msg, &dst);
	return LISP_OK;
}

/* RFC 9301 section 5.2: probes go from xTR to xTR, in the clear. */
enum lisp_drop lisp_etr_rx_probe(const struct lisp_query *query)
{
	if (query->rx->ecm)
		return LISP_DROP_PROBE_IN_ECM;
	if (query->rx->alt || !lisp_is_etr())
		return LISP_DROP_PROBE_TO_MS;
	return lisp_etr_rx_request(query);
}
