// SPDX-License-Identifier: GPL-2.0-or-later
/* `debug lisp ...`: what may be switched, and the guard around each message. */
#ifndef _LISP_DEBUG_H
#define _LISP_DEBUG_H

#include "lib/debug.h"
#include "lispd/lisp_eid.h"

extern struct debug lisp_dbg_packet; /* messages in and out, drops with their reason */
extern struct debug lisp_dbg_itr;    /* misses, requests, map-cache */
extern struct debug lisp_dbg_etr;    /* registrations, answers, SMR */
extern struct debug lisp_dbg_ms;     /* Map-Server and Map-Resolver */
extern struct debug lisp_dbg_alt;    /* LISP+ALT */
extern struct debug lisp_dbg_rloc;   /* locators' state */
extern struct debug lisp_dbg_dplane; /* the mapping socket */

extern struct debug lisp_dbg_instance; /* only what is about EIDs of one instance */

#define LISP_DBG_IS(what) DEBUG_MODE_CHECK(&lisp_dbg_##what, DEBUG_MODE_ALL)

#define LISP_DBG(what, fmt, ...)                                                                   \
	do {                                                                                       \
		if (LISP_DBG_IS(what))                                                             \
			zlog_debug("lisp-" #what ": " fmt, ##__VA_ARGS__);                         \
	} while (0)

/* About an EID, which the message begins with. */
#define LISP_DBG_EID(what, of, fmt, ...)                                                           \
	do {                                                                                       \
		if (LISP_DBG_IS(what) && lisp_debug_wants(of))                                     \
			zlog_debug("lisp-" #what ": %pLE: " fmt, of, ##__VA_ARGS__);               \
	} while (0)

/* Is the EID of the instance that `debug lisp instance-id` names, if it names one? */
bool lisp_debug_wants(const struct lisp_eid *eid);
/* lisp_dbg_instance is for this instance. */
void lisp_debug_instance_set(uint32_t iid);

struct lisp_debug_switch {
	const char *word; /* of the command `debug lisp WORD` */
	struct debug *debug;
};
extern const struct lisp_debug_switch lisp_debug_switches[]; /* word NULL ends it */

void lisp_debug_init(void);

#endif /* _LISP_DEBUG_H */
