// SPDX-License-Identifier: GPL-2.0-or-later
/* Sites of the Map-Server. */
#include <zebra.h>

#include "libfrr.h"

#include "lispd/lisp_eid.h"
#include "lispd/lisp_type7.h"
#include "vtysh-cmds/lisp_cli.h"

#include "vtysh-cmds/lisp_cli_site_clippy.c"

/* ---- sites ---- */

DEFPY_YANG_NOSH (lisp_site,
	lisp_site_cmd,
	"site WORD$site",
	"LISP site that may register with this Map-Server\n"
	"Name\n")
{
	char xpath[XPATH_MAXLEN];
	int ret;

	if (!lisp_cli_name_usable(vty, site))
		return CMD_WARNING_CONFIG_FAILED;
	snprintf(xpath, sizeof(xpath), LISP_XPATH "/sites/site[name='%s']", site);
	nb_cli_enqueue_change(vty, xpath, NB_OP_CREATE, NULL);
	ret = nb_cli_apply_changes(vty, NULL);
	if (ret == CMD_SUCCESS)
		VTY_PUSH_XPATH(LISP_SITE_NODE, xpath);
	return ret;
}

DEFPY_YANG (no_lisp_site,
	no_lisp_site_cmd,
	"no site WORD$site",
	NO_STR
	"LISP site that may register with this Map-Server\n"
	"Name\n")
{
	char xpath[XPATH_MAXLEN];

	if (!lisp_cli_name_usable(vty, site))
		return CMD_WARNING_CONFIG_FAILED;
	snprintf(xpath, sizeof(xpath), LISP_XPATH "/sites/site[name='%s']", site);
	nb_cli_enqueue_change(vty, xpath, NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG (lisp_site_description,
	lisp_site_description_cmd,
	"[no] description LINE...",
	NO_STR
	"Text to remember the site by\n"
	"Up to 200 characters\n")
{
	char *text = argv_concat(argv, argc, no ? 2 : 1);
	int ret;

	ret = lisp_cli_change_leaf(vty, no, "./description", text);
	XFREE(MTYPE_TMP, text);
	return ret;
}

DEFPY_YANG (no_lisp_site_description,
	no_lisp_site_description_cmd,
	"no description",
	NO_STR
	"Text to remember the site by\n")
{
	nb_cli_enqueue_change(vty, "./description", NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG (lisp_site_key,
	lisp_site_key_cmd,
	"authentication-key <key-name WORD$name|[<0|7>$type] SECRET$secret>",
	"Key shared with the site's ETRs\n"
	LISP_KEY_NAME_HELP
	"The key follows as it is\n"
	"The key follows in type 7 form\n"
	"Key\n")
{
	char text[LISP_TYPE7_TEXT_MAX + 1];

	if (name) {
		nb_cli_enqueue_change(vty, "./authentication-key", NB_OP_DESTROY, NULL);
		nb_cli_enqueue_change(vty, "./algorithm", NB_OP_DESTROY, NULL);
		nb_cli_enqueue_change(vty, "./key-name", NB_OP_MODIFY, name);
		return nb_cli_apply_changes(vty, NULL);
	}
	if (!lisp_cli_key_text(vty, type, secret, text))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, "./key-name", NB_OP_DESTROY, NULL);
	nb_cli_enqueue_change(vty, "./authentication-key", NB_OP_MODIFY, text);
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG (no_lisp_site_key,
	no_lisp_site_key_cmd,
	"no authentication-key [<key-name WORD$name|[<0|7>$type] SECRET$secret>]",
	NO_STR
	"Key shared with the site's ETRs\n"
	LISP_KEY_NAME_HELP
	"The key follows as it is\n"
	"The key follows in type 7 form\n"
	"Key\n")
{
	if (!lisp_cli_is_configured(vty, ".", "key-name", name) ||
	    !lisp_cli_key_is_configured(vty, ".", type, secret))
		return CMD_WARNING_CONFIG_FAILED;
	nb_cli_enqueue_change(vty, "./key-name", NB_OP_DESTROY, NULL);
	nb_cli_enqueue_change(vty, "./authentication-key", NB_OP_DESTROY, NULL);
	nb_cli_enqueue_change(vty, "./algorithm", NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG (lisp_site_map_notify,
	lisp_site_map_notify_cmd,
	"[no] map-notify xtr-id",
	NO_STR
	"Acknowledgements of the site's Map-Registers\n"
	"Give back the xTR-ID, for ETRs behind a NAT that ask for it\n")
{
	nb_cli_enqueue_change(vty, "./notify-xtr-id", NB_OP_MODIFY, no ? "false" : "true");
	return nb_cli_apply_changes(vty, NULL);
}

DEFPY_YANG (lisp_site_eid_prefix,
	lisp_site_eid_prefix_cmd,
	"[no] <eid-prefix|eid-record> [instance-id (0-16777215)$iid] <A.B.C.D/M|X:X::X:X/M|WORD>$prefix [accept-more-specifics]$more",
	NO_STR
	"EID-prefix that the site may register\n"
	"The same, IOS-XE's word\n"
	"Instance-ID of the prefix (default 0)\n"
	"Instance-ID\n"
	LISP_EID_HELP
	"MAC/LENGTH, (SOURCE,GROUP) or name:NAME\n"
	"Take registrations of prefixes inside it, too\n")
{
	char text[LISP_EID_STRLEN], xpath[XPATH_MAXLEN];
	struct lisp_eid eid;

	if (!lisp_eid_parse(prefix, &eid) || eid.iid) {
		vty_out(vty, "%% Invalid EID: %s\n", prefix);
		return CMD_WARNING_CONFIG_FAILED;
	}

	snprintf(xpath, sizeof(xpath), "./eid-prefix[instance-id='%s'][prefix='%s']",
		 iid_str ? iid_str : "0", lisp_eid_prefix_str(&eid, text, sizeof(text)));
	if (no &&
	    !lisp_cli_is_configured(vty, xpath, "more-specifics-accepted", more ? "true" : NULL))
		return CMD_WARNING_CONFIG_FAILED;
	if (no)
		nb_cli_enqueue_change(vty, ".", NB_OP_DESTROY, NULL);
	else {
		nb_cli_enqueue_change(vty, ".", NB_OP_CREATE, NULL);
		nb_cli_enqueue_change(vty, "./more-specifics-accepted", NB_OP_MODIFY,
				      more ? "true" : "false");
	}
	return nb_cli_apply_changes(vty, "%s", xpath);
}

void lisp_cli_site_init(void)
{
	install_element(LISP_NODE, &lisp_site_cmd);
	install_element(LISP_NODE, &no_lisp_site_cmd);
	install_element(LISP_SITE_NODE, &lisp_site_description_cmd);
	install_element(LISP_SITE_NODE, &no_lisp_site_description_cmd);
	install_element(LISP_SITE_NODE, &lisp_site_key_cmd);
	install_element(LISP_SITE_NODE, &no_lisp_site_key_cmd);
	install_element(LISP_SITE_NODE, &lisp_site_map_notify_cmd);
	install_element(LISP_SITE_NODE, &lisp_site_eid_prefix_cmd);
}
