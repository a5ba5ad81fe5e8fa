// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The mapping socket's client: connection, framing, acknowledgement, replay.
 *
 *   OFF      try to connect once a second
 *   HELLO    ours is sent, the plugin's answer names its limits
 *   RECALL   at the first connection after our start: what does the plugin hold?
 *   UP       batches go out, at most LISP_DPLANE_WINDOW unacknowledged
 *
 * A restarted lispd has an empty map-cache, while the plugin goes on forwarding with
 * what it was told. What of that was lately used is asked for again (lisp_dplane_recall.c),
 * and named as it is before EndOfReplay, at which the plugin drops all that was not named.
 * EndOfReplay waits for the configuration, and for what zebra says of RLOCs, at
 * most LISP_DPLANE_GRACE. lisp_dplane_obj.c keeps the recalled ids
 * apart meanwhile, so that nothing that still forwards is rewired.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "buffer.h"
#include "frrevent.h"
#include "libfrr.h"
#include "memory.h"
#include "monotime.h"
#include "network.h"

#include "dplane/lisp_dp.pb-c.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_dplane.h"
#include "lispd/lisp_dplane_fixed.h"
#include "lispd/lisp_dplane_obj.h"
#include "lispd/lisp_dplane_pb.h"
#include "lispd/lisp_dplane_recall.h"
#include "lispd/lisp_errors.h"
#include "lispd/lisp_instance.h"
#include "lispd/lisp_limits.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_DP_SENDERS, "LISP dataplane senders");
DEFINE_MTYPE_STATIC(LISPD, LISP_DP_INPUT, "LISP dataplane input");
DEFINE_MTYPE_STATIC(LISPD, LISP_DP_COUNTERS, "LISP dataplane counters");

#define DP_SOCKET "%s/lispdp.sock"

enum dp_state { DP_OFF, DP_HELLO, DP_RECALL_WAIT, DP_UP };

static struct {
	enum dp_state state;
	int fd;
	unsigned int retry; /* ms */
	struct buffer *out;
	uint8_t *in;
	size_t in_len, in_size;
	int fds[LISP_DPLANE_FDS_MAX]; /* that came and no message has taken yet, in order */
	size_t n_fds;
	struct event *t_connect, *t_read, *t_write, *t_flush, *t_wait, *t_counters, *t_grace;

	uint64_t epoch, seq;
	unsigned int in_flight;			    /* batches */
	uint16_t in_flight_ops[LISP_DPLANE_WINDOW]; /* by seq modulo LISP_DPLANE_WINDOW */
	bool replay_ended;
	bool missing; /* the log has that there is no connection */

	/* the first connection after our start */
	bool recalled;	   /* asked and answered, or given up */
	bool kept;	   /* what of that is used is named again */
	time_t grace_end;  /* monotonic seconds, 0: no grace is under way */
	time_t configured; /* when `router lisp` was first seen */

	uint64_t explanations; /* asked for since our start */
	bool senders_asked;
	time_t counters_asked; /* monotonic seconds */
	struct lisp_dplane_counter *counters;
	struct lisp_dplane_status status;
} dp = { .fd = -1, .retry = LISP_DPLANE_RETRY_MIN };

static const struct lisp_dplane_calls *calls;

DEFINE_HOOK(lisp_dplane_explained,
	    (uint64_t number, const char *outcome, const struct lisp_dplane_step *steps, size_t n),
	    (number, outcome, steps, n));

static void dplane_connect(struct event *event);
static void dplane_write(struct event *event);

/* ---- connection ---- */

static void dp_connect_later(void)
{
	event_add_timer_msec(lisp.master, dplane_connect, NULL, dp.retry, &dp.t_connect);
	dp.retry = MIN(2 * dp.retry, LISP_DPLANE_RETRY);
}

static void dp_close(const char *why)
{
	if (dp.fd < 0)
		return;

	LISP_DBG(dplane, "connection closed: %s", why);
	if (dp.state == DP_UP) {
		flog_warn(EC_LISP_DPLANE, "dataplane lost: %s; packets go on by what it has", why);
		dp.missing = true;
	}
	event_cancel(&dp.t_read);
	event_cancel(&dp.t_write);
	event_cancel(&dp.t_flush);
	event_cancel(&dp.t_wait);
	event_cancel(&dp.t_counters);
	event_cancel(&dp.t_grace);
	close(dp.fd);
	dp.fd = -1;
	dp.state = DP_OFF;
	dp.in_len = 0;
	while (dp.n_fds)
		close(dp.fds[--dp.n_fds]);
	dp.in_flight = 0;
	buffer_reset(dp.out);
	dp.status.connected = false;
	dp_offline();
	calls->alts_gone();
	if (dp.senders_asked)
		calls->senders(NULL, 0);
	dp.senders_asked = false;
	dp_connect_later();
}

static void dp_flush_out(void)
{
	switch (buffer_flush_available(dp.out, dp.fd)) {
	case BUFFER_ERROR:
		dp_close("write failed");
		break;
	case BUFFER_PENDING:
		event_add_write(lisp.master, dplane_write, NULL, dp.fd, &dp.t_write);
		break;
	case BUFFER_EMPTY:
		break;
	}
}

static void dplane_write(struct event *event)
{
	dp_flush_out();
}

/* ---- batches ---- */

static void dp_batch_account(unsigned int ops)
{
	dp.in_flight++;
	dp.in_flight_ops[dp.seq % LISP_DPLANE_WINDOW] = ops;
	dp.status.sent += ops;
}

static bool dp_replay_may_end(void)
{
	time_t now = monotime(NULL);

	if (!dp.grace_end || now >= dp.grace_end)
		return true;
	return dp.configured && now - dp.configured >= LISP_DPLANE_GRACE_MIN &&
	       dp_recalled_rlocs_known();
}

/* What goes on is named before; true: there is nothing of it to be sent. */
static bool dp_kept(void)
{
	if (!dp.kept && lisp.enabled)
		dp_recall_keep(monotime(NULL) - LISP_DPLANE_RECALL_IDLE);
	dp.kept = true;
	return !dp_waiting();
}

static void dp_end_replay(void)
{
	dp_pb_end_of_replay(dp.out, ++dp.seq);
	dp_batch_account(1);
	dp.replay_ended = true;
	dp.grace_end = 0;
	event_cancel(&dp.t_grace);
	dp_recall_end();
	LISP_DBG(dplane, "end of replay");
}

static void dp_send_waiting(void)
{
	while (dp.in_flight < LISP_DPLANE_WINDOW && dp_waiting()) {
		unsigned int n = dp_pb_batch(dp.out, ++dp.seq);

		dp_batch_account(n);
	}
}

static void dplane_flush(struct event *event)
{
	dp_send_waiting();
	if (!dp_waiting() && !dp.replay_ended && dp_replay_may_end()) {
		if (!dp_kept())
			dp_send_waiting();
		if (!dp_waiting() && dp.in_flight < LISP_DPLANE_WINDOW)
			dp_end_replay();
	}
	dp_flush_out();
}

static void dp_wakeup(void)
{
	if (dp.state == DP_UP)
		event_add_event(lisp.master, dplane_flush, NULL, 0, &dp.t_flush);
}

static void dplane_counters_run(struct event *event);

static void dplane_grace_run(struct event *event)
{
	event_add_timer(lisp.master, dplane_grace_run, NULL, 1, &dp.t_grace);
	dp_wakeup();
}

static void dp_up(void)
{
	event_cancel(&dp.t_wait);
	dp.state = DP_UP;
	dp.status.connected = true;
	dp.replay_ended = false;
	if (!dp.recalled) {
		dp.recalled = true;
		dp.grace_end = monotime(NULL) + LISP_DPLANE_GRACE;
	}
	if (dp.grace_end)
		event_add_timer(lisp.master, dplane_grace_run, NULL, 1, &dp.t_grace);
	dp.missing = false;
	zlog_notice("dataplane connected%s%s",
		    dp.status.bpf ? "" : ", slow path only: ", dp.status.bpf ? "" : dp.status.note);
	dp_replay();
	dp_wakeup();
	event_add_timer(lisp.master, dplane_counters_run, NULL, LISP_DPLANE_COUNTERS,
			&dp.t_counters);
}

/* ---- recall ---- */

static void dplane_recall_timeout(struct event *event)
{
	if (dp.state == DP_HELLO) {
		dp_close("no Hello");
		return;
	}
	flog_warn(EC_LISP_DPLANE, "the dataplane does not say what it holds");
	dp_up();
}

static bool pb_ipaddr(const ProtobufCBinaryData *data, struct ipaddr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (data->len != 4 && data->len != 16)
		return false;
	addr->ipa_type = data->len == 4 ? IPADDR_V4 : IPADDR_V6;
	memcpy(addr->ip.addrbytes, data->data, data->len);
	return true;
}

static bool pb_eid(uint32_t iid, const LispDp__Prefix *prefix, struct lisp_eid *eid)
{
	struct ipaddr addr;

	if (!prefix || !pb_ipaddr(&prefix->address, &addr))
		return false;
	lisp_eid_host(eid, iid, &addr);
	if (prefix->length > eid->prefix.prefixlen)
		return false;
	eid->prefix.prefixlen = prefix->length;
	lisp_eid_mask(eid);
	return true;
}

static void rx_recalled_set(const LispDp__LocatorSet *set)
{
	uint32_t locator[LISP_LOCATORS_MAX];
	uint8_t priority[LISP_LOCATORS_MAX], weight[LISP_LOCATORS_MAX];

	if (set->n_member > LISP_LOCATORS_MAX)
		return;
	for (size_t i = 0; i < set->n_member; i++) {
		locator[i] = set->member[i]->locator;
		priority[i] = set->member[i]->priority;
		weight[i] = set->member[i]->weight;
	}
	dp_recall_set(set->id, locator, priority, weight, set->n_member);
}

static void rx_recalled_mapping(const LispDp__Recalled__Held *held)
{
	bool used = held->idle_s <= LISP_DPLANE_RECALL_IDLE;
	struct lisp_eid eid;

	if (!held->mapping || !pb_eid(held->mapping->iid, held->mapping->prefix, &eid) ||
	    !dp_recall_mapping(held->mapping->id, &eid, held->mapping->action, held->mapping->set,
			       used ? monotime(NULL) - held->idle_s : 0))
		return;
	if (used)
		dp_recall_want(&eid);
}

static void rx_recalled(const LispDp__Recalled *recalled)
{
	struct ipaddr addr;

	if (dp.state != DP_RECALL_WAIT)
		return;

	/* as long as it goes on saying */
	event_cancel(&dp.t_wait);
	event_add_timer(lisp.master, dplane_recall_timeout, NULL, LISP_DPLANE_HELLO, &dp.t_wait);
	for (size_t i = 0; i < recalled->n_locator; i++)
		if (pb_ipaddr(&recalled->locator[i]->address, &addr))
			dp_recall_locator(recalled->locator[i]->id, &addr);
	for (size_t i = 0; i < recalled->n_set; i++)
		rx_recalled_set(recalled->set[i]);
	for (size_t i = 0; i < recalled->n_mapping; i++)
		rx_recalled_mapping(recalled->mapping[i]);
	if (!recalled->last)
		return;

	dp_up();
	if (dp.configured)
		dp_recall_go(calls->recall);
}

/* ---- counters ---- */

static void dp_counters_ask(bool clear)
{
	if (dp.state != DP_UP)
		return;
	dp.counters_asked = monotime(NULL);
	dp_pb_counters(dp.out, dp.seq, clear);
	dp_flush_out();
}

static void dplane_counters_run(struct event *event)
{
	event_add_timer(lisp.master, dplane_counters_run, NULL, LISP_DPLANE_COUNTERS,
			&dp.t_counters);
	dp_counters_ask(false);
}

void lisp_dplane_counters_refresh(void)
{
	if (monotime(NULL) > dp.counters_asked)
		dp_counters_ask(false);
}

void lisp_dplane_counters_clear(void)
{
	dp_counters_ask(true);
}

static void rx_counters_global(const LispDp__Counters *counters)
{
	dp.counters = XREALLOC(MTYPE_LISP_DP_COUNTERS, dp.counters,
			       counters->n_global * sizeof(*dp.counters));
	for (size_t i = 0; i < counters->n_global; i++) {
		const LispDp__Counters__Named *named = counters->global[i];

		strlcpy(dp.counters[i].name, named->name, sizeof(dp.counters[i].name));
		dp.counters[i].packets = named->packets;
		dp.counters[i].bytes = named->bytes;
		dp.counters[i].drop = named->drop;
	}
	dp.status.counters = dp.counters;
	dp.status.n_counters = counters->n_global;
	dp.status.queued = counters->queued;
}

static void rx_counters_locators(const LispDp__Counters *counters)
{
	for (size_t i = 0; i < counters->n_locator; i++) {
		const LispDp__Counters__LocatorCount *count = counters->locator[i];
		const struct dp_locator *loc = dp_locator_by_id(count->id);

		if (!loc)
			continue;
		loc->rloc->packets_in = count->packets_in;
		loc->rloc->bytes_in = count->bytes_in;
		loc->rloc->packets_out = count->packets_out;
		loc->rloc->bytes_out = count->bytes_out;
	}
}

static void rx_counters_mappings(const LispDp__Counters *counters)
{
	time_t now = monotime(NULL);

	for (size_t i = 0; i < counters->n_mapping; i++) {
		const LispDp__Counters__MappingCount *count = counters->mapping[i];
		struct dp_mapping *m = dp_mapping_by_id(count->id);

		if (!m)
			continue;
		if (!m->entry) {
			m->used = now - MIN((time_t)count->idle_s, now);
			continue;
		}
		m->entry->packets = count->packets;
		m->entry->bytes = count->bytes;
		if (count->packets && count->idle_s < now)
			m->entry->used = now - count->idle_s;
	}
}

static void rx_counters(const LispDp__Counters *counters)
{
	struct lisp_tunnel *tunnel;

	if (counters->n_global)
		rx_counters_global(counters);
	rx_counters_locators(counters);
	rx_counters_mappings(counters);
	for (size_t i = 0; i < counters->n_tunnel; i++) {
		const LispDp__Counters__TunnelCount *count = counters->tunnel[i];

		tunnel = lisp_tunnel_find(count->name);
		if (!tunnel)
			continue;
		tunnel->packets_in = count->packets_in;
		tunnel->bytes_in = count->bytes_in;
		tunnel->packets_out = count->packets_out;
		tunnel->bytes_out = count->bytes_out;
		tunnel->drops = count->drops;
	}
	/* the last message: what is not used any more is known */
	if (counters->n_global && dp.replay_ended)
		dp_recalled_sweep(monotime(NULL) - LISP_DPLANE_RECALL_IDLE);
}

/* ---- what the plugin says ---- */

static void rx_hello(const LispDp__Hello *hello)
{
	if (dp.state != DP_HELLO)
		return;
	if (hello->epoch != dp.epoch) {
		dp_close("Hello of another epoch");
		return;
	}

	dp_limits(hello->max_locator, hello->max_set);
	dp.status.bpf = hello->bpf;
	strlcpy(dp.status.note, hello->note, sizeof(dp.status.note));
	if (dp.recalled) {
		dp_up();
		return;
	}
	dp.state = DP_RECALL_WAIT;
	dp_pb_recall(dp.out);
	dp_flush_out();
}

static void rx_ack(const LispDp__Ack *ack)
{
	if (!dp.in_flight || ack->seq > dp.seq || ack->seq + dp.in_flight <= dp.seq) {
		dp_close("acknowledgement of an unknown batch");
		return;
	}

	dp.in_flight--;
	dp.status.acked += dp.in_flight_ops[ack->seq % LISP_DPLANE_WINDOW];
	for (size_t i = 0; i < ack->n_error; i++) {
		dp.status.errors++;
		strlcpy(dp.status.error, ack->error[i]->text, sizeof(dp.status.error));
		flog_warn(EC_LISP_DPLANE, "dataplane: %s (%s)", ack->error[i]->text,
			  safe_strerror(ack->error[i]->code));
	}
	dp_wakeup();
}

static void rx_miss(const LispDp__Miss *miss)
{
	struct ipaddr addr, source;
	struct lisp_eid eid;

	if (!pb_ipaddr(&miss->eid, &addr))
		return;
	pb_ipaddr(&miss->source, &source);
	lisp_eid_host(&eid, miss->iid, &addr);
	calls->miss(&eid, &source);
}

static void rx_stray(const LispDp__Stray *stray)
{
	struct ipaddr addr, from, rloc;
	struct lisp_eid eid, source;

	if (!pb_ipaddr(&stray->eid, &addr) || !pb_ipaddr(&stray->source, &from) ||
	    !pb_ipaddr(&stray->rloc, &rloc))
		return;
	lisp_eid_host(&eid, stray->iid, &addr);
	lisp_eid_host(&source, stray->iid, &from);
	calls->stray(&eid, &source, &rloc);
}

bool lisp_dplane_senders_ask(void)
{
	if (dp.state != DP_UP)
		return false;
	dp.senders_asked = true;
	dp_pb_senders(dp.out);
	dp_flush_out();
	return dp.senders_asked; /* not if the connection broke */
}

static void rx_senders(const LispDp__Senders *from)
{
	struct lisp_dplane_sender *senders;
	size_t n = 0;

	if (!dp.senders_asked)
		return;
	dp.senders_asked = false;
	senders = XCALLOC(MTYPE_LISP_DP_SENDERS, (from->n_sender + 1) * sizeof(*senders));
	for (size_t i = 0; i < from->n_sender; i++) {
		if (!pb_ipaddr(&from->sender[i]->rloc, &senders[n].rloc))
			continue;
		senders[n].iid = from->sender[i]->iid;
		senders[n++].family = from->sender[i]->ipv6 ? LISP_IPV6 : LISP_IPV4;
	}
	calls->senders(senders, n);
	XFREE(MTYPE_LISP_DP_SENDERS, senders);
}

static void rx_instance(const LispDp__InstanceState *state)
{
	struct dp_fixed *f = dp_fixed_instance(state->iid);

	if (!f)
		return;
	strlcpy(f->device.ifname, state->ifindex ? state->ifname : "", sizeof(f->device.ifname));
	f->device.mtu = state->mtu;
	f->device.bpf = state->bpf;
	if (state->error[0] && strcmp(state->error, f->device.error))
		flog_warn(EC_LISP_DPLANE, "dataplane, instance-id %u, VRF %s: %s", state->iid,
			  f->v.instance.vrf[0] ? f->v.instance.vrf : VRF_DEFAULT_NAME, state->error);
	/* what was refused of it before is no more */
	if (!state->error[0] && f->device.error[0] && strstr(dp.status.error, f->device.error))
		dp.status.error[0] = '\0';
	strlcpy(f->device.error, state->error, sizeof(f->device.error));
	if (state->trouble[0] && strcmp(state->trouble, f->device.trouble))
		flog_warn(EC_LISP_DPLANE, "dataplane: %s", state->trouble);
	strlcpy(f->device.trouble, state->trouble, sizeof(f->device.trouble));
	if (state->slow[0] && strcmp(state->slow, f->device.slow))
		flog_warn(EC_LISP_DPLANE, "dataplane: fast path %s", state->slow);
	strlcpy(f->device.slow, state->slow, sizeof(f->device.slow));
}

static void rx_tunnel(const LispDp__TunnelState *state)
{
	struct lisp_tunnel *tunnel = lisp_tunnel_find(state->name);

	if (!tunnel)
		return;
	tunnel->ifindex = state->ifindex;
	tunnel->mtu = state->mtu;
	tunnel->kernel = state->kernel;
	/* it may be told each time the plugin tries */
	if (state->error[0] && strcmp(state->error, tunnel->error))
		flog_warn(EC_LISP_DPLANE, "tunnel %s: %s", tunnel->name, state->error);
	strlcpy(tunnel->error, state->error, sizeof(tunnel->error));
}

/* The descriptors came with the message, after those of messages before it. */
static void rx_alt(const LispDp__AltState *state)
{
	int fds[LISP_DPLANE_ALT_FDS] = { -1, -1, -1 };
	size_t n = state->descriptors;

	if (n > LISP_DPLANE_ALT_FDS || n == 1 || n > dp.n_fds) {
		dp_close("malformed state of an ALT");
		return;
	}
	memcpy(fds, dp.fds, n * sizeof(dp.fds[0]));
	dp.n_fds -= n;
	memmove(dp.fds, dp.fds + n, dp.n_fds * sizeof(dp.fds[0]));
	calls->alt(state->vrf, state->ifname, state->error, fds);
	for (size_t i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static void rx_locator(const LispDp__LocatorEvent *event)
{
	struct dp_locator *loc = dp_locator_by_id(event->id);

	if (!loc)
		return;
	LISP_DBG(dplane, "%pIA:%s path MTU %u", &loc->rloc->addr,
		 event->unreachable ? " unreachable," : "", event->mtu);
	if (event->unreachable)
		lisp_rloc_icmp_unreachable(loc->rloc);
}

static void rx_explanation(const LispDp__Explanation *explanation)
{
	struct lisp_dplane_step steps[LISP_DPLANE_STEPS_MAX];
	size_t n = MIN(explanation->n_step, array_size(steps));

	for (size_t i = 0; i < n; i++) {
		strlcpy(steps[i].name, explanation->step[i]->name, sizeof(steps[i].name));
		strlcpy(steps[i].result, explanation->step[i]->result, sizeof(steps[i].result));
		strlcpy(steps[i].text, explanation->step[i]->text, sizeof(steps[i].text));
	}
	hook_call(lisp_dplane_explained, explanation->seq, explanation->outcome, steps, n);
}

static void rx_message(const LispDp__FromDplane *from)
{
	switch ((int)from->body_case) {
	case LISP_DP__FROM_DPLANE__BODY_HELLO:
		rx_hello(from->hello);
		break;
	case LISP_DP__FROM_DPLANE__BODY_ACK:
		rx_ack(from->ack);
		break;
	case LISP_DP__FROM_DPLANE__BODY_MISS:
		rx_miss(from->miss);
		break;
	case LISP_DP__FROM_DPLANE__BODY_STRAY:
		rx_stray(from->stray);
		break;
	case LISP_DP__FROM_DPLANE__BODY_SENDERS:
		rx_senders(from->senders);
		break;
	case LISP_DP__FROM_DPLANE__BODY_COUNTERS:
		rx_counters(from->counters);
		break;
	case LISP_DP__FROM_DPLANE__BODY_INSTANCE:
		rx_instance(from->instance);
		break;
	case LISP_DP__FROM_DPLANE__BODY_TUNNEL:
		rx_tunnel(from->tunnel);
		break;
	case LISP_DP__FROM_DPLANE__BODY_LOCATOR:
		rx_locator(from->locator);
		break;
	case LISP_DP__FROM_DPLANE__BODY_RECALLED:
		rx_recalled(from->recalled);
		break;
	case LISP_DP__FROM_DPLANE__BODY_ALT:
		rx_alt(from->alt);
		break;
	case LISP_DP__FROM_DPLANE__BODY_EXPLANATION:
		rx_explanation(from->explanation);
		break;
	case LISP_DP__FROM_DPLANE__BODY__NOT_SET:
	default:
		LISP_DBG(dplane, "a message that we do not know");
		break;
	}
}

/* One message from the front of the input; 0: not all of it is there; -1: nonsense. */
static ssize_t rx_frame(const uint8_t *data, size_t len)
{
	LispDp__FromDplane *from;
	uint32_t word;

	if (len < sizeof(word))
		return 0;
	memcpy(&word, data, sizeof(word));
	word = ntohl(word);
	if (word > LISP_DPLANE_MESSAGE_MAX)
		return -1;
	if (len - sizeof(word) < word)
		return 0;

	from = lisp_dp__from_dplane__unpack(NULL, word, data + sizeof(word));
	if (!from)
		return -1;
	rx_message(from);
	lisp_dp__from_dplane__free_unpacked(from, NULL);
	return sizeof(word) + word;
}

/* A handler may close the connection, which empties the input. */
static void rx_frames(void)
{
	size_t done = 0;
	ssize_t n;

	while (dp.fd >= 0 && (n = rx_frame(dp.in + done, dp.in_len - done)) != 0) {
		if (n < 0) {
			dp_close("malformed message");
			return;
		}
		done += n;
	}
	if (dp.fd < 0)
		return;
	dp.in_len -= done;
	memmove(dp.in, dp.in + done, dp.in_len);
}

static void take_fds(const struct msghdr *message)
{
	struct cmsghdr *header;
	int fd;

	for (header = CMSG_FIRSTHDR(message); header;
	     header = CMSG_NXTHDR((struct msghdr *)message, header)) {
		if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = CMSG_LEN(0); at + sizeof(fd) <= header->cmsg_len;
		     at += sizeof(fd)) {
			memcpy(&fd, (uint8_t *)header + at, sizeof(fd));
			if (dp.n_fds < LISP_DPLANE_FDS_MAX)
				dp.fds[dp.n_fds++] = fd;
			else
				close(fd);
		}
	}
}

static ssize_t dp_receive(void)
{
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(LISP_DPLANE_FDS_MAX * sizeof(int))];
	struct iovec iov = { .iov_base = dp.in + dp.in_len, .iov_len = dp.in_size - dp.in_len };
	struct msghdr message = { .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(dp.fd, &message, MSG_CMSG_CLOEXEC);

	if (n > 0)
		take_fds(&message);
	return n;
}

static void dplane_read(struct event *event)
{
	ssize_t n;

	if (dp.in_size - dp.in_len < LISP_DPLANE_MESSAGE_MAX / 16) {
		dp.in_size = MAX(2 * dp.in_size, (size_t)LISP_DPLANE_MESSAGE_MAX / 8);
		dp.in = XREALLOC(MTYPE_LISP_DP_INPUT, dp.in, dp.in_size);
	}

	n = dp_receive();
	if (n < 0 && ERRNO_IO_RETRY(errno)) {
		event_add_read(lisp.master, dplane_read, NULL, dp.fd, &dp.t_read);
		return;
	}
	if (n <= 0) {
		dp_close(n ? safe_strerror(errno) : "by the plugin");
		return;
	}

	dp.in_len += n;
	rx_frames();
	if (dp.fd >= 0)
		event_add_read(lisp.master, dplane_read, NULL, dp.fd, &dp.t_read);
}

static int dp_socket(void)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd;

	if (snprintf(sun.sun_path, sizeof(sun.sun_path), DP_SOCKET, frr_runstatedir) >=
	    (int)sizeof(sun.sun_path))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&sun, sizeof(sun)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A router that has nothing to forward may well be without. */
static void dp_missing(void)
{
	if (dp.missing || !dp.configured || !(lisp_is_itr() || lisp_is_etr()) ||
	    monotime(NULL) - dp.configured < LISP_DPLANE_HELLO)
		return;
	dp.missing = true;
	flog_warn(EC_LISP_DPLANE,
		  "dataplane not connected: zebra does not run, or runs without -M lisp_dplane");
}

static void dplane_connect(struct event *event)
{
	dp.fd = dp_socket();
	if (dp.fd < 0) {
		dp_missing();
		dp_connect_later();
		return;
	}

	dp.state = DP_HELLO;
	dp.seq = 0;
	if (getrandom(&dp.epoch, sizeof(dp.epoch), GRND_NONBLOCK) != sizeof(dp.epoch))
		dp.epoch = monotime(NULL);
	event_add_read(lisp.master, dplane_read, NULL, dp.fd, &dp.t_read);
	event_add_timer(lisp.master, dplane_recall_timeout, NULL, LISP_DPLANE_HELLO, &dp.t_wait);
	dp_pb_hello(dp.out, dp.epoch);
	dp_flush_out();
}

/* ---- the rest of the daemon ---- */

void lisp_dplane_alt_again(const char *vrf)
{
	dp_fixed_alt_again(vrf);
}

uint64_t lisp_dplane_explain(const struct lisp_dplane_packet *packet)
{
	if (dp.state != DP_UP)
		return 0;
	dp_pb_explain(dp.out, ++dp.explanations, packet);
	dp_flush_out();
	return dp.state == DP_UP ? dp.explanations : 0;
}

bool lisp_dplane_instance(uint32_t iid, struct lisp_dplane_instance *instance)
{
	const struct dp_fixed *f = dp_fixed_instance(iid);

	if (!f || !dp.status.connected)
		return false;
	*instance = f->device;
	return true;
}

void lisp_dplane_status(struct lisp_dplane_status *status)
{
	struct lisp_dplane_instance device = {};
	struct lisp_instance *instance = NULL;

	*status = dp.status;
	while ((instance = lisp_instance_next(instance)))
		if (lisp_dplane_instance(instance->iid, &device))
			break;
	if (!instance)
		return;
	strlcpy(status->ifname, device.ifname, sizeof(status->ifname));
	status->mtu = device.mtu;
	if (device.error[0])
		snprintf(status->error, sizeof(status->error), "instance-id %u: %s", instance->iid,
			 device.error);
	else if (device.ifname[0])
		status->bpf = device.bpf;
	if (!status->error[0])
		strlcpy(status->error, device.trouble, sizeof(status->error));
	if (device.slow[0])
		strlcpy(status->note, device.slow, sizeof(status->note));
}

void lisp_dplane_config_changed(void)
{
	if (lisp.enabled && !dp.configured)
		dp.configured = monotime(NULL);
	dp_fixed_reconcile();
	if (!lisp.enabled)
		dp_recall_stop();
	else if (dp.state == DP_UP)
		dp_recall_go(calls->recall);
}

void lisp_dplane_init(const struct lisp_dplane_calls *given)
{
	calls = given;
	dp.out = buffer_new(0);
	dp_queue_init(dp_wakeup);
	dp_obj_init();
	dp_recall_init();
	event_add_event(lisp.master, dplane_connect, NULL, 0, &dp.t_connect);
}

void lisp_dplane_finish(void)
{
	dp.state = DP_OFF; /* no news */
	dp_close("lispd ends");
	event_cancel(&dp.t_connect);
	dp_recall_finish();
	dp_obj_finish();
	lisp_tunnels_finish();
	buffer_free(dp.out);
	dp.out = NULL;
	XFREE(MTYPE_LISP_DP_INPUT, dp.in);
	XFREE(MTYPE_LISP_DP_COUNTERS, dp.counters);
}
