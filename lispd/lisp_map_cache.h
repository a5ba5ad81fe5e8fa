// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The map-cache: what this ITR learned, was told (static), or asks for.
 * RFC 9300 section 6, RFC 9301 section 5.4; states as in the table below.
 */
#ifndef _LISP_MAP_CACHE_H
#define _LISP_MAP_CACHE_H

#include "hook.h"
#include "typesafe.h"
#include "lispd/lispd.h"
#include "lispd/lisp_addr.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_rloc.h"

PREDECL_HEAP(lisp_map_cache_ttls);
PREDECL_DLIST(lisp_map_cache_order);
PREDECL_DLIST(lisp_dp_waiting);
PREDECL_HEAP(lisp_lost_entries);

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
/* Of an entry's locator: "unreachable" if its own site says so (R is 0, RFC 9300
 * section 9), else its RLOC's state.
 */
const char *lisp_entry_locator_state(const struct lisp_locator *loc);

struct lisp_entry {
	struct lisp_map_cache_ttls_item ttl_item; /* both while it can end */
	struct lisp_map_cache_order_item order_item;
	struct lisp_cache_room *room; /* private to lisp_map_cache.c */
	struct lisp_mapping mapping;  /* eid is the key */
	/*
	 * One per mapping.locators[], references held; NULL: lisp_locator_refusal(), or there
	 * are LISP_RLOCS_MAX.
	 */
	struct lisp_rloc **rlocs;
	enum lisp_entry_state state;
	enum lisp_entry_source source;
	bool configured; /* static, or map-request with the answer that stands in for it */
	bool stale;	 /* configured: the northbound's sweep */

	time_t created;	    /* monotonic seconds */
	time_t expires;	    /* monotonic seconds; 0: never */
	time_t wake;	    /* when the heap looks at it next: before its end, then at its end */
	struct ipaddr from; /* who answered */
	struct lisp_pending *pending; /* the outstanding query, or NULL */
	time_t asked;		      /* monotonic seconds of the last query's start, 0: none */
	struct timeval asked_at;      /* the same to the microsecond */
	time_t silent;	       /* monotonic seconds: after a refresh in vain, no query before */
	struct ipaddr asker;   /* source of the packet that missed; unset: none */
	bool refreshing;       /* the query is about a mapping that is still in use */
	bool smr_invoked;      /* the query answers an SMR */
	bool recalled;	       /* the query is about what the dataplane held at our start */
	struct lisp_eid about; /* negative: what was asked for, as it is a hole around that */

	struct lisp_lost_entries_item lost_item; /* lisp_lost.c */
	bool lost;				 /* it is in the heap there */
	uint8_t lost_asks;			 /* the next Map-Request but one is 2^N s later */
	time_t lost_next;			 /* monotonic seconds */

	struct lisp_dp_waiting_item dp_waiting; /* not sent before its RLOCs' state is known */
	struct timeval dp_waits_since;		/* CLOCK_MONOTONIC */
	uint32_t dp_id;				/* dataplane mapping id, 0: none */
	uint32_t dp_set;			/* dataplane set id, 0: none */
	uint64_t packets, bytes;
	time_t used; /* monotonic seconds of last known traffic, 0: none */
};

/* Exact; longest match; walk in prefix order (NULL starts and ends). */
struct lisp_entry *lisp_map_cache_find(const struct lisp_eid *eid);
struct lisp_entry *lisp_map_cache_match(const struct lisp_eid *eid);
struct lisp_entry *lisp_map_cache_next(struct lisp_entry *entry);
/* The first one behind eid in that order, whether there is one of eid or not. */
struct lisp_entry *lisp_map_cache_after(const struct lisp_eid *eid);
/* How many: in all, of one service. */
unsigned int lisp_map_cache_count(void);
unsigned int lisp_map_cache_count_of(uint32_t iid, enum lisp_family family);

/*
 * `map-cache PREFIX ...`: find or create a static entry. action ENCAP is given
 * by n_locators > 0. Effective at once, but an answer for PREFIX that stands in for
 * `map-request` stays. Removal: lisp_map_cache_static_del().
 */
struct lisp_entry *lisp_map_cache_static(const struct lisp_mapping *mapping);
void lisp_map_cache_static_del(const struct lisp_eid *eid);

/* `clear lisp map-cache [PREFIX]`: the dynamic ones at and inside the prefix; eid NULL:
 * all. Returns how many.
 */
unsigned int lisp_map_cache_clear(const struct lisp_eid *eid);

/* For lisp_itr.c: a PENDING entry; NULL: the cache is full (counted). */
struct lisp_entry *lisp_map_cache_pending(const struct lisp_eid *eid);
/*
 * No answer came: for that many seconds packets have the action, then the entry is gone.
 * A query may go on.
 */
void lisp_map_cache_hold(struct lisp_entry *entry, uint32_t seconds, enum lisp_action action);
/* It goes, unless its packets would get a mapping that covers it; true: it is gone. */
bool lisp_map_cache_forget(struct lisp_entry *entry);
/* What was learnt or asked goes; `map-request` is what it was. */
void lisp_map_cache_del(struct lisp_entry **entry);

/*
 * The records of one Map-Reply to a Map-Request for asked; the mappings are moved
 * out of. All or none is installed (RFC 9301 section 5.5); records that neither cover
 * asked nor are inside the one that does are left out and counted. LISP_OK,
 * LISP_DROP_NOT_COVERED or LISP_DROP_TABLE_FULL.
 */
enum lisp_drop lisp_map_cache_install(const struct lisp_eid *asked, struct lisp_mapping *mappings,
				      unsigned int n, const struct ipaddr *from);

/* Traffic in the last minute, or too young to know (RFC 9301 section 6.1). */
bool lisp_entry_in_use(const struct lisp_entry *entry);

/* Is there a mapping or an action around it that packets have without it? */
bool lisp_map_cache_covered(const struct lisp_entry *entry);

/*
 * An EID-prefix is to be asked for again, and what is cached of it or around it goes on as it
 * is: in use, it has lived 90 % of its TTL, has 2 s left, or has lost its locators; or its site
 * solicits that (smr_invoked, RFC 9301 section 6.1).
 */
void lisp_map_cache_refresh(const struct lisp_eid *eid, bool smr_invoked);
DECLARE_HOOK(lisp_eid_refresh, (const struct lisp_eid *eid, bool smr_invoked), (eid, smr_invoked));
/* It appeared or changed in what forwarding needs; or it is about to be freed. */
DECLARE_HOOK(lisp_entry_changed, (struct lisp_entry * entry), (entry));
DECLARE_HOOK(lisp_entry_gone, (struct lisp_entry * entry), (entry));

void lisp_map_cache_config_changed(void);
void lisp_map_cache_init(void);
void lisp_map_cache_finish(void);

#endif /* _LISP_MAP_CACHE_H */
