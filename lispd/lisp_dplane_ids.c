// SPDX-License-Identifier: GPL-2.0-or-later
/* Ids: dense, from 1, with the object of each. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "memory.h"

#include "lispd/lispd.h"
#include "lispd/lisp_dplane_ids.h"
#include "lispd/lisp_errors.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_DP_IDS, "LISP dataplane ids");

void dp_ids_init(struct dp_ids *ids, const char *name)
{
	ids->alloc = idalloc_new(name);
}

void dp_ids_finish(struct dp_ids *ids)
{
	XFREE(MTYPE_LISP_DP_IDS, ids->slot);
	idalloc_destroy(ids->alloc);
	memset(ids, 0, sizeof(*ids));
}

uint32_t dp_ids_new(struct dp_ids *ids)
{
	uint32_t id = idalloc_allocate(ids->alloc);

	if (id != IDALLOC_INVALID && (!ids->max || id <= ids->max))
		return id;
	if (id != IDALLOC_INVALID)
		idalloc_free(ids->alloc, id);
	flog_warn(EC_LISP_DPLANE, "dataplane limit of %u %s reached", ids->max, ids->alloc->name);
	return 0;
}

bool dp_ids_reserve(struct dp_ids *ids, uint32_t id)
{
	return idalloc_reserve(ids->alloc, id) == id;
}

void dp_ids_put(struct dp_ids *ids, uint32_t id, void *obj)
{
	if (id >= ids->size) {
		uint32_t size = MAX(2 * ids->size, id + 64);

		ids->slot = XREALLOC(MTYPE_LISP_DP_IDS, ids->slot, size * sizeof(*ids->slot));
		memset(&ids->slot[ids->size], 0, (size - ids->size) * sizeof(*ids->slot));
		ids->size = size;
	}
	ids->slot[id] = obj;
}

void *dp_ids_find(const struct dp_ids *ids, uint32_t id)
{
	return id < ids->size ? ids->slot[id] : NULL;
}

void dp_ids_free(struct dp_ids *ids, uint32_t id)
{
	if (id < ids->size)
		ids->slot[id] = NULL;
	idalloc_free(ids->alloc, id);
}
