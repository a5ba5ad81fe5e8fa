// SPDX-License-Identifier: GPL-2.0-or-later
/* Mappings of the map-cache that have lost all their locators are asked for again. */
#ifndef _LISP_LOST_H
#define _LISP_LOST_H

void lisp_lost_init(void);
void lisp_lost_finish(void); /* before lisp_map_cache_finish() */

#endif /* _LISP_LOST_H */
