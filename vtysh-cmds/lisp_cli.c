// SPDX-License-Identifier: GPL-2.0-or-later
/* What the configuration commands share: words to YANG. */
#include <zebra.h>

#include <string.h>

#include "lispd/lisp_type7.h"
#include "vtysh-cmds/lisp_cli.h"

void lisp_cli_instance(const struct vty *vty, char *xpath, size_t size)
{
	if (strstr(VTY_CURR_XPATH, "/instance["))
		strlcpy(xpath, VTY_CURR_XPATH, size);
	else
		strlcpy(xpath, LISP_XPATH "/instances/instance[instance-id='0']", size);
}

const char *lisp_cli_family(const struct vty *vty)
{
	if (vty->node == LISP_SERVICE_IPV4_NODE || vty->node == LISP_INSTANCE_IPV4_NODE)
		return "ipv4";
	if (vty->node == LISP_SERVICE_IPV6_NODE || vty->node == LISP_INSTANCE_IPV6_NODE)
		return "ipv6";
	return NULL;
}

bool lisp_cli_name_usable(struct vty *vty, const char *name)
{
	if (!strchr(name, '\'') && strlen(name) <= 63)
		return true;
	vty_out(vty, "%% A name has no quote and at most 63 characters\n");
	return false;
}

const char *lisp_cli_eid_text(const struct prefix *prefix, char *buf, size_t size)
{
	struct prefix eid = *prefix;

	apply_mask(&eid);
	prefix2str(&eid, buf, size);
	return buf;
}

void lisp_cli_change_locator(struct vty *vty, const char *priority, const char *weight,
			     const char *mpriority, const char *mweight)
{
	nb_cli_enqueue_change(vty, ".", NB_OP_CREATE, NULL);
	nb_cli_enqueue_change(vty, "./priority", NB_OP_MODIFY, priority);
	nb_cli_enqueue_change(vty, "./weight", NB_OP_MODIFY, weight);
	nb_cli_enqueue_change(vty, "./multicast-priority", NB_OP_MODIFY, mpriority);
	nb_cli_enqueue_change(vty, "./multicast-weight", NB_OP_MODIFY, mweight);
}

/* ---- the values of `no` forms ---- */

static const struct lyd_node *candidate_node(const struct vty *vty, const char *path)
{
	char xpath[XPATH_MAXLEN];

	if (path[0] != '.')
		return yang_dnode_get(vty->candidate_config->dnode, path);
	snprintf(xpath, sizeof(xpath), "%s%s", VTY_CURR_XPATH, path + 1);
	return yang_dnode_get(vty->candidate_config->dnode, xpath);
}

bool lisp_cli_is_configured(struct vty *vty, const char *object, const char *leaf, const char *value)
{
	const struct lyd_node *dnode = value ? candidate_node(vty, object) : NULL;
	const struct lyd_node *has;

	/* of what is not there, and of a default, nothing is taken away */
	if (!dnode || dnode->flags & LYD_DEFAULT)
		return true;
	has = yang_dnode_get(dnode, leaf);
	if (has && !lyd_value_compare((const struct lyd_node_term *)has, value, strlen(value)))
		return true;
	if (has)
		vty_out(vty, "%% It is %s %s that is configured, not %s\n", has->schema->name,
			yang_dnode_get_string(has, NULL), value);
	else
		vty_out(vty, "%% It has no %s, so it does not have %s\n", leaf, value);
	return false;
}

bool lisp_cli_locator_is_configured(struct vty *vty, const char *locator, const char *priority,
				    const char *weight, const char *mpriority, const char *mweight)
{
	return lisp_cli_is_configured(vty, locator, "priority", priority) &&
	       lisp_cli_is_configured(vty, locator, "weight", weight) &&
	       lisp_cli_is_configured(vty, locator, "multicast-priority", mpriority) &&
	       lisp_cli_is_configured(vty, locator, "multicast-weight", mweight);
}

bool lisp_cli_key_is_configured(struct vty *vty, const char *object, const char *type,
				const char *secret)
{
	const struct lyd_node *dnode = secret ? candidate_node(vty, object) : NULL;
	char typed[LISP_TYPE7_SECRET_MAX + 1], has[LISP_TYPE7_SECRET_MAX + 1];
	const char *text;
	bool same;

	if (!dnode)
		return true;
	text = yang_dnode_exists(dnode, "authentication-key")
		       ? yang_dnode_get_string(dnode, "authentication-key")
		       : "";
	if (type && type[0] == '7')
		lisp_type7_decode(secret, typed, sizeof(typed));
	else
		strlcpy(typed, secret, sizeof(typed));
	same = lisp_type7_decode(text, has, sizeof(has)) && strmatch(typed, has);
	explicit_bzero(typed, sizeof(typed));
	explicit_bzero(has, sizeof(has));
	if (!same)
		vty_out(vty, "%% This is not the key that is configured\n");
	return same;
}

int lisp_cli_change_leaf(struct vty *vty, bool no, const char *xpath, const char *value)
{
	if (no && !lisp_cli_is_configured(vty, xpath, ".", value))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, xpath, no ? NB_OP_DESTROY : NB_OP_MODIFY, value);
	return nb_cli_apply_changes(vty, NULL);
}

/* A keyword in the place of a key: the key, or its name, was forgotten. False, and said so. */
static bool is_no_keyword(struct vty *vty, const char *secret)
{
	static const char *const keywords[] = { "0", "7", "key-name", "hash-function",
						"proxy-reply" };

	for (unsigned int i = 0; i < array_size(keywords); i++) {
		if (!strmatch(secret, keywords[i]))
			continue;
		vty_out(vty, "%% The %s is missing; a key that is `%s` itself is typed `0 %s`\n",
			strmatch(secret, "key-name") ? "name of the key" : "key", secret, secret);
		return false;
	}
	return true;
}

bool lisp_cli_key_text(struct vty *vty, const char *type, const char *secret, char *text)
{
	size_t i;

	if (!type && !is_no_keyword(vty, secret))
		return false;
	if (type && type[0] == '7' && strlen(secret) <= LISP_TYPE7_TEXT_MAX) {
		strlcpy(text, secret, LISP_TYPE7_TEXT_MAX + 1);
		for (i = 0; text[i]; i++)
			text[i] = toupper((unsigned char)text[i]);
		return true;
	}
	if ((type && type[0] == '7') || !lisp_type7_encode(secret, text, LISP_TYPE7_TEXT_MAX + 1)) {
		vty_out(vty, "%% A key has 1 to %d characters\n", LISP_TYPE7_SECRET_MAX);
		return false;
	}
	vty_out(vty,
		"Keys in the configuration are readable in commit files; use key-name and a key file\n");
	return true;
}

/* ---- names for Tab ---- */

static int name_complete(const struct lyd_node *dnode, void *comps)
{
	vector_set(comps, XSTRDUP(MTYPE_COMPLETION, yang_dnode_get_string(dnode, NULL)));
	return YANG_ITER_CONTINUE;
}

static void locator_set_complete(vector comps, struct cmd_token *token)
{
	yang_dnode_iterate(name_complete, comps, running_config->dnode,
			   LISP_XPATH "/locator-sets/locator-set/locator-set-name");
}

static void site_complete(vector comps, struct cmd_token *token)
{
	yang_dnode_iterate(name_complete, comps, running_config->dnode,
			   LISP_XPATH "/sites/site/name");
}

void lisp_cli_names_init(void)
{
	/* by the name of the variable: `locator-set WORD$locator_set` */
	static const struct cmd_variable_handler names[] = {
		{ .varname = "locator_set", .completions = locator_set_complete },
		{ .varname = "site", .completions = site_complete },
		{},
	};

	cmd_variable_handler_register(names);
}
