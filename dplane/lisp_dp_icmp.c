// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ICMP errors about our encapsulated packets. A raw socket per family sees all
 * errors that come to this host; believed are those whose embedded packet can be
 * ours: from an own RLOC, from a source port of the kind we use, to port 4341 of
 * a locator that we have sent to. What is learned ages out.
 */
#include <zebra.h>

#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>

#include "lib/log.h"
#include "lib/monotime.h"
#include "lib/network.h"
#include "lib/privs.h"
#include "zebra/zebra_netns_notify.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_icmp.h"
#include "dplane/lisp_dp_instance.h"
#include "dplane/lisp_dp_locator.h"
#include "dplane/lisp_dp_tell.h"
#include "dplane/lisp_dp_underlay.h"

#define ERROR_MAX   1500
#define AT_A_TIME   32
#define AGE_CHECK_S 30
/* No path is believed to be narrower: IPv6 inside must fit, RFC 8200 section 5. */
#define MTU_LEAST_4 (1280 + LISP_OVERHEAD_4)
#define MTU_LEAST_6 (1280 + LISP_OVERHEAD_6)
#define EVENT_S	    1 /* lispd hears of a locator no more often */

/* linux/icmp.h cannot be included together with netinet/ip_icmp.h */
#define ICMP_FILTER 1

static struct {
	bool open;
	int vrf;   /* the underlay's ifindex then */
	int fd[2]; /* ICMP, ICMPv6 */
	struct event *t_read[2];
	struct event *t_age;
} io = { .fd = { -1, -1 } };

/* The locator that an embedded packet was sent to; NULL: not one of ours. */
static struct lisp_dp_locator *embedded_locator(uint8_t version, const uint8_t *packet,
						size_t length)
{
	size_t header = version == 4 ? 20 : 40;
	const uint8_t *source = packet + (version == 4 ? 12 : 8);
	const uint8_t *destination = packet + (version == 4 ? 16 : 24);
	const uint8_t *udp = packet + header;

	if (length < header + 8 || packet[0] >> 4 != version)
		return NULL;
	if (version == 4 && packet[0] != 0x45)
		return NULL;
	if (packet[version == 4 ? 9 : 6] != IPPROTO_UDP)
		return NULL;
	if ((udp[0] & 0xc0) != 0xc0 || (udp[2] << 8 | udp[3]) != LISP_DATA_PORT)
		return NULL;
	if (!lisp_dp_local_rloc_is(version, source))
		return NULL;
	return lisp_dp_locator_by_address(version, destination);
}

/* length: of the packet that was too big, as the error quotes it */
static void learned_mtu(struct lisp_dp_locator *locator, uint32_t mtu, uint32_t length)
{
	uint32_t least = locator->value.family == 4 ? MTU_LEAST_4 : MTU_LEAST_6;

	if (length <= mtu)
		return;
	mtu = MAX(mtu, least);
	if (mtu >= locator->value.mtu)
		return;
	frr_with_privs (&zserv_privs) {
		lisp_dp_locator_path_mtu(locator, mtu);
	}
	lisp_dp_tell_locator(locator->id, false, mtu);
}

static void learned_unreachable(struct lisp_dp_locator *locator)
{
	time_t now = monotime(NULL);

	if (locator->told + EVENT_S > now)
		return;
	locator->told = now;
	lisp_dp_tell_locator(locator->id, true, 0);
}

static void error4(const uint8_t *data, size_t length)
{
	size_t header = length ? (data[0] & 0xf) * 4 : 0;
	struct lisp_dp_locator *locator;
	const uint8_t *icmp = data + header;

	if (header < 20 || length < header + 8 || icmp[0] != ICMP_UNREACH)
		return;
	locator = embedded_locator(4, icmp + 8, length - header - 8);
	if (!locator)
		return;
	if (icmp[1] == ICMP_UNREACH_NEEDFRAG)
		learned_mtu(locator, icmp[6] << 8 | icmp[7], icmp[10] << 8 | icmp[11]);
	else if (icmp[1] == ICMP_UNREACH_NET || icmp[1] == ICMP_UNREACH_HOST)
		learned_unreachable(locator);
}

static void error6(const uint8_t *icmp, size_t length)
{
	struct lisp_dp_locator *locator;
	uint32_t mtu;

	if (length < 8)
		return;
	locator = embedded_locator(6, icmp + 8, length - 8);
	if (!locator)
		return;
	memcpy(&mtu, icmp + 4, sizeof(mtu));
	if (icmp[0] == ICMP6_PACKET_TOO_BIG)
		learned_mtu(locator, ntohl(mtu), 40 + (icmp[12] << 8 | icmp[13]));
	else if (icmp[0] == ICMP6_DST_UNREACH &&
		 (icmp[1] == ICMP6_DST_UNREACH_NOROUTE || icmp[1] == ICMP6_DST_UNREACH_ADDR))
		learned_unreachable(locator);
}

static void icmp_read(struct event *event)
{
	int family = EVENT_ARG(event) ? 1 : 0;
	uint8_t data[ERROR_MAX];

	event_add_read(lisp_dp_loop, icmp_read, EVENT_ARG(event), io.fd[family], &io.t_read[family]);
	for (int i = 0; i < AT_A_TIME; i++) {
		ssize_t got = recv(io.fd[family], data, sizeof(data), MSG_DONTWAIT);

		if (got < 0)
			return;
		if (family)
			error6(data, got);
		else
			error4(data, got);
	}
}

static void icmp_age(struct event *event)
{
	struct lisp_dp_locator *locator = NULL;

	event_add_timer(lisp_dp_loop, icmp_age, NULL, AGE_CHECK_S, &io.t_age);
	frr_with_privs (&zserv_privs) {
		while ((locator = lisp_dp_locator_next(locator)))
			lisp_dp_locator_path_mtu_age(locator);
	}
}

static int open_icmp4(void)
{
	uint32_t filter = ~(1u << ICMP_UNREACH);
	int fd = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMP);

	if (fd >= 0)
		setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter, sizeof(filter));
	return fd;
}

static int open_icmp6(void)
{
	struct icmp6_filter filter;
	int fd = socket(AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMPV6);

	ICMP6_FILTER_SETBLOCKALL(&filter);
	ICMP6_FILTER_SETPASS(ICMP6_PACKET_TOO_BIG, &filter);
	ICMP6_FILTER_SETPASS(ICMP6_DST_UNREACH, &filter);
	if (fd >= 0)
		setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter));
	return fd;
}

static void open_all(void)
{
	io.open = true;
	io.vrf = lisp_dp_underlay_ifindex();
	for (int i = 0; i < 2; i++) {
		io.fd[i] = i ? open_icmp6() : open_icmp4();
		if (io.fd[i] < 0 || lisp_dp_underlay_bind(io.fd[i])) {
			zlog_warn("lisp: path MTU of IPv%d locators is not learned: %s", i ? 6 : 4,
				  safe_strerror(errno));
			continue;
		}
		event_add_read(lisp_dp_loop, icmp_read, i ? &io : NULL, io.fd[i], &io.t_read[i]);
	}
	event_add_timer(lisp_dp_loop, icmp_age, NULL, AGE_CHECK_S, &io.t_age);
}

static void close_all(void)
{
	io.open = false;
	event_cancel(&io.t_age);
	for (int i = 0; i < 2; i++) {
		event_cancel(&io.t_read[i]);
		if (io.fd[i] >= 0)
			close(io.fd[i]);
		io.fd[i] = -1;
	}
}

void lisp_dp_icmp_sync(void)
{
	bool wanted = lisp_dp_instance_any_active() && lisp_dp_underlay_there();

	if (io.open && (!wanted || io.vrf != lisp_dp_underlay_ifindex()))
		close_all();
	if (wanted && !io.open)
		open_all();
}

void lisp_dp_icmp_finish(void)
{
	close_all();
}
