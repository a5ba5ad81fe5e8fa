// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The memory group of lispd. Each file defines its own static MTYPEs in it.
 */
#ifndef _LISP_MEMORY_H
#define _LISP_MEMORY_H

#include "lib/memory.h"

DECLARE_MGROUP(LISPD);

#endif /* _LISP_MEMORY_H */
