// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rules of iptables-legacy, judged as lisp_dp_nft.h judges those of nf_tables, but by
 * family alone. The kernel does not tell when they change. Callers hold the privileges.
 */
#ifndef _LISP_DP_XTABLES_H
#define _LISP_DP_XTABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As root, before zebra becomes frr. */
void lisp_dp_xtables_open(void);
void lisp_dp_xtables_close(void);

/* Reads them; true: what they do is not what it was. */
bool lisp_dp_xtables_load(void);

/* True: some rule could drop or change packets of this version; text says which. */
bool lisp_dp_xtables_matter(uint8_t version, bool out, char *text, size_t size);

#endif /* _LISP_DP_XTABLES_H */
