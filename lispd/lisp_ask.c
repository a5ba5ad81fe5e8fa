// SPDX-License-Identifier: GPL-2.0-or-later
/* A Map-Request of our own: its octets, and which way it goes. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "lispd/lisp_alt_rib.h"
#include "lispd/lisp_ask.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_forward.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_ip.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_rloc.h"

/* ---- to whom ---- */

static bool has_map_resolver(const struct lisp_eid *eid)
{
	return lisp_map_resolver_next(lisp_service_of(eid), NULL) != NULL;
}

bool lisp_ask_uses_alt(const struct lisp_eid *eid, unsigned int attempt)
{
	if (!lisp_alt_up(eid))
		return false;
	return !has_map_resolver(eid) || (lisp_alt_reaches(eid) && attempt < LISP_ITR_ALT_TRIES);
}

/* ---- one Map-Request ---- */

struct itr_rlocs {
	unsigned int n;
	struct ipaddr addr[LISP_ITR_RLOCS_MAX];
};

static void itr_rloc_add(struct itr_rlocs *rlocs, const struct ipaddr *addr)
{
	unsigned int i = rlocs->n;

	if (i == array_size(rlocs->addr))
		return;
	for (; i && ipaddr_cmp(&rlocs->addr[i - 1], addr) > 0; i--)
		rlocs->addr[i] = rlocs->addr[i - 1];
	rlocs->addr[i] = *addr;
	rlocs->n++;
}

/* An own address that hosts of the site could have is no RLOC. */
static void itr_rloc_add_any(struct itr_rlocs *rlocs, int af)
{
	struct lisp_eid eid;
	struct ipaddr addr;

	if (!lisp_rloc_own(af, &addr))
		return;
	lisp_eid_host(&eid, 0, &addr);
	if (!lisp_database_match(&eid))
		itr_rloc_add(rlocs, &addr);
}

/* Own locators that are up, IPv4 first; an ITR without a locator-set takes what it has. */
static void itr_rlocs_get(struct itr_rlocs *rlocs)
{
	struct lisp_rloc *rloc = NULL;

	rlocs->n = 0;
	while ((rloc = lisp_rloc_own_next(rloc)))
		if (rloc->local && lisp_rloc_up(rloc))
			itr_rloc_add(rlocs, &rloc->addr);
	if (rlocs->n)
		return;

	itr_rloc_add_any(rlocs, AF_INET);
	itr_rloc_add_any(rlocs, AF_INET6);
}

static bool itr_rlocs_first(const struct itr_rlocs *rlocs, int af, struct ipaddr *addr)
{
	for (unsigned int i = 0; i < rlocs->n; i++) {
		if (ipaddr_family(&rlocs->addr[i]) != af)
			continue;
		*addr = rlocs->addr[i];
		return true;
	}
	return false;
}

/*
 * RFC 9301 section 5.8: the inner source is the Source EID or an ITR-RLOC, of the
 * EID's family. Without any of these: an EID of ours, or, as others do, the EID itself.
 */
static void ask_inner_source(const struct lisp_ask *ask, const struct itr_rlocs *rlocs,
			     struct ipaddr *addr)
{
	int af = ask->eid.prefix.family;
	const struct lisp_local_eid *local = NULL;

	if (ask->source && ipaddr_family(ask->source) == af) {
		*addr = *ask->source;
		return;
	}
	if (itr_rlocs_first(rlocs, af, addr))
		return;

	while ((local = lisp_database_next((struct lisp_local_eid *)local))) {
		if (local->eid.prefix.family != af)
			continue;
		lisp_eid_ipaddr(&local->eid, addr);
		return;
	}
	lisp_eid_ipaddr(&ask->eid, addr);
}

static void ask_build(struct lisp_writer *w, const struct lisp_ask *ask,
		      const struct itr_rlocs *rlocs, uint64_t nonce)
{
	struct lisp_header h = { .type = LISP_MAP_REQUEST, .nonce = nonce };
	struct lisp_request record = { .mask_len = ask->eid.prefix.prefixlen };
	struct lisp_addr addr;

	if (ask->smr_invoked)
		SET_FLAG(h.flags, LISP_MREQ_F_SMR_INVOKED);
	if (ask->probe)
		SET_FLAG(h.flags, LISP_MREQ_F_PROBE | LISP_MREQ_F_AUTHORITATIVE);
	if (ask->source && !IS_IPADDR_NONE(ask->source))
		lisp_rloc_to_addr(ask->source, &h.source_eid);

	lisp_put_header(w, &h);
	for (unsigned int i = 0; i < rlocs->n; i++) {
		lisp_rloc_to_addr(&rlocs->addr[i], &addr);
		lisp_put_itr_rloc(w, &addr);
	}
	lisp_eid_to_addr(&ask->eid, &record.eid);
	lisp_put_request(w, &record);
}

static int ask_send_ecm(const struct lisp_ask *ask, const struct itr_rlocs *rlocs,
			const struct ipaddr *to, const struct lisp_writer *inner)
{
	uint8_t buf[LISP_MSG_MAX];
	struct ipaddr src, dst;
	struct lisp_writer w;

	ask_inner_source(ask, rlocs, &src);
	lisp_eid_ipaddr(&ask->eid, &dst);
	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_ecm_encode(&w, 0, &src, &dst, LISP_CONTROL_PORT, LISP_CONTROL_PORT, inner->buf,
			inner->len);
	if (w.overflow)
		return -1;
	return lisp_io_send(NULL, to, LISP_CONTROL_PORT, buf, w.len);
}

unsigned int lisp_ask_put_rlocs(struct lisp_writer *w)
{
	struct itr_rlocs rlocs;
	struct lisp_addr addr;

	itr_rlocs_get(&rlocs);
	for (unsigned int i = 0; i < rlocs.n; i++) {
		lisp_rloc_to_addr(&rlocs.addr[i], &addr);
		lisp_put_itr_rloc(w, &addr);
	}
	return rlocs.n;
}

int lisp_ask(const struct lisp_ask *ask, uint64_t nonce, struct ipaddr *sent)
{
	const struct ipaddr *to = ask->to;
	const struct lisp_map_resolver *mr;
	struct ipaddr source = {};
	struct itr_rlocs rlocs;
	struct lisp_writer w;
	uint8_t buf[1024];

	memset(sent, 0, sizeof(*sent));
	itr_rlocs_get(&rlocs);
	if (!rlocs.n) {
		lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_UNREACHABLE);
		return -1;
	}

	lisp_writer_init(&w, buf, sizeof(buf));
	ask_build(&w, ask, &rlocs, nonce);
	if (w.overflow)
		return -1;

	if (to && IS_IPADDR_NONE(to))
		to = NULL;
	if (!to && !ask->off_alt && lisp_ask_uses_alt(&ask->eid, ask->attempt)) {
		LISP_DBG_EID(itr, &ask->eid, "Map-Request onto the ALT");
		itr_rlocs_first(&rlocs, ask->eid.prefix.family, &source);
		if (!lisp_forward_onto_alt(&ask->eid, &source, LISP_CONTROL_PORT, buf, w.len))
			return 0;
		if (!has_map_resolver(&ask->eid))
			return -1;
	}
	if (!to) {
		mr = lisp_map_resolver_turn(lisp_service_of(&ask->eid), ask->last);
		if (!mr) {
			lisp_stats_drop(LISP_MAP_REQUEST, LISP_DROP_UNREACHABLE);
			return -1;
		}
		to = &mr->addr;
	}

	LISP_DBG_EID(itr, &ask->eid, "Map-Request to Map-Resolver %pIA", to);
	*sent = *to;
	return ask_send_ecm(ask, &rlocs, to, &w);
}

unsigned int lisp_ask_direct_up(const struct lisp_entry *entry)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < entry->mapping.n_locators; i++)
		n += entry->rlocs[i] && lisp_rloc_up(entry->rlocs[i]);
	return n;
}

int lisp_ask_direct(const struct lisp_entry *entry, unsigned int attempt, uint64_t nonce)
{
	unsigned int up = lisp_ask_direct_up(entry), turn = up ? attempt % up : 0;
	struct lisp_ask ask = { .eid = entry->mapping.eid };
	struct itr_rlocs rlocs;
	struct lisp_writer w;
	uint8_t buf[1024];

	itr_rlocs_get(&rlocs);
	lisp_writer_init(&w, buf, sizeof(buf));
	ask_build(&w, &ask, &rlocs, nonce);
	for (unsigned int i = 0; i < entry->mapping.n_locators; i++)
		if (entry->rlocs[i] && lisp_rloc_up(entry->rlocs[i]) && !turn-- && !w.overflow &&
		    rlocs.n)
			return lisp_io_send(NULL, &entry->rlocs[i]->addr, LISP_CONTROL_PORT, buf,
					    w.len);
	return -1;
}

int lisp_ask_probe(const struct lisp_eid *eid, const struct lisp_rloc *rloc, uint64_t nonce)
{
	const struct lisp_ask ask = { .eid = *eid, .probe = true };
	struct itr_rlocs rlocs = { .n = 1, .addr = { rloc->source } };
	struct lisp_writer w;
	uint8_t buf[256];

	if (IS_IPADDR_NONE(&rloc->source))
		return -1;
	lisp_writer_init(&w, buf, sizeof(buf));
	ask_build(&w, &ask, &rlocs, nonce);
	if (w.overflow)
		return -1;
	return lisp_io_send(&rloc->source, &rloc->addr, LISP_CONTROL_PORT, buf, w.len);
}
