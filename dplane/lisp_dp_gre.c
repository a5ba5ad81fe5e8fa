// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * GRE tunnels of the ALT. The underlay is that of the RLOCs (lisp_dp_underlay.h),
 * the interface lives in the tunnel's VRF: a device it is enslaved to, or a
 * network namespace it is made in.
 *
 * In user space a tunnel is a raw socket and a TUN device with the four-octet
 * packet information, whose protocol field is just GRE's protocol type.
 */
#include <zebra.h>

#include <dirent.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <string.h>
#include <sys/ioctl.h>

#include "lib/jhash.h"
#include "lib/log.h"
#include "lib/network.h"
#include "lib/ns.h"
#include "lib/privs.h"
#include "lib/typesafe.h"
#include "zebra/zebra_netns_notify.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_bpf.h"
#include "dplane/lisp_dp_gre.h"
#include "dplane/lisp_dp_rtnl.h"
#include "dplane/lisp_dp_packet.h"
#include "dplane/lisp_dp_tell.h"
#include "dplane/lisp_dp_underlay.h"
#include "dplane/lisp_dp_vrf.h"

#define UNDERLAY_MTU 1500
#define PACKET_MAX   65536
#define AT_A_TIME    64
#define CHECK_S	     2
#define TOS_CONTROL  0xc0 /* RFC 2474: class selector 6, network control */

/* RFC 2784 section 2, RFC 2890 section 2 */
#define GRE_CHECKSUM 0x8000
#define GRE_ROUTING  0x4000
#define GRE_KEY	     0x2000
#define GRE_SEQUENCE 0x1000
#define GRE_RESERVED 0x0fff /* bits 4 to 12 and the version: must be zero */

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_TUNNEL, "LISP ALT tunnel");

PREDECL_HASH(tunnels);

struct tunnel {
	struct tunnels_item item;
	char name[IFNAMSIZ];
	char vrf[VRF_NAMSIZ + 1];
	uint8_t version;
	uint8_t source[16], destination[16];
	bool has_key;
	uint32_t key;
	uint64_t epoch;

	bool kernel;
	int ifindex;  /* in its namespace; 0: not made */
	int underlay; /* ifindex of the underlay's VRF then */
	uint32_t mtu;
	char error[80];
	int raw, tun; /* -1: none */
	struct event *t_raw, *t_tun;
	uint64_t packets_in, bytes_in, packets_out, bytes_out, drops;
	struct lisp_dp_link base; /* kernel's counters at the last clear */
};

static int tunnel_cmp(const struct tunnel *a, const struct tunnel *b)
{
	return strcmp(a->name, b->name);
}

static uint32_t tunnel_hash(const struct tunnel *tunnel)
{
	return string_hash_make(tunnel->name);
}
DECLARE_HASH(tunnels, struct tunnel, item, tunnel_cmp, tunnel_hash);

static struct tunnels_head tunnels[1];
static struct event *t_check;
static uint8_t buffer[PACKET_MAX];

/* ---- packets ---- */

static size_t gre_header(const struct tunnel *tunnel, uint16_t protocol, uint8_t *out)
{
	uint32_t key = htonl(tunnel->key);

	memset(out, 0, 8);
	out[0] = tunnel->has_key ? GRE_KEY >> 8 : 0;
	memcpy(out + 2, &protocol, sizeof(protocol));
	if (!tunnel->has_key)
		return 4;
	memcpy(out + 4, &key, sizeof(key));
	return 8;
}

static bool gre_send(struct tunnel *tunnel, uint16_t protocol, const uint8_t *payload, size_t length)
{
	union {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} to = {};
	uint8_t header[8];
	struct iovec iov[2] = {
		{ .iov_base = header, .iov_len = gre_header(tunnel, protocol, header) },
		{ .iov_base = (uint8_t *)payload, .iov_len = length },
	};
	struct msghdr message = { .msg_name = &to, .msg_iov = iov, .msg_iovlen = 2 };

	if (tunnel->version == 4) {
		to.v4.sin_family = AF_INET;
		memcpy(&to.v4.sin_addr, tunnel->destination, 4);
		message.msg_namelen = sizeof(to.v4);
	} else {
		to.v6.sin6_family = AF_INET6;
		memcpy(&to.v6.sin6_addr, tunnel->destination, 16);
		message.msg_namelen = sizeof(to.v6);
	}
	return sendmsg(tunnel->raw, &message, MSG_DONTWAIT) >= 0;
}

static void gre_read_tun(struct event *event)
{
	struct tunnel *tunnel = EVENT_ARG(event);

	event_add_read(lisp_dp_loop, gre_read_tun, tunnel, tunnel->tun, &tunnel->t_tun);
	for (int i = 0; i < AT_A_TIME; i++) {
		ssize_t got = read(tunnel->tun, buffer, sizeof(buffer));
		struct tun_pi info;

		/* It ends when the device is gone, to be found missing at the next check. */
		if (got < 0 && !ERRNO_IO_RETRY(errno))
			event_cancel(&tunnel->t_tun);
		if (got < (ssize_t)sizeof(info))
			return;
		memcpy(&info, buffer, sizeof(info));
		got -= sizeof(info);
		if (gre_send(tunnel, info.proto, buffer + sizeof(info), got)) {
			tunnel->packets_out++;
			tunnel->bytes_out += got;
		} else {
			tunnel->drops++;
		}
	}
}

/* The length of a sound GRE header of this tunnel; 0: to be dropped. */
static size_t gre_parse(const struct tunnel *tunnel, const uint8_t *gre, size_t length)
{
	uint16_t flags;
	uint32_t key;
	size_t header = 4;

	if (length < header)
		return 0;
	flags = gre[0] << 8 | gre[1];
	if (flags & (GRE_ROUTING | GRE_RESERVED))
		return 0;
	header += (flags & GRE_CHECKSUM ? 4 : 0) + (flags & GRE_KEY ? 4 : 0) +
		  (flags & GRE_SEQUENCE ? 4 : 0);
	if (length < header || !!(flags & GRE_KEY) != tunnel->has_key)
		return 0;
	if ((flags & GRE_CHECKSUM) && lisp_dp_checksum(gre, length, 0))
		return 0;
	if (!tunnel->has_key)
		return header;
	memcpy(&key, gre + (flags & GRE_CHECKSUM ? 8 : 4), sizeof(key));
	return ntohl(key) == tunnel->key ? header : 0;
}

/* Tunnels of several ALTs may have the same ends: the key says whose a packet is. */
static bool is_anothers(const struct tunnel *tunnel, const uint8_t *gre, size_t length)
{
	const struct tunnel *other;

	frr_each (tunnels_const, tunnels, other)
		if (other->version == tunnel->version &&
		    !memcmp(other->source, tunnel->source, sizeof(other->source)) &&
		    !memcmp(other->destination, tunnel->destination, sizeof(other->destination)) &&
		    gre_parse(other, gre, length))
			return true;
	return false;
}

/* gre has at least sizeof(struct tun_pi) octets in front that may be overwritten. */
static void gre_receive(struct tunnel *tunnel, uint8_t *gre, size_t length)
{
	size_t header = gre_parse(tunnel, gre, length);
	struct tun_pi info = {};
	uint8_t *out;

	if (!header && is_anothers(tunnel, gre, length))
		return;
	if (header)
		memcpy(&info.proto, gre + 2, sizeof(info.proto));
	if (!header || (info.proto != htons(ETH_P_IP) && info.proto != htons(ETH_P_IPV6))) {
		tunnel->drops++;
		return;
	}
	out = gre + header - sizeof(info);
	memcpy(out, &info, sizeof(info));
	if (write(tunnel->tun, out, length - header + sizeof(info)) < 0) {
		tunnel->drops++;
		return;
	}
	tunnel->packets_in++;
	tunnel->bytes_in += length - header;
}

/* One datagram; false: there was none. */
static bool read_one(struct tunnel *tunnel)
{
	union {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} from = {};
	socklen_t from_length = sizeof(from);
	ssize_t got = recvfrom(tunnel->raw, buffer, sizeof(buffer), MSG_DONTWAIT,
			       (struct sockaddr *)&from, &from_length);
	const void *source = tunnel->version == 4 ? (void *)&from.v4.sin_addr
						  : (void *)&from.v6.sin6_addr;
	size_t header = 0;

	if (got < 0)
		return false;
	/* An IPv4 raw socket gives the IP header too. Other tunnels have other peers. */
	if (memcmp(source, tunnel->destination, tunnel->version == 4 ? 4 : 16))
		return true;
	if (tunnel->version == 4)
		header = got ? (buffer[0] & 0xf) * 4 : 0;
	if ((size_t)got < header)
		return true;
	gre_receive(tunnel, buffer + header, got - header);
	return true;
}

static void gre_read_raw(struct event *event)
{
	struct tunnel *tunnel = EVENT_ARG(event);

	event_add_read(lisp_dp_loop, gre_read_raw, tunnel, tunnel->raw, &tunnel->t_raw);
	for (int i = 0; i < AT_A_TIME; i++)
		if (!read_one(tunnel))
			return;
}

/* ---- making and removing ---- */

static uint32_t tunnel_mtu(const struct tunnel *tunnel)
{
	return UNDERLAY_MTU - (tunnel->version == 4 ? 20 : 40) - 4 - (tunnel->has_key ? 4 : 0);
}

/* In the device's namespace: it gets its name tag, MTU, VRF, and goes up. */
static int dress(struct tunnel *tunnel, const char *tag)
{
	struct lisp_dp_link link;
	int error = lisp_dp_link_get(tunnel->name, 0, &link), master;

	if (error)
		return error;
	tunnel->ifindex = link.ifindex;
	tunnel->mtu = tunnel_mtu(tunnel);
	lisp_dp_link_alias(link.ifindex, tag);
	master = lisp_dp_vrf_device(tunnel->vrf, NULL);
	if (master)
		error = master < 0 ? master : lisp_dp_link_master(link.ifindex, master);
	if (error)
		return error;
	/* the filter first: nothing passes before it */
	error = lisp_dp_bpf_attach_alt(link.ifindex);
	/* ALT datagrams have RLOCs as sources, which the VRF has no routes for */
	if (!error)
		error = lisp_dp_link_transit(link.ifindex);
	if (error)
		return error;
	return lisp_dp_link_set(link.ifindex, tunnel->mtu, true);
}

static void undress(struct tunnel *tunnel)
{
	struct lisp_dp_link link;

	if (!lisp_dp_link_get(tunnel->name, 0, &link) && link.ifindex == tunnel->ifindex)
		lisp_dp_link_del(link.ifindex);
}

/* What an earlier zebra left under this name. */
static void forget_old(const char *name, const char *tag)
{
	struct lisp_dp_link link;

	if (!lisp_dp_link_get(name, 0, &link) && strmatch(link.alias, tag))
		lisp_dp_link_del(link.ifindex);
}

static int make_kernel(struct tunnel *tunnel, int netns, const char *tag)
{
	struct lisp_dp_link_gre gre = { .name = tunnel->name,
					.version = tunnel->version,
					.local = tunnel->source,
					.remote = tunnel->destination,
					.has_key = tunnel->has_key,
					.key = tunnel->key,
					.vrf = tunnel->underlay };
	struct lisp_dp_link link;
	int error, home;

	if (lisp_dp_options.no_kernel_gre)
		return -EOPNOTSUPP;
	error = lisp_dp_link_gre(&gre);
	if (!error)
		error = lisp_dp_link_get(tunnel->name, 0, &link);
	if (error)
		return error;
	if (netns >= 0)
		error = lisp_dp_link_move(link.ifindex, netns);
	if (error) {
		lisp_dp_link_del(link.ifindex);
		return error;
	}
	tunnel->kernel = true;
	home = lisp_dp_netns_enter(netns);
	error = dress(tunnel, tag);
	lisp_dp_netns_leave(home);
	return error;
}

static int open_raw(struct tunnel *tunnel)
{
	union {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} local = {};
	int on = 1, off = 0, tos = TOS_CONTROL, discover = IP_PMTUDISC_DONT, error;
	bool v4 = tunnel->version == 4;

	tunnel->raw = socket(v4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
			     IPPROTO_GRE);
	if (tunnel->raw < 0)
		return -errno;
	error = lisp_dp_underlay_bind(tunnel->raw);
	if (error)
		return error;
	if (v4) {
		local.v4.sin_family = AF_INET;
		memcpy(&local.v4.sin_addr, tunnel->source, 4);
		setsockopt(tunnel->raw, IPPROTO_IP, IP_FREEBIND, &on, sizeof(on));
		setsockopt(tunnel->raw, IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
		setsockopt(tunnel->raw, IPPROTO_IP, IP_MTU_DISCOVER, &discover, sizeof(discover));
	} else {
		local.v6.sin6_family = AF_INET6;
		memcpy(&local.v6.sin6_addr, tunnel->source, 16);
		setsockopt(tunnel->raw, IPPROTO_IPV6, IPV6_FREEBIND, &on, sizeof(on));
		setsockopt(tunnel->raw, IPPROTO_IPV6, IPV6_TCLASS, &tos, sizeof(tos));
		setsockopt(tunnel->raw, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &off, sizeof(off));
	}
	if (bind(tunnel->raw, (struct sockaddr *)&local, v4 ? sizeof(local.v4) : sizeof(local.v6)))
		return -errno;
	return 0;
}

static int open_tun(struct tunnel *tunnel, int netns, const char *tag)
{
	struct ifreq request = { .ifr_flags = IFF_TUN };
	int home = lisp_dp_netns_enter(netns), error;

	strlcpy(request.ifr_name, tunnel->name, sizeof(request.ifr_name));
	tunnel->tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (tunnel->tun < 0 || ioctl(tunnel->tun, TUNSETIFF, &request) < 0)
		error = -errno;
	else
		error = dress(tunnel, tag);
	lisp_dp_netns_leave(home);
	return error;
}

static int make_user(struct tunnel *tunnel, int netns, const char *tag)
{
	int error = open_raw(tunnel);

	tunnel->kernel = false;
	if (!error)
		error = open_tun(tunnel, netns, tag);
	if (error)
		return error;
	event_add_read(lisp_dp_loop, gre_read_tun, tunnel, tunnel->tun, &tunnel->t_tun);
	event_add_read(lisp_dp_loop, gre_read_raw, tunnel, tunnel->raw, &tunnel->t_raw);
	return 0;
}

/* Takes the tunnel out of the kernel; the record stays. */
static void unmake(struct tunnel *tunnel)
{
	int netns, home;

	event_cancel(&tunnel->t_tun);
	event_cancel(&tunnel->t_raw);
	if (tunnel->raw >= 0)
		close(tunnel->raw);
	if (tunnel->tun >= 0)
		close(tunnel->tun);
	tunnel->raw = tunnel->tun = -1;
	if (tunnel->kernel && tunnel->ifindex) {
		netns = lisp_dp_vrf_netns(tunnel->vrf);
		home = lisp_dp_netns_enter(netns);
		undress(tunnel);
		lisp_dp_netns_leave(home);
		if (netns >= 0)
			close(netns);
	}
	tunnel->ifindex = 0;
}

static void tell(const struct tunnel *tunnel)
{
	lisp_dp_tell_tunnel(tunnel->name, tunnel->ifindex, tunnel->mtu, tunnel->kernel,
			    tunnel->error);
}

static const char *make_error(const struct tunnel *tunnel, int error)
{
	if (!lisp_dp_underlay_there())
		return lisp_dp_underlay_error();
	if (lisp_dp_vrf_is_netns(tunnel->vrf) && error == -ENOENT)
		return "no such VRF";
	return safe_strerror(-error);
}

/* 0 or errno; what fails is tried again, its VRF may be on its way. */
static int make(struct tunnel *tunnel)
{
	int netns = lisp_dp_vrf_netns(tunnel->vrf), error, home;
	char tag[64];

	lisp_dp_vrf_alias(tag, sizeof(tag), "alt");
	tunnel->underlay = lisp_dp_underlay_ifindex();
	if (!lisp_dp_underlay_there()) {
		error = -ENETDOWN;
	} else if (lisp_dp_vrf_is_netns(tunnel->vrf) && netns < 0) {
		error = -ENOENT;
	} else {
		home = lisp_dp_netns_enter(netns);
		error = netns >= 0 && home < 0 ? -EPERM : 0;
		if (!error) {
			forget_old(tunnel->name, tag);
			lisp_dp_netns_leave(home);
			error = make_kernel(tunnel, netns, tag);
		}
		if (error == -EOPNOTSUPP)
			error = make_user(tunnel, netns, tag);
	}
	if (netns >= 0)
		close(netns);
	tunnel->error[0] = '\0';
	if (error) {
		unmake(tunnel);
		strlcpy(tunnel->error, make_error(tunnel, error), sizeof(tunnel->error));
	} else if (!lisp_dp_bpf_loaded()) {
		strlcpy(tunnel->error, "no BPF: what it forwards is not filtered",
			sizeof(tunnel->error));
	}
	tell(tunnel);
	return -error;
}

/* Is it still where it was made? Somebody may have removed it, or a VRF. */
static bool intact(const struct tunnel *tunnel)
{
	int netns = lisp_dp_vrf_netns(tunnel->vrf), home = lisp_dp_netns_enter(netns);
	struct lisp_dp_link link;
	bool found = false;

	if (home >= 0 || !lisp_dp_vrf_is_netns(tunnel->vrf))
		found = tunnel->underlay == lisp_dp_underlay_ifindex() &&
			!lisp_dp_link_get(tunnel->name, 0, &link) &&
			link.ifindex == tunnel->ifindex &&
			link.master == lisp_dp_vrf_device(tunnel->vrf, NULL);
	lisp_dp_netns_leave(home);
	if (netns >= 0)
		close(netns);
	return found;
}

static void gre_check(struct event *event)
{
	struct tunnel *tunnel;

	event_add_timer(lisp_dp_loop, gre_check, NULL, CHECK_S, &t_check);
	frr_with_privs (&zserv_privs) {
		frr_each (tunnels, tunnels, tunnel) {
			if (tunnel->ifindex && !intact(tunnel)) {
				zlog_warn("lisp: tunnel %s is gone, made again", tunnel->name);
				unmake(tunnel);
			}
			if (!tunnel->ifindex)
				make(tunnel);
		}
	}
}

/* ---- what lispd wants ---- */

static void tunnel_free(struct tunnel *tunnel)
{
	unmake(tunnel);
	tunnels_del(tunnels, tunnel);
	XFREE(MTYPE_LISP_DP_TUNNEL, tunnel);
}

static bool tunnel_read(const LispDp__Tunnel *from, struct tunnel *tunnel)
{
	size_t length = from->source.len;

	if ((length != 4 && length != 16) || from->destination.len != length ||
	    strlen(from->vrf) >= sizeof(tunnel->vrf))
		return false;
	strlcpy(tunnel->name, from->name, sizeof(tunnel->name));
	strlcpy(tunnel->vrf, from->vrf, sizeof(tunnel->vrf));
	tunnel->version = length == 4 ? 4 : 6;
	memcpy(tunnel->source, from->source.data, length);
	memcpy(tunnel->destination, from->destination.data, length);
	tunnel->has_key = from->has_key;
	tunnel->key = from->key;
	return true;
}

static bool same(const struct tunnel *a, const struct tunnel *b)
{
	return strmatch(a->vrf, b->vrf) && a->version == b->version &&
	       !memcmp(a->source, b->source, sizeof(a->source)) &&
	       !memcmp(a->destination, b->destination, sizeof(a->destination)) &&
	       a->has_key == b->has_key && a->key == b->key;
}

static int tunnel_refuse(const struct tunnel *tunnel, int error, struct lisp_dp_op *op)
{
	char text[sizeof(tunnel->name) + sizeof(tunnel->vrf) + sizeof(tunnel->error) + 16];

	snprintf(text, sizeof(text), "tunnel %s in VRF %s: %s", tunnel->name, tunnel->vrf,
		 tunnel->error);
	return lisp_dp_refuse(op, error, text);
}

int lisp_dp_gre_apply(const LispDp__Tunnel *from, struct lisp_dp_op *op)
{
	struct tunnel wanted = { .raw = -1, .tun = -1, .epoch = op->epoch }, *tunnel;
	int error;

	if (!from->name[0] || strlen(from->name) >= sizeof(wanted.name))
		return lisp_dp_refuse(op, EINVAL, "malformed name");
	strlcpy(wanted.name, from->name, sizeof(wanted.name));
	tunnel = tunnels_find(tunnels, &wanted);
	if (op->remove) {
		if (tunnel)
			tunnel_free(tunnel);
		return 0;
	}
	if (!tunnel_read(from, &wanted))
		return lisp_dp_refuse(op, EINVAL, "malformed tunnel");
	if (tunnel && same(tunnel, &wanted)) {
		tunnel->epoch = op->epoch;
		tell(tunnel);
		return 0;
	}
	if (tunnel)
		tunnel_free(tunnel);
	tunnel = XCALLOC(MTYPE_LISP_DP_TUNNEL, sizeof(*tunnel));
	*tunnel = wanted;
	tunnels_add(tunnels, tunnel);
	event_add_timer(lisp_dp_loop, gre_check, NULL, CHECK_S, &t_check);
	error = make(tunnel);
	return error ? tunnel_refuse(tunnel, error, op) : 0;
}

void lisp_dp_gre_sweep(uint64_t epoch)
{
	struct tunnel *tunnel;

	frr_each_safe (tunnels, tunnels, tunnel)
		if (tunnel->epoch != epoch)
			tunnel_free(tunnel);
}

static void sweep_link(const struct lisp_dp_link *link, void *arg)
{
	struct tunnel key = {};

	strlcpy(key.name, link->name, sizeof(key.name));
	if (strmatch(link->alias, arg) && !tunnels_find(tunnels, &key))
		lisp_dp_link_del(link->ifindex);
}

void lisp_dp_gre_sweep_stale(void)
{
	struct dirent *entry;
	char tag[64];
	DIR *directory;

	lisp_dp_vrf_alias(tag, sizeof(tag), "alt");
	lisp_dp_link_walk(sweep_link, tag);
	directory = vrf_is_backend_netns() ? opendir(NS_RUN_DIR) : NULL;
	if (!directory)
		return;
	while ((entry = readdir(directory))) {
		int netns = entry->d_name[0] == '.' ? -1 : lisp_dp_vrf_netns(entry->d_name);
		int home = lisp_dp_netns_enter(netns);

		if (home >= 0)
			lisp_dp_link_walk(sweep_link, tag);
		lisp_dp_netns_leave(home);
		if (netns >= 0)
			close(netns);
	}
	closedir(directory);
}

/* ---- counters ---- */

static void kernel_counters(struct tunnel *tunnel, struct lisp_dp_link *link)
{
	int netns = lisp_dp_vrf_netns(tunnel->vrf), home = lisp_dp_netns_enter(netns);

	if (lisp_dp_link_get(NULL, tunnel->ifindex, link))
		memset(link, 0, sizeof(*link));
	lisp_dp_netns_leave(home);
	if (netns >= 0)
		close(netns);
}

static LispDp__Counters__TunnelCount *tunnel_count(struct tunnel *tunnel)
{
	LispDp__Counters__TunnelCount *count = XCALLOC(MTYPE_LISP_DP_BUFFER, sizeof(*count));
	struct lisp_dp_link link;

	lisp_dp__counters__tunnel_count__init(count);
	count->name = tunnel->name;
	count->packets_in = tunnel->packets_in;
	count->bytes_in = tunnel->bytes_in;
	count->packets_out = tunnel->packets_out;
	count->bytes_out = tunnel->bytes_out;
	count->drops = tunnel->drops;
	if (!tunnel->kernel || !tunnel->ifindex)
		return count;
	kernel_counters(tunnel, &link);
	count->packets_in = link.rx_packets - tunnel->base.rx_packets;
	count->bytes_in = link.rx_bytes - tunnel->base.rx_bytes;
	count->packets_out = link.tx_packets - tunnel->base.tx_packets;
	count->bytes_out = link.tx_bytes - tunnel->base.tx_bytes;
	count->drops = link.drops - tunnel->base.drops;
	return count;
}

size_t lisp_dp_gre_counters(LispDp__Counters__TunnelCount ***counts)
{
	struct tunnel *tunnel;
	size_t n = 0;

	*counts = XCALLOC(MTYPE_LISP_DP_BUFFER, (tunnels_count(tunnels) + 1) * sizeof(**counts));
	frr_each (tunnels, tunnels, tunnel)
		(*counts)[n++] = tunnel_count(tunnel);
	return n;
}

void lisp_dp_gre_counters_free(LispDp__Counters__TunnelCount **counts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		XFREE(MTYPE_LISP_DP_BUFFER, counts[i]);
	XFREE(MTYPE_LISP_DP_BUFFER, counts);
}

void lisp_dp_gre_counters_clear(void)
{
	struct tunnel *tunnel;

	frr_each (tunnels, tunnels, tunnel) {
		tunnel->packets_in = tunnel->bytes_in = 0;
		tunnel->packets_out = tunnel->bytes_out = 0;
		tunnel->drops = 0;
		if (tunnel->kernel && tunnel->ifindex)
			kernel_counters(tunnel, &tunnel->base);
	}
}

void lisp_dp_gre_init(void)
{
	tunnels_init(tunnels);
}

void lisp_dp_gre_finish(void)
{
	struct tunnel *tunnel;

	event_cancel(&t_check);
	frr_each_safe (tunnels, tunnels, tunnel)
		tunnel_free(tunnel);
	tunnels_fini(tunnels);
}
