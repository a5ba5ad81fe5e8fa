// SPDX-License-Identifier: GPL-2.0-or-later
/* Decapsulation programs on the interfaces of the RLOC space. Callers hold the privileges. */
#ifndef _LISP_DP_PORT_H
#define _LISP_DP_PORT_H

#include <stdbool.h>
#include <stddef.h>

/* Makes the programs agree with the RLOCs there are. Cheap when nothing changed. */
void lisp_dp_port_sync(void);
/* Packets to own RLOCs may come in by this interface: it leads to the underlay. */
bool lisp_dp_port_is(int ifindex);
/* It had the program, and somebody has taken that off. */
bool lisp_dp_port_lost(int ifindex);
/* How many are lost; lisp_dp_port_sync() attaches to these again. */
unsigned int lisp_dp_port_check(void);
/* Where no program can be attached, and why; empty: everywhere it can. */
void lisp_dp_port_trouble(char *text, size_t size);
/* Takes the program off where an earlier zebra left one. */
void lisp_dp_port_sweep(void);

#endif /* _LISP_DP_PORT_H */
