// SPDX-License-Identifier: GPL-2.0-or-later
/* show lisp service, statistics, alt, dataplane */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "command.h"

#include "lispd/lisp_dplane.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_stats.h"
#include "vtysh-cmds/lisp_show.h"

/* ---- what is wrong ---- */

static void problems_head(struct lisp_show *show)
{
	if (!lisp_kind_problem.next(NULL, NULL))
		return;
	vty_out(show->vty, "What is wrong:\n");
	lisp_show_lines(show, &lisp_kind_problem, NULL, "  {problem}\n    Remedy: {remedy}\n");
	vty_out(show->vty, "\n");
}

/* ---- service ---- */

static void router_head(struct lisp_show *show)
{
	lisp_show_line(show, &lisp_kind_router, &lisp,
		       "Router LISP:                         {enabled?enabled|disabled}\n");
	lisp_show_line(show, &lisp_kind_keys, lisp_kind_keys.next(NULL, NULL),
		       "Key file:                            {path}, keys: {keys}{error?, $|}\n");
	lisp_show_line(show, &lisp_kind_pending, NULL,
		       "Outstanding Map-Requests:            {outstanding}\n");
}

static void roles_text(struct lisp_show *show, const struct lisp_service *service)
{
	lisp_show_line(show, &lisp_kind_service, service,
		       "  Ingress Tunnel Router (ITR):         {itr?enabled|disabled}\n"
		       "  Egress Tunnel Router (ETR):          {etr?enabled|disabled}\n"
		       "  Proxy-ITR Router (PITR):             disabled\n"
		       "  Proxy-ETR Router (PETR):             disabled\n"
		       "  NAT-traversal Router (NAT-RTR):      disabled\n"
		       "  Mobility First-Hop Router:           disabled\n"
		       "  Map Server (MS):                     {map-server?enabled|disabled}\n"
		       "  Map Resolver (MR):                   {map-resolver?enabled|disabled}\n"
		       "  Delegated Database Tree (DDT):       disabled\n"
		       "  ALT VRF:                             {alt-vrf?$|none}\n");
	if (!IS_IPADDR_NONE(&service->mr_map_server))
		lisp_show_line(show, &lisp_kind_service, service,
			       "  MR Map-Server:                       {map-resolver-map-server}\n");
}

/* Each list on one line, and what is to be told of a Map-Server on one of its own. */
static void peers_text(struct lisp_show *show, const struct lisp_service *service)
{
	struct lisp_map_resolver *mr = NULL;
	struct lisp_map_server *ms = NULL;
	const char *between = "";

	vty_out(show->vty, "  ITR Map-Resolver(s):                 ");
	for (; (mr = lisp_map_resolver_next(service, mr)); between = ", ") {
		vty_out(show->vty, "%s", between);
		lisp_show_line(show, &lisp_kind_resolver, mr, "{address}");
	}
	vty_out(show->vty, "\n  ETR Map-Server(s):                   ");
	for (between = ""; (ms = lisp_map_server_next(service, ms)); between = ", ") {
		vty_out(show->vty, "%s", between);
		lisp_show_line(show, &lisp_kind_server, ms, "{address} ({last-map-notify@time})");
	}
	vty_out(show->vty, "\n");
	while ((ms = lisp_map_server_next(service, ms)))
		lisp_show_line(show, &lisp_kind_server, ms,
			       "    {address}, {state}{reason?: $|}, last Map-Register "
			       "{last-map-register@time}, last Map-Notify {last-map-notify@time}, "
			       "key {key-name?name $|in the configuration}"
			       "{proxy-reply?, proxy-reply|}\n");
}

static void service_text(struct lisp_show *show, const void *object)
{
	const struct lisp_service *service = object;
	char table[LISP_EID_TABLE_STRLEN];

	vty_out(show->vty, "\nLISP service %s\n", lisp_family_title(service->family));
	show->iid = service->iid;
	lisp_show_router_head(show);
	lisp_show_line(show, &lisp_kind_service, service,
		       "  Instance ID:                         {instance-id}\n"
		       "  Router-lisp ID:                      0\n");
	lisp_show_line(show, &lisp_kind_dataplane, lisp_kind_dataplane.next(NULL, NULL),
		       "  Locator table:                       {locator-table}\n");
	vty_out(show->vty, "  EID table:                           %s\n",
		lisp_eid_table_name(service->iid, table, sizeof(table)));
	lisp_show_line(show, &lisp_kind_service, service,
		       "{inherited?  Roles and peers:                     of instance 0\n|}");
	roles_text(show, service);
	peers_text(show, service);
	lisp_show_line(show, &lisp_kind_router, &lisp,
		       "  xTR-ID:                              {xtr-id?$|unspecified}\n"
		       "  site-ID:                             {site-id?$|unspecified}\n");
	lisp_show_line(show, &lisp_kind_service, service,
		       "  ETR map-cache TTL:                   {etr-map-cache-ttl@minutes}\n"
		       "  Map-cache size/limit:                {map-cache-size}/{map-cache-limit}\n"
		       "  EIDs without an answer:              {no-answer}\n");
}

static void services_head(struct lisp_show *show)
{
	vty_out(show->vty,
		"Output for router lisp 0\nRouter-lisp ID:   0\n\n"
		"Key: DB - local EID-prefixes, no route - those without a locator that is up,\n"
		"Cache - map-cache; what is not counted is -\n\n"
		"                               Interface    DB  DB no  Cache  Incom  Cache\n"
		"EID VRF name                      (.IID)  size  route   size  plete   Idle  %s\n",
		show->scope.families == LISP_FAMILIES_ALL ? "Role           Family" : "Role");
}

/* "ITR-ETR-MS-MR": what of it the service is. */
static const char *service_roles(const struct lisp_service *service, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s%s%s", service->itr ? "-ITR" : "", service->etr ? "-ETR" : "",
		 service->map_server ? "-MS" : "", service->map_resolver ? "-MR" : "");
	return buf[0] ? buf + 1 : "NONE";
}

static void service_line(struct lisp_show *show, const void *object)
{
	const struct lisp_service *service = object;
	const struct lisp_instance *instance = lisp_instance_find(service->iid);
	char interface[32], roles[sizeof("-ITR-ETR-MS-MR")];

	snprintf(interface, sizeof(interface), "LISP0.%u", service->iid);
	vty_out(show->vty, "%-24s %15s ", instance->eid_vrf, interface);
	lisp_show_line(show, &lisp_kind_service, service,
		       "{local-eids:>5} {local-eids-down:>6} {map-cache-size:>6}      -      -  ");
	if (show->scope.families == LISP_FAMILIES_ALL)
		vty_out(show->vty, "%-14s %s\n", service_roles(service, roles, sizeof(roles)),
			lisp_family_title(service->family));
	else
		vty_out(show->vty, "%s\n", service_roles(service, roles, sizeof(roles)));
}

static void services_foot(struct lisp_show *show)
{
	unsigned int tables = 0, locals = 0, inactive = 0, entries = 0;
	const struct lisp_service *service = NULL, *last = NULL;
	struct lisp_value value;

	while ((service = lisp_kind_service.next(NULL, service))) {
		if (!lisp_scope_has(&show->scope, service->iid, service->family))
			continue;
		lisp_kind_read(&lisp_kind_service, "local-eids", service, &value);
		/* those of an instance are one behind the other */
		tables += !last || last->iid != service->iid;
		last = service;
		locals += value.number;
		inactive += service->etr ? 0 : value.number;
		entries += lisp_map_cache_count_of(service->iid, service->family);
	}
	vty_out(show->vty,
		"\nNumber of eid-tables:                      %10u\n"
		"Total number of database entries:          %10u (inactive %u)\n"
		"Total number of map-cache entries:         %10u\n",
		tables, locals, inactive, entries);
}

static const struct lisp_section services_sections[] = {
	{ .kind = &lisp_kind_service, .head = services_head, .text = service_line },
	{ .kind = &lisp_kind_map_cache, .head = services_foot },
	{},
};

static const struct lisp_section services_json[] = { { .kind = &lisp_kind_service }, {} };

int lisp_show_service(struct vty *vty, const struct lisp_scope *scope, bool summary, bool json)
{
	static const struct lisp_section text_sections[] = {
		{ .kind = &lisp_kind_problem, .head = problems_head },
		{ .kind = &lisp_kind_service, .head = router_head, .text = service_text },
		{},
	};
	static const struct lisp_section json_sections[] = {
		{ .kind = &lisp_kind_problem }, { .kind = &lisp_kind_router },
		{ .kind = &lisp_kind_pending }, { .kind = &lisp_kind_keys, .member = "keyFile" },
		{ .kind = &lisp_kind_service }, { .kind = &lisp_kind_resolver },
		{ .kind = &lisp_kind_server },	{},
	};

	struct lisp_show show = {
		.vty = vty,
		.json = json,
		.scope = *scope,
		.sections = json ? json_sections : text_sections,
	};

	if (summary)
		show.sections = json ? services_json : services_sections;
	return lisp_show(&show);
}

/* ---- session ---- */

static bool resolver_up(const struct lisp_map_resolver *mr)
{
	return mr->last_reply && !mr->unanswered;
}

static void session_head(struct lisp_show *show)
{
	unsigned int total = 0, up = 0;
	struct lisp_map_resolver *mr = NULL;
	struct lisp_map_server *ms = NULL;

	while ((ms = lisp_map_server_next(NULL, ms))) {
		if (!lisp_scope_has(&show->scope, ms->iid, ms->family))
			continue;
		total++;
		up += ms->state == LISP_REG_STEADY;
	}
	while ((mr = lisp_map_resolver_next(NULL, mr))) {
		if (!lisp_scope_has(&show->scope, mr->iid, mr->family))
			continue;
		total++;
		up += resolver_up(mr);
	}
	lisp_show_line(show, &lisp_kind_dataplane, lisp_kind_dataplane.next(NULL, NULL),
		       "Sessions for VRF {locator-table}");
	vty_out(show->vty, ", total: %u, established: %u\n", total, up);
	vty_out(show->vty, "%-39s %-6s %-10s %15s %5s  %s\n", "Peer", "State", "LastHeard",
		"In/Out", "Users", "Role");
}

static void server_session_text(struct lisp_show *show, const void *object)
{
	const struct lisp_map_server *ms = object;

	lisp_show_line(show, &lisp_kind_server, ms, "{address:39} ");
	vty_out(show->vty, "%-6s ", ms->state == LISP_REG_STEADY ? "Up" : "Down");
	lisp_show_line(show, &lisp_kind_server, ms,
		       "{last-map-notify:10@time} {map-notifies:>7}/{map-registers:7}     1  "
		       "Map-Server, {address-family} EIDs, instance-id {instance-id}\n");
}

static void resolver_session_text(struct lisp_show *show, const void *object)
{
	const struct lisp_map_resolver *mr = object;
	char counts[48];

	lisp_show_line(show, &lisp_kind_resolver, mr, "{address:39} ");
	snprintf(counts, sizeof(counts), "%7" PRIu64 "/%-7" PRIu64, mr->replies + mr->negatives,
		 mr->requests);
	vty_out(show->vty, "%-6s ", resolver_up(mr) ? "Up" : mr->unanswered ? "Down" : "Idle");
	lisp_show_line(show, &lisp_kind_resolver, mr, "{last-reply:10@time} ");
	vty_out(show->vty, "%s     1  ", counts);
	lisp_show_line(show, &lisp_kind_resolver, mr,
		       "Map-Resolver, {address-family} EIDs, instance-id {instance-id}\n");
}

int lisp_show_session(struct vty *vty, const struct lisp_scope *scope, bool json)
{
	static const struct lisp_section sections[] = {
		{ .kind = &lisp_kind_server, .head = session_head, .text = server_session_text },
		{ .kind = &lisp_kind_resolver, .text = resolver_session_text },
		{},
	};

	return lisp_show(&(struct lisp_show){
		.vty = vty, .json = json, .scope = *scope, .sections = sections });
}

/* ---- statistics ---- */

static void messages_head(struct lisp_show *show)
{
	if (lisp_scope_limited(&show->scope))
		vty_out(show->vty, "The counters of messages are sums, of all instances\n");
	vty_out(show->vty, "Output for router lisp 0\n");
	lisp_show_line(show, &lisp_kind_control, NULL,
		       "LISP Miscellaneous Statistics - last cleared: {last-cleared@time}\n"
		       "Control Packets:\n");
}

/* "  NAME:      VALUES" of an object whose name is its key. */
static void count_text(struct lisp_show *show, const struct lisp_kind *kind, const void *object,
		       const char *behind, const char *values)
{
	struct lisp_value name;
	char label[64];

	lisp_leaf_read(&kind->leaves[0], object, &name);
	snprintf(label, sizeof(label), "%.48s%s:", name.text, behind);
	vty_out(show->vty, "  %-44s ", label);
	lisp_show_line(show, kind, object, values);
}

static void message_text(struct lisp_show *show, const void *object)
{
	count_text(show, &lisp_kind_message, object, " in/out", "{in}/{out}\n");
}

static void events_head(struct lisp_show *show)
{
	vty_out(show->vty, "Events:\n");
}

static void event_text(struct lisp_show *show, const void *object)
{
	count_text(show, &lisp_kind_event, object, "", "{count}\n");
}

static void drops_head(struct lisp_show *show)
{
	vty_out(show->vty, "Errors:\n");
}

static void drop_text(struct lisp_show *show, const void *object)
{
	count_text(show, &lisp_kind_drop, object, "", "{count}\n");
}

/* Those of a service are together. */
static void resolver_text(struct lisp_show *show, const void *object)
{
	const struct lisp_map_resolver *mr = object;
	char group[sizeof(show->group)];

	snprintf(group, sizeof(group), "%u %u", mr->iid, mr->family);
	if (!strmatch(show->group, group)) {
		strlcpy(show->group, group, sizeof(show->group));
		vty_out(show->vty, "\n%s EIDs\nLISP EID Statistics for instance ID %u",
			lisp_family_title(mr->family), mr->iid);
		lisp_show_line(show, &lisp_kind_control, NULL,
			       " - last cleared: {last-cleared@time}\n");
		vty_out(show->vty, "  %-39s %-9s %6s %8s %8s %8s %8s\n", "Map-Resolver",
			"LastReply", "Metric", "ReqsSent", "Positive", "Negative", "No-Reply");
	}
	lisp_show_line(show, &lisp_kind_resolver, mr,
		       "  {address:39} {last-reply:9@time}      - {requests:>8} {replies:>8} "
		       "{negative-replies:>8} {timeouts:>8}\n");
}

int lisp_show_statistics(struct vty *vty, const struct lisp_scope *scope, bool json)
{
	static const struct lisp_section sections[] = {
		{ .kind = &lisp_kind_control },
		{ .kind = &lisp_kind_message, .head = messages_head, .text = message_text },
		{ .kind = &lisp_kind_event, .head = events_head, .text = event_text },
		{ .kind = &lisp_kind_drop, .head = drops_head, .text = drop_text },
		{ .kind = &lisp_kind_refusal },
		{ .kind = &lisp_kind_resolver, .text = resolver_text },
		{},
	};

	return lisp_show(&(struct lisp_show){
		.vty = vty, .json = json, .scope = *scope, .sections = sections });
}

/* ---- errors ---- */

static void errors_head(struct lisp_show *show)
{
	if (!lisp_kind_refusal.next(NULL, NULL))
		vty_out(show->vty, "Nothing was refused\n");
	else
		vty_out(show->vty, "%-14s %-39s %-9s %6s %-30s %s\n", "Message", "Peer", "Last",
			"Times", "Reason", "EID-prefix");
}

static void error_text(struct lisp_show *show, const void *object)
{
	lisp_show_line(show, &lisp_kind_refusal, object,
		       "{message:14} {peer:39} {last:9@time} {count:>6} {reason:30} "
		       "{instance-id?[$] |}{eid}{site?, site $|}\n");
}

int lisp_show_errors(struct vty *vty, bool json)
{
	static const struct lisp_section sections[] = {
		{ .kind = &lisp_kind_refusal, .head = errors_head, .text = error_text },
		{},
	};

	return lisp_show(&(struct lisp_show){
		.vty = vty,
		.json = json,
		.scope.families = LISP_FAMILIES_ALL,
		.sections = sections,
	});
}

/* ---- alt ---- */

static void alt_head(struct lisp_show *show)
{
	vty_out(show->vty, "LISP Alternative Logical Topology (RFC 6836)\n\n");
	if (!lisp_kind_alt_vrf.next(NULL, NULL))
		vty_out(show->vty, "no alt-vrf\n");
}

/* Before an object's line, where there are other instances than 0. */
static void alt_instance(struct lisp_show *show, const struct lisp_kind *kind, const void *object)
{
	if (lisp_scope_several(&show->scope))
		lisp_show_line(show, kind, object, "Instance {instance-id}, ");
}

static void alt_vrf_text(struct lisp_show *show, const void *object)
{
	alt_instance(show, &lisp_kind_alt_vrf, object);
	lisp_show_line(show, &lisp_kind_alt_vrf, object,
		       "{address-family} EIDs: VRF {vrf}, {up?up|down}{error?: $|}\n"
		       "  interface {interface?$|none}, datagrams in {datagrams-in}, out "
		       "{datagrams-out}, dropped {datagrams-dropped}\n");
}

static void tunnels_head(struct lisp_show *show)
{
	vty_out(show->vty, "\n");
}

static void tunnel_text(struct lisp_show *show, const void *object)
{
	const struct lisp_tunnel *tunnel = object;

	alt_instance(show, &lisp_kind_tunnel, tunnel);
	lisp_show_line(show, &lisp_kind_tunnel, tunnel, "Tunnel {name}: {source} -> {destination}");
	if (tunnel->has_key)
		lisp_show_line(show, &lisp_kind_tunnel, tunnel, ", key {key}");
	lisp_show_line(show, &lisp_kind_tunnel, tunnel,
		       tunnel->ifindex ? ", {implementation} GRE, MTU {mtu}" : ", not there yet");
	lisp_show_line(show, &lisp_kind_tunnel, tunnel,
		       "{error?, $|}\n"
		       "  in {packets-in} packets ({bytes-in} bytes), out {packets-out} packets "
		       "({bytes-out} bytes), dropped {drops}\n");
}

static void routes_head(struct lisp_show *show)
{
	if (lisp_kind_alt_route.next(NULL, NULL))
		vty_out(show->vty, "\nEID-prefixes that we have put into the ALT\n");
}

static void route_text(struct lisp_show *show, const void *object)
{
	vty_out(show->vty, "  ");
	alt_instance(show, &lisp_kind_alt_route, object);
	lisp_show_line(show, &lisp_kind_alt_route, object, "{eid:43} {origin}\n");
}

static void learned_head(struct lisp_show *show)
{
	if (lisp_kind_alt_learned.next(NULL, NULL))
		vty_out(show->vty, "\nEID-prefixes learned from BGP in the ALT\n");
}

static void learned_text(struct lisp_show *show, const void *object)
{
	vty_out(show->vty, "  ");
	alt_instance(show, &lisp_kind_alt_learned, object);
	lisp_show_line(show, &lisp_kind_alt_learned, object, "{eid}\n");
}

int lisp_show_alt(struct vty *vty, const struct lisp_scope *scope, bool json)
{
	static const struct lisp_section sections[] = {
		{ .kind = &lisp_kind_alt_vrf, .head = alt_head, .text = alt_vrf_text },
		{ .kind = &lisp_kind_tunnel, .head = tunnels_head, .text = tunnel_text },
		{ .kind = &lisp_kind_alt_route, .head = routes_head, .text = route_text },
		{ .kind = &lisp_kind_alt_learned, .head = learned_head, .text = learned_text },
		{},
	};

	lisp_dplane_counters_refresh();
	return lisp_show(&(struct lisp_show){
		.vty = vty, .json = json, .scope = *scope, .sections = sections });
}

/* ---- dataplane ---- */

static void dataplane_head(struct lisp_show *show)
{
	const struct lisp_dplane_status *status = lisp_kind_dataplane.next(NULL, NULL);

	lisp_show_line(show, &lisp_kind_dataplane, status,
		       "LISP dataplane\n"
		       "  Mapping socket:     {connected?connected|not connected}\n"
		       "  Kernel fast path:   {fast-path?on|off}{note?, $|}\n"
		       "  LISP device:        {interface?$|none}{mtu?, MTU $|}{error?, $|}\n"
		       "  RLOCs:              VRF {locator-table}\n"
		       "  Operations:         {operations-sent} sent, {operations-acknowledged} "
		       "acknowledged, {operations-refused} refused\n"
		       "  Packets held:       {packets-held} (limits: {queue-per-eid} per EID, "
		       "{queue-total} in all)\n");
	lisp_show_lines(show, &lisp_kind_device, NULL,
			"  Instance-id {instance-id:8} {interface?$|no device}, VRF {vrf}"
			"{error?: $|}\n");
	vty_out(show->vty, "\n%-48s %14s %16s %s\n", "Counter", "Packets", "Bytes", "Drop");
}

static void counter_text(struct lisp_show *show, const void *object)
{
	lisp_show_line(show, &lisp_kind_counter, object,
		       "{name:48} {packets:>14} {bytes:>16}{drop? dropped|}\n");
}

int lisp_show_dataplane(struct vty *vty, bool json)
{
	static const struct lisp_section text_sections[] = {
		{ .kind = &lisp_kind_problem, .head = problems_head },
		{ .kind = &lisp_kind_counter, .head = dataplane_head, .text = counter_text },
		{},
	};
	static const struct lisp_section json_sections[] = {
		{ .kind = &lisp_kind_problem },
		{ .kind = &lisp_kind_dataplane },
		{ .kind = &lisp_kind_device },
		{ .kind = &lisp_kind_counter },
		{},
	};

	lisp_dplane_counters_refresh();
	return lisp_show(&(struct lisp_show){
		.vty = vty, .json = json, .sections = json ? json_sections : text_sections });
}
