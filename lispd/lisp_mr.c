// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Map-Resolver (RFC 9301 section 8.4): takes ITRs' Map-Requests out of their ECM.
 * What a local Map-Server has registered it answers; what bgpd knows in the ALT
 * goes there, as plain UDP to the EID, octets and nonce unchanged; the rest goes to
 * the Map-Server that is configured for it, or is no EID, and gets a negative
 * Map-Reply for the whole hole around it. Nothing is cached.
 */
#include <zebra.h>

#include <string.h>

#include "jhash.h"
#include "memory.h"
#include "typesafe.h"

#include "lispd/lisp_alt_rib.h"
#include "lispd/lisp_answer.h"
#include "lispd/lisp_bucket.h"
#include "lispd/lisp_forward.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_mr.h"
#include "lispd/lisp_wire.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_MR_CLIENT, "LISP Map-Resolver client");

PREDECL_HASH(clients);
PREDECL_DLIST(clients_lru);

struct client {
	struct clients_item item;
	struct clients_lru_item lru;
	struct ipaddr addr;
	struct lisp_bucket bucket;
};

static int client_cmp(const struct client *a, const struct client *b)
{
	return ipaddr_cmp(&a->addr, &b->addr);
}

static uint32_t client_hash(const struct client *client)
{
	if (IS_IPADDR_V4(&client->addr))
		return jhash_1word(client->addr.ipaddr_v4.s_addr, 0x11594342);
	return jhash(&client->addr.ipaddr_v6, sizeof(client->addr.ipaddr_v6), 0x11594342);
}

DECLARE_HASH(clients, struct client, item, client_cmp, client_hash);
DECLARE_DLIST(clients_lru, struct client, lru);

static struct clients_head clients;
static struct clients_lru_head lru; /* the latest first */

static void client_free(struct client *client)
{
	clients_del(&clients, client);
	clients_lru_del(&lru, client);
	XFREE(MTYPE_LISP_MR_CLIENT, client);
}

static struct client *client_get(const struct ipaddr *addr)
{
	struct client key = { .addr = *addr }, *client = clients_find(&clients, &key);

	if (client) {
		clients_lru_del(&lru, client);
		clients_lru_add_head(&lru, client);
		return client;
	}
	if (clients_count(&clients) >= LISP_CLIENTS_MAX)
		client_free(clients_lru_last(&lru));

	client = XCALLOC(MTYPE_LISP_MR_CLIENT, sizeof(*client));
	client->addr = *addr;
	clients_add(&clients, client);
	clients_lru_add_head(&lru, client);
	return client;
}

static bool client_may(const struct ipaddr *addr)
{
	return lisp_bucket_take(&client_get(addr)->bucket, LISP_CLIENT_RATE, LISP_CLIENT_BURST);
}

/* RFC 9301 section 8.4: from clients in an ECM only. */
bool lisp_mr_takes(const struct lisp_query *query)
{
	return query->service->map_resolver && query->rx->ecm;
}

bool lisp_mr_takes_alt(const struct lisp_query *query)
{
	return lisp_mr_takes(query) && query->owner == LISP_OWNER_ALT;
}

enum lisp_drop lisp_mr_rx_request(const struct lisp_query *query)
{
	if (!client_may(&query->rx->src))
		return LISP_DROP_RATE_LIMITED;
	if (lisp_alt_reaches(&query->eid))
		return lisp_forward_to_alt(query->rx, query->msg, &query->eid);
	/* What another Map-Resolver passed on ends here, or two would play it to each other. */
	if (!IS_IPADDR_NONE(&query->service->mr_map_server) && !query->rx->ecm_to_ms)
		return lisp_forward_to_map_server(query->rx, &query->eid,
						  &query->service->mr_map_server);
	return lisp_answer_unknown_eid(query->rx, query->msg, &query->eid);
}

static void clients_flush(void)
{
	struct client *client;

	while ((client = clients_lru_first(&lru)))
		client_free(client);
}

void lisp_mr_config_changed(void)
{
	if (!lisp_is_mr())
		clients_flush();
}

void lisp_mr_init(void)
{
	clients_init(&clients);
	clients_lru_init(&lru);
}

void lisp_mr_finish(void)
{
	clients_flush();
	clients_fini(&clients);
	clients_lru_fini(&lru);
}
