// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whom the configuration names for a service: the Map-Resolvers that its ITR asks, the
 * Map-Servers that its ETR registers with, and how that goes.
 */
#ifndef _LISP_PEER_H
#define _LISP_PEER_H

#include "hook.h"
#include "typesafe.h"
#include "lispd/lispd.h"
#include "lispd/lisp_keys.h"

/* ---- Map-Resolvers ---- */

PREDECL_RBTREE_UNIQ(lisp_map_resolvers);

struct lisp_map_resolver {
	struct lisp_map_resolvers_item item;
	uint32_t iid;
	enum lisp_family family;
	struct ipaddr addr;
	bool stale;
	uint64_t requests, replies, negatives, timeouts; /* no reply is counted twice */
	time_t last_reply;				 /* monotonic seconds, 0: never */
	unsigned int unanswered; /* Map-Requests in a row that it had a try's time to answer */
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
/*
 * The one to ask: at first the one that answers, of several that do or do not the one that
 * did last; after a try in vain (last is set) the next one of the list. NULL: there is none.
 */
struct lisp_map_resolver *lisp_map_resolver_turn(const struct lisp_service *service,
						 const struct ipaddr *last);
/* A Map-Request to it was answered, or was not; the log has it when that changes. */
void lisp_map_resolver_answered(struct lisp_map_resolver *mr);
void lisp_map_resolver_silent(struct lisp_map_resolver *mr);
/* The one of this address that the service asks, its own or inherited, or NULL. */
struct lisp_map_resolver *lisp_map_resolver_asked(const struct lisp_service *service,
						  const struct ipaddr *addr);
/* Sets their counters to zero. */
void lisp_map_resolvers_clear(void);
/* One came or went since the last call. */
bool lisp_map_resolvers_changed(void);

/* ---- Map-Servers ---- */

PREDECL_RBTREE_UNIQ(lisp_map_servers);

enum lisp_registration_state {
	LISP_REG_IDLE,	 /* nothing to register, or no way to */
	LISP_REG_QUICK,	 /* sent, no Map-Notify yet: again after 1, 2, 4 ... 60 s */
	LISP_REG_STEADY, /* acknowledged; every 60 s */
	LISP_REG_FAILED, /* three wanted Map-Notifies did not come; goes on as QUICK */
};
const char *lisp_registration_state_name(enum lisp_registration_state state);

/* `ipv4|ipv6 etr map-server A ...`, one per service and address. */
struct lisp_map_server {
	struct lisp_map_servers_item item;
	uint32_t iid;
	enum lisp_family family;
	struct ipaddr addr;
	struct lisp_key_ref key;
	bool proxy_reply;
	bool stale; /* the northbound's sweep */

	enum lisp_registration_state state;
	const char *reason;		   /* of IDLE or FAILED, static text; NULL */
	uint64_t nonce;			   /* of the last Map-Register */
	time_t last_register, last_notify; /* monotonic seconds, 0: never */
	uint64_t registers, notifies, auth_failures;
	bool changed;		  /* the database, since the last registration */
	struct lisp_etr_reg *reg; /* private to lisp_register.c */
};

struct lisp_map_server *lisp_map_server_get(const struct lisp_service *service,
					    const struct ipaddr *addr);
struct lisp_map_server *lisp_map_server_find(const struct lisp_service *service,
					     const struct ipaddr *addr);
void lisp_map_server_free(struct lisp_map_server **ms);
/* Those of one service, or all if that is NULL; ms NULL starts, NULL ends. */
struct lisp_map_server *lisp_map_server_next(const struct lisp_service *service,
					     struct lisp_map_server *ms);

/* Is the EID-prefix to be registered there? */
bool lisp_map_server_takes(const struct lisp_map_server *ms, const struct lisp_eid *eid);
/*
 * No Map-Server of the EID that answers us is still to acknowledge how the database is
 * now.
 */
bool lisp_map_servers_acknowledged(const struct lisp_eid *eid);

/* One is configured; one no longer is, and will be freed. */
DECLARE_HOOK(lisp_map_server_new, (struct lisp_map_server * ms), (ms));
DECLARE_HOOK(lisp_map_server_gone, (struct lisp_map_server * ms), (ms));

void lisp_peer_finish(void);

#endif /* _LISP_PEER_H */
