// SPDX-License-Identifier: GPL-2.0-or-later
/* `debug lisp ...`: what may be switched, and the guard around each message. */
#ifndef _LISP_DEBUG_H
#define _LISP_DEBUG_H

#include "lib/debug.h"

extern struct debug lisp_dbg_packet; /* messages in and out, drops with their reason */
extern struct debug lisp_dbg_itr;    /* misses, requests, map-cache */
extern struct debug lisp_dbg_etr;    /* registrations, answers, SMR */
extern struct debug lisp_dbg_ms;     /* Map-Server and Map-Resolver */
extern struct debug lisp_dbg_alt;    /* LISP+ALT */
extern struct debug lisp_dbg_rloc;   /* locators' state */
extern struct debug lisp_dbg_dplane; /* the mapping socket */

#define LISP_DBG(what, fmt, ...)                                                                   \
	do {                                                                                       \
		if (DEBUG_MODE_CHECK(&lisp_dbg_##what, DEBUG_MODE_ALL))                            \
			zlog_debug("lisp-" #what ": " fmt, ##__VA_ARGS__);                         \
	} while (0)

void lisp_debug_init(void);

#endif /* _LISP_DEBUG_H */
