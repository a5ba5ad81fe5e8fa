// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The memory group of lispd.
 */
#include <zebra.h>

#include "lispd/lisp_memory.h"

DEFINE_MGROUP(LISPD, "lispd");
