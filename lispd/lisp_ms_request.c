// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Map-Server: Map-Requests in (RFC 9301 section 8.3), from a Map-Resolver's ECM or
 * from the ALT.
 *
 *   EID in no configured prefix     negative, natively-forward, 15 minutes
 *   configured but not registered   the same, 1 minute
 *   some xTR wants proxy replies    we answer, unless the ITR insists on the site
 *   else                            to one of the site's ETRs in an ECM, unchanged
 */
#include <zebra.h>

#include <string.h>

#include "lispd/lisp_answer.h"
#include "lispd/lisp_alt_rib.h"
#include "lispd/lisp_bucket.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_ms.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_space.h"
#include "lispd/lisp_wire.h"

/* Minutes, RFC 9301 section 8.3 */
#define TTL_NOT_AN_EID	   15
#define TTL_NOT_REGISTERED 1
#define TTL_UNCERTAIN	   1 /* while the ALT's routes are still coming */
#define TTL_DEFAULT	   1440

/*
 * RFC 9301 section 5.4 wants Map-Replies limited, and we answer for many ETRs: one
 * destination gets as many a second as a Map-Resolver takes of one client, and one ETR
 * as many requests.
 */
#define LIMIT_RATE  1000
#define LIMIT_BURST 2000

static struct lisp_buckets reply_limit = { .rate = LIMIT_RATE, .burst = LIMIT_BURST };
static struct lisp_buckets forward_limit = { .rate = LIMIT_RATE, .burst = LIMIT_BURST };

/* ---- Map-Replies ---- */

/* A client's reply comes from the address it asked; of the ALT that is the EID. */
static const struct ipaddr *reply_source(const struct lisp_rx *rx)
{
	return rx->alt ? NULL : &rx->dst;
}

static enum lisp_drop reply_to(const struct lisp_msg *msg, struct ipaddr *dst)
{
	if (CHECK_FLAG(msg->h.flags, LISP_MREQ_F_NO_REPLY))
		return LISP_DROP_DO_NOT_REPLY;
	return lisp_answer_to(msg, dst) ? LISP_OK : LISP_DROP_UNREACHABLE;
}

static void reply_start(struct lisp_writer *w, const struct lisp_msg *msg)
{
	struct lisp_header h = { .type = LISP_MAP_REPLY, .nonce = msg->h.nonce };

	lisp_put_header(w, &h);
}

static enum lisp_drop negative(const struct lisp_rx *rx, const struct lisp_msg *msg,
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

	drop = reply_to(msg, &dst);
	if (drop != LISP_OK)
		return drop;

	lisp_writer_init(&w, buf, sizeof(buf));
	reply_start(&w, msg);
	lisp_put_mapping(&w, &mapping);
	drop = lisp_answer(rx, msg, &reply_limit, reply_source(rx), &w, &dst);
	if (drop != LISP_OK)
		return drop;

	lisp_stats_event(LISP_EV_NEGATIVE_OUT);
	LISP_DBG(ms, "%pLE: negative, natively-forward, %u min, to %pIA", hole, ttl, &dst);
	return LISP_OK;
}

enum lisp_drop lisp_ms_unknown_eid(const struct lisp_rx *rx, const struct lisp_msg *msg,
				   const struct lisp_eid *eid)
{
	enum lisp_alt_knowledge known = lisp_alt_knowledge(eid);
	struct lisp_eid hole;

	/* Without Map-Server and ALT nothing is known, so nothing is known not to be. */
	if (known == LISP_ALT_ABSENT && !lisp_service_of(eid)->map_server)
		return LISP_DROP_ALT_NOT_READY;
	if (known == LISP_ALT_NONE)
		return LISP_DROP_ALT_NOT_READY;
	/* A prefix is asked for whose first address has an answer: others may not */
	if (!lisp_space_hole(eid, NULL, &hole))
		return LISP_DROP_NOT_LOCAL_EID;
	return negative(rx, msg, &hole, known == LISP_ALT_FILLING ? TTL_UNCERTAIN : TTL_NOT_AN_EID);
}

/* ---- proxy replies ---- */

/* What an ITR can read: some ETRs set the top bit to count seconds. */
static uint32_t ttl_minutes(uint32_t ttl)
{
	if (ttl == LISP_TTL_LOCAL)
		return TTL_DEFAULT;
	if (CHECK_FLAG(ttl, LISP_TTL_SECONDS))
		return MAX((ttl & ~LISP_TTL_SECONDS) / 60, 1);
	return ttl;
}

/*
 * One TTL for all records, the prefix's own (RFC 9301 section 5.5). Its value. What is
 * not authoritative has no L and p bits: no locator is ours (section 5.4).
 */
static uint32_t put_proxy(struct lisp_writer *w, const struct lisp_site_prefix *prefix,
			  const struct lisp_eid *as, uint32_t ttl)
{
	struct lisp_mapping merged, reply = *lisp_site_prefix_mapping(prefix, &merged);

	reply.eid = *as;
	reply.authoritative = false;
	reply.ttl = ttl_minutes(ttl ? ttl : reply.ttl);
	lisp_put_mapping(w, &reply);
	lisp_mapping_fini(&merged);
	return reply.ttl;
}

/* Of a prefix; a name has but one. */
static struct lisp_eid first_address(const struct lisp_eid *eid)
{
	struct lisp_eid host = *eid;

	if (eid->kind != LISP_EID_NAME)
		host.prefix.prefixlen = lisp_eid_bits(eid);
	return host;
}

/*
 * The prefix and all registered more-specifics in it (RFC 9301 section 5.5). When
 * that does not fit, the part of the prefix around the EID that has none in it:
 * as true, and short. The writer's buffer has LISP_MSG_SAFE_V6 octets.
 */
static bool build_proxy_reply(struct lisp_writer *w, const struct lisp_msg *msg,
			      const struct lisp_site_prefix *prefix, const struct lisp_eid *eid)
{
	struct lisp_site_prefix *inside = NULL;
	const struct lisp_site_prefix *first;
	struct lisp_eid host, part;
	uint32_t ttl;

	reply_start(w, msg);
	ttl = put_proxy(w, prefix, &prefix->eid, 0);
	while (!w->overflow && (inside = lisp_site_prefix_inside(&prefix->eid, inside)))
		if (lisp_site_prefix_registered(inside))
			put_proxy(w, inside, &inside->eid, ttl);
	if (!w->overflow)
		return true;

	/* Of a prefix that is asked for, the part with its first address. */
	host = first_address(eid);
	first = lisp_site_prefix_match(&host);
	if (!lisp_site_prefix_registered(first) || !lisp_space_hole(&host, &first->eid, &part))
		return false;
	lisp_writer_init(w, w->buf, LISP_MSG_SAFE_V6); /* one record: always enough */
	reply_start(w, msg);
	put_proxy(w, first, &part, 0);
	return !w->overflow;
}

static enum lisp_drop proxy_reply(const struct lisp_rx *rx, const struct lisp_msg *msg,
				  const struct lisp_site_prefix *prefix, const struct lisp_eid *eid)
{
	uint8_t buf[LISP_MSG_SAFE_V6];
	struct lisp_writer w;
	enum lisp_drop drop;
	struct ipaddr dst;

	drop = reply_to(msg, &dst);
	if (drop != LISP_OK)
		return drop;

	lisp_writer_init(&w, buf, IS_IPADDR_V4(&dst) ? LISP_MSG_SAFE_V4 : LISP_MSG_SAFE_V6);
	if (!build_proxy_reply(&w, msg, prefix, eid))
		return LISP_DROP_BAD_LENGTH;
	drop = lisp_answer(rx, msg, &reply_limit, reply_source(rx), &w, &dst);
	if (drop != LISP_OK)
		return drop;

	lisp_stats_event(LISP_EV_PROXY_OUT);
	LISP_DBG(ms, "%pLE: proxy reply to %pIA", &prefix->eid, &dst);
	return LISP_OK;
}

/* ---- forwarding to an ETR ---- */

/* The address that we can send to: of a family that we have, and not ours. */
static bool etr_reachable(const struct ipaddr *etr)
{
	struct ipaddr own;

	return lisp_rloc_own(ipaddr_family(etr), &own) && !lisp_rloc_is_own(etr);
}

/* Lower is better: what is up and usable, by priority, then spread by EID. */
static uint32_t etr_rank(const struct lisp_locator *locator, uint32_t hash, unsigned int i)
{
	uint32_t rank = 0;

	if (!locator->reach || locator->priority == LISP_PRIORITY_UNUSABLE)
		rank |= 1U << 31;
	rank |= (uint32_t)locator->priority << 16;
	return rank | ((hash + i * 0x9e37) & 0xffff);
}

/* The best locator that names an ETR and is not among tried; -1: none. */
static int choose_etr(const struct lisp_mapping *mapping, uint32_t hash, uint32_t tried,
		      struct ipaddr *etr)
{
	uint32_t best_rank = 0;
	struct ipaddr addr;
	int best = -1;

	for (unsigned int i = 0; i < mapping->n_locators; i++) {
		const struct lisp_locator *locator = &mapping->locators[i];
		uint32_t rank = etr_rank(locator, hash, i);

		if (tried & (1U << i) || !lisp_locator_etr(locator, &addr) || !etr_reachable(&addr))
			continue;
		if (best < 0 || rank < best_rank) {
			best = i;
			best_rank = rank;
			*etr = addr;
		}
	}
	return best;
}

/* The request in an ECM: the inner packet as it came, unless it had several records. */
static void build_forward(struct lisp_writer *w, const struct lisp_rx *rx)
{
	if (rx->inner)
		lisp_ecm_wrap(w, LISP_ECM_F_TO_ETR, rx->inner, rx->inner_len);
	else if (rx->ecm)
		lisp_ecm_encode(w, LISP_ECM_F_TO_ETR, &rx->inner_src, &rx->inner_dst,
				rx->inner_sport, LISP_CONTROL_PORT, rx->data, rx->len);
	else
		lisp_ecm_encode(w, LISP_ECM_F_TO_ETR, &rx->src, &rx->dst, rx->sport, rx->dport,
				rx->data, rx->len);
}

static bool names_etr(const struct lisp_mapping *mapping)
{
	struct ipaddr etr;

	for (unsigned int i = 0; i < mapping->n_locators; i++)
		if (lisp_locator_etr(&mapping->locators[i], &etr))
			return true;
	return false;
}

static enum lisp_drop forward_to(const struct lisp_rx *rx, const struct lisp_eid *eid,
				 const struct lisp_writer *w, const struct ipaddr *etr)
{
	if (!lisp_buckets_take(&forward_limit, etr))
		return LISP_DROP_RATE_LIMITED;
	if (lisp_io_send(NULL, etr, LISP_CONTROL_PORT, w->buf, w->len))
		return LISP_DROP_UNREACHABLE;
	lisp_stats_event(LISP_EV_FORWARDED);
	LISP_DBG(ms, "%pLE: Map-Request of %pIA forwarded to ETR %pIA", eid,
		 rx->ecm ? &rx->inner_src : &rx->src, etr);
	return LISP_OK;
}

/* To an ETR that a locator names; if none does, to where a registration came from. */
static enum lisp_drop forward(const struct lisp_rx *rx, const struct lisp_eid *eid,
			      const struct lisp_site_prefix *prefix,
			      const struct lisp_mapping *mapping)
{
	enum lisp_drop drop = LISP_DROP_UNREACHABLE;
	uint32_t hash = lisp_eid_hash(eid), tried = 0;
	const struct lisp_registration *reg;
	uint8_t buf[LISP_MSG_MAX + 64];
	struct lisp_writer w;
	struct ipaddr etr;
	int i;

	lisp_writer_init(&w, buf, sizeof(buf));
	build_forward(&w, rx);
	if (w.overflow)
		return LISP_DROP_BAD_LENGTH;

	while (drop == LISP_DROP_UNREACHABLE && (i = choose_etr(mapping, hash, tried, &etr)) >= 0) {
		tried |= 1U << i;
		drop = forward_to(rx, eid, &w, &etr);
	}
	if (!mapping->n_locators || names_etr(mapping))
		return drop;
	frr_each (lisp_registrations_const, &prefix->registrations, reg)
		if (drop == LISP_DROP_UNREACHABLE && etr_reachable(&reg->from))
			drop = forward_to(rx, eid, &w, &reg->from);
	return drop;
}

/* ---- the way of a request ---- */

static bool wants_proxy(const struct lisp_site_prefix *prefix)
{
	const struct lisp_registration *reg;

	frr_each (lisp_registrations_const, &prefix->registrations, reg)
		if (reg->proxy_reply)
			return true;
	return false;
}

static enum lisp_drop serve(const struct lisp_rx *rx, const struct lisp_msg *msg,
			    const struct lisp_site_prefix *prefix, const struct lisp_eid *eid);

/*
 * No answer for the prefix: negative, for the part of it around the EID that nobody has.
 * If a prefix is asked for and somebody has its first address, he answers.
 */
static enum lisp_drop not_registered(const struct lisp_rx *rx, const struct lisp_msg *msg,
				     const struct lisp_site_prefix *prefix,
				     const struct lisp_eid *eid)
{
	const struct lisp_site_prefix *first;
	struct lisp_eid hole, host;

	if (lisp_space_hole(eid, &prefix->eid, &hole))
		return negative(rx, msg, &hole, TTL_NOT_REGISTERED);

	host = first_address(eid);
	first = lisp_site_prefix_match(&host);
	if (lisp_eid_is_host(eid) || first == prefix || !lisp_site_prefix_registered(first))
		return LISP_DROP_NOT_LOCAL_EID;
	return serve(rx, msg, first, &host);
}

static enum lisp_drop serve(const struct lisp_rx *rx, const struct lisp_msg *msg,
			    const struct lisp_site_prefix *prefix, const struct lisp_eid *eid)
{
	bool from_site = CHECK_FLAG(msg->h.flags, LISP_MREQ_F_AUTHORITATIVE);
	bool proxy = wants_proxy(prefix);
	struct lisp_mapping merged;
	enum lisp_drop drop;

	if (!proxy || from_site) {
		drop = forward(rx, eid, prefix, lisp_site_prefix_mapping(prefix, &merged));
		lisp_mapping_fini(&merged);
		if (drop == LISP_OK || drop == LISP_DROP_RATE_LIMITED)
			return drop;
	}
	if (proxy)
		return proxy_reply(rx, msg, prefix, eid);
	/* Registered, and no ETR that we could ask: as good as not registered. */
	return not_registered(rx, msg, prefix, eid);
}

enum lisp_drop lisp_ms_rx_request(const struct lisp_rx *rx, const struct lisp_msg *msg)
{
	struct lisp_cursor c = lisp_msg_requests(msg);
	const struct lisp_site_prefix *prefix;
	struct lisp_request request;
	struct lisp_eid eid;
	enum lisp_drop drop;

	/* RFC 9301 section 5.2 */
	if (CHECK_FLAG(msg->h.flags, LISP_MREQ_F_PROBE))
		return LISP_DROP_PROBE_TO_MS;
	if (!lisp_request_next(&c, &request))
		return LISP_DROP_NO_RECORDS;
	drop = lisp_addr_to_any_eid(&request.eid, request.mask_len, &eid);
	if (drop != LISP_OK)
		return drop;
	if (!lisp_service_of(&eid)->map_server)
		return LISP_DROP_NOT_ENABLED;

	prefix = lisp_site_prefix_match(&eid);
	if (!prefix)
		return lisp_ms_unknown_eid(rx, msg, &eid);
	if (!lisp_site_prefix_registered(prefix))
		return not_registered(rx, msg, prefix, &eid);
	return serve(rx, msg, prefix, &eid);
}
