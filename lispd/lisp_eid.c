// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * EIDs of every kind: order, cover, text.
 */
#include <zebra.h>

#include "lib/jhash.h"

#include "lispd/lisp_eid.h"

unsigned int lisp_family_bits(int family)
{
	switch (family) {
	case AF_INET:
		return IPV4_MAX_BITLEN;
	case AF_INET6:
		return IPV6_MAX_BITLEN;
	}
	return 0;
}

int lisp_eid_sg_family(const struct lisp_eid *eid)
{
	switch (eid->kind) {
	case LISP_EID_SG_IPV4:
		return AF_INET;
	case LISP_EID_SG_IPV6:
		return AF_INET6;
	}
	return AF_UNSPEC;
}

unsigned int lisp_eid_group_len(const struct lisp_eid *eid)
{
	return MIN(eid->prefix.prefixlen, lisp_family_bits(lisp_eid_sg_family(eid)));
}

unsigned int lisp_eid_source_len(const struct lisp_eid *eid)
{
	return eid->prefix.prefixlen - lisp_eid_group_len(eid);
}

unsigned int lisp_eid_bits(const struct lisp_eid *eid)
{
	switch (eid->kind) {
	case LISP_EID_IP:
		return lisp_family_bits(eid->prefix.family);
	case LISP_EID_MAC:
		return ETH_ALEN * 8;
	case LISP_EID_SG_IPV4:
	case LISP_EID_SG_IPV6:
		return 2 * lisp_family_bits(lisp_eid_sg_family(eid));
	case LISP_EID_NAME:
		return LISP_EID_NAME_MAX * 8;
	}
	return 0;
}

static unsigned int eid_octets(const struct lisp_eid *eid)
{
	return lisp_eid_bits(eid) / 8;
}

void lisp_eid_mask(struct lisp_eid *eid)
{
	unsigned int octets = eid_octets(eid);
	unsigned int i = eid->prefix.prefixlen / 8;

	if (i >= octets)
		return;
	lisp_eid_key(eid)[i] &= (uint8_t)(0xff00 >> (eid->prefix.prefixlen % 8));
	memset(&lisp_eid_key(eid)[i + 1], 0, octets - i - 1);
}

void lisp_eid_host(struct lisp_eid *eid, uint32_t iid, const struct ipaddr *addr)
{
	memset(eid, 0, sizeof(*eid));
	eid->iid = iid;
	eid->prefix.family = ipaddr_family(addr);
	eid->prefix.prefixlen = lisp_family_bits(eid->prefix.family);
	memcpy(lisp_eid_key(eid), addr->ip.addrbytes, eid_octets(eid));
}

void lisp_eid_ipaddr(const struct lisp_eid *eid, struct ipaddr *addr)
{
	memset(addr, 0, sizeof(*addr));
	addr->ipa_type = eid->prefix.family == AF_INET ? IPADDR_V4 : IPADDR_V6;
	memcpy(addr->ip.addrbytes, lisp_eid_key_const(eid), eid_octets(eid));
}

bool lisp_eid_is_host(const struct lisp_eid *eid)
{
	return eid->prefix.prefixlen == lisp_eid_bits(eid);
}

bool lisp_eid_towards(struct lisp_eid *wider, const struct lisp_eid *eid)
{
	unsigned int len = wider->prefix.prefixlen + (eid->kind == LISP_EID_NAME ? 8 : 1);

	if (len > eid->prefix.prefixlen)
		return false;
	*wider = *eid;
	wider->prefix.prefixlen = (uint16_t)len;
	lisp_eid_mask(wider);
	return true;
}

int lisp_eid_cmp(const struct lisp_eid *a, const struct lisp_eid *b)
{
	int diff;

	if (a->iid != b->iid)
		return a->iid < b->iid ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->prefix.family != b->prefix.family)
		return a->prefix.family == AF_INET ? -1 : 1;
	diff = memcmp(lisp_eid_key_const(a), lisp_eid_key_const(b), eid_octets(a));
	if (diff)
		return diff < 0 ? -1 : 1;
	return numcmp(a->prefix.prefixlen, b->prefix.prefixlen);
}

bool lisp_eid_same(const struct lisp_eid *a, const struct lisp_eid *b)
{
	return lisp_eid_cmp(a, b) == 0;
}

uint32_t lisp_eid_hash(const struct lisp_eid *eid)
{
	uint32_t what = (uint32_t)eid->kind << 24 | (uint32_t)eid->prefix.family << 16 |
			eid->prefix.prefixlen;
	uint32_t seed = jhash_2words(eid->iid, what, 0x4c495350);

	return jhash(lisp_eid_key_const(eid), eid_octets(eid), seed);
}

bool lisp_eid_covers(const struct lisp_eid *outer, const struct lisp_eid *inner)
{
	const uint8_t *a = lisp_eid_key_const(outer), *b = lisp_eid_key_const(inner);
	unsigned int octets = outer->prefix.prefixlen / 8;
	unsigned int bits = outer->prefix.prefixlen % 8;

	if (outer->iid != inner->iid || outer->kind != inner->kind ||
	    outer->prefix.family != inner->prefix.family ||
	    outer->prefix.prefixlen > inner->prefix.prefixlen)
		return false;
	if (memcmp(a, b, octets) != 0)
		return false;
	return bits == 0 || ((a[octets] ^ b[octets]) & (uint8_t)(0xff00 >> bits)) == 0;
}

/* ----------------------------------------------------------------------- to text */

static void ip_str(int family, const uint8_t *octets, unsigned int len, char *buf, size_t size)
{
	char text[INET6_ADDRSTRLEN] = "?";

	inet_ntop(family, octets, text, sizeof(text));
	snprintf(buf, size, "%s/%u", text, len);
}

static void sg_str(const struct lisp_eid *eid, char *buf, size_t size)
{
	char source[INET6_ADDRSTRLEN + 4] = "*", group[INET6_ADDRSTRLEN + 4];
	unsigned int source_len = lisp_eid_source_len(eid);
	int family = lisp_eid_sg_family(eid);

	ip_str(family, lisp_eid_key_const(eid), lisp_eid_group_len(eid), group, sizeof(group));
	if (source_len)
		ip_str(family, &lisp_eid_key_const(eid)[lisp_family_bits(family) / 8], source_len,
		       source, sizeof(source));
	snprintf(buf, size, "(%s,%s)", source, group);
}

static void name_str(const struct lisp_eid *eid, char *buf, size_t size)
{
	char text[3 * LISP_EID_NAME_MAX + 1], *p = text;
	unsigned int i;

	for (i = 0; i < eid->prefix.prefixlen / 8U; i++) {
		uint8_t c = lisp_eid_key_const(eid)[i];

		if (isalnum(c) || (c && strchr("-._~+=@", c)))
			*p++ = (char)c;
		else
			p += snprintf(p, 4, "%%%02x", c);
	}
	*p = '\0';
	snprintf(buf, size, "name:%s", text);
}

char *lisp_eid_prefix_str(const struct lisp_eid *eid, char *buf, size_t size)
{
	const uint8_t *o = lisp_eid_key_const(eid);

	switch (eid->kind) {
	case LISP_EID_IP:
		ip_str(eid->prefix.family, o, eid->prefix.prefixlen, buf, size);
		break;
	case LISP_EID_MAC:
		snprintf(buf, size, "%02x:%02x:%02x:%02x:%02x:%02x/%u", o[0], o[1], o[2], o[3],
			 o[4], o[5], eid->prefix.prefixlen);
		break;
	case LISP_EID_SG_IPV4:
	case LISP_EID_SG_IPV6:
		sg_str(eid, buf, size);
		break;
	case LISP_EID_NAME:
		name_str(eid, buf, size);
		break;
	}
	return buf;
}

char *lisp_eid_str(const struct lisp_eid *eid, char *buf, size_t size)
{
	char text[LISP_EID_STRLEN];

	lisp_eid_prefix_str(eid, text, sizeof(text));
	if (eid->iid)
		snprintf(buf, size, "[%u] %s", eid->iid, text);
	else
		snprintf(buf, size, "%s", text);
	return buf;
}

/* --------------------------------------------------------------------- from text */

/* Digits only, at most max; advances *text. strtoul() takes signs and blanks. */
static bool parse_number(const char **text, uint64_t max, uint32_t *number)
{
	const char *p = *text;
	uint64_t n = 0;

	if (!isdigit((unsigned char)*p))
		return false;
	for (; isdigit((unsigned char)*p); p++) {
		n = n * 10 + (uint64_t)(*p - '0');
		if (n > max)
			return false;
	}
	*number = (uint32_t)n;
	*text = p;
	return true;
}

static bool parse_iid(const char **text, uint32_t *iid)
{
	if (**text != '[')
		return true;
	(*text)++;
	if (!parse_number(text, UINT32_MAX, iid) || **text != ']')
		return false;
	(*text)++;
	while (**text == ' ')
		(*text)++;
	return true;
}

/* "/len" or nothing, which is all bits; then the text must be over. */
static bool parse_len(const char *text, unsigned int bits, uint32_t *len)
{
	*len = bits;
	if (*text == '\0')
		return true;
	return *text++ == '/' && parse_number(&text, bits, len) && *text == '\0';
}

/* An IP prefix; octets gets the address with its host bits. */
static bool parse_ip(const char *text, int *family, uint8_t *octets, uint32_t *len)
{
	char addr[INET6_ADDRSTRLEN];
	size_t n = strcspn(text, "/");

	if (n >= sizeof(addr))
		return false;
	memcpy(addr, text, n);
	addr[n] = '\0';
	if (inet_pton(AF_INET, addr, octets) == 1)
		*family = AF_INET;
	else if (inet_pton(AF_INET6, addr, octets) == 1)
		*family = AF_INET6;
	else
		return false;
	return parse_len(text + n, lisp_family_bits(*family), len);
}

static bool parse_mac(const char *text, struct lisp_eid *eid)
{
	uint32_t len;
	int i;

	eid->kind = LISP_EID_MAC;
	for (i = 0; i < ETH_ALEN; i++, text += 2) {
		if (i && *text++ != ':')
			return false;
		if (!isxdigit((unsigned char)text[0]) || !isxdigit((unsigned char)text[1]))
			return false;
		lisp_eid_key(eid)[i] = (uint8_t)strtoul((const char[]){ text[0], text[1], '\0' },
							NULL, 16);
	}
	if (!parse_len(text, ETH_ALEN * 8, &len))
		return false;
	eid->prefix.prefixlen = (uint16_t)len;
	return true;
}

/* "(SOURCE,GROUP)" */
static bool parse_sg(const char *text, struct lisp_eid *eid)
{
	uint8_t group[IPV6_MAX_BYTELEN], source[IPV6_MAX_BYTELEN] = {};
	char part[2][INET6_ADDRSTRLEN + 4];
	int family, source_family;
	uint32_t group_len, source_len = 0;
	size_t n = strcspn(++text, ","), m;

	if (n >= sizeof(part[0]) || text[n] != ',')
		return false;
	memcpy(part[0], text, n);
	part[0][n] = '\0';
	text += n + 1;
	m = strcspn(text, ")");
	if (m >= sizeof(part[1]) || text[m] != ')' || text[m + 1] != '\0')
		return false;
	memcpy(part[1], text, m);
	part[1][m] = '\0';

	if (!parse_ip(part[1], &family, group, &group_len))
		return false;
	if (strcmp(part[0], "*") != 0 &&
	    (!parse_ip(part[0], &source_family, source, &source_len) || source_family != family))
		return false;
	if (source_len && group_len < lisp_family_bits(family))
		return false;
	eid->kind = family == AF_INET ? LISP_EID_SG_IPV4 : LISP_EID_SG_IPV6;
	eid->prefix.prefixlen = (uint16_t)(group_len + source_len);
	memcpy(lisp_eid_key(eid), group, lisp_family_bits(family) / 8);
	memcpy(&lisp_eid_key(eid)[lisp_family_bits(family) / 8], source,
	       lisp_family_bits(family) / 8);
	return true;
}

/* Of "name:": letters and so on, %XX. No name has a NUL, or blanks that are not %20. */
static bool parse_name(const char *text, struct lisp_eid *eid)
{
	unsigned int n = 0;

	eid->kind = LISP_EID_NAME;
	for (; *text; n++) {
		uint8_t c = (uint8_t)*text;
		int escaped = c == '%';

		if (n == LISP_EID_NAME_MAX)
			return false;
		if (escaped) {
			if (!isxdigit((unsigned char)text[1]) || !isxdigit((unsigned char)text[2]))
				return false;
			c = (uint8_t)strtoul((const char[]){ text[1], text[2], '\0' }, NULL, 16);
		}
		if (c == '\0' || (!escaped && !isgraph(c)))
			return false;
		lisp_eid_key(eid)[n] = c;
		text += escaped ? 3 : 1;
	}
	eid->prefix.prefixlen = (uint16_t)(n * 8);
	return true;
}

static bool parse_prefix(const char *text, struct lisp_eid *eid)
{
	int family;
	uint32_t len;

	if (strncmp(text, "name:", 5) == 0)
		return parse_name(text + 5, eid);
	if (*text == '(')
		return parse_sg(text, eid);
	if (parse_ip(text, &family, lisp_eid_key(eid), &len)) {
		eid->prefix.family = (uint8_t)family;
		eid->prefix.prefixlen = (uint16_t)len;
		return true;
	}
	memset(&eid->prefix, 0, sizeof(eid->prefix));
	return parse_mac(text, eid);
}

bool lisp_eid_parse(const char *text, struct lisp_eid *eid)
{
	memset(eid, 0, sizeof(*eid));
	if (!parse_iid(&text, &eid->iid) || !parse_prefix(text, eid))
		return false;
	lisp_eid_mask(eid);
	return true;
}
