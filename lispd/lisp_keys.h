// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Shared secrets of Map-Servers and sites (RFC 9301 section 5.6).
 *
 * The recommended form keeps them out of the configuration: /etc/frr/lisp.keys,
 * mode 0600, owned by the daemon's user, read by lispd itself and again when the
 * file changes. A line:
 *
 *   NAME KEY-ID ALGORITHM SECRET [from TIME] [until TIME]
 *
 * ALGORITHM is hmac-sha-1-96, hmac-sha-256-128 or hmac-sha-256-128-hkdf; TIME is
 * ISO 8601 UTC; `#` starts a comment; several lines of one NAME are its key-ids.
 * A secret given in the configuration (`key K`) is a lab's convenience: sent with
 * key-id 0 and the algorithm of its lisp_key_ref. No function here prints a secret.
 */
#ifndef _LISP_KEYS_H
#define _LISP_KEYS_H

#include "hook.h"
#include "lispd/lispd.h"
#include "lispd/lisp_auth.h"
#include "lispd/lisp_limits.h"

/* How a Map-Server or site names its keys: by key-name, or one secret in line. */
struct lisp_key_ref {
	char *name;	   /* of the key file; or NULL */
	char *secret;	   /* clear; or NULL */
	uint8_t algorithm; /* of the in-line secret, enum lisp_auth_alg; default 2 */
};

struct lisp_key {
	uint8_t id;
	uint8_t algorithm; /* enum lisp_auth_alg */
	uint16_t len;
	uint8_t secret[LISP_SECRET_MAX];
};

/* The same algorithm and secret, whatever their ids are. */
bool lisp_key_same(const struct lisp_key *a, const struct lisp_key *b);

/* Sets from configuration (copies); both NULL: no key. True if it changed. */
bool lisp_key_ref_set(struct lisp_key_ref *ref, const char *name, const char *secret,
		      uint8_t algorithm);
void lisp_key_ref_fini(struct lisp_key_ref *ref); /* wipes */

/* The key to sign with now: valid now, highest key-id. False: none (counted by the caller). */
bool lisp_key_to_send(const struct lisp_key_ref *ref, struct lisp_key *key);
/* The key that a peer's message names, valid now. In-line secrets have key-id 0, and
 * algorithm 1, 2 or 3.
 */
bool lisp_key_to_verify(const struct lisp_key_ref *ref, uint8_t key_id, uint8_t algorithm,
			struct lisp_key *key);

/* The file's path, how many keys, and why it is not in use; for `show lisp service`. */
struct lisp_keys_status {
	const char *path;
	unsigned int keys;
	const char *error; /* NULL: fine */
};
void lisp_keys_status(struct lisp_keys_status *status);

void lisp_keys_path_set(const char *path); /* NULL: the default */
/* Runs after the file was read again with other content, and when a key begins or ends. */
DECLARE_HOOK(lisp_keys_changed, (), ());

void lisp_keys_init(void);
void lisp_keys_finish(void);

#endif /* _LISP_KEYS_H */
