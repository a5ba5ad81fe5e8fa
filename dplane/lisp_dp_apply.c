// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Operations in the order in which they take effect. Objects carry the epoch in which
 * lispd named them last: a new lispd replays all it wants, and what it did not name is
 * swept. Each change is applied at once to the tables, the maps of the fast path and
 * the kernel; what follows from several of a Batch is done once at its end.
 */
#include <zebra.h>

#include <linux/rtnetlink.h>

#include "lib/log.h"
#include "lib/privs.h"
#include "zebra/zebra_netns_notify.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_alt.h"
#include "dplane/lisp_dp_apply.h"
#include "dplane/lisp_dp_device.h"
#include "dplane/lisp_dp_gre.h"
#include "dplane/lisp_dp_guard.h"
#include "dplane/lisp_dp_icmp.h"
#include "dplane/lisp_dp_local.h"
#include "dplane/lisp_dp_locator.h"
#include "dplane/lisp_dp_port.h"
#include "dplane/lisp_dp_queue.h"
#include "dplane/lisp_dp_set.h"
#include "dplane/lisp_dp_slow.h"
#include "dplane/lisp_dp_steer.h"
#include "dplane/lisp_dp_tell.h"
#include "dplane/lisp_dp_underlay.h"
#include "dplane/lisp_dp_vrf.h"
#include "dplane/lisp_dp_watch.h"

#define NO_EPOCH   0	/* no object is ever marked with it */
#define SWEEP_MAX  4096 /* mappings of one portion */
#define CHECK_S	   2
#define RESTORE_MS 500 /* from what somebody took away to making it again: he may not be done */

static bool dirty;		   /* devices, rules or programs may have to change */
static bool stopped;		   /* an instance was: its routes may have to go */
static unsigned int rules_missing; /* that the last look at them found */
static struct event *t_check, *t_restore;

static void apply_check(struct event *event);

/* ---- what others take away ---- */

static void apply_restore(struct event *event)
{
	struct lisp_dp_instance *instance = NULL;
	unsigned int filters = 0;

	frr_with_privs (&zserv_privs) {
		while ((instance = lisp_dp_instance_next(instance))) {
			if (instance->active && !lisp_dp_device_fits(instance))
				zlog_warn("lisp: %s was changed, set back", instance->ifname);
			if (instance->bpf && lisp_dp_device_programless(instance)) {
				instance->bpf = false;
				filters++;
			}
			instance->fresh = true;
		}
		filters += lisp_dp_port_check();
		dirty = true;
		lisp_dp_commit();
	}
	if (rules_missing)
		zlog_warn("lisp: %u policy rules were gone, made again", rules_missing);
	if (filters)
		zlog_warn("lisp: programs at %u interfaces were gone, attached again", filters);
}

/* It is ours, and not as it should be. */
static bool was_ours(enum lisp_dp_watch_what what, uint32_t number)
{
	const struct lisp_dp_instance *instance;

	switch (what) {
	case LISP_DP_WATCH_ROUTE:
		instance = lisp_dp_instance_of_table(number);
		if (instance)
			zlog_warn("lisp: a route to %s is gone, made again", instance->ifname);
		return instance || number == RT_TABLE_MAIN;
	case LISP_DP_WATCH_DOWN:
	case LISP_DP_WATCH_LINK:
		instance = lisp_dp_instance_of_device(number);
		return instance && (what == LISP_DP_WATCH_DOWN || !lisp_dp_device_fits(instance));
	case LISP_DP_WATCH_FILTER:
		instance = lisp_dp_instance_of_device(number);
		return lisp_dp_port_lost(number) ||
		       (instance && instance->bpf && lisp_dp_device_programless(instance));
	case LISP_DP_WATCH_RULE:
	case LISP_DP_WATCH_LOST:
		break;
	}
	return true;
}

static void apply_watched(enum lisp_dp_watch_what what, uint32_t number)
{
	bool ours = false;

	if (t_restore)
		return;
	frr_with_privs (&zserv_privs) {
		ours = was_ours(what, number);
	}
	if (ours)
		event_add_timer_msec(lisp_dp_loop, apply_restore, NULL, RESTORE_MS, &t_restore);
}

/* ---- what is missing ---- */

static char trouble[300]; /* told with each instance's state */

/* Sockets and programs that could not be had are tried again. True: it is news. */
static bool trouble_check(void)
{
	char text[3][140], now[sizeof(trouble)] = "";

	lisp_dp_slow_sync();
	lisp_dp_port_sync();
	lisp_dp_slow_trouble(text[0], sizeof(text[0]));
	lisp_dp_port_trouble(text[1], sizeof(text[1]));
	lisp_dp_device_trouble(text[2], sizeof(text[2]));
	for (size_t i = 0; i < array_size(text); i++)
		if (text[i][0])
			snprintf(now + strlen(now), sizeof(now) - strlen(now), "%s%s",
				 now[0] ? "; " : "", text[i]);
	if (strmatch(now, trouble))
		return false;
	strlcpy(trouble, now, sizeof(trouble));
	return true;
}

/* ---- instances ---- */

static void instance_stop(struct lisp_dp_instance *instance)
{
	if (!instance->active)
		return;
	instance->active = false;
	stopped = true;
	lisp_dp_queue_drop(instance->iid);
	lisp_dp_slow_stop(instance);
	lisp_dp_instance_map(instance, true);
	lisp_dp_device_close(instance);
}

/*
 * Two would mix: rules and the table there know no instances. One that lispd has not
 * named since it connected goes for one that it has.
 */
static bool default_vrf_taken(struct lisp_dp_instance *instance)
{
	struct lisp_dp_instance *other = lisp_dp_instance_of_table(LISP_DP_TABLE);

	if (!lisp_dp_vrf_is_default(instance->vrf) || !other || other == instance)
		return false;
	if (other->epoch != instance->epoch) {
		other->wanted = false;
		instance_stop(other);
		return false;
	}
	snprintf(instance->error, sizeof(instance->error),
		 "instance-id %u is in the default VRF, which takes one instance", other->iid);
	return true;
}

/* 0 or errno, with text in instance->error. */
static int instance_start(struct lisp_dp_instance *instance)
{
	char before[sizeof(instance->error)];
	int error;

	strlcpy(before, instance->error, sizeof(before));
	error = default_vrf_taken(instance) ? EBUSY : lisp_dp_device_open(instance);
	if (error) {
		if (strcmp(before, instance->error)) {
			zlog_warn("lisp: instance-id %u, VRF %s: %s", instance->iid,
				  instance->vrf[0] ? instance->vrf : VRF_DEFAULT_NAME,
				  instance->error);
			lisp_dp_tell_instance(instance, trouble);
		}
		return error;
	}
	instance->active = instance->fresh = true;
	lisp_dp_slow_start(instance);
	return lisp_dp_instance_map(instance, false);
}

static int instance_refuse(const struct lisp_dp_instance *instance, int error, struct lisp_dp_op *op)
{
	char text[sizeof(instance->vrf) + sizeof(instance->error) + sizeof("VRF : ")];

	if (!instance->vrf[0])
		return lisp_dp_refuse(op, error, instance->error);
	snprintf(text, sizeof(text), "VRF %s: %s", instance->vrf, instance->error);
	return lisp_dp_refuse(op, error, text);
}

static int instance_apply(const LispDp__Instance *from, struct lisp_dp_op *op)
{
	struct lisp_dp_instance *instance;
	int error;

	if (from->iid > LISP_DP_IID_MAX)
		return lisp_dp_refuse(op, EINVAL, "instance-id out of range");
	if (strlen(from->vrf) >= sizeof(instance->vrf))
		return lisp_dp_refuse(op, EINVAL, "VRF's name too long");
	op->dirty = true;
	instance = lisp_dp_instance_get(from->iid);
	instance->wanted = !op->remove;
	if (op->remove) {
		instance_stop(instance);
		/* who wants it again is told again */
		instance->error[0] = '\0';
		return 0;
	}
	if (strcmp(instance->vrf, from->vrf)) {
		instance_stop(instance);
		strlcpy(instance->vrf, from->vrf, sizeof(instance->vrf));
	}
	instance->epoch = op->epoch;
	lisp_dp_instance_read(instance, from);
	lisp_dp_watch_start(apply_watched);
	event_add_timer(lisp_dp_loop, apply_check, NULL, CHECK_S, &t_check);
	if (instance->active)
		return lisp_dp_instance_map(instance, false);
	error = instance_start(instance);
	return error ? instance_refuse(instance, error, op) : 0;
}

/* Its device was taken away by somebody else: the same again. */
static void instance_renew(struct lisp_dp_instance *instance)
{
	zlog_warn("lisp: %s is gone, it is made anew", instance->ifname);
	instance_stop(instance);
	instance_start(instance);
	dirty = true;
	lisp_dp_commit();
}

/* Those that could not before: what was in their way may have gone. */
static void instances_start_late(void)
{
	struct lisp_dp_instance *instance = NULL;

	while ((instance = lisp_dp_instance_next(instance)))
		if (instance->wanted && !instance->active && !instance_start(instance))
			dirty = true;
}

/* Firewall or IPsec are not what they were. */
static void judge(void)
{
	lisp_dp_locator_judge();
	dirty = true;
}

static void guard_changed(void)
{
	frr_with_privs (&zserv_privs) {
		judge();
		lisp_dp_commit();
	}
}

/* VRFs come and go, and so do devices that have our names. */
static void apply_check(struct event *event)
{
	struct lisp_dp_instance *instance = NULL;

	event_add_timer(lisp_dp_loop, apply_check, NULL, CHECK_S, &t_check);
	frr_with_privs (&zserv_privs) {
		dirty |= lisp_dp_underlay_check();
		while ((instance = lisp_dp_instance_next(instance))) {
			if (instance->active && !lisp_dp_device_in_vrf(instance))
				instance_renew(instance);
			if (instance->active && instance->error[0])
				dirty = instance->fresh = true;
			dirty |= instance->program_error && lisp_dp_device_programless(instance);
		}
		instances_start_late();
		if (lisp_dp_guard_poll())
			judge();
		dirty |= lisp_dp_steer_check(lisp_dp_port_is);
		dirty |= trouble_check();
		lisp_dp_commit();
	}
}

/* ---- mappings ---- */

static int mapping_apply(const LispDp__Mapping *from, struct lisp_dp_op *op)
{
	struct lisp_bpf_mapping value = {};
	struct lisp_dp_instance *instance;
	struct route_node *node;
	struct prefix prefix;
	int error;

	if (!lisp_dp_read_eid(from->iid, from->prefix, &prefix))
		return lisp_dp_refuse(op, EINVAL, "malformed EID-prefix");
	error = op->remove ? 0 : lisp_dp_mapping_read(from, &value, op);
	if (error)
		return error;
	instance = lisp_dp_instance_get(from->iid);
	node = route_node_get(lisp_dp_table_of(instance->cache, &prefix), &prefix);
	if (!op->remove) {
		error = lisp_dp_steer_put(instance, node, &value, op->epoch);
		lisp_dp_queue_mapping(instance, &prefix);
	} else if (node->info) {
		lisp_dp_steer_remove(instance, node);
	}
	route_unlock_node(node);
	return error;
}

/* ---- all kinds ---- */

static int apply(const LispDp__Op *from, struct lisp_dp_op *op)
{
	switch ((int)from->body_case) {
	case LISP_DP__OP__BODY_INSTANCE:
		return instance_apply(from->instance, op);
	case LISP_DP__OP__BODY_LOCAL_EID:
		return lisp_dp_local_eid_apply(from->local_eid, op);
	case LISP_DP__OP__BODY_LOCAL_RLOC:
		return lisp_dp_rloc_apply(from->local_rloc, op);
	case LISP_DP__OP__BODY_LOCATOR:
		return lisp_dp_locator_apply(from->locator, op);
	case LISP_DP__OP__BODY_SET:
		return lisp_dp_set_apply(from->set, op);
	case LISP_DP__OP__BODY_MAPPING:
		return mapping_apply(from->mapping, op);
	case LISP_DP__OP__BODY_TUNNEL:
		return lisp_dp_gre_apply(from->tunnel, op);
	case LISP_DP__OP__BODY_ALT:
		return lisp_dp_alt_apply(from->alt, op);
	case LISP_DP__OP__BODY_UNDERLAY:
		return lisp_dp_underlay_apply(from->underlay, op);
	case LISP_DP__OP__BODY_END_OF_REPLAY:
		lisp_dp_sweep(op->epoch);
		return 0;

	default:
		return lisp_dp_refuse(op, EINVAL, "unknown operation");
	}
}

int lisp_dp_apply(const LispDp__Op *from, struct lisp_dp_op *op)
{
	int error = apply(from, op);

	dirty |= op->dirty;
	if (op->came_up)
		lisp_dp_queue_locator_up();
	return error;
}

static void sync_kernel(void)
{
	struct lisp_dp_instance *instance = NULL;

	if (lisp_dp_guard_sync(lisp_dp_instance_any_active()))
		lisp_dp_locator_judge();
	dirty = false;
	lisp_dp_icmp_sync();
	while ((instance = lisp_dp_instance_next(instance))) {
		if (!instance->active)
			continue;
		if (lisp_dp_instance_moved(instance))
			lisp_dp_instance_map(instance, false);
		lisp_dp_device_sync(instance);
		lisp_dp_steer_routes(instance);
		if (instance->fresh) /* only a device that is up takes routes */
			lisp_dp_steer_again(instance);
	}
	lisp_dp_steer_check(lisp_dp_port_is);
	rules_missing = lisp_dp_steer_rules();
	while ((instance = lisp_dp_instance_next(instance)))
		instance->fresh = false;
	trouble_check();
	while ((instance = lisp_dp_instance_next(instance))) {
		if (!instance->active)
			continue;
		lisp_dp_device_program(instance);
		lisp_dp_tell_instance(instance, trouble);
	}
	if (lisp_dp_device_live() && stopped)
		lisp_dp_steer_sweep();
	stopped = false;
}

void lisp_dp_commit(void)
{
	if (stopped)
		instances_start_late();
	if (dirty)
		sync_kernel();
	lisp_dp_queue_flush();
}

/* ---- sweep ---- */

/* Mappings, in portions: others have their turn between them. */
static struct {
	uint64_t epoch;
	struct lisp_dp_mapping_cursor at;
	struct event *t_more;
} sweep;

static void sweep_mapping(struct lisp_dp_instance *instance, struct route_node *node, void *arg)
{
	const struct lisp_dp_mapping *mapping = node->info;

	if (mapping->epoch != sweep.epoch)
		lisp_dp_steer_remove(instance, node);
}

/* False: they are through, and so is what they used. */
static bool sweep_mappings(size_t max)
{
	if (lisp_dp_mapping_walk_on(&sweep.at, max, sweep_mapping, NULL))
		return true;
	lisp_dp_set_sweep(sweep.epoch);
	lisp_dp_locator_sweep(sweep.epoch);
	return false;
}

static void apply_sweep(struct event *event)
{
	frr_with_privs (&zserv_privs) {
		if (sweep_mappings(SWEEP_MAX))
			event_add_event(lisp_dp_loop, apply_sweep, NULL, 0, &sweep.t_more);
		else
			sync_kernel();
	}
}

void lisp_dp_sweep_stop(void)
{
	event_cancel(&sweep.t_more);
	memset(&sweep.at, 0, sizeof(sweep.at));
}

static void sweep_instance(struct lisp_dp_instance *instance, uint64_t epoch)
{
	lisp_dp_local_eid_sweep(instance, epoch);
	if (instance->epoch != epoch) {
		instance->wanted = false;
		instance_stop(instance);
	}
}

void lisp_dp_sweep(uint64_t epoch)
{
	struct lisp_dp_instance *instance = NULL;

	lisp_dp_underlay_sweep(epoch);
	while ((instance = lisp_dp_instance_next(instance)))
		sweep_instance(instance, epoch);
	lisp_dp_sweep_stop();
	sweep.epoch = epoch;
	if (sweep_mappings(epoch == NO_EPOCH ? SIZE_MAX : SWEEP_MAX))
		event_add_event(lisp_dp_loop, apply_sweep, NULL, 0, &sweep.t_more);
	lisp_dp_gre_sweep(epoch);
	lisp_dp_alt_sweep(epoch);

	lisp_dp_device_go_live();
	sync_kernel();
	lisp_dp_device_sweep();
	lisp_dp_port_sweep();
	lisp_dp_steer_sweep();
	lisp_dp_gre_sweep_stale();
	lisp_dp_alt_sweep_stale();
}

void lisp_dp_apply_init(void)
{
	lisp_dp_instance_init();
	lisp_dp_locator_init();
	lisp_dp_set_init();
	lisp_dp_guard_init(guard_changed);
	lisp_dp_slow_init(instance_renew);
	lisp_dp_gre_init();
	lisp_dp_alt_init();
}

void lisp_dp_apply_finish(void)
{
	event_cancel(&t_check);
	event_cancel(&t_restore);
	lisp_dp_watch_stop();
	lisp_dp_sweep(NO_EPOCH);
	lisp_dp_gre_finish();
	lisp_dp_alt_finish();
	lisp_dp_slow_finish();
	lisp_dp_icmp_finish();
	lisp_dp_set_finish();
	lisp_dp_locator_finish();
	lisp_dp_instance_finish();
}
