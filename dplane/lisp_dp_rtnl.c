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

#define ANSWER_SIZE  32768
#define GUARD_METRIC (UINT32_MAX - 4342)

struct request {
	struct nlmsghdr header;
	uint8_t body[1000];
};

typedef void (*answer_fn)(const struct nlmsghdr *answer, void *arg);

/* Requests are told from those of others by the upper half of their sequence number. */
#define OWN_SEQ	     0x4c690000U
#define OWN_SEQ_MASK 0xffff0000U
static uint16_t last_seq;

bool lisp_dp_rtnl_is_own(uint32_t seq)
{
	return (seq & OWN_SEQ_MASK) == OWN_SEQ;
}

static void begin(struct request *request, uint16_t type, uint16_t flags, const void *fixed,
		  size_t length)
{
	memset(request, 0, sizeof(*request));
	request->header.nlmsg_type = type;
	request->header.nlmsg_flags = NLM_F_REQUEST | flags;
	request->header.nlmsg_len = NLMSG_LENGTH(length);
	memcpy(request->body, fixed, length);
}

static struct rtattr *put(struct request *request, uint16_t type, const void *data, size_t length)
{
	struct rtattr *attribute =
		(struct rtattr *)((uint8_t *)request + NLMSG_ALIGN(request->header.nlmsg_len));

	assert(NLMSG_ALIGN(request->header.nlmsg_len) + RTA_LENGTH(length) <= sizeof(*request));
	attribute->rta_type = type;
	attribute->rta_len = RTA_LENGTH(length);
	if (length)
		memcpy(RTA_DATA(attribute), data, length);
	request->header.nlmsg_len = NLMSG_ALIGN(request->header.nlmsg_len) +
				    RTA_ALIGN(RTA_LENGTH(length));
	return attribute;
}

static void put_u32(struct request *request, uint16_t type, uint32_t value)
{
	put(request, type, &value, sizeof(value));
}

static void put_string(struct request *request, uint16_t type, const char *string)
{
	put(request, type, string, strlen(string) + 1);
}

static struct rtattr *nest(struct request *request, uint16_t type)
{
	return put(request, type, NULL, 0);
}

static void nest_end(struct request *request, struct rtattr *attribute)
{
	attribute->rta_len = (uint8_t *)request + request->header.nlmsg_len - (uint8_t *)attribute;
}

/*
 * A socket of its own for each request: it belongs to the calling thread's
 * namespace, and an answer that was given up cannot disturb the next request.
 */
static int open_socket(void)
{
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	struct timeval patience = { .tv_sec = 2 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0) {
		int error = -errno;

		close(fd);
		return error;
	}
	return fd;
}

/* Goes through one datagram; 1: more to come. */
static int read_answers(const uint8_t *buffer, ssize_t got, uint32_t seq, bool dump, answer_fn fn,
			void *arg)
{
	const struct nlmsghdr *answer = (const struct nlmsghdr *)buffer;

	for (; NLMSG_OK(answer, got); answer = NLMSG_NEXT(answer, got)) {
		if (answer->nlmsg_seq != seq)
			continue;
		if (answer->nlmsg_type == NLMSG_ERROR)
			return ((const struct nlmsgerr *)NLMSG_DATA(answer))->error;
		if (answer->nlmsg_type == NLMSG_DONE)
			return 0;
		if (fn)
			fn(answer, arg);
		if (!dump && fn)
			return 0;
	}
	return 1;
}

static int talk(struct request *request, answer_fn fn, void *arg)
{
	bool dump = (request->header.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	uint8_t *buffer;
	int fd = open_socket(), result = 1;

	if (fd < 0)
		return fd;
	if (!fn)
		request->header.nlmsg_flags |= NLM_F_ACK;
	request->header.nlmsg_seq = OWN_SEQ | ++last_seq;
	if (send(fd, request, request->header.nlmsg_len, 0) < 0) {
		result = -errno;
		close(fd);
		return result;
	}

	buffer = XMALLOC(MTYPE_LISP_DP_BUFFER, ANSWER_SIZE);
	while (result > 0) {
		ssize_t got = recv(fd, buffer, ANSWER_SIZE, 0);

		if (got < 0 && errno == EINTR)
			continue;
		result = got < 0 ? -errno
				 : read_answers(buffer, got, request->header.nlmsg_seq, dump, fn,
						arg);
	}
	XFREE(MTYPE_LISP_DP_BUFFER, buffer);
	close(fd);
	return result;
}

static void parse(struct rtattr **table, int max, const struct rtattr *first, int length)
{
	memset(table, 0, sizeof(*table) * (max + 1));
	for (; RTA_OK(first, length); first = RTA_NEXT(first, length)) {
		int type = first->rta_type & NLA_TYPE_MASK;

		if (type <= max)
			table[type] = (struct rtattr *)first;
	}
}

static uint32_t get_u32(const struct rtattr *attribute, uint32_t missing)
{
	uint32_t value;

	if (!attribute || RTA_PAYLOAD(attribute) < sizeof(value))
		return missing;
	memcpy(&value, RTA_DATA(attribute), sizeof(value));
	return value;
}

/* ---- links ---- */

static uint32_t vrf_table(const struct rtattr *data)
{
	struct rtattr *table[IFLA_VRF_MAX + 1];

	parse(table, IFLA_VRF_MAX, RTA_DATA(data), RTA_PAYLOAD(data));
	return get_u32(table[IFLA_VRF_TABLE], 0);
}

static void link_kind(struct lisp_dp_link *link, const struct rtattr *info)
{
	struct rtattr *table[IFLA_INFO_MAX + 1];

	parse(table, IFLA_INFO_MAX, RTA_DATA(info), RTA_PAYLOAD(info));
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
	parse(table, IFLA_MAX, IFLA_RTA(info), IFLA_PAYLOAD(answer));
	link->ifindex = info->ifi_index;
	link->flags = info->ifi_flags;
	link->type = info->ifi_type;
	link->mtu = get_u32(table[IFLA_MTU], 0);
	link->master = get_u32(table[IFLA_MASTER], 0);
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
	struct request request;
	int result;

	memset(link, 0, sizeof(*link));
	begin(&request, RTM_GETLINK, 0, &info, sizeof(info));
	if (name)
		put_string(&request, IFLA_IFNAME, name);
	result = talk(&request, link_copy, link);
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
	struct request request;

	begin(&request, RTM_GETLINK, NLM_F_DUMP, &info, sizeof(info));
	return talk(&request, link_each, &walk);
}

/* A kernel that knows VRF devices misses the table's number; another the kind. */
bool lisp_dp_link_vrf_possible(void)
{
	struct ifinfomsg info = {};
	struct request request;
	struct rtattr *link;

	begin(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &info, sizeof(info));
	put_string(&request, IFLA_IFNAME, "lispvrf");
	link = nest(&request, IFLA_LINKINFO);
	put_string(&request, IFLA_INFO_KIND, "vrf");
	nest_end(&request, link);
	return talk(&request, NULL, NULL) != -EOPNOTSUPP;
}

int lisp_dp_link_del(int ifindex)
{
	struct ifinfomsg info = { .ifi_index = ifindex };
	struct request request;

	begin(&request, RTM_DELLINK, 0, &info, sizeof(info));
	return talk(&request, NULL, NULL);
}

int lisp_dp_link_set(int ifindex, uint32_t mtu, bool up)
{
	struct ifinfomsg info = { .ifi_index = ifindex,
				  .ifi_flags = up ? IFF_UP : 0,
				  .ifi_change = IFF_UP };
	struct request request;

	begin(&request, RTM_NEWLINK, 0, &info, sizeof(info));
	put_u32(&request, IFLA_MTU, mtu);
	return talk(&request, NULL, NULL);
}

int lisp_dp_link_master(int ifindex, int master)
{
	struct ifinfomsg info = { .ifi_index = ifindex };
	struct request request;

	begin(&request, RTM_NEWLINK, 0, &info, sizeof(info));
	put_u32(&request, IFLA_MASTER, master);
	return talk(&request, NULL, NULL);
}

int lisp_dp_link_alias(int ifindex, const char *alias)
{
	struct ifinfomsg info = { .ifi_index = ifindex };
	struct request request;

	begin(&request, RTM_NEWLINK, 0, &info, sizeof(info));
	put(&request, IFLA_IFALIAS, alias, strlen(alias));
	return talk(&request, NULL, NULL);
}

static int link_no_autoconf(int ifindex)
{
	struct ifinfomsg info = { .ifi_index = ifindex };
	struct request request;
	struct rtattr *spec, *family;
	uint8_t none = IN6_ADDR_GEN_MODE_NONE;

	begin(&request, RTM_NEWLINK, 0, &info, sizeof(info));
	spec = nest(&request, IFLA_AF_SPEC);
	family = nest(&request, AF_INET6);
	put(&request, IFLA_INET6_ADDR_GEN_MODE, &none, sizeof(none));
	nest_end(&request, family);
	nest_end(&request, spec);
	return talk(&request, NULL, NULL);
}

static int link_conf4(int ifindex, uint16_t key, uint32_t value)
{
	struct ifinfomsg info = { .ifi_index = ifindex };
	struct request request;
	struct rtattr *spec, *family, *conf;

	begin(&request, RTM_NEWLINK, 0, &info, sizeof(info));
	spec = nest(&request, IFLA_AF_SPEC);
	family = nest(&request, AF_INET);
	conf = nest(&request, IFLA_INET_CONF);
	put_u32(&request, key, value);
	nest_end(&request, conf);
	nest_end(&request, family);
	nest_end(&request, spec);
	return talk(&request, NULL, NULL);
}

int lisp_dp_link_quiet(int ifindex)
{
	int no6 = link_no_autoconf(ifindex); /* fails where there is no IPv6 at all */
	int no4 = link_conf4(ifindex, IPV4_DEVCONF_RP_FILTER, 2);

	return no4 ? no4 : no6;
}

int lisp_dp_link_transit(int ifindex)
{
	int error = link_conf4(ifindex, IPV4_DEVCONF_RP_FILTER, 0);

	return error ? error : link_conf4(ifindex, IPV4_DEVCONF_FORWARDING, 1);
}

static void gre_options(struct request *request, const struct lisp_dp_link_gre *gre)
{
	size_t length = gre->version == 4 ? 4 : 16;
	uint8_t ttl = 64, discover = 0;
	uint16_t flags = htons(GRE_KEY_PRESENT);

	if (gre->vrf)
		put_u32(request, IFLA_GRE_LINK, gre->vrf);
	put(request, IFLA_GRE_LOCAL, gre->local, length);
	put(request, IFLA_GRE_REMOTE, gre->remote, length);
	put(request, IFLA_GRE_TTL, &ttl, sizeof(ttl));
	if (gre->version == 4)
		put(request, IFLA_GRE_PMTUDISC, &discover, sizeof(discover));
	else
		put_u32(request, IFLA_GRE_FLAGS, IP6_TNL_F_IGN_ENCAP_LIMIT);
	if (!gre->has_key)
		return;
	put(request, IFLA_GRE_IFLAGS, &flags, sizeof(flags));
	put(request, IFLA_GRE_OFLAGS, &flags, sizeof(flags));
	put_u32(request, IFLA_GRE_IKEY, htonl(gre->key));
	put_u32(request, IFLA_GRE_OKEY, htonl(gre->key));
}

int lisp_dp_link_gre(const struct lisp_dp_link_gre *gre)
{
	struct ifinfomsg info = {};
	struct request request;
	struct rtattr *link, *data;

	begin(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &info, sizeof(info));
	put_string(&request, IFLA_IFNAME, gre->name);
	link = nest(&request, IFLA_LINKINFO);
	put_string(&request, IFLA_INFO_KIND, gre->version == 4 ? "gre" : "ip6gre");
	data = nest(&request, IFLA_INFO_DATA);
	gre_options(&request, gre);
	nest_end(&request, data);
	nest_end(&request, link);
	return talk(&request, NULL, NULL);
}

int lisp_dp_link_move(int ifindex, int netns_fd)
{
	struct ifinfomsg info = { .ifi_index = ifindex };
	struct request request;

	begin(&request, RTM_NEWLINK, 0, &info, sizeof(info));
	put_u32(&request, IFLA_NET_NS_FD, netns_fd);
	return talk(&request, NULL, NULL);
}

/* ---- policy rules ---- */

static void rule_fill(struct request *request, uint16_t type, uint16_t flags,
		      const struct lisp_dp_rule *rule)
{
	struct fib_rule_hdr header = { .family = rule->source.family,
				       .src_len = rule->source.prefixlen,
				       .action = FR_ACT_TO_TBL };
	uint8_t protocol = RTPROT_LISP;

	begin(request, type, flags, &header, sizeof(header));
	put(request, FRA_SRC, &rule->source.u.prefix, prefix_blen(&rule->source));
	put_u32(request, FRA_PRIORITY, rule->pref);
	put_u32(request, FRA_TABLE, rule->table);
	put(request, FRA_PROTOCOL, &protocol, sizeof(protocol));
	if (rule->suppress_default)
		put_u32(request, FRA_SUPPRESS_PREFIXLEN, 0);
}

int lisp_dp_rule_add(const struct lisp_dp_rule *rule)
{
	struct request request;
	int result;

	rule_fill(&request, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, rule);
	result = talk(&request, NULL, NULL);
	return result == -EEXIST ? 0 : result;
}

int lisp_dp_rule_del(const struct lisp_dp_rule *rule)
{
	struct request request;
	int result;

	rule_fill(&request, RTM_DELRULE, 0, rule);
	result = talk(&request, NULL, NULL);
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
	parse(table, FRA_MAX,
	      (const struct rtattr *)((const uint8_t *)header + NLMSG_ALIGN(sizeof(*header))),
	      NLMSG_PAYLOAD(answer, sizeof(*header)));
	rule.pref = get_u32(table[FRA_PRIORITY], 0);
	if (rule.pref != LISP_DP_PREF_MAIN && rule.pref != LISP_DP_PREF_LISP)
		return;
	if (!table[FRA_SRC] || !table[FRA_PROTOCOL] ||
	    *(uint8_t *)RTA_DATA(table[FRA_PROTOCOL]) != RTPROT_LISP)
		return;
	rule.source.family = header->family;
	rule.source.prefixlen = header->src_len;
	memcpy(&rule.source.u.prefix, RTA_DATA(table[FRA_SRC]), prefix_blen(&rule.source));
	rule.table = get_u32(table[FRA_TABLE], header->table);
	rule.suppress_default = get_u32(table[FRA_SUPPRESS_PREFIXLEN], UINT32_MAX) == 0;
	walk->fn(&rule, walk->arg);
}

int lisp_dp_rule_walk(lisp_dp_rule_fn fn, void *arg)
{
	struct fib_rule_hdr header = { .family = AF_UNSPEC };
	struct rule_walk walk = { fn, arg };
	struct request request;

	begin(&request, RTM_GETRULE, NLM_F_DUMP, &header, sizeof(header));
	return talk(&request, rule_each, &walk);
}

/* ---- routes ---- */

/*
 * The routes are of protocol "boot", not "lisp": at its start zebra deletes the
 * routes of protocols that are FRR's own, and forwarding would stop until lispd
 * has come back.
 */
static void route_fill(struct request *request, uint16_t type, uint16_t flags,
		       const struct lisp_dp_route *route)
{
	struct rtmsg header = { .rtm_family = route->prefix.family,
				.rtm_dst_len = route->prefix.prefixlen,
				.rtm_protocol = LISP_DP_ROUTE_PROTOCOL,
				.rtm_scope = route->ifindex ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
				.rtm_type = route->type };

	begin(request, type, flags, &header, sizeof(header));
	put(request, RTA_DST, &route->prefix.u.prefix, prefix_blen(&route->prefix));
	put_u32(request, RTA_TABLE, route->table);
	if (route->metric)
		put_u32(request, RTA_PRIORITY, route->metric);
	if (route->ifindex)
		put_u32(request, RTA_OIF, route->ifindex);
}

int lisp_dp_route_add(const struct lisp_dp_route *route)
{
	struct request request;

	route_fill(&request, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, route);
	return talk(&request, NULL, NULL);
}

int lisp_dp_route_del(const struct lisp_dp_route *route)
{
	struct lisp_dp_route any = *route;
	struct request request;
	struct rtmsg *header = (struct rtmsg *)request.body;
	int result;

	any.type = RTN_UNSPEC;
	any.ifindex = 0;
	route_fill(&request, RTM_DELROUTE, 0, &any);
	header->rtm_scope = RT_SCOPE_NOWHERE;
	result = talk(&request, NULL, NULL);
	return result == -ESRCH ? 0 : result;
}

/*
 * Its protocol is not one that zebra sweeps, its metric is behind all that zebra and
 * operators have, and nobody else's.
 */
static void guard_fill(struct request *request, uint16_t type, uint16_t flags, uint8_t family,
		       uint32_t table)
{
	struct rtmsg header = { .rtm_family = family,
				.rtm_protocol = RTPROT_STATIC,
				.rtm_scope = RT_SCOPE_UNIVERSE,
				.rtm_type = RTN_UNREACHABLE };

	begin(request, type, flags, &header, sizeof(header));
	put_u32(request, RTA_TABLE, table);
	put_u32(request, RTA_PRIORITY, GUARD_METRIC);
}

int lisp_dp_guard_add(uint8_t family, uint32_t table)
{
	struct request request;
	int result;

	guard_fill(&request, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, family, table);
	result = talk(&request, NULL, NULL);
	return result == -EEXIST ? 0 : result;
}

int lisp_dp_guard_del(uint8_t family, uint32_t table)
{
	struct request request;
	int result;

	guard_fill(&request, RTM_DELROUTE, 0, family, table);
	result = talk(&request, NULL, NULL);
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
	parse(table, RTA_MAX, RTM_RTA(header), RTM_PAYLOAD(answer));
	route.table = get_u32(table[RTA_TABLE], header->rtm_table);
	route.metric = get_u32(table[RTA_PRIORITY], 0);
	route.type = header->rtm_type;
	route.ifindex = get_u32(table[RTA_OIF], 0);
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
	struct request request;

	begin(&request, RTM_GETROUTE, NLM_F_DUMP, &header, sizeof(header));
	return talk(&request, route_each, &walk);
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
	struct request request;
	int count = 0, result;

	begin(&request, RTM_GETTFILTER, NLM_F_DUMP, &header, sizeof(header));
	result = talk(&request, filter_each, &count);
	return result ? result : count;
}
