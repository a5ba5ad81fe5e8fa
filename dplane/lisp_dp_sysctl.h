// SPDX-License-Identifier: GPL-2.0-or-later
/* Settings of the kernel of one digit, in the calling thread's network namespace. */
#ifndef _LISP_DP_SYSCTL_H
#define _LISP_DP_SYSCTL_H

#include <stdbool.h>

/* net.FAMILY.conf.NAME.KEY, family "ipv4" or "ipv6"; '\0': the kernel has none. */
char lisp_dp_sysctl_get(const char *family, const char *name, const char *key);

/*
 * A value that is right, or that the kernel has not, is left alone; the log has what was set.
 * 0 or -errno. Callers hold the privileges.
 */
int lisp_dp_sysctl_set(const char *family, const char *name, const char *key, char value);

#endif /* _LISP_DP_SYSCTL_H */
