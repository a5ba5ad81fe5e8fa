// SPDX-License-Identifier: GPL-2.0-or-later
/* Operational state: the Map-Server's sites and registrations. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "lispd/lisp_auth.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_state.h"

/* ---- sites ---- */

static LISP_LEAF_READER(sites_registrations)
{
	lisp_value_number(value, lisp_registration_count());
}

static const struct lisp_leaf sites_leaves[] = {
	LISP_LEAF_READ("registrations", sites_registrations),
};

const struct lisp_kind lisp_kind_sites = {
	.path = "sites",
	LISP_KIND_LEAVES(sites_leaves),
};

static const struct lisp_leaf site_leaves[] = {
	LISP_LEAF("name", string, struct lisp_site, name),
	LISP_LEAF("authentication-failures", number, struct lisp_site, auth_failures),
	LISP_LEAF("last-authentication-failure", since, struct lisp_site, auth_failed),
	LISP_LEAF("refused-records", number, struct lisp_site, refused),
	LISP_LEAF("ipv4-configured", number, struct lisp_site, configured[LISP_IPV4]),
	LISP_LEAF("ipv4-registered", number, struct lisp_site, registered[LISP_IPV4]),
	LISP_LEAF("ipv4-inconsistent", number, struct lisp_site, inconsistent[LISP_IPV4]),
	LISP_LEAF("ipv6-configured", number, struct lisp_site, configured[LISP_IPV6]),
	LISP_LEAF("ipv6-registered", number, struct lisp_site, registered[LISP_IPV6]),
	LISP_LEAF("ipv6-inconsistent", number, struct lisp_site, inconsistent[LISP_IPV6]),
	LISP_LEAF("other-configured", number, struct lisp_site, configured[LISP_SITE_OTHER]),
	LISP_LEAF("other-registered", number, struct lisp_site, registered[LISP_SITE_OTHER]),
	LISP_LEAF("other-inconsistent", number, struct lisp_site, inconsistent[LISP_SITE_OTHER]),
};

static const void *site_next(const void *parent, const void *object)
{
	return lisp_site_next((struct lisp_site *)object);
}

const struct lisp_kind lisp_kind_site = {
	.path = "sites/site",
	.json = "sites",
	LISP_KIND_LEAVES(site_leaves),
	.n_keys = 1,
	.next = site_next,
};

/* ---- EID-prefixes ---- */

static LISP_LEAF_READER(prefix_site)
{
	const struct lisp_site_prefix *prefix = object;

	lisp_value_text(value, prefix->site->name);
}

static LISP_LEAF_READER(prefix_more_specifics)
{
	const struct lisp_site_prefix *prefix = object;

	if (prefix->configured)
		lisp_value_bool(value, prefix->accept_more_specifics);
}

static LISP_LEAF_READER(prefix_parent)
{
	const struct lisp_site_prefix *prefix = object;
	char text[LISP_EID_STRLEN];

	if (!prefix->configured && prefix->parent)
		lisp_value_text(value,
				lisp_eid_prefix_str(&prefix->parent->eid, text, sizeof(text)));
}

static LISP_LEAF_READER(prefix_registered)
{
	lisp_value_bool(value, lisp_site_prefix_registered(object));
}

/* Who registered last. */
static LISP_LEAF_READER(prefix_last_by)
{
	const struct lisp_site_prefix *prefix = object;
	const struct lisp_registration *reg = lisp_registrations_const_first(&prefix->registrations);

	if (reg)
		lisp_value_address(value, &reg->from);
}

static LISP_LEAF_READER(prefix_last_port)
{
	const struct lisp_site_prefix *prefix = object;
	const struct lisp_registration *reg = lisp_registrations_const_first(&prefix->registrations);

	if (reg)
		lisp_value_number(value, reg->port);
}

static const struct lisp_leaf prefix_leaves[] = {
	LISP_LEAF_EID(struct lisp_site_prefix, eid),
	LISP_LEAF_READ("site", prefix_site),
	LISP_LEAF("configured", bool, struct lisp_site_prefix, configured),
	LISP_LEAF_READ("more-specifics-accepted", prefix_more_specifics),
	LISP_LEAF_READ("more-specific-of", prefix_parent),
	LISP_LEAF_READ("registered", prefix_registered),
	LISP_LEAF("first-registered", since, struct lisp_site_prefix, first_registered),
	LISP_LEAF("last-registered", since, struct lisp_site_prefix, last_registered),
	LISP_LEAF_READ("last-registered-by", prefix_last_by),
	LISP_LEAF_READ("last-registered-port", prefix_last_port),
};

LISP_KIND_EID_TABLE(prefix, struct lisp_site_prefix, eid, lisp_site_prefix);

static const struct lisp_kind *const prefix_children[] = { &lisp_kind_registration, NULL };

const struct lisp_kind lisp_kind_prefix = {
	.path = "registrations/mapping",
	.json = "mappings",
	LISP_KIND_LEAVES(prefix_leaves),
	.n_keys = 2,
	.children = prefix_children,
	LISP_KIND_WALK(prefix),
};

/* ---- registrations ---- */

static LISP_LEAF_READER(registration_xtr_id)
{
	const struct lisp_registration *reg = object;

	if (reg->has_xtr_id)
		lisp_value_hex(value, reg->xtr_id, sizeof(reg->xtr_id));
}

static LISP_LEAF_READER(registration_site_id)
{
	const struct lisp_registration *reg = object;

	if (reg->has_xtr_id)
		lisp_value_number(value, reg->site_id);
}

static LISP_LEAF_READER(registration_algorithm)
{
	const struct lisp_registration *reg = object;

	lisp_value_text(value, lisp_auth_name(reg->algorithm));
}

static LISP_LEAF_READER(registration_nonce)
{
	const struct lisp_registration *reg = object;
	char text[32];

	snprintf(text, sizeof(text), "0x%08x-0x%08x", (uint32_t)(reg->nonce >> 32),
		 (uint32_t)reg->nonce);
	lisp_value_text(value, text);
}

static LISP_LEAF_READER(registration_elsewhere)
{
	lisp_value_bool(value, lisp_registration_from_elsewhere(object));
}

static const struct lisp_leaf registration_leaves[] = {
	LISP_LEAF("etr", address, struct lisp_registration, from),
	LISP_LEAF_READ("source-differs", registration_elsewhere),
	LISP_LEAF("port", number, struct lisp_registration, port),
	LISP_LEAF_READ("xtr-id", registration_xtr_id),
	LISP_LEAF_READ("site-id", registration_site_id),
	LISP_LEAF("first-registered", since, struct lisp_registration, first),
	LISP_LEAF("last-registered", since, struct lisp_registration, last),
	LISP_LEAF("expires", until, struct lisp_registration, expires),
	LISP_LEAF("record-ttl", number, struct lisp_registration, mapping.ttl),
	LISP_LEAF("proxy-reply", bool, struct lisp_registration, proxy_reply),
	LISP_LEAF("merge", bool, struct lisp_registration, merge),
	LISP_LEAF("want-map-notify", bool, struct lisp_registration, want_notify),
	LISP_LEAF("lisp-sec", bool, struct lisp_registration, lisp_sec),
	LISP_LEAF("key-id", number, struct lisp_registration, key_id),
	LISP_LEAF_READ("algorithm", registration_algorithm),
	LISP_LEAF_READ("nonce", registration_nonce),
};

static const void *registration_next(const void *parent, const void *object)
{
	const struct lisp_site_prefix *prefix = parent;

	return object ? lisp_registrations_const_next(&prefix->registrations, object)
		      : lisp_registrations_const_first(&prefix->registrations);
}

static const struct lisp_kind *const registration_children[] = {
	&lisp_kind_registration_locator,
	NULL,
};

const struct lisp_kind lisp_kind_registration = {
	.path = "registrations/mapping/registration",
	.json = "registrations",
	LISP_KIND_LEAVES(registration_leaves),
	.children = registration_children,
	.next = registration_next,
};

static const struct lisp_leaf registration_locator_leaves[] = {
	LISP_LEAVES_LOCATOR,
	LISP_LEAF_READ("state", locator_reach),
};

static const void *registration_locator_next(const void *parent, const void *object)
{
	const struct lisp_registration *reg = parent;

	return lisp_mapping_locator_next(&reg->mapping, object);
}

const struct lisp_kind lisp_kind_registration_locator = {
	.path = "registrations/mapping/registration/locator",
	.json = "locators",
	LISP_KIND_LEAVES(registration_locator_leaves),
	.next = registration_locator_next,
};
