// SPDX-License-Identifier: GPL-2.0-or-later
/* The interfaces whose ingress decapsulates. */
#include <zebra.h>

#include <linux/if_arp.h>

#include "lib/jhash.h"
#include "lib/log.h"
#include "lib/typesafe.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_device.h"
#include "dplane/lisp_dp_locator.h"
#include "dplane/lisp_dp_port.h"
#include "dplane/lisp_dp_rtnl.h"

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_PORT, "LISP decapsulating interface");

PREDECL_HASH(ports);

struct port {
	struct ports_item item;
	int ifindex;
	bool wanted;
	bool attached;
	int error; /* errno, why it is not */
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

static void port_want(int ifindex)
{
	struct port key = { .ifindex = ifindex }, *port;
	struct lisp_dp_link link;

	if (!ifindex)
		return;
	port = ports_find(ports, &key);
	if (!port) {
		/*
		 * The program reads Ethernet; others are the UDP sockets' business. A VRF's
		 * device only looks like it: it is the VRF's loopback.
		 */
		if (lisp_dp_link_get(NULL, ifindex, &link) || link.type != ARPHRD_ETHER ||
		    link.vrf_table)
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
	const struct lisp_dp_rloc *rloc = NULL;
	struct lisp_dp_locator *locator = NULL;

	if (!lisp_dp_instance_any_active())
		return;
	while ((rloc = lisp_dp_rloc_next(rloc)))
		port_want(rloc->ifindex);
	while ((locator = lisp_dp_locator_next(locator)))
		port_want(locator->value.ifindex);
}

bool lisp_dp_port_lost(int ifindex)
{
	const struct port key = { .ifindex = ifindex }, *port = ports_find(ports, &key);

	return port && port->attached && !lisp_dp_bpf_attached(ifindex, false);
}

unsigned int lisp_dp_port_check(void)
{
	unsigned int lost = 0;
	struct port *port;

	frr_each (ports, ports, port) {
		if (!lisp_dp_port_lost(port->ifindex))
			continue;
		port->attached = false;
		lost++;
	}
	return lost;
}

void lisp_dp_port_trouble(char *text, size_t size)
{
	struct lisp_dp_link link;
	struct port *port;

	text[0] = '\0';
	frr_each (ports, ports, port) {
		size_t length = strlen(text);

		if (!port->error || lisp_dp_link_get(NULL, port->ifindex, &link))
			continue;
		snprintf(text + length, size - length, "%sno program at %s: %s", length ? "; " : "",
			 link.name, safe_strerror(port->error));
	}
}

bool lisp_dp_port_is(int ifindex)
{
	const struct lisp_dp_rloc *rloc = NULL;
	struct lisp_dp_locator *locator = NULL;

	while ((rloc = lisp_dp_rloc_next(rloc)))
		if (rloc->ifindex == ifindex)
			return true;
	while ((locator = lisp_dp_locator_next(locator)))
		if ((int)locator->value.ifindex == ifindex)
			return true;
	return false;
}

void lisp_dp_port_sync(void)
{
	struct port *port;

	if (!lisp_dp_bpf_loaded() || !lisp_dp_device_live())
		return;
	frr_each (ports, ports, port)
		port->wanted = false;
	ports_wanted();
	frr_each_safe (ports, ports, port) {
		if (port->wanted && !port->attached) {
			int error = -lisp_dp_bpf_attach(port->ifindex, false);

			port->attached = !error;
			if (error && error != port->error)
				zlog_warn("lisp: ifindex %d: program not attached: %s",
					  port->ifindex, safe_strerror(error));
			port->error = error;
		}
		if (port->wanted)
			continue;
		if (port->attached)
			lisp_dp_bpf_detach(port->ifindex, false);
		ports_del(ports, port);
		XFREE(MTYPE_LISP_DP_PORT, port);
	}
}

static void sweep_link(const struct lisp_dp_link *link, void *arg)
{
	struct port key = { .ifindex = link->ifindex };

	if (!ports_find(ports, &key) && lisp_dp_bpf_attached(link->ifindex, false))
		lisp_dp_bpf_detach(link->ifindex, false);
}

void lisp_dp_port_sweep(void)
{
	lisp_dp_link_walk(sweep_link, NULL);
}
