// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The LISP dataplane plugin of zebra (zebra -M lisp_dplane).
 *
 * All of it runs in one pthread with its own event loop; nothing is shared with
 * the rest of zebra, so there are no locks. lispd says over the mapping socket
 * (lisp_dp.proto) what shall exist. The rooms, each one .c and .h: each includes and
 * calls only those that stand before it in this list.
 *
 *   pure     lisp_dp_packet     IP packets: reading, outer headers, fragments, ICMP
 *            lisp_dp_buckets    priorities and weights to what forwarding looks up
 *   kernel   lisp_dp_sysctl     settings of the kernel
 *            lisp_dp_netlink    requests by netlink
 *            lisp_dp_rtnl       the small part of rtnetlink that is used
 *            lisp_dp_lookup     what the kernel would do with a packet
 *            lisp_dp_vrf        VRFs: namespaces or devices
 *            lisp_dp_watch      what others do there to rules, routes, devices
 *            lisp_dp_bpf        the fast path: programs, maps, filters
 *            lisp_dp_nft        firewall rules, judged
 *            lisp_dp_xtables    those of iptables-legacy
 *            lisp_dp_xfrm       IPsec policies, judged
 *            lisp_dp_guard      which packets these may concern
 *   base     lisp_dp_op         an operation, and reading what lispd says in it
 *            lisp_dp_count      counters by kind of traffic and reason of drop
 *   state    lisp_dp_underlay   the VRF of the RLOCs
 *            lisp_dp_locator    remote locators, own RLOCs
 *            lisp_dp_set        RLOC-sets, the choice of a locator
 *            lisp_dp_instance   instances, their local EID-prefixes
 *            lisp_dp_mapping    their map-caches
 *            lisp_dp_local      operations on local EID-prefixes
 *            lisp_dp_flow       packets lately sent, by source port
 *            lisp_dp_path       equal paths of the underlay, by flow
 *            lisp_dp_sender     who lately sent
 *   upward   lisp_dp_tell       what lispd is told; the socket gives the way
 *   work     lisp_dp_device     the lisp device
 *            lisp_dp_steer      policy rules, routes
 *            lisp_dp_port       interfaces that decapsulate
 *            lisp_dp_queue      packets that wait for a mapping
 *            lisp_dp_slow       the reader of the device, the UDP 4341 sockets
 *            lisp_dp_icmp       path MTU and reachability, learned from ICMP
 *            lisp_dp_gre        GRE tunnels of the ALT
 *            lisp_dp_alt        its TUN device, sockets and last default
 *   top      lisp_dp_apply      operations, epochs, sweep
 *            lisp_dp_counters   answers with all counters
 *            lisp_dp_explain    what becomes of a packet, step by step
 *            lisp_dp_recall     tells a restarted lispd what there is
 *            lisp_dp_socket     the mapping socket: framing, Hello, Ack
 *            lisp_dp_module     start and end
 */
#ifndef _LISP_DP_H
#define _LISP_DP_H

#include "lib/frrevent.h"
#include "lib/memory.h"

DECLARE_MGROUP(LISP_DP);
DECLARE_MTYPE(LISP_DP_BUFFER);

/* Module options: zebra -M lisp_dplane:OPTION[,OPTION] */
struct lisp_dp_options {
	bool no_bpf;	    /* nobpf: never load the fast path */
	bool no_kernel_gre; /* nogre: tunnels always end in user space */
	bool bypass;	    /* bypass: the fast path, whatever firewall and IPsec say */
};
extern struct lisp_dp_options lisp_dp_options;

/* The event loop of the plugin's pthread. */
extern struct event_loop *lisp_dp_loop;

/* Routes, rules and kernel objects made here (/etc/iproute2/rt_protos: lisp). */
#define LISP_DP_TABLE	  4342
#define LISP_DP_PREF_MAIN 4341
#define LISP_DP_PREF_LISP 4342

#define LISP_DP_FAMILY(version) ((version) == 4 ? AF_INET : AF_INET6)

/* CLOCK_MONOTONIC in ns, as the BPF programs have it. */
static inline uint64_t lisp_dp_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

/* What is done so often a second at most. */
struct lisp_dp_rate {
	uint64_t second;
	unsigned int taken;
};

static inline bool lisp_dp_rate_take(struct lisp_dp_rate *rate, unsigned int per_s)
{
	uint64_t now = lisp_dp_now_ns() / 1000000000;

	if (now != rate->second)
		*rate = (struct lisp_dp_rate){ .second = now };
	return rate->taken++ < per_s;
}

#endif /* _LISP_DP_H */
