// SPDX-License-Identifier: GPL-2.0-or-later
/* What is in a message, line by line, for `debug lisp packet`. */
#ifndef _LISP_MSG_DEBUG_H
#define _LISP_MSG_DEBUG_H

#include "lispd/lisp_msg.h"

/*
 * Requests, ITR-RLOCs, records and locators go to the log, if the switch is on; with `debug
 * lisp instance-id` only what is of that instance. Locators end in letters as Cisco has them:
 * L local, p probed, R reachable, small ones for what is not (P is probed).
 */
void lisp_msg_debug(const struct lisp_msg *msg);
/* The same of octets, which are a message; what is in an ECM likewise. */
void lisp_msg_debug_octets(const uint8_t *octets, size_t len);

#endif /* _LISP_MSG_DEBUG_H */
