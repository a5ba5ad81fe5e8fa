// SPDX-License-Identifier: GPL-2.0-or-later
/* What the configuration commands share: words to YANG. */
#include <zebra.h>

#include <string.h>

#include "lispd/lisp_type7.h"
#include "vtysh-cmds/lisp_cli.h"

void lisp_cli_instance(const struct vty *vty, char *xpath, size_t size)
{
	char *service;

	if (vty->node == LISP_NODE) {
		strlcpy(xpath, LISP_XPATH "/instances/instance[instance-id='0']", size);
		return;
	}
	strlcpy(xpath, VTY_CURR_XPATH, size);
	service = strstr(xpath, "/service[");
	if (service)
		*service = '\0';
}

const char *lisp_cli_family(const struct vty *vty)
{
	if (vty->node != LISP_SERVICE_NODE && vty->node != LISP_INSTANCE_SERVICE_NODE)
		return NULL;
	return strstr(VTY_CURR_XPATH, "/service[address-family='ipv6']") ? "ipv6" : "ipv4";
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

bool lisp_cli_key_text(struct vty *vty, const char *type, const char *secret, char *text)
{
	size_t i;

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
		"%% Keys in the configuration are readable in commit files; use key-name and a key file\n");
	return true;
}
