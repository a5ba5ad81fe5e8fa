// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Authentication and replay protection.
 */
#include <zebra.h>

#include "lispd/lisp_auth.h"

#include "pcap.h"
#include "unit.h"

static const char psk[] = "frr-lisp-test-key";
#define PSK_LEN (sizeof(psk) - 1)

struct vector {
	uint8_t *p;
	size_t len;
	struct lisp_msg msg;
};

static struct vector vector_open(unsigned int n)
{
	struct vector v;

	v.p = pcap_vector(n, &v.len);
	CHECK_EQ(lisp_msg_decode(v.p, v.len, &v.msg), LISP_OK);
	return v;
}

static const char *verify(const struct vector *v, uint8_t alg_id, const char *key)
{
	return unit_drop(lisp_auth_verify(&v->msg, alg_id, key, strlen(key)));
}

/* The authenticated vectors: Map-Register, -Notify, -Notify-Ack, Info. */
static const unsigned int signed_vectors[] = { 9, 10, 11, 12, 13, 14, 15, 16, 20, 21 };

TEST(T_161_T_162_T_282_vectors_verify_and_sign)
{
	uint8_t copy[256];
	struct vector v;
	size_t i;

	for (i = 0; i < array_size(signed_vectors); i++) {
		v = vector_open(signed_vectors[i]);
		CHECK_STR(verify(&v, LISP_AUTH_NONE, psk), "ok");
		CHECK_STR(verify(&v, v.msg.h.alg_id, psk), "ok");
		/* signed by us: the same octets */
		memcpy(copy, v.p, v.len);
		memset(copy + LISP_AUTH_OFFSET, 0, v.msg.h.auth_len);
		CHECK(lisp_auth_sign(copy, v.len, psk, PSK_LEN));
		CHECK_OCTETS(copy, v.len, v.p, v.len);
		/* what is there before does not matter */
		memset(copy + LISP_AUTH_OFFSET, 0xa5, v.msg.h.auth_len);
		CHECK(lisp_auth_sign(copy, v.len, psk, PSK_LEN));
		CHECK_OCTETS(copy, v.len, v.p, v.len);
		free(v.p);
	}
}

TEST(T_160_T_283_every_octet_counts)
{
	struct vector v;
	size_t i, at;

	for (i = 0; i < array_size(signed_vectors); i++) {
		v = vector_open(signed_vectors[i]);
		for (at = LISP_AUTH_OFFSET; at < v.len; at++) {
			v.p[at] ^= 0x01;
			if (lisp_auth_verify(&v.msg, LISP_AUTH_NONE, psk, PSK_LEN) == LISP_OK)
				unit_fail(__FILE__, __LINE__, "TV%02u octet %zu", signed_vectors[i],
					  at);
			v.p[at] ^= 0x01;
		}
		/* the nonce too */
		v.p[11] ^= 0x80;
		CHECK_STR(verify(&v, LISP_AUTH_NONE, psk), "authentication-failed");
		v.p[11] ^= 0x80;
		CHECK_STR(verify(&v, LISP_AUTH_NONE, psk), "ok");
		free(v.p);
	}
}

TEST(T_283_mac_with_zero_octets)
{
	struct lisp_header h = { .type = LISP_MAP_REGISTER, .alg_id = 1, .auth_len = 20 };
	struct lisp_record rec = { .mask_len = 8 };
	struct lisp_eid eid;
	struct lisp_writer w;
	struct lisp_msg msg;
	uint8_t buf[128];

	/* until a MAC begins with a zero: all behind it must be compared */
	lisp_eid_parse("10.0.0.0/8", &eid);
	lisp_eid_to_addr(&eid, &rec.eid);
	do {
		h.nonce++;
		lisp_writer_init(&w, buf, sizeof(buf));
		lisp_put_header(&w, &h);
		lisp_put_record(&w, &rec);
		CHECK(lisp_auth_sign(buf, w.len, psk, PSK_LEN));
	} while (buf[LISP_AUTH_OFFSET] != 0);
	CHECK_EQ(lisp_msg_decode(buf, w.len, &msg), LISP_OK);
	CHECK_EQ(lisp_auth_verify(&msg, 1, psk, PSK_LEN), LISP_OK);
	buf[LISP_AUTH_OFFSET + 19] ^= 1;
	CHECK_EQ(lisp_auth_verify(&msg, 1, psk, PSK_LEN), LISP_DROP_AUTH_FAILED);
}

TEST(T_160_wrong_key)
{
	struct vector v = vector_open(9);

	CHECK_STR(verify(&v, LISP_AUTH_NONE, "another-key"), "authentication-failed");
	CHECK_STR(verify(&v, LISP_AUTH_NONE, "frr-lisp-test-ke"), "authentication-failed");
	CHECK_STR(verify(&v, LISP_AUTH_NONE, "frr-lisp-test-key "), "authentication-failed");
	CHECK_STR(verify(&v, LISP_AUTH_NONE, ""), "no-key-configured");
	free(v.p);
}

TEST(T_167_T_284_algorithm_is_not_the_senders_choice)
{
	struct vector v = vector_open(9);

	/* the key is for SHA-256 */
	CHECK_STR(verify(&v, LISP_AUTH_HMAC_SHA256_128, psk), "algorithm-not-allowed");
	CHECK_STR(verify(&v, LISP_AUTH_HMAC_SHA1_96, psk), "ok");
	v.msg.h.alg_id = LISP_AUTH_NONE;
	CHECK_STR(verify(&v, LISP_AUTH_NONE, psk), "algorithm-not-allowed");
	v.msg.h.alg_id = 200;
	CHECK_STR(verify(&v, LISP_AUTH_NONE, psk), "algorithm-not-allowed");
	free(v.p);
}

TEST(T_167_shortened_mac)
{
	/* TV09 with AuthLen n, and only the first n octets of a right MAC */
	uint8_t buf[128], full[128];
	struct vector v = vector_open(9);
	struct lisp_msg msg;
	unsigned int n;

	for (n = 0; n < 64; n++) {
		memcpy(buf, v.p, LISP_AUTH_OFFSET);
		memset(buf + LISP_AUTH_OFFSET, 0, n);
		memcpy(buf + LISP_AUTH_OFFSET + n, v.p + LISP_AUTH_OFFSET + 20,
		       v.len - LISP_AUTH_OFFSET - 20);
		buf[15] = (uint8_t)n;
		memcpy(full, buf, sizeof(full));
		CHECK_EQ(lisp_auth_sign(full, v.len - 20 + n, psk, PSK_LEN), n == 12 || n == 20);
		if (n == 12 || n == 20)
			continue;
		CHECK_EQ(lisp_msg_decode(buf, v.len - 20 + n, &msg), LISP_OK);
		CHECK_STR(unit_drop(lisp_auth_verify(&msg, LISP_AUTH_NONE, psk, PSK_LEN)),
			  "authentication-failed");
	}
	free(v.p);
}

TEST(mac_over_the_records_only)
{
	/* TV13 signed as the letter of RFC 9301 has it: without the trailer */
	struct vector v = vector_open(13);
	size_t records = v.len - LISP_TRAILER_LEN;

	CHECK_EQ(v.msg.records_end, records);
	CHECK(lisp_auth_sign(v.p, records, psk, PSK_LEN));
	CHECK_STR(verify(&v, LISP_AUTH_NONE, psk), "ok");
	v.p[LISP_AUTH_OFFSET] ^= 1;
	CHECK_STR(verify(&v, LISP_AUTH_NONE, psk), "authentication-failed");
	free(v.p);
}

TEST(verify_does_not_write)
{
	struct vector v = vector_open(13);
	uint8_t copy[256];

	memcpy(copy, v.p, v.len);
	CHECK_STR(verify(&v, LISP_AUTH_NONE, psk), "ok");
	CHECK_STR(verify(&v, LISP_AUTH_NONE, "wrong"), "authentication-failed");
	CHECK_OCTETS(v.p, v.len, copy, v.len);
	free(v.p);
}

TEST(key_derivation_differs_by_message)
{
	/* TV14's octets as a Map-Notify: another salt, another key */
	struct vector v = vector_open(14);
	uint8_t mac[16];

	memcpy(mac, v.p + LISP_AUTH_OFFSET, sizeof(mac));
	v.p[0] = 0x40;
	v.p[2] = 0;
	CHECK(lisp_auth_sign(v.p, v.len, psk, PSK_LEN));
	CHECK(memcmp(mac, v.p + LISP_AUTH_OFFSET, sizeof(mac)) != 0);
	CHECK_EQ(lisp_msg_decode(v.p, v.len, &v.msg), LISP_OK);
	CHECK_STR(verify(&v, LISP_AUTH_HMAC_SHA256_128_HKDF, psk), "ok");
	/* algorithm 3 is defined for no Info message */
	v.msg.h.type = LISP_INFO;
	CHECK_STR(verify(&v, LISP_AUTH_NONE, psk), "algorithm-not-allowed");
	free(v.p);
}

TEST(auth_lengths_and_names)
{
	CHECK_EQ(lisp_auth_len(LISP_AUTH_NONE, true), 0);
	CHECK_EQ(lisp_auth_len(LISP_AUTH_HMAC_SHA1_96, true), 20);
	CHECK_EQ(lisp_auth_len(LISP_AUTH_HMAC_SHA1_96, false), 12);
	CHECK_EQ(lisp_auth_len(LISP_AUTH_HMAC_SHA256_128, true), 32);
	CHECK_EQ(lisp_auth_len(LISP_AUTH_HMAC_SHA256_128, false), 16);
	CHECK_EQ(lisp_auth_len(LISP_AUTH_HMAC_SHA256_128_HKDF, false), 16);
	CHECK_EQ(lisp_auth_len(77, true), 0);
	CHECK_STR(lisp_auth_name(LISP_AUTH_HMAC_SHA256_128), "sha256");
	CHECK_STR(lisp_auth_name(77), "unknown");
}

TEST(sign_refuses_what_is_not_authenticated)
{
	uint8_t *p;
	size_t len;

	p = pcap_vector(5, &len);
	CHECK(!lisp_auth_sign(p, len, psk, PSK_LEN));
	free(p);
	p = pcap_vector(9, &len);
	CHECK(!lisp_auth_sign(p, len, psk, 0));
	CHECK(!lisp_auth_sign(p, 15, psk, PSK_LEN));
	CHECK(!lisp_auth_sign(p, 30, psk, PSK_LEN));
	free(p);
}

TEST(T_164_replayed_nonce)
{
	struct lisp_replay replay = {};

	CHECK_EQ(lisp_replay_check(&replay, 0), LISP_OK);
	lisp_replay_commit(&replay, 10);
	CHECK_EQ(lisp_replay_check(&replay, 10), LISP_DROP_REPLAY);
	CHECK_EQ(lisp_replay_check(&replay, 9), LISP_DROP_REPLAY);
	CHECK_EQ(lisp_replay_check(&replay, 0), LISP_DROP_REPLAY);
	CHECK_EQ(lisp_replay_check(&replay, 11), LISP_OK);
	/* only a commit moves it */
	CHECK_EQ(lisp_replay_check(&replay, 11), LISP_OK);
	lisp_replay_commit(&replay, UINT64_MAX);
	CHECK_EQ(lisp_replay_check(&replay, UINT64_MAX), LISP_DROP_REPLAY);
}
