// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What becomes of a packet: the steps that the dataplane tells (lisp_dplane_explain()), with
 * what the map-cache here has, as leaves for `show lisp forwarding`.
 */
#ifndef _LISP_EXPLAIN_H
#define _LISP_EXPLAIN_H

#include "lispd/lisp_dplane.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_state.h"

struct lisp_explain {
	struct lisp_dplane_packet packet;
	char outcome[24];
	struct lisp_dplane_step step[LISP_DPLANE_STEPS_MAX + 1];
	size_t n;
};

extern const struct lisp_kind lisp_kind_explain, lisp_kind_explain_step;

/* The answer to the question that explain->packet is. */
void lisp_explain_fill(struct lisp_explain *explain, const char *outcome,
		       const struct lisp_dplane_step *steps, size_t n);

#endif /* _LISP_EXPLAIN_H */
