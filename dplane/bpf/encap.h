// SPDX-License-Identifier: GPL-2.0-or-later
/* Choosing a locator and putting the outer headers in front. */
#ifndef _LISP_BPF_ENCAP_H
#define _LISP_BPF_ENCAP_H

#include "parse.h"

/* Of <sys/socket.h>, which wants the C library of the target. */
#define AF_INET	 2
#define AF_INET6 10

/*
 * Octets of link header in front of the packet: a TUN device has none.
 * BPF_PROG_TEST_RUN always has an Ethernet header; tests set 14.
 */
const volatile __u32 lisp_link_header = 0;

struct lisp_header {
	__u8 flags;
	__u8 nonce[3];
	__u8 iid[3];
	__u8 lsb;
};

struct lisp_outer4 {
	struct iphdr ip;
	struct udphdr udp;
	struct lisp_header lisp;
};

struct lisp_outer6 {
	struct ipv6hdr ip;
	struct udphdr udp;
	struct lisp_header lisp;
};

INLINE struct lisp_bpf_locator *lisp_locator_up(__u32 id)
{
	struct lisp_bpf_locator *locator = bpf_map_lookup_elem(&lisp_locator, &id);

	return locator && locator->up ? locator : NULL;
}

/*
 * The bucket's locator is down or doubtful: the members of the best rank of which one is up
 * share the flow by weight. One pass of weighted reservoir sampling, drawn from
 * the flow's hash: no second loop, and nothing that the verifier must count.
 */
INLINE __u32 lisp_choose_other(const struct lisp_bpf_set *set, __u32 hash)
{
	__u32 best = 2 * LISP_RANK_DOUBTFUL, sum = 0, chosen = 0, rank;
	const struct lisp_bpf_locator *locator;

	for (__u32 i = 0; i < LISP_MEMBERS; i++) {
		const struct lisp_bpf_member *member = &set->member[i];

		if (i >= set->count || member->rank > best)
			break;
		locator = lisp_locator_up(member->locator);
		if (!locator)
			continue;
		rank = member->rank + (locator->doubtful ? LISP_RANK_DOUBTFUL : 0);
		if (rank > best)
			continue;
		if (rank < best)
			sum = 0;
		best = rank;
		sum += member->weight;
		hash = lisp_hash_end(hash + 0x9e3779b9);
		if (hash % sum < member->weight)
			chosen = member->locator;
	}
	return chosen;
}

INLINE struct lisp_bpf_locator *lisp_choose(const struct lisp_bpf_set *set, __u32 hash, __u32 *id)
{
	struct lisp_bpf_locator *locator;
	__u32 member = set->bucket[LISP_BUCKET(hash)] & (LISP_MEMBERS - 1);

	*id = set->member[member].locator;
	locator = lisp_locator_up(*id);
	if (locator && !locator->doubtful)
		return locator;
	*id = lisp_choose_other(set, hash);
	return *id ? lisp_locator_up(*id) : NULL;
}

/* The largest IP packet that this skb becomes on the wire, before encapsulation. */
INLINE __u32 lisp_wire_length(struct __sk_buff *skb, const struct lisp_inner *inner)
{
	__u8 offset = 0;

	if (!skb->gso_size)
		return inner->length;
	if (inner->protocol != IPPROTO_TCP)
		return inner->header + sizeof(struct udphdr) + skb->gso_size;
	bpf_skb_load_bytes(skb, lisp_link_header + inner->header + 12, &offset, 1);
	return inner->header + (offset >> 4) * 4 + skb->gso_size;
}

INLINE __u16 lisp_ip_checksum(const struct iphdr *ip)
{
	const __u16 *word = (const __u16 *)ip;
	__u32 sum = 0;

#pragma unroll
	for (int i = 0; i < 10; i++)
		sum += word[i];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

INLINE void lisp_fill_udp(struct udphdr *udp, struct lisp_header *lisp, __u32 iid, __u32 hash,
			  __u32 length)
{
	udp->source = bpf_htons(LISP_SOURCE_PORT(hash));
	udp->dest = bpf_htons(LISP_DATA_PORT);
	udp->len = bpf_htons(length + sizeof(*udp) + sizeof(*lisp));
	udp->check = 0; /* RFC 9300 section 5.3 */

	if (!iid)
		return;
	lisp->flags = LISP_FLAG_I;
	lisp->iid[0] = iid >> 16;
	lisp->iid[1] = iid >> 8;
	lisp->iid[2] = iid;
}

INLINE long lisp_push4(struct __sk_buff *skb, const struct lisp_bpf_locator *locator,
		       const struct lisp_inner *inner, __u32 iid, __u32 hash)
{
	struct lisp_outer4 outer = {};

	lisp_fill_udp(&outer.udp, &outer.lisp, iid, hash, inner->length);
	outer.ip.version = 4;
	outer.ip.ihl = 5;
	outer.ip.tos = inner->tos;
	outer.ip.tot_len = bpf_htons(inner->length + sizeof(outer));
	outer.ip.frag_off = bpf_htons(0x4000); /* DF, section 7.1 */
	outer.ip.ttl = lisp_outer_ttl(4, inner->version, inner->ttl);
	outer.ip.protocol = IPPROTO_UDP;
	__builtin_memcpy(&outer.ip.saddr, locator->source, 4);
	__builtin_memcpy(&outer.ip.daddr, locator->address, 4);
	outer.ip.check = lisp_ip_checksum(&outer.ip);

	if (bpf_skb_adjust_room(skb, sizeof(outer), BPF_ADJ_ROOM_MAC,
				BPF_F_ADJ_ROOM_FIXED_GSO | BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 |
					BPF_F_ADJ_ROOM_ENCAP_L4_UDP))
		return -1;
	return bpf_skb_store_bytes(skb, lisp_link_header, &outer, sizeof(outer),
				   BPF_F_INVALIDATE_HASH);
}

INLINE long lisp_push6(struct __sk_buff *skb, const struct lisp_bpf_locator *locator,
		       const struct lisp_inner *inner, __u32 iid, __u32 hash)
{
	struct lisp_outer6 outer = {};
	__u32 label = LISP_FLOW_LABEL(hash);

	lisp_fill_udp(&outer.udp, &outer.lisp, iid, hash, inner->length);
	outer.ip.version = 6;
	outer.ip.priority = inner->tos >> 4;
	outer.ip.flow_lbl[0] = (inner->tos << 4) | (label >> 16);
	outer.ip.flow_lbl[1] = label >> 8;
	outer.ip.flow_lbl[2] = label;
	outer.ip.payload_len = outer.udp.len;
	outer.ip.nexthdr = IPPROTO_UDP;
	outer.ip.hop_limit = lisp_outer_ttl(6, inner->version, inner->ttl);
	__builtin_memcpy(&outer.ip.saddr, locator->source, 16);
	__builtin_memcpy(&outer.ip.daddr, locator->address, 16);

	if (bpf_skb_adjust_room(skb, sizeof(outer), BPF_ADJ_ROOM_MAC,
				BPF_F_ADJ_ROOM_FIXED_GSO | BPF_F_ADJ_ROOM_ENCAP_L3_IPV6 |
					BPF_F_ADJ_ROOM_ENCAP_L4_UDP))
		return -1;
	return bpf_skb_store_bytes(skb, lisp_link_header, &outer, sizeof(outer),
				   BPF_F_INVALIDATE_HASH);
}

/*
 * The underlay's nexthop towards the locator: as the kernel would send a packet of ours, by
 * policy rules, and among equal paths by the outer headers. BPF_FIB_LKUP_RET_...
 */
INLINE long lisp_nexthop(struct __sk_buff *skb, const struct lisp_bpf_locator *locator,
			 __u32 underlay, __u8 tos, __u32 hash, struct bpf_fib_lookup *fib)
{
	fib->family = locator->family == 4 ? AF_INET : AF_INET6;
	fib->l4_protocol = IPPROTO_UDP;
	fib->sport = bpf_htons(LISP_SOURCE_PORT(hash));
	fib->dport = bpf_htons(LISP_DATA_PORT);
	fib->ifindex = underlay;
	if (locator->family == 4)
		fib->tos = tos;
	__builtin_memcpy(fib->ipv6_src, locator->source, 16);
	__builtin_memcpy(fib->ipv6_dst, locator->address, 16);
	return bpf_fib_lookup(skb, fib, sizeof(*fib), 0);
}

/*
 * bpf_redirect_neigh wants an Ethernet header; it fills in the addresses. A packet that
 * must wait for its neighbour needs a route of its own (NULL: the kernel looks it up),
 * as it carries that to the lisp device still.
 */
INLINE int lisp_send(struct __sk_buff *skb, const struct lisp_bpf_locator *locator, __u32 underlay,
		     __u8 tos, __u32 hash)
{
	__u16 ethertype = locator->family == 4 ? bpf_htons(ETH_P_IP) : bpf_htons(ETH_P_IPV6);
	struct bpf_fib_lookup fib = {};
	struct bpf_redir_neigh nexthop;

	if (!lisp_link_header && bpf_skb_change_head(skb, ETH_HLEN, 0))
		return -1;
	if (bpf_skb_store_bytes(skb, 12, &ethertype, sizeof(ethertype), 0))
		return -1;

	switch (lisp_nexthop(skb, locator, underlay, tos, hash, &fib)) {
	case BPF_FIB_LKUP_RET_SUCCESS:
		nexthop.nh_family = fib.family;
		__builtin_memcpy(nexthop.ipv6_nh, fib.ipv6_dst, 16);
		return bpf_redirect_neigh(fib.ifindex, &nexthop, sizeof(nexthop), 0);
	case BPF_FIB_LKUP_RET_NO_NEIGH:
		return bpf_redirect_neigh(fib.ifindex, NULL, 0, 0);
	case BPF_FIB_LKUP_RET_BLACKHOLE:
	case BPF_FIB_LKUP_RET_UNREACHABLE:
	case BPF_FIB_LKUP_RET_PROHIBIT:
		return -1;
	default:
		return bpf_redirect_neigh(locator->ifindex, NULL, 0, 0);
	}
}

/*
 * One packet of a flow is enough, but of a traceroute each is another. Two CPUs may write
 * at a time: who reads checks that the packet has this hash.
 */
INLINE void lisp_remember(struct __sk_buff *skb, const struct lisp_inner *inner, __u32 hash,
			  __u32 iid, __u32 locator, __u64 now)
{
	__u32 place = LISP_FLOW_PLACE(hash);
	struct lisp_bpf_flow *flow = bpf_map_lookup_elem(&lisp_flow, &place);

	if (!flow)
		return;
	if (flow->seen != LISP_COARSE(now))
		flow->seen = LISP_COARSE(now);
	if (flow->hash == hash && flow->locator == locator && inner->ttl > LISP_TTL_TRACE)
		return;
	flow->hash = hash;
	flow->iid = iid;
	flow->locator = locator;
	if (inner->version == 4)
		bpf_skb_load_bytes(skb, lisp_link_header, flow->begin, sizeof(struct iphdr) + 8);
	else
		bpf_skb_load_bytes(skb, lisp_link_header, flow->begin, sizeof(flow->begin));
}

INLINE void lisp_count_out(__u32 mapping, __u32 locator, __u64 packets, __u64 bytes, __u64 now)
{
	struct lisp_bpf_locator_count *by_locator = bpf_map_lookup_elem(&lisp_loc_count, &locator);
	struct lisp_bpf_mapping_count *by_mapping = bpf_map_lookup_elem(&lisp_map_count, &mapping);

	if (by_locator)
		lisp_add(&by_locator->out, packets, bytes);
	if (by_mapping) {
		lisp_add(&by_mapping->out, packets, bytes);
		by_mapping->used = now;
	}
}

#endif /* _LISP_BPF_ENCAP_H */
