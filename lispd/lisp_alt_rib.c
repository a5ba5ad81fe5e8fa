// SPDX-License-Identifier: GPL-2.0-or-later
/* What the ALT tells: prefixes that bgpd has, and had until lately. */
#include <zebra.h>

#include "frrevent.h"
#include "memory.h"
#include "monotime.h"

#include "lispd/lisp_alt_rib.h"
#include "lispd/lispd.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_ALT_LEARNED, "LISP ALT learned prefix");
DEFINE_MTYPE_STATIC(LISPD, LISP_ALT_LOST, "LISP ALT lost prefix");

#define SETTLE_SEC 180 /* for BGP to bring all routes at first */
#define LOST_SEC   180 /* for BGP or a Map-Server's ETRs to bring one back */
#define SWEEP_SEC  10  /* between looks for what stays lost */
#define QUIET_SEC  10  /* without a change, before what is missing is called a hole */
#define BURST_SEC  60  /* a network that never rests gets its answers too */

struct lost {
	struct lisp_eid eid;
	time_t since; /* monotonic seconds */
};

static struct {
	bool present; /* the family has an alt-vrf */
	bool up;
	bool has_default;
	unsigned int count;
	/* Monotonic seconds: since when bgpd may bring more, and of its changes without a rest. */
	time_t since;
	time_t burst, last;
} ribs[LISP_FAMILY_MAX];

static struct lisp_eid_table *learned; /* info: struct lisp_eid */
static struct lisp_eid_table *lost;    /* info: struct lost; not in `learned` */
static struct event *t_lost;

static enum lisp_family eid_family(const struct lisp_eid *eid)
{
	return lisp_af_family(eid->prefix.family);
}

/* NLRI have no instance-id: the ALT is instance-id 0's, and knows IP EIDs only. */
static bool eid_has_rib(const struct lisp_eid *eid)
{
	return !eid->iid && lisp_eid_is_ip(eid) && ribs[eid_family(eid)].present;
}

static bool eid_up(const struct lisp_eid *eid)
{
	return eid_has_rib(eid) && ribs[eid_family(eid)].up;
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
		if (now - ((struct lost *)node->info)->since >= LOST_SEC)
			lost_free(node);
		else
			some = true;
	}
	if (some)
		event_add_timer(lisp.master, alt_rib_sweep, NULL, SWEEP_SEC, &t_lost);
}

static void lost_add(const struct lisp_eid *eid)
{
	struct lisp_eid_node *node = lisp_eid_table_get(lost, eid);
	struct lost *gone = XMALLOC(MTYPE_LISP_ALT_LOST, sizeof(*gone));

	*gone = (struct lost){ .eid = *eid, .since = monotime(NULL) };
	node->info = gone;
	event_add_timer(lisp.master, alt_rib_sweep, NULL, SWEEP_SEC, &t_lost);
}

static void lost_del(const struct lisp_eid *eid)
{
	struct lisp_eid_node *node = lisp_eid_table_find(lost, eid);

	if (node)
		lost_free(node);
}

/* ---- learned: what bgpd knows there ---- */

static void learned_free(struct lisp_eid_node *node)
{
	struct lisp_eid *eid = node->info;

	ribs[eid_family(eid)].count--;
	lisp_eid_table_del(learned, node);
	XFREE(MTYPE_LISP_ALT_LEARNED, eid);
}

static void learned_flush(enum lisp_family family)
{
	struct lisp_eid_node *node, *next;

	ribs[family].has_default = false;
	LISP_EID_TABLE_EACH (learned, node, next)
		if (eid_family(node->info) == family)
			learned_free(node);
	LISP_EID_TABLE_EACH (lost, node, next)
		if (eid_family(&((struct lost *)node->info)->eid) == family)
			lost_free(node);
}

/* The set changed? */
static bool learned_add(const struct lisp_eid *eid)
{
	struct lisp_eid_node *node = lisp_eid_table_get(learned, eid);
	struct lisp_eid *copy;

	if (node->info)
		return false;
	copy = XMALLOC(MTYPE_LISP_ALT_LEARNED, sizeof(*copy));
	*copy = *eid;
	node->info = copy;
	ribs[eid_family(eid)].count++;
	lost_del(eid);
	return true;
}

static bool learned_del(const struct lisp_eid *eid)
{
	struct lisp_eid_node *node = lisp_eid_table_find(learned, eid);

	if (!node)
		return false;
	learned_free(node);
	lost_add(eid);
	return true;
}

static bool learned_default_set(enum lisp_family family, bool added)
{
	if (ribs[family].has_default == added)
		return false;
	ribs[family].has_default = added;
	if (!added)
		ribs[family].since = monotime(NULL);
	return true;
}

static void learned_changed(enum lisp_family family)
{
	time_t now = monotime(NULL);

	if (now - ribs[family].last >= QUIET_SEC)
		ribs[family].burst = now;
	ribs[family].last = now;
}

void lisp_alt_rib_route(const struct lisp_eid *eid, bool added)
{
	enum lisp_family family = eid_family(eid);
	bool changed;

	if (!eid->prefix.prefixlen)
		changed = learned_default_set(family, added);
	else
		changed = added ? learned_add(eid) : learned_del(eid);
	if (changed)
		learned_changed(family);
}

void lisp_alt_rib_restart(enum lisp_family family)
{
	learned_flush(family);
	ribs[family].since = monotime(NULL);
}

void lisp_alt_rib_set(enum lisp_family family, bool present)
{
	lisp_alt_rib_restart(family);
	ribs[family].present = present;
	ribs[family].up = false;
}

void lisp_alt_rib_up(enum lisp_family family, bool up)
{
	ribs[family].up = up;
}

bool lisp_alt_up(enum lisp_family family)
{
	return ribs[family].up;
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

	if (eid_up(eid))
		node = lisp_eid_table_match(learned, eid);
	return node ? node->info : NULL;
}

bool lisp_alt_reaches(const struct lisp_eid *eid)
{
	if (!eid_up(eid))
		return false;
	return ribs[eid_family(eid)].has_default || lisp_alt_learned_match(eid);
}

enum lisp_alt_knowledge lisp_alt_knowledge(const struct lisp_eid *eid)
{
	enum lisp_family family = eid_family(eid);
	time_t now = monotime(NULL);

	if (!eid_has_rib(eid))
		return LISP_ALT_ABSENT;
	/* More likely a lost BGP session or a Map-Server's restart than EIDs that ended. */
	if (!ribs[family].up || lisp_eid_table_match(lost, eid))
		return LISP_ALT_NONE;
	if (now - ribs[family].since >= SETTLE_SEC)
		return LISP_ALT_FULL;
	if (now - ribs[family].last < QUIET_SEC && now - ribs[family].burst < BURST_SEC)
		return LISP_ALT_NONE;
	return ribs[family].count ? LISP_ALT_FILLING : LISP_ALT_NONE;
}

unsigned int lisp_alt_rib_tables(const struct lisp_eid *eid,
				 const struct lisp_eid_table *tables[LISP_ALT_TABLES])
{
	if (!eid_has_rib(eid))
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
	for (enum lisp_family family = 0; family < LISP_FAMILY_MAX; family++)
		lisp_alt_rib_set(family, false);
	event_cancel(&t_lost);
	lisp_eid_table_free(&lost, NULL);
	lisp_eid_table_free(&learned, NULL);
}
