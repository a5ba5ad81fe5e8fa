// SPDX-License-Identifier: GPL-2.0-or-later
/* Map-Registers out, and withdrawals from a Map-Server that is left. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "frrevent.h"
#include "log.h"
#include "memory.h"

#include "lispd/lisp_auth.h"
#include "lispd/lisp_errors.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_kept.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_log.h"
#include "lispd/lisp_withdraw.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_LEAVING, "LISP Map-Server that is left");
DEFINE_MTYPE_STATIC(LISPD, LISP_WITHDRAWAL, "LISP withdrawal");

PREDECL_DLIST(leavings);
PREDECL_HASH(withdrawals);
PREDECL_RBTREE_UNIQ(withdrawal_nonces);

struct withdrawal {
	struct withdrawals_item item;
	struct withdrawal_nonces_item nonce_item; /* while nonce is not 0 */
	struct leaving *leaving;
	struct lisp_eid eid;
	uint64_t number; /* of withdrawals since the start */
	uint64_t nonce;	 /* of the last Map-Register with it; 0: none yet */
};

struct leaving {
	struct leavings_item item;
	struct lisp_register_to to;
	struct withdrawals_head withdrawals;
	unsigned int tries, unsent;
	struct event *t_send;
};

DECLARE_DLIST(leavings, struct leaving, item);

static int withdrawal_cmp(const struct withdrawal *a, const struct withdrawal *b)
{
	return !lisp_eid_same(&a->eid, &b->eid);
}

static uint32_t withdrawal_hash(const struct withdrawal *w)
{
	return lisp_eid_hash(&w->eid);
}

DECLARE_HASH(withdrawals, struct withdrawal, item, withdrawal_cmp, withdrawal_hash);

/* Those of one Map-Register are neighbours. */
static int nonce_cmp(const struct withdrawal *a, const struct withdrawal *b)
{
	return a->nonce != b->nonce ? numcmp(a->nonce, b->nonce) : numcmp(a->number, b->number);
}

DECLARE_RBTREE_UNIQ(withdrawal_nonces, struct withdrawal, nonce_item, nonce_cmp);

static struct leavings_head leavings[1] = { INIT_DLIST(leavings[0]) };
static struct withdrawal_nonces_head nonces[1] = { INIT_RBTREE_UNIQ(nonces[0]) };

/* ---- Map-Registers ---- */

void lisp_register_out_init(struct lisp_register_out *out, const struct lisp_register_to *to)
{
	out->to = to;
	out->records = out->sent = 0;
	out->failed = false;
	out->safe = LISP_MSG_SAFE(&to->addr);
	out->safe -= LISP_TRAILER_LEN;
	out->h = (struct lisp_header){
		.type = LISP_MAP_REGISTER,
		.flags = LISP_MREG_F_XTR_ID | LISP_MREG_F_WANT_NOTIFY,
		.key_id = to->key.id,
		.alg_id = to->key.algorithm,
		.auth_len = lisp_auth_len(to->key.algorithm, true),
		.site_id = to->site_id,
	};
	memcpy(out->h.xtr_id, to->xtr_id, sizeof(out->h.xtr_id));
	if (to->proxy_reply)
		SET_FLAG(out->h.flags, LISP_MREG_F_PROXY_REPLY);
}

void lisp_register_out_end(struct lisp_register_out *out)
{
	const struct lisp_register_to *to = out->to;

	if (!out->records)
		return;
	out->records = 0;
	lisp_put_trailer(&out->w, &out->h);
	if (out->w.overflow || !lisp_auth_sign(out->buf, out->w.len, to->key.secret, to->key.len)) {
		lisp_stats_drop(LISP_MAP_REGISTER, LISP_DROP_SEND_FAILED);
		out->failed = true;
		return;
	}
	if (lisp_io_send(NULL, &to->addr, LISP_CONTROL_PORT, out->buf, out->w.len) == 0)
		out->sent++;
	else
		out->failed = true;
}

/* Octets of a record, upper bound. */
static size_t record_size(const struct lisp_mapping *mapping)
{
	return 12 + 12 + 16 + mapping->n_locators * (8 + 16);
}

uint64_t lisp_register_out_put(struct lisp_register_out *out, const struct lisp_mapping *mapping,
			       bool merge)
{
	if (out->records && (merge != !!CHECK_FLAG(out->h.flags, LISP_MREG_F_MERGE) ||
			     out->records == LISP_REGISTER_RECORDS_MAX ||
			     out->w.len + record_size(mapping) > out->safe))
		lisp_register_out_end(out);
	if (!out->records) {
		UNSET_FLAG(out->h.flags, LISP_MREG_F_MERGE);
		if (merge)
			SET_FLAG(out->h.flags, LISP_MREG_F_MERGE);
		out->h.nonce = lisp_kept_nonce();
		lisp_writer_init(&out->w, out->buf, sizeof(out->buf));
		lisp_put_header(&out->w, &out->h);
	}
	lisp_put_mapping(&out->w, mapping);
	out->records++;
	return out->h.nonce;
}

/* ---- withdrawals ---- */

static void withdrawal_nonce(struct withdrawal *w, uint64_t nonce)
{
	if (w->nonce)
		withdrawal_nonces_del(nonces, w);
	w->nonce = nonce;
	if (nonce)
		withdrawal_nonces_add(nonces, w);
}

static void leaving_free(struct leaving *leaving)
{
	struct withdrawal *w;

	while ((w = withdrawals_pop(&leaving->withdrawals))) {
		withdrawal_nonce(w, 0);
		XFREE(MTYPE_LISP_WITHDRAWAL, w);
	}
	withdrawals_fini(&leaving->withdrawals);
	event_cancel(&leaving->t_send);
	explicit_bzero(&leaving->to.key, sizeof(leaving->to.key));
	leavings_del(leavings, leaving);
	XFREE(MTYPE_LISP_LEAVING, leaving);
	lisp_io_keep(leavings_count(leavings));
}

static void withdrawal_free(struct withdrawal *w)
{
	struct leaving *leaving = w->leaving;

	withdrawals_del(&leaving->withdrawals, w);
	withdrawal_nonce(w, 0);
	XFREE(MTYPE_LISP_WITHDRAWAL, w);
	if (!withdrawals_count(&leaving->withdrawals))
		leaving_free(leaving);
}

void lisp_withdraw_log(const struct ipaddr *map_server, const struct lisp_eid *eid,
		       bool acknowledged)
{
	if (!lisp_log_room(map_server))
		return;
	if (acknowledged)
		zlog_notice("EID-prefix %pLE withdrawn from Map-Server %pIA", eid, map_server);
	else
		flog_warn(EC_LISP_REGISTER,
			  "EID-prefix %pLE: Map-Server %pIA does not acknowledge its withdrawal",
			  eid, map_server);
}

static void withdraw_send(struct event *event)
{
	struct leaving *leaving = EVENT_ARG(event);
	struct lisp_register_out out;
	struct withdrawal *w;

	if (leaving->tries == LISP_REGISTER_WITHDRAWALS ||
	    leaving->unsent == LISP_REGISTER_UNSENT_MAX) {
		frr_each (withdrawals, &leaving->withdrawals, w)
			lisp_withdraw_log(&leaving->to.addr, &w->eid, false);
		leaving_free(leaving);
		return;
	}
	lisp_register_out_init(&out, &leaving->to);
	frr_each (withdrawals, &leaving->withdrawals, w) {
		struct lisp_mapping mapping = { .eid = w->eid, .authoritative = true };

		withdrawal_nonce(w, lisp_register_out_put(&out, &mapping, false));
	}
	lisp_register_out_end(&out);
	/* a try that did not leave this system is none */
	if (out.failed) {
		leaving->unsent++;
		event_add_timer_msec(lisp.master, withdraw_send, leaving, LISP_REGISTER_UNSENT,
				     &leaving->t_send);
		return;
	}
	event_add_timer(lisp.master, withdraw_send, leaving,
			LISP_REGISTER_RETRY_FIRST << leaving->tries, &leaving->t_send);
	leaving->tries++;
}

static struct leaving *leaving_get(const struct lisp_register_to *to)
{
	struct leaving *leaving;

	frr_each (leavings, leavings, leaving)
		if (!leaving->tries && !memcmp(&leaving->to, to, sizeof(*to)))
			return leaving;
	leaving = XCALLOC(MTYPE_LISP_LEAVING, sizeof(*leaving));
	memcpy(&leaving->to, to, sizeof(*to));
	withdrawals_init(&leaving->withdrawals);
	leavings_add_tail(leavings, leaving);
	lisp_io_keep(true);
	/* more of this moment go with it */
	event_add_event(lisp.master, withdraw_send, leaving, 0, &leaving->t_send);
	return leaving;
}

void lisp_withdraw(const struct lisp_register_to *to, const struct lisp_eid *eid)
{
	struct leaving *leaving = leaving_get(to);
	struct withdrawal key = { .leaving = leaving, .eid = *eid }, *w;
	static uint64_t number;

	if (withdrawals_find(&leaving->withdrawals, &key))
		return;
	w = XMALLOC(MTYPE_LISP_WITHDRAWAL, sizeof(*w));
	*w = key;
	w->number = ++number;
	withdrawals_add(&leaving->withdrawals, w);
}

void lisp_withdraw_cancel(const struct ipaddr *map_server, const struct lisp_eid *eid)
{
	const struct withdrawal key = { .eid = *eid };
	struct leaving *leaving;
	struct withdrawal *w;

	frr_each_safe (leavings, leavings, leaving) {
		if (!ipaddr_is_same(&leaving->to.addr, map_server))
			continue;
		w = withdrawals_find(&leaving->withdrawals, &key);
		if (w)
			withdrawal_free(w);
	}
}

/* The first one of the Map-Register with this nonce, or NULL. */
static struct withdrawal *withdrawal_find(uint64_t nonce)
{
	const struct withdrawal key = { .nonce = nonce };
	struct withdrawal *w = nonce ? withdrawal_nonces_find_gteq(nonces, &key) : NULL;

	return w && w->nonce == nonce ? w : NULL;
}

bool lisp_withdraw_rx_notify(const struct lisp_msg *msg, enum lisp_drop *drop)
{
	struct withdrawal *w = withdrawal_find(msg->h.nonce);
	const struct lisp_key *key;

	if (!w)
		return false;
	key = &w->leaving->to.key;
	*drop = LISP_DROP_AUTH_UNKNOWN_KEY;
	if (msg->h.key_id == key->id)
		*drop = lisp_auth_verify(msg, key->algorithm, key->secret, key->len);
	if (*drop != LISP_OK)
		return true;
	/* whatever it says of them: there is no more to do */
	for (; w; w = withdrawal_find(msg->h.nonce)) {
		lisp_withdraw_log(&w->leaving->to.addr, &w->eid, true);
		withdrawal_free(w);
	}
	return true;
}

void lisp_withdraw_finish(void)
{
	struct leaving *leaving;

	while ((leaving = leavings_first(leavings)))
		leaving_free(leaving);
	leavings_fini(leavings);
	withdrawal_nonces_fini(nonces);
}
