// SPDX-License-Identifier: GPL-2.0-or-later
/* RLOC-sets: as lispd gave them, and what forwarding looks up. */
#include <zebra.h>

#include <string.h>

#include "lib/jhash.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_locator.h"
#include "dplane/lisp_dp_set.h"

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_SET, "LISP RLOC-set");
DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_MEMBER, "LISP RLOC-set members");

static int set_cmp(const struct lisp_dp_set *a, const struct lisp_dp_set *b)
{
	return numcmp(a->id, b->id);
}

static uint32_t set_hash(const struct lisp_dp_set *set)
{
	return jhash_1word(set->id, 0x11597);
}
DECLARE_HASH(lisp_dp_sets, struct lisp_dp_set, item, set_cmp, set_hash);

static struct lisp_dp_sets_head sets[1];

struct lisp_dp_set *lisp_dp_set_find(uint32_t id)
{
	struct lisp_dp_set key = { .id = id };

	return lisp_dp_sets_find(sets, &key);
}

static void set_remove(struct lisp_dp_set *set)
{
	lisp_dp_bpf_set(set->id, NULL, true);
	lisp_dp_sets_del(sets, set);
	XFREE(MTYPE_LISP_DP_MEMBER, set->member);
	XFREE(MTYPE_LISP_DP_SET, set);
}

static bool members_read(const LispDp__LocatorSet *from, struct lisp_dp_member *member)
{
	for (size_t i = 0; i < from->n_member; i++) {
		const LispDp__LocatorSet__Member *given = from->member[i];

		if (given->priority > UINT8_MAX || given->weight > UINT8_MAX)
			return false;
		member[i].locator = given->locator;
		member[i].priority = given->priority;
		member[i].weight = given->weight;
	}
	return true;
}

int lisp_dp_set_apply(const LispDp__LocatorSet *from, struct lisp_dp_op *op)
{
	struct lisp_dp_member member[UINT8_MAX];
	struct lisp_dp_set *set = lisp_dp_set_find(from->id);

	if (!from->id || from->id > LISP_DP_MAX_SET)
		return lisp_dp_refuse(op, ERANGE, "set id out of range");
	if (op->remove) {
		if (set)
			set_remove(set);
		return 0;
	}
	if (from->n_member > array_size(member) || !members_read(from, member))
		return lisp_dp_refuse(op, EINVAL, "malformed RLOC-set");
	if (!set) {
		set = XCALLOC(MTYPE_LISP_DP_SET, sizeof(*set));
		set->id = from->id;
		lisp_dp_sets_add(sets, set);
	}
	lisp_dp_set_build(&set->value, member, from->n_member);
	XFREE(MTYPE_LISP_DP_MEMBER, set->member);
	set->count = from->n_member;
	if (set->count) {
		set->member = XMALLOC(MTYPE_LISP_DP_MEMBER, set->count * sizeof(*member));
		memcpy(set->member, member, set->count * sizeof(*member));
	}
	set->epoch = op->epoch;
	return -lisp_dp_bpf_set(set->id, &set->value, false);
}

const struct lisp_dp_set *lisp_dp_set_next(const struct lisp_dp_set *set)
{
	return set ? lisp_dp_sets_const_next(sets, set) : lisp_dp_sets_const_first(sets);
}

static struct lisp_dp_locator *locator_up(uint32_t id)
{
	struct lisp_dp_locator *locator = lisp_dp_locator_find(id);

	return locator && locator->value.up ? locator : NULL;
}

/* The twin of lisp_choose() and lisp_choose_other() in bpf/encap.h. */
struct lisp_dp_locator *lisp_dp_choose(uint32_t id, uint32_t hash)
{
	const struct lisp_dp_set *set = lisp_dp_set_find(id);
	struct lisp_dp_locator *locator, *chosen = NULL;
	uint32_t best = 2 * LISP_RANK_DOUBTFUL, sum = 0, rank;

	if (!set || !set->value.count)
		return NULL;
	locator = locator_up(set->value.member[set->value.bucket[LISP_BUCKET(hash)]].locator);
	if (locator && !locator->value.doubtful)
		return locator;
	for (uint32_t i = 0; i < set->value.count; i++) {
		const struct lisp_bpf_member *member = &set->value.member[i];

		if (member->rank > best)
			break;
		locator = locator_up(member->locator);
		if (!locator)
			continue;
		rank = member->rank + (locator->value.doubtful ? LISP_RANK_DOUBTFUL : 0);
		if (rank > best)
			continue;
		if (rank < best)
			sum = 0;
		best = rank;
		sum += member->weight;
		hash = lisp_hash_end(hash + 0x9e3779b9);
		if (hash % sum < member->weight)
			chosen = locator;
	}
	return chosen;
}

void lisp_dp_set_sweep(uint64_t epoch)
{
	struct lisp_dp_set *set;

	frr_each_safe (lisp_dp_sets, sets, set)
		if (set->epoch != epoch)
			set_remove(set);
}

void lisp_dp_set_init(void)
{
	lisp_dp_sets_init(sets);
}

void lisp_dp_set_finish(void)
{
	struct lisp_dp_set *set;

	while ((set = lisp_dp_sets_pop(sets))) {
		XFREE(MTYPE_LISP_DP_MEMBER, set->member);
		XFREE(MTYPE_LISP_DP_SET, set);
	}
	lisp_dp_sets_fini(sets);
}
