// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ALT's device in its VRF.
 *
 * Forwarding is turned on, as what the ALT's tunnels bring goes on to other routers or
 * into the TUN device; reverse-path filters are turned off, as ALT datagrams have RLOCs
 * as sources, which the ALT never has routes for (RFC 6836 section 3). In a namespace
 * that is ours to set for all; else each device has its own.
 *
 * What a VRF device's table has no route for is looked up in the main table, the
 * underlay: a last default of type unreachable keeps it in (kernel's vrf.rst). It is
 * there before the device is, and as long as the VRF is an ALT.
 *
 * The device is not persistent: it goes when neither lispd nor we hold its descriptor.
 */
#include <zebra.h>

#include <dirent.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <string.h>
#include <sys/ioctl.h>

#include "lib/jhash.h"
#include "lib/log.h"
#include "lib/network.h"
#include "lib/privs.h"
#include "lib/typesafe.h"
#include "zebra/zebra_netns_notify.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_alt.h"
#include "dplane/lisp_dp_rtnl.h"
#include "dplane/lisp_dp_sysctl.h"
#include "dplane/lisp_dp_tell.h"
#include "dplane/lisp_dp_vrf.h"

#define CHECK_S	  2
#define CONF_IPV4 "/proc/sys/net/ipv4/conf"
#ifndef IPV6_HDRINCL
#define IPV6_HDRINCL 36
#endif

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_ALT, "LISP ALT");

PREDECL_HASH(alts);

/* lispd's order: TUN device, IPv4 and IPv6 raw sockets */
enum { TUN, RAW4, RAW6, FDS };

struct alt {
	struct alts_item item;
	char vrf[VRF_NAMSIZ + 1];
	uint64_t epoch;
	char ifname[IFNAMSIZ];
	int ifindex;	/* in its namespace; 0: not made */
	uint32_t table; /* of the VRF device, which has our last default; 0: none */
	int fd[FDS];	/* -1: closed */
	char error[80];
};

static int alt_cmp(const struct alt *a, const struct alt *b)
{
	return strcmp(a->vrf, b->vrf);
}

static uint32_t alt_hash(const struct alt *alt)
{
	return string_hash_make(alt->vrf);
}
DECLARE_HASH(alts, struct alt, item, alt_cmp, alt_hash);

static struct alts_head alts[1];
static struct event *t_check;

/* ---- settings, in the calling thread's network namespace ---- */

static void alt_sysctl(const char *family, const char *name, const char *key, char value)
{
	int error = lisp_dp_sysctl_set(family, name, key, value);

	if (error)
		zlog_warn("lisp: net.%s.conf.%s.%s must be %c and cannot be set: %s", family, name,
			  key, value, safe_strerror(-error));
}

/* The namespace is the ALT's alone: the same for its tunnels, those to come too. */
static void namespace_sysctls(void)
{
	DIR *dir = opendir(CONF_IPV4);
	const struct dirent *entry;

	alt_sysctl("ipv4", "all", "forwarding", '1');
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			alt_sysctl("ipv4", entry->d_name, "rp_filter", '0');
	if (dir)
		closedir(dir);
}

static void device_sysctls(const struct alt *alt)
{
	lisp_dp_link_rp_filter(alt->ifindex, 0);
	lisp_dp_link_addr_gen_mode(alt->ifindex, IN6_ADDR_GEN_MODE_NONE); /* if there is IPv6 */
	alt_sysctl("ipv6", "all", "forwarding", '1'); /* it has none for a device alone */
	if (lisp_dp_vrf_is_netns(alt->vrf))
		namespace_sysctls();
	else if (lisp_dp_sysctl_get("ipv4", "all", "rp_filter") > '0')
		/* the kernel takes the larger one of this and the device's */
		zlog_warn("lisp: " CONF_IPV4
			  "/all/rp_filter must be 0: the ALT's sources have no routes");
}

/* ---- making and removing; all functions return 0 or -errno ---- */

static int guard(const struct alt *alt)
{
	int error = 0;

	if (alt->table)
		error = lisp_dp_guard_add(AF_INET, alt->table);
	if (alt->table && !error)
		error = lisp_dp_guard_add(AF_INET6, alt->table);
	return error == -EAFNOSUPPORT || error == -EOPNOTSUPP ? 0 : error;
}

static void unguard_table(uint32_t table)
{
	lisp_dp_guard_del(AF_INET, table);
	lisp_dp_guard_del(AF_INET6, table);
}

static void unguard(struct alt *alt)
{
	if (alt->table)
		unguard_table(alt->table);
	alt->table = 0;
}

static int open_tun(struct alt *alt, int master)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI, .ifr_name = "lispalt%d" };
	struct lisp_dp_link link;
	int error;

	alt->fd[TUN] = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (alt->fd[TUN] < 0 || ioctl(alt->fd[TUN], TUNSETIFF, &request) < 0)
		return -errno;
	strlcpy(alt->ifname, request.ifr_name, sizeof(alt->ifname));
	error = lisp_dp_link_get(alt->ifname, 0, &link);
	if (error)
		return error;
	alt->ifindex = link.ifindex;
	device_sysctls(alt);
	error = master ? lisp_dp_link_master(link.ifindex, master) : 0;
	return error ? error : lisp_dp_link_set(link.ifindex, link.mtu, true);
}

/* Takes whole packets; routes by the VRF's table. */
static int open_raw(struct alt *alt, int which, bool bind_device)
{
	int on = 1, fd = socket(which == RAW4 ? AF_INET : AF_INET6,
				SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_RAW);

	alt->fd[which] = fd;
	if (fd < 0)
		return which == RAW6 && errno == EAFNOSUPPORT ? 0 : -errno;
	if (which == RAW6 && setsockopt(fd, IPPROTO_IPV6, IPV6_HDRINCL, &on, sizeof(on)))
		return -errno;
	if (bind_device &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, alt->vrf, strlen(alt->vrf) + 1))
		return -errno;
	return 0;
}

static int open_all(struct alt *alt)
{
	int netns = lisp_dp_vrf_netns(alt->vrf), home, error, master;
	uint32_t table = 0;

	if (lisp_dp_vrf_is_netns(alt->vrf) && netns < 0)
		return -ENOENT;
	master = lisp_dp_vrf_device(alt->vrf, &table);
	if (table != alt->table)
		unguard(alt);
	alt->table = table;
	error = master < 0 ? master : guard(alt);
	home = lisp_dp_netns_enter(netns);
	if (!error && netns >= 0 && home < 0)
		error = -EPERM;
	if (!error)
		error = open_tun(alt, master);
	if (!error)
		error = open_raw(alt, RAW4, master);
	if (!error)
		error = open_raw(alt, RAW6, master);
	lisp_dp_netns_leave(home);
	if (netns >= 0)
		close(netns);
	return error;
}

static void close_all(struct alt *alt)
{
	for (int i = 0; i < FDS; i++) {
		if (alt->fd[i] >= 0)
			close(alt->fd[i]);
		alt->fd[i] = -1;
	}
	alt->ifindex = 0;
	alt->ifname[0] = '\0';
}

static void tell(const struct alt *alt)
{
	size_t n = !alt->ifindex ? 0 : alt->fd[RAW6] < 0 ? FDS - 1 : FDS;

	lisp_dp_tell_alt(alt->vrf, alt->ifname, alt->error, alt->fd, n);
}

/* What fails is tried again: its VRF may be on its way. */
static int make(struct alt *alt)
{
	int error = open_all(alt);
	char text[sizeof(alt->error)] = "";

	if (error) {
		close_all(alt);
		strlcpy(text,
			error == -ENOENT || error == -ENODEV ? "no such VRF" : safe_strerror(-error),
			sizeof(text));
	}
	if (!error || strcmp(text, alt->error)) {
		strlcpy(alt->error, text, sizeof(alt->error));
		tell(alt);
	}
	return error;
}

/* Is it still where it was made? Somebody may have removed it, or its VRF. */
static bool intact(const struct alt *alt)
{
	int netns = lisp_dp_vrf_netns(alt->vrf), home = lisp_dp_netns_enter(netns);
	struct lisp_dp_link link;
	bool found = false;

	if (home >= 0 || !lisp_dp_vrf_is_netns(alt->vrf))
		found = !lisp_dp_link_get(alt->ifname, 0, &link) && link.ifindex == alt->ifindex;
	lisp_dp_netns_leave(home);
	if (netns >= 0)
		close(netns);
	return found && link.master == lisp_dp_vrf_device(alt->vrf, NULL);
}

static void alt_check(struct event *event)
{
	struct alt *alt;

	event_add_timer(lisp_dp_loop, alt_check, NULL, CHECK_S, &t_check);
	frr_with_privs (&zserv_privs) {
		frr_each (alts, alts, alt) {
			if (alt->ifindex && !intact(alt)) {
				zlog_warn("lisp: %s of the ALT in VRF %s is gone, it is made anew",
					  alt->ifname, alt->vrf);
				close_all(alt);
				strlcpy(alt->error, "the device is gone", sizeof(alt->error));
				tell(alt);
			}
			if (!alt->ifindex)
				make(alt);
			else
				guard(alt);
		}
	}
}

/* ---- what lispd wants ---- */

static void alt_free(struct alt *alt)
{
	close_all(alt);
	unguard(alt);
	alts_del(alts, alt);
	XFREE(MTYPE_LISP_DP_ALT, alt);
}

int lisp_dp_alt_apply(const LispDp__Alt *from, struct lisp_dp_op *op)
{
	struct alt key = {}, *alt;

	if (strlen(from->vrf) >= sizeof(key.vrf) || lisp_dp_vrf_is_default(from->vrf))
		return lisp_dp_refuse(op, EINVAL, "the ALT needs a VRF of its own");
	strlcpy(key.vrf, from->vrf, sizeof(key.vrf));
	alt = alts_find(alts, &key);
	if (op->remove) {
		if (alt)
			alt_free(alt);
		return 0;
	}
	if (alt) {
		alt->epoch = op->epoch;
		tell(alt);
		return 0;
	}
	alt = XCALLOC(MTYPE_LISP_DP_ALT, sizeof(*alt));
	*alt = key;
	alt->fd[TUN] = alt->fd[RAW4] = alt->fd[RAW6] = -1;
	alt->epoch = op->epoch;
	alts_add(alts, alt);
	event_add_timer(lisp_dp_loop, alt_check, NULL, CHECK_S, &t_check);
	/* an error is in what is told, and the next check tries again */
	make(alt);
	return 0;
}

void lisp_dp_alt_sweep(uint64_t epoch)
{
	struct alt *alt;

	frr_each_safe (alts, alts, alt)
		if (alt->epoch != epoch)
			alt_free(alt);
}

static void sweep_vrf(const struct lisp_dp_link *link, void *arg)
{
	const struct alt *alt;

	if (!link->vrf_table)
		return;
	frr_each (alts_const, alts, alt)
		if (alt->table == link->vrf_table)
			return;
	unguard_table(link->vrf_table);
}

void lisp_dp_alt_sweep_stale(void)
{
	lisp_dp_link_walk(sweep_vrf, NULL);
}

void lisp_dp_alt_init(void)
{
	alts_init(alts);
}

void lisp_dp_alt_finish(void)
{
	struct alt *alt;

	event_cancel(&t_check);
	while ((alt = alts_first(alts)))
		alt_free(alt);
	alts_fini(alts);
}
