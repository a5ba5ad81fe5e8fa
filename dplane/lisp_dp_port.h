// SPDX-License-Identifier: GPL-2.0-or-later
/* Decapsulation programs on the interfaces of the RLOC space. Callers hold the privileges. */
#ifndef _LISP_DP_PORT_H
#define _LISP_DP_PORT_H

/* Makes the programs agree with the RLOCs there are. Cheap when nothing changed. */
void lisp_dp_port_sync(void);
/* Takes the program off where an earlier zebra left one. */
void lisp_dp_port_sweep(void);

#endif /* _LISP_DP_PORT_H */
