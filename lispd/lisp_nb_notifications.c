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
#include "lispd/lisp_stats.h"
#include "lispd/lispd.h"

void lisp_nb_notify_leaf(struct lyd_node *tree, const char *path, const char *value)
{
	if (value && value[0])
		lyd_new_path(tree, NULL, path, value, 0, NULL);
}

struct lyd_node *lisp_nb_notify_new(const char *xpath)
{
	struct lyd_node *tree = NULL;

	if (lyd_new_path(NULL, ly_native_ctx, xpath, NULL, 0, &tree))
		flog_warn(EC_LISP_CONFIG, "cannot build notification %s", xpath);
	return tree;
}

void lisp_nb_notify_send(const char *xpath, struct lyd_node *tree)
{
	nb_notification_tree_send(xpath, tree);
	lyd_free_all(tree);
}

static int registration_changed(struct lisp_site_prefix *prefix, bool registered)
{
	const char *xpath = "/frr-lispd:registration-change";
	struct lyd_node *tree = lisp_nb_notify_new(xpath);
	char text[LISP_EID_STRLEN];

	if (!tree)
		return 0;
	snprintf(text, sizeof(text), "%u", prefix->eid.iid);
	lisp_nb_notify_leaf(tree, "instance-id", text);
	lisp_nb_notify_leaf(tree, "eid", lisp_eid_prefix_str(&prefix->eid, text, sizeof(text)));
	lisp_nb_notify_leaf(tree, "site", prefix->site->name);
	lisp_nb_notify_leaf(tree, "registered", registered ? "true" : "false");
	lisp_nb_notify_send(xpath, tree);
	return 0;
}

static int rloc_changed(struct lisp_rloc *rloc)
{
	const char *xpath = "/frr-lispd:locator-state-change";
	struct lyd_node *tree = lisp_nb_notify_new(xpath);
	char text[PREFIX_STRLEN];

	if (!tree)
		return 0;
	snprintfrr(text, sizeof(text), "%pIA", &rloc->addr);
	lisp_nb_notify_leaf(tree, "address", text);
	lisp_nb_notify_leaf(tree, "state", lisp_rloc_state_name(rloc->state));
	lisp_nb_notify_leaf(tree, "local", rloc->local ? "true" : "false");
	lisp_nb_notify_send(xpath, tree);
	return 0;
}

static int auth_refused(const struct lisp_site *site, const struct ipaddr *source,
			enum lisp_drop reason)
{
	static unsigned int suppressed;
	static time_t last;
	const char *xpath = "/frr-lispd:authentication-failure";
	struct lyd_node *tree;
	char text[PREFIX_STRLEN];

	if (!lisp_once_in(LISP_AUTH_FAILURE_INTERVAL, &last)) {
		suppressed++;
		return 0;
	}

	tree = lisp_nb_notify_new(xpath);
	if (!tree)
		return 0;
	lisp_nb_notify_leaf(tree, "site", site->name);
	snprintfrr(text, sizeof(text), "%pIA", source);
	lisp_nb_notify_leaf(tree, "source", text);
	lisp_nb_notify_leaf(tree, "reason", lisp_drop_name(reason));
	snprintf(text, sizeof(text), "%u", suppressed);
	lisp_nb_notify_leaf(tree, "suppressed", text);
	lisp_nb_notify_send(xpath, tree);
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
