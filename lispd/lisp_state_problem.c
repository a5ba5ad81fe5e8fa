// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Operational state: what is wrong now, and the remedy. A problem is here while it lasts,
 * and keeps LISP from doing what is configured; doc/messages.md has what the log says.
 */
#include <zebra.h>

#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "printfrr.h"

#include "lispd/lisp_alt.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_dplane.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_keys.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_register_record.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_state.h"
#include "lispd/lisp_tunnel.h"

#define PROBLEMS_MAX 64

static struct problem {
	uint32_t number; /* 1, 2 ... */
	char what[400];
	const char *remedy;
} problems[PROBLEMS_MAX];

static unsigned int n_problems;

/* The last one tells of those that have no room. */
static void PRINTFRR(2, 3) found(const char *remedy, const char *format, ...)
{
	struct problem *problem = &problems[MIN(n_problems, PROBLEMS_MAX - 1)];
	va_list args;

	n_problems++;
	problem->number = MIN(n_problems, PROBLEMS_MAX);
	problem->remedy = remedy;
	va_start(args, format);
	vsnprintfrr(problem->what, sizeof(problem->what), format, args);
	va_end(args);
	if (n_problems > PROBLEMS_MAX)
		snprintf(problem->what, sizeof(problem->what), "%u more problems",
			 n_problems - PROBLEMS_MAX + 1);
}

/* "IPv4 EIDs of instance-id 0" */
static const char *eids_text(uint32_t iid, enum lisp_family family)
{
	static char text[48];

	snprintf(text, sizeof(text), "%s EIDs of instance-id %u",
		 family == LISP_IPV4 ? "IPv4" : "IPv6", iid);
	return text;
}

static const struct lisp_service *services_next(const struct lisp_service *service)
{
	return lisp_kind_service.next(NULL, service);
}

/* ---- dataplane ---- */

static bool dataplane_needed(void)
{
	const struct lisp_service *service = NULL;

	while ((service = services_next(service)))
		if (service->itr || service->etr || service->alt_vrf[0])
			return true;
	return lisp_tunnel_next(NULL) != NULL;
}

static void find_devices(void)
{
	static const char remedy[] =
		"make what is missing (a VRF: ip link add NAME type vrf table N), and look at zebra's log; it is tried again";
	struct lisp_instance *instance = NULL;
	struct lisp_dplane_instance device;
	struct lisp_tunnel *tunnel = NULL;

	while ((instance = lisp_instance_next(instance))) {
		if (!lisp_dplane_instance(instance->iid, &device))
			continue;
		if (device.error[0])
			found(remedy, "instance-id %u forwards nothing: %s", instance->iid,
			      device.error);
		else if (device.trouble[0])
			found("free or set what is named; it is tried again", "instance-id %u: %s",
			      instance->iid, device.trouble);
	}
	while ((tunnel = lisp_tunnel_next(tunnel)))
		if (!tunnel->ifindex)
			found(remedy, "tunnel %s is not there%s%s", tunnel->name,
			      tunnel->error[0] ? ": " : "", tunnel->error);
}

static void find_dataplane(void)
{
	struct lisp_dplane_status status;

	if (!dataplane_needed())
		return;
	lisp_dplane_status(&status);
	if (status.connected)
		find_devices();
	else
		found("start zebra with -M lisp_dplane (zebra_options in /etc/frr/daemons)",
		      "the dataplane is not connected: zebra does not run, or runs without its plugin");
}

/* ---- this system ---- */

static bool sysctl_is_0(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char value = '1';

	if (fd < 0)
		return false;
	if (read(fd, &value, sizeof(value)) != sizeof(value))
		value = '1';
	close(fd);
	return value == '0';
}

static void find_forwarding(void)
{
	bool wanted[LISP_FAMILY_MAX] = {};
	const struct lisp_service *service = NULL;

	while ((service = services_next(service)))
		wanted[service->family] |= (service->itr || service->etr) &&
					   lisp_instance_find(service->iid)->eid_vrf[0];
	if (wanted[LISP_IPV4] && sysctl_is_0("/proc/sys/net/ipv4/ip_forward"))
		found("sysctl -w net.ipv4.ip_forward=1",
		      "net.ipv4.ip_forward is 0: hosts of the site get no IPv4 packet and send none");
	if (wanted[LISP_IPV6] && sysctl_is_0("/proc/sys/net/ipv6/conf/all/forwarding"))
		found("sysctl -w net.ipv6.conf.all.forwarding=1",
		      "net.ipv6.conf.all.forwarding is 0: hosts of the site get no IPv6 packet and send none");
}

/* Without a key-name the file is nobody's. */
static bool keys_needed(void)
{
	struct lisp_map_server *ms = NULL;
	struct lisp_site *site = NULL;

	while ((ms = lisp_map_server_next(NULL, ms)))
		if (ms->key.name)
			return true;
	while ((site = lisp_site_next(site)))
		if (site->key.name)
			return true;
	return false;
}

static void find_system(void)
{
	struct lisp_keys_status keys;

	if (lisp_rloc_vrf() == VRF_UNKNOWN)
		found("make this VRF, or correct locator-table",
		      "VRF %s, which locator-table names, is not there", lisp.rloc_vrf);
	for (enum lisp_family family = 0; family < LISP_FAMILY_MAX; family++)
		if (lisp_io_error(family))
			found("end the program that has the port (ss -ulnp sport = :4342); it is tried again",
			      "no control messages over %s: %s",
			      family == LISP_IPV4 ? "IPv4" : "IPv6", lisp_io_error(family));
	lisp_keys_status(&keys);
	if (keys.error && keys_needed())
		found("mend the file, which belongs to the user frr and has mode 0600; it is read again at once",
		      "key file %s is not in use: %s", keys.path, keys.error);
	find_forwarding();
}

/* ---- the site ---- */

static void find_locators(const struct lisp_service *service)
{
	struct lisp_local_eid *local = NULL, *missing = NULL, *gone = NULL;
	unsigned int down = 0, without = 0, lost = 0;

	while ((local = lisp_database_of(service->iid, service->family, local))) {
		if (local->lost) {
			gone = gone ? gone : local;
			lost++;
		}
		if (!local->set) {
			missing = missing ? missing : local;
			without++;
		} else if (!local->lost) {
			down += !lisp_local_eid_up(local);
		}
	}
	if (without)
		found("make the locator-set, or correct its name in database-mapping",
		      "EID-prefix %pLE and %u more have a locator-set that is not there: %s",
		      &missing->eid, without - 1, missing->set_name);
	if (lost)
		found("bring the interface or the route to the site back: 'show ip route vrf all'",
		      "EID-prefix %pLE and %u more have no route any more, others are told that our locators are down",
		      &gone->eid, lost - 1);
	if (down)
		found("give an interface that is up an address that stands in the locator-set ('show lisp database' has the cause)",
		      "no locator is up of EID-prefixes of ours: %u, %s", down,
		      eids_text(service->iid, service->family));
}

/* Of EIDs and RLOCs in one VRF. */
static void find_rlocs_inside(const struct lisp_service *service)
{
	const struct lisp_local_eid *local;
	struct lisp_rloc *rloc = NULL;
	struct lisp_eid eid;

	if (!strmatch(lisp_instance_find(service->iid)->eid_vrf, lisp.rloc_vrf))
		return;
	while ((rloc = lisp_rloc_own_next(rloc))) {
		if (!rloc->local || IS_IPADDR_V4(&rloc->addr) != (service->family == LISP_IPV4))
			continue;
		lisp_eid_host(&eid, service->iid, &rloc->addr);
		local = lisp_database_match(&eid);
		if (local)
			found("take RLOCs that no EID-prefix covers, or smaller EID-prefixes: an RLOC must be reached without LISP",
			      "EID-prefix %pLE covers our own RLOC %pIA", &local->eid, &rloc->addr);
	}
}

/* ---- who is asked, and registered with ---- */

static void find_map_servers(const struct lisp_service *service)
{
	const char *eids = eids_text(service->iid, service->family);
	struct lisp_map_server *ms = NULL;
	unsigned int refused;

	while ((ms = lisp_map_server_next(service, ms))) {
		refused = lisp_register_refused(ms);
		if (ms->state == LISP_REG_FAILED)
			found("look for the route there, for UDP port 4342 in firewalls, for the key: a Map-Register with a wrong key has no answer",
			      "Map-Server %pIA does not answer our Map-Registers, %s", &ms->addr,
			      eids);
		else if (ms->state == LISP_REG_IDLE && ms->reason)
			found("key-name NAME and its line in the key file, an address of the Map-Server's family, database-mapping: what is missing",
			      "nothing is registered at Map-Server %pIA, %s: %s", &ms->addr, eids,
			      ms->reason);
		else if (refused)
			found("'show lisp database' says which; the site at the Map-Server must have them with this key, and 'show lisp errors' there says why not",
			      "Map-Server %pIA does not take all of our EID-prefixes: not %u, %s",
			      &ms->addr, refused, eids);
	}
}

static void find_map_resolvers(const struct lisp_service *service)
{
	struct lisp_map_resolver *mr = NULL;

	while ((mr = lisp_map_resolver_next(service, mr)))
		if (mr->unanswered >= LISP_MAP_RESOLVER_SILENT)
			found("look for the route there and for UDP port 4342 in firewalls, then ask it alone: lig EID to ADDRESS",
			      "Map-Resolver %pIA did not answer the last %u Map-Requests, %s",
			      &mr->addr, mr->unanswered, eids_text(service->iid, service->family));
}

/* ---- ALT, Map-Server ---- */

static void find_alt(const struct lisp_service *service)
{
	struct lisp_alt_status status;

	if (lisp_alt_status(service->iid, service->family, &status) && !status.up)
		found("make the VRF that alt-vrf names, and see that zebra runs with -M lisp_dplane",
		      "the ALT of %s, VRF %s, is not in service%s%s",
		      eids_text(service->iid, service->family), service->alt_vrf,
		      status.error ? ": " : "", status.error ? status.error : "");
}

static void find_sites(void)
{
	struct lisp_site *site = NULL, *first = NULL;
	const struct lisp_site *two[2];
	unsigned int without = 0;
	struct lisp_key key = {};

	if (!lisp_is_ms())
		return;
	while ((site = lisp_site_next(site)))
		if (!lisp_key_to_send(&site->key, &key) && !without++)
			first = site;
	explicit_bzero(&key, sizeof(key));
	if (lisp_sites_share_secret(two))
		found("give each site a secret of its own",
		      "sites %s and %s have the same secret: each can register what is the other's",
		      two[0]->name, two[1]->name);
	if (without)
		found("give each site a key: authentication-key key-name NAME, and a line NAME in the key file",
		      "site %s and %u more cannot register: no key that is valid now", first->name,
		      without - 1);
}

/* ---- all of them ---- */

static void find_all(void)
{
	const struct lisp_service *service = NULL;

	n_problems = 0;
	if (!lisp.enabled)
		return;
	find_dataplane();
	find_system();
	find_sites();
	while ((service = services_next(service))) {
		if (service->alt_vrf[0])
			find_alt(service);
		if (service->itr || service->etr)
			find_locators(service);
		if (service->itr || service->etr)
			find_rlocs_inside(service);
		/* those of instance 0 are told there */
		if (service->peers != service->iid)
			continue;
		if (service->etr)
			find_map_servers(service);
		if (service->itr)
			find_map_resolvers(service);
	}
}

static const struct lisp_leaf problem_leaves[] = {
	LISP_LEAF("number", number, struct problem, number),
	LISP_LEAF("problem", chars, struct problem, what),
	LISP_LEAF("remedy", string, struct problem, remedy),
};

/* They are looked for when a walk begins. */
static const void *problem_next(const void *parent, const void *object)
{
	const struct problem *problem = object;

	if (!problem)
		find_all();
	problem = problem ? problem + 1 : problems;
	return problem < problems + MIN(n_problems, PROBLEMS_MAX) ? problem : NULL;
}

const struct lisp_kind lisp_kind_problem = {
	.path = "problems/problem",
	.json = "problems",
	LISP_KIND_LEAVES(problem_leaves),
	.n_keys = 1,
	.next = problem_next,
};
