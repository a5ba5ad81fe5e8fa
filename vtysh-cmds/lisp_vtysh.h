// SPDX-License-Identifier: GPL-2.0-or-later
/* What vtysh calls of lisp_vtysh.c. */
#ifndef _LISP_VTYSH_H
#define _LISP_VTYSH_H

/* Installs LISP's nodes and the commands that enter and leave them. */
void lisp_vtysh_init(void);

#endif /* _LISP_VTYSH_H */
