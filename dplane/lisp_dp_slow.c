// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The slow path.
 *
 * Out: packets that the lisp device's program let pass reach us whole. A packet
 * without mapping waits in the queue; else it is encapsulated here, split, or
 * answered with ICMP, and leaves by a raw socket with all its headers. In: what
 * the programs of the RLOC interfaces let pass comes by UDP port 4341, where the
 * kernel has put fragments together and checked checksums.
 */
#include <zebra.h>

#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/uio.h>
#include <linux/rtnetlink.h>

#include "lib/log.h"
#include "lib/network.h"
#include "lib/privs.h"
#include "zebra/zebra_netns_notify.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_count.h"
#include "dplane/lisp_dp_device.h"
#include "dplane/lisp_dp_flow.h"
#include "dplane/lisp_dp_locator.h"
#include "dplane/lisp_dp_lookup.h"
#include "dplane/lisp_dp_path.h"
#include "dplane/lisp_dp_queue.h"
#include "dplane/lisp_dp_rtnl.h"
#include "dplane/lisp_dp_sender.h"
#include "dplane/lisp_dp_set.h"
#include "dplane/lisp_dp_slow.h"
#include "dplane/lisp_dp_tell.h"
#include "dplane/lisp_dp_underlay.h"

#define PACKET_MAX    65536
#define LISP_HEADER   8	  /* octets */
#define AT_A_TIME     128 /* packets read before others have their turn */
#define ICMP_PER_S    50
#define SOCKET_BUFFER (4 << 20)
#define UDP_SOCKET    "UDP port 4341"
#define RAW_SOCKET    "raw socket"

#ifndef UDP_NO_CHECK6_TX
#define UDP_NO_CHECK6_TX 101
#endif
#ifndef UDP_NO_CHECK6_RX
#define UDP_NO_CHECK6_RX 102
#endif
#ifndef IPV6_HDRINCL
#define IPV6_HDRINCL 36
#endif

/* What the kernel tells about a datagram that came to port 4341. */
struct arrival {
	uint8_t version;
	uint8_t source[16], destination[16]; /* as in the maps */
	uint8_t tos, ttl;
};

static struct {
	bool open;
	int vrf;	    /* the underlay's ifindex then */
	int udp[2], raw[2]; /* IPv4, IPv6 */
	int error[2];	    /* errno, why the UDP socket is not open; 0: it is */
	int raw_error[2];   /* the raw one */
	struct event *t_udp[2];
} io = { .udp = { -1, -1 }, .raw = { -1, -1 } };

static uint8_t buffer[PACKET_MAX];
static lisp_dp_gone_fn device_gone;

/* ---- sending ---- */

static int af(uint8_t version)
{
	return version == 4 ? 0 : 1;
}

static void slow_forward(struct lisp_dp_instance *instance, uint8_t *packet,
			 const struct lisp_dp_inner *inner, struct lisp_dp_mapping *mapping);

/*
 * Sends a packet that has all its headers by the routes that there are from source (NULL: any),
 * by this interface or in the VRF of this device (0: default).
 */
static bool send_raw(uint8_t version, const uint8_t *destination, const uint8_t *source, int vrf,
		     struct iovec *iov, size_t n)
{
	union {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} to = {};
	union {
		struct cmsghdr header;
		uint8_t space[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	} control = {};
	struct msghdr message = { .msg_name = &to, .msg_iov = iov, .msg_iovlen = n };

	if (version == 4) {
		struct in_pktinfo info = { .ipi_ifindex = vrf };

		if (source)
			memcpy(&info.ipi_spec_dst, source, 4);
		to.v4.sin_family = AF_INET;
		memcpy(&to.v4.sin_addr, destination, 4);
		message.msg_namelen = sizeof(to.v4);
		control.header.cmsg_level = IPPROTO_IP;
		control.header.cmsg_type = IP_PKTINFO;
		control.header.cmsg_len = CMSG_LEN(sizeof(info));
		memcpy(CMSG_DATA(&control.header), &info, sizeof(info));
		message.msg_controllen = CMSG_SPACE(sizeof(info));
	} else {
		struct in6_pktinfo info = { .ipi6_ifindex = vrf };

		if (source)
			memcpy(&info.ipi6_addr, source, 16);
		to.v6.sin6_family = AF_INET6;
		memcpy(&to.v6.sin6_addr, destination, 16);
		message.msg_namelen = sizeof(to.v6);
		control.header.cmsg_level = IPPROTO_IPV6;
		control.header.cmsg_type = IPV6_PKTINFO;
		control.header.cmsg_len = CMSG_LEN(sizeof(info));
		memcpy(CMSG_DATA(&control.header), &info, sizeof(info));
		message.msg_controllen = CMSG_SPACE(sizeof(info));
	}
	if (vrf || source)
		message.msg_control = &control;
	else
		message.msg_controllen = 0;
	return sendmsg(io.raw[af(version)], &message, MSG_DONTWAIT) >= 0;
}

static void control_put(struct msghdr *message, int level, int type, const void *data, size_t length)
{
	struct cmsghdr *header =
		(struct cmsghdr *)((uint8_t *)message->msg_control + message->msg_controllen);

	header->cmsg_level = level;
	header->cmsg_type = type;
	header->cmsg_len = CMSG_LEN(length);
	memcpy(CMSG_DATA(header), data, length);
	message->msg_controllen += CMSG_SPACE(length);
}

/*
 * A packet with its LISP header, as a datagram of port 4341: IPsec policies know no ports of
 * what a raw socket sends. The port says nothing of the flow then.
 */
static bool send_protected(const struct lisp_bpf_locator *to, const struct lisp_dp_inner *inner,
			   struct iovec *iov, size_t n)
{
	union {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} address = {};
	_Alignas(struct cmsghdr) uint8_t control[256] = {};
	struct msghdr message = {
		.msg_name = &address, .msg_iov = iov, .msg_iovlen = n, .msg_control = control
	};
	int ttl = inner->ttl, tos = inner->tos;

	if (to->family == 4) {
		struct in_pktinfo info = { .ipi_ifindex = lisp_dp_underlay_ifindex() };

		memcpy(&info.ipi_spec_dst, to->source, 4);
		address.v4.sin_family = AF_INET;
		address.v4.sin_port = htons(LISP_DATA_PORT);
		memcpy(&address.v4.sin_addr, to->address, 4);
		message.msg_namelen = sizeof(address.v4);
		control_put(&message, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
		control_put(&message, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
		control_put(&message, IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
	} else {
		struct in6_pktinfo info = { .ipi6_ifindex = lisp_dp_underlay_ifindex() };

		memcpy(&info.ipi6_addr, to->source, 16);
		address.v6.sin6_family = AF_INET6;
		address.v6.sin6_port = htons(LISP_DATA_PORT);
		memcpy(&address.v6.sin6_addr, to->address, 16);
		message.msg_namelen = sizeof(address.v6);
		control_put(&message, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info));
		control_put(&message, IPPROTO_IPV6, IPV6_HOPLIMIT, &ttl, sizeof(ttl));
		control_put(&message, IPPROTO_IPV6, IPV6_TCLASS, &tos, sizeof(tos));
	}
	return sendmsg(io.udp[af(to->family)], &message, MSG_DONTWAIT) >= 0;
}

/* RFC 1812 section 4.3.2.8, RFC 4443 section 2.4 (f) */
static bool icmp_allowed(void)
{
	static struct lisp_dp_rate sent;

	return lisp_dp_rate_take(&sent, ICMP_PER_S);
}

/* A host of the site is reached by its routes, all else as any packet to an EID. */
static bool send_to_eid(struct lisp_dp_instance *instance, uint8_t *packet, size_t length)
{
	struct iovec iov = { .iov_base = packet, .iov_len = length };
	struct lisp_dp_mapping *mapping;
	struct lisp_dp_inner inner;

	if (!lisp_dp_parse(packet, length, &inner))
		return false;
	if (lisp_dp_local_eid_match(instance, inner.version, inner.destination))
		return send_raw(inner.version, inner.destination, NULL, instance->vrf_ifindex, &iov,
				1);
	mapping = lisp_dp_mapping_match(instance, inner.version, inner.destination);
	if (mapping)
		slow_forward(instance, packet, &inner, mapping);
	else
		lisp_dp_queue_put(instance, packet, &inner);
	return true;
}

/* from: who says so, of the packet's family; NULL: we */
static bool send_icmp(struct lisp_dp_instance *instance, enum lisp_dp_icmp type, uint32_t mtu,
		      const uint8_t *from, const uint8_t *packet, const struct lisp_dp_inner *inner)
{
	uint8_t error[LISP_DP_ICMP_MAX];
	size_t length;

	if (!from)
		from = lisp_dp_device_own_eid(instance, inner->version);
	if (!from)
		from = lisp_dp_own_address(inner->version);
	if (!from)
		from = inner->destination;
	length = lisp_dp_icmp(error, type, mtu, from, packet, inner);
	return length && send_to_eid(instance, error, length);
}

static void own_icmp(struct lisp_dp_instance *instance, enum lisp_dp_icmp type, uint32_t mtu,
		     const uint8_t *packet, const struct lisp_dp_inner *inner)
{
	if (icmp_allowed() && send_icmp(instance, type, mtu, NULL, packet, inner))
		lisp_dp_count(LISP_COUNT_ICMP_SENT, inner->length);
}

void lisp_dp_slow_relay(struct lisp_dp_instance *instance, enum lisp_dp_icmp type,
			const uint8_t *from, const uint8_t *packet,
			const struct lisp_dp_inner *inner)
{
	if (icmp_allowed() && send_icmp(instance, type, 0, from, packet, inner))
		lisp_dp_count(LISP_COUNT_ICMP_RELAYED, inner->length);
}

/* ---- encapsulation ---- */

static void encapsulate(struct lisp_dp_instance *instance, uint8_t *packet, size_t length,
			const struct lisp_dp_inner *inner, struct lisp_dp_locator *locator,
			struct lisp_dp_mapping *mapping)
{
	const struct lisp_bpf_locator *value = &locator->value;
	uint8_t outer[LISP_OVERHEAD_6];
	struct iovec iov[2] = { { .iov_base = outer }, { .iov_base = packet, .iov_len = length } };
	int path;
	bool sent;

	iov[0].iov_len = lisp_dp_outer(outer, value, inner, instance->iid, length);
	if (locator->guard == LISP_DP_GUARD_IPSEC) {
		iov[0].iov_base = outer + iov[0].iov_len - LISP_HEADER;
		iov[0].iov_len = LISP_HEADER;
		sent = send_protected(value, inner, iov, 2);
	} else {
		path = lisp_dp_path(locator, inner->hash);
		sent = send_raw(value->family, value->address, value->source,
				path ? path : lisp_dp_underlay_ifindex(), iov, 2);
	}
	if (!sent) {
		lisp_dp_count(LISP_COUNT_SEND_ERROR, length);
		return;
	}
	lisp_dp_flow_remember(packet, inner, instance->iid, locator->id);
	lisp_dp_count(value->family == 4 ? LISP_COUNT_SLOW_ENCAP_4 : LISP_COUNT_SLOW_ENCAP_6,
		      length);
	locator->count.out.packets++;
	locator->count.out.bytes += length;
	mapping->count.out.packets++;
	mapping->count.out.bytes += length;
	mapping->count.used = lisp_dp_now_ns();
}

/* RFC 9300 section 7.1: in two pieces, or an ICMP error. */
static void encapsulate_big(struct lisp_dp_instance *instance, uint8_t *packet,
			    const struct lisp_dp_inner *inner, struct lisp_dp_locator *locator,
			    struct lisp_dp_mapping *mapping)
{
	static uint8_t first[PACKET_MAX], second[PACKET_MAX];
	uint32_t room = lisp_dp_room(&locator->value);
	size_t first_length, second_length;

	if (!lisp_dp_fragment(packet, inner, room, first, &first_length, second, &second_length)) {
		lisp_dp_count(LISP_COUNT_TOO_BIG, inner->length);
		own_icmp(instance, LISP_DP_ICMP_TOO_BIG, room, packet, inner);
		return;
	}
	lisp_dp_count(LISP_COUNT_FRAGMENTED, inner->length);
	encapsulate(instance, first, first_length, inner, locator, mapping);
	encapsulate(instance, second, second_length, inner, locator, mapping);
}

static void forward_native(uint8_t *packet, const struct lisp_dp_inner *inner)
{
	struct iovec iov = { .iov_base = packet, .iov_len = inner->length };

	if (send_raw(inner->version, inner->destination, NULL, 0, &iov, 1))
		lisp_dp_count(LISP_COUNT_NATIVE, inner->length);
	else
		lisp_dp_count(LISP_COUNT_SEND_ERROR, inner->length);
}

static void slow_forward(struct lisp_dp_instance *instance, uint8_t *packet,
			 const struct lisp_dp_inner *inner, struct lisp_dp_mapping *mapping)
{
	struct lisp_dp_locator *locator;

	switch (mapping->value.action) {
	case LISP_BPF_ENCAP:
		locator = lisp_dp_choose(mapping->value.set, inner->hash);
		if (!locator)
			lisp_dp_count(LISP_COUNT_NO_LOCATOR_UP, inner->length);
		else if (inner->length > lisp_dp_room(&locator->value))
			encapsulate_big(instance, packet, inner, locator, mapping);
		else
			encapsulate(instance, packet, inner->length, inner, locator, mapping);
		return;
	case LISP_BPF_NATIVELY_FORWARD:
		if (!instance->vrf_ifindex) {
			forward_native(packet, inner);
			return;
		}
		/* a VRF has no other table: as its route says (lisp_dp_steer.c) */
		lisp_dp_count(LISP_COUNT_DROP_ACTION, inner->length);
		own_icmp(instance, LISP_DP_ICMP_UNREACHABLE, 0, packet, inner);
		return;
	case LISP_BPF_SEND_MAP_REQUEST:
		lisp_dp_queue_put(instance, packet, inner);
		return;
	case LISP_BPF_DROP: /* RFC 9301 section 5.4: an ICMP message SHOULD be sent */
		lisp_dp_count(LISP_COUNT_DROP_ACTION, inner->length);
		own_icmp(instance, LISP_DP_ICMP_UNREACHABLE, 0, packet, inner);
		return;
	case LISP_BPF_DROP_POLICY_DENIED:
		lisp_dp_count(LISP_COUNT_POLICY_DENIED, inner->length);
		return;
	case LISP_BPF_DROP_AUTH_FAILURE:
		lisp_dp_count(LISP_COUNT_AUTH_FAILURE, inner->length);
		return;
	default:
		lisp_dp_count(LISP_COUNT_NO_ACTION, inner->length);
		return;
	}
}

static void from_device(struct lisp_dp_instance *instance, uint8_t *packet, size_t length)
{
	struct lisp_dp_mapping *mapping;
	struct lisp_dp_inner inner;

	if (!lisp_dp_parse(packet, length, &inner)) {
		lisp_dp_count(LISP_COUNT_BAD_PACKET, length);
		return;
	}
	if (!(instance->flags & (inner.version == 4 ? LISP_INSTANCE_ITR4 : LISP_INSTANCE_ITR6))) {
		lisp_dp_count(LISP_COUNT_ITR_DISABLED, length);
		return;
	}
	if (lisp_dp_link_scope(&inner))
		return;
	mapping = lisp_dp_mapping_match(instance, inner.version, inner.destination);
	if (lisp_dp_mapping_unassigned(instance, mapping, inner.version, inner.destination)) {
		lisp_dp_count(LISP_COUNT_UNASSIGNED, inner.length);
		own_icmp(instance, LISP_DP_ICMP_HOST, 0, packet, &inner);
		return;
	}
	if (!lisp_dp_local_eid_match(instance, inner.version, inner.source)) {
		lisp_dp_count(LISP_COUNT_NO_SOURCE_EID, length);
		return;
	}
	if (mapping)
		slow_forward(instance, packet, &inner, mapping);
	else
		lisp_dp_queue_put(instance, packet, &inner);
}

static void slow_read_device(struct event *event)
{
	struct lisp_dp_instance *instance = EVENT_ARG(event);

	event_add_read(lisp_dp_loop, slow_read_device, instance, instance->fd, &instance->t_read);
	for (int i = 0; i < AT_A_TIME; i++) {
		ssize_t got = read(instance->fd, buffer, sizeof(buffer));

		if (got > 0) {
			from_device(instance, buffer, got);
			continue;
		}
		if (got < 0 && !ERRNO_IO_RETRY(errno))
			frr_with_privs (&zserv_privs) {
				device_gone(instance);
			}
		return;
	}
}

void lisp_dp_slow_start(struct lisp_dp_instance *instance)
{
	event_add_read(lisp_dp_loop, slow_read_device, instance, instance->fd, &instance->t_read);
}

void lisp_dp_slow_stop(struct lisp_dp_instance *instance)
{
	event_cancel(&instance->t_read);
}

/* ---- decapsulation ---- */

static void arrival_cmsg(struct arrival *arrival, const struct cmsghdr *cmsg)
{
	int value = 0;

	if (cmsg->cmsg_level == IPPROTO_IP && cmsg->cmsg_type == IP_PKTINFO) {
		struct in_pktinfo info;

		memcpy(&info, CMSG_DATA(cmsg), sizeof(info));
		memcpy(arrival->destination, &info.ipi_addr, 4);
	} else if (cmsg->cmsg_level == IPPROTO_IPV6 && cmsg->cmsg_type == IPV6_PKTINFO) {
		memcpy(arrival->destination, CMSG_DATA(cmsg), 16);
	} else if (cmsg->cmsg_level == IPPROTO_IP && cmsg->cmsg_type == IP_TOS) {
		arrival->tos = *CMSG_DATA(cmsg);
	} else {
		memcpy(&value, CMSG_DATA(cmsg), sizeof(value));
		if (cmsg->cmsg_level == IPPROTO_IPV6 && cmsg->cmsg_type == IPV6_TCLASS)
			arrival->tos = value;
		else if (cmsg->cmsg_type == IP_TTL || cmsg->cmsg_type == IPV6_HOPLIMIT)
			arrival->ttl = value;
	}
}

static ssize_t receive(int fd, struct arrival *arrival)
{
	union {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} from = {};
	_Alignas(struct cmsghdr) uint8_t control[256];
	struct iovec iov = { .iov_base = buffer, .iov_len = sizeof(buffer) };
	struct msghdr message = { .msg_name = &from,
				  .msg_namelen = sizeof(from),
				  .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	ssize_t got = recvmsg(fd, &message, MSG_DONTWAIT);

	if (got < 0)
		return got;
	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(&message); cmsg;
	     cmsg = CMSG_NXTHDR(&message, cmsg))
		arrival_cmsg(arrival, cmsg);
	if (arrival->version == 4)
		memcpy(arrival->source, &from.v4.sin_addr, 4);
	else
		memcpy(arrival->source, &from.v6.sin6_addr, 16);
	return got;
}

/* A LISP header and a packet behind it that can be read; else it is counted. */
static bool readable(const uint8_t *lisp, size_t length, struct lisp_dp_inner *inner)
{
	unsigned int why = LISP_COUNT_BAD_HEADER;

	if (length >= LISP_HEADER)
		why = lisp[0] & LISP_FLAG_KK ? LISP_COUNT_ENCRYPTED : LISP_COUNT_BAD_INNER;
	if (why == LISP_COUNT_BAD_INNER &&
	    lisp_dp_parse(lisp + LISP_HEADER, length - LISP_HEADER, inner))
		return true;
	lisp_dp_count(why, length);
	return false;
}

/* Why a packet is for an EID or an RLOC that is not ours; LISP_COUNT_MAX: it is for us. */
static unsigned int stray(const struct arrival *arrival, const struct lisp_dp_instance *instance,
			  const struct lisp_dp_inner *inner)
{
	uint32_t etr = inner->version == 4 ? LISP_INSTANCE_ETR4 : LISP_INSTANCE_ETR6;

	if (!lisp_dp_local_rloc_is(arrival->version, arrival->destination))
		return LISP_COUNT_NOT_LOCAL_RLOC;
	if (!instance || !instance->active)
		return LISP_COUNT_NO_INSTANCE;
	if (!(instance->flags & etr))
		return LISP_COUNT_ETR_DISABLED;
	if (!lisp_dp_local_eid_match(instance, inner->version, inner->destination))
		return LISP_COUNT_NO_LOCAL_EID;
	return LISP_COUNT_MAX;
}

/* What is longer than the device takes is TCP of a host that has left it to be cut. */
static bool into_device(const struct lisp_dp_instance *instance, const uint8_t *packet,
			const struct lisp_dp_inner *inner)
{
	static uint8_t segment[PACKET_MAX];
	uint32_t headers = lisp_dp_tcp_headers(packet, inner), size, offset = 0;
	size_t length;
	bool ok = true;

	if (!headers || inner->length <= instance->mtu || headers >= instance->mtu)
		return write(instance->fd, packet, inner->length) >= 0;
	size = instance->mtu - headers;
	for (; (length = lisp_dp_segment(segment, packet, inner, offset, size)); offset += size)
		ok &= write(instance->fd, segment, length) >= 0;
	return ok;
}

/*
 * After decapsulation: the kernel would not forward it, and its own error would leave without
 * LISP from an RLOC. It may be for this system itself.
 */
static bool expires(struct lisp_dp_instance *instance, const uint8_t *packet, size_t length)
{
	struct lisp_dp_lookup asked = { .oif = instance->vrf_ifindex };
	struct lisp_dp_inner inner;
	struct lisp_dp_way way;

	if (!lisp_dp_parse(packet, length, &inner) || inner.ttl > 1 || !icmp_allowed())
		return false;
	asked.family = LISP_DP_FAMILY(inner.version);
	asked.destination = inner.destination;
	if (!lisp_dp_lookup_ask(&asked, &way) && way.type == RTN_LOCAL)
		return false;
	lisp_dp_count(LISP_COUNT_TTL, inner.length);
	if (send_icmp(instance, LISP_DP_ICMP_TIME, 0, NULL, packet, &inner))
		lisp_dp_count(LISP_COUNT_ICMP_SENT, inner.length);
	return true;
}

static void decapsulate(const struct arrival *arrival, uint8_t *lisp, size_t length)
{
	struct lisp_dp_instance *instance;
	struct lisp_dp_locator *locator;
	struct lisp_dp_inner inner;
	unsigned int why;

	if (!readable(lisp, length, &inner))
		return;
	instance = lisp_dp_instance_find(lisp_dp_header_iid(lisp));
	why = stray(arrival, instance, &inner);
	if (why != LISP_COUNT_MAX) {
		lisp_dp_count(why, length);
		if (lisp_dp_sender_stray(arrival->version, arrival->source))
			lisp_dp_tell_stray(lisp_dp_header_iid(lisp), inner.version,
					   inner.destination, inner.source, arrival->version,
					   arrival->source);
		return;
	}
	if (!lisp_dp_fix_inner(lisp + 8, &inner, arrival->tos, arrival->ttl)) {
		lisp_dp_count(LISP_COUNT_ECN, length);
		return;
	}
	if (expires(instance, lisp + 8, length - 8))
		return;
	lisp_dp_fill_checksum(lisp + 8, &inner);
	if (!into_device(instance, lisp + 8, &inner)) {
		lisp_dp_count(LISP_COUNT_SEND_ERROR, length);
		return;
	}
	lisp_dp_count(arrival->version == 4 ? LISP_COUNT_SLOW_DECAP_4 : LISP_COUNT_SLOW_DECAP_6,
		      inner.length);
	locator = lisp_dp_locator_by_address(arrival->version, arrival->source);
	lisp_dp_sender_seen(arrival->version, arrival->source, instance->iid, inner.version,
			    locator != NULL);
	if (locator) {
		locator->count.in.packets++;
		locator->count.in.bytes += inner.length;
	}
}

static void slow_read_udp(struct event *event)
{
	int family = EVENT_ARG(event) ? 1 : 0;

	event_add_read(lisp_dp_loop, slow_read_udp, EVENT_ARG(event), io.udp[family],
		       &io.t_udp[family]);
	for (int i = 0; i < AT_A_TIME; i++) {
		struct arrival arrival = { .version = family ? 6 : 4, .ttl = 255 };
		ssize_t got = receive(io.udp[family], &arrival);

		if (got < 0)
			return;
		decapsulate(&arrival, buffer, got);
	}
}

/* ---- sockets ---- */

static bool set_option(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}

static int open_udp(int family)
{
	union {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} any = {};
	int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), error;
	bool ok;

	if (fd < 0)
		return -1;
	set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, SOCKET_BUFFER);
	ok = lisp_dp_underlay_bind(fd) == 0;
	if (family == AF_INET) {
		any.v4.sin_family = AF_INET;
		any.v4.sin_port = htons(LISP_DATA_PORT);
		ok = ok && set_option(fd, SOL_SOCKET, SO_NO_CHECK, 1) &&
		     set_option(fd, IPPROTO_IP, IP_PKTINFO, 1) &&
		     set_option(fd, IPPROTO_IP, IP_RECVTOS, 1) &&
		     set_option(fd, IPPROTO_IP, IP_RECVTTL, 1) &&
		     bind(fd, (struct sockaddr *)&any, sizeof(any.v4)) == 0;
	} else {
		any.v6.sin6_family = AF_INET6;
		any.v6.sin6_port = htons(LISP_DATA_PORT);
		/* RFC 6936: zero checksums are accepted on this port */
		ok = ok && set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) &&
		     set_option(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) &&
		     set_option(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, 1) &&
		     set_option(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1) &&
		     set_option(fd, IPPROTO_UDP, UDP_NO_CHECK6_RX, 1) &&
		     set_option(fd, IPPROTO_UDP, UDP_NO_CHECK6_TX, 1) &&
		     bind(fd, (struct sockaddr *)&any, sizeof(any.v6)) == 0;
	}
	if (ok)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

static int open_raw(int family)
{
	int fd = socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_RAW);

	if (fd < 0)
		return -1;
	if (family == AF_INET)
		set_option(fd, IPPROTO_IP, IP_HDRINCL, 1);
	else
		set_option(fd, IPPROTO_IPV6, IPV6_HDRINCL, 1);
	set_option(fd, SOL_SOCKET, SO_SNDBUFFORCE, SOCKET_BUFFER);
	set_option(fd, SOL_SOCKET, SO_RCVBUF, 0); /* nothing is ever read */
	return fd;
}

/* It is tried again, and told once. error: what was told; false: it is not open. */
static bool opened(int i, const char *what, int fd, int *error)
{
	int now = fd < 0 ? errno : 0;

	if (now && now != *error)
		zlog_warn("lisp: %s, IPv%d: cannot be opened: %s", what, i ? 6 : 4,
			  safe_strerror(now));
	else if (*error && !now)
		zlog_info("lisp: %s, IPv%d: is open", what, i ? 6 : 4);
	*error = now;
	return !now;
}

/* Somebody may have the port. */
static void open_one(int i)
{
	int family = i ? AF_INET6 : AF_INET;

	if (io.raw[i] < 0) {
		io.raw[i] = open_raw(family);
		opened(i, RAW_SOCKET, io.raw[i], &io.raw_error[i]);
	}
	if (io.udp[i] >= 0)
		return;
	io.udp[i] = open_udp(family);
	if (opened(i, UDP_SOCKET, io.udp[i], &io.error[i]))
		event_add_read(lisp_dp_loop, slow_read_udp, i ? &io : NULL, io.udp[i], &io.t_udp[i]);
}

static void open_all(void)
{
	io.open = true;
	io.vrf = lisp_dp_underlay_ifindex();
	for (int i = 0; i < 2; i++)
		open_one(i);
}

static void close_all(void)
{
	io.open = false;
	for (int i = 0; i < 2; i++) {
		event_cancel(&io.t_udp[i]);
		if (io.udp[i] >= 0)
			close(io.udp[i]);
		if (io.raw[i] >= 0)
			close(io.raw[i]);
		io.udp[i] = io.raw[i] = -1;
	}
}

void lisp_dp_slow_sync(void)
{
	bool wanted = lisp_dp_instance_any_active() && lisp_dp_underlay_there();

	if (io.open && (!wanted || io.vrf != lisp_dp_underlay_ifindex()))
		close_all();
	if (wanted)
		open_all();
}

/* A kernel without IPv6 needs none of it. */
static void trouble_add(char *text, size_t size, int i, const char *what, int error)
{
	size_t length = strlen(text);

	if (error && error != EAFNOSUPPORT)
		snprintf(text + length, size - length, "%s%s, IPv%d: %s", length ? "; " : "", what,
			 i ? 6 : 4, safe_strerror(error));
}

void lisp_dp_slow_trouble(char *text, size_t size)
{
	text[0] = '\0';
	for (int i = 0; io.open && i < 2; i++) {
		trouble_add(text, size, i, UDP_SOCKET, io.error[i]);
		trouble_add(text, size, i, RAW_SOCKET, io.raw_error[i]);
	}
}

void lisp_dp_slow_init(lisp_dp_gone_fn gone)
{
	device_gone = gone;
	lisp_dp_queue_init(slow_forward);
}

void lisp_dp_slow_finish(void)
{
	lisp_dp_flow_finish();
	lisp_dp_path_finish();
	lisp_dp_sender_finish();
	lisp_dp_queue_finish();
	close_all();
}
