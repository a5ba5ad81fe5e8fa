// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text of any address on the wire. One table row per LCAF type says what stands in
 * front of the addresses in it.
 */
#include <zebra.h>

#include <stdarg.h>

#include "lispd/lisp_addr.h"
#include "lispd/lisp_lcaf.h"

/* Where the next character goes; at end nothing more is written. */
struct text {
	char *p, *end; /* of the buffer; *end is its last octet */
	bool cut;
};

PRINTFRR(2, 3) static void put(struct text *t, const char *fmt, ...)
{
	size_t room = (size_t)(t->end - t->p) + 1;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->p, room, fmt, ap);
	va_end(ap);
	t->cut |= n >= (int)room;
	t->p += MIN((size_t)MAX(n, 0), room - 1);
}

/* Without apostrophes, so that the text can stand in an XPath. */
static void put_octets_text(struct text *t, const uint8_t *octets, size_t len)
{
	size_t i;

	for (i = 0; i < len && !t->cut; i++)
		put(t, "%c", isprint(octets[i]) && octets[i] != '\'' ? octets[i] : '.');
}

static void put_hex(struct text *t, const uint8_t *octets, size_t len)
{
	size_t i;

	put(t, "0x");
	for (i = 0; i < len && !t->cut; i++)
		put(t, "%02x", octets[i]);
}

/* ------------------------------------------------ what an LCAF says, by type */

static void as_text(struct text *t, const struct lisp_lcaf *lcaf)
{
	put(t, "AS%u", lcaf->f.as.asn);
}

static void app_text(struct text *t, const struct lisp_lcaf *lcaf)
{
	put(t, "tos 0x%06x,protocol %u,ports %u-%u %u-%u", lcaf->f.app.tos, lcaf->f.app.protocol,
	    lcaf->f.app.local_low, lcaf->f.app.local_high, lcaf->f.app.remote_low,
	    lcaf->f.app.remote_high);
}

static void geo_text(struct text *t, const struct lisp_lcaf *lcaf)
{
	put(t, "%u-%u-%u-%c,%u-%u-%u-%c", lcaf->f.geo.lat_deg, lcaf->f.geo.lat_min,
	    lcaf->f.geo.lat_sec, lcaf->f.geo.north ? 'N' : 'S', lcaf->f.geo.lon_deg,
	    lcaf->f.geo.lon_min, lcaf->f.geo.lon_sec, lcaf->f.geo.east ? 'E' : 'W');
	if (lcaf->f.geo.altitude != INT32_MAX)
		put(t, ",%d m", lcaf->f.geo.altitude);
}

static void opaque_text(struct text *t, const struct lisp_lcaf *lcaf)
{
	put(t, "%u key-fields,wildcard 0x%04x,", lcaf->f.opaque.key_fields + 1U,
	    lcaf->f.opaque.wildcard);
	put_hex(t, lcaf->blob, lcaf->blob_len);
}

static void nat_text(struct text *t, const struct lisp_lcaf *lcaf)
{
	put(t, "ms-port %u,etr-port %u", lcaf->f.nat.ms_port, lcaf->f.nat.etr_port);
}

static void nonce_text(struct text *t, const struct lisp_lcaf *lcaf)
{
	put(t, "nonce 0x%06x", lcaf->f.nonce_locator.nonce);
}

static void multicast_text(struct text *t, const struct lisp_lcaf *lcaf)
{
	put(t, "instance-id %u,source-mask %u,group-mask %u", lcaf->f.multicast.iid,
	    lcaf->f.multicast.source_mask_len, lcaf->f.multicast.group_mask_len);
}

/* The keys themselves are nobody's to read. */
static void key_text(struct text *t, const struct lisp_lcaf *lcaf)
{
	put(t, "algorithm %u,%u keys%s", lcaf->f.key.algorithm, lcaf->f.key.count,
	    lcaf->f.key.revoke ? ",revoked" : "");
}

static void src_dst_text(struct text *t, const struct lisp_lcaf *lcaf)
{
	put(t, "source-mask %u,dest-mask %u", lcaf->f.src_dst.source_mask_len,
	    lcaf->f.src_dst.dest_mask_len);
}

static void json_text(struct text *t, const struct lisp_lcaf *lcaf)
{
	put_octets_text(t, lcaf->blob, lcaf->blob_len);
}

static void encap_text(struct text *t, const struct lisp_lcaf *lcaf)
{
	put(t, "flags 0x%02x", lcaf->f.encap.flags);
}

static void service_path_text(struct text *t, const struct lisp_lcaf *lcaf)
{
	put(t, "path %u,index %u", lcaf->f.service_path.spi, lcaf->f.service_path.si);
}

static void (*const says[256])(struct text *, const struct lisp_lcaf *) = {
	[LISP_LCAF_AS] = as_text,
	[LISP_LCAF_APP_DATA] = app_text,
	[LISP_LCAF_GEO] = geo_text,
	[LISP_LCAF_OPAQUE] = opaque_text,
	[LISP_LCAF_NAT] = nat_text,
	[LISP_LCAF_NONCE_LOCATOR] = nonce_text,
	[LISP_LCAF_MULTICAST_INFO] = multicast_text,
	[LISP_LCAF_SECURITY_KEY] = key_text,
	[LISP_LCAF_SRC_DST] = src_dst_text,
	[LISP_LCAF_JSON] = json_text,
	[LISP_LCAF_ENCAP] = encap_text,
	[LISP_LCAF_SERVICE_PATH] = service_path_text,
};

/* ------------------------------------------------------------------ addresses */

static void put_addr(struct text *t, const struct lisp_addr *addr);

static void put_item(struct text *t, const struct lisp_lcaf *lcaf, const struct lisp_lcaf_item *item)
{
	put_addr(t, &item->addr);
	if (lcaf->type == LISP_LCAF_ELP && item->elp_flags)
		put(t, "/%s%s%s", item->elp_flags & LISP_ELP_LOOKUP ? "L" : "",
		    item->elp_flags & LISP_ELP_PROBE ? "P" : "",
		    item->elp_flags & LISP_ELP_STRICT ? "S" : "");
	if (lcaf->type == LISP_LCAF_RLE)
		put(t, "/level %u", item->rle_level);
}

/* The LCAF's own part, its addresses, its items: comma-separated. */
static void put_lcaf_body(struct text *t, const struct lisp_lcaf *lcaf)
{
	const char *comma = "";
	unsigned int i;

	if (says[lcaf->type]) {
		says[lcaf->type](t, lcaf);
		comma = ",";
	}
	for (i = 0; i < lcaf->n_addrs; i++, comma = ",") {
		put(t, "%s", comma);
		put_addr(t, &lcaf->addr[i]);
	}
	for (i = 0; i < lcaf->n_items; i++, comma = ",") {
		put(t, "%s", comma);
		put_item(t, lcaf, &lcaf->item[i]);
	}
}

static void put_lcaf(struct text *t, const struct lisp_addr *addr)
{
	struct lisp_lcaf lcaf;

	if (lisp_lcaf_decode(addr, &lcaf) != LISP_OK) {
		put(t, "%s(", lisp_lcaf_name(addr->lcaf_type));
		put_hex(t, lisp_addr_octets(addr), addr->len);
		put(t, ")");
	} else if (lcaf.type == LISP_LCAF_IID) {
		put(t, "[%u] ", lcaf.f.iid.iid);
		put_addr(t, &lcaf.addr[0]);
	} else {
		put(t, "%s(", lisp_lcaf_name(lcaf.type));
		put_lcaf_body(t, &lcaf);
		put(t, ")");
	}
}

static void put_ip(struct text *t, int family, const uint8_t *octets)
{
	char text[INET6_ADDRSTRLEN] = "?";

	inet_ntop(family, octets, text, sizeof(text));
	put(t, "%s", text);
}

static void put_addr(struct text *t, const struct lisp_addr *addr)
{
	const uint8_t *o = lisp_addr_octets(addr);

	switch (addr->afi) {
	case LISP_AFI_NONE:
		put(t, "no-address");
		break;
	case LISP_AFI_IPV4:
		put_ip(t, AF_INET, o);
		break;
	case LISP_AFI_IPV6:
		put_ip(t, AF_INET6, o);
		break;
	case LISP_AFI_MAC:
		put(t, "%02x:%02x:%02x:%02x:%02x:%02x", o[0], o[1], o[2], o[3], o[4], o[5]);
		break;
	case LISP_AFI_AS:
		put(t, "AS%u", lisp_get32(o));
		break;
	case LISP_AFI_LCAF:
		put_lcaf(t, addr);
		break;
	default:
		put(t, "%s:", lisp_addr_kind(addr));
		put_octets_text(t, o, addr->len - 1U);
		break;
	}
}

char *lisp_addr_str(const struct lisp_addr *addr, char *buf, size_t size)
{
	struct text t = { .p = buf, .end = buf + size - 1 };

	*buf = '\0';
	put_addr(&t, addr);
	if (t.cut && size > 3)
		memcpy(buf + size - 4, "...", 4);
	return buf;
}

const char *lisp_addr_kind(const struct lisp_addr *addr)
{
	switch (addr->afi) {
	case LISP_AFI_NONE:
		return "no-address";
	case LISP_AFI_IPV4:
		return "ipv4";
	case LISP_AFI_IPV6:
		return "ipv6";
	case LISP_AFI_MAC:
		return "mac";
	case LISP_AFI_DNS:
		return "dns";
	case LISP_AFI_NAME:
		return "name";
	case LISP_AFI_AS:
		return "as";
	case LISP_AFI_LCAF:
		return lisp_lcaf_name(addr->lcaf_type);
	}
	return "unknown";
}
