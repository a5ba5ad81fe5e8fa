// SPDX-License-Identifier: GPL-2.0-or-later
/* lispd: start and end. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include <lib/version.h>
#include "command.h"
#include "if.h"
#include "libfrr.h"
#include "mgmt_be_client.h"
#include "northbound.h"
#include "privs.h"
#include "sigevent.h"
#include "vrf.h"

#include "lispd/lisp_alt.h"
#include "lispd/lisp_alt_io.h"
#include "lispd/lisp_alt_rib.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_dplane.h"
#include "lispd/lisp_errors.h"
#include "lispd/lisp_instance.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_kept.h"
#include "lispd/lisp_itr.h"
#include "lispd/lisp_keys.h"
#include "lispd/lisp_lig.h"
#include "lispd/lisp_lost.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_mr.h"
#include "lispd/lisp_ms.h"
#include "lispd/lisp_name.h"
#include "lispd/lisp_nb.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_pending.h"
#include "lispd/lisp_probe.h"
#include "lispd/lisp_register.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_rx.h"
#include "lispd/lisp_site_route.h"
#include "lispd/lisp_smr.h"
#include "lispd/lisp_solicit.h"
#include "lispd/lisp_store.h"
#include "vtysh-cmds/lisp_show.h"
#include "vtysh-cmds/lisp_vty.h"
#include "lispd/lisp_withdraw.h"
#include "lispd/lisp_zebra.h"
#include "lispd/lispd.h"

static zebra_capabilities_t lisp_caps[] = {
	ZCAP_NET_RAW,
	ZCAP_BIND,
};

struct zebra_privs_t lisp_privs = {
#if defined(FRR_USER) && defined(FRR_GROUP)
	.user = FRR_USER,
	.group = FRR_GROUP,
#endif
#ifdef VTY_GROUP
	.vty_group = VTY_GROUP,
#endif
	.caps_p = lisp_caps,
	.cap_num_p = array_size(lisp_caps),
	.cap_num_i = 0,
};

static const struct lisp_dplane_calls dplane_calls = {
	.miss = lisp_itr_miss,
	.stray = lisp_solicit_stray,
	.senders = lisp_smr_senders,
	.recall = lisp_itr_recall,
	.alt = lisp_alt_device,
	.alts_gone = lisp_alt_devices_gone,
};

static struct mgmt_be_client *mgmt_be_client;
static struct frr_daemon_info lispd_di;

static void sighup(void)
{
	zlog_info("SIGHUP received and ignored: mgmtd holds the configuration");
}

static void sigusr1(void)
{
	zlog_rotate();
}

/*
 * What the dataplane holds stays, so that flows go on over a restart, and so do our
 * registrations at Map-Servers; what `router lisp` made goes with `no router lisp`, or
 * with zebra.
 */
static void sigint(void)
{
	zlog_notice("Terminating on signal");

	nb_oper_cancel_all_walks();
	mgmt_be_client_destroy(mgmt_be_client);
	mgmt_be_client = NULL;

	lisp_show_finish();
	lisp_show_lig_finish();
	lisp_show_forwarding_finish();
	lisp_lig_finish();
	lisp_name_finish();
	lisp_nb_finish();
	lisp_dplane_finish();
	lisp_register_finish();
	lisp_withdraw_finish();
	lisp_probe_finish();
	lisp_lost_finish();
	lisp_itr_finish();
	lisp_smr_finish();
	lisp_mr_finish();
	lisp_ms_finish();
	lisp_alt_finish();
	lisp_alt_rib_finish();
	lisp_map_cache_finish();
	lisp_pending_finish();
	lisp_peer_finish();
	lisp_store_finish();
	lisp_registry_finish();
	lisp_site_route_finish();
	lisp_database_finish();
	lisp_keys_finish();
	lisp_rloc_finish();
	lisp_io_finish();
	lisp_zebra_finish();
	lisp_instance_finish();

	lisp_nb_module_free();
	frr_fini();
	exit(0);
}

static struct frr_signal_t lisp_signals[] = {
	{
		.signal = SIGHUP,
		.handler = &sighup,
	},
	{
		.signal = SIGUSR1,
		.handler = &sigusr1,
	},
	{
		.signal = SIGINT,
		.handler = &sigint,
	},
	{
		.signal = SIGTERM,
		.handler = &sigint,
	},
};

/* The first one is frr-lispd, made by main(). */
static const struct frr_yang_module_info *lisp_yang_modules[] = {
	NULL,
	&frr_backend_info,
	&frr_interface_info,
	&frr_vrf_info,
};

/* clang-format off */
FRR_DAEMON_INFO(lispd, LISP,
	.vty_port = LISP_VTY_PORT,
	.proghelp = "Implementation of the Locator/ID Separation Protocol.",

	.signals = lisp_signals,
	.n_signals = array_size(lisp_signals),

	.privs = &lisp_privs,

	.yang_modules = lisp_yang_modules,
	.n_yang_modules = array_size(lisp_yang_modules),

	.state_paths = lisp_kept_paths,

	.flags = FRR_NO_SPLIT_CONFIG,
);
/* clang-format on */

int main(int argc, char **argv, char **envp)
{
	static struct option longopts[] = { { 0 } };

	lisp_yang_modules[0] = lisp_nb_module_new();
	frr_preinit(&lispd_di, argc, argv);
	frr_opt_add("", longopts, "");

	for (;;) {
		int opt = frr_getopt(argc, argv, NULL);

		if (opt == EOF)
			break;
		if (opt != 0)
			frr_help_exit(1);
	}

	lisp.master = frr_init();

	lisp_error_init();
	lisp_debug_init();

	/* the tables, the roles, then what feeds them */
	lisp_kept_init();
	lisp_instance_init();
	lisp_io_init(lisp_rx);
	lisp_alt_io_init(lisp_rx);
	lisp_keys_init();
	lisp_database_init();
	lisp_site_route_init();
	lisp_registry_init();
	lisp_store_init();
	lisp_map_cache_init();
	lisp_alt_rib_init();
	lisp_alt_init();
	lisp_ms_init();
	lisp_mr_init();
	lisp_smr_init();
	lisp_itr_init();
	lisp_lost_init();
	lisp_register_init();
	lisp_dplane_init(&dplane_calls);
	lisp_nb_init();
	lisp_show_forwarding_init();
	lisp_vty_init();

	mgmt_be_client = mgmt_be_client_create("lispd", NULL, 0, lisp.master);
	lisp_zebra_init();

	/* mgmtd reads the configuration; `write` still wants the file's name */
	host_config_set(lispd_di.config_file);

	frr_config_fork();
	frr_run(lisp.master);

	/* not reached */
	return 0;
}
