// SPDX-License-Identifier: GPL-2.0-or-later
/* Counting packets. The fast path's counters are in enum lisp_bpf_counter. */
#ifndef _LISP_DP_COUNT_H
#define _LISP_DP_COUNT_H

#include <stdbool.h>
#include <stdint.h>
#include <linux/types.h>

#include "dplane/lisp_dp_maps.h"

/* Continues enum lisp_bpf_counter; names in lisp_dp_count.c. */
enum lisp_dp_counter {
	LISP_COUNT_SLOW_ENCAP_4 = LISP_COUNT_FAST_MAX,
	LISP_COUNT_SLOW_ENCAP_6,
	LISP_COUNT_SLOW_DECAP_4,
	LISP_COUNT_SLOW_DECAP_6,
	LISP_COUNT_QUEUED,
	LISP_COUNT_QUEUE_SENT,
	LISP_COUNT_NATIVE,
	LISP_COUNT_FRAGMENTED,
	LISP_COUNT_ICMP_SENT,
	LISP_COUNT_ICMP_RELAYED,
	/* dropped */
	LISP_COUNT_NO_MAPPING,
	LISP_COUNT_QUEUE_EID_FULL,
	LISP_COUNT_QUEUE_FULL,
	LISP_COUNT_QUEUE_EXPIRED,
	LISP_COUNT_QUEUE_NEGATIVE,
	LISP_COUNT_DROP_ACTION,
	LISP_COUNT_TOO_BIG,
	LISP_COUNT_NOT_LOCAL_RLOC,
	LISP_COUNT_UNASSIGNED,
	LISP_COUNT_TTL,
	LISP_COUNT_SEND_ERROR,
	LISP_COUNT_MAX,
};

/* A packet of the slow path. */
void lisp_dp_count(unsigned int counter, uint64_t bytes);

/* Of both paths. */
void lisp_dp_count_sum(unsigned int counter, struct lisp_bpf_count *sum);
void lisp_dp_count_clear(void);
/* kebab-case, stable; drop: it counts dropped packets. */
const char *lisp_dp_count_name(unsigned int counter, bool *drop);

#endif /* _LISP_DP_COUNT_H */
