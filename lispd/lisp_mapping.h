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

/*
 * A locator has two addresses: the one that the message had, of any AFI or LCAF
 * type, which a Map-Server gives back to the octet, and the RLOC that it resolves
 * to, which ITR and ETR act on. For a plain IP address they are one.
 */
struct lisp_locator {
	struct lisp_addr_copy *received; /* NULL: addr, as a plain IP address */
	struct ipaddr addr;		 /* the RLOC; IPADDR_NONE: resolves to none */
	uint16_t port;			 /* UDP, to encapsulate to; 0: LISP_DATA_PORT */
	uint8_t priority, weight;	 /* priority 255: not for unicast */
	uint8_t mpriority, mweight;	 /* multicast; mpriority 255: never joined */
	bool local;			 /* L: of the registering or answering xTR itself */
	bool reach;			 /* R */
	bool probed;			 /* p */
};

/* The address as it arrived; borrows from the locator. */
void lisp_locator_addr(const struct lisp_locator *loc, struct lisp_addr *addr);

/* "address", or the name of the LCAF type or AFI of the address as it arrived. */
const char *lisp_locator_kind(const struct lisp_locator *loc);

/* lisp_addr_str() of the address as it arrived. size should be LISP_ADDR_STRLEN. */
char *lisp_locator_str(const struct lisp_locator *loc, char *buf, size_t size);

/*
 * The ETR to send a Map-Request to: the RLOC, but of an ELP its last hop. False if
 * the locator names none (RFC 8060 sections 4.6 and 5.5).
 */
bool lisp_locator_etr(const struct lisp_locator *loc, struct ipaddr *etr);

/*
 * Why an ITR cannot encapsulate to the locator, whatever its state: "no-rloc" or
 * "port-not-supported"; NULL: it can.
 */
const char *lisp_locator_refusal(const struct lisp_locator *loc);

/*
 * locators: n_locators of them in canonical order (lisp_locator_cmp()), no
 * received address twice; NULL if there are none, and then action says what to do.
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

/*
 * Order of the addresses as they arrived: by AFI, which puts IPv4 before IPv6 and
 * LCAFs last, LCAFs by type, then by their octets, ascending (RFC 9301 section 5.5,
 * RFC 8060 section 3).
 */
int lisp_locator_cmp(const struct lisp_locator *a, const struct lisp_locator *b);

/* Its locators in order; NULL starts and ends. */
static inline const struct lisp_locator *lisp_mapping_locator_next(const struct lisp_mapping *m,
								   const struct lisp_locator *loc)
{
	unsigned int i = loc ? loc - m->locators + 1 : 0;

	return i < m->n_locators ? &m->locators[i] : NULL;
}

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
 * Add a copy of a locator at its place. False, with nothing changed, if the address
 * that it arrived with is there already or the mapping has LISP_LOCATORS_MAX locators.
 */
bool lisp_mapping_add(struct lisp_mapping *m, const struct lisp_locator *loc);

/* Remove the first locator of that RLOC; false if there is none. */
bool lisp_mapping_del(struct lisp_mapping *m, const struct ipaddr *addr);

/* The first locator of that RLOC, or NULL. Belongs to the mapping. */
struct lisp_locator *lisp_mapping_find(const struct lisp_mapping *m, const struct ipaddr *addr);

/*
 * From the wire. m is overwritten: it must be empty or zeroed. Of the
 * locators, plain IP addresses that can be no RLOC, LCAFs of unknown types,
 * duplicates and those beyond LISP_LOCATORS_MAX are left out; their number goes to *ignored if that
 * is not NULL. A record whose locators are all left out becomes a mapping
 * without locators. Result as lisp_addr_to_any_eid(); nothing to free unless
 * LISP_OK.
 */
enum lisp_drop lisp_mapping_from_record(const struct lisp_record *rec, struct lisp_mapping *m,
					unsigned int *ignored);

/* One record and its locators; of a mapping that is not authoritative without L and p bits. */
void lisp_put_mapping(struct lisp_writer *w, const struct lisp_mapping *m);

/*
 * A received record as it is given back: EID, TTL, flags and version as they arrived,
 * the locators in order, without ACT and p bits (RFC 9301 section 5.4).
 */
void lisp_put_record_again(struct lisp_writer *w, const struct lisp_record *rec);

/*
 * The Map-Notify-Ack of a Map-Notify (RFC 9301 section 5.7): the same nonce, key,
 * algorithm, records and trailer, reserved bits 0. To be signed.
 */
void lisp_put_notify_ack(struct lisp_writer *w, const struct lisp_msg *notify);

/* "no-action", "natively-forward", "send-map-request", "drop", ... */
const char *lisp_action_name(uint8_t action);

#endif /* _LISP_MAPPING_H */
