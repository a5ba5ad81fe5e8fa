// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel would do with a packet: the route that it finds by all its rules and
 * tables. Callers hold the privileges.
 */
#ifndef _LISP_DP_LOOKUP_H
#define _LISP_DP_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/prefix.h"

struct lisp_dp_lookup {
	uint8_t family;
	const uint8_t *source; /* NULL: any */
	const uint8_t *destination;
	int iif;	  /* ifindex by which it comes in; 0: it is this system's own */
	int oif;	  /* ifindex of a VRF's device; 0: default */
	uint8_t protocol; /* TCP or UDP, with these ports; 0: not said */
	uint16_t source_port, destination_port;
};

struct lisp_dp_way {
	uint8_t type; /* RTN_*; RTN_UNSPEC: no route at all */
	uint32_t table;
	struct prefix route;   /* that matched */
	bool whole;	       /* table and route are known */
	int ifindex;	       /* by which it leaves; 0: none */
	struct prefix gateway; /* family 0: none, it is on the link */
	uint32_t mtu;	       /* that the route has; 0: none */
	unsigned int paths;    /* nexthops of the route */
};

/*
 * One request: type, table, interface and gateway. 0 or -errno, which is the answer where the
 * packet goes nowhere.
 */
int lisp_dp_lookup_ask(const struct lisp_dp_lookup *asked, struct lisp_dp_way *way);
/* One request: nexthops of the route by which it leaves; 0: it does not leave. */
unsigned int lisp_dp_lookup_paths(const struct lisp_dp_lookup *asked);

/*
 * All of it, for people who look, not for packets. 0 or -errno; a packet that goes nowhere is an
 * answer, too.
 */
int lisp_dp_lookup(const struct lisp_dp_lookup *asked, struct lisp_dp_way *way);

/* "main", "local", "100" */
const char *lisp_dp_table_name(uint32_t table, char *text, size_t size);

#endif /* _LISP_DP_LOOKUP_H */
