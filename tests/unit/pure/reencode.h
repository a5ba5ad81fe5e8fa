// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Decode to values, encode the values: for tests and fuzzing.
 */
#ifndef _REENCODE_H
#define _REENCODE_H

#include "lispd/lisp_msg.h"

/*
 * Write a decoded message of any type with the encoder, every LCAF by way of
 * its decoded form, and its authentication data copied. False on overflow.
 */
bool reencode(const struct lisp_msg *msg, struct lisp_writer *w);

#endif /* _REENCODE_H */
