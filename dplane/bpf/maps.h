// SPDX-License-Identifier: GPL-2.0-or-later
/* The maps: what the plugin writes and the programs read, and the counters back. */
#ifndef _LISP_BPF_MAPS_H
#define _LISP_BPF_MAPS_H

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "../lisp_dp_maps.h"

/* max_entries given as 1 are set by the plugin before it loads the object. */

/* The map-cache: EID-prefix -> mapping. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4194304);
	__type(key, struct lisp_bpf_eid);
	__type(value, struct lisp_bpf_mapping);
} lisp_map_cache SEC(".maps");

/* The local database: EID-prefix -> 1. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1048576);
	__type(key, struct lisp_bpf_eid);
	__type(value, __u32);
} lisp_local_eid SEC(".maps");

/*
 * Sets and locators are hashes, not arrays: an update replaces the element as a
 * whole, so a program never sees half of an old and half of a new one.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lisp_bpf_set);
} lisp_set SEC(".maps");

/* All that uses a locator finds it here: it goes down by one write. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lisp_bpf_locator);
} lisp_locator SEC(".maps");

/* Remote RLOC -> locator id, to count what comes from it. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, struct lisp_bpf_rloc);
	__type(value, __u32);
} lisp_remote_rloc SEC(".maps");

/* Own RLOCs: packets to these are decapsulated, by user space if the value is not 0. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1024);
	__type(key, struct lisp_bpf_rloc);
	__type(value, __u32);
} lisp_local_rloc SEC(".maps");

/* Instances by the lisp device's ifindex (encapsulation) ... */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct lisp_bpf_instance);
} lisp_by_device SEC(".maps");

/* ... and by instance-id (decapsulation). */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct lisp_bpf_instance);
} lisp_by_iid SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LISP_FLOWS);
	__type(key, __u32);
	__type(value, struct lisp_bpf_flow);
} lisp_flow SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LISP_SENDERS);
	__type(key, __u32);
	__type(value, struct lisp_bpf_sender);
} lisp_sender SEC(".maps");

/* When the last one of a stray's place went to user space: CLOCK_MONOTONIC, ns. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LISP_STRAYS);
	__type(key, __u32);
	__type(value, __u64);
} lisp_stray SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, LISP_COUNT_FAST_MAX);
	__type(key, __u32);
	__type(value, struct lisp_bpf_count);
} lisp_count SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lisp_bpf_locator_count);
} lisp_loc_count SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lisp_bpf_mapping_count);
} lisp_map_count SEC(".maps");

#endif /* _LISP_BPF_MAPS_H */
