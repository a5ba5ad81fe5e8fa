// SPDX-License-Identifier: GPL-2.0-or-later
/* show lisp service, statistics, alt, dataplane */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "command.h"
#include "monotime.h"

#include "lispd/lisp_alt.h"
#include "lispd/lisp_alt_rib.h"
#include "lispd/lisp_dplane.h"
#include "lispd/lisp_etr.h"
#include "lispd/lisp_itr.h"
#include "lispd/lisp_keys.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_pending.h"
#include "lispd/lisp_registry.h"
#include "vtysh-cmds/lisp_show.h"
#include "lispd/lisp_stats.h"

#define MESSAGE_TYPES 16

static const char *enabled(bool on)
{
	return on ? "enabled" : "disabled";
}

/* ---- service ---- */

static void map_server_text(struct vty *vty, const struct lisp_map_server *ms)
{
	char sent[LISP_INTERVAL_STRLEN], got[LISP_INTERVAL_STRLEN];

	vty_out(vty, "    %pIA, %s%s%s, last Map-Register %s, last Map-Notify %s, key %s%s%s\n",
		&ms->addr, lisp_registration_state_name(ms->state), ms->reason ? ": " : "",
		ms->reason ? ms->reason : "", lisp_since_str(ms->last_register, sent, sizeof(sent)),
		lisp_since_str(ms->last_notify, got, sizeof(got)),
		ms->key.name ? "name " : "in the configuration", ms->key.name ? ms->key.name : "",
		ms->proxy_reply ? ", proxy-reply" : "");
}

static void service_text(struct vty *vty, enum lisp_family family)
{
	const struct lisp_service *service = lisp_service_get(0, family);
	struct lisp_map_resolver *mr = NULL;
	struct lisp_map_server *ms = NULL;
	char ttl[LISP_INTERVAL_STRLEN];

	vty_out(vty, "LISP service %s\n", family == LISP_IPV4 ? "IPv4" : "IPv6");
	vty_out(vty, "  Instance ID:                      0\n");
	vty_out(vty, "  EID table:                        default\n");
	vty_out(vty, "  Ingress Tunnel Router (ITR):      %s\n", enabled(service->itr));
	vty_out(vty, "  Egress Tunnel Router (ETR):       %s\n", enabled(service->etr));
	vty_out(vty, "  Map Server (MS):                  %s\n", enabled(service->map_server));
	vty_out(vty, "  Map Resolver (MR):                %s\n", enabled(service->map_resolver));
	vty_out(vty, "  ALT VRF:                          %s\n",
		service->alt_vrf[0] ? service->alt_vrf : "none");
	vty_out(vty, "  ITR Map-Resolver(s):\n");
	while ((mr = lisp_map_resolver_next(service, mr)))
		vty_out(vty, "    %pIA\n", &mr->addr);
	vty_out(vty, "  ETR Map-Server(s):\n");
	while ((ms = lisp_map_server_next(service, ms)))
		map_server_text(vty, ms);
	vty_out(vty, "  ETR map-cache TTL:                %s\n",
		lisp_interval_str((time_t)service->etr_ttl * 60, ttl, sizeof(ttl)));
	vty_out(vty, "  Map-cache limit:                  %u\n\n", service->map_cache_limit);
}

static void xtr_id_text(char *buf, size_t size)
{
	size_t i;

	strlcpy(buf, "unspecified", size);
	for (i = 0; lisp.has_xtr_id && i < sizeof(lisp.xtr_id); i++)
		snprintf(buf + 2 * i, size - 2 * i, "%02x", lisp.xtr_id[i]);
}

static void common_text(struct vty *vty)
{
	struct lisp_keys_status keys = {};
	char xtr_id[33];

	xtr_id_text(xtr_id, sizeof(xtr_id));
	lisp_keys_status(&keys);
	vty_out(vty, "LISP\n");
	vty_out(vty, "  Router LISP:                      %s\n", enabled(lisp.enabled));
	vty_out(vty, "  xTR-ID:                           %s\n", xtr_id);
	vty_out(vty, "  site-ID:                          %" PRIu64 "\n", lisp.site_id);
	vty_out(vty, "  Key file:                         %s, %u keys%s%s\n", keys.path, keys.keys,
		keys.error ? ", " : "", keys.error ? keys.error : "");
	vty_out(vty, "  Outstanding Map-Requests:         %u\n\n", lisp_pending_count());
}

static struct json_object *map_server_json(const struct lisp_map_server *ms)
{
	struct json_object *json = json_object_new_object();

	json_object_string_addf(json, "address", "%pIA", &ms->addr);
	json_object_string_add(json, "state", lisp_registration_state_name(ms->state));
	if (ms->reason)
		json_object_string_add(json, "reason", ms->reason);
	if (ms->key.name)
		json_object_string_add(json, "keyName", ms->key.name);
	json_object_boolean_add(json, "keyInConfiguration", ms->key.secret != NULL);
	json_object_boolean_add(json, "proxyReply", ms->proxy_reply);
	json_object_int_add(json, "mapRegisters", ms->registers);
	json_object_int_add(json, "mapNotifies", ms->notifies);
	json_object_int_add(json, "authenticationFailures", ms->auth_failures);
	lisp_json_since(json, "lastMapRegister", ms->last_register);
	lisp_json_since(json, "lastMapNotify", ms->last_notify);
	return json;
}

static struct json_object *service_json(enum lisp_family family)
{
	const struct lisp_service *service = lisp_service_get(0, family);
	struct json_object *json = json_object_new_object();
	struct json_object *resolvers = json_object_new_array();
	struct json_object *servers = json_object_new_array();
	struct lisp_map_resolver *mr = NULL;
	struct lisp_map_server *ms = NULL;

	json_object_int_add(json, "instanceId", 0);
	json_object_boolean_add(json, "itr", service->itr);
	json_object_boolean_add(json, "etr", service->etr);
	json_object_boolean_add(json, "mapServer", service->map_server);
	json_object_boolean_add(json, "mapResolver", service->map_resolver);
	if (service->alt_vrf[0])
		json_object_string_add(json, "altVrf", service->alt_vrf);
	json_object_int_add(json, "mapCacheLimit", service->map_cache_limit);
	json_object_int_add(json, "etrMapCacheTtl", service->etr_ttl);
	while ((mr = lisp_map_resolver_next(service, mr)))
		json_object_array_add(resolvers,
				      json_object_new_stringf("%pIA", &mr->addr));
	json_object_object_add(json, "itrMapResolvers", resolvers);
	while ((ms = lisp_map_server_next(service, ms)))
		json_object_array_add(servers, map_server_json(ms));
	json_object_object_add(json, "etrMapServers", servers);
	return json;
}

int lisp_show_service(struct vty *vty, unsigned int families, bool use_json)
{
	struct lisp_keys_status keys = {};
	struct json_object *json, *key_file;
	enum lisp_family family;
	char xtr_id[33];

	if (!use_json) {
		common_text(vty);
		for (family = 0; family < LISP_FAMILY_MAX; family++)
			if (families & (1U << family))
				service_text(vty, family);
		return CMD_SUCCESS;
	}

	json = json_object_new_object();
	json_object_boolean_add(json, "enabled", lisp.enabled);
	if (lisp.has_xtr_id) {
		xtr_id_text(xtr_id, sizeof(xtr_id));
		json_object_string_add(json, "xtrId", xtr_id);
	}
	json_object_string_addf(json, "siteId", "%" PRIu64, lisp.site_id);

	lisp_keys_status(&keys);
	key_file = json_object_new_object();
	json_object_string_add(key_file, "path", keys.path);
	json_object_int_add(key_file, "keys", keys.keys);
	if (keys.error)
		json_object_string_add(key_file, "error", keys.error);
	json_object_object_add(json, "keyFile", key_file);

	json_object_int_add(json, "pendingMapRequests", lisp_pending_count());
	for (family = 0; family < LISP_FAMILY_MAX; family++)
		if (families & (1U << family))
			json_object_object_add(json, lisp_family_name(family),
					       service_json(family));
	return vty_json(vty, json);
}

/* ---- statistics ---- */

static bool message_seen(uint8_t type)
{
	return lisp_stats_get_in(type) || lisp_stats_get_out(type);
}

/* Types that RFC 9301 and its kin define are always shown, others when seen. */
static bool message_shown(uint8_t type)
{
	return (type >= 1 && type <= 8) || message_seen(type);
}

static void resolvers_text(struct vty *vty, enum lisp_family family)
{
	struct lisp_map_resolver *mr = NULL;
	char addr[INET6_ADDRSTRLEN], since[LISP_INTERVAL_STRLEN];

	while ((mr = lisp_map_resolver_next(lisp_service_get(0, family), mr)))
		vty_out(vty, "  %-25s %-5s %-9s %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 "\n",
			ipaddr2str(&mr->addr, addr, sizeof(addr)), lisp_family_name(family),
			lisp_since_str(mr->last_reply, since, sizeof(since)), mr->requests,
			mr->replies, mr->negatives, mr->timeouts);
}

static void statistics_text(struct vty *vty)
{
	enum lisp_family family;
	bool any = false;
	unsigned int i;

	vty_out(vty, "LISP Control Plane Statistics\n");
	vty_out(vty, "  %-36s %12s %12s\n", "Message", "In", "Out");
	for (i = 0; i < MESSAGE_TYPES; i++)
		if (message_shown(i))
			vty_out(vty, "  %-36s %12" PRIu64 " %12" PRIu64 "\n", lisp_type_name(i),
				lisp_stats_get_in(i), lisp_stats_get_out(i));

	vty_out(vty, "\n  %-36s %12s\n", "Dropped for the reason", "Messages");
	for (i = LISP_OK + 1; i < LISP_DROP_MAX; i++) {
		if (!lisp_stats_get_drop(i))
			continue;
		any = true;
		vty_out(vty, "  %-36s %12" PRIu64 "\n", lisp_drop_name(i), lisp_stats_get_drop(i));
	}
	if (!any)
		vty_out(vty, "  none\n");

	vty_out(vty, "\n  %-36s %12s\n", "Event", "Times");
	for (i = 0; i < LISP_EV_MAX; i++)
		vty_out(vty, "  %-36s %12" PRIu64 "\n", lisp_stats_event_name(i),
			lisp_stats_get_event(i));

	vty_out(vty, "\n  %-25s %-5s %-9s %9s %9s %9s %9s\n", "Map-Resolver", "EIDs", "LastReply",
		"ReqsSent", "Positive", "Negative", "No-Reply");
	for (family = 0; family < LISP_FAMILY_MAX; family++)
		resolvers_text(vty, family);
}

static void resolvers_json(struct json_object *array, enum lisp_family family)
{
	struct lisp_map_resolver *mr = NULL;

	while ((mr = lisp_map_resolver_next(lisp_service_get(0, family), mr))) {
		struct json_object *json = json_object_new_object();

		json_object_string_addf(json, "address", "%pIA", &mr->addr);
		json_object_string_add(json, "addressFamily", lisp_family_name(family));
		json_object_int_add(json, "requests", mr->requests);
		json_object_int_add(json, "replies", mr->replies);
		json_object_int_add(json, "negativeReplies", mr->negatives);
		json_object_int_add(json, "timeouts", mr->timeouts);
		lisp_json_since(json, "lastReply", mr->last_reply);
		json_object_array_add(array, json);
	}
}

int lisp_show_statistics(struct vty *vty, bool use_json)
{
	struct json_object *json, *messages, *drops, *events, *resolvers;
	enum lisp_family family;
	unsigned int i;

	if (!use_json) {
		statistics_text(vty);
		return CMD_SUCCESS;
	}

	json = json_object_new_object();
	messages = json_object_new_object();
	for (i = 0; i < MESSAGE_TYPES; i++) {
		struct json_object *message;

		if (!message_shown(i))
			continue;
		message = json_object_new_object();
		json_object_int_add(message, "in", lisp_stats_get_in(i));
		json_object_int_add(message, "out", lisp_stats_get_out(i));
		json_object_object_add(messages, lisp_type_name(i), message);
	}
	json_object_object_add(json, "messages", messages);

	/* a reason appears with its first drop */
	drops = json_object_new_object();
	for (i = LISP_OK + 1; i < LISP_DROP_MAX; i++)
		if (lisp_stats_get_drop(i))
			json_object_int_add(drops, lisp_drop_name(i), lisp_stats_get_drop(i));
	json_object_object_add(json, "drops", drops);

	events = json_object_new_object();
	for (i = 0; i < LISP_EV_MAX; i++)
		json_object_int_add(events, lisp_stats_event_name(i), lisp_stats_get_event(i));
	json_object_object_add(json, "events", events);

	resolvers = json_object_new_array();
	for (family = 0; family < LISP_FAMILY_MAX; family++)
		resolvers_json(resolvers, family);
	json_object_object_add(json, "mapResolvers", resolvers);
	return vty_json(vty, json);
}

/* ---- alt ---- */

static void alt_vrf_text(struct vty *vty, enum lisp_family family)
{
	struct lisp_alt_status status = {};

	if (!lisp_alt_status(family, &status)) {
		vty_out(vty, "%s EIDs: no alt-vrf\n", family == LISP_IPV4 ? "IPv4" : "IPv6");
		return;
	}
	vty_out(vty, "%s EIDs: VRF %s, %s%s%s\n", family == LISP_IPV4 ? "IPv4" : "IPv6", status.vrf,
		status.up ? "up" : "down", status.error ? ": " : "",
		status.error ? status.error : "");
	vty_out(vty,
		"  interface %s, datagrams in %" PRIu64 ", out %" PRIu64 ", dropped %" PRIu64 "\n",
		status.ifname[0] ? status.ifname : "none", status.in, status.out, status.dropped);
}

static void tunnel_text(struct vty *vty, const struct lisp_tunnel *tunnel)
{
	vty_out(vty, "Tunnel %s: %pIA -> %pIA", tunnel->name, &tunnel->source,
		&tunnel->destination);
	if (tunnel->has_key)
		vty_out(vty, ", key %u", tunnel->key);
	if (tunnel->ifindex)
		vty_out(vty, ", %s GRE, MTU %u", tunnel->kernel ? "kernel" : "user-space",
			tunnel->mtu);
	else
		vty_out(vty, ", not there yet");
	vty_out(vty, "%s%s\n", tunnel->error[0] ? ", " : "", tunnel->error);
	vty_out(vty,
		"  in %" PRIu64 " packets (%" PRIu64 " bytes), out %" PRIu64 " packets (%" PRIu64
		" bytes), dropped %" PRIu64 "\n",
		tunnel->packets_in, tunnel->bytes_in, tunnel->packets_out, tunnel->bytes_out,
		tunnel->drops);
}

static void alt_text(struct vty *vty)
{
	const struct lisp_alt_route *route = NULL;
	const struct lisp_eid *learned = NULL;
	struct lisp_tunnel *tunnel = NULL;
	enum lisp_family family;

	vty_out(vty, "LISP Alternative Logical Topology (RFC 6836)\n\n");
	for (family = 0; family < LISP_FAMILY_MAX; family++)
		alt_vrf_text(vty, family);
	vty_out(vty, "\n");
	while ((tunnel = lisp_tunnel_next(tunnel)))
		tunnel_text(vty, tunnel);

	vty_out(vty, "\nEID-prefixes that we have put into the ALT\n");
	while ((route = lisp_alt_route_next(route)))
		vty_out(vty, "  %-43pFX %s\n", &route->eid.prefix, route->origin);
	vty_out(vty, "\nEID-prefixes learned from BGP in the ALT\n");
	while ((learned = lisp_alt_learned_next(learned)))
		vty_out(vty, "  %pFX\n", &learned->prefix);
}

static struct json_object *tunnel_json(const struct lisp_tunnel *tunnel)
{
	struct json_object *json = json_object_new_object();

	json_object_string_add(json, "name", tunnel->name);
	json_object_string_addf(json, "source", "%pIA", &tunnel->source);
	json_object_string_addf(json, "destination", "%pIA", &tunnel->destination);
	if (tunnel->has_key)
		json_object_int_add(json, "key", tunnel->key);
	json_object_boolean_add(json, "present", tunnel->ifindex != 0);
	if (tunnel->ifindex) {
		json_object_string_add(json, "implementation",
				       tunnel->kernel ? "kernel" : "user-space");
		json_object_int_add(json, "mtu", tunnel->mtu);
	}
	if (tunnel->error[0])
		json_object_string_add(json, "error", tunnel->error);
	json_object_int_add(json, "packetsIn", tunnel->packets_in);
	json_object_int_add(json, "bytesIn", tunnel->bytes_in);
	json_object_int_add(json, "packetsOut", tunnel->packets_out);
	json_object_int_add(json, "bytesOut", tunnel->bytes_out);
	json_object_int_add(json, "drops", tunnel->drops);
	return json;
}

static struct json_object *alt_vrf_json(const struct lisp_alt_status *status)
{
	struct json_object *json = json_object_new_object();

	json_object_string_add(json, "vrf", status->vrf);
	json_object_boolean_add(json, "up", status->up);
	if (status->error)
		json_object_string_add(json, "error", status->error);
	if (status->ifname[0])
		json_object_string_add(json, "interface", status->ifname);
	json_object_int_add(json, "datagramsIn", status->in);
	json_object_int_add(json, "datagramsOut", status->out);
	json_object_int_add(json, "datagramsDropped", status->dropped);
	return json;
}

int lisp_show_alt(struct vty *vty, bool use_json)
{
	struct json_object *json, *tunnels, *routes, *learned_routes;
	const struct lisp_alt_route *route = NULL;
	const struct lisp_eid *learned = NULL;
	struct lisp_tunnel *tunnel = NULL;
	struct lisp_alt_status status = {};
	enum lisp_family family;

	lisp_dplane_counters_refresh();
	if (!use_json) {
		alt_text(vty);
		return CMD_SUCCESS;
	}

	json = json_object_new_object();
	for (family = 0; family < LISP_FAMILY_MAX; family++)
		if (lisp_alt_status(family, &status))
			json_object_object_add(json, lisp_family_name(family),
					       alt_vrf_json(&status));

	tunnels = json_object_new_array();
	while ((tunnel = lisp_tunnel_next(tunnel)))
		json_object_array_add(tunnels, tunnel_json(tunnel));
	json_object_object_add(json, "tunnels", tunnels);

	routes = json_object_new_array();
	while ((route = lisp_alt_route_next(route))) {
		struct json_object *item = json_object_new_object();

		json_object_string_addf(item, "eidPrefix", "%pFX", &route->eid.prefix);
		json_object_string_add(item, "origin", route->origin);
		json_object_array_add(routes, item);
	}
	json_object_object_add(json, "routes", routes);

	learned_routes = json_object_new_array();
	while ((learned = lisp_alt_learned_next(learned)))
		json_object_array_add(learned_routes,
				      json_object_new_stringf("%pFX", &learned->prefix));
	json_object_object_add(json, "learned", learned_routes);
	return vty_json(vty, json);
}

/* ---- dataplane ---- */

static void counters_text(struct vty *vty, const struct lisp_dplane_status *status, bool drop)
{
	unsigned int i;

	vty_out(vty, "\n%-48s %14s %16s\n", drop ? "Dropped for the reason" : "Counter", "Packets",
		"Bytes");
	for (i = 0; i < status->n_counters; i++)
		if (status->counters[i].drop == drop)
			vty_out(vty, "%-48s %14" PRIu64 " %16" PRIu64 "\n",
				status->counters[i].name, status->counters[i].packets,
				status->counters[i].bytes);
}

static void dataplane_instances_text(struct vty *vty)
{
	struct lisp_dplane_instance device;
	struct lisp_instance *instance = NULL;

	while ((instance = lisp_instance_next(instance))) {
		if (!lisp_dplane_instance(instance->iid, &device))
			continue;
		vty_out(vty, "  Instance-id %-8u %s", instance->iid,
			device.ifname[0] ? device.ifname : "no device");
		vty_out(vty, ", VRF %s", instance->eid_vrf);
		vty_out(vty, "%s%s\n", device.error[0] ? ": " : "", device.error);
	}
}

static void dataplane_text(struct vty *vty, const struct lisp_dplane_status *status)
{
	vty_out(vty, "LISP dataplane\n");
	vty_out(vty, "  Mapping socket:     %s\n", status->connected ? "connected" : "not connected");
	vty_out(vty, "  Kernel fast path:   %s%s%s\n", status->bpf ? "on" : "off",
		status->note[0] ? ", " : "", status->note);
	vty_out(vty, "  LISP device:        %s", status->ifname[0] ? status->ifname : "none");
	if (status->ifname[0])
		vty_out(vty, ", MTU %u", status->mtu);
	vty_out(vty, "%s%s\n", status->error[0] ? ", " : "", status->error);
	dataplane_instances_text(vty);
	vty_out(vty,
		"  Operations:         %" PRIu64 " sent, %" PRIu64 " acknowledged, %" PRIu64
		" refused\n",
		status->sent, status->acked, status->errors);
	vty_out(vty, "  Packets held:       %" PRIu64 " (limits: %u per EID, %u in all)\n",
		status->queued, lisp.queue_per_eid, lisp.queue_total);
	counters_text(vty, status, false);
	counters_text(vty, status, true);
}

static struct json_object *counters_json(const struct lisp_dplane_status *status, bool drop)
{
	struct json_object *json = json_object_new_object();
	unsigned int i;

	for (i = 0; i < status->n_counters; i++) {
		struct json_object *item;

		if (status->counters[i].drop != drop)
			continue;
		item = json_object_new_object();
		json_object_int_add(item, "packets", status->counters[i].packets);
		json_object_int_add(item, "bytes", status->counters[i].bytes);
		json_object_object_add(json, status->counters[i].name, item);
	}
	return json;
}

static struct json_object *dataplane_instances_json(void)
{
	struct json_object *list = json_object_new_array();
	struct lisp_dplane_instance device;
	struct lisp_instance *instance = NULL;

	while ((instance = lisp_instance_next(instance))) {
		struct json_object *item;

		if (!lisp_dplane_instance(instance->iid, &device))
			continue;
		item = json_object_new_object();
		json_object_int_add(item, "instanceId", instance->iid);
		json_object_string_add(item, "vrf", instance->eid_vrf);
		if (device.ifname[0]) {
			json_object_string_add(item, "interface", device.ifname);
			json_object_int_add(item, "mtu", device.mtu);
			json_object_boolean_add(item, "fastPath", device.bpf);
		}
		if (device.error[0])
			json_object_string_add(item, "error", device.error);
		json_object_array_add(list, item);
	}
	return list;
}

int lisp_show_dataplane(struct vty *vty, bool use_json)
{
	struct lisp_dplane_status status = {};
	struct json_object *json;

	lisp_dplane_counters_refresh();
	lisp_dplane_status(&status);
	if (!use_json) {
		dataplane_text(vty, &status);
		return CMD_SUCCESS;
	}

	json = json_object_new_object();
	json_object_boolean_add(json, "connected", status.connected);
	json_object_boolean_add(json, "fastPath", status.bpf);
	if (status.note[0])
		json_object_string_add(json, "note", status.note);
	if (status.ifname[0]) {
		json_object_string_add(json, "interface", status.ifname);
		json_object_int_add(json, "mtu", status.mtu);
	}
	if (status.error[0])
		json_object_string_add(json, "error", status.error);
	json_object_object_add(json, "instances", dataplane_instances_json());
	json_object_int_add(json, "operationsSent", status.sent);
	json_object_int_add(json, "operationsAcknowledged", status.acked);
	json_object_int_add(json, "operationsRefused", status.errors);
	json_object_int_add(json, "packetsHeld", status.queued);
	json_object_int_add(json, "queuePerEid", lisp.queue_per_eid);
	json_object_int_add(json, "queueTotal", lisp.queue_total);
	json_object_object_add(json, "counters", counters_json(&status, false));
	json_object_object_add(json, "drops", counters_json(&status, true));
	return vty_json(vty, json);
}
