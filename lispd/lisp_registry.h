// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Map-Server's sites: what is configured (`site`) and what is registered.
 * One registration per EID-prefix and xTR; merged or latest set per prefix
 * (RFC 9301 section 8.2).
 */
#ifndef _LISP_REGISTRY_H
#define _LISP_REGISTRY_H

#include "typesafe.h"
#include "lispd/lispd.h"
#include "lispd/lisp_addr.h"
#include "lispd/lisp_keys.h"
#include "lispd/lisp_mapping.h"

PREDECL_RBTREE_UNIQ(lisp_sites);
PREDECL_DLIST(lisp_registrations);

struct lisp_site {
	struct lisp_sites_item item;
	char *name;
	struct lisp_key_ref key;
	bool stale; /* the northbound's sweep */
	uint64_t auth_failures, refused;
	time_t auth_failed; /* monotonic seconds of the last, 0: never */
};

/* An EID-prefix the Map-Server knows: configured, or registered inside one. */
struct lisp_site_prefix {
	struct lisp_eid eid;
	struct lisp_site *site;
	bool configured;
	bool accept_more_specifics; /* configured ones only */
	struct lisp_site_prefix *parent; /* dynamic ones: the configured prefix around */
	bool stale; /* the northbound's sweep */
	struct lisp_registrations_head registrations;
	time_t first_registered, last_registered; /* monotonic seconds, 0: never */
};

/* What one xTR registered for one prefix. */
struct lisp_registration {
	struct lisp_registrations_item item;
	struct lisp_site_prefix *prefix;
	struct ipaddr from; /* source RLOC of the Map-Register */
	bool has_xtr_id;
	uint8_t xtr_id[16];
	uint64_t site_id;
	struct lisp_mapping mapping;
	bool proxy_reply, merge, ttl_timeout, want_notify, lisp_sec;
	uint8_t key_id, algorithm;
	uint64_t nonce;
	time_t first, last, expires; /* monotonic seconds */
};

struct lisp_site *lisp_site_get(const char *name);
void lisp_site_free(struct lisp_site **site); /* with prefixes and registrations */
struct lisp_site *lisp_site_find(const char *name);
struct lisp_site *lisp_site_next(struct lisp_site *site);

/* NULL when the prefix belongs to another site already. */
struct lisp_site_prefix *lisp_site_prefix_get(struct lisp_site *site, const struct lisp_eid *eid);
void lisp_site_prefix_set(struct lisp_site_prefix *prefix, bool accept_more_specifics);
/* No longer configured; its registrations and dynamic more-specifics go. */
void lisp_site_prefix_del(struct lisp_site_prefix *prefix);
struct lisp_site_prefix *lisp_site_prefix_find(const struct lisp_eid *eid);
struct lisp_site_prefix *lisp_site_prefix_match(const struct lisp_eid *eid);
struct lisp_site_prefix *lisp_site_prefix_next(struct lisp_site_prefix *prefix); /* all sites */
unsigned int lisp_registration_count(void);

static inline bool lisp_site_prefix_registered(const struct lisp_site_prefix *prefix)
{
	return lisp_registrations_const_first(&prefix->registrations) != NULL;
}

/* The set that answers: the union with merge, else the last xTR's first; caller
 * frees with lisp_mapping_fini(). False: not registered. */
bool lisp_site_prefix_mapping(const struct lisp_site_prefix *prefix, struct lisp_mapping *mapping);

/* The first registration came (true) or the last one went (false): the ALT follows. */
DECLARE_HOOK(lisp_site_prefix_changed, (struct lisp_site_prefix *prefix, bool registered),
	     (prefix, registered));

/* `clear lisp site NAME` */
void lisp_site_clear(struct lisp_site *site);
void lisp_registry_config_changed(void);
void lisp_registry_init(void);
void lisp_registry_finish(void);

#endif /* _LISP_REGISTRY_H */
