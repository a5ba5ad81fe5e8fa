// SPDX-License-Identifier: GPL-2.0-or-later
/* The singleton. */
#include <zebra.h>

#include "lispd/lispd.h"

struct lisp lisp;
