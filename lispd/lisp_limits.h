// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every bound, rate and timer above the codec, with its unit and its reason.
 * What the codec bounds is with the codec: LISP_MSG_MAX, LISP_LOCATORS_MAX, LISP_LCAF_DEPTH.
 */
#ifndef _LISP_LIMITS_H
#define _LISP_LIMITS_H

/* ---- messages ---- */

/* UDP payload that fits where the path MTU is unknown, octets (RFC 9301 section 5). */
#define LISP_MSG_SAFE_V4 (576 - 20 - 8)
#define LISP_MSG_SAFE_V6 (1280 - 40 - 8)
/* The same by the family of the address that it goes to. */
#define LISP_MSG_SAFE(to) (IS_IPADDR_V4(to) ? LISP_MSG_SAFE_V4 : LISP_MSG_SAFE_V6)

/* Datagrams of a socket that one wake-up takes: a burst costs few, and starves nobody. */
#define LISP_RX_BATCH  32
#define LISP_RX_BUFFER (4 * 1024 * 1024) /* octets of a socket, for what comes meanwhile */
#define LISP_IO_RETRY  5		 /* s between attempts at a port that another program has */

/* ---- the log ---- */

/* Lines about what changes, for each peer, and for all of them. */
#define LISP_LOG_RATE	   1 /* a second */
#define LISP_LOG_BURST	   50
#define LISP_LOG_ALL_RATE  50 /* a second */
#define LISP_LOG_ALL_BURST 1000

/* ---- refusals that are remembered ---- */

#define LISP_REFUSALS_MAX 32   /* of each type of message */
#define LISP_REFUSAL_RATE 1000 /* a second, the same */

/* ---- Map-Replies and Map-Requests that are forwarded ---- */

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
/* Map-Requests that are remembered, to ask the next ETR when an ITR asks again. */
#define LISP_FORWARD_ASKED 1024
#define LISP_FORWARD_AGAIN 30 /* s */

/*
 * Messages that one Map-Request of several records is answered with at most: an ETR answers
 * all of its records in one, the mapping system each in its own.
 */
#define LISP_REQUEST_PARTS_MAX 16

/*
 * RFC 9301 section 5.4 recommends one Map-Reply in 3 s to the same RLOC. Taken by the
 * letter, an ITR's second host would wait for its first lookup; so each
 * destination has a bucket of tokens.
 */
#define LISP_ETR_RATE	     50 /* Map-Replies a second */
#define LISP_ETR_BURST	     100
#define LISP_ETR_RECORDS_MAX 64 /* that one record of a Map-Request is answered with */

/* Negative Map-Replies, minutes, RFC 9301 section 8.3 */
#define LISP_TTL_NOT_AN_EID	15
#define LISP_TTL_NOT_REGISTERED 1
#define LISP_TTL_UNCERTAIN	1 /* while the ALT's routes are still coming, or one was lost */

/* Record TTLs, minutes, RFC 9301 section 5.4; also what a TTL of 0xffffffff stands for */
#define LISP_RECORD_TTL_DEFAULT 1440
#define LISP_RECORD_TTL_MAX	(7 * 24 * 60) /* that the map-cache keeps */

/* ---- ITR, Map-Requests of our own ---- */

#define LISP_ITR_TRIES		 10   /* Map-Requests of one query, RFC 9301 section 5.3 */
#define LISP_ITR_INTERVAL	 1000 /* ms, at most one a second per EID-prefix, section 5.3 */
#define LISP_MAP_RESOLVER_SILENT 3    /* Map-Requests in a row without an answer: the log says so */
#define LISP_ITR_HOLD		 30   /* s of silence when all were in vain, section 5.3 */
#define LISP_ITR_NO_ANSWER	 3 /* tries in vain: from then on packets do as `itr no-answer` says */
#define LISP_ITR_HOLD_SHORT	 2    /* s, after an answer that left nothing to use: 1 at least */
#define LISP_ITR_SMR_FLOOR	 3000 /* ms between SMR-invoked queries of one EID-prefix */
#define LISP_ITR_PAUSES		 4096 /* EID-prefixes without an entry for which that is remembered */
#define LISP_ITR_DIRECT_TRIES	 2    /* of a refresh, to RLOCs; then Map-Resolvers, RFC 6836 5.1 */
#define LISP_ITR_ALT_TRIES	 3    /* then Map-Resolvers are asked, if there are any */
#define LISP_ITR_RLOCS_MAX	 16   /* that a Map-Request of 576 octets has room for */
/* Mappings without a locator that is up: asked for at once, then after 1, 2, 4 ... 64 s. */
#define LISP_LOST_BACK_OFF	  6
#define LISP_LOST_DELAY		  100  /* ms for RLOCs that go together */
#define LISP_LOST_PORTION	  1000 /* entries that are looked at in one turn of the event loop */
#define LISP_LOST_RATE		  100  /* Map-Requests a second */
#define LISP_MISS_RATE		  1000	/* new queries a second that packets can cause, all EIDs */
#define LISP_PENDING_MAX	  16384 /* queries */
#define LISP_PENDING_TRIES_MAX	  12
#define LISP_PENDING_BACK_OFF_MAX 8000 /* ms between two tries */
#define LISP_LIG_INTERVAL	  2000 /* ms between two tries, RFC 6835 section 4.2 */
#define LISP_LIG_TRIES		  3    /* Map-Requests, if not told */
#define LISP_LIG_MAX		  32   /* outstanding queries */
#define LISP_NAMES_MAX		  32   /* names of hosts that are asked for */
#define LISP_NAME_POLL		  20   /* ms between looks for the answer */

/* ---- RLOC-probing, RFC 9301 section 7.1 ---- */

#define LISP_PROBE_INTERVAL 10000 /* ms between probes of an RLOC, a quarter more or less */
#define LISP_PROBE_TRIES    3	  /* without answer it is down */
#define LISP_PROBE_RETRY    1000  /* ms to the second one, twice as long to the third */
#define LISP_PROBE_BACK_OFF 2	  /* while it is down: 20, then 40 s between probes */
#define LISP_PROBES_MAX	    4096  /* RLOCs that are probed */
#define LISP_PROBE_WALK	    5000  /* ms between looks for RLOCs in use */
#define LISP_PROBE_PORTION  1000  /* entries that are looked at in one turn of the event loop */

/* ---- map-cache and RLOCs ---- */

#define LISP_MAP_CACHE_LIMIT_DEFAULT 100000 /* entries */
#define LISP_MAP_CACHE_IN_USE	     60	    /* s, RFC 9301 section 6.1 */
#define LISP_MAP_CACHE_CANDIDATES    16	    /* that are looked at to make room for one more */
#define LISP_MAP_CACHE_WARN	     60	    /* s between warnings that it is full */
#define LISP_RLOCS_MAX		     262144 /* each one is a nexthop that zebra tracks */
#define LISP_RLOC_GOING_MAX	     64 /* own IPv6 addresses that are remembered as no good for RLOCs */
#define LISP_KERNEL_PERIOD	     2 /* s between looks at the kernel's routes to RLOCs */
#define LISP_KERNEL_LOOKS                                                                          \
	65536 /* RLOCs that are passed by in one turn, most with a route of zebra's */
#define LISP_KERNEL_RLOCS  256 /* looked at in one turn, the others later */
#define LISP_KERNEL_DOUBTS 64  /* the same of those to which zebra has a route */
#define LISP_ICMP_HOLD	   10  /* s that an RLOC is down for; then the route is tried again */
#define LISP_ICMP_RATE	   10  /* locators a second that ICMP may take down, and as many at once */

/* ---- ETR: registers ---- */

#define LISP_REGISTER_RECORDS_MAX  255 /* of one Map-Register: its count is an octet */
#define LISP_REGISTER_INTERVAL	   60  /* s, RFC 9301 section 8.2 */
#define LISP_REGISTER_RETRY_FIRST  1   /* s, RFC 9301 section 5.7 */
#define LISP_REGISTER_RETRY_MAX	   60  /* s */
#define LISP_REGISTER_UNSENT	   50  /* ms, when a Map-Register did not leave this system */
#define LISP_REGISTER_UNSENT_MAX   100 /* times */
#define LISP_REGISTER_CHANGE_GAP   100 /* ms between registrations that changes cause */
#define LISP_REGISTER_REST	   500 /* ms, for what a Map-Notify does not name: in another one */
#define LISP_REGISTER_FAILED_AFTER 3   /* Map-Notifies that did not come */
/* nonces that are noted as used at once: a file is written once for so many */
#define LISP_REGISTER_NONCES 1000000
/* ms that a prefix whose last locator went stays registered: DHCP may give it another one */
#define LISP_REGISTER_HOLD	  5000
#define LISP_REGISTER_WITHDRAWALS 3 /* times that a withdrawal is sent */
/* Map-Registers that unsolicited Map-Notifies of one Map-Server bring */
#define LISP_REGISTER_NEWS_RATE	 1 /* a second */
#define LISP_REGISTER_NEWS_BURST 5
#define LISP_REGISTER_NEWS_LATER 500 /* ms, when the bucket is empty */
#define LISP_REGISTER_ALONE_MAX	 256 /* Map-Registers of one record at once */

/* ---- SMRs ---- */

#define LISP_SMR_INTERVAL   3000 /* ms between SMRs to one RLOC, RFC 9301 section 6.1 */
#define LISP_SMR_TRIES	    3
#define LISP_SMR_UNSENT	    50	 /* ms, when it did not leave this system: no route yet */
#define LISP_SMR_UNSENT_MAX 100	 /* times */
#define LISP_SMR_WAIT	    10	 /* ms, for the Map-Servers' acknowledgement */
#define LISP_SMR_WAIT_MAX   100	 /* times */
#define LISP_SMR_MAX	    4096 /* SMRs under way */
#define LISP_SMR_IN_RATE    1000 /* entries a second that the SMRs of one sender look at */
/* Of all senders: unanswered for all their tries (63 s) they are not half of LISP_PENDING_MAX. */
#define LISP_SMR_IN_ALL_RATE  50
#define LISP_SMR_IN_ALL_BURST 4000
#define LISP_SMR_RATE	      1 /* a second to one RLOC, all EID-prefixes; and for stray data */
#define LISP_SMR_BURST	      8
#define LISP_SMR_LATER	      500 /* ms, when the bucket is empty */
#define LISP_SMR_BEFORE	      180 /* s after our start: a prefix that comes then was told before, maybe */
#define LISP_SMR_HOLDERS_MAX  4096 /* peers that have been told a mapping */
#define LISP_SMR_CANDIDATES   16   /* of these that are looked at to make room for one more */
#define LISP_SMR_PORTION      5000 /* pairs of entry and changed prefix in one turn of the loop */
/* What anybody can cause: SMRs to RLOCs that are in no mapping here, and for data that goes astray */
#define LISP_SMR_STRANGERS     100  /* a second that are both */
#define LISP_SMR_STRANGERS_MAX 2048 /* under way, that are either */

/* ---- Map-Server ---- */

#define LISP_DYNAMIC_MAX       100000 /* more-specifics of one configured prefix */
#define LISP_REGISTRATIONS_MAX 64     /* xTRs of one prefix */
/* Unsolicited Map-Notifies: a merged set has changed. */
#define LISP_NEWS_MAX	1024 /* under way */
#define LISP_NEWS_DELAY 100  /* ms, for changes that come together */
#define LISP_NEWS_AGAIN 3 /* s to the next try; after three twice as long each time, RFC 9301 5.7 */
#define LISP_NEWS_TRIES 7
/* s, RFC 9301 section 8.2; with T the Record TTL, up to the maximum */
#define LISP_REGISTRATION_LIFETIME     180
#define LISP_REGISTRATION_OVERDUE      75 /* s since the last register: others are asked first */
#define LISP_REGISTRATION_LIFETIME_MAX (7 * 24 * 3600)
/*
 * What is kept of registrations. After a restart each xTR has a refresh's time, and some,
 * to say what it could not say meanwhile.
 */
#define LISP_STORE_DELAY	   500	/* ms from a change to its being written */
#define LISP_STORE_REFRESH	   30	/* s, if only its times and its nonce changed */
#define LISP_STORE_SLICE	   2000 /* us of reading or writing at once */
#define LISP_STORE_SETTLE	   75	/* s */
#define LISP_LOG_INTERVAL	   10	/* s between two log messages of one kind, and one site */
#define LISP_AUTH_FAILURE_INTERVAL 1	/* s between two notifications of refused authentication */

/* ---- keys ---- */

#define LISP_SECRET_MAX	   128	 /* octets */
#define LISP_KEY_NAME_MAX  64	 /* octets with the NUL */
#define LISP_KEY_LINES_MAX 65536 /* keys in the file */
#define LISP_KEY_LINE_MAX  512	 /* octets */
#define LISP_KEY_RETRY	   5	 /* s, while the file's directory cannot be watched */
#define LISP_KEY_SETTLE	   100	 /* ms: an editor writes more than once */
#define LISP_KEY_CLOCK	   60	 /* s between looks at the real time, which may jump */

/* ---- ALT ---- */

#define LISP_ALT_DATAGRAM_TTL 64
#define LISP_ALT_RATE	      20000 /* Map-Requests a second of one ALT, RFC 6836 section 4.1 */
#define LISP_ALT_BURST	      20000
#define LISP_ALT_SETTLE	      180 /* s, for BGP to bring all routes at first */
#define LISP_ALT_RETURN	      180 /* s, for BGP or a Map-Server's ETRs to bring one back */
#define LISP_ALT_LOST_SILENT  30  /* s of these in which ITRs have no answer: it may be a restart */
#define LISP_ALT_SWEEP	      10  /* s between looks for what stays lost */
#define LISP_ALT_QUIET	      10  /* s without a change, before what is missing is a hole */
#define LISP_ALT_UNREST	      60  /* s: a network that never rests gets its answers too */

/* ---- the dataplane's socket ---- */

#define LISP_DPLANE_RETRY_MIN	20	  /* ms to our second attempt: zebra starts beside us */
#define LISP_DPLANE_RETRY	1000	  /* ms between attempts, after ever longer waits */
#define LISP_DPLANE_HELLO	5	  /* s, for the plugin's Hello, and for what it recalls */
#define LISP_DPLANE_GRACE	30	  /* s from our first connection to EndOfReplay, at most */
#define LISP_DPLANE_GRACE_MIN	3	  /* s from the first configuration to EndOfReplay */
#define LISP_DPLANE_WINDOW	32	  /* batches under way */
#define LISP_DPLANE_BATCH_MAX	128	  /* operations of one */
#define LISP_DPLANE_MESSAGE_MAX (1 << 20) /* octets */
#define LISP_DPLANE_FDS_MAX	32	  /* descriptors that no message has taken yet */
#define LISP_DPLANE_COUNTERS	10	  /* s between two readings */
#define LISP_DPLANE_STEPS_MAX	16	  /* of an explanation */
#define LISP_DPLANE_EXPLAIN	3	  /* s that an explanation may take */
#define LISP_DPLANE_RECALL_IDLE 60	  /* s without traffic: not asked for again */
/* a second, to be asked for again: half of what a Map-Resolver takes of one client */
#define LISP_DPLANE_RECALL_RATE	 500
#define LISP_DPLANE_RECALL_TICK	 100  /* ms between portions of that */
#define LISP_DPLANE_RECALL_ASKED 4096 /* queries under way: the others are for packets */
#define LISP_DPLANE_QUEUE_HOLD	 5000 /* ms that a first packet waits for its mapping */
#define LISP_DPLANE_RLOC_WAIT	 500  /* ms that a mapping waits for its RLOCs' state */

#endif /* _LISP_LIMITS_H */
