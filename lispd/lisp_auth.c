// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Authentication of control messages with OpenSSL 3.
 *
 * The MAC runs over the UDP payload with the authentication data zeroed. To
 * leave the message alone it is fed in three pieces: what is before, as many
 * zeros, what is after.
 *
 * lispd has one thread: the digest contexts are fetched once and kept.
 */
#include <zebra.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "lispd/lisp_auth.h"

#define AUTH_MAX 32 /* octets of the longest MAC */

struct auth_row {
	const char *name;
	const char *digest; /* NULL: cannot authenticate */
	uint16_t full, truncated;
	bool hkdf; /* per-message key, else the secret itself */
	EVP_MAC_CTX *ctx;
};

static struct auth_row auth_rows[] = {
	[LISP_AUTH_NONE] = { .name = "none" },
	[LISP_AUTH_HMAC_SHA1_96] = { .name = "sha1", .digest = "SHA1", .full = 20, .truncated = 12 },
	[LISP_AUTH_HMAC_SHA256_128] = { .name = "sha256",
					.digest = "SHA256",
					.full = 32,
					.truncated = 16 },
	[LISP_AUTH_HMAC_SHA256_128_HKDF] = { .name = "sha256-hkdf",
					     .digest = "SHA256",
					     .full = 32,
					     .truncated = 16,
					     .hkdf = true },
};

static struct auth_row *auth_row(uint8_t alg_id)
{
	return alg_id < array_size(auth_rows) ? &auth_rows[alg_id] : NULL;
}

const char *lisp_auth_name(uint8_t alg_id)
{
	const struct auth_row *row = auth_row(alg_id);

	return row ? row->name : "unknown";
}

uint16_t lisp_auth_len(uint8_t alg_id, bool full)
{
	const struct auth_row *row = auth_row(alg_id);

	if (!row)
		return 0;
	return full ? row->full : row->truncated;
}

/* ----------------------------------------------------------------------- keys */

#define SECRET_MAX 256

/*
 * Per-message key: HKDF-SHA256 with IKM nonce || secret, salt s, no info,
 * 32 octets. The RFC leaves info and length open.
 */
static bool derive_key(uint8_t type, const uint8_t *nonce, const void *secret, size_t secret_len,
		       uint8_t key[AUTH_MAX])
{
	static EVP_KDF *kdf;
	const char *salt = lisp_type_salt(type);
	uint8_t ikm[8 + SECRET_MAX];
	EVP_KDF_CTX *ctx;
	bool ok;

	if (!salt || secret_len > SECRET_MAX)
		return false;
	if (!kdf)
		kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	ctx = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
	if (!ctx)
		return false;

	memcpy(ikm, nonce, 8);
	memcpy(ikm + 8, secret, secret_len);
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_KEY, ikm, 8 + secret_len),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_SALT, (char *)salt, strlen(salt)),
		OSSL_PARAM_END,
	};
	ok = EVP_KDF_derive(ctx, key, AUTH_MAX, params) == 1;
	EVP_KDF_CTX_free(ctx);
	OPENSSL_cleanse(ikm, sizeof(ikm));
	return ok;
}

/* ------------------------------------------------------------------------ MAC */

static EVP_MAC_CTX *mac_ctx(struct auth_row *row)
{
	EVP_MAC *mac;

	if (row->ctx)
		return row->ctx;
	mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	if (!mac)
		return NULL;
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)row->digest, 0),
		OSSL_PARAM_END,
	};
	row->ctx = EVP_MAC_CTX_new(mac);
	EVP_MAC_free(mac);
	if (row->ctx && EVP_MAC_CTX_set_params(row->ctx, params) != 1) {
		EVP_MAC_CTX_free(row->ctx);
		row->ctx = NULL;
	}
	return row->ctx;
}

/*
 * MAC of msg[0 .. len) with auth_len octets at LISP_AUTH_OFFSET taken as zero.
 * out: row->full octets.
 */
static bool mac_message(struct auth_row *row, const void *key, size_t key_len, const uint8_t *msg,
			size_t len, uint16_t auth_len, uint8_t out[AUTH_MAX])
{
	static const uint8_t zeros[AUTH_MAX];
	size_t rest = LISP_AUTH_OFFSET + (size_t)auth_len;
	EVP_MAC_CTX *ctx = mac_ctx(row);
	size_t n;

	return ctx && EVP_MAC_init(ctx, key, key_len, NULL) == 1 &&
	       EVP_MAC_update(ctx, msg, LISP_AUTH_OFFSET) == 1 &&
	       EVP_MAC_update(ctx, zeros, auth_len) == 1 &&
	       EVP_MAC_update(ctx, msg + rest, len - rest) == 1 &&
	       EVP_MAC_final(ctx, out, &n, AUTH_MAX) == 1 && n == row->full;
}

static bool length_accepted(const struct auth_row *row, uint16_t auth_len)
{
	return auth_len == row->full || auth_len == row->truncated;
}

bool lisp_auth_sign(uint8_t *buf, size_t len, const void *secret, size_t secret_len)
{
	uint8_t mac[AUTH_MAX], key[AUTH_MAX];
	struct auth_row *row;
	uint16_t auth_len;
	bool ok;

	if (len < LISP_AUTH_OFFSET || !lisp_type_authenticated(buf[0] >> 4) || secret_len == 0)
		return false;
	row = auth_row(buf[LISP_AUTH_OFFSET - 3]);
	auth_len = lisp_get16(buf + LISP_AUTH_OFFSET - 2);
	if (!row || !row->digest || !length_accepted(row, auth_len) ||
	    len < LISP_AUTH_OFFSET + (size_t)auth_len)
		return false;

	if (row->hkdf) {
		if (!derive_key(buf[0] >> 4, buf + 4, secret, secret_len, key))
			return false;
		secret = key;
		secret_len = sizeof(key);
	}
	ok = mac_message(row, secret, secret_len, buf, len, auth_len, mac);
	if (ok)
		memcpy(buf + LISP_AUTH_OFFSET, mac, auth_len);
	OPENSSL_cleanse(key, sizeof(key));
	return ok;
}

static bool mac_matches(struct auth_row *row, const struct lisp_msg *msg, size_t len,
			const void *key, size_t key_len)
{
	uint8_t mac[AUTH_MAX];

	return mac_message(row, key, key_len, msg->buf, len, msg->h.auth_len, mac) &&
	       CRYPTO_memcmp(mac, msg->buf + LISP_AUTH_OFFSET, msg->h.auth_len) == 0;
}

enum lisp_drop lisp_auth_verify(const struct lisp_msg *msg, uint8_t alg_id, const void *secret,
				size_t secret_len)
{
	struct auth_row *row = auth_row(msg->h.alg_id);
	uint8_t key[AUTH_MAX];
	bool ok;

	if (!lisp_type_authenticated(msg->h.type) || !row || !row->digest ||
	    (alg_id != LISP_AUTH_NONE && alg_id != msg->h.alg_id) ||
	    (row->hkdf && !lisp_type_salt(msg->h.type)))
		return LISP_DROP_AUTH_ALGORITHM;
	if (secret_len == 0)
		return LISP_DROP_AUTH_NO_KEY;
	if (!length_accepted(row, msg->h.auth_len))
		return LISP_DROP_AUTH_FAILED;

	if (row->hkdf) {
		if (!derive_key(msg->h.type, msg->buf + 4, secret, secret_len, key))
			return LISP_DROP_AUTH_FAILED;
		secret = key;
		secret_len = sizeof(key);
	}
	ok = mac_matches(row, msg, msg->len, secret, secret_len);
	if (!ok && msg->records_end && msg->records_end < msg->len)
		ok = mac_matches(row, msg, msg->records_end, secret, secret_len);
	if (row->hkdf)
		OPENSSL_cleanse(key, sizeof(key));
	return ok ? LISP_OK : LISP_DROP_AUTH_FAILED;
}

/* --------------------------------------------------------------------- replay */

enum lisp_drop lisp_replay_check(const struct lisp_replay *replay, uint64_t nonce)
{
	return replay->seen && nonce <= replay->last ? LISP_DROP_REPLAY : LISP_OK;
}

void lisp_replay_commit(struct lisp_replay *replay, uint64_t nonce)
{
	replay->seen = true;
	replay->last = nonce;
}
