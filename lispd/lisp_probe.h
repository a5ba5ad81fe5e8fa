// SPDX-License-Identifier: GPL-2.0-or-later
/* RLOC-probing (`loc-reach-algorithm rloc-probing`). RFC 9301 section 7.1 */
#ifndef _LISP_PROBE_H
#define _LISP_PROBE_H

void lisp_probe_config_changed(void);
void lisp_probe_finish(void);

#endif /* _LISP_PROBE_H */
