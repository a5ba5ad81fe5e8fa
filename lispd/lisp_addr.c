// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses of any AFI, as they are on the wire. */
#include <zebra.h>

#include "lispd/lisp_addr.h"
#include "lispd/lisp_memory.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_ADDR, "LISP address as received");

void lisp_addr_set(struct lisp_addr *addr, const uint8_t *buf, size_t size)
{
	addr->afi = lisp_get16(buf);
	addr->len = (uint16_t)(size - 2);
	addr->lcaf_type = addr->afi == LISP_AFI_LCAF ? buf[4] : 0;
	if (addr->len <= LISP_ADDR_INLINE) {
		memcpy(addr->octets, buf + 2, addr->len);
		addr->borrowed = NULL;
	} else {
		addr->borrowed = buf + 2;
	}
}

bool lisp_addr_same(const struct lisp_addr *a, const struct lisp_addr *b)
{
	return a->afi == b->afi && a->len == b->len &&
	       memcmp(lisp_addr_octets(a), lisp_addr_octets(b), a->len) == 0;
}

int lisp_addr_cmp(const struct lisp_addr *a, const struct lisp_addr *b)
{
	int diff;

	if (a->afi != b->afi)
		return numcmp(a->afi, b->afi);
	if (a->lcaf_type != b->lcaf_type)
		return numcmp(a->lcaf_type, b->lcaf_type);
	diff = memcmp(lisp_addr_octets(a), lisp_addr_octets(b), MIN(a->len, b->len));
	return diff ? diff : numcmp(a->len, b->len);
}

struct lisp_addr_copy *lisp_addr_copy_new(const struct lisp_addr *addr)
{
	struct lisp_addr_copy *copy = XMALLOC(MTYPE_LISP_ADDR, sizeof(*copy) + addr->len);

	copy->afi = addr->afi;
	copy->len = addr->len;
	memcpy(copy->octets, lisp_addr_octets(addr), addr->len);
	return copy;
}

void lisp_addr_copy_free(struct lisp_addr_copy **copy)
{
	XFREE(MTYPE_LISP_ADDR, *copy);
}

void lisp_addr_of_copy(const struct lisp_addr_copy *copy, struct lisp_addr *addr)
{
	addr->afi = copy->afi;
	addr->len = copy->len;
	addr->lcaf_type = copy->afi == LISP_AFI_LCAF ? copy->octets[2] : 0;
	addr->borrowed = copy->octets;
}

void lisp_put_addr(struct lisp_writer *w, const struct lisp_addr *addr)
{
	lisp_put_u16(w, addr->afi);
	lisp_put_octets(w, lisp_addr_octets(addr), addr->len);
}
