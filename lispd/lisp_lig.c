// SPDX-License-Identifier: GPL-2.0-or-later
/* lig, the LISP Internet Groper (RFC 6835): the query, and the leaves of what came of it. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "memory.h"

#include "lispd/lisp_ask.h"
#include "lispd/lisp_lig.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_pending.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_LIG, "LISP lig");
DEFINE_MTYPE_STATIC(LISPD, LISP_LIG_MAPPINGS, "LISP lig mappings");

DECLARE_DLIST(lisp_ligs, struct lisp_lig, item);

static struct lisp_ligs_head ligs[1] = { INIT_DLIST(ligs[0]) };

/* ---- leaves ---- */

static LISP_LEAF_READER(lig_query_id)
{
	const struct lisp_lig *lig = object;

	if (lig->query_id)
		lisp_value_number(value, lig->query_id);
}

static LISP_LEAF_READER(lig_eid)
{
	const struct lisp_lig *lig = object;
	struct ipaddr addr;

	lisp_eid_ipaddr(&lig->eid, &addr);
	lisp_value_address(value, &addr);
}

static LISP_LEAF_READER(lig_answered)
{
	lisp_value_bool(value, lisp_lig_answered(object));
}

static LISP_LEAF_READER(lig_sent_to)
{
	char text[LISP_LIG_SENT_STRLEN];

	lisp_value_text(value, lisp_lig_sent_str(object, text, sizeof(text)));
}

static LISP_LEAF_READER(lig_rtt)
{
	const struct lisp_lig *lig = object;

	if (lisp_lig_answered(lig))
		lisp_value_number(value, lig->rtt_us);
}

static LISP_LEAF_READER(lig_error)
{
	if (!lisp_lig_answered(object))
		lisp_value_text(value, "no map-reply received");
}

static const struct lisp_leaf lig_leaves[] = {
	LISP_LEAF_READ("query-id", lig_query_id),
	LISP_LEAF("instance-id", iid, struct lisp_lig, eid),
	LISP_LEAF_READ("eid", lig_eid),
	LISP_LEAF_READ("answered", lig_answered),
	LISP_LEAF_READ("sent-to", lig_sent_to),
	LISP_LEAF("map-requests-sent", number, struct lisp_lig, requests),
	LISP_LEAF("replier", address, struct lisp_lig, replier),
	LISP_LEAF_READ("rtt", lig_rtt),
	LISP_LEAF_READ("error", lig_error),
};

static const struct lisp_kind *const lig_children[] = { &lisp_kind_lig_mapping, NULL };

const struct lisp_kind lisp_kind_lig = {
	LISP_KIND_LEAVES(lig_leaves),
	.children = lig_children,
};

static LISP_LEAF_READER(lig_mapping_action)
{
	const struct lisp_mapping *mapping = object;

	if (!mapping->n_locators)
		lisp_value_text(value, lisp_action_name(mapping->action));
}

static const struct lisp_leaf lig_mapping_leaves[] = {
	LISP_LEAF_EID(struct lisp_mapping, eid),
	LISP_LEAF("record-ttl", number, struct lisp_mapping, ttl),
	LISP_LEAF("authoritative", bool, struct lisp_mapping, authoritative),
	LISP_LEAF_READ("action", lig_mapping_action),
};

static const void *lig_mapping_next(const void *parent, const void *object)
{
	const struct lisp_mapping *mapping = object;
	const struct lisp_lig *lig = parent;
	unsigned int i = mapping ? mapping - lig->mappings + 1 : 0;

	return i < lig->n_mappings ? &lig->mappings[i] : NULL;
}

static const struct lisp_kind *const lig_mapping_children[] = { &lisp_kind_lig_locator, NULL };

const struct lisp_kind lisp_kind_lig_mapping = {
	.path = "lig-reply/mapping",
	.json = "mappings",
	LISP_KIND_LEAVES(lig_mapping_leaves),
	.children = lig_mapping_children,
	.next = lig_mapping_next,
};

static const struct lisp_leaf lig_locator_leaves[] = {
	LISP_LEAVES_LOCATOR,
	LISP_LEAF_READ("state", locator_reach),
	LISP_LEAVES_TRAFFIC,
};

static const void *lig_locator_next(const void *parent, const void *object)
{
	return lisp_mapping_locator_next(parent, object);
}

const struct lisp_kind lisp_kind_lig_locator = {
	.path = "lig-reply/mapping/locator",
	.json = "locators",
	LISP_KIND_LEAVES(lig_locator_leaves),
	.next = lig_locator_next,
};

/* ---- the query ---- */

const char *lisp_lig_sent_str(const struct lisp_lig *lig, char *buf, size_t size)
{
	if (IS_IPADDR_NONE(&lig->sent))
		strlcpy(buf, "the ALT", size);
	else
		ipaddr2str(&lig->sent, buf, size);
	return buf;
}

static void lig_free(struct lisp_lig *lig)
{
	for (unsigned int i = 0; i < lig->n_mappings; i++)
		lisp_mapping_fini(&lig->mappings[i]);
	XFREE(MTYPE_LISP_LIG_MAPPINGS, lig->mappings);
	lisp_ligs_del(ligs, lig);
	XFREE(MTYPE_LISP_LIG, lig);
}

static int lig_send(struct lisp_pending *p, uint64_t nonce)
{
	struct lisp_lig *lig = lisp_pending_arg(p);
	struct lisp_ask ask = {
		.eid = lig->eid,
		.to = &lig->to,
		.source = &lig->source,
		.attempt = lisp_pending_tries(p) - 1,
		.last = lisp_pending_to(p),
	};
	int ret = lisp_ask(&ask, nonce, &lig->sent);

	lisp_pending_set_to(p, &lig->sent);
	lig->requests = lisp_pending_tries(p);
	if (lig->ops->sent)
		lig->ops->sent(lig, ret == 0);
	return ret;
}

static void lig_reply(struct lisp_pending *p, const struct lisp_rx *rx, const struct lisp_msg *msg,
		      uint32_t rtt_us)
{
	struct lisp_lig *lig = lisp_pending_arg(p);
	struct lisp_cursor c = lisp_msg_records(msg);
	struct lisp_record rec;

	lig->replier = rx->src;
	lig->rtt_us = rtt_us;
	while (lisp_record_next(&c, &rec)) {
		struct lisp_mapping mapping = {};

		if (lisp_mapping_from_record(&rec, &mapping, NULL) != LISP_OK)
			continue;
		lig->mappings = XREALLOC(MTYPE_LISP_LIG_MAPPINGS, lig->mappings,
					 (lig->n_mappings + 1) * sizeof(mapping));
		lig->mappings[lig->n_mappings++] = mapping;
	}
	lig->ops->done(lig);
	lig_free(lig);
}

static void lig_timeout(struct lisp_pending *p)
{
	struct lisp_lig *lig = lisp_pending_arg(p);

	lig->ops->done(lig);
	lig_free(lig);
}

static const struct lisp_pending_ops lig_ops = {
	.reply = lig_reply,
	.timeout = lig_timeout,
	.send = lig_send,
};

struct lisp_lig *lisp_lig_start(const struct lisp_lig *what, unsigned int count)
{
	struct lisp_pending_timing timing = { .tries = count, .interval_ms = LISP_LIG_INTERVAL };
	struct lisp_lig *lig;

	if (lisp_ligs_count(ligs) >= LISP_LIG_MAX)
		return NULL;
	lig = XCALLOC(MTYPE_LISP_LIG, sizeof(*lig));
	*lig = *what;
	memset(&lig->item, 0, sizeof(lig->item));
	lisp_ligs_add_tail(ligs, lig);
	lig->pending = lisp_pending_start(&lig->eid, &lig_ops, &timing, lig);
	if (!lig->pending) {
		lig_free(lig);
		return NULL;
	}
	return lig;
}

void lisp_lig_cancel(struct lisp_lig **lig)
{
	if (!*lig)
		return;
	lisp_pending_cancel(&(*lig)->pending);
	lig_free(*lig);
	*lig = NULL;
}

void lisp_lig_finish(void)
{
	struct lisp_lig *lig;

	while ((lig = lisp_ligs_first(ligs)))
		lisp_lig_cancel(&lig);
}
