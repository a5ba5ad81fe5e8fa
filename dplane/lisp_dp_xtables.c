// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Of a built-in chain each rule counts that may be for UDP and does not accept; a jump to a
 * chain of the operator's does, too, without a look at it.
 */
#include <zebra.h>

#include <fcntl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include "lib/memory.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_xtables.h"

/* How a family's entries differ. */
static const struct kind {
	int family, level, info, entries;
	const char *list; /* of the tables that there are */
	const char *module, *command;
	size_t protocol, inverted, target, next; /* offsets in an entry */
	uint8_t inverted_bit;
} kinds[2] = {
	{ AF_INET, IPPROTO_IP, IPT_SO_GET_INFO, IPT_SO_GET_ENTRIES, "/proc/net/ip_tables_names",
	  "iptable", "iptables-legacy", offsetof(struct ipt_entry, ip.proto),
	  offsetof(struct ipt_entry, ip.invflags), offsetof(struct ipt_entry, target_offset),
	  offsetof(struct ipt_entry, next_offset), IPT_INV_PROTO },
	{ AF_INET6, IPPROTO_IPV6, IP6T_SO_GET_INFO, IP6T_SO_GET_ENTRIES,
	  "/proc/net/ip6_tables_names", "ip6table", "ip6tables-legacy",
	  offsetof(struct ip6t_entry, ipv6.proto), offsetof(struct ip6t_entry, ipv6.invflags),
	  offsetof(struct ip6t_entry, target_offset), offsetof(struct ip6t_entry, next_offset),
	  IP6T_INV_PROTO },
};

/* By family and direction, the table that matters; empty: none. */
struct verdicts {
	char table[2][2][XT_TABLE_MAXNAMELEN];
};
static struct verdicts now;

static int names[2] = { -1, -1 }; /* the lists, opened as root: others may not */

void lisp_dp_xtables_open(void)
{
	for (size_t i = 0; i < array_size(kinds); i++)
		names[i] = open(kinds[i].list, O_RDONLY | O_CLOEXEC);
}

void lisp_dp_xtables_close(void)
{
	for (size_t i = 0; i < array_size(names); i++) {
		if (names[i] >= 0)
			close(names[i]);
		names[i] = -1;
	}
}

static uint16_t u16_at(const uint8_t *entry, size_t offset)
{
	uint16_t value;

	memcpy(&value, entry + offset, sizeof(value));
	return value;
}

static bool accepts(const uint8_t *target, size_t left)
{
	struct xt_standard_target standard;

	if (left < sizeof(standard))
		return false;
	memcpy(&standard, target, sizeof(standard));
	return !standard.target.u.user.name[0] && standard.verdict == -NF_ACCEPT - 1;
}

/* From the first entry of a built-in chain to its policy, both included. */
static bool chain_matters(const struct kind *kind, const uint8_t *entries, size_t size,
			  size_t first, size_t policy)
{
	size_t at = first, least = MAX(kind->next, kind->target) + sizeof(uint16_t);

	while (at <= policy && at + least <= size) {
		uint16_t target = u16_at(entries + at, kind->target);
		uint16_t next = u16_at(entries + at, kind->next), protocol;
		bool inverted = entries[at + kind->inverted] & kind->inverted_bit;

		if (!next || target > next || at + next > size)
			return true;
		protocol = u16_at(entries + at, kind->protocol);
		if ((!protocol || (protocol == IPPROTO_UDP) != inverted) &&
		    !accepts(entries + at + target, next - target))
			return true;
		at += next;
	}
	return false;
}

/* ip6t_get_entries has the same form */
static void table_read(const struct kind *kind, int fd, const char *name, struct verdicts *found)
{
	static const unsigned int hooks[2][2] = { { NF_INET_PRE_ROUTING, NF_INET_LOCAL_IN },
						  { NF_INET_LOCAL_OUT, NF_INET_POST_ROUTING } };
	struct ipt_get_entries *entries;
	struct ipt_getinfo info = {};
	socklen_t length = sizeof(info);
	int family = kind - kinds;

	strlcpy(info.name, name, sizeof(info.name));
	if (getsockopt(fd, kind->level, kind->info, &info, &length))
		return;
	length = sizeof(*entries) + info.size;
	entries = XCALLOC(MTYPE_LISP_DP_BUFFER, length);
	strlcpy(entries->name, name, sizeof(entries->name));
	entries->size = info.size;
	if (getsockopt(fd, kind->level, kind->entries, entries, &length))
		info.valid_hooks = 0; /* changed meanwhile: the next look sees it */
	for (int out = 0; out < 2; out++)
		for (int i = 0; i < 2; i++) {
			unsigned int hook = hooks[out][i];

			if ((info.valid_hooks & 1u << hook) &&
			    chain_matters(kind, (uint8_t *)entries->entrytable, info.size,
					  info.hook_entry[hook], info.underflow[hook]))
				strlcpy(found->table[family][out], name,
					sizeof(found->table[family][out]));
		}
	XFREE(MTYPE_LISP_DP_BUFFER, entries);
}

/* By the kernel's list, or by its modules where the list came too late to be opened. */
static bool there(const struct kind *kind, const char *list, const char *name)
{
	char path[64];

	if (names[kind - kinds] >= 0)
		return strstr(list, name);
	snprintf(path, sizeof(path), "/sys/module/%s_%s", kind->module, name);
	return !access(path, F_OK);
}

static void kind_read(const struct kind *kind, struct verdicts *found)
{
	static const char *const tables[] = { "filter", "mangle", "nat", "raw", "security" };
	char list[256] = "";
	int fd = -1, from = names[kind - kinds];

	if (from >= 0 && pread(from, list, sizeof(list) - 1, 0) < 0)
		return;
	for (size_t i = 0; i < array_size(tables); i++) {
		if (!there(kind, list, tables[i]))
			continue;
		if (fd < 0)
			fd = socket(kind->family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
		if (fd >= 0)
			table_read(kind, fd, tables[i], found);
	}
	if (fd >= 0)
		close(fd);
}

bool lisp_dp_xtables_load(void)
{
	struct verdicts before = now;

	memset(&now, 0, sizeof(now));
	for (size_t i = 0; i < array_size(kinds); i++)
		kind_read(&kinds[i], &now);
	return memcmp(&before, &now, sizeof(now));
}

bool lisp_dp_xtables_matter(uint8_t version, bool out, char *text, size_t size)
{
	const char *table = now.table[version == 4 ? 0 : 1][out];

	if (!table[0])
		return false;
	snprintf(text, size, "%s: table %s", kinds[version == 4 ? 0 : 1].command, table);
	return true;
}
