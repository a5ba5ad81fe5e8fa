// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading operations: what is malformed goes no further. */
#include <zebra.h>

#include <string.h>

#include "dplane/lisp_dp_op.h"

int lisp_dp_refuse(struct lisp_dp_op *op, int error, const char *why)
{
	strlcpy(op->text, why, sizeof(op->text));
	return error;
}

bool lisp_dp_read_address(const ProtobufCBinaryData *from, uint8_t *family, uint8_t address[16])
{
	if (from->len != 4 && from->len != 16)
		return false;
	memset(address, 0, 16);
	memcpy(address, from->data, from->len);
	*family = from->len == 4 ? 4 : 6;
	return true;
}

bool lisp_dp_read_eid(uint32_t iid, const LispDp__Prefix *from, struct prefix *prefix)
{
	memset(prefix, 0, sizeof(*prefix));
	if (iid > LISP_DP_IID_MAX || !from || (from->address.len != 4 && from->address.len != 16) ||
	    from->length > from->address.len * 8)
		return false;
	prefix->family = from->address.len == 4 ? AF_INET : AF_INET6;
	prefix->prefixlen = from->length;
	memcpy(&prefix->u.prefix, from->address.data, from->address.len);
	apply_mask(prefix);
	return true;
}
