// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets that wait for their EID's mapping, bounded per EID, in total, in time. */
#ifndef _LISP_DP_QUEUE_H
#define _LISP_DP_QUEUE_H

#include "dplane/lisp_dp_mapping.h"
#include "dplane/lisp_dp_packet.h"

/*
 * Holds a copy of the packet as the instance's limits allow, and tells lispd of
 * the miss, at most once a second per EID. A packet that cannot be held is
 * counted.
 */
void lisp_dp_queue_put(struct lisp_dp_instance *instance, const uint8_t *packet,
		       const struct lisp_dp_inner *inner);

/* A mapping for this prefix came or changed: its packets are to be looked at. */
void lisp_dp_queue_mapping(struct lisp_dp_instance *instance, const struct prefix *prefix);
/* A locator has come up: packets may wait for a mapping that uses it. */
void lisp_dp_queue_locator_up(void);
/* Sends, in order, what has a mapping with a locator that is up now. */
void lisp_dp_queue_flush(void);

/* The instance goes: its packets are dropped. */
void lisp_dp_queue_drop(uint32_t iid);

uint64_t lisp_dp_queue_length(void); /* packets held now */

/* What becomes of one packet towards the mapping that its EID has now. */
typedef void (*lisp_dp_forward_fn)(struct lisp_dp_instance *instance, uint8_t *packet,
				   const struct lisp_dp_inner *inner,
				   struct lisp_dp_mapping *mapping);
void lisp_dp_queue_init(lisp_dp_forward_fn forward);
void lisp_dp_queue_finish(void);

#endif /* _LISP_DP_QUEUE_H */
