// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How packets get to the lisp device and from the wire into it.
 *
 * For each local EID-prefix: `from EID lookup main suppress_prefixlength 0`, so
 * that any route better than the default wins, then `from EID lookup 4342`, whose
 * default is the lisp device. Nobody's default route is touched.
 *
 * The device is persistent: it, its routes and its program outlive zebra.
 */
#include <zebra.h>

#include <fcntl.h>
#include <linux/if_arp.h>
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>
#include <sys/ioctl.h>

#include "lib/jhash.h"
#include "lib/log.h"
#include "lib/network.h"
#include "lib/prefix.h"
#include "lib/table.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_bpf.h"
#include "dplane/lisp_dp_device.h"
#include "dplane/lisp_dp_netlink.h"
#include "dplane/lisp_dp_socket.h"

#define MTU_DEFAULT 1500
#define MTU_LEAST   1280 /* RFC 8200 section 5: with less IPv6 is off on the device */

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_PORT, "LISP decapsulating interface");
DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_RULES, "LISP policy rules");

PREDECL_HASH(ports);

/* An interface whose ingress decapsulates. */
struct port {
	struct ports_item item;
	int ifindex;
	bool wanted;
	bool attached;
};

static int port_cmp(const struct port *a, const struct port *b)
{
	return numcmp(a->ifindex, b->ifindex);
}

static uint32_t port_hash(const struct port *port)
{
	return jhash_1word(port->ifindex, 0x11597);
}
DECLARE_HASH(ports, struct port, item, port_cmp, port_hash);

static struct ports_head ports[1] = { INIT_HASH(ports[0]) };
static bool live; /* our programs forward, not those of an earlier zebra */

/* ---- the device ---- */

static int device_fail(struct lisp_dp_instance *instance, int error, const char *what)
{
	snprintf(instance->error, sizeof(instance->error), "%s: %s: %s", instance->ifname, what,
		 safe_strerror(error));
	zlog_warn("lisp: %s", instance->error);
	if (instance->fd >= 0)
		close(instance->fd);
	instance->fd = -1;
	instance->ifindex = 0;
	return error;
}

int lisp_dp_device_open(struct lisp_dp_instance *instance)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	struct lisp_dp_link link;
	int error;

	snprintf(instance->ifname, sizeof(instance->ifname), "lisp%u", instance->iid);
	instance->error[0] = '\0';
	instance->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (instance->fd < 0)
		return device_fail(instance, errno, "/dev/net/tun");
	strlcpy(request.ifr_name, instance->ifname, sizeof(request.ifr_name));
	if (ioctl(instance->fd, TUNSETIFF, &request) < 0)
		return device_fail(instance, errno, "TUNSETIFF");
	if (ioctl(instance->fd, TUNSETPERSIST, 1) < 0)
		return device_fail(instance, errno, "TUNSETPERSIST");
	error = -lisp_dp_link_get(instance->ifname, 0, &link);
	if (error)
		return device_fail(instance, error, "not found");
	instance->ifindex = link.ifindex;
	instance->mtu = 0;
	instance->bpf = false;
	error = -lisp_dp_link_quiet(link.ifindex);
	if (error)
		zlog_warn("lisp: %s: sysctls: %s", instance->ifname, safe_strerror(error));
	return 0;
}

void lisp_dp_device_close(struct lisp_dp_instance *instance)
{
	if (instance->fd < 0)
		return;
	lisp_dp_bpf_detach(instance->ifindex, true);
	ioctl(instance->fd, TUNSETPERSIST, 0);
	close(instance->fd);
	instance->fd = -1;
	instance->ifindex = 0;
	instance->bpf = false;
}

static uint32_t rloc_mtu(const struct lisp_dp_rloc *rloc)
{
	struct lisp_dp_link link;

	if (rloc->mtu)
		return rloc->mtu;
	if (lisp_dp_link_get(NULL, rloc->ifindex, &link) || (link.flags & IFF_LOOPBACK))
		return MTU_DEFAULT;
	return link.mtu;
}

/* RFC 9300 section 7.1: what fits through every RLOC interface, encapsulated. */
static uint32_t device_mtu(void)
{
	const struct lisp_dp_rloc *rloc = NULL;
	uint32_t least = UINT16_MAX;

	while ((rloc = lisp_dp_rloc_next(rloc))) {
		uint32_t mtu = rloc_mtu(rloc);
		uint32_t header = rloc->key.family == 4 ? LISP_OVERHEAD_4 : LISP_OVERHEAD_6;

		mtu = mtu > header ? mtu - header : 0;
		least = MIN(least, mtu);
	}
	if (least == UINT16_MAX)
		least = MTU_DEFAULT - LISP_OVERHEAD_6;
	return MAX(least, (uint32_t)MTU_LEAST);
}

static bool itr(const struct lisp_dp_instance *instance, int version)
{
	return instance->active &&
	       (instance->flags & (version == 4 ? LISP_INSTANCE_ITR4 : LISP_INSTANCE_ITR6));
}

static int route_set(const struct lisp_dp_instance *instance, const struct prefix *prefix,
		     enum lisp_dp_route route)
{
	if (route == LISP_DP_ROUTE_NONE)
		return -lisp_dp_route_del(prefix);
	if (route == LISP_DP_ROUTE_DEVICE && !instance->ifindex)
		return 0;
	return -lisp_dp_route_add(prefix, route == LISP_DP_ROUTE_DEVICE ? instance->ifindex : 0);
}

static void default_prefix(struct prefix *prefix, int version)
{
	memset(prefix, 0, sizeof(*prefix));
	prefix->family = LISP_DP_FAMILY(version);
}

static enum lisp_dp_route default_route(const struct lisp_dp_instance *instance,
					const struct prefix *prefix)
{
	const struct lisp_dp_mapping *mapping = lisp_dp_mapping_exact(instance, prefix);

	if (!itr(instance, prefix->family == AF_INET ? 4 : 6))
		return LISP_DP_ROUTE_NONE;
	return mapping && mapping->route == LISP_DP_ROUTE_THROW ? LISP_DP_ROUTE_THROW
								: LISP_DP_ROUTE_DEVICE;
}

int lisp_dp_device_route(const struct lisp_dp_instance *instance, const struct prefix *prefix,
			 enum lisp_dp_route route)
{
	if (instance->iid)
		return 0;
	if (!prefix->prefixlen && route == LISP_DP_ROUTE_NONE)
		route = itr(instance, prefix->family == AF_INET ? 4 : 6) ? LISP_DP_ROUTE_DEVICE
									 : LISP_DP_ROUTE_NONE;
	return route_set(instance, prefix, route);
}

static void sync_routes(struct lisp_dp_instance *instance)
{
	for (int version = 4; version <= 6; version += 2) {
		struct prefix prefix;
		int error;

		default_prefix(&prefix, version);
		if (!live && !itr(instance, version))
			continue;
		error = route_set(instance, &prefix, default_route(instance, &prefix));
		if (error)
			snprintf(instance->error, sizeof(instance->error), "IPv%d route to %s: %s",
				 version, instance->ifname, safe_strerror(error));
	}
}

static void sync_program(struct lisp_dp_instance *instance)
{
	int error;

	if (!live || instance->bpf || !lisp_dp_bpf_loaded())
		return;
	error = -lisp_dp_bpf_attach(instance->ifindex, true);
	instance->bpf = !error;
	if (error)
		zlog_warn("lisp: %s: program not attached, forwarding in user space: %s",
			  instance->ifname, safe_strerror(error));
}

static void sync_device(struct lisp_dp_instance *instance)
{
	uint32_t mtu = device_mtu();
	struct lisp_dp_link link;
	int error;

	error = -lisp_dp_link_get(NULL, instance->ifindex, &link);
	if (!error && (link.mtu != mtu || !(link.flags & IFF_UP)))
		error = -lisp_dp_link_set(instance->ifindex, mtu, true);
	instance->mtu = mtu;
	if (error)
		snprintf(instance->error, sizeof(instance->error), "%s: %s", instance->ifname,
			 safe_strerror(error));
	else
		instance->error[0] = '\0';
	sync_routes(instance);
	sync_program(instance);
	lisp_dp_socket_instance(instance);
}

/* ---- policy rules ---- */

struct rules {
	struct lisp_dp_rule *rule;
	size_t count, room;
};

static void rules_add(struct rules *rules, const struct lisp_dp_rule *rule)
{
	if (rules->count == rules->room) {
		rules->room = rules->room ? rules->room * 2 : 16;
		rules->rule = XREALLOC(MTYPE_LISP_DP_RULES, rules->rule,
				       rules->room * sizeof(*rules->rule));
	}
	rules->rule[rules->count++] = *rule;
}

static void rules_collect(const struct lisp_dp_rule *rule, void *arg)
{
	rules_add(arg, rule);
}

static int rule_cmp(const void *one, const void *two)
{
	const struct lisp_dp_rule *a = one, *b = two;
	int result = prefix_cmp(&a->source, &b->source);

	return result ? result : numcmp(a->pref, b->pref);
}

static void rules_wanted(struct rules *rules, const struct lisp_dp_instance *instance)
{
	for (int i = 0; i < 2; i++) {
		struct route_node *node;

		if (!itr(instance, i ? 6 : 4))
			continue;
		for (node = route_top(instance->local[i]); node; node = route_next(node)) {
			struct lisp_dp_rule rule = { .source = node->p,
						     .pref = LISP_DP_PREF_MAIN,
						     .table = RT_TABLE_MAIN,
						     .suppress_default = true };

			if (!node->info)
				continue;
			rules_add(rules, &rule);
			rule.pref = LISP_DP_PREF_LISP;
			rule.table = LISP_DP_TABLE;
			rule.suppress_default = false;
			rules_add(rules, &rule);
		}
	}
}

static void rules_sort(struct rules *rules)
{
	if (rules->count)
		qsort(rules->rule, rules->count, sizeof(*rules->rule), rule_cmp);
}

static bool rules_have(const struct rules *rules, const struct lisp_dp_rule *rule)
{
	return rules->count && bsearch(rule, rules->rule, rules->count, sizeof(*rule), rule_cmp);
}

static void sync_rules(void)
{
	struct rules wanted = {}, present = {};
	struct lisp_dp_instance *instance = lisp_dp_instance_find(0);

	if (instance)
		rules_wanted(&wanted, instance);
	lisp_dp_rule_walk(rules_collect, &present);
	rules_sort(&wanted);
	rules_sort(&present);

	for (size_t i = 0; i < wanted.count; i++) {
		int error;

		if (rules_have(&present, &wanted.rule[i]))
			continue;
		error = -lisp_dp_rule_add(&wanted.rule[i]);
		if (error)
			snprintf(instance->error, sizeof(instance->error),
				 "rule of an EID-prefix: %s", safe_strerror(error));
	}
	for (size_t i = 0; live && i < present.count; i++)
		if (!rules_have(&wanted, &present.rule[i]))
			lisp_dp_rule_del(&present.rule[i]);
	XFREE(MTYPE_LISP_DP_RULES, wanted.rule);
	XFREE(MTYPE_LISP_DP_RULES, present.rule);
}

/* ---- programs towards the RLOC space ---- */

static void port_want(int ifindex)
{
	struct port key = { .ifindex = ifindex }, *port;
	struct lisp_dp_link link;

	if (!ifindex)
		return;
	port = ports_find(ports, &key);
	if (!port) {
		/* The program reads Ethernet; others are the UDP sockets' business. */
		if (lisp_dp_link_get(NULL, ifindex, &link) || link.type != ARPHRD_ETHER)
			return;
		port = XCALLOC(MTYPE_LISP_DP_PORT, sizeof(*port));
		port->ifindex = ifindex;
		ports_add(ports, port);
	}
	port->wanted = true;
}

/*
 * Where packets to own RLOCs come in: the interfaces of these, and for RLOCs on
 * the loopback those that lead to remote locators.
 */
static void ports_wanted(void)
{
	struct lisp_dp_instance *instance = lisp_dp_instance_find(0);
	const struct lisp_dp_rloc *rloc = NULL;
	struct lisp_dp_locator *locator = NULL;

	if (!instance || !instance->active)
		return;
	while ((rloc = lisp_dp_rloc_next(rloc)))
		port_want(rloc->ifindex);
	while ((locator = lisp_dp_locator_next(locator)))
		port_want(locator->value.ifindex);
}

static void sync_ports(void)
{
	struct port *port;

	if (!lisp_dp_bpf_loaded() || !live)
		return;
	frr_each (ports, ports, port)
		port->wanted = false;
	ports_wanted();
	frr_each_safe (ports, ports, port) {
		if (port->wanted && !port->attached) {
			int error = -lisp_dp_bpf_attach(port->ifindex, false);

			port->attached = !error;
			if (error)
				zlog_warn("lisp: ifindex %d: program not attached: %s",
					  port->ifindex, safe_strerror(error));
		}
		if (port->wanted)
			continue;
		if (port->attached)
			lisp_dp_bpf_detach(port->ifindex, false);
		ports_del(ports, port);
		XFREE(MTYPE_LISP_DP_PORT, port);
	}
}

/* ---- all of it ---- */

static void sweep_route(const struct prefix *prefix, int ifindex, void *arg)
{
	struct lisp_dp_instance *instance = lisp_dp_instance_find(0);
	const struct lisp_dp_mapping *mapping;
	enum lisp_dp_route wanted = LISP_DP_ROUTE_NONE;

	if (instance && instance->active && !prefix->prefixlen) {
		wanted = default_route(instance, prefix);
	} else if (instance && instance->active) {
		mapping = lisp_dp_mapping_exact(instance, prefix);
		wanted = mapping ? mapping->route : LISP_DP_ROUTE_NONE;
	}
	if (wanted == LISP_DP_ROUTE_NONE)
		lisp_dp_route_del(prefix);
}

void lisp_dp_device_sync(void)
{
	struct lisp_dp_instance *instance = NULL;
	bool any = false;

	while ((instance = lisp_dp_instance_next(instance))) {
		if (!instance->active)
			continue;
		any = true;
		sync_device(instance);
	}
	sync_rules();
	sync_ports();
	if (live && !any)
		lisp_dp_route_walk(sweep_route, NULL);
}

void lisp_dp_device_go_live(void)
{
	live = true;
}

bool lisp_dp_device_live(void)
{
	return live;
}

static bool is_lisp_device(const struct lisp_dp_link *link)
{
	return strmatch(link->kind, "tun") && !strncmp(link->name, "lisp", 4) && link->name[4] &&
	       strspn(link->name + 4, "0123456789") == strlen(link->name + 4);
}

static void sweep_link(const struct lisp_dp_link *link, void *arg)
{
	struct port key = { .ifindex = link->ifindex };
	struct lisp_dp_instance *instance = NULL;
	bool used = false, program = false;

	while ((instance = lisp_dp_instance_next(instance))) {
		if (!instance->active || instance->ifindex != link->ifindex)
			continue;
		used = true;
		program = instance->bpf;
	}
	if (is_lisp_device(link) && !used) {
		zlog_info("lisp: removing %s, left by an earlier zebra", link->name);
		lisp_dp_link_del(link->ifindex);
		return;
	}
	if (used && !program && lisp_dp_bpf_attached(link->ifindex, true))
		lisp_dp_bpf_detach(link->ifindex, true);
	if (!ports_find(ports, &key) && lisp_dp_bpf_attached(link->ifindex, false))
		lisp_dp_bpf_detach(link->ifindex, false);
}

void lisp_dp_device_sweep(void)
{
	lisp_dp_link_walk(sweep_link, NULL);
	lisp_dp_route_walk(sweep_route, NULL);
	sync_rules();
}
