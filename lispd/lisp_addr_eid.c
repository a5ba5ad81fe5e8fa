// SPDX-License-Identifier: GPL-2.0-or-later
/* The EIDs and RLOCs in addresses: the door between the wire and the rest. */
#include <zebra.h>

#include "lispd/lisp_addr_eid.h"
#include "lispd/lisp_lcaf.h"

static enum lisp_drop ip_to_eid(const struct lisp_addr *addr, uint8_t mask_len, struct lisp_eid *eid)
{
	eid->prefix.family = addr->afi == LISP_AFI_IPV4 ? AF_INET : AF_INET6;
	if (mask_len > lisp_family_bits(eid->prefix.family))
		return LISP_DROP_BAD_MASK_LEN;
	eid->prefix.prefixlen = mask_len;
	memcpy(lisp_eid_key(eid), lisp_addr_octets(addr), addr->len);
	lisp_eid_mask(eid);
	return LISP_OK;
}

static enum lisp_drop mac_to_eid(const struct lisp_addr *addr, uint8_t mask_len,
				 struct lisp_eid *eid)
{
	eid->kind = LISP_EID_MAC;
	if (mask_len > lisp_eid_bits(eid))
		return LISP_DROP_BAD_MASK_LEN;
	eid->prefix.prefixlen = mask_len;
	memcpy(lisp_eid_key(eid), lisp_addr_octets(addr), addr->len);
	lisp_eid_mask(eid);
	return LISP_OK;
}

/*
 * RFC 9735 section 4: the mask length is that of the name. Deployed code sends others;
 * a name is as long as it is. len is without the NUL.
 */
static enum lisp_drop name_to_eid(const struct lisp_addr *addr, struct lisp_eid *eid)
{
	unsigned int len = addr->len - 1U;

	if (len > LISP_EID_NAME_MAX)
		return LISP_DROP_NOT_SUPPORTED;
	eid->kind = LISP_EID_NAME;
	eid->prefix.prefixlen = (uint16_t)(len * 8);
	memcpy(lisp_eid_key(eid), lisp_addr_octets(addr), len);
	return LISP_OK;
}

/* RFC 8060 section 4.9: the LCAF's own mask lengths, the record's says nothing. */
static enum lisp_drop multicast_to_eid(const struct lisp_lcaf *lcaf, struct lisp_eid *eid)
{
	const struct lisp_addr *source = &lcaf->addr[0], *group = &lcaf->addr[1];
	unsigned int source_len = lcaf->f.multicast.source_mask_len;
	unsigned int group_len = lcaf->f.multicast.group_mask_len;
	unsigned int bits;

	if (group->afi != LISP_AFI_IPV4 && group->afi != LISP_AFI_IPV6)
		return LISP_DROP_NOT_SUPPORTED;
	if (source->afi == LISP_AFI_NONE)
		source_len = 0;
	else if (source->afi != group->afi)
		return LISP_DROP_NOT_SUPPORTED;
	eid->kind = group->afi == LISP_AFI_IPV4 ? LISP_EID_SG_IPV4 : LISP_EID_SG_IPV6;
	bits = lisp_eid_bits(eid) / 2;
	if (source_len > bits || group_len > bits)
		return LISP_DROP_BAD_MASK_LEN;
	if (source_len && group_len < bits)
		return LISP_DROP_SOURCE_OF_GROUPS;

	if (lcaf->f.multicast.iid)
		eid->iid = lcaf->f.multicast.iid;
	eid->prefix.prefixlen = (uint16_t)(group_len + source_len);
	memcpy(lisp_eid_key(eid), lisp_addr_octets(group), group->len);
	memcpy(&lisp_eid_key(eid)[bits / 8], lisp_addr_octets(source), source->len);
	lisp_eid_mask(eid);
	return LISP_OK;
}

static enum lisp_drop any_to_eid(const struct lisp_addr *addr, uint8_t mask_len,
				 struct lisp_eid *eid);

/* RFC 8060 section 4.10: the first IP address; a list is no EID of another kind. */
static enum lisp_drop list_to_eid(const struct lisp_lcaf *lcaf, uint8_t mask_len,
				  struct lisp_eid *eid)
{
	struct lisp_eid item;
	enum lisp_drop why;
	unsigned int i;

	for (i = 0; i < lcaf->n_items; i++) {
		item = *eid;
		why = any_to_eid(&lcaf->item[i].addr, mask_len, &item);
		if (why == LISP_OK && !lisp_eid_is_ip(&item))
			continue;
		if (why == LISP_OK || why == LISP_DROP_BAD_MASK_LEN) {
			*eid = item;
			return why;
		}
	}
	return LISP_DROP_NOT_SUPPORTED;
}

/* Recursion ends at LISP_LCAF_DEPTH. */
static enum lisp_drop lcaf_to_eid(const struct lisp_addr *addr, uint8_t mask_len,
				  struct lisp_eid *eid)
{
	struct lisp_lcaf lcaf;
	enum lisp_drop why;

	if (!lisp_lcaf_known(addr->lcaf_type))
		return LISP_DROP_BAD_LCAF;
	if (addr->lcaf_type != LISP_LCAF_IID && addr->lcaf_type != LISP_LCAF_AFI_LIST &&
	    addr->lcaf_type != LISP_LCAF_MULTICAST_INFO)
		return LISP_DROP_NOT_SUPPORTED;
	why = lisp_lcaf_decode(addr, &lcaf);
	if (why != LISP_OK)
		return why;
	if (lcaf.type == LISP_LCAF_AFI_LIST)
		return list_to_eid(&lcaf, mask_len, eid);
	if (lcaf.type == LISP_LCAF_MULTICAST_INFO)
		return multicast_to_eid(&lcaf, eid);
	eid->iid = lcaf.f.iid.iid;
	return any_to_eid(&lcaf.addr[0], mask_len, eid);
}

static enum lisp_drop any_to_eid(const struct lisp_addr *addr, uint8_t mask_len,
				 struct lisp_eid *eid)
{
	switch (addr->afi) {
	case LISP_AFI_IPV4:
	case LISP_AFI_IPV6:
		return ip_to_eid(addr, mask_len, eid);
	case LISP_AFI_MAC:
		return mac_to_eid(addr, mask_len, eid);
	case LISP_AFI_NAME:
		return name_to_eid(addr, eid);
	case LISP_AFI_LCAF:
		return lcaf_to_eid(addr, mask_len, eid);
	}
	return LISP_DROP_NOT_SUPPORTED;
}

enum lisp_drop lisp_addr_to_any_eid(const struct lisp_addr *addr, uint8_t mask_len,
				    struct lisp_eid *eid)
{
	memset(eid, 0, sizeof(*eid));
	return any_to_eid(addr, mask_len, eid);
}

enum lisp_drop lisp_addr_to_eid(const struct lisp_addr *addr, uint8_t mask_len, struct lisp_eid *eid)
{
	enum lisp_drop why = lisp_addr_to_any_eid(addr, mask_len, eid);

	return why == LISP_OK && !lisp_eid_is_ip(eid) ? LISP_DROP_EID_KIND : why;
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

void lisp_rloc_to_addr(const struct ipaddr *rloc, struct lisp_addr *addr)
{
	int family = ipaddr_family(rloc);

	memset(addr, 0, sizeof(*addr));
	addr->afi = family == AF_INET ? LISP_AFI_IPV4 : LISP_AFI_IPV6;
	addr->len = (uint16_t)(lisp_family_bits(family) / 8);
	memcpy(addr->octets, rloc->ip.addrbytes, addr->len);
}

/* RFC 8060 section 4.9 */
static void put_sg(struct lisp_writer *w, const struct lisp_eid *eid)
{
	unsigned int octets = lisp_eid_bits(eid) / 16;
	uint16_t afi = eid->kind == LISP_EID_SG_IPV4 ? LISP_AFI_IPV4 : LISP_AFI_IPV6;
	struct lisp_lcaf lcaf = { .type = LISP_LCAF_MULTICAST_INFO };
	unsigned int i;

	lcaf.f.multicast.iid = eid->iid;
	lcaf.f.multicast.source_mask_len = (uint8_t)lisp_eid_source_len(eid);
	lcaf.f.multicast.group_mask_len = (uint8_t)lisp_eid_group_len(eid);
	for (i = 0; i < 2; i++) {
		lcaf.addr[i].afi = afi;
		lcaf.addr[i].len = (uint16_t)octets;
	}
	memcpy(lcaf.addr[0].octets, &lisp_eid_key_const(eid)[octets], octets);
	memcpy(lcaf.addr[1].octets, lisp_eid_key_const(eid), octets);
	lisp_put_lcaf(w, &lcaf);
}

/* An IP address, MAC or name, without instance-id. */
static void eid_to_plain(const struct lisp_eid *eid, struct lisp_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (eid->kind == LISP_EID_NAME) {
		addr->afi = LISP_AFI_NAME;
		addr->len = (uint16_t)(eid->prefix.prefixlen / 8 + 1);
		memcpy(addr->octets, lisp_eid_key_const(eid), addr->len - 1U);
		return;
	}
	if (eid->kind == LISP_EID_MAC)
		addr->afi = LISP_AFI_MAC;
	else
		addr->afi = eid->prefix.family == AF_INET ? LISP_AFI_IPV4 : LISP_AFI_IPV6;
	addr->len = (uint16_t)(lisp_eid_bits(eid) / 8);
	memcpy(addr->octets, lisp_eid_key_const(eid), addr->len);
}

void lisp_eid_to_addr(const struct lisp_eid *eid, struct lisp_addr *addr)
{
	bool sg = lisp_eid_sg_family(eid) != AF_UNSPEC;
	struct lisp_lcaf lcaf = { .type = LISP_LCAF_IID };
	uint8_t buf[2 + LISP_ADDR_INLINE];
	struct lisp_writer w;

	if (eid->iid == 0 && !sg) {
		eid_to_plain(eid, addr);
		return;
	}
	lisp_writer_init(&w, buf, sizeof(buf));
	if (sg) {
		put_sg(&w, eid);
	} else {
		lcaf.f.iid.iid = eid->iid;
		eid_to_plain(eid, &lcaf.addr[0]);
		lisp_put_lcaf(&w, &lcaf);
	}
	memset(addr, 0, sizeof(*addr));
	lisp_addr_set(addr, buf, w.len);
}

uint8_t lisp_eid_mask_len(const struct lisp_eid *eid)
{
	switch (eid->kind) {
	case LISP_EID_SG_IPV4:
	case LISP_EID_SG_IPV6:
		return 0;
	case LISP_EID_NAME:
		return (uint8_t)(eid->prefix.prefixlen + 8);
	}
	return (uint8_t)eid->prefix.prefixlen;
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

bool lisp_rloc_group(const struct ipaddr *rloc)
{
	if (IS_IPADDR_V4(rloc))
		return IN_MULTICAST(ntohl(rloc->ipaddr_v4.s_addr));
	return IS_IPADDR_V6(rloc) && IN6_IS_ADDR_MULTICAST(&rloc->ipaddr_v6);
}
