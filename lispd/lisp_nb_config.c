// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Configuration, declaratively. A commit may have hundreds of changes; their
 * callbacks only ask for one event. It runs when the commit is done and the
 * running configuration is the new one, and makes the daemon's objects equal to
 * it: mark all, get or create and set what is configured, sweep what is still
 * marked, then lisp_config_apply(). The order of changes, rollback and the whole
 * configuration that mgmtd sends after a restart are all the same to it.
 */
#include <zebra.h>

#include <stdlib.h>
#include <string.h>

#include "frrevent.h"
#include "log.h"
#include "memory.h"
#include "northbound.h"
#include "yang_wrappers.h"

#include "lispd/lisp_auth.h"
#include "lispd/lisp_config.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_dplane.h"
#include "lispd/lisp_errors.h"
#include "lispd/lisp_kept.h"
#include "lispd/lisp_keys.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_nb.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_type7.h"
#include "lispd/lispd.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_NB_SWEEP, "LISP configuration sweep");

/* frr-lispd.yang: what holds without `router lisp` */
#define LISP_QUEUE_PER_EID_DEFAULT 16
#define LISP_QUEUE_TOTAL_DEFAULT   4096

static struct event *t_reconcile;

/* ---- mark ---- */

static void mark_stale(void)
{
	struct lisp_locator_set *set;
	struct lisp_set_locator *loc;
	struct lisp_local_eid *local;
	struct lisp_site *site;
	struct lisp_site_prefix *prefix;
	struct lisp_entry *entry;
	struct lisp_tunnel *tunnel;
	struct lisp_map_resolver *mr = NULL;
	struct lisp_map_server *ms = NULL;

	for (set = lisp_locator_set_next(NULL); set; set = lisp_locator_set_next(set)) {
		set->stale = true;
		for (loc = lisp_set_locator_next(set, NULL); loc;
		     loc = lisp_set_locator_next(set, loc))
			loc->stale = true;
	}
	for (local = lisp_database_next(NULL); local; local = lisp_database_next(local))
		local->stale = true;
	for (site = lisp_site_next(NULL); site; site = lisp_site_next(site))
		site->stale = true;
	for (prefix = lisp_site_prefix_next(NULL); prefix; prefix = lisp_site_prefix_next(prefix))
		prefix->stale = prefix->configured;
	for (entry = lisp_map_cache_next(NULL); entry; entry = lisp_map_cache_next(entry))
		entry->stale = entry->configured;
	for (tunnel = lisp_tunnel_next(NULL); tunnel; tunnel = lisp_tunnel_next(tunnel))
		tunnel->stale = true;
	while ((mr = lisp_map_resolver_next(NULL, mr)))
		mr->stale = true;
	while ((ms = lisp_map_server_next(NULL, ms)))
		ms->stale = true;
}

/* ---- set ---- */

static void eid_get(struct lisp_eid *eid, uint32_t iid, const struct lyd_node *dnode,
		    const char *leaf)
{
	memset(eid, 0, sizeof(*eid));
	eid->iid = iid;
	yang_dnode_get_prefix(&eid->prefix, dnode, "%s", leaf);
	lisp_eid_mask(eid);
}

/* The key of a site or Map-Server. In-line secrets are in type 7 form in YANG. */
static void key_set(struct lisp_key_ref *ref, const struct lyd_node *dnode, const char *whose)
{
	char secret[LISP_TYPE7_SECRET_MAX + 1];
	uint8_t algorithm = LISP_AUTH_HMAC_SHA256_128;

	if (yang_dnode_exists(dnode, "key-name")) {
		lisp_key_ref_set(ref, yang_dnode_get_string(dnode, "key-name"), NULL, algorithm);
		return;
	}
	if (!yang_dnode_exists(dnode, "authentication-key")) {
		lisp_key_ref_set(ref, NULL, NULL, algorithm);
		return;
	}

	if (yang_dnode_exists(dnode, "algorithm"))
		algorithm = yang_dnode_get_enum(dnode, "algorithm");
	if (lisp_type7_decode(yang_dnode_get_string(dnode, "authentication-key"), secret,
			      sizeof(secret)))
		lisp_key_ref_set(ref, NULL, secret, algorithm);
	else {
		flog_warn(EC_LISP_CONFIG,
			  "the type 7 key of %s hides no text; enter the key again with `key 0`",
			  whose);
		lisp_key_ref_set(ref, NULL, NULL, algorithm);
	}
	explicit_bzero(secret, sizeof(secret));
}

struct locator_values {
	uint8_t priority, weight, mpriority, mweight;
};

static struct locator_values locator_values_get(const struct lyd_node *dnode)
{
	return (struct locator_values){
		.priority = yang_dnode_get_uint8(dnode, "priority"),
		.weight = yang_dnode_get_uint8(dnode, "weight"),
		.mpriority = yang_dnode_get_uint8(dnode, "multicast-priority"),
		.mweight = yang_dnode_get_uint8(dnode, "multicast-weight"),
	};
}

static int set_locator_set(const struct lyd_node *dnode, void *arg)
{
	struct lisp_locator_set *set = arg;
	struct locator_values v = locator_values_get(dnode);
	struct lisp_set_locator *loc;
	struct ipaddr addr;

	yang_dnode_get_ip(&addr, dnode, "address");
	loc = lisp_locator_set_locator(set, &addr, NULL, ipaddr_family(&addr), v.priority, v.weight,
				       v.mpriority, v.mweight);
	if (loc)
		loc->stale = false;
	return YANG_ITER_CONTINUE;
}

static int set_interface_set(const struct lyd_node *dnode, void *arg)
{
	struct lisp_locator_set *set = arg;
	struct locator_values v = locator_values_get(dnode);
	struct lisp_set_locator *loc;
	int af = lisp_family_af(yang_dnode_get_enum(dnode, "address-family"));

	loc = lisp_locator_set_locator(set, NULL, yang_dnode_get_string(dnode, "interface-ref"), af,
				       v.priority, v.weight, v.mpriority, v.mweight);
	if (loc)
		loc->stale = false;
	return YANG_ITER_CONTINUE;
}

static int locator_set_set(const struct lyd_node *dnode, void *arg)
{
	struct lisp_locator_set *set;

	set = lisp_locator_set_get(yang_dnode_get_string(dnode, "locator-set-name"));
	set->stale = false;
	lisp_locator_set_auto_discover(set, yang_dnode_get_bool(dnode, "auto-discover-rlocs"));
	yang_dnode_iterate(set_locator_set, set, dnode, "./locator");
	yang_dnode_iterate(set_interface_set, set, dnode, "./interface");
	return YANG_ITER_CONTINUE;
}

/*
 * RLOCs given with a local EID-prefix itself are a locator-set named as the
 * prefix: no configured set's name has a slash.
 */
static int local_eid_set(const struct lyd_node *dnode, void *arg)
{
	const struct lisp_instance *instance = arg;
	char set_name[LISP_EID_STRLEN];
	struct lisp_local_eid *local;
	struct lisp_eid eid;

	eid_get(&eid, instance->iid, dnode, "eid");
	if (yang_dnode_exists(dnode, "locator-set"))
		strlcpy(set_name, yang_dnode_get_string(dnode, "locator-set"), sizeof(set_name));
	else {
		struct lisp_locator_set *set;

		lisp_eid_str(&eid, set_name, sizeof(set_name));
		set = lisp_locator_set_get(set_name);

		set->stale = false;
		yang_dnode_iterate(set_locator_set, set, dnode, "./locator");
	}

	local = lisp_database_get(&eid, set_name);
	if (local)
		local->stale = false;
	return YANG_ITER_CONTINUE;
}

static int map_resolver_set(const struct lyd_node *dnode, void *arg)
{
	const struct lisp_service *service = arg;
	struct lisp_map_resolver *mr;
	struct ipaddr addr;

	yang_dnode_get_ip(&addr, dnode, "address");
	mr = lisp_map_resolver_get(service, &addr);
	if (mr)
		mr->stale = false;
	return YANG_ITER_CONTINUE;
}

static int map_server_set(const struct lyd_node *dnode, void *arg)
{
	const struct lisp_service *service = arg;
	struct lisp_map_server *ms;
	struct ipaddr addr;

	yang_dnode_get_ip(&addr, dnode, "address");
	ms = lisp_map_server_get(service, &addr);
	if (!ms)
		return YANG_ITER_CONTINUE;
	ms->stale = false;
	ms->proxy_reply = yang_dnode_get_bool(dnode, "proxy-reply");
	key_set(&ms->key, dnode, yang_dnode_get_string(dnode, "address"));
	return YANG_ITER_CONTINUE;
}

static int service_set(const struct lyd_node *dnode, void *arg)
{
	enum lisp_family family = yang_dnode_get_enum(dnode, "address-family");
	struct lisp_instance *instance = arg;
	struct lisp_service *service = &instance->service[family];

	service->itr = yang_dnode_get_bool(dnode, "itr/enabled");
	service->etr = yang_dnode_get_bool(dnode, "etr/enabled");
	service->map_server = yang_dnode_get_bool(dnode, "map-server");
	service->map_resolver = yang_dnode_get_bool(dnode, "map-resolver");
	if (yang_dnode_exists(dnode, "map-resolver-map-server"))
		yang_dnode_get_ip(&service->mr_map_server, dnode, "map-resolver-map-server");
	if (yang_dnode_exists(dnode, "itr/map-cache-limit"))
		service->map_cache_limit = yang_dnode_get_uint32(dnode, "itr/map-cache-limit");
	if (yang_dnode_exists(dnode, "itr/no-answer"))
		service->no_answer = yang_dnode_get_enum(dnode, "itr/no-answer") +
				     LISP_NO_ANSWER_NATIVELY_FORWARD;
	if (yang_dnode_exists(dnode, "etr/record-ttl"))
		service->etr_ttl = yang_dnode_get_uint32(dnode, "etr/record-ttl");
	if (yang_dnode_exists(dnode, "alt-vrf"))
		strlcpy(service->alt_vrf, yang_dnode_get_string(dnode, "alt-vrf"),
			sizeof(service->alt_vrf));
	service->own_roles = service->itr || service->etr || service->map_server ||
			     service->map_resolver ||
			     yang_dnode_exists(dnode, "map-resolver-map-server") ||
			     yang_dnode_exists(dnode, "itr/map-resolvers/map-resolver") ||
			     yang_dnode_exists(dnode, "etr/map-servers/map-server");

	yang_dnode_iterate(map_resolver_set, service, dnode, "./itr/map-resolvers/map-resolver");
	yang_dnode_iterate(map_server_set, service, dnode, "./etr/map-servers/map-server");
	return YANG_ITER_CONTINUE;
}

static int site_prefix_set(const struct lyd_node *dnode, void *arg)
{
	struct lisp_site *site = arg;
	struct lisp_site_prefix *prefix;
	char text[LISP_EID_STRLEN];
	struct lisp_eid eid;

	/* The model's patterns are wider than what is an EID; so is a release that knows more. */
	if (!lisp_eid_parse(yang_dnode_get_string(dnode, "prefix"), &eid)) {
		flog_warn(EC_LISP_CONFIG, "site %s: EID-prefix %s is left out: not an EID-prefix",
			  site->name, yang_dnode_get_string(dnode, "prefix"));
		return YANG_ITER_CONTINUE;
	}
	eid.iid = yang_dnode_get_uint32(dnode, "instance-id");

	prefix = lisp_site_prefix_get(site, &eid);
	if (!prefix) {
		prefix = lisp_site_prefix_find(&eid);
		if (prefix && !prefix->stale) {
			flog_warn(EC_LISP_CONFIG,
				  "site %s: eid-prefix %s is left out, it belongs to site %s",
				  site->name, lisp_eid_str(&eid, text, sizeof(text)),
				  prefix->site->name);
			return YANG_ITER_CONTINUE;
		}
		/* It moves to this site in the same commit. */
		if (prefix)
			lisp_site_prefix_del(prefix);
		prefix = lisp_site_prefix_get(site, &eid);
	}
	if (!prefix)
		return YANG_ITER_CONTINUE;
	prefix->stale = false;
	lisp_site_prefix_set(prefix, yang_dnode_get_bool(dnode, "more-specifics-accepted"));
	return YANG_ITER_CONTINUE;
}

static int site_set(const struct lyd_node *dnode, void *arg)
{
	struct lisp_site *site = lisp_site_get(yang_dnode_get_string(dnode, "name"));

	site->stale = false;
	key_set(&site->key, dnode, site->name);
	site->notify_xtr_id = yang_dnode_get_bool(dnode, "notify-xtr-id");
	yang_dnode_iterate(site_prefix_set, site, dnode, "./eid-prefix");
	return YANG_ITER_CONTINUE;
}

static int mapping_locator_set(const struct lyd_node *dnode, void *arg)
{
	struct lisp_mapping *mapping = arg;
	struct locator_values v = locator_values_get(dnode);
	struct lisp_locator loc = {
		.priority = v.priority,
		.weight = v.weight,
		.mpriority = v.mpriority,
		.mweight = v.mweight,
		.reach = true,
	};

	yang_dnode_get_ip(&loc.addr, dnode, "address");
	if (!lisp_mapping_add(mapping, &loc))
		flog_warn(EC_LISP_CONFIG,
			  "map-cache %pFX: RLOC %pIA is left out, an entry has at most %u",
			  &mapping->eid.prefix, &loc.addr, LISP_LOCATORS_MAX);
	return YANG_ITER_CONTINUE;
}

static int static_mapping_set(const struct lyd_node *dnode, void *arg)
{
	const struct lisp_instance *instance = arg;
	struct lisp_mapping mapping = { .ttl = LISP_RECORD_TTL_DEFAULT };
	struct lisp_entry *entry;

	eid_get(&mapping.eid, instance->iid, dnode, "eid");
	if (yang_dnode_exists(dnode, "action"))
		mapping.action = yang_dnode_get_enum(dnode, "action");
	else
		yang_dnode_iterate(mapping_locator_set, &mapping, dnode, "./locator");

	entry = lisp_map_cache_static(&mapping);
	if (entry)
		entry->stale = false;
	lisp_mapping_fini(&mapping);
	return YANG_ITER_CONTINUE;
}

static void asked_or_not(const struct lyd_node *dnode, const struct lisp_eid *eid,
			 enum lisp_action action)
{
	const struct lisp_mapping mapping = {
		.eid = *eid,
		.ttl = LISP_RECORD_TTL_DEFAULT,
		.action = action,
	};
	char prefix[PREFIX_STRLEN];
	struct lisp_entry *entry;

	prefix2str(&eid->prefix, prefix, sizeof(prefix));
	if (yang_dnode_existsf(dnode, "../static-mapping[eid='%s']", prefix))
		return;
	entry = lisp_map_cache_static(&mapping);
	if (entry)
		entry->stale = false;
}

static int eid_space_set(const struct lyd_node *dnode, void *arg)
{
	const struct lisp_instance *instance = arg;
	struct lisp_eid eid, all;

	eid_get(&eid, instance->iid, dnode, "eid");
	all = eid;
	all.prefix.prefixlen = 0;
	lisp_eid_mask(&all);
	if (!yang_dnode_existsf(dnode, "../eid-space[eid='%s']",
				eid.prefix.family == AF_INET ? "0.0.0.0/0" : "::/0"))
		asked_or_not(dnode, &all, LISP_ACT_NATIVELY_FORWARD);
	asked_or_not(dnode, &eid, LISP_ACT_SEND_MAP_REQUEST);
	return YANG_ITER_CONTINUE;
}

static int tunnel_set(const struct lyd_node *dnode, void *arg)
{
	const struct lisp_instance *instance = arg;
	struct lisp_tunnel *tunnel = lisp_tunnel_get(yang_dnode_get_string(dnode, "name"));

	if (!tunnel)
		return YANG_ITER_CONTINUE;
	tunnel->stale = false;
	tunnel->iid = instance->iid;
	yang_dnode_get_ip(&tunnel->source, dnode, "source");
	yang_dnode_get_ip(&tunnel->destination, dnode, "destination");
	tunnel->has_key = yang_dnode_exists(dnode, "key");
	tunnel->key = tunnel->has_key ? yang_dnode_get_uint32(dnode, "key") : 0;
	return YANG_ITER_CONTINUE;
}

static int instance_set(const struct lyd_node *dnode, void *arg)
{
	struct lisp_instance *instance;

	instance = lisp_instance_get(yang_dnode_get_uint32(dnode, "instance-id"));
	instance->stale = false;
	if (yang_dnode_exists(dnode, "eid-table"))
		strlcpy(instance->eid_vrf, yang_dnode_get_string(dnode, "eid-table"),
			sizeof(instance->eid_vrf));

	yang_dnode_iterate(service_set, instance, dnode, "./service");
	yang_dnode_iterate(local_eid_set, instance, dnode, "./local-eids/local-eid");
	yang_dnode_iterate(static_mapping_set, instance, dnode, "./map-cache/static-mapping");
	yang_dnode_iterate(eid_space_set, instance, dnode, "./map-cache/eid-space");
	yang_dnode_iterate(tunnel_set, instance, dnode, "./alt/tunnel");
	return YANG_ITER_CONTINUE;
}

static void xtr_id_set(const struct lyd_node *dnode)
{
	memcpy(lisp.xtr_id, lisp_kept_xtr_id(), sizeof(lisp.xtr_id));
	if (yang_dnode_exists(dnode, "xtr-id"))
		lisp_xtr_id_parse(yang_dnode_get_string(dnode, "xtr-id"), lisp.xtr_id);
}

static void defaults_set(void)
{
	struct lisp_instance *instance = NULL;

	lisp.enabled = false;
	lisp.site_id = 0;
	lisp.rloc_probing = false;
	lisp.queue_per_eid = LISP_QUEUE_PER_EID_DEFAULT;
	lisp.queue_total = LISP_QUEUE_TOTAL_DEFAULT;
	/* without `router lisp` it stays: withdrawals leave where the Map-Servers are */
	if (!lisp.rloc_vrf[0])
		strlcpy(lisp.rloc_vrf, VRF_DEFAULT_NAME, sizeof(lisp.rloc_vrf));
	while ((instance = lisp_instance_next(instance))) {
		instance->stale = true;
		lisp_instance_reset(instance);
	}
}

static void lisp_set(const struct lyd_node *dnode)
{
	lisp.enabled = true;
	xtr_id_set(dnode);
	if (yang_dnode_exists(dnode, "site-id"))
		lisp.site_id = yang_dnode_get_uint64(dnode, "site-id");
	lisp.rloc_probing = yang_dnode_get_bool(dnode, "rloc-probing");
	strlcpy(lisp.rloc_vrf, yang_dnode_get_string(dnode, "locator-table"), sizeof(lisp.rloc_vrf));
	lisp.queue_per_eid = yang_dnode_get_uint32(dnode, "dataplane/queue-per-eid");
	lisp.queue_total = yang_dnode_get_uint32(dnode, "dataplane/queue-total");
	lisp_keys_path_set(yang_dnode_exists(dnode, "key-file")
				   ? yang_dnode_get_string(dnode, "key-file")
				   : NULL);

	yang_dnode_iterate(locator_set_set, NULL, dnode, "./locator-sets/locator-set");
	yang_dnode_iterate(instance_set, NULL, dnode, "./instances/instance");
	yang_dnode_iterate(site_set, NULL, dnode, "./sites/site");
}

/* ---- sweep ---- */

/* EID-prefixes that go: freeing one may free others, so they are listed first. */
struct doomed {
	struct lisp_eid *eids;
	size_t count, room;
};

static void doom(struct doomed *doomed, const struct lisp_eid *eid)
{
	if (doomed->count == doomed->room) {
		doomed->room = doomed->room ? 2 * doomed->room : 64;
		doomed->eids = XREALLOC(MTYPE_LISP_NB_SWEEP, doomed->eids,
					doomed->room * sizeof(doomed->eids[0]));
	}
	doomed->eids[doomed->count++] = *eid;
}

static void local_eids_sweep(void)
{
	struct doomed doomed = {};
	struct lisp_local_eid *local = NULL;
	size_t i;

	while ((local = lisp_database_next(local)))
		if (local->stale)
			doom(&doomed, &local->eid);
	for (i = 0; i < doomed.count; i++)
		lisp_database_del(&doomed.eids[i]);
	XFREE(MTYPE_LISP_NB_SWEEP, doomed.eids);
}

static void locator_sets_sweep(void)
{
	struct lisp_locator_set *set, *set_next;
	struct lisp_set_locator *loc, *loc_next;

	for (set = lisp_locator_set_next(NULL); set; set = set_next) {
		set_next = lisp_locator_set_next(set);
		if (set->stale) {
			lisp_locator_set_free(&set);
			continue;
		}
		for (loc = lisp_set_locator_next(set, NULL); loc; loc = loc_next) {
			loc_next = lisp_set_locator_next(set, loc);
			if (loc->stale)
				lisp_set_locator_free(set, &loc);
		}
	}
}

static void services_sweep(void)
{
	struct lisp_map_resolver *mr, *mr_next;
	struct lisp_map_server *ms, *ms_next;

	for (mr = lisp_map_resolver_next(NULL, NULL); mr; mr = mr_next) {
		mr_next = lisp_map_resolver_next(NULL, mr);
		if (mr->stale)
			lisp_map_resolver_free(&mr);
	}
	for (ms = lisp_map_server_next(NULL, NULL); ms; ms = ms_next) {
		ms_next = lisp_map_server_next(NULL, ms);
		if (ms->stale)
			lisp_map_server_free(&ms);
	}
}

static void sites_sweep(void)
{
	struct doomed doomed = {};
	struct lisp_site_prefix *prefix = NULL;
	struct lisp_site *site, *next;
	size_t i;

	while ((prefix = lisp_site_prefix_next(prefix)))
		if (prefix->configured && prefix->stale)
			doom(&doomed, &prefix->eid);
	for (i = 0; i < doomed.count; i++) {
		prefix = lisp_site_prefix_find(&doomed.eids[i]);
		if (prefix && prefix->stale)
			lisp_site_prefix_del(prefix);
	}
	XFREE(MTYPE_LISP_NB_SWEEP, doomed.eids);

	for (site = lisp_site_next(NULL); site; site = next) {
		next = lisp_site_next(site);
		if (site->stale)
			lisp_site_free(&site);
	}
}

static void map_cache_sweep(void)
{
	struct doomed doomed = {};
	struct lisp_entry *entry = NULL;
	size_t i;

	while ((entry = lisp_map_cache_next(entry)))
		if (entry->stale)
			doom(&doomed, &entry->mapping.eid);
	for (i = 0; i < doomed.count; i++)
		lisp_map_cache_static_del(&doomed.eids[i]);
	XFREE(MTYPE_LISP_NB_SWEEP, doomed.eids);
}

static void instances_sweep(void)
{
	struct lisp_instance *instance, *next;

	for (instance = lisp_instance_next(NULL); instance; instance = next) {
		next = lisp_instance_next(instance);
		if (instance->stale)
			lisp_instance_free(&instance);
	}
}

static void tunnels_sweep(void)
{
	struct lisp_tunnel *tunnel, *next;

	for (tunnel = lisp_tunnel_next(NULL); tunnel; tunnel = next) {
		next = lisp_tunnel_next(tunnel);
		if (tunnel->stale)
			lisp_tunnel_free(&tunnel);
	}
}

/* Users before what they use. */
static void sweep(void)
{
	local_eids_sweep();
	locator_sets_sweep();
	services_sweep();
	sites_sweep();
	map_cache_sweep();
	tunnels_sweep();
	instances_sweep();
}

/* ---- the event ---- */

static void nb_config_reconcile(struct event *event)
{
	const struct lyd_node *dnode = yang_dnode_get(running_config->dnode, "/frr-lispd:lisp");

	mark_stale();
	defaults_set();
	if (dnode)
		lisp_set(dnode);
	else
		lisp_keys_path_set(NULL);
	sweep();
	lisp_config_apply();
}

static int changed(enum nb_event event)
{
	if (event == NB_EV_APPLY)
		event_add_event(lisp.master, nb_config_reconcile, NULL, 0, &t_reconcile);
	return NB_OK;
}

int lisp_nb_create(struct nb_cb_create_args *args)
{
	return changed(args->event);
}

int lisp_nb_modify(struct nb_cb_modify_args *args)
{
	return changed(args->event);
}

int lisp_nb_destroy(struct nb_cb_destroy_args *args)
{
	return changed(args->event);
}

void lisp_nb_init(void)
{
	defaults_set();
	lisp_nb_notifications_init();
}

void lisp_nb_finish(void)
{
	event_cancel(&t_reconcile);
	lisp_nb_notifications_finish();
}
