// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The fast path through libbpf.
 *
 * Nothing is pinned: the filters on the (persistent) lisp device and on the RLOC
 * interfaces hold the programs, and these hold the maps, so forwarding goes on
 * when zebra is gone. A new zebra loads a new object with empty maps, fills these
 * while the old programs forward with theirs, and replaces the filters when
 * lispd's replay has ended. No file system is needed, nothing stale can stay in a
 * map, and a new plugin need not understand the maps of an old one.
 */
#include <zebra.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "lib/log.h"
#include "lib/prefix.h"

#include "dplane/lisp_bpf_obj.h"
#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_bpf.h"
#include "dplane/lisp_dp_rtnl.h"

/* Our filters' place in the chain: recognised after a restart of zebra. */
#define FILTER_HANDLE	1
#define FILTER_PRIORITY 4341

/* Memory for the per-CPU counters of mappings. */
#define MAPPING_COUNTERS_OCTETS (16u << 20)
#define MAPPING_COUNTERS_LEAST	65536u

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_PERCPU, "LISP per-CPU counters");

enum map {
	MAP_CACHE,
	MAP_LOCAL_EID,
	MAP_SET,
	MAP_LOCATOR,
	MAP_REMOTE_RLOC,
	MAP_LOCAL_RLOC,
	MAP_BY_DEVICE,
	MAP_BY_IID,
	MAP_FLOW,
	MAP_SENDER,
	MAP_COUNT,
	MAP_LOC_COUNT,
	MAP_MAP_COUNT,
	MAP_MAX,
};

static const char *const map_names[MAP_MAX] = {
	[MAP_CACHE] = "lisp_map_cache",
	[MAP_LOCAL_EID] = "lisp_local_eid",
	[MAP_SET] = "lisp_set",
	[MAP_LOCATOR] = "lisp_locator",
	[MAP_REMOTE_RLOC] = "lisp_remote_rloc",
	[MAP_LOCAL_RLOC] = "lisp_local_rloc",
	[MAP_BY_DEVICE] = "lisp_by_device",
	[MAP_BY_IID] = "lisp_by_iid",
	[MAP_FLOW] = "lisp_flow",
	[MAP_SENDER] = "lisp_sender",
	[MAP_COUNT] = "lisp_count",
	[MAP_LOC_COUNT] = "lisp_loc_count",
	[MAP_MAP_COUNT] = "lisp_map_count",
};

uint32_t lisp_dp_max_mapping = MAPPING_COUNTERS_LEAST - 1;

static struct {
	struct bpf_object *object; /* NULL: no fast path */
	int map[MAP_MAX];
	int encap, decap, alt;
	unsigned int cpus;
	uint8_t *values; /* one per-CPU value of the largest kind */
	bool loading;
} bpf;

static int to_log(enum libbpf_print_level level, const char *format, va_list arguments)
{
	char text[512];

	if (level != LIBBPF_WARN || !bpf.loading) /* else errors are looked at by us */
		return 0;
	vsnprintf(text, sizeof(text), format, arguments);
	text[strcspn(text, "\n")] = '\0';
	zlog_debug("lisp: %s", text);
	return 0;
}

static unsigned int mapping_counters(unsigned int cpus)
{
	unsigned int fits = MAPPING_COUNTERS_OCTETS / sizeof(struct lisp_bpf_mapping_count) / cpus;

	return MAX(fits, MAPPING_COUNTERS_LEAST);
}

static int object_open(uint32_t seed)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "lisp");
	const struct {
		enum map map;
		uint32_t entries;
	} sizes[] = {
		{ MAP_SET, LISP_DP_MAX_SET + 1 },
		{ MAP_LOCATOR, LISP_DP_MAX_LOCATOR + 1 },
		{ MAP_REMOTE_RLOC, LISP_DP_MAX_LOCATOR + 1 },
		{ MAP_LOC_COUNT, LISP_DP_MAX_LOCATOR + 1 },
		{ MAP_MAP_COUNT, lisp_dp_max_mapping + 1 },
	};

	struct bpf_map *secret;

	bpf.object = bpf_object__open_mem(lisp_bpf_obj, lisp_bpf_obj_len, &opts);
	if (!bpf.object)
		return -errno;
	secret = bpf_object__find_map_by_name(bpf.object, ".rodata.seed");
	if (!secret || bpf_map__set_initial_value(secret, &seed, sizeof(seed)))
		return -ENOENT;
	for (size_t i = 0; i < array_size(sizes); i++) {
		struct bpf_map *map = bpf_object__find_map_by_name(bpf.object,
								   map_names[sizes[i].map]);

		if (!map)
			return -ENOENT;
		bpf_map__set_max_entries(map, sizes[i].entries);
	}
	return bpf_object__load(bpf.object);
}

static int program_fd(const char *name)
{
	struct bpf_program *program = bpf_object__find_program_by_name(bpf.object, name);

	return program ? bpf_program__fd(program) : -ENOENT;
}

bool lisp_dp_bpf_load(uint32_t seed, char *note, size_t size)
{
	int cpus = libbpf_num_possible_cpus(), error;

	libbpf_set_print(to_log);
	bpf.cpus = cpus > 0 ? cpus : 1;
	lisp_dp_max_mapping = mapping_counters(bpf.cpus) - 1;
	if (lisp_dp_options.no_bpf) {
		snprintf(note, size, "BPF is turned off");
		return false;
	}
	bpf.loading = true;
	error = object_open(seed);
	bpf.loading = false;
	if (error) {
		snprintf(note, size, "the kernel refuses the BPF programs: %s",
			 safe_strerror(-error));
		lisp_dp_bpf_unload();
		return false;
	}
	for (int i = 0; i < MAP_MAX; i++)
		bpf.map[i] = bpf_object__find_map_fd_by_name(bpf.object, map_names[i]);
	bpf.encap = program_fd("lisp_encap");
	bpf.decap = program_fd("lisp_decap");
	bpf.alt = program_fd("lisp_alt");
	bpf.values = XCALLOC(MTYPE_LISP_DP_PERCPU, bpf.cpus * sizeof(struct lisp_bpf_locator_count));
	return true;
}

void lisp_dp_bpf_unload(void)
{
	if (bpf.object)
		bpf_object__close(bpf.object);
	bpf.object = NULL;
	XFREE(MTYPE_LISP_DP_PERCPU, bpf.values);
}

bool lisp_dp_bpf_loaded(void)
{
	return bpf.object;
}

static int map_write(enum map map, const void *key, const void *value, bool remove)
{
	int result;

	if (!bpf.object)
		return 0;
	if (remove) {
		result = bpf_map_delete_elem(bpf.map[map], key);
		return result == -ENOENT ? 0 : result;
	}
	return bpf_map_update_elem(bpf.map[map], key, value, BPF_ANY);
}

static void eid_key(struct lisp_bpf_eid *key, uint32_t iid, const struct prefix *prefix)
{
	memset(key, 0, sizeof(*key));
	key->prefixlen = LISP_SCOPE_BITS + prefix->prefixlen;
	key->scope[0] = iid >> 16;
	key->scope[1] = iid >> 8;
	key->scope[2] = iid;
	key->scope[3] = prefix->family == AF_INET ? 4 : 6;
	memcpy(key->address, &prefix->u.prefix, prefix_blen(prefix));
}

struct lisp_bpf_rloc lisp_dp_bpf_rloc(uint8_t version, const uint8_t *address)
{
	struct lisp_bpf_rloc rloc = { .family = version };

	memcpy(rloc.address, address, version == 4 ? 4 : 16);
	return rloc;
}

int lisp_dp_bpf_instance(const struct lisp_bpf_instance *instance, bool remove)
{
	int by_device = map_write(MAP_BY_DEVICE, &instance->ifindex, instance, remove);
	int by_iid = map_write(MAP_BY_IID, &instance->iid, instance, remove);

	return by_device ? by_device : by_iid;
}

int lisp_dp_bpf_local_eid(uint32_t iid, const struct prefix *prefix, bool remove)
{
	struct lisp_bpf_eid key;
	uint32_t one = 1;

	eid_key(&key, iid, prefix);
	return map_write(MAP_LOCAL_EID, &key, &one, remove);
}

int lisp_dp_bpf_local_rloc(const struct lisp_bpf_rloc *rloc, bool slow, bool remove)
{
	uint32_t value = slow;

	return map_write(MAP_LOCAL_RLOC, rloc, &value, remove);
}

int lisp_dp_bpf_locator(uint32_t id, const struct lisp_bpf_locator *locator, bool remove)
{
	return map_write(MAP_LOCATOR, &id, locator, remove);
}

int lisp_dp_bpf_remote_rloc(const struct lisp_bpf_rloc *rloc, uint32_t id, bool remove)
{
	return map_write(MAP_REMOTE_RLOC, rloc, &id, remove);
}

int lisp_dp_bpf_set(uint32_t id, const struct lisp_bpf_set *set, bool remove)
{
	return map_write(MAP_SET, &id, set, remove);
}

int lisp_dp_bpf_mapping(uint32_t iid, const struct prefix *prefix,
			const struct lisp_bpf_mapping *mapping, bool remove)
{
	struct lisp_bpf_eid key;

	eid_key(&key, iid, prefix);
	return map_write(MAP_CACHE, &key, mapping, remove);
}

bool lisp_dp_bpf_flow_read(uint32_t place, struct lisp_bpf_flow *flow)
{
	return bpf.object && !bpf_map_lookup_elem(bpf.map[MAP_FLOW], &place, flow);
}

size_t lisp_dp_bpf_senders_read(struct lisp_bpf_sender *senders)
{
	uint32_t *keys, next, count = LISP_SENDERS;
	int result;

	if (!bpf.object)
		return 0;
	keys = XCALLOC(MTYPE_LISP_DP_PERCPU, LISP_SENDERS * sizeof(*keys));
	result = bpf_map_lookup_batch(bpf.map[MAP_SENDER], NULL, &next, keys, senders, &count, NULL);
	XFREE(MTYPE_LISP_DP_PERCPU, keys);
	return result && result != -ENOENT ? 0 : count; /* -ENOENT: that was all */
}

/* ---- filters ---- */

static int attach(int ifindex, bool egress, int program)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex,
		    .attach_point = egress ? BPF_TC_EGRESS : BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = FILTER_HANDLE, .priority = FILTER_PRIORITY,
		    .prog_fd = program, .flags = BPF_TC_F_REPLACE);
	int result;

	if (!bpf.object)
		return 0;
	result = bpf_tc_hook_create(&hook);
	if (result && result != -EEXIST)
		return result;
	return bpf_tc_attach(&hook, &opts);
}

int lisp_dp_bpf_attach(int ifindex, bool egress)
{
	return attach(ifindex, egress, egress ? bpf.encap : bpf.decap);
}

int lisp_dp_bpf_attach_alt(int ifindex)
{
	return attach(ifindex, true, bpf.alt);
}

void lisp_dp_bpf_detach(int ifindex, bool egress)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex,
		    .attach_point = egress ? BPF_TC_EGRESS : BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = FILTER_HANDLE, .priority = FILTER_PRIORITY);

	bpf_tc_detach(&hook, &opts);

	/* The qdisc goes with its last filter; other programs may hang there too. */
	if (lisp_dp_filter_count(ifindex, true) != 0 || lisp_dp_filter_count(ifindex, false) != 0)
		return;
	hook.attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS;
	bpf_tc_hook_destroy(&hook);
}

bool lisp_dp_bpf_attached(int ifindex, bool egress)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex,
		    .attach_point = egress ? BPF_TC_EGRESS : BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .handle = FILTER_HANDLE, .priority = FILTER_PRIORITY);
	struct bpf_prog_info info = {};
	uint32_t length = sizeof(info);
	bool ours;
	int fd;

	if (bpf_tc_query(&hook, &opts))
		return false;
	fd = bpf_prog_get_fd_by_id(opts.prog_id);
	if (fd < 0)
		return false;
	ours = !bpf_obj_get_info_by_fd(fd, &info, &length) &&
	       strmatch(info.name, egress ? "lisp_encap" : "lisp_decap");
	close(fd);
	return ours;
}

/* ---- counters ---- */

static const void *percpu_read(enum map map, uint32_t index)
{
	if (!bpf.object || bpf_map_lookup_elem(bpf.map[map], &index, bpf.values))
		return NULL;
	return bpf.values;
}

static void percpu_clear(enum map map, uint32_t index, size_t size)
{
	if (!bpf.object)
		return;
	memset(bpf.values, 0, size * bpf.cpus);
	bpf_map_update_elem(bpf.map[map], &index, bpf.values, BPF_ANY);
}

static void add(struct lisp_bpf_count *sum, const struct lisp_bpf_count *more)
{
	sum->packets += more->packets;
	sum->bytes += more->bytes;
}

void lisp_dp_bpf_count(uint32_t counter, struct lisp_bpf_count *count)
{
	const struct lisp_bpf_count *value = percpu_read(MAP_COUNT, counter);

	memset(count, 0, sizeof(*count));
	for (unsigned int cpu = 0; value && cpu < bpf.cpus; cpu++)
		add(count, &value[cpu]);
}

void lisp_dp_bpf_locator_count(uint32_t id, struct lisp_bpf_locator_count *count)
{
	const struct lisp_bpf_locator_count *value = percpu_read(MAP_LOC_COUNT, id);

	memset(count, 0, sizeof(*count));
	for (unsigned int cpu = 0; value && cpu < bpf.cpus; cpu++) {
		add(&count->out, &value[cpu].out);
		add(&count->in, &value[cpu].in);
	}
}

void lisp_dp_bpf_mapping_count(uint32_t id, struct lisp_bpf_mapping_count *count)
{
	const struct lisp_bpf_mapping_count *value = percpu_read(MAP_MAP_COUNT, id);

	memset(count, 0, sizeof(*count));
	for (unsigned int cpu = 0; value && cpu < bpf.cpus; cpu++) {
		add(&count->out, &value[cpu].out);
		count->used = MAX(count->used, value[cpu].used);
	}
}

void lisp_dp_bpf_count_clear(uint32_t counter)
{
	percpu_clear(MAP_COUNT, counter, sizeof(struct lisp_bpf_count));
}

void lisp_dp_bpf_locator_clear(uint32_t id)
{
	percpu_clear(MAP_LOC_COUNT, id, sizeof(struct lisp_bpf_locator_count));
}

void lisp_dp_bpf_mapping_clear(uint32_t id)
{
	percpu_clear(MAP_MAP_COUNT, id, sizeof(struct lisp_bpf_mapping_count));
}
