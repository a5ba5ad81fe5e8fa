// SPDX-License-Identifier: GPL-2.0-or-later
/* Listening to netfilter and XFRM, and one answer from all that there is. */
#include <zebra.h>

#include <linux/netfilter/nfnetlink.h>
#include <linux/xfrm.h>

#include "lib/log.h"
#include "lib/monotime.h"
#include "lib/privs.h"
#include "zebra/zebra_netns_notify.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_guard.h"
#include "dplane/lisp_dp_netlink.h"
#include "dplane/lisp_dp_xfrm.h"
#include "dplane/lisp_dp_xtables.h"

#define NOTICE_MAX 65536
#define PAUSE_MS   1000 /* between two readings, when rules change all the time */
#define MEMORIES   16

static struct {
	bool on;
	int fd[2]; /* netfilter, XFRM */
	struct event *t_read[2], *t_load;
	struct timeval loaded;
	void (*changed)(void);
	/* judgements of the firewall since it was read, outward by own RLOC */
	struct memory {
		uint8_t version;
		uint8_t source[16];
		enum lisp_dp_guard guard;
		char text[160];
	} memory[MEMORIES];
	unsigned int memories;
} guard = { .fd = { -1, -1 } };

static void report(int error, const char *what)
{
	if (error && error != -EPROTONOSUPPORT && error != -EOPNOTSUPP)
		zlog_warn("lisp: %s cannot be read: %s", what, safe_strerror(-error));
}

static void load(void)
{
	monotime(&guard.loaded);
	guard.memories = 0;
	report(lisp_dp_nft_load(), "firewall rules");
	report(lisp_dp_xfrm_load(), "IPsec policies");
	lisp_dp_xtables_load();
}

static void guard_load(struct event *event)
{
	frr_with_privs (&zserv_privs) {
		load();
	}
	guard.changed();
}

static void load_soon(void)
{
	int64_t since = monotime_since(&guard.loaded, NULL) / 1000;

	event_add_timer_msec(lisp_dp_loop, guard_load, NULL,
			     since < PAUSE_MS ? PAUSE_MS - since : 0, &guard.t_load);
}

/* What it says is not looked at: all is read anew. */
static void guard_read(struct event *event)
{
	size_t which = (int *)EVENT_ARG(event) - guard.fd;
	static uint8_t notice[NOTICE_MAX];

	event_add_read(lisp_dp_loop, guard_read, EVENT_ARG(event), guard.fd[which],
		       &guard.t_read[which]);
	while (recv(guard.fd[which], notice, sizeof(notice), MSG_DONTWAIT) > 0 || errno == ENOBUFS)
		;
	load_soon();
}

static void listen_to(size_t which, int protocol, unsigned int group)
{
	struct sockaddr_nl any = { .nl_family = AF_NETLINK, .nl_groups = 1u << (group - 1) };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);

	if (fd < 0)
		return; /* the kernel has none of it */
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0) {
		zlog_warn("lisp: changes of %s are not heard of: %s",
			  which ? "IPsec policies" : "firewall rules", safe_strerror(errno));
		close(fd);
		return;
	}
	guard.fd[which] = fd;
	event_add_read(lisp_dp_loop, guard_read, &guard.fd[which], fd, &guard.t_read[which]);
}

static void stop(void)
{
	event_cancel(&guard.t_load);
	for (size_t i = 0; i < array_size(guard.fd); i++) {
		event_cancel(&guard.t_read[i]);
		if (guard.fd[i] >= 0)
			close(guard.fd[i]);
		guard.fd[i] = -1;
	}
	lisp_dp_nft_unload();
	lisp_dp_xfrm_unload();
}

bool lisp_dp_guard_sync(bool wanted)
{
	wanted = wanted && !lisp_dp_options.bypass;
	if (wanted == guard.on)
		return false;
	guard.on = wanted;
	if (!wanted) {
		stop();
		return true;
	}
	listen_to(0, NETLINK_NETFILTER, NFNLGRP_NFTABLES);
	listen_to(1, NETLINK_XFRM, XFRMNLGRP_POLICY);
	load();
	return true;
}

bool lisp_dp_guard_poll(void)
{
	if (!guard.on || !lisp_dp_xtables_load())
		return false;
	guard.memories = 0;
	return true;
}

static enum lisp_dp_guard firewall(const struct lisp_dp_flow *flow, bool out, char *text,
				   size_t size)
{
	enum lisp_dp_verdict verdict = lisp_dp_nft(flow, out, text, size);

	if (verdict == LISP_DP_DROPS)
		return LISP_DP_GUARD_DROPS;
	if (verdict == LISP_DP_MATTERS || lisp_dp_xtables_matter(flow->version, out, text, size))
		return LISP_DP_GUARD_FIREWALL;
	return LISP_DP_GUARD_NONE;
}

/* Outward by the source alone: locators are many, own RLOCs are few. */
static const struct memory *firewall_out(const struct lisp_dp_flow *flow)
{
	const struct lisp_dp_flow wider = { .version = flow->version, .source = flow->source };
	size_t length = flow->version == 4 ? 4 : 16;
	struct memory *memory;

	for (unsigned int i = 0; i < MIN(guard.memories, MEMORIES); i++)
		if (guard.memory[i].version == flow->version &&
		    !memcmp(guard.memory[i].source, flow->source, length))
			return &guard.memory[i];
	memory = &guard.memory[guard.memories++ % MEMORIES];
	memory->version = flow->version;
	memcpy(memory->source, flow->source, length);
	memory->guard = firewall(&wider, true, memory->text, sizeof(memory->text));
	return memory;
}

enum lisp_dp_guard lisp_dp_guard(const struct lisp_dp_flow *flow, bool out, char *text, size_t size)
{
	if (!guard.on)
		return LISP_DP_GUARD_NONE;
	if (lisp_dp_xfrm_matters(flow, out)) {
		snprintf(text, size, "an IPsec policy");
		return LISP_DP_GUARD_IPSEC;
	}
	if (!out)
		return firewall(flow, false, text, size);

	const struct memory *memory = firewall_out(flow);

	if (memory->guard != LISP_DP_GUARD_NONE)
		strlcpy(text, memory->text, size);
	return memory->guard;
}

void lisp_dp_guard_init(void (*changed)(void))
{
	guard.changed = changed;
}
