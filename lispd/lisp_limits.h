// SPDX-License-Identifier: GPL-2.0-or-later
/* Every bound, rate and timer, with its unit and its reason. */
#ifndef _LISP_LIMITS_H
#define _LISP_LIMITS_H

/* UDP payload that fits where the path MTU is unknown, octets (RFC 9301 section 5). */
#define LISP_MSG_SAFE_V4 (576 - 20 - 8)
#define LISP_MSG_SAFE_V6 (1280 - 40 - 8)
/* The same by the family of the address that it goes to. */
#define LISP_MSG_SAFE(to) (IS_IPADDR_V4(to) ? LISP_MSG_SAFE_V4 : LISP_MSG_SAFE_V6)

/*
 * RFC 9301 section 5.4 wants Map-Replies limited, and the mapping system answers for many
 * ETRs: one destination gets as many Map-Replies a second as a Map-Resolver takes
 * Map-Requests of one client (RFC 6836 section 4.1), and one ETR as many requests.
 */
#define LISP_CLIENT_RATE   1000 /* a second */
#define LISP_CLIENT_BURST  2000
#define LISP_CLIENTS_MAX   4096 /* the longest silent one makes room */
#define LISP_FORWARD_RATE  1000 /* a second */
#define LISP_FORWARD_BURST 2000

/*
 * Messages that one Map-Request of several records is answered with at most: an ETR answers
 * all of its records in one, the mapping system each in its own.
 */
#define LISP_REQUEST_PARTS_MAX 16

/* Negative Map-Replies, minutes, RFC 9301 section 8.3 */
#define LISP_TTL_NOT_AN_EID	15
#define LISP_TTL_NOT_REGISTERED 1
#define LISP_TTL_UNCERTAIN	1 /* while the ALT's routes are still coming */

#endif /* _LISP_LIMITS_H */
