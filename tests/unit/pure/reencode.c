// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Decode to values, encode the values.
 */
#include <zebra.h>

#include "lispd/lisp_lcaf.h"

#include "reencode.h"

/*
 * Where rebuilt LCAFs are: a message is at most 65535 octets and an address is
 * written once for each of LISP_LCAF_DEPTH + 1 levels around it.
 */
static uint8_t arena_memory[8 * 65536];
static struct lisp_writer arena;

/*
 * The address, every LCAF in it decoded and written anew. One that is unknown,
 * of a tolerated form or with too many items stays as it is.
 */
static struct lisp_addr again(const struct lisp_addr *addr)
{
	struct lisp_lcaf lcaf;
	struct lisp_addr out;
	enum lisp_drop why;
	unsigned int i;
	size_t start;

	if (addr->afi != LISP_AFI_LCAF || lisp_lcaf_decode(addr, &lcaf) != LISP_OK)
		return *addr;
	for (i = 0; i < lcaf.n_addrs; i++)
		lcaf.addr[i] = again(&lcaf.addr[i]);
	for (i = 0; i < lcaf.n_items; i++)
		lcaf.item[i].addr = again(&lcaf.item[i].addr);
	start = arena.len;
	lisp_put_lcaf(&arena, &lcaf);
	assert(!arena.overflow);
	assert(lisp_addr_decode(arena.buf + start, arena.len - start, &out, &why) ==
	       arena.len - start);
	return out;
}

static void put_records(const struct lisp_msg *msg, struct lisp_writer *w)
{
	struct lisp_cursor c = lisp_msg_records(msg), l;
	struct lisp_wire_locator loc;
	struct lisp_record rec;

	while (lisp_record_next(&c, &rec)) {
		l = lisp_record_locators(&rec);
		rec.eid = again(&rec.eid);
		lisp_put_record(w, &rec);
		while (lisp_locator_next(&l, &loc)) {
			loc.addr = again(&loc.addr);
			lisp_put_locator(w, &loc);
		}
		lisp_put_octets(w, rec.signatures, rec.signatures_len);
	}
}

static void put_request(const struct lisp_msg *msg, struct lisp_writer *w)
{
	struct lisp_cursor c = lisp_msg_itr_rlocs(msg);
	struct lisp_request req;
	struct lisp_addr rloc;

	while (lisp_itr_rloc_next(&c, &rloc)) {
		rloc = again(&rloc);
		lisp_put_itr_rloc(w, &rloc);
	}
	c = lisp_msg_requests(msg);
	while (lisp_request_next(&c, &req)) {
		req.eid = again(&req.eid);
		lisp_put_request(w, &req);
	}
	put_records(msg, w);
}

static void put_info(const struct lisp_msg *msg, struct lisp_writer *w)
{
	struct lisp_addr eid = again(&msg->info_eid), nat = again(&msg->info_nat);

	lisp_put_info(w, msg->info_ttl, msg->info_mask_len, &eid, &nat);
}

static void put_ecm(const struct lisp_msg *msg, struct lisp_writer *w)
{
	const struct lisp_ip_udp *inner = &msg->ecm.inner;

	lisp_ecm_encode(w, msg->ecm.flags, &inner->src, &inner->dst, inner->sport, inner->dport,
			inner->payload, inner->payload_len);
}

bool reencode(const struct lisp_msg *msg, struct lisp_writer *w)
{
	struct lisp_header h = msg->h;
	size_t start = w->len;

	lisp_writer_init(&arena, arena_memory, sizeof(arena_memory));
	if (h.type == LISP_ECM) {
		put_ecm(msg, w);
		return !w->overflow;
	}
	if (h.type == LISP_MAP_REQUEST)
		h.source_eid = again(&h.source_eid);
	lisp_put_header(w, &h);
	if (!w->overflow && h.auth_len)
		memcpy(w->buf + start + LISP_AUTH_OFFSET, msg->buf + LISP_AUTH_OFFSET, h.auth_len);
	if (h.type == LISP_MAP_REQUEST)
		put_request(msg, w);
	else if (h.type == LISP_INFO)
		put_info(msg, w);
	else
		put_records(msg, w);
	lisp_put_octets(w, msg->security, msg->security_len);
	lisp_put_trailer(w, &h);
	return !w->overflow;
}
