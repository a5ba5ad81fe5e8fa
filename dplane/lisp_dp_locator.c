// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Remote locators and own RLOCs. Two ids may have one address for a while, when a lispd
 * that could not recall replays: the table by address then has the newer one.
 */
#include <zebra.h>

#include <string.h>

#include "lib/jhash.h"
#include "lib/monotime.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_locator.h"
#include "dplane/lisp_dp_rtnl.h"

#define MTU_DEFAULT 1500 /* of an interface that does not tell */
#define PATH_MTU_S  600	 /* RFC 1191 section 6.3: a larger one is tried again */

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_RLOC, "LISP own RLOC");
DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_LOCATOR, "LISP locator");

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
static int rloc_cmp(const struct lisp_dp_rloc *a, const struct lisp_dp_rloc *b)
{
	return memcmp(&a->key, &b->key, sizeof(a->key));
}

static uint32_t rloc_hash(const struct lisp_dp_rloc *rloc)
{
	return jhash(&rloc->key, sizeof(rloc->key), 0x11597);
}
DECLARE_HASH(lisp_dp_rlocs, struct lisp_dp_rloc, item, rloc_cmp, rloc_hash);

static struct lisp_dp_locators_head locators[1];
static struct lisp_dp_remotes_head remotes[1];
static struct lisp_dp_rlocs_head rlocs[1];

/* ---- own RLOCs ---- */

static void rloc_remove(struct lisp_dp_rloc *rloc)
{
	lisp_dp_bpf_local_rloc(&rloc->key, false, true);
	lisp_dp_rlocs_del(rlocs, rloc);
	XFREE(MTYPE_LISP_DP_RLOC, rloc);
}

/* Into the map; 0 or an errno. */
static int rloc_judge(struct lisp_dp_rloc *rloc)
{
	struct lisp_dp_flow in = { .version = rloc->key.family, .destination = rloc->key.address };
	struct lisp_dp_flow out = { .version = rloc->key.family, .source = rloc->key.address };

	rloc->in = lisp_dp_guard(&in, false, rloc->in_text, sizeof(rloc->in_text));
	rloc->out = lisp_dp_guard(&out, true, rloc->out_text, sizeof(rloc->out_text));
	return -lisp_dp_bpf_local_rloc(&rloc->key, rloc->in, false);
}

int lisp_dp_rloc_apply(const LispDp__LocalRloc *from, struct lisp_dp_op *op)
{
	struct lisp_dp_rloc key = {}, *rloc;
	uint8_t family;

	if (!lisp_dp_read_address(&from->address, &family, key.key.address))
		return lisp_dp_refuse(op, EINVAL, "malformed RLOC");
	op->dirty = true;
	key.key.family = family;
	rloc = lisp_dp_rlocs_find(rlocs, &key);
	if (op->remove) {
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
	rloc->epoch = op->epoch;
	return rloc_judge(rloc);
}

const struct lisp_dp_rloc *lisp_dp_rloc_next(const struct lisp_dp_rloc *rloc)
{
	return rloc ? lisp_dp_rlocs_const_next(rlocs, rloc) : lisp_dp_rlocs_const_first(rlocs);
}

bool lisp_dp_local_rloc_is(uint8_t version, const uint8_t *address)
{
	struct lisp_dp_rloc key = { .key = lisp_dp_bpf_rloc(version, address) };

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

static struct lisp_bpf_rloc remote_key(const struct lisp_dp_locator *locator)
{
	return lisp_dp_bpf_rloc(locator->value.family, locator->value.address);
}

/* Into the table by address, in place of an older one. */
static void remote_remember(struct lisp_dp_locator *locator)
{
	struct lisp_dp_locator *older = lisp_dp_remotes_find(remotes, locator);
	struct lisp_bpf_rloc key = remote_key(locator);

	if (older)
		lisp_dp_remotes_del(remotes, older);
	lisp_dp_remotes_add(remotes, locator);
	lisp_dp_bpf_remote_rloc(&key, locator->id, false);
}

/* Out of the table by address, if it is this one that stands there. */
static void remote_forget(struct lisp_dp_locator *locator)
{
	struct lisp_bpf_rloc key = remote_key(locator);

	if (lisp_dp_remotes_find(remotes, locator) != locator)
		return;
	lisp_dp_remotes_del(remotes, locator);
	lisp_dp_bpf_remote_rloc(&key, locator->id, true);
}

static void locator_remove(struct lisp_dp_locator *locator)
{
	lisp_dp_bpf_locator(locator->id, NULL, true);
	remote_forget(locator);
	lisp_dp_locators_del(locators, locator);
	XFREE(MTYPE_LISP_DP_LOCATOR, locator);
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
	if (!lisp_dp_read_address(&from->address, &value->family, value->address))
		return false;
	if (from->source.len && (!lisp_dp_read_address(&from->source, &family, value->source) ||
				 family != value->family))
		return false;
	value->ifindex = from->ifindex;
	value->up = from->up && from->ifindex && from->source.len;
	value->doubtful = from->doubtful;
	return true;
}

/* What stands in the way of this value; value->slow follows. */
static enum lisp_dp_guard locator_guard(struct lisp_bpf_locator *value)
{
	struct lisp_dp_flow flow = { value->family, value->source, value->address };
	enum lisp_dp_guard guard;
	char text[160];

	guard = value->up ? lisp_dp_guard(&flow, true, text, sizeof(text)) : LISP_DP_GUARD_NONE;
	value->slow = guard != LISP_DP_GUARD_NONE;
	return guard;
}

void lisp_dp_locator_judge(void)
{
	struct lisp_dp_locator *locator;
	struct lisp_dp_rloc *rloc;

	frr_each (lisp_dp_rlocs, rlocs, rloc)
		rloc_judge(rloc);
	frr_each (lisp_dp_locators, locators, locator) {
		locator->guard = locator_guard(&locator->value);
		lisp_dp_bpf_locator(locator->id, &locator->value, false);
	}
}

static void slow_add(char *text, size_t size, const char *way, const struct lisp_dp_rloc *rloc,
		     const char *why)
{
	char address[INET6_ADDRSTRLEN];
	size_t length = strlen(text);

	inet_ntop(LISP_DP_FAMILY(rloc->key.family), rloc->key.address, address, sizeof(address));
	snprintf(text + length, size - length, "%snot for packets %s %s (%s)", length ? "; " : "",
		 way, address, why);
}

const char *lisp_dp_locator_slow(void)
{
	static char text[400];
	const struct lisp_dp_locator *locator;
	const struct lisp_dp_rloc *rloc;
	unsigned int protected = 0;

	text[0] = '\0';
	frr_each (lisp_dp_rlocs_const, rlocs, rloc) {
		if (rloc->out == LISP_DP_GUARD_FIREWALL || rloc->out == LISP_DP_GUARD_DROPS)
			slow_add(text, sizeof(text), "from", rloc, rloc->out_text);
		if (rloc->in != LISP_DP_GUARD_NONE)
			slow_add(text, sizeof(text), "to", rloc, rloc->in_text);
	}
	frr_each (lisp_dp_locators_const, locators, locator)
	protected += locator->guard == LISP_DP_GUARD_IPSEC;
	if (protected)
		snprintfrr(text + strlen(text), sizeof(text) - strlen(text),
			   "%snot to %u RLOCs (IPsec policies)", text[0] ? "; " : "", protected);
	return text;
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
	remote_remember(locator);
	return locator;
}

int lisp_dp_locator_apply(const LispDp__Locator *from, struct lisp_dp_op *op)
{
	struct lisp_dp_locator *locator;
	struct lisp_bpf_locator value;

	if (!from->id || from->id > LISP_DP_MAX_LOCATOR)
		return lisp_dp_refuse(op, ERANGE, "locator id out of range");
	if (op->remove) {
		locator = lisp_dp_locator_find(from->id);
		op->dirty = locator;
		if (locator)
			locator_remove(locator);
		return 0;
	}
	if (!locator_read(from, &value))
		return lisp_dp_refuse(op, EINVAL, "malformed locator");
	locator = locator_get(from->id, &value);
	op->dirty = locator->value.ifindex != value.ifindex;
	op->came_up = value.up && !(locator->up && locator->value.up);
	/* What goes down waits for nothing: asking the kernel can take its time. */
	if (value.up || !locator->value.mtu)
		value.mtu = effective_mtu(from->ifindex, from->mtu, locator->path_mtu);
	else
		value.mtu = locator->value.mtu;
	locator->guard = locator_guard(&value);
	op->dirty |= value.slow != locator->value.slow;
	locator->value = value;
	locator->mtu = from->mtu;
	locator->up = from->up;
	locator->epoch = op->epoch;
	return -lisp_dp_bpf_locator(from->id, &value, false);
}

void lisp_dp_locator_sweep(uint64_t epoch)
{
	struct lisp_dp_locator *locator;
	struct lisp_dp_rloc *rloc;

	frr_each_safe (lisp_dp_locators, locators, locator)
		if (locator->epoch != epoch)
			locator_remove(locator);
	frr_each_safe (lisp_dp_rlocs, rlocs, rloc)
		if (rloc->epoch != epoch)
			rloc_remove(rloc);
}

void lisp_dp_locator_init(void)
{
	lisp_dp_locators_init(locators);
	lisp_dp_remotes_init(remotes);
	lisp_dp_rlocs_init(rlocs);
}

void lisp_dp_locator_finish(void)
{
	struct lisp_dp_locator *locator;
	struct lisp_dp_rloc *rloc;

	while (lisp_dp_remotes_pop(remotes))
		;
	while ((locator = lisp_dp_locators_pop(locators)))
		XFREE(MTYPE_LISP_DP_LOCATOR, locator);
	while ((rloc = lisp_dp_rlocs_pop(rlocs)))
		XFREE(MTYPE_LISP_DP_RLOC, rloc);
	lisp_dp_locators_fini(locators);
	lisp_dp_remotes_fini(remotes);
	lisp_dp_rlocs_fini(rlocs);
}
