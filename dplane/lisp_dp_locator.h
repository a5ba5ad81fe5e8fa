// SPDX-License-Identifier: GPL-2.0-or-later
/* RLOCs: remote locators by id and by address, and own ones. State, and its maps. */
#ifndef _LISP_DP_LOCATOR_H
#define _LISP_DP_LOCATOR_H

#include "lib/typesafe.h"

#include "dplane/lisp_dp_bpf.h"
#include "dplane/lisp_dp_guard.h"
#include "dplane/lisp_dp_op.h"

PREDECL_HASH(lisp_dp_locators);
PREDECL_HASH(lisp_dp_remotes);
PREDECL_HASH(lisp_dp_rlocs);

/* An own RLOC. */
struct lisp_dp_rloc {
	struct lisp_dp_rlocs_item item;
	struct lisp_bpf_rloc key;
	int ifindex;
	uint32_t mtu; /* of that interface as lispd gave it; 0: not given */
	enum lisp_dp_guard in, out;
	char in_text[160], out_text[160]; /* what these are */
	uint64_t epoch;
};

struct lisp_dp_locator {
	struct lisp_dp_locators_item item;
	struct lisp_dp_remotes_item by_address;
	uint32_t id;
	struct lisp_bpf_locator value;
	uint32_t mtu;	   /* as lispd gave it; value.mtu is never 0 */
	bool up;	   /* as lispd gave it; value.up needs an interface too */
	uint32_t path_mtu; /* learned from ICMP; 0: nothing */
	time_t path_until; /* when it is forgotten, monotonic seconds */
	time_t told;	   /* when lispd was told of trouble last */
	uint64_t no_lisp;  /* when its host said last that it runs none, CLOCK_MONOTONIC ns */
	enum lisp_dp_guard guard;
	bool paths;	    /* there are several: lisp_dp_path.h */
	time_t paths_until; /* when that is asked anew, monotonic seconds */
	uint64_t epoch;
	struct lisp_bpf_locator_count count; /* of the slow path */
};

/* 0 or an errno. */
int lisp_dp_locator_apply(const LispDp__Locator *from, struct lisp_dp_op *op);
int lisp_dp_rloc_apply(const LispDp__LocalRloc *from, struct lisp_dp_op *op);

/* NULL: none. */
struct lisp_dp_locator *lisp_dp_locator_find(uint32_t id);
struct lisp_dp_locator *lisp_dp_locator_by_address(uint8_t version, const uint8_t *address);
bool lisp_dp_local_rloc_is(uint8_t version, const uint8_t *address);
/* An own RLOC of this family, for ICMP errors; NULL: none. */
const uint8_t *lisp_dp_own_address(uint8_t version);

/* Firewall or IPsec have changed: which packets may take the fast path? */
void lisp_dp_locator_judge(void);
/* What may not, and why; empty: all may. */
const char *lisp_dp_locator_slow(void);

/* A path MTU was learned (RFC 9300 section 7.2), or may have aged out. */
void lisp_dp_locator_path_mtu(struct lisp_dp_locator *locator, uint32_t mtu);
void lisp_dp_locator_path_mtu_age(struct lisp_dp_locator *locator);

/* Walks; next of NULL is the first. */
struct lisp_dp_locator *lisp_dp_locator_next(struct lisp_dp_locator *locator);
const struct lisp_dp_rloc *lisp_dp_rloc_next(const struct lisp_dp_rloc *rloc);

/* Removes those not of this epoch. */
void lisp_dp_locator_sweep(uint64_t epoch);

void lisp_dp_locator_init(void);
void lisp_dp_locator_finish(void);

#endif /* _LISP_DP_LOCATOR_H */
