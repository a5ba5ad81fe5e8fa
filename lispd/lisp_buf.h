// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Octets in network order: the one reader and the one writer.
 *
 * A reader walks a buffer of someone else; its first failure sticks and everything
 * after reads nothing. A writer fills the caller's buffer; on overflow it writes
 * nothing more and overflow stays set: test it once at the end.
 */
#ifndef _LISP_BUF_H
#define _LISP_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lispd/lisp_stats.h"

/* Numbers at p, which must have the octets. */
static inline uint16_t lisp_get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t lisp_get24(const uint8_t *p)
{
	return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static inline uint32_t lisp_get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | lisp_get24(p + 1);
}

static inline uint64_t lisp_get64(const uint8_t *p)
{
	return (uint64_t)lisp_get32(p) << 32 | lisp_get32(p + 4);
}

struct lisp_reader {
	const uint8_t *p, *end;
	enum lisp_drop too_short; /* what to say when octets are missing */
	enum lisp_drop why;	  /* LISP_OK until the first failure */
	bool tolerated;		  /* a known deviation of deployed code was let pass */
};

static inline void lisp_reader_init(struct lisp_reader *r, const uint8_t *buf, size_t len,
				    enum lisp_drop too_short)
{
	r->p = buf;
	r->end = buf + len;
	r->too_short = too_short;
	r->why = LISP_OK;
	r->tolerated = false;
}

static inline size_t lisp_reader_left(const struct lisp_reader *r)
{
	return (size_t)(r->end - r->p);
}

/* The next n octets, or NULL. */
static inline const uint8_t *lisp_take(struct lisp_reader *r, size_t n)
{
	const uint8_t *p = r->p;

	if (r->why != LISP_OK)
		return NULL;
	if (n > lisp_reader_left(r)) {
		r->why = r->too_short;
		return NULL;
	}
	r->p += n;
	return p;
}

struct lisp_writer {
	uint8_t *buf;
	size_t len, cap; /* octets written, octets there are */
	bool overflow;

	/* of lisp_msg_put.c: where the counts are that the next element raises */
	size_t msg, record;
	unsigned int itr_rlocs;
};

void lisp_writer_init(struct lisp_writer *w, uint8_t *buf, size_t cap);

/* Room for n octets at the end, to be filled by the caller; NULL: overflow. */
uint8_t *lisp_put_room(struct lisp_writer *w, size_t n);

void lisp_put_u8(struct lisp_writer *w, uint8_t v);
void lisp_put_u16(struct lisp_writer *w, uint16_t v);
void lisp_put_u32(struct lisp_writer *w, uint32_t v);
void lisp_put_u64(struct lisp_writer *w, uint64_t v);
void lisp_put_octets(struct lisp_writer *w, const void *data, size_t len);

#endif /* _LISP_BUF_H */
