// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * show lisp forwarding: asks the dataplane, and suspends the vty until the answer is
 * written.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "command.h"
#include "frrevent.h"
#include "json.h"
#include "memory.h"
#include "typesafe.h"

#include "lispd/lisp_explain.h"
#include "vtysh-cmds/lisp_show.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_SHOW_FORWARDING, "LISP show forwarding");

PREDECL_DLIST(forwarding_jobs);

struct forwarding_job {
	struct forwarding_jobs_item item;
	struct lisp_show show;
	uint64_t number; /* of the answer */
	struct lisp_explain explain;
	struct event *t_stop, *t_late;
};

DECLARE_DLIST(forwarding_jobs, struct forwarding_job, item);

static struct forwarding_jobs_head jobs[1] = { INIT_DLIST(jobs[0]) };

/* The vty goes on; it may be gone afterwards. */
static void job_end(struct forwarding_job *job, int status)
{
	struct vty *vty = job->show.vty;

	event_cancel(&job->t_stop);
	event_cancel(&job->t_late);
	forwarding_jobs_del(jobs, job);
	XFREE(MTYPE_LISP_SHOW_FORWARDING, job);
	vty_resume(vty, status);
}

/* vtysh is gone, or has sent a line, as it does on Ctrl-C: that is the vty's to read. */
static void show_forwarding_stop(struct event *event)
{
	job_end(EVENT_ARG(event), LISP_COMMAND_FAILED);
}

static void show_forwarding_late(struct event *event)
{
	struct forwarding_job *job = EVENT_ARG(event);

	vty_out(job->show.vty, "%% The dataplane does not answer\n");
	job_end(job, LISP_COMMAND_FAILED);
}

static void job_write(struct forwarding_job *job)
{
	if (job->show.json) {
		vty_json(job->show.vty, lisp_kind_json(&lisp_kind_explain, &job->explain));
		return;
	}
	lisp_show_line(&job->show, &lisp_kind_explain, &job->explain,
		       "From {source} to {destination}{protocol?, $|}"
		       "{source-port?, ports $|}{destination-port? to $|}, "
		       "instance-id {instance-id}: {outcome}\n");
	lisp_show_lines(&job->show, &lisp_kind_explain_step, &job->explain,
			"  {step:14} {result:24} {text}\n");
}

static int explained(uint64_t number, const char *outcome, const struct lisp_dplane_step *steps,
		     size_t n)
{
	struct forwarding_job *job;

	frr_each_safe (forwarding_jobs, jobs, job) {
		if (job->number != number)
			continue;
		lisp_explain_fill(&job->explain, outcome, steps, n);
		job_write(job);
		job_end(job, CMD_SUCCESS);
	}
	return 0;
}

int lisp_show_forwarding(struct vty *vty, const struct lisp_dplane_packet *packet, bool json)
{
	struct forwarding_job *job;
	uint64_t number;

	if (packet->source.ipa_type != packet->destination.ipa_type) {
		vty_out(vty, "%% Source and destination are of one family\n");
		return LISP_COMMAND_FAILED;
	}
	if (!vty_can_suspend(vty)) {
		vty_out(vty, "%% show lisp forwarding works in vtysh and terminals only\n");
		return LISP_COMMAND_FAILED;
	}
	number = lisp_dplane_explain(packet);
	if (!number) {
		vty_out(vty, "%% The dataplane is not connected: see show lisp dataplane\n");
		return LISP_COMMAND_FAILED;
	}
	job = XCALLOC(MTYPE_LISP_SHOW_FORWARDING, sizeof(*job));
	job->show = (struct lisp_show){ .vty = vty, .json = json };
	job->number = number;
	job->explain.packet = *packet;
	forwarding_jobs_add_tail(jobs, job);
	vty_suspend(vty, "show lisp forwarding");
	event_add_read(lisp.master, show_forwarding_stop, job, vty->fd, &job->t_stop);
	event_add_timer(lisp.master, show_forwarding_late, job, LISP_DPLANE_EXPLAIN, &job->t_late);
	return CMD_SUCCESS;
}

void lisp_show_forwarding_init(void)
{
	hook_register(lisp_dplane_explained, explained);
}

void lisp_show_forwarding_finish(void)
{
	struct forwarding_job *job;

	while ((job = forwarding_jobs_first(jobs)))
		job_end(job, LISP_COMMAND_FAILED);
}
