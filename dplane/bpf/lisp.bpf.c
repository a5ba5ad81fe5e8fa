// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The fast path (RFC 9300): lisp_encap sits at the egress of the lisp device,
 * lisp_decap at the ingress of the interfaces towards the RLOC space, lisp_alt at
 * the egress of the ALT's tunnels.
 *
 * TC_ACT_OK of lisp_encap is "punt": the kernel goes on to hand the whole packet
 * to the reader of the TUN device, which is the plugin. TC_ACT_OK of lisp_decap
 * is "not mine": the packet goes up the stack as if there were no program.
 * Only uapi structures are used: no CO-RE, no BTF of the kernel is needed.
 */
#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <linux/pkt_cls.h>

#include "maps.h"
#include "parse.h"
#include "alt.h"
#include "encap.h"
#include "decap.h"

INLINE int lisp_drop(struct __sk_buff *skb, __u32 reason, __u64 bytes)
{
	lisp_count_add(reason, lisp_packets(skb), bytes);
	return TC_ACT_SHOT;
}

/* For an EID that is not ours: a few of them are for user space. */
INLINE int lisp_stray_drop(struct __sk_buff *skb, const struct lisp_outer *outer, __u32 reason,
			   __u64 bytes)
{
	return lisp_stray_told(&outer->source) ? TC_ACT_OK : lisp_drop(skb, reason, bytes);
}

INLINE int lisp_punt(struct __sk_buff *skb, __u64 bytes)
{
	lisp_count_add(LISP_COUNT_PUNT, lisp_packets(skb), bytes);
	return TC_ACT_OK;
}

/* RFC 9301 section 5.4, ACT. Drop/No-Reason wants an ICMP message: punt. */
INLINE int lisp_negative(struct __sk_buff *skb, __u32 action, __u64 bytes)
{
	if (action == LISP_BPF_NO_ACTION)
		return lisp_drop(skb, LISP_COUNT_NO_ACTION, bytes);
	if (action == LISP_BPF_DROP_POLICY_DENIED)
		return lisp_drop(skb, LISP_COUNT_POLICY_DENIED, bytes);
	if (action == LISP_BPF_DROP_AUTH_FAILURE)
		return lisp_drop(skb, LISP_COUNT_AUTH_FAILURE, bytes);
	return lisp_punt(skb, bytes);
}

SEC("tc")
int lisp_encap(struct __sk_buff *skb)
{
	struct lisp_bpf_instance *instance;
	struct lisp_bpf_mapping *mapping;
	struct lisp_bpf_locator *locator;
	struct lisp_bpf_set *set;
	struct lisp_inner inner;
	__u32 device = skb->ifindex;
	__u64 bytes = skb->len - lisp_link_header;
	__u64 packets = lisp_packets(skb), now = bpf_ktime_get_ns();
	__u32 id, mapping_id, hash, overhead;
	__u8 family;
	int verdict;

	instance = bpf_map_lookup_elem(&lisp_by_device, &device);
	if (!instance)
		return lisp_punt(skb, bytes);
	if (skb->gso_size && bytes > LISP_INNER_MAX) /* the kernel cuts it for the device */
		return lisp_punt(skb, bytes);
	if (!lisp_parse_inner(skb, lisp_link_header, instance->iid, &inner))
		return lisp_drop(skb, LISP_COUNT_BAD_PACKET, bytes);
	if (!(instance->flags & (inner.version == 4 ? LISP_INSTANCE_ITR4 : LISP_INSTANCE_ITR6)))
		return lisp_drop(skb, LISP_COUNT_ITR_DISABLED, bytes);
	if (lisp_link_scope(&inner)) /* the kernel's own MLD and IGMP on the device */
		return TC_ACT_SHOT;
	if (!bpf_map_lookup_elem(&lisp_local_eid, &inner.source)) {
		/* decapsulated, for a part of a local EID-prefix that is nowhere: ICMP */
		if (bpf_map_lookup_elem(&lisp_local_eid, &inner.destination))
			return lisp_punt(skb, bytes);
		return lisp_drop(skb, LISP_COUNT_NO_SOURCE_EID, bytes);
	}

	mapping = bpf_map_lookup_elem(&lisp_map_cache, &inner.destination);
	if (!mapping)
		return lisp_punt(skb, bytes);
	if (mapping->action != LISP_BPF_ENCAP)
		return lisp_negative(skb, mapping->action, bytes);
	mapping_id = mapping->id;

	set = bpf_map_lookup_elem(&lisp_set, &mapping->set);
	if (!set)
		return lisp_drop(skb, LISP_COUNT_NO_LOCATOR_UP, bytes);
	hash = lisp_flow_hash(skb, lisp_link_header, &inner);
	locator = lisp_choose(set, hash, &id);
	if (!locator)
		return lisp_drop(skb, LISP_COUNT_NO_LOCATOR_UP, bytes);
	if (locator->slow)
		return lisp_punt(skb, bytes);

	/* RFC 9300 section 7: the slow path fragments or tells the source. */
	family = locator->family;
	overhead = family == 4 ? LISP_OVERHEAD_4 : LISP_OVERHEAD_6;
	if (lisp_wire_length(skb, &inner) + overhead > locator->mtu)
		return lisp_punt(skb, bytes);

	/* The packet may be longer than its header says, never shorter. */
	if (!skb->gso_size && inner.length > bytes)
		return lisp_drop(skb, LISP_COUNT_BAD_PACKET, bytes);
	inner.length = bytes;
	lisp_remember(skb, &inner, hash, instance->iid, id, now);

	if (family == 4 ? lisp_push4(skb, locator, &inner, instance->iid, hash)
			: lisp_push6(skb, locator, &inner, instance->iid, hash))
		return lisp_punt(skb, bytes);
	verdict = lisp_send(skb, locator, instance->underlay, inner.tos, hash);
	if (verdict < 0)
		return lisp_drop(skb, LISP_COUNT_BAD_PACKET, bytes);

	lisp_count_add(family == 4 ? LISP_COUNT_ENCAP_4 : LISP_COUNT_ENCAP_6, packets, bytes);
	lisp_count_out(mapping_id, id, packets, bytes, now);
	return verdict;
}

SEC("tc")
int lisp_decap(struct __sk_buff *skb)
{
	struct lisp_bpf_instance *instance;
	struct lisp_inner inner;
	struct lisp_outer outer;
	__u64 packets = lisp_packets(skb), bytes = skb->len - ETH_HLEN;
	__u32 iid, offset, device, *slow;
	__u8 ecn, tos, ttl;

	if (skb->pkt_type != 0 /* PACKET_HOST */ || !lisp_parse_outer(skb, &outer))
		return TC_ACT_OK;
	slow = bpf_map_lookup_elem(&lisp_local_rloc, &outer.destination);
	if (!slow || *slow)
		return TC_ACT_OK;

	/* From here on it is ours. */
	if (!lisp_parse_header(skb, &outer))
		return lisp_drop(skb, LISP_COUNT_BAD_HEADER, bytes);
	if (outer.lisp.flags & LISP_FLAG_KK)
		return lisp_drop(skb, LISP_COUNT_ENCRYPTED, bytes);
	iid = lisp_header_iid(&outer.lisp);
	instance = bpf_map_lookup_elem(&lisp_by_iid, &iid);
	if (!instance)
		return lisp_stray_drop(skb, &outer, LISP_COUNT_NO_INSTANCE, bytes);

	offset = ETH_HLEN + outer.header + sizeof(struct udphdr) + sizeof(struct lisp_header);
	if (!lisp_parse_inner(skb, offset, iid, &inner))
		return lisp_drop(skb, LISP_COUNT_BAD_INNER, bytes);
	/* One skb may stand for many packets: then the UDP length is that of one. */
	if (offset + inner.length > skb->len || (!skb->gso_size && inner.length > outer.payload))
		return lisp_drop(skb, LISP_COUNT_BAD_INNER, bytes);
	/*
	 * Several LISP packets that the interface has merged, or UDP that was never cut: the
	 * stack cuts them for user space. What was cut of TCP needs no outer headers to be so.
	 */
	if (skb->gso_size && (inner.protocol != IPPROTO_TCP || inner.length != skb->len - offset))
		return TC_ACT_OK;
	if (!(instance->flags & (inner.version == 4 ? LISP_INSTANCE_ETR4 : LISP_INSTANCE_ETR6)))
		return lisp_stray_drop(skb, &outer, LISP_COUNT_ETR_DISABLED, bytes);
	if (!bpf_map_lookup_elem(&lisp_local_eid, &inner.destination))
		return lisp_stray_drop(skb, &outer, LISP_COUNT_NO_LOCAL_EID, bytes);

	ecn = lisp_ecn_decap(inner.tos, outer.tos);
	if (ecn == LISP_ECN_DROP)
		return lisp_drop(skb, LISP_COUNT_ECN, bytes);
	tos = (inner.tos & 0xfc) | ecn;
	ttl = outer.ttl < inner.ttl ? outer.ttl : inner.ttl;
	if (ttl <= 1) /* user space sends the ICMP error by way of LISP */
		return TC_ACT_OK;
	if (inner.version == 4
		    ? lisp_fix_inner4(skb, offset, inner.tos, tos, ttl, inner.protocol, inner.ttl)
		    : lisp_fix_inner6(skb, offset, inner.tos, tos, ttl, inner.ttl))
		return lisp_drop(skb, LISP_COUNT_BAD_INNER, bytes);

	device = instance->ifindex;
	bytes = skb->len - offset;
	if (lisp_pull(skb, outer.family, inner.version))
		return lisp_drop(skb, LISP_COUNT_BAD_HEADER, bytes);

	lisp_count_add(outer.family == 4 ? LISP_COUNT_DECAP_4 : LISP_COUNT_DECAP_6, packets, bytes);
	lisp_count_in(&outer.source, iid, inner.version, packets, bytes);
	return bpf_redirect(device, BPF_F_INGRESS);
}

/* What this system itself sends, BGP and Map-Requests, came in nowhere. */
SEC("tc")
int lisp_alt(struct __sk_buff *skb)
{
	if (!skb->ingress_ifindex || lisp_is_alt_datagram(skb))
		return TC_ACT_OK;
	return lisp_drop(skb, LISP_COUNT_NOT_ALT, skb->len);
}

char _license[] SEC("license") = "GPL";
