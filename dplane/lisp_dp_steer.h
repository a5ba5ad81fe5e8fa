// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Policy rules by source EID-prefix and the routes of table 4342, which lead packets to
 * the lisp device. Callers hold the privileges.
 */
#ifndef _LISP_DP_STEER_H
#define _LISP_DP_STEER_H

#include "dplane/lisp_dp_mapping.h"

/* lisp_dp_mapping_put() and lisp_dp_mapping_remove(), with the routes that follow. */
int lisp_dp_steer_put(struct lisp_dp_instance *instance, struct route_node *node,
		      const struct lisp_bpf_mapping *value, uint64_t epoch);
void lisp_dp_steer_remove(struct lisp_dp_instance *instance, struct route_node *node);

/* Make the defaults of an instance and all rules what they should be; errors are in it. */
void lisp_dp_steer_routes(struct lisp_dp_instance *instance);
/* How many rules were missing. */
unsigned int lisp_dp_steer_rules(void);
/*
 * What was decapsulated for an unassigned part of a local EID-prefix goes to the device,
 * which sends ICMP, as long as the default route leads to the underlay (outside() says so of
 * an ifindex). True: that has changed since the last call, and with it the rules.
 */
bool lisp_dp_steer_check(bool (*outside)(int ifindex));
/* The device was made anew: the routes of mappings to the old one went with it. */
void lisp_dp_steer_again(struct lisp_dp_instance *instance);
/* Removes routes that nothing wants. */
void lisp_dp_steer_sweep(void);

#endif /* _LISP_DP_STEER_H */
