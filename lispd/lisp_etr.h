// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ETR: answers Map-Requests from the database (RFC 9301 section 5.4, 5.5) and
 * registers it with Map-Servers (sections 5.6, 5.7, 8.2).
 */
#ifndef _LISP_ETR_H
#define _LISP_ETR_H

#include "typesafe.h"
#include "lispd/lispd.h"
#include "lispd/lisp_keys.h"
#include "lispd/lisp_query.h"

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
	struct lisp_etr_reg *reg; /* private to lisp_register.c */
};

struct lisp_map_server *lisp_map_server_get(const struct lisp_service *service,
					    const struct ipaddr *addr);
struct lisp_map_server *lisp_map_server_find(const struct lisp_service *service,
					     const struct ipaddr *addr);
/* Withdraws what was registered (TTL 0), then frees. */
void lisp_map_server_free(struct lisp_map_server **ms);
/* Those of one service, or all if that is NULL; ms NULL starts, NULL ends. */
struct lisp_map_server *lisp_map_server_next(const struct lisp_service *service,
					     struct lisp_map_server *ms);

/* No Map-Server of the EID that answers us is still to acknowledge how the database is
 * now.
 */
bool lisp_etr_registered(const struct lisp_eid *eid);

enum lisp_drop lisp_etr_rx_request(const struct lisp_rx *rx, const struct lisp_msg *msg);
enum lisp_drop lisp_etr_rx_notify(const struct lisp_rx *rx, const struct lisp_msg *msg);

void lisp_etr_config_changed(void);
void lisp_etr_init(void);
void lisp_etr_finish(void); /* withdraws registrations */

#endif /* _LISP_ETR_H */
