// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lispd: what every file of the daemon may know.
 *
 * One `router lisp` per daemon: a singleton. The configuration is written by
 * lisp_nb_config.c only, in one go after each commit; see lisp_config_apply().
 */
#ifndef _LISPD_H
#define _LISPD_H

#include "ipaddr.h"
#include "prefix.h"
#include "vrf.h"
#include "lispd/lisp_memory.h"
#include "lispd/lisp_stats.h"
#include "lispd/lisp_wire.h"

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

/* What `ipv4 ...` and `ipv6 ...` switch on for EIDs of that family. */
struct lisp_service {
	bool itr;
	bool etr;
	bool map_server;
	bool map_resolver;
	char alt_vrf[VRF_NAMSIZ]; /* empty: not on an ALT */
	uint32_t map_cache_limit; /* entries, itr */
	uint32_t etr_ttl;	  /* minutes, record TTL of what the ETR answers */
};

struct lisp {
	struct event_loop *master;
	bool enabled; /* `router lisp` is configured */

	struct lisp_service service[LISP_FAMILY_MAX];

	bool has_xtr_id;
	uint8_t xtr_id[16];
	uint64_t site_id;

	/* first packets held by the dataplane while an EID is resolved */
	uint32_t queue_per_eid; /* packets, 0: off */
	uint32_t queue_total;	/* packets */
};

extern struct lisp lisp;
extern struct zebra_privs_t lisp_privs;

/* True when any family has the role. */
bool lisp_is_itr(void);
bool lisp_is_etr(void);
bool lisp_is_ms(void);
bool lisp_is_mr(void);

/*
 * Called by the northbound after it wrote the configuration above and into
 * the modules (locator-sets, sites, ...): starts, stops and refreshes what
 * follows from it, by calling each module's *_config_changed() in order.
 * Idempotent.
 */
void lisp_config_apply(void);

#endif /* _LISPD_H */
