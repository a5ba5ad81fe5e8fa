// SPDX-License-Identifier: GPL-2.0-or-later
/* What the ALT tells: prefixes that bgpd has, and had until lately. */
#include <zebra.h>

#include <string.h>

#include "frrevent.h"
#include "memory.h"
#include "monotime.h"
#include "typesafe.h"

#include "lispd/lisp_alt_rib.h"
#include "lispd/lisp_limits.h"
#include "lispd/lispd.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_ALT_RIB, "LISP ALT table");
DEFINE_MTYPE_STATIC(LISPD, LISP_ALT_LEARNED, "LISP ALT learned prefix");
DEFINE_MTYPE_STATIC(LISPD, LISP_ALT_LOST, "LISP ALT lost prefix");

struct lost {
	struct lisp_eid eid;
	time_t since; /* monotonic seconds */
};

PREDECL_RBTREE_UNIQ(ribs);

/* Of an instance's EIDs of one family, which have an alt-vrf. */
struct rib {
	struct ribs_item item;
	uint32_t iid;
	enum lisp_family family;
	bool up;
	bool has_default;
	unsigned int count;
	/* Monotonic seconds: since when bgpd may bring more, and of its changes without a rest. */
	time_t since;
	time_t burst, last;
};

static int rib_cmp(const struct rib *a, const struct rib *b)
{
	return a->iid != b->iid ? numcmp(a->iid, b->iid) : numcmp(a->family, b->family);
}

DECLARE_RBTREE_UNIQ(ribs, struct rib, item, rib_cmp);

static struct ribs_head ribs[1] = { INIT_RBTREE_UNIQ(ribs[0]) };
/* EIDs of all instances: they never meet in a table. */
static struct lisp_eid_table *learned; /* info: struct lisp_eid */
static struct lisp_eid_table *lost;    /* info: struct lost; not in `learned` */
static struct event *t_lost;

static struct rib *rib_find(uint32_t iid, enum lisp_family family)
{
	struct rib key = { .iid = iid, .family = family };

	return ribs_find(ribs, &key);
}

/* NULL: the EID's instance has no ALT for its family; an ALT knows IP EIDs only. */
static struct rib *eid_rib(const struct lisp_eid *eid)
{
	return lisp_eid_is_ip(eid) ? rib_find(eid->iid, lisp_af_family(eid->prefix.family)) : NULL;
}

/* ---- lost: what bgpd knew there until lately ---- */

static void lost_free(struct lisp_eid_node *node)
{
	struct lost *gone = node->info;

	lisp_eid_table_del(lost, node);
	XFREE(MTYPE_LISP_ALT_LOST, gone);
}

static void alt_rib_sweep(struct event *event)
{
	struct lisp_eid_node *node, *next;
	time_t now = monotime(NULL);
	bool some = false;

	LISP_EID_TABLE_EACH (lost, node, next) {
		if (now - ((struct lost *)node->info)->since >= LISP_ALT_RETURN)
			lost_free(node);
		else
			some = true;
	}
	if (some)
		event_add_timer(lisp.master, alt_rib_sweep, NULL, LISP_ALT_SWEEP, &t_lost);
}

static void lost_add(const struct lisp_eid *eid)
{
	struct lisp_eid_node *node = lisp_eid_table_get(lost, eid);
	struct lost *gone = XMALLOC(MTYPE_LISP_ALT_LOST, sizeof(*gone));

	*gone = (struct lost){ .eid = *eid, .since = monotime(NULL) };
	node->info = gone;
	event_add_timer(lisp.master, alt_rib_sweep, NULL, LISP_ALT_SWEEP, &t_lost);
}

static void lost_del(const struct lisp_eid *eid)
{
	struct lisp_eid_node *node = lisp_eid_table_find(lost, eid);

	if (node)
		lost_free(node);
}

/* ---- learned: what bgpd knows there ---- */

static void learned_free(struct rib *rib, struct lisp_eid_node *node)
{
	struct lisp_eid *eid = node->info;

	rib->count--;
	lisp_eid_table_del(learned, node);
	XFREE(MTYPE_LISP_ALT_LEARNED, eid);
}

/* The default route is in neither table. */
static void learned_flush(struct rib *rib)
{
	const struct lisp_eid all = lisp_eid_all(rib->iid, lisp_family_af(rib->family));
	struct lisp_eid_node *node, *next;

	rib->has_default = false;
	LISP_EID_TABLE_INSIDE (learned, &all, node, next)
		learned_free(rib, node);
	LISP_EID_TABLE_INSIDE (lost, &all, node, next)
		lost_free(node);
}

/* The set changed? */
static bool learned_add(struct rib *rib, const struct lisp_eid *eid)
{
	struct lisp_eid_node *node = lisp_eid_table_get(learned, eid);
	struct lisp_eid *copy;

	if (node->info)
		return false;
	copy = XMALLOC(MTYPE_LISP_ALT_LEARNED, sizeof(*copy));
	*copy = *eid;
	node->info = copy;
	rib->count++;
	lost_del(eid);
	return true;
}

static bool learned_del(struct rib *rib, const struct lisp_eid *eid)
{
	struct lisp_eid_node *node = lisp_eid_table_find(learned, eid);

	if (!node)
		return false;
	learned_free(rib, node);
	lost_add(eid);
	return true;
}

static bool learned_default_set(struct rib *rib, bool added)
{
	if (rib->has_default == added)
		return false;
	rib->has_default = added;
	if (!added)
		rib->since = monotime(NULL);
	return true;
}

static void learned_changed(struct rib *rib)
{
	time_t now = monotime(NULL);

	if (now - rib->last >= LISP_ALT_QUIET)
		rib->burst = now;
	rib->last = now;
}

void lisp_alt_rib_route(const struct lisp_eid *eid, bool added)
{
	struct rib *rib = eid_rib(eid);
	bool changed;

	if (!rib)
		return;
	if (!eid->prefix.prefixlen)
		changed = learned_default_set(rib, added);
	else
		changed = added ? learned_add(rib, eid) : learned_del(rib, eid);
	if (changed)
		learned_changed(rib);
}

static void rib_restart(struct rib *rib)
{
	learned_flush(rib);
	rib->since = monotime(NULL);
}

static void rib_free(struct rib *rib)
{
	learned_flush(rib);
	ribs_del(ribs, rib);
	XFREE(MTYPE_LISP_ALT_RIB, rib);
}

void lisp_alt_rib_set(uint32_t iid, enum lisp_family family, bool present)
{
	struct rib *rib = rib_find(iid, family);

	if (rib)
		rib_free(rib);
	if (!present)
		return;
	rib = XCALLOC(MTYPE_LISP_ALT_RIB, sizeof(*rib));
	rib->iid = iid;
	rib->family = family;
	ribs_add(ribs, rib);
	rib_restart(rib);
}

void lisp_alt_rib_restart(uint32_t iid, enum lisp_family family)
{
	struct rib *rib = rib_find(iid, family);

	if (rib)
		rib_restart(rib);
}

void lisp_alt_rib_up(uint32_t iid, enum lisp_family family, bool up)
{
	struct rib *rib = rib_find(iid, family);

	if (rib)
		rib->up = up;
}

bool lisp_alt_up(const struct lisp_eid *eid)
{
	const struct rib *rib = eid_rib(eid);

	return rib && rib->up;
}

static const struct lisp_eid *node_learned(const struct lisp_eid_node *node)
{
	return node ? node->info : NULL;
}

const struct lisp_eid *lisp_alt_learned_next(const struct lisp_eid *eid)
{
	return eid ? lisp_alt_learned_after(eid) : node_learned(lisp_eid_table_first(learned));
}

const struct lisp_eid *lisp_alt_learned_find(const struct lisp_eid *eid)
{
	return node_learned(lisp_eid_table_find(learned, eid));
}

const struct lisp_eid *lisp_alt_learned_after(const struct lisp_eid *eid)
{
	return node_learned(lisp_eid_table_after(learned, eid));
}

const struct lisp_eid *lisp_alt_learned_match(const struct lisp_eid *eid)
{
	struct lisp_eid_node *node = NULL;

	if (lisp_alt_up(eid))
		node = lisp_eid_table_match(learned, eid);
	return node ? node->info : NULL;
}

bool lisp_alt_reaches(const struct lisp_eid *eid)
{
	const struct rib *rib = eid_rib(eid);

	return rib && rib->up && (rib->has_default || lisp_eid_table_match(learned, eid));
}

const struct lisp_eid *lisp_alt_lost_match(const struct lisp_eid *eid)
{
	struct lisp_eid_node *node = lisp_eid_table_match(lost, eid);

	return node ? &((struct lost *)node->info)->eid : NULL;
}

enum lisp_alt_knowledge lisp_alt_knowledge(const struct lisp_eid *eid)
{
	const struct lisp_eid_node *node = lisp_eid_table_match(lost, eid);
	const struct rib *rib = eid_rib(eid);
	time_t now = monotime(NULL);

	if (!rib)
		return LISP_ALT_ABSENT;
	if (!rib->up)
		return LISP_ALT_NONE;
	/* More likely a lost BGP session or a Map-Server's restart than EIDs that ended. */
	if (node)
		return now - ((struct lost *)node->info)->since < LISP_ALT_LOST_SILENT
			       ? LISP_ALT_NONE
			       : LISP_ALT_LOST;
	if (now - rib->since >= LISP_ALT_SETTLE)
		return LISP_ALT_FULL;
	if (now - rib->last < LISP_ALT_QUIET && now - rib->burst < LISP_ALT_UNREST)
		return LISP_ALT_NONE;
	return rib->count ? LISP_ALT_FILLING : LISP_ALT_NONE;
}

unsigned int lisp_alt_rib_tables(const struct lisp_eid *eid,
				 const struct lisp_eid_table *tables[LISP_ALT_TABLES])
{
	if (!eid_rib(eid))
		return 0;
	tables[0] = learned;
	tables[1] = lost;
	return LISP_ALT_TABLES;
}

void lisp_alt_rib_init(void)
{
	learned = lisp_eid_table_new();
	lost = lisp_eid_table_new();
}

void lisp_alt_rib_finish(void)
{
	struct rib *rib;

	while ((rib = ribs_first(ribs)))
		rib_free(rib);
	ribs_fini(ribs);
	event_cancel(&t_lost);
	lisp_eid_table_free(&lost, NULL);
	lisp_eid_table_free(&learned, NULL);
}
