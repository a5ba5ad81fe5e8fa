// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Addresses of LISP: EID-prefixes, RLOCs and what they are on the wire.
 */
#include <zebra.h>

#include "lib/jhash.h"

#include "lispd/lisp_addr.h"
#include "lispd/lisp_lcaf.h"
#include "lispd/lisp_memory.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_ADDR, "LISP address as received");

/* ------------------------------------------------------------ EID-prefixes */

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

static unsigned int family_octets(int family)
{
	return lisp_family_bits(family) / 8;
}

void lisp_eid_mask(struct lisp_eid *eid)
{
	unsigned int octets = family_octets(eid->prefix.family);
	unsigned int i = eid->prefix.prefixlen / 8;

	if (i >= octets)
		return;
	eid->prefix.u.val[i] &= (uint8_t)(0xff00 >> (eid->prefix.prefixlen % 8));
	memset(&eid->prefix.u.val[i + 1], 0, octets - i - 1);
}

void lisp_eid_host(struct lisp_eid *eid, uint32_t iid, const struct ipaddr *addr)
{
	memset(eid, 0, sizeof(*eid));
	eid->iid = iid;
	eid->prefix.family = ipaddr_family(addr);
	eid->prefix.prefixlen = lisp_family_bits(eid->prefix.family);
	memcpy(eid->prefix.u.val, addr->ip.addrbytes, family_octets(eid->prefix.family));
}

void lisp_eid_ipaddr(const struct lisp_eid *eid, struct ipaddr *addr)
{
	memset(addr, 0, sizeof(*addr));
	addr->ipa_type = eid->prefix.family == AF_INET ? IPADDR_V4 : IPADDR_V6;
	memcpy(addr->ip.addrbytes, eid->prefix.u.val, family_octets(eid->prefix.family));
}

bool lisp_eid_is_host(const struct lisp_eid *eid)
{
	return eid->prefix.prefixlen == lisp_family_bits(eid->prefix.family);
}

int lisp_eid_cmp(const struct lisp_eid *a, const struct lisp_eid *b)
{
	int diff;

	if (a->iid != b->iid)
		return a->iid < b->iid ? -1 : 1;
	if (a->prefix.family != b->prefix.family)
		return a->prefix.family == AF_INET ? -1 : 1;
	diff = memcmp(a->prefix.u.val, b->prefix.u.val, family_octets(a->prefix.family));
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
	uint32_t seed = jhash_2words(eid->iid,
				     (uint32_t)eid->prefix.family << 16 | eid->prefix.prefixlen,
				     0x4c495350);

	return jhash(eid->prefix.u.val, family_octets(eid->prefix.family), seed);
}

bool lisp_eid_covers(const struct lisp_eid *outer, const struct lisp_eid *inner)
{
	const uint8_t *a = outer->prefix.u.val, *b = inner->prefix.u.val;
	unsigned int octets = outer->prefix.prefixlen / 8;
	unsigned int bits = outer->prefix.prefixlen % 8;

	if (outer->iid != inner->iid || outer->prefix.family != inner->prefix.family ||
	    outer->prefix.prefixlen > inner->prefix.prefixlen)
		return false;
	if (memcmp(a, b, octets) != 0)
		return false;
	return bits == 0 || ((a[octets] ^ b[octets]) & (uint8_t)(0xff00 >> bits)) == 0;
}

char *lisp_eid_str(const struct lisp_eid *eid, char *buf, size_t size)
{
	char text[INET6_ADDRSTRLEN] = "?";

	inet_ntop(eid->prefix.family, eid->prefix.u.val, text, sizeof(text));
	if (eid->iid)
		snprintf(buf, size, "[%u] %s/%u", eid->iid, text, eid->prefix.prefixlen);
	else
		snprintf(buf, size, "%s/%u", text, eid->prefix.prefixlen);
	return buf;
}

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

bool lisp_eid_parse(const char *text, struct lisp_eid *eid)
{
	char addr[INET6_ADDRSTRLEN];
	uint32_t prefixlen;
	size_t n;

	memset(eid, 0, sizeof(*eid));
	if (!parse_iid(&text, &eid->iid))
		return false;

	n = strcspn(text, "/");
	if (n >= sizeof(addr))
		return false;
	memcpy(addr, text, n);
	addr[n] = '\0';
	if (inet_pton(AF_INET, addr, eid->prefix.u.val) == 1)
		eid->prefix.family = AF_INET;
	else if (inet_pton(AF_INET6, addr, eid->prefix.u.val) == 1)
		eid->prefix.family = AF_INET6;
	else
		return false;

	prefixlen = lisp_family_bits(eid->prefix.family);
	text += n;
	if (*text == '/') {
		text++;
		if (!parse_number(&text, prefixlen, &prefixlen) || *text != '\0')
			return false;
	}
	eid->prefix.prefixlen = prefixlen;
	lisp_eid_mask(eid);
	return true;
}

/* --------------------------------------------------- addresses on the wire */

/* Octets behind the AFI of a plain one; false if it has no fixed size. */
static bool afi_size(uint16_t afi, size_t *size)
{
	switch (afi) {
	case LISP_AFI_NONE:
		*size = 0;
		return true;
	case LISP_AFI_IPV4:
	case LISP_AFI_AS:
		*size = 4;
		return true;
	case LISP_AFI_IPV6:
		*size = 16;
		return true;
	case LISP_AFI_MAC:
		*size = 6;
		return true;
	}
	return false;
}

size_t lisp_addr_check_nested(const uint8_t *buf, size_t len, unsigned int depth, bool *tolerated,
			      enum lisp_drop *why)
{
	uint16_t afi;
	size_t size;

	*why = LISP_DROP_TRUNCATED;
	/* No UDP payload is longer; sizes are held in 16 bits. */
	len = MIN(len, (size_t)UINT16_MAX);
	if (len < 2)
		return 0;
	afi = (uint16_t)(buf[0] << 8 | buf[1]);
	buf += 2;
	len -= 2;

	if (afi_size(afi, &size)) {
		if (size > len)
			return 0;
	} else if (afi == LISP_AFI_DNS || afi == LISP_AFI_NAME) {
		size = strnlen((const char *)buf, len) + 1;
		if (size > len)
			return 0;
	} else if (afi == LISP_AFI_LCAF) {
		size = lisp_lcaf_check(buf, len, depth, tolerated, why);
		if (size == 0)
			return 0;
	} else {
		*why = LISP_DROP_BAD_AFI;
		return 0;
	}
	*why = LISP_OK;
	return size + 2;
}

size_t lisp_addr_check(const uint8_t *buf, size_t len, enum lisp_drop *why)
{
	bool tolerated = false;

	return lisp_addr_check_nested(buf, len, 0, &tolerated, why);
}

void lisp_addr_set(struct lisp_addr *addr, const uint8_t *buf, size_t size)
{
	addr->afi = (uint16_t)(buf[0] << 8 | buf[1]);
	addr->len = (uint16_t)(size - 2);
	addr->lcaf_type = addr->afi == LISP_AFI_LCAF ? buf[4] : 0;
	if (addr->len <= LISP_ADDR_INLINE) {
		memcpy(addr->octets, buf + 2, addr->len);
		addr->borrowed = NULL;
	} else {
		addr->borrowed = buf + 2;
	}
}

size_t lisp_addr_decode(const uint8_t *buf, size_t len, struct lisp_addr *addr, enum lisp_drop *why)
{
	size_t size = lisp_addr_check(buf, len, why);

	if (size)
		lisp_addr_set(addr, buf, size);
	return size;
}

bool lisp_addr_same(const struct lisp_addr *a, const struct lisp_addr *b)
{
	return a->afi == b->afi && a->len == b->len &&
	       memcmp(lisp_addr_octets(a), lisp_addr_octets(b), a->len) == 0;
}

int lisp_addr_cmp(const struct lisp_addr *a, const struct lisp_addr *b)
{
	int diff;

	if (a->afi != b->afi)
		return numcmp(a->afi, b->afi);
	if (a->lcaf_type != b->lcaf_type)
		return numcmp(a->lcaf_type, b->lcaf_type);
	diff = memcmp(lisp_addr_octets(a), lisp_addr_octets(b), MIN(a->len, b->len));
	return diff ? diff : numcmp(a->len, b->len);
}

struct lisp_addr_copy *lisp_addr_copy_new(const struct lisp_addr *addr)
{
	struct lisp_addr_copy *copy = XMALLOC(MTYPE_LISP_ADDR, sizeof(*copy) + addr->len);

	copy->afi = addr->afi;
	copy->len = addr->len;
	memcpy(copy->octets, lisp_addr_octets(addr), addr->len);
	return copy;
}

void lisp_addr_copy_free(struct lisp_addr_copy **copy)
{
	XFREE(MTYPE_LISP_ADDR, *copy);
}

void lisp_addr_of_copy(const struct lisp_addr_copy *copy, struct lisp_addr *addr)
{
	addr->afi = copy->afi;
	addr->len = copy->len;
	addr->lcaf_type = copy->afi == LISP_AFI_LCAF ? copy->octets[2] : 0;
	addr->borrowed = copy->octets;
}

bool lisp_addr_unknown(const struct lisp_addr *addr)
{
	struct lisp_lcaf lcaf;
	unsigned int i;

	if (addr->afi != LISP_AFI_LCAF)
		return false;
	if (!lisp_lcaf_known(addr->lcaf_type))
		return true;
	if (addr->lcaf_type == LISP_LCAF_IID)
		return lisp_lcaf_decode(addr, &lcaf) == LISP_OK && lisp_addr_unknown(&lcaf.addr[0]);
	if (addr->lcaf_type != LISP_LCAF_AFI_LIST)
		return false;

	/* A list of nothing but unknown types says nothing. */
	if (lisp_lcaf_decode(addr, &lcaf) != LISP_OK || lcaf.n_items == 0)
		return true;
	for (i = 0; i < lcaf.n_items; i++)
		if (!lisp_addr_unknown(&lcaf.item[i].addr))
			return false;
	return true;
}

/* ---------------------------------------------------------------- converters */

static enum lisp_drop plain_to_eid(const struct lisp_addr *addr, uint8_t mask_len,
				   struct lisp_eid *eid)
{
	eid->prefix.family = addr->afi == LISP_AFI_IPV4 ? AF_INET : AF_INET6;
	if (mask_len > lisp_family_bits(eid->prefix.family))
		return LISP_DROP_BAD_MASK_LEN;
	eid->prefix.prefixlen = mask_len;
	memcpy(eid->prefix.u.val, lisp_addr_octets(addr), addr->len);
	lisp_eid_mask(eid);
	return LISP_OK;
}

static enum lisp_drop lcaf_to_eid(const struct lisp_addr *addr, uint8_t mask_len,
				  struct lisp_eid *eid);

static enum lisp_drop any_to_eid(const struct lisp_addr *addr, uint8_t mask_len,
				 struct lisp_eid *eid)
{
	switch (addr->afi) {
	case LISP_AFI_IPV4:
	case LISP_AFI_IPV6:
		return plain_to_eid(addr, mask_len, eid);
	case LISP_AFI_MAC:
		return mask_len > ETH_ALEN * 8 ? LISP_DROP_BAD_MASK_LEN : LISP_DROP_NOT_SUPPORTED;
	case LISP_AFI_LCAF:
		return lcaf_to_eid(addr, mask_len, eid);
	}
	return LISP_DROP_NOT_SUPPORTED;
}

/* RFC 8060 section 4.1 and 4.10; recursion ends at LISP_LCAF_DEPTH. */
static enum lisp_drop lcaf_to_eid(const struct lisp_addr *addr, uint8_t mask_len,
				  struct lisp_eid *eid)
{
	struct lisp_lcaf lcaf;
	enum lisp_drop why;
	unsigned int i;

	if (!lisp_lcaf_known(addr->lcaf_type))
		return LISP_DROP_BAD_LCAF;
	if (addr->lcaf_type != LISP_LCAF_IID && addr->lcaf_type != LISP_LCAF_AFI_LIST)
		return LISP_DROP_NOT_SUPPORTED;
	why = lisp_lcaf_decode(addr, &lcaf);
	if (why != LISP_OK)
		return why;
	if (lcaf.type == LISP_LCAF_IID) {
		eid->iid = lcaf.f.iid.iid;
		return any_to_eid(&lcaf.addr[0], mask_len, eid);
	}

	for (i = 0; i < lcaf.n_items; i++) {
		why = any_to_eid(&lcaf.item[i].addr, mask_len, eid);
		if (why == LISP_OK || why == LISP_DROP_BAD_MASK_LEN)
			return why;
	}
	return LISP_DROP_NOT_SUPPORTED;
}

enum lisp_drop lisp_addr_to_eid(const struct lisp_addr *addr, uint8_t mask_len, struct lisp_eid *eid)
{
	memset(eid, 0, sizeof(*eid));
	return any_to_eid(addr, mask_len, eid);
}

static bool plain_to_rloc(const struct lisp_addr *addr, struct ipaddr *rloc)
{
	if (addr->afi != LISP_AFI_IPV4 && addr->afi != LISP_AFI_IPV6)
		return false;
	memset(rloc, 0, sizeof(*rloc));
	rloc->ipa_type = addr->afi == LISP_AFI_IPV4 ? IPADDR_V4 : IPADDR_V6;
	memcpy(rloc->ip.addrbytes, lisp_addr_octets(addr), addr->len);
	return true;
}

/* What is looked for in a locator, and found. */
struct target {
	bool etr; /* the ETR, not the first hop to it */
	struct ipaddr *addr;
	uint16_t port;
};

static bool addr_to_target(const struct lisp_addr *addr, struct target *target);

static bool items_to_target(const struct lisp_lcaf *lcaf, struct target *target)
{
	unsigned int i;

	for (i = 0; i < lcaf->n_items; i++)
		if (addr_to_target(&lcaf->item[i].addr, target))
			return true;
	return false;
}

/* One hop or none: a path is not to be entered midway. */
static bool elp_to_target(const struct lisp_lcaf *lcaf, struct target *target)
{
	unsigned int hop = target->etr ? lcaf->n_items - 1U : 0;

	return lcaf->n_items && addr_to_target(&lcaf->item[hop].addr, target);
}

static bool nat_to_target(const struct lisp_lcaf *lcaf, struct target *target)
{
	if (items_to_target(lcaf, target))
		return true;
	if (!addr_to_target(&lcaf->addr[0], target))
		return false;
	target->port = lcaf->f.nat.etr_port;
	return true;
}

static bool addr_to_target(const struct lisp_addr *addr, struct target *target)
{
	struct lisp_lcaf lcaf;

	if (addr->afi != LISP_AFI_LCAF)
		return plain_to_rloc(addr, target->addr);
	if (lisp_lcaf_decode(addr, &lcaf) != LISP_OK)
		return false;

	switch (lcaf.type) {
	case LISP_LCAF_AFI_LIST:
		return items_to_target(&lcaf, target);
	case LISP_LCAF_ELP:
		return elp_to_target(&lcaf, target);
	case LISP_LCAF_NAT:
		return nat_to_target(&lcaf, target);
	case LISP_LCAF_IID:
	case LISP_LCAF_AS:
	case LISP_LCAF_APP_DATA:
	case LISP_LCAF_GEO:
	case LISP_LCAF_NONCE_LOCATOR:
	case LISP_LCAF_SECURITY_KEY:
	case LISP_LCAF_JSON:
	case LISP_LCAF_ENCAP:
		return addr_to_target(&lcaf.addr[0], target);
	}
	return false;
}

bool lisp_addr_to_rloc(const struct lisp_addr *addr, struct ipaddr *rloc)
{
	uint16_t port;

	return lisp_addr_to_rloc_port(addr, rloc, &port);
}

bool lisp_addr_to_rloc_port(const struct lisp_addr *addr, struct ipaddr *rloc, uint16_t *port)
{
	struct target target = { .addr = rloc };

	if (!addr_to_target(addr, &target))
		return false;
	*port = target.port;
	return true;
}

bool lisp_addr_to_etr(const struct lisp_addr *addr, struct ipaddr *etr)
{
	struct target target = { .etr = true, .addr = etr };

	return addr_to_target(addr, &target);
}

static void plain_from_octets(struct lisp_addr *addr, int family, const uint8_t *octets)
{
	addr->afi = family == AF_INET ? LISP_AFI_IPV4 : LISP_AFI_IPV6;
	addr->len = (uint16_t)family_octets(family);
	memcpy(addr->octets, octets, addr->len);
}

void lisp_eid_to_addr(const struct lisp_eid *eid, struct lisp_addr *addr)
{
	unsigned int octets = family_octets(eid->prefix.family);
	uint8_t *p = addr->octets;

	memset(addr, 0, sizeof(*addr));
	if (eid->iid == 0) {
		plain_from_octets(addr, eid->prefix.family, eid->prefix.u.val);
		return;
	}

	/* RFC 8060 section 4.1: header, IID, AFI, address; at most 28 octets */
	addr->afi = LISP_AFI_LCAF;
	addr->lcaf_type = LISP_LCAF_IID;
	addr->len = (uint16_t)(6 + 4 + 2 + octets);
	p[2] = LISP_LCAF_IID;
	p[5] = (uint8_t)(4 + 2 + octets);
	p[6] = (uint8_t)(eid->iid >> 24);
	p[7] = (uint8_t)(eid->iid >> 16);
	p[8] = (uint8_t)(eid->iid >> 8);
	p[9] = (uint8_t)eid->iid;
	p[11] = eid->prefix.family == AF_INET ? LISP_AFI_IPV4 : LISP_AFI_IPV6;
	memcpy(&p[12], eid->prefix.u.val, octets);
}

void lisp_rloc_to_addr(const struct ipaddr *rloc, struct lisp_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	plain_from_octets(addr, ipaddr_family(rloc), rloc->ip.addrbytes);
}

void lisp_addr_none(struct lisp_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
}

static bool rloc4_valid(uint32_t addr)
{
	return (addr >> 24) != 0 && (addr >> 24) != 127 && (addr >> 28) != 0xe &&
	       addr != INADDR_BROADCAST;
}

bool lisp_rloc_valid(const struct ipaddr *rloc)
{
	switch (rloc->ipa_type) {
	case IPADDR_V4:
		return rloc4_valid(ntohl(rloc->ipaddr_v4.s_addr));
	case IPADDR_V6:
		return !IN6_IS_ADDR_UNSPECIFIED(&rloc->ipaddr_v6) &&
		       !IN6_IS_ADDR_LOOPBACK(&rloc->ipaddr_v6) &&
		       !IN6_IS_ADDR_MULTICAST(&rloc->ipaddr_v6) &&
		       !IN6_IS_ADDR_LINKLOCAL(&rloc->ipaddr_v6) &&
		       !IN6_IS_ADDR_V4MAPPED(&rloc->ipaddr_v6);
	case IPADDR_NONE:
		break;
	}
	return false;
}
