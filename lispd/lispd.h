// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lispd: what every file of the daemon may know.
 *
 * One `router lisp` per daemon: a singleton. The configuration is written by
 * lisp_nb_config.c only, in one go after each commit; see lisp_config_apply().
 */
#ifndef _LISPD_H
#define _LISPD_H

#include "ipaddr.h"
#include "prefix.h"
#include "vrf.h"
#include "lispd/lisp_instance.h"
#include "lispd/lisp_memory.h"
#include "lispd/lisp_stats.h"
#include "lispd/lisp_wire.h"

struct lisp {
	struct event_loop *master;
	bool enabled; /* `router lisp` is configured */

	bool has_xtr_id;
	uint8_t xtr_id[16];
	uint64_t site_id;

	/* first packets held by the dataplane while an EID is resolved */
	uint32_t queue_per_eid; /* packets, 0: off */
	uint32_t queue_total;	/* packets */
};

extern struct lisp lisp;
extern struct zebra_privs_t lisp_privs;

/*
 * Called by the northbound after it wrote the configuration above and into
 * the modules (locator-sets, sites, ...): starts, stops and refreshes what
 * follows from it, by calling each module's *_config_changed() in order.
 * Idempotent.
 */
void lisp_config_apply(void);

#endif /* _LISPD_H */
