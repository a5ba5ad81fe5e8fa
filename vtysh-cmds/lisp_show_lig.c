// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The command lig (RFC 6835). It returns at once and suspends the vty: vtysh gets its
 * status with the answer.
 */
#include <zebra.h>

#include <stdbool.h>

#include "command.h"
#include "frrevent.h"
#include "json.h"
#include "memory.h"
#include "monotime.h"
#include "typesafe.h"

#include "lispd/lisp_database.h"
#include "lispd/lisp_lig.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_name.h"
#include "vtysh-cmds/lisp_show.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_SHOW_LIG, "LISP lig command");

PREDECL_DLIST(lig_jobs);

struct lig_job {
	struct lig_jobs_item item;
	struct lisp_show show;
	struct lisp_lig_command command; /* but its name */
	struct lisp_name *name;		 /* that is asked for, or NULL */
	struct lisp_lig *lig;		 /* NULL before that */
	struct event *t_stop;
	bool self; /* the EID is ours */
};

DECLARE_DLIST(lig_jobs, struct lig_job, item);

static struct lig_jobs_head jobs[1] = { INIT_DLIST(jobs[0]) };

static void job_free(struct lig_job *job)
{
	event_cancel(&job->t_stop);
	lig_jobs_del(jobs, job);
	XFREE(MTYPE_LISP_SHOW_LIG, job);
}

/* The vty goes on; it may be gone afterwards. */
static void job_end(struct lig_job *job, int status)
{
	struct vty *vty = job->show.vty;

	job_free(job);
	vty_resume(vty, status);
}

static void job_cancel(struct lig_job *job)
{
	lisp_name_cancel(&job->name);
	if (job->lig)
		lisp_lig_cancel(&job->lig);
}

/* vtysh is gone, or has sent a line, as it does on Ctrl-C: that is the vty's to read. */
static void show_lig_stop(struct event *event)
{
	struct lig_job *job = EVENT_ARG(event);

	job_cancel(job);
	job_end(job, LISP_COMMAND_FAILED);
}

static void lig_sent(const struct lisp_lig *lig, bool ok)
{
	struct lig_job *job = lig->arg;

	if (job->show.json)
		return;
	if (!ok)
		lisp_show_line(&job->show, &lisp_kind_lig, lig,
			       "% Map-request for {eid} could not be sent: there is no way to a "
			       "Map-Resolver, nor onto an ALT\n");
	else
		lisp_show_line(&job->show, &lisp_kind_lig, lig,
			       job->self ? "Send loopback map-request to {sent-to} for {eid} ...\n"
					 : "Send map-request to {sent-to} for {eid} ...\n");
}

static void lig_time(uint64_t seconds, char *buf, size_t size)
{
	snprintf(buf, size, "%02" PRIu64 ":%02u:%02u", seconds / 3600,
		 (unsigned int)(seconds / 60 % 60), (unsigned int)(seconds % 60));
}

static void lig_mapping_text(struct lig_job *job, const struct lisp_mapping *mapping)
{
	const struct lisp_entry *entry = lisp_map_cache_find(&mapping->eid);
	time_t age = entry && entry->state == LISP_ENTRY_ACTIVE ? monotime(NULL) - entry->created
								: 0;
	char uptime[32], expires[32], format[256];

	lig_time(age, uptime, sizeof(uptime));
	lig_time((uint64_t)mapping->ttl * 60, expires, sizeof(expires));
	snprintf(format, sizeof(format),
		 "{eid}, uptime: %s, expires: %s, via map-reply, {authoritative?auth|non-auth}%s\n",
		 uptime, mapping->ttl == LISP_TTL_LOCAL ? "never" : expires,
		 job->self ? ", self" : "");
	lisp_show_line(&job->show, &lisp_kind_lig_mapping, mapping, format);
	if (!mapping->n_locators) {
		lisp_show_line(&job->show, &lisp_kind_lig_mapping, mapping,
			       "  Negative cache entry, action: {action}\n");
		return;
	}
	vty_out(job->show.vty, "  %-39s  %-8s  %-5s  %-15s  %s\n", "Locator", "Uptime", "State",
		"Priority/Weight", "Packets In/Out");
	snprintf(format, sizeof(format),
		 "  {address:39}  %-8s  {state:5}  {priority:>3}/{weight:11}  "
		 "{packets-in?$|0}/{packets-out?$|0}\n",
		 uptime);
	lisp_show_lines(&job->show, &lisp_kind_lig_locator, mapping, format);
}

static void lig_text(struct lig_job *job, const struct lisp_lig *lig)
{
	if (!lisp_lig_answered(lig)) {
		vty_out(job->show.vty, "*** No map-reply received ***\n");
		return;
	}
	lisp_show_line(&job->show, &lisp_kind_lig, lig, "Received map-reply from {replier} ");
	vty_out(job->show.vty, "with rtt %u.%06u secs\n", lig->rtt_us / 1000000,
		lig->rtt_us % 1000000);
	lisp_show_line(&job->show, &lisp_kind_lig, lig, "Map-Cache entry for EID {eid}:\n");
	for (unsigned int i = 0; i < lig->n_mappings; i++)
		lig_mapping_text(job, &lig->mappings[i]);
}

static void lig_done(const struct lisp_lig *lig)
{
	struct lig_job *job = lig->arg;

	if (job->show.json)
		vty_json(job->show.vty, lisp_kind_json(&lisp_kind_lig, lig));
	else
		lig_text(job, lig);
	job_end(job, lisp_lig_answered(lig) ? CMD_SUCCESS : LISP_COMMAND_FAILED);
}

static const struct lisp_lig_ops lig_ops = { .sent = lig_sent, .done = lig_done };

/* False, and says why, if it cannot be. */
static bool job_begin(struct lig_job *job)
{
	const struct lisp_lig_command *command = &job->command;

	job->self = lisp_database_match(&command->eid) != NULL;
	job->lig = lisp_lig_start(&(struct lisp_lig){ .eid = command->eid,
						      .to = command->to,
						      .source = command->source,
						      .ops = &lig_ops,
						      .arg = job },
				  command->count);
	if (!job->lig)
		vty_out(job->show.vty, "%% Too many Map-Requests are outstanding\n");
	return job->lig;
}

static void lig_named(void *arg, const struct ipaddr *addr, const char *error)
{
	struct lig_job *job = arg;

	job->name = NULL;
	if (!addr)
		vty_out(job->show.vty, "%% No address has this name: %s\n", error);
	else
		lisp_eid_host(&job->command.eid, job->command.eid.iid, addr);
	if (!addr || !job_begin(job))
		job_end(job, LISP_COMMAND_FAILED);
}

int lisp_show_lig(struct vty *vty, const struct lisp_lig_command *command)
{
	struct lig_job *job;

	if (!lisp.enabled) {
		vty_out(vty, "%% LISP is not configured\n");
		return LISP_COMMAND_FAILED;
	}
	if (!vty_can_suspend(vty)) {
		vty_out(vty, "%% lig works in vtysh and terminals only\n");
		return LISP_COMMAND_FAILED;
	}

	job = XCALLOC(MTYPE_LISP_SHOW_LIG, sizeof(*job));
	job->show = (struct lisp_show){ .vty = vty, .json = command->json };
	job->command = *command;
	lig_jobs_add_tail(jobs, job);
	if (command->name) {
		job->name = lisp_name_ask(command->name, lig_named, job);
		if (!job->name)
			vty_out(vty, "%% Too many names are asked for\n");
	}
	if (command->name ? !job->name : !job_begin(job)) {
		job_free(job);
		return LISP_COMMAND_FAILED;
	}
	vty_suspend(vty, "lig");
	event_add_read(lisp.master, show_lig_stop, job, vty->fd, &job->t_stop);
	return CMD_SUCCESS;
}

void lisp_show_lig_finish(void)
{
	struct lig_job *job;

	while ((job = lig_jobs_first(jobs))) {
		job_cancel(job);
		job_end(job, LISP_COMMAND_FAILED);
	}
}
