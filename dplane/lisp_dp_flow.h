// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The beginning of packets lately encapsulated, by source port, for ICMP errors that quote
 * no more than the outer headers.
 */
#ifndef _LISP_DP_FLOW_H
#define _LISP_DP_FLOW_H

#include "dplane/lisp_dp_locator.h"
#include "dplane/lisp_dp_packet.h"

/* A packet went to this locator by the slow path. */
void lisp_dp_flow_remember(const uint8_t *packet, const struct lisp_dp_inner *inner, uint32_t iid,
			   uint32_t locator);

/*
 * What went from this source port (0 to 65535) to the locator last; false: nothing is
 * known. Callers hold the privileges.
 */
bool lisp_dp_flow_find(uint16_t port, const struct lisp_dp_locator *locator,
		       struct lisp_bpf_flow *flow);

void lisp_dp_flow_finish(void);

#endif /* _LISP_DP_FLOW_H */
