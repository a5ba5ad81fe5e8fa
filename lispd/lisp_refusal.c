// SPDX-License-Identifier: GPL-2.0-or-later
/* The last refusals, a short list for each type of message. */
#include <zebra.h>

#include <string.h>

#include "monotime.h"

#include "lispd/lisp_bucket.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_refusal.h"

#define TYPES 16

static struct lisp_refusal refusals[TYPES][LISP_REFUSALS_MAX];
static uint64_t noted;

static bool refusal_same(const struct lisp_refusal *a, const struct lisp_refusal *b)
{
	return a->reason == b->reason && ipaddr_is_same(&a->peer, &b->peer) &&
	       lisp_eid_same(&a->eid, &b->eid) && strmatch(a->site, b->site);
}

/* Where it is already, or the place of the oldest. */
static struct lisp_refusal *refusal_place(const struct lisp_refusal *wanted)
{
	struct lisp_refusal *list = refusals[wanted->type], *oldest = list;

	for (unsigned int i = 0; i < LISP_REFUSALS_MAX; i++) {
		if (list[i].number && refusal_same(&list[i], wanted))
			return &list[i];
		if (list[i].number < oldest->number)
			oldest = &list[i];
	}
	*oldest = *wanted;
	return oldest;
}

void lisp_refusal_note(uint8_t type, enum lisp_drop reason, const struct ipaddr *peer,
		       const struct lisp_eid *eid, const char *site)
{
	static struct lisp_bucket buckets[TYPES];
	struct lisp_refusal wanted = { .type = type % TYPES, .reason = reason, .peer = *peer };
	struct lisp_refusal *refusal;

	noted++;
	if (!lisp_bucket_take(&buckets[wanted.type], LISP_REFUSAL_RATE, LISP_REFUSAL_RATE))
		return;
	if (eid)
		wanted.eid = *eid;
	if (site)
		strlcpy(wanted.site, site, sizeof(wanted.site));
	refusal = refusal_place(&wanted);
	refusal->number = noted;
	refusal->count++;
	refusal->last = monotime(NULL);
}

uint64_t lisp_refusals_noted(void)
{
	return noted;
}

/* The last one of a type before a number. */
static const struct lisp_refusal *refusal_before(unsigned int type, uint64_t number)
{
	const struct lisp_refusal *list = refusals[type], *found = NULL;

	for (unsigned int i = 0; i < LISP_REFUSALS_MAX; i++)
		if (list[i].number && list[i].number < number &&
		    (!found || list[i].number > found->number))
			found = &list[i];
	return found;
}

const struct lisp_refusal *lisp_refusal_next(const struct lisp_refusal *refusal)
{
	const struct lisp_refusal *next = NULL;
	unsigned int type = 0;

	if (refusal) {
		next = refusal_before(refusal->type, refusal->number);
		type = refusal->type + 1;
	}
	for (; !next && type < TYPES; type++)
		next = refusal_before(type, UINT64_MAX);
	return next;
}

void lisp_refusals_clear(void)
{
	memset(refusals, 0, sizeof(refusals));
}
