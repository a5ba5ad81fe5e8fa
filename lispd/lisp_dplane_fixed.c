// SPDX-License-Identifier: GPL-2.0-or-later
/* What the dataplane is to have by configuration, database and own RLOCs. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "memory.h"

#include "lispd/lisp_database.h"
#include "lispd/lisp_dplane_fixed.h"
#include "lispd/lisp_instance.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_tunnel.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_DP_FIXED, "LISP dataplane object");

static int fixed_cmp(const struct dp_fixed *a, const struct dp_fixed *b)
{
	if (a->obj.kind != b->obj.kind)
		return a->obj.kind < b->obj.kind ? -1 : 1;

	switch (a->obj.kind) {
	case DP_LOCAL_EID:
		return lisp_eid_cmp(&a->v.local_eid, &b->v.local_eid);
	case DP_LOCAL_RLOC:
		return ipaddr_cmp(&a->v.local_rloc.addr, &b->v.local_rloc.addr);
	case DP_TUNNEL:
		return strcmp(a->v.tunnel.name, b->v.tunnel.name);
	case DP_ALT:
		return strcmp(a->v.alt, b->v.alt);
	case DP_INSTANCE:
		return numcmp(a->v.instance.iid, b->v.instance.iid);
	case DP_UNDERLAY:
	case DP_LOCATOR:
	case DP_SET:
	case DP_MAPPING:
		break;
	}
	return 0;
}

DECLARE_RBTREE_UNIQ(dp_fixeds, struct dp_fixed, item, fixed_cmp);

static struct dp_fixeds_head fixeds[1] = { INIT_RBTREE_UNIQ(fixeds[0]) };

static void fixed_want(enum dp_kind kind, const union dp_value *v)
{
	struct dp_fixed key = { .obj.kind = kind, .v = *v }, *f;

	f = dp_fixeds_find(fixeds, &key);
	if (!f) {
		f = XCALLOC(MTYPE_LISP_DP_FIXED, sizeof(*f));
		f->obj.kind = kind;
		memcpy(&f->v, v, sizeof(f->v));
		dp_fixeds_add(fixeds, f);
		dp_enqueue(&f->obj);
	} else if (f->obj.remove || memcmp(&f->v, v, sizeof(f->v)) != 0) {
		memcpy(&f->v, v, sizeof(f->v));
		f->obj.remove = false;
		dp_enqueue(&f->obj);
	}
	f->stale = false;
}

static void want_underlay(void)
{
	union dp_value v;

	if (strmatch(lisp.rloc_vrf, VRF_DEFAULT_NAME))
		return;
	memset(&v, 0, sizeof(v));
	strlcpy(v.underlay, lisp.rloc_vrf, sizeof(v.underlay));
	fixed_want(DP_UNDERLAY, &v);
}

static bool has_local_eids(uint32_t iid)
{
	struct lisp_local_eid *local = NULL;

	while ((local = lisp_database_next(local)))
		if (local->eid.iid == iid)
			return true;
	return false;
}

/* The default VRF takes one instance: 0 leaves it to another if it has no EIDs itself. */
static bool zero_makes_room(void)
{
	struct lisp_instance *other = NULL;

	if (has_local_eids(0))
		return false;
	while ((other = lisp_instance_next(other)))
		if (other->iid && strmatch(other->eid_vrf, VRF_DEFAULT_NAME))
			return true;
	return false;
}

/* An instance without a VRF is the control plane's alone. */
static bool instance_forwards(const struct lisp_instance *instance)
{
	if (!instance || !instance->eid_vrf[0])
		return false;
	return instance->iid || !zero_makes_room();
}

static void want_instance(const struct lisp_instance *instance)
{
	union dp_value v;
	bool any = false;

	memset(&v, 0, sizeof(v));
	v.instance.iid = instance->iid;
	if (!strmatch(instance->eid_vrf, VRF_DEFAULT_NAME))
		strlcpy(v.instance.vrf, instance->eid_vrf, sizeof(v.instance.vrf));
	for (enum lisp_family family = 0; family < LISP_FAMILY_MAX; family++) {
		const struct lisp_service *service = lisp_service_get(instance->iid, family);

		v.instance.itr[family] = service->itr;
		v.instance.etr[family] = service->etr;
		any |= service->itr || service->etr;
	}
	v.instance.queue_per_eid = lisp.queue_per_eid;
	v.instance.queue_total = lisp.queue_total;
	v.instance.queue_hold_ms = LISP_DPLANE_QUEUE_HOLD;
	if (any)
		fixed_want(DP_INSTANCE, &v);
}

static void want_instances(void)
{
	struct lisp_instance *instance = NULL;

	while ((instance = lisp_instance_next(instance)))
		if (instance_forwards(instance))
			want_instance(instance);
}

struct dp_fixed *dp_fixed_instance(uint32_t iid)
{
	struct dp_fixed key = { .obj.kind = DP_INSTANCE, .v.instance.iid = iid };

	return dp_fixeds_find(fixeds, &key);
}

static void want_local_eids(void)
{
	struct lisp_local_eid *local = NULL;
	union dp_value v;

	while ((local = lisp_database_next(local))) {
		if (!instance_forwards(lisp_instance_find(local->eid.iid)))
			continue;
		memset(&v, 0, sizeof(v));
		v.local_eid.iid = local->eid.iid;
		prefix_copy(&v.local_eid.prefix, &local->eid.prefix);
		fixed_want(DP_LOCAL_EID, &v);
	}
}

static void want_local_rlocs(void)
{
	struct lisp_rloc *rloc = NULL;
	union dp_value v;

	while ((rloc = lisp_rloc_own_next(rloc))) {
		if (!rloc->local || !rloc->ifindex)
			continue;
		memset(&v, 0, sizeof(v));
		v.local_rloc.addr.ipa_type = rloc->addr.ipa_type;
		memcpy(v.local_rloc.addr.ip.addrbytes, rloc->addr.ip.addrbytes,
		       IPADDRSZ(&rloc->addr));
		v.local_rloc.ifindex = rloc->ifindex;
		v.local_rloc.mtu = rloc->mtu;
		fixed_want(DP_LOCAL_RLOC, &v);
	}
}

static void want_tunnels(void)
{
	struct lisp_tunnel *tunnel = NULL;
	union dp_value v;

	while ((tunnel = lisp_tunnel_next(tunnel))) {
		const char *vrf = lisp_instance_alt_vrf(lisp_instance_find(tunnel->iid));

		if (!vrf[0]) {
			strlcpy(tunnel->error, "no alt-vrf", sizeof(tunnel->error));
			continue;
		}
		memset(&v, 0, sizeof(v));
		strlcpy(v.tunnel.name, tunnel->name, sizeof(v.tunnel.name));
		strlcpy(v.tunnel.vrf, vrf, sizeof(v.tunnel.vrf));
		v.tunnel.source = tunnel->source;
		v.tunnel.destination = tunnel->destination;
		v.tunnel.has_key = tunnel->has_key;
		v.tunnel.key = tunnel->key;
		fixed_want(DP_TUNNEL, &v);
	}
}

static void want_alts(void)
{
	struct lisp_instance *instance = NULL;
	union dp_value v;

	while ((instance = lisp_instance_next(instance))) {
		const char *vrf = lisp_instance_alt_vrf(instance);

		if (!vrf[0])
			continue;
		memset(&v, 0, sizeof(v));
		strlcpy(v.alt, vrf, sizeof(v.alt));
		fixed_want(DP_ALT, &v);
	}
}

void dp_fixed_alt_again(const char *vrf)
{
	struct dp_fixed key = { .obj.kind = DP_ALT }, *f;

	strlcpy(key.v.alt, vrf, sizeof(key.v.alt));
	f = dp_fixeds_find(fixeds, &key);
	if (f && !f->obj.remove)
		dp_enqueue(&f->obj);
}

void dp_fixed_reconcile(void)
{
	struct dp_fixed *f;

	frr_each (dp_fixeds, fixeds, f)
		f->stale = !f->obj.remove;

	if (lisp.enabled) {
		want_underlay();
		want_instances();
		want_local_eids();
		want_local_rlocs();
		want_tunnels();
		want_alts();
	}

	frr_each_safe (dp_fixeds, fixeds, f) {
		if (!f->stale)
			continue;
		f->stale = false;
		dp_drop(&f->obj);
	}
}

void dp_fixed_replay(void)
{
	struct dp_fixed *f;

	dp_fixed_reconcile();
	frr_each (dp_fixeds, fixeds, f)
		dp_enqueue(&f->obj);
}

void dp_fixed_offline(void)
{
	struct dp_fixed *f;

	frr_each_safe (dp_fixeds, fixeds, f)
		dp_forget(&f->obj);
}

static int fixed_database_changed(void)
{
	dp_fixed_reconcile();
	return 0;
}

static int fixed_rloc_changed(struct lisp_rloc *rloc)
{
	if (rloc->own_refs)
		dp_fixed_reconcile();
	return 0;
}

static void fixed_free(struct dp_obj *obj)
{
	struct dp_fixed *f = container_of(obj, struct dp_fixed, obj);

	dp_fixeds_del(fixeds, f);
	XFREE(MTYPE_LISP_DP_FIXED, f);
}

void dp_fixed_init(void)
{
	for (enum dp_kind kind = DP_UNDERLAY; kind <= DP_ALT; kind++)
		dp_queue_free_by(kind, fixed_free);
	hook_register(lisp_database_changed, fixed_database_changed);
	hook_register(lisp_rloc_changed, fixed_rloc_changed);
}

void dp_fixed_finish(void)
{
	struct dp_fixed *f;

	hook_unregister(lisp_database_changed, fixed_database_changed);
	hook_unregister(lisp_rloc_changed, fixed_rloc_changed);
	frr_each_safe (dp_fixeds, fixeds, f)
		fixed_free(&f->obj);
	dp_fixeds_fini(fixeds);
}
