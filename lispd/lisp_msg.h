// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The codec of LISP control messages, types 1 to 8 (RFC 9301 section 5,
 * RFC 8111 section 6.4, NAT drafts for type 7), of IP/UDP packets in an ECM or
 * on the ALT, and of the data header (RFC 9300 section 5).
 *
 * Decoding: lisp_msg_decode() checks the WHOLE message, every record, locator,
 * LCAF and the trailer, then fills a struct lisp_msg that borrows from the
 * caller's buffer. Nothing is allocated. The iterators run over checked octets
 * and cannot fail. The message is handled only if the result is LISP_OK; else
 * the result is the reason to count.
 *
 * Encoding: a struct lisp_writer over the caller's buffer; a header, then
 * records and locators in wire order. The writer keeps the counts (record
 * count, locator count, IRC) right. On overflow it writes nothing more and
 * w.overflow stays set: test it once at the end.
 */
#ifndef _LISP_MSG_H
#define _LISP_MSG_H

#include "lispd/lisp_addr_eid.h"
#include "lispd/lisp_buf.h"
#include "lispd/lisp_ip.h"

/* Largest control message that is accepted or built, octets of UDP payload. */
#define LISP_MSG_MAX 9000

/*
 * Header of any message but an ECM. Only the fields that the type has are
 * read (encoding) or set (decoding; the others are zero).
 */
struct lisp_header {
	uint8_t type;			 /* enum lisp_type */
	uint32_t flags;			 /* LISP_MREQ_F_* ... of the type; reserved bits are 0 */
	uint64_t nonce;			 /* types 1 to 7, host order */
	struct lisp_addr source_eid;	 /* type 1; AFI 0: none */
	uint8_t key_id;			 /* types 3, 4, 5, 7 */
	uint8_t alg_id;			 /* enum lisp_auth_alg or unknown */
	uint16_t auth_len;		 /* octets of authentication data */
	uint8_t xtr_id[LISP_XTR_ID_LEN]; /* types 1, 3, 4 with their I flag */
	uint64_t site_id;		 /* host order */
};

/* "map-request" for 1 and so on; "type-9" style names for unassigned ones. */
const char *lisp_type_name(uint8_t type);

/* The flags that a type has; all other bits are reserved. */
uint32_t lisp_type_flags(uint8_t type);

/* True if authentication data follow the nonce: types 3, 4, 5, 7. */
bool lisp_type_authenticated(uint8_t type);

/* The s of RFC 9301 section 5.6; NULL: algorithm 3 is not for this type. */
const char *lisp_type_salt(uint8_t type);

/* True if the header's type and flags say that xTR-ID and Site-ID are there. */
bool lisp_header_has_xtr_id(const struct lisp_header *h);

/* One EID-record of a Map-Request. */
struct lisp_request {
	bool subscribe; /* N, RFC 9437 */
	uint8_t mask_len;
	struct lisp_addr eid;
};

/* A position in checked octets. Get one from the functions below. */
struct lisp_cursor {
	const uint8_t *p, *end;
	unsigned int left; /* elements to come, unknown locators included */
	bool referral;	   /* records of type 6 */
};

/* One EID-record of types 2 to 6 (and of a Map-Request with M). */
struct lisp_record {
	uint32_t ttl; /* minutes; LISP_TTL_LOCAL; 0: delete */
	/*
	 * Locators that are not ignored. A record whose locators are all of
	 * unknown LCAF types has 0 (RFC 9306 section 3).
	 */
	uint8_t locator_count;
	uint8_t mask_len;
	uint8_t action; /* enum lisp_action or lisp_referral_action */
	bool authoritative;
	bool incomplete;	 /* type 6 */
	uint8_t signature_count; /* type 6 */
	uint16_t map_version;	 /* 0: none */
	struct lisp_addr eid;

	/* Decoding only; see lisp_record_locators() */
	struct lisp_cursor locators;
	/* Decoding only: octets of the signature sections, RFC 8111 section 6.4.1 */
	const uint8_t *signatures;
	size_t signatures_len;
};

struct lisp_wire_locator {
	uint8_t priority, weight; /* priority 255: not for unicast */
	uint8_t mpriority, mweight;
	bool local; /* L: of the sender itself */
	bool probe; /* p: the locator being probed */
	bool reach; /* R: the sender has a route to it */
	struct lisp_addr addr;
};

/* ----------------------------------------------------------------- decoding */

struct lisp_msg {
	struct lisp_header h;

	const uint8_t *buf; /* the message, as given */
	size_t len;

	/*
	 * Known deviations of deployed stacks were tolerated: count
	 * LISP_EV_LENIENT once. Trailing octets are among them.
	 */
	bool lenient;
	uint16_t trailing; /* octets behind the end of the message */

	uint8_t record_count;	/* as on the wire */
	uint8_t itr_rloc_count; /* 1 to 32; type 1, unknown ones included */

	/*
	 * Offset of the first octet behind the last record, where the literal
	 * reading of RFC 9301 section 5.6 ends the authenticated octets.
	 * Equal to len without trailer and trailing octets.
	 */
	size_t records_end;

	/* Type 2 with S: LISP-SEC authentication data, else NULL */
	const uint8_t *security;
	size_t security_len;

	/* Type 7 */
	uint32_t info_ttl; /* minutes */
	uint8_t info_mask_len;
	struct lisp_addr info_eid;
	struct lisp_addr info_nat; /* NAT-Traversal LCAF, or AFI 0 in a request */

	/* Type 8; the fields above are unused then, but for h.type */
	struct lisp_ecm ecm;

	/* For the iterators. */
	struct lisp_cursor itr_rlocs, requests, records;
};

/*
 * LISP_OK or the reason to drop the message. Beside malformed octets these
 * are refused here, so no role has to look: a Map-Request without a usable
 * ITR-RLOC (except the single AFI 0 of RFC 9437's unsubscription), requests,
 * replies, registers and referrals without records, more than LISP_MSG_MAX
 * octets, an EID of an unknown LCAF type, a probe reply that is not authoritative, I without its trailer.
 * msg->h.type is set whenever len is not 0, to count the drop under.
 */
enum lisp_drop lisp_msg_decode(const uint8_t *buf, size_t len, struct lisp_msg *msg);

/*
 * Iteration: copy the cursor, then call next until it returns false.
 *
 *	struct lisp_cursor c = lisp_msg_records(&msg);
 *	struct lisp_record rec;
 *	while (lisp_record_next(&c, &rec)) ...
 *
 * Unknown ITR-RLOCs and locators are skipped. lisp_msg_records() of a
 * Map-Request gives the sender's own record if it has M, else nothing.
 */
struct lisp_cursor lisp_msg_itr_rlocs(const struct lisp_msg *msg);
bool lisp_itr_rloc_next(struct lisp_cursor *c, struct lisp_addr *rloc);

struct lisp_cursor lisp_msg_requests(const struct lisp_msg *msg);
bool lisp_request_next(struct lisp_cursor *c, struct lisp_request *req);

struct lisp_cursor lisp_msg_records(const struct lisp_msg *msg);
bool lisp_record_next(struct lisp_cursor *c, struct lisp_record *rec);

struct lisp_cursor lisp_record_locators(const struct lisp_record *rec);
bool lisp_locator_next(struct lisp_cursor *c, struct lisp_wire_locator *loc);

/* ----------------------------------------------------------------- encoding */

/*
 * Start a message of type 1 to 7 at the writer's end: first word with counts
 * 0, nonce; type 1: Source-EID; types 3, 4, 5, 7: key-id, algorithm, auth_len
 * and as many zero octets, which lisp_auth_sign() fills when all is written.
 * The trailer is not written here: see lisp_put_trailer().
 */
void lisp_put_header(struct lisp_writer *w, const struct lisp_header *h);

/*
 * The parts of a message, in wire order:
 *   type 1: ITR-RLOCs, requests, [record with its locators if M], trailer if I
 *   2 to 6: records, each followed by its locators (type 6: then by its
 *	     signatures, lisp_put_octets()), trailer if I
 *   7:	     lisp_put_info()
 */
void lisp_put_itr_rloc(struct lisp_writer *w, const struct lisp_addr *rloc);
void lisp_put_request(struct lisp_writer *w, const struct lisp_request *req);
void lisp_put_record(struct lisp_writer *w, const struct lisp_record *rec);
void lisp_put_locator(struct lisp_writer *w, const struct lisp_wire_locator *loc);
void lisp_put_info(struct lisp_writer *w, uint32_t ttl, uint8_t mask_len,
		   const struct lisp_addr *eid, const struct lisp_addr *nat);

/* Takes back what does not fit: the writer as it was before, with a message of so many records. */
void lisp_put_undo(struct lisp_writer *w, const struct lisp_writer *before, unsigned int records);

/* xTR-ID and Site-ID, if h's flags have I; else nothing. */
void lisp_put_trailer(struct lisp_writer *w, const struct lisp_header *h);

#endif /* _LISP_MSG_H */
