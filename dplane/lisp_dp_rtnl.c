// SPDX-License-Identifier: GPL-2.0-or-later
/* Links, rules and routes by rtnetlink, one request at a time. */
#include <zebra.h>

#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include "lib/log.h"
#include "lib/network.h"
#include "lib/prefix.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_netlink.h"
#include "dplane/lisp_dp_rtnl.h"

#ifndef RTPROT_LISP
#define RTPROT_LISP 199
#endif

/* linux/ip.h and linux/if_tunnel.h cannot be included together with netinet/ip.h */
#define IPV4_DEVCONF_FORWARDING 1
#define IPV4_DEVCONF_RP_FILTER	8
enum {
	IFLA_GRE_LINK = 1,
	IFLA_GRE_IFLAGS = 2,
	IFLA_GRE_OFLAGS = 3,
	IFLA_GRE_IKEY = 4,
	IFLA_GRE_OKEY = 5,
	IFLA_GRE_LOCAL = 6,
	IFLA_GRE_REMOTE = 7,
	IFLA_GRE_TTL = 8,
	IFLA_GRE_PMTUDISC = 10,
	IFLA_GRE_FLAGS = 13,
};
#define GRE_KEY_PRESENT		  0x2000
#define IP6_TNL_F_IGN_ENCAP_LIMIT 0x1 /* no destination option in front of GRE */

#define GUARD_METRIC LISP_DP_METRIC_LAST

/* ---- links ---- */

static uint32_t vrf_table(const struct rtattr *data)
{
	struct rtattr *table[IFLA_VRF_MAX + 1];

	lisp_dp_nl_parse(table, IFLA_VRF_MAX, RTA_DATA(data), RTA_PAYLOAD(data));
	return lisp_dp_nl_u32(table[IFLA_VRF_TABLE], 0);
}

static void link_kind(struct lisp_dp_link *link, const struct rtattr *info)
{
	struct rtattr *table[IFLA_INFO_MAX + 1];

	lisp_dp_nl_parse(table, IFLA_INFO_MAX, RTA_DATA(info), RTA_PAYLOAD(info));
	if (table[IFLA_INFO_KIND])
		strlcpy(link->kind, RTA_DATA(table[IFLA_INFO_KIND]), sizeof(link->kind));
	if (strmatch(link->kind, "vrf") && table[IFLA_INFO_DATA])
		link->vrf_table = vrf_table(table[IFLA_INFO_DATA]);
}

static void link_stats(struct lisp_dp_link *link, const struct rtattr *attribute)
{
	struct rtnl_link_stats64 stats = {};

	memcpy(&stats, RTA_DATA(attribute), MIN(sizeof(stats), RTA_PAYLOAD(attribute)));
	link->rx_packets = stats.rx_packets;
	link->rx_bytes = stats.rx_bytes;
	link->tx_packets = stats.tx_packets;
	link->tx_bytes = stats.tx_bytes;
	link->drops = stats.rx_dropped + stats.tx_dropped + stats.rx_errors + stats.tx_errors;
}

static void link_read(const struct nlmsghdr *answer, struct lisp_dp_link *link)
{
	const struct ifinfomsg *info = NLMSG_DATA(answer);
	struct rtattr *table[IFLA_MAX + 1];

	memset(link, 0, sizeof(*link));
	lisp_dp_nl_parse(table, IFLA_MAX, IFLA_RTA(info), IFLA_PAYLOAD(answer));
	link->ifindex = info->ifi_index;
	link->flags = info->ifi_flags;
	link->type = info->ifi_type;
	link->mtu = lisp_dp_nl_u32(table[IFLA_MTU], 0);
	link->master = lisp_dp_nl_u32(table[IFLA_MASTER], 0);
	if (table[IFLA_IFNAME])
		strlcpy(link->name, RTA_DATA(table[IFLA_IFNAME]), sizeof(link->name));
	if (table[IFLA_IFALIAS])
		strlcpy(link->alias, RTA_DATA(table[IFLA_IFALIAS]), sizeof(link->alias));
	if (table[IFLA_STATS64])
		link_stats(link, table[IFLA_STATS64]);
	if (table[IFLA_LINKINFO])
		link_kind(link, table[IFLA_LINKINFO]);
}

static void link_copy(const struct nlmsghdr *answer, void *arg)
{
	link_read(answer, arg);
}

int lisp_dp_link_get(const char *name, int ifindex, struct lisp_dp_link *link)
{
	struct ifinfomsg info = { .ifi_index = name ? 0 : ifindex };
	struct lisp_dp_request request;
	int result;

	memset(link, 0, sizeof(*link));
	lisp_dp_nl_begin(&request, RTM_GETLINK, 0, &info, sizeof(info));
	if (name)
		lisp_dp_nl_put_string(&request, IFLA_IFNAME, name);
	result = lisp_dp_nl_talk(NETLINK_ROUTE, &request, link_copy, link);
	return result ? result : link->ifindex ? 0 : -ENODEV;
}

struct link_walk {
	lisp_dp_link_fn fn;
	void *arg;
};

static void link_each(const struct nlmsghdr *answer, void *arg)
{
	struct link_walk *walk = arg;
	struct lisp_dp_link link;

	if (answer->nlmsg_type != RTM_NEWLINK)
		return;
	link_read(answer, &link);
	walk->fn(&link, walk->arg);
}

int lisp_dp_link_walk(lisp_dp_link_fn fn, void *arg)
{
	struct ifinfomsg info = {};
	struct link_walk walk = { fn, arg };
	struct lisp_dp_request request;

	lisp_dp_nl_begin(&request, RTM_GETLINK, NLM_F_DUMP, &info, sizeof(info));
	return lisp_dp_nl_talk(NETLINK_ROUTE, &request, link_each, &walk);
}

/* A kernel that knows VRF devices misses the table's number; another the kind. */
bool lisp_dp_link_vrf_possible(void)
{
	struct ifinfomsg info = {};
	struct lisp_dp_request request;
	struct rtattr *link;

	lisp_dp_nl_begin(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &info, sizeof(info));
	lisp_dp_nl_put_string(&request, IFLA_IFNAME, "lispvrf");
	link = lisp_dp_nl_nest(&request, IFLA_LINKINFO);
	lisp_dp_nl_put_string(&request, IFLA_INFO_KIND, "vrf");
	lisp_dp_nl_nest_end(&request, link);
	return lisp_dp_nl_talk(NETLINK_ROUTE, &request, NULL, NULL) != -EOPNOTSUPP;
}

int lisp_dp_link_del(int ifindex)
{
	struct ifinfomsg info = { .ifi_index = ifindex };
	struct lisp_dp_request request;

	lisp_dp_nl_begin(&request, RTM_DELLINK, 0, &info, sizeof(info));
	return lisp_dp_nl_talk(NETLINK_ROUTE, &request, NULL, NULL);
}

int lisp_dp_link_set(int ifindex, uint32_t mtu, bool up)
{
	struct ifinfomsg info = { .ifi_index = ifindex,
				  .ifi_flags = up ? IFF_UP : 0,
				  .ifi_change = IFF_UP };
	struct lisp_dp_request request;

	lisp_dp_nl_begin(&request, RTM_NEWLINK, 0, &info, sizeof(info));
	lisp_dp_nl_put_u32(&request, IFLA_MTU, mtu);
	return lisp_dp_nl_talk(NETLINK_ROUTE, &request, NULL, NULL);
}

int lisp_dp_link_master(int ifindex, int master)
{
	struct ifinfomsg info = { .ifi_index = ifindex };
	struct lisp_dp_request request;

	lisp_dp_nl_begin(&request, RTM_NEWLINK, 0, &info, sizeof(info));
	lisp_dp_nl_put_u32(&request, IFLA_MASTER, master);
	return lisp_dp_nl_talk(NETLINK_ROUTE, &request, NULL, NULL);
}

int lisp_dp_link_alias(int ifindex, const char *alias)
{
	struct ifinfomsg info = { .ifi_index = ifindex };
	struct lisp_dp_request request;

	lisp_dp_nl_begin(&request, RTM_NEWLINK, 0, &info, sizeof(info));
	lisp_dp_nl_put(&request, IFLA_IFALIAS, alias, strlen(alias));
	return lisp_dp_nl_talk(NETLINK_ROUTE, &request, NULL, NULL);
}

static int link_conf4(int ifindex, uint16_t key, uint32_t value)
{
	struct ifinfomsg info = { .ifi_index = ifindex };
	struct lisp_dp_request request;
	struct rtattr *spec, *family, *conf;

	lisp_dp_nl_begin(&request, RTM_NEWLINK, 0, &info, sizeof(info));
	spec = lisp_dp_nl_nest(&request, IFLA_AF_SPEC);
	family = lisp_dp_nl_nest(&request, AF_INET);
	conf = lisp_dp_nl_nest(&request, IFLA_INET_CONF);
	lisp_dp_nl_put_u32(&request, key, value);
	lisp_dp_nl_nest_end(&request, conf);
	lisp_dp_nl_nest_end(&request, family);
	lisp_dp_nl_nest_end(&request, spec);
	return lisp_dp_nl_talk(NETLINK_ROUTE, &request, NULL, NULL);
}

int lisp_dp_link_rp_filter(int ifindex, uint8_t value)
{
	return link_conf4(ifindex, IPV4_DEVCONF_RP_FILTER, value);
}

int lisp_dp_link_forwarding4(int ifindex, uint8_t value)
{
	return link_conf4(ifindex, IPV4_DEVCONF_FORWARDING, value);
}

int lisp_dp_link_addr_gen_mode(int ifindex, uint8_t value)
{
	struct ifinfomsg info = { .ifi_index = ifindex };
	struct lisp_dp_request request;
	struct rtattr *spec, *family;

	lisp_dp_nl_begin(&request, RTM_NEWLINK, 0, &info, sizeof(info));
	spec = lisp_dp_nl_nest(&request, IFLA_AF_SPEC);
	family = lisp_dp_nl_nest(&request, AF_INET6);
	lisp_dp_nl_put(&request, IFLA_INET6_ADDR_GEN_MODE, &value, sizeof(value));
	lisp_dp_nl_nest_end(&request, family);
	lisp_dp_nl_nest_end(&request, spec);
	return lisp_dp_nl_talk(NETLINK_ROUTE, &request, NULL, NULL);
}

int lisp_dp_link_transit(int ifindex)
{
	int error = lisp_dp_link_rp_filter(ifindex, 0);

	return error ? error : lisp_dp_link_forwarding4(ifindex, 1);
}

static void gre_options(struct lisp_dp_request *request, const struct lisp_dp_link_gre *gre)
{
	size_t length = gre->version == 4 ? 4 : 16;
	uint8_t ttl = 64, discover = 0;
	uint16_t flags = htons(GRE_KEY_PRESENT);

	if (gre->vrf)
		lisp_dp_nl_put_u32(request, IFLA_GRE_LINK, gre->vrf);
	lisp_dp_nl_put(request, IFLA_GRE_LOCAL, gre->local, length);
	lisp_dp_nl_put(request, IFLA_GRE_REMOTE, gre->remote, length);
	lisp_dp_nl_put(request, IFLA_GRE_TTL, &ttl, sizeof(ttl));
	if (gre->version == 4)
		lisp_dp_nl_put(request, IFLA_GRE_PMTUDISC, &discover, sizeof(discover));
	else
		lisp_dp_nl_put_u32(request, IFLA_GRE_FLAGS, IP6_TNL_F_IGN_ENCAP_LIMIT);
	if (!gre->has_key)
		return;
	lisp_dp_nl_put(request, IFLA_GRE_IFLAGS, &flags, sizeof(flags));
	lisp_dp_nl_put(request, IFLA_GRE_OFLAGS, &flags, sizeof(flags));
	lisp_dp_nl_put_u32(request, IFLA_GRE_IKEY, htonl(gre->key));
	lisp_dp_nl_put_u32(request, IFLA_GRE_OKEY, htonl(gre->key));
}

int lisp_dp_link_gre(const struct lisp_dp_link_gre *gre)
{
	struct ifinfomsg info = {};
	struct lisp_dp_request request;
	struct rtattr *link, *data;

	lisp_dp_nl_begin(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &info, sizeof(info));
	lisp_dp_nl_put_string(&request, IFLA_IFNAME, gre->name);
	link = lisp_dp_nl_nest(&request, IFLA_LINKINFO);
	lisp_dp_nl_put_string(&request, IFLA_INFO_KIND, gre->version == 4 ? "gre" : "ip6gre");
	data = lisp_dp_nl_nest(&request, IFLA_INFO_DATA);
	gre_options(&request, gre);
	lisp_dp_nl_nest_end(&request, data);
	lisp_dp_nl_nest_end(&request, link);
	return lisp_dp_nl_talk(NETLINK_ROUTE, &request, NULL, NULL);
}

int lisp_dp_link_move(int ifindex, int netns_fd)
{
	struct ifinfomsg info = { .ifi_index = ifindex };
	struct lisp_dp_request request;

	lisp_dp_nl_begin(&request, RTM_NEWLINK, 0, &info, sizeof(info));
	lisp_dp_nl_put_u32(&request, IFLA_NET_NS_FD, netns_fd);
	return lisp_dp_nl_talk(NETLINK_ROUTE, &request, NULL, NULL);
}

/* ---- policy rules ---- */

static void rule_fill(struct lisp_dp_request *request, uint16_t type, uint16_t flags,
		      const struct lisp_dp_rule *rule)
{
	struct fib_rule_hdr header = { .family = rule->source.family,
				       .src_len = rule->source.prefixlen,
				       .action = FR_ACT_TO_TBL };
	uint8_t protocol = RTPROT_LISP;

	lisp_dp_nl_begin(request, type, flags, &header, sizeof(header));
	lisp_dp_nl_put(request, FRA_SRC, &rule->source.u.prefix, prefix_blen(&rule->source));
	if (rule->iif[0])
		lisp_dp_nl_put_string(request, FRA_IIFNAME, rule->iif);
	lisp_dp_nl_put_u32(request, FRA_PRIORITY, rule->pref);
	lisp_dp_nl_put_u32(request, FRA_TABLE, rule->table);
	lisp_dp_nl_put(request, FRA_PROTOCOL, &protocol, sizeof(protocol));
	if (rule->suppress_default)
		lisp_dp_nl_put_u32(request, FRA_SUPPRESS_PREFIXLEN, 0);
}

int lisp_dp_rule_add(const struct lisp_dp_rule *rule)
{
	struct lisp_dp_request request;
	int result;

	rule_fill(&request, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, rule);
	result = lisp_dp_nl_talk(NETLINK_ROUTE, &request, NULL, NULL);
	return result == -EEXIST ? 0 : result;
}

int lisp_dp_rule_del(const struct lisp_dp_rule *rule)
{
	struct lisp_dp_request request;
	int result;

	rule_fill(&request, RTM_DELRULE, 0, rule);
	result = lisp_dp_nl_talk(NETLINK_ROUTE, &request, NULL, NULL);
	return result == -ENOENT ? 0 : result;
}

struct rule_walk {
	lisp_dp_rule_fn fn;
	void *arg;
};

static void rule_each(const struct nlmsghdr *answer, void *arg)
{
	const struct fib_rule_hdr *header = NLMSG_DATA(answer);
	struct rule_walk *walk = arg;
	struct rtattr *table[FRA_MAX + 1];
	struct lisp_dp_rule rule = {};

	if (answer->nlmsg_type != RTM_NEWRULE ||
	    (header->family != AF_INET && header->family != AF_INET6))
		return;
	lisp_dp_nl_parse(table, FRA_MAX,
			 (const struct rtattr *)((const uint8_t *)header +
						 NLMSG_ALIGN(sizeof(*header))),
			 NLMSG_PAYLOAD(answer, sizeof(*header)));
	rule.pref = lisp_dp_nl_u32(table[FRA_PRIORITY], 0);
	if (rule.pref != LISP_DP_PREF_MAIN && rule.pref != LISP_DP_PREF_LISP)
		return;
	if (!table[FRA_PROTOCOL] || *(uint8_t *)RTA_DATA(table[FRA_PROTOCOL]) != RTPROT_LISP)
		return;
	rule.source.family = header->family;
	rule.source.prefixlen = header->src_len;
	if (table[FRA_SRC])
		memcpy(&rule.source.u.prefix, RTA_DATA(table[FRA_SRC]), prefix_blen(&rule.source));
	if (table[FRA_IIFNAME])
		strlcpy(rule.iif, RTA_DATA(table[FRA_IIFNAME]), sizeof(rule.iif));
	rule.table = lisp_dp_nl_u32(table[FRA_TABLE], header->table);
	rule.suppress_default = lisp_dp_nl_u32(table[FRA_SUPPRESS_PREFIXLEN], UINT32_MAX) == 0;
	walk->fn(&rule, walk->arg);
}

int lisp_dp_rule_walk(lisp_dp_rule_fn fn, void *arg)
{
	struct fib_rule_hdr header = { .family = AF_UNSPEC };
	struct rule_walk walk = { fn, arg };
	struct lisp_dp_request request;

	lisp_dp_nl_begin(&request, RTM_GETRULE, NLM_F_DUMP, &header, sizeof(header));
	return lisp_dp_nl_talk(NETLINK_ROUTE, &request, rule_each, &walk);
}

/* ---- routes ---- */

/*
 * A gateway that does not exist, RFC 7600's dummy address: what comes out of the device and goes
 * into it again would bring its source an IPv4 redirect, if that looked as if it were on the
 * same link. IPv6 sends none from a device without link-local address.
 */
static void gateway_fill(struct lisp_dp_request *request)
{
	struct in_addr dummy = { .s_addr = htonl(0xc0000008) }; /* 192.0.0.8 */
	struct rtmsg *header = (struct rtmsg *)request->body;

	lisp_dp_nl_put(request, RTA_GATEWAY, &dummy, sizeof(dummy));
	header->rtm_flags = RTNH_F_ONLINK;
	header->rtm_scope = RT_SCOPE_UNIVERSE;
}

/*
 * The routes are of protocol "boot", not "lisp": at its start zebra deletes the
 * routes of protocols that are FRR's own, and forwarding would stop until lispd
 * has come back.
 */
static void route_fill(struct lisp_dp_request *request, uint16_t type, uint16_t flags,
		       const struct lisp_dp_route *route)
{
	struct rtmsg header = { .rtm_family = route->prefix.family,
				.rtm_dst_len = route->prefix.prefixlen,
				.rtm_protocol = LISP_DP_ROUTE_PROTOCOL,
				.rtm_scope = route->ifindex ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
				.rtm_type = route->type };

	lisp_dp_nl_begin(request, type, flags, &header, sizeof(header));
	lisp_dp_nl_put(request, RTA_DST, &route->prefix.u.prefix, prefix_blen(&route->prefix));
	lisp_dp_nl_put_u32(request, RTA_TABLE, route->table);
	if (route->metric)
		lisp_dp_nl_put_u32(request, RTA_PRIORITY, route->metric);
	if (route->ifindex)
		lisp_dp_nl_put_u32(request, RTA_OIF, route->ifindex);
	if (route->ifindex && header.rtm_family == AF_INET)
		gateway_fill(request);
}

int lisp_dp_route_add(const struct lisp_dp_route *route)
{
	struct lisp_dp_request request;

	route_fill(&request, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, route);
	return lisp_dp_nl_talk(NETLINK_ROUTE, &request, NULL, NULL);
}

int lisp_dp_route_del(const struct lisp_dp_route *route)
{
	struct lisp_dp_route any = *route;
	struct lisp_dp_request request;
	struct rtmsg *header = (struct rtmsg *)request.body;
	int result;

	any.type = RTN_UNSPEC;
	any.ifindex = 0;
	route_fill(&request, RTM_DELROUTE, 0, &any);
	header->rtm_scope = RT_SCOPE_NOWHERE;
	result = lisp_dp_nl_talk(NETLINK_ROUTE, &request, NULL, NULL);
	return result == -ESRCH ? 0 : result;
}

/*
 * Its protocol is not one that zebra sweeps, its metric is behind all that zebra and
 * operators have, and nobody else's.
 */
static void guard_fill(struct lisp_dp_request *request, uint16_t type, uint16_t flags,
		       uint8_t family, uint32_t table)
{
	struct rtmsg header = { .rtm_family = family,
				.rtm_protocol = RTPROT_STATIC,
				.rtm_scope = RT_SCOPE_UNIVERSE,
				.rtm_type = RTN_UNREACHABLE };

	lisp_dp_nl_begin(request, type, flags, &header, sizeof(header));
	lisp_dp_nl_put_u32(request, RTA_TABLE, table);
	lisp_dp_nl_put_u32(request, RTA_PRIORITY, GUARD_METRIC);
}

int lisp_dp_guard_add(uint8_t family, uint32_t table)
{
	struct lisp_dp_request request;
	int result;

	guard_fill(&request, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, family, table);
	result = lisp_dp_nl_talk(NETLINK_ROUTE, &request, NULL, NULL);
	return result == -EEXIST ? 0 : result;
}

int lisp_dp_guard_del(uint8_t family, uint32_t table)
{
	struct lisp_dp_request request;
	int result;

	guard_fill(&request, RTM_DELROUTE, 0, family, table);
	result = lisp_dp_nl_talk(NETLINK_ROUTE, &request, NULL, NULL);
	return result == -ESRCH ? 0 : result;
}

struct route_walk {
	lisp_dp_route_fn fn;
	void *arg;
};

static void route_each(const struct nlmsghdr *answer, void *arg)
{
	const struct rtmsg *header = NLMSG_DATA(answer);
	struct route_walk *walk = arg;
	struct rtattr *table[RTA_MAX + 1];
	struct lisp_dp_route route = {};

	if (answer->nlmsg_type != RTM_NEWROUTE || header->rtm_protocol != LISP_DP_ROUTE_PROTOCOL ||
	    (header->rtm_family != AF_INET && header->rtm_family != AF_INET6))
		return;
	lisp_dp_nl_parse(table, RTA_MAX, RTM_RTA(header), RTM_PAYLOAD(answer));
	route.table = lisp_dp_nl_u32(table[RTA_TABLE], header->rtm_table);
	route.metric = lisp_dp_nl_u32(table[RTA_PRIORITY], 0);
	route.type = header->rtm_type;
	route.ifindex = lisp_dp_nl_u32(table[RTA_OIF], 0);
	route.prefix.family = header->rtm_family;
	route.prefix.prefixlen = header->rtm_dst_len;
	if (table[RTA_DST])
		memcpy(&route.prefix.u.prefix, RTA_DATA(table[RTA_DST]), prefix_blen(&route.prefix));
	walk->fn(&route, walk->arg);
}

int lisp_dp_route_walk(lisp_dp_route_fn fn, void *arg)
{
	struct rtmsg header = { .rtm_family = AF_UNSPEC };
	struct route_walk walk = { fn, arg };
	struct lisp_dp_request request;

	lisp_dp_nl_begin(&request, RTM_GETROUTE, NLM_F_DUMP, &header, sizeof(header));
	return lisp_dp_nl_talk(NETLINK_ROUTE, &request, route_each, &walk);
}

/* ---- addresses ---- */

struct address_walk {
	lisp_dp_address_fn fn;
	void *arg;
};

static void address_each(const struct nlmsghdr *answer, void *arg)
{
	const struct ifaddrmsg *header = NLMSG_DATA(answer);
	struct address_walk *walk = arg;
	struct rtattr *table[IFA_MAX + 1], *address;
	struct prefix prefix = { .family = header->ifa_family, .prefixlen = header->ifa_prefixlen };

	if (answer->nlmsg_type != RTM_NEWADDR || header->ifa_scope != RT_SCOPE_UNIVERSE ||
	    (header->ifa_family != AF_INET && header->ifa_family != AF_INET6))
		return;
	lisp_dp_nl_parse(table, IFA_MAX, IFA_RTA(header), IFA_PAYLOAD(answer));
	address = table[IFA_LOCAL] ? table[IFA_LOCAL] : table[IFA_ADDRESS];
	if (!address || RTA_PAYLOAD(address) < (size_t)prefix_blen(&prefix))
		return;
	memcpy(&prefix.u.prefix, RTA_DATA(address), prefix_blen(&prefix));
	walk->fn(&prefix, header->ifa_index, walk->arg);
}

int lisp_dp_address_walk(uint8_t family, lisp_dp_address_fn fn, void *arg)
{
	struct ifaddrmsg header = { .ifa_family = family };
	struct address_walk walk = { fn, arg };
	struct lisp_dp_request request;

	lisp_dp_nl_begin(&request, RTM_GETADDR, NLM_F_DUMP, &header, sizeof(header));
	return lisp_dp_nl_talk(NETLINK_ROUTE, &request, address_each, &walk);
}

/* ---- tc ---- */

static void filter_each(const struct nlmsghdr *answer, void *arg)
{
	if (answer->nlmsg_type == RTM_NEWTFILTER)
		++*(int *)arg;
}

int lisp_dp_filter_count(int ifindex, bool egress)
{
	struct tcmsg header = { .tcm_family = AF_UNSPEC,
				.tcm_ifindex = ifindex,
				.tcm_parent = TC_H_MAKE(TC_H_CLSACT, egress ? TC_H_MIN_EGRESS
									    : TC_H_MIN_INGRESS) };
	struct lisp_dp_request request;
	int count = 0, result;

	lisp_dp_nl_begin(&request, RTM_GETTFILTER, NLM_F_DUMP, &header, sizeof(header));
	result = lisp_dp_nl_talk(NETLINK_ROUTE, &request, filter_each, &count);
	return result ? result : count;
}
