// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ids of the dataplane's objects, with the object of each: private to lisp_dplane*.c.
 * They begin at 1, are dense and are used again: each kind is an array in the plugin.
 */
#ifndef _LISP_DPLANE_IDS_H
#define _LISP_DPLANE_IDS_H

#include "id_alloc.h"

struct dp_ids {
	struct id_alloc *alloc;
	uint32_t max; /* 0: no limit */
	uint32_t size;
	void **slot;
};

/* name: what they are ids of, for messages; the string stays the caller's. */
void dp_ids_init(struct dp_ids *ids, const char *name);
void dp_ids_finish(struct dp_ids *ids);

/* 0: none is left below the limit. */
uint32_t dp_ids_new(struct dp_ids *ids);
/* Just this one; false: it is taken. */
bool dp_ids_reserve(struct dp_ids *ids, uint32_t id);
void dp_ids_put(struct dp_ids *ids, uint32_t id, void *obj);
/* NULL: nothing has this id. */
void *dp_ids_find(const struct dp_ids *ids, uint32_t id);
void dp_ids_free(struct dp_ids *ids, uint32_t id);

#endif /* _LISP_DPLANE_IDS_H */
