// SPDX-License-Identifier: GPL-2.0-or-later
/* Answers from the fast path's counters and those of the slow path. */
#include <zebra.h>

#include <string.h>

#include "lib/memory.h"
#include "lib/table.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_bpf.h"
#include "dplane/lisp_dp_counters.h"
#include "dplane/lisp_dp_gre.h"
#include "dplane/lisp_dp_queue.h"
#include "dplane/lisp_dp_socket.h"
#include "dplane/lisp_dp_tables.h"

#define OBJECTS_MAX 1024 /* of one message; lisp_dp.proto promises it */

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_COUNTERS, "LISP counters message");

static const struct {
	const char *name;
	bool drop;
} names[LISP_COUNT_MAX] = {
	[LISP_COUNT_ENCAP_4] = { "encap-ipv4-rloc", false },
	[LISP_COUNT_ENCAP_6] = { "encap-ipv6-rloc", false },
	[LISP_COUNT_DECAP_4] = { "decap-ipv4-rloc", false },
	[LISP_COUNT_DECAP_6] = { "decap-ipv6-rloc", false },
	[LISP_COUNT_PUNT] = { "punt", false },
	[LISP_COUNT_NO_SOURCE_EID] = { "source-not-local-eid", true },
	[LISP_COUNT_ITR_DISABLED] = { "itr-disabled", true },
	[LISP_COUNT_NO_LOCATOR_UP] = { "no-locator-up", true },
	[LISP_COUNT_NO_ACTION] = { "no-action", true },
	[LISP_COUNT_POLICY_DENIED] = { "policy-denied", true },
	[LISP_COUNT_AUTH_FAILURE] = { "auth-failure", true },
	[LISP_COUNT_BAD_PACKET] = { "bad-packet", true },
	[LISP_COUNT_BAD_HEADER] = { "bad-lisp-header", true },
	[LISP_COUNT_ENCRYPTED] = { "encrypted", true },
	[LISP_COUNT_NO_INSTANCE] = { "unknown-instance-id", true },
	[LISP_COUNT_ETR_DISABLED] = { "etr-disabled", true },
	[LISP_COUNT_BAD_INNER] = { "bad-inner-packet", true },
	[LISP_COUNT_NO_LOCAL_EID] = { "destination-not-local-eid", true },
	[LISP_COUNT_ECN] = { "ecn-congestion", true },
	[LISP_COUNT_NOT_ALT] = { "not-an-alt-datagram", true },
	[LISP_COUNT_SLOW_ENCAP_4] = { "slow-encap-ipv4-rloc", false },
	[LISP_COUNT_SLOW_ENCAP_6] = { "slow-encap-ipv6-rloc", false },
	[LISP_COUNT_SLOW_DECAP_4] = { "slow-decap-ipv4-rloc", false },
	[LISP_COUNT_SLOW_DECAP_6] = { "slow-decap-ipv6-rloc", false },
	[LISP_COUNT_QUEUED] = { "queued", false },
	[LISP_COUNT_QUEUE_SENT] = { "queue-delivered", false },
	[LISP_COUNT_NATIVE] = { "natively-forwarded", false },
	[LISP_COUNT_FRAGMENTED] = { "fragmented", false },
	[LISP_COUNT_ICMP_SENT] = { "icmp-sent", false },
	[LISP_COUNT_NO_MAPPING] = { "no-mapping", true },
	[LISP_COUNT_QUEUE_EID_FULL] = { "queue-eid-full", true },
	[LISP_COUNT_QUEUE_FULL] = { "queue-full", true },
	[LISP_COUNT_QUEUE_EXPIRED] = { "queue-expired", true },
	[LISP_COUNT_QUEUE_NEGATIVE] = { "queue-negative-mapping", true },
	[LISP_COUNT_DROP_ACTION] = { "drop-action", true },
	[LISP_COUNT_TOO_BIG] = { "too-big", true },
	[LISP_COUNT_NOT_LOCAL_RLOC] = { "destination-not-local-rloc", true },
	[LISP_COUNT_SEND_ERROR] = { "send-error", true },
};

static struct lisp_bpf_count slow[LISP_COUNT_MAX];

void lisp_dp_count(unsigned int counter, uint64_t bytes)
{
	slow[counter].packets++;
	slow[counter].bytes += bytes;
}

/* One message under construction. */
struct answer {
	LispDp__Counters message;
	size_t count;
	LispDp__Counters__Named global[LISP_COUNT_MAX], *globals[LISP_COUNT_MAX];
	LispDp__Counters__LocatorCount locator[OBJECTS_MAX], *locators[OBJECTS_MAX];
	LispDp__Counters__MappingCount mapping[OBJECTS_MAX], *mappings[OBJECTS_MAX];
};

static void begin(struct answer *answer, uint64_t seq)
{
	lisp_dp__counters__init(&answer->message);
	answer->message.seq = seq;
	answer->message.global = answer->globals;
	answer->message.locator = answer->locators;
	answer->message.mapping = answer->mappings;
	answer->count = 0;
}

static void room_for_one(struct answer *answer)
{
	if (answer->count == OBJECTS_MAX) {
		lisp_dp_socket_counters(&answer->message);
		begin(answer, answer->message.seq);
	}
	answer->count++;
}

static void put_global(struct answer *answer)
{
	for (unsigned int i = 0; i < LISP_COUNT_MAX; i++) {
		LispDp__Counters__Named *named = &answer->global[i];
		struct lisp_bpf_count fast = {};

		if (i < LISP_COUNT_FAST_MAX)
			lisp_dp_bpf_count(i, &fast);
		lisp_dp__counters__named__init(named);
		named->name = (char *)names[i].name;
		named->drop = names[i].drop;
		named->packets = fast.packets + slow[i].packets;
		named->bytes = fast.bytes + slow[i].bytes;
		answer->globals[i] = named;
	}
	answer->message.n_global = LISP_COUNT_MAX;
}

static void put_locator(struct answer *answer, const struct lisp_dp_locator *locator)
{
	LispDp__Counters__LocatorCount *count;
	struct lisp_bpf_locator_count fast;

	lisp_dp_bpf_locator_count(locator->id, &fast);
	if (!fast.out.packets && !fast.in.packets && !locator->count.out.packets &&
	    !locator->count.in.packets)
		return;
	room_for_one(answer);
	count = &answer->locator[answer->message.n_locator];
	lisp_dp__counters__locator_count__init(count);
	count->id = locator->id;
	count->packets_out = fast.out.packets + locator->count.out.packets;
	count->bytes_out = fast.out.bytes + locator->count.out.bytes;
	count->packets_in = fast.in.packets + locator->count.in.packets;
	count->bytes_in = fast.in.bytes + locator->count.in.bytes;
	answer->locators[answer->message.n_locator++] = count;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

static void mapping_sum(const struct lisp_dp_mapping *mapping, struct lisp_bpf_mapping_count *sum)
{
	memset(sum, 0, sizeof(*sum));
	if (!mapping->value.id)
		return;
	lisp_dp_bpf_mapping_count(mapping->value.id, sum);
	sum->out.packets += mapping->count.out.packets;
	sum->out.bytes += mapping->count.out.bytes;
	sum->used = MAX(sum->used, mapping->count.used);
}

uint32_t lisp_dp_mapping_idle(const struct lisp_dp_mapping *mapping)
{
	struct lisp_bpf_mapping_count sum;
	uint64_t now = now_ns();

	mapping_sum(mapping, &sum);
	if (!sum.out.packets)
		return LISP_DP_IDLE_EVER;
	return sum.used < now ? (now - sum.used) / 1000000000 : 0;
}

static void put_mapping(const struct lisp_dp_instance *instance, const struct prefix *prefix,
			struct lisp_dp_mapping *mapping, void *arg)
{
	LispDp__Counters__MappingCount *count;
	struct lisp_bpf_mapping_count sum;
	struct answer *answer = arg;

	mapping_sum(mapping, &sum);
	if (!sum.out.packets)
		return;
	room_for_one(answer);
	count = &answer->mapping[answer->message.n_mapping];
	lisp_dp__counters__mapping_count__init(count);
	count->id = mapping->value.id;
	count->packets = sum.out.packets;
	count->bytes = sum.out.bytes;
	count->idle_s = lisp_dp_mapping_idle(mapping);
	answer->mappings[answer->message.n_mapping++] = count;
}

void lisp_dp_counters_answer(uint64_t seq)
{
	struct answer *answer = XCALLOC(MTYPE_LISP_DP_COUNTERS, sizeof(*answer));
	struct lisp_dp_locator *locator = NULL;

	begin(answer, seq);
	while ((locator = lisp_dp_locator_next(locator)))
		put_locator(answer, locator);
	lisp_dp_mapping_walk(put_mapping, answer);

	put_global(answer);
	answer->message.n_tunnel = lisp_dp_gre_counters(&answer->message.tunnel);
	answer->message.queued = lisp_dp_queue_length();
	lisp_dp_socket_counters(&answer->message);
	lisp_dp_gre_counters_free(answer->message.tunnel, answer->message.n_tunnel);
	XFREE(MTYPE_LISP_DP_COUNTERS, answer);
}

static void mapping_clear(const struct lisp_dp_instance *instance, const struct prefix *prefix,
			  struct lisp_dp_mapping *mapping, void *arg)
{
	mapping->count = (struct lisp_bpf_mapping_count){};
	lisp_dp_bpf_mapping_clear(mapping->value.id);
}

void lisp_dp_counters_clear(void)
{
	struct lisp_dp_locator *locator = NULL;

	memset(slow, 0, sizeof(slow));
	for (unsigned int i = 0; i < LISP_COUNT_FAST_MAX; i++)
		lisp_dp_bpf_count_clear(i);
	while ((locator = lisp_dp_locator_next(locator))) {
		locator->count = (struct lisp_bpf_locator_count){};
		lisp_dp_bpf_locator_clear(locator->id);
	}
	lisp_dp_mapping_walk(mapping_clear, NULL);
	lisp_dp_gre_counters_clear();
}
