// SPDX-License-Identifier: GPL-2.0-or-later
/* The GRE tunnels of the ALT, as configured and as the dataplane reports them. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "memory.h"

#include "lispd/lispd.h"
#include "lispd/lisp_tunnel.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_TUNNEL, "LISP ALT tunnel");

static int tunnel_cmp(const struct lisp_tunnel *a, const struct lisp_tunnel *b)
{
	return strcmp(a->name, b->name);
}

DECLARE_RBTREE_UNIQ(lisp_tunnels, struct lisp_tunnel, item, tunnel_cmp);

static struct lisp_tunnels_head tunnels[1] = { INIT_RBTREE_UNIQ(tunnels[0]) };

struct lisp_tunnel *lisp_tunnel_find(const char *name)
{
	struct lisp_tunnel key = {};

	strlcpy(key.name, name, sizeof(key.name));
	return lisp_tunnels_find(tunnels, &key);
}

struct lisp_tunnel *lisp_tunnel_get(const char *name)
{
	struct lisp_tunnel *tunnel = lisp_tunnel_find(name);

	if (tunnel)
		return tunnel;

	tunnel = XCALLOC(MTYPE_LISP_TUNNEL, sizeof(*tunnel));
	strlcpy(tunnel->name, name, sizeof(tunnel->name));
	lisp_tunnels_add(tunnels, tunnel);
	return tunnel;
}

void lisp_tunnel_free(struct lisp_tunnel **tunnel)
{
	if (*tunnel)
		lisp_tunnels_del(tunnels, *tunnel);
	XFREE(MTYPE_LISP_TUNNEL, *tunnel);
}

struct lisp_tunnel *lisp_tunnel_next(struct lisp_tunnel *tunnel)
{
	return tunnel ? lisp_tunnels_next(tunnels, tunnel) : lisp_tunnels_first(tunnels);
}

void lisp_tunnels_finish(void)
{
	struct lisp_tunnel *tunnel;

	while ((tunnel = lisp_tunnels_first(tunnels)))
		lisp_tunnel_free(&tunnel);
	lisp_tunnels_fini(tunnels);
}
