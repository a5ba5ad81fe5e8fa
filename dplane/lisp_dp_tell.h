// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What lispd is told, by whoever has something to tell. The mapping socket gives the
 * function that sends; while no lispd is connected nothing is sent.
 */
#ifndef _LISP_DP_TELL_H
#define _LISP_DP_TELL_H

#include <stdbool.h>
#include <stdint.h>

#include "dplane/lisp_dp.pb-c.h"
#include "dplane/lisp_dp_instance.h"

void lisp_dp_tell_miss(uint32_t iid, uint8_t version, const uint8_t *eid, const uint8_t *source);
/*
 * A packet for an EID or to an RLOC that is not ours: its EIDs of one version, and the RLOC
 * of version outer that it came from.
 */
void lisp_dp_tell_stray(uint32_t iid, uint8_t version, const uint8_t *eid, const uint8_t *source,
			uint8_t outer, const uint8_t *rloc);
/* trouble: what is missing, though it forwards; empty: nothing. */
void lisp_dp_tell_instance(const struct lisp_dp_instance *instance, const char *trouble);
void lisp_dp_tell_tunnel(const char *name, int ifindex, uint32_t mtu, bool kernel,
			 const char *error);
/* fds: n descriptors, at most LISP_DP_TELL_FDS, that lispd gets copies of. */
void lisp_dp_tell_alt(const char *vrf, const char *ifname, const char *error, const int *fds,
		      size_t n);
void lisp_dp_tell_locator(uint32_t id, bool unreachable, uint32_t mtu);
void lisp_dp_tell_recalled(LispDp__Recalled *recalled);
void lisp_dp_tell_counters(LispDp__Counters *counters);
void lisp_dp_tell_explanation(LispDp__Explanation *explanation);
/* Who lately sent: lisp_dp_sender.h. Callers hold the privileges. */
void lisp_dp_tell_senders(void);

#define LISP_DP_TELL_FDS 3
/* optional: may be left out when much is waiting to be sent */
typedef void (*lisp_dp_send_fn)(const LispDp__FromDplane *message, bool optional, const int *fds,
				size_t n);
void lisp_dp_tell_init(lisp_dp_send_fn send);

#endif /* _LISP_DP_TELL_H */
