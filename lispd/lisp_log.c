// SPDX-License-Identifier: GPL-2.0-or-later
/* How many lines about peers the log takes. */
#include <zebra.h>

#include "log.h"

#include "lispd/lisp_bucket.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_log.h"

bool lisp_log_room(const struct ipaddr *peer)
{
	static struct lisp_buckets each = { .rate = LISP_LOG_RATE, .burst = LISP_LOG_BURST };
	static struct lisp_bucket all;
	static unsigned int left_out;

	if (!lisp_buckets_take(&each, peer) ||
	    !lisp_bucket_take(&all, LISP_LOG_ALL_RATE, LISP_LOG_ALL_BURST)) {
		left_out++;
		return false;
	}
	if (left_out)
		zlog_notice("%u lines about peers are left out, there were too many", left_out);
	left_out = 0;
	return true;
}
