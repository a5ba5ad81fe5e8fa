// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of hosts, asked for beside the event loop: DNS, /etc/hosts, as the system is set up. */
#ifndef _LISP_NAME_H
#define _LISP_NAME_H

#include "lib/ipaddr.h"

struct lisp_name;

/*
 * done gets the first address of the name, or NULL and why there is none, later and once.
 * NULL: cannot be asked for now.
 */
struct lisp_name *
lisp_name_ask(const char *name,
	      void (*done)(void *arg, const struct ipaddr *addr, const char *error), void *arg);
/* Nobody waits for it any more; *name becomes NULL. */
void lisp_name_cancel(struct lisp_name **name);
void lisp_name_finish(void);

#endif /* _LISP_NAME_H */
