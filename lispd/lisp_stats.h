// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Counters of control messages and the named reasons why one is dropped.
 *
 * Each reason has one word, the same in `show lisp statistics`, its JSON, the
 * YANG state and the log. A dropped message changes no state and, where a
 * failed authentication or an unknown peer is the cause, gets no answer.
 */
#ifndef _LISP_STATS_H
#define _LISP_STATS_H

#include <stdint.h>

/* clang-format off */
#define LISP_DROPS(X) \
	/* the codec: malformed, RFC 9301 section 5 */ \
	X(TRUNCATED,		"truncated") \
	X(BAD_TYPE,		"unknown-type") \
	X(BAD_AFI,		"unknown-afi") \
	X(BAD_LCAF,		"bad-lcaf") \
	X(BAD_LENGTH,		"bad-length") \
	X(BAD_MASK_LEN,		"bad-mask-length") \
	X(NO_RECORDS,		"no-records") \
	X(NO_ITR_RLOC,		"no-itr-rloc") \
	X(NO_XTR_ID,		"no-xtr-id") \
	X(VENDOR_LCAF,		"unknown-vendor-lcaf") \
	X(PROBE_NOT_AUTH,	"probe-reply-not-authoritative") \
	X(NESTED_ECM,		"nested-ecm") \
	X(BAD_INNER,		"bad-ecm-inner") \
	X(BAD_CHECKSUM,		"bad-checksum") \
	X(TRAILING,		"trailing-octets") \
	/* authentication, RFC 9301 section 5.6 */ \
	X(AUTH_FAILED,		"authentication-failed") \
	X(AUTH_UNKNOWN_KEY,	"unknown-key-id") \
	X(AUTH_ALGORITHM,	"algorithm-not-allowed") \
	X(AUTH_NO_KEY,		"no-key-configured") \
	X(REPLAY,		"nonce-replayed") \
	X(OLD_VERSION,		"older-map-version") \
	/* roles */ \
	X(NOT_OUR_PORT,		"wrong-port") \
	X(NOT_ENABLED,		"role-not-enabled") \
	X(UNKNOWN_NONCE,	"nonce-unknown") \
	X(NOT_COVERED,		"record-does-not-cover-request") \
	X(NOT_LOCAL_EID,	"eid-not-local") \
	X(UNKNOWN_SITE,		"eid-prefix-not-configured") \
	X(SITE_MISMATCH,	"records-of-several-sites") \
	X(PROBE_TO_MS,		"probe-to-mapping-system") \
	X(PROBE_IN_ECM,		"probe-in-ecm") \
	X(NOT_A_PROBE,		"no-reply-to-a-probe") \
	X(PROBE_OTHER_RLOC,	"probe-reply-for-another-rloc") \
	X(PROBE_NO_REACH,	"probe-reply-without-reach") \
	X(DO_NOT_REPLY,		"do-not-reply") \
	X(REPLY_FULL,		"reply-full") \
	X(SMR_NOT_CACHED,	"smr-eid-not-cached") \
	X(RATE_LIMITED,		"rate-limited") \
	X(TABLE_FULL,		"table-full") \
	X(TOO_MANY_LOCATORS,	"too-many-locators") \
	X(NO_LOCATOR,		"no-usable-locator") \
	X(UNREACHABLE,		"no-usable-rloc") \
	X(NOT_BACK,		"registrations-not-back-yet") \
	X(ALT_NOT_READY,	"alt-not-ready") \
	X(NOT_ALT_DATAGRAM,	"not-an-alt-datagram") \
	X(ALT_INSTANCE,		"not-of-the-alts-instance") \
	X(NOT_SUPPORTED,	"not-supported") \
	X(EID_KIND,		"eid-kind-not-supported") \
	X(SOURCE_OF_GROUPS,	"source-of-several-groups") \
	X(SEND_FAILED,		"send-failed")
/* clang-format on */

enum lisp_drop {
	LISP_OK = 0,
#define X(name, word) LISP_DROP_##name,
	/* clang-format off */
	LISP_DROPS(X)
#undef X
	LISP_DROP_MAX,
	/* clang-format on */
};

/* The word of a reason; "ok" for LISP_OK. Never NULL. */
const char *lisp_drop_name(enum lisp_drop drop);

/*
 * Message counters, by wire type (0..15, RFC 9301 section 5.1). Direction:
 * in counts every datagram received before any check, out every one sent.
 */
void lisp_stats_in(uint8_t type);
void lisp_stats_out(uint8_t type);

/* Count a drop. type is the message's wire type, 0 if it is not known. */
void lisp_stats_drop(uint8_t type, enum lisp_drop drop);

/* Count a record of a Map-Request that gets no answer while others of it do. */
void lisp_stats_record_left(enum lisp_drop drop);

/* Named events worth a counter that are neither (see lisp_stats.c). */
/* clang-format off */
#define LISP_EVENTS(X) \
	X(MISSES,		"cache-misses") \
	X(RESOLVED,		"map-requests-answered") \
	X(RESOLVE_TIMEOUT,	"map-requests-timed-out") \
	X(NEGATIVE_IN,		"negative-map-replies-in") \
	X(NEGATIVE_OUT,		"negative-map-replies-out") \
	X(PROXY_OUT,		"proxy-map-replies-out") \
	X(FORWARDED,		"map-requests-forwarded-to-etr") \
	X(ALT_OUT,		"map-requests-sent-on-alt") \
	X(ALT_IN,		"map-requests-received-on-alt") \
	X(SMR_IN,		"smrs-in") \
	X(SMR_OUT,		"smrs-out") \
	X(SMR_ANSWERED,		"smrs-answered") \
	X(SMR_IN_VAIN,		"smrs-without-answer") \
	X(REGISTRATIONS,	"registrations-accepted") \
	X(WITHDRAWALS,		"registrations-withdrawn") \
	X(EXPIRED,		"registrations-expired") \
	X(RECORD_LEFT,		"map-request-records-left-out") \
	X(RECORD_REFUSED,	"register-records-refused") \
	X(LOCATOR_LEFT,		"register-records-with-locators-left-out") \
	X(NEWS_LEFT,		"unsolicited-map-notifies-left-out") \
	X(LENIENT,		"tolerated-deviations") \
	X(SOCKET_FULL,		"datagrams-lost-at-the-socket")
/* clang-format on */

enum lisp_event {
#define X(name, word) LISP_EV_##name,
	/* clang-format off */
	LISP_EVENTS(X)
#undef X
	LISP_EV_MAX,
	/* clang-format on */
};

void lisp_stats_event(enum lisp_event ev);
void lisp_stats_events(enum lisp_event ev, unsigned int times);

/* Walks all counters of one kind: in order, zero ones too. */
uint64_t lisp_stats_get_in(uint8_t type);
uint64_t lisp_stats_get_out(uint8_t type);
uint64_t lisp_stats_get_dropped(uint8_t type); /* all reasons */
uint64_t lisp_stats_get_drop(enum lisp_drop drop);
uint64_t lisp_stats_get_event(enum lisp_event ev);
const char *lisp_stats_event_name(enum lisp_event ev);

/* Sets all of them to zero (`clear lisp statistics`). */
void lisp_stats_clear(void);

#endif /* _LISP_STATS_H */
