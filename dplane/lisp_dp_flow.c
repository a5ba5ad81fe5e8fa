// SPDX-License-Identifier: GPL-2.0-or-later
/* The fast path has its map, the slow path a table of its own. */
#include <zebra.h>

#include "lib/memory.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_flow.h"

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_FLOW, "LISP flow");

static struct lisp_bpf_flow *flows; /* LISP_FLOWS of them, once one is written */

void lisp_dp_flow_remember(const uint8_t *packet, const struct lisp_dp_inner *inner, uint32_t iid,
			   uint32_t locator)
{
	struct lisp_bpf_flow flow = { .hash = inner->hash,
				      .iid = iid,
				      .locator = locator,
				      .seen = LISP_COARSE(lisp_dp_now_ns()) };

	memcpy(flow.begin, packet, MIN(inner->length, sizeof(flow.begin)));
	if (!flows)
		flows = XCALLOC(MTYPE_LISP_DP_FLOW, LISP_FLOWS * sizeof(*flows));
	flows[LISP_FLOW_PLACE(inner->hash)] = flow;
}

bool lisp_dp_flow_find(uint16_t port, const struct lisp_dp_locator *locator,
		       struct lisp_bpf_flow *flow)
{
	uint32_t place = LISP_PORT_PLACE(port);

	if (!locator->value.slow && lisp_dp_bpf_flow_read(place, flow) &&
	    flow->locator == locator->id)
		return true;
	if (!flows || flows[place].locator != locator->id)
		return false;
	*flow = flows[place];
	return true;
}

void lisp_dp_flow_finish(void)
{
	XFREE(MTYPE_LISP_DP_FLOW, flows);
}
