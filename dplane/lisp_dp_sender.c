// SPDX-License-Identifier: GPL-2.0-or-later
/* The fast path has its map, the slow path a table of its own. */
#include <zebra.h>

#include <string.h>

#include "lib/memory.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_packet.h"
#include "dplane/lisp_dp_sender.h"

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_SENDER, "LISP senders");

static struct lisp_bpf_sender *senders; /* LISP_SENDERS of them, once one is noted */
static uint64_t strays[LISP_STRAYS];	/* CLOCK_MONOTONIC, ns; 0: none yet */

void lisp_dp_sender_seen(uint8_t outer, const uint8_t *source, uint32_t iid, uint8_t version,
			 bool known)
{
	struct lisp_bpf_sender sender = { .rloc = lisp_dp_bpf_rloc(outer, source),
					  .iid = iid,
					  .seen = lisp_dp_now_ns(),
					  .version = version,
					  .known = known };

	sender.hash = lisp_sender_hash(lisp_dp_seed, &sender.rloc, iid, version);
	if (!senders)
		senders = XCALLOC(MTYPE_LISP_DP_SENDER, LISP_SENDERS * sizeof(*senders));
	lisp_sender_note(&senders[LISP_SENDER_PLACE(sender.hash)], &sender);
}

bool lisp_dp_sender_stray(uint8_t outer, const uint8_t *source)
{
	struct lisp_bpf_rloc rloc = lisp_dp_bpf_rloc(outer, source);
	uint64_t now = lisp_dp_now_ns(),
		 *last = &strays[LISP_STRAY_PLACE(lisp_sender_hash(lisp_dp_seed, &rloc, 0, 0))];

	/* what the fast path has let pass comes at nearly its rate */
	if (*last && now - *last < LISP_STRAY_NS / 10 * 9)
		return false;
	*last = now;
	return true;
}

static bool is_fresh(const struct lisp_bpf_sender *sender, uint64_t now)
{
	return sender->seen && now < sender->seen + LISP_SENDER_FRESH_NS &&
	       sender->hash ==
		       lisp_sender_hash(lisp_dp_seed, &sender->rloc, sender->iid, sender->version);
}

static void walk(const struct lisp_bpf_sender *from, size_t n, lisp_dp_sender_fn fn, void *arg)
{
	uint64_t now = lisp_dp_now_ns();

	for (size_t i = 0; i < n; i++)
		if (is_fresh(&from[i], now))
			fn(&from[i], arg);
}

void lisp_dp_sender_walk(lisp_dp_sender_fn fn, void *arg)
{
	struct lisp_bpf_sender *fast;

	if (senders)
		walk(senders, LISP_SENDERS, fn, arg);
	fast = XCALLOC(MTYPE_LISP_DP_SENDER, LISP_SENDERS * sizeof(*fast));
	walk(fast, lisp_dp_bpf_senders_read(fast), fn, arg);
	XFREE(MTYPE_LISP_DP_SENDER, fast);
}

void lisp_dp_sender_finish(void)
{
	XFREE(MTYPE_LISP_DP_SENDER, senders);
}
