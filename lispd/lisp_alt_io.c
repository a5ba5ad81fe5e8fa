// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading and writing the ALT's TUN device and raw sockets. */
#include <zebra.h>

#include <errno.h>
#include <netinet/ip6.h>
#include <string.h>

#include "frrevent.h"
#include "log.h"
#include "network.h"

#include "lispd/lisp_alt_io.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_errors.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_wire.h"

static lisp_receive_fn alt_receive;

void lisp_alt_io_init(lisp_receive_fn receive)
{
	alt_receive = receive;
}

/* ---- in ---- */

/* Map-Requests that look up, to the control port: no probes, SMRs, replies or
 * Data-Probes on the ALT (RFC 6836 sections 3.3, 5.1).
 */
static bool is_alt_datagram(const struct lisp_ip_udp *ip)
{
	const uint8_t probe_or_smr = (LISP_MREQ_F_PROBE | LISP_MREQ_F_SMR) >> 24;

	return ip->dport == LISP_CONTROL_PORT && ip->sport != LISP_DATA_PORT && ip->payload_len &&
	       ip->payload[0] >> 4 == LISP_MAP_REQUEST && !(ip->payload[0] & probe_or_smr);
}

static enum lisp_drop received(struct lisp_alt_io *io, const uint8_t *packet, size_t len)
{
	struct lisp_ip_udp ip;
	struct lisp_rx rx;

	/* Whatever is no UDP datagram: a stray packet to an EID. */
	if (lisp_ip_udp_parse(packet, len, &ip) != LISP_OK || !is_alt_datagram(&ip))
		return LISP_DROP_NOT_ALT_DATAGRAM;
	if (!lisp_bucket_take(&io->bucket, LISP_ALT_RATE, LISP_ALT_BURST))
		return LISP_DROP_RATE_LIMITED;

	rx = (struct lisp_rx){
		.src = ip.src,
		.dst = ip.dst,
		.sport = ip.sport,
		.dport = ip.dport,
		.alt = true,
		.alt_iid = io->iid,
		.data = ip.payload,
		.len = ip.payload_len,
		.inner = ip.packet,
		.inner_len = ip.packet_len,
	};
	lisp_stats_event(LISP_EV_ALT_IN);
	alt_receive(&rx);
	return LISP_OK;
}

/* This system's own MLD on the device: nobody's datagram. */
static bool is_link_noise(const uint8_t *packet, size_t len)
{
	const struct ip6_hdr *ip6 = (const struct ip6_hdr *)packet;

	return len >= sizeof(*ip6) && packet[0] >> 4 == 6 &&
	       (IN6_IS_ADDR_MC_LINKLOCAL(&ip6->ip6_dst) || IN6_IS_ADDR_MC_NODELOCAL(&ip6->ip6_dst));
}

static void tun_packet(struct lisp_alt_io *io, const uint8_t *packet, size_t len)
{
	enum lisp_family family = len && packet[0] >> 4 == 6 ? LISP_IPV6 : LISP_IPV4;
	struct lisp_alt_counters *counters = &io->counters[family];
	enum lisp_drop drop;

	if (is_link_noise(packet, len))
		return;
	drop = received(io, packet, len);
	if (drop == LISP_OK) {
		counters->in++;
		return;
	}
	counters->dropped++;
	lisp_stats_drop(0, drop);
}

static void alt_io_read(struct event *event)
{
	struct lisp_alt_io *io = EVENT_ARG(event);
	static uint8_t packet[LISP_MSG_MAX + 64] __attribute__((aligned(4)));
	ssize_t len;

	event_add_read(lisp.master, alt_io_read, io, io->tun, &io->t_read);
	for (int i = 0; i < LISP_RX_BATCH; i++) {
		len = read(io->tun, packet, sizeof(packet));
		if (len < 0 && !ERRNO_IO_RETRY(errno)) {
			flog_warn(EC_LISP_ALT, "device %s is gone: %m", io->ifname);
			lisp_alt_io_close(io);
		}
		if (len <= 0)
			return;
		tun_packet(io, packet, len);
		if (!lisp_alt_io_is_open(io)) /* the message led to its end */
			return;
	}
}

/* ---- out ---- */

int lisp_alt_io_send(struct lisp_alt_io *io, const struct ipaddr *dst, const uint8_t *packet,
		     size_t len)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6 };
	enum lisp_family family = IS_IPADDR_V4(dst) ? LISP_IPV4 : LISP_IPV6;
	ssize_t sent;

	if (io->raw[family] < 0) {
		errno = EAFNOSUPPORT;
		return -1;
	}
	if (family == LISP_IPV4) {
		sin.sin_addr = dst->ipaddr_v4;
		sent = sendto(io->raw[family], packet, len, MSG_DONTWAIT, (struct sockaddr *)&sin,
			      sizeof(sin));
	} else {
		sin6.sin6_addr = dst->ipaddr_v6;
		sent = sendto(io->raw[family], packet, len, MSG_DONTWAIT, (struct sockaddr *)&sin6,
			      sizeof(sin6));
	}
	if (sent < 0)
		return -1;
	io->counters[family].out++;
	return 0;
}

/* ---- descriptors ---- */

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void lisp_alt_io_take(struct lisp_alt_io *io, const char *ifname, int fds[LISP_ALT_FDS])
{
	lisp_alt_io_close(io);
	strlcpy(io->ifname, ifname, sizeof(io->ifname));
	io->tun = fds[0];
	io->raw[LISP_IPV4] = fds[1];
	io->raw[LISP_IPV6] = fds[2];
	fds[0] = fds[1] = fds[2] = -1;
	event_add_read(lisp.master, alt_io_read, io, io->tun, &io->t_read);
	LISP_DBG(alt, "device %s open", io->ifname);
}

void lisp_alt_io_close(struct lisp_alt_io *io)
{
	event_cancel(&io->t_read);
	close_fd(&io->tun);
	close_fd(&io->raw[LISP_IPV4]);
	close_fd(&io->raw[LISP_IPV6]);
	io->ifname[0] = '\0';
}

bool lisp_alt_io_is_open(const struct lisp_alt_io *io)
{
	return io->tun >= 0;
}
