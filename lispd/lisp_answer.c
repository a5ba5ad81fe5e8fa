// SPDX-License-Identifier: GPL-2.0-or-later
/* A Map-Reply's way to the ITR that asked (RFC 9301 section 5.5). */
#include <zebra.h>

#include "lispd/lisp_alt_rib.h"
#include "lispd/lisp_answer.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_space.h"

DEFINE_HOOK(lisp_answered,
	    (const struct lisp_eid *eid, const struct lisp_rx *rx, const struct lisp_msg *msg,
	     const struct ipaddr *rloc),
	    (eid, rx, msg, rloc));

static struct lisp_buckets client_limit = {
	.rate = LISP_CLIENT_RATE,
	.burst = LISP_CLIENT_BURST,
};

static bool next_itr_rloc(struct lisp_cursor *c, struct ipaddr *rloc)
{
	struct lisp_addr addr;
	struct ipaddr own;

	while (lisp_itr_rloc_next(c, &addr))
		if (lisp_addr_to_rloc(&addr, rloc) && lisp_rloc_valid(rloc) &&
		    lisp_rloc_own(ipaddr_family(rloc), &own))
			return true;
	return false;
}

enum lisp_drop lisp_answer_to(const struct lisp_msg *msg, struct ipaddr *dst)
{
	struct lisp_cursor c = lisp_msg_itr_rlocs(msg);

	if (CHECK_FLAG(msg->h.flags, LISP_MREQ_F_NO_REPLY))
		return LISP_DROP_DO_NOT_REPLY;
	return next_itr_rloc(&c, dst) ? LISP_OK : LISP_DROP_UNREACHABLE;
}

size_t lisp_answer_size(const struct lisp_msg *msg)
{
	struct lisp_cursor c = lisp_msg_itr_rlocs(msg);
	size_t size = LISP_MSG_SAFE_V6;
	struct ipaddr rloc;

	while (next_itr_rloc(&c, &rloc))
		size = MIN(size, (size_t)LISP_MSG_SAFE(&rloc));
	return size;
}

void lisp_answer_start(struct lisp_writer *w, const struct lisp_msg *msg, uint32_t flags)
{
	struct lisp_header h = { .type = LISP_MAP_REPLY, .flags = flags, .nonce = msg->h.nonce };

	lisp_put_header(w, &h);
}

/*
 * The way that the request came is one that there is: its source before others of that family,
 * these before those of another. What an ECM came by says nothing of the ITR.
 */
enum itr_rloc_rank { ITR_RLOC_SOURCE, ITR_RLOC_FAMILY, ITR_RLOC_OTHER, ITR_RLOC_RANKS };

static enum itr_rloc_rank itr_rloc_rank(const struct lisp_rx *rx, const struct ipaddr *rloc)
{
	const struct ipaddr *from = rx->ecm ? &rx->inner_src : &rx->src;

	if (ipaddr_is_same(from, rloc))
		return ITR_RLOC_SOURCE;
	return rx->ecm || from->ipa_type == rloc->ipa_type ? ITR_RLOC_FAMILY : ITR_RLOC_OTHER;
}

enum lisp_drop lisp_answer(const struct lisp_rx *rx, const struct lisp_msg *msg,
			   struct lisp_buckets *limit, const struct ipaddr *src,
			   const struct lisp_writer *w, struct ipaddr *dst)
{
	uint16_t dport = rx->ecm ? rx->inner_sport : rx->sport;

	for (unsigned int rank = 0; rank < ITR_RLOC_RANKS; rank++) {
		struct lisp_cursor c = lisp_msg_itr_rlocs(msg);

		while (next_itr_rloc(&c, dst)) {
			if (itr_rloc_rank(rx, dst) != rank)
				continue;
			if (!lisp_buckets_take(limit, dst))
				return LISP_DROP_RATE_LIMITED;
			if (!lisp_io_send(src, dst, dport, w->buf, w->len))
				return LISP_OK;
		}
	}
	return LISP_DROP_UNREACHABLE;
}

/* From the address that the client asked; over the ALT that is the EID. */
enum lisp_drop lisp_answer_client(const struct lisp_rx *rx, const struct lisp_msg *msg,
				  const struct lisp_writer *w, struct ipaddr *dst)
{
	return lisp_answer(rx, msg, &client_limit, rx->alt ? NULL : &rx->dst, w, dst);
}

enum lisp_drop lisp_answer_negative(const struct lisp_rx *rx, const struct lisp_msg *msg,
				    const struct lisp_eid *hole, uint32_t ttl)
{
	struct lisp_mapping mapping = {
		.eid = *hole,
		.ttl = ttl,
		.action = LISP_ACT_NATIVELY_FORWARD,
	};
	uint8_t buf[LISP_MSG_SAFE_V4];
	struct lisp_writer w;
	enum lisp_drop drop;
	struct ipaddr dst;

	drop = lisp_answer_to(msg, &dst);
	if (drop != LISP_OK)
		return drop;

	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_answer_start(&w, msg, 0);
	lisp_put_mapping(&w, &mapping);
	drop = lisp_answer_client(rx, msg, &w, &dst);
	if (drop != LISP_OK)
		return drop;

	lisp_stats_event(LISP_EV_NEGATIVE_OUT);
	LISP_DBG_EID(ms, hole, "negative, natively-forward, %u min, to %pIA", ttl, &dst);
	return LISP_OK;
}

enum lisp_drop lisp_answer_unknown_eid(const struct lisp_rx *rx, const struct lisp_msg *msg,
				       const struct lisp_eid *eid)
{
	enum lisp_alt_knowledge known = lisp_alt_knowledge(eid);
	const struct lisp_eid *lost = NULL;
	struct lisp_eid hole;

	/* Without Map-Server and ALT nothing is known, so nothing is known not to be. */
	if (known == LISP_ALT_ABSENT && !lisp_service_of(eid)->map_server)
		return LISP_DROP_ALT_NOT_READY;
	if (known == LISP_ALT_NONE)
		return LISP_DROP_ALT_NOT_READY;
	if (known == LISP_ALT_LOST)
		lost = lisp_alt_lost_match(eid);
	/* A prefix is asked for whose first address has an answer: others may not */
	if (!lisp_space_hole(eid, lost, &hole))
		return LISP_DROP_NOT_LOCAL_EID;
	return lisp_answer_negative(rx, msg, &hole,
				    known == LISP_ALT_FULL || known == LISP_ALT_ABSENT
					    ? LISP_TTL_NOT_AN_EID
					    : LISP_TTL_UNCERTAIN);
}

void lisp_answer_told(const struct lisp_eid *eid, const struct lisp_rx *rx,
		      const struct lisp_msg *msg, const struct ipaddr *rloc)
{
	hook_call(lisp_answered, eid, rx, msg, rloc);
}
