// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The slow path: whole packets from the lisp device (misses, oversize, or all
 * where there is no BPF) and LISP data packets from the UDP 4341 sockets
 * (reassembled fragments, interfaces without a program, or all).
 */
#ifndef _LISP_DP_SLOW_H
#define _LISP_DP_SLOW_H

#include "dplane/lisp_dp_instance.h"
#include "dplane/lisp_dp_packet.h"

/* Starts and stops reading an instance's device. */
void lisp_dp_slow_start(struct lisp_dp_instance *instance);
void lisp_dp_slow_stop(struct lisp_dp_instance *instance);

/*
 * Tells the host that sent an encapsulated packet of an ICMP error on its way. from: who said
 * it, of the packet's family, or NULL: we say it for him. packet may be its beginning alone.
 */
void lisp_dp_slow_relay(struct lisp_dp_instance *instance, enum lisp_dp_icmp type,
			const uint8_t *from, const uint8_t *packet,
			const struct lisp_dp_inner *inner);

/*
 * Opens and closes sockets; they are open, in the underlay, while there is an instance. What
 * could not be opened is tried again.
 */
void lisp_dp_slow_sync(void);
/* What is not open, and why; empty: all is. */
void lisp_dp_slow_trouble(char *text, size_t size);

/* Called with privileges when an instance's device was taken away by somebody else. */
typedef void (*lisp_dp_gone_fn)(struct lisp_dp_instance *instance);
/* The queue of packets without a mapping begins and ends with it. */
void lisp_dp_slow_init(lisp_dp_gone_fn gone);
void lisp_dp_slow_finish(void);

#endif /* _LISP_DP_SLOW_H */
