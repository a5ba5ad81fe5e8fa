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
};

static void etr_reply_start(struct etr_reply *reply, const struct lisp_msg *msg)
{
	bool probe = CHECK_FLAG(msg->h.flags, LISP_MREQ_F_PROBE);

	lisp_writer_init(&reply->w, reply->buf, sizeof(reply->buf));
	lisp_answer_start(&reply->w, msg, probe ? LISP_MREP_F_PROBE : 0);
	reply->safe = lisp_answer_size(msg);
	reply->records = 0;
}

/* False: it does not fit. */
static bool etr_put(struct etr_reply *reply, const struct lisp_mapping *mapping)
{
	lisp_put_mapping(&reply->w, mapping);
	reply->records++;
	return !reply->w.overflow && (reply->records == 1 || reply->w.len <= reply->safe);
}

/* A prefix and what is in it, or nothing of it. */
static bool etr_put_all(struct etr_reply *reply, struct lisp_local_eid **locals, unsigned int n,
			const struct ipaddr *probed)
{
	struct lisp_writer before = reply->w;
	unsigned int records = reply->records;
	struct lisp_mapping mapping;
	bool fits = true;

	for (unsigned int i = 0; i < n && fits; i++) {
		lisp_database_mapping(locals[i], &mapping);
		if (probed)
			etr_mark_probed(&mapping, probed);
		fits = etr_put(reply, &mapping);
		lisp_mapping_fini(&mapping);
	}
	if (!fits) {
		lisp_put_undo(&reply->w, &before, records);
		reply->records = records;
	}
	return fits;
}

/*
 * RFC 9301 section 5 limits the message, section 5.5 wants all more-specifics. Both are met
 * by a record of that part of the prefix around the EID's first address which has none.
 */
static bool etr_put_part(struct etr_reply *reply, const struct lisp_eid *eid)
{
	struct lisp_writer before = reply->w;
	struct lisp_eid host = *eid;
	const struct lisp_local_eid *local;
	struct lisp_mapping mapping;
	bool fits;

	host.prefix.prefixlen = lisp_eid_bits(eid);
	local = lisp_database_match(&host);
	lisp_database_mapping(local, &mapping);
	if (!lisp_space_hole(&host, &local->eid, &mapping.eid))
		mapping.eid = host;
	fits = etr_put(reply, &mapping);
	lisp_mapping_fini(&mapping);
	if (!fits)
		lisp_put_undo(&reply->w, &before, --reply->records);
	return fits;
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

/* All records in one reply; those that get no answer are left out, each with its reason. */
static enum lisp_drop etr_put_answers(struct etr_reply *reply, const struct lisp_query *query)
{
	bool probe = CHECK_FLAG(query->msg->h.flags, LISP_MREQ_F_PROBE);
	const struct ipaddr *probed = probe ? &query->rx->dst : NULL;
	struct lisp_cursor c = lisp_msg_requests(query->msg);
	struct lisp_local_eid *locals[LISP_ETR_RECORDS_MAX];
	enum lisp_drop left[UINT8_MAX], why = LISP_DROP_NO_RECORDS;
	struct lisp_request request;
	unsigned int n, n_left = 0;
	struct lisp_eid eid;

	while (lisp_request_next(&c, &request)) {
		/* a probe asks after an RLOC: the one mapping is enough */
		n = etr_locals(&request, &eid, locals, probe ? 1 : LISP_ETR_RECORDS_MAX, &why);
		if (n && n < LISP_ETR_RECORDS_MAX && etr_put_all(reply, locals, n, probed))
			continue;
		if (n && etr_put_part(reply, &eid))
			continue;
		if (n)
			why = LISP_DROP_REPLY_FULL;
		left[n_left++] = why;
	}
	if (!reply->records)
		return why;
	while (n_left)
		lisp_stats_record_left(left[--n_left]);
	return LISP_OK;
}

/* Who has been told of a mapping hears of its changes. */
static void etr_told(const struct lisp_query *query, const struct ipaddr *dst)
{
	struct lisp_cursor c = lisp_msg_requests(query->msg);
	struct lisp_request request;
	struct lisp_local_eid *local;
	struct lisp_eid eid;

	while (lisp_request_next(&c, &request))
		if (lisp_addr_to_eid(&request.eid, request.mask_len, &eid) == LISP_OK &&
		    lisp_database_overlapping(&eid, &local, 1))
			lisp_answer_told(&local->eid, query->rx, query->msg, dst);
}

/* With the first EID that was asked for, also by an SMR or a probe. */
static void etr_debug(const struct lisp_msg *msg, const struct ipaddr *dst, unsigned int records)
{
	struct lisp_cursor c = lisp_msg_requests(msg);
	struct lisp_request request;
	struct lisp_eid eid;

	if (LISP_DBG_IS(etr) && lisp_request_next(&c, &request) &&
	    lisp_addr_to_eid(&request.eid, request.mask_len, &eid) == LISP_OK)
		LISP_DBG_EID(etr, &eid, "Map-Reply to %pIA, %u records", dst, records);
}

bool lisp_etr_takes(const struct lisp_query *query)
{
	/* what a Map-Server has forwarded (section 5.8) is not forwarded again */
	return query->rx->ecm_to_etr || query->owner == LISP_OWNER_DATABASE;
}

enum lisp_drop lisp_etr_rx_request(const struct lisp_query *query)
{
	const struct lisp_msg *msg = query->msg;
	const struct lisp_rx *rx = query->rx;
	struct etr_reply reply = {};
	enum lisp_drop drop;
	struct ipaddr dst;

	if (!lisp_is_etr())
		return LISP_DROP_NOT_ENABLED;
	drop = lisp_answer_to(msg, &dst);
	if (drop != LISP_OK)
		return drop;

	etr_reply_start(&reply, msg);
	drop = etr_put_answers(&reply, query);
	if (drop != LISP_OK)
		return drop;
	/* from the RLOC that was asked, if the ITR itself has asked it */
	drop = lisp_answer(rx, msg, &etr_limit, rx->ecm || rx->alt ? NULL : &rx->dst, &reply.w,
			   &dst);
	if (drop != LISP_OK)
		return drop;

	etr_debug(msg, &dst, reply.records);
	if (!CHECK_FLAG(msg->h.flags, LISP_MREQ_F_PROBE))
		etr_told(query, &dst);
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
