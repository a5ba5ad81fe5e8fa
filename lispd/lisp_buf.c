// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Octets in network order: writing. Reading is in the header.
 */
#include <zebra.h>

#include <string.h>

#include "lispd/lisp_buf.h"

void lisp_writer_init(struct lisp_writer *w, uint8_t *buf, size_t cap)
{
	memset(w, 0, sizeof(*w));
	w->buf = buf;
	w->cap = cap;
}

uint8_t *lisp_put_room(struct lisp_writer *w, size_t n)
{
	uint8_t *p = w->buf + w->len;

	if (w->overflow || n > w->cap - w->len) {
		w->overflow = true;
		return NULL;
	}
	w->len += n;
	return p;
}

void lisp_put_octets(struct lisp_writer *w, const void *data, size_t len)
{
	uint8_t *p = lisp_put_room(w, len);

	if (p && len)
		memcpy(p, data, len);
}

void lisp_put_u8(struct lisp_writer *w, uint8_t v)
{
	lisp_put_octets(w, &v, sizeof(v));
}

void lisp_put_u16(struct lisp_writer *w, uint16_t v)
{
	v = htons(v);
	lisp_put_octets(w, &v, sizeof(v));
}

void lisp_put_u32(struct lisp_writer *w, uint32_t v)
{
	v = htonl(v);
	lisp_put_octets(w, &v, sizeof(v));
}

void lisp_put_u64(struct lisp_writer *w, uint64_t v)
{
	lisp_put_u32(w, (uint32_t)(v >> 32));
	lisp_put_u32(w, (uint32_t)v);
}
