// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Instances: one EID space each, named by its instance-id (RFC 8060 section 4.1).
 *
 * `eid-table {default | vrf NAME} instance-id N` makes one. Instance 0 is always
 * there: it has the lines of `router lisp` that are in no block. What an instance
 * is for EIDs of one family is a service. An instance whose block names no role and
 * no Map-Resolver or Map-Server for a family has those of instance 0, but not its ALT,
 * and so for each limit. An EID of an instance-id without block has instance 0's service.
 */
#ifndef _LISP_INSTANCE_H
#define _LISP_INSTANCE_H

#include "typesafe.h"
#include "vrf.h"

#include "lispd/lisp_addr.h"

/* EID families: index of per-family configuration and tables. */
enum lisp_family {
	LISP_IPV4,
	LISP_IPV6,
	LISP_FAMILY_MAX,
};

/* AF_INET or AF_INET6 of a family and back. */
int lisp_family_af(enum lisp_family family);
enum lisp_family lisp_af_family(int af);
/* "ipv4", "ipv6": the word in CLI, YANG and JSON. */
const char *lisp_family_name(enum lisp_family family);

/* Of packets to an EID that nobody answers for: `itr no-answer`. */
enum lisp_no_answer {
	LISP_NO_ANSWER_UNSET, /* until lisp_instance_config_changed() */
	LISP_NO_ANSWER_NATIVELY_FORWARD,
	LISP_NO_ANSWER_DROP,
};
const char *lisp_no_answer_name(enum lisp_no_answer no_answer);
/* Some service's is another than at the last call. */
bool lisp_no_answer_changed(void);

/* What this router is for the EIDs of one family in one instance. */
struct lisp_service {
	uint32_t iid;
	enum lisp_family family;
	bool own_roles; /* the block names roles, or whom to ask and register with */
	uint32_t peers; /* instance whose Map-Resolvers and Map-Servers it has: its own, or 0 */

	bool itr;
	bool etr;
	bool map_server;
	bool map_resolver;
	struct ipaddr mr_map_server; /* whom the Map-Resolver asks; unset: nobody */
	char alt_vrf[VRF_NAMSIZ];    /* empty: not on an ALT */
	enum lisp_no_answer no_answer;
	uint32_t map_cache_limit; /* entries, itr; 0 until lisp_instance_config_changed() */
	uint32_t etr_ttl;	  /* minutes, record TTL of what the ETR answers; 0 likewise */
};

PREDECL_RBTREE_UNIQ(lisp_instances);

struct lisp_instance {
	struct lisp_instances_item item;
	uint32_t iid;
	char eid_vrf[VRF_NAMSIZ]; /* whose packets have its EIDs; empty: no VRF */
	struct lisp_service service[LISP_FAMILY_MAX];
	bool stale; /* the northbound's sweep */
};

/* Find or create, without services; find, or NULL; free. Instance 0 cannot be freed. */
struct lisp_instance *lisp_instance_get(uint32_t iid);
struct lisp_instance *lisp_instance_find(uint32_t iid);
void lisp_instance_free(struct lisp_instance **instance);
/* In the order of instance-ids; NULL starts and ends. */
struct lisp_instance *lisp_instance_next(struct lisp_instance *instance);
/* Nothing configured: before the northbound sets what is. */
void lisp_instance_reset(struct lisp_instance *instance);

/*
 * The service in force, of the instance itself or of instance 0; never NULL. Of EIDs
 * that are not IP it is that of either family, of a Map-Server first.
 */
const struct lisp_service *lisp_service_get(uint32_t iid, enum lisp_family family);
const struct lisp_service *lisp_service_of(const struct lisp_eid *eid);

/* VRF of the instance's ALT, the same for EIDs of both families; empty: none. */
const char *lisp_instance_alt_vrf(const struct lisp_instance *instance);

/* True when any service has the role and LISP is enabled. */
bool lisp_is_itr(void);
bool lisp_is_etr(void);
bool lisp_is_ms(void);
bool lisp_is_mr(void);

/* The configuration was written: what an instance does not say is that of instance 0.
 * enabled: `router lisp` is there.
 */
void lisp_instance_config_changed(bool enabled);
void lisp_instance_init(void);
void lisp_instance_finish(void);

#endif /* _LISP_INSTANCE_H */
