// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What ICMP tells about the way to remote locators (RFC 9300 section 7.2): the
 * path MTU, which forwarding takes over at once, and unreachability, which is
 * lispd's to judge.
 */
#ifndef _LISP_DP_ICMP_H
#define _LISP_DP_ICMP_H

/* Opens the sockets while there is an instance, closes them else. */
void lisp_dp_icmp_sync(void);
void lisp_dp_icmp_finish(void);

#endif /* _LISP_DP_ICMP_H */
