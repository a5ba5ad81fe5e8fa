// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RLOC-sets for forwarding (RFC 9301 section 5.4): members are ranked, those of
 * rank 0 get buckets in proportion to their weights by largest remainder, and
 * the buckets of one member are spread over the table.
 */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <stdlib.h>
#include <string.h>

#include "dplane/lisp_dp_buckets.h"

static int member_cmp(const void *one, const void *two)
{
	const struct lisp_dp_member *a = one, *b = two;

	if (a->priority != b->priority)
		return a->priority - b->priority;
	if (!a->weight != !b->weight)
		return !a->weight - !b->weight;
	return a->locator < b->locator ? -1 : a->locator > b->locator;
}

static unsigned int rank_members(struct lisp_bpf_set *set, const struct lisp_dp_member *member,
				 size_t n)
{
	unsigned int best = 0;
	uint8_t rank = 0;

	for (size_t i = 0; i < n && set->count < LISP_MEMBERS; i++) {
		if (member[i].priority == LISP_DP_PRIORITY_NEVER)
			break;
		if (i && (member[i].priority != member[i - 1].priority ||
			  !member[i].weight != !member[i - 1].weight))
			rank++;
		set->member[set->count].locator = member[i].locator;
		set->member[set->count].rank = rank;
		set->member[set->count].weight = member[i].weight ? member[i].weight : 1;
		set->count++;
		if (!rank)
			best++;
	}
	return best;
}

/* Largest remainder: share[] sums up to LISP_BUCKETS. */
static void share_buckets(const struct lisp_bpf_set *set, unsigned int best,
			  unsigned int share[LISP_MEMBERS])
{
	unsigned int remainder[LISP_MEMBERS], sum = 0, left = LISP_BUCKETS, i;

	for (i = 0; i < best; i++)
		sum += set->member[i].weight;
	for (i = 0; i < best; i++) {
		share[i] = LISP_BUCKETS * set->member[i].weight / sum;
		remainder[i] = LISP_BUCKETS * set->member[i].weight % sum;
		left -= share[i];
	}
	for (; left; left--) {
		unsigned int most = 0;

		for (i = 1; i < best; i++)
			if (remainder[i] > remainder[most])
				most = i;
		share[most]++;
		remainder[most] = 0;
	}
}

void lisp_dp_set_build(struct lisp_bpf_set *set, struct lisp_dp_member *member, size_t n)
{
	unsigned int share[LISP_MEMBERS] = {}, best;
	int credit[LISP_MEMBERS] = {};

	memset(set, 0, sizeof(*set));
	qsort(member, n, sizeof(*member), member_cmp);
	best = rank_members(set, member, n);
	if (!best)
		return;
	share_buckets(set, best, share);

	/* Smooth weighted round robin gives each its share, evenly spread. */
	for (unsigned int bucket = 0; bucket < LISP_BUCKETS; bucket++) {
		unsigned int chosen = 0, i;

		for (i = 0; i < best; i++) {
			credit[i] += (int)share[i];
			if (credit[i] > credit[chosen])
				chosen = i;
		}
		credit[chosen] -= LISP_BUCKETS;
		set->bucket[bucket] = chosen;
	}
}
