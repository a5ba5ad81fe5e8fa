// SPDX-License-Identifier: GPL-2.0-or-later
/* The mapping socket: one lispd at a time; see lisp_dp.proto. */
#ifndef _LISP_DP_SOCKET_H
#define _LISP_DP_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "dplane/lisp_dp_tables.h"

/* To lispd; without effect while none is connected. */
void lisp_dp_socket_miss(uint32_t iid, uint8_t version, const uint8_t *eid, const uint8_t *source);
void lisp_dp_socket_instance(const struct lisp_dp_instance *instance);
void lisp_dp_socket_tunnel(const char *name, int ifindex, uint32_t mtu, bool kernel,
			   const char *error);
void lisp_dp_socket_locator(uint32_t id, bool unreachable, uint32_t mtu);

void lisp_dp_socket_recalled(LispDp__Recalled *recalled);
void lisp_dp_socket_counters(LispDp__Counters *counters);

/* note: why there is no BPF, for the Hello. */
void lisp_dp_socket_init(const char *note);
void lisp_dp_socket_finish(void);

#endif /* _LISP_DP_SOCKET_H */
