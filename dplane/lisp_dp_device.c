// SPDX-License-Identifier: GPL-2.0-or-later
/* The device is persistent: it, its routes and its program outlive zebra. */
#include <zebra.h>

#include <fcntl.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>

#include "lib/log.h"
#include "lib/monotime.h"
#include "lib/network.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_device.h"
#include "dplane/lisp_dp_locator.h"
#include "dplane/lisp_dp_rtnl.h"
#include "dplane/lisp_dp_sysctl.h"
#include "dplane/lisp_dp_vrf.h"

#define MTU_DEFAULT 1500
#define OWN_EID_S   2	 /* that an own address is believed to be there */
#define MTU_LEAST   1280 /* RFC 8200 section 5: with less IPv6 is off on the device */

/*
 * IPv6 may be off by default on new interfaces; no link-local address; sources may have any
 * route or other; what was decapsulated is forwarded.
 */
static const struct setting {
	const char *family, *key;
	char value, without_itr;
	/* by netlink, as where a container runs /proc/sys cannot be written; NULL: it knows none */
	int (*set)(int ifindex, uint8_t value);
} settings[LISP_DP_SETTINGS] = {
	{ "ipv6", "disable_ipv6", '0', '0', NULL },
	{ "ipv6", "addr_gen_mode", '1', '1', lisp_dp_link_addr_gen_mode },
	/* of a device without an address the kernel wants the way back to be by that device */
	{ "ipv4", "rp_filter", '2', '0', lisp_dp_link_rp_filter },
	{ "ipv4", "forwarding", '1', '1', lisp_dp_link_forwarding4 },
};

static bool live; /* our programs forward, not those of an earlier zebra */

static int device_fail(struct lisp_dp_instance *instance, int error, const char *what)
{
	snprintf(instance->error, sizeof(instance->error), "%s: %s: %s", instance->ifname, what,
		 safe_strerror(error));
	if (instance->fd >= 0)
		close(instance->fd);
	instance->fd = -1;
	instance->ifindex = 0;
	return error;
}

/* The VRF's device and table. 0 or errno, with the reason in instance->error. */
static int find_vrf(struct lisp_dp_instance *instance)
{
	const char *why;
	int error;

	instance->table = LISP_DP_TABLE;
	error = -lisp_dp_vrf_find(instance->vrf, &instance->vrf_ifindex, &instance->table, &why);
	if (error)
		strlcpy(instance->error, why, sizeof(instance->error));
	return error;
}

/* Takes over or makes the persistent device; one that we did not make stays as it is. */
static int open_tun(struct lisp_dp_instance *instance, struct lisp_dp_link *link)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	char tag[64];

	lisp_dp_vrf_alias(tag, sizeof(tag), "instance");
	if (!lisp_dp_link_get(instance->ifname, 0, link) && !strmatch(link->alias, tag))
		return device_fail(instance, EEXIST, "somebody else's device");
	instance->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (instance->fd < 0)
		return device_fail(instance, errno, "/dev/net/tun");
	strlcpy(request.ifr_name, instance->ifname, sizeof(request.ifr_name));
	if (ioctl(instance->fd, TUNSETIFF, &request) < 0)
		return device_fail(instance, errno, "TUNSETIFF");
	if (lisp_dp_link_get(instance->ifname, 0, link) || lisp_dp_link_alias(link->ifindex, tag))
		return device_fail(instance, ENODEV, "not found");
	/* What is persistent has its mark. */
	if (ioctl(instance->fd, TUNSETPERSIST, 1) < 0)
		return device_fail(instance, errno, "TUNSETPERSIST");
	return 0;
}

/* What leaves the site for other sites does not go by the device. */
static bool without_itr(const struct lisp_dp_instance *instance)
{
	return !(instance->flags & LISP_INSTANCE_ITR4);
}

static char setting_value(const struct lisp_dp_instance *instance, const struct setting *setting)
{
	return without_itr(instance) ? setting->without_itr : setting->value;
}

/* A kernel without IPv6 has none of its settings. */
static bool setting_is_made(const struct lisp_dp_instance *instance, const struct setting *setting)
{
	char now = lisp_dp_sysctl_get(setting->family, instance->ifname, setting->key);

	return !now || now == setting_value(instance, setting);
}

/* 0 or an errno. */
static int setting_make(const struct lisp_dp_instance *instance, const struct setting *setting)
{
	char value = setting_value(instance, setting);

	if (setting_is_made(instance, setting))
		return 0;
	if (setting->set)
		return -setting->set(instance->ifindex, value - '0');
	return -lisp_dp_sysctl_set(setting->family, instance->ifname, setting->key, value);
}

/* What cannot be made is tried again, and told once. */
static void settings_make(struct lisp_dp_instance *instance)
{
	for (size_t i = 0; i < array_size(settings); i++) {
		int error = setting_make(instance, &settings[i]);
		bool news = error && error != instance->setting_error[i];

		instance->setting_error[i] = error;
		if (news)
			zlog_warn("lisp: net.%s.conf.%s.%s must be %c and cannot be set: %s",
				  settings[i].family, instance->ifname, settings[i].key,
				  setting_value(instance, &settings[i]), safe_strerror(error));
	}
}

void lisp_dp_device_trouble(char *text, size_t size)
{
	struct lisp_dp_instance *instance = NULL;

	text[0] = '\0';
	while ((instance = lisp_dp_instance_next(instance))) {
		for (size_t i = 0; instance->active && i < array_size(settings); i++)
			if (instance->setting_error[i])
				snprintf(text, size,
					 "net.%s.conf.%s.%s must be %c and cannot be set: %s",
					 settings[i].family, instance->ifname, settings[i].key,
					 setting_value(instance, &settings[i]),
					 safe_strerror(instance->setting_error[i]));
		if (instance->active && without_itr(instance) &&
		    (instance->flags & LISP_INSTANCE_ETR4) &&
		    lisp_dp_sysctl_get("ipv4", "all", "rp_filter") > '0')
			snprintf(text, size,
				 "net.ipv4.conf.all.rp_filter must be 0, or %s delivers nothing without ITR",
				 instance->ifname);
	}
}

/* All that can be. */
static bool settings_are_made(const struct lisp_dp_instance *instance)
{
	for (size_t i = 0; i < array_size(settings); i++)
		if (!instance->setting_error[i] && !setting_is_made(instance, &settings[i]))
			return false;
	return true;
}

int lisp_dp_device_open(struct lisp_dp_instance *instance)
{
	struct lisp_dp_link link;
	int error;

	snprintf(instance->ifname, sizeof(instance->ifname), "lisp%u", instance->iid);
	error = find_vrf(instance);
	if (!error)
		error = open_tun(instance, &link);
	if (!error && link.master != instance->vrf_ifindex) {
		error = -lisp_dp_link_master(link.ifindex, instance->vrf_ifindex);
		if (error)
			device_fail(instance, error, "VRF");
	}
	if (error) {
		instance->table = 0;
		return error;
	}
	instance->error[0] = '\0';
	instance->ifindex = link.ifindex;
	instance->mtu = 0;
	instance->bpf = false;
	settings_make(instance);
	return 0;
}

bool lisp_dp_device_in_vrf(const struct lisp_dp_instance *instance)
{
	struct lisp_dp_link link;

	if (!instance->vrf_ifindex)
		return true;
	return lisp_dp_vrf_device(instance->vrf, NULL) == instance->vrf_ifindex &&
	       !lisp_dp_link_get(NULL, instance->ifindex, &link) &&
	       link.master == instance->vrf_ifindex;
}

bool lisp_dp_device_fits(const struct lisp_dp_instance *instance)
{
	struct lisp_dp_link link;

	return !lisp_dp_link_get(NULL, instance->ifindex, &link) && (link.flags & IFF_UP) &&
	       link.mtu == instance->mtu && settings_are_made(instance);
}

bool lisp_dp_device_programless(const struct lisp_dp_instance *instance)
{
	return live && lisp_dp_bpf_loaded() && instance->active &&
	       !lisp_dp_bpf_attached(instance->ifindex, true);
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
	instance->table = 0;
	instance->bpf = false;
}

struct own_eid {
	struct lisp_dp_instance *instance;
	uint8_t version;
};

static void own_eid_each(const struct prefix *address, int ifindex, void *arg)
{
	struct own_eid *own = arg;
	struct lisp_dp_instance *instance = own->instance;
	int i = own->version == 4 ? 0 : 1;
	struct lisp_dp_link link;

	if (instance->own_eid[i].there || address->family != LISP_DP_FAMILY(own->version) ||
	    !lisp_dp_local_eid_match(instance, own->version, &address->u.prefix) ||
	    lisp_dp_link_get(NULL, ifindex, &link) || link.master != instance->vrf_ifindex)
		return;
	memcpy(instance->own_eid[i].address, &address->u.prefix, prefix_blen(address));
	instance->own_eid[i].there = true;
}

const uint8_t *lisp_dp_device_own_eid(struct lisp_dp_instance *instance, uint8_t version)
{
	struct own_eid own = { instance, version };
	int i = version == 4 ? 0 : 1;

	if (instance->own_eid[i].until <= monotime(NULL)) {
		instance->own_eid[i].there = false;
		lisp_dp_address_walk(LISP_DP_FAMILY(version), own_eid_each, &own);
		instance->own_eid[i].until = monotime(NULL) + OWN_EID_S;
	}
	return instance->own_eid[i].there ? instance->own_eid[i].address : NULL;
}

static uint32_t rloc_mtu(const struct lisp_dp_rloc *rloc)
{
	struct lisp_dp_link link;

	if (rloc->mtu)
		return rloc->mtu;
	if (lisp_dp_link_get(NULL, rloc->ifindex, &link) || (link.flags & IFF_LOOPBACK) ||
	    link.vrf_table)
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

void lisp_dp_device_sync(struct lisp_dp_instance *instance)
{
	uint32_t mtu = device_mtu();
	struct lisp_dp_link link;
	int error;

	settings_make(instance);
	error = -lisp_dp_link_get(NULL, instance->ifindex, &link);
	if (!error && (link.mtu != mtu || !(link.flags & IFF_UP)))
		error = -lisp_dp_link_set(instance->ifindex, mtu, true);
	instance->mtu = mtu;
	if (error)
		snprintf(instance->error, sizeof(instance->error), "%s: %s", instance->ifname,
			 safe_strerror(error));
	else
		instance->error[0] = '\0';
}

void lisp_dp_device_program(struct lisp_dp_instance *instance)
{
	int error;

	if (!live || instance->bpf || !lisp_dp_bpf_loaded())
		return;
	error = -lisp_dp_bpf_attach(instance->ifindex, true);
	instance->bpf = !error;
	if (error && error != instance->program_error)
		zlog_warn("lisp: %s: program not attached, forwarding in user space: %s",
			  instance->ifname, safe_strerror(error));
	instance->program_error = error;
}

void lisp_dp_device_go_live(void)
{
	live = true;
}

bool lisp_dp_device_live(void)
{
	return live;
}

static void sweep_link(const struct lisp_dp_link *link, void *arg)
{
	struct lisp_dp_instance *instance = NULL;

	if (!strmatch(link->alias, arg))
		return;
	while ((instance = lisp_dp_instance_next(instance)))
		if (instance->active && instance->ifindex == link->ifindex)
			break;
	if (!instance) {
		zlog_info("lisp: removing %s, left by an earlier zebra", link->name);
		lisp_dp_link_del(link->ifindex);
	} else if (!instance->bpf && lisp_dp_bpf_attached(link->ifindex, true)) {
		lisp_dp_bpf_detach(link->ifindex, true);
	}
}

void lisp_dp_device_sweep(void)
{
	char tag[64];

	lisp_dp_vrf_alias(tag, sizeof(tag), "instance");
	lisp_dp_link_walk(sweep_link, tag);
}
