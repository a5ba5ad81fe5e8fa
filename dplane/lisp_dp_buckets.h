// SPDX-License-Identifier: GPL-2.0-or-later
/* From an RLOC-set's priorities and weights to what forwarding looks up. Pure. */
#ifndef _LISP_DP_BUCKETS_H
#define _LISP_DP_BUCKETS_H

#include <stddef.h>
#include <stdint.h>
#include <linux/types.h>

#include "dplane/lisp_dp_maps.h"

/* RFC 9301 section 5.4: priority 255 means never for unicast. */
#define LISP_DP_PRIORITY_NEVER 255

struct lisp_dp_member {
	uint32_t locator;
	uint8_t priority; /* 0 to 255, lower is better */
	uint8_t weight;	  /* 0 to 100 by the RFC; up to 255 here */
};

/*
 * Fills set from n members in any order. Members of priority 255 are left out;
 * beyond LISP_MEMBERS the worst are. Sorts member[] in place.
 */
void lisp_dp_set_build(struct lisp_bpf_set *set, struct lisp_dp_member *member, size_t n);

#endif /* _LISP_DP_BUCKETS_H */
