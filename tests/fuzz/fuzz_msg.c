// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer target of the codec.
 *
 * Whatever the octets are: decoding, walking, converting and authenticating
 * read nothing beyond them, and what decodes can be written again so that it
 * decodes to the same.
 */
#include <zebra.h>

#include "lispd/lisp_auth.h"
#include "lispd/lisp_lcaf.h"
#include "lispd/lisp_mapping.h"

#include "../unit/pure/reencode.h"

#define REQUIRE(cond)                                                                              \
	do {                                                                                       \
		if (!(cond)) {                                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond);                 \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

static void use_addr(const struct lisp_addr *addr)
{
	struct lisp_lcaf lcaf;
	struct ipaddr rloc;
	char text[LISP_ADDR_STRLEN];
	unsigned int i;

	lisp_addr_str(addr, text, sizeof(text));
	if (lisp_addr_to_rloc(addr, &rloc))
		lisp_rloc_valid(&rloc);
	lisp_addr_to_etr(addr, &rloc);
	if (addr->afi != LISP_AFI_LCAF || lisp_lcaf_decode(addr, &lcaf) != LISP_OK)
		return;
	for (i = 0; i < lcaf.n_addrs; i++)
		use_addr(&lcaf.addr[i]);
	for (i = 0; i < lcaf.n_items; i++)
		use_addr(&lcaf.item[i].addr);
}

/* A mapping that came off the wire and goes back comes back the same. */
static void use_mapping(const struct lisp_mapping *m)
{
	struct lisp_header h = { .type = LISP_MAP_REPLY };
	static uint8_t buf[UINT16_MAX + 4096];
	struct lisp_mapping again;
	struct lisp_record rec;
	struct lisp_cursor c;
	struct lisp_writer w;
	struct lisp_msg msg;

	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_header(&w, &h);
	lisp_put_mapping(&w, m);
	REQUIRE(!w.overflow);
	if (w.len > LISP_MSG_MAX)
		return;
	REQUIRE(lisp_msg_decode(buf, w.len, &msg) == LISP_OK);
	c = lisp_msg_records(&msg);
	REQUIRE(lisp_record_next(&c, &rec));
	REQUIRE(lisp_mapping_from_record(&rec, &again, NULL) == LISP_OK);
	REQUIRE(lisp_mapping_same(m, &again));
	lisp_mapping_fini(&again);
}

static void use_records(const struct lisp_msg *msg)
{
	struct lisp_cursor c = lisp_msg_records(msg), l;
	struct lisp_wire_locator loc;
	struct lisp_mapping m;
	struct lisp_record rec;
	unsigned int n;

	while (lisp_record_next(&c, &rec)) {
		use_addr(&rec.eid);
		n = 0;
		for (l = lisp_record_locators(&rec); lisp_locator_next(&l, &loc); n++)
			use_addr(&loc.addr);
		REQUIRE(n == rec.locator_count);
		if (lisp_mapping_from_record(&rec, &m, NULL) != LISP_OK)
			continue;
		use_mapping(&m);
		lisp_mapping_fini(&m);
	}
}

static void use_request(const struct lisp_msg *msg)
{
	struct lisp_cursor c = lisp_msg_itr_rlocs(msg);
	struct lisp_request req;
	struct lisp_addr rloc;
	unsigned int n = 0;

	use_addr(&msg->h.source_eid);
	while (lisp_itr_rloc_next(&c, &rloc))
		use_addr(&rloc);
	c = lisp_msg_requests(msg);
	for (; lisp_request_next(&c, &req); n++)
		use_addr(&req.eid);
	REQUIRE(n == (msg->h.type == LISP_MAP_REQUEST ? msg->record_count : 0));
}

static void use_message(const struct lisp_msg *msg)
{
	static uint8_t first[262144], second[262144];
	struct lisp_writer a, b;
	struct lisp_msg again;

	use_request(msg);
	use_records(msg);
	use_addr(&msg->info_eid);
	use_addr(&msg->info_nat);
	lisp_auth_verify(msg, LISP_AUTH_NONE, "key", 3);

	lisp_writer_init(&a, first, sizeof(first));
	REQUIRE(reencode(msg, &a));
	if (a.len > LISP_MSG_MAX)
		return;
	REQUIRE(lisp_msg_decode(first, a.len, &again) == LISP_OK);
	lisp_writer_init(&b, second, sizeof(second));
	REQUIRE(reencode(&again, &b));
	REQUIRE(a.len == b.len && memcmp(first, second, a.len) == 0);

	if (lisp_auth_sign(first, a.len, "key", 3)) {
		REQUIRE(lisp_msg_decode(first, a.len, &again) == LISP_OK);
		REQUIRE(lisp_auth_verify(&again, LISP_AUTH_NONE, "key", 3) == LISP_OK);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lisp_data_header h;
	struct lisp_ip_udp ip;
	struct lisp_msg msg;

	lisp_ip_udp_parse(data, size, &ip);
	lisp_data_header_decode(data, size, &h);
	if (lisp_msg_decode(data, size, &msg) != LISP_OK)
		return 0;
	use_message(&msg);
	if (msg.h.type == LISP_ECM &&
	    lisp_msg_decode(msg.ecm.inner.payload, msg.ecm.inner.payload_len, &msg) == LISP_OK)
		use_message(&msg);
	return 0;
}
