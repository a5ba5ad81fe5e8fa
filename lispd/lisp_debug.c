// SPDX-License-Identifier: GPL-2.0-or-later
/* `debug lisp ...`: the switches, on the terminal or in the configuration. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "command.h"
#include "debug.h"
#include "libfrr.h"
#include "printfrr.h"

#include "lispd/lisp_debug.h"
#include "lispd/lisp_eid.h"

#include "lispd/lisp_debug_clippy.c"

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

static const struct {
	const char *word;
	struct debug *debug;
} switches[] = {
	{ "packet", &lisp_dbg_packet },	   { "itr", &lisp_dbg_itr }, { "etr", &lisp_dbg_etr },
	{ "map-server", &lisp_dbg_ms },	   { "alt", &lisp_dbg_alt }, { "rloc", &lisp_dbg_rloc },
	{ "dataplane", &lisp_dbg_dplane },
};

DEFPY (debug_lisp,
	debug_lisp_cmd,
	"[no] debug lisp <packet|itr|etr|map-server|alt|rloc|dataplane|all>$what",
	NO_STR
	DEBUG_STR
	"Locator/ID Separation Protocol (LISP)\n"
	"Control messages in and out, drops with their reason\n"
	"ITR: misses, Map-Requests, map-cache\n"
	"ETR: registrations, answers, SMRs\n"
	"Map-Server and Map-Resolver\n"
	"LISP+ALT\n"
	"Locators' state\n"
	"Mapping socket to the dataplane\n"
	"All of these\n")
{
	uint32_t mode = DEBUG_NODE2MODE(vty->node);
	size_t i;

	for (i = 0; i < array_size(switches); i++)
		if (strmatch(what, "all") || strmatch(what, switches[i].word))
			DEBUG_MODE_SET(switches[i].debug, mode, !no);
	return CMD_SUCCESS;
}

/* The library's switches and ours are one list. */
static int show_debugging(struct vty *vty)
{
	vty_out(vty, "LISP debugging status:\n");
	cmd_show_lib_debugs(vty);
	return CMD_SUCCESS;
}

/* vtysh has this one itself and asks every daemon. */
DEFPY_NOSH (show_debugging_all,
	show_debugging_all_cmd,
	"show debugging",
	SHOW_STR
	DEBUG_STR)
{
	return show_debugging(vty);
}

DEFPY (show_debugging_lisp,
	show_debugging_lisp_cmd,
	"show debugging lisp",
	SHOW_STR
	DEBUG_STR
	"Locator/ID Separation Protocol (LISP)\n")
{
	return show_debugging(vty);
}

void lisp_debug_init(void)
{
	size_t i;

	for (i = 0; i < array_size(switches); i++)
		debug_install(switches[i].debug);

	install_element(ENABLE_NODE, &debug_lisp_cmd);
	install_element(CONFIG_NODE, &debug_lisp_cmd);
	install_element(ENABLE_NODE, &show_debugging_all_cmd);
	install_element(ENABLE_NODE, &show_debugging_lisp_cmd);
}
