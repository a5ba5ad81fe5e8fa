// SPDX-License-Identifier: GPL-2.0-or-later
/* show lisp service, statistics, alt, dataplane */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "command.h"

#include "lispd/lisp_dplane.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_stats.h"
#include "vtysh-cmds/lisp_show.h"

/* ---- service ---- */

static void router_head(struct lisp_show *show)
{
	lisp_show_line(show, &lisp_kind_router, &lisp,
		       "Router-lisp ID:                     0\n"
		       "  Router LISP:                      {enabled?enabled|disabled}\n"
		       "  xTR-ID:                           {xtr-id?$|unspecified}\n"
		       "  site-ID:                          {site-id}\n");
	lisp_show_line(show, &lisp_kind_keys, lisp_kind_keys.next(NULL, NULL),
		       "  Key file:                         {path}, {keys} keys{error?, $|}\n");
	lisp_show_line(show, &lisp_kind_pending, NULL,
		       "  Outstanding Map-Requests:         {outstanding}\n");
}

static void service_text(struct lisp_show *show, const void *object)
{
	const struct lisp_service *service = object;
	struct lisp_map_resolver *mr = NULL;
	struct lisp_map_server *ms = NULL;
	char table[LISP_EID_TABLE_STRLEN];

	vty_out(show->vty, "\nLISP service %s\n", lisp_family_title(service->family));
	lisp_show_line(show, &lisp_kind_service, service,
		       "  Instance ID:                      {instance-id}\n");
	vty_out(show->vty, "  EID table:                        %s\n",
		lisp_eid_table_name(service->iid, table, sizeof(table)));
	lisp_show_line(show, &lisp_kind_service, service,
		       "  Ingress Tunnel Router (ITR):      {itr?enabled|disabled}\n"
		       "  Egress Tunnel Router (ETR):       {etr?enabled|disabled}\n"
		       "  Map Server (MS):                  {map-server?enabled|disabled}\n"
		       "  Map Resolver (MR):                {map-resolver?enabled|disabled}\n"
		       "  ALT VRF:                          {alt-vrf?$|none}\n"
		       "  ITR Map-Resolver(s):\n");
	while ((mr = lisp_map_resolver_next(service, mr)))
		lisp_show_line(show, &lisp_kind_resolver, mr, "    {address}\n");
	vty_out(show->vty, "  ETR Map-Server(s):\n");
	while ((ms = lisp_map_server_next(service, ms)))
		lisp_show_line(show, &lisp_kind_server, ms,
			       "    {address}, {state}{reason?: $|}, last Map-Register "
			       "{last-map-register@time}, last Map-Notify {last-map-notify@time}, "
			       "key {key-name?name $|in the configuration}"
			       "{proxy-reply?, proxy-reply|}\n");
	lisp_show_line(show, &lisp_kind_service, service,
		       "  ETR map-cache TTL:                {etr-map-cache-ttl@minutes}\n"
		       "  Map-cache limit:                  {map-cache-limit}\n"
		       "  EIDs without an answer:           {no-answer}\n");
}

int lisp_show_service(struct vty *vty, const struct lisp_scope *scope, bool json)
{
	static const struct lisp_section text_sections[] = {
		{ .kind = &lisp_kind_service, .head = router_head, .text = service_text },
		{},
	};
	static const struct lisp_section json_sections[] = {
		{ .kind = &lisp_kind_router },
		{ .kind = &lisp_kind_pending },
		{ .kind = &lisp_kind_keys, .member = "keyFile" },
		{ .kind = &lisp_kind_service },
		{ .kind = &lisp_kind_resolver },
		{ .kind = &lisp_kind_server },
		{},
	};

	return lisp_show(&(struct lisp_show){
		.vty = vty,
		.json = json,
		.scope = *scope,
		.sections = json ? json_sections : text_sections,
	});
}

/* ---- statistics ---- */

static void messages_head(struct lisp_show *show)
{
	vty_out(show->vty, "LISP Control Plane Statistics%s\n  %-36s %12s %12s\n",
		lisp_scope_limited(&show->scope) ? ", of all instances" : "", "Message", "In",
		"Out");
}

static void message_text(struct lisp_show *show, const void *object)
{
	lisp_show_line(show, &lisp_kind_message, object, "  {type:36} {in:>12} {out:>12}\n");
}

static void drops_head(struct lisp_show *show)
{
	vty_out(show->vty, "\n  %-36s %12s\n", "Dropped for the reason", "Messages");
	if (!lisp_kind_drop.next(NULL, NULL))
		vty_out(show->vty, "  none\n");
}

static void drop_text(struct lisp_show *show, const void *object)
{
	lisp_show_line(show, &lisp_kind_drop, object, "  {reason:36} {count:>12}\n");
}

static void events_head(struct lisp_show *show)
{
	vty_out(show->vty, "\n  %-36s %12s\n", "Event", "Times");
}

static void event_text(struct lisp_show *show, const void *object)
{
	lisp_show_line(show, &lisp_kind_event, object, "  {name:36} {count:>12}\n");
}

static void resolvers_head(struct lisp_show *show)
{
	vty_out(show->vty, "\n  %-25s %-7s %-5s %-9s %9s %9s %9s %9s\n", "Map-Resolver", "Inst ID",
		"EIDs", "LastReply", "ReqsSent", "Positive", "Negative", "No-Reply");
}

static void resolver_text(struct lisp_show *show, const void *object)
{
	lisp_show_line(show, &lisp_kind_resolver, object,
		       "  {address:25} {instance-id:7} {address-family:5} {last-reply:9@time} "
		       "{requests:>9} {replies:>9} {negative-replies:>9} {timeouts:>9}\n");
}

int lisp_show_statistics(struct vty *vty, const struct lisp_scope *scope, bool json)
{
	static const struct lisp_section sections[] = {
		{ .kind = &lisp_kind_message, .head = messages_head, .text = message_text },
		{ .kind = &lisp_kind_drop, .head = drops_head, .text = drop_text },
		{ .kind = &lisp_kind_event, .head = events_head, .text = event_text },
		{ .kind = &lisp_kind_resolver, .head = resolvers_head, .text = resolver_text },
		{},
	};

	return lisp_show(&(struct lisp_show){
		.vty = vty, .json = json, .scope = *scope, .sections = sections });
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
		{ .kind = &lisp_kind_counter, .head = dataplane_head, .text = counter_text },
		{},
	};
	static const struct lisp_section json_sections[] = {
		{ .kind = &lisp_kind_dataplane },
		{ .kind = &lisp_kind_device },
		{ .kind = &lisp_kind_counter },
		{},
	};

	lisp_dplane_counters_refresh();
	return lisp_show(&(struct lisp_show){
		.vty = vty, .json = json, .sections = json ? json_sections : text_sections });
}
