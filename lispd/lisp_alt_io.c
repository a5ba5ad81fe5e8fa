// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ALT's TUN device and raw sockets.
 *
 * The VRF is a network namespace, or a VRF device that the TUN is enslaved to.
 * Forwarding is turned on, as what the ALT's tunnels bring goes on to other
 * routers or into the TUN; reverse-path filters are turned off, as ALT datagrams
 * have RLOCs as sources, which the ALT never has routes for (RFC 6836 section 3).
 * In a namespace that is ours to set for all; else each device has its own, and
 * the tunnels get theirs from the dataplane.
 *
 * What a VRF device's table has no route for is looked up in the main table, the
 * underlay: a last default of type unreachable keeps it in (kernel's vrf.rst).
 */
#include <zebra.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/ip6.h>
#include <string.h>
#include <sys/ioctl.h>

#include "frrevent.h"
#include "log.h"
#include "network.h"
#include "privs.h"
#include "vrf.h"

#include "lispd/lisp_alt_io.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_errors.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_rx.h"
#include "lispd/lisp_wire.h"

#define BATCH 32 /* datagrams a wake-up */

/* Behind all that zebra and operators have, and nobody else's. */
#define GUARD_METRIC (UINT32_MAX - LISP_CONTROL_PORT)

/* All Map-Requests of an ALT together, RFC 6836 section 4.1 */
#define INGRESS_RATE  20000 /* a second */
#define INGRESS_BURST 20000

/* ---- in ---- */

/* Map-Requests that look up, to the control port: no probes, SMRs, replies or
 * Data-Probes on the ALT (RFC 6836 sections 3.3, 5.1). */
static bool is_alt_datagram(const struct lisp_ip_udp *ip)
{
	const uint8_t probe_or_smr = (LISP_MREQ_F_PROBE | LISP_MREQ_F_SMR) >> 24;

	return ip->dport == LISP_CONTROL_PORT && ip->payload_len &&
	       ip->payload[0] >> 4 == LISP_MAP_REQUEST && !(ip->payload[0] & probe_or_smr);
}

static enum lisp_drop received(struct lisp_alt_io *io, const uint8_t *packet, size_t len,
			       enum lisp_family family)
{
	struct lisp_ip_udp ip;
	struct lisp_rx rx;

	/* Whatever is no UDP datagram: a stray packet to an EID. */
	if (lisp_ip_udp_parse(packet, len, &ip) != LISP_OK || !is_alt_datagram(&ip))
		return LISP_DROP_NOT_ALT_DATAGRAM;
	if (!lisp_bucket_take(&io->bucket, INGRESS_RATE, INGRESS_BURST))
		return LISP_DROP_RATE_LIMITED;

	rx = (struct lisp_rx){
		.src = ip.src,
		.dst = ip.dst,
		.sport = ip.sport,
		.dport = ip.dport,
		.alt = true,
		.alt_family = family,
		.data = ip.payload,
		.len = ip.payload_len,
		.inner = ip.packet,
		.inner_len = ip.packet_len,
	};
	lisp_stats_event(LISP_EV_ALT_IN);
	lisp_rx(&rx);
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
	drop = received(io, packet, len, family);
	if (drop == LISP_OK) {
		counters->in++;
		return;
	}
	counters->dropped++;
	lisp_stats_drop(0, drop);
}

static void tun_read(struct event *event)
{
	struct lisp_alt_io *io = EVENT_ARG(event);
	static uint8_t packet[LISP_MSG_MAX + 64] __attribute__((aligned(4)));
	ssize_t len;

	event_add_read(lisp.master, tun_read, io, io->tun, &io->t_read);
	for (int i = 0; i < BATCH; i++) {
		len = read(io->tun, packet, sizeof(packet));
		if (len < 0 && !ERRNO_IO_RETRY(errno)) {
			flog_err(EC_LISP_ALT, "device %s is gone: %m", io->ifname);
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

/* ---- the device ---- */

/* '\0': a kernel without this family or knob. */
static char sysctl_get(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char now;

	if (fd < 0)
		return '\0';
	if (read(fd, &now, 1) != 1)
		now = '\0';
	close(fd);
	return now;
}

/* In the calling thread's network namespace. A value that is right is left alone. */
static void sysctl_set(const char *family, const char *name, const char *key, char value)
{
	char path[128], now;
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/net/%s/conf/%s/%s", family, name, key);
	now = sysctl_get(path);
	if (!now || now == value)
		return;

	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, &value, 1) != 1)
		flog_err(EC_LISP_ALT, "%s must be %c and cannot be set: %m", path, value);
	else
		zlog_info("%s set to %c", path, value);
	if (fd >= 0)
		close(fd);
}

#define RP_FILTER_ALL "/proc/sys/net/ipv4/conf/all/rp_filter"

/* The namespace is the ALT's alone: the same for its tunnels, those to come too. */
static void namespace_sysctls(void)
{
	DIR *dir = opendir("/proc/sys/net/ipv4/conf");
	const struct dirent *entry;

	sysctl_set("ipv4", "all", "forwarding", '1');
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			sysctl_set("ipv4", entry->d_name, "rp_filter", '0');
	if (dir)
		closedir(dir);
}

static void device_sysctls(const char *ifname, bool netns)
{
	sysctl_set("ipv4", ifname, "rp_filter", '0');
	sysctl_set("ipv6", "all", "forwarding", '1'); /* it has none for a device alone */
	sysctl_set("ipv6", ifname, "addr_gen_mode", '1'); /* none */
	if (netns)
		namespace_sysctls();
	else if (sysctl_get(RP_FILTER_ALL) > '0')
		/* the kernel takes the larger one of this and the device's */
		flog_warn(EC_LISP_ALT, RP_FILTER_ALL " must be 0, the ALT's sources have no routes");
}

/* A new device of the next free name, in the calling thread's network namespace. */
static int tun_new(char *ifname)
{
	struct ifreq ifr = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -1;
	strlcpy(ifr.ifr_name, "lispalt%d", sizeof(ifr.ifr_name));
	if (ioctl(fd, TUNSETIFF, &ifr) < 0) {
		close(fd);
		return -1;
	}
	strlcpy(ifname, ifr.ifr_name, IFNAMSIZ);
	return fd;
}

/* One request with acknowledgement. */
static int netlink_request(const struct nlmsghdr *request)
{
	struct {
		struct nlmsghdr h;
		struct nlmsgerr error;
		uint8_t room[512];
	} answer = {};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int ret = -1;

	if (fd < 0)
		return -1;
	/* The kernel answers before send() returns: recv() does not wait. */
	if (send(fd, request, request->nlmsg_len, 0) > 0 &&
	    recv(fd, &answer, sizeof(answer), MSG_DONTWAIT) > 0 &&
	    answer.h.nlmsg_type == NLMSG_ERROR) {
		errno = -answer.error.error;
		ret = errno ? -1 : 0;
	}
	close(fd);
	return ret;
}

/* RTM_SETLINK: up, and enslaved to master if that is not 0. */
static int link_up(const char *ifname, uint32_t master)
{
	struct {
		struct nlmsghdr h;
		struct ifinfomsg info;
		struct rtattr attr;
		uint32_t master;
	} request = {
		.h = { .nlmsg_len = NLMSG_LENGTH(sizeof(request.info)),
		       .nlmsg_type = RTM_SETLINK,
		       .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.info = { .ifi_index = if_nametoindex(ifname),
			  .ifi_flags = IFF_UP,
			  .ifi_change = IFF_UP },
		.attr = { .rta_len = RTA_LENGTH(sizeof(uint32_t)), .rta_type = IFLA_MASTER },
		.master = master,
	};

	if (master)
		request.h.nlmsg_len = sizeof(request);
	return netlink_request(&request.h);
}

/*
 * The last default of a VRF device's table. Its protocol is not one that zebra sweeps,
 * nor what `ip route` gives an operator's own.
 */
static int guard_request(uint16_t type, uint16_t flags, uint8_t family, uint32_t table)
{
	struct {
		struct nlmsghdr h;
		struct rtmsg route;
		struct rtattr table_attr;
		uint32_t table;
		struct rtattr metric_attr;
		uint32_t metric;
	} request = {
		.h = { .nlmsg_len = sizeof(request),
		       .nlmsg_type = type,
		       .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags },
		.route = { .rtm_family = family,
			   .rtm_protocol = RTPROT_STATIC,
			   .rtm_scope = RT_SCOPE_UNIVERSE,
			   .rtm_type = RTN_UNREACHABLE },
		.table_attr = { .rta_len = RTA_LENGTH(sizeof(uint32_t)), .rta_type = RTA_TABLE },
		.table = table,
		.metric_attr = { .rta_len = RTA_LENGTH(sizeof(uint32_t)), .rta_type = RTA_PRIORITY },
		.metric = GUARD_METRIC,
	};

	return netlink_request(&request.h);
}

static const uint8_t guard_families[LISP_FAMILY_MAX] = {
	[LISP_IPV4] = AF_INET,
	[LISP_IPV6] = AF_INET6,
};

static void guard_add(struct lisp_alt_io *io, uint32_t table)
{
	io->table = table;
	for (enum lisp_family family = 0; family < LISP_FAMILY_MAX; family++) {
		/* EEXIST: a lispd that was killed has left it */
		if (guard_request(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, guard_families[family],
				  table) &&
		    errno != EEXIST)
			flog_err(EC_LISP_ALT, "table %u: no unreachable default of IPv%d: %m",
				 table, family == LISP_IPV4 ? 4 : 6);
	}
}

static void guard_del(uint32_t table)
{
	for (enum lisp_family family = 0; family < LISP_FAMILY_MAX; family++)
		guard_request(RTM_DELROUTE, 0, guard_families[family], table);
}

void lisp_alt_io_sweep(const struct vrf *vrf)
{
	if (vrf_is_backend_netns() || vrf->vrf_id == VRF_DEFAULT)
		return;
	frr_with_privs (&lisp_privs) {
		guard_del(vrf->data.l.table_id);
	}
}

/* NULL: done; else what failed, with errno. */
static const char *device_open(struct lisp_alt_io *io, const struct vrf *vrf)
{
	bool netns = vrf_is_backend_netns();
	const char *failed = NULL;

	if (vrf_switch_to_netns(vrf->vrf_id) < 0)
		return "entering its network namespace";

	io->tun = tun_new(io->ifname);
	if (io->tun < 0) {
		failed = "/dev/net/tun";
	} else {
		device_sysctls(io->ifname, netns);
		if (link_up(io->ifname, netns ? 0 : vrf->vrf_id) < 0)
			failed = "bringing the TUN device up";
	}
	if (vrf_switchback_to_initial() < 0)
		failed = "leaving its network namespace";
	return failed;
}

static int raw_socket(int af, const struct vrf *vrf)
{
	int on = 1, fd = vrf_socket(af, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW, vrf->vrf_id, vrf->name);

	if (fd < 0)
		return -1;
	if (af == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_HDRINCL, &on, sizeof(on)) < 0) {
		close(fd);
		return -1;
	}
	/* IPPROTO_RAW: IPv4 takes the header from us without being told. */
	set_nonblocking(fd);
	return fd;
}

static const char *io_open(struct lisp_alt_io *io, const struct vrf *vrf)
{
	const char *failed = device_open(io, vrf);

	if (failed)
		return failed;
	if (!vrf_is_backend_netns())
		guard_add(io, vrf->data.l.table_id);
	io->raw[LISP_IPV4] = raw_socket(AF_INET, vrf);
	if (io->raw[LISP_IPV4] < 0)
		return "its raw socket";
	io->raw[LISP_IPV6] = raw_socket(AF_INET6, vrf);
	if (io->raw[LISP_IPV6] < 0 && errno != EAFNOSUPPORT)
		return "its IPv6 raw socket";
	return NULL;
}

bool lisp_alt_io_open(struct lisp_alt_io *io, const struct vrf *vrf, char *error, size_t size)
{
	const char *failed = NULL;
	int saved = 0;

	io->vrf_id = vrf->vrf_id;
	io->tun = io->raw[LISP_IPV4] = io->raw[LISP_IPV6] = -1;
	frr_with_privs (&lisp_privs) {
		failed = io_open(io, vrf);
		saved = errno;
	}
	if (failed) {
		snprintf(error, size, "%s: %s", failed, safe_strerror(saved));
		lisp_alt_io_close(io);
		return false;
	}
	event_add_read(lisp.master, tun_read, io, io->tun, &io->t_read);
	LISP_DBG(alt, "VRF %s: device %s open", vrf->name, io->ifname);
	return true;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void lisp_alt_io_close(struct lisp_alt_io *io)
{
	EVENT_OFF(io->t_read);
	close_fd(&io->tun);
	close_fd(&io->raw[LISP_IPV4]);
	close_fd(&io->raw[LISP_IPV6]);
	if (io->table) {
		frr_with_privs (&lisp_privs) {
			guard_del(io->table);
		}
	}
	io->table = 0;
	io->ifname[0] = '\0';
}

bool lisp_alt_io_is_open(const struct lisp_alt_io *io)
{
	return io->tun >= 0;
}
