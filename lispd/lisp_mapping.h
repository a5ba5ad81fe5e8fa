// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A mapping: an EID-prefix and its locator-set, as a value. The same type in
 * map-cache, database and registry, and at the door to the wire.
 */
#ifndef _LISP_MAPPING_H
#define _LISP_MAPPING_H

#include "lispd/lisp_msg.h"

/* Locators of one mapping; more of them in a record are ignored. */
#define LISP_LOCATORS_MAX 32

struct lisp_locator {
	struct ipaddr addr;
	uint8_t priority, weight;   /* priority 255: not for unicast */
	uint8_t mpriority, mweight; /* multicast; mpriority 255: never joined */
	bool local;		    /* L: of the registering or answering xTR itself */
	bool reach;		    /* R */
	bool probed;		    /* p */
};

/*
 * locators: n_locators of them in canonical order (lisp_locator_cmp()), no
 * address twice; NULL if there are none, and then action says what to do.
 * A zeroed struct is an empty mapping.
 */
struct lisp_mapping {
	struct lisp_eid eid;
	uint32_t ttl;	/* minutes; 0 delete; LISP_TTL_LOCAL receiver's choice */
	uint8_t action; /* enum lisp_action; only with no locators */
	bool authoritative;
	uint16_t map_version; /* 12 bits, 0: none */
	uint8_t n_locators;
	struct lisp_locator *locators;
};

/* IPv4 before IPv6, ascending (RFC 9301 section 5.5): the address only. */
int lisp_locator_cmp(const struct lisp_locator *a, const struct lisp_locator *b);

/* Same address, priorities, weights and R. */
bool lisp_locator_same(const struct lisp_locator *a, const struct lisp_locator *b);

/* Frees what the mapping holds and zeroes it; not the struct itself. */
void lisp_mapping_fini(struct lisp_mapping *m);

/* dst, which must be empty or zeroed, becomes a copy. */
void lisp_mapping_copy(struct lisp_mapping *dst, const struct lisp_mapping *src);

/* Moves what src holds to dst, fini-ing dst before; src becomes empty. */
void lisp_mapping_move(struct lisp_mapping *dst, struct lisp_mapping *src);

/* Allocated copy and its end; *m becomes NULL. */
struct lisp_mapping *lisp_mapping_dup(const struct lisp_mapping *m);
void lisp_mapping_free(struct lisp_mapping **m);

/* Same EID-prefix, TTL, action, version and locator-set. */
bool lisp_mapping_same(const struct lisp_mapping *a, const struct lisp_mapping *b);

/* Only the locator-sets: addresses, priorities, weights, R. */
bool lisp_mapping_same_locators(const struct lisp_mapping *a, const struct lisp_mapping *b);

/*
 * Add a locator at its place. False, with nothing changed, if the address is
 * there already or the mapping has LISP_LOCATORS_MAX locators.
 */
bool lisp_mapping_add(struct lisp_mapping *m, const struct lisp_locator *loc);

/* Remove the locator of that address; false if there is none. */
bool lisp_mapping_del(struct lisp_mapping *m, const struct ipaddr *addr);

/* The locator of that address, or NULL. Belongs to the mapping. */
struct lisp_locator *lisp_mapping_find(const struct lisp_mapping *m, const struct ipaddr *addr);

/*
 * From the wire. m is overwritten: it must be empty or zeroed. Of the
 * locators, those without a valid unicast IP address, duplicates and those
 * beyond LISP_LOCATORS_MAX are left out; their number goes to *ignored if that
 * is not NULL. A record whose locators are all left out becomes a mapping
 * without locators. Result as lisp_addr_to_eid(); nothing to free unless
 * LISP_OK.
 */
enum lisp_drop lisp_mapping_from_record(const struct lisp_record *rec, struct lisp_mapping *m,
					unsigned int *ignored);

/* One record and its locators. */
void lisp_put_mapping(struct lisp_writer *w, const struct lisp_mapping *m);

/* "no-action", "natively-forward", "send-map-request", "drop", ... */
const char *lisp_action_name(uint8_t action);

#endif /* _LISP_MAPPING_H */
