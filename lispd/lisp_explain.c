// SPDX-License-Identifier: GPL-2.0-or-later
/* Steps of a packet: those of the dataplane, and the map-cache's word behind its mapping. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "monotime.h"

#include "lispd/lisp_explain.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_pending.h"

/* ---- leaves ---- */

static LISP_LEAF_READER(explain_protocol)
{
	const struct lisp_explain *explain = object;
	static const char *const names[UINT8_MAX + 1] = {
		[IPPROTO_TCP] = "tcp", [IPPROTO_UDP] = "udp", [IPPROTO_SCTP] = "sctp"
	};

	lisp_value_text(value, names[explain->packet.protocol]);
}

static LISP_LEAF_READER(explain_port)
{
	const struct lisp_explain *explain = object;

	if (explain->packet.protocol)
		lisp_leaf_number(value, leaf, object);
}

static const struct lisp_leaf explain_leaves[] = {
	LISP_LEAF("instance-id", number, struct lisp_explain, packet.iid),
	LISP_LEAF("source", address, struct lisp_explain, packet.source),
	LISP_LEAF("destination", address, struct lisp_explain, packet.destination),
	LISP_LEAF_READ("protocol", explain_protocol),
	LISP_LEAF("source-port", explain_port, struct lisp_explain, packet.source_port),
	LISP_LEAF("destination-port", explain_port, struct lisp_explain, packet.destination_port),
	LISP_LEAF("outcome", chars, struct lisp_explain, outcome),
};

static const struct lisp_kind *const explain_children[] = { &lisp_kind_explain_step, NULL };

const struct lisp_kind lisp_kind_explain = {
	LISP_KIND_LEAVES(explain_leaves),
	.children = explain_children,
};

static const struct lisp_leaf step_leaves[] = {
	LISP_LEAF("step", chars, struct lisp_dplane_step, name),
	LISP_LEAF("result", chars, struct lisp_dplane_step, result),
	LISP_LEAF("text", chars, struct lisp_dplane_step, text),
};

static const void *step_next(const void *parent, const void *object)
{
	const struct lisp_explain *explain = parent;
	const struct lisp_dplane_step *step = object;
	size_t i = step ? step - explain->step + 1 : 0;

	return i < explain->n ? &explain->step[i] : NULL;
}

const struct lisp_kind lisp_kind_explain_step = {
	.json = "steps",
	LISP_KIND_LEAVES(step_leaves),
	.next = step_next,
};

/* ---- the map-cache ---- */

/* "192.0.2.20 up, 198.51.100.20 no-route" */
static void locators_text(const struct lisp_entry *entry, char *text, size_t size)
{
	size_t length = strlen(text);

	for (unsigned int i = 0; i < entry->mapping.n_locators && length < size; i++)
		length += snprintfrr(text + length, size - length, "%s%pIA %s", i ? ", " : ": ",
				     &entry->mapping.locators[i].addr,
				     lisp_entry_locator_state(&entry->mapping.locators[i]));
}

static void entry_text(const struct lisp_entry *entry, struct lisp_dplane_step *step)
{
	const char *how = entry->state == LISP_ENTRY_NEGATIVE || entry->state == LISP_ENTRY_HOLD
				  ? lisp_action_name(entry->mapping.action)
				  : lisp_entry_state_name(entry->state);

	snprintfrr(step->result, sizeof(step->result), "%pFX", &entry->mapping.eid.prefix);
	snprintfrr(step->text, sizeof(step->text), "%s, %s, for %lld s", how,
		   lisp_entry_source_name(entry->source),
		   (long long)(monotime(NULL) - entry->created));
	if (!IS_IPADDR_NONE(&entry->from))
		snprintfrr(step->text + strlen(step->text), sizeof(step->text) - strlen(step->text),
			   ", from %pIA", &entry->from);
	if (entry->pending)
		snprintfrr(step->text + strlen(step->text), sizeof(step->text) - strlen(step->text),
			   ", Map-Request sent %u times", lisp_pending_tries(entry->pending));
	locators_text(entry, step->text, sizeof(step->text));
}

/* What lispd knows of the destination; the dataplane has it from there. */
static void map_cache_step(const struct lisp_explain *explain, struct lisp_dplane_step *step)
{
	const struct lisp_entry *entry;
	struct lisp_eid eid;

	lisp_eid_host(&eid, explain->packet.iid, &explain->packet.destination);
	entry = lisp_map_cache_match(&eid);
	strlcpy(step->name, "map-cache", sizeof(step->name));
	if (entry) {
		entry_text(entry, step);
		return;
	}
	strlcpy(step->result, "none", sizeof(step->result));
	strlcpy(step->text, "lispd has no entry; the first packet makes it ask", sizeof(step->text));
}

/* Before the step that the mapping decides. */
static bool is_of_mapping(const struct lisp_dplane_step *step)
{
	return strmatch(step->name, "mapping") ||
	       (strmatch(step->name, "route") && strmatch(step->result, "native"));
}

void lisp_explain_fill(struct lisp_explain *explain, const char *outcome,
		       const struct lisp_dplane_step *steps, size_t n)
{
	strlcpy(explain->outcome, outcome, sizeof(explain->outcome));
	explain->n = 0;
	for (size_t i = 0; i < n && i < LISP_DPLANE_STEPS_MAX; i++) {
		if (is_of_mapping(&steps[i]))
			map_cache_step(explain, &explain->step[explain->n++]);
		explain->step[explain->n++] = steps[i];
	}
}
