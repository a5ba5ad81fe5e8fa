// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The slow path: whole packets from the lisp device (misses, oversize, or all
 * where there is no BPF) and LISP data packets from the UDP 4341 sockets
 * (reassembled fragments, interfaces without a program, or all).
 */
#ifndef _LISP_DP_SLOW_H
#define _LISP_DP_SLOW_H

#include "dplane/lisp_dp_packet.h"
#include "dplane/lisp_dp_tables.h"

/* Starts and stops reading an instance's device. */
void lisp_dp_slow_start(struct lisp_dp_instance *instance);
void lisp_dp_slow_stop(struct lisp_dp_instance *instance);

/* What becomes of one packet towards the mapping that its EID has now. */
void lisp_dp_slow_forward(struct lisp_dp_instance *instance, uint8_t *packet,
			  const struct lisp_dp_inner *inner, struct lisp_dp_mapping *mapping);

/* Opens and closes sockets; they are open while there is an own RLOC or an instance. */
void lisp_dp_slow_sync(void);
void lisp_dp_slow_finish(void);

#endif /* _LISP_DP_SLOW_H */
