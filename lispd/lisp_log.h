// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The log's lines about peers: those of one have a limit, and all together. Each message is
 * in doc/messages.md with its cause and remedy.
 */
#ifndef _LISP_LOG_H
#define _LISP_LOG_H

#include <stdbool.h>

#include "ipaddr.h"

/* May a line about this peer be written? Those that may not are counted, and told of later. */
bool lisp_log_room(const struct ipaddr *peer);

#endif /* _LISP_LOG_H */
