// SPDX-License-Identifier: GPL-2.0-or-later
/* An operation of a Batch while it is applied, and reading what lispd says in it. */
#ifndef _LISP_DP_OP_H
#define _LISP_DP_OP_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/prefix.h"

#include "dplane/lisp_dp.pb-c.h"

#define LISP_DP_IID_MAX 0xffffff

struct lisp_dp_op {
	bool remove;
	uint64_t epoch; /* marks the object as wanted */

	/* told back by what applies it */
	bool dirty;	/* devices, rules or programs may have to change */
	bool came_up;	/* a locator */
	char text[120]; /* about an error; empty: the errno says all */
};

/* Writes why into the operation and returns error, an errno. */
int lisp_dp_refuse(struct lisp_dp_op *op, int error, const char *why);

/* False: malformed. family becomes 4 or 6, address is as in the maps. */
bool lisp_dp_read_address(const ProtobufCBinaryData *from, uint8_t *family, uint8_t address[16]);
/* False: malformed, or the instance-id is out of range. Host bits become 0. */
bool lisp_dp_read_eid(uint32_t iid, const LispDp__Prefix *from, struct prefix *prefix);

#endif /* _LISP_DP_OP_H */
