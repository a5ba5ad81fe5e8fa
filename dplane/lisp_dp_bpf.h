// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The fast path: loads bpf/lisp.bpf.c, writes its maps, hangs the programs on
 * interfaces. Where BPF cannot be had everything here does nothing and succeeds,
 * and the slow path does the work. Callers hold the privileges.
 */
#ifndef _LISP_DP_BPF_H
#define _LISP_DP_BPF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/types.h>

#include "lib/prefix.h"
#include "dplane/lisp_dp_maps.h"

/* Limits of the ids (the Hello tells lispd); ids begin at 1. */
#define LISP_DP_MAX_LOCATOR 32767
#define LISP_DP_MAX_SET	    131071
extern uint32_t lisp_dp_max_mapping; /* grows smaller with the number of CPUs */

/*
 * Loads the object; seed: of its hashes. False: no fast path, and note says why (at most
 * size octets).
 */
bool lisp_dp_bpf_load(uint32_t seed, char *note, size_t size);
void lisp_dp_bpf_unload(void);
bool lisp_dp_bpf_loaded(void);

/* The key of an RLOC, an address of version 4 or 6. */
struct lisp_bpf_rloc lisp_dp_bpf_rloc(uint8_t version, const uint8_t *address);

/* Results are 0 or -errno. */
int lisp_dp_bpf_instance(const struct lisp_bpf_instance *instance, bool remove);
int lisp_dp_bpf_local_eid(uint32_t iid, const struct prefix *prefix, bool remove);
int lisp_dp_bpf_local_rloc(const struct lisp_bpf_rloc *rloc, bool slow, bool remove);
int lisp_dp_bpf_locator(uint32_t id, const struct lisp_bpf_locator *locator, bool remove);
int lisp_dp_bpf_remote_rloc(const struct lisp_bpf_rloc *rloc, uint32_t id, bool remove);
int lisp_dp_bpf_set(uint32_t id, const struct lisp_bpf_set *set, bool remove);
int lisp_dp_bpf_mapping(uint32_t iid, const struct prefix *prefix,
			const struct lisp_bpf_mapping *mapping, bool remove);

/* What went by a source port last; false: there is no fast path. */
bool lisp_dp_bpf_flow_read(uint32_t place, struct lisp_bpf_flow *flow);

/* All places of senders: room for LISP_SENDERS; returns how many were read. */
size_t lisp_dp_bpf_senders_read(struct lisp_bpf_sender *senders);

/* The programs on an interface; attaching replaces what an earlier zebra left. */
int lisp_dp_bpf_attach(int ifindex, bool egress);
void lisp_dp_bpf_detach(int ifindex, bool egress);
/* On a tunnel of the ALT, in the namespace that the caller is in; goes with the device. */
int lisp_dp_bpf_attach_alt(int ifindex);
/* A program of ours, of this or of an earlier zebra, is there. */
bool lisp_dp_bpf_attached(int ifindex, bool egress);

/* Sums over the CPUs. */
void lisp_dp_bpf_count(uint32_t counter, struct lisp_bpf_count *count);
void lisp_dp_bpf_locator_count(uint32_t id, struct lisp_bpf_locator_count *count);
void lisp_dp_bpf_mapping_count(uint32_t id, struct lisp_bpf_mapping_count *count);
void lisp_dp_bpf_count_clear(uint32_t counter);
void lisp_dp_bpf_locator_clear(uint32_t id);
void lisp_dp_bpf_mapping_clear(uint32_t id);

#endif /* _LISP_DP_BPF_H */
