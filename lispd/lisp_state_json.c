// SPDX-License-Identifier: GPL-2.0-or-later
/* Operational state as JSON, printed from the tables of leaves (lisp_state.h). */
#include <zebra.h>

#include <ctype.h>

#include "json.h"

#include "lispd/lisp_state.h"

/* "record-ttl" -> "recordTtl" */
static const char *camel_case(const char *name, char *buf, size_t size)
{
	size_t n = 0;

	for (; *name && n + 1 < size; name++)
		buf[n++] = *name == '-' && name[1] ? toupper((unsigned char)*++name) : *name;
	buf[n] = '\0';
	return buf;
}

static struct json_object *value_json(const struct lisp_value *value)
{
	switch (value->type) {
	case LISP_VALUE_TEXT:
		return json_object_new_string(value->text);
	case LISP_VALUE_NUMBER:
		return json_object_new_uint64(value->number);
	case LISP_VALUE_BOOL:
		return json_object_new_boolean(value->number);
	case LISP_VALUE_ABSENT:
		break;
	}
	return NULL;
}

struct json_object *lisp_leaves_json(const struct lisp_kind *kind, unsigned int first,
				     const void *object)
{
	struct json_object *json = json_object_new_object();
	struct lisp_value value;
	char key[64];

	for (unsigned int i = first; i < kind->n_leaves; i++) {
		lisp_leaf_read(&kind->leaves[i], object, &value);
		if (value.type != LISP_VALUE_ABSENT)
			json_object_object_add(json,
					       camel_case(kind->leaves[i].name, key, sizeof(key)),
					       value_json(&value));
	}
	return json;
}

struct json_object *lisp_kind_json(const struct lisp_kind *kind, const void *object)
{
	struct json_object *json, *list;
	struct lisp_value value;

	if (kind->by_name && kind->n_leaves == 2) {
		lisp_leaf_read(&kind->leaves[1], object, &value);
		return value_json(&value);
	}
	json = lisp_leaves_json(kind, kind->by_name ? 1 : 0, object);
	for (unsigned int i = 0; kind->children && kind->children[i]; i++) {
		const struct lisp_kind *child = kind->children[i];
		const void *item = NULL;

		list = json_object_new_array();
		while ((item = child->next(object, item)))
			json_object_array_add(list, lisp_kind_json(child, item));
		json_object_object_add(json, child->json, list);
	}
	return json;
}
