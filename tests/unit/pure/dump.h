// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Print a message's fields with Wireshark's names. kind: "control" or "data".
 */
#ifndef _DUMP_H
#define _DUMP_H

int dump(const char *kind, const char *hex);

#endif /* _DUMP_H */
