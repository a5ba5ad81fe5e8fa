// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tables read back to lispd, in the words in which it wrote them, in portions: the next one
 * is written when lispd has read the last. Meanwhile anything may change: what is sent is what
 * is there then.
 */
#include <zebra.h>

#include <string.h>

#include "lib/memory.h"
#include "lib/prefix.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_locator.h"
#include "dplane/lisp_dp_mapping.h"
#include "dplane/lisp_dp_recall.h"
#include "dplane/lisp_dp_set.h"
#include "dplane/lisp_dp_tell.h"

#define OBJECTS_MAX 256	  /* of one message; lisp_dp.proto promises it */
#define PORTION_MAX 16384 /* objects of one portion */

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_RECALL, "LISP recalled objects");

/* One message under construction; count: of its objects, sent: of the portion's. */
struct answer {
	LispDp__Recalled message;
	size_t count, sent;
	LispDp__Locator locator[OBJECTS_MAX], *locators[OBJECTS_MAX];
	LispDp__LocatorSet set[OBJECTS_MAX], *sets[OBJECTS_MAX];
	LispDp__Recalled__Held held[OBJECTS_MAX], *helds[OBJECTS_MAX];
	LispDp__Mapping mapping[OBJECTS_MAX];
	LispDp__Prefix prefix[OBJECTS_MAX];
	uint8_t address[OBJECTS_MAX][16];
};

static void begin(struct answer *answer)
{
	lisp_dp__recalled__init(&answer->message);
	answer->message.locator = answer->locators;
	answer->message.set = answer->sets;
	answer->message.mapping = answer->helds;
	answer->count = 0;
}

static void set_free(LispDp__LocatorSet *set)
{
	for (size_t i = 0; i < set->n_member; i++)
		XFREE(MTYPE_LISP_DP_RECALL, set->member[i]);
	XFREE(MTYPE_LISP_DP_RECALL, set->member);
}

static void send_answer(struct answer *answer, bool last)
{
	answer->message.last = last;
	lisp_dp_tell_recalled(&answer->message);
	for (size_t i = 0; i < answer->message.n_set; i++)
		set_free(answer->message.set[i]);
	begin(answer);
}

static void room_for_one(struct answer *answer)
{
	if (answer->count == OBJECTS_MAX)
		send_answer(answer, false);
	answer->count++;
	answer->sent++;
}

static void put_locator(struct answer *answer, struct lisp_dp_locator *from)
{
	LispDp__Locator *locator;
	size_t length = from->value.family == 4 ? 4 : 16;

	room_for_one(answer);
	locator = &answer->locator[answer->message.n_locator];
	lisp_dp__locator__init(locator);
	locator->id = from->id;
	locator->address.data = from->value.address;
	locator->address.len = length;
	locator->source.data = from->value.source;
	locator->source.len = length;
	locator->ifindex = from->value.ifindex;
	locator->mtu = from->mtu;
	locator->up = from->up;
	locator->doubtful = from->value.doubtful;
	answer->locators[answer->message.n_locator++] = locator;
}

static void put_set(struct answer *answer, const struct lisp_dp_set *from)
{
	LispDp__LocatorSet *set;

	room_for_one(answer);
	set = &answer->set[answer->message.n_set];
	lisp_dp__locator_set__init(set);
	set->id = from->id;
	set->n_member = from->count;
	set->member = XCALLOC(MTYPE_LISP_DP_RECALL, (from->count + 1) * sizeof(*set->member));
	for (size_t i = 0; i < from->count; i++) {
		set->member[i] = XCALLOC(MTYPE_LISP_DP_RECALL, sizeof(**set->member));
		lisp_dp__locator_set__member__init(set->member[i]);
		set->member[i]->locator = from->member[i].locator;
		set->member[i]->priority = from->member[i].priority;
		set->member[i]->weight = from->member[i].weight;
	}
	answer->sets[answer->message.n_set++] = set;
}

static void put_mapping(struct lisp_dp_instance *instance, struct route_node *node, void *arg)
{
	const struct lisp_dp_mapping *from = node->info;
	const struct prefix *prefix = &node->p;
	struct answer *answer = arg;
	size_t at;

	room_for_one(answer);
	at = answer->message.n_mapping++;
	memcpy(answer->address[at], &prefix->u.prefix, prefix_blen(prefix));
	lisp_dp__prefix__init(&answer->prefix[at]);
	answer->prefix[at].address.data = answer->address[at];
	answer->prefix[at].address.len = prefix_blen(prefix);
	answer->prefix[at].length = prefix->prefixlen;
	lisp_dp__mapping__init(&answer->mapping[at]);
	answer->mapping[at].iid = instance->iid;
	answer->mapping[at].prefix = &answer->prefix[at];
	answer->mapping[at].id = from->value.id;
	answer->mapping[at].action = from->value.action;
	answer->mapping[at].set = from->value.set;
	lisp_dp__recalled__held__init(&answer->held[at]);
	answer->held[at].mapping = &answer->mapping[at];
	answer->held[at].idle_s = lisp_dp_mapping_idle(from);
	answer->helds[at] = &answer->held[at];
}

/* How far it has come: ids of locators, of sets, then the mappings. */
static struct {
	bool under_way;
	uint32_t locator, set;
	struct lisp_dp_mapping_cursor mapping;
} recall;

static bool portion_full(const struct answer *answer)
{
	return answer->sent >= PORTION_MAX;
}

static void put_locators(struct answer *answer)
{
	for (; recall.locator <= LISP_DP_MAX_LOCATOR && !portion_full(answer); recall.locator++) {
		struct lisp_dp_locator *locator = lisp_dp_locator_find(recall.locator);

		if (locator)
			put_locator(answer, locator);
	}
}

static void put_sets(struct answer *answer)
{
	for (; recall.set <= LISP_DP_MAX_SET && !portion_full(answer); recall.set++) {
		const struct lisp_dp_set *set = lisp_dp_set_find(recall.set);

		if (set)
			put_set(answer, set);
	}
}

bool lisp_dp_recall_portion(void)
{
	struct answer *answer = XCALLOC(MTYPE_LISP_DP_RECALL, sizeof(*answer));

	begin(answer);
	put_locators(answer);
	put_sets(answer);
	recall.under_way = portion_full(answer) ||
			   lisp_dp_mapping_walk_on(&recall.mapping, PORTION_MAX - answer->sent,
						   put_mapping, answer);
	send_answer(answer, !recall.under_way);
	XFREE(MTYPE_LISP_DP_RECALL, answer);
	return recall.under_way;
}

bool lisp_dp_recall(void)
{
	lisp_dp_recall_end();
	recall.locator = recall.set = 1;
	return lisp_dp_recall_portion();
}

void lisp_dp_recall_end(void)
{
	memset(&recall, 0, sizeof(recall));
}
