// SPDX-License-Identifier: GPL-2.0-or-later
/* The singleton, its words, and the one place where configuration takes effect. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "lispd/lisp_alt.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_dplane.h"
#include "lispd/lisp_etr.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_itr.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_mr.h"
#include "lispd/lisp_registry.h"
#include "lispd/lispd.h"

struct lisp lisp;

int lisp_family_af(enum lisp_family family)
{
	return family == LISP_IPV4 ? AF_INET : AF_INET6;
}

enum lisp_family lisp_af_family(int af)
{
	return af == AF_INET ? LISP_IPV4 : LISP_IPV6;
}

const char *lisp_family_name(enum lisp_family family)
{
	return family == LISP_IPV4 ? "ipv4" : "ipv6";
}

bool lisp_is_itr(void)
{
	return lisp.service[LISP_IPV4].itr || lisp.service[LISP_IPV6].itr;
}

bool lisp_is_etr(void)
{
	return lisp.service[LISP_IPV4].etr || lisp.service[LISP_IPV6].etr;
}

bool lisp_is_ms(void)
{
	return lisp.service[LISP_IPV4].map_server || lisp.service[LISP_IPV6].map_server;
}

bool lisp_is_mr(void)
{
	return lisp.service[LISP_IPV4].map_resolver || lisp.service[LISP_IPV6].map_resolver;
}

/*
 * Sockets first, tables before the roles that read them, the dataplane last: it
 * mirrors what the others hold.
 */
void lisp_config_apply(void)
{
	lisp_io_config_changed();
	lisp_database_config_changed();
	lisp_registry_config_changed();
	lisp_map_cache_config_changed();
	lisp_alt_config_changed();
	lisp_mr_config_changed();
	lisp_itr_config_changed();
	lisp_etr_config_changed();
	lisp_dplane_config_changed();
}
