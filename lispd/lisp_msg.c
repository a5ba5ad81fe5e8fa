// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Control messages: checking, decoding, iteration.
 *
 * One table row per type says which flags it has and which function reads its
 * body. lisp_msg_put.c writes, lisp_ip.c has IP packets, ECMs and the data header.
 */
#include <zebra.h>

#include "lispd/lisp_addr_eid.h"
#include "lispd/lisp_lcaf.h"
#include "lispd/lisp_msg.h"

/* An EID: not only of unknown LCAF types, mask length within its width. */
static bool take_eid(struct lisp_reader *r, uint8_t mask_len, struct lisp_addr *eid)
{
	struct lisp_eid ignored;
	enum lisp_drop why;

	if (!lisp_take_addr(r, eid))
		return false;
	why = lisp_addr_to_any_eid(eid, mask_len, &ignored);
	if (why == LISP_DROP_BAD_MASK_LEN)
		r->why = why;
	else if (why != LISP_OK && lisp_addr_unknown(eid))
		r->why = LISP_DROP_BAD_LCAF;
	return r->why == LISP_OK;
}

/* ---------------------------------------------------------- records, locators */

#define RECORD_HEADER_LEN  10 /* up to the EID-AFI */
#define LOCATOR_HEADER_LEN 6  /* up to the Loc-AFI */
#define SIGNATURE_LEN	   20 /* without the signature itself */

#define RECORD_A	  0x1000
#define RECORD_INCOMPLETE 0x0800 /* type 6 */
#define LOCATOR_L	  0x0004
#define LOCATOR_P	  0x0002
#define LOCATOR_R	  0x0001

static bool take_locator(struct lisp_reader *r, struct lisp_wire_locator *loc)
{
	const uint8_t *p = lisp_take(r, LOCATOR_HEADER_LEN);
	uint16_t flags;

	if (!p || !lisp_take_addr(r, &loc->addr))
		return false;
	flags = lisp_get16(p + 4);
	loc->priority = p[0];
	loc->weight = p[1];
	loc->mpriority = p[2];
	loc->mweight = p[3];
	loc->local = (flags & LOCATOR_L) != 0;
	loc->probe = (flags & LOCATOR_P) != 0;
	loc->reach = (flags & LOCATOR_R) != 0;
	return true;
}

/* RFC 8111 section 6.4.1: as many sections as SigCnt says. */
static void take_signatures(struct lisp_reader *r, struct lisp_record *rec)
{
	unsigned int n = rec->signature_count;
	const uint8_t *p;

	rec->signatures = r->p;
	while (n-- && (p = lisp_take(r, SIGNATURE_LEN)))
		lisp_take(r, lisp_get16(p + 14));
	rec->signatures_len = (size_t)(r->p - rec->signatures);
}

static bool take_record(struct lisp_reader *r, bool referral, struct lisp_record *rec)
{
	const uint8_t *p = lisp_take(r, RECORD_HEADER_LEN);
	struct lisp_wire_locator loc;
	uint16_t bits, version;
	unsigned int i, count;

	if (!p || !take_eid(r, p[5], &rec->eid))
		return false;
	bits = lisp_get16(p + 6);
	version = lisp_get16(p + 8);
	rec->ttl = lisp_get32(p);
	rec->mask_len = p[5];
	rec->action = (uint8_t)(bits >> 13);
	rec->authoritative = (bits & RECORD_A) != 0;
	rec->incomplete = referral && (bits & RECORD_INCOMPLETE) != 0;
	rec->signature_count = referral ? (uint8_t)(version >> 12) : 0;
	rec->map_version = version & 0xfff;

	count = p[4];
	rec->locator_count = 0;
	rec->locators.p = r->p;
	rec->locators.left = count;
	for (i = 0; i < count && take_locator(r, &loc); i++)
		if (!lisp_addr_unknown(&loc.addr))
			rec->locator_count++;
	rec->locators.end = r->p;
	take_signatures(r, rec);
	return r->why == LISP_OK;
}

static void check_records(struct lisp_reader *r, struct lisp_msg *msg, unsigned int count)
{
	bool probe_reply = msg->h.type == LISP_MAP_REPLY && (msg->h.flags & LISP_MREP_F_PROBE);
	struct lisp_record rec;
	unsigned int i;

	msg->records.p = r->p;
	msg->records.left = count;
	msg->records.referral = msg->h.type == LISP_MAP_REFERRAL;
	for (i = 0; i < count && take_record(r, msg->records.referral, &rec); i++)
		/* RFC 9301 section 5.4 */
		if (probe_reply && !rec.authoritative)
			r->why = LISP_DROP_PROBE_NOT_AUTH;
	msg->records.end = r->p;
}

/* ----------------------------------------------------------- parts of messages */

/* Key-id, algorithm, length and authentication data: types 3, 4, 5, 7. */
static void read_auth(struct lisp_reader *r, struct lisp_header *h)
{
	const uint8_t *p = lisp_take(r, 4);

	if (!p)
		return;
	h->key_id = p[0];
	h->alg_id = p[1];
	h->auth_len = lisp_get16(p + 2);
	if (h->auth_len > lisp_reader_left(r))
		r->why = LISP_DROP_BAD_LENGTH;
	else
		lisp_take(r, h->auth_len);
}

static void read_trailer(struct lisp_reader *r, struct lisp_header *h)
{
	const uint8_t *p;

	if (r->why != LISP_OK)
		return;
	p = lisp_take(r, LISP_TRAILER_LEN);
	if (!p) {
		/* RFC 9437 section 4 */
		r->why = LISP_DROP_NO_XTR_ID;
		return;
	}
	memcpy(h->xtr_id, p, LISP_XTR_ID_LEN);
	h->site_id = lisp_get64(p + LISP_XTR_ID_LEN);
}

/* True if the Map-Request can be answered to someone. */
static bool itr_rloc_usable(const struct lisp_addr *addr)
{
	struct ipaddr rloc;

	return lisp_addr_to_rloc(addr, &rloc) && lisp_rloc_valid(&rloc);
}

static void read_itr_rlocs(struct lisp_reader *r, struct lisp_msg *msg)
{
	struct lisp_addr addr;
	bool usable = false;
	unsigned int i;

	msg->itr_rlocs.p = r->p;
	msg->itr_rlocs.left = msg->itr_rloc_count;
	for (i = 0; i < msg->itr_rloc_count && lisp_take_addr(r, &addr); i++)
		usable = usable || itr_rloc_usable(&addr);
	msg->itr_rlocs.end = r->p;
	if (r->why != LISP_OK || usable)
		return;
	/* RFC 9437 section 5: a single AFI 0 ends a subscription. */
	if ((msg->h.flags & LISP_MREQ_F_XTR_ID) && msg->itr_rloc_count == 1 &&
	    addr.afi == LISP_AFI_NONE)
		return;
	r->why = LISP_DROP_NO_ITR_RLOC;
}

#define REQUEST_N 0x80

static bool take_request(struct lisp_reader *r, struct lisp_request *req)
{
	const uint8_t *p = lisp_take(r, 2);

	if (!p || !take_eid(r, p[1], &req->eid))
		return false;
	req->subscribe = (p[0] & REQUEST_N) != 0;
	req->mask_len = p[1];
	return true;
}

static void read_requests(struct lisp_reader *r, struct lisp_msg *msg)
{
	struct lisp_request req;
	unsigned int i;

	msg->requests.p = r->p;
	msg->requests.left = msg->record_count;
	for (i = 0; i < msg->record_count && take_request(r, &req); i++)
		;
	msg->requests.end = r->p;
}

/* ------------------------------------------------------------------ each type */

static void read_map_request(struct lisp_reader *r, struct lisp_msg *msg)
{
	msg->itr_rloc_count = (uint8_t)((msg->buf[2] & 0x1f) + 1);
	lisp_take_addr(r, &msg->h.source_eid);
	read_itr_rlocs(r, msg);
	read_requests(r, msg);
	if (msg->h.flags & LISP_MREQ_F_MAP_DATA)
		check_records(r, msg, 1);
}

static void read_records(struct lisp_reader *r, struct lisp_msg *msg)
{
	check_records(r, msg, msg->record_count);
}

/*
 * RFC 9303 section 6.2: {type, 3 unassigned} EID-AD PKT-AD, the latter two with
 * their own length first. Only the frame is checked here.
 */
static void read_map_reply(struct lisp_reader *r, struct lisp_msg *msg)
{
	const uint8_t *p;

	check_records(r, msg, msg->record_count);
	if (!(msg->h.flags & LISP_MREP_F_SECURITY) || r->why != LISP_OK)
		return;
	msg->security = r->p;
	p = lisp_take(r, 6);
	if (p && p[0] != 1)
		r->why = LISP_DROP_NOT_SUPPORTED;
	else if (p && lisp_get16(p + 4) < 4)
		r->why = LISP_DROP_BAD_LENGTH;
	else if (p && lisp_take(r, (size_t)lisp_get16(p + 4) - 2)) {
		p = lisp_take(r, 2);
		if (p)
			lisp_take(r, MAX(lisp_get16(p), 4) - 2);
	}
	msg->security_len = (size_t)(r->p - msg->security);
}

/* draft-ermagan-lisp-nat-traversal section 4.1 and 4.2 */
static void read_info(struct lisp_reader *r, struct lisp_msg *msg)
{
	const uint8_t *p = lisp_take(r, 6);

	if (!p)
		return;
	msg->info_ttl = lisp_get32(p);
	msg->info_mask_len = p[5];
	if (!take_eid(r, p[5], &msg->info_eid) || !lisp_take_addr(r, &msg->info_nat))
		return;
	if ((msg->h.flags & LISP_INFO_F_REPLY) &&
	    (msg->info_nat.afi != LISP_AFI_LCAF || msg->info_nat.lcaf_type != LISP_LCAF_NAT))
		r->why = LISP_DROP_BAD_LCAF;
}

/*
 * All that depends on the type of a message, but for what roles make of it. The types
 * without `read` are refused, the ECM is read by lisp_ecm_decode().
 */
struct msg_row {
	const char *name;
	uint32_t flags;	       /* bits that mean something; the others are reserved */
	bool authenticated;    /* authentication data follow the nonce */
	const char *salt;      /* s of RFC 9301 section 5.6; NULL: not with algorithm 3 */
	bool some;	       /* a message without records is refused */
	uint32_t trailer;      /* flag that announces xTR-ID and Site-ID */
	bool trailer_optional; /* the flag is reserved by RFC 9301 */
	void (*read)(struct lisp_reader *r, struct lisp_msg *msg);
};

/* clang-format off */
static const struct msg_row msg_rows[LISP_TYPE_MAX] = {
	[0] = { .name = "unknown" },
	[LISP_MAP_REQUEST] = { .name = "map-request",
		.flags = LISP_MREQ_F_AUTHORITATIVE | LISP_MREQ_F_MAP_DATA | LISP_MREQ_F_PROBE |
			 LISP_MREQ_F_SMR | LISP_MREQ_F_PITR | LISP_MREQ_F_SMR_INVOKED |
			 LISP_MREQ_F_XTR_ID | LISP_MREQ_F_LOCAL | LISP_MREQ_F_NO_REPLY,
		.some = true, .trailer = LISP_MREQ_F_XTR_ID, .read = read_map_request },
	[LISP_MAP_REPLY] = { .name = "map-reply",
		.flags = LISP_MREP_F_PROBE | LISP_MREP_F_ECHO_NONCE | LISP_MREP_F_SECURITY,
		.some = true, .read = read_map_reply },
	[LISP_MAP_REGISTER] = { .name = "map-register",
		.flags = LISP_MREG_F_PROXY_REPLY | LISP_MREG_F_SECURITY | LISP_MREG_F_XTR_ID |
			 LISP_MREG_F_EID_NOTIFY | LISP_MREG_F_USE_TTL | LISP_MREG_F_MERGE |
			 LISP_MREG_F_MOBILE | LISP_MREG_F_WANT_NOTIFY,
		.authenticated = true, .salt = "Map-Register Authentication",
		.some = true, .trailer = LISP_MREG_F_XTR_ID, .read = read_records },
	[LISP_MAP_NOTIFY] = { .name = "map-notify",
		.flags = LISP_MNOT_F_XTR_ID | LISP_MNOT_F_RTR,
		.authenticated = true, .salt = "Map-Notify Authentication",
		.trailer = LISP_MNOT_F_XTR_ID, .trailer_optional = true,
		.read = read_records },
	[LISP_MAP_NOTIFY_ACK] = { .name = "map-notify-ack",
		.flags = LISP_MNOT_F_XTR_ID | LISP_MNOT_F_RTR,
		.authenticated = true, .salt = "Map-Notify-Ack Authentication",
		.trailer = LISP_MNOT_F_XTR_ID, .trailer_optional = true,
		.read = read_records },
	[LISP_MAP_REFERRAL] = { .name = "map-referral", .some = true, .read = read_records },
	[LISP_INFO] = { .name = "info", .flags = LISP_INFO_F_REPLY, .authenticated = true,
		.read = read_info },
	[LISP_ECM] = { .name = "encapsulated" },
	[9] = { .name = "type-9" },
	[10] = { .name = "type-10" },
	[11] = { .name = "type-11" },
	[12] = { .name = "type-12" },
	[13] = { .name = "type-13" },
	[14] = { .name = "type-14" },
	[LISP_SHARED_EXTENSION] = { .name = "shared-extension" },
};
/* clang-format on */

const char *lisp_type_name(uint8_t type)
{
	return msg_rows[type % LISP_TYPE_MAX].name;
}

uint32_t lisp_type_flags(uint8_t type)
{
	return type < LISP_TYPE_MAX ? msg_rows[type].flags : 0;
}

bool lisp_type_authenticated(uint8_t type)
{
	return type < LISP_TYPE_MAX && msg_rows[type].authenticated;
}

const char *lisp_type_salt(uint8_t type)
{
	return type < LISP_TYPE_MAX ? msg_rows[type].salt : NULL;
}

bool lisp_header_has_xtr_id(const struct lisp_header *h)
{
	return h->type < LISP_TYPE_MAX && (h->flags & msg_rows[h->type].trailer) != 0;
}

static void read_header(struct lisp_reader *r, const struct msg_row *row, struct lisp_msg *msg)
{
	const uint8_t *p = lisp_take(r, 12);

	if (!p)
		return;
	msg->h.flags = lisp_get32(p) & row->flags;
	msg->record_count = p[3];
	msg->h.nonce = lisp_get64(p + 4);
	if (row->authenticated)
		read_auth(r, &msg->h);
	if (row->some && msg->record_count == 0 && r->why == LISP_OK)
		r->why = LISP_DROP_NO_RECORDS;
}

static void read_end(struct lisp_reader *r, const struct msg_row *row, struct lisp_msg *msg)
{
	if (r->why != LISP_OK)
		return;
	msg->records_end = (size_t)(r->p - msg->buf);
	if (row->trailer_optional && lisp_reader_left(r) < LISP_TRAILER_LEN)
		msg->h.flags &= ~row->trailer;
	if (lisp_header_has_xtr_id(&msg->h))
		read_trailer(r, &msg->h);
	msg->trailing = (uint16_t)lisp_reader_left(r);
	msg->lenient = r->tolerated || msg->trailing;
}

enum lisp_drop lisp_msg_decode(const uint8_t *buf, size_t len, struct lisp_msg *msg)
{
	const struct msg_row *row;
	struct lisp_reader r;

	memset(msg, 0, sizeof(*msg));
	msg->buf = buf;
	msg->len = len;
	if (len == 0)
		return LISP_DROP_TRUNCATED;
	msg->h.type = buf[0] >> 4;
	if (len > LISP_MSG_MAX)
		return LISP_DROP_BAD_LENGTH;

	if (msg->h.type == LISP_ECM) {
		enum lisp_drop why = lisp_ecm_decode(buf, len, &msg->ecm);

		msg->h.flags = msg->ecm.flags;
		msg->lenient = msg->ecm.inner.deviations != 0;
		return why;
	}
	lisp_reader_init(&r, buf, len, LISP_DROP_TRUNCATED);
	row = &msg_rows[msg->h.type];
	if (!row->read)
		return LISP_DROP_BAD_TYPE;
	read_header(&r, row, msg);
	if (r.why == LISP_OK)
		row->read(&r, msg);
	read_end(&r, row, msg);
	return r.why;
}

/* ------------------------------------------------------------------ iteration */

struct lisp_cursor lisp_msg_itr_rlocs(const struct lisp_msg *msg)
{
	return msg->itr_rlocs;
}

struct lisp_cursor lisp_msg_requests(const struct lisp_msg *msg)
{
	return msg->requests;
}

struct lisp_cursor lisp_msg_records(const struct lisp_msg *msg)
{
	return msg->records;
}

struct lisp_cursor lisp_record_locators(const struct lisp_record *rec)
{
	return rec->locators;
}

static struct lisp_reader cursor_reader(const struct lisp_cursor *c)
{
	/* Not by a length: a cursor over nothing has no octets to point to. */
	return (struct lisp_reader){
		.p = c->p,
		.end = c->end,
		.too_short = LISP_DROP_TRUNCATED,
		.why = LISP_OK,
	};
}

bool lisp_itr_rloc_next(struct lisp_cursor *c, struct lisp_addr *rloc)
{
	struct lisp_reader r = cursor_reader(c);

	while (c->left && lisp_take_addr(&r, rloc)) {
		c->left--;
		c->p = r.p;
		if (!lisp_addr_unknown(rloc))
			return true;
	}
	return false;
}

bool lisp_request_next(struct lisp_cursor *c, struct lisp_request *req)
{
	struct lisp_reader r = cursor_reader(c);

	if (!c->left || !take_request(&r, req))
		return false;
	c->left--;
	c->p = r.p;
	return true;
}

bool lisp_record_next(struct lisp_cursor *c, struct lisp_record *rec)
{
	struct lisp_reader r = cursor_reader(c);

	if (!c->left || !take_record(&r, c->referral, rec))
		return false;
	c->left--;
	c->p = r.p;
	return true;
}

bool lisp_locator_next(struct lisp_cursor *c, struct lisp_wire_locator *loc)
{
	struct lisp_reader r = cursor_reader(c);

	while (c->left && take_locator(&r, loc)) {
		c->left--;
		c->p = r.p;
		if (!lisp_addr_unknown(&loc->addr))
			return true;
	}
	return false;
}
