// SPDX-License-Identifier: GPL-2.0-or-later
/* The mapping socket: one lispd at a time; see lisp_dp.proto. */
#ifndef _LISP_DP_SOCKET_H
#define _LISP_DP_SOCKET_H

/* note: why there is no BPF, for the Hello. */
void lisp_dp_socket_init(const char *note);
void lisp_dp_socket_finish(void);

#endif /* _LISP_DP_SOCKET_H */
