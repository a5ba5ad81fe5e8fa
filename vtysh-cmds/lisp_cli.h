// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Configuration commands of `router lisp`: what the lisp_cli*.c files share. They are
 * linked into mgmtd. A command becomes changes of the YANG tree and nothing else: what
 * may be configured is said in frr-lispd.yang. The way back is in lisp_cli_show.c.
 */
#ifndef _LISP_CLI_H
#define _LISP_CLI_H

#include "command.h"
#include "northbound_cli.h"
#include "prefix.h"
#include "sockunion.h"

#define LISP_XPATH "/frr-lispd:lisp"

#define LISP_EID_HELP                                                                              \
	"IPv4 EID-prefix\n"                                                                        \
	"IPv6 EID-prefix\n"
#define LISP_RLOC_HELP                                                                             \
	"IPv4 RLOC\n"                                                                              \
	"IPv6 RLOC\n"
#define LISP_AF_HELP                                                                               \
	"IPv4 EIDs\n"                                                                              \
	"IPv6 EIDs\n"
#define LISP_INSTANCE_HELP                                                                         \
	"Instance: EIDs of their own\n"                                                            \
	"Instance-ID\n"
#define LISP_EID_TABLE_HELP                                                                        \
	"VRF of the EIDs\n"                                                                        \
	"The default VRF\n"                                                                        \
	"A VRF\n"                                                                                  \
	"Name of the VRF\n"
#define LISP_LOCATOR_HELP                                                                          \
	"Priority, lowest first (default 1)\n"                                                     \
	"Priority; 255 is not used\n"                                                              \
	"Share of the flows among equal priorities (default 100)\n"                                \
	"Weight\n"                                                                                 \
	"Priority for multicast (default 255)\n"                                                   \
	"Priority; 255 is not used\n"                                                              \
	"Weight for multicast (default 0)\n"                                                       \
	"Weight\n"
#define LISP_KEY_HELP                                                                              \
	"Key shared with the peer, in the configuration\n"                                         \
	"The key follows as it is\n"                                                               \
	"The key follows in type 7 form\n"                                                         \
	"Key\n"
#define LISP_KEY_NAME_HELP                                                                         \
	"Key shared with the peer, in the key file\n"                                              \
	"Name of the key in the key file\n"

/*
 * XPath of the instance whose block the command stands in; outside of any that is
 * instance 0. The family of the `service` block, NULL outside of one.
 */
void lisp_cli_instance(const struct vty *vty, char *xpath, size_t size);
const char *lisp_cli_family(const struct vty *vty);

/* False, and said so: a name that cannot stand in an XPath between single quotes. */
bool lisp_cli_name_usable(struct vty *vty, const char *name);
/* EID-prefixes are list keys: without host bits, as libyang will have them. */
const char *lisp_cli_eid_text(const struct prefix *prefix, char *buf, size_t size);
/*
 * A `no` form that gives a value takes away that value and no other. False, and said so, if the
 * leaf of an object that is there has another one, or none; "." is a leaf that is the object
 * itself. value NULL: the form gives none. Paths that begin with a dot are below the block.
 */
bool lisp_cli_is_configured(struct vty *vty, const char *object, const char *leaf,
			    const char *value);
/* The same for the secret of an object, as it was typed. */
bool lisp_cli_key_is_configured(struct vty *vty, const char *object, const char *type,
				const char *secret);
/* Sets a leaf; no: takes it away, if it has that value. */
int lisp_cli_change_leaf(struct vty *vty, bool no, const char *xpath, const char *value);
/* A locator line sets all of its values: what is not given (NULL) is the default. */
void lisp_cli_change_locator(struct vty *vty, const char *priority, const char *weight,
			     const char *mpriority, const char *mweight);
/* lisp_cli_is_configured() for all of these. */
bool lisp_cli_locator_is_configured(struct vty *vty, const char *locator, const char *priority,
				    const char *weight, const char *mpriority, const char *mweight);
/*
 * The type 7 form of a secret as it was typed, for YANG; text has room for
 * LISP_TYPE7_TEXT_MAX + 1. False, and said so, if there is none.
 */
bool lisp_cli_key_text(struct vty *vty, const char *type, const char *secret, char *text);

/*
 * Install a command where an instance's lines are; where a service's are, of both families or
 * of one.
 */
#define LISP_INSTALL_INSTANCE(cmd)                                                                 \
	do {                                                                                       \
		install_element(LISP_NODE, cmd);                                                   \
		install_element(LISP_INSTANCE_NODE, cmd);                                          \
	} while (0)
#define LISP_INSTALL_SERVICE_OF(family, cmd)                                                       \
	do {                                                                                       \
		install_element(LISP_SERVICE_##family##_NODE, cmd);                                \
		install_element(LISP_INSTANCE_##family##_NODE, cmd);                               \
	} while (0)
#define LISP_INSTALL_SERVICE(cmd)                                                                  \
	do {                                                                                       \
		LISP_INSTALL_SERVICE_OF(IPV4, cmd);                                                \
		LISP_INSTALL_SERVICE_OF(IPV6, cmd);                                                \
	} while (0)

void lisp_cli_names_init(void);
void lisp_cli_eid_init(void);
void lisp_cli_service_init(void);
void lisp_cli_site_init(void);
void lisp_cli_check_init(void);

#endif /* _LISP_CLI_H */
