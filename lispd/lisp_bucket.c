// SPDX-License-Identifier: GPL-2.0-or-later
/* Token buckets by address. */
#include <zebra.h>

#include <sys/random.h>

#include "jhash.h"

#include "lispd/lisp_bucket.h"

bool lisp_buckets_take(struct lisp_buckets *buckets, const struct ipaddr *addr)
{
	const size_t len = sizeof(buckets->seed);
	uint32_t i;

	if (!buckets->seed && getrandom(&buckets->seed, len, GRND_NONBLOCK) != (ssize_t)len)
		buckets->seed = 1;
	i = jhash(addr->ip.addrbytes, IPADDRSZ(addr), buckets->seed) % LISP_BUCKETS;
	return lisp_bucket_take(&buckets->bucket[i], buckets->rate, buckets->burst);
}
