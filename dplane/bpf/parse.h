// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading IP headers out of an skb; every load is checked by the kernel. */
#ifndef _LISP_BPF_PARSE_H
#define _LISP_BPF_PARSE_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>

#include "maps.h"

#define INLINE static __always_inline

#define IP_MF_OFFSET 0x3fff /* more fragments, fragment offset */

/* This system's secret in its hashes: the plugin writes it, tests leave it at 0. */
const volatile __u32 lisp_seed SEC(".rodata.seed") = 0;

/* What both directions need to know of an inner packet. */
struct lisp_inner {
	struct lisp_bpf_eid source;
	struct lisp_bpf_eid destination;
	__u32 length; /* by its own header */
	__u32 header; /* octets of the IP header */
	__u8 version;
	__u8 tos;
	__u8 ttl;
	__u8 protocol;
	__u8 fragment;
};

INLINE void lisp_scope(struct lisp_bpf_eid *eid, __u32 iid, __u8 version)
{
	eid->scope[0] = iid >> 16;
	eid->scope[1] = iid >> 8;
	eid->scope[2] = iid;
	eid->scope[3] = version;
	eid->prefixlen = LISP_SCOPE_BITS + (version == 4 ? 32 : 128);
}

/* The inner packet at offset; false: not a sound IP header. */
INLINE bool lisp_parse_inner(struct __sk_buff *skb, __u32 offset, __u32 iid,
			     struct lisp_inner *inner)
{
	union {
		struct iphdr v4;
		struct ipv6hdr v6;
	} header;
	__u8 first;

	__builtin_memset(inner, 0, sizeof(*inner));
	if (bpf_skb_load_bytes(skb, offset, &first, 1))
		return false;
	inner->version = first >> 4;

	if (inner->version == 4) {
		if (bpf_skb_load_bytes(skb, offset, &header.v4, sizeof(header.v4)))
			return false;
		inner->header = (first & 0xf) * 4;
		inner->length = bpf_ntohs(header.v4.tot_len);
		inner->tos = header.v4.tos;
		inner->ttl = header.v4.ttl;
		inner->protocol = header.v4.protocol;
		inner->fragment = !!(header.v4.frag_off & bpf_htons(IP_MF_OFFSET));
		__builtin_memcpy(inner->source.address, &header.v4.saddr, 4);
		__builtin_memcpy(inner->destination.address, &header.v4.daddr, 4);
	} else if (inner->version == 6) {
		if (bpf_skb_load_bytes(skb, offset, &header.v6, sizeof(header.v6)))
			return false;
		inner->header = sizeof(header.v6);
		inner->length = bpf_ntohs(header.v6.payload_len) + sizeof(header.v6);
		inner->tos = (header.v6.priority << 4) | (header.v6.flow_lbl[0] >> 4);
		inner->ttl = header.v6.hop_limit;
		inner->protocol = header.v6.nexthdr;
		__builtin_memcpy(inner->source.address, &header.v6.saddr, 16);
		__builtin_memcpy(inner->destination.address, &header.v6.daddr, 16);
	} else {
		return false;
	}
	lisp_scope(&inner->source, iid, inner->version);
	lisp_scope(&inner->destination, iid, inner->version);
	return inner->header >= 20 && inner->length >= inner->header;
}

/* Groups that never leave a link: 224.0.0.0/24, ff02::/16. */
INLINE bool lisp_link_scope(const struct lisp_inner *inner)
{
	const __u8 *to = inner->destination.address;

	if (inner->version == 4)
		return to[0] == 224 && !to[1] && !to[2];
	return to[0] == 0xff && (to[1] & 0xf) == 2;
}

/* RFC 9300 section 12: 5-tuple of TCP, UDP and SCTP, else the addresses only. */
INLINE __u32 lisp_flow_hash(struct __sk_buff *skb, __u32 offset, const struct lisp_inner *inner)
{
	const __u32 *source = (const __u32 *)inner->source.address;
	const __u32 *destination = (const __u32 *)inner->destination.address;
	__u32 ports, hash = lisp_seed ^ inner->version;

#pragma unroll
	for (int i = 0; i < 4; i++) {
		hash = lisp_hash_word(hash, source[i]);
		hash = lisp_hash_word(hash, destination[i]);
	}
	if (!inner->fragment &&
	    (inner->protocol == IPPROTO_TCP || inner->protocol == IPPROTO_UDP ||
	     inner->protocol == IPPROTO_SCTP) &&
	    !bpf_skb_load_bytes(skb, offset + inner->header, &ports, sizeof(ports))) {
		hash = lisp_hash_word(hash, ports);
		hash = lisp_hash_word(hash, inner->protocol);
	}
	return lisp_hash_end(hash);
}

INLINE void lisp_add(struct lisp_bpf_count *count, __u64 packets, __u64 bytes)
{
	count->packets += packets;
	count->bytes += bytes;
}

INLINE void lisp_count_add(__u32 counter, __u64 packets, __u64 bytes)
{
	struct lisp_bpf_count *count = bpf_map_lookup_elem(&lisp_count, &counter);

	if (count)
		lisp_add(count, packets, bytes);
}

INLINE __u64 lisp_packets(struct __sk_buff *skb)
{
	return skb->gso_segs ? skb->gso_segs : 1;
}

#endif /* _LISP_BPF_PARSE_H */
