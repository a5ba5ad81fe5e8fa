// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What this xTR is over restarts: its own xTR-ID and how far its nonces have come. Both
 * are in lispd.json in FRR's state directory, as other daemons keep theirs.
 */
#ifndef _LISP_KEPT_H
#define _LISP_KEPT_H

#include <stdbool.h>
#include <stdint.h>

#include "lispd/lisp_wire.h"

/* The xTR-ID that was made at the first start; LISP_XTR_ID_LEN octets. */
const uint8_t *lisp_kept_xtr_id(void);

/* From 32 hexadecimal digits in small letters; false if it is something else. */
bool lisp_xtr_id_parse(const char *text, uint8_t *xtr_id);

/*
 * A nonce for a Map-Register: higher than all before, also of earlier runs (RFC 9301
 * section 5.6).
 */
uint64_t lisp_kept_nonce(void);
/* Is it one of this run? */
bool lisp_kept_nonce_used(uint64_t nonce);

void lisp_kept_init(void);
/* For struct frr_daemon_info; filled by lisp_kept_init(). */
extern char *lisp_kept_paths[];

#endif /* _LISP_KEPT_H */
