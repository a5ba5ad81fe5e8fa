// SPDX-License-Identifier: GPL-2.0-or-later
/* A token bucket: bounds how often something happens, with room for a burst. */
#ifndef _LISP_BUCKET_H
#define _LISP_BUCKET_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/param.h>

#include "ipaddr.h"
#include "monotime.h"

/* Zeroed: full at its first use. */
struct lisp_bucket {
	int64_t filled; /* monotonic microseconds, 0: never used */
	uint64_t micro; /* tokens times a million */
};

/* Takes one token of rate per second, at most burst of them saved. False: none left. */
static inline bool lisp_bucket_take(struct lisp_bucket *bucket, uint32_t rate, uint32_t burst)
{
	uint64_t full = (uint64_t)burst * 1000000;
	struct timeval tv;
	int64_t now;

	monotime(&tv);
	now = (int64_t)tv.tv_sec * 1000000 + tv.tv_usec;
	if (!bucket->filled || now - bucket->filled > 3600 * (int64_t)1000000)
		bucket->micro = full;
	else
		bucket->micro = MIN(full, bucket->micro + (uint64_t)(now - bucket->filled) * rate);
	bucket->filled = now;

	if (bucket->micro < 1000000)
		return false;
	bucket->micro -= 1000000;
	return true;
}

/* For what needs no burst: once in so many seconds. *last: monotonic seconds, 0: never. */
static inline bool lisp_once_in(unsigned int seconds, time_t *last)
{
	time_t now = monotime(NULL);

	if (*last && now - *last < seconds)
		return false;
	*last = now;
	return true;
}

/* A bucket for each address. Addresses that hash alike share one. Zeroed but for the first two. */
#define LISP_BUCKETS 1024
struct lisp_buckets {
	uint32_t rate, burst;
	uint32_t seed;
	struct lisp_bucket bucket[LISP_BUCKETS];
};

bool lisp_buckets_take(struct lisp_buckets *buckets, const struct ipaddr *addr);

#endif /* _LISP_BUCKET_H */
