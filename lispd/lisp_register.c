// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ETR: registers the local EID-prefixes of a service with each of its Map-Servers
 * (RFC 9301 sections 5.6, 5.7, 8.2).
 *
 * A round begins every 60 s, and at once with a change of the database, of keys or of
 * configuration: all prefixes go in as few Map-Registers as fit a path of unknown MTU,
 * each with its own nonce and the M bit. What its Map-Notify leaves out is refused; the Map-Server
 * may send that in several messages, so the rest has half a second.
 * What no Map-Notify came for is sent again, with new nonces and signatures, after
 * 1, 2, 4 ... 60 s.
 *
 * A Map-Server may drop a Map-Register for one of its records. So none of these travels
 * with one of another kind: withdrawals, with TTL 0; what is registered there; what is
 * not, at its second try each prefix alone. Withdrawn is what is no longer ours, if it
 * was acknowledged, and three times at most.
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
#include "lispd/lisp_log.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_register.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_withdraw.h"
#include "lispd/lisp_zebra.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_REGISTRATION, "LISP registration at a Map-Server");
DEFINE_MTYPE_STATIC(LISPD, LISP_REGISTER_PART, "LISP unanswered Map-Register");
DEFINE_MTYPE_STATIC(LISPD, LISP_REGISTER_RECORD, "LISP EID-prefix at a Map-Server");

PREDECL_DLIST(reg_parts);

/* A Map-Register that is unanswered, and the records whose last one it is. */
struct reg_part {
	struct reg_parts_item item;
	uint64_t nonce;
	struct event *t_rest; /* a Map-Notify has come that does not name all */
	struct lisp_register_records_head records;
};

DECLARE_DLIST(reg_parts, struct reg_part, item);
DECLARE_DLIST(lisp_register_records, struct lisp_register_record, item);

/* What a registration depends on beside the database. */
struct reg_inputs {
	bool active;
	uint32_t ttl;
	uint32_t taken; /* sum of the hashes of the EID-prefixes that it takes */
	struct lisp_register_to to;
};

struct lisp_etr_reg {
	struct reg_inputs inputs;
	struct lisp_eid_table *records; /* info: struct lisp_register_record */
	struct reg_parts_head parts;
	unsigned int pending;	 /* records that are to be sent again */
	unsigned int round;	 /* number of the last round */
	unsigned int ours;	 /* records of that round */
	unsigned int unanswered; /* times that something was sent since the last answer to all */
	unsigned int unsent;	 /* times since the last one that left this system */
	bool answered;		 /* a Map-Notify came in this round */
	uint32_t retry;		 /* s to the next retransmission */
	struct lisp_bucket news; /* Map-Registers that unsolicited Map-Notifies bring */
	struct event *t_news;
	struct timeval sent;  /* the last Map-Register */
	struct timeval began; /* the round */
	struct event *t_send;
};

static const struct lisp_service *server_service(const struct lisp_map_server *ms)
{
	return lisp_service_get(ms->iid, ms->family);
}

/* Is the EID-prefix to be registered there? */
static bool server_takes(const struct lisp_map_server *ms, const struct lisp_eid *eid)
{
	const struct lisp_service *service = lisp_service_of(eid);

	return service->etr && service->family == ms->family && service->peers == ms->iid;
}

/* ---- records ---- */

static void record_pending(struct lisp_register_record *record, bool pending)
{
	record->ms->reg->pending += pending - record->pending;
	record->pending = pending;
}

static void part_free(struct lisp_etr_reg *reg, struct reg_part *part)
{
	event_cancel(&part->t_rest);
	reg_parts_del(&reg->parts, part);
	lisp_register_records_fini(&part->records);
	XFREE(MTYPE_LISP_REGISTER_PART, part);
}

/* part NULL: in none. One that nothing is left of is of no use. */
static void record_move(struct lisp_register_record *record, struct reg_part *part)
{
	struct reg_part *old = record->part;

	if (old)
		lisp_register_records_del(&old->records, record);
	record->part = part;
	if (part)
		lisp_register_records_add_tail(&part->records, record);
	if (old && !lisp_register_records_count(&old->records))
		part_free(record->ms->reg, old);
}

static struct lisp_register_record *record_get(struct lisp_map_server *ms,
					       const struct lisp_eid *eid)
{
	struct lisp_eid_node *node = lisp_eid_table_get(ms->reg->records, eid);
	struct lisp_register_record *record = node->info;

	if (!record) {
		record = XCALLOC(MTYPE_LISP_REGISTER_RECORD, sizeof(*record));
		record->ms = ms;
		record->eid = *eid;
		record->since = monotime(NULL);
		node->info = record;
	}
	return record;
}

/* What the Map-Server told of it is forgotten, too. */
static void record_free(struct lisp_register_record *record)
{
	struct lisp_eid_table *records = record->ms->reg->records;
	struct lisp_local_eid *local = lisp_database_find(&record->eid);

	if (local)
		lisp_local_eid_learn(local, NULL, &record->ms->addr);
	record_pending(record, false);
	record_move(record, NULL);
	lisp_eid_table_del(records, lisp_eid_table_find(records, &record->eid));
	XFREE(MTYPE_LISP_REGISTER_RECORD, record);
}

static void records_free(struct lisp_etr_reg *reg)
{
	struct lisp_eid_node *node, *nxt;

	LISP_EID_TABLE_EACH (reg->records, node, nxt)
		record_free(node->info);
}

static bool record_ours(const struct lisp_register_record *record)
{
	return record->round == record->ms->reg->round;
}

static const char *const record_states[] = {
	[LISP_RECORD_REGISTERING] = "registering", [LISP_RECORD_REGISTERED] = "registered",
	[LISP_RECORD_REFUSED] = "refused",	   [LISP_RECORD_NO_ANSWER] = "no-answer",
	[LISP_RECORD_WITHDRAWING] = "withdrawing",
};

const char *lisp_register_record_state(const struct lisp_register_record *record)
{
	return record_states[record->state];
}

const char *lisp_register_record_reason(const struct lisp_register_record *record)
{
	if (record->ms->state == LISP_REG_IDLE)
		return record->ms->reason;
	if (record->state == LISP_RECORD_REFUSED)
		return "not in the Map-Notify";
	return record->state == LISP_RECORD_NO_ANSWER ? "no Map-Notify" : NULL;
}

static void record_log(const struct lisp_register_record *record)
{
	const struct lisp_map_server *ms = record->ms;
	const struct lisp_key *key = &ms->reg->inputs.to.key;
	char with[64];

	/* of a Map-Server that answers nothing one line tells */
	if (record->state == LISP_RECORD_NO_ANSWER && !ms->reg->answered)
		return;
	if (!lisp_log_room(&ms->addr))
		return;
	snprintf(with, sizeof(with), "key-id %u, %s", key->id, lisp_auth_name(key->algorithm));
	switch (record->state) {
	case LISP_RECORD_REGISTERING:
		break;
	case LISP_RECORD_REGISTERED:
		zlog_notice("EID-prefix %pLE registered at Map-Server %pIA, %s", &record->eid,
			    &ms->addr, with);
		break;
	case LISP_RECORD_REFUSED:
		flog_warn(EC_LISP_REGISTER,
			  "EID-prefix %pLE refused by Map-Server %pIA, %s: not in its Map-Notify",
			  &record->eid, &ms->addr, with);
		break;
	case LISP_RECORD_NO_ANSWER:
		flog_warn(EC_LISP_REGISTER,
			  "EID-prefix %pLE not registered at Map-Server %pIA, %s: no Map-Notify",
			  &record->eid, &ms->addr, with);
		break;
	case LISP_RECORD_WITHDRAWING:
		zlog_notice("EID-prefix %pLE withdrawn from Map-Server %pIA", &record->eid,
			    &ms->addr);
		break;
	}
}

static void record_state(struct lisp_register_record *record, enum lisp_register_record_state state)
{
	if (record->state == state)
		return;
	record->state = state;
	record->since = monotime(NULL);
	record_log(record);
}

/* ---- one Map-Register ---- */

struct reg_message {
	struct lisp_map_server *ms;
	struct reg_part *part; /* NULL: none begun */
	struct lisp_register_out out;
};

static void message_init(struct reg_message *m, struct lisp_map_server *ms)
{
	m->ms = ms;
	m->part = NULL;
	lisp_register_out_init(&m->out, &ms->reg->inputs.to);
}

static void message_put(struct reg_message *m, struct lisp_register_record *record,
			const struct lisp_mapping *mapping, bool merge)
{
	uint64_t nonce = lisp_register_out_put(&m->out, mapping, merge);

	if (!m->part || m->part->nonce != nonce) {
		m->part = XCALLOC(MTYPE_LISP_REGISTER_PART, sizeof(*m->part));
		m->part->nonce = nonce;
		lisp_register_records_init(&m->part->records);
		reg_parts_add_tail(&m->ms->reg->parts, m->part);
	}
	record_move(record, m->part);
	record->news = false;
}

/* What comes next goes in another one. */
static void message_end(struct reg_message *m)
{
	lisp_register_out_end(&m->out);
	m->part = NULL;
}

static void message_put_withdrawal(struct reg_message *m, struct lisp_register_record *record)
{
	struct lisp_mapping mapping = { .eid = record->eid, .authoritative = true };

	record_state(record, LISP_RECORD_WITHDRAWING);
	message_put(m, record, &mapping, false);
}

/* ---- a round: all of a service's prefixes ---- */

static void round_begin(struct lisp_map_server *ms)
{
	struct lisp_etr_reg *reg = ms->reg;
	struct lisp_register_record *record;
	struct lisp_local_eid *local = NULL;
	struct lisp_eid_node *node, *nxt;
	struct lisp_mapping mapping;

	reg->round++;
	reg->ours = 0;
	while ((local = lisp_database_next(local))) {
		if (!server_takes(ms, &local->eid))
			continue;
		lisp_database_registered(local, &mapping);
		if (mapping.n_locators) {
			record = record_get(ms, &local->eid);
			record->round = reg->round;
			record->withdrawals = 0;
			if (record->state == LISP_RECORD_WITHDRAWING)
				record_state(record, LISP_RECORD_REGISTERING);
			/* what others were answered and this was not is tried once a round */
			record_pending(record,
				       !reg->answered || record->state != LISP_RECORD_NO_ANSWER);
			reg->ours++;
		}
		lisp_mapping_fini(&mapping);
	}
	LISP_EID_TABLE_EACH (reg->records, node, nxt) {
		record = node->info;
		if (!record_ours(record))
			record_pending(record, record->held);
	}

	/* whoever answers will be asked again soon, whatever he did not answer */
	if (reg->answered) {
		reg->retry = LISP_REGISTER_RETRY_FIRST;
		reg->unanswered = 0;
	}
	reg->answered = false;
	ms->changed = false;
	monotime(&reg->began);
}

/* Nothing more can be done about what is not ours. */
static bool record_over(const struct lisp_register_record *record)
{
	if (record->held)
		return record->withdrawals == LISP_REGISTER_WITHDRAWALS;
	/* its Map-Register may be acknowledged yet */
	return record->withdrawals || !record->part;
}

static void send_withdrawals(struct reg_message *m)
{
	struct lisp_register_record *record;
	struct lisp_eid_node *node, *nxt;

	LISP_EID_TABLE_EACH (m->ms->reg->records, node, nxt) {
		record = node->info;
		if (record_ours(record))
			continue;
		if (record_over(record)) {
			record_free(record);
			continue;
		}
		/* a try that did not leave this system is none */
		record->withdrawals += !m->ms->reg->unsent;
		if (record->held)
			message_put_withdrawal(m, record);
	}
	message_end(m);
}

/*
 * Who travels with whom: of all records, or of those that are pending. One that nobody
 * answers is alone and in company by turns.
 */
static void companies_form(struct lisp_etr_reg *reg, bool all)
{
	struct lisp_register_record *record;
	struct lisp_eid_node *node, *nxt;
	unsigned int alone = 0;

	LISP_EID_TABLE_EACH (reg->records, node, nxt) {
		record = node->info;
		if (!record_ours(record) || !(record->pending || all))
			record->company = LISP_COMPANY_NONE;
		else if (record->state == LISP_RECORD_REGISTERED)
			record->company = LISP_COMPANY_REGISTERED;
		else if (record->part && record->company != LISP_COMPANY_ALONE &&
			 alone++ < LISP_REGISTER_ALONE_MAX)
			record->company = LISP_COMPANY_ALONE;
		else
			record->company = LISP_COMPANY_DOUBTFUL;
	}
}

/* merged: those with the a bit, else the others; each message has one kind. */
static void send_company(struct reg_message *m, enum lisp_register_company company, bool merged)
{
	struct lisp_register_record *record;
	struct lisp_eid_node *node, *nxt;
	struct lisp_local_eid *local;
	struct lisp_mapping mapping;

	LISP_EID_TABLE_EACH (m->ms->reg->records, node, nxt) {
		record = node->info;
		local = record->company == company ? lisp_database_find(&record->eid) : NULL;
		if (!local || lisp_local_eid_merged(local) != merged)
			continue;
		lisp_database_registered(local, &mapping);
		lisp_withdraw_cancel(&m->ms->addr, &record->eid);
		message_put(m, record, &mapping, merged);
		lisp_mapping_fini(&mapping);
		if (company == LISP_COMPANY_ALONE)
			message_end(m);
	}
	message_end(m);
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
		if (!record->pending || !record_ours(record))
			continue;
		record_state(record, LISP_RECORD_NO_ANSWER);
		record_pending(record, !reg->answered);
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
	enum lisp_register_company company;
	struct reg_message m;
	bool all;

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
	message_init(&m, ms);
	send_withdrawals(&m);
	companies_form(reg, all);
	for (company = LISP_COMPANY_REGISTERED; company <= LISP_COMPANY_ALONE; company++) {
		send_company(&m, company, false);
		send_company(&m, company, true);
	}
	ms->registers += m.out.sent;
	if (m.out.sent)
		ms->nonce = m.out.h.nonce;
	if (!reg->ours && !reg->pending) {
		reg_idle(ms, "no EID-prefix with locators");
		return;
	}

	ms->last_register = monotime(&reg->sent);
	/* what did not leave this system is no reason to be slow: the routes change too */
	if (m.out.failed) {
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

/* What it has is withdrawn by and by, and nobody waits for that. */
static void reg_withdraw_all(struct lisp_map_server *ms)
{
	struct lisp_register_record *record;
	struct lisp_eid_node *node, *nxt;

	event_cancel(&ms->reg->t_send);
	event_cancel(&ms->reg->t_news);
	LISP_EID_TABLE_EACH (ms->reg->records, node, nxt) {
		record = node->info;
		if (!record->held || !ms->reg->inputs.to.key.len)
			continue;
		record_state(record, LISP_RECORD_WITHDRAWING);
		lisp_withdraw(&ms->reg->inputs.to, &record->eid);
	}
	records_free(ms->reg);
}

/* ---- inputs ---- */

static void inputs_get(const struct lisp_map_server *ms, struct reg_inputs *in)
{
	struct lisp_local_eid *local = NULL;

	memset(in, 0, sizeof(*in));
	while ((local = lisp_database_next(local)))
		if (server_takes(ms, &local->eid))
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
	struct reg_inputs in;

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

static struct reg_part *part_find(const struct lisp_map_server *ms, uint64_t nonce)
{
	struct reg_part *part;

	frr_each (reg_parts, &ms->reg->parts, part)
		if (part->nonce == nonce)
			return part;
	return NULL;
}

static struct lisp_map_server *notify_solicitor(uint64_t nonce, struct reg_part **part)
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
	struct lisp_eid_node *node;

	while ((ms = lisp_map_server_next(NULL, ms))) {
		if (!ipaddr_is_same(&ms->addr, &rx->src))
			continue;
		node = lisp_eid_table_find(ms->reg->records, eid);
		record = node ? node->info : NULL;
		if (!record || !record_ours(record))
			continue;
		record->news = true;
		record_pending(record, true);
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
	record_move(record, NULL);
	record_pending(record, record->news);
	if (record_ours(record)) {
		record->held = taken;
		record_state(record, taken ? LISP_RECORD_REGISTERED : LISP_RECORD_REFUSED);
	} else if (taken && record->state != LISP_RECORD_WITHDRAWING) {
		/* ours no more when that was under way */
		record->held = true;
		record_pending(record, true);
		reg_send_in(record->ms, 0);
	} else {
		record_free(record);
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
	struct reg_part *part = EVENT_ARG(event);
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
	struct lisp_eid_node *node;
	struct lisp_record taken;
	struct reg_part *part;
	struct lisp_eid eid;

	while (lisp_record_next(&c, &taken)) {
		if (lisp_addr_to_any_eid(&taken.eid, taken.mask_len, &eid) != LISP_OK)
			continue;
		node = lisp_eid_table_find(ms->reg->records, &eid);
		record = node ? node->info : NULL;
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

static void notify_solicited(struct lisp_map_server *ms, struct reg_part *part,
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
	struct reg_part *part = NULL;
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

const struct lisp_register_record *lisp_register_record_next(const struct lisp_eid *eid,
							     const struct lisp_register_record *last)
{
	struct lisp_map_server *ms = last ? last->ms : NULL;
	struct lisp_eid_node *node = NULL;

	while (!node && (ms = lisp_map_server_next(NULL, ms)))
		node = lisp_eid_table_find(ms->reg->records, eid);
	return node ? node->info : NULL;
}

unsigned int lisp_register_refused(const struct lisp_map_server *ms)
{
	const struct lisp_register_record *record;
	struct lisp_eid_node *node, *nxt;
	unsigned int n = 0;

	LISP_EID_TABLE_EACH (ms->reg->records, node, nxt) {
		record = node->info;
		n += record->state == LISP_RECORD_REFUSED || record->state == LISP_RECORD_NO_ANSWER;
	}
	return n;
}

static int reg_server_new(struct lisp_map_server *ms)
{
	ms->reg = XCALLOC(MTYPE_LISP_REGISTRATION, sizeof(*ms->reg));
	ms->reg->records = lisp_eid_table_new();
	reg_parts_init(&ms->reg->parts);
	ms->reg->retry = LISP_REGISTER_RETRY_FIRST;
	return 0;
}

static void reg_free(struct lisp_map_server *ms)
{
	event_cancel(&ms->reg->t_send);
	event_cancel(&ms->reg->t_news);
	records_free(ms->reg);
	lisp_eid_table_free(&ms->reg->records, NULL);
	reg_parts_fini(&ms->reg->parts);
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
