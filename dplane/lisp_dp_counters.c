// SPDX-License-Identifier: GPL-2.0-or-later
/* One answer from the fast path's counters and those of the slow path. */
#include <zebra.h>

#include <string.h>

#include "lib/memory.h"
#include "lib/table.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_bpf.h"
#include "dplane/lisp_dp_counters.h"
#include "dplane/lisp_dp_gre.h"
#include "dplane/lisp_dp_queue.h"
#include "dplane/lisp_dp_tables.h"

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

static void *make(size_t size)
{
	return XCALLOC(MTYPE_LISP_DP_COUNTERS, size);
}

static void fill_global(LispDp__Counters *counters)
{
	counters->n_global = LISP_COUNT_MAX;
	counters->global = make(LISP_COUNT_MAX * sizeof(*counters->global));
	for (unsigned int i = 0; i < LISP_COUNT_MAX; i++) {
		LispDp__Counters__Named *named = make(sizeof(*named));
		struct lisp_bpf_count fast = {};

		if (i < LISP_COUNT_FAST_MAX)
			lisp_dp_bpf_count(i, &fast);
		lisp_dp__counters__named__init(named);
		named->name = (char *)names[i].name;
		named->drop = names[i].drop;
		named->packets = fast.packets + slow[i].packets;
		named->bytes = fast.bytes + slow[i].bytes;
		counters->global[i] = named;
	}
}

static LispDp__Counters__LocatorCount *locator_count(const struct lisp_dp_locator *locator)
{
	LispDp__Counters__LocatorCount *count;
	struct lisp_bpf_locator_count fast;

	lisp_dp_bpf_locator_count(locator->id, &fast);
	if (!fast.out.packets && !fast.in.packets && !locator->count.out.packets &&
	    !locator->count.in.packets)
		return NULL;
	count = make(sizeof(*count));
	lisp_dp__counters__locator_count__init(count);
	count->id = locator->id;
	count->packets_out = fast.out.packets + locator->count.out.packets;
	count->bytes_out = fast.out.bytes + locator->count.out.bytes;
	count->packets_in = fast.in.packets + locator->count.in.packets;
	count->bytes_in = fast.in.bytes + locator->count.in.bytes;
	return count;
}

static void fill_locators(LispDp__Counters *counters)
{
	struct lisp_dp_locator *locator = NULL;
	size_t room = 0;

	while ((locator = lisp_dp_locator_next(locator)))
		room++;
	counters->locator = make((room + 1) * sizeof(*counters->locator));
	while ((locator = lisp_dp_locator_next(locator))) {
		LispDp__Counters__LocatorCount *count = locator_count(locator);

		if (count)
			counters->locator[counters->n_locator++] = count;
	}
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

static LispDp__Counters__MappingCount *mapping_count(const struct lisp_dp_mapping *mapping)
{
	LispDp__Counters__MappingCount *count;
	struct lisp_bpf_mapping_count sum;

	mapping_sum(mapping, &sum);
	if (!sum.out.packets)
		return NULL;
	count = make(sizeof(*count));
	lisp_dp__counters__mapping_count__init(count);
	count->id = mapping->value.id;
	count->packets = sum.out.packets;
	count->bytes = sum.out.bytes;
	count->idle_s = lisp_dp_mapping_idle(mapping);
	return count;
}

static void mapping_number(const struct lisp_dp_instance *instance, const struct prefix *prefix,
			   struct lisp_dp_mapping *mapping, void *arg)
{
	++*(size_t *)arg;
}

static void mapping_add(const struct lisp_dp_instance *instance, const struct prefix *prefix,
			struct lisp_dp_mapping *mapping, void *arg)
{
	LispDp__Counters *counters = arg;
	LispDp__Counters__MappingCount *count = mapping_count(mapping);

	if (count)
		counters->mapping[counters->n_mapping++] = count;
}

static void fill_mappings(LispDp__Counters *counters)
{
	size_t room = 0;

	lisp_dp_mapping_walk(mapping_number, &room);
	counters->mapping = make((room + 1) * sizeof(*counters->mapping));
	lisp_dp_mapping_walk(mapping_add, counters);
}

void lisp_dp_counters_fill(LispDp__Counters *counters)
{
	fill_global(counters);
	fill_locators(counters);
	fill_mappings(counters);
	counters->n_tunnel = lisp_dp_gre_counters(&counters->tunnel);
	counters->queued = lisp_dp_queue_length();
}

void lisp_dp_counters_free(LispDp__Counters *counters)
{
	for (size_t i = 0; i < counters->n_global; i++)
		XFREE(MTYPE_LISP_DP_COUNTERS, counters->global[i]);
	for (size_t i = 0; i < counters->n_locator; i++)
		XFREE(MTYPE_LISP_DP_COUNTERS, counters->locator[i]);
	for (size_t i = 0; i < counters->n_mapping; i++)
		XFREE(MTYPE_LISP_DP_COUNTERS, counters->mapping[i]);
	XFREE(MTYPE_LISP_DP_COUNTERS, counters->global);
	XFREE(MTYPE_LISP_DP_COUNTERS, counters->locator);
	XFREE(MTYPE_LISP_DP_COUNTERS, counters->mapping);
	lisp_dp_gre_counters_free(counters->tunnel, counters->n_tunnel);
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
