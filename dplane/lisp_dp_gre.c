// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * GRE tunnels of the ALT. The underlay is that of the RLOCs (lisp_dp_underlay.h),
 * the interface lives in the tunnel's VRF: a device it is enslaved to, or a
 * network namespace it is made in.
 *
 * In user space a tunnel is a TUN device with the four-octet packet information, whose
 * protocol field is just GRE's protocol type. Tunnels with the same source have one raw
 * socket; a packet's ends and key say whose it is.
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
#define GRE_RESERVED 0x0c07 /* bits 4 and 5 and the version: must be zero; 6 to 12 say nothing */

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_TUNNEL, "LISP ALT tunnel");
DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_GRE_SOCKET, "LISP GRE socket");

PREDECL_HASH(tunnels);
PREDECL_RBTREE_UNIQ(tunnel_ends);
PREDECL_HASH(gre_sockets);

/* What comes by GRE to one address of ours. */
struct gre_socket {
	struct gre_sockets_item item;
	uint8_t version;
	uint8_t source[16];
	int underlay; /* ifindex of the underlay's VRF */
	int fd;
	unsigned int tunnels;
	struct event *t_read;
};

struct tunnel {
	struct tunnels_item item;
	struct tunnel_ends_item by_ends; /* while it has a socket */
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
	struct gre_socket *sock; /* NULL: none */
	int tun;		 /* -1: none */
	struct event *t_tun;
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

static int ends_cmp(const struct tunnel *a, const struct tunnel *b)
{
	int ret = numcmp(a->version, b->version);

	ret = ret ? ret : memcmp(a->source, b->source, sizeof(a->source));
	return ret ? ret : memcmp(a->destination, b->destination, sizeof(a->destination));
}

/* The ends, then the key: without key is first. */
static int ends_key_cmp(const struct tunnel *a, const struct tunnel *b)
{
	int ret = ends_cmp(a, b);

	ret = ret ? ret : numcmp(a->has_key, b->has_key);
	return ret ? ret : numcmp(a->key, b->key);
}
DECLARE_RBTREE_UNIQ(tunnel_ends, struct tunnel, by_ends, ends_key_cmp);

static int gre_socket_cmp(const struct gre_socket *a, const struct gre_socket *b)
{
	int ret = numcmp(a->version, b->version);

	ret = ret ? ret : numcmp(a->underlay, b->underlay);
	return ret ? ret : memcmp(a->source, b->source, sizeof(a->source));
}

static uint32_t gre_socket_hash(const struct gre_socket *sock)
{
	return jhash(sock->source, sizeof(sock->source), sock->underlay);
}
DECLARE_HASH(gre_sockets, struct gre_socket, item, gre_socket_cmp, gre_socket_hash);

static struct tunnels_head tunnels[1];
static struct tunnel_ends_head by_ends[1];
static struct gre_sockets_head gre_sockets[1];
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
	return sendmsg(tunnel->sock->fd, &message, MSG_DONTWAIT) >= 0;
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

/* The length of a GRE header, 0 if it is not sound; its key. */
static size_t gre_parse(const uint8_t *gre, size_t length, bool *has_key, uint32_t *key)
{
	size_t header = 4;
	uint16_t flags;

	if (length < header)
		return 0;
	flags = gre[0] << 8 | gre[1];
	if (flags & (GRE_ROUTING | GRE_RESERVED))
		return 0;
	header += (flags & GRE_CHECKSUM ? 4 : 0) + (flags & GRE_KEY ? 4 : 0) +
		  (flags & GRE_SEQUENCE ? 4 : 0);
	if (length < header)
		return 0;
	if ((flags & GRE_CHECKSUM) && lisp_dp_checksum(gre, length, 0))
		return 0;
	*has_key = flags & GRE_KEY;
	if (*has_key) {
		memcpy(key, gre + (flags & GRE_CHECKSUM ? 8 : 4), sizeof(*key));
		*key = ntohl(*key);
	}
	return header;
}

/* gre has at least sizeof(struct tun_pi) octets in front of the payload, to be overwritten. */
static bool tunnel_take(struct tunnel *tunnel, uint8_t *gre, size_t header, size_t length)
{
	struct tun_pi info = {};
	uint8_t *out = gre + header - sizeof(info);

	memcpy(&info.proto, gre + 2, sizeof(info.proto));
	if (info.proto != htons(ETH_P_IP) && info.proto != htons(ETH_P_IPV6))
		return false;
	memcpy(out, &info, sizeof(info));
	if (write(tunnel->tun, out, length - header + sizeof(info)) < 0)
		return false;
	tunnel->packets_in++;
	tunnel->bytes_in += length - header;
	return true;
}

/* What is no tunnel's is a drop of the first one between its ends, if there is any. */
static void gre_receive(const struct gre_socket *sock, const void *peer, uint8_t *gre, size_t length)
{
	struct tunnel key = { .version = sock->version }, *tunnel = NULL;
	size_t header;

	memcpy(key.source, sock->source, sizeof(key.source));
	memcpy(key.destination, peer, sock->version == 4 ? 4 : 16);
	header = gre_parse(gre, length, &key.has_key, &key.key);
	if (header)
		tunnel = tunnel_ends_find(by_ends, &key);
	if (tunnel && tunnel_take(tunnel, gre, header, length))
		return;
	if (!tunnel) {
		key.has_key = false;
		key.key = 0;
		tunnel = tunnel_ends_find_gteq(by_ends, &key);
	}
	if (tunnel && !ends_cmp(tunnel, &key))
		tunnel->drops++;
}

/* One datagram; false: there was none. */
static bool read_one(const struct gre_socket *sock)
{
	union {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} from = {};
	socklen_t from_length = sizeof(from);
	ssize_t got = recvfrom(sock->fd, buffer, sizeof(buffer), MSG_DONTWAIT,
			       (struct sockaddr *)&from, &from_length);
	size_t header = 0;

	if (got < 0)
		return false;
	/* An IPv4 raw socket gives the IP header too. */
	if (sock->version == 4)
		header = got ? (buffer[0] & 0xf) * 4 : 0;
	if ((size_t)got < header)
		return true;
	gre_receive(sock,
		    sock->version == 4 ? (void *)&from.v4.sin_addr : (void *)&from.v6.sin6_addr,
		    buffer + header, got - header);
	return true;
}

static void gre_read_raw(struct event *event)
{
	struct gre_socket *sock = EVENT_ARG(event);

	event_add_read(lisp_dp_loop, gre_read_raw, sock, sock->fd, &sock->t_read);
	for (int i = 0; i < AT_A_TIME; i++)
		if (!read_one(sock))
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

static int open_raw(struct gre_socket *sock)
{
	union {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} local = {};
	int on = 1, off = 0, tos = TOS_CONTROL, discover = IP_PMTUDISC_DONT, error, fd;
	bool v4 = sock->version == 4;

	fd = sock->fd = socket(v4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
			       IPPROTO_GRE);
	if (fd < 0)
		return -errno;
	error = lisp_dp_underlay_bind(fd);
	if (error)
		return error;
	if (v4) {
		local.v4.sin_family = AF_INET;
		memcpy(&local.v4.sin_addr, sock->source, 4);
		setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &on, sizeof(on));
		setsockopt(fd, IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
		setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &discover, sizeof(discover));
	} else {
		local.v6.sin6_family = AF_INET6;
		memcpy(&local.v6.sin6_addr, sock->source, 16);
		setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &on, sizeof(on));
		setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &tos, sizeof(tos));
		setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &off, sizeof(off));
	}
	if (bind(fd, (struct sockaddr *)&local, v4 ? sizeof(local.v4) : sizeof(local.v6)))
		return -errno;
	event_add_read(lisp_dp_loop, gre_read_raw, sock, fd, &sock->t_read);
	return 0;
}

static void socket_put(struct gre_socket *sock)
{
	if (--sock->tunnels)
		return;
	event_cancel(&sock->t_read);
	if (sock->fd >= 0)
		close(sock->fd);
	gre_sockets_del(gre_sockets, sock);
	XFREE(MTYPE_LISP_DP_GRE_SOCKET, sock);
}

/* The source's socket, made if need be. 0 or -errno. */
static int socket_get(struct tunnel *tunnel)
{
	struct gre_socket key = { .version = tunnel->version, .underlay = tunnel->underlay };
	struct gre_socket *found;
	int error = 0;

	if (tunnel_ends_find(by_ends, tunnel))
		return -EEXIST;
	memcpy(key.source, tunnel->source, sizeof(key.source));
	found = gre_sockets_find(gre_sockets, &key);
	if (!found) {
		found = XMALLOC(MTYPE_LISP_DP_GRE_SOCKET, sizeof(*found));
		*found = key;
		gre_sockets_add(gre_sockets, found);
		error = open_raw(found);
	}
	found->tunnels++;
	if (error) {
		socket_put(found);
		return error;
	}
	tunnel->sock = found;
	tunnel_ends_add(by_ends, tunnel);
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
	int error = socket_get(tunnel);

	tunnel->kernel = false;
	if (!error)
		error = open_tun(tunnel, netns, tag);
	if (error)
		return error;
	event_add_read(lisp_dp_loop, gre_read_tun, tunnel, tunnel->tun, &tunnel->t_tun);
	return 0;
}

/* Takes the tunnel out of the kernel; the record stays. */
static void unmake(struct tunnel *tunnel)
{
	int netns, home;

	event_cancel(&tunnel->t_tun);
	if (tunnel->sock) {
		tunnel_ends_del(by_ends, tunnel);
		socket_put(tunnel->sock);
	}
	tunnel->sock = NULL;
	if (tunnel->tun >= 0)
		close(tunnel->tun);
	tunnel->tun = -1;
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
	struct tunnel wanted = { .tun = -1, .epoch = op->epoch }, *tunnel;
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
	tunnel_ends_init(by_ends);
	gre_sockets_init(gre_sockets);
}

void lisp_dp_gre_finish(void)
{
	struct tunnel *tunnel;

	event_cancel(&t_check);
	frr_each_safe (tunnels, tunnels, tunnel)
		tunnel_free(tunnel);
	tunnels_fini(tunnels);
	tunnel_ends_fini(by_ends);
	gre_sockets_fini(gre_sockets);
}
