// SPDX-License-Identifier: GPL-2.0-or-later
/* Recognising what was encapsulated for us and taking the outer headers off. */
#ifndef _LISP_BPF_DECAP_H
#define _LISP_BPF_DECAP_H

#include "encap.h"

struct lisp_outer {
	struct lisp_bpf_rloc source;
	struct lisp_bpf_rloc destination;
	struct lisp_header lisp;
	__u32 header;  /* octets of the IP header */
	__u32 payload; /* octets after the LISP header, by the UDP header */
	__u8 family;
	__u8 tos;
	__u8 ttl;
};

/*
 * True: a LISP data packet, all of which this program can read. Anything else
 * (fragments, IPv4 options, extension headers) is the stack's, which gives what
 * is ours to the plugin's UDP socket.
 */
INLINE bool lisp_parse_outer(struct __sk_buff *skb, struct lisp_outer *outer)
{
	struct udphdr udp;

	__builtin_memset(outer, 0, sizeof(*outer));
	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		struct iphdr ip;

		if (bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof(ip)))
			return false;
		if (ip.protocol != IPPROTO_UDP || *(__u8 *)&ip != 0x45 ||
		    (ip.frag_off & bpf_htons(IP_MF_OFFSET)))
			return false;
		outer->family = 4;
		outer->header = sizeof(ip);
		outer->tos = ip.tos;
		outer->ttl = ip.ttl;
		__builtin_memcpy(outer->source.address, &ip.saddr, 4);
		__builtin_memcpy(outer->destination.address, &ip.daddr, 4);
	} else if (skb->protocol == bpf_htons(ETH_P_IPV6)) {
		struct ipv6hdr ip;

		if (bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof(ip)))
			return false;
		if (ip.nexthdr != IPPROTO_UDP)
			return false;
		outer->family = 6;
		outer->header = sizeof(ip);
		outer->tos = (ip.priority << 4) | (ip.flow_lbl[0] >> 4);
		outer->ttl = ip.hop_limit;
		__builtin_memcpy(outer->source.address, &ip.saddr, 16);
		__builtin_memcpy(outer->destination.address, &ip.daddr, 16);
	} else {
		return false;
	}
	outer->source.family = outer->family;
	outer->destination.family = outer->family;

	if (bpf_skb_load_bytes(skb, ETH_HLEN + outer->header, &udp, sizeof(udp)))
		return false;
	if (udp.dest != bpf_htons(LISP_DATA_PORT))
		return false;
	outer->payload = bpf_ntohs(udp.len);
	return true;
}

/* Reads the LISP header; false: too short or inconsistent lengths. */
INLINE bool lisp_parse_header(struct __sk_buff *skb, struct lisp_outer *outer)
{
	__u32 headers = sizeof(struct udphdr) + sizeof(struct lisp_header);

	if (outer->payload < headers)
		return false;
	outer->payload -= headers;
	return !bpf_skb_load_bytes(skb, ETH_HLEN + outer->header + sizeof(struct udphdr),
				   &outer->lisp, sizeof(outer->lisp));
}

/* RFC 9300 section 8; without the I bit it is the default instance. */
INLINE __u32 lisp_header_iid(const struct lisp_header *lisp)
{
	if (!(lisp->flags & LISP_FLAG_I))
		return 0;
	return lisp->iid[0] << 16 | lisp->iid[1] << 8 | lisp->iid[2];
}

/* RFC 9300 section 5.3: TTL is the smaller one; RFC 6040: ECN. */
INLINE long lisp_fix_inner4(struct __sk_buff *skb, __u32 offset, __u8 old_tos, __u8 tos, __u8 ttl,
			    __u8 protocol, __u8 old_ttl)
{
	if (tos != old_tos) {
		/* the word also holds version and header length, which cancel out */
		if (bpf_l3_csum_replace(skb, offset + 10, bpf_htons(old_tos), bpf_htons(tos), 2) ||
		    bpf_skb_store_bytes(skb, offset + 1, &tos, 1, 0))
			return -1;
	}
	if (ttl != old_ttl) {
		if (bpf_l3_csum_replace(skb, offset + 10, bpf_htons(old_ttl << 8 | protocol),
					bpf_htons(ttl << 8 | protocol), 2) ||
		    bpf_skb_store_bytes(skb, offset + 8, &ttl, 1, 0))
			return -1;
	}
	return 0;
}

INLINE long lisp_fix_inner6(struct __sk_buff *skb, __u32 offset, __u8 old_tos, __u8 tos, __u8 ttl,
			    __u8 old_ttl)
{
	if (tos != old_tos) {
		__u8 word[2];

		if (bpf_skb_load_bytes(skb, offset, word, 2))
			return -1;
		word[0] = (word[0] & 0xf0) | tos >> 4;
		word[1] = (word[1] & 0x0f) | tos << 4;
		if (bpf_skb_store_bytes(skb, offset, word, 2, BPF_F_RECOMPUTE_CSUM))
			return -1;
	}
	if (ttl != old_ttl && bpf_skb_store_bytes(skb, offset + 7, &ttl, 1, BPF_F_RECOMPUTE_CSUM))
		return -1;
	return 0;
}

/*
 * Removes the outer headers behind the Ethernet header. Between families the
 * skb must learn its new protocol: bpf_skb_change_proto() does it and moves 20
 * octets at the same time. That works on every kernel since 5.10, while the
 * DECAP_L3 flags of bpf_skb_adjust_room() need 6.3.
 */
INLINE long lisp_pull(struct __sk_buff *skb, __u8 outer, __u8 inner)
{
	__u16 ethertype = inner == 4 ? bpf_htons(ETH_P_IP) : bpf_htons(ETH_P_IPV6);
	__s32 cut = outer == 4 ? LISP_OVERHEAD_4 : LISP_OVERHEAD_6;

	if (outer != inner) {
		if (bpf_skb_change_proto(skb, ethertype, 0))
			return -1;
		cut += inner == 6 ? 20 : -20;
	}
	if (bpf_skb_adjust_room(skb, -cut, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_FIXED_GSO))
		return -1;
	return bpf_skb_store_bytes(skb, 12, &ethertype, sizeof(ethertype), 0);
}

/* Counts for the locator that a packet came from, if it is one, and notes who sent it. */
INLINE void lisp_count_in(const struct lisp_bpf_rloc *source, __u32 iid, __u8 version,
			  __u64 packets, __u64 bytes)
{
	__u32 *id = bpf_map_lookup_elem(&lisp_remote_rloc, source), place;
	struct lisp_bpf_sender sender = {
		.rloc = *source,
		.iid = iid,
		.seen = bpf_ktime_get_ns(),
		.hash = lisp_sender_hash(lisp_seed, source, iid, version),
		.version = version,
		.known = !!id,
	}, *noted;
	struct lisp_bpf_locator_count *count;

	place = LISP_SENDER_PLACE(sender.hash);
	noted = bpf_map_lookup_elem(&lisp_sender, &place);
	if (noted)
		lisp_sender_note(noted, &sender);
	if (!id)
		return;
	count = bpf_map_lookup_elem(&lisp_loc_count, id);
	if (count)
		lisp_add(&count->in, packets, bytes);
}

/* May this packet that is not for us go to user space, which counts it and tells lispd? */
INLINE bool lisp_stray_told(const struct lisp_bpf_rloc *source)
{
	__u32 place = LISP_STRAY_PLACE(lisp_sender_hash(lisp_seed, source, 0, 0));
	__u64 *last = bpf_map_lookup_elem(&lisp_stray, &place), now = bpf_ktime_get_ns();

	if (!last || (*last && now - *last < LISP_STRAY_NS))
		return false;
	*last = now;
	return true;
}

#endif /* _LISP_BPF_DECAP_H */
