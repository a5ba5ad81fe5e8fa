// SPDX-License-Identifier: GPL-2.0-or-later
/* show lisp site */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "command.h"

#include "lispd/lisp_mapping.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_registry.h"
#include "vtysh-cmds/lisp_show.h"

/* `show lisp site NAME` */
static bool site_wanted(const struct lisp_show *show, const struct lisp_kind *kind,
			const void *object)
{
	const struct lisp_site_prefix *prefix = object;
	const struct lisp_site *site = object;

	if (kind == &lisp_kind_prefix)
		site = prefix->site;
	return strmatch(site->name, show->name);
}

static bool all_locators_up(const struct lisp_site_prefix *prefix)
{
	const struct lisp_registration *reg;

	frr_each (lisp_registrations_const, &prefix->registrations, reg)
		for (unsigned int i = 0; i < reg->mapping.n_locators; i++)
			if (!reg->mapping.locators[i].reach)
				return false;
	return true;
}

/* The first of the prefixes of a site that are printed one behind the other. */
static bool site_begins(struct lisp_show *show, const struct lisp_site_prefix *prefix)
{
	if (strmatch(show->group, prefix->site->name))
		return false;
	strlcpy(show->group, prefix->site->name, sizeof(show->group));
	return true;
}

/* ---- what was refused ---- */

static bool refused_here(const struct lisp_show *show, const void *refusal)
{
	struct lisp_value message, site;

	lisp_kind_read(&lisp_kind_refusal, "message", refusal, &message);
	lisp_kind_read(&lisp_kind_refusal, "site", refusal, &site);
	return strmatch(message.text, lisp_type_name(LISP_MAP_REGISTER)) &&
	       (!show->name[0] || (site.type && strmatch(site.text, show->name)));
}

/* Of Map-Registers, the site's if one is wanted. */
static void refused_head(struct lisp_show *show)
{
	const void *refusal = NULL;
	bool any = false;

	while ((refusal = lisp_kind_refusal.next(NULL, refusal))) {
		if (!refused_here(show, refusal))
			continue;
		if (!any)
			vty_out(show->vty, "\nRefused lately\n");
		any = true;
		lisp_show_line(show, &lisp_kind_refusal, refusal,
			       "  {eid} from {peer}, reason {reason}, {count} times, last "
			       "{last@time} ago{site?, site $|}\n");
	}
}

/* ---- a line of each EID-prefix ---- */

static void prefixes_head(struct lisp_show *show)
{
	vty_out(show->vty,
		"LISP Site Registration Information\n"
		"* = Some locators are down or unreachable\n"
		"# = Some registrations are sourced by reliable transport\n\n"
		"Site Name      Last      Up   Who Last                  Inst     EID Prefix\n"
		"               Register       Registered                ID\n");
}

/* "192.0.2.1:4342", "[2001:db8::1]:4342"; programs want all columns in one line. */
static void registrant_text(struct lisp_show *show, const struct lisp_site_prefix *prefix)
{
	const struct lisp_registration *reg = lisp_registrations_const_first(&prefix->registrations);
	char text[INET6_ADDRSTRLEN + 10];

	snprintfrr(text, sizeof(text), IS_IPADDR_V6(&reg->from) ? "[%pIA]:%u" : "%pIA:%u",
		   &reg->from, reg->port);
	vty_out(show->vty, "%-25s ", text);
}

static void prefix_line(struct lisp_show *show, const void *object)
{
	const struct lisp_site_prefix *prefix = object;

	vty_out(show->vty, "%-14s ", site_begins(show, prefix) ? prefix->site->name : "");
	if (!lisp_site_prefix_registered(prefix)) {
		vty_out(show->vty, "%-9s %-4s %-25s ", "never", "no", "--");
	} else {
		lisp_show_line(show, &lisp_kind_prefix, prefix, "{last-registered:9@time} ");
		vty_out(show->vty, "%-4s ", all_locators_up(prefix) ? "yes" : "yes*");
		registrant_text(show, prefix);
	}
	lisp_show_line(show, &lisp_kind_prefix, prefix, "{instance-id:8} {eid}\n");
}

static void empty_site_line(struct lisp_show *show, const void *object)
{
	const struct lisp_site *site = object;

	if (!site->prefixes)
		vty_out(show->vty, "%-14s %-9s %-4s %-25s\n", site->name, "never", "no",
			"no EID-prefix configured");
}

/* ---- detail ---- */

static void registration_text(struct lisp_show *show, const struct lisp_registration *reg)
{
	lisp_show_line(show, &lisp_kind_registration, reg,
		       "    ETR {etr}, last registered {last-registered@time}, "
		       "{proxy-reply?|no }proxy-reply, {want-map-notify?|no }map-notify\n"
		       "                TTL {record-ttl@minutes}, {merge?|no }merge, "
		       "hash-function {algorithm}, nonce {nonce}\n"
		       "                state complete, {lisp-sec?|no }security-capability\n"
		       "                xTR-ID {xtr-id?$|unspecified}\n"
		       "                site-ID {site-id?$|unspecified}\n"
		       "                key-id {key-id}, port {port}, expires {expires@time}\n"
		       "{source-differs?                "
		       "source differs from its locators: a NAT, or another address\n|}");
	vty_out(show->vty, "      %-39s %-6s %-10s %-8s %s\n", "Locator", "Local", "State",
		"Pri/Wgt", "Scope");
	lisp_show_lines(show, &lisp_kind_registration_locator, reg,
			"      {address:39} {local:6?yes|no} {state:10} {priority:>3}/{weight:4} "
			"{kind?$|IP} none\n");
}

static void detail_text(struct lisp_show *show, const void *object)
{
	const struct lisp_site_prefix *prefix = object;
	const struct lisp_registration *reg, *last;
	char ttl[LISP_INTERVAL_STRLEN] = "0";
	bool proxy = false, merge = false;

	last = lisp_registrations_const_first(&prefix->registrations);
	frr_each (lisp_registrations_const, &prefix->registrations, reg) {
		proxy |= reg->proxy_reply;
		merge |= reg->merge;
	}
	if (last)
		lisp_interval_str((time_t)last->mapping.ttl * 60, ttl, sizeof(ttl));

	if (site_begins(show, prefix))
		vty_out(show->vty,
			"Site name: %s\nAllowed configured locators: any\nAllowed EID-prefixes:\n",
			prefix->site->name);
	lisp_show_line(show, &lisp_kind_prefix, prefix,
		       "\n  EID-prefix: {eid} instance-id {instance-id}\n"
		       "    First registered:     {first-registered@time}\n"
		       "    Last registered:      {last-registered@time}\n"
		       "    Routing table tag:    0\n"
		       "    Origin:               ");
	lisp_show_line(show, &lisp_kind_prefix, prefix,
		       prefix->configured
			       ? "Configuration{more-specifics-accepted?, accepting more specifics|}\n"
			       : "Dynamic, more specific of {more-specific-of}\n");
	vty_out(show->vty,
		"    Merge active:         %s\n    Proxy reply:          %s\n"
		"    TTL:                  %s\n    State:                %s\n",
		merge ? "Yes" : "No", proxy ? "Yes" : "No", ttl, last ? "complete" : "unknown");
	lisp_show_line(show, &lisp_kind_site, prefix->site,
		       "    Registration errors:\n"
		       "      Authentication failures:   {authentication-failures}\n"
		       "      Allowed locators mismatch: 0\n"
		       "      Refused records:           {refused-records}\n");
	frr_each (lisp_registrations_const, &prefix->registrations, reg)
		registration_text(show, reg);
}

/* ---- command ---- */

static const struct lisp_section prefixes_sections[] = {
	{ .kind = &lisp_kind_prefix, .head = prefixes_head, .text = prefix_line },
	{ .kind = &lisp_kind_site, .text = empty_site_line },
	{ .kind = &lisp_kind_sites, .head = refused_head },
	{},
};

static const struct lisp_section detail_sections[] = {
	{ .kind = &lisp_kind_prefix, .text = detail_text },
	{ .kind = &lisp_kind_sites, .head = refused_head },
	{},
};

static const struct lisp_section json_sections[] = {
	{ .kind = &lisp_kind_sites },
	{ .kind = &lisp_kind_site },
	{ .kind = &lisp_kind_prefix },
	{},
};

/* Sets what is wanted; false, and says why, if there is no such site or EID. */
static bool what_set(struct lisp_show *show, const char *what)
{
	const struct lisp_site_prefix *prefix;
	struct lisp_eid eid;

	show->wanted = site_wanted;
	strlcpy(show->name, what, sizeof(show->name));
	if (lisp_site_find(what))
		return true;
	if (!lisp_eid_parse(what, &eid)) {
		if (!show->json)
			vty_out(show->vty, "%% There is no site %s\n", what);
		return false;
	}
	eid.iid = show->scope.iid;
	prefix = lisp_scope_has_family(&show->scope, &eid) ? lisp_site_prefix_match(&eid) : NULL;
	if (prefix) {
		show->only = prefix;
		strlcpy(show->name, prefix->site->name, sizeof(show->name));
	} else if (!show->json) {
		vty_out(show->vty, "%% Could not find instance-id %u EID %s in site database.\n",
			eid.iid, what);
	}
	return prefix;
}

/* `show lisp site EID longer-prefixes`: a line of each. */
static bool within_set(struct lisp_show *show, const char *what)
{
	if (!lisp_eid_parse(what, &show->within)) {
		vty_out(show->vty, "%% Invalid EID: %s\n", what);
		return false;
	}
	show->within.iid = show->scope.iid;
	show->wanted = lisp_show_longer;
	return true;
}

int lisp_show_site(struct vty *vty, const struct lisp_scope *scope, const char *what, bool longer,
		   bool detail, bool json)
{
	struct lisp_show show = {
		.vty = vty,
		.json = json,
		.scope = *scope,
		.sections = json			    ? json_sections
			    : (detail || (what && !longer)) ? detail_sections
							    : prefixes_sections,
	};

	if (longer && !within_set(&show, what))
		return CMD_WARNING;
	if (what && !longer && !what_set(&show, what))
		return json ? lisp_show_nothing(&show) : CMD_WARNING;
	return lisp_show(&show);
}

/* ---- summary ---- */

static void summary_head(struct lisp_show *show)
{
	vty_out(show->vty,
		"                      ----------- IPv4 -----------  ----------- IPv6 -----------\n"
		"Site name             Configured Registered Incons  Configured Registered Incons\n");
}

static void summary_line(struct lisp_show *show, const void *object)
{
	lisp_show_line(show, &lisp_kind_site, object,
		       "{name:21} {ipv4-configured:>10} {ipv4-registered:>10} "
		       "{ipv4-inconsistent:>6}  {ipv6-configured:>10} {ipv6-registered:>10} "
		       "{ipv6-inconsistent:>6}\n");
}

static void summary_foot(struct lisp_show *show)
{
	unsigned int configured[LISP_SITE_OTHER + 1] = {}, registered[LISP_SITE_OTHER + 1] = {};
	unsigned int sites = 0, up = 0, inconsistent = 0;
	struct lisp_site *site = NULL;

	while ((site = lisp_site_next(site))) {
		bool any = false, differ = false;

		for (unsigned int i = 0; i <= LISP_SITE_OTHER; i++) {
			configured[i] += site->configured[i];
			registered[i] += site->registered[i];
			any |= site->registered[i];
			differ |= site->inconsistent[i];
		}
		sites++;
		up += any;
		inconsistent += differ;
	}
	vty_out(show->vty,
		"\nNumber of configured sites:             %10u\n"
		"Number of registered sites:             %10u\n"
		"Sites with inconsistent registrations:  %10u\n",
		sites, up, inconsistent);
	for (unsigned int i = 0; i <= LISP_SITE_OTHER; i++)
		vty_out(show->vty,
			"%s\n  Number of configured EID prefixes:    %10u\n"
			"  Number of registered EID prefixes:    %10u\n",
			i == LISP_SITE_OTHER ? "Other" : lisp_family_title(i), configured[i],
			registered[i]);
}

int lisp_show_site_summary(struct vty *vty, bool json)
{
	static const struct lisp_section sections[] = {
		{ .kind = &lisp_kind_site, .head = summary_head, .text = summary_line },
		{ .kind = &lisp_kind_sites, .head = summary_foot },
		{},
	};

	return lisp_show(&(struct lisp_show){
		.vty = vty,
		.json = json,
		.scope.families = LISP_FAMILIES_ALL,
		.sections = sections,
	});
}
