// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ETR: registers the local EID-prefixes of a service with each of its Map-Servers
 * (RFC 9301 sections 5.6, 5.7, 8.2).
 *
 * A round begins every 60 s, and at once with a change of the database, of keys or of
 * configuration: all prefixes go in as few Map-Registers as fit a path of unknown MTU,
 * each with its own nonce and the M bit. What its Map-Notify leaves out is refused; the Map-Server
 * may send that in several messages, so the rest has half a second.
 * A prefix whose locators have all lost their addresses stays registered for a moment, as DHCP
 * may replace an address; then it is withdrawn.
 * What no Map-Notify came for is sent again, with new nonces and signatures, after
 * 1, 2, 4 ... 60 s.
 *
 * EID-prefixes whose locator-set has `auto-discover-rlocs` go with the a bit, in messages of
 * their own: the Map-Server merges what the site's xTRs register, and its Map-Notify has
 * all of it. An unsolicited Map-Notify, which may be an old one that somebody repeats, says
 * only that there is news: the answer to our next Map-Register has it.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "frrevent.h"
#include "log.h"
#include "memory.h"
#include "monotime.h"

#include "lispd/lisp_auth.h"
#include "lispd/lisp_bucket.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_eid_table.h"
#include "lispd/lisp_errors.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_kept.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_register.h"
#include "lispd/lisp_register_record.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_withdraw.h"
#include "lispd/lisp_zebra.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_REGISTRATION, "LISP registration at a Map-Server");

static const struct lisp_service *server_service(const struct lisp_map_server *ms)
{
	return lisp_service_get(ms->iid, ms->family);
}

/* ---- when ---- */

static void register_hold(struct event *event);

/* A round: all of a service's prefixes. */
static void round_begin(struct lisp_map_server *ms)
{
	struct lisp_etr_reg *reg = ms->reg;

	if (lisp_register_collect(ms))
		event_add_timer_msec(lisp.master, register_hold, ms, LISP_REGISTER_HOLD,
				     &reg->t_hold);
	else
		event_cancel(&reg->t_hold);
	/* whoever answers will be asked again soon, whatever he did not answer */
	if (reg->answered) {
		reg->retry = LISP_REGISTER_RETRY_FIRST;
		reg->unanswered = 0;
	}
	reg->answered = false;
	ms->changed = false;
	monotime(&reg->began);
}

static void reg_idle(struct lisp_map_server *ms, const char *reason)
{
	if (ms->state != LISP_REG_IDLE || ms->reason != reason)
		zlog_notice("nothing to register at Map-Server %pIA, %s EIDs: %s", &ms->addr,
			    lisp_family_name(ms->family), reason);
	ms->state = LISP_REG_IDLE;
	ms->reason = reason;
}

static void register_timer(struct event *event);

static void reg_send_in(struct lisp_map_server *ms, uint32_t msec)
{
	event_cancel(&ms->reg->t_send);
	event_add_timer_msec(lisp.master, register_timer, ms, msec, &ms->reg->t_send);
}

static const char *reg_obstacle(const struct lisp_map_server *ms)
{
	struct ipaddr own;

	if (!lisp.enabled || !server_service(ms)->etr)
		return "ETR is off";
	if (!ms->reg->inputs.to.key.len)
		return "no key";
	if (!lisp_rloc_own(ipaddr_family(&ms->addr), &own))
		return "no own RLOC of the Map-Server's family";
	return NULL;
}

/* ms since the round began */
static int64_t round_age(const struct lisp_etr_reg *reg)
{
	return monotime_since(&reg->began, NULL) / 1000;
}

/* Again when what is unanswered is due, but no later than the next round. */
static void reg_send_next(struct lisp_map_server *ms)
{
	int64_t wait = MAX(LISP_REGISTER_INTERVAL * 1000 - round_age(ms->reg), 0);

	if (ms->reg->pending)
		wait = MIN(wait, ms->reg->retry * 1000);
	reg_send_in(ms, wait);
}

/* Nobody is waited for. */
static void reg_settled(struct lisp_map_server *ms)
{
	if (ms->state == LISP_REG_QUICK) {
		LISP_DBG(etr, "%s registered at %pIA", lisp_family_name(ms->family), &ms->addr);
		ms->state = LISP_REG_STEADY;
	}
	ms->reg->unanswered = 0;
	ms->reg->retry = LISP_REGISTER_RETRY_FIRST;
}

/* Several tries were in vain, of all records or of some. */
static void reg_failing(struct lisp_map_server *ms)
{
	struct lisp_etr_reg *reg = ms->reg;
	struct lisp_register_record *record;
	struct lisp_eid_node *node, *nxt;

	if (++reg->unanswered <= LISP_REGISTER_FAILED_AFTER)
		return;

	LISP_EID_TABLE_EACH (reg->records, node, nxt) {
		record = node->info;
		if (!record->pending || !lisp_register_record_ours(record))
			continue;
		lisp_register_record_become(record, LISP_RECORD_NO_ANSWER);
		lisp_register_record_pending(record, !reg->answered);
	}
	if (reg->answered) {
		ms->state = LISP_REG_STEADY;
	} else if (ms->state != LISP_REG_FAILED) {
		flog_warn(EC_LISP_REGISTER,
			  "Map-Server %pIA does not acknowledge our %s Map-Registers", &ms->addr,
			  lisp_family_name(ms->family));
		ms->state = LISP_REG_FAILED;
		ms->reason = NULL;
	}
}

static void reg_send(struct lisp_map_server *ms)
{
	struct lisp_etr_reg *reg = ms->reg;
	const char *obstacle = reg_obstacle(ms);
	bool all, left;

	event_cancel(&reg->t_news); /* all that is pending goes out */
	if (obstacle) {
		reg_idle(ms, obstacle);
		return;
	}

	all = ms->changed || round_age(reg) >= LISP_REGISTER_INTERVAL * 1000;
	if (all) {
		round_begin(ms);
		if (ms->state == LISP_REG_IDLE || ms->state == LISP_REG_STEADY) {
			ms->state = LISP_REG_QUICK;
			ms->reason = NULL;
		}
	}
	left = lisp_register_send(ms, all);
	if (!reg->ours && !reg->pending) {
		reg_idle(ms, "no EID-prefix with locators");
		return;
	}

	ms->last_register = monotime(&reg->sent);
	/* what did not leave this system is no reason to be slow: the routes change too */
	if (!left) {
		reg_send_in(ms, reg->unsent++ < LISP_REGISTER_UNSENT_MAX ? LISP_REGISTER_UNSENT
									 : reg->retry * 1000);
		return;
	}
	reg->unsent = 0;
	reg_send_next(ms);
	reg->retry = MIN(2 * reg->retry, LISP_REGISTER_RETRY_MAX);
	if (reg->pending)
		reg_failing(ms);
	else
		reg_settled(ms);
}

static void register_timer(struct event *event)
{
	reg_send(EVENT_ARG(event));
}

/* Something changed: at once, but several changes of one moment together. */
static void reg_soon(struct lisp_map_server *ms)
{
	struct lisp_etr_reg *reg = ms->reg;

	reg->retry = LISP_REGISTER_RETRY_FIRST;
	reg->unanswered = 0;
	reg->unsent = 0;
	ms->changed = true;
	if (ms->last_register && monotime_since(&reg->sent, NULL) < LISP_REGISTER_CHANGE_GAP * 1000)
		reg_send_in(ms, LISP_REGISTER_CHANGE_GAP);
	else
		reg_send_in(ms, 0);
}

/* What waits for a locator has waited for long enough. */
static void register_hold(struct event *event)
{
	reg_soon(EVENT_ARG(event));
}

/* What it has is withdrawn by and by, and nobody waits for that. */
static void reg_withdraw_all(struct lisp_map_server *ms)
{
	struct lisp_register_record *record;
	struct lisp_eid_node *node, *nxt;

	event_cancel(&ms->reg->t_send);
	event_cancel(&ms->reg->t_hold);
	event_cancel(&ms->reg->t_news);
	LISP_EID_TABLE_EACH (ms->reg->records, node, nxt) {
		record = node->info;
		if (!record->held || !ms->reg->inputs.to.key.len)
			continue;
		lisp_register_record_become(record, LISP_RECORD_WITHDRAWING);
		lisp_withdraw(&ms->reg->inputs.to, &record->eid);
	}
	lisp_register_records_free(ms->reg);
}

/* ---- inputs ---- */

static void inputs_get(const struct lisp_map_server *ms, struct lisp_register_inputs *in)
{
	struct lisp_local_eid *local = NULL;

	memset(in, 0, sizeof(*in));
	while ((local = lisp_database_next(local)))
		if (lisp_map_server_takes(ms, &local->eid))
			in->taken += lisp_eid_hash(&local->eid);
	in->active = lisp.enabled && server_service(ms)->etr;
	in->ttl = server_service(ms)->etr_ttl;
	in->to.addr.ipa_type = ms->addr.ipa_type;
	memcpy(in->to.addr.ip.addrbytes, ms->addr.ip.addrbytes, IPADDRSZ(&ms->addr));
	in->to.proxy_reply = ms->proxy_reply;
	memcpy(in->to.xtr_id, lisp.xtr_id, sizeof(in->to.xtr_id));
	in->to.site_id = lisp.site_id;
	if (!lisp_key_to_send(&ms->key, &in->to.key))
		memset(&in->to.key, 0, sizeof(in->to.key));
}

static void reg_check_inputs(struct lisp_map_server *ms)
{
	struct lisp_register_inputs in;

	inputs_get(ms, &in);
	if (memcmp(&in, &ms->reg->inputs, sizeof(in)) == 0)
		goto out;

	if (!in.active && ms->reg->inputs.active)
		reg_withdraw_all(ms);
	memcpy(&ms->reg->inputs, &in, sizeof(in));
	reg_soon(ms);
out:
	explicit_bzero(&in, sizeof(in));
}

static int reg_check_all(void)
{
	struct lisp_map_server *ms = NULL;

	while ((ms = lisp_map_server_next(NULL, ms)))
		reg_check_inputs(ms);
	return 0;
}

/* RFC 9301 section 8.2: a change of the database is registered at once. */
static int reg_database_changed(void)
{
	struct lisp_map_server *ms = NULL;

	while ((ms = lisp_map_server_next(NULL, ms)))
		reg_soon(ms);
	return 0;
}

/* What kept a registration from being sent may have been an address. */
static int reg_interface_changed(struct interface *ifp)
{
	struct lisp_map_server *ms = NULL;

	while ((ms = lisp_map_server_next(NULL, ms)))
		if (ms->state == LISP_REG_IDLE && !reg_obstacle(ms))
			reg_soon(ms);
	return 0;
}

void lisp_register_config_changed(void)
{
	reg_check_all();
}

/* ---- Map-Notify ---- */

static struct lisp_register_part *part_find(const struct lisp_map_server *ms, uint64_t nonce)
{
	struct lisp_register_part *part;

	frr_each (lisp_register_parts, &ms->reg->parts, part)
		if (part->nonce == nonce)
			return part;
	return NULL;
}

static struct lisp_map_server *notify_solicitor(uint64_t nonce, struct lisp_register_part **part)
{
	struct lisp_map_server *ms = NULL;

	while ((ms = lisp_map_server_next(NULL, ms))) {
		*part = part_find(ms, nonce);
		if (*part)
			return ms;
	}
	return NULL;
}

/* tried, if given, is the key that has just failed, and becomes this one: none is tried twice. */
static enum lisp_drop notify_verify(const struct lisp_map_server *ms, const struct lisp_msg *msg,
				    struct lisp_key *key, struct lisp_key *tried)
{
	if (!lisp_key_to_verify(&ms->key, msg->h.key_id, msg->h.alg_id, key))
		return LISP_DROP_AUTH_UNKNOWN_KEY;
	if (tried && lisp_key_same(key, tried))
		return LISP_DROP_AUTH_FAILED;
	if (tried)
		*tried = *key;
	return lisp_auth_verify(msg, key->algorithm, key->secret, key->len);
}

/*
 * Of an unsolicited one the key says whose it is: a Map-Server may be that of several
 * services, each with its own key. NULL: nobody at that address.
 */
static struct lisp_map_server *notify_sender(const struct lisp_rx *rx, const struct lisp_msg *msg,
					     struct lisp_key *key, enum lisp_drop *drop)
{
	struct lisp_map_server *ms = NULL, *found = NULL;
	struct lisp_key tried = {};

	*drop = LISP_DROP_UNKNOWN_NONCE;
	while ((ms = lisp_map_server_next(NULL, ms))) {
		if (!ipaddr_is_same(&ms->addr, &rx->src))
			continue;
		found = ms;
		*drop = notify_verify(ms, msg, key, &tried);
		if (*drop == LISP_OK)
			break;
	}
	explicit_bzero(&tried, sizeof(tried));
	return found;
}

/* RFC 9301 section 5.7: the Map-Notify itself, as type 5, signed anew. */
static void notify_ack(const struct lisp_rx *rx, const struct lisp_msg *msg,
		       const struct lisp_key *key)
{
	uint8_t buf[LISP_MSG_MAX];
	struct lisp_writer w;

	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_notify_ack(&w, msg);
	if (!w.overflow && lisp_auth_sign(buf, w.len, key->secret, key->len))
		lisp_io_send(NULL, &rx->src, rx->sport, buf, w.len);
}

/* The Map-Notify is acknowledged and does not come again: when the bucket is empty, later. */
static void register_news(struct event *event)
{
	struct lisp_map_server *ms = EVENT_ARG(event);

	if (!lisp_bucket_take(&ms->reg->news, LISP_REGISTER_NEWS_RATE, LISP_REGISTER_NEWS_BURST)) {
		event_add_timer_msec(lisp.master, register_news, ms, LISP_REGISTER_NEWS_LATER,
				     &ms->reg->t_news);
		return;
	}
	/* that it is sent again so soon is not because nobody answers */
	ms->reg->retry = LISP_REGISTER_RETRY_FIRST;
	ms->reg->unanswered = 0;
	reg_send_in(ms, 0);
}

/* A record of ours at the Map-Server with that address, of whatever service it is. */
static void news_of_record(const struct lisp_rx *rx, const struct lisp_eid *eid)
{
	struct lisp_register_record *record;
	struct lisp_map_server *ms = NULL;

	while ((ms = lisp_map_server_next(NULL, ms))) {
		if (!ipaddr_is_same(&ms->addr, &rx->src))
			continue;
		record = lisp_register_record_find(ms, eid);
		if (!record || !lisp_register_record_ours(record))
			continue;
		record->news = true;
		lisp_register_record_pending(record, true);
		event_add_event(lisp.master, register_news, ms, 0, &ms->reg->t_news);
	}
}

/* RFC 9301 section 5.7. */
static void notify_unsolicited(const struct lisp_rx *rx, const struct lisp_msg *msg,
			       const struct lisp_key *key)
{
	struct lisp_cursor c = lisp_msg_records(msg);
	struct lisp_record record;
	struct lisp_eid eid;

	notify_ack(rx, msg, key);
	while (lisp_record_next(&c, &record))
		if (lisp_addr_to_any_eid(&record.eid, record.mask_len, &eid) == LISP_OK)
			news_of_record(rx, &eid);
}

/* taken: the Map-Notify of its Map-Register names it. */
static void record_answered(struct lisp_register_record *record, bool taken)
{
	lisp_register_record_move(record, NULL);
	lisp_register_record_pending(record, record->news);
	if (lisp_register_record_ours(record)) {
		record->held = taken;
		lisp_register_record_become(record,
					    taken ? LISP_RECORD_REGISTERED : LISP_RECORD_REFUSED);
	} else if (taken && record->state != LISP_RECORD_WITHDRAWING) {
		/* ours no more when that was under way */
		record->held = true;
		lisp_register_record_pending(record, true);
		reg_send_in(record->ms, 0);
	} else {
		if (record->state == LISP_RECORD_WITHDRAWING)
			lisp_withdraw_log(&record->ms->addr, &record->eid, true);
		lisp_register_record_free(record);
	}
}

/* What the site's other xTRs have, if the Map-Server merges that. */
static void record_learn(const struct lisp_map_server *ms, const struct lisp_eid *eid,
			 const struct lisp_record *taken)
{
	struct lisp_local_eid *local = lisp_database_find(eid);
	struct lisp_mapping mapping;

	if (!local || !lisp_local_eid_merged(local) ||
	    lisp_mapping_from_record(taken, &mapping, NULL) != LISP_OK)
		return;
	lisp_local_eid_learn(local, &mapping, &ms->addr);
	lisp_mapping_fini(&mapping);
}

/* All of a Map-Register has its answer: does anything else wait for one? */
static void notify_settle(struct lisp_map_server *ms)
{
	if (ms->reg->pending)
		return;
	reg_settled(ms);
	/* what changed since it was sent is on its way out and wants its own answer */
	if (!ms->changed)
		reg_send_next(ms);
}

/* What no Map-Notify has named. */
static void register_rest(struct event *event)
{
	struct lisp_register_part *part = EVENT_ARG(event);
	struct lisp_map_server *ms = lisp_register_records_first(&part->records)->ms;
	uint64_t nonce = part->nonce;

	/* it goes with the last of its records */
	for (; part; part = part_find(ms, nonce))
		record_answered(lisp_register_records_first(&part->records), false);
	notify_settle(ms);
}

static void records_answered(struct lisp_map_server *ms, uint64_t nonce, const struct lisp_msg *msg)
{
	struct lisp_cursor c = lisp_msg_records(msg);
	struct lisp_register_record *record;
	struct lisp_record taken;
	struct lisp_register_part *part;
	struct lisp_eid eid;

	while (lisp_record_next(&c, &taken)) {
		if (lisp_addr_to_any_eid(&taken.eid, taken.mask_len, &eid) != LISP_OK)
			continue;
		record = lisp_register_record_find(ms, &eid);
		if (!record || !record->part || record->part->nonce != nonce)
			continue;
		record_learn(ms, &eid, &taken);
		record_answered(record, true);
	}
	part = part_find(ms, nonce);
	if (part)
		event_add_timer_msec(lisp.master, register_rest, part, LISP_REGISTER_REST,
				     &part->t_rest);
}

static void notify_solicited(struct lisp_map_server *ms, struct lisp_register_part *part,
			     const struct lisp_msg *msg)
{
	ms->notifies++;
	ms->last_notify = monotime(NULL);
	ms->reg->answered = true;
	records_answered(ms, part->nonce, msg);
	if (ms->state == LISP_REG_FAILED) {
		zlog_notice("Map-Server %pIA acknowledges our %s Map-Registers again", &ms->addr,
			    lisp_family_name(ms->family));
		ms->state = LISP_REG_QUICK;
		ms->reason = NULL;
	}
	notify_settle(ms);
}

enum lisp_drop lisp_register_rx_notify(const struct lisp_rx *rx, const struct lisp_msg *msg)
{
	struct lisp_register_part *part = NULL;
	struct lisp_map_server *ms;
	struct lisp_key key = {};
	enum lisp_drop drop;

	if (lisp_withdraw_rx_notify(msg, &drop))
		return drop;
	if (!lisp_is_etr())
		return LISP_DROP_NOT_ENABLED;
	ms = notify_solicitor(msg->h.nonce, &part);
	if (ms)
		drop = notify_verify(ms, msg, &key, NULL);
	else
		ms = notify_sender(rx, msg, &key, &drop);

	if (drop == LISP_OK) {
		/* one of ours that came after the next was sent says nothing new */
		if (part)
			notify_solicited(ms, part, msg);
		else if (!lisp_kept_nonce_used(msg->h.nonce))
			notify_unsolicited(rx, msg, &key);
	} else if (ms) {
		ms->auth_failures++;
		LISP_DBG(etr, "Map-Notify of %pIA: %s", &ms->addr, lisp_drop_name(drop));
	}
	explicit_bzero(&key, sizeof(key));
	return drop;
}

/* ---- Map-Servers ---- */

static int reg_server_new(struct lisp_map_server *ms)
{
	ms->reg = XCALLOC(MTYPE_LISP_REGISTRATION, sizeof(*ms->reg));
	ms->reg->records = lisp_eid_table_new();
	lisp_register_parts_init(&ms->reg->parts);
	ms->reg->retry = LISP_REGISTER_RETRY_FIRST;
	return 0;
}

static void reg_free(struct lisp_map_server *ms)
{
	event_cancel(&ms->reg->t_send);
	event_cancel(&ms->reg->t_hold);
	event_cancel(&ms->reg->t_news);
	lisp_register_records_free(ms->reg);
	lisp_eid_table_free(&ms->reg->records, NULL);
	lisp_register_parts_fini(&ms->reg->parts);
	explicit_bzero(&ms->reg->inputs, sizeof(ms->reg->inputs));
	XFREE(MTYPE_LISP_REGISTRATION, ms->reg);
}

static int reg_server_gone(struct lisp_map_server *ms)
{
	reg_withdraw_all(ms);
	reg_free(ms);
	return 0;
}

void lisp_register_init(void)
{
	hook_register(lisp_database_changed, reg_database_changed);
	hook_register(lisp_interface_changed, reg_interface_changed);
	hook_register(lisp_keys_changed, reg_check_all);
	hook_register(lisp_map_server_new, reg_server_new);
	hook_register(lisp_map_server_gone, reg_server_gone);
}

void lisp_register_finish(void)
{
	struct lisp_map_server *ms = NULL;

	hook_unregister(lisp_database_changed, reg_database_changed);
	hook_unregister(lisp_interface_changed, reg_interface_changed);
	hook_unregister(lisp_keys_changed, reg_check_all);
	hook_unregister(lisp_map_server_new, reg_server_new);
	hook_unregister(lisp_map_server_gone, reg_server_gone);
	while ((ms = lisp_map_server_next(NULL, ms)))
		reg_free(ms);
}
