// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One way for every control message: count, decode and validate all of it,
 * unwrap an ECM, dispatch by type. A refusal is a reason, counted here.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "lispd/lisp_debug.h"
#include "lispd/lisp_etr.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_mr.h"
#include "lispd/lisp_ms.h"
#include "lispd/lisp_ms_request.h"
#include "lispd/lisp_pending.h"
#include "lispd/lisp_register.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_rx.h"
#include "lispd/lisp_smr.h"
#include "lispd/lisp_space.h"
#include "lispd/lisp_wire.h"

#define RECORDS_MAX 16 /* of a Map-Request that are answered one by one */

static enum lisp_drop first_eid(const struct lisp_msg *msg, struct lisp_eid *eid)
{
	struct lisp_cursor c = lisp_msg_requests(msg);
	struct lisp_request req;

	if (!lisp_request_next(&c, &req))
		return LISP_DROP_NO_RECORDS;
	return lisp_addr_to_any_eid(&req.eid, req.mask_len, eid);
}

static enum lisp_drop rx_each_record(const struct lisp_rx *rx, const struct lisp_msg *msg);

static enum lisp_drop rx_request(const struct lisp_rx *rx, const struct lisp_msg *msg)
{
	const struct lisp_service *service;
	enum lisp_owner owner;
	enum lisp_drop drop;
	struct lisp_eid eid;

	if (CHECK_FLAG(msg->h.flags, LISP_MREQ_F_SMR))
		return lisp_smr_rx(rx, msg);

	/* RFC 9301 section 5.2: probes go from xTR to xTR, in the clear */
	if (CHECK_FLAG(msg->h.flags, LISP_MREQ_F_PROBE)) {
		if (rx->ecm)
			return LISP_DROP_PROBE_IN_ECM;
		if (rx->alt || !lisp_is_etr())
			return LISP_DROP_PROBE_TO_MS;
		return lisp_etr_rx_request(rx, msg);
	}

	if (msg->record_count > 1 && (lisp_is_ms() || lisp_is_mr()))
		return rx_each_record(rx, msg);
	drop = first_eid(msg, &eid);
	if (drop != LISP_OK)
		return drop;

	service = lisp_service_of(&eid);
	owner = lisp_space_owner(&eid);

	/* What a Map-Server has forwarded (section 5.8) is not forwarded again. */
	if (rx->ecm_to_etr || owner == LISP_OWNER_DATABASE)
		return lisp_etr_rx_request(rx, msg);
	if (service->map_resolver && rx->ecm && owner == LISP_OWNER_ALT)
		return lisp_mr_rx_request(rx, msg);
	if (service->map_server &&
	    (owner == LISP_OWNER_REGISTRY || !service->map_resolver || rx->alt ||
	     (owner == LISP_OWNER_ALT && lisp_site_prefix_match(&eid))))
		return lisp_ms_rx_request(rx, msg);
	if (service->map_resolver && rx->ecm)
		return lisp_mr_rx_request(rx, msg);
	return lisp_etr_rx_request(rx, msg);
}

/*
 * Each record may be another's business: so many requests of one record, all other
 * octets the same.
 */
static enum lisp_drop rx_each_record(const struct lisp_rx *rx, const struct lisp_msg *msg)
{
	struct lisp_cursor c = lisp_msg_requests(msg), end = c;
	size_t head = c.p - msg->buf, record, tail;
	enum lisp_drop drop, result = LISP_DROP_NOT_SUPPORTED;
	struct lisp_rx one = *rx;
	struct lisp_request request;
	uint8_t buf[LISP_MSG_MAX];
	struct lisp_msg part;

	while (lisp_request_next(&end, &request))
		;
	tail = msg->buf + msg->len - end.p;
	memcpy(buf, msg->buf, head);
	buf[3] = 1; /* record count */

	one.data = buf;
	one.inner = NULL;
	for (unsigned int i = 0; i < MIN(msg->record_count, RECORDS_MAX); i++) {
		const uint8_t *start = c.p;

		lisp_request_next(&c, &request);
		record = c.p - start;
		if (head + record + tail > sizeof(buf))
			return LISP_DROP_BAD_LENGTH;
		memcpy(buf + head, start, record);
		memcpy(buf + head + record, end.p, tail);
		one.len = head + record + tail;

		drop = lisp_msg_decode(one.data, one.len, &part);
		if (drop == LISP_OK)
			drop = rx_request(&one, &part);
		if (result != LISP_OK)
			result = drop;
	}
	return result;
}

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

static enum lisp_drop rx_message(struct lisp_rx *rx, uint8_t *type)
{
	struct lisp_msg msg;
	enum lisp_drop drop = lisp_msg_decode(rx->data, rx->len, &msg);

	*type = rx->len ? msg.h.type : 0;
	lisp_stats_in(*type);
	if (drop != LISP_OK)
		return drop;
	if (msg.lenient)
		lisp_stats_event(LISP_EV_LENIENT);

	LISP_DBG(packet, "%s from %pIA port %u%s, nonce 0x%016" PRIx64, lisp_type_name(*type),
		 &rx->src, rx->sport, rx->alt ? " over the ALT" : "", msg.h.nonce);
	return dispatch(rx, &msg, type);
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
