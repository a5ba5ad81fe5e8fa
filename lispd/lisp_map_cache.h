// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The map-cache: what this ITR learned, was told (static), or asks for.
 * RFC 9300 section 6, RFC 9301 section 5.4; states as in the table below.
 */
#ifndef _LISP_MAP_CACHE_H
#define _LISP_MAP_CACHE_H

#include "typesafe.h"
#include "lispd/lispd.h"
#include "lispd/lisp_addr.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_rloc.h"

PREDECL_HEAP(lisp_map_cache_ttls);

enum lisp_entry_state {
	LISP_ENTRY_PENDING,  /* asked, no answer yet */
	LISP_ENTRY_ACTIVE,   /* has locators */
	LISP_ENTRY_NEGATIVE, /* an action instead of locators */
	LISP_ENTRY_HOLD,     /* unanswered: silent for 30 s (RFC 9301 section 5.3) */
};

enum lisp_entry_source {
	LISP_SOURCE_MAP_REPLY,
	LISP_SOURCE_STATIC,
	LISP_SOURCE_MISS, /* pending because of a miss */
};

const char *lisp_entry_state_name(enum lisp_entry_state state);
const char *lisp_entry_source_name(enum lisp_entry_source source);
struct lisp_entry {
	struct lisp_map_cache_ttls_item ttl_item;
	struct lisp_mapping mapping; /* eid is the key */
	struct lisp_rloc **rlocs;    /* one per mapping.locators[], references held */
	enum lisp_entry_state state;
	enum lisp_entry_source source;
	bool stale; /* static: the northbound's sweep */

	time_t created;	      /* monotonic seconds */
	time_t expires;	      /* monotonic seconds; 0: never */
	struct ipaddr from;   /* who answered */
	bool refreshing;      /* a query is outstanding, the old mapping still in use */
	struct lisp_pending *pending; /* the query, or NULL */

	uint32_t dp_id;	 /* dataplane mapping id, 0: none */
	uint32_t dp_set; /* dataplane set id, 0: none */
	uint64_t packets, bytes;
	time_t used; /* monotonic seconds of last known traffic, 0: none */
};

/* Exact; longest match; walk in prefix order (NULL starts and ends). */
struct lisp_entry *lisp_map_cache_find(const struct lisp_eid *eid);
struct lisp_entry *lisp_map_cache_match(const struct lisp_eid *eid);
struct lisp_entry *lisp_map_cache_next(struct lisp_entry *entry);
unsigned int lisp_map_cache_count(void);

/*
 * `map-cache PREFIX ...`: find or create a static entry. action ENCAP is given
 * by n_locators > 0. Effective at once. Removal: lisp_map_cache_static_del().
 */
struct lisp_entry *lisp_map_cache_static(const struct lisp_mapping *mapping);
void lisp_map_cache_static_del(const struct lisp_eid *eid);

/* `clear lisp map-cache [PREFIX]`: the dynamic ones; eid NULL: all. Returns how many. */
unsigned int lisp_map_cache_clear(const struct lisp_eid *eid);

void lisp_map_cache_config_changed(void);
void lisp_map_cache_init(void);
void lisp_map_cache_finish(void);

#endif /* _LISP_MAP_CACHE_H */
