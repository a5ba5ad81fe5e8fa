// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Map-Server: Map-Requests in (RFC 9301 section 8.3), from a Map-Resolver's ECM or
 * from the ALT.
 *
 *   EID in no configured prefix     negative, natively-forward, 15 minutes
 *   configured but not registered   the same, 1 minute; no answer soon after a restart
 *   some xTR wants proxy replies    we answer, unless the ITR insists on the site
 *   else                            to one of the site's ETRs in an ECM, unchanged
 */
#include <zebra.h>

#include <string.h>

#include "lispd/lisp_answer.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_forward.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_ms_request.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_space.h"
#include "lispd/lisp_store.h"

/* ---- proxy replies ---- */

/* What an ITR can read: some ETRs set the top bit to count seconds. */
static uint32_t ttl_minutes(uint32_t ttl)
{
	if (ttl == LISP_TTL_LOCAL)
		return LISP_RECORD_TTL_DEFAULT;
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
 * as true, and as short as can be: one record is sent, however long its locators are. The
 * writer's buffer has LISP_MSG_MAX octets.
 */
static bool build_proxy_reply(struct lisp_writer *w, const struct lisp_msg *msg,
			      const struct lisp_site_prefix *prefix, const struct lisp_eid *eid)
{
	struct lisp_site_prefix *inside = NULL;
	const struct lisp_site_prefix *first;
	struct lisp_eid host, part;
	uint32_t ttl;

	lisp_answer_start(w, msg, 0);
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
	lisp_writer_init(w, w->buf, LISP_MSG_MAX);
	lisp_answer_start(w, msg, 0);
	put_proxy(w, first, &part, 0);
	return !w->overflow;
}

static enum lisp_drop proxy_reply(const struct lisp_rx *rx, const struct lisp_msg *msg,
				  const struct lisp_site_prefix *prefix, const struct lisp_eid *eid)
{
	uint8_t buf[LISP_MSG_MAX];
	struct lisp_writer w;
	enum lisp_drop drop;
	struct ipaddr dst;

	drop = lisp_answer_to(msg, &dst);
	if (drop != LISP_OK)
		return drop;

	lisp_writer_init(&w, buf, lisp_answer_size(msg));
	if (!build_proxy_reply(&w, msg, prefix, eid))
		return LISP_DROP_BAD_LENGTH;
	drop = lisp_answer_client(rx, msg, &w, &dst);
	if (drop != LISP_OK)
		return drop;

	lisp_stats_event(LISP_EV_PROXY_OUT);
	LISP_DBG_EID(ms, &prefix->eid, "proxy reply to %pIA", &dst);
	return LISP_OK;
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

	if (!lisp_site_prefix_registered(prefix) && lisp_store_settling())
		return LISP_DROP_NOT_BACK;
	if (lisp_space_hole(eid, &prefix->eid, &hole))
		return lisp_answer_negative(rx, msg, &hole, LISP_TTL_NOT_REGISTERED);

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
		drop = lisp_forward_to_etr(rx, eid, prefix,
					   lisp_site_prefix_mapping(prefix, &merged));
		lisp_mapping_fini(&merged);
		if (drop == LISP_OK || drop == LISP_DROP_RATE_LIMITED)
			return drop;
	}
	if (proxy)
		return proxy_reply(rx, msg, prefix, eid);
	/* Registered, and no ETR that we could ask: as good as not registered. */
	return not_registered(rx, msg, prefix, eid);
}

/* Also what nobody knows, if there is no Map-Resolver to say so. */
bool lisp_ms_takes(const struct lisp_query *query)
{
	if (!query->service->map_server)
		return false;
	return query->owner == LISP_OWNER_REGISTRY || !query->service->map_resolver ||
	       query->rx->alt ||
	       (query->owner == LISP_OWNER_ALT && lisp_site_prefix_match(&query->eid));
}

enum lisp_drop lisp_ms_rx_request(const struct lisp_query *query)
{
	const struct lisp_site_prefix *prefix = lisp_site_prefix_match(&query->eid);

	if (!prefix)
		return lisp_answer_unknown_eid(query->rx, query->msg, &query->eid);
	if (!lisp_site_prefix_registered(prefix))
		return not_registered(query->rx, query->msg, prefix, &query->eid);
	return serve(query->rx, query->msg, prefix, &query->eid);
}
