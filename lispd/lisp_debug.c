// SPDX-License-Identifier: GPL-2.0-or-later
/* Debug messages: the switches, and EIDs in them. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "debug.h"
#include "printfrr.h"

#include "lispd/lisp_debug.h"
#include "lispd/lisp_eid.h"

printfrr_ext_autoreg_p("LE", printfrr_eid);
static ssize_t printfrr_eid(struct fbuf *buf, struct printfrr_eargs *ea, const void *ptr)
{
	char text[LISP_EID_STRLEN];

	return ptr ? bputs(buf, lisp_eid_str(ptr, text, sizeof(text))) : bputs(buf, "(null)");
}

struct debug lisp_dbg_packet = {
	.conf = "debug lisp packet",
	.desc = "LISP control messages and drops",
};
struct debug lisp_dbg_itr = {
	.conf = "debug lisp itr",
	.desc = "LISP ITR: misses, Map-Requests, map-cache",
};
struct debug lisp_dbg_etr = {
	.conf = "debug lisp etr",
	.desc = "LISP ETR: registrations, answers, SMRs",
};
struct debug lisp_dbg_ms = {
	.conf = "debug lisp map-server",
	.desc = "LISP Map-Server and Map-Resolver",
};
struct debug lisp_dbg_alt = {
	.conf = "debug lisp alt",
	.desc = "LISP+ALT",
};
struct debug lisp_dbg_rloc = {
	.conf = "debug lisp rloc",
	.desc = "LISP locators",
};
struct debug lisp_dbg_dplane = {
	.conf = "debug lisp dataplane",
	.desc = "LISP mapping socket",
};

static uint32_t instance;
static char instance_conf[40], instance_desc[40];

struct debug lisp_dbg_instance = {
	.conf = instance_conf,
	.desc = instance_desc,
};

const struct lisp_debug_switch lisp_debug_switches[] = {
	{ "packet", &lisp_dbg_packet },	   { "itr", &lisp_dbg_itr },
	{ "etr", &lisp_dbg_etr },	   { "map-server", &lisp_dbg_ms },
	{ "alt", &lisp_dbg_alt },	   { "rloc", &lisp_dbg_rloc },
	{ "dataplane", &lisp_dbg_dplane }, {},
};

bool lisp_debug_wants(const struct lisp_eid *eid)
{
	return !LISP_DBG_IS(instance) || eid->iid == instance;
}

void lisp_debug_instance_set(uint32_t iid)
{
	instance = iid;
	snprintf(instance_conf, sizeof(instance_conf), "debug lisp instance-id %u", iid);
	snprintf(instance_desc, sizeof(instance_desc), "LISP instance-id %u only:", iid);
}

void lisp_debug_init(void)
{
	for (unsigned int i = 0; lisp_debug_switches[i].word; i++)
		debug_install(lisp_debug_switches[i].debug);
	debug_install(&lisp_dbg_instance);
}
