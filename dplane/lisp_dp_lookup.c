// SPDX-License-Identifier: GPL-2.0-or-later
/* Questions to the kernel's routing, as `ip route get` asks them. */
#include <zebra.h>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_lookup.h"
#include "dplane/lisp_dp_netlink.h"
#include "dplane/lisp_dp_rtnl.h"

static size_t address_length(uint8_t family)
{
	return family == AF_INET ? 4 : 16;
}

static void read_gateway(struct lisp_dp_way *way, uint8_t family, const struct rtattr *gateway,
			 const struct rtattr *via)
{
	const struct rtvia *other = via ? RTA_DATA(via) : NULL;

	if (other)
		family = other->rtvia_family;
	else if (!gateway)
		return;
	way->gateway.family = family;
	way->gateway.prefixlen = address_length(family) * 8;
	memcpy(&way->gateway.u.prefix, other ? other->rtvia_addr : RTA_DATA(gateway),
	       address_length(family));
}

static uint32_t read_mtu(const struct rtattr *metrics)
{
	struct rtattr *table[RTAX_MAX + 1];

	if (!metrics)
		return 0;
	lisp_dp_nl_parse(table, RTAX_MAX, RTA_DATA(metrics), RTA_PAYLOAD(metrics));
	return lisp_dp_nl_u32(table[RTAX_MTU], 0);
}

static unsigned int count_paths(const struct rtattr *multipath)
{
	const struct rtnexthop *hop = RTA_DATA(multipath);
	int left = RTA_PAYLOAD(multipath);
	unsigned int n = 0;

	for (; RTNH_OK(hop, left); left -= NLMSG_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop))
		n++;
	return n;
}

/* Where the packet goes. */
static void way_answer(const struct nlmsghdr *answer, void *arg)
{
	const struct rtmsg *header = NLMSG_DATA(answer);
	struct rtattr *table[RTA_MAX + 1];
	struct lisp_dp_way *way = arg;

	if (answer->nlmsg_type != RTM_NEWROUTE)
		return;
	lisp_dp_nl_parse(table, RTA_MAX, RTM_RTA(header), RTM_PAYLOAD(answer));
	way->type = header->rtm_type;
	way->ifindex = lisp_dp_nl_u32(table[RTA_OIF], 0);
	way->table = lisp_dp_nl_u32(table[RTA_TABLE], header->rtm_table);
	way->mtu = read_mtu(table[RTA_METRICS]);
	read_gateway(way, header->rtm_family, table[RTA_GATEWAY], table[RTA_VIA]);
}

/* A route as it stands in its table. */
static void route_read(const struct nlmsghdr *answer, struct lisp_dp_way *way)
{
	const struct rtmsg *header = NLMSG_DATA(answer);
	struct rtattr *table[RTA_MAX + 1];

	lisp_dp_nl_parse(table, RTA_MAX, RTM_RTA(header), RTM_PAYLOAD(answer));
	way->type = header->rtm_type;
	way->table = lisp_dp_nl_u32(table[RTA_TABLE], header->rtm_table);
	way->route.family = header->rtm_family;
	way->route.prefixlen = header->rtm_dst_len;
	if (table[RTA_DST])
		memcpy(&way->route.u.prefix, RTA_DATA(table[RTA_DST]),
		       address_length(header->rtm_family));
	way->whole = true;
	way->paths = table[RTA_MULTIPATH] ? count_paths(table[RTA_MULTIPATH]) : 1;
	if (!way->mtu)
		way->mtu = read_mtu(table[RTA_METRICS]);
}

static void route_answer(const struct nlmsghdr *answer, void *arg)
{
	if (answer->nlmsg_type == RTM_NEWROUTE)
		route_read(answer, arg);
}

static int ask(const struct lisp_dp_lookup *asked, uint32_t flags, lisp_dp_answer_fn fn,
	       struct lisp_dp_way *way)
{
	size_t length = address_length(asked->family);
	struct rtmsg header = { .rtm_family = asked->family,
				.rtm_dst_len = length * 8,
				.rtm_src_len = asked->source ? length * 8 : 0,
				.rtm_flags = flags };
	struct lisp_dp_request request;

	lisp_dp_nl_begin(&request, RTM_GETROUTE, 0, &header, sizeof(header));
	lisp_dp_nl_put(&request, RTA_DST, asked->destination, length);
	if (asked->source)
		lisp_dp_nl_put(&request, RTA_SRC, asked->source, length);
	if (asked->iif)
		lisp_dp_nl_put_u32(&request, RTA_IIF, asked->iif);
	if (asked->oif)
		lisp_dp_nl_put_u32(&request, RTA_OIF, asked->oif);
	if (asked->protocol == IPPROTO_TCP || asked->protocol == IPPROTO_UDP) {
		uint16_t from = htons(asked->source_port), to = htons(asked->destination_port);

		lisp_dp_nl_put(&request, RTA_IP_PROTO, &asked->protocol, 1);
		lisp_dp_nl_put(&request, RTA_SPORT, &from, sizeof(from));
		lisp_dp_nl_put(&request, RTA_DPORT, &to, sizeof(to));
	}
	return lisp_dp_nl_talk(NETLINK_ROUTE, &request, fn, way);
}

int lisp_dp_lookup_ask(const struct lisp_dp_lookup *asked, struct lisp_dp_way *way)
{
	memset(way, 0, sizeof(*way));
	return ask(asked, RTM_F_LOOKUP_TABLE, way_answer, way);
}

static int ask_route(const struct lisp_dp_lookup *asked, struct lisp_dp_way *way)
{
	return ask(asked, RTM_F_FIB_MATCH | RTM_F_LOOKUP_TABLE, route_answer, way);
}

unsigned int lisp_dp_lookup_paths(const struct lisp_dp_lookup *asked)
{
	struct lisp_dp_way way = {};

	return !ask_route(asked, &way) && way.type == RTN_UNICAST ? way.paths : 0;
}

/* ---- routes that lead nowhere: the kernel answers with an error alone ---- */

#define TABLES 64 /* that are gone through, in the order of the rules */

struct nowhere {
	const struct lisp_dp_lookup *asked;
	struct prefix from, to; /* of what is asked; from: family 0: any */
	uint8_t type;
	uint32_t table[TABLES];
	size_t tables;
	struct lisp_dp_way *way;
};

static struct prefix host(uint8_t family, const uint8_t *address)
{
	struct prefix prefix = { .family = family, .prefixlen = address_length(family) * 8 };

	memcpy(&prefix.u.prefix, address, address_length(family));
	return prefix;
}

/* Of the VRF that the packet is in. */
static uint32_t vrf_table(const struct lisp_dp_lookup *asked)
{
	struct lisp_dp_link link;

	if (lisp_dp_link_get(NULL, asked->oif ? asked->oif : asked->iif, &link))
		return 0;
	if (!link.vrf_table && link.master && lisp_dp_link_get(NULL, link.master, &link))
		return 0;
	return link.vrf_table;
}

/* A rule's prefix: all of its family where it has none. */
static bool rule_matches(const struct rtattr *address, uint8_t length, const struct prefix *of)
{
	struct prefix prefix = { .family = of->family, .prefixlen = length };

	if (!length || !of->family)
		return !length;
	if (!address || RTA_PAYLOAD(address) < address_length(of->family))
		return false;
	memcpy(&prefix.u.prefix, RTA_DATA(address), address_length(of->family));
	return prefix_match(&prefix, of);
}

static void nowhere_rule(const struct nlmsghdr *answer, void *arg)
{
	const struct fib_rule_hdr *header = NLMSG_DATA(answer);
	struct nowhere *nowhere = arg;
	struct rtattr *attribute[FRA_MAX + 1];
	uint32_t table;

	if (answer->nlmsg_type != RTM_NEWRULE || header->action != FR_ACT_TO_TBL)
		return;
	lisp_dp_nl_parse(attribute, FRA_MAX, (const struct rtattr *)(header + 1),
			 NLMSG_PAYLOAD(answer, sizeof(*header)));
	if (!rule_matches(attribute[FRA_SRC], header->src_len, &nowhere->from) ||
	    !rule_matches(attribute[FRA_DST], header->dst_len, &nowhere->to))
		return;
	table = attribute[FRA_L3MDEV] ? vrf_table(nowhere->asked)
				      : lisp_dp_nl_u32(attribute[FRA_TABLE], header->table);
	for (size_t i = 0; i < nowhere->tables; i++)
		if (nowhere->table[i] == table)
			return;
	if (table && nowhere->tables < TABLES)
		nowhere->table[nowhere->tables++] = table;
}

static void nowhere_each(const struct nlmsghdr *answer, void *arg)
{
	const struct rtmsg *header = NLMSG_DATA(answer);
	struct nowhere *nowhere = arg;
	struct lisp_dp_way found = {}, *way = nowhere->way;

	if (answer->nlmsg_type != RTM_NEWROUTE || header->rtm_family != nowhere->to.family ||
	    header->rtm_type != nowhere->type)
		return;
	route_read(answer, &found);
	if (!prefix_match(&found.route, &nowhere->to) ||
	    (way->whole && way->route.prefixlen >= found.route.prefixlen))
		return;
	way->table = found.table;
	way->route = found.route;
	way->whole = true;
}

/*
 * In the first table to which a rule for the packet leads and that has one for it; no other one is
 * read. The kernel filters by type, as there may be a million other routes.
 */
static void find_nowhere(const struct lisp_dp_lookup *asked, struct lisp_dp_way *way)
{
	struct fib_rule_hdr rules = { .family = asked->family };
	struct rtmsg routes = { .rtm_family = asked->family, .rtm_type = way->type };
	struct nowhere nowhere = { .asked = asked,
				   .to = host(asked->family, asked->destination),
				   .type = way->type,
				   .way = way };
	struct lisp_dp_request request;

	if (asked->source)
		nowhere.from = host(asked->family, asked->source);
	lisp_dp_nl_begin(&request, RTM_GETRULE, NLM_F_DUMP, &rules, sizeof(rules));
	lisp_dp_nl_talk(NETLINK_ROUTE, &request, nowhere_rule, &nowhere);
	for (size_t i = 0; i < nowhere.tables && !way->whole; i++) {
		lisp_dp_nl_begin(&request, RTM_GETROUTE, NLM_F_DUMP, &routes, sizeof(routes));
		lisp_dp_nl_put_u32(&request, RTA_TABLE, nowhere.table[i]);
		request.strict = true;
		lisp_dp_nl_talk(NETLINK_ROUTE, &request, nowhere_each, &nowhere);
	}
}

int lisp_dp_lookup(const struct lisp_dp_lookup *asked, struct lisp_dp_way *way)
{
	int error = lisp_dp_lookup_ask(asked, way);

	switch (-error) {
	case 0:
		ask_route(asked, way);
		return 0;
	case EINVAL:
		way->type = RTN_BLACKHOLE;
		break;
	case EACCES:
		way->type = RTN_PROHIBIT;
		break;
	case EHOSTUNREACH:
		way->type = RTN_UNREACHABLE;
		break;
	case ENETUNREACH: /* no route has said so */
		return 0;
	default:
		return error;
	}
	find_nowhere(asked, way);
	return 0;
}

const char *lisp_dp_table_name(uint32_t table, char *text, size_t size)
{
	if (table == RT_TABLE_MAIN || table == RT_TABLE_LOCAL)
		snprintf(text, size, "%s", table == RT_TABLE_MAIN ? "main" : "local");
	else
		snprintf(text, size, "%u", table);
	return text;
}
