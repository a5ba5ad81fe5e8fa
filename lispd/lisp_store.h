// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Map-Server's registrations over restarts: a SQLite file, mode 0600, in FRR's state
 * directory. It is written within a second of a change; a file that cannot be used is put
 * aside, and the log says so.
 */
#ifndef _LISP_STORE_H
#define _LISP_STORE_H

#include <stdbool.h>

/*
 * After a restart the registrations are still being read, or xTRs had no time to register
 * what they could not while lispd was away: what is not registered may yet be.
 */
bool lisp_store_reading(void);
bool lisp_store_settling(void);

/* What is configured now may have registrations that it had before. */
void lisp_store_config_changed(void);
void lisp_store_init(void);
void lisp_store_finish(void); /* writes what is left to write; before lisp_registry_finish() */

#endif /* _LISP_STORE_H */
