// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of rtnetlink that the plugin needs: links, policy rules, routes of one
 * table. Each call is one request and its answer, in the calling thread's network
 * namespace. Callers hold the privileges. Results are 0 or -errno.
 */
#ifndef _LISP_DP_RTNL_H
#define _LISP_DP_RTNL_H

#include <net/if.h>

#include "lib/prefix.h"

struct lisp_dp_link {
	int ifindex;
	char name[IFNAMSIZ];
	char kind[16];	/* "tun", "gre", ...; empty: none */
	char alias[64]; /* ifalias */
	uint32_t mtu;
	unsigned int flags;  /* IFF_UP, ... */
	unsigned short type; /* ARPHRD_* */
	int master;	     /* ifindex; 0: none */
	uint32_t vrf_table;  /* of a VRF device; 0: it is none */
	uint64_t rx_packets, rx_bytes, tx_packets, tx_bytes, drops;
};

typedef void (*lisp_dp_link_fn)(const struct lisp_dp_link *link, void *arg);

/* By name if it is given, else by ifindex. */
int lisp_dp_link_get(const char *name, int ifindex, struct lisp_dp_link *link);
int lisp_dp_link_walk(lisp_dp_link_fn fn, void *arg);
/* This kernel can make VRF devices. */
bool lisp_dp_link_vrf_possible(void);
int lisp_dp_link_del(int ifindex);
int lisp_dp_link_set(int ifindex, uint32_t mtu, bool up);
int lisp_dp_link_master(int ifindex, int master);
int lisp_dp_link_alias(int ifindex, const char *alias);
/* Settings of IPv4 and of IPv6 (IN6_ADDR_GEN_MODE_*), also where /proc/sys cannot be written. */
int lisp_dp_link_rp_filter(int ifindex, uint8_t value);
int lisp_dp_link_forwarding4(int ifindex, uint8_t value);
int lisp_dp_link_addr_gen_mode(int ifindex, uint8_t value);
/* IPv4 is forwarded; sources are not checked at all. */
int lisp_dp_link_transit(int ifindex);

/* A GRE device (RFC 2784, key RFC 2890) whose underlay is this namespace. */
struct lisp_dp_link_gre {
	const char *name;
	int version;		       /* of the underlay, 4 or 6 */
	const uint8_t *local, *remote; /* network order */
	bool has_key;
	uint32_t key;
	int vrf; /* ifindex of the VRF device of the underlay; 0: default */
};
int lisp_dp_link_gre(const struct lisp_dp_link_gre *gre);
/* Moves a link; a tunnel's underlay stays where it was made. */
int lisp_dp_link_move(int ifindex, int netns_fd);

/* `from source [iif iif] lookup table [suppress_prefixlength 0] pref pref`, proto lisp */
struct lisp_dp_rule {
	struct prefix source; /* length 0: any of the family */
	char iif[IFNAMSIZ];   /* empty: any */
	uint32_t pref;
	uint32_t table;
	bool suppress_default;
};
typedef void (*lisp_dp_rule_fn)(const struct lisp_dp_rule *rule, void *arg);
int lisp_dp_rule_add(const struct lisp_dp_rule *rule);
int lisp_dp_rule_del(const struct lisp_dp_rule *rule);
int lisp_dp_rule_walk(lisp_dp_rule_fn fn, void *arg); /* those of our two prefs only */

/* Of a route that comes after all that zebra and operators have. */
#define LISP_DP_METRIC_LAST (UINT32_MAX - 4342)

/* Of the routes made here; why not RTPROT_LISP: lisp_dp_rtnl.c. */
#define LISP_DP_ROUTE_PROTOCOL RTPROT_BOOT

struct lisp_dp_route {
	uint32_t table;
	uint32_t metric; /* 0: the kernel's */
	uint8_t type;	 /* RTN_UNICAST to a device, RTN_THROW, RTN_UNREACHABLE */
	int ifindex;	 /* 0: none */
	struct prefix prefix;
};
typedef void (*lisp_dp_route_fn)(const struct lisp_dp_route *route, void *arg);
int lisp_dp_route_add(const struct lisp_dp_route *route);
int lisp_dp_route_del(const struct lisp_dp_route *route); /* by table, prefix and metric */
int lisp_dp_route_walk(lisp_dp_route_fn fn, void *arg);	  /* all tables */

/* Addresses of all interfaces but link-local ones, with the length of their prefix. */
typedef void (*lisp_dp_address_fn)(const struct prefix *address, int ifindex, void *arg);
int lisp_dp_address_walk(uint8_t family, lisp_dp_address_fn fn, void *arg);

/* The last default of a VRF device's table: what has no route there is unreachable. */
int lisp_dp_guard_add(uint8_t family, uint32_t table);
int lisp_dp_guard_del(uint8_t family, uint32_t table);

/* Number of tc filters at the ingress (or egress) of an interface with clsact. */
int lisp_dp_filter_count(int ifindex, bool egress);

#endif /* _LISP_DP_RTNL_H */
