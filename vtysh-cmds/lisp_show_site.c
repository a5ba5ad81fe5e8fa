// SPDX-License-Identifier: GPL-2.0-or-later
/* show lisp site */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "command.h"
#include "monotime.h"

#include "lispd/lisp_auth.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_rloc.h"
#include "vtysh-cmds/lisp_show.h"

/* What is asked for: all, the prefixes of a site, or the one that matches an EID. */
struct site_filter {
	const struct lisp_site *site;
	const struct lisp_site_prefix *prefix;
};

static bool filter_takes(const struct site_filter *filter, const struct lisp_site_prefix *prefix)
{
	if (filter->prefix)
		return prefix == filter->prefix;
	return !filter->site || prefix->site == filter->site;
}

static const struct lisp_registration *last_registration(const struct lisp_site_prefix *prefix)
{
	return lisp_registrations_const_first(&prefix->registrations);
}

static bool all_locators_up(const struct lisp_site_prefix *prefix)
{
	const struct lisp_registration *reg;
	unsigned int i;

	frr_each (lisp_registrations_const, &prefix->registrations, reg)
		for (i = 0; i < reg->mapping.n_locators; i++)
			if (!reg->mapping.locators[i].reach)
				return false;
	return true;
}

/* ---- summary ---- */

static void prefix_line(struct vty *vty, const struct lisp_site_prefix *prefix, bool first)
{
	const struct lisp_registration *reg = last_registration(prefix);
	char since[LISP_INTERVAL_STRLEN], who[INET6_ADDRSTRLEN] = "--", eid[LISP_EID_STRLEN];

	if (reg)
		ipaddr2str(&reg->from, who, sizeof(who));
	vty_out(vty, "%-14s %-9s %-4s %-25s %-8u %s\n", first ? prefix->site->name : "",
		reg ? lisp_since_str(prefix->last_registered, since, sizeof(since)) : "never",
		!reg ? "no" : (all_locators_up(prefix) ? "yes" : "yes*"), who, prefix->eid.iid,
		lisp_eid_prefix_str(&prefix->eid, eid, sizeof(eid)));
}

static void summary_text(struct vty *vty, const struct site_filter *filter)
{
	struct lisp_site *site = NULL;

	vty_out(vty, "LISP Site Registration Information\n"
		     "* = Some locators are down or unreachable\n"
		     "# = Some registrations are sourced by reliable transport\n\n"
		     "Site Name      Last      Up   Who Last                  Inst     EID Prefix\n"
		     "               Register       Registered                ID\n");

	while ((site = lisp_site_next(site))) {
		struct lisp_site_prefix *prefix = NULL;
		bool first = true;

		while ((prefix = lisp_site_prefix_next(prefix))) {
			if (prefix->site != site || !filter_takes(filter, prefix))
				continue;
			prefix_line(vty, prefix, first);
			first = false;
		}
		if (first && !filter->prefix && (!filter->site || filter->site == site))
			vty_out(vty, "%-14s %-9s %-4s %-25s\n", site->name, "never", "no",
				"no EID-prefix configured");
	}
}

/* ---- detail ---- */

static void hex_text(char *buf, size_t size, const uint8_t *octets, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		snprintf(buf + 2 * i, size - 2 * i, "%02x", octets[i]);
}

static const char *locator_state(const struct lisp_locator *loc)
{
	return loc->reach ? "up" : "down";
}

static void registration_text(struct vty *vty, const struct lisp_registration *reg)
{
	char addr[LISP_ADDR_STRLEN], since[LISP_INTERVAL_STRLEN], ttl[LISP_INTERVAL_STRLEN];
	char xtr_id[33] = "unspecified", weight[12];
	unsigned int i;

	if (reg->has_xtr_id)
		hex_text(xtr_id, sizeof(xtr_id), reg->xtr_id, sizeof(reg->xtr_id));

	vty_out(vty, "    ETR %pIA, last registered %s, %sproxy-reply, %smap-notify\n", &reg->from,
		lisp_since_str(reg->last, since, sizeof(since)), reg->proxy_reply ? "" : "no ",
		reg->want_notify ? "" : "no ");
	vty_out(vty,
		"                TTL %s, %smerge, hash-function %s, key-id %u, nonce 0x%08x-0x%08x\n",
		lisp_interval_str((time_t)reg->mapping.ttl * 60, ttl, sizeof(ttl)),
		reg->merge ? "" : "no ", lisp_auth_name(reg->algorithm), reg->key_id,
		(uint32_t)(reg->nonce >> 32), (uint32_t)reg->nonce);
	vty_out(vty, "                state complete, %ssecurity-capability\n",
		reg->lisp_sec ? "" : "no ");
	vty_out(vty, "                xTR-ID %s\n", xtr_id);
	if (reg->has_xtr_id && reg->site_id)
		vty_out(vty, "                site-ID %" PRIu64 "\n", reg->site_id);
	else
		vty_out(vty, "                site-ID unspecified\n");

	vty_out(vty, "      %-39s %-6s %-10s %s\n", "Locator", "Local", "State", "Pri/Wgt");
	for (i = 0; i < reg->mapping.n_locators; i++) {
		const struct lisp_locator *loc = &reg->mapping.locators[i];

		snprintf(weight, sizeof(weight), "%3u/%u", loc->priority, loc->weight);
		vty_out(vty, "      %-39s %-6s %-10s %s\n",
			lisp_locator_str(loc, addr, sizeof(addr)), loc->local ? "yes" : "no",
			locator_state(loc), weight);
	}
}

static void prefix_text(struct vty *vty, const struct lisp_site_prefix *prefix)
{
	const struct lisp_registration *reg = last_registration(prefix);
	char first[LISP_INTERVAL_STRLEN], last[LISP_INTERVAL_STRLEN], ttl[LISP_INTERVAL_STRLEN];
	bool proxy = false, merge = false;
	const struct lisp_registration *r;
	char eid[LISP_EID_STRLEN];

	frr_each (lisp_registrations_const, &prefix->registrations, r) {
		proxy |= r->proxy_reply;
		merge |= r->merge;
	}

	vty_out(vty, "\n  EID-prefix: %s instance-id %u\n",
		lisp_eid_prefix_str(&prefix->eid, eid, sizeof(eid)), prefix->eid.iid);
	vty_out(vty, "    First registered:     %s\n",
		lisp_since_str(prefix->first_registered, first, sizeof(first)));
	vty_out(vty, "    Last registered:      %s\n",
		lisp_since_str(prefix->last_registered, last, sizeof(last)));
	if (prefix->configured)
		vty_out(vty, "    Origin:               Configuration%s\n",
			prefix->accept_more_specifics ? ", accepting more specifics" : "");
	else if (prefix->parent)
		vty_out(vty, "    Origin:               Dynamic, more specific of %s\n",
			lisp_eid_prefix_str(&prefix->parent->eid, eid, sizeof(eid)));
	vty_out(vty, "    Merge active:         %s\n", merge ? "Yes" : "No");
	vty_out(vty, "    Proxy reply:          %s\n", proxy ? "Yes" : "No");
	vty_out(vty, "    TTL:                  %s\n",
		reg ? lisp_interval_str((time_t)reg->mapping.ttl * 60, ttl, sizeof(ttl)) : "0");
	vty_out(vty, "    State:                %s\n", reg ? "complete" : "unknown");
	frr_each (lisp_registrations_const, &prefix->registrations, r)
		registration_text(vty, r);
}

static void detail_text(struct vty *vty, const struct site_filter *filter)
{
	struct lisp_site *site = NULL;

	while ((site = lisp_site_next(site))) {
		struct lisp_site_prefix *prefix = NULL;

		if ((filter->site && filter->site != site) ||
		    (filter->prefix && filter->prefix->site != site))
			continue;
		vty_out(vty, "Site name: %s\n", site->name);
		vty_out(vty, "Allowed configured locators: any\n");
		vty_out(vty, "Registration errors:\n");
		vty_out(vty, "  Authentication failures:   %" PRIu64 "\n", site->auth_failures);
		vty_out(vty, "  Refused records:           %" PRIu64 "\n", site->refused);
		vty_out(vty, "Allowed EID-prefixes:\n");
		while ((prefix = lisp_site_prefix_next(prefix)))
			if (prefix->site == site && filter_takes(filter, prefix))
				prefix_text(vty, prefix);
		vty_out(vty, "\n");
	}
}

/* ---- JSON ---- */

static struct json_object *registration_json(const struct lisp_registration *reg)
{
	struct json_object *json = json_object_new_object();
	struct json_object *locators = json_object_new_array();
	char xtr_id[33];
	unsigned int i;

	json_object_string_addf(json, "etr", "%pIA", &reg->from);
	if (reg->has_xtr_id) {
		hex_text(xtr_id, sizeof(xtr_id), reg->xtr_id, sizeof(reg->xtr_id));
		json_object_string_add(json, "xtrId", xtr_id);
		json_object_string_addf(json, "siteId", "%" PRIu64, reg->site_id);
	}
	lisp_json_since(json, "firstRegistered", reg->first);
	lisp_json_since(json, "lastRegistered", reg->last);
	lisp_json_until(json, "expires", reg->expires);
	json_object_int_add(json, "recordTtl", reg->mapping.ttl);
	json_object_boolean_add(json, "proxyReply", reg->proxy_reply);
	json_object_boolean_add(json, "merge", reg->merge);
	json_object_boolean_add(json, "wantMapNotify", reg->want_notify);
	json_object_boolean_add(json, "lispSec", reg->lisp_sec);
	json_object_int_add(json, "keyId", reg->key_id);
	json_object_string_add(json, "hashFunction", lisp_auth_name(reg->algorithm));
	json_object_string_addf(json, "nonce", "0x%016" PRIx64, reg->nonce);
	for (i = 0; i < reg->mapping.n_locators; i++) {
		const struct lisp_locator *loc = &reg->mapping.locators[i];
		struct json_object *item = json_object_new_object();

		lisp_json_locator(item, loc);
		json_object_boolean_add(item, "local", loc->local);
		json_object_string_add(item, "state", locator_state(loc));
		json_object_int_add(item, "priority", loc->priority);
		json_object_int_add(item, "weight", loc->weight);
		json_object_int_add(item, "multicastPriority", loc->mpriority);
		json_object_int_add(item, "multicastWeight", loc->mweight);
		json_object_array_add(locators, item);
	}
	json_object_object_add(json, "locators", locators);
	return json;
}

static struct json_object *prefix_json(const struct lisp_site_prefix *prefix)
{
	struct json_object *json = json_object_new_object();
	struct json_object *registrations = json_object_new_array();
	const struct lisp_registration *reg = last_registration(prefix);
	char eid[LISP_EID_STRLEN];

	json_object_int_add(json, "instanceId", prefix->eid.iid);
	json_object_string_add(json, "eidPrefix",
			       lisp_eid_prefix_str(&prefix->eid, eid, sizeof(eid)));
	json_object_boolean_add(json, "configured", prefix->configured);
	if (prefix->configured)
		json_object_boolean_add(json, "acceptMoreSpecifics",
					prefix->accept_more_specifics);
	else if (prefix->parent)
		json_object_string_add(json, "moreSpecificOf",
				       lisp_eid_prefix_str(&prefix->parent->eid, eid, sizeof(eid)));
	json_object_boolean_add(json, "registered", reg != NULL);
	lisp_json_since(json, "firstRegistered", prefix->first_registered);
	lisp_json_since(json, "lastRegistered", prefix->last_registered);
	if (reg)
		json_object_string_addf(json, "lastRegisteredBy", "%pIA", &reg->from);
	frr_each (lisp_registrations_const, &prefix->registrations, reg)
		json_object_array_add(registrations, registration_json(reg));
	json_object_object_add(json, "registrations", registrations);
	return json;
}

static struct json_object *site_json(const struct lisp_site *site,
				     const struct site_filter *filter)
{
	struct json_object *json = json_object_new_object();
	struct json_object *prefixes = json_object_new_array();
	struct lisp_site_prefix *prefix = NULL;

	json_object_string_add(json, "name", site->name);
	json_object_int_add(json, "authenticationFailures", site->auth_failures);
	json_object_int_add(json, "refusedRecords", site->refused);
	lisp_json_since(json, "lastAuthenticationFailure", site->auth_failed);
	while ((prefix = lisp_site_prefix_next(prefix)))
		if (prefix->site == site && filter_takes(filter, prefix))
			json_object_array_add(prefixes, prefix_json(prefix));
	json_object_object_add(json, "eidPrefixes", prefixes);
	return json;
}

static int sites_json(struct vty *vty, const struct site_filter *filter)
{
	struct json_object *json = json_object_new_object();
	struct json_object *sites = json_object_new_array();
	struct lisp_site *site = NULL;

	while ((site = lisp_site_next(site))) {
		if ((filter->site && filter->site != site) ||
		    (filter->prefix && filter->prefix->site != site))
			continue;
		json_object_array_add(sites, site_json(site, filter));
	}
	json_object_int_add(json, "registrations", lisp_registration_count());
	json_object_object_add(json, "sites", sites);
	return vty_json(vty, json);
}

/* Prints why and returns false if there is no such site or EID. */
static bool filter_set(struct vty *vty, const char *what, bool use_json,
		       struct site_filter *filter)
{
	struct lisp_eid eid;

	if (!what)
		return true;
	filter->site = lisp_site_find(what);
	if (filter->site)
		return true;

	if (!lisp_eid_parse(what, &eid)) {
		if (use_json)
			vty_json_empty(vty, NULL);
		else
			vty_out(vty, "%% There is no site %s\n", what);
		return false;
	}
	filter->prefix = lisp_site_prefix_match(&eid);
	if (filter->prefix)
		return true;
	if (use_json)
		vty_json_empty(vty, NULL);
	else
		vty_out(vty, "%% Could not find instance-id %u EID %s in site database.\n",
			eid.iid, what);
	return false;
}

int lisp_show_site(struct vty *vty, const char *what, bool detail, bool use_json)
{
	struct site_filter filter = {};

	if (!filter_set(vty, what, use_json, &filter))
		return CMD_WARNING;
	if (use_json)
		return sites_json(vty, &filter);
	if (detail || what)
		detail_text(vty, &filter);
	else
		summary_text(vty, &filter);
	return CMD_SUCCESS;
}
