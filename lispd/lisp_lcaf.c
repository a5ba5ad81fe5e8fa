// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * LISP Canonical Address Format: one table row per type, one walker.
 *
 * RFC 8060 (types 0 to 16), RFC 9306 (255). Types 4, 6, 8, 14, 15 and 16 are
 * "unapproved" there, 17 is assigned later: all are decoded, what to make of
 * them is the caller's affair.
 */
#include <zebra.h>

#include "lispd/lisp_buf.h"
#include "lispd/lisp_lcaf.h"

/* Rsvd1, Flags, Type, Rsvd2, Length */
#define LCAF_HEADER_LEN 6

/* A block of octets between fixed fields and addresses. */
enum lcaf_blob {
	BLOB_NONE,
	BLOB_COUNTED, /* a 16-bit length, then the octets: JSON */
	BLOB_KEYS,    /* as many {16-bit length, octets} as the key count says */
	BLOB_REST,    /* all up to Length */
};

struct lcaf_row {
	const char *name;
	uint8_t fixed; /* octets of fixed fields */
	enum lcaf_blob blob;
	uint8_t n_addrs;
	bool items;
	uint8_t item_fixed; /* octets in front of each item's address */
	bool rsvd2;	    /* Rsvd2 has a meaning */
	void (*get)(struct lisp_lcaf *lcaf, const uint8_t *p);
	void (*put)(struct lisp_writer *w, const struct lisp_lcaf *lcaf);
};

/* ------------------------------------------- the fixed fields of each type */

static void iid_get(struct lisp_lcaf *lcaf, const uint8_t *p)
{
	lcaf->f.iid.iid = lisp_get32(p);
}

static void iid_put(struct lisp_writer *w, const struct lisp_lcaf *lcaf)
{
	lisp_put_u32(w, lcaf->f.iid.iid);
}

static void as_get(struct lisp_lcaf *lcaf, const uint8_t *p)
{
	lcaf->f.as.asn = lisp_get32(p);
}

static void as_put(struct lisp_writer *w, const struct lisp_lcaf *lcaf)
{
	lisp_put_u32(w, lcaf->f.as.asn);
}

static void app_get(struct lisp_lcaf *lcaf, const uint8_t *p)
{
	lcaf->f.app.tos = lisp_get24(p);
	lcaf->f.app.protocol = p[3];
	lcaf->f.app.local_low = lisp_get16(p + 4);
	lcaf->f.app.local_high = lisp_get16(p + 6);
	lcaf->f.app.remote_low = lisp_get16(p + 8);
	lcaf->f.app.remote_high = lisp_get16(p + 10);
}

static void app_put(struct lisp_writer *w, const struct lisp_lcaf *lcaf)
{
	lisp_put_u32(w, lcaf->f.app.tos << 8 | lcaf->f.app.protocol);
	lisp_put_u16(w, lcaf->f.app.local_low);
	lisp_put_u16(w, lcaf->f.app.local_high);
	lisp_put_u16(w, lcaf->f.app.remote_low);
	lisp_put_u16(w, lcaf->f.app.remote_high);
}

static void geo_get(struct lisp_lcaf *lcaf, const uint8_t *p)
{
	lcaf->f.geo.north = (p[0] & 0x80) != 0;
	lcaf->f.geo.lat_deg = lisp_get16(p) & 0x7fff;
	lcaf->f.geo.lat_min = p[2];
	lcaf->f.geo.lat_sec = p[3];
	lcaf->f.geo.east = (p[4] & 0x80) != 0;
	lcaf->f.geo.lon_deg = lisp_get16(p + 4) & 0x7fff;
	lcaf->f.geo.lon_min = p[6];
	lcaf->f.geo.lon_sec = p[7];
	lcaf->f.geo.altitude = (int32_t)lisp_get32(p + 8);
}

static void geo_put(struct lisp_writer *w, const struct lisp_lcaf *lcaf)
{
	lisp_put_u16(w, (uint16_t)(lcaf->f.geo.north << 15 | (lcaf->f.geo.lat_deg & 0x7fff)));
	lisp_put_u8(w, lcaf->f.geo.lat_min);
	lisp_put_u8(w, lcaf->f.geo.lat_sec);
	lisp_put_u16(w, (uint16_t)(lcaf->f.geo.east << 15 | (lcaf->f.geo.lon_deg & 0x7fff)));
	lisp_put_u8(w, lcaf->f.geo.lon_min);
	lisp_put_u8(w, lcaf->f.geo.lon_sec);
	lisp_put_u32(w, (uint32_t)lcaf->f.geo.altitude);
}

static void opaque_get(struct lisp_lcaf *lcaf, const uint8_t *p)
{
	lcaf->f.opaque.key_fields = p[0];
	lcaf->f.opaque.wildcard = lisp_get16(p + 1);
}

static void opaque_put(struct lisp_writer *w, const struct lisp_lcaf *lcaf)
{
	lisp_put_u8(w, lcaf->f.opaque.key_fields);
	lisp_put_u16(w, lcaf->f.opaque.wildcard);
}

static void nat_get(struct lisp_lcaf *lcaf, const uint8_t *p)
{
	lcaf->f.nat.ms_port = lisp_get16(p);
	lcaf->f.nat.etr_port = lisp_get16(p + 2);
}

static void nat_put(struct lisp_writer *w, const struct lisp_lcaf *lcaf)
{
	lisp_put_u16(w, lcaf->f.nat.ms_port);
	lisp_put_u16(w, lcaf->f.nat.etr_port);
}

static void nonce_get(struct lisp_lcaf *lcaf, const uint8_t *p)
{
	lcaf->f.nonce_locator.nonce = lisp_get24(p + 1);
}

static void nonce_put(struct lisp_writer *w, const struct lisp_lcaf *lcaf)
{
	lisp_put_u32(w, lcaf->f.nonce_locator.nonce & 0xffffff);
}

static void multicast_get(struct lisp_lcaf *lcaf, const uint8_t *p)
{
	lcaf->f.multicast.iid = lisp_get32(p);
	lcaf->f.multicast.source_mask_len = p[6];
	lcaf->f.multicast.group_mask_len = p[7];
}

static void multicast_put(struct lisp_writer *w, const struct lisp_lcaf *lcaf)
{
	lisp_put_u32(w, lcaf->f.multicast.iid);
	lisp_put_u16(w, 0);
	lisp_put_u8(w, lcaf->f.multicast.source_mask_len);
	lisp_put_u8(w, lcaf->f.multicast.group_mask_len);
}

static void key_get(struct lisp_lcaf *lcaf, const uint8_t *p)
{
	lcaf->f.key.count = p[0];
	lcaf->f.key.algorithm = p[2];
	lcaf->f.key.revoke = (p[3] & 0x01) != 0;
}

static void key_put(struct lisp_writer *w, const struct lisp_lcaf *lcaf)
{
	lisp_put_u8(w, lcaf->f.key.count);
	lisp_put_u8(w, 0);
	lisp_put_u8(w, lcaf->f.key.algorithm);
	lisp_put_u8(w, lcaf->f.key.revoke);
}

static void src_dst_get(struct lisp_lcaf *lcaf, const uint8_t *p)
{
	lcaf->f.src_dst.source_mask_len = p[2];
	lcaf->f.src_dst.dest_mask_len = p[3];
}

static void src_dst_put(struct lisp_writer *w, const struct lisp_lcaf *lcaf)
{
	lisp_put_u16(w, 0);
	lisp_put_u8(w, lcaf->f.src_dst.source_mask_len);
	lisp_put_u8(w, lcaf->f.src_dst.dest_mask_len);
}

static void encap_get(struct lisp_lcaf *lcaf, const uint8_t *p)
{
	lcaf->f.encap.flags = lisp_get32(p) & 0x7f;
}

static void encap_put(struct lisp_writer *w, const struct lisp_lcaf *lcaf)
{
	lisp_put_u32(w, lcaf->f.encap.flags & 0x7f);
}

static void service_path_get(struct lisp_lcaf *lcaf, const uint8_t *p)
{
	lcaf->f.service_path.spi = lisp_get24(p);
	lcaf->f.service_path.si = p[3];
}

static void service_path_put(struct lisp_writer *w, const struct lisp_lcaf *lcaf)
{
	lisp_put_u32(w, lcaf->f.service_path.spi << 8 | lcaf->f.service_path.si);
}

static void vendor_get(struct lisp_lcaf *lcaf, const uint8_t *p)
{
	lcaf->f.vendor.oui = lisp_get24(p + 1);
}

static void vendor_put(struct lisp_writer *w, const struct lisp_lcaf *lcaf)
{
	lisp_put_u32(w, lcaf->f.vendor.oui & 0xffffff);
}

/* clang-format off */
static const struct lcaf_row lcaf_rows[256] = {
	[LISP_LCAF_NULL] = { .name = "null" },
	[LISP_LCAF_AFI_LIST] = { .name = "afi-list", .items = true },
	[LISP_LCAF_IID] = { .name = "instance-id", .fixed = 4, .n_addrs = 1, .rsvd2 = true,
		.get = iid_get, .put = iid_put },
	[LISP_LCAF_AS] = { .name = "as-number", .fixed = 4, .n_addrs = 1,
		.get = as_get, .put = as_put },
	[LISP_LCAF_APP_DATA] = { .name = "application-data", .fixed = 12, .n_addrs = 1,
		.get = app_get, .put = app_put },
	[LISP_LCAF_GEO] = { .name = "geo-coordinates", .fixed = 12, .n_addrs = 1,
		.get = geo_get, .put = geo_put },
	[LISP_LCAF_OPAQUE] = { .name = "opaque-key", .fixed = 3, .blob = BLOB_REST,
		.get = opaque_get, .put = opaque_put },
	[LISP_LCAF_NAT] = { .name = "nat-traversal", .fixed = 4, .n_addrs = 3, .items = true,
		.get = nat_get, .put = nat_put },
	[LISP_LCAF_NONCE_LOCATOR] = { .name = "nonce-locator", .fixed = 4, .n_addrs = 1,
		.get = nonce_get, .put = nonce_put },
	[LISP_LCAF_MULTICAST_INFO] = { .name = "multicast-info", .fixed = 8, .n_addrs = 2,
		.get = multicast_get, .put = multicast_put },
	[LISP_LCAF_ELP] = { .name = "explicit-locator-path", .items = true, .item_fixed = 2 },
	[LISP_LCAF_SECURITY_KEY] = { .name = "security-key", .fixed = 4, .blob = BLOB_KEYS,
		.n_addrs = 1, .get = key_get, .put = key_put },
	[LISP_LCAF_SRC_DST] = { .name = "source-dest-key", .fixed = 4, .n_addrs = 2,
		.get = src_dst_get, .put = src_dst_put },
	[LISP_LCAF_RLE] = { .name = "replication-list", .items = true, .item_fixed = 4 },
	[LISP_LCAF_JSON] = { .name = "json", .blob = BLOB_COUNTED, .n_addrs = 1, .rsvd2 = true },
	[LISP_LCAF_KEY_VALUE] = { .name = "key-value-address", .n_addrs = 2 },
	[LISP_LCAF_ENCAP] = { .name = "encapsulation-format", .fixed = 4, .n_addrs = 1,
		.get = encap_get, .put = encap_put },
	[LISP_LCAF_SERVICE_PATH] = { .name = "service-path", .fixed = 4,
		.get = service_path_get, .put = service_path_put },
	[LISP_LCAF_VENDOR] = { .name = "vendor-specific", .fixed = 4, .blob = BLOB_REST,
		.get = vendor_get, .put = vendor_put },
};
/* clang-format on */

bool lisp_lcaf_known(uint8_t type)
{
	return lcaf_rows[type].name != NULL;
}

const char *lisp_lcaf_name(uint8_t type)
{
	return lcaf_rows[type].name ? lcaf_rows[type].name : "unknown";
}

/* ------------------------------------------------------------------- walker */

/* The body of one LCAF while it is walked. lcaf is NULL when only checking. */
struct lcaf_walk {
	const struct lcaf_row *row;
	struct lisp_reader r;
	unsigned int depth;
	bool tolerated;
	struct lisp_lcaf *lcaf;
};

static void walk_fixed(struct lcaf_walk *walk)
{
	const uint8_t *p = lisp_take(&walk->r, walk->row->fixed);

	if (p && walk->lcaf && walk->row->get)
		walk->row->get(walk->lcaf, p);
}

static void walk_keys(struct lcaf_walk *walk, unsigned int count)
{
	const uint8_t *p;

	while (count-- && (p = lisp_take(&walk->r, 2)))
		lisp_take(&walk->r, lisp_get16(p));
}

static void walk_blob(struct lcaf_walk *walk)
{
	const uint8_t *start = walk->r.p, *p;

	if (walk->r.why != LISP_OK)
		return;
	switch (walk->row->blob) {
	case BLOB_NONE:
		return;
	case BLOB_COUNTED:
		p = lisp_take(&walk->r, 2);
		if (!p)
			return;
		start = walk->r.p;
		lisp_take(&walk->r, lisp_get16(p));
		break;
	case BLOB_KEYS:
		/* the count is the first of the fixed octets */
		walk_keys(walk, *(start - walk->row->fixed));
		break;
	case BLOB_REST:
		walk->r.p = walk->r.end;
		break;
	}
	if (walk->r.why == LISP_OK && walk->lcaf) {
		walk->lcaf->blob = start;
		walk->lcaf->blob_len = (uint16_t)(walk->r.p - start);
	}
}

/*
 * Check one LCAF that starts behind its AFI (at Rsvd1). Result: octets it takes, 0 with
 * *why set if malformed. depth is the nesting of this one, 0 at the top. Unknown types
 * are well-formed if their Length fits. *tolerated is set if a known deviation of deployed
 * code was let pass, and else left alone. check_any(): the same for any address, from its AFI.
 */
static size_t check_lcaf(const uint8_t *buf, size_t len, unsigned int depth, bool *tolerated,
			 enum lisp_drop *why);
static size_t check_any(const uint8_t *buf, size_t len, unsigned int depth, bool *tolerated,
			enum lisp_drop *why);

static void walk_addr(struct lcaf_walk *walk, struct lisp_addr *addr)
{
	enum lisp_drop why;
	size_t size;

	if (walk->r.why != LISP_OK)
		return;
	size = check_any(walk->r.p, lisp_reader_left(&walk->r), walk->depth + 1, &walk->tolerated,
			 &why);
	if (size == 0) {
		/* Too short for Length is malformed, whatever follows it. */
		walk->r.why = why == LISP_DROP_TRUNCATED ? LISP_DROP_BAD_LCAF : why;
		return;
	}
	if (addr)
		lisp_addr_set(addr, walk->r.p, size);
	walk->r.p += size;
}

static void walk_item(struct lcaf_walk *walk)
{
	const uint8_t *p = lisp_take(&walk->r, walk->row->item_fixed);
	struct lisp_lcaf_item *item = NULL;

	if (!p)
		return;
	if (walk->lcaf) {
		if (walk->lcaf->n_items == LISP_LCAF_ITEMS_MAX) {
			walk->r.why = LISP_DROP_BAD_LCAF;
			return;
		}
		item = &walk->lcaf->item[walk->lcaf->n_items++];
		item->elp_flags = walk->row->item_fixed == 2 ? lisp_get16(p) & 0x7 : 0;
		item->rle_level = walk->row->item_fixed == 4 ? p[3] : 0;
	}
	walk_addr(walk, item ? &item->addr : NULL);
}

static enum lisp_drop walk_body(struct lcaf_walk *walk, const uint8_t *body, size_t len)
{
	unsigned int i;

	lisp_reader_init(&walk->r, body, len, LISP_DROP_BAD_LCAF);
	walk_fixed(walk);
	walk_blob(walk);
	for (i = 0; i < walk->row->n_addrs; i++)
		walk_addr(walk, walk->lcaf ? &walk->lcaf->addr[i] : NULL);
	if (walk->row->items)
		while (walk->r.why == LISP_OK && walk->r.p < walk->r.end)
			walk_item(walk);
	if (walk->r.why == LISP_OK && walk->r.p != walk->r.end)
		walk->r.why = LISP_DROP_BAD_LCAF;
	return walk->r.why;
}

/*
 * Lengths that lispers.net is known to get wrong. It puts two octets of
 * padding between Length and the body of a Multicast-Info LCAF and does not
 * count them, and counts two octets too many for a JSON LCAF.
 */
#define MULTICAST_PADDING 2
#define JSON_EXCESS	  2

static bool multicast_is_padded(struct lcaf_walk *walk, const uint8_t *body, size_t len,
				size_t there)
{
	return there >= len + MULTICAST_PADDING &&
	       walk_body(walk, body + MULTICAST_PADDING, len) == LISP_OK;
}

/*
 * It counts too few octets for an Instance-ID LCAF around a Geo one. The Geo
 * LCAF's own Length is right: result is the octets that are there, or 0.
 */
static size_t iid_of_geo_len(const uint8_t *body, size_t len, size_t there, unsigned int depth)
{
	const size_t inner = 4 + 2;
	enum lisp_drop why;
	bool tolerated;
	size_t size;

	if (there < inner + LCAF_HEADER_LEN || lisp_get16(body + 4) != LISP_AFI_LCAF ||
	    body[inner + 2] != LISP_LCAF_GEO)
		return 0;
	size = check_lcaf(body + inner, there - inner, depth + 1, &tolerated, &why);
	return inner + size > len && size ? inner + size : 0;
}

/*
 * draft-ietf-lisp-geo has another layout: 20 octets of fixed fields, then the address,
 * which is checked as any other.
 */
#define GEO_DRAFT_FIXED 20

static bool geo_is_of_draft(struct lcaf_walk *walk, const uint8_t *body, size_t len)
{
	lisp_reader_init(&walk->r, body, len, LISP_DROP_BAD_LCAF);
	lisp_take(&walk->r, GEO_DRAFT_FIXED);
	walk_addr(walk, NULL);
	if (walk->r.why == LISP_OK && walk->r.p != walk->r.end)
		walk->r.why = LISP_DROP_BAD_LCAF;
	return walk->r.why == LISP_OK;
}

/*
 * Octets of a body that is not as it should be, but as deployed code is known
 * to send it; 0: malformed, and why in the walk.
 */
static size_t tolerated_len(struct lcaf_walk *walk, uint8_t type, const uint8_t *body, size_t len,
			    size_t there)
{
	switch (type) {
	case LISP_LCAF_GEO:
		return geo_is_of_draft(walk, body, len) ? len : 0;
	case LISP_LCAF_IID:
		return iid_of_geo_len(body, len, there, walk->depth);
	case LISP_LCAF_MULTICAST_INFO:
		if (multicast_is_padded(walk, body, len, there))
			return len + MULTICAST_PADDING;
		break;
	case LISP_LCAF_JSON:
		if (len > JSON_EXCESS && there >= len - JSON_EXCESS &&
		    walk_body(walk, body, len - JSON_EXCESS) == LISP_OK)
			return len - JSON_EXCESS;
		break;
	}
	return 0;
}

static size_t check_lcaf(const uint8_t *buf, size_t len, unsigned int depth, bool *tolerated,
			 enum lisp_drop *why)
{
	struct lcaf_walk walk = { .depth = depth };
	size_t body_len;
	uint8_t type;

	*why = LISP_DROP_TRUNCATED;
	if (len < LCAF_HEADER_LEN)
		return 0;
	type = buf[2];
	body_len = lisp_get16(buf + 4);
	buf += LCAF_HEADER_LEN;
	len -= LCAF_HEADER_LEN;
	if (body_len > len && !(type == LISP_LCAF_JSON && body_len - len <= JSON_EXCESS))
		return 0;

	*why = LISP_DROP_BAD_LCAF;
	if (depth >= LISP_LCAF_DEPTH)
		return 0;
	walk.row = &lcaf_rows[type];
	*why = LISP_OK;
	if (!walk.row->name)
		return LCAF_HEADER_LEN + body_len;
	/* RFC 9306 section 4: we know no vendor's. */
	if (type == LISP_LCAF_VENDOR) {
		*why = LISP_DROP_VENDOR_LCAF;
		return 0;
	}

	if (body_len > len || walk_body(&walk, buf, body_len) != LISP_OK) {
		*why = body_len > len ? LISP_DROP_TRUNCATED : walk.r.why;
		body_len = tolerated_len(&walk, type, buf, body_len, len);
		if (body_len == 0) {
			/* What is unknown within says more than the layout. */
			if (*why == LISP_DROP_BAD_LCAF)
				*why = walk.r.why;
			return 0;
		}
		*why = LISP_OK;
		walk.tolerated = true;
	}
	if (walk.tolerated)
		*tolerated = true;
	return LCAF_HEADER_LEN + body_len;
}

/* ------------------------------------------------------------ any address */

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

static size_t check_any(const uint8_t *buf, size_t len, unsigned int depth, bool *tolerated,
			enum lisp_drop *why)
{
	uint16_t afi;
	size_t size;

	*why = LISP_DROP_TRUNCATED;
	/* No UDP payload is longer; sizes are held in 16 bits. */
	len = MIN(len, (size_t)UINT16_MAX);
	if (len < 2)
		return 0;
	afi = lisp_get16(buf);
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
		size = check_lcaf(buf, len, depth, tolerated, why);
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

	return check_any(buf, len, 0, &tolerated, why);
}

size_t lisp_addr_decode(const uint8_t *buf, size_t len, struct lisp_addr *addr, enum lisp_drop *why)
{
	size_t size = lisp_addr_check(buf, len, why);

	if (size)
		lisp_addr_set(addr, buf, size);
	return size;
}

bool lisp_take_addr(struct lisp_reader *r, struct lisp_addr *addr)
{
	size_t size;

	if (r->why != LISP_OK)
		return false;
	size = check_any(r->p, lisp_reader_left(r), 0, &r->tolerated, &r->why);
	if (size == 0)
		return false;
	lisp_addr_set(addr, r->p, size);
	r->p += size;
	return true;
}

/* ---------------------------------------------------------------- decoding */

enum lisp_drop lisp_lcaf_decode(const struct lisp_addr *addr, struct lisp_lcaf *lcaf)
{
	const uint8_t *p = lisp_addr_octets(addr);
	struct lcaf_walk walk = { .lcaf = lcaf };
	size_t body_len;

	if (addr->afi != LISP_AFI_LCAF || addr->len < LCAF_HEADER_LEN)
		return LISP_DROP_BAD_LCAF;
	walk.row = &lcaf_rows[p[2]];
	if (!walk.row->name)
		return LISP_DROP_BAD_LCAF;

	lcaf->type = p[2];
	lcaf->rsvd2 = walk.row->rsvd2 ? p[3] : 0;
	memset(&lcaf->f, 0, sizeof(lcaf->f));
	lcaf->blob = NULL;
	lcaf->blob_len = 0;
	lcaf->n_addrs = walk.row->n_addrs;
	lcaf->n_items = 0;

	body_len = lisp_get16(p + 4);
	p += LCAF_HEADER_LEN;
	/* What check_lcaf() let pass is of another length than it says. */
	if (lcaf->type == LISP_LCAF_MULTICAST_INFO && addr->len > LCAF_HEADER_LEN + body_len)
		p += MULTICAST_PADDING;
	else if (addr->len < LCAF_HEADER_LEN + body_len)
		body_len = addr->len - LCAF_HEADER_LEN;
	return walk_body(&walk, p, body_len);
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

/* ------------------------------------------------------------------ encoding */

static void put_item(struct lisp_writer *w, const struct lcaf_row *row,
		     const struct lisp_lcaf_item *item)
{
	if (row->item_fixed == 2)
		lisp_put_u16(w, item->elp_flags & 0x7);
	else if (row->item_fixed == 4)
		lisp_put_u32(w, item->rle_level);
	lisp_put_addr(w, &item->addr);
}

void lisp_put_lcaf(struct lisp_writer *w, const struct lisp_lcaf *lcaf)
{
	const struct lcaf_row *row = &lcaf_rows[lcaf->type];
	size_t start, body_len;
	unsigned int i;

	if (!row->name) {
		w->overflow = true;
		return;
	}
	lisp_put_u16(w, LISP_AFI_LCAF);
	lisp_put_u16(w, 0);
	lisp_put_u8(w, lcaf->type);
	lisp_put_u8(w, row->rsvd2 ? lcaf->rsvd2 : 0);
	lisp_put_u16(w, 0);
	start = w->len;

	if (row->put)
		row->put(w, lcaf);
	if (row->blob == BLOB_COUNTED)
		lisp_put_u16(w, lcaf->blob_len);
	if (row->blob != BLOB_NONE)
		lisp_put_octets(w, lcaf->blob, lcaf->blob_len);
	for (i = 0; i < row->n_addrs; i++)
		lisp_put_addr(w, &lcaf->addr[i]);
	if (row->items)
		for (i = 0; i < lcaf->n_items; i++)
			put_item(w, row, &lcaf->item[i]);

	body_len = w->len - start;
	if (w->overflow || body_len > UINT16_MAX) {
		w->overflow = true;
		return;
	}
	w->buf[start - 2] = (uint8_t)(body_len >> 8);
	w->buf[start - 1] = (uint8_t)body_len;
}
