// SPDX-License-Identifier: GPL-2.0-or-later
/* Answers from all counters: by reason, of locators, mappings and tunnels. */
#ifndef _LISP_DP_COUNTERS_H
#define _LISP_DP_COUNTERS_H

#include <stdint.h>

/* Sends the answer to a CounterRequest. */
void lisp_dp_counters_answer(uint64_t seq);

/* All to zero, of both paths. */
void lisp_dp_counters_clear(void);

#endif /* _LISP_DP_COUNTERS_H */
