// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages in the log of debug messages. */
#include <zebra.h>

#include <stdbool.h>

#include "lispd/lisp_addr.h"
#include "lispd/lisp_addr_eid.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_msg_debug.h"

/* "[7] 10.1.0.0/16"; what is no EID that we know as it arrived. False: of another instance. */
static bool eid_text(const struct lisp_addr *addr, uint8_t mask_len, char *buf, size_t size)
{
	char text[LISP_ADDR_STRLEN];
	struct lisp_eid eid;

	if (lisp_addr_to_any_eid(addr, mask_len, &eid) == LISP_OK) {
		lisp_eid_str(&eid, buf, size);
		return lisp_debug_wants(&eid);
	}
	snprintf(buf, size, "%s/%u", lisp_addr_str(addr, text, sizeof(text)), mask_len);
	return true;
}

static void request_debug(const struct lisp_msg *msg)
{
	struct lisp_cursor c = lisp_msg_itr_rlocs(msg);
	char text[LISP_ADDR_STRLEN + 8], source[LISP_ADDR_STRLEN];
	struct lisp_request request;
	struct lisp_addr rloc;

	while (lisp_itr_rloc_next(&c, &rloc))
		LISP_DBG(packet, "  ITR-RLOC %s", lisp_addr_str(&rloc, text, sizeof(text)));
	lisp_addr_str(&msg->h.source_eid, source, sizeof(source));
	c = lisp_msg_requests(msg);
	while (lisp_request_next(&c, &request))
		if (eid_text(&request.eid, request.mask_len, text, sizeof(text)))
			LISP_DBG(packet, "  asks for %s, Source-EID %s", text, source);
}

static void record_debug(const struct lisp_record *record)
{
	struct lisp_cursor c = lisp_record_locators(record);
	char text[LISP_ADDR_STRLEN + 8];
	struct lisp_wire_locator loc;

	if (!eid_text(&record->eid, record->mask_len, text, sizeof(text)))
		return;
	LISP_DBG(packet, "  record %s, ttl %u, action %s, %sauthoritative, %u locators", text,
		 record->ttl, lisp_action_name(record->action), record->authoritative ? "" : "not ",
		 record->locator_count);
	while (lisp_locator_next(&c, &loc))
		LISP_DBG(packet, "    %s pri/wei=%u/%u %c%c%c",
			 lisp_addr_str(&loc.addr, text, sizeof(text)), loc.priority, loc.weight,
			 loc.local ? 'L' : 'l', loc.probe ? 'P' : 'p', loc.reach ? 'R' : 'r');
}

void lisp_msg_debug(const struct lisp_msg *msg)
{
	struct lisp_record record;
	struct lisp_cursor c;

	if (!LISP_DBG_IS(packet) || msg->h.type == LISP_ECM)
		return;
	if (msg->h.type == LISP_MAP_REQUEST)
		request_debug(msg);
	c = lisp_msg_records(msg);
	while (lisp_record_next(&c, &record))
		record_debug(&record);
}

void lisp_msg_debug_octets(const uint8_t *octets, size_t len)
{
	struct lisp_msg msg;

	if (!LISP_DBG_IS(packet) || lisp_msg_decode(octets, len, &msg) != LISP_OK)
		return;
	if (msg.h.type == LISP_ECM &&
	    lisp_msg_decode(msg.ecm.inner.payload, msg.ecm.inner.payload_len, &msg) != LISP_OK)
		return;
	lisp_msg_debug(&msg);
}
