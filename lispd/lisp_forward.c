// SPDX-License-Identifier: GPL-2.0-or-later
/* A Map-Request goes on: to an ETR, to a Map-Server, or onto the ALT. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "jhash.h"
#include "monotime.h"

#include "lispd/lisp_bucket.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_forward.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_rloc.h"

static struct lisp_buckets forward_limit = {
	.rate = LISP_FORWARD_RATE,
	.burst = LISP_FORWARD_BURST,
};

/* ---- in an ECM ---- */

/* The address that we can send to: of a family that we have, and not ours. */
static bool reachable(const struct ipaddr *to)
{
	struct ipaddr own;

	return lisp_rloc_own(ipaddr_family(to), &own) && !lisp_rloc_is_own(to);
}

/* The inner packet as it came, unless it had several records. */
static void build_forward(struct lisp_writer *w, const struct lisp_rx *rx, uint32_t flag)
{
	if (rx->inner)
		lisp_ecm_wrap(w, flag, rx->inner, rx->inner_len);
	else if (rx->ecm)
		lisp_ecm_encode(w, flag, &rx->inner_src, &rx->inner_dst, rx->inner_sport,
				LISP_CONTROL_PORT, rx->data, rx->len);
	else
		lisp_ecm_encode(w, flag, &rx->src, &rx->dst, rx->sport, rx->dport, rx->data,
				rx->len);
}

static enum lisp_drop forward_to(const struct lisp_rx *rx, const struct lisp_eid *eid,
				 const struct lisp_writer *w, const struct ipaddr *to)
{
	if (!lisp_buckets_take(&forward_limit, to))
		return LISP_DROP_RATE_LIMITED;
	if (lisp_io_send(NULL, to, LISP_CONTROL_PORT, w->buf, w->len))
		return LISP_DROP_UNREACHABLE;
	lisp_stats_event(LISP_EV_FORWARDED);
	LISP_DBG_EID(ms, eid, "Map-Request of %pIA forwarded to %pIA",
		     rx->ecm ? &rx->inner_src : &rx->src, to);
	return LISP_OK;
}

/* ---- to an ETR ---- */

/* Those that a Map-Request may go to. */
struct etrs {
	unsigned int n;
	unsigned int reached; /* so many, the first ones, are known to be reachable */
	struct etr {
		struct ipaddr addr;
		uint64_t rank; /* lower is better; none has that of another */
		bool late;     /* an xTR that has the address has missed a refresh */
		bool fresh;    /* one that has it has not */
		bool cut_off;  /* it lives and says itself that it does not reach the site */
	} etr[LISP_LOCATORS_MAX * 2];
};

enum {
	RANK_DOWN = 1 << 24, /* not up, or not to be used */
	RANK_LATE = 1 << 25,
};

static struct etr *etr_find(struct etrs *etrs, const struct ipaddr *addr)
{
	for (unsigned int i = 0; i < etrs->n; i++)
		if (ipaddr_is_same(&etrs->etr[i].addr, addr))
			return &etrs->etr[i];
	return NULL;
}

/* rank: below 1 << 26; of equal ones the first one is the better. */
static void etr_add(struct etrs *etrs, const struct ipaddr *addr, uint64_t rank)
{
	if (etrs->n == array_size(etrs->etr) || etr_find(etrs, addr))
		return;
	etrs->etr[etrs->n] = (struct etr){ .addr = *addr, .rank = rank << 32 | etrs->n };
	etrs->n++;
}

/* What is up and usable, by priority, then spread by EID. True: some name an ETR. */
static bool etrs_of(struct etrs *etrs, const struct lisp_mapping *mapping, uint32_t hash)
{
	bool named = false;
	struct ipaddr addr;

	for (unsigned int i = 0; i < mapping->n_locators; i++) {
		const struct lisp_locator *loc = &mapping->locators[i];
		uint64_t rank = (hash + i * 0x9e37) & 0xffff;

		if (!lisp_locator_etr(loc, &addr))
			continue;
		named = true;
		rank |= (uint64_t)loc->priority << 16;
		if (!loc->reach || loc->priority == LISP_PRIORITY_UNUSABLE)
			rank |= RANK_DOWN;
		etr_add(etrs, &addr, rank);
	}
	return named;
}

static void etr_seen(struct etrs *etrs, const struct ipaddr *addr, bool late)
{
	struct etr *etr = etr_find(etrs, addr);

	if (!etr)
		return;
	etr->late |= late;
	etr->fresh |= !late;
}

/*
 * An xTR that registers from an address and says that it is down has lost its site (RFC 9300
 * section 11). Of the site's xTRs that one knows it: the others see only that it lives.
 */
static void etr_cut_off(struct etrs *etrs, const struct lisp_registration *reg)
{
	const struct lisp_locator *loc = lisp_mapping_find(&reg->mapping, &reg->from);
	struct etr *etr = loc && loc->local && !loc->reach ? etr_find(etrs, &reg->from) : NULL;

	if (etr)
		etr->cut_off = true;
}

/*
 * Which xTRs have missed a refresh? An address that none has is as good as a fresh one. Who
 * has lost its site is asked first.
 */
static void etrs_seen(struct etrs *etrs, const struct lisp_site_prefix *prefix)
{
	const struct lisp_registration *reg;
	time_t now = monotime(NULL);

	frr_each (lisp_registrations_const, &prefix->registrations, reg) {
		bool late = reg->last + LISP_REGISTRATION_OVERDUE <= now;

		etr_seen(etrs, &reg->from, late);
		if (!late)
			etr_cut_off(etrs, reg);
		for (unsigned int i = 0; i < reg->mapping.n_locators; i++)
			if (reg->mapping.locators[i].local)
				etr_seen(etrs, &reg->mapping.locators[i].addr, late);
	}
	for (unsigned int i = 0; i < etrs->n; i++)
		if (etrs->etr[i].cut_off)
			etrs->etr[i].rank = i;
		else if (etrs->etr[i].late && !etrs->etr[i].fresh)
			etrs->etr[i].rank |= (uint64_t)RANK_LATE << 32;
}

static int etr_cmp(const void *a, const void *b)
{
	return numcmp(((const struct etr *)a)->rank, ((const struct etr *)b)->rank);
}

/*
 * The ETRs of the mapping that answers, then of what the site's other xTRs have registered;
 * if no locator names one, where registrations came from. The best first.
 */
static void etrs_find(struct etrs *etrs, const struct lisp_site_prefix *prefix,
		      const struct lisp_mapping *mapping, uint32_t hash)
{
	const struct lisp_registration *reg;
	bool named = etrs_of(etrs, mapping, hash);

	frr_each (lisp_registrations_const, &prefix->registrations, reg)
		named |= etrs_of(etrs, &reg->mapping, hash);
	if (!named && mapping->n_locators)
		frr_each (lisp_registrations_const, &prefix->registrations, reg)
			etr_add(etrs, &reg->from, 0);
	etrs_seen(etrs, prefix);
	qsort(etrs->etr, etrs->n, sizeof(etrs->etr[0]), etr_cmp);
}

/* In turn, of those that we reach; the others leave the list. NULL: none. */
static const struct ipaddr *etr_in_turn(struct etrs *etrs, unsigned int turn)
{
	struct etr *etr;

	while (etrs->reached <= turn && etrs->reached < etrs->n) {
		etr = &etrs->etr[etrs->reached];
		if (reachable(&etr->addr))
			etrs->reached++;
		else
			memmove(etr, etr + 1, (--etrs->n - etrs->reached) * sizeof(*etr));
	}
	return etrs->reached ? &etrs->etr[turn % etrs->reached].addr : NULL;
}

/*
 * Who asks again for an EID has had no answer: the next ETR is asked, each in turn. A
 * Map-Server does not see Map-Replies. The number of Map-Requests before this one.
 */
static unsigned int asked_before(const struct lisp_eid *eid, const struct ipaddr *itr)
{
	static struct {
		struct lisp_eid eid;
		struct ipaddr itr;
		time_t at; /* monotonic seconds, 0: none */
		unsigned int times;
	} asked[LISP_FORWARD_ASKED], *a;
	time_t now = monotime(NULL);

	a = &asked[jhash(itr->ip.addrbytes, IPADDRSZ(itr), lisp_eid_hash(eid)) % array_size(asked)];
	if (!a->at || now >= a->at + LISP_FORWARD_AGAIN || !lisp_eid_same(&a->eid, eid) ||
	    !ipaddr_is_same(&a->itr, itr)) {
		a->eid = *eid;
		a->itr = *itr;
		a->times = 0;
	}
	a->at = now;
	return a->times++;
}

enum lisp_drop lisp_forward_to_etr(const struct lisp_rx *rx, const struct lisp_eid *eid,
				   const struct lisp_site_prefix *prefix,
				   const struct lisp_mapping *mapping)
{
	enum lisp_drop drop = LISP_DROP_UNREACHABLE;
	uint8_t buf[LISP_MSG_MAX + 64];
	const struct ipaddr *etr;
	struct etrs etrs = {};
	struct lisp_writer w;
	unsigned int turn;

	lisp_writer_init(&w, buf, sizeof(buf));
	build_forward(&w, rx, LISP_ECM_F_TO_ETR);
	if (w.overflow)
		return LISP_DROP_BAD_LENGTH;

	etrs_find(&etrs, prefix, mapping, lisp_eid_hash(eid));
	turn = etrs.n > 1 ? asked_before(eid, rx->ecm ? &rx->inner_src : &rx->src) : 0;
	for (unsigned int i = 0; drop == LISP_DROP_UNREACHABLE; i++) {
		etr = etr_in_turn(&etrs, turn + i);
		if (!etr || i == etrs.n)
			break;
		drop = forward_to(rx, eid, &w, etr);
	}
	return drop;
}

/* ---- to a Map-Server ---- */

enum lisp_drop lisp_forward_to_map_server(const struct lisp_rx *rx, const struct lisp_eid *eid,
					  const struct ipaddr *ms)
{
	uint8_t buf[LISP_MSG_MAX + 64];
	struct lisp_writer w;

	if (!reachable(ms))
		return LISP_DROP_UNREACHABLE;
	lisp_writer_init(&w, buf, sizeof(buf));
	build_forward(&w, rx, LISP_ECM_F_TO_MS);
	if (w.overflow)
		return LISP_DROP_BAD_LENGTH;
	return forward_to(rx, eid, &w, ms);
}

/* ---- onto the ALT ---- */

static lisp_alt_send_fn alt_send;

void lisp_forward_set_alt(lisp_alt_send_fn send)
{
	alt_send = send;
}

int lisp_forward_onto_alt(const struct lisp_eid *eid, const struct ipaddr *itr_rloc, uint16_t sport,
			  const uint8_t *msg, size_t len)
{
	return alt_send ? alt_send(eid, itr_rloc, sport, msg, len) : -1;
}

/* The ITR's address of the EID's family, the source of the ALT datagram; else NULL. */
static const struct ipaddr *itr_rloc(const struct lisp_msg *msg, int af, struct ipaddr *rloc)
{
	struct lisp_cursor c = lisp_msg_itr_rlocs(msg);
	struct lisp_addr addr;

	while (lisp_itr_rloc_next(&c, &addr))
		if (lisp_addr_to_rloc(&addr, rloc) && ipaddr_family(rloc) == af &&
		    lisp_rloc_valid(rloc))
			return rloc;
	return NULL;
}

enum lisp_drop lisp_forward_to_alt(const struct lisp_rx *rx, const struct lisp_msg *msg,
				   const struct lisp_eid *eid)
{
	const struct ipaddr *source;
	struct ipaddr rloc;

	source = itr_rloc(msg, eid->prefix.family, &rloc);
	if (lisp_forward_onto_alt(eid, source, rx->inner_sport, msg->buf, msg->len))
		return LISP_DROP_UNREACHABLE;
	LISP_DBG_EID(ms, eid, "Map-Request of %pIA put on the ALT", &rx->src);
	return LISP_OK;
}
