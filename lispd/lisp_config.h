// SPDX-License-Identifier: GPL-2.0-or-later
/* The one place where configuration takes effect. */
#ifndef _LISP_CONFIG_H
#define _LISP_CONFIG_H

/*
 * Called by the northbound after it wrote the configuration into struct lisp
 * and into the tables (locator-sets, sites, ...): starts, stops and refreshes what
 * follows from it, by calling each module's *_config_changed() in order.
 * Idempotent.
 */
void lisp_config_apply(void);

#endif /* _LISP_CONFIG_H */
