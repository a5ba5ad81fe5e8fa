// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ITR: resolves EIDs. A miss becomes a Map-Request, to a Map-Resolver in an ECM or
 * straight onto the ALT when this xTR sits on one and has no Map-Resolver for the
 * family or bgpd knows the prefix there (RFC 9301 sections 5.3, 8.1; RFC 6836).
 */
#ifndef _LISP_ITR_H
#define _LISP_ITR_H

#include "typesafe.h"
#include "lispd/lispd.h"
#include "lispd/lisp_addr.h"
#include "lispd/lisp_pending.h"

PREDECL_RBTREE_UNIQ(lisp_map_resolvers);

struct lisp_map_resolver {
	struct lisp_map_resolvers_item item;
	uint32_t iid;
	enum lisp_family family;
	struct ipaddr addr;
	bool stale;
	uint64_t requests, replies, negatives, timeouts; /* no reply is counted twice */
	time_t last_reply;				 /* monotonic seconds, 0: never */
};

/* `ipv4|ipv6 itr map-resolver A`: of one service; get-or-create, find, free. */
struct lisp_map_resolver *lisp_map_resolver_get(const struct lisp_service *service,
						const struct ipaddr *addr);
struct lisp_map_resolver *lisp_map_resolver_find(const struct lisp_service *service,
						 const struct ipaddr *addr);
void lisp_map_resolver_free(struct lisp_map_resolver **mr);
/* Those of one service, or all if that is NULL; mr NULL starts, NULL ends. */
struct lisp_map_resolver *lisp_map_resolver_next(const struct lisp_service *service,
						 struct lisp_map_resolver *mr);
/* Sets their counters to zero. */
void lisp_map_resolvers_clear(void);

/* What the dataplane missed (host EID), or a send-map-request entry. */
void lisp_itr_miss(const struct lisp_eid *eid, const struct ipaddr *source);
/* Ask again for a prefix that is cached: SMR (smr_invoked) or before its TTL ends. */
void lisp_itr_refresh(const struct lisp_eid *eid, bool smr_invoked);

/* What the dataplane held when we started, and lately used: ask for it again. False:
 * nothing was asked.
 */
bool lisp_itr_recall(const struct lisp_eid *eid);
/* Queries of that kind that are outstanding. */
unsigned int lisp_itr_recalls(void);

/*
 * Builds and sends one Map-Request for an EID with this nonce; shared with lig.
 * to: a Map-Resolver, or NULL for the ITR's choice. source: Source-EID or NULL.
 * Sets sent to where it went ("alt" is the unset address). 0 or -1.
 */
struct lisp_itr_request {
	struct lisp_eid eid;
	const struct ipaddr *to;
	const struct ipaddr *source;
	bool smr_invoked;
	unsigned int attempt; /* rotates the Map-Resolvers */
};
int lisp_itr_send_request(const struct lisp_itr_request *request, uint64_t nonce,
			  struct ipaddr *sent);

/* The ITR-RLOCs of our Map-Requests, IPv4 first; 0: there are none. */
unsigned int lisp_itr_put_rlocs(struct lisp_writer *w);

void lisp_itr_config_changed(void);
void lisp_itr_init(void);
void lisp_itr_finish(void);

#endif /* _LISP_ITR_H */
