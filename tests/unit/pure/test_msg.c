// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Control messages: bits, records, rules. Numbers are those of the conformance
 * checklist. Octets are written out, so that the encoder is not its own judge.
 */
#include <zebra.h>

#include "lispd/lisp_lcaf.h"
#include "lispd/lisp_mapping.h"

#include "reencode.h"
#include "unit.h"

static uint8_t octets[2048];
static struct lisp_msg msg;

static const char *decode(const char *hex)
{
	size_t len = unit_hex(hex, octets, sizeof(octets));

	return unit_drop(lisp_msg_decode(octets, len, &msg));
}

static struct lisp_record first_record(void)
{
	struct lisp_cursor c = lisp_msg_records(&msg);
	struct lisp_record rec;

	CHECK(lisp_record_next(&c, &rec));
	return rec;
}

/* The pieces that most tests below are put together from. */
#define NONCE	 "1122334455667788"
#define SOURCE	 "0001 0a010001"
#define ITR_RLOC "0001 c0000201"
#define EID	 "0020 0001 0a020009"
#define RECORD0	 "0000000f 000a2000 0000 0001 0a400000" /* no locators */

TEST(T_001_type_is_the_top_nibble)
{
	CHECK_STR(decode("10000001" NONCE SOURCE ITR_RLOC EID), "ok");
	CHECK_EQ(msg.h.type, LISP_MAP_REQUEST);
	CHECK_STR(decode("20000001" NONCE RECORD0), "ok");
	CHECK_EQ(msg.h.type, LISP_MAP_REPLY);
	CHECK_STR(decode("30000001" NONCE "00010000" RECORD0), "ok");
	CHECK_EQ(msg.h.type, LISP_MAP_REGISTER);
	CHECK_STR(decode("40000001" NONCE "00010000" RECORD0), "ok");
	CHECK_EQ(msg.h.type, LISP_MAP_NOTIFY);
	CHECK_STR(decode("50000001" NONCE "00010000" RECORD0), "ok");
	CHECK_EQ(msg.h.type, LISP_MAP_NOTIFY_ACK);
	CHECK_STR(decode("60000001" NONCE RECORD0), "ok");
	CHECK_EQ(msg.h.type, LISP_MAP_REFERRAL);
	CHECK_STR(decode("80000000"), "truncated");
	CHECK_EQ(msg.h.type, LISP_ECM);
}

TEST(T_055_types_without_a_meaning)
{
	CHECK_STR(decode("00000001" NONCE RECORD0), "unknown-type");
	CHECK_STR(decode("90000001" NONCE RECORD0), "unknown-type");
	CHECK_STR(decode("e0000001" NONCE RECORD0), "unknown-type");
	/* Shared Extension, any sub-type */
	CHECK_STR(decode("f0010001" NONCE RECORD0), "unknown-type");
	CHECK_EQ(msg.h.type, LISP_SHARED_EXTENSION);
}

TEST(T_002_unknown_afi_drops_the_message)
{
	CHECK_STR(decode("10000001" NONCE "0003 0a010001" ITR_RLOC EID), "unknown-afi");
	CHECK_STR(decode("10000001" NONCE SOURCE "0040 c0000201" EID), "unknown-afi");
	CHECK_STR(decode("20000001" NONCE "000005a0 01180000 0000 0001 0a020000"
			 "0132ff00 0005 0063 c0000202"),
		  "unknown-afi");
}

/* An LCAF of type 0x40 as the first of two locators, and as the only one. */
#define UNKNOWN_LOCATOR "01320000 0005 4003 00004000 0004 01020304"

TEST(T_003_unknown_lcaf_locator_is_ignored)
{
	struct lisp_wire_locator loc;
	struct lisp_record rec;
	struct lisp_cursor c;
	struct ipaddr rloc, want;

	CHECK_STR(decode("20000001" NONCE "000005a0 02181000 0000 0001 0a020000" UNKNOWN_LOCATOR
			 "0132ff00 0005 0001 c0000202"),
		  "ok");
	rec = first_record();
	CHECK_EQ(rec.locator_count, 1);
	c = lisp_record_locators(&rec);
	CHECK(lisp_locator_next(&c, &loc));
	str2ipaddr("192.0.2.2", &want);
	CHECK(lisp_addr_to_rloc(&loc.addr, &rloc) && ipaddr_is_same(&rloc, &want));
	CHECK(!lisp_locator_next(&c, &loc));
}

TEST(T_004_only_ignored_locators_is_locator_count_0)
{
	struct lisp_mapping m = {};
	struct lisp_record rec;

	CHECK_STR(decode("20000001" NONCE "000005a0 01183000 0000 0001 0a020000" UNKNOWN_LOCATOR),
		  "ok");
	rec = first_record();
	CHECK_EQ(rec.locator_count, 0);
	CHECK_EQ(lisp_mapping_from_record(&rec, &m, NULL), LISP_OK);
	CHECK_EQ(m.n_locators, 0);
	/* ... and then its action counts */
	CHECK_EQ(m.action, LISP_ACT_NATIVELY_FORWARD);
}

TEST(T_005_eid_of_unknown_lcaf_drops_the_message)
{
	CHECK_STR(decode("20000001" NONCE "000005a0 00181000 0000 4003 00004000 0004 01020304"),
		  "bad-lcaf");
	/* an AFI-List of nothing else is no better */
	CHECK_STR(decode("20000001" NONCE "000005a0 00181000 0000"
			 "4003 00000100 000c 4003 00004000 0004 01020304"),
		  "bad-lcaf");
}

TEST(T_005_also_in_an_instance_id)
{
	CHECK_STR(decode("20000001" NONCE "000005a0 00181000 0000"
			 "4003 00000200 0010 000003e8 4003 00004000 0004 01020304"),
		  "bad-lcaf");
}

TEST(a_message_is_no_longer_than_its_bound)
{
	static uint8_t buf[LISP_MSG_MAX + 1];
	size_t len = unit_hex("20000001" NONCE RECORD0, buf, sizeof(buf));
	struct lisp_msg m;

	CHECK_EQ(lisp_msg_decode(buf, len, &m), LISP_OK);
	CHECK_EQ(lisp_msg_decode(buf, LISP_MSG_MAX, &m), LISP_OK); /* with trailing octets */
	CHECK_EQ(lisp_msg_decode(buf, LISP_MSG_MAX + 1, &m), LISP_DROP_BAD_LENGTH);
}

TEST(T_006_vendor_lcaf_drops_the_message)
{
	CHECK_STR(decode("20000001" NONCE "000005a0 01181000 0000 0001 0a020000"
			 "01320000 0005 4003 0000ff00 0008 00112233 01020304"),
		  "unknown-vendor-lcaf");
}

TEST(T_007_reserved_bits_are_sent_as_0)
{
	struct lisp_header h = { .flags = 0xffffffff, .nonce = 1 };
	struct lisp_writer w;
	uint8_t buf[256];

	for (h.type = LISP_MAP_REQUEST; h.type <= LISP_INFO; h.type++) {
		lisp_writer_init(&w, buf, sizeof(buf));
		lisp_put_header(&w, &h);
		CHECK_EQ(buf[0] >> 4, h.type);
		CHECK_EQ(((buf[0] & 0xfU) << 24 | buf[1] << 16 | buf[2] << 8 | buf[3]),
			 lisp_type_flags(h.type));
	}
	/* as the RFCs have them: bits 4 to 31 that may be set */
	CHECK_EQ(lisp_type_flags(LISP_MAP_REQUEST), 0x0fd06000);
	CHECK_EQ(lisp_type_flags(LISP_MAP_REPLY), 0x0e000000);
	CHECK_EQ(lisp_type_flags(LISP_MAP_REGISTER), 0x0e001f00);
	CHECK_EQ(lisp_type_flags(LISP_MAP_REFERRAL), 0);
}

TEST(T_007_a_map_notify_ack_has_no_reserved_bits)
{
	uint8_t buf[256], want[256];
	struct lisp_writer w;
	size_t len;

	/* R is a flag; ACT, p and all the rest is not given back */
	CHECK_STR(decode("44ffff01" NONCE "0102 0004 a1a2a3a4"
			 "000005a0 0118ffff f005 0001 0a020000 0132ff00 ffff 0001 c0000202"),
		  "ok");
	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_notify_ack(&w, &msg);
	len = unit_hex("54000001" NONCE "0102 0004 00000000"
		       "000005a0 01181000 0005 0001 0a020000 0132ff00 0005 0001 c0000202",
		       want, sizeof(want));
	CHECK_OCTETS(buf, w.len, want, len);
}

TEST(T_008_reserved_bits_are_ignored)
{
	CHECK_STR(decode("102f8001" NONCE SOURCE ITR_RLOC "7f20 0001 0a020009"), "ok");
	CHECK_EQ(msg.h.flags, 0);
	CHECK_STR(decode("21ffff01" NONCE "0000000f 000a2fff f000 0001 0a400000"), "ok");
	CHECK_EQ(msg.h.flags, 0);
	CHECK_STR(decode("31ffe001" NONCE "00010000" RECORD0), "ok");
	CHECK_EQ(msg.h.flags, 0);
	/* I of Map-Notify is reserved by RFC 9301: no trailer, no I */
	CHECK_STR(decode("4fffff01" NONCE "00010000" RECORD0), "ok");
	CHECK_EQ(msg.h.flags & LISP_MNOT_F_XTR_ID, 0);
	CHECK_STR(decode("5fffff01" NONCE "00010000" RECORD0), "ok");
	CHECK_EQ(msg.h.flags & LISP_MNOT_F_XTR_ID, 0);
	CHECK_STR(decode("6fffff01" NONCE RECORD0), "ok");
	CHECK_EQ(msg.h.flags, 0);
	CHECK_STR(decode("77ffffff" NONCE "00000000 00000000 0018 0001 0a020000 0000"), "ok");
	CHECK_EQ(msg.h.flags, 0);
	/* locator flags above L p R */
	CHECK_STR(decode("20000001" NONCE "000005a0 01181000 0000 0001 0a020000"
			 "0132ff00 fff8 0001 c0000202"),
		  "ok");
}

TEST(T_009_irc_is_one_less)
{
	struct lisp_header h = { .type = LISP_MAP_REQUEST };
	struct lisp_addr rloc;
	struct lisp_writer w;
	struct ipaddr ip;
	uint8_t buf[512];
	unsigned int i;

	str2ipaddr("192.0.2.1", &ip);
	lisp_rloc_to_addr(&ip, &rloc);
	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_header(&w, &h);
	for (i = 0; i < LISP_ITR_RLOC_MAX; i++) {
		lisp_put_itr_rloc(&w, &rloc);
		CHECK_EQ(buf[2], i);
	}
	CHECK(!w.overflow);
	lisp_put_itr_rloc(&w, &rloc);
	CHECK(w.overflow);
	CHECK_EQ(buf[2], 31);
}

TEST(T_011_map_request_with_several_records)
{
	struct lisp_request req;
	struct lisp_cursor c;

	CHECK_STR(decode("10000003" NONCE SOURCE ITR_RLOC EID "8018 0001 0a030000"
			 "0030 0002 20010db8000200000000000000000000"),
		  "ok");
	c = lisp_msg_requests(&msg);
	CHECK(lisp_request_next(&c, &req));
	CHECK_EQ(req.mask_len, 32);
	CHECK(!req.subscribe);
	CHECK(lisp_request_next(&c, &req));
	CHECK_EQ(req.mask_len, 24);
	CHECK(req.subscribe);
	CHECK(lisp_request_next(&c, &req));
	CHECK_EQ(req.mask_len, 48);
	CHECK_EQ(req.eid.afi, LISP_AFI_IPV6);
	CHECK(!lisp_request_next(&c, &req));
}

TEST(T_012_source_eid_of_afi_0_has_no_octets)
{
	struct lisp_header h = { .type = LISP_MAP_REQUEST };
	struct lisp_writer w;
	uint8_t buf[32];

	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_header(&w, &h);
	CHECK_EQ(w.len, 14);
	CHECK_STR(decode("10000001" NONCE "0000" ITR_RLOC EID), "ok");
	CHECK_EQ(msg.h.source_eid.afi, LISP_AFI_NONE);
}

TEST(T_013_map_request_flags)
{
	static const struct {
		const char *word;
		uint32_t flag;
	} rows[] = {
		{ "18000001", LISP_MREQ_F_AUTHORITATIVE }, { "12000001", LISP_MREQ_F_PROBE },
		{ "11000001", LISP_MREQ_F_SMR },	   { "10800001", LISP_MREQ_F_PITR },
		{ "10400001", LISP_MREQ_F_SMR_INVOKED },   { "10004001", LISP_MREQ_F_LOCAL },
		{ "10002001", LISP_MREQ_F_NO_REPLY },
	};
	char hex[256];
	size_t i;

	for (i = 0; i < array_size(rows); i++) {
		snprintf(hex, sizeof(hex), "%s" NONCE SOURCE ITR_RLOC EID, rows[i].word);
		CHECK_STR(decode(hex), "ok");
		CHECK_EQ(msg.h.flags, rows[i].flag);
	}
}

TEST(T_014_map_request_bit_10)
{
	CHECK_STR(decode("10200001" NONCE SOURCE ITR_RLOC EID), "ok");
	CHECK_EQ(msg.h.flags, 0);
	CHECK_EQ(lisp_type_flags(LISP_MAP_REQUEST) & 0x00200000, 0);
}

TEST(T_015_trailer_only_with_i)
{
	struct lisp_header h = { .type = LISP_MAP_REQUEST, .site_id = 7 };
	struct lisp_writer w;
	uint8_t buf[64];
	size_t len;

	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_header(&w, &h);
	len = w.len;
	lisp_put_trailer(&w, &h);
	CHECK_EQ(w.len, len);
	h.flags = LISP_MREQ_F_XTR_ID;
	lisp_put_trailer(&w, &h);
	CHECK_EQ(w.len, len + LISP_TRAILER_LEN);
}

TEST(T_017_map_request_with_map_data)
{
	struct lisp_cursor c;
	struct lisp_record rec;

	CHECK_STR(decode("14000001" NONCE SOURCE ITR_RLOC EID
			 "000005a0 01180000 0000 0001 0a010000 0164ff00 0005 0001 c0000201"),
		  "ok");
	c = lisp_msg_records(&msg);
	CHECK(lisp_record_next(&c, &rec));
	CHECK_EQ(rec.locator_count, 1);
	CHECK(!lisp_record_next(&c, &rec));
	/* no record there */
	CHECK_STR(decode("14000001" NONCE SOURCE ITR_RLOC EID), "truncated");
	/* without M there is none */
	CHECK_STR(decode("10000001" NONCE SOURCE ITR_RLOC EID), "ok");
	c = lisp_msg_records(&msg);
	CHECK(!lisp_record_next(&c, &rec));
}

TEST(T_018_map_reply_flags)
{
	CHECK_STR(decode("28000001" NONCE "0000000f 000a3000 0000 0001 0a400000"), "ok");
	CHECK_EQ(msg.h.flags, LISP_MREP_F_PROBE);
	CHECK_STR(decode("24000001" NONCE RECORD0), "ok");
	CHECK_EQ(msg.h.flags, LISP_MREP_F_ECHO_NONCE);
	/* S: LISP-SEC data, a frame of EID-AD (4) and PKT-AD (8) */
	CHECK_STR(decode("22000001" NONCE RECORD0 "01000000 0004 0002 0008 0002 01020304"), "ok");
	CHECK_EQ(msg.h.flags, LISP_MREP_F_SECURITY);
	CHECK_EQ(msg.security_len, 16);
	CHECK_STR(decode("22000001" NONCE RECORD0), "truncated");
	CHECK_STR(decode("22000001" NONCE RECORD0 "01000000 0003 0002 0008 0002 01020304"),
		  "bad-length");
}

TEST(T_019_map_register_flags)
{
	static const struct {
		const char *word;
		uint32_t flag;
	} rows[] = {
		{ "38000001", LISP_MREG_F_PROXY_REPLY }, { "34000001", LISP_MREG_F_SECURITY },
		{ "30001001", LISP_MREG_F_EID_NOTIFY },	 { "30000801", LISP_MREG_F_USE_TTL },
		{ "30000401", LISP_MREG_F_MERGE },	 { "30000101", LISP_MREG_F_WANT_NOTIFY },
	};
	char hex[256];
	size_t i;

	for (i = 0; i < array_size(rows); i++) {
		snprintf(hex, sizeof(hex), "%s" NONCE "00010000" RECORD0, rows[i].word);
		CHECK_STR(decode(hex), "ok");
		CHECK_EQ(msg.h.flags, rows[i].flag);
	}
}

TEST(T_020_T_021_T_022_T_023_record_and_locator_fields)
{
	struct lisp_wire_locator loc;
	struct lisp_record rec;
	struct lisp_cursor c;
	struct lisp_writer w;
	uint8_t buf[128];

	/* ACT 5, A, version 0xabc; locator flags p and R */
	CHECK_STR(decode("20000001" NONCE "01020304 0218b000 0abc 0001 0a020000"
			 "01020304 0003 0001 c0000202 ff00fe0a 0004 0001 c0000203"),
		  "ok");
	rec = first_record();
	CHECK_EQ(rec.ttl, 0x01020304);
	CHECK_EQ(rec.locator_count, 2);
	CHECK_EQ(rec.mask_len, 24);
	CHECK_EQ(rec.action, 5);
	CHECK(rec.authoritative);
	CHECK_EQ(rec.map_version, 0xabc);
	c = lisp_record_locators(&rec);
	CHECK(lisp_locator_next(&c, &loc));
	CHECK_EQ(loc.priority, 1);
	CHECK_EQ(loc.weight, 2);
	CHECK_EQ(loc.mpriority, 3);
	CHECK_EQ(loc.mweight, 4);
	CHECK(!loc.local && loc.probe && loc.reach);
	CHECK(lisp_locator_next(&c, &loc));
	CHECK(loc.local && !loc.probe && !loc.reach);

	lisp_writer_init(&w, buf, sizeof(buf));
	CHECK(reencode(&msg, &w));
	CHECK_OCTETS(buf, w.len, octets, msg.len);
}

TEST(T_024_T_029_action_and_probe_bit_only_in_replies)
{
	static const uint8_t types[] = { LISP_MAP_REGISTER, LISP_MAP_REPLY };
	struct lisp_mapping negative = { .action = LISP_ACT_DROP, .ttl = 1 };
	struct lisp_mapping m = { .ttl = 1, .authoritative = true };
	struct lisp_locator loc = { .probed = true, .reach = true };
	struct lisp_wire_locator wire;
	struct lisp_cursor c, l;
	struct lisp_record rec;
	struct lisp_writer w;
	uint8_t buf[256];
	size_t i;

	lisp_eid_parse("10.1.0.0/24", &negative.eid);
	lisp_eid_parse("10.2.0.0/24", &m.eid);
	str2ipaddr("192.0.2.1", &loc.addr);
	lisp_mapping_add(&m, &loc);
	for (i = 0; i < array_size(types); i++) {
		struct lisp_header h = { .type = types[i] };
		bool reply = types[i] == LISP_MAP_REPLY;

		lisp_writer_init(&w, buf, sizeof(buf));
		lisp_put_header(&w, &h);
		lisp_put_mapping(&w, &negative);
		lisp_put_mapping(&w, &m);
		CHECK_EQ(lisp_msg_decode(buf, w.len, &msg), LISP_OK);
		c = lisp_msg_records(&msg);
		CHECK(lisp_record_next(&c, &rec));
		CHECK_EQ(rec.action, reply ? LISP_ACT_DROP : 0);
		CHECK(lisp_record_next(&c, &rec));
		l = lisp_record_locators(&rec);
		CHECK(lisp_locator_next(&l, &wire));
		CHECK_EQ(wire.probe, reply);
	}
	lisp_mapping_fini(&m);
}

TEST(L_and_p_bits_are_of_an_authoritative_mapping_only)
{
	struct lisp_locator loc = { .local = true, .probed = true, .reach = true };
	struct lisp_header h = { .type = LISP_MAP_REPLY };
	struct lisp_mapping m = { .ttl = 1 };
	struct lisp_wire_locator wire;
	struct lisp_cursor c, l;
	struct lisp_record rec;
	struct lisp_writer w;
	uint8_t buf[256];
	int i;

	lisp_eid_parse("10.2.0.0/24", &m.eid);
	str2ipaddr("192.0.2.1", &loc.addr);
	lisp_mapping_add(&m, &loc);
	for (i = 0; i < 2; i++) {
		m.authoritative = i;
		lisp_writer_init(&w, buf, sizeof(buf));
		lisp_put_header(&w, &h);
		lisp_put_mapping(&w, &m);
		CHECK_EQ(lisp_msg_decode(buf, w.len, &msg), LISP_OK);
		c = lisp_msg_records(&msg);
		CHECK(lisp_record_next(&c, &rec));
		l = lisp_record_locators(&rec);
		CHECK(lisp_locator_next(&l, &wire));
		CHECK(wire.local == (i == 1) && wire.probe == (i == 1) && wire.reach);
	}
	lisp_mapping_fini(&m);
}

TEST(T_025_T_026_actions)
{
	struct lisp_mapping m = {};
	struct lisp_record rec;

	/* ACT 3 and a locator: ignored */
	CHECK_STR(decode("20000001" NONCE "000005a0 01187000 0000 0001 0a020000"
			 "0132ff00 0005 0001 c0000202"),
		  "ok");
	rec = first_record();
	CHECK_EQ(lisp_mapping_from_record(&rec, &m, NULL), LISP_OK);
	CHECK_EQ(m.action, LISP_ACT_NONE);
	lisp_mapping_fini(&m);
	CHECK_STR(lisp_action_name(6), "drop");
	CHECK_STR(lisp_action_name(7), "drop");
	CHECK_STR(lisp_action_name(LISP_ACT_DROP), "drop");
	CHECK_STR(lisp_action_name(LISP_ACT_NATIVELY_FORWARD), "natively-forward");
}

/* RFC 8111 section 6.4: Incomplete is bit 20, SigCnt the top nibble */
#define REFERRAL "000005a0 0028 3800 2000 0002 20010db8010000000000000000000000"
#define SIG	 "000005a0 00000001 00000002 0003 0004 0200 0000 aabbccdd"

TEST(T_040_T_041_map_referral)
{
	struct lisp_record rec;
	struct lisp_writer w;
	uint8_t buf[256];

	CHECK_STR(decode("60000001" NONCE REFERRAL SIG SIG), "ok");
	rec = first_record();
	CHECK(rec.incomplete);
	CHECK(rec.authoritative);
	CHECK_EQ(rec.action, LISP_REF_MS_REFERRAL);
	CHECK_EQ(rec.signature_count, 2);
	CHECK_EQ(rec.signatures_len, 48);
	lisp_writer_init(&w, buf, sizeof(buf));
	CHECK(reencode(&msg, &w));
	CHECK_OCTETS(buf, w.len, octets, msg.len);
	CHECK_STR(decode("60000001" NONCE REFERRAL SIG), "truncated");
}

TEST(T_042_T_043_unknown_algorithm_is_skipped)
{
	CHECK_STR(decode("30000001" NONCE "07630005 0102030405" RECORD0), "ok");
	CHECK_EQ(msg.h.key_id, 7);
	CHECK_EQ(msg.h.alg_id, 0x63);
	CHECK_EQ(msg.h.auth_len, 5);
	CHECK_EQ(first_record().mask_len, 10);
}

TEST(T_045_trailer_of_a_register)
{
	CHECK_STR(decode("32000001" NONCE "00010000" RECORD0
			 "00112233445566778899aabbccddeeff 0000000000000007"),
		  "ok");
	CHECK_EQ(msg.h.xtr_id[1], 0x11);
	CHECK_EQ(msg.h.site_id, 7);
	CHECK_EQ(msg.records_end, msg.len - LISP_TRAILER_LEN);
	CHECK_STR(decode("32000001" NONCE "00010000" RECORD0
			 "00112233445566778899aabbccddeeff 00000000000000"),
		  "no-xtr-id");
}

TEST(trailing_octets_are_tolerated)
{
	CHECK_STR(decode("20000001" NONCE RECORD0 "0000 0000 00"), "ok");
	CHECK_EQ(msg.trailing, 5);
	CHECK(msg.lenient);
	CHECK_STR(decode("20000001" NONCE RECORD0), "ok");
	CHECK(!msg.lenient);
}

TEST(messages_without_records)
{
	CHECK_STR(decode("10000000" NONCE SOURCE ITR_RLOC), "no-records");
	CHECK_STR(decode("20000000" NONCE), "no-records");
	CHECK_STR(decode("30000000" NONCE "00010000"), "no-records");
	CHECK_STR(decode("60000000" NONCE), "no-records");
	/* lispers.net's Map-Notify-Ack */
	CHECK_STR(decode("50000000" NONCE "00010000"), "ok");
}

TEST(T_139_map_request_needs_a_usable_itr_rloc)
{
	static const char *const bad[] = {
		"0000",		 /* AFI 0 */
		"0001 e0000001", /* multicast */
		"0001 ffffffff", /* broadcast */
		"0001 7f000001", /* loopback */
		"0001 00000000", /* unspecified */
		"0002 00000000000000000000000000000001",
		"0002 ff020000000000000000000000000001",
		"0011 6100", /* a name */
	};
	char hex[256];
	size_t i;

	for (i = 0; i < array_size(bad); i++) {
		snprintf(hex, sizeof(hex), "10000001" NONCE SOURCE "%s" EID, bad[i]);
		CHECK_STR(decode(hex), "no-itr-rloc");
		/* a good one beside it is enough */
		snprintf(hex, sizeof(hex), "10000101" NONCE SOURCE "%s" ITR_RLOC EID, bad[i]);
		CHECK_STR(decode(hex), "ok");
	}
}

TEST(T_202_subscription_ends_with_a_single_afi_0)
{
	CHECK_STR(decode("10100001" NONCE SOURCE "0000"
			 "8018 0001 0a020000"
			 "00112233445566778899aabbccddeeff 0000000000000007"),
		  "ok");
}

TEST(T_054_info_messages)
{
	CHECK_STR(decode("70000000" NONCE "00000000 00000000 0018 0001 0a020000 0000"), "ok");
	CHECK_EQ(msg.h.flags, 0);
	CHECK_EQ(msg.info_mask_len, 24);
	CHECK_EQ(msg.info_nat.afi, LISP_AFI_NONE);
	/* a reply without the NAT-Traversal LCAF */
	CHECK_STR(decode("78000000" NONCE "00000000 00000000 0018 0001 0a020000 0000"), "bad-lcaf");
}

TEST(oversized_message)
{
	static uint8_t big[70000];

	memset(big, 0, sizeof(big));
	big[0] = 0x20;
	CHECK_STR(unit_drop(lisp_msg_decode(big, sizeof(big), &msg)), "bad-length");
	CHECK_STR(unit_drop(lisp_msg_decode(big, 0, &msg)), "truncated");
}

TEST(record_count_cannot_exceed_255)
{
	struct lisp_header h = { .type = LISP_MAP_REPLY };
	struct lisp_record rec = { .ttl = 1 };
	static uint8_t buf[8192];
	struct lisp_eid eid;
	struct lisp_writer w;
	unsigned int i;

	lisp_eid_parse("10.0.0.0/8", &eid);
	lisp_eid_to_addr(&eid, &rec.eid);
	rec.mask_len = 8;
	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_header(&w, &h);
	for (i = 0; i < 255; i++)
		lisp_put_record(&w, &rec);
	CHECK(!w.overflow);
	CHECK_EQ(lisp_msg_decode(buf, w.len, &msg), LISP_OK);
	CHECK_EQ(msg.record_count, 255);
	lisp_put_record(&w, &rec);
	CHECK(w.overflow);
}
