// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ETR: registers the local EID-prefixes of a service with each of its Map-Servers
 * (RFC 9301 sections 5.6, 5.7, 8.2).
 *
 * All prefixes go in as few Map-Registers as fit a path of unknown MTU, each with
 * its own nonce and the M bit. While one of them is unacknowledged all are sent
 * again, with new nonces and signatures, after 1, 2, 4 ... 60 s; once all are
 * acknowledged, every 60 s. A change of the database, of keys or of
 * configuration registers at once; what is no longer ours is withdrawn with TTL 0.
 *
 * Nonces must grow, also over a restart (section 5.6): they start at the real time
 * in microseconds and count by one. Only a clock set back over a restart breaks
 * that.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "frrevent.h"
#include "memory.h"
#include "monotime.h"

#include "lispd/lisp_auth.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_eid_table.h"
#include "lispd/lisp_errors.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_register.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_zebra.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_REGISTRATION, "LISP registration at a Map-Server");
DEFINE_MTYPE_STATIC(LISPD, LISP_REGISTER_PART, "LISP Map-Register nonces");

#define REG_RECORDS_MAX 255

/* One Map-Register of a registration. */
struct reg_part {
	uint64_t nonce;
	bool acked;
};

/* What a registration depends on beside the database. */
struct reg_inputs {
	bool active;
	bool proxy_reply;
	bool has_xtr_id;
	uint8_t xtr_id[LISP_XTR_ID_LEN];
	uint64_t site_id;
	uint32_t ttl;
	uint32_t taken; /* sum of the hashes of the EID-prefixes that it takes */
	struct lisp_key key;
};

struct lisp_etr_reg {
	struct reg_inputs inputs;
	struct lisp_eid_table *registered; /* info: non-NULL, it is with the Map-Server */
	struct reg_part *parts;
	unsigned int n_parts, n_acked;
	unsigned int unanswered; /* registrations since the last acknowledged one */
	unsigned int unsent;	 /* registrations since the last one that left this system */
	uint32_t retry;		 /* s to the next retransmission */
	struct timeval sent;	 /* the last registration */
	struct event *t_send;
};

static uint64_t nonce_first, nonce_last;

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

/* ---- one Map-Register ---- */

struct reg_message {
	struct lisp_map_server *ms;
	struct lisp_header h;
	size_t safe; /* octets */
	struct lisp_writer w;
	unsigned int records;
	bool failed;
	uint8_t buf[LISP_MSG_MAX];
};

static void part_add(struct lisp_etr_reg *reg, uint64_t nonce)
{
	reg->parts = XREALLOC(MTYPE_LISP_REGISTER_PART, reg->parts,
			      (reg->n_parts + 1) * sizeof(*reg->parts));
	reg->parts[reg->n_parts++] = (struct reg_part){ .nonce = nonce };
}

static void message_start(struct reg_message *m)
{
	m->h.nonce = ++nonce_last;
	m->records = 0;
	lisp_writer_init(&m->w, m->buf, sizeof(m->buf));
	lisp_put_header(&m->w, &m->h);
}

static void message_end(struct reg_message *m)
{
	const struct lisp_key *key = &m->ms->reg->inputs.key;

	if (!m->records)
		return;

	lisp_put_trailer(&m->w, &m->h);
	if (m->w.overflow || !lisp_auth_sign(m->buf, m->w.len, key->secret, key->len)) {
		lisp_stats_drop(LISP_MAP_REGISTER, LISP_DROP_SEND_FAILED);
		m->failed = true;
		return;
	}

	m->failed |= lisp_io_send(NULL, &m->ms->addr, LISP_CONTROL_PORT, m->buf, m->w.len) != 0;
	m->ms->nonce = m->h.nonce;
	m->ms->registers++;
	if (CHECK_FLAG(m->h.flags, LISP_MREG_F_WANT_NOTIFY))
		part_add(m->ms->reg, m->h.nonce);
}

/* Octets of a record, upper bound. */
static size_t record_size(const struct lisp_mapping *mapping)
{
	return 12 + 12 + 16 + mapping->n_locators * (8 + 16);
}

static void message_put(struct reg_message *m, const struct lisp_mapping *mapping)
{
	if (m->records &&
	    (m->records == REG_RECORDS_MAX || m->w.len + record_size(mapping) > m->safe)) {
		message_end(m);
		message_start(m);
	}
	lisp_put_mapping(&m->w, mapping);
	m->records++;
}

static void message_init(struct reg_message *m, struct lisp_map_server *ms, bool want_notify)
{
	const struct reg_inputs *in = &ms->reg->inputs;

	m->ms = ms;
	m->failed = false;
	m->safe = LISP_MSG_SAFE(&ms->addr);
	m->safe -= LISP_TRAILER_LEN;
	m->h = (struct lisp_header){
		.type = LISP_MAP_REGISTER,
		.key_id = in->key.id,
		.alg_id = in->key.algorithm,
		.auth_len = lisp_auth_len(in->key.algorithm, true),
		.site_id = in->site_id,
	};
	memcpy(m->h.xtr_id, in->xtr_id, sizeof(m->h.xtr_id));
	if (in->proxy_reply)
		SET_FLAG(m->h.flags, LISP_MREG_F_PROXY_REPLY);
	if (in->has_xtr_id)
		SET_FLAG(m->h.flags, LISP_MREG_F_XTR_ID);
	if (want_notify)
		SET_FLAG(m->h.flags, LISP_MREG_F_WANT_NOTIFY);
	message_start(m);
}

static void message_put_withdrawal(struct reg_message *m, const struct lisp_eid *eid)
{
	struct lisp_mapping mapping = { .eid = *eid, .authoritative = true };

	LISP_DBG_EID(etr, eid, "withdrawing at %pIA", &m->ms->addr);
	message_put(m, &mapping);
}

/* ---- a registration: all of a service's prefixes ---- */

static void put_registered(struct reg_message *m)
{
	struct lisp_eid_table *registered = m->ms->reg->registered;
	struct lisp_local_eid *local = NULL;
	struct lisp_mapping mapping;

	while ((local = lisp_database_next(local))) {
		if (!server_takes(m->ms, &local->eid))
			continue;

		lisp_database_mapping(local, &mapping);
		if (mapping.n_locators) {
			message_put(m, &mapping);
			lisp_eid_table_get(registered, &local->eid)->info = m->ms;
		}
		lisp_mapping_fini(&mapping);
	}
}

static bool still_ours(const struct lisp_map_server *ms, const struct lisp_eid *eid)
{
	const struct lisp_local_eid *local = lisp_database_find(eid);
	struct lisp_mapping mapping;
	bool ours;

	if (!local || !server_takes(ms, eid))
		return false;
	lisp_database_mapping(local, &mapping);
	ours = mapping.n_locators > 0;
	lisp_mapping_fini(&mapping);
	return ours;
}

static void put_withdrawals(struct reg_message *m, bool all)
{
	struct lisp_eid_table *registered = m->ms->reg->registered;
	struct lisp_eid_node *node, *nxt;
	struct lisp_eid eid;

	LISP_EID_TABLE_EACH (registered, node, nxt) {
		lisp_eid_node_eid(node, &eid);
		if (all || !still_ours(m->ms, &eid))
			message_put_withdrawal(m, &eid);
	}
}

/* The Map-Server has acknowledged the withdrawals. */
static void forget_withdrawn(const struct lisp_map_server *ms)
{
	struct lisp_eid_table *registered = ms->reg->registered;
	struct lisp_eid_node *node, *nxt;
	struct lisp_eid eid;

	LISP_EID_TABLE_EACH (registered, node, nxt) {
		lisp_eid_node_eid(node, &eid);
		if (!still_ours(ms, &eid))
			lisp_eid_table_del(registered, node);
	}
}

static void reg_idle(struct lisp_map_server *ms, const char *reason)
{
	if (ms->state != LISP_REG_IDLE || ms->reason != reason)
		LISP_DBG(etr, "not registering %s at %pIA: %s", lisp_family_name(ms->family),
			 &ms->addr, reason);
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
	if (!ms->reg->inputs.key.len)
		return "no key";
	if (!lisp_rloc_own(ipaddr_family(&ms->addr), &own))
		return "no own RLOC of the Map-Server's family";
	return NULL;
}

static void reg_failing(struct lisp_map_server *ms)
{
	if (++ms->reg->unanswered <= LISP_REGISTER_FAILED_AFTER || ms->state == LISP_REG_FAILED)
		return;

	flog_warn(EC_LISP_REGISTER, "Map-Server %pIA does not acknowledge our %s Map-Registers",
		  &ms->addr, lisp_family_name(ms->family));
	ms->state = LISP_REG_FAILED;
	ms->reason = "no Map-Notify";
}

static void reg_send(struct lisp_map_server *ms)
{
	struct lisp_etr_reg *reg = ms->reg;
	const char *obstacle = reg_obstacle(ms);
	struct reg_message m;

	if (obstacle) {
		reg_idle(ms, obstacle);
		return;
	}

	reg->n_parts = 0;
	reg->n_acked = 0;
	ms->changed = false;
	message_init(&m, ms, true);
	put_withdrawals(&m, false);
	put_registered(&m);
	message_end(&m);
	if (!reg->n_parts && !m.failed) {
		reg_idle(ms, "no EID-prefix with locators");
		return;
	}

	if (ms->state == LISP_REG_IDLE || ms->state == LISP_REG_STEADY) {
		ms->state = LISP_REG_QUICK;
		ms->reason = NULL;
	}
	ms->last_register = monotime(&reg->sent);
	/* what did not leave this system is no reason to be slow: the routes change too */
	if (m.failed) {
		reg_send_in(ms, reg->unsent++ < LISP_REGISTER_UNSENT_MAX ? LISP_REGISTER_UNSENT
									 : reg->retry * 1000);
		return;
	}
	reg->unsent = 0;
	reg_send_in(ms, reg->retry * 1000);
	reg->retry = MIN(2 * reg->retry, LISP_REGISTER_RETRY_MAX);
	reg_failing(ms);
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

static void reg_withdraw_all(struct lisp_map_server *ms)
{
	struct reg_message m;

	event_cancel(&ms->reg->t_send);
	if (!lisp_eid_table_count(ms->reg->registered) || !ms->reg->inputs.key.len)
		return;

	message_init(&m, ms, false);
	put_withdrawals(&m, true);
	message_end(&m);
	lisp_eid_table_free(&ms->reg->registered, NULL);
	ms->reg->registered = lisp_eid_table_new();
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
	in->proxy_reply = ms->proxy_reply;
	in->has_xtr_id = lisp.has_xtr_id;
	memcpy(in->xtr_id, lisp.xtr_id, sizeof(in->xtr_id));
	in->site_id = lisp.site_id;
	in->ttl = server_service(ms)->etr_ttl;
	if (!lisp_key_to_send(&ms->key, &in->key))
		memset(&in->key, 0, sizeof(in->key));
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
	for (unsigned int i = 0; i < ms->reg->n_parts; i++)
		if (ms->reg->parts[i].nonce == nonce)
			return &ms->reg->parts[i];
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

static void notify_solicited(struct lisp_map_server *ms, struct reg_part *part)
{
	struct lisp_etr_reg *reg = ms->reg;

	ms->notifies++;
	ms->last_notify = monotime(NULL);
	if (part->acked)
		return;
	part->acked = true;
	if (++reg->n_acked < reg->n_parts)
		return;

	if (ms->state != LISP_REG_STEADY)
		LISP_DBG(etr, "%s registered at %pIA", lisp_family_name(ms->family), &ms->addr);
	ms->state = LISP_REG_STEADY;
	ms->reason = NULL;
	reg->unanswered = 0;
	reg->retry = LISP_REGISTER_RETRY_FIRST;
	/* what changed since it was sent is on its way out and wants its own answer */
	if (ms->changed)
		return;
	forget_withdrawn(ms);
	reg_send_in(ms, LISP_REGISTER_INTERVAL * 1000);
}

enum lisp_drop lisp_register_rx_notify(const struct lisp_rx *rx, const struct lisp_msg *msg)
{
	struct reg_part *part = NULL;
	struct lisp_map_server *ms;
	struct lisp_key key = {};
	enum lisp_drop drop;

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
			notify_solicited(ms, part);
		else if (msg->h.nonce < nonce_first || msg->h.nonce > nonce_last)
			notify_ack(rx, msg, &key);
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
	ms->reg->registered = lisp_eid_table_new();
	ms->reg->retry = LISP_REGISTER_RETRY_FIRST;
	return 0;
}

static int reg_server_gone(struct lisp_map_server *ms)
{
	reg_withdraw_all(ms);
	lisp_eid_table_free(&ms->reg->registered, NULL);
	XFREE(MTYPE_LISP_REGISTER_PART, ms->reg->parts);
	explicit_bzero(&ms->reg->inputs, sizeof(ms->reg->inputs));
	XFREE(MTYPE_LISP_REGISTRATION, ms->reg);
	return 0;
}

void lisp_register_init(void)
{
	struct timeval tv;

	gettimeofday(&tv, NULL);
	nonce_first = nonce_last = tv.tv_sec * UINT64_C(1000000) + tv.tv_usec;
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
		reg_server_gone(ms);
}
