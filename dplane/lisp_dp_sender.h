// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who lately sent what was decapsulated here, by RLOC, instance and family of the EIDs: they
 * may have our mappings, and hear of changes (RFC 9301 section 6.1). Bounded, and strangers
 * push nobody out: struct lisp_bpf_sender says how.
 */
#ifndef _LISP_DP_SENDER_H
#define _LISP_DP_SENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "dplane/lisp_dp_bpf.h"

/*
 * A packet of an EID's IP version was decapsulated by the slow path. source: the outer one, an
 * address of version outer; known: it is a locator of a mapping.
 */
void lisp_dp_sender_seen(uint8_t outer, const uint8_t *source, uint32_t iid, uint8_t version,
			 bool known);

/*
 * May lispd hear of a packet from there that is for an EID or an RLOC that is not ours? The
 * slow path has a limit of its own, as where there is no fast path all such packets come here.
 */
bool lisp_dp_sender_stray(uint8_t outer, const uint8_t *source);

/*
 * Those of the last minute, at most LISP_DP_SENDERS_MAX: one may come twice, of each path.
 * Callers hold the privileges.
 */
#define LISP_DP_SENDERS_MAX (2 * LISP_SENDERS)
typedef void (*lisp_dp_sender_fn)(const struct lisp_bpf_sender *sender, void *arg);
void lisp_dp_sender_walk(lisp_dp_sender_fn fn, void *arg);

void lisp_dp_sender_finish(void);

#endif /* _LISP_DP_SENDER_H */
