// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ICMP errors about our encapsulated packets. A raw socket per family sees all
 * errors that come to this host; believed are those whose embedded packet can be
 * ours: from an own RLOC, from a source port of the kind we use, to port 4341 of
 * a locator that we have sent to. What is learned ages out.
 *
 * That a locator is not there is believed only of a packet that is remembered as sent just now: a
 * flow's source port is a secret of ours, and who sends errors blindly has to guess it. That there
 * is no LISP is believed when it is said again: a router that starts says so for a moment.
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
#include "dplane/lisp_dp_flow.h"
#include "dplane/lisp_dp_icmp.h"
#include "dplane/lisp_dp_instance.h"
#include "dplane/lisp_dp_locator.h"
#include "dplane/lisp_dp_slow.h"
#include "dplane/lisp_dp_tell.h"
#include "dplane/lisp_dp_underlay.h"

#define ERROR_MAX   1500
#define AT_A_TIME   32
#define AGE_CHECK_S 30
/* No path is believed to be narrower: IPv6 inside must fit, RFC 8200 section 5. */
#define MTU_LEAST_4 (1280 + LISP_OVERHEAD_4)
#define MTU_LEAST_6 (1280 + LISP_OVERHEAD_6)
#define EVENT_S	    1 /* lispd hears of a locator no more often */
#define RECENT	    4 /* LISP_COARSE(): an error comes when a neighbour was looked for, 3 s */
/* Hosts say so once a second, more or less. What was said before is forgotten after a while. */
#define AGAIN_NS     UINT64_C(900000000)
#define AGAIN_MAX_NS UINT64_C(15000000000)

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

/* An error quotes the packet that it is about: an outer header, UDP, and what there is. */
struct quoted {
	uint8_t version;
	const uint8_t *packet;
	size_t length;
	const uint8_t *from; /* who sent the error */
};

/* By its hash: the packet is of a flow that has this source port. */
static bool of_port(const uint8_t *packet, size_t length, uint16_t port, struct lisp_dp_inner *inner)
{
	return lisp_dp_parse_quoted(packet, length, inner) && LISP_SOURCE_PORT(inner->hash) == port;
}

/*
 * The packet that a host sent and we encapsulated: quoted itself, or else the last one that
 * had the source port (RFC 9300 section 12). Its instance; NULL: it cannot be found.
 */
static struct lisp_dp_instance *original(const struct quoted *quoted,
					 const struct lisp_dp_locator *locator,
					 struct lisp_bpf_flow *flow, const uint8_t **packet,
					 struct lisp_dp_inner *inner)
{
	const uint8_t *udp = quoted->packet + (quoted->version == 4 ? 20 : 40), *lisp = udp + 8;
	size_t headers = (quoted->version == 4 ? 20 : 40) + 16;
	uint16_t port = udp[0] << 8 | udp[1];
	bool found = false;

	if (quoted->length > headers && of_port(lisp + 8, quoted->length - headers, port, inner)) {
		*packet = lisp + 8;
		return lisp_dp_instance_find(lisp_dp_header_iid(lisp));
	}
	frr_with_privs (&zserv_privs) {
		found = lisp_dp_flow_find(port, locator, flow);
	}
	if (!found)
		return NULL;
	*packet = flow->begin;
	return of_port(flow->begin, flow->begin[0] >> 4 == 4 ? 28 : sizeof(flow->begin), port, inner)
		       ? lisp_dp_instance_find(flow->iid)
		       : NULL;
}

/* RFC 6830 section 9: the host hears of it. Of the other family's router it cannot. */
static void relay(const struct quoted *quoted, const struct lisp_dp_locator *locator,
		  enum lisp_dp_icmp type)
{
	struct lisp_dp_instance *instance;
	struct lisp_dp_inner inner;
	struct lisp_bpf_flow flow;
	const uint8_t *packet;

	instance = original(quoted, locator, &flow, &packet, &inner);
	if (!instance || !instance->active ||
	    !lisp_dp_local_eid_match(instance, inner.version, inner.source))
		return;
	lisp_dp_slow_relay(instance, type, inner.version == quoted->version ? quoted->from : NULL,
			   packet, &inner);
}

/* A packet like this one has just gone to the locator, as far as the error quotes it. */
static bool was_sent(const struct quoted *quoted, const struct lisp_dp_locator *locator)
{
	size_t headers = (quoted->version == 4 ? 20 : 40) + 16;
	const uint8_t *udp = quoted->packet + headers - 16;
	struct lisp_dp_inner inner;
	struct lisp_bpf_flow flow = {};
	bool found = false;

	frr_with_privs (&zserv_privs) {
		found = lisp_dp_flow_find(udp[0] << 8 | udp[1], locator, &flow);
	}
	found &= LISP_COARSE(lisp_dp_now_ns()) - flow.seen <= RECENT;
	if (!found || quoted->length <= headers ||
	    !lisp_dp_parse_quoted(quoted->packet + headers, quoted->length - headers, &inner))
		return found;
	return inner.hash == flow.hash;
}

/* The locator's host says that there is no LISP, and said so a second ago or some. */
static bool said_again(struct lisp_dp_locator *locator)
{
	uint64_t now = lisp_dp_now_ns(), passed = now - locator->no_lisp;

	if (passed < AGAIN_NS)
		return false;
	locator->no_lisp = now;
	return passed <= AGAIN_MAX_NS;
}

/* no_lisp: of the port or protocol alone */
static void learned_unreachable(struct lisp_dp_locator *locator, const struct quoted *quoted,
				bool no_lisp)
{
	time_t now = monotime(NULL);

	if (locator->told + EVENT_S > now || !was_sent(quoted, locator) ||
	    (no_lisp && !said_again(locator)))
		return;
	locator->told = now;
	lisp_dp_tell_locator(locator->id, true, 0);
}

static enum lisp_dp_icmp unreachable4(uint8_t code)
{
	switch (code) {
	case ICMP_UNREACH_NET:
		return LISP_DP_ICMP_UNREACHABLE;
	case ICMP_UNREACH_NET_PROHIB:
	case ICMP_UNREACH_HOST_PROHIB:
	case ICMP_UNREACH_FILTER_PROHIB:
		return LISP_DP_ICMP_PROHIBITED;
	default:
		return LISP_DP_ICMP_HOST;
	}
}

static enum lisp_dp_icmp unreachable6(uint8_t code)
{
	if (code == ICMP6_DST_UNREACH_NOROUTE)
		return LISP_DP_ICMP_UNREACHABLE;
	return code == ICMP6_DST_UNREACH_ADMIN ? LISP_DP_ICMP_PROHIBITED : LISP_DP_ICMP_HOST;
}

/*
 * Packets of ours do not get there: RFC 9301 section 7 names net and host; a port or protocol
 * that is unreachable has to be said by the RLOC itself, which runs no LISP then.
 */
static void locator_unreachable4(struct lisp_dp_locator *locator, uint8_t code,
				 const struct quoted *quoted)
{
	switch (code) {
	case ICMP_UNREACH_NET:
	case ICMP_UNREACH_HOST:
	case ICMP_UNREACH_NET_UNKNOWN:
	case ICMP_UNREACH_HOST_UNKNOWN:
	case ICMP_UNREACH_NET_PROHIB:
	case ICMP_UNREACH_HOST_PROHIB:
	case ICMP_UNREACH_FILTER_PROHIB:
		learned_unreachable(locator, quoted, false);
		return;
	case ICMP_UNREACH_PORT:
	case ICMP_UNREACH_PROTOCOL:
		if (!memcmp(quoted->from, quoted->packet + 16, 4))
			learned_unreachable(locator, quoted, true);
		return;
	default:
		return;
	}
}

static void locator_unreachable6(struct lisp_dp_locator *locator, uint8_t code,
				 const struct quoted *quoted)
{
	switch (code) {
	case ICMP6_DST_UNREACH_NOROUTE:
	case ICMP6_DST_UNREACH_ADMIN:
	case ICMP6_DST_UNREACH_ADDR:
		learned_unreachable(locator, quoted, false);
		return;
	case ICMP6_DST_UNREACH_NOPORT:
		if (!memcmp(quoted->from, quoted->packet + 24, 16))
			learned_unreachable(locator, quoted, true);
		return;
	default:
		return;
	}
}

static void error4(const uint8_t *data, size_t length)
{
	size_t header = length ? (data[0] & 0xf) * 4 : 0;
	struct quoted quoted;
	struct lisp_dp_locator *locator;
	const uint8_t *icmp = data + header;

	if (header < 20 || length < header + 8)
		return;
	quoted = (struct quoted){ 4, icmp + 8, length - header - 8, data + 12 };
	locator = embedded_locator(4, quoted.packet, quoted.length);
	if (!locator)
		return;
	if (icmp[0] == ICMP_UNREACH && icmp[1] == ICMP_UNREACH_NEEDFRAG) {
		learned_mtu(locator, icmp[6] << 8 | icmp[7], icmp[10] << 8 | icmp[11]);
	} else if (icmp[0] == ICMP_UNREACH) {
		locator_unreachable4(locator, icmp[1], &quoted);
		relay(&quoted, locator, unreachable4(icmp[1]));
	} else if (icmp[0] == ICMP_TIMXCEED && icmp[1] == ICMP_TIMXCEED_INTRANS) {
		relay(&quoted, locator, LISP_DP_ICMP_TIME);
	}
}

static void error6(const uint8_t *icmp, size_t length, const struct sockaddr_in6 *from)
{
	struct lisp_dp_locator *locator;
	struct quoted quoted;
	uint32_t mtu;

	if (length < 8)
		return;
	quoted = (struct quoted){ 6, icmp + 8, length - 8, from->sin6_addr.s6_addr };
	locator = embedded_locator(6, quoted.packet, quoted.length);
	if (!locator)
		return;
	memcpy(&mtu, icmp + 4, sizeof(mtu));
	if (icmp[0] == ICMP6_PACKET_TOO_BIG) {
		learned_mtu(locator, ntohl(mtu), 40 + (icmp[12] << 8 | icmp[13]));
	} else if (icmp[0] == ICMP6_DST_UNREACH) {
		locator_unreachable6(locator, icmp[1], &quoted);
		relay(&quoted, locator, unreachable6(icmp[1]));
	} else if (icmp[0] == ICMP6_TIME_EXCEEDED && icmp[1] == ICMP6_TIME_EXCEED_TRANSIT) {
		relay(&quoted, locator, LISP_DP_ICMP_TIME);
	}
}

static void icmp_read(struct event *event)
{
	int family = EVENT_ARG(event) ? 1 : 0;
	uint8_t data[ERROR_MAX];

	event_add_read(lisp_dp_loop, icmp_read, EVENT_ARG(event), io.fd[family], &io.t_read[family]);
	for (int i = 0; i < AT_A_TIME; i++) {
		struct sockaddr_in6 from = {}; /* of the IPv6 socket, whose packets have no header */
		socklen_t length = sizeof(from);
		ssize_t got = recvfrom(io.fd[family], data, sizeof(data), MSG_DONTWAIT,
				       (struct sockaddr *)&from, &length);

		if (got < 0)
			return;
		if (family)
			error6(data, got, &from);
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
	uint32_t filter = ~(1u << ICMP_UNREACH | 1u << ICMP_TIMXCEED);
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
	ICMP6_FILTER_SETPASS(ICMP6_TIME_EXCEEDED, &filter);
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
