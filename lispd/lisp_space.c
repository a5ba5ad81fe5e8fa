// SPDX-License-Identifier: GPL-2.0-or-later
/* Whose an EID is, and what is free around it. */
#include <zebra.h>

#include "lispd/lisp_alt_rib.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_space.h"

/* What is longer is larger; of equal ones the better claim. */
static int claim(const struct lisp_eid *eid, int rank)
{
	return 4 * eid->prefix.prefixlen + rank;
}

enum lisp_owner lisp_space_owner(const struct lisp_eid *eid)
{
	const struct lisp_service *service = lisp_service_of(eid);
	const struct lisp_local_eid *local = service->etr ? lisp_database_match(eid) : NULL;
	const struct lisp_site_prefix *site = service->map_server ? lisp_site_prefix_match(eid)
								  : NULL;
	const struct lisp_eid *learned = lisp_alt_learned_match(eid);
	int of_database = local ? claim(&local->eid, 3) : -1;
	int of_site = site ? claim(&site->eid, lisp_site_prefix_registered(site) ? 2 : 0) : -1;
	int of_alt = learned ? claim(learned, 1) : -1;

	if (of_database > of_site && of_database > of_alt)
		return LISP_OWNER_DATABASE;
	if (of_site > of_alt)
		return LISP_OWNER_REGISTRY;
	return learned ? LISP_OWNER_ALT : LISP_OWNER_NONE;
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
