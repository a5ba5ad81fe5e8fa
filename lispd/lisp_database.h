// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What this site owns: locator-sets and the EID-prefixes that use them
 * (`locator-set`, `database-mapping`). The site's other xTRs are lines of a locator-set, or
 * are learned from Map-Notifies, if the set has `auto-discover-rlocs`. The ETR answers and registers from it,
 * the dataplane takes its source and destination checks from it.
 */
#ifndef _LISP_DATABASE_H
#define _LISP_DATABASE_H

#include "if.h"
#include "typesafe.h"
#include "lispd/lispd.h"
#include "lispd/lisp_eid_table.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_rloc.h"

PREDECL_RBTREE_UNIQ(lisp_locator_sets);
PREDECL_RBTREE_UNIQ(lisp_set_locators);

/* One line of a locator-set: an address, or "the address of interface in family". */
struct lisp_set_locator {
	struct lisp_set_locators_item item;
	char ifname[IFNAMSIZ]; /* empty: addr is configured */
	int af;		       /* AF_INET or AF_INET6 */
	struct ipaddr addr;    /* configured; or resolved, unset while the interface has none */
	uint8_t priority, weight, mpriority, mweight;
	struct lisp_rloc *rloc; /* NULL while addr is unset */
	struct ipaddr by;	/* learned: the Map-Server that told it last */
	bool down;		/* learned: its xTR says that it does not reach the EID-prefix */
	bool stale;		/* used by the northbound's sweep */
};

struct lisp_locator_set {
	struct lisp_locator_sets_item item;
	char *name;
	struct lisp_set_locators_head locators;
	bool auto_discover; /* registered to be merged (RFC 9301 section 5.6, a bit) */
	bool stale;
};

/* Find or create; find; free with all locators. */
struct lisp_locator_set *lisp_locator_set_get(const char *name);
struct lisp_locator_set *lisp_locator_set_find(const char *name);
void lisp_locator_set_free(struct lisp_locator_set **set);
struct lisp_locator_set *lisp_locator_set_next(struct lisp_locator_set *set);

/* Find or create the line for an address (ifname NULL) or an interface and family,
 * and set its values. Takes effect at lisp_database_config_changed().
 */
struct lisp_set_locator *lisp_locator_set_locator(struct lisp_locator_set *set,
						  const struct ipaddr *addr, const char *ifname,
						  int af, uint8_t priority, uint8_t weight,
						  uint8_t mpriority, uint8_t mweight);
void lisp_locator_set_auto_discover(struct lisp_locator_set *set, bool on);
void lisp_set_locator_free(struct lisp_locator_set *set, struct lisp_set_locator **loc);
struct lisp_set_locator *lisp_set_locator_next(struct lisp_locator_set *set,
					       struct lisp_set_locator *loc);

/* An EID-prefix of the site. */
struct lisp_local_eid {
	struct lisp_eid eid;
	struct lisp_locator_set *set; /* NULL while the named set does not exist */
	char *set_name;
	struct lisp_set_locators_head learned; /* of the site's other xTRs */
	struct route_table *routes;	       /* lisp_site_route.c's */
	vrf_id_t routes_vrf;		       /* theirs */
	bool lost; /* there were routes to it, and there is none: it is not behind us */
	bool stale;
};

struct lisp_local_eid *lisp_database_get(const struct lisp_eid *eid, const char *set_name);
void lisp_database_del(const struct lisp_eid *eid);
/* Exact; longest match for an address's host prefix; walk in order (NULL starts and ends). */
struct lisp_local_eid *lisp_database_find(const struct lisp_eid *eid);
struct lisp_local_eid *lisp_database_match(const struct lisp_eid *eid);
struct lisp_local_eid *lisp_database_next(struct lisp_local_eid *local);
/* The first one behind eid in that order, whether there is one of eid or not. */
struct lisp_local_eid *lisp_database_after(const struct lisp_eid *eid);
unsigned int lisp_database_count(void);
/* Those of one service, the same way. */
struct lisp_local_eid *lisp_database_of(uint32_t iid, enum lisp_family family,
					struct lisp_local_eid *local);
/* Whether the locator is ours or of the site's other xTR. */
enum lisp_rloc_state lisp_set_locator_state(const struct lisp_set_locator *loc);
/* Does the locator reach the EID-prefix: its R? */
bool lisp_local_eid_reached(const struct lisp_local_eid *local, const struct lisp_set_locator *loc);
/* Is one of its locators up? */
bool lisp_local_eid_up(const struct lisp_local_eid *local);

/* Its locators: of its set, then the learned ones; NULL starts and ends. */
struct lisp_set_locator *lisp_local_eid_locator_next(const struct lisp_local_eid *local,
						     struct lisp_set_locator *loc);

/*
 * The mapping of a local EID-prefix as the wire wants it: canonical order, L and
 * R bits from the RLOC's state, A set, TTL. Caller frees with lisp_mapping_fini().
 * What is registered has no learned locators: they would never go.
 */
void lisp_database_mapping(const struct lisp_local_eid *local, struct lisp_mapping *mapping);
void lisp_database_registered(const struct lisp_local_eid *local, struct lisp_mapping *mapping);

/* It is not behind us any more, or is again. */
void lisp_local_eid_lost(struct lisp_local_eid *local, bool lost);

/* Is it registered to be merged with what the site's other xTRs register? */
bool lisp_local_eid_merged(const struct lisp_local_eid *local);
/*
 * A Map-Server's word on all locators of the EID-prefix: those that are not ours are
 * learned, and what it said before and does not now is forgotten. mapping NULL: all of it.
 */
void lisp_local_eid_learn(struct lisp_local_eid *local, const struct lisp_mapping *mapping,
			  const struct ipaddr *map_server);
/* What is learned, or the state of one of these locators, changed: nothing that is registered. */
DECLARE_HOOK(lisp_database_learned, (), ());

/*
 * The most specific local prefix that covers the EID and all local prefixes
 * inside it (RFC 9301 section 5.5), most general first, at most max. Returns the
 * number, 0 when the EID is not local.
 */
unsigned int lisp_database_overlapping(const struct lisp_eid *eid, struct lisp_local_eid **out,
				       unsigned int max);

/* All local EID-prefixes, for holes. */
const struct lisp_eid_table *lisp_database_table(void);

/* The local database or the state of one of its locators changed: the ETR
 * registers, the SMRs follow, the dataplane is refreshed. local NULL: any.
 */
DECLARE_HOOK(lisp_database_changed, (), ());

void lisp_database_config_changed(void);
void lisp_database_init(void);
void lisp_database_finish(void);

#endif /* _LISP_DATABASE_H */
