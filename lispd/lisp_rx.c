// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One way for every control message: count, decode and validate all of it,
 * unwrap an ECM, dispatch by type. A refusal is a reason, counted here.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "log.h"

#include "lispd/lisp_debug.h"
#include "lispd/lisp_etr.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_log.h"
#include "lispd/lisp_mr.h"
#include "lispd/lisp_ms.h"
#include "lispd/lisp_ms_request.h"
#include "lispd/lisp_msg_debug.h"
#include "lispd/lisp_pending.h"
#include "lispd/lisp_refusal.h"
#include "lispd/lisp_register.h"
#include "lispd/lisp_rx.h"
#include "lispd/lisp_smr.h"
#include "lispd/lisp_space.h"
#include "lispd/lisp_wire.h"

/* ---- Map-Requests ---- */

static bool takes_rest(const struct lisp_query *query)
{
	return true;
}

/*
 * Who takes a record: the first that says so. A taker of all gets all its records in one
 * message, the others one by one.
 */
static const struct taker {
	bool (*takes)(const struct lisp_query *query);
	enum lisp_drop (*serve)(const struct lisp_query *query);
	bool all;
} takers[] = {
	{ lisp_etr_takes, lisp_etr_rx_request, true }, /* ours, or forwarded to us */
	{ lisp_mr_takes_alt, lisp_mr_rx_request },     /* what the ALT reaches */
	{ lisp_ms_takes, lisp_ms_rx_request },	       /* a site's */
	{ lisp_mr_takes, lisp_mr_rx_request },	       /* a client's; nobody knows it */
	{ takes_rest, lisp_etr_rx_request },	       /* nobody's: the ETR says why not */
};

static enum lisp_drop find_taker(struct lisp_query *query, const struct lisp_request *request,
				 const struct taker **taker)
{
	enum lisp_drop drop = lisp_addr_to_any_eid(&request->eid, request->mask_len, &query->eid);

	if (drop != LISP_OK)
		return drop;
	/* NLRI have no instance-id: an ALT is of one instance */
	if (query->rx->alt && query->eid.iid != query->rx->alt_iid)
		return LISP_DROP_ALT_INSTANCE;
	query->service = lisp_service_of(&query->eid);
	query->owner = lisp_space_owner(&query->eid);
	for (*taker = takers; !(*taker)->takes(query); (*taker)++)
		;
	return LISP_OK;
}

/* A Map-Request of several records: of each its octets, its taker, and what became of it. */
struct parts {
	const struct lisp_rx *rx;
	const struct lisp_msg *msg;
	unsigned int n;
	const uint8_t *start[UINT8_MAX + 1];
	const struct taker *taker[UINT8_MAX]; /* NULL: it has none, or is served */
	enum lisp_drop drop[UINT8_MAX];
};

static void parts_find(struct parts *parts)
{
	struct lisp_query query = { .rx = parts->rx, .msg = parts->msg };
	struct lisp_cursor c = lisp_msg_requests(parts->msg);
	struct lisp_request request;
	enum lisp_drop drop;

	parts->start[0] = c.p;
	for (parts->n = 0; lisp_request_next(&c, &request); parts->n++) {
		parts->start[parts->n + 1] = c.p;
		drop = find_taker(&query, &request, &parts->taker[parts->n]);
		/* until it is served */
		parts->drop[parts->n] = drop == LISP_OK ? LISP_DROP_REPLY_FULL : drop;
	}
}

/*
 * Moves the record at i, and for a taker of all its other ones, into a message. Their
 * number and places.
 */
static unsigned int parts_take(struct parts *parts, unsigned int i, struct lisp_writer *w,
			       uint8_t taken[UINT8_MAX])
{
	const struct taker *taker = parts->taker[i];
	const struct lisp_msg *msg = parts->msg;
	const uint8_t *tail = parts->start[parts->n];
	unsigned int n = 0;

	lisp_put_octets(w, msg->buf, parts->start[0] - msg->buf);
	for (; i < parts->n && (!n || taker->all); i++) {
		if (parts->taker[i] != taker)
			continue;
		lisp_put_octets(w, parts->start[i], parts->start[i + 1] - parts->start[i]);
		parts->taker[i] = NULL;
		taken[n++] = (uint8_t)i;
	}
	lisp_put_octets(w, tail, msg->buf + msg->len - tail);
	if (!w->overflow)
		w->buf[3] = (uint8_t)n; /* record count */
	return n;
}

static enum lisp_drop rx_one(const struct lisp_rx *rx, const struct lisp_msg *msg);

static enum lisp_drop parts_serve(const struct parts *parts, const struct lisp_writer *w)
{
	struct lisp_rx rx = *parts->rx;
	struct lisp_msg msg;
	enum lisp_drop drop;

	if (w->overflow)
		return LISP_DROP_BAD_LENGTH;
	rx.data = w->buf;
	rx.len = w->len;
	rx.inner = NULL;
	drop = lisp_msg_decode(rx.data, rx.len, &msg);
	return drop == LISP_OK ? rx_one(&rx, &msg) : drop;
}

static void parts_serve_all(struct parts *parts)
{
	uint8_t buf[LISP_MSG_MAX], taken[UINT8_MAX];
	unsigned int served = 0, n;
	struct lisp_writer w;
	enum lisp_drop drop;

	for (unsigned int i = 0; i < parts->n && served < LISP_REQUEST_PARTS_MAX; i++) {
		if (!parts->taker[i])
			continue;
		lisp_writer_init(&w, buf, sizeof(buf));
		n = parts_take(parts, i, &w, taken);
		drop = parts_serve(parts, &w);
		served += drop == LISP_OK;
		while (n)
			parts->drop[taken[--n]] = drop;
	}
}

/* Good if any record is; what is left out then is counted, each with its reason. */
static enum lisp_drop rx_records(const struct lisp_rx *rx, const struct lisp_msg *msg)
{
	struct parts parts = { .rx = rx, .msg = msg };
	enum lisp_drop last = LISP_DROP_NOT_SUPPORTED;
	unsigned int good = 0;

	parts_find(&parts);
	parts_serve_all(&parts);
	for (unsigned int i = 0; i < parts.n; i++) {
		if (parts.drop[i] == LISP_OK)
			good++;
		else
			last = parts.drop[i];
	}
	if (!good)
		return last;
	for (unsigned int i = 0; i < parts.n; i++) {
		if (parts.drop[i] != LISP_OK)
			lisp_stats_record_left(parts.drop[i]);
	}
	return LISP_OK;
}

/* The first record says who takes all of them. */
static enum lisp_drop rx_one(const struct lisp_rx *rx, const struct lisp_msg *msg)
{
	struct lisp_query query = { .rx = rx, .msg = msg };
	struct lisp_cursor c = lisp_msg_requests(msg);
	struct lisp_request request;
	const struct taker *taker;
	enum lisp_drop drop;

	if (!lisp_request_next(&c, &request))
		return LISP_DROP_NO_RECORDS;
	drop = find_taker(&query, &request, &taker);
	return drop == LISP_OK ? taker->serve(&query) : drop;
}

static enum lisp_drop rx_request(const struct lisp_rx *rx, const struct lisp_msg *msg)
{
	const struct lisp_query probe = { .rx = rx, .msg = msg };

	if (CHECK_FLAG(msg->h.flags, LISP_MREQ_F_SMR))
		return lisp_smr_rx(rx, msg);
	if (CHECK_FLAG(msg->h.flags, LISP_MREQ_F_PROBE))
		return lisp_etr_rx_probe(&probe);
	return msg->record_count > 1 ? rx_records(rx, msg) : rx_one(rx, msg);
}

/* ---- messages ---- */

static enum lisp_drop rx_message(struct lisp_rx *rx, uint8_t *type);

static enum lisp_drop rx_ecm(struct lisp_rx *rx, const struct lisp_msg *msg, uint8_t *type)
{
	const struct lisp_ecm *ecm = &msg->ecm;

	if (rx->ecm)
		return LISP_DROP_NESTED_ECM;
	if (rx->alt)
		return LISP_DROP_NOT_ALT_DATAGRAM;
	/* LISP-SEC (RFC 9303) is not spoken: its data would go unprotected */
	if (ecm->security)
		return LISP_DROP_NOT_SUPPORTED;

	rx->ecm = true;
	rx->ecm_to_etr = CHECK_FLAG(ecm->flags, LISP_ECM_F_TO_ETR);
	rx->ecm_to_ms = CHECK_FLAG(ecm->flags, LISP_ECM_F_TO_MS);
	rx->inner_src = ecm->inner.src;
	rx->inner_dst = ecm->inner.dst;
	rx->inner_sport = ecm->inner.sport;
	rx->inner = ecm->inner.packet;
	rx->inner_len = ecm->inner.packet_len;
	rx->data = ecm->inner.payload;
	rx->len = ecm->inner.payload_len;
	return rx_message(rx, type);
}

/* RFC 9301 section 5.8: only Map-Requests travel in an ECM to us. */
static enum lisp_drop dispatch(struct lisp_rx *rx, const struct lisp_msg *msg, uint8_t *type)
{
	if (rx->ecm && msg->h.type != LISP_MAP_REQUEST)
		return msg->h.type == LISP_ECM ? LISP_DROP_NESTED_ECM : LISP_DROP_BAD_INNER;
	if (rx->alt && msg->h.type != LISP_MAP_REQUEST)
		return LISP_DROP_NOT_ALT_DATAGRAM;

	switch (msg->h.type) {
	case LISP_MAP_REQUEST:
		return rx_request(rx, msg);
	case LISP_MAP_REPLY:
		return lisp_pending_rx_reply(rx, msg);
	case LISP_MAP_REGISTER:
		return lisp_ms_rx_register(rx, msg);
	case LISP_MAP_NOTIFY:
		return lisp_register_rx_notify(rx, msg);
	case LISP_MAP_NOTIFY_ACK:
		return lisp_ms_rx_notify_ack(rx, msg);
	case LISP_ECM:
		return rx_ecm(rx, msg, type);
	default:
		return LISP_DROP_NOT_SUPPORTED;
	}
}

/* What RFC 9301 section 5.1, RFC 9306 section 3 and RFC 9437 want in the log. */
static void malformed_log(const struct lisp_rx *rx, uint8_t type, enum lisp_drop drop)
{
	if ((drop == LISP_DROP_BAD_AFI || drop == LISP_DROP_BAD_LCAF ||
	     drop == LISP_DROP_NO_XTR_ID) &&
	    lisp_log_room(&rx->src))
		zlog_notice("%s from %pIA dropped: %s", lisp_type_name(type), &rx->src,
			    lisp_drop_name(drop));
}

/* What the message is about; false: nothing that we know. */
static bool first_eid(const struct lisp_msg *msg, struct lisp_eid *eid)
{
	struct lisp_cursor c = lisp_msg_requests(msg);
	struct lisp_request request;
	struct lisp_record record;

	if (msg->h.type == LISP_MAP_REQUEST)
		return lisp_request_next(&c, &request) &&
		       lisp_addr_to_any_eid(&request.eid, request.mask_len, eid) == LISP_OK;
	c = lisp_msg_records(msg);
	return lisp_record_next(&c, &record) &&
	       lisp_addr_to_any_eid(&record.eid, record.mask_len, eid) == LISP_OK;
}

static enum lisp_drop rx_message(struct lisp_rx *rx, uint8_t *type)
{
	struct lisp_msg msg;
	enum lisp_drop drop = lisp_msg_decode(rx->data, rx->len, &msg);
	uint64_t noted = lisp_refusals_noted();
	struct lisp_eid eid;

	*type = rx->len ? msg.h.type : 0;
	lisp_stats_in(*type);
	if (drop != LISP_OK) {
		lisp_refusal_note(*type, drop, &rx->src, NULL, NULL);
		malformed_log(rx, *type, drop);
		return drop;
	}
	if (msg.lenient)
		lisp_stats_event(LISP_EV_LENIENT);

	LISP_DBG(packet, "%s from %pIA port %u%s, nonce 0x%016" PRIx64, lisp_type_name(*type),
		 &rx->src, rx->sport, rx->alt ? " over the ALT" : "", msg.h.nonce);
	lisp_msg_debug(&msg);
	drop = dispatch(rx, &msg, type);
	/* who refused it may have told more, and so has the message in an ECM */
	if (drop != LISP_OK && lisp_refusals_noted() == noted)
		lisp_refusal_note(*type, drop, &rx->src, first_eid(&msg, &eid) ? &eid : NULL, NULL);
	return drop;
}

void lisp_rx(struct lisp_rx *rx)
{
	uint8_t type = 0;
	enum lisp_drop drop = rx_message(rx, &type);

	if (drop == LISP_OK)
		return;

	lisp_stats_drop(type, drop);
	LISP_DBG(packet, "%s from %pIA port %u dropped: %s", lisp_type_name(type), &rx->src,
		 rx->sport, lisp_drop_name(drop));
}
