// SPDX-License-Identifier: GPL-2.0-or-later
/* RLOC-sets, and the choice of a locator for a flow. State, and its map. */
#ifndef _LISP_DP_SET_H
#define _LISP_DP_SET_H

#include "lib/typesafe.h"

#include "dplane/lisp_dp_buckets.h"
#include "dplane/lisp_dp_locator.h"
#include "dplane/lisp_dp_op.h"

PREDECL_HASH(lisp_dp_sets);

struct lisp_dp_set {
	struct lisp_dp_sets_item item;
	uint32_t id;
	struct lisp_dp_member *member; /* as lispd gave them, sorted */
	size_t count;
	struct lisp_bpf_set value;
	uint64_t epoch;
};

/* 0 or an errno. */
int lisp_dp_set_apply(const LispDp__LocatorSet *from, struct lisp_dp_op *op);

/* NULL: none. */
struct lisp_dp_set *lisp_dp_set_find(uint32_t id);
/* The locator of a set for a flow, as the fast path chooses it; NULL: none is up. */
struct lisp_dp_locator *lisp_dp_choose(uint32_t set, uint32_t hash);
/* Next of NULL is the first. */
const struct lisp_dp_set *lisp_dp_set_next(const struct lisp_dp_set *set);

/* Removes those not of this epoch. */
void lisp_dp_set_sweep(uint64_t epoch);

void lisp_dp_set_init(void);
void lisp_dp_set_finish(void);

#endif /* _LISP_DP_SET_H */
