// SPDX-License-Identifier: GPL-2.0-or-later
/* Operational state: roles and peers, ALT, counters of messages, dataplane, keys. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "monotime.h"

#include "lispd/lisp_alt.h"
#include "lispd/lisp_alt_rib.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_dplane.h"
#include "lispd/lisp_keys.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_refusal.h"
#include "lispd/lisp_state.h"

/* ---- router ---- */

static LISP_LEAF_READER(router_xtr_id)
{
	if (lisp.enabled)
		lisp_value_hex(value, lisp.xtr_id, sizeof(lisp.xtr_id));
}

static const struct lisp_leaf router_leaves[] = {
	LISP_LEAF("enabled", bool, struct lisp, enabled),
	LISP_LEAF_READ("xtr-id", router_xtr_id),
	LISP_LEAF("site-id", number, struct lisp, site_id),
};

static const void *router_next(const void *parent, const void *object)
{
	return object ? NULL : &lisp;
}

const struct lisp_kind lisp_kind_router = {
	.path = "router",
	LISP_KIND_LEAVES(router_leaves),
	.next = router_next,
};

/* ---- services ---- */

static LISP_LEAF_READER(service_eid_table)
{
	const struct lisp_service *service = object;

	lisp_value_text(value, lisp_instance_find(service->iid)->eid_vrf);
}

static LISP_LEAF_READER(service_no_answer)
{
	const struct lisp_service *service = object;

	lisp_value_text(value, lisp_no_answer_name(service->no_answer));
}

static LISP_LEAF_READER(service_local_eids)
{
	const struct lisp_service *service = object;
	struct lisp_local_eid *local = NULL;
	unsigned int n = 0;

	while ((local = lisp_database_of(service->iid, service->family, local)))
		n++;
	lisp_value_number(value, n);
}

static LISP_LEAF_READER(service_local_eids_down)
{
	const struct lisp_service *service = object;
	struct lisp_local_eid *local = NULL;
	unsigned int n = 0;

	while ((local = lisp_database_of(service->iid, service->family, local)))
		n += !lisp_local_eid_up(local);
	lisp_value_number(value, n);
}

static LISP_LEAF_READER(service_map_cache_size)
{
	const struct lisp_service *service = object;

	lisp_value_number(value, lisp_map_cache_count_of(service->iid, service->family));
}

static LISP_LEAF_READER(service_inherited)
{
	const struct lisp_service *service = object;

	lisp_value_bool(value, service->iid && !service->own_roles);
}

static const struct lisp_leaf service_leaves[] = {
	LISP_LEAF("instance-id", number, struct lisp_service, iid),
	LISP_LEAF("address-family", family, struct lisp_service, family),
	LISP_LEAF_READ("eid-table", service_eid_table),
	LISP_LEAF_READ("inherited", service_inherited),
	LISP_LEAF("itr", bool, struct lisp_service, itr),
	LISP_LEAF("etr", bool, struct lisp_service, etr),
	LISP_LEAF("map-server", bool, struct lisp_service, map_server),
	LISP_LEAF("map-resolver", bool, struct lisp_service, map_resolver),
	LISP_LEAF("map-resolver-map-server", address, struct lisp_service, mr_map_server),
	LISP_LEAF("alt-vrf", chars, struct lisp_service, alt_vrf),
	LISP_LEAF_READ("local-eids", service_local_eids),
	LISP_LEAF_READ("local-eids-down", service_local_eids_down),
	LISP_LEAF_READ("map-cache-size", service_map_cache_size),
	LISP_LEAF("map-cache-limit", number, struct lisp_service, map_cache_limit),
	LISP_LEAF_READ("no-answer", service_no_answer),
	LISP_LEAF("etr-map-cache-ttl", number, struct lisp_service, etr_ttl),
};

static const void *service_next(const void *parent, const void *object)
{
	const struct lisp_service *last = object;
	struct lisp_instance *instance = last ? lisp_instance_find(last->iid)
					      : lisp_instance_next(NULL);
	unsigned int family = last ? last->family + 1 : 0;

	if (instance && family == LISP_FAMILY_MAX) {
		instance = lisp_instance_next(instance);
		family = 0;
	}
	return instance ? &instance->service[family] : NULL;
}

const struct lisp_kind lisp_kind_service = {
	.path = "services/service",
	.json = "services",
	LISP_KIND_LEAVES(service_leaves),
	.n_keys = 2,
	.next = service_next,
};

/* ---- Map-Resolvers and Map-Servers that we use ---- */

static const struct lisp_leaf resolver_leaves[] = {
	LISP_LEAF("instance-id", number, struct lisp_map_resolver, iid),
	LISP_LEAF("address-family", family, struct lisp_map_resolver, family),
	LISP_LEAF("address", address, struct lisp_map_resolver, addr),
	LISP_LEAF("requests", number, struct lisp_map_resolver, requests),
	LISP_LEAF("replies", number, struct lisp_map_resolver, replies),
	LISP_LEAF("negative-replies", number, struct lisp_map_resolver, negatives),
	LISP_LEAF("timeouts", number, struct lisp_map_resolver, timeouts),
	LISP_LEAF("last-reply", since, struct lisp_map_resolver, last_reply),
};

static const void *resolver_next(const void *parent, const void *object)
{
	return lisp_map_resolver_next(NULL, (struct lisp_map_resolver *)object);
}

const struct lisp_kind lisp_kind_resolver = {
	.path = "map-resolvers/map-resolver",
	.json = "mapResolvers",
	LISP_KIND_LEAVES(resolver_leaves),
	.n_keys = 3,
	.next = resolver_next,
};

static LISP_LEAF_READER(server_state)
{
	const struct lisp_map_server *ms = object;

	lisp_value_text(value, lisp_registration_state_name(ms->state));
}

static LISP_LEAF_READER(server_secret)
{
	const struct lisp_map_server *ms = object;

	lisp_value_bool(value, ms->key.secret != NULL);
}

static const struct lisp_leaf server_leaves[] = {
	LISP_LEAF("instance-id", number, struct lisp_map_server, iid),
	LISP_LEAF("address-family", family, struct lisp_map_server, family),
	LISP_LEAF("address", address, struct lisp_map_server, addr),
	LISP_LEAF_READ("state", server_state),
	LISP_LEAF("reason", string, struct lisp_map_server, reason),
	LISP_LEAF("key-name", string, struct lisp_map_server, key.name),
	LISP_LEAF_READ("key-in-configuration", server_secret),
	LISP_LEAF("proxy-reply", bool, struct lisp_map_server, proxy_reply),
	LISP_LEAF("map-registers", number, struct lisp_map_server, registers),
	LISP_LEAF("map-notifies", number, struct lisp_map_server, notifies),
	LISP_LEAF("authentication-failures", number, struct lisp_map_server, auth_failures),
	LISP_LEAF("last-map-register", since, struct lisp_map_server, last_register),
	LISP_LEAF("last-map-notify", since, struct lisp_map_server, last_notify),
};

static const void *server_next(const void *parent, const void *object)
{
	return lisp_map_server_next(NULL, (struct lisp_map_server *)object);
}

const struct lisp_kind lisp_kind_server = {
	.path = "map-servers/map-server",
	.json = "mapServers",
	LISP_KIND_LEAVES(server_leaves),
	.n_keys = 3,
	.next = server_next,
};

static const struct lisp_leaf keys_leaves[] = {
	LISP_LEAF("path", string, struct lisp_keys_status, path),
	LISP_LEAF("keys", number, struct lisp_keys_status, keys),
	LISP_LEAF("error", string, struct lisp_keys_status, error),
};

static const void *keys_next(const void *parent, const void *object)
{
	static struct lisp_keys_status status;

	if (object)
		return NULL;
	lisp_keys_status(&status);
	return &status;
}

const struct lisp_kind lisp_kind_keys = {
	.path = "key-file",
	LISP_KIND_LEAVES(keys_leaves),
	.next = keys_next,
};

/* ---- ALT ---- */

/* The object is the service that has an alt-vrf. */
static struct lisp_alt_status alt_vrf_status(const void *object)
{
	const struct lisp_service *service = object;
	struct lisp_alt_status status = {};

	lisp_alt_status(service->iid, service->family, &status);
	return status;
}

static LISP_LEAF_READER(alt_vrf_up)
{
	lisp_value_bool(value, alt_vrf_status(object).up);
}

static LISP_LEAF_READER(alt_vrf_error)
{
	lisp_value_text(value, alt_vrf_status(object).error);
}

static LISP_LEAF_READER(alt_vrf_interface)
{
	lisp_value_text(value, alt_vrf_status(object).ifname);
}

static LISP_LEAF_READER(alt_vrf_in)
{
	lisp_value_number(value, alt_vrf_status(object).in);
}

static LISP_LEAF_READER(alt_vrf_out)
{
	lisp_value_number(value, alt_vrf_status(object).out);
}

static LISP_LEAF_READER(alt_vrf_dropped)
{
	lisp_value_number(value, alt_vrf_status(object).dropped);
}

static const struct lisp_leaf alt_vrf_leaves[] = {
	LISP_LEAF("instance-id", number, struct lisp_service, iid),
	LISP_LEAF("address-family", family, struct lisp_service, family),
	LISP_LEAF("vrf", chars, struct lisp_service, alt_vrf),
	LISP_LEAF_READ("up", alt_vrf_up),
	LISP_LEAF_READ("error", alt_vrf_error),
	LISP_LEAF_READ("interface", alt_vrf_interface),
	LISP_LEAF_READ("datagrams-in", alt_vrf_in),
	LISP_LEAF_READ("datagrams-out", alt_vrf_out),
	LISP_LEAF_READ("datagrams-dropped", alt_vrf_dropped),
};

static const void *alt_vrf_next(const void *parent, const void *object)
{
	const struct lisp_service *service = object;

	while ((service = service_next(NULL, service)))
		if (service->alt_vrf[0])
			break;
	return service;
}

const struct lisp_kind lisp_kind_alt_vrf = {
	.path = "alt/vrfs/vrf",
	.json = "vrfs",
	LISP_KIND_LEAVES(alt_vrf_leaves),
	.n_keys = 2,
	.next = alt_vrf_next,
};

static const struct lisp_leaf alt_route_leaves[] = {
	LISP_LEAF_EID(struct lisp_alt_route, eid),
	LISP_LEAF("origin", string, struct lisp_alt_route, origin),
};

LISP_KIND_EID_TABLE(alt_route, struct lisp_alt_route, eid, lisp_alt_route);

const struct lisp_kind lisp_kind_alt_route = {
	.path = "alt/routes/route",
	.json = "routes",
	LISP_KIND_LEAVES(alt_route_leaves),
	.n_keys = 2,
	LISP_KIND_WALK(alt_route),
};

static LISP_LEAF_READER(alt_learned_iid)
{
	const struct lisp_eid *eid = object;

	lisp_value_number(value, eid->iid);
}

static LISP_LEAF_READER(alt_learned_prefix)
{
	const struct lisp_eid *eid = object;
	char text[PREFIX_STRLEN];

	lisp_value_text(value, prefix2str(&eid->prefix, text, sizeof(text)));
}

static LISP_LEAF_READER(alt_learned_origin)
{
	lisp_value_text(value, "bgp");
}

static const struct lisp_leaf alt_learned_leaves[] = {
	LISP_LEAF_READ("instance-id", alt_learned_iid),
	LISP_LEAF_READ("eid", alt_learned_prefix),
	LISP_LEAF_READ("origin", alt_learned_origin),
};

static const void *alt_learned_next(const void *parent, const void *object)
{
	return lisp_alt_learned_next(object);
}

static const struct lisp_eid *alt_learned_eid(const void *object)
{
	return object;
}

static const void *alt_learned_find(const struct lisp_eid *eid)
{
	return lisp_alt_learned_find(eid);
}

static const void *alt_learned_after(const struct lisp_eid *eid)
{
	return lisp_alt_learned_after(eid);
}

const struct lisp_kind lisp_kind_alt_learned = {
	.path = "alt/learned-routes/route",
	.json = "learnedRoutes",
	LISP_KIND_LEAVES(alt_learned_leaves),
	.n_keys = 2,
	.next = alt_learned_next,
	.eid = alt_learned_eid,
	.find = alt_learned_find,
	.after = alt_learned_after,
};

static LISP_LEAF_READER(tunnel_key)
{
	const struct lisp_tunnel *tunnel = object;

	if (tunnel->has_key)
		lisp_value_number(value, tunnel->key);
}

static LISP_LEAF_READER(tunnel_present)
{
	const struct lisp_tunnel *tunnel = object;

	lisp_value_bool(value, tunnel->ifindex != 0);
}

static LISP_LEAF_READER(tunnel_implementation)
{
	const struct lisp_tunnel *tunnel = object;

	if (tunnel->ifindex)
		lisp_value_text(value, tunnel->kernel ? "kernel" : "user-space");
}

static LISP_LEAF_READER(tunnel_mtu)
{
	const struct lisp_tunnel *tunnel = object;

	if (tunnel->ifindex && tunnel->mtu)
		lisp_value_number(value, tunnel->mtu);
}

static const struct lisp_leaf tunnel_leaves[] = {
	LISP_LEAF("instance-id", number, struct lisp_tunnel, iid),
	LISP_LEAF("name", chars, struct lisp_tunnel, name),
	LISP_LEAF("source", address, struct lisp_tunnel, source),
	LISP_LEAF("destination", address, struct lisp_tunnel, destination),
	LISP_LEAF_READ("key", tunnel_key),
	LISP_LEAF_READ("present", tunnel_present),
	LISP_LEAF_READ("implementation", tunnel_implementation),
	LISP_LEAF_READ("mtu", tunnel_mtu),
	LISP_LEAF("error", chars, struct lisp_tunnel, error),
	LISP_LEAF("drops", number, struct lisp_tunnel, drops),
	LISP_LEAF("packets-in", number, struct lisp_tunnel, packets_in),
	LISP_LEAF("bytes-in", number, struct lisp_tunnel, bytes_in),
	LISP_LEAF("packets-out", number, struct lisp_tunnel, packets_out),
	LISP_LEAF("bytes-out", number, struct lisp_tunnel, bytes_out),
};

static const void *tunnel_next(const void *parent, const void *object)
{
	return lisp_tunnel_next((struct lisp_tunnel *)object);
}

const struct lisp_kind lisp_kind_tunnel = {
	.path = "alt/tunnels/tunnel",
	.json = "tunnels",
	LISP_KIND_LEAVES(tunnel_leaves),
	.n_keys = 2,
	.next = tunnel_next,
};

/* ---- counters of control messages ---- */

static time_t counters_cleared; /* monotonic seconds, 0: never */

void lisp_state_clear_counters(void)
{
	lisp_stats_clear();
	lisp_refusals_clear();
	lisp_map_resolvers_clear();
	lisp_dplane_counters_clear();
	counters_cleared = monotime(NULL);
}

static LISP_LEAF_READER(control_cleared)
{
	lisp_value_since(value, counters_cleared);
}

static const struct lisp_leaf control_leaves[] = {
	LISP_LEAF_READ("last-cleared", control_cleared),
};

const struct lisp_kind lisp_kind_control = {
	.path = "control",
	LISP_KIND_LEAVES(control_leaves),
};

/* Things that are numbered, not allocated: the object is number + 1. */
static const void *number_object(unsigned int number)
{
	return (const void *)(uintptr_t)(number + 1);
}

static unsigned int object_number(const void *object)
{
	return (uintptr_t)object - 1;
}

static unsigned int number_behind(const void *object)
{
	return object ? object_number(object) + 1 : 0;
}

#define MESSAGE_TYPES 16

static LISP_LEAF_READER(message_type)
{
	lisp_value_text(value, lisp_type_name(object_number(object)));
}

static LISP_LEAF_READER(message_in)
{
	lisp_value_number(value, lisp_stats_get_in(object_number(object)));
}

static LISP_LEAF_READER(message_out)
{
	lisp_value_number(value, lisp_stats_get_out(object_number(object)));
}

static const struct lisp_leaf message_leaves[] = {
	LISP_LEAF_READ("type", message_type),
	LISP_LEAF_READ("in", message_in),
	LISP_LEAF_READ("out", message_out),
};

/* Types that RFC 9301 and its kin define, and others when they were seen. */
static const void *message_next(const void *parent, const void *object)
{
	for (unsigned int type = number_behind(object); type < MESSAGE_TYPES; type++)
		if ((type >= 1 && type <= 8) || lisp_stats_get_in(type) || lisp_stats_get_out(type))
			return number_object(type);
	return NULL;
}

const struct lisp_kind lisp_kind_message = {
	.path = "control/messages/message",
	.json = "messages",
	.by_name = true,
	LISP_KIND_LEAVES(message_leaves),
	.n_keys = 1,
	.next = message_next,
};

static LISP_LEAF_READER(drop_reason)
{
	lisp_value_text(value, lisp_drop_name(object_number(object)));
}

static LISP_LEAF_READER(drop_count)
{
	lisp_value_number(value, lisp_stats_get_drop(object_number(object)));
}

static const struct lisp_leaf drop_leaves[] = {
	LISP_LEAF_READ("reason", drop_reason),
	LISP_LEAF_READ("count", drop_count),
};

/* A reason appears with its first drop. */
static const void *drop_next(const void *parent, const void *object)
{
	for (unsigned int drop = number_behind(object); drop < LISP_DROP_MAX; drop++)
		if (lisp_stats_get_drop(drop))
			return number_object(drop);
	return NULL;
}

const struct lisp_kind lisp_kind_drop = {
	.path = "control/drops/drop",
	.json = "drops",
	.by_name = true,
	LISP_KIND_LEAVES(drop_leaves),
	.n_keys = 1,
	.next = drop_next,
};

static LISP_LEAF_READER(event_name)
{
	lisp_value_text(value, lisp_stats_event_name(object_number(object)));
}

static LISP_LEAF_READER(event_count)
{
	lisp_value_number(value, lisp_stats_get_event(object_number(object)));
}

static const struct lisp_leaf event_leaves[] = {
	LISP_LEAF_READ("name", event_name),
	LISP_LEAF_READ("count", event_count),
};

static const void *event_next(const void *parent, const void *object)
{
	unsigned int event = number_behind(object);

	return event < LISP_EV_MAX ? number_object(event) : NULL;
}

const struct lisp_kind lisp_kind_event = {
	.path = "control/events/event",
	.json = "events",
	.by_name = true,
	LISP_KIND_LEAVES(event_leaves),
	.n_keys = 1,
	.next = event_next,
};

/* ---- what was refused ---- */

static struct refused {
	uint32_t number; /* 1, 2 ... */
	const struct lisp_refusal *refusal;
} refused;

static LISP_LEAF_READER(refusal_message)
{
	lisp_value_text(value, lisp_type_name(((const struct refused *)object)->refusal->type));
}

static LISP_LEAF_READER(refusal_peer)
{
	lisp_value_address(value, &((const struct refused *)object)->refusal->peer);
}

static LISP_LEAF_READER(refusal_reason)
{
	lisp_value_text(value, lisp_drop_name(((const struct refused *)object)->refusal->reason));
}

/* An EID of no kind is none. */
static const struct lisp_eid *refusal_eid_of(const void *object)
{
	const struct lisp_eid *eid = &((const struct refused *)object)->refusal->eid;

	return lisp_eid_is_ip(eid) && !eid->prefix.family ? NULL : eid;
}

static LISP_LEAF_READER(refusal_iid)
{
	const struct lisp_eid *eid = refusal_eid_of(object);

	if (eid)
		lisp_value_number(value, eid->iid);
}

static LISP_LEAF_READER(refusal_eid)
{
	const struct lisp_eid *eid = refusal_eid_of(object);
	char text[LISP_EID_STRLEN];

	if (eid)
		lisp_value_text(value, lisp_eid_prefix_str(eid, text, sizeof(text)));
}

static LISP_LEAF_READER(refusal_site)
{
	lisp_value_text(value, ((const struct refused *)object)->refusal->site);
}

static LISP_LEAF_READER(refusal_count)
{
	lisp_value_number(value, ((const struct refused *)object)->refusal->count);
}

static LISP_LEAF_READER(refusal_last)
{
	lisp_value_since(value, ((const struct refused *)object)->refusal->last);
}

static const struct lisp_leaf refusal_leaves[] = {
	LISP_LEAF("number", number, struct refused, number),
	LISP_LEAF_READ("message", refusal_message),
	LISP_LEAF_READ("peer", refusal_peer),
	LISP_LEAF_READ("reason", refusal_reason),
	LISP_LEAF_READ("instance-id", refusal_iid),
	LISP_LEAF_READ("eid", refusal_eid),
	LISP_LEAF_READ("site", refusal_site),
	LISP_LEAF_READ("count", refusal_count),
	LISP_LEAF_READ("last", refusal_last),
};

static const void *refusal_next(const void *parent, const void *object)
{
	const struct lisp_refusal *last = object ? refused.refusal : NULL;

	refused.number = object ? refused.number + 1 : 1;
	refused.refusal = lisp_refusal_next(last);
	return refused.refusal ? &refused : NULL;
}

const struct lisp_kind lisp_kind_refusal = {
	.path = "control/errors/error",
	.json = "errors",
	LISP_KIND_LEAVES(refusal_leaves),
	.n_keys = 1,
	.next = refusal_next,
};

/* ---- dataplane ---- */

static LISP_LEAF_READER(dataplane_mtu)
{
	const struct lisp_dplane_status *status = object;

	if (status->ifname[0] && status->mtu)
		lisp_value_number(value, status->mtu);
}

static LISP_LEAF_READER(dataplane_queue_per_eid)
{
	lisp_value_number(value, lisp.queue_per_eid);
}

static LISP_LEAF_READER(dataplane_queue_total)
{
	lisp_value_number(value, lisp.queue_total);
}

static LISP_LEAF_READER(dataplane_locator_table)
{
	lisp_value_text(value, lisp.rloc_vrf);
}

static const struct lisp_leaf dataplane_leaves[] = {
	LISP_LEAF("connected", bool, struct lisp_dplane_status, connected),
	LISP_LEAF("fast-path", bool, struct lisp_dplane_status, bpf),
	LISP_LEAF("note", chars, struct lisp_dplane_status, note),
	LISP_LEAF("interface", chars, struct lisp_dplane_status, ifname),
	LISP_LEAF_READ("mtu", dataplane_mtu),
	LISP_LEAF("error", chars, struct lisp_dplane_status, error),
	LISP_LEAF_READ("locator-table", dataplane_locator_table),
	LISP_LEAF("operations-sent", number, struct lisp_dplane_status, sent),
	LISP_LEAF("operations-acknowledged", number, struct lisp_dplane_status, acked),
	LISP_LEAF("operations-refused", number, struct lisp_dplane_status, errors),
	LISP_LEAF("packets-held", number, struct lisp_dplane_status, queued),
	LISP_LEAF_READ("queue-per-eid", dataplane_queue_per_eid),
	LISP_LEAF_READ("queue-total", dataplane_queue_total),
};

static const void *dataplane_next(const void *parent, const void *object)
{
	static struct lisp_dplane_status status;

	if (object)
		return NULL;
	memset(&status, 0, sizeof(status));
	lisp_dplane_status(&status);
	return &status;
}

const struct lisp_kind lisp_kind_dataplane = {
	.path = "dataplane",
	LISP_KIND_LEAVES(dataplane_leaves),
	.next = dataplane_next,
};

/* The LISP device of an instance. */
struct device {
	uint32_t iid;
	const char *vrf;
	struct lisp_dplane_instance status;
};

static LISP_LEAF_READER(device_mtu)
{
	const struct device *device = object;

	if (device->status.ifname[0])
		lisp_value_number(value, device->status.mtu);
}

static LISP_LEAF_READER(device_fast_path)
{
	const struct device *device = object;

	if (device->status.ifname[0])
		lisp_value_bool(value, device->status.bpf);
}

static const struct lisp_leaf device_leaves[] = {
	LISP_LEAF("instance-id", number, struct device, iid),
	LISP_LEAF("vrf", string, struct device, vrf),
	LISP_LEAF("interface", chars, struct device, status.ifname),
	LISP_LEAF_READ("mtu", device_mtu),
	LISP_LEAF_READ("fast-path", device_fast_path),
	LISP_LEAF("error", chars, struct device, status.error),
};

static const void *device_next(const void *parent, const void *object)
{
	static struct device device;
	struct lisp_instance *instance = object ? lisp_instance_find(device.iid) : NULL;

	if (object && !instance)
		return NULL;
	while ((instance = lisp_instance_next(instance))) {
		memset(&device, 0, sizeof(device));
		device.iid = instance->iid;
		device.vrf = instance->eid_vrf;
		if (lisp_dplane_instance(instance->iid, &device.status))
			return &device;
	}
	return NULL;
}

const struct lisp_kind lisp_kind_device = {
	.path = "dataplane/instances/instance",
	.json = "instances",
	LISP_KIND_LEAVES(device_leaves),
	.n_keys = 1,
	.next = device_next,
};

static const struct lisp_leaf counter_leaves[] = {
	LISP_LEAF("name", chars, struct lisp_dplane_counter, name),
	LISP_LEAF("packets", number, struct lisp_dplane_counter, packets),
	LISP_LEAF("bytes", number, struct lisp_dplane_counter, bytes),
	LISP_LEAF("drop", bool, struct lisp_dplane_counter, drop),
};

static const void *counter_next(const void *parent, const void *object)
{
	const struct lisp_dplane_counter *counter = object;
	struct lisp_dplane_status status = {};

	lisp_dplane_status(&status);
	counter = counter ? counter + 1 : status.counters;
	if (!counter || counter >= status.counters + status.n_counters)
		return NULL;
	return counter;
}

const struct lisp_kind lisp_kind_counter = {
	.path = "dataplane/counters/counter",
	.json = "counters",
	.by_name = true,
	LISP_KIND_LEAVES(counter_leaves),
	.n_keys = 1,
	.next = counter_next,
};
