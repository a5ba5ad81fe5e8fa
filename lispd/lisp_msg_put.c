// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Control messages: writing. The counterpart of lisp_msg.c.
 */
#include <zebra.h>

#include "lispd/lisp_msg.h"

#define COUNT_OFFSET	     3 /* of the record count in the first word */
#define IRC_OFFSET	     2
#define LOCATOR_COUNT_OFFSET 4 /* of a record */

static uint8_t message_type(const struct lisp_writer *w)
{
	return w->buf[w->msg] >> 4;
}

/* One more in an 8-bit count; a 256th element is an overflow. */
static void count_up(struct lisp_writer *w, size_t offset)
{
	if (w->overflow)
		return;
	if (w->buf[offset] == UINT8_MAX)
		w->overflow = true;
	else
		w->buf[offset]++;
}

static void put_auth(struct lisp_writer *w, const struct lisp_header *h)
{
	uint8_t *p;

	lisp_put_u8(w, h->key_id);
	lisp_put_u8(w, h->alg_id);
	lisp_put_u16(w, h->auth_len);
	p = lisp_put_room(w, h->auth_len);
	if (p)
		memset(p, 0, h->auth_len);
}

void lisp_put_header(struct lisp_writer *w, const struct lisp_header *h)
{
	w->msg = w->len;
	w->itr_rlocs = 0;
	lisp_put_u32(w, (uint32_t)h->type << 28 | (h->flags & lisp_type_flags(h->type)));
	lisp_put_u64(w, h->nonce);
	if (h->type == LISP_MAP_REQUEST)
		lisp_put_addr(w, &h->source_eid);
	else if (lisp_type_authenticated(h->type))
		put_auth(w, h);
}

void lisp_put_itr_rloc(struct lisp_writer *w, const struct lisp_addr *rloc)
{
	if (w->itr_rlocs == LISP_ITR_RLOC_MAX)
		w->overflow = true;
	lisp_put_addr(w, rloc);
	if (w->overflow)
		return;
	/* IRC counts from 0, RFC 9301 section 5.2 */
	if (w->itr_rlocs++)
		w->buf[w->msg + IRC_OFFSET]++;
}

void lisp_put_request(struct lisp_writer *w, const struct lisp_request *req)
{
	lisp_put_u8(w, req->subscribe ? 0x80 : 0);
	lisp_put_u8(w, req->mask_len);
	lisp_put_addr(w, &req->eid);
	count_up(w, w->msg + COUNT_OFFSET);
}

void lisp_put_record(struct lisp_writer *w, const struct lisp_record *rec)
{
	bool referral;

	if (w->overflow)
		return;
	referral = message_type(w) == LISP_MAP_REFERRAL;
	w->record = w->len;
	lisp_put_u32(w, rec->ttl);
	lisp_put_u8(w, 0);
	lisp_put_u8(w, rec->mask_len);
	lisp_put_u16(w, (uint16_t)((rec->action & 0x7) << 13 | rec->authoritative << 12 |
				   (referral && rec->incomplete) << 11));
	lisp_put_u16(w, (uint16_t)((referral ? rec->signature_count & 0xf : 0) << 12 |
				   (rec->map_version & 0xfff)));
	lisp_put_addr(w, &rec->eid);
	/* The sender's record in a Map-Request is not counted, 5.2. */
	if (!w->overflow && message_type(w) != LISP_MAP_REQUEST)
		count_up(w, w->msg + COUNT_OFFSET);
}

void lisp_put_undo(struct lisp_writer *w, const struct lisp_writer *before, unsigned int records)
{
	*w = *before;
	w->buf[w->msg + COUNT_OFFSET] = (uint8_t)records;
}

void lisp_put_locator(struct lisp_writer *w, const struct lisp_wire_locator *loc)
{
	lisp_put_u8(w, loc->priority);
	lisp_put_u8(w, loc->weight);
	lisp_put_u8(w, loc->mpriority);
	lisp_put_u8(w, loc->mweight);
	lisp_put_u16(w, (uint16_t)(loc->local << 2 | loc->probe << 1 | loc->reach));
	lisp_put_addr(w, &loc->addr);
	count_up(w, w->record + LOCATOR_COUNT_OFFSET);
}

void lisp_put_info(struct lisp_writer *w, uint32_t ttl, uint8_t mask_len,
		   const struct lisp_addr *eid, const struct lisp_addr *nat)
{
	lisp_put_u32(w, ttl);
	lisp_put_u8(w, 0);
	lisp_put_u8(w, mask_len);
	lisp_put_addr(w, eid);
	lisp_put_addr(w, nat);
}

void lisp_put_trailer(struct lisp_writer *w, const struct lisp_header *h)
{
	if (!lisp_header_has_xtr_id(h))
		return;
	lisp_put_octets(w, h->xtr_id, LISP_XTR_ID_LEN);
	lisp_put_u64(w, h->site_id);
}
