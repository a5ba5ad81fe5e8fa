// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that lispd answers itself: show, clear, lig, debug. */
#ifndef _LISP_VTY_H
#define _LISP_VTY_H

void lisp_vty_init(void);

#endif /* _LISP_VTY_H */
