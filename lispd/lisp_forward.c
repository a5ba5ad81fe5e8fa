// SPDX-License-Identifier: GPL-2.0-or-later
/* A Map-Request goes on: to an ETR, to a Map-Server, or onto the ALT. */
#include <zebra.h>

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

/* Lower is better: what is up and usable, by priority, then spread by EID. */
static uint32_t etr_rank(const struct lisp_locator *locator, uint32_t hash, unsigned int i)
{
	uint32_t rank = 0;

	if (!locator->reach || locator->priority == LISP_PRIORITY_UNUSABLE)
		rank |= 1U << 31;
	rank |= (uint32_t)locator->priority << 16;
	return rank | ((hash + i * 0x9e37) & 0xffff);
}

/* The best locator that names an ETR and is not among tried; -1: none. */
static int choose_etr(const struct lisp_mapping *mapping, uint32_t hash, uint32_t tried,
		      struct ipaddr *etr)
{
	uint32_t best_rank = 0;
	struct ipaddr addr;
	int best = -1;

	for (unsigned int i = 0; i < mapping->n_locators; i++) {
		const struct lisp_locator *locator = &mapping->locators[i];
		uint32_t rank = etr_rank(locator, hash, i);

		if (tried & (1U << i) || !lisp_locator_etr(locator, &addr) || !reachable(&addr))
			continue;
		if (best < 0 || rank < best_rank) {
			best = i;
			best_rank = rank;
			*etr = addr;
		}
	}
	return best;
}

static bool names_etr(const struct lisp_mapping *mapping)
{
	struct ipaddr etr;

	for (unsigned int i = 0; i < mapping->n_locators; i++)
		if (lisp_locator_etr(&mapping->locators[i], &etr))
			return true;
	return false;
}

/* To an ETR that a locator names; if none does, to where a registration came from. */
enum lisp_drop lisp_forward_to_etr(const struct lisp_rx *rx, const struct lisp_eid *eid,
				   const struct lisp_site_prefix *prefix,
				   const struct lisp_mapping *mapping)
{
	enum lisp_drop drop = LISP_DROP_UNREACHABLE;
	uint32_t hash = lisp_eid_hash(eid), tried = 0;
	const struct lisp_registration *reg;
	uint8_t buf[LISP_MSG_MAX + 64];
	struct lisp_writer w;
	struct ipaddr etr;
	int i;

	lisp_writer_init(&w, buf, sizeof(buf));
	build_forward(&w, rx, LISP_ECM_F_TO_ETR);
	if (w.overflow)
		return LISP_DROP_BAD_LENGTH;

	while (drop == LISP_DROP_UNREACHABLE && (i = choose_etr(mapping, hash, tried, &etr)) >= 0) {
		tried |= 1U << i;
		drop = forward_to(rx, eid, &w, &etr);
	}
	if (!mapping->n_locators || names_etr(mapping))
		return drop;
	frr_each (lisp_registrations_const, &prefix->registrations, reg)
		if (drop == LISP_DROP_UNREACHABLE && reachable(&reg->from))
			drop = forward_to(rx, eid, &w, &reg->from);
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
