// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Map-Server's sites and registrations.
 *
 * One lisp_eid_table holds every struct lisp_site_prefix: those that `eid-prefix`
 * configured, and dynamic ones, more-specifics that a site registered where that
 * is accepted and that live as long as they have a registration. Each prefix has
 * a list of registrations, one per xTR. All of them are in one heap by the time
 * they expire, with one event for the earliest.
 */
#include <zebra.h>

#include <string.h>

#include "frrevent.h"
#include "jhash.h"
#include "log.h"
#include "memory.h"
#include "monotime.h"

#include "lispd/lisp_auth.h"
#include "lispd/lisp_eid_table.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_log.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_stats.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_SITE, "LISP site");
DEFINE_MTYPE_STATIC(LISPD, LISP_SITE_NAME, "LISP site name");
DEFINE_MTYPE_STATIC(LISPD, LISP_SITE_PREFIX, "LISP site EID-prefix");
DEFINE_MTYPE_STATIC(LISPD, LISP_REGISTRATION, "LISP registration");

DEFINE_HOOK(lisp_site_prefix_changed, (struct lisp_site_prefix * prefix, bool registered),
	    (prefix, registered));
DEFINE_HOOK(lisp_registration_changed, (struct lisp_registration * reg, enum lisp_fate fate),
	    (reg, fate));

static int site_cmp(const struct lisp_site *a, const struct lisp_site *b)
{
	return strcmp(a->name, b->name);
}
DECLARE_RBTREE_UNIQ(lisp_sites, struct lisp_site, item, site_cmp);

static int ttl_cmp(const struct lisp_registration *a, const struct lisp_registration *b)
{
	return numcmp(a->expires, b->expires);
}
DECLARE_HEAP(lisp_registration_ttls, struct lisp_registration, ttl_item, ttl_cmp);

static struct lisp_sites_head sites;
static struct lisp_eid_table *prefixes;
static struct lisp_registration_ttls_head ttls;
static struct event *t_expire;

/* ---- prefixes ---- */

static struct lisp_site_prefix *node_prefix(struct lisp_eid_node *node)
{
	return node ? node->info : NULL;
}

static struct lisp_site_prefix *site_prefix_new(const struct lisp_eid *eid, struct lisp_site *site)
{
	struct lisp_site_prefix *prefix = XCALLOC(MTYPE_LISP_SITE_PREFIX, sizeof(*prefix));
	struct lisp_eid_node *node = lisp_eid_table_get(prefixes, eid);

	node->info = prefix;
	prefix->eid = *eid;
	prefix->site = site;
	site->prefixes++;
	lisp_registrations_init(&prefix->registrations);
	return prefix;
}

/* The site's count of prefixes as this one. */
static unsigned int *count(unsigned int *counts, const struct lisp_site_prefix *prefix)
{
	return &counts[lisp_eid_is_ip(&prefix->eid) ? lisp_af_family(prefix->eid.prefix.family)
						    : LISP_SITE_OTHER];
}

static void site_prefix_free(struct lisp_site_prefix *prefix)
{
	if (prefix->configured)
		--*count(prefix->site->configured, prefix);
	lisp_eid_table_del(prefixes, lisp_eid_table_find(prefixes, &prefix->eid));
	prefix->site->prefixes--;
	if (prefix->parent)
		prefix->parent->dynamic--;
	lisp_registrations_fini(&prefix->registrations);
	XFREE(MTYPE_LISP_SITE_PREFIX, prefix);
}

struct lisp_site_prefix *lisp_site_prefix_find(const struct lisp_eid *eid)
{
	return node_prefix(lisp_eid_table_find(prefixes, eid));
}

struct lisp_site_prefix *lisp_site_prefix_match(const struct lisp_eid *eid)
{
	return node_prefix(lisp_eid_table_match(prefixes, eid));
}

struct lisp_site_prefix *lisp_site_prefix_next(struct lisp_site_prefix *prefix)
{
	struct lisp_eid_node *node;

	if (!prefix)
		return node_prefix(lisp_eid_table_first(prefixes));
	node = lisp_eid_table_find(prefixes, &prefix->eid);
	return node_prefix(lisp_eid_table_next(prefixes, node));
}

struct lisp_site_prefix *lisp_site_prefix_after(const struct lisp_eid *eid)
{
	return node_prefix(lisp_eid_table_after(prefixes, eid));
}

struct lisp_site_prefix *lisp_site_prefix_inside(const struct lisp_eid *eid,
						 struct lisp_site_prefix *prefix)
{
	struct lisp_eid_node *node;

	if (!prefix)
		return node_prefix(lisp_eid_table_inside_first(prefixes, eid));
	node = lisp_eid_table_find(prefixes, &prefix->eid);
	return node_prefix(lisp_eid_table_inside_next(prefixes, eid, node));
}

struct lisp_site_prefix *lisp_site_prefix_allowing(const struct lisp_eid *eid)
{
	struct lisp_eid_node *node = lisp_eid_table_match(prefixes, eid);
	struct lisp_site_prefix *prefix;

	for (; node; node = lisp_eid_node_covering(node)) {
		prefix = node->info;
		if (!prefix->configured)
			continue;
		if (prefix->accept_more_specifics || lisp_eid_same(&prefix->eid, eid))
			return prefix;
		return NULL;
	}
	return NULL;
}

const struct lisp_eid_table *lisp_registry_table(void)
{
	return prefixes;
}

/* ---- registrations ---- */

static void expire_schedule(void);

bool lisp_registration_from_elsewhere(const struct lisp_registration *reg)
{
	bool any = false;

	for (unsigned int i = 0; i < reg->mapping.n_locators; i++) {
		const struct ipaddr *addr = &reg->mapping.locators[i].addr;

		if (ipaddr_is_same(addr, &reg->from))
			return false;
		any |= ipaddr_family(addr) == ipaddr_family(&reg->from);
	}
	return any;
}

static void registration_log(const struct lisp_registration *reg, const char *what)
{
	char xtr_id[2 * sizeof(reg->xtr_id) + 1] = "none";

	if (!lisp_log_room(&reg->from))
		return;
	for (size_t i = 0; reg->has_xtr_id && i < sizeof(reg->xtr_id); i++)
		snprintf(xtr_id + 2 * i, 3, "%02x", reg->xtr_id[i]);
	zlog_notice("site %s: EID-prefix %pLE %s: xTR %pIA, xTR-ID %s, key-id %u, %s%s",
		    reg->prefix->site->name, &reg->prefix->eid, what, &reg->from, xtr_id,
		    reg->key_id, lisp_auth_name(reg->algorithm),
		    lisp_registration_from_elsewhere(reg) ? ", its source is none of its locators"
							  : "");
}

/* After each change of its registrations. */
static void prefix_compare(struct lisp_site_prefix *prefix)
{
	const struct lisp_registration *first, *reg;
	bool differ = false;

	first = lisp_registrations_const_first(&prefix->registrations);
	frr_each (lisp_registrations_const, &prefix->registrations, reg)
		differ |= !(reg->merge && first->merge) &&
			  !lisp_mapping_same_locators(&reg->mapping, &first->mapping);
	if (differ == prefix->inconsistent)
		return;
	prefix->inconsistent = differ;
	*count(prefix->site->inconsistent, prefix) += differ ? 1 : -1;
}

static void registration_free(struct lisp_registration *reg)
{
	lisp_registration_ttls_del(&ttls, reg);
	lisp_registrations_del(&reg->prefix->registrations, reg);
	lisp_mapping_fini(&reg->mapping);
	XFREE(MTYPE_LISP_REGISTRATION, reg);
}

/* Ends one; a dynamic prefix ends with its last. */
static void registration_end(struct lisp_registration *reg)
{
	struct lisp_site_prefix *prefix = reg->prefix;

	hook_call(lisp_registration_changed, reg, LISP_FATE_END);
	registration_free(reg);
	prefix_compare(prefix);
	if (lisp_site_prefix_registered(prefix))
		return;

	--*count(prefix->site->registered, prefix);
	hook_call(lisp_site_prefix_changed, prefix, false);
	if (!prefix->configured)
		site_prefix_free(prefix);
}

static void registrations_end(struct lisp_site_prefix *prefix)
{
	unsigned int left = lisp_registrations_count(&prefix->registrations);

	/* The last one may take the prefix along. */
	while (left--)
		registration_end(lisp_registrations_first(&prefix->registrations));
}

static void registry_expire(struct event *event)
{
	struct lisp_registration *reg;
	time_t now = monotime(NULL);

	while ((reg = lisp_registration_ttls_first(&ttls)) && reg->expires <= now) {
		registration_log(reg, "expired");
		lisp_stats_event(LISP_EV_EXPIRED);
		registration_end(reg);
	}
	expire_schedule();
}

static void expire_schedule(void)
{
	const struct lisp_registration *reg = lisp_registration_ttls_first(&ttls);
	time_t now = monotime(NULL);

	event_cancel(&t_expire);
	if (reg)
		event_add_timer(lisp.master, registry_expire, NULL, MAX(reg->expires - now, 1),
				&t_expire);
}

static unsigned int lifetime(bool ttl_timeout, uint32_t ttl)
{
	uint64_t sec;

	if (!ttl_timeout || ttl == LISP_TTL_LOCAL)
		return LISP_REGISTRATION_LIFETIME;
	if (CHECK_FLAG(ttl, LISP_TTL_SECONDS))
		sec = ttl & ~LISP_TTL_SECONDS;
	else
		sec = (uint64_t)ttl * 60;
	return MIN(MAX(sec, 1), LISP_REGISTRATION_LIFETIME_MAX);
}

/*
 * The xTR-ID names an xTR, whatever its source and its Site-ID are; without one its source
 * RLOC does (RFC 9301 section 5.6).
 */
bool lisp_registration_same_xtr(const struct lisp_registration *a, const struct lisp_registration *b)
{
	if (a->has_xtr_id != b->has_xtr_id)
		return false;
	if (a->has_xtr_id)
		return !memcmp(a->xtr_id, b->xtr_id, sizeof(a->xtr_id));
	return !ipaddr_cmp(&a->from, &b->from);
}

const struct lisp_registration *lisp_registration_find(const struct lisp_site_prefix *prefix,
						       const struct lisp_registration *values)
{
	const struct lisp_registration *reg;

	frr_each (lisp_registrations_const, &prefix->registrations, reg)
		if (lisp_registration_same_xtr(reg, values))
			return reg;
	return NULL;
}

/*
 * Was the other one made by the same xTR before it changed its source, or got its xTR-ID,
 * or lost it? If one of them has no xTR-ID, the xTR whose own locators (L) have the source
 * of the other is the same.
 */
static bool superseded(const struct lisp_registration *old, const struct lisp_registration *reg)
{
	if (old == reg || (old->has_xtr_id && reg->has_xtr_id))
		return false;
	if (old->has_xtr_id != reg->has_xtr_id && !ipaddr_cmp(&old->from, &reg->from))
		return true;
	for (unsigned int i = 0; i < reg->mapping.n_locators; i++)
		if (reg->mapping.locators[i].local &&
		    !ipaddr_cmp(&reg->mapping.locators[i].addr, &old->from))
			return true;
	return false;
}

/* One that is left would answer again when the xTR withdraws. */
static void registrations_supersede(struct lisp_site_prefix *prefix,
				    const struct lisp_registration *reg)
{
	struct lisp_registration *old;

	frr_each_safe (lisp_registrations, &prefix->registrations, old)
		if (superseded(old, reg)) {
			registration_log(old, "left by its xTR");
			hook_call(lisp_registration_changed, old, LISP_FATE_END);
			registration_free(old);
		}
}

static struct lisp_registration *registration_find(struct lisp_site_prefix *prefix,
						   const struct lisp_registration *values)
{
	return (struct lisp_registration *)lisp_registration_find(prefix, values);
}

static enum lisp_drop registration_withdraw(const struct lisp_registration *values,
					    const struct lisp_eid *eid)
{
	struct lisp_site_prefix *prefix = lisp_site_prefix_find(eid);
	struct lisp_registration *reg = prefix ? registration_find(prefix, values) : NULL;

	if (!reg)
		return LISP_OK;

	registration_log(reg, "withdrawn");
	lisp_stats_event(LISP_EV_WITHDRAWALS);
	registration_end(reg);
	expire_schedule();
	return LISP_OK;
}

/* The prefix to register, made if need be; NULL: no room for a new one. */
static struct lisp_site_prefix *prefix_for(struct lisp_site_prefix *allowing,
					   const struct lisp_eid *eid)
{
	struct lisp_site_prefix *prefix = lisp_site_prefix_find(eid);

	if (prefix)
		return prefix;
	if (allowing->dynamic >= LISP_DYNAMIC_MAX)
		return NULL;

	prefix = site_prefix_new(eid, allowing->site);
	prefix->parent = allowing;
	allowing->dynamic++;
	return prefix;
}

/* A copy of values for the prefix, in its place by the time of the last Map-Register. */
static struct lisp_registration *registration_new(struct lisp_site_prefix *prefix,
						  const struct lisp_registration *values,
						  struct lisp_mapping *mapping)
{
	struct lisp_registration *reg = XMALLOC(MTYPE_LISP_REGISTRATION, sizeof(*reg));
	struct lisp_registration *later = NULL, *other;

	*reg = *values;
	reg->prefix = prefix;
	reg->mapping = (struct lisp_mapping){};
	lisp_mapping_move(&reg->mapping, mapping);
	frr_each (lisp_registrations, &prefix->registrations, other) {
		if (other->last <= reg->last)
			break;
		later = other;
	}
	lisp_registrations_add_after(&prefix->registrations, later, reg);
	lisp_registration_ttls_add(&ttls, reg);
	if (lisp_registration_ttls_first(&ttls) == reg || !t_expire)
		expire_schedule();
	return reg;
}

static void prefix_registered(struct lisp_site_prefix *prefix, const struct lisp_registration *reg,
			      bool new_prefix)
{
	prefix->last_registered = MAX(reg->last, prefix->last_registered);
	if (!new_prefix)
		return;
	prefix->first_registered = reg->first;
	++*count(prefix->site->registered, prefix);
	hook_call(lisp_site_prefix_changed, prefix, true);
}

static bool registrations_full(const struct lisp_site_prefix *prefix)
{
	return lisp_registrations_count(&prefix->registrations) >= LISP_REGISTRATIONS_MAX;
}

/* But for mapping, times and nonce. */
static bool registration_same(const struct lisp_registration *a, const struct lisp_registration *b)
{
	return !ipaddr_cmp(&a->from, &b->from) && a->port == b->port && a->site_id == b->site_id &&
	       a->proxy_reply == b->proxy_reply && a->merge == b->merge &&
	       a->ttl_timeout == b->ttl_timeout && a->want_notify == b->want_notify &&
	       a->lisp_sec == b->lisp_sec && a->key_id == b->key_id && a->algorithm == b->algorithm;
}

enum lisp_drop lisp_registration_put(struct lisp_site_prefix *allowing,
				     const struct lisp_registration *values,
				     struct lisp_mapping *mapping)
{
	struct lisp_registration *reg, new = *values;
	enum lisp_fate fate = LISP_FATE_NEW;
	bool new_prefix, known, moved = false;
	struct lisp_site_prefix *prefix;

	if (!mapping->ttl)
		return registration_withdraw(values, &mapping->eid);

	prefix = prefix_for(allowing, &mapping->eid);
	if (!prefix)
		return LISP_DROP_TABLE_FULL;

	new.first = new.last = monotime(NULL);
	new.expires = new.last + lifetime(new.ttl_timeout, mapping->ttl);
	new_prefix = !lisp_site_prefix_registered(prefix);
	reg = registration_find(prefix, values);
	known = reg;
	if (reg) {
		new.first = reg->first;
		new.stored = reg->stored;
		new.left_merged = reg->merge && !values->merge;
		moved = ipaddr_cmp(&reg->from, &values->from);
		if (registration_same(reg, values) && lisp_mapping_same(&reg->mapping, mapping))
			fate = LISP_FATE_REFRESH;
		registration_free(reg);
	} else if (registrations_full(prefix)) {
		return LISP_DROP_TABLE_FULL;
	}

	reg = registration_new(prefix, &new, mapping);
	registrations_supersede(prefix, reg);
	if (moved)
		registration_log(reg, "moved");
	else if (!known)
		registration_log(reg, "registered");
	if (fate != LISP_FATE_REFRESH)
		prefix_compare(prefix);
	hook_call(lisp_registration_changed, reg, fate);
	lisp_stats_event(LISP_EV_REGISTRATIONS);
	prefix_registered(prefix, reg, new_prefix);
	return LISP_OK;
}

struct lisp_registration *lisp_registration_restore(struct lisp_site_prefix *allowing,
						    const struct lisp_registration *values,
						    struct lisp_mapping *mapping)
{
	struct lisp_site_prefix *prefix = prefix_for(allowing, &mapping->eid);
	struct lisp_registration *reg = prefix ? registration_find(prefix, values) : NULL;
	bool new_prefix;

	if (reg || !prefix || registrations_full(prefix))
		return reg;
	new_prefix = !lisp_site_prefix_registered(prefix);
	reg = registration_new(prefix, values, mapping);
	prefix_compare(prefix);
	prefix_registered(prefix, reg, new_prefix);
	return reg;
}

void lisp_registration_from_register(struct lisp_registration *values, const struct lisp_msg *msg)
{
	uint32_t flags = msg->h.flags;

	values->has_xtr_id = CHECK_FLAG(flags, LISP_MREG_F_XTR_ID);
	memcpy(values->xtr_id, msg->h.xtr_id, sizeof(values->xtr_id));
	values->site_id = msg->h.site_id;
	values->proxy_reply = CHECK_FLAG(flags, LISP_MREG_F_PROXY_REPLY);
	values->merge = CHECK_FLAG(flags, LISP_MREG_F_MERGE);
	values->ttl_timeout = CHECK_FLAG(flags, LISP_MREG_F_USE_TTL);
	values->want_notify = CHECK_FLAG(flags, LISP_MREG_F_WANT_NOTIFY);
	values->lisp_sec = CHECK_FLAG(flags, LISP_MREG_F_SECURITY);
	values->key_id = msg->h.key_id;
	values->algorithm = msg->h.alg_id;
	values->nonce = msg->h.nonce;
}

bool lisp_site_prefix_merged(const struct lisp_site_prefix *prefix, struct lisp_mapping *merged)
{
	const struct lisp_registration *reg;
	bool any = false;

	*merged = (struct lisp_mapping){};
	/* Newest first, and add() keeps what is there: the newest wins per RLOC. */
	frr_each (lisp_registrations_const, &prefix->registrations, reg) {
		if (!reg->merge)
			continue;
		if (!any)
			lisp_mapping_copy(merged, &reg->mapping);
		for (unsigned int i = 0; any && i < reg->mapping.n_locators; i++)
			lisp_mapping_add(merged, &reg->mapping.locators[i]);
		merged->ttl = MIN(merged->ttl, reg->mapping.ttl);
		any = true;
	}
	return any;
}

const struct lisp_mapping *lisp_site_prefix_mapping(const struct lisp_site_prefix *prefix,
						    struct lisp_mapping *merged)
{
	const struct lisp_registration *reg;

	*merged = (struct lisp_mapping){};
	reg = lisp_registrations_const_first(&prefix->registrations);
	if (!reg)
		return NULL;
	if (!reg->merge)
		return &reg->mapping;
	lisp_site_prefix_merged(prefix, merged);
	return merged;
}

unsigned int lisp_registration_count(void)
{
	return lisp_registration_ttls_count(&ttls);
}

/* ---- configured prefixes ---- */

/* Dynamic more-specifics that the prefix let in. */
static void dynamic_end(struct lisp_site_prefix *parent)
{
	struct lisp_eid eid = parent->eid;
	struct lisp_eid_node *node, *next;

	if (!parent->dynamic)
		return;
	LISP_EID_TABLE_INSIDE (prefixes, &eid, node, next) {
		struct lisp_site_prefix *prefix = node->info;

		if (prefix->parent == parent)
			registrations_end(prefix);
	}
}

struct lisp_site_prefix *lisp_site_prefix_get(struct lisp_site *site, const struct lisp_eid *eid)
{
	struct lisp_site_prefix *prefix = lisp_site_prefix_find(eid);

	if (prefix && prefix->configured)
		return prefix->site == site ? prefix : NULL;

	/* A dynamic one of another site had no right to it from now on. */
	if (prefix && prefix->site != site) {
		registrations_end(prefix);
		prefix = NULL;
	}
	if (!prefix)
		prefix = site_prefix_new(eid, site);
	if (prefix->parent) {
		prefix->parent->dynamic--;
		prefix->parent = NULL;
	}
	prefix->configured = true;
	++*count(site->configured, prefix);
	return prefix;
}

void lisp_site_prefix_set(struct lisp_site_prefix *prefix, bool accept_more_specifics)
{
	prefix->accept_more_specifics = accept_more_specifics;
}

void lisp_site_prefix_del(struct lisp_site_prefix *prefix)
{
	dynamic_end(prefix);
	registrations_end(prefix);
	site_prefix_free(prefix);
}

/* ---- sites ---- */

struct lisp_site *lisp_site_find(const char *name)
{
	struct lisp_site key = { .name = (char *)name };

	return lisp_sites_find(&sites, &key);
}

struct lisp_site *lisp_site_get(const char *name)
{
	struct lisp_site *site = lisp_site_find(name);

	if (site)
		return site;

	site = XCALLOC(MTYPE_LISP_SITE, sizeof(*site));
	site->name = XSTRDUP(MTYPE_LISP_SITE_NAME, name);
	lisp_sites_add(&sites, site);
	return site;
}

struct lisp_site *lisp_site_next(struct lisp_site *site)
{
	return site ? lisp_sites_next(&sites, site) : lisp_sites_first(&sites);
}

struct site_secret {
	const struct lisp_site *site;
	uint32_t hash;
};

static int site_secret_cmp(const void *a, const void *b)
{
	return numcmp(((const struct site_secret *)a)->hash, ((const struct site_secret *)b)->hash);
}

static bool secret_same(const struct lisp_site *a, const struct lisp_site *b)
{
	struct lisp_key ka, kb;
	bool same = lisp_key_to_send(&a->key, &ka) && lisp_key_to_send(&b->key, &kb) &&
		    ka.len == kb.len && !memcmp(ka.secret, kb.secret, ka.len);

	explicit_bzero(&ka, sizeof(ka));
	explicit_bzero(&kb, sizeof(kb));
	return same;
}

bool lisp_sites_share_secret(const struct lisp_site *two[2])
{
	struct site_secret *secrets;
	struct lisp_site *site = NULL;
	unsigned int n = 0, i;
	struct lisp_key key;
	bool share;

	secrets = XCALLOC(MTYPE_TMP, (lisp_sites_count(&sites) + 1) * sizeof(*secrets));
	while ((site = lisp_site_next(site)))
		if (lisp_key_to_send(&site->key, &key))
			secrets[n++] = (struct site_secret){ site, jhash(key.secret, key.len, 0) };
	explicit_bzero(&key, sizeof(key));
	qsort(secrets, n, sizeof(*secrets), site_secret_cmp);
	for (i = 1; i < n; i++)
		if (secrets[i].hash == secrets[i - 1].hash &&
		    secret_same(secrets[i].site, secrets[i - 1].site))
			break;
	share = i < n;
	if (share) {
		two[0] = secrets[i - 1].site;
		two[1] = secrets[i].site;
	}
	XFREE(MTYPE_TMP, secrets);
	return share;
}

/* Configured prefixes of the site; their dynamic ones go with them. */
static void site_prefixes_del(struct lisp_site *site)
{
	struct lisp_site_prefix *prefix = lisp_site_prefix_next(NULL), *next;

	while (prefix) {
		if (!prefix->configured || prefix->site != site) {
			prefix = lisp_site_prefix_next(prefix);
			continue;
		}
		/* All that is freed with it is inside: behind it in the order. */
		dynamic_end(prefix);
		next = lisp_site_prefix_next(prefix);
		lisp_site_prefix_del(prefix);
		prefix = next;
	}
}

void lisp_site_free(struct lisp_site **psite)
{
	struct lisp_site *site = *psite;

	*psite = NULL;
	site_prefixes_del(site);
	lisp_sites_del(&sites, site);
	lisp_key_ref_fini(&site->key);
	XFREE(MTYPE_LISP_SITE_NAME, site->name);
	XFREE(MTYPE_LISP_SITE, site);
}

/* Ends the registrations of prefixes that doomed() says so of. */
static void registrations_sweep(bool (*doomed)(struct lisp_site_prefix *, void *), void *arg)
{
	struct lisp_eid_node *node, *next;

	LISP_EID_TABLE_EACH (prefixes, node, next) {
		struct lisp_site_prefix *prefix = node->info;

		if (lisp_site_prefix_registered(prefix) && doomed(prefix, arg))
			registrations_end(prefix);
	}
	expire_schedule();
}

struct clearing {
	const struct lisp_site *site;
	const uint32_t *iid;
};

static bool is_cleared(struct lisp_site_prefix *prefix, void *arg)
{
	const struct clearing *what = arg;

	return (!what->site || prefix->site == what->site) &&
	       (!what->iid || prefix->eid.iid == *what->iid);
}

void lisp_site_clear(struct lisp_site *site, const uint32_t *iid)
{
	struct clearing what = { site, iid };
	struct lisp_site *one = site ? site : lisp_site_next(NULL);

	registrations_sweep(is_cleared, &what);
	for (; one && !iid; one = site ? NULL : lisp_site_next(one)) {
		one->auth_failures = 0;
		one->refused = 0;
		one->auth_failed = 0;
	}
}

/* No Map-Server for the family, or a dynamic prefix that would not be let in now. */
static bool outdated(struct lisp_site_prefix *prefix, void *arg)
{
	struct lisp_site_prefix *allowing;

	if (!lisp_service_of(&prefix->eid)->map_server)
		return true;
	if (prefix->configured)
		return false;

	allowing = lisp_site_prefix_allowing(&prefix->eid);
	if (!allowing || allowing->site != prefix->site)
		return true;
	if (prefix->parent != allowing) {
		prefix->parent->dynamic--;
		prefix->parent = allowing;
		allowing->dynamic++;
	}
	return false;
}

void lisp_registry_config_changed(void)
{
	registrations_sweep(outdated, NULL);
}

void lisp_registry_init(void)
{
	lisp_sites_init(&sites);
	lisp_registration_ttls_init(&ttls);
	prefixes = lisp_eid_table_new();
}

void lisp_registry_finish(void)
{
	struct lisp_site *site;

	while ((site = lisp_sites_first(&sites)))
		lisp_site_free(&site);
	event_cancel(&t_expire);
	lisp_eid_table_free(&prefixes, NULL);
	lisp_registration_ttls_fini(&ttls);
	lisp_sites_fini(&sites);
}
