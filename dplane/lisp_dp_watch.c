// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A netlink socket that hears of deletions. A filter in the kernel keeps the routes of
 * others from it: there may be a million of them, and not one of the routes made here is
 * zebra's.
 */
#include <zebra.h>

#include <linux/fib_rules.h>
#include <linux/filter.h>
#include <linux/netconf.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "lib/log.h"
#include "lib/network.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_netlink.h"
#include "dplane/lisp_dp_rtnl.h"
#include "dplane/lisp_dp_watch.h"

#define BUFFER_SIZE 32768

static struct {
	int fd;
	struct event *t_read;
	lisp_dp_watch_fn fn;
} watch = { .fd = -1 };

static uint32_t route_table(const struct nlmsghdr *message)
{
	const struct rtmsg *route = NLMSG_DATA(message);
	const struct rtattr *attribute = RTM_RTA(route);
	int left = RTM_PAYLOAD(message);

	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
		if (attribute->rta_type == RTA_TABLE && RTA_PAYLOAD(attribute) == sizeof(uint32_t))
			return *(uint32_t *)RTA_DATA(attribute);
	return route->rtm_table;
}

/* Of a message about settings; 0: of no one device. */
static uint32_t netconf_ifindex(const struct nlmsghdr *message)
{
	const struct netconfmsg *header = NLMSG_DATA(message);
	struct rtattr *table[NETCONFA_MAX + 1];

	lisp_dp_nl_parse(table, NETCONFA_MAX,
			 (const struct rtattr *)((const uint8_t *)header +
						 NLMSG_ALIGN(sizeof(*header))),
			 NLMSG_PAYLOAD(message, sizeof(*header)));
	return lisp_dp_nl_u32(table[NETCONFA_IFINDEX], 0);
}

static void watch_tell(const struct nlmsghdr *message)
{
	const struct ifinfomsg *link = NLMSG_DATA(message);
	const struct tcmsg *filter = NLMSG_DATA(message);

	if (lisp_dp_nl_is_own(message->nlmsg_seq))
		return;
	switch (message->nlmsg_type) {
	case RTM_DELRULE:
		watch.fn(LISP_DP_WATCH_RULE, 0);
		break;
	case RTM_DELROUTE:
		watch.fn(LISP_DP_WATCH_ROUTE, route_table(message));
		break;
	case RTM_NEWLINK:
		watch.fn(link->ifi_flags & IFF_UP ? LISP_DP_WATCH_LINK : LISP_DP_WATCH_DOWN,
			 link->ifi_index);
		break;
	case RTM_NEWNETCONF:
		watch.fn(LISP_DP_WATCH_LINK, netconf_ifindex(message));
		break;
	case RTM_NEWTFILTER:
	case RTM_DELTFILTER:
	case RTM_DELQDISC:
		watch.fn(LISP_DP_WATCH_FILTER, filter->tcm_ifindex);
		break;
	}
}

static void watch_read(struct event *event)
{
	_Alignas(struct nlmsghdr) uint8_t buffer[BUFFER_SIZE];
	const struct nlmsghdr *message;
	ssize_t got;

	event_add_read(lisp_dp_loop, watch_read, NULL, watch.fd, &watch.t_read);
	got = recv(watch.fd, buffer, sizeof(buffer), MSG_DONTWAIT);
	if (got < 0) {
		if (errno == ENOBUFS)
			watch.fn(LISP_DP_WATCH_LOST, 0);
		return;
	}
	for (message = (const struct nlmsghdr *)buffer; NLMSG_OK(message, got);
	     message = NLMSG_NEXT(message, got))
		watch_tell(message);
}

/* Of routes only those deleted, of the protocol that ours have. */
static bool watch_filter(int fd)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_ABS | BPF_H, offsetof(struct nlmsghdr, nlmsg_type)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELRULE), 8, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWLINK), 7, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWNETCONF), 6, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWTFILTER), 5, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELTFILTER), 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELQDISC), 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELROUTE), 0, 3),
		BPF_STMT(BPF_LD | BPF_ABS | BPF_B,
			 NLMSG_HDRLEN + offsetof(struct rtmsg, rtm_protocol)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, LISP_DP_ROUTE_PROTOCOL, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { .len = array_size(filter), .filter = filter };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0;
}

void lisp_dp_watch_start(lisp_dp_watch_fn fn)
{
	struct sockaddr_nl groups = {
		.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE |
			     RTMGRP_IPV4_RULE | 1U << (RTNLGRP_IPV6_RULE - 1) | RTMGRP_TC |
			     RTMGRP_IPV6_IFINFO | 1U << (RTNLGRP_IPV4_NETCONF - 1),
	};
	int fd;

	watch.fn = fn;
	if (watch.fd >= 0)
		return;
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	if (fd < 0 || !watch_filter(fd) ||
	    bind(fd, (struct sockaddr *)&groups, sizeof(groups)) < 0) {
		zlog_warn("lisp: what others take away in the kernel goes unseen: %s",
			  safe_strerror(errno));
		if (fd >= 0)
			close(fd);
		return;
	}
	watch.fd = fd;
	event_add_read(lisp_dp_loop, watch_read, NULL, watch.fd, &watch.t_read);
}

void lisp_dp_watch_stop(void)
{
	event_cancel(&watch.t_read);
	if (watch.fd >= 0)
		close(watch.fd);
	watch.fd = -1;
}
