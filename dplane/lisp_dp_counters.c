// SPDX-License-Identifier: GPL-2.0-or-later
/* Answers from the fast path's counters and those of the slow path. */
#include <zebra.h>

#include <string.h>

#include "lib/memory.h"
#include "lib/table.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_bpf.h"
#include "dplane/lisp_dp_count.h"
#include "dplane/lisp_dp_counters.h"
#include "dplane/lisp_dp_gre.h"
#include "dplane/lisp_dp_locator.h"
#include "dplane/lisp_dp_mapping.h"
#include "dplane/lisp_dp_queue.h"
#include "dplane/lisp_dp_tell.h"

#define OBJECTS_MAX 1024 /* of one message; lisp_dp.proto promises it */

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_COUNTERS, "LISP counters message");

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
		lisp_dp_tell_counters(&answer->message);
		begin(answer, answer->message.seq);
	}
	answer->count++;
}

static void put_global(struct answer *answer)
{
	for (unsigned int i = 0; i < LISP_COUNT_MAX; i++) {
		LispDp__Counters__Named *named = &answer->global[i];
		struct lisp_bpf_count sum;
		bool drop;

		lisp_dp_count_sum(i, &sum);
		lisp_dp__counters__named__init(named);
		named->name = (char *)lisp_dp_count_name(i, &drop);
		named->drop = drop;
		named->packets = sum.packets;
		named->bytes = sum.bytes;
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

static void put_mapping(const struct lisp_dp_instance *instance, const struct prefix *prefix,
			struct lisp_dp_mapping *mapping, void *arg)
{
	LispDp__Counters__MappingCount *count;
	struct lisp_bpf_mapping_count sum;
	struct answer *answer = arg;

	lisp_dp_mapping_sum(mapping, &sum);
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
	lisp_dp_tell_counters(&answer->message);
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

	lisp_dp_count_clear();
	while ((locator = lisp_dp_locator_next(locator))) {
		locator->count = (struct lisp_bpf_locator_count){};
		lisp_dp_bpf_locator_clear(locator->id);
	}
	lisp_dp_mapping_walk(mapping_clear, NULL);
	lisp_dp_gre_counters_clear();
}
