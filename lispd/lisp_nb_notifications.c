// SPDX-License-Identifier: GPL-2.0-or-later
/* Notifications of frr-lispd.yang: what an operator wants to hear without asking. */
#include <zebra.h>

#include <string.h>

#include "hook.h"
#include "log.h"
#include "monotime.h"
#include "northbound.h"

#include "lispd/lisp_bucket.h"
#include "lispd/lisp_errors.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_ms.h"
#include "lispd/lisp_nb.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_state.h"
#include "lispd/lisp_stats.h"
#include "lispd/lispd.h"

void lisp_nb_notify(const char *xpath, const struct lisp_kind *kind, const void *object)
{
	struct lyd_node *tree;

	if (lyd_new_path(NULL, ly_native_ctx, xpath, NULL, 0, &tree)) {
		flog_warn(EC_LISP_CONFIG, "cannot build notification %s", xpath);
		return;
	}
	lisp_nb_put(tree, kind, object);
	nb_notification_tree_send(xpath, tree);
	lyd_free_all(tree);
}

static int registration_changed(struct lisp_site_prefix *prefix, bool registered)
{
	lisp_nb_notify("/frr-lispd:registration-change", &lisp_kind_prefix, prefix);
	return 0;
}

static int rloc_changed(struct lisp_rloc *rloc)
{
	lisp_nb_notify("/frr-lispd:locator-state-change", &lisp_kind_rloc, rloc);
	return 0;
}

struct refusal {
	const char *site;
	struct ipaddr source;
	const char *reason;
	unsigned int suppressed;
};

static const struct lisp_leaf refusal_leaves[] = {
	LISP_LEAF("site", string, struct refusal, site),
	LISP_LEAF("source", address, struct refusal, source),
	LISP_LEAF("reason", string, struct refusal, reason),
	LISP_LEAF("suppressed", number, struct refusal, suppressed),
};

static const struct lisp_kind kind_refusal = { LISP_KIND_LEAVES(refusal_leaves) };

static int auth_refused(const struct lisp_site *site, const struct ipaddr *source,
			enum lisp_drop reason)
{
	static unsigned int suppressed;
	static time_t last;
	const struct refusal refusal = { site->name, *source, lisp_drop_name(reason), suppressed };

	if (!lisp_once_in(LISP_AUTH_FAILURE_INTERVAL, &last)) {
		suppressed++;
		return 0;
	}

	lisp_nb_notify("/frr-lispd:authentication-failure", &kind_refusal, &refusal);
	suppressed = 0;
	return 0;
}

void lisp_nb_notifications_init(void)
{
	hook_register(lisp_site_prefix_changed, registration_changed);
	hook_register(lisp_rloc_changed, rloc_changed);
	hook_register(lisp_auth_refused, auth_refused);
}

void lisp_nb_notifications_finish(void)
{
	hook_unregister(lisp_site_prefix_changed, registration_changed);
	hook_unregister(lisp_rloc_changed, rloc_changed);
	hook_unregister(lisp_auth_refused, auth_refused);
}
