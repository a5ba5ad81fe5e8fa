// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The plugin's door: zebra -M lisp_dplane[:OPTION,...] loads it. The pthread is
 * made after zebra has forked. A stop of zebra removes all that was made; a zebra
 * that is killed leaves it forwarding, and the next one takes over.
 */
#include <zebra.h>

#include <sys/random.h>

#include "lib/frr_pthread.h"
#include "lib/hook.h"
#include "lib/libfrr.h"
#include "lib/log.h"
#include "lib/module.h"
#include "lib/monotime.h"
#include "lib/privs.h"
#include "lib/version.h"
#include "zebra/zebra_netns_notify.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_apply.h"
#include "dplane/lisp_dp_bpf.h"
#include "dplane/lisp_dp_packet.h"
#include "dplane/lisp_dp_socket.h"
#include "dplane/lisp_dp_xtables.h"

DEFINE_MGROUP(LISP_DP, "LISP dataplane plugin");
DEFINE_MTYPE(LISP_DP, LISP_DP_BUFFER, "LISP dataplane buffer");

struct lisp_dp_options lisp_dp_options;
struct event_loop *lisp_dp_loop;

static struct frr_pthread *thread;

static void read_options(const char *text)
{
	char copy[128], *option, *rest = copy;

	strlcpy(copy, text ? text : "", sizeof(copy));
	while ((option = strsep(&rest, ","))) {
		if (strmatch(option, "nobpf"))
			lisp_dp_options.no_bpf = true;
		else if (strmatch(option, "nogre"))
			lisp_dp_options.no_kernel_gre = true;
		else if (strmatch(option, "bypass"))
			lisp_dp_options.bypass = true;
		else if (option[0])
			zlog_warn("lisp_dplane: unknown option '%s'", option);
	}
}

/* In the pthread. */
static void module_start(struct event *event)
{
	char note[160] = "";

	if (getrandom(&lisp_dp_seed, sizeof(lisp_dp_seed), GRND_NONBLOCK) != sizeof(lisp_dp_seed))
		lisp_dp_seed = (uint32_t)monotime(NULL) * 2654435761u;
	frr_with_privs (&zserv_privs) {
		if (!lisp_dp_bpf_load(lisp_dp_seed, note, sizeof(note)))
			zlog_warn("lisp: forwarding in user space: %s", note);
	}
	lisp_dp_socket_init(note);
}

/* In the pthread, as its last event: timers and readers are its own. */
static void module_finish(struct event *event)
{
	frr_with_privs (&zserv_privs) {
		lisp_dp_apply_finish();
		lisp_dp_socket_finish();
		lisp_dp_bpf_unload();
	}
}

static int begin(struct event_loop *loop)
{
	lisp_dp_apply_init();
	thread = frr_pthread_new(NULL, "LISP dataplane", "lisp_dplane");
	lisp_dp_loop = thread->master;
	event_add_event(lisp_dp_loop, module_start, NULL, 0, NULL);
	frr_pthread_run(thread, NULL);
	return 0;
}

static int end(void)
{
	if (!thread)
		return 0;
	event_add_event(lisp_dp_loop, module_finish, NULL, 0, NULL);
	frr_pthread_stop(thread, NULL);
	frr_pthread_destroy(thread);
	thread = NULL;
	lisp_dp_xtables_close();
	return 0;
}

static int module_init(void)
{
	read_options(THIS_MODULE->load_args);
	lisp_dp_xtables_open();
	hook_register(frr_config_post, begin);
	hook_register(frr_early_fini, end);
	return 0;
}

FRR_MODULE_SETUP(.name = "lisp_dplane", .version = FRR_VERSION,
		 .description = "LISP dataplane: mapping socket, BPF fast path, ALT tunnels",
		 .init = module_init, );
