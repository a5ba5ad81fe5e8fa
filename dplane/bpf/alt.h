// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ALT's tunnels carry ALT datagrams and nothing else: an ALT router passes on
 * Map-Requests to EIDs (RFC 6836 section 4.1), UDP port 4342, in one piece; no RLOC-probes, no
 * SMRs and no Map-Replies (sections 5.1, 5.2).
 */
#ifndef _LISP_BPF_ALT_H
#define _LISP_BPF_ALT_H

#include "parse.h"

#define LISP_CONTROL_PORT 4342
#define LISP_MAP_REQUEST  1    /* the type, in the upper half of the first octet */
#define LISP_PROBE_OR_SMR 0x03 /* P and S of a Map-Request, in the lower half */

/* At the IP header, whatever the device has in front of it. */
INLINE bool lisp_load_ip(struct __sk_buff *skb, __u32 offset, void *to, __u32 length)
{
	return !bpf_skb_load_bytes_relative(skb, offset, to, length, BPF_HDR_START_NET);
}

INLINE bool lisp_is_alt_datagram(struct __sk_buff *skb)
{
	union {
		struct iphdr v4;
		struct ipv6hdr v6;
	} header;
	struct udphdr udp;
	__u32 offset;
	__u8 first;

	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		if (!lisp_load_ip(skb, 0, &header.v4, sizeof(header.v4)) ||
		    header.v4.protocol != IPPROTO_UDP ||
		    (header.v4.frag_off & bpf_htons(IP_MF_OFFSET)))
			return false;
		offset = header.v4.ihl * 4;
	} else if (skb->protocol == bpf_htons(ETH_P_IPV6)) {
		if (!lisp_load_ip(skb, 0, &header.v6, sizeof(header.v6)) ||
		    header.v6.nexthdr != IPPROTO_UDP)
			return false;
		offset = sizeof(header.v6);
	} else {
		return false;
	}
	return lisp_load_ip(skb, offset, &udp, sizeof(udp)) &&
	       udp.dest == bpf_htons(LISP_CONTROL_PORT) &&
	       lisp_load_ip(skb, offset + sizeof(udp), &first, sizeof(first)) &&
	       first >> 4 == LISP_MAP_REQUEST && !(first & LISP_PROBE_OR_SMR);
}

#endif /* _LISP_BPF_ALT_H */
