// SPDX-License-Identifier: GPL-2.0-or-later
/* Counters of both paths. The fast path's are in enum lisp_bpf_counter. */
#ifndef _LISP_DP_COUNTERS_H
#define _LISP_DP_COUNTERS_H

#include <stddef.h>
#include <stdint.h>
#include <linux/types.h>

#include "dplane/lisp_dp.pb-c.h"
#include "dplane/lisp_dp_maps.h"
#include "dplane/lisp_dp_tables.h"

/* Continues enum lisp_bpf_counter; names in lisp_dp_counters.c. */
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
	/* dropped */
	LISP_COUNT_NO_MAPPING,
	LISP_COUNT_QUEUE_EID_FULL,
	LISP_COUNT_QUEUE_FULL,
	LISP_COUNT_QUEUE_EXPIRED,
	LISP_COUNT_QUEUE_NEGATIVE,
	LISP_COUNT_DROP_ACTION,
	LISP_COUNT_TOO_BIG,
	LISP_COUNT_NOT_LOCAL_RLOC,
	LISP_COUNT_SEND_ERROR,
	LISP_COUNT_MAX,
};

/* A packet of the slow path. */
void lisp_dp_count(unsigned int counter, uint64_t bytes);

/* Sends the answer to a CounterRequest. */
void lisp_dp_counters_answer(uint64_t seq);

/* Seconds since the last packet of a mapping, or this: there was none. */
#define LISP_DP_IDLE_EVER UINT32_MAX
uint32_t lisp_dp_mapping_idle(const struct lisp_dp_mapping *mapping);

/* All to zero, of both paths. */
void lisp_dp_counters_clear(void);

#endif /* _LISP_DP_COUNTERS_H */
