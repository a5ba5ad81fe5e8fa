// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ETR: the local EID-prefixes at each Map-Server, and the Map-Registers that they go in. When
 * these go out, and what the answers mean, is in lisp_register.c.
 *
 * A Map-Server may drop a Map-Register for one of its records. So none of these travels
 * with one of another kind: withdrawals, with TTL 0; what is registered there; what is
 * not, at its second try each prefix alone. Withdrawn is what is no longer ours, if it
 * was acknowledged, and three times at most.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "frrevent.h"
#include "log.h"
#include "memory.h"
#include "monotime.h"

#include "lispd/lisp_auth.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_errors.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_log.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_register_record.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_REGISTER_PART, "LISP unanswered Map-Register");
DEFINE_MTYPE_STATIC(LISPD, LISP_REGISTER_RECORD, "LISP EID-prefix at a Map-Server");

void lisp_register_record_pending(struct lisp_register_record *record, bool pending)
{
	record->ms->reg->pending += pending - record->pending;
	record->pending = pending;
}

static void part_free(struct lisp_etr_reg *reg, struct lisp_register_part *part)
{
	event_cancel(&part->t_rest);
	lisp_register_parts_del(&reg->parts, part);
	lisp_register_records_fini(&part->records);
	XFREE(MTYPE_LISP_REGISTER_PART, part);
}

void lisp_register_record_move(struct lisp_register_record *record, struct lisp_register_part *part)
{
	struct lisp_register_part *old = record->part;

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

void lisp_register_record_free(struct lisp_register_record *record)
{
	struct lisp_eid_table *records = record->ms->reg->records;
	struct lisp_local_eid *local = lisp_database_find(&record->eid);

	if (local)
		lisp_local_eid_learn(local, NULL, &record->ms->addr);
	lisp_register_record_pending(record, false);
	lisp_register_record_move(record, NULL);
	lisp_eid_table_del(records, lisp_eid_table_find(records, &record->eid));
	XFREE(MTYPE_LISP_REGISTER_RECORD, record);
}

void lisp_register_records_free(struct lisp_etr_reg *reg)
{
	struct lisp_eid_node *node, *nxt;

	LISP_EID_TABLE_EACH (reg->records, node, nxt)
		lisp_register_record_free(node->info);
}

bool lisp_register_record_ours(const struct lisp_register_record *record)
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
		zlog_notice("EID-prefix %pLE is being withdrawn from Map-Server %pIA", &record->eid,
			    &ms->addr);
		break;
	}
}

void lisp_register_record_become(struct lisp_register_record *record,
				 enum lisp_register_record_state state)
{
	if (record->state == state)
		return;
	record->state = state;
	record->since = monotime(NULL);
	record_log(record);
}

struct lisp_register_record *lisp_register_record_find(const struct lisp_map_server *ms,
						       const struct lisp_eid *eid)
{
	struct lisp_eid_node *node = lisp_eid_table_find(ms->reg->records, eid);

	return node ? node->info : NULL;
}

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


/* ---- whose they are ---- */

/* Is it registered, and will it be, though no locator of its locator-set has an address now? */
static bool record_holds(struct lisp_register_record *record, const struct lisp_local_eid *local)
{
	if (!record || !record->held || record->state == LISP_RECORD_WITHDRAWING || !local->set ||
	    !lisp_set_locator_next(local->set, NULL))
		return false;
	if (!timerisset(&record->lost))
		monotime(&record->lost);
	return monotime_since(&record->lost, NULL) < LISP_REGISTER_HOLD * 1000;
}

static void record_take(struct lisp_register_record *record)
{
	struct lisp_etr_reg *reg = record->ms->reg;

	record->round = reg->round;
	record->withdrawals = 0;
	timerclear(&record->lost);
	if (record->state == LISP_RECORD_WITHDRAWING)
		lisp_register_record_become(record, LISP_RECORD_REGISTERING);
	/* what others were answered and this was not is tried once a round */
	lisp_register_record_pending(record,
				     !reg->answered || record->state != LISP_RECORD_NO_ANSWER);
	reg->ours++;
}

bool lisp_register_collect(struct lisp_map_server *ms)
{
	struct lisp_etr_reg *reg = ms->reg;
	struct lisp_register_record *record;
	struct lisp_local_eid *local = NULL;
	struct lisp_eid_node *node, *nxt;
	struct lisp_mapping mapping;
	bool holds = false;

	reg->round++;
	reg->ours = 0;
	while ((local = lisp_database_next(local))) {
		if (!lisp_map_server_takes(ms, &local->eid))
			continue;
		lisp_database_registered(local, &mapping);
		record = lisp_register_record_find(ms, &local->eid);
		if (mapping.n_locators) {
			record_take(record_get(ms, &local->eid));
		} else if (record_holds(record, local)) {
			record->round = reg->round;
			lisp_register_record_pending(record, false);
			reg->ours++;
			holds = true;
		}
		lisp_mapping_fini(&mapping);
	}
	LISP_EID_TABLE_EACH (reg->records, node, nxt) {
		record = node->info;
		if (!lisp_register_record_ours(record))
			lisp_register_record_pending(record, record->held);
	}
	return holds;
}

/* ---- one Map-Register ---- */

struct reg_message {
	struct lisp_map_server *ms;
	struct lisp_register_part *part; /* NULL: none begun */
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
		lisp_register_parts_add_tail(&m->ms->reg->parts, m->part);
	}
	lisp_register_record_move(record, m->part);
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

	lisp_register_record_become(record, LISP_RECORD_WITHDRAWING);
	message_put(m, record, &mapping, false);
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
		if (lisp_register_record_ours(record))
			continue;
		if (record_over(record)) {
			if (record->held)
				lisp_withdraw_log(&m->ms->addr, &record->eid, false);
			lisp_register_record_free(record);
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
		if (!lisp_register_record_ours(record) || !(record->pending || all))
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
		if (mapping.n_locators) {
			lisp_withdraw_cancel(&m->ms->addr, &record->eid);
			message_put(m, record, &mapping, merged);
		}
		lisp_mapping_fini(&mapping);
		if (company == LISP_COMPANY_ALONE)
			message_end(m);
	}
	message_end(m);
}

bool lisp_register_send(struct lisp_map_server *ms, bool all)
{
	enum lisp_register_company company;
	struct reg_message m;

	message_init(&m, ms);
	send_withdrawals(&m);
	companies_form(ms->reg, all);
	for (company = LISP_COMPANY_REGISTERED; company <= LISP_COMPANY_ALONE; company++) {
		send_company(&m, company, false);
		send_company(&m, company, true);
	}
	ms->registers += m.out.sent;
	if (m.out.sent)
		ms->nonce = m.out.h.nonce;
	return !m.out.failed;
}
