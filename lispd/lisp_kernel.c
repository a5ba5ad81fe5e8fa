// SPDX-License-Identifier: GPL-2.0-or-later
/* One question to rtnetlink at a time; the kernel answers while it is being asked. */
#include <zebra.h>

#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "frrevent.h"
#include "vrf.h"

#include "lispd/lisp_kernel.h"
#include "lispd/lisp_limits.h"

static struct {
	int fd;
	uint32_t seq;
	struct event *t_ask;
	struct ipaddr next;  /* whose turn it is; unset: the first's */
	struct ipaddr doubt; /* the same of those to which zebra has a route */
} kernel = { .fd = -1 };

struct question {
	struct nlmsghdr header;
	struct rtmsg route;
	uint8_t attributes[64];
};

static bool kernel_open(void)
{
	if (kernel.fd < 0)
		kernel.fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
				   NETLINK_ROUTE);
	return kernel.fd >= 0;
}

static void put(struct question *question, uint16_t type, const void *data, size_t length)
{
	struct rtattr *attribute =
		(struct rtattr *)((uint8_t *)question + NLMSG_ALIGN(question->header.nlmsg_len));

	attribute->rta_type = type;
	attribute->rta_len = RTA_LENGTH(length);
	memcpy(RTA_DATA(attribute), data, length);
	question->header.nlmsg_len += RTA_SPACE(length);
}

/* As for a packet from the RLOC's own source: rules may go by that. -1: no answer to this. */
static ssize_t ask(const struct lisp_rloc *rloc, void *answer, size_t size)
{
	const struct ipaddr *addr = &rloc->addr;
	ifindex_t vrf = vrf_is_backend_netns() ? VRF_DEFAULT : (ifindex_t)lisp_rloc_vrf();
	struct question question = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg)),
			    .nlmsg_type = RTM_GETROUTE,
			    .nlmsg_flags = NLM_F_REQUEST,
			    .nlmsg_seq = ++kernel.seq },
		.route = { .rtm_family = ipaddr_family(addr), .rtm_dst_len = IPADDRSZ(addr) * 8 },
	};
	const struct nlmsghdr *header = answer;
	ssize_t got;

	if (!kernel_open())
		return -1;
	put(&question, RTA_DST, addr->ip.addrbytes, IPADDRSZ(addr));
	if (!IS_IPADDR_NONE(&rloc->source)) {
		question.route.rtm_src_len = IPADDRSZ(addr) * 8;
		put(&question, RTA_SRC, rloc->source.ip.addrbytes, IPADDRSZ(addr));
	}
	if (vrf)
		put(&question, RTA_OIF, &vrf, sizeof(vrf));
	if (send(kernel.fd, &question, question.header.nlmsg_len, 0) < 0)
		return -1;
	do
		got = recv(kernel.fd, answer, size, 0);
	while (got > 0 && (!NLMSG_OK(header, got) || header->nlmsg_seq != kernel.seq));
	return got > 0 ? got : -1;
}

/* What the kernel says of packets to an RLOC; it may say nothing, as without memory. */
enum word { SILENT, SENDS_NOT, SENDS };

/* By which interface, if it sends. */
static enum word route(const struct lisp_rloc *rloc, ifindex_t *ifindex)
{
	_Alignas(struct nlmsghdr) uint8_t answer[4096];
	const struct nlmsghdr *header = (const struct nlmsghdr *)answer;
	ssize_t got = ask(rloc, answer, sizeof(answer));
	const struct rtmsg *found = NLMSG_DATA(header);
	const struct rtattr *attribute;
	int left;

	*ifindex = 0;
	if (got < 0)
		return SILENT;
	if (header->nlmsg_type != RTM_NEWROUTE || found->rtm_type != RTN_UNICAST)
		return SENDS_NOT;
	left = RTM_PAYLOAD(header);
	for (attribute = RTM_RTA(found); RTA_OK(attribute, left);
	     attribute = RTA_NEXT(attribute, left))
		if (attribute->rta_type == RTA_OIF && RTA_PAYLOAD(attribute) >= sizeof(*ifindex))
			memcpy(ifindex, RTA_DATA(attribute), sizeof(*ifindex));
	return *ifindex ? SENDS : SENDS_NOT;
}

bool lisp_kernel_ask(struct lisp_rloc *rloc)
{
	bool had = rloc->by_kernel;
	ifindex_t ifindex;
	enum word word;

	if (lisp_rloc_vrf() == VRF_UNKNOWN || rloc->local)
		return false;
	word = route(rloc, &ifindex);
	if (word == SILENT)
		return had;
	rloc->by_kernel = word == SENDS;
	if (rloc->by_kernel ? !had || ifindex != rloc->ifindex : had)
		lisp_rloc_nexthop_update(&rloc->addr, rloc->by_kernel, ifindex);
	return rloc->by_kernel;
}

/*
 * zebra has a route to it, and the kernel does not send there: a policy rule comes before, to a
 * blackhole maybe. It is asked again then as one to which zebra has none.
 */
static void doubt(const struct lisp_rloc *rloc)
{
	ifindex_t ifindex;

	if (route(rloc, &ifindex) == SENDS_NOT)
		lisp_rloc_nexthop_update(&rloc->addr, false, 0);
}

static void doubt_some(void)
{
	struct lisp_rloc *rloc = lisp_rloc_find(&kernel.doubt);

	if (!rloc)
		rloc = lisp_rloc_next(NULL);
	for (int asked = 0, looks = 0;
	     rloc && asked < LISP_KERNEL_DOUBTS && looks < LISP_KERNEL_LOOKS;
	     rloc = lisp_rloc_next(rloc), looks++) {
		if (rloc->known != LISP_RLOC_UP || rloc->by_kernel || rloc->local)
			continue;
		doubt(rloc);
		asked++;
	}
	kernel.doubt = rloc ? rloc->addr : (struct ipaddr){};
}

/* ---- addresses ---- */

struct going {
	struct in6_addr address[LISP_RLOC_GOING_MAX];
	size_t n;
};

static void address_read(const struct nlmsghdr *header, struct going *going)
{
	const struct ifaddrmsg *address = NLMSG_DATA(header);
	const struct rtattr *attribute, *local = NULL;
	int left = IFA_PAYLOAD(header);
	uint32_t flags = address->ifa_flags;

	for (attribute = IFA_RTA(address); RTA_OK(attribute, left);
	     attribute = RTA_NEXT(attribute, left)) {
		if (attribute->rta_type == IFA_ADDRESS &&
		    RTA_PAYLOAD(attribute) >= sizeof(struct in6_addr))
			local = attribute;
		else if (attribute->rta_type == IFA_FLAGS)
			memcpy(&flags, RTA_DATA(attribute), sizeof(flags));
	}
	/* IFA_F_TEMPORARY is what an IPv4 address calls secondary */
	if (local && (flags & (IFA_F_DEPRECATED | IFA_F_TEMPORARY)) &&
	    going->n < LISP_RLOC_GOING_MAX)
		memcpy(&going->address[going->n++], RTA_DATA(local), sizeof(struct in6_addr));
}

/* False: that was the last. */
static bool addresses_read(const uint8_t *answer, ssize_t got, struct going *going)
{
	const struct nlmsghdr *header = (const struct nlmsghdr *)answer;

	for (; got > 0 && NLMSG_OK(header, got); header = NLMSG_NEXT(header, got)) {
		if (header->nlmsg_seq != kernel.seq)
			continue;
		if (header->nlmsg_type != RTM_NEWADDR)
			return false;
		address_read(header, going);
	}
	return true;
}

static void addresses_ask(void)
{
	struct {
		struct nlmsghdr header;
		struct ifaddrmsg address;
	} question = {
		.header = { .nlmsg_len = sizeof(question),
			    .nlmsg_type = RTM_GETADDR,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
			    .nlmsg_seq = ++kernel.seq },
		.address = { .ifa_family = AF_INET6 },
	};
	_Alignas(struct nlmsghdr) uint8_t answer[16384];
	struct going going = {};
	ssize_t got;

	if (!kernel_open() || send(kernel.fd, &question, sizeof(question), 0) < 0)
		return;
	do
		got = recv(kernel.fd, answer, sizeof(answer), 0);
	while (got > 0 && addresses_read(answer, got, &going));
	if (got > 0)
		lisp_rloc_addresses_going(going.address, going.n);
}

static void kernel_ask_all(struct event *event)
{
	struct lisp_rloc *rloc = lisp_rloc_find(&kernel.next);

	addresses_ask();
	if (lisp_rloc_vrf() != VRF_UNKNOWN)
		doubt_some();
	event_add_timer(lisp.master, kernel_ask_all, NULL, LISP_KERNEL_PERIOD, &kernel.t_ask);
	if (!rloc)
		rloc = lisp_rloc_next(NULL);
	for (int asked = 0, looks = 0;
	     rloc && asked < LISP_KERNEL_RLOCS && looks < LISP_KERNEL_LOOKS;
	     rloc = lisp_rloc_next(rloc), looks++) {
		if (!rloc->by_kernel && rloc->known != LISP_RLOC_NO_ROUTE)
			continue;
		lisp_kernel_ask(rloc);
		asked++;
	}
	kernel.next = rloc ? rloc->addr : (struct ipaddr){};
}

void lisp_kernel_init(void)
{
	event_add_event(lisp.master, kernel_ask_all, NULL, 0, &kernel.t_ask);
}

void lisp_kernel_finish(void)
{
	event_cancel(&kernel.t_ask);
	if (kernel.fd >= 0)
		close(kernel.fd);
	kernel.fd = -1;
}
