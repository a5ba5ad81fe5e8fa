// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Authentication of Map-Register, Map-Notify, Map-Notify-Ack and Info
 * messages: RFC 9301 section 5.6 and 12.5, RFC 2404, RFC 4868, RFC 5869.
 *
 * Lengths. The algorithms' names say 96 and 128 bits, deployed stacks send
 * and demand the untruncated 20 and 32 octets. Both are accepted; what is
 * sent is chosen by `full`. Nothing between and nothing shorter is accepted,
 * and the length is ours to check, never the sender's to choose.
 */
#ifndef _LISP_AUTH_H
#define _LISP_AUTH_H

#include "lispd/lisp_msg.h"

/*
 * Octets of authentication data: 20 or 12, 32 or 16, for algorithm 3 as for
 * 2. 0 for an algorithm that cannot authenticate (0 and unknown ones).
 */
uint16_t lisp_auth_len(uint8_t alg_id, bool full);

/* "none", "sha1", "sha256", "sha256-hkdf"; "unknown" otherwise. */
const char *lisp_auth_name(uint8_t alg_id);

/*
 * Fill in the authentication data of a finished message (types 3, 4, 5, 7):
 * MAC over all of it, trailer included, by the algorithm and length its
 * header names. False if that is not one of lisp_auth_len(), if the message
 * is no such message, or OpenSSL failed; the message must not be sent then.
 */
bool lisp_auth_sign(uint8_t *buf, size_t len, const void *secret, size_t secret_len);

/*
 * Verify a decoded message of these types with the secret of its key-id
 * (msg->h.key_id; choosing it is the caller's part). alg_id: the algorithm
 * that the key is for; LISP_AUTH_NONE takes 1, 2 or 3, whichever the message
 * names. Tried over the whole message, then, if it has a trailer, over the
 * octets up to the last record, as the letter of RFC 9301 has it.
 * LISP_OK, LISP_DROP_AUTH_ALGORITHM (none, unknown, or not the key's),
 * LISP_DROP_AUTH_NO_KEY (empty secret), LISP_DROP_AUTH_FAILED (length or MAC).
 * Compares in constant time; does not write to the message.
 */
enum lisp_drop lisp_auth_verify(const struct lisp_msg *msg, uint8_t alg_id, const void *secret,
				size_t secret_len);

/*
 * Replay protection, RFC 9301 section 5.6: the nonce of a peer's registers
 * must grow. One per (xTR-ID or RLOC, key-id); all zero: none seen yet.
 */
struct lisp_replay {
	uint64_t last;
	bool seen;
};

/* LISP_OK, or LISP_DROP_REPLAY. Changes nothing: commit after all checks. */
enum lisp_drop lisp_replay_check(const struct lisp_replay *replay, uint64_t nonce);
void lisp_replay_commit(struct lisp_replay *replay, uint64_t nonce);

#endif /* _LISP_AUTH_H */
