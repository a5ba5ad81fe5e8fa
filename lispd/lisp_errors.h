// SPDX-License-Identifier: GPL-2.0-or-later
/* Log references of lispd: what `show error` explains. */
#ifndef _LISP_ERRORS_H
#define _LISP_ERRORS_H

#include "lib/ferr.h"

enum lisp_log_refs {
	EC_LISP_SOCKET = LISP_FERR_START,
	EC_LISP_AUTH,
	EC_LISP_KEYS,
	EC_LISP_ALT,
	EC_LISP_DPLANE,
	EC_LISP_TABLE_FULL,
	EC_LISP_REGISTER,
	EC_LISP_CONFIG,
	EC_LISP_MAP_RESOLVER,
	EC_LISP_STATE,
};

void lisp_error_init(void);

#endif /* _LISP_ERRORS_H */
