// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What has to hold between sites and between instances. A `must` of it would be judged for
 * each of them over all others, at each commit; here all of them are sorted once.
 */
#include <zebra.h>

#include "darr.h"

#include "lispd/lisp_eid.h"
#include "mgmtd/mgmt.h"
#include "vtysh-cmds/lisp_cli.h"

/* ---- sites: an EID-prefix is of one ---- */

struct owned_prefix {
	struct lisp_eid eid;
	const char *site;
};

static int owned_prefix_cmp(const void *a, const void *b)
{
	const struct owned_prefix *x = a, *y = b;
	int cmp = lisp_eid_cmp(&x->eid, &y->eid);

	return cmp ? cmp : strcmp(x->site, y->site);
}

static struct owned_prefix *owned_prefixes(const struct lyd_node *config)
{
	const struct lyd_node *sites = yang_dnode_get(config, LISP_XPATH "/sites");
	struct owned_prefix *owned = NULL, one;
	const struct lyd_node *site, *child;

	LY_LIST_FOR (sites ? lyd_child(sites) : NULL, site) {
		one.site = yang_dnode_get_string(site, "name");
		LY_LIST_FOR (lyd_child(site), child) {
			if (strcmp(child->schema->name, "eid-prefix") ||
			    !lisp_eid_parse(yang_dnode_get_string(child, "prefix"), &one.eid))
				continue;
			one.eid.iid = yang_dnode_get_uint32(child, "instance-id");
			*darr_append(owned) = one;
		}
	}
	return owned;
}

/* 0, or 1 and the reason. */
static int sites_check(const struct lyd_node *config, char *errmsg, size_t size)
{
	struct owned_prefix *owned = owned_prefixes(config);
	char text[LISP_EID_STRLEN];
	int twice = 0;

	if (owned)
		qsort(owned, darr_len(owned), sizeof(*owned), owned_prefix_cmp);
	for (unsigned int i = 1; i < darr_len(owned) && !twice; i++) {
		twice = !lisp_eid_cmp(&owned[i - 1].eid, &owned[i].eid);
		if (twice)
			snprintf(errmsg, size,
				 "EID-prefix %s belongs to site %s and to site %s; remove it from one with `no eid-prefix`",
				 lisp_eid_str(&owned[i].eid, text, sizeof(text)), owned[i - 1].site,
				 owned[i].site);
	}
	darr_free(owned);
	return twice;
}

/* ---- VRFs: one has the EIDs of one instance, or is one ALT ---- */

struct used_vrf {
	const char *name;
	/* in this order only the first and the last may meet */
	enum vrf_use { VRF_OF_EIDS, VRF_OF_ALT, VRF_OF_RLOCS } use;
	uint32_t iid;
};

static int used_vrf_cmp(const void *a, const void *b)
{
	const struct used_vrf *x = a, *y = b;
	int cmp = strcmp(x->name, y->name);

	if (!cmp)
		cmp = numcmp(x->use, y->use);
	return cmp ? cmp : numcmp(x->iid, y->iid);
}

/* The default VRF may have EIDs of several instances: one of them at most forwards. */
static void used_vrf_add(struct used_vrf **used, const struct lyd_node *leaf, enum vrf_use use,
			 uint32_t iid)
{
	const char *name = leaf ? yang_dnode_get_string(leaf, NULL) : VRF_DEFAULT_NAME;

	if (!strmatch(name, VRF_DEFAULT_NAME))
		*darr_append(*used) = (struct used_vrf){ name, use, iid };
}

static void used_vrfs_of(struct used_vrf **used, const struct lyd_node *instance)
{
	uint32_t iid = yang_dnode_get_uint32(instance, "instance-id");
	const struct lyd_node *alt = NULL, *child;

	LY_LIST_FOR (lyd_child(instance), child) {
		if (strmatch(child->schema->name, "eid-table"))
			used_vrf_add(used, child, VRF_OF_EIDS, iid);
		/* both families have the same */
		if (strmatch(child->schema->name, "service") && !alt)
			alt = yang_dnode_get(child, "alt-vrf");
	}
	used_vrf_add(used, alt, VRF_OF_ALT, iid);
}

static struct used_vrf *used_vrfs(const struct lyd_node *config)
{
	const struct lyd_node *instances = yang_dnode_get(config, LISP_XPATH "/instances");
	struct used_vrf *used = NULL;
	const struct lyd_node *child;

	LY_LIST_FOR (instances ? lyd_child(instances) : NULL, child)
		used_vrfs_of(&used, child);
	used_vrf_add(&used, yang_dnode_get(config, LISP_XPATH "/locator-table"), VRF_OF_RLOCS, 0);
	return used;
}

/* 0, or 1 and the reason; a stands before b in the order. */
static int used_vrfs_meet(const struct used_vrf *a, const struct used_vrf *b, char *errmsg,
			  size_t size)
{
	if (!strmatch(a->name, b->name) || (a->use == VRF_OF_EIDS && b->use == VRF_OF_RLOCS))
		return 0;
	if (a->use == VRF_OF_EIDS && b->use == VRF_OF_EIDS)
		snprintf(errmsg, size,
			 "VRF %s is the EID table of instance-id %u and of instance-id %u; its packets are of one instance, give the other one a VRF of its own",
			 a->name, a->iid, b->iid);
	else if (a->use == VRF_OF_ALT && b->use == VRF_OF_ALT)
		snprintf(errmsg, size,
			 "VRF %s is the ALT of instance-id %u and of instance-id %u; the routes of an ALT carry no instance-id, give each instance one of its own",
			 a->name, a->iid, b->iid);
	else if (a->use == VRF_OF_EIDS)
		snprintf(errmsg, size,
			 "VRF %s is the ALT of instance-id %u and the EID table of instance-id %u; an ALT VRF has the ALT's tunnels and routes alone",
			 a->name, b->iid, a->iid);
	else
		snprintf(errmsg, size,
			 "VRF %s is the ALT of instance-id %u and the locator table; an ALT VRF has the ALT's tunnels and routes alone",
			 a->name, a->iid);
	return 1;
}

static int vrfs_check(const struct lyd_node *config, char *errmsg, size_t size)
{
	struct used_vrf *used = used_vrfs(config);
	int meet = 0;

	if (used)
		qsort(used, darr_len(used), sizeof(*used), used_vrf_cmp);
	for (unsigned int i = 1; i < darr_len(used) && !meet; i++)
		meet = used_vrfs_meet(&used[i - 1], &used[i], errmsg, size);
	darr_free(used);
	return meet;
}

void lisp_cli_check_init(void)
{
	hook_register(mgmt_candidate_validate, sites_check);
	hook_register(mgmt_candidate_validate, vrfs_check);
}
