// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Map-Server's sites: what is configured (`site`) and what is registered.
 * One registration per EID-prefix and xTR; merged or latest set per prefix
 * (RFC 9301 section 8.2).
 */
#ifndef _LISP_REGISTRY_H
#define _LISP_REGISTRY_H

#include "hook.h"
#include "typesafe.h"
#include "lispd/lispd.h"
#include "lispd/lisp_eid_table.h"
#include "lispd/lisp_keys.h"
#include "lispd/lisp_mapping.h"

PREDECL_RBTREE_UNIQ(lisp_sites);
PREDECL_DLIST(lisp_registrations);
PREDECL_HEAP(lisp_registration_ttls);

/* Kinds of EIDs that a site's prefixes are counted by: IPv4, IPv6, what is not IP. */
#define LISP_SITE_OTHER LISP_FAMILY_MAX

struct lisp_stored;

struct lisp_site {
	struct lisp_sites_item item;
	char *name;
	struct lisp_key_ref key;
	bool notify_xtr_id;    /* Map-Notifies give back the xTR-ID and have the I bit */
	bool stale;	       /* the northbound's sweep */
	unsigned int prefixes; /* configured and dynamic ones */
	unsigned int configured[LISP_SITE_OTHER + 1], registered[LISP_SITE_OTHER + 1];
	unsigned int inconsistent[LISP_SITE_OTHER + 1]; /* prefixes that are */
	uint64_t auth_failures, refused;
	time_t auth_failed;    /* monotonic seconds of the last, 0: never */
	time_t refusal_logged; /* likewise */
};

/* An EID-prefix the Map-Server knows: configured, or registered inside one. */
struct lisp_site_prefix {
	struct lisp_eid eid;
	struct lisp_site *site;
	bool configured;
	bool accept_more_specifics;	 /* configured ones only */
	struct lisp_site_prefix *parent; /* dynamic ones: the configured prefix around */
	unsigned int dynamic;		 /* configured ones: how many have it as parent */
	bool stale;			 /* the northbound's sweep */
	bool inconsistent; /* xTRs register different locators, which are not merged */
	struct lisp_registrations_head registrations; /* the last registered first */
	time_t first_registered, last_registered;     /* monotonic seconds, 0: never */
};

/* What one xTR registered for one prefix. */
struct lisp_registration {
	struct lisp_registrations_item item;
	struct lisp_registration_ttls_item ttl_item;
	struct lisp_site_prefix *prefix;
	struct ipaddr from; /* source RLOC of the Map-Register */
	uint16_t port;	    /* its UDP port */
	struct ipaddr to;   /* the address of ours that it came to; unset: not known */
	bool has_xtr_id;
	uint8_t xtr_id[16];
	uint64_t site_id;
	struct lisp_mapping mapping;
	bool proxy_reply, merge, ttl_timeout, want_notify, lisp_sec;
	bool left_merged; /* what the xTR had registered before was merged, and this is not */
	uint8_t key_id, algorithm;
	uint64_t nonce;
	time_t first, last, expires; /* monotonic seconds */
	struct lisp_stored *stored;  /* private to lisp_store.c */
};

DECLARE_DLIST(lisp_registrations, struct lisp_registration, item);

struct lisp_site *lisp_site_get(const char *name);
void lisp_site_free(struct lisp_site **site); /* with prefixes and registrations */
struct lisp_site *lisp_site_find(const char *name);
struct lisp_site *lisp_site_next(struct lisp_site *site);

/*
 * Has a site now the secret of another one? Then two that share it. RFC 9301 section 5.6 wants
 * each to have its own.
 */
bool lisp_sites_share_secret(const struct lisp_site *two[2]);

/* NULL when the prefix belongs to another site already. */
struct lisp_site_prefix *lisp_site_prefix_get(struct lisp_site *site, const struct lisp_eid *eid);
void lisp_site_prefix_set(struct lisp_site_prefix *prefix, bool accept_more_specifics);
/* No longer configured; its registrations and dynamic more-specifics go. */
void lisp_site_prefix_del(struct lisp_site_prefix *prefix);
struct lisp_site_prefix *lisp_site_prefix_find(const struct lisp_eid *eid);
struct lisp_site_prefix *lisp_site_prefix_match(const struct lisp_eid *eid);
struct lisp_site_prefix *lisp_site_prefix_next(struct lisp_site_prefix *prefix); /* all sites */
/* The first one behind eid in the order of the walk, whether there is one of eid or not. */
struct lisp_site_prefix *lisp_site_prefix_after(const struct lisp_eid *eid);
unsigned int lisp_registration_count(void);

static inline bool lisp_site_prefix_registered(const struct lisp_site_prefix *prefix)
{
	return lisp_registrations_const_first(&prefix->registrations) != NULL;
}

/* Prefixes strictly inside eid, in order; NULL starts and ends. */
struct lisp_site_prefix *lisp_site_prefix_inside(const struct lisp_eid *eid,
						 struct lisp_site_prefix *prefix);

/*
 * The configured prefix that lets a site register eid: the same prefix, or the
 * nearest configured one around it if that accepts more-specifics. NULL: none.
 */
struct lisp_site_prefix *lisp_site_prefix_allowing(const struct lisp_eid *eid);

/* All prefixes, configured and registered, for holes. */
const struct lisp_eid_table *lisp_registry_table(void);

/*
 * Takes a record of an authenticated Map-Register: values has everything but
 * item, ttl_item, prefix, mapping and times; the mapping is taken over (empty
 * after), its TTL of 0 withdraws. allowing as above. LISP_OK;
 * LISP_DROP_TABLE_FULL; with nothing changed then.
 */
enum lisp_drop lisp_registration_put(struct lisp_site_prefix *allowing,
				     const struct lisp_registration *values,
				     struct lisp_mapping *mapping);
/* What a Map-Register says of all its records. */
void lisp_registration_from_register(struct lisp_registration *values, const struct lisp_msg *msg);
/*
 * One from before a restart: values has its times, too. Nothing changes if its xTR has
 * one already: that is the later one. It, or NULL: there is no room.
 */
struct lisp_registration *lisp_registration_restore(struct lisp_site_prefix *allowing,
						    const struct lisp_registration *values,
						    struct lisp_mapping *mapping);
/*
 * There are locators of its source's family, and none of them is its source: a NAT is in
 * front of the xTR, or the xTR registers from another address of its own.
 */
bool lisp_registration_from_elsewhere(const struct lisp_registration *reg);
/* Are they of one xTR? By xTR-ID, or source. */
bool lisp_registration_same_xtr(const struct lisp_registration *a,
				const struct lisp_registration *b);
/* The registration that values' xTR has for the prefix, or NULL. */
const struct lisp_registration *lisp_registration_find(const struct lisp_site_prefix *prefix,
						       const struct lisp_registration *values);

/*
 * The set that answers: what the last xTR registered, as it is stored; with merge the
 * union, which is made in *merged. NULL: not registered. The caller frees merged with
 * lisp_mapping_fini() in any case.
 */
const struct lisp_mapping *lisp_site_prefix_mapping(const struct lisp_site_prefix *prefix,
						    struct lisp_mapping *merged);

/*
 * The union of what is registered to be merged. False: nothing is, and there is nothing to
 * free.
 */
bool lisp_site_prefix_merged(const struct lisp_site_prefix *prefix, struct lisp_mapping *merged);

/*
 * The first registration came (true) or the last one went (false): the ALT
 * follows. The prefix and its parent are valid during the call only.
 */
DECLARE_HOOK(lisp_site_prefix_changed, (struct lisp_site_prefix * prefix, bool registered),
	     (prefix, registered));

/* What became of a registration. */
enum lisp_fate {
	LISP_FATE_NEW,	   /* made, or another than before */
	LISP_FATE_REFRESH, /* only its times and its nonce are new */
	LISP_FATE_END,	   /* it will be freed */
};
DECLARE_HOOK(lisp_registration_changed, (struct lisp_registration * reg, enum lisp_fate fate),
	     (reg, fate));

/*
 * `clear lisp site`: registrations of a site (NULL: of all) in an instance (NULL: in all,
 * with the site's counters).
 */
void lisp_site_clear(struct lisp_site *site, const uint32_t *iid);
void lisp_registry_config_changed(void);
void lisp_registry_init(void);
void lisp_registry_finish(void);

#endif /* _LISP_REGISTRY_H */
