// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Printers of operational state, text and JSON, and the walk that prints a document
 * in slices.
 *
 * While a document is written the vty is suspended. What is in its buffer is flushed here,
 * as the library would close a vty whose peer is gone under our feet.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "buffer.h"
#include "command.h"
#include "frrevent.h"
#include "json.h"
#include "memory.h"
#include "monotime.h"
#include "typesafe.h"

#include "lispd/lisp_memory.h"
#include "vtysh-cmds/lisp_show.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_SHOW, "LISP show");

/* Longest time that a slice keeps other events from running, us. */
#define SLICE_US 5000

PREDECL_DLIST(show_jobs);

struct show_job {
	struct show_jobs_item item;
	struct lisp_show show;
	struct event *t_write, *t_stop;
	bool ended; /* all of it is in the vty's buffer */
};

DECLARE_DLIST(show_jobs, struct show_job, item);

static struct show_jobs_head jobs[1] = { INIT_DLIST(jobs[0]) };

const char *lisp_family_title(enum lisp_family family)
{
	return family == LISP_IPV4 ? "IPv4" : "IPv6";
}

const char *lisp_eid_table_name(uint32_t iid, char *buf, size_t size)
{
	const struct lisp_instance *instance = lisp_instance_find(iid);
	const char *vrf = instance ? instance->eid_vrf : "";

	snprintf(buf, size, "%s%s", !vrf[0] || strmatch(vrf, VRF_DEFAULT_NAME) ? "" : "vrf ",
		 vrf[0] ? vrf : "none");
	return buf;
}

const char *lisp_interval_str(time_t seconds, char *buf, size_t size)
{
	long long s = seconds > 0 ? seconds : 0;

	if (s < 24 * 3600)
		snprintf(buf, size, "%02lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
	else if (s < 7 * 24 * 3600)
		snprintf(buf, size, "%lldd%02lldh", s / 86400, s / 3600 % 24);
	else
		snprintf(buf, size, "%lldw%lldd", s / 604800, s / 86400 % 7);
	return buf;
}

/* ---- scope ---- */

bool lisp_scope_has(const struct lisp_scope *scope, uint32_t iid, enum lisp_family family)
{
	const struct lisp_instance *instance;

	if (!(scope->families & (1U << family)) || (scope->one_iid && scope->iid != iid))
		return false;
	if (!scope->eid_vrf[0])
		return true;
	instance = lisp_instance_find(iid);
	return instance && strmatch(instance->eid_vrf, scope->eid_vrf);
}

bool lisp_scope_limited(const struct lisp_scope *scope)
{
	return scope->one_iid || scope->eid_vrf[0];
}

bool lisp_scope_exists(const struct lisp_scope *scope)
{
	struct lisp_instance *instance = NULL;

	if (!scope->eid_vrf[0])
		return true;
	while ((instance = lisp_instance_next(instance)))
		if (strmatch(instance->eid_vrf, scope->eid_vrf) &&
		    (!scope->one_iid || instance->iid == scope->iid))
			return true;
	return false;
}

const char *lisp_no_scope(const struct lisp_scope *scope, char *buf, size_t size)
{
	if (scope->one_iid)
		snprintf(buf, size, "%% The EID table of instance-id %u is not %s\n", scope->iid,
			 scope->eid_vrf);
	else
		snprintf(buf, size, "%% No instance has the EID table %s\n", scope->eid_vrf);
	return buf;
}

bool lisp_scope_has_family(const struct lisp_scope *scope, const struct lisp_eid *eid)
{
	if (!lisp_eid_is_ip(eid))
		return scope->families == LISP_FAMILIES_ALL;
	return scope->families & (1U << lisp_af_family(eid->prefix.family));
}

bool lisp_scope_several(const struct lisp_scope *scope)
{
	struct lisp_instance *instance = NULL;

	if (scope->one_iid)
		return scope->iid != 0;
	while ((instance = lisp_instance_next(instance)))
		if (instance->iid)
			return true;
	return false;
}

static bool eid_wanted(const struct lisp_scope *scope, const struct lisp_eid *eid)
{
	enum lisp_family family = LISP_IPV4;

	if (lisp_eid_is_ip(eid))
		family = lisp_af_family(eid->prefix.family);
	return lisp_scope_has_family(scope, eid) && lisp_scope_has(scope, eid->iid, family);
}

/* Kinds without EID: those that have an instance-id as a key, and maybe a family. */
static bool keys_wanted(const struct lisp_scope *scope, const struct lisp_kind *kind,
			const void *object)
{
	enum lisp_family family = scope->families & (1U << LISP_IPV4) ? LISP_IPV4 : LISP_IPV6;
	struct lisp_value iid, word;

	if (kind->n_keys < 2 || !strmatch(kind->leaves[0].name, "instance-id"))
		return true;
	lisp_leaf_read(&kind->leaves[0], object, &iid);
	lisp_leaf_read(&kind->leaves[1], object, &word);
	if (strmatch(kind->leaves[1].name, "address-family"))
		family = strmatch(word.text, "ipv6") ? LISP_IPV6 : LISP_IPV4;
	return lisp_scope_has(scope, iid.number, family);
}

static bool show_wanted(const struct lisp_show *show, const struct lisp_kind *kind,
			const void *object)
{
	if (kind->eid ? !eid_wanted(&show->scope, kind->eid(object))
		      : !keys_wanted(&show->scope, kind, object))
		return false;
	return !show->wanted || show->wanted(show, kind, object);
}

/* ---- text ---- */

struct field {
	const char *name, *yes, *no;
	bool right, time, minutes;
	int width;
};

/* Takes "name[:[>]width][@time|@minutes][?yes|no]" apart, which it changes. */
static void field_parse(char *text, struct field *field)
{
	char *at;

	memset(field, 0, sizeof(*field));
	field->name = text;
	at = strchr(text, '?');
	if (at) {
		*at++ = '\0';
		field->yes = at;
		at = strchr(at, '|');
		*at++ = '\0';
		field->no = at;
	}
	at = strchr(text, '@');
	if (at) {
		*at++ = '\0';
		field->time = true;
		field->minutes = strmatch(at, "minutes");
	}
	at = strchr(text, ':');
	if (at) {
		*at++ = '\0';
		field->right = *at == '>';
		field->width = atoi(at + field->right);
	}
}

static void field_choice(struct vty *vty, const struct field *field, const struct lisp_value *value,
			 const char *text)
{
	bool yes = value->type == LISP_VALUE_TEXT || (value->type && value->number);
	const char *choice = yes ? field->yes : field->no, *at = strchr(choice, '$');

	if (at)
		vty_out(vty, "%.*s%s%s", (int)(at - choice), choice, text, at + 1);
	else
		vty_out(vty, "%*s", field->right ? field->width : -field->width, choice);
}

static void field_text(struct vty *vty, const struct lisp_kind *kind, const void *object,
		       const struct field *field)
{
	char number[32], interval[LISP_INTERVAL_STRLEN];
	struct lisp_value value;
	const char *text;

	lisp_kind_read(kind, field->name, object, &value);
	if (value.type == LISP_VALUE_ABSENT)
		text = field->time ? "never" : "-";
	else if (field->time)
		text = lisp_interval_str(value.number * (field->minutes ? 60 : 1), interval,
					 sizeof(interval));
	else
		text = lisp_value_str(&value, number, sizeof(number));

	if (field->yes)
		field_choice(vty, field, &value, text);
	else
		vty_out(vty, "%*s", field->right ? field->width : -field->width, text);
}

void lisp_show_line(struct lisp_show *show, const struct lisp_kind *kind, const void *object,
		    const char *format)
{
	const char *open, *close;
	struct field field;
	char text[128];

	while ((open = strchr(format, '{'))) {
		close = strchr(open, '}');
		vty_out(show->vty, "%.*s", (int)(open - format), format);
		snprintf(text, sizeof(text), "%.*s", (int)(close - open - 1), open + 1);
		field_parse(text, &field);
		field_text(show->vty, kind, object, &field);
		format = close + 1;
	}
	vty_out(show->vty, "%s", format);
}

void lisp_show_lines(struct lisp_show *show, const struct lisp_kind *kind, const void *parent,
		     const char *format)
{
	const void *object = NULL;

	while ((object = kind->next(parent, object)))
		if (parent || show_wanted(show, kind, object))
			lisp_show_line(show, kind, object, format);
}

/* ---- JSON ---- */

static void json_out(struct lisp_show *show, struct json_object *json, const char *before,
		     const char *key)
{
	vty_out(show->vty, "%s", before);
	if (key)
		vty_out(show->vty, "\"%s\":", key);
	/* vty_out() formats into its own buffer: long text goes as it is */
	vty_out(show->vty, "%s",
		json_object_to_json_string_ext(json, JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_free(json);
}

static void container_json(struct lisp_show *show, const struct lisp_kind *kind, const char *member)
{
	struct json_object *json = lisp_leaves_json(kind, 0,
						    kind->next ? kind->next(NULL, NULL) : NULL);

	if (member) {
		json_out(show, json, show->any ? ",\n  " : "\n  ", member);
		show->any = true;
		return;
	}
	json_object_object_foreach(json, key, value)
	{
		json_out(show, json_object_get(value), show->any ? ",\n  " : "\n  ", key);
		show->any = true;
	}
	json_object_free(json);
}

static void list_item_json(struct lisp_show *show, const struct lisp_kind *kind, const void *object)
{
	struct lisp_value name = {};

	if (kind->by_name)
		lisp_leaf_read(&kind->leaves[0], object, &name);
	json_out(show, lisp_kind_json(kind, object), show->any ? ",\n    " : "\n    ",
		 kind->by_name ? name.text : NULL);
	show->any = true;
}

/* ---- the walk: each step prints a little, false: nothing was left ---- */

static void object_out(struct lisp_show *show, const struct lisp_section *section,
		       const void *object)
{
	if (!show_wanted(show, section->kind, object))
		return;
	if (show->json)
		list_item_json(show, section->kind, object);
	else if (section->text)
		section->text(show, object);
}

/* The next object of a large table, wherever the walk paused. */
static const void *walk_next(struct lisp_show *show, const struct lisp_section *section, bool first)
{
	const struct lisp_kind *kind = section->kind;
	const void *object;

	if (first && section->by_service && !show->json) {
		memset(&show->last, 0, sizeof(show->last));
		show->last.iid = show->iid;
		show->last.prefix.family = lisp_family_af(show->family);
		object = kind->find(&show->last);
		if (!object)
			object = kind->after(&show->last);
	} else {
		object = first ? kind->next(NULL, NULL) : kind->after(&show->last);
	}
	if (!object)
		return NULL;
	show->last = *kind->eid(object);
	if (section->by_service && !show->json &&
	    (!lisp_eid_is_ip(&show->last) || show->last.iid != show->iid ||
	     lisp_af_family(show->last.prefix.family) != show->family))
		return NULL;
	return object;
}

/* Of a section: its head, then an object of a large table or all of a short one. */
static bool section_step(struct lisp_show *show, const struct lisp_section *section)
{
	const struct lisp_kind *kind = section->kind;
	const void *object = NULL;
	bool first = !show->begun;

	if (first) {
		show->begun = true;
		show->group[0] = '\0';
		if (show->json && kind->json) {
			vty_out(show->vty, "%s\"%s\":%c", show->any ? ",\n  " : "\n  ", kind->json,
				kind->by_name ? '{' : '[');
			show->any = false;
		} else if (!show->json && section->head) {
			section->head(show);
		}
	}
	if (show->only && kind->eid) {
		if (first)
			object_out(show, section, show->only);
		return false;
	}
	if (kind->json && kind->eid) {
		object = walk_next(show, section, first);
		if (object)
			object_out(show, section, object);
		return object != NULL;
	}
	if (kind->json)
		while ((object = kind->next(NULL, object)))
			object_out(show, section, object);
	else if (show->json && !(kind->totals && lisp_scope_limited(&show->scope)))
		container_json(show, kind, section->member);
	return false;
}

/* The instance and family after the show's that are wanted; false: there are no more. */
static bool service_next(struct lisp_show *show, bool first)
{
	struct lisp_instance *instance = first ? lisp_instance_next(NULL)
					       : lisp_instance_find(show->iid);
	unsigned int family = first ? 0 : show->family + 1;

	for (; instance; instance = lisp_instance_next(instance), family = 0)
		for (; family < LISP_FAMILY_MAX; family++)
			if (lisp_scope_has(&show->scope, instance->iid, family)) {
				show->iid = instance->iid;
				show->family = family;
				return true;
			}
	return false;
}

static bool show_step(struct lisp_show *show)
{
	const struct lisp_section *section = &show->sections[show->section];
	bool services = section->by_service && !show->json && !show->only;

	if (!section->kind)
		return false;
	if (services && !show->begun && !show->iid && !show->family && !service_next(show, true)) {
		show->section++;
		return true;
	}
	if (section_step(show, section))
		return true;

	if (show->json && section->kind->json) {
		vty_out(show->vty, "%s%c", show->any ? "\n  " : "",
			section->kind->by_name ? '}' : ']');
		show->any = true;
	}
	show->begun = false;
	if (!services || !service_next(show, false)) {
		show->section++;
		show->iid = 0;
		show->family = 0;
	}
	return true;
}

/* ---- slices ---- */

/* True: there is more to write. */
static bool show_slice(struct lisp_show *show)
{
	struct timeval begin;

	monotime(&begin);
	while (show_step(show))
		if (monotime_since(&begin, NULL) > SLICE_US)
			return true;
	if (show->json)
		vty_out(show->vty, "\n}\n");
	return false;
}

/* The vty goes on; it may be gone afterwards. */
static void job_end(struct show_job *job, int status)
{
	struct vty *vty = job->show.vty;

	event_cancel(&job->t_write);
	event_cancel(&job->t_stop);
	show_jobs_del(jobs, job);
	XFREE(MTYPE_LISP_SHOW, job);
	vty_resume(vty, status);
}

static void show_write(struct event *event)
{
	struct show_job *job = EVENT_ARG(event);
	struct vty *vty = job->show.vty;

	switch (buffer_flush_available(vty->obuf, vty->wfd)) {
	case BUFFER_ERROR:
		job_end(job, LISP_COMMAND_FAILED);
		return;
	case BUFFER_PENDING:
		break;
	case BUFFER_EMPTY:
		if (!job->ended && show_slice(&job->show))
			break;
		/* a terminal's pager would stop in what is left to it */
		if (!job->ended && vty->type == VTY_TERM) {
			job->ended = true;
			break;
		}
		job_end(job, CMD_SUCCESS);
		return;
	}
	event_add_write(lisp.master, show_write, job, vty->wfd, &job->t_write);
}

/* The other end is gone, or something was typed: that is the vty's to read. */
static void show_stop(struct event *event)
{
	struct show_job *job = EVENT_ARG(event);
	struct vty *vty = job->show.vty;

	if (vty->type == VTY_TERM)
		buffer_reset(vty->obuf);
	job_end(job, LISP_COMMAND_FAILED);
}

int lisp_show(const struct lisp_show *show)
{
	struct vty *vty = show->vty;
	bool at_once = show->only || !vty_can_suspend(vty), more = true;
	char reason[LISP_NO_SCOPE_STRLEN];
	struct show_job *job;

	if (!lisp_scope_exists(&show->scope)) {
		if (show->json)
			return lisp_show_nothing(show);
		vty_out(vty, "%s", lisp_no_scope(&show->scope, reason, sizeof(reason)));
		return CMD_WARNING;
	}
	job = XCALLOC(MTYPE_LISP_SHOW, sizeof(*job));
	job->show = *show;
	if (show->json)
		vty_out(vty, "{");
	/*
	 * A single object is written at once: it might be gone when another slice's turn comes.
	 * What one slice has room for is a terminal's to page.
	 */
	if (at_once || vty->type == VTY_TERM)
		do
			more = show_slice(&job->show);
		while (more && at_once);
	if (!more) {
		XFREE(MTYPE_LISP_SHOW, job);
		return CMD_SUCCESS;
	}

	vty_suspend(vty, "show lisp");
	show_jobs_add_tail(jobs, job);
	event_add_read(lisp.master, show_stop, job, vty->fd, &job->t_stop);
	event_add_write(lisp.master, show_write, job, vty->wfd, &job->t_write);
	return CMD_SUCCESS;
}

void lisp_show_finish(void)
{
	struct show_job *job;

	while ((job = show_jobs_first(jobs)))
		job_end(job, LISP_COMMAND_FAILED);
}

bool lisp_show_longer(const struct lisp_show *show, const struct lisp_kind *kind, const void *object)
{
	return !kind->eid || lisp_eid_covers(&show->within, kind->eid(object));
}

int lisp_show_nothing(const struct lisp_show *show)
{
	vty_out(show->vty, "{}\n");
	return CMD_WARNING;
}

void lisp_show_router_head(struct lisp_show *show)
{
	vty_out(show->vty, "Output for router lisp 0");
	if (lisp_scope_several(&show->scope))
		vty_out(show->vty, " instance-id %u", show->iid);
	vty_out(show->vty, "\n");
}
