// SPDX-License-Identifier: GPL-2.0-or-later
/* Values of leaves: how members of an object become text, numbers and booleans. */
#include <zebra.h>

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "monotime.h"

#include "lispd/lisp_mapping.h"
#include "lispd/lisp_state.h"

void lisp_value_text(struct lisp_value *value, const char *text)
{
	if (!text || !text[0])
		return;
	value->type = LISP_VALUE_TEXT;
	strlcpy(value->text, text, sizeof(value->text));
}

void lisp_value_number(struct lisp_value *value, uint64_t number)
{
	value->type = LISP_VALUE_NUMBER;
	value->number = number;
}

void lisp_value_bool(struct lisp_value *value, bool is)
{
	value->type = LISP_VALUE_BOOL;
	value->number = is;
}

void lisp_value_address(struct lisp_value *value, const struct ipaddr *addr)
{
	char text[INET6_ADDRSTRLEN];

	if (!IS_IPADDR_NONE(addr))
		lisp_value_text(value, ipaddr2str(addr, text, sizeof(text)));
}

void lisp_value_hex(struct lisp_value *value, const uint8_t *octets, size_t len)
{
	value->type = LISP_VALUE_TEXT;
	value->text[0] = '\0';
	for (size_t i = 0; i < len; i++)
		snprintf(value->text + 2 * i, sizeof(value->text) - 2 * i, "%02x", octets[i]);
}

void lisp_value_since(struct lisp_value *value, time_t when)
{
	if (when)
		lisp_value_number(value, MAX(monotime(NULL) - when, 0));
}

void lisp_value_until(struct lisp_value *value, time_t when)
{
	if (when)
		lisp_value_number(value, MAX(when - monotime(NULL), 0));
}

const char *lisp_value_str(const struct lisp_value *value, char *buf, size_t size)
{
	switch (value->type) {
	case LISP_VALUE_TEXT:
		return value->text;
	case LISP_VALUE_NUMBER:
		snprintf(buf, size, "%" PRIu64, value->number);
		return buf;
	case LISP_VALUE_BOOL:
		return value->number ? "true" : "false";
	case LISP_VALUE_ABSENT:
		break;
	}
	return "";
}

/* ---- members ---- */

static const void *member(const struct lisp_leaf *leaf, const void *object)
{
	return (const char *)object + leaf->offset;
}

LISP_LEAF_READER(number)
{
	const void *at = member(leaf, object);

	switch (leaf->size) {
	case sizeof(uint8_t):
		lisp_value_number(value, *(const uint8_t *)at);
		break;
	case sizeof(uint16_t):
		lisp_value_number(value, *(const uint16_t *)at);
		break;
	case sizeof(uint32_t):
		lisp_value_number(value, *(const uint32_t *)at);
		break;
	case sizeof(uint64_t):
		lisp_value_number(value, *(const uint64_t *)at);
		break;
	default:
		assert(!"the size of a number");
	}
}

LISP_LEAF_READER(bool)
{
	lisp_value_bool(value, *(const bool *)member(leaf, object));
}

LISP_LEAF_READER(string)
{
	lisp_value_text(value, *(const char *const *)member(leaf, object));
}

LISP_LEAF_READER(chars)
{
	lisp_value_text(value, member(leaf, object));
}

LISP_LEAF_READER(address)
{
	lisp_value_address(value, member(leaf, object));
}

LISP_LEAF_READER(since)
{
	lisp_value_since(value, *(const time_t *)member(leaf, object));
}

LISP_LEAF_READER(until)
{
	lisp_value_until(value, *(const time_t *)member(leaf, object));
}

LISP_LEAF_READER(iid)
{
	const struct lisp_eid *eid = member(leaf, object);

	lisp_value_number(value, eid->iid);
}

LISP_LEAF_READER(eid)
{
	const struct lisp_eid *eid = member(leaf, object);
	char text[LISP_EID_STRLEN];

	lisp_value_text(value, lisp_eid_prefix_str(eid, text, sizeof(text)));
}

LISP_LEAF_READER(family)
{
	const enum lisp_family *family = member(leaf, object);

	lisp_value_text(value, lisp_family_name(*family));
}

LISP_LEAF_READER(locator)
{
	char text[LISP_ADDR_STRLEN];

	lisp_value_text(value, lisp_locator_str(object, text, sizeof(text)));
}

LISP_LEAF_READER(locator_kind)
{
	const struct lisp_locator *loc = object;

	if (loc->received)
		lisp_value_text(value, lisp_locator_kind(loc));
}

LISP_LEAF_READER(locator_rloc)
{
	const struct lisp_locator *loc = object;

	if (loc->received)
		lisp_value_address(value, &loc->addr);
}

LISP_LEAF_READER(locator_port)
{
	const struct lisp_locator *loc = object;

	if (loc->port)
		lisp_value_number(value, loc->port);
}

LISP_LEAF_READER(locator_reach)
{
	const struct lisp_locator *loc = object;

	lisp_value_text(value, loc->reach ? "up" : "down");
}

/* ---- leaves ---- */

void lisp_leaf_read(const struct lisp_leaf *leaf, const void *object, struct lisp_value *value)
{
	value->type = LISP_VALUE_ABSENT;
	leaf->read(value, leaf, object);
}

void lisp_kind_read(const struct lisp_kind *kind, const char *name, const void *object,
		    struct lisp_value *value)
{
	for (unsigned int i = 0; i < kind->n_leaves; i++)
		if (strmatch(kind->leaves[i].name, name)) {
			lisp_leaf_read(&kind->leaves[i], object, value);
			return;
		}
	assert(!"a leaf of this kind");
}
