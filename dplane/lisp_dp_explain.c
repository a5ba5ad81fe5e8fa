// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The steps, each a function that says one thing, in the order in which the packet meets
 * them. One that ends the packet's way sets the outcome.
 */
#include <zebra.h>

#include <linux/rtnetlink.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>

#include "lib/printfrr.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_device.h"
#include "dplane/lisp_dp_explain.h"
#include "dplane/lisp_dp_locator.h"
#include "dplane/lisp_dp_lookup.h"
#include "dplane/lisp_dp_mapping.h"
#include "dplane/lisp_dp_packet.h"
#include "dplane/lisp_dp_port.h"
#include "dplane/lisp_dp_rtnl.h"
#include "dplane/lisp_dp_set.h"
#include "dplane/lisp_dp_sysctl.h"
#include "dplane/lisp_dp_tell.h"
#include "dplane/lisp_dp_underlay.h"

#define STEPS	   16
#define RESULT_LEN 64
#define TEXT_LEN   600
#define LOOPBACK   1 /* its ifindex in each namespace */

struct explain {
	struct lisp_dp_instance *instance;
	struct lisp_dp_inner inner; /* the packet */
	uint16_t port[2];	    /* source, destination */
	int iif;		    /* by which it comes in; 0: it is our own */

	struct lisp_dp_mapping *mapping;
	struct lisp_dp_locator *locator;

	LispDp__Explanation message;
	LispDp__Explanation__Step step[STEPS], *steps[STEPS];
	char result[STEPS][RESULT_LEN], text[STEPS][TEXT_LEN];
};

/* ---- saying ---- */

static void end(struct explain *x, const char *outcome)
{
	x->message.outcome = (char *)outcome;
}

static void PRINTFRR(4, 5)
	say(struct explain *x, const char *name, const char *result, const char *format, ...)
{
	size_t i = x->message.n_step;
	va_list arguments;

	assert(i < STEPS);
	lisp_dp__explanation__step__init(&x->step[i]);
	strlcpy(x->result[i], result, RESULT_LEN);
	va_start(arguments, format);
	vsnprintfrr(x->text[i], TEXT_LEN, format, arguments);
	va_end(arguments);
	x->step[i].name = (char *)name;
	x->step[i].result = x->result[i];
	x->step[i].text = x->text[i];
	x->steps[i] = &x->step[i];
	x->message.n_step++;
}

static uint8_t family(const struct explain *x)
{
	return LISP_DP_FAMILY(x->inner.version);
}

/* The prefix of this length that has the address, as text. */
static const char *prefix_text(uint8_t version, const uint8_t *address, uint8_t length, char *text,
			       size_t size)
{
	struct prefix prefix = { .family = LISP_DP_FAMILY(version), .prefixlen = length };

	memcpy(&prefix.u.prefix, address, version == 4 ? 4 : 16);
	apply_mask(&prefix);
	snprintfrr(text, size, "%pFX", &prefix);
	return text;
}

static const char *address_text(uint8_t version, const uint8_t *address, char *text, size_t size)
{
	if (!inet_ntop(LISP_DP_FAMILY(version), address, text, size))
		text[0] = '\0';
	return text;
}

static const char *interface_text(int ifindex, char *text, size_t size)
{
	struct lisp_dp_link link;

	if (lisp_dp_link_get(NULL, ifindex, &link))
		snprintf(text, size, "ifindex %d", ifindex);
	else
		strlcpy(text, link.name, size);
	return text;
}

static const char *type_text(uint8_t type)
{
	switch (type) {
	case RTN_LOCAL:
		return "local";
	case RTN_BLACKHOLE:
		return "blackhole";
	case RTN_UNREACHABLE:
		return "unreachable";
	case RTN_PROHIBIT:
		return "prohibit";
	case RTN_UNSPEC:
		return "no-route";
	default:
		return "unicast";
	}
}

/* "10.2.0.0/24 via 192.0.2.11 dev eth1, table main", "blackhole 10.2.0.0/16, table main" */
static const char *way_text(const struct lisp_dp_way *way, char *text, size_t size)
{
	char name[IFNAMSIZ], table[16], gateway[INET6_ADDRSTRLEN + 8] = "";
	const char *type = way->type == RTN_UNICAST ? "" : type_text(way->type);

	if (!way->whole) {
		strlcpy(text, way->type == RTN_UNSPEC ? "no route" : type, size);
		return text;
	}
	if (way->gateway.family)
		snprintfrr(gateway, sizeof(gateway), " via %pFXh", &way->gateway);
	snprintfrr(text, size, "%s%s%pFX%s%s%s, table %s", type, type[0] ? " " : "", &way->route,
		   gateway, way->ifindex ? " dev " : "",
		   way->ifindex ? interface_text(way->ifindex, name, sizeof(name)) : "",
		   lisp_dp_table_name(way->table, table, sizeof(table)));
	return text;
}

/* ---- whose addresses these are ---- */

static bool say_instance(struct explain *x, uint32_t iid)
{
	x->instance = lisp_dp_instance_find(iid);
	if (!x->instance || !x->instance->wanted || !x->instance->active) {
		say(x, "instance", "none", "the dataplane has no device of instance-id %u%s%s", iid,
		    x->instance && x->instance->error[0] ? ": " : "",
		    x->instance ? x->instance->error : "");
		end(x, "not-lisp");
		return false;
	}
	say(x, "instance", x->instance->ifname, "instance-id %u, VRF %s, MTU %u%s%s", iid,
	    x->instance->vrf[0] ? x->instance->vrf : VRF_DEFAULT_NAME, x->instance->mtu,
	    lisp_dp_underlay_there() ? "" : "; ", lisp_dp_underlay_error());
	return true;
}

/* True: it is. */
static bool say_local(struct explain *x, const char *name, const uint8_t *address)
{
	int length = lisp_dp_local_eid_length(x->instance, x->inner.version, address);
	char text[PREFIX_STRLEN];

	if (length < 0)
		say(x, name, "none", "in no local EID-prefix");
	else
		say(x, name, prefix_text(x->inner.version, address, length, text, sizeof(text)),
		    "a local EID-prefix");
	return length >= 0;
}

static bool say_forwarding(struct explain *x, int ifindex)
{
	char name[IFNAMSIZ] = "all"; /* IPv6 has one setting for all interfaces */
	const char *kind = x->inner.version == 4 ? "ipv4" : "ipv6";

	if (x->inner.version == 4)
		interface_text(ifindex, name, sizeof(name));
	if (lisp_dp_sysctl_get(kind, name, "forwarding") != '0')
		return true;
	say(x, "forwarding", "off", "net.%s.conf.%s.forwarding is 0: the kernel forwards nothing",
	    kind, name);
	end(x, "dropped");
	return false;
}

/* By which interface: where the answers would leave, out of the lisp device. */
static bool say_comes_in(struct explain *x)
{
	static const uint8_t nobody[4] = { 192, 0, 0, 8 }; /* RFC 7600, dummy address */
	struct lisp_dp_lookup asked = { .family = family(x),
					.source = x->inner.destination,
					.destination = x->inner.source,
					.iif = x->instance->ifindex };
	struct lisp_dp_way way;
	char name[IFNAMSIZ];

	lisp_dp_lookup(&asked, &way);
	/* the kernel takes no packet from such a destination, as an address of this router */
	if (way.type == RTN_BLACKHOLE && !way.whole && x->inner.version == 4) {
		asked.source = nobody;
		lisp_dp_lookup(&asked, &way);
	}
	if (way.type == RTN_LOCAL) {
		say(x, "comes-in", "this-router", "the source is an address of this router");
		return true;
	}
	x->iif = way.type == RTN_UNICAST ? way.ifindex : 0;
	if (!x->iif || x->iif == x->instance->ifindex || lisp_dp_port_is(x->iif)) {
		say(x, "comes-in", "unknown",
		    "the site has no route to the source: nobody there gets answers");
		x->iif = LOOPBACK;
		return true;
	}
	say(x, "comes-in", interface_text(x->iif, name, sizeof(name)),
	    "by which this router reaches the source");
	return say_forwarding(x, x->iif);
}

/* ---- to the lisp device, or past it ---- */

struct rule_search {
	const struct explain *x;
	struct prefix host, found; /* family 0: none */
};

static void rule_each(const struct lisp_dp_rule *rule, void *arg)
{
	struct rule_search *search = arg;

	if (rule->pref != LISP_DP_PREF_LISP || rule->iif[0] ||
	    rule->source.family != search->host.family ||
	    !prefix_match(&rule->source, &search->host))
		return;
	search->found = rule->source;
}

/* Our rule of the kernel that is for this source. */
static bool rule_find(const struct explain *x, struct prefix *source)
{
	struct rule_search search = { .x = x, .host.family = family(x) };

	memcpy(&search.host.u.prefix, x->inner.source, x->inner.version == 4 ? 4 : 16);
	search.host.prefixlen = x->inner.version == 4 ? 32 : 128;
	lisp_dp_rule_walk(rule_each, &search);
	*source = search.found;
	return source->family;
}

static const char *why_past(const struct explain *x, const struct lisp_dp_way *way)
{
	struct prefix rule;

	if (x->mapping && x->mapping->value.action == LISP_BPF_NATIVELY_FORWARD)
		return "its map-cache entry says natively-forward";
	if (way->route.prefixlen)
		return "a route that is not a default wins over LISP";
	if (!lisp_dp_instance_itr(x->instance, x->inner.version))
		return "the instance is no ITR for this family";
	if (!x->instance->vrf_ifindex && !rule_find(x, &rule))
		return "the policy rule that leads to LISP is missing";
	return "a policy rule that is not LISP's comes first";
}

/* A route, but none to the lisp device. */
static void say_past(struct explain *x, const struct lisp_dp_way *way)
{
	bool native = x->mapping && x->mapping->value.action == LISP_BPF_NATIVELY_FORWARD;
	char text[TEXT_LEN / 2];

	way_text(way, text, sizeof(text));
	switch (way->type) {
	case RTN_LOCAL:
		say(x, "route", "local", "%s: an address of this router", text);
		end(x, "delivered");
		break;
	case RTN_UNICAST:
		say(x, "route", native ? "native" : "better-route", "%s: %s", text,
		    why_past(x, way));
		end(x, native ? "natively-forwarded" : "routed");
		break;
	case RTN_UNSPEC:
		say(x, "route", "no-route", "the kernel has no route");
		end(x, "unreachable");
		break;
	default:
		if (way->whole) {
			say(x, "route", type_text(way->type), "%s: %s", text, why_past(x, way));
		} else {
			say(x, "route", "refused",
			    "the kernel refuses such a packet: by a reverse-path filter, or its "
			    "source is an address of this router");
		}
		end(x, way->type == RTN_BLACKHOLE ? "dropped" : "unreachable");
		break;
	}
}

/* True: the lisp device is next. */
static bool say_route(struct explain *x)
{
	struct lisp_dp_lookup asked = { .family = family(x),
					.source = x->inner.source,
					.destination = x->inner.destination,
					.iif = x->iif,
					.oif = x->iif ? 0 : x->instance->vrf_ifindex,
					.protocol = x->inner.protocol,
					.source_port = x->port[0],
					.destination_port = x->port[1] };
	char text[TEXT_LEN / 2];
	struct lisp_dp_way way;
	struct prefix rule;
	int error = lisp_dp_lookup(&asked, &way);

	if (error) {
		say(x, "route", "unknown", "the kernel does not say: %s", safe_strerror(-error));
		end(x, "unknown");
		return false;
	}
	if (way.type != RTN_UNICAST || way.ifindex != x->instance->ifindex) {
		say_past(x, &way);
		return false;
	}
	way_text(&way, text, sizeof(text));
	if (!x->instance->vrf_ifindex && rule_find(x, &rule))
		say(x, "route", "lisp", "%s, by the rule %u: from %pFX", text, LISP_DP_PREF_LISP,
		    &rule);
	else
		say(x, "route", "lisp", "%s", text);
	return true;
}

/* ---- in the lisp device ---- */

static const struct {
	const char *result, *text, *outcome;
} actions[] = {
	[LISP_BPF_NO_ACTION] = { "no-action", "dropped, counted as no-action", "dropped" },
	[LISP_BPF_NATIVELY_FORWARD] = { "natively-forward", "by the main table",
					"natively-forwarded" },
	[LISP_BPF_SEND_MAP_REQUEST] = { "send-map-request", "the packet waits for a mapping",
					"held" },
	[LISP_BPF_DROP] = { "drop", "dropped, ICMP unreachable to its source", "unreachable" },
	[LISP_BPF_DROP_POLICY_DENIED] = { "drop", "policy-denied by its site", "dropped" },
	[LISP_BPF_DROP_AUTH_FAILURE] = { "drop", "auth-failure of its mapping", "dropped" },
};

/* True: it is encapsulated. */
static bool say_mapping(struct explain *x)
{
	const struct lisp_dp_mapping *mapping = x->mapping;
	char text[PREFIX_STRLEN];

	if (!lisp_dp_instance_itr(x->instance, x->inner.version)) {
		say(x, "mapping", "itr-disabled", "the instance is no ITR for this family");
		end(x, "dropped");
		return false;
	}
	if (lisp_dp_mapping_unassigned(x->instance, mapping, x->inner.version,
				       x->inner.destination)) {
		say(x, "mapping", "unassigned",
		    "of a local EID-prefix, and the site has no route to it: ICMP unreachable");
		end(x, "unreachable");
		return false;
	}
	if (!mapping) {
		say(x, "mapping", "miss",
		    "none: lispd is told, and up to %u packets wait for it, at most %u ms",
		    x->instance->queue_per_eid, x->instance->queue_hold_ms);
		end(x, x->instance->queue_per_eid ? "held" : "dropped");
		return false;
	}
	prefix_text(x->inner.version, x->inner.destination, mapping->prefixlen, text, sizeof(text));
	if (mapping->value.action == LISP_BPF_ENCAP) {
		say(x, "mapping", text, "encapsulate");
		return true;
	}
	if (mapping->value.action == LISP_BPF_NATIVELY_FORWARD && x->instance->vrf_ifindex) {
		say(x, "mapping", text, "natively-forward: a VRF has no other table, unreachable");
		end(x, "unreachable");
		return false;
	}
	say(x, "mapping", text, "%s: %s", actions[mapping->value.action].result,
	    actions[mapping->value.action].text);
	end(x, actions[mapping->value.action].outcome);
	return false;
}

static const char *state_text(const struct lisp_bpf_locator *locator)
{
	if (!locator->up)
		return "down";
	return locator->doubtful ? "doubtful" : "up";
}

/* True: one is up. */
static bool say_locator(struct explain *x)
{
	const struct lisp_dp_set *set = lisp_dp_set_find(x->mapping->value.set);
	char text[TEXT_LEN - 100] = "", chosen[INET6_ADDRSTRLEN] = "none";
	size_t length = 0;

	x->locator = lisp_dp_choose(x->mapping->value.set, x->inner.hash);
	for (size_t i = 0; set && i < set->count && length < sizeof(text); i++) {
		const struct lisp_dp_member *member = &set->member[i];
		const struct lisp_dp_locator *each = lisp_dp_locator_find(member->locator);
		char address[INET6_ADDRSTRLEN];

		if (!each)
			continue;
		address_text(each->value.family, each->value.address, address, sizeof(address));
		length += snprintf(text + length, sizeof(text) - length, "%s%s %u/%u %s",
				   length ? ", " : "", address, member->priority, member->weight,
				   state_text(&each->value));
	}
	if (x->locator)
		address_text(x->locator->value.family, x->locator->value.address, chosen,
			     sizeof(chosen));
	say(x, "locator", chosen, "of %s; the flow's hash is 0x%08x, bucket %u of %u",
	    text[0] ? text : "no locator", x->inner.hash, LISP_BUCKET(x->inner.hash), LISP_BUCKETS);
	if (!x->locator)
		end(x, "dropped"); /* no-locator-up */
	return x->locator;
}

/* The outer packet's way. True: there is one. */
static bool say_underlay(struct explain *x)
{
	const struct lisp_bpf_locator *to = &x->locator->value;
	struct lisp_dp_lookup asked = { .family = LISP_DP_FAMILY(to->family),
					.source = to->source,
					.destination = to->address,
					.oif = lisp_dp_underlay_ifindex(),
					.protocol = IPPROTO_UDP,
					.source_port = LISP_SOURCE_PORT(x->inner.hash),
					.destination_port = LISP_DATA_PORT };
	char source[INET6_ADDRSTRLEN], text[TEXT_LEN / 2], name[IFNAMSIZ];
	struct lisp_dp_way way;

	lisp_dp_lookup(&asked, &way);
	way_text(&way, text, sizeof(text));
	address_text(to->family, to->source, source, sizeof(source));
	if (way.type != RTN_UNICAST) {
		say(x, "underlay", type_text(way.type), "from %s: %s", source, text);
		end(x, "dropped");
		return false;
	}
	if (lisp_dp_instance_of_device(way.ifindex)) {
		say(x, "underlay", interface_text(way.ifindex, name, sizeof(name)),
		    "from %s: %s, LISP again: the locator needs a better route", source, text);
		end(x, "dropped");
		return false;
	}
	say(x, "underlay", interface_text(way.ifindex, name, sizeof(name)),
	    "from %s, UDP port %u: %s%s", source, asked.source_port, text,
	    way.paths > 1 ? ", one of equal paths" : "");
	return true;
}

static void say_size(struct explain *x)
{
	uint32_t room = lisp_dp_room(&x->locator->value);
	char text[16];

	snprintf(text, sizeof(text), "%u", room);
	say(x, "size", text,
	    "octets that fit: the path has %u%s, the device lets %u in; longer IPv4 without DF is "
	    "split, else the source is told by ICMP",
	    x->locator->value.mtu, x->locator->path_mtu ? " (told by ICMP)" : "", x->instance->mtu);
}

/* Firewall and IPsec, for packets out of the RLOC. True: they do not drop all. */
static bool say_guard(struct explain *x)
{
	const struct lisp_bpf_locator *to = &x->locator->value;
	struct lisp_dp_flow flow = { to->family, to->source, to->address };
	enum lisp_dp_guard guard;
	char text[160] = "";

	guard = lisp_dp_guard(&flow, true, text, sizeof(text));
	if (lisp_dp_options.bypass)
		say(x, "guard", "bypassed", "the option bypass of the plugin looks at nothing");
	else if (guard == LISP_DP_GUARD_NONE)
		say(x, "guard", "none", "no firewall rule or IPsec policy can matter");
	else if (guard == LISP_DP_GUARD_IPSEC)
		say(x, "guard", "ipsec", "%s", text);
	else
		say(x, "guard", "firewall", "%s: %s", text,
		    guard == LISP_DP_GUARD_DROPS ? "drops what LISP sends"
						 : "may drop or change what LISP sends");
	if (guard == LISP_DP_GUARD_DROPS)
		end(x, "dropped");
	return guard != LISP_DP_GUARD_DROPS;
}

static void say_path(struct explain *x)
{
	if (!x->instance->bpf)
		say(x, "path", "slow", "the kernel fast path is off");
	else if (!lisp_dp_bpf_attached(x->instance->ifindex, true))
		say(x, "path", "slow", "somebody has taken the program off %s", x->instance->ifname);
	else if (x->locator->value.slow)
		say(x, "path", "slow", "the kernel's sockets send it, past firewall and IPsec");
	else
		say(x, "path", "fast", "the program at %s encapsulates it", x->instance->ifname);
}

static void outward(struct explain *x)
{
	x->mapping = lisp_dp_mapping_match(x->instance, x->inner.version, x->inner.destination);
	if (!say_comes_in(x) || !say_route(x) || !say_mapping(x) || !say_locator(x) ||
	    !say_underlay(x))
		return;
	say_size(x);
	if (!say_guard(x))
		return;
	say_path(x);
	end(x, "encapsulated");
}

/* ---- from another site ---- */

/* By which own RLOCs it can come, and how. True: it is taken. */
static bool say_decapsulation(struct explain *x)
{
	const struct lisp_dp_rloc *rloc = NULL;
	char text[TEXT_LEN - 100] = "", address[INET6_ADDRSTRLEN];
	bool fast = x->instance->bpf, dropped = true;
	size_t length = 0;

	if (!(x->instance->flags &
	      (x->inner.version == 4 ? LISP_INSTANCE_ETR4 : LISP_INSTANCE_ETR6))) {
		say(x, "decapsulation", "etr-disabled", "the instance is no ETR for this family");
		end(x, "dropped");
		return false;
	}
	while ((rloc = lisp_dp_rloc_next(rloc)) && length < sizeof(text)) {
		bool attached = fast && lisp_dp_bpf_attached(rloc->ifindex, false);

		dropped &= rloc->in == LISP_DP_GUARD_DROPS;

		length += snprintf(text + length, sizeof(text) - length, "%s%s %s%s%s%s",
				   length ? ", " : "",
				   address_text(rloc->key.family, rloc->key.address, address,
						sizeof(address)),
				   rloc->in == LISP_DP_GUARD_DROPS		? "dropped"
				   : rloc->in == LISP_DP_GUARD_NONE && attached ? "fast"
										: "slow",
				   rloc->in == LISP_DP_GUARD_NONE ? "" : " (", rloc->in_text,
				   rloc->in == LISP_DP_GUARD_NONE ? "" : ")");
	}
	if (!text[0]) {
		say(x, "decapsulation", "no-rloc", "this router has no RLOC to which it can come");
		end(x, "dropped");
		return false;
	}
	say(x, "decapsulation", x->instance->ifname, "if it comes in LISP, to an own RLOC: %s",
	    text);
	if (dropped)
		end(x, "dropped");
	return !dropped;
}

static void inward(struct explain *x)
{
	struct lisp_dp_lookup asked = { .family = family(x),
					.source = x->inner.source,
					.destination = x->inner.destination,
					.iif = x->instance->ifindex,
					.protocol = x->inner.protocol,
					.source_port = x->port[0],
					.destination_port = x->port[1] };
	char text[TEXT_LEN / 2], name[IFNAMSIZ];
	struct lisp_dp_way way;

	if (!say_decapsulation(x))
		return;
	lisp_dp_lookup(&asked, &way);
	way_text(&way, text, sizeof(text));
	if (way.type == RTN_UNICAST && way.ifindex != x->instance->ifindex) {
		if (!say_forwarding(x, x->instance->ifindex))
			return;
		say(x, "route", interface_text(way.ifindex, name, sizeof(name)), "%s", text);
		end(x, "delivered");
	} else if (way.type == RTN_UNICAST) {
		say(x, "route", "unassigned", "%s: the site has no route to it, ICMP unreachable",
		    text);
		end(x, "unreachable");
	} else {
		say_past(x, &way);
	}
}

/* Neither is ours. */
static void elsewhere(struct explain *x)
{
	struct lisp_dp_lookup asked = { .family = family(x),
					.destination = x->inner.destination,
					.oif = x->instance->vrf_ifindex };
	char text[TEXT_LEN / 2];
	struct lisp_dp_way way;

	lisp_dp_lookup(&asked, &way);
	way_text(&way, text, sizeof(text));
	if (way.type == RTN_UNICAST && way.ifindex == x->instance->ifindex) {
		say(x, "route", "no-source-eid",
		    "%s: from no local EID-prefix, it is dropped there", text);
		end(x, "dropped");
		return;
	}
	say(x, "route", type_text(way.type),
	    "%s: not from a local EID-prefix, LISP has no part in it", text);
	end(x, "not-lisp");
}

/* ---- the question ---- */

/* The packet, so that its flow has the hash that its packets have. */
static bool packet_read(struct explain *x, const LispDp__Explain *from)
{
	uint8_t packet[sizeof(struct ip6_hdr) + 8] = {}, source[16], destination[16];
	uint8_t version, other;
	size_t length;

	if (!lisp_dp_read_address(&from->source, &version, source) ||
	    !lisp_dp_read_address(&from->destination, &other, destination) || version != other ||
	    from->protocol > UINT8_MAX || from->source_port > UINT16_MAX ||
	    from->destination_port > UINT16_MAX)
		return false;
	x->port[0] = from->source_port;
	x->port[1] = from->destination_port;
	length = version == 4 ? sizeof(struct ip) + 8 : sizeof(packet);
	if (version == 4) {
		packet[0] = 0x45;
		packet[3] = length;
		packet[9] = from->protocol;
		memcpy(packet + 12, source, 4);
		memcpy(packet + 16, destination, 4);
	} else {
		packet[0] = 0x60;
		packet[5] = 8;
		packet[6] = from->protocol;
		memcpy(packet + 8, source, 16);
		memcpy(packet + 24, destination, 16);
	}
	for (int i = 0; i < 2; i++) {
		packet[length - 8 + 2 * i] = x->port[i] >> 8;
		packet[length - 7 + 2 * i] = x->port[i];
	}
	return lisp_dp_parse(packet, length, &x->inner);
}

static void explain(struct explain *x, const LispDp__Explain *from)
{
	bool ours, theirs;

	if (!packet_read(x, from) || !say_instance(x, from->iid))
		return;
	ours = say_local(x, "source", x->inner.source);
	theirs = say_local(x, "destination", x->inner.destination);
	if (ours)
		outward(x);
	else if (theirs)
		inward(x);
	else
		elsewhere(x);
}

void lisp_dp_explain(const LispDp__Explain *from)
{
	struct explain *x = XCALLOC(MTYPE_LISP_DP_BUFFER, sizeof(*x));

	lisp_dp__explanation__init(&x->message);
	x->message.seq = from->seq;
	x->message.step = x->steps;
	end(x, "unknown");
	explain(x, from);
	lisp_dp_tell_explanation(&x->message);
	XFREE(MTYPE_LISP_DP_BUFFER, x);
}
