// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Captures of other stacks: what they send must decode, and what is
 * authenticated with a known key must verify.
 */
#include <zebra.h>

#include "lispd/lisp_auth.h"
#include "lispd/lisp_mapping.h"

#include "pcap.h"
#include "reencode.h"
#include "unit.h"

/* Bit n of a set of frames: frame n. */
#define FRAME(n) (1ULL << (n))

struct tally {
	unsigned int messages, lenient, verified, not_verified;
	uint64_t unverified; /* frames, those below 64 */
	uint64_t refused;
	enum lisp_drop why; /* of the last one refused */
};

static bool authenticated(const struct lisp_msg *msg)
{
	return msg->h.type == LISP_MAP_REGISTER || msg->h.type == LISP_MAP_NOTIFY ||
	       msg->h.type == LISP_MAP_NOTIFY_ACK;
}

static void tally_auth(struct tally *t, unsigned int frame, const struct lisp_msg *msg,
		       const char *key)
{
	if (lisp_auth_verify(msg, LISP_AUTH_NONE, key, strlen(key)) == LISP_OK) {
		t->verified++;
	} else {
		t->not_verified++;
		t->unverified |= frame < 64 ? FRAME(frame) : 0;
	}
}

/* Every locator is given back as it arrived. */
static void give_back(const struct lisp_msg *msg)
{
	struct lisp_cursor c = lisp_msg_records(msg), l, again;
	struct lisp_header h = { .type = LISP_MAP_NOTIFY };
	struct lisp_wire_locator loc, back_loc;
	struct lisp_record rec, back;
	static uint8_t buf[65536];
	struct lisp_writer w;
	struct lisp_msg out;
	bool found;

	while (lisp_record_next(&c, &rec)) {
		lisp_writer_init(&w, buf, sizeof(buf));
		lisp_put_header(&w, &h);
		lisp_put_record_again(&w, &rec);
		CHECK_EQ(lisp_msg_decode(buf, w.len, &out), LISP_OK);
		again = lisp_msg_records(&out);
		CHECK(lisp_record_next(&again, &back));
		CHECK(lisp_addr_same(&rec.eid, &back.eid));
		CHECK_EQ(rec.locator_count, back.locator_count);
		for (l = lisp_record_locators(&rec); lisp_locator_next(&l, &loc);) {
			again = lisp_record_locators(&back);
			for (found = false; !found && lisp_locator_next(&again, &back_loc);)
				found = lisp_addr_same(&loc.addr, &back_loc.addr) &&
					loc.priority == back_loc.priority &&
					loc.mweight == back_loc.mweight;
			CHECK(found);
		}
	}
}

/* A control message, and what is in it if it is an ECM. */
static void tally_message(struct tally *t, const struct pcap_datagram *d, const uint8_t *buf,
			  size_t len, const char *key)
{
	struct lisp_msg msg;
	enum lisp_drop why = lisp_msg_decode(buf, len, &msg);

	t->messages++;
	if (why != LISP_OK) {
		t->refused |= FRAME(d->number % 64);
		t->why = why;
		return;
	}
	t->lenient += msg.lenient;
	if (msg.h.type == LISP_MAP_REGISTER)
		give_back(&msg);
	if (msg.h.type == LISP_ECM)
		tally_message(t, d, msg.ecm.inner.payload, msg.ecm.inner.payload_len, key);
	else if (authenticated(&msg) && key)
		tally_auth(t, d->number, &msg, key);
}

static struct tally tally_capture(const char *name, const char *key)
{
	struct tally t = {};
	struct pcap_datagram d;
	struct pcap pcap;
	char path[64];

	snprintf(path, sizeof(path), "captures/%s.pcap", name);
	pcap_open(&pcap, path);
	while (pcap_next(&pcap, &d))
		if (d.protocol == IPPROTO_UDP &&
		    (d.sport == LISP_CONTROL_PORT || d.dport == LISP_CONTROL_PORT))
			tally_message(&t, &d, d.payload, d.len, key);
	pcap_close(&pcap);
	return t;
}

TEST(captures_oor)
{
	static const char *const names[] = { "oor-full-v4rloc", "oor-iid1001", "oor-proxyreply",
					     "oor-v6rloc" };
	static const unsigned int messages[] = { 172, 34, 25, 28 };
	static const unsigned int verified[] = { 16, 8, 4, 8 };
	struct tally t;
	size_t i;

	for (i = 0; i < array_size(names); i++) {
		t = tally_capture(names[i], "oorlabkey");
		CHECK_EQ(t.messages, messages[i]);
		CHECK_EQ(t.refused, 0);
		CHECK_EQ(t.verified, verified[i]);
		CHECK_EQ(t.not_verified, 0);
	}
}

TEST(T_161_T_167_T_284_captures_authentication_variants)
{
	struct tally t = tally_capture("authvar-oor", "oorlabkey");

	CHECK_EQ(t.messages, 15);
	CHECK_EQ(t.refused, 0);
	/* 20, 12, 32 and 16 octets, key-id 5, xTR-ID trailer, P, no M */
	CHECK_EQ(t.verified, 12);
	/* 6: algorithm 0; 7: no octets; 8: another key */
	CHECK_EQ(t.unverified, FRAME(6) | FRAME(7) | FRAME(8));
}

TEST(captures_lispers)
{
	struct tally t = tally_capture("lispers-lcaf-sha2", "labkey2");

	CHECK_EQ(t.messages, 8);
	CHECK_EQ(t.refused, 0);
	CHECK_EQ(t.verified, 2);
	CHECK_EQ(t.not_verified, 0);
	CHECK(t.lenient > 0);

	/* Frames 1 to 3 are those of a second site with a key of its own. */
	t = tally_capture("lispers-dp-plain", "labkey2");
	CHECK_EQ(t.messages, 36);
	CHECK_EQ(t.refused, 0);
	CHECK_EQ(t.verified, 3);
	CHECK_EQ(t.unverified, FRAME(1) | FRAME(2) | FRAME(3));
}

TEST(captures_cisco)
{
	struct tally t = tally_capture("lcaf_instanceid", NULL);

	CHECK_EQ(t.messages, 6);
	CHECK_EQ(t.refused, 0);
	t = tally_capture("ligpy-marek", NULL);
	CHECK_EQ(t.messages, 3);
	CHECK_EQ(t.refused, 0);

	/* Its PETRs answer RLOC-probes without A: RFC 9301 section 5.4. */
	t = tally_capture("dual_stack_lisp", NULL);
	CHECK_EQ(t.messages, 103);
	CHECK_EQ(t.refused, FRAME(17) | FRAME(55) | FRAME(67 % 64));
	CHECK_EQ(t.why, LISP_DROP_PROBE_NOT_AUTH);
	t = tally_capture("various_lisp_packets", NULL);
	CHECK_EQ(t.messages, 23);
	CHECK_EQ(t.refused, FRAME(15));
	CHECK_EQ(t.why, LISP_DROP_PROBE_NOT_AUTH);
}

TEST(captures_tcpdump)
{
	struct tally t = tally_capture("lisp_eid_register", "password");

	CHECK_EQ(t.messages, 2);
	CHECK_EQ(t.refused, 0);
	CHECK_EQ(t.verified, 0);
	/* One is longer than what it says: counted, not believed. */
	t = tally_capture("lisp_eid_notify", "password");
	CHECK_EQ(t.messages, 4);
	CHECK_EQ(t.refused, 0);
	CHECK_EQ(t.lenient, 1);
	CHECK_EQ(t.verified, 0);
	t = tally_capture("lisp_ipv6", "password");
	CHECK_EQ(t.messages, 2);
	CHECK_EQ(t.refused, 0);
}

/* What the 13 records of lispers.net's Map-Register say. */
TEST(captures_lispers_register_records)
{
	static const char *const eids[] = {
		"192.168.2.0/24",     "2001:db8:e2::/64",   "[1001] 10.1.0.0/16",
		"[1001] 10.2.0.0/16", "[1001] 10.3.0.0/16", "[1001] 10.4.0.0/16",
		"[1001] 10.5.0.0/16", "[1001] 10.6.0.0/16", "[1001] 2001:db8:aa::/48",
		NULL /* MAC */,	      NULL /* name */,	    NULL /* Geo */,
		NULL /* multicast */,
	};
	struct lisp_record rec;
	struct pcap_datagram d;
	char text[LISP_EID_STRLEN];
	struct lisp_cursor c;
	struct lisp_eid eid;
	struct lisp_msg msg;
	struct pcap pcap;
	unsigned int i = 0;

	pcap_open(&pcap, "captures/lispers-lcaf-sha2.pcap");
	CHECK(pcap_next(&pcap, &d));
	CHECK_EQ(lisp_msg_decode(d.payload, d.len, &msg), LISP_OK);
	CHECK_EQ(msg.record_count, array_size(eids));
	for (c = lisp_msg_records(&msg); lisp_record_next(&c, &rec); i++) {
		if (!eids[i]) {
			CHECK(lisp_addr_to_eid(&rec.eid, rec.mask_len, &eid) != LISP_OK);
			continue;
		}
		CHECK_EQ(lisp_addr_to_eid(&rec.eid, rec.mask_len, &eid), LISP_OK);
		CHECK_STR(lisp_eid_str(&eid, text, sizeof(text)), eids[i]);
	}
	CHECK_EQ(i, array_size(eids));
	pcap_close(&pcap);
}
