// SPDX-License-Identifier: GPL-2.0-or-later
/* Log references of lispd. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "lispd/lisp_errors.h"

static struct log_ref ferr_lisp[] = {
	{
		.code = EC_LISP_SOCKET,
		.title = "LISP control socket unusable",
		.description = "The UDP 4342 socket cannot be opened, or does not take what is sent",
		.suggestion =
			"Look for another LISP process on this port, and at the daemon's privileges",
	},
	{
		.code = EC_LISP_AUTH,
		.title = "LISP authentication failed",
		.description =
			"A Map-Register or Map-Notify does not carry a valid MAC; it was dropped",
		.suggestion =
			"Compare key-name, key-id and algorithm on both sides; an unknown sender may be probing",
	},
	{
		.code = EC_LISP_KEYS,
		.title = "LISP key file unusable",
		.description =
			"The key file is missing, readable by others, or has a line that cannot be read",
		.suggestion =
			"Give it mode 0600 and the daemon's owner, and mend the line that the message names",
	},
	{
		.code = EC_LISP_ALT,
		.title = "LISP ALT not in service",
		.description = "The ALT's VRF, its TUN device or its raw sockets cannot be used",
		.suggestion =
			"Check that the VRF named by alt-vrf exists and that /dev/net/tun is there",
	},
	{
		.code = EC_LISP_DPLANE,
		.title = "LISP dataplane refused an operation",
		.description = "zebra's LISP plugin could not do what a mapping needs",
		.suggestion =
			"See 'show lisp dataplane' and zebra's log; load the plugin with zebra -M lisp_dplane",
	},
	{
		.code = EC_LISP_TABLE_FULL,
		.title = "LISP table full",
		.description = "A bounded table cannot take another entry",
		.suggestion = "Raise its limit, or look for a host that scans addresses",
	},
	{
		.code = EC_LISP_REGISTER,
		.title = "LISP registration fails",
		.description = "A Map-Server does not confirm what the ETR registers",
		.suggestion =
			"Check reachability of the Map-Server, the key, and that the site has the EID-prefix",
	},
	{
		.code = EC_LISP_CONFIG,
		.title = "LISP configuration not in effect",
		.description = "A part of the configuration cannot be put to work now",
		.suggestion = "The message names the part and the cause",
	},
	{
		.code = EC_LISP_MAP_RESOLVER,
		.title = "LISP Map-Resolver does not answer",
		.description =
			"Map-Requests sent to a Map-Resolver had no Map-Reply; if others answer, they are asked first",
		.suggestion =
			"Check reachability of the Map-Resolver, and that UDP 4342 passes firewalls both ways; with 'lig EID to ADDRESS' try it alone",
	},
	{
		.code = EC_LISP_STATE,
		.title = "LISP state not kept",
		.description = "What is to outlive a restart cannot be read or written",
		.suggestion =
			"Look at mode, owner and free space of FRR's state directory, /var/lib/frr",
	},
	{
		.code = END_FERR,
	},
};

void lisp_error_init(void)
{
	log_ref_add(ferr_lisp);
}
