// SPDX-License-Identifier: GPL-2.0-or-later
/* The order in which a commit takes effect. */
#include <zebra.h>

#include "lispd/lisp_alt.h"
#include "lispd/lisp_config.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_dplane.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_itr.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_mr.h"
#include "lispd/lisp_probe.h"
#include "lispd/lisp_register.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_store.h"
#include "lispd/lispd.h"

/*
 * Sockets first, tables before the roles that read them, the dataplane last: it
 * mirrors what the others hold.
 */
void lisp_config_apply(void)
{
	lisp_instance_config_changed(lisp.enabled);
	lisp_rloc_vrf_update();
	lisp_io_config_changed();
	lisp_database_config_changed();
	lisp_registry_config_changed();
	lisp_store_config_changed();
	lisp_map_cache_config_changed();
	lisp_alt_config_changed();
	lisp_mr_config_changed();
	lisp_itr_config_changed();
	lisp_probe_config_changed();
	lisp_register_config_changed();
	lisp_dplane_config_changed();
}
