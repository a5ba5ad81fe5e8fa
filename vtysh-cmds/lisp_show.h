// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What `show lisp ...` prints: one function for each command, text in the layouts
 * known from Cisco or JSON from the same objects. No one prints a secret.
 */
#ifndef _LISP_SHOW_H
#define _LISP_SHOW_H

#include "json.h"
#include "vty.h"

#include "lispd/lispd.h"
#include "lispd/lisp_addr.h"

/* "00:04:02", "1d00h", "2w3d" for seconds; and "never" for times that are 0. */
#define LISP_INTERVAL_STRLEN 32
const char *lisp_interval_str(time_t seconds, char *buf, size_t size);
const char *lisp_since_str(time_t when, char *buf, size_t size);
const char *lisp_until_str(time_t when, char *buf, size_t size);
/* "address" as it arrived; of other than plain addresses "kind" and "resolvesTo" too. */
struct lisp_locator;
void lisp_json_locator(struct json_object *json, const struct lisp_locator *loc);
/* Adds "key": seconds since or until a monotonic time; nothing if it is 0. */
void lisp_json_since(struct json_object *json, const char *key, time_t when);
void lisp_json_until(struct json_object *json, const char *key, time_t when);

/*
 * families: bit LISP_IPV4, LISP_IPV6. eid: the entry that matches it, NULL: all.
 * Return CMD_SUCCESS, or CMD_WARNING with a line that says why.
 */
int lisp_show_map_cache(struct vty *vty, unsigned int families, const struct lisp_eid *eid,
			bool detail, bool json);
int lisp_show_pending(struct vty *vty, bool json);
int lisp_show_database(struct vty *vty, unsigned int families, bool json);
/* what: a site's name, an EID or EID-prefix, or NULL for all. */
int lisp_show_site(struct vty *vty, const char *what, bool detail, bool json);
int lisp_show_service(struct vty *vty, unsigned int families, bool json);
int lisp_show_statistics(struct vty *vty, bool json);
int lisp_show_alt(struct vty *vty, bool json);
int lisp_show_dataplane(struct vty *vty, bool json);
int lisp_show_rloc(struct vty *vty, bool json);

#endif /* _LISP_SHOW_H */
