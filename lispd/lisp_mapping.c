// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mappings as values, from and to the wire.
 */
#include <zebra.h>

#include "lispd/lisp_mapping.h"
#include "lispd/lisp_memory.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_MAPPING, "LISP mapping");
DEFINE_MTYPE_STATIC(LISPD, LISP_LOCATORS, "LISP locator-set of a mapping");

/* RFC 9301 section 5.4; 6 and 7 are not assigned and drop. */
static const char *const action_names[] = {
	[LISP_ACT_NONE] = "no-action",
	[LISP_ACT_NATIVELY_FORWARD] = "natively-forward",
	[LISP_ACT_SEND_MAP_REQUEST] = "send-map-request",
	[LISP_ACT_DROP] = "drop",
	[LISP_ACT_DROP_POLICY] = "drop-policy-denied",
	[LISP_ACT_DROP_AUTH] = "drop-auth-failure",
};

const char *lisp_action_name(uint8_t action)
{
	return action < array_size(action_names) ? action_names[action] : "drop";
}

/* ------------------------------------------------------------------- locators */

void lisp_locator_addr(const struct lisp_locator *loc, struct lisp_addr *addr)
{
	if (loc->received)
		lisp_addr_of_copy(loc->received, addr);
	else
		lisp_rloc_to_addr(&loc->addr, addr);
}

const char *lisp_locator_kind(const struct lisp_locator *loc)
{
	struct lisp_addr addr;

	if (!loc->received)
		return "address";
	lisp_locator_addr(loc, &addr);
	return lisp_addr_kind(&addr);
}

char *lisp_locator_str(const struct lisp_locator *loc, char *buf, size_t size)
{
	struct lisp_addr addr;

	lisp_locator_addr(loc, &addr);
	return lisp_addr_str(&addr, buf, size);
}

bool lisp_locator_etr(const struct lisp_locator *loc, struct ipaddr *etr)
{
	struct lisp_addr addr;

	lisp_locator_addr(loc, &addr);
	return lisp_addr_to_etr(&addr, etr) && lisp_rloc_valid(etr);
}

const char *lisp_locator_refusal(const struct lisp_locator *loc)
{
	if (IS_IPADDR_NONE(&loc->addr))
		return "no-rloc";
	if (loc->port && loc->port != LISP_DATA_PORT)
		return "port-not-supported";
	return NULL;
}

int lisp_locator_cmp(const struct lisp_locator *a, const struct lisp_locator *b)
{
	struct lisp_addr x, y;

	if (!a->received && !b->received)
		return ipaddr_cmp(&a->addr, &b->addr); /* AF_INET is below AF_INET6 */
	lisp_locator_addr(a, &x);
	lisp_locator_addr(b, &y);
	return lisp_addr_cmp(&x, &y);
}

static void locator_fini(struct lisp_locator *loc)
{
	lisp_addr_copy_free(&loc->received);
}

/* A copy that holds an address of its own. */
static struct lisp_locator locator_dup(const struct lisp_locator *loc)
{
	struct lisp_locator dup = *loc;
	struct lisp_addr addr;

	if (loc->received) {
		lisp_locator_addr(loc, &addr);
		dup.received = lisp_addr_copy_new(&addr);
	}
	return dup;
}

bool lisp_locator_same(const struct lisp_locator *a, const struct lisp_locator *b)
{
	return lisp_locator_cmp(a, b) == 0 && a->priority == b->priority &&
	       a->weight == b->weight && a->mpriority == b->mpriority && a->mweight == b->mweight &&
	       a->reach == b->reach;
}

/* ------------------------------------------------------------------- mappings */

void lisp_mapping_fini(struct lisp_mapping *m)
{
	unsigned int i;

	for (i = 0; i < m->n_locators; i++)
		locator_fini(&m->locators[i]);
	XFREE(MTYPE_LISP_LOCATORS, m->locators);
	memset(m, 0, sizeof(*m));
}

void lisp_mapping_copy(struct lisp_mapping *dst, const struct lisp_mapping *src)
{
	unsigned int i;

	*dst = *src;
	dst->locators = NULL;
	if (!src->n_locators)
		return;
	dst->locators = XMALLOC(MTYPE_LISP_LOCATORS, src->n_locators * sizeof(*src->locators));
	for (i = 0; i < src->n_locators; i++)
		dst->locators[i] = locator_dup(&src->locators[i]);
}

void lisp_mapping_move(struct lisp_mapping *dst, struct lisp_mapping *src)
{
	if (dst == src)
		return;
	lisp_mapping_fini(dst);
	*dst = *src;
	memset(src, 0, sizeof(*src));
}

struct lisp_mapping *lisp_mapping_dup(const struct lisp_mapping *m)
{
	struct lisp_mapping *dup = XCALLOC(MTYPE_LISP_MAPPING, sizeof(*dup));

	lisp_mapping_copy(dup, m);
	return dup;
}

void lisp_mapping_free(struct lisp_mapping **m)
{
	if (!*m)
		return;
	lisp_mapping_fini(*m);
	XFREE(MTYPE_LISP_MAPPING, *m);
}

bool lisp_mapping_same_locators(const struct lisp_mapping *a, const struct lisp_mapping *b)
{
	unsigned int i;

	if (a->n_locators != b->n_locators)
		return false;
	for (i = 0; i < a->n_locators; i++)
		if (!lisp_locator_same(&a->locators[i], &b->locators[i]))
			return false;
	return true;
}

bool lisp_mapping_same(const struct lisp_mapping *a, const struct lisp_mapping *b)
{
	return lisp_eid_same(&a->eid, &b->eid) && a->ttl == b->ttl &&
	       a->map_version == b->map_version && lisp_mapping_same_locators(a, b) &&
	       (a->n_locators > 0 || a->action == b->action);
}

/* As lisp_mapping_add(); what loc holds goes to the mapping if the result is true. */
static bool locator_insert(struct lisp_mapping *m, const struct lisp_locator *loc)
{
	unsigned int at;
	int diff;

	if (m->n_locators == LISP_LOCATORS_MAX)
		return false;
	/* From the end: locators come sorted as a rule. */
	for (at = m->n_locators; at > 0; at--) {
		diff = lisp_locator_cmp(&m->locators[at - 1], loc);
		if (diff == 0)
			return false;
		if (diff < 0)
			break;
	}
	m->locators = XREALLOC(MTYPE_LISP_LOCATORS, m->locators,
			       (m->n_locators + 1U) * sizeof(*m->locators));
	memmove(&m->locators[at + 1], &m->locators[at], (m->n_locators - at) * sizeof(*m->locators));
	m->locators[at] = *loc;
	m->n_locators++;
	return true;
}

bool lisp_mapping_add(struct lisp_mapping *m, const struct lisp_locator *loc)
{
	struct lisp_locator dup = locator_dup(loc);

	if (locator_insert(m, &dup))
		return true;
	locator_fini(&dup);
	return false;
}

struct lisp_locator *lisp_mapping_find(const struct lisp_mapping *m, const struct ipaddr *addr)
{
	unsigned int i;

	for (i = 0; i < m->n_locators; i++)
		if (ipaddr_is_same(&m->locators[i].addr, addr))
			return &m->locators[i];
	return NULL;
}

bool lisp_mapping_del(struct lisp_mapping *m, const struct ipaddr *addr)
{
	struct lisp_locator *loc = lisp_mapping_find(m, addr);
	size_t at;

	if (!loc)
		return false;
	at = (size_t)(loc - m->locators);
	locator_fini(loc);
	memmove(loc, loc + 1, (m->n_locators - at - 1) * sizeof(*loc));
	if (--m->n_locators == 0)
		XFREE(MTYPE_LISP_LOCATORS, m->locators);
	return true;
}

/* ------------------------------------------------------------------- the wire */

static bool wire_plain(const struct lisp_wire_locator *wire)
{
	return wire->addr.afi == LISP_AFI_IPV4 || wire->addr.afi == LISP_AFI_IPV6;
}

/*
 * A plain address has to be one that can be an RLOC; that of an (S,G) may be a group
 * (RFC 8378).
 */
static bool wire_usable(const struct lisp_wire_locator *wire, const struct lisp_eid *eid)
{
	struct ipaddr rloc;

	if (!wire_plain(wire))
		return true;
	if (!lisp_addr_to_rloc(&wire->addr, &rloc))
		return false;
	return lisp_rloc_valid(&rloc) ||
	       (lisp_eid_sg_family(eid) != AF_UNSPEC && lisp_rloc_group(&rloc));
}

static bool locator_from_wire(const struct lisp_wire_locator *wire, const struct lisp_eid *eid,
			      struct lisp_locator *loc)
{
	if (!wire_usable(wire, eid))
		return false;

	memset(loc, 0, sizeof(*loc));
	if (!lisp_addr_to_rloc_port(&wire->addr, &loc->addr, &loc->port) ||
	    !lisp_rloc_valid(&loc->addr))
		memset(&loc->addr, 0, sizeof(loc->addr));
	if (!wire_plain(wire) || IS_IPADDR_NONE(&loc->addr))
		loc->received = lisp_addr_copy_new(&wire->addr);
	loc->priority = wire->priority;
	loc->weight = wire->weight;
	loc->mpriority = wire->mpriority;
	loc->mweight = wire->mweight;
	loc->local = wire->local;
	loc->reach = wire->reach;
	loc->probed = wire->probe;
	return true;
}

/* The record's locators to a mapping of its EID; the number of those that were left out. */
static unsigned int locators_from_record(const struct lisp_record *rec, struct lisp_mapping *m)
{
	struct lisp_cursor c = lisp_record_locators(rec);
	unsigned int given = c.left; /* unknown LCAFs too */
	struct lisp_wire_locator wire;
	struct lisp_locator loc;

	while (lisp_locator_next(&c, &wire))
		if (locator_from_wire(&wire, &m->eid, &loc) && !locator_insert(m, &loc))
			locator_fini(&loc);
	return given - m->n_locators;
}

enum lisp_drop lisp_mapping_from_record(const struct lisp_record *rec, struct lisp_mapping *m,
					unsigned int *ignored)
{
	unsigned int left_out;
	enum lisp_drop why;

	memset(m, 0, sizeof(*m));
	why = lisp_addr_to_any_eid(&rec->eid, rec->mask_len, &m->eid);
	if (why != LISP_OK)
		return why;
	m->ttl = rec->ttl;
	m->authoritative = rec->authoritative;
	m->map_version = rec->map_version;
	left_out = locators_from_record(rec, m);

	/* The action says something only when the sender gave no locators. */
	m->action = rec->locator_count ? LISP_ACT_NONE : rec->action;
	if (ignored)
		*ignored = left_out;
	return LISP_OK;
}

/* L and p bits are of who has the locator (RFC 9301 section 5.4), p of replies alone. */
static void put_locator(struct lisp_writer *w, const struct lisp_locator *loc, bool own, bool reply)
{
	struct lisp_wire_locator wire = {
		.priority = loc->priority,
		.weight = loc->weight,
		.mpriority = loc->mpriority,
		.mweight = loc->mweight,
		.local = loc->local && own,
		.probe = loc->probed && own && reply,
		.reach = loc->reach,
	};

	lisp_locator_addr(loc, &wire.addr);
	lisp_put_locator(w, &wire);
}

void lisp_put_mapping(struct lisp_writer *w, const struct lisp_mapping *m)
{
	struct lisp_record rec = {
		.ttl = m->ttl,
		.mask_len = lisp_eid_mask_len(&m->eid),
		.authoritative = m->authoritative,
		.map_version = m->map_version,
	};
	uint8_t type;
	unsigned int i;

	if (w->overflow || w->len <= w->msg)
		return;
	type = w->buf[w->msg] >> 4;
	/* RFC 9301 section 5.4 and RFC 9437: replies and publications only */
	if (m->n_locators == 0 && (type == LISP_MAP_REPLY || type == LISP_MAP_NOTIFY))
		rec.action = m->action;
	lisp_eid_to_addr(&m->eid, &rec.eid);
	lisp_put_record(w, &rec);
	for (i = 0; i < m->n_locators; i++)
		put_locator(w, &m->locators[i], m->authoritative, type == LISP_MAP_REPLY);
}

/* Nothing to sort and nothing to leave out: so are most registers. */
static bool locators_in_order(const struct lisp_record *rec, const struct lisp_eid *eid)
{
	struct lisp_cursor c = lisp_record_locators(rec);
	struct lisp_addr before = { .afi = LISP_AFI_NONE };
	struct lisp_wire_locator wire;

	if (rec->locator_count > LISP_LOCATORS_MAX)
		return false;
	while (lisp_locator_next(&c, &wire)) {
		if (!wire_usable(&wire, eid) || lisp_addr_cmp(&before, &wire.addr) >= 0)
			return false;
		before = wire.addr;
	}
	return true;
}

void lisp_put_record_again(struct lisp_writer *w, const struct lisp_record *rec)
{
	struct lisp_cursor c = lisp_record_locators(rec);
	struct lisp_record again = *rec;
	struct lisp_wire_locator wire;
	struct lisp_mapping m = {};
	unsigned int i;

	again.action = LISP_ACT_NONE;
	lisp_put_record(w, &again);
	if (lisp_addr_to_any_eid(&rec->eid, rec->mask_len, &m.eid) != LISP_OK)
		memset(&m.eid, 0, sizeof(m.eid)); /* of another kind, and no (S,G) */
	if (locators_in_order(rec, &m.eid)) {
		while (lisp_locator_next(&c, &wire)) {
			wire.probe = false;
			lisp_put_locator(w, &wire);
		}
		return;
	}
	locators_from_record(rec, &m);
	for (i = 0; i < m.n_locators; i++)
		put_locator(w, &m.locators[i], true, false);
	lisp_mapping_fini(&m);
}

void lisp_put_notify_ack(struct lisp_writer *w, const struct lisp_msg *notify)
{
	struct lisp_cursor c = lisp_msg_records(notify);
	struct lisp_header h = notify->h;
	struct lisp_record rec;

	h.type = LISP_MAP_NOTIFY_ACK;
	lisp_put_header(w, &h);
	while (lisp_record_next(&c, &rec))
		lisp_put_record_again(w, &rec);
	lisp_put_trailer(w, &h);
}
