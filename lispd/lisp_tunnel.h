// SPDX-License-Identifier: GPL-2.0-or-later
/* The GRE tunnels of the ALT, as configured and as the dataplane reports them. */
#ifndef _LISP_TUNNEL_H
#define _LISP_TUNNEL_H

#include "if.h"
#include "ipaddr.h"
#include "typesafe.h"

PREDECL_RBTREE_UNIQ(lisp_tunnels);

/* `alt tunnel NAME source A destination B [key K]`. */
struct lisp_tunnel {
	struct lisp_tunnels_item item;
	uint32_t iid; /* instance whose ALT it is in */
	char name[IFNAMSIZ];
	struct ipaddr source, destination;
	bool has_key;
	uint32_t key;
	bool stale; /* the northbound's sweep */
	/* reported by the dataplane */
	ifindex_t ifindex;
	uint32_t mtu;
	bool kernel;
	char error[80];
	uint64_t packets_in, bytes_in, packets_out, bytes_out, drops;
};

struct lisp_tunnel *lisp_tunnel_get(const char *name);
struct lisp_tunnel *lisp_tunnel_find(const char *name);
void lisp_tunnel_free(struct lisp_tunnel **tunnel);
struct lisp_tunnel *lisp_tunnel_next(struct lisp_tunnel *tunnel);
void lisp_tunnels_finish(void);

#endif /* _LISP_TUNNEL_H */
