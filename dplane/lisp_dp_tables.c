// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The plugin's truth. Objects carry the epoch in which lispd named them last: a
 * new lispd replays all it wants, and what it did not name is swept.
 */
#include <zebra.h>

#include <string.h>

#include "lib/jhash.h"
#include "lib/log.h"
#include "lib/monotime.h"
#include "lib/prefix.h"
#include "lib/table.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_bpf.h"
#include "dplane/lisp_dp_buckets.h"
#include "dplane/lisp_dp_device.h"
#include "dplane/lisp_dp_gre.h"
#include "dplane/lisp_dp_icmp.h"
#include "dplane/lisp_dp_netlink.h"
#include "dplane/lisp_dp_queue.h"
#include "dplane/lisp_dp_slow.h"
#include "dplane/lisp_dp_socket.h"
#include "dplane/lisp_dp_tables.h"

#define IID_MAX	    0xffffff
#define MTU_DEFAULT 1500 /* of an interface that does not tell */
#define PATH_MTU_S  600	 /* RFC 1191 section 6.3: a larger one is tried again */

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_INSTANCE, "LISP instance");
DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_LOCAL_EID, "LISP local EID-prefix");
DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_MAPPING, "LISP mapping");
DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_RLOC, "LISP own RLOC");
DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_LOCATOR, "LISP locator");
DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_SET, "LISP RLOC-set");
DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_MEMBER, "LISP RLOC-set members");

static int instance_cmp(const struct lisp_dp_instance *a, const struct lisp_dp_instance *b)
{
	return numcmp(a->iid, b->iid);
}

static uint32_t instance_hash(const struct lisp_dp_instance *instance)
{
	return jhash_1word(instance->iid, 0x11597);
}
DECLARE_HASH(lisp_dp_instances, struct lisp_dp_instance, item, instance_cmp, instance_hash);

static int locator_cmp(const struct lisp_dp_locator *a, const struct lisp_dp_locator *b)
{
	return numcmp(a->id, b->id);
}

static uint32_t locator_hash(const struct lisp_dp_locator *locator)
{
	return jhash_1word(locator->id, 0x11597);
}
DECLARE_HASH(lisp_dp_locators, struct lisp_dp_locator, item, locator_cmp, locator_hash);

static int remote_cmp(const struct lisp_dp_locator *a, const struct lisp_dp_locator *b)
{
	if (a->value.family != b->value.family)
		return numcmp(a->value.family, b->value.family);
	return memcmp(a->value.address, b->value.address, sizeof(a->value.address));
}

static uint32_t remote_hash(const struct lisp_dp_locator *locator)
{
	return jhash(locator->value.address, sizeof(locator->value.address), 0x11597);
}
DECLARE_HASH(lisp_dp_remotes, struct lisp_dp_locator, by_address, remote_cmp, remote_hash);

static int set_cmp(const struct lisp_dp_set *a, const struct lisp_dp_set *b)
{
	return numcmp(a->id, b->id);
}

static uint32_t set_hash(const struct lisp_dp_set *set)
{
	return jhash_1word(set->id, 0x11597);
}
DECLARE_HASH(lisp_dp_sets, struct lisp_dp_set, item, set_cmp, set_hash);

static int rloc_cmp(const struct lisp_dp_rloc *a, const struct lisp_dp_rloc *b)
{
	return memcmp(&a->key, &b->key, sizeof(a->key));
}

static uint32_t rloc_hash(const struct lisp_dp_rloc *rloc)
{
	return jhash(&rloc->key, sizeof(rloc->key), 0x11597);
}
DECLARE_HASH(lisp_dp_rlocs, struct lisp_dp_rloc, item, rloc_cmp, rloc_hash);

static struct lisp_dp_instances_head instances[1];
static struct lisp_dp_locators_head locators[1];
static struct lisp_dp_remotes_head remotes[1];
static struct lisp_dp_sets_head sets[1];
static struct lisp_dp_rlocs_head rlocs[1];


static bool dirty; /* devices, rules or programs may have to change */

/* ---- reading what lispd says ---- */

static bool address_read(const ProtobufCBinaryData *from, uint8_t *family, uint8_t address[16])
{
	if (from->len != 4 && from->len != 16)
		return false;
	memset(address, 0, 16);
	memcpy(address, from->data, from->len);
	*family = from->len == 4 ? 4 : 6;
	return true;
}

static bool prefix_read(const LispDp__Prefix *from, struct prefix *prefix)
{
	memset(prefix, 0, sizeof(*prefix));
	if (!from || (from->address.len != 4 && from->address.len != 16) ||
	    from->length > from->address.len * 8)
		return false;
	prefix->family = from->address.len == 4 ? AF_INET : AF_INET6;
	prefix->prefixlen = from->length;
	memcpy(&prefix->u.prefix, from->address.data, from->address.len);
	apply_mask(prefix);
	return true;
}

static int refuse(int error, char *text, size_t size, const char *why)
{
	strlcpy(text, why, size);
	return error;
}

/* ---- instances ---- */

struct lisp_dp_instance *lisp_dp_instance_find(uint32_t iid)
{
	struct lisp_dp_instance key = { .iid = iid };

	return lisp_dp_instances_find(instances, &key);
}

struct lisp_dp_instance *lisp_dp_instance_next(struct lisp_dp_instance *instance)
{
	return instance ? lisp_dp_instances_next(instances, instance)
			: lisp_dp_instances_first(instances);
}

bool lisp_dp_instance_any_active(void)
{
	const struct lisp_dp_instance *instance;

	frr_each (lisp_dp_instances_const, instances, instance)
		if (instance->active)
			return true;
	return false;
}

static struct lisp_dp_instance *instance_get(uint32_t iid)
{
	struct lisp_dp_instance *instance = lisp_dp_instance_find(iid);

	if (instance)
		return instance;
	instance = XCALLOC(MTYPE_LISP_DP_INSTANCE, sizeof(*instance));
	instance->iid = iid;
	instance->fd = -1;
	for (int i = 0; i < 2; i++) {
		instance->local[i] = route_table_init();
		instance->cache[i] = route_table_init();
	}
	lisp_dp_instances_add(instances, instance);
	return instance;
}

static void instance_value(const struct lisp_dp_instance *instance, struct lisp_bpf_instance *value)
{
	value->iid = instance->iid;
	value->ifindex = instance->ifindex;
	value->flags = instance->flags;
}

static void instance_remove(struct lisp_dp_instance *instance)
{
	struct lisp_bpf_instance value = {};

	if (!instance->active)
		return;
	instance->active = false;
	dirty = true;
	lisp_dp_queue_drop(instance->iid);
	lisp_dp_slow_stop(instance);
	instance_value(instance, &value);
	lisp_dp_bpf_instance(&value, true);
	lisp_dp_device_close(instance);
}

/* 0 or errno, with text in instance->error. */
static int instance_start(struct lisp_dp_instance *instance)
{
	struct lisp_bpf_instance value = {};
	int error = lisp_dp_device_open(instance);

	if (error) {
		lisp_dp_socket_instance(instance);
		return error;
	}
	instance->active = true;
	dirty = true;
	lisp_dp_slow_start(instance);
	instance_value(instance, &value);
	return -lisp_dp_bpf_instance(&value, false);
}

static int instance_apply(const LispDp__Instance *from, bool remove, uint64_t epoch, char *text,
			  size_t size)
{
	struct lisp_dp_instance *instance;
	struct lisp_bpf_instance value = {};
	int error;

	if (from->iid > IID_MAX)
		return refuse(EINVAL, text, size, "instance-id out of range");
	if (remove) {
		instance = lisp_dp_instance_find(from->iid);
		if (instance)
			instance_remove(instance);
		return 0;
	}
	if (from->iid || from->vrf[0])
		return refuse(EOPNOTSUPP, text, size,
			      "only instance-id 0 in the default VRF has a lisp device");

	instance = instance_get(from->iid);
	instance->epoch = epoch;
	instance->flags = (from->itr4 ? LISP_INSTANCE_ITR4 : 0) |
			  (from->itr6 ? LISP_INSTANCE_ITR6 : 0) |
			  (from->etr4 ? LISP_INSTANCE_ETR4 : 0) |
			  (from->etr6 ? LISP_INSTANCE_ETR6 : 0);
	instance->queue_per_eid = from->queue_per_eid;
	instance->queue_total = from->queue_total;
	instance->queue_hold_ms = from->queue_hold_ms;
	dirty = true;
	if (!instance->active) {
		error = instance_start(instance);
		if (error)
			strlcpy(text, instance->error, size);
		return error;
	}
	instance_value(instance, &value);
	return -lisp_dp_bpf_instance(&value, false);
}

/* ---- local EID-prefixes ---- */

static struct route_table *table_of(struct route_table *const tables[2], const struct prefix *prefix)
{
	return tables[prefix->family == AF_INET ? 0 : 1];
}

static void local_eid_remove(struct lisp_dp_instance *instance, struct route_node *node)
{
	lisp_dp_bpf_local_eid(instance->iid, &node->p, true);
	XFREE(MTYPE_LISP_DP_LOCAL_EID, node->info);
	route_unlock_node(node);
	dirty = true;
}

static int local_eid_apply(const LispDp__LocalEid *from, bool remove, uint64_t epoch, char *text,
			   size_t size)
{
	struct lisp_dp_instance *instance;
	struct lisp_dp_local_eid *eid;
	struct route_node *node;
	struct prefix prefix;

	if (from->iid > IID_MAX || !prefix_read(from->prefix, &prefix))
		return refuse(EINVAL, text, size, "malformed EID-prefix");
	instance = instance_get(from->iid);
	node = route_node_get(table_of(instance->local, &prefix), &prefix);
	if (remove) {
		if (node->info)
			local_eid_remove(instance, node);
		route_unlock_node(node);
		return 0;
	}
	if (node->info) {
		route_unlock_node(node);
		eid = node->info;
		eid->epoch = epoch;
		return 0;
	}
	eid = XCALLOC(MTYPE_LISP_DP_LOCAL_EID, sizeof(*eid));
	eid->epoch = epoch;
	node->info = eid;
	dirty = true;
	return -lisp_dp_bpf_local_eid(instance->iid, &prefix, false);
}

static bool table_matches(struct route_table *table, const struct prefix *prefix, void **info)
{
	struct route_node *node = route_node_match(table, prefix);

	if (!node)
		return false;
	*info = node->info;
	route_unlock_node(node);
	return true;
}

static void host_prefix(struct prefix *prefix, uint8_t version, const uint8_t *address)
{
	memset(prefix, 0, sizeof(*prefix));
	prefix->family = LISP_DP_FAMILY(version);
	prefix->prefixlen = version == 4 ? 32 : 128;
	memcpy(&prefix->u.prefix, address, version == 4 ? 4 : 16);
}

bool lisp_dp_local_eid_match(const struct lisp_dp_instance *instance, uint8_t version,
			     const uint8_t *address)
{
	struct prefix prefix;
	void *info;

	host_prefix(&prefix, version, address);
	return table_matches(table_of(instance->local, &prefix), &prefix, &info);
}

/* ---- own RLOCs ---- */

static void rloc_remove(struct lisp_dp_rloc *rloc)
{
	lisp_dp_bpf_local_rloc(&rloc->key, true);
	lisp_dp_rlocs_del(rlocs, rloc);
	XFREE(MTYPE_LISP_DP_RLOC, rloc);
	dirty = true;
}

static int rloc_apply(const LispDp__LocalRloc *from, bool remove, uint64_t epoch, char *text,
		      size_t size)
{
	struct lisp_dp_rloc key = {}, *rloc;
	uint8_t family;

	if (!address_read(&from->address, &family, key.key.address))
		return refuse(EINVAL, text, size, "malformed RLOC");
	key.key.family = family;
	rloc = lisp_dp_rlocs_find(rlocs, &key);
	if (remove) {
		if (rloc)
			rloc_remove(rloc);
		return 0;
	}
	if (!rloc) {
		rloc = XCALLOC(MTYPE_LISP_DP_RLOC, sizeof(*rloc));
		rloc->key = key.key;
		lisp_dp_rlocs_add(rlocs, rloc);
	}
	rloc->ifindex = from->ifindex;
	rloc->mtu = from->mtu;
	rloc->epoch = epoch;
	dirty = true;
	return -lisp_dp_bpf_local_rloc(&rloc->key, false);
}

const struct lisp_dp_rloc *lisp_dp_rloc_next(const struct lisp_dp_rloc *rloc)
{
	return rloc ? lisp_dp_rlocs_const_next(rlocs, rloc) : lisp_dp_rlocs_const_first(rlocs);
}

bool lisp_dp_local_rloc_is(uint8_t version, const uint8_t *address)
{
	struct lisp_dp_rloc key = { .key.family = version };

	memcpy(key.key.address, address, version == 4 ? 4 : 16);
	return lisp_dp_rlocs_find(rlocs, &key);
}

const uint8_t *lisp_dp_own_address(uint8_t version)
{
	const struct lisp_dp_rloc *rloc;

	frr_each (lisp_dp_rlocs_const, rlocs, rloc)
		if (rloc->key.family == version)
			return rloc->key.address;
	return NULL;
}

/* ---- locators ---- */

struct lisp_dp_locator *lisp_dp_locator_find(uint32_t id)
{
	struct lisp_dp_locator key = { .id = id };

	return lisp_dp_locators_find(locators, &key);
}

struct lisp_dp_locator *lisp_dp_locator_next(struct lisp_dp_locator *locator)
{
	return locator ? lisp_dp_locators_next(locators, locator) : lisp_dp_locators_first(locators);
}

struct lisp_dp_locator *lisp_dp_locator_by_address(uint8_t version, const uint8_t *address)
{
	struct lisp_dp_locator key = { .value.family = version };

	memcpy(key.value.address, address, version == 4 ? 4 : 16);
	return lisp_dp_remotes_find(remotes, &key);
}

static void remote_key(const struct lisp_dp_locator *locator, struct lisp_bpf_rloc *key)
{
	memset(key, 0, sizeof(*key));
	memcpy(key->address, locator->value.address, sizeof(key->address));
	key->family = locator->value.family;
}

/* Out of the table by address, if it is this one that stands there. */
static void remote_forget(struct lisp_dp_locator *locator)
{
	struct lisp_bpf_rloc key;

	if (lisp_dp_remotes_find(remotes, locator) != locator)
		return;
	lisp_dp_remotes_del(remotes, locator);
	remote_key(locator, &key);
	lisp_dp_bpf_remote_rloc(&key, locator->id, true);
}

static void locator_remove(struct lisp_dp_locator *locator)
{
	lisp_dp_bpf_locator(locator->id, NULL, true);
	remote_forget(locator);
	lisp_dp_locators_del(locators, locator);
	XFREE(MTYPE_LISP_DP_LOCATOR, locator);
	dirty = true;
}

/* The largest encapsulated packet: the interface's, lispd's and ICMP's word. */
static uint16_t effective_mtu(uint32_t ifindex, uint32_t given, uint32_t learned)
{
	struct lisp_dp_link link;
	uint32_t mtu = MTU_DEFAULT;

	if (ifindex && !lisp_dp_link_get(NULL, ifindex, &link) && link.mtu)
		mtu = link.mtu;
	if (given && given < mtu)
		mtu = given;
	if (learned && learned < mtu)
		mtu = learned;
	return MIN(mtu, (uint32_t)UINT16_MAX);
}

static void locator_mtu_set(struct lisp_dp_locator *locator)
{
	locator->value.mtu = effective_mtu(locator->value.ifindex, locator->mtu, locator->path_mtu);
	lisp_dp_bpf_locator(locator->id, &locator->value, false);
}

void lisp_dp_locator_path_mtu(struct lisp_dp_locator *locator, uint32_t mtu)
{
	locator->path_mtu = mtu;
	locator->path_until = monotime(NULL) + PATH_MTU_S;
	locator_mtu_set(locator);
}

void lisp_dp_locator_path_mtu_age(struct lisp_dp_locator *locator)
{
	if (!locator->path_mtu || locator->path_until > monotime(NULL))
		return;
	locator->path_mtu = 0;
	locator_mtu_set(locator);
}

static bool locator_read(const LispDp__Locator *from, struct lisp_bpf_locator *value)
{
	uint8_t family;

	memset(value, 0, sizeof(*value));
	if (!address_read(&from->address, &value->family, value->address))
		return false;
	if (from->source.len &&
	    (!address_read(&from->source, &family, value->source) || family != value->family))
		return false;
	value->ifindex = from->ifindex;
	value->up = from->up && from->ifindex && from->source.len;
	return true;
}

static struct lisp_dp_locator *locator_get(uint32_t id, const struct lisp_bpf_locator *value)
{
	struct lisp_dp_locator *locator = lisp_dp_locator_find(id);

	if (locator && (locator->value.family != value->family ||
			memcmp(locator->value.address, value->address, sizeof(value->address)))) {
		locator_remove(locator);
		locator = NULL;
	}
	if (locator)
		return locator;
	locator = XCALLOC(MTYPE_LISP_DP_LOCATOR, sizeof(*locator));
	locator->id = id;
	locator->value = *value;
	lisp_dp_locators_add(locators, locator);
	lisp_dp_bpf_locator_clear(id);
	if (!lisp_dp_remotes_find(remotes, locator)) {
		struct lisp_bpf_rloc key;

		lisp_dp_remotes_add(remotes, locator);
		remote_key(locator, &key);
		lisp_dp_bpf_remote_rloc(&key, id, false);
	}
	return locator;
}

static int locator_apply(const LispDp__Locator *from, bool remove, uint64_t epoch, char *text,
			 size_t size)
{
	struct lisp_dp_locator *locator;
	struct lisp_bpf_locator value;
	bool came_up;

	if (!from->id || from->id > LISP_DP_MAX_LOCATOR)
		return refuse(ERANGE, text, size, "locator id out of range");
	if (remove) {
		locator = lisp_dp_locator_find(from->id);
		if (locator)
			locator_remove(locator);
		return 0;
	}
	if (!locator_read(from, &value))
		return refuse(EINVAL, text, size, "malformed locator");
	locator = locator_get(from->id, &value);
	if (locator->value.ifindex != value.ifindex)
		dirty = true;
	came_up = value.up && !(locator->up && locator->value.up);
	/* What goes down waits for nothing: asking the kernel can take its time. */
	if (value.up || !locator->value.mtu)
		value.mtu = effective_mtu(from->ifindex, from->mtu, locator->path_mtu);
	else
		value.mtu = locator->value.mtu;
	locator->value = value;
	locator->mtu = from->mtu;
	locator->up = from->up;
	locator->epoch = epoch;
	if (came_up)
		lisp_dp_queue_locator_up();
	return -lisp_dp_bpf_locator(from->id, &value, false);
}

/* ---- RLOC-sets ---- */

static struct lisp_dp_set *set_find(uint32_t id)
{
	struct lisp_dp_set key = { .id = id };

	return lisp_dp_sets_find(sets, &key);
}

static void set_remove(struct lisp_dp_set *set)
{
	lisp_dp_bpf_set(set->id, NULL, true);
	lisp_dp_sets_del(sets, set);
	XFREE(MTYPE_LISP_DP_MEMBER, set->member);
	XFREE(MTYPE_LISP_DP_SET, set);
}

static bool members_read(const LispDp__LocatorSet *from, struct lisp_dp_member *member)
{
	for (size_t i = 0; i < from->n_member; i++) {
		const LispDp__LocatorSet__Member *given = from->member[i];

		if (given->priority > UINT8_MAX || given->weight > UINT8_MAX)
			return false;
		member[i].locator = given->locator;
		member[i].priority = given->priority;
		member[i].weight = given->weight;
	}
	return true;
}

static int set_apply(const LispDp__LocatorSet *from, bool remove, uint64_t epoch, char *text,
		     size_t size)
{
	struct lisp_dp_member member[UINT8_MAX];
	struct lisp_dp_set *set = set_find(from->id);

	if (!from->id || from->id > LISP_DP_MAX_SET)
		return refuse(ERANGE, text, size, "set id out of range");
	if (remove) {
		if (set)
			set_remove(set);
		return 0;
	}
	if (from->n_member > array_size(member) || !members_read(from, member))
		return refuse(EINVAL, text, size, "malformed RLOC-set");
	if (!set) {
		set = XCALLOC(MTYPE_LISP_DP_SET, sizeof(*set));
		set->id = from->id;
		lisp_dp_sets_add(sets, set);
	}
	lisp_dp_set_build(&set->value, member, from->n_member);
	XFREE(MTYPE_LISP_DP_MEMBER, set->member);
	set->count = from->n_member;
	if (set->count) {
		set->member = XMALLOC(MTYPE_LISP_DP_MEMBER, set->count * sizeof(*member));
		memcpy(set->member, member, set->count * sizeof(*member));
	}
	set->epoch = epoch;
	return -lisp_dp_bpf_set(set->id, &set->value, false);
}

const struct lisp_dp_set *lisp_dp_set_next(const struct lisp_dp_set *set)
{
	return set ? lisp_dp_sets_const_next(sets, set) : lisp_dp_sets_const_first(sets);
}

static struct lisp_dp_locator *locator_up(uint32_t id)
{
	struct lisp_dp_locator *locator = lisp_dp_locator_find(id);

	return locator && locator->value.up ? locator : NULL;
}

/* The twin of lisp_choose() and lisp_choose_other() in bpf/encap.h. */
struct lisp_dp_locator *lisp_dp_choose(uint32_t id, uint32_t hash)
{
	const struct lisp_dp_set *set = set_find(id);
	struct lisp_dp_locator *locator, *chosen = NULL;
	uint32_t best = 256, sum = 0;

	if (!set || !set->value.count)
		return NULL;
	locator = locator_up(set->value.member[set->value.bucket[LISP_BUCKET(hash)]].locator);
	if (locator)
		return locator;
	for (uint32_t i = 0; i < set->value.count; i++) {
		const struct lisp_bpf_member *member = &set->value.member[i];

		if (member->rank > best)
			break;
		locator = locator_up(member->locator);
		if (!locator)
			continue;
		best = member->rank;
		sum += member->weight;
		hash = lisp_hash_end(hash + 0x9e3779b9);
		if (hash % sum < member->weight)
			chosen = locator;
	}
	return chosen;
}

/* ---- mappings ---- */

static bool native(const struct route_node *node)
{
	const struct lisp_dp_mapping *mapping = node->info;

	return mapping && mapping->value.action == LISP_BPF_NATIVELY_FORWARD;
}

static bool inside_native(const struct route_node *node)
{
	for (node = node->parent; node; node = node->parent)
		if (native(node))
			return true;
	return false;
}

/* The route that this mapping needs now; 0 or errno. */
static int mapping_route(struct lisp_dp_instance *instance, struct route_node *node)
{
	struct lisp_dp_mapping *mapping = node->info;
	enum lisp_dp_route route = LISP_DP_ROUTE_NONE;

	if (native(node))
		route = LISP_DP_ROUTE_THROW;
	else if (mapping && inside_native(node))
		route = LISP_DP_ROUTE_DEVICE;
	if (!mapping || mapping->route == route)
		return 0;
	mapping->route = route;
	return lisp_dp_device_route(instance, &node->p, route);
}

/* A mapping became natively-forward or ceased to be: what lies inside follows. */
static void mapping_routes_inside(struct lisp_dp_instance *instance, struct route_node *top)
{
	struct route_node *node;

	for (node = route_next_until(route_lock_node(top), top); node;
	     node = route_next_until(node, top))
		mapping_route(instance, node);
}

/* Routes to a device went with it. */
static void mapping_routes_again(struct lisp_dp_instance *instance)
{
	for (int i = 0; i < 2; i++) {
		struct route_node *node;

		for (node = route_top(instance->cache[i]); node; node = route_next(node)) {
			struct lisp_dp_mapping *mapping = node->info;

			if (!mapping || mapping->route != LISP_DP_ROUTE_DEVICE)
				continue;
			mapping->route = LISP_DP_ROUTE_NONE;
			mapping_route(instance, node);
		}
	}
}

void lisp_dp_instance_renew(struct lisp_dp_instance *instance)
{
	zlog_warn("lisp: %s is gone, it is made anew", instance->ifname);
	instance_remove(instance);
	instance_start(instance);
	/* Only a device that is up takes routes. */
	lisp_dp_tables_commit();
	mapping_routes_again(instance);
}

static void mapping_remove(struct lisp_dp_instance *instance, struct route_node *node)
{
	struct lisp_dp_mapping *mapping = node->info;
	bool was_native = native(node);

	lisp_dp_bpf_mapping(instance->iid, &node->p, NULL, true);
	if (mapping->route != LISP_DP_ROUTE_NONE)
		lisp_dp_device_route(instance, &node->p, LISP_DP_ROUTE_NONE);
	XFREE(MTYPE_LISP_DP_MAPPING, node->info);
	if (was_native)
		mapping_routes_inside(instance, node);
	route_unlock_node(node);
}

static int mapping_value(const LispDp__Mapping *from, struct lisp_bpf_mapping *value, char *text,
			 size_t size)
{
	bool encap = from->action == LISP_DP__ACTION__ENCAP;

	if (!encap && from->action > LISP_DP__ACTION__DROP_AUTH_FAILURE)
		return refuse(EINVAL, text, size, "unknown action");
	if (encap && !set_find(from->set))
		return refuse(ENOENT, text, size, "no such RLOC-set");
	value->action = from->action;
	value->set = encap ? from->set : 0;
	value->id = from->id <= lisp_dp_max_mapping ? from->id : 0; /* 0 counts for nobody */
	return 0;
}

static int mapping_put(struct lisp_dp_instance *instance, struct route_node *node,
		       const struct lisp_bpf_mapping *value)
{
	struct lisp_dp_mapping *mapping = node->info;
	bool was_native = native(node);
	int error, route_error;

	if (mapping->value.id != value->id) {
		lisp_dp_bpf_mapping_clear(value->id);
		mapping->count = (struct lisp_bpf_mapping_count){};
	}
	mapping->value = *value;
	error = -lisp_dp_bpf_mapping(instance->iid, &node->p, value, false);
	route_error = mapping_route(instance, node);
	if (native(node) != was_native)
		mapping_routes_inside(instance, node);
	return error ? error : route_error;
}

static int mapping_apply(const LispDp__Mapping *from, bool remove, uint64_t epoch, char *text,
			 size_t size)
{
	struct lisp_bpf_mapping value = {};
	struct lisp_dp_instance *instance;
	struct lisp_dp_mapping *mapping;
	struct route_node *node;
	struct prefix prefix;
	int error;

	if (from->iid > IID_MAX || !prefix_read(from->prefix, &prefix))
		return refuse(EINVAL, text, size, "malformed EID-prefix");
	error = remove ? 0 : mapping_value(from, &value, text, size);
	if (error)
		return error;
	instance = instance_get(from->iid);
	node = route_node_get(table_of(instance->cache, &prefix), &prefix);
	if (remove) {
		if (node->info)
			mapping_remove(instance, node);
		route_unlock_node(node);
		return 0;
	}
	if (node->info)
		route_unlock_node(node);
	else
		node->info = XCALLOC(MTYPE_LISP_DP_MAPPING, sizeof(*mapping));
	mapping = node->info;
	mapping->epoch = epoch;
	error = mapping_put(instance, node, &value);
	lisp_dp_queue_mapping(instance, &prefix);
	return error;
}

const struct lisp_dp_mapping *lisp_dp_mapping_exact(const struct lisp_dp_instance *instance,
						    const struct prefix *prefix)
{
	struct route_node *node = route_node_lookup(table_of(instance->cache, prefix), prefix);
	const struct lisp_dp_mapping *mapping;

	if (!node)
		return NULL;
	mapping = node->info;
	route_unlock_node(node);
	return mapping;
}

struct lisp_dp_mapping *lisp_dp_mapping_match(const struct lisp_dp_instance *instance,
					      uint8_t version, const uint8_t *address)
{
	struct prefix prefix;
	void *info;

	host_prefix(&prefix, version, address);
	return table_matches(table_of(instance->cache, &prefix), &prefix, &info) ? info : NULL;
}

void lisp_dp_mapping_walk(lisp_dp_mapping_fn fn, void *arg)
{
	struct lisp_dp_instance *instance;
	struct route_node *node;

	frr_each (lisp_dp_instances, instances, instance)
		for (int i = 0; i < 2; i++)
			for (node = route_top(instance->cache[i]); node; node = route_next(node))
				if (node->info)
					fn(instance, &node->p, node->info, arg);
}

/* ---- all kinds ---- */

int lisp_dp_tables_apply(const LispDp__Op *op, uint64_t epoch, char *text, size_t size)
{
	text[0] = '\0';
	switch ((int)op->body_case) {
	case LISP_DP__OP__BODY_INSTANCE:
		return instance_apply(op->instance, op->remove, epoch, text, size);
	case LISP_DP__OP__BODY_LOCAL_EID:
		return local_eid_apply(op->local_eid, op->remove, epoch, text, size);
	case LISP_DP__OP__BODY_LOCAL_RLOC:
		return rloc_apply(op->local_rloc, op->remove, epoch, text, size);
	case LISP_DP__OP__BODY_LOCATOR:
		return locator_apply(op->locator, op->remove, epoch, text, size);
	case LISP_DP__OP__BODY_SET:
		return set_apply(op->set, op->remove, epoch, text, size);
	case LISP_DP__OP__BODY_MAPPING:
		return mapping_apply(op->mapping, op->remove, epoch, text, size);
	case LISP_DP__OP__BODY_TUNNEL:
		return lisp_dp_gre_apply(op->tunnel, op->remove, epoch, text, size);
	case LISP_DP__OP__BODY_END_OF_REPLAY:
		lisp_dp_tables_sweep(epoch);
		return 0;

	default:
		return refuse(EINVAL, text, size, "unknown operation");
	}
}

void lisp_dp_tables_commit(void)
{
	if (dirty) {
		dirty = false;
		lisp_dp_slow_sync();
		lisp_dp_icmp_sync();
		lisp_dp_device_sync();
	}
	lisp_dp_queue_flush();
}

static void sweep_instance(struct lisp_dp_instance *instance, uint64_t epoch)
{
	struct route_node *node;

	for (int i = 0; i < 2; i++) {
		for (node = route_top(instance->cache[i]); node; node = route_next(node)) {
			struct lisp_dp_mapping *mapping = node->info;

			if (mapping && mapping->epoch != epoch)
				mapping_remove(instance, node);
		}
		for (node = route_top(instance->local[i]); node; node = route_next(node)) {
			struct lisp_dp_local_eid *eid = node->info;

			if (eid && eid->epoch != epoch)
				local_eid_remove(instance, node);
		}
	}
	if (instance->active && instance->epoch != epoch)
		instance_remove(instance);
}

void lisp_dp_tables_sweep(uint64_t epoch)
{
	struct lisp_dp_instance *instance;
	struct lisp_dp_locator *locator;
	struct lisp_dp_rloc *rloc;
	struct lisp_dp_set *set;

	frr_each (lisp_dp_instances, instances, instance)
		sweep_instance(instance, epoch);
	frr_each_safe (lisp_dp_sets, sets, set)
		if (set->epoch != epoch)
			set_remove(set);
	frr_each_safe (lisp_dp_locators, locators, locator)
		if (locator->epoch != epoch)
			locator_remove(locator);
	frr_each_safe (lisp_dp_rlocs, rlocs, rloc)
		if (rloc->epoch != epoch)
			rloc_remove(rloc);
	lisp_dp_gre_sweep(epoch);

	lisp_dp_device_go_live();
	dirty = false;
	lisp_dp_slow_sync();
	lisp_dp_icmp_sync();
	lisp_dp_device_sync();
	lisp_dp_device_sweep();
	lisp_dp_gre_sweep_stale();
}

void lisp_dp_tables_init(void)
{
	lisp_dp_instances_init(instances);
	lisp_dp_locators_init(locators);
	lisp_dp_remotes_init(remotes);
	lisp_dp_sets_init(sets);
	lisp_dp_rlocs_init(rlocs);
}

static void free_table(struct route_table *table, struct memtype *type)
{
	struct route_node *node;

	for (node = route_top(table); node; node = route_next(node)) {
		if (!node->info)
			continue;
		qfree(type, node->info);
		node->info = NULL;
		route_unlock_node(node);
	}
	route_table_finish(table);
}

void lisp_dp_tables_finish(void)
{
	struct lisp_dp_instance *instance;
	struct lisp_dp_locator *locator;
	struct lisp_dp_rloc *rloc;
	struct lisp_dp_set *set;

	while ((instance = lisp_dp_instances_pop(instances))) {
		for (int i = 0; i < 2; i++) {
			free_table(instance->local[i], MTYPE_LISP_DP_LOCAL_EID);
			free_table(instance->cache[i], MTYPE_LISP_DP_MAPPING);
		}
		XFREE(MTYPE_LISP_DP_INSTANCE, instance);
	}
	while (lisp_dp_remotes_pop(remotes))
		;
	while ((locator = lisp_dp_locators_pop(locators)))
		XFREE(MTYPE_LISP_DP_LOCATOR, locator);
	while ((set = lisp_dp_sets_pop(sets))) {
		XFREE(MTYPE_LISP_DP_MEMBER, set->member);
		XFREE(MTYPE_LISP_DP_SET, set);
	}
	while ((rloc = lisp_dp_rlocs_pop(rlocs)))
		XFREE(MTYPE_LISP_DP_RLOC, rloc);
	lisp_dp_instances_fini(instances);
	lisp_dp_locators_fini(locators);
	lisp_dp_remotes_fini(remotes);
	lisp_dp_sets_fini(sets);
	lisp_dp_rlocs_fini(rlocs);
}
