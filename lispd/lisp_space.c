// SPDX-License-Identifier: GPL-2.0-or-later
/* Whose an EID is, and what is free around it. */
#include <zebra.h>

#include "lispd/lisp_alt_rib.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_space.h"

/* The lengths of the longest prefixes that cover an EID, -1 where there is none. */
static int local_len(const struct lisp_eid *eid, const struct lisp_service *service)
{
	const struct lisp_local_eid *local = service->etr ? lisp_database_match(eid) : NULL;

	return local ? local->eid.prefix.prefixlen : -1;
}

static int registered_len(const struct lisp_eid *eid, const struct lisp_service *service)
{
	const struct lisp_site_prefix *prefix = service->map_server ? lisp_registered_match(eid)
								    : NULL;

	return prefix ? prefix->eid.prefix.prefixlen : -1;
}

static int learned_len(const struct lisp_eid *eid)
{
	const struct lisp_eid *learned = lisp_alt_learned_match(eid);

	return learned ? learned->prefix.prefixlen : -1;
}

enum lisp_owner lisp_space_owner(const struct lisp_eid *eid)
{
	const struct lisp_service *service = lisp_service_of(eid);
	int local = local_len(eid, service), learned = learned_len(eid);
	const struct lisp_site_prefix *site;

	/* the registry is looked into once, unless the EID may be ours */
	if (local >= 0 && local >= learned && local >= registered_len(eid, service))
		return LISP_OWNER_DATABASE;

	site = service->map_server ? lisp_site_prefix_match(eid) : NULL;
	if (site && learned < site->eid.prefix.prefixlen + lisp_site_prefix_registered(site))
		return LISP_OWNER_REGISTRY;
	return learned < 0 ? LISP_OWNER_NONE : LISP_OWNER_ALT;
}

bool lisp_space_hole(const struct lisp_eid *eid, const struct lisp_eid *block, struct lisp_eid *hole)
{
	const struct lisp_eid_table *tables[2 + LISP_ALT_TABLES] = {
		lisp_registry_table(),
		lisp_database_table(),
	};
	unsigned int n = 2 + lisp_alt_rib_tables(eid, &tables[2]);

	return lisp_eid_tables_hole(tables, n, eid, block, hole);
}
