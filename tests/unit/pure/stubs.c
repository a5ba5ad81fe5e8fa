// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What libfrr's memory.c wants of the rest of libfrr. With these the pure
 * floor links against three files of libfrr and OpenSSL.
 */
#include <zebra.h>

#include "lib/log.h"
#include "lib/memory.h"

void memory_oom(size_t size, const char *name)
{
	fprintf(stderr, "out of memory: %zu octets of %s\n", size, name);
	abort();
}

void vzlogx(const struct xref_logmsg *xref, int prio, const char *fmt, va_list ap)
{
}
