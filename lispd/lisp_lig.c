// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lig, the LISP Internet Groper (RFC 6835): asks the mapping system, changes nothing.
 *
 * The command returns at once and suspends the vty: vtysh gets its status with the answer.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "command.h"
#include "frrevent.h"
#include "json.h"
#include "memory.h"
#include "monotime.h"
#include "vty.h"

#include "lispd/lisp_ask.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_lig.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_pending.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_LIG, "LISP lig");

/* vtysh takes CMD_WARNING for success: a script must see that there was no answer. */
#define LIG_FAILED CMD_ERR_NOTHING_TODO

PREDECL_DLIST(ligs);

struct lig {
	struct ligs_item item;
	struct vty *vty;
	struct lisp_pending *pending;
	struct event *t_stop;
	struct lisp_eid eid;
	struct ipaddr to, source, sent;
	bool json;
	bool self; /* the EID is ours */
};

DECLARE_DLIST(ligs, struct lig, item);

static struct ligs_head ligs[1] = { INIT_DLIST(ligs[0]) };

static struct lig *lig_new(struct vty *vty)
{
	struct lig *lig = XCALLOC(MTYPE_LISP_LIG, sizeof(*lig));

	lig->vty = vty;
	ligs_add_tail(ligs, lig);
	return lig;
}

static void lig_free(struct lig *lig)
{
	event_cancel(&lig->t_stop);
	ligs_del(ligs, lig);
	XFREE(MTYPE_LISP_LIG, lig);
}

/* The vty goes on; it may be gone afterwards. */
static void lig_done(struct lig *lig, int status)
{
	struct vty *vty = lig->vty;

	lig_free(lig);
	vty_resume(vty, status);
}

static void lig_end(struct lig *lig)
{
	lisp_pending_cancel(&lig->pending);
	lig_done(lig, LIG_FAILED);
}

/* vtysh is gone, or has sent a line, as it does on Ctrl-C: that is the vty's to read. */
static void lig_stop(struct event *event)
{
	lig_end(EVENT_ARG(event));
}

static void lig_sent_name(const struct lig *lig, char *buf, size_t size)
{
	if (IS_IPADDR_NONE(&lig->sent))
		strlcpy(buf, "the ALT", size);
	else
		snprintfrr(buf, size, "%pIA", &lig->sent);
}

static int lig_send(struct lisp_pending *p, uint64_t nonce)
{
	struct lig *lig = lisp_pending_arg(p);
	struct lisp_ask ask = {
		.eid = lig->eid,
		.to = &lig->to,
		.source = &lig->source,
		.attempt = lisp_pending_tries(p) - 1,
		.last = lisp_pending_to(p),
	};
	char name[INET6_ADDRSTRLEN];
	struct ipaddr addr;
	int ret;

	ret = lisp_ask(&ask, nonce, &lig->sent);
	lisp_pending_set_to(p, &lig->sent);
	if (lig->json)
		return ret;

	lisp_eid_ipaddr(&lig->eid, &addr);
	lig_sent_name(lig, name, sizeof(name));
	if (ret)
		vty_out(lig->vty,
			"%% Map-request for %pIA could not be sent: there is no way to a Map-Resolver, nor onto an ALT\n",
			&addr);
	else
		vty_out(lig->vty, "Send %smap-request to %s for %pIA ...\n",
			lig->self ? "loopback " : "", name, &addr);
	return ret;
}

static void lig_time(uint64_t seconds, char *buf, size_t size)
{
	snprintfrr(buf, size, "%02" PRIu64 ":%02u:%02u", seconds / 3600,
		   (unsigned int)(seconds / 60 % 60), (unsigned int)(seconds % 60));
}

static void lig_text_record(struct lig *lig, const struct lisp_mapping *m)
{
	const struct lisp_entry *entry = lisp_map_cache_find(&m->eid);
	time_t age = entry && entry->state == LISP_ENTRY_ACTIVE ? monotime(NULL) - entry->created
								: 0;
	char uptime[32], expires[32], prefix[LISP_EID_STRLEN];
	const struct lisp_rloc *rloc;

	lig_time(age, uptime, sizeof(uptime));
	lig_time((uint64_t)m->ttl * 60, expires, sizeof(expires));
	vty_out(lig->vty, "%s, uptime: %s, expires: %s, via map-reply, %s%s\n",
		lisp_eid_str(&m->eid, prefix, sizeof(prefix)), uptime,
		m->ttl == LISP_TTL_LOCAL ? "never" : expires,
		m->authoritative ? "auth" : "non-auth", lig->self ? ", self" : "");
	if (!m->n_locators) {
		vty_out(lig->vty, "  Negative cache entry, action: %s\n",
			lisp_action_name(m->action));
		return;
	}

	vty_out(lig->vty, "  %-39s  %-8s  %-5s  %-15s  %s\n", "Locator", "Uptime", "State",
		"Priority/Weight", "Packets In/Out");
	for (unsigned int i = 0; i < m->n_locators; i++) {
		const struct lisp_locator *loc = &m->locators[i];
		char weight[16], addr[LISP_ADDR_STRLEN];

		rloc = lisp_rloc_find(&loc->addr);
		snprintfrr(weight, sizeof(weight), "%u/%u", loc->priority, loc->weight);
		vty_out(lig->vty, "  %-39s  %-8s  %-5s  %-15s  %" PRIu64 "/%" PRIu64 "\n",
			lisp_locator_str(loc, addr, sizeof(addr)), uptime,
			loc->reach ? "up" : "down", weight, rloc ? rloc->packets_in : 0,
			rloc ? rloc->packets_out : 0);
	}
}

static struct json_object *lig_json_record(const struct lisp_mapping *m)
{
	struct json_object *json = json_object_new_object(), *list, *item;
	char prefix[LISP_EID_STRLEN], addr[LISP_ADDR_STRLEN];

	json_object_int_add(json, "instanceId", m->eid.iid);
	json_object_string_add(json, "eid", lisp_eid_prefix_str(&m->eid, prefix, sizeof(prefix)));
	json_object_int_add(json, "recordTtl", m->ttl);
	json_object_boolean_add(json, "authoritative", m->authoritative);
	if (!m->n_locators) {
		json_object_string_add(json, "action", lisp_action_name(m->action));
		return json;
	}

	list = json_object_new_array();
	json_object_object_add(json, "locators", list);
	for (unsigned int i = 0; i < m->n_locators; i++) {
		const struct lisp_locator *loc = &m->locators[i];

		item = json_object_new_object();
		json_object_string_add(item, "address", lisp_locator_str(loc, addr, sizeof(addr)));
		json_object_string_add(item, "state", loc->reach ? "up" : "down");
		json_object_int_add(item, "priority", loc->priority);
		json_object_int_add(item, "weight", loc->weight);
		json_object_int_add(item, "multicastPriority", loc->mpriority);
		json_object_int_add(item, "multicastWeight", loc->mweight);
		json_object_array_add(list, item);
	}
	return json;
}

static struct json_object *lig_json(const struct lig *lig)
{
	struct json_object *json = json_object_new_object();
	char name[INET6_ADDRSTRLEN];
	struct ipaddr addr;

	lisp_eid_ipaddr(&lig->eid, &addr);
	lig_sent_name(lig, name, sizeof(name));
	json_object_int_add(json, "instanceId", lig->eid.iid);
	json_object_string_addf(json, "eid", "%pIA", &addr);
	json_object_string_add(json, "sentTo", name);
	json_object_int_add(json, "requests", lisp_pending_tries(lig->pending));
	return json;
}

static void lig_reply(struct lisp_pending *p, const struct lisp_rx *rx, const struct lisp_msg *msg,
		      uint32_t rtt_us)
{
	struct lig *lig = lisp_pending_arg(p);
	struct lisp_cursor c = lisp_msg_records(msg);
	struct json_object *json = NULL, *list = NULL;
	struct lisp_mapping mapping;
	struct lisp_record rec;
	struct ipaddr addr;

	lig->pending = p;
	lisp_eid_ipaddr(&lig->eid, &addr);
	if (lig->json) {
		json = lig_json(lig);
		list = json_object_new_array();
		json_object_string_addf(json, "replier", "%pIA", &rx->src);
		json_object_double_add(json, "rttSeconds", rtt_us / 1e6);
		json_object_object_add(json, "mappings", list);
	} else {
		vty_out(lig->vty, "Received map-reply from %pIA with rtt %u.%06u secs\n", &rx->src,
			rtt_us / 1000000, rtt_us % 1000000);
		vty_out(lig->vty, "Map-Cache entry for EID %pIA:\n", &addr);
	}

	while (lisp_record_next(&c, &rec)) {
		memset(&mapping, 0, sizeof(mapping));
		if (lisp_mapping_from_record(&rec, &mapping, NULL) != LISP_OK)
			continue;
		if (list)
			json_object_array_add(list, lig_json_record(&mapping));
		else
			lig_text_record(lig, &mapping);
		lisp_mapping_fini(&mapping);
	}
	if (json)
		vty_json(lig->vty, json);
	lig_done(lig, CMD_SUCCESS);
}

static void lig_timeout(struct lisp_pending *p)
{
	struct lig *lig = lisp_pending_arg(p);
	struct json_object *json;

	lig->pending = p;
	if (lig->json) {
		json = lig_json(lig);
		json_object_string_add(json, "error", "no map-reply received");
		vty_json(lig->vty, json);
	} else {
		vty_out(lig->vty, "*** No map-reply received ***\n");
	}
	lig_done(lig, LIG_FAILED);
}

static const struct lisp_pending_ops lig_ops = {
	.reply = lig_reply,
	.timeout = lig_timeout,
	.send = lig_send,
};

static void lig_address(struct ipaddr *dst, const struct ipaddr *src)
{
	if (src)
		*dst = *src;
	else
		memset(dst, 0, sizeof(*dst));
}

int lisp_lig(struct vty *vty, const struct lisp_eid *eid, const struct ipaddr *to,
	     const struct ipaddr *source, unsigned int count, bool json)
{
	struct lisp_pending_timing timing = { .tries = count, .interval_ms = LISP_LIG_INTERVAL };
	struct lisp_pending *pending;
	struct lig *lig;

	if (!lisp.enabled) {
		vty_out(vty, "%% LISP is not configured\n");
		return LIG_FAILED;
	}
	/* only vtysh's connection can be suspended */
	if (vty->type != VTY_SHELL_SERV) {
		vty_out(vty, "%% lig works in vtysh only\n");
		return LIG_FAILED;
	}

	lig = lig_new(vty);
	lig->eid = *eid;
	lig->json = json;
	lig->self = lisp_database_match(eid) != NULL;
	lig_address(&lig->to, to);
	lig_address(&lig->source, source);

	pending = lisp_pending_start(eid, &lig_ops, &timing, lig);
	if (!pending) {
		lig_free(lig);
		vty_out(vty, "%% Too many Map-Requests are outstanding\n");
		return LIG_FAILED;
	}
	lig->pending = pending;
	vty_suspend(vty, "lig");
	event_add_read(lisp.master, lig_stop, lig, vty->fd, &lig->t_stop);
	return CMD_SUCCESS;
}

void lisp_lig_finish(void)
{
	struct lig *lig;

	while ((lig = ligs_first(ligs)))
		lig_end(lig);
}
