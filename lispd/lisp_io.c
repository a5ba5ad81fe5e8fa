// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The UDP 4342 sockets. Datagrams are taken in batches, so that a burst of
 * Map-Registers costs one wake-up, and bounded ones, so that it starves nobody.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>
#include <errno.h>
#include <netinet/ip.h>

#include "frrevent.h"
#include "log.h"
#include "network.h"
#include "privs.h"
#include "sockopt.h"
#include "vrf.h"

#include "lispd/lisp_debug.h"
#include "lispd/lisp_errors.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_msg_debug.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_zebra.h"

static struct lisp_socket {
	int fd;
	vrf_id_t vrf_id; /* where it is */
	char error[80];	 /* why it is not open; empty: it is, or need not be */
	uint32_t lost;	 /* datagrams that it had no room for, as the kernel counts them */
	struct event *t_read, *t_retry;
} sockets[LISP_FAMILY_MAX] = { { .fd = -1 }, { .fd = -1 } };

static lisp_receive_fn io_receive;
static bool io_kept;
static uint8_t buffers[LISP_RX_BATCH][LISP_MSG_MAX];

/* Room for one in_pktinfo or in6_pktinfo, and a count, aligned for the kernel. */
union control {
	struct cmsghdr align;
	uint8_t space[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(uint32_t))];
};

static bool sockaddr_ipaddr(const struct sockaddr_storage *ss, struct ipaddr *addr, uint16_t *port)
{
	const struct sockaddr_in *sin = (const struct sockaddr_in *)ss;
	const struct sockaddr_in6 *sin6 = (const struct sockaddr_in6 *)ss;

	memset(addr, 0, sizeof(*addr));
	switch (ss->ss_family) {
	case AF_INET:
		addr->ipa_type = IPADDR_V4;
		addr->ipaddr_v4 = sin->sin_addr;
		*port = ntohs(sin->sin_port);
		return true;
	case AF_INET6:
		addr->ipa_type = IPADDR_V6;
		addr->ipaddr_v6 = sin6->sin6_addr;
		*port = ntohs(sin6->sin6_port);
		return true;
	default:
		return false;
	}
}

static socklen_t ipaddr_sockaddr(const struct ipaddr *addr, uint16_t port,
				 struct sockaddr_storage *ss)
{
	struct sockaddr_in *sin = (struct sockaddr_in *)ss;
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)ss;

	memset(ss, 0, sizeof(*ss));
	if (IS_IPADDR_V4(addr)) {
		sin->sin_family = AF_INET;
		sin->sin_addr = addr->ipaddr_v4;
		sin->sin_port = htons(port);
		return sizeof(*sin);
	}
	sin6->sin6_family = AF_INET6;
	sin6->sin6_addr = addr->ipaddr_v6;
	sin6->sin6_port = htons(port);
	return sizeof(*sin6);
}

/* The address that the datagram was sent to. */
static void control_destination(struct msghdr *msg, struct ipaddr *dst)
{
	struct cmsghdr *c;

	memset(dst, 0, sizeof(*dst));
	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			dst->ipa_type = IPADDR_V4;
			dst->ipaddr_v4 = info.ipi_addr;
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			dst->ipa_type = IPADDR_V6;
			dst->ipaddr_v6 = info.ipi6_addr;
		}
	}
}

/* A datagram says how many before it found the socket's buffer full. */
static void count_lost(struct lisp_socket *s, struct msghdr *msg)
{
	struct cmsghdr *c;
	uint32_t lost;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SO_RXQ_OVFL)
			continue;
		memcpy(&lost, CMSG_DATA(c), sizeof(lost));
		lisp_stats_events(LISP_EV_SOCKET_FULL, lost - s->lost);
		s->lost = lost;
	}
}

static void received(struct lisp_socket *s, struct msghdr *msg, const uint8_t *data, size_t len)
{
	struct lisp_rx rx = { .data = data, .len = len, .dport = LISP_CONTROL_PORT };

	count_lost(s, msg);
	if (CHECK_FLAG(msg->msg_flags, MSG_TRUNC)) {
		lisp_stats_in(0);
		lisp_stats_drop(0, LISP_DROP_BAD_LENGTH);
		return;
	}
	if (!sockaddr_ipaddr(msg->msg_name, &rx.src, &rx.sport))
		return;

	control_destination(msg, &rx.dst);
	io_receive(&rx);
}

static void lisp_io_read(struct event *event)
{
	struct lisp_socket *s = EVENT_ARG(event);
	struct sockaddr_storage names[LISP_RX_BATCH];
	struct mmsghdr msgs[LISP_RX_BATCH] = {};
	union control controls[LISP_RX_BATCH];
	struct iovec iov[LISP_RX_BATCH];
	int n;

	for (int i = 0; i < LISP_RX_BATCH; i++) {
		iov[i].iov_base = buffers[i];
		iov[i].iov_len = sizeof(buffers[i]);
		msgs[i].msg_hdr.msg_iov = &iov[i];
		msgs[i].msg_hdr.msg_iovlen = 1;
		msgs[i].msg_hdr.msg_name = &names[i];
		msgs[i].msg_hdr.msg_namelen = sizeof(names[i]);
		msgs[i].msg_hdr.msg_control = &controls[i];
		msgs[i].msg_hdr.msg_controllen = sizeof(controls[i]);
	}

	event_add_read(lisp.master, lisp_io_read, s, s->fd, &s->t_read);

	n = recvmmsg(s->fd, msgs, LISP_RX_BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++)
		received(s, &msgs[i].msg_hdr, buffers[i], msgs[i].msg_len);
}

static bool socket_options(int fd, int af)
{
	int on = 1, dont = IP_PMTUDISC_DONT, tos = IPTOS_PREC_INTERNETCONTROL;

	setsockopt_so_recvbuf(fd, LISP_RX_BUFFER);
	if (setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof(on)))
		return false;
	if (af == AF_INET)
		return !setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) &&
		       !setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &dont, sizeof(dont)) &&
		       !setsockopt(fd, IPPROTO_IP, IP_TOS, &tos, sizeof(tos));

	return !setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) &&
	       !setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) &&
	       !setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &tos, sizeof(tos));
}

static void io_retry(struct event *event)
{
	lisp_io_config_changed();
}

/* The log has it when it begins. */
static void socket_failed(struct lisp_socket *s, enum lisp_family family, int error)
{
	if (!s->error[0])
		flog_err(EC_LISP_SOCKET, "%s control socket, UDP port %d: %s",
			 lisp_family_name(family), LISP_CONTROL_PORT, safe_strerror(error));
	snprintf(s->error, sizeof(s->error), "UDP port %d: %s", LISP_CONTROL_PORT,
		 safe_strerror(error));
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	event_add_timer(lisp.master, io_retry, NULL, LISP_IO_RETRY, &s->t_retry);
}

static void socket_open(enum lisp_family family)
{
	struct ipaddr any = { .ipa_type = lisp_family_af(family) };
	struct lisp_socket *s = &sockets[family];
	struct sockaddr_storage ss;
	socklen_t len = ipaddr_sockaddr(&any, LISP_CONTROL_PORT, &ss);

	if (s->fd >= 0)
		return;

	s->vrf_id = lisp_rloc_vrf();
	s->lost = 0;
	frr_with_privs (&lisp_privs) {
		s->fd = vrf_socket(lisp_family_af(family), SOCK_DGRAM, 0, s->vrf_id,
				   s->vrf_id == VRF_DEFAULT ? NULL : lisp.rloc_vrf);
	}
	if (s->fd < 0 && errno == EAFNOSUPPORT)
		return; /* a kernel without IPv6 */

	if (s->fd < 0 || set_nonblocking(s->fd) < 0 ||
	    !socket_options(s->fd, lisp_family_af(family)) ||
	    bind(s->fd, (struct sockaddr *)&ss, len) < 0) {
		socket_failed(s, family, errno);
		return;
	}
	if (s->error[0])
		zlog_notice("%s control socket is open", lisp_family_name(family));
	s->error[0] = '\0';
	event_add_read(lisp.master, lisp_io_read, s, s->fd, &s->t_read);
}

static void socket_close(enum lisp_family family)
{
	struct lisp_socket *s = &sockets[family];

	event_cancel(&s->t_read);
	event_cancel(&s->t_retry);
	s->error[0] = '\0';
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

const char *lisp_io_error(enum lisp_family family)
{
	return sockets[family].error[0] ? sockets[family].error : NULL;
}

void lisp_io_config_changed(void)
{
	for (enum lisp_family family = 0; family < LISP_FAMILY_MAX; family++) {
		if (sockets[family].vrf_id != lisp_rloc_vrf())
			socket_close(family);
		if ((lisp.enabled || io_kept) && lisp_rloc_vrf() != VRF_UNKNOWN)
			socket_open(family);
		else
			socket_close(family);
	}
}

void lisp_io_keep(bool keep)
{
	if (io_kept == keep)
		return;
	io_kept = keep;
	lisp_io_config_changed();
}

static int io_vrf_changed(struct vrf *vrf, bool up)
{
	if (lisp_rloc_vrf_update())
		lisp_io_config_changed();
	return 0;
}

void lisp_io_init(lisp_receive_fn receive)
{
	io_receive = receive;
	hook_register(lisp_vrf_changed, io_vrf_changed);
}

void lisp_io_finish(void)
{
	hook_unregister(lisp_vrf_changed, io_vrf_changed);
	for (enum lisp_family family = 0; family < LISP_FAMILY_MAX; family++)
		socket_close(family);
}

/* Asks the kernel to send from src. */
static void control_source(struct msghdr *msg, union control *control, const struct ipaddr *src)
{
	struct cmsghdr *c = &control->align;

	memset(control, 0, sizeof(*control));
	msg->msg_control = control;
	if (IS_IPADDR_V4(src)) {
		struct in_pktinfo info = { .ipi_spec_dst = src->ipaddr_v4 };

		c->cmsg_level = IPPROTO_IP;
		c->cmsg_type = IP_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof(info));
		memcpy(CMSG_DATA(c), &info, sizeof(info));
		msg->msg_controllen = CMSG_SPACE(sizeof(info));
	} else {
		struct in6_pktinfo info = { .ipi6_addr = src->ipaddr_v6 };

		c->cmsg_level = IPPROTO_IPV6;
		c->cmsg_type = IPV6_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof(info));
		memcpy(CMSG_DATA(c), &info, sizeof(info));
		msg->msg_controllen = CMSG_SPACE(sizeof(info));
	}
}

int lisp_io_send(const struct ipaddr *src, const struct ipaddr *dst, uint16_t dport,
		 const uint8_t *msg, size_t len)
{
	struct lisp_socket *s = &sockets[lisp_af_family(ipaddr_family(dst))];
	struct iovec iov = { .iov_base = (void *)msg, .iov_len = len };
	struct msghdr mh = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct sockaddr_storage ss;
	union control control;
	uint8_t type = len ? msg[0] >> 4 : 0;

	mh.msg_namelen = ipaddr_sockaddr(dst, dport, &ss);
	mh.msg_name = &ss;
	if (src && src->ipa_type == dst->ipa_type && !ipaddr_is_zero(src))
		control_source(&mh, &control, src);

	if (s->fd < 0 || sendmsg(s->fd, &mh, MSG_DONTWAIT) < 0) {
		LISP_DBG(packet, "%s to %pIA port %u not sent: %m", lisp_type_name(type), dst,
			 dport);
		lisp_stats_drop(type, LISP_DROP_SEND_FAILED);
		return -1;
	}

	LISP_DBG(packet, "%s to %pIA port %u, %zu octets", lisp_type_name(type), dst, dport, len);
	lisp_msg_debug_octets(msg, len);
	lisp_stats_out(type);
	return 0;
}
