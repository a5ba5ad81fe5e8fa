// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A command as it may be logged or shown to others: without the keys of LISP. Used
 * by libfrr and vtysh, whatever daemon they serve.
 */
#ifndef _LISP_LOGGABLE_H
#define _LISP_LOGGABLE_H

#include <stdio.h>
#include <string.h>

#include "vty.h"

/*
 * Copies the line, with its line break. In LISP's nodes the words that may be a key are
 * left out: what follows `authentication-key` or `ipv4 etr map-server ADDRESS`, whatever
 * the abbreviation. Returns buf.
 */
static inline const char *lisp_loggable(const struct vty *vty, const char *line, char *buf,
					size_t size)
{
	const char *p = line + strspn(line, " \t");
	size_t len = strcspn(p, " \t\r\n");
	unsigned int words = 0;

	if (len == 2 && !strncmp(p, "no", len)) {
		p += len + strspn(p + len, " \t");
		len = strcspn(p, " \t\r\n");
	}
	if (vty->node == LISP_NODE || vty->node == LISP_LOCATOR_SET_NODE ||
	    vty->node == LISP_SITE_NODE) {
		if (len && !strncmp(p, "authentication-key", len))
			words = 1;
		else if (*p == 'i')
			words = 4;
	}

	snprintf(buf, size, "%s", line);
	for (unsigned int i = 0; i < words; i++) {
		p += strcspn(p, " \t\r\n");
		p += strspn(p, " \t");
	}
	if (words && p[strspn(p, "\r\n")])
		snprintf(buf, size, "%.*s...%s", (int)(p - line), line, p + strcspn(p, "\r\n"));
	return buf;
}

#endif /* _LISP_LOGGABLE_H */
