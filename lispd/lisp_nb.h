// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Northbound of lispd: module frr-lispd.
 *
 * vtysh-cmds/lisp_cli*.c are linked into mgmtd and turn commands into YANG and back; all else
 * is linked into lispd. Configuration is declarative: every callback only asks
 * for one reconciliation, which reads the whole running configuration when the
 * commit is done (lisp_nb_config.c).
 */
#ifndef _LISP_NB_H
#define _LISP_NB_H

#include "northbound.h"

/* lispd */
extern const struct frr_yang_module_info frr_lispd_info;

void lisp_nb_init(void);
void lisp_nb_finish(void);

/* lisp_nb_config.c: callbacks of every configuration node, and their event. */
int lisp_nb_create(struct nb_cb_create_args *args);
int lisp_nb_modify(struct nb_cb_modify_args *args);
int lisp_nb_destroy(struct nb_cb_destroy_args *args);
/* The same, but refuses an EID-prefix that another site has. */
int lisp_nb_site_eid_create(struct nb_cb_create_args *args);

/*
 * lisp_nb_state.c, lisp_nb_state_net.c: one `get` for all leafs of a kind of object,
 * and the walk of its list; lookup_next where the list is so long that a walk may
 * pause in it.
 */
#define LISP_NB_STATE_KEYLESS(name)                                                                \
	enum nb_error lisp_nb_##name##_get(const struct nb_node *nb_node, const void *list_entry,  \
					   struct lyd_node *parent);                               \
	const void *lisp_nb_##name##_get_next(struct nb_cb_get_next_args *args)
#define LISP_NB_STATE_LIST(name)                                                                   \
	LISP_NB_STATE_KEYLESS(name);                                                               \
	int lisp_nb_##name##_get_keys(struct nb_cb_get_keys_args *args);                           \
	const void *lisp_nb_##name##_lookup(struct nb_cb_lookup_entry_args *args)
#define LISP_NB_STATE_TABLE(name)                                                                  \
	LISP_NB_STATE_LIST(name);                                                                  \
	const void *lisp_nb_##name##_lookup_next(struct nb_cb_lookup_entry_args *args)

LISP_NB_STATE_TABLE(entry);
LISP_NB_STATE_LIST(entry_locator);
LISP_NB_STATE_TABLE(local);
LISP_NB_STATE_LIST(local_locator);
LISP_NB_STATE_LIST(resolver);
LISP_NB_STATE_LIST(server);
LISP_NB_STATE_LIST(site);
LISP_NB_STATE_TABLE(prefix);
LISP_NB_STATE_KEYLESS(registration);
LISP_NB_STATE_LIST(rloc);
LISP_NB_STATE_LIST(alt_vrf);
LISP_NB_STATE_TABLE(alt_route);
LISP_NB_STATE_TABLE(alt_learned);
LISP_NB_STATE_LIST(tunnel);
LISP_NB_STATE_LIST(message);
LISP_NB_STATE_LIST(drop);
LISP_NB_STATE_LIST(event);
LISP_NB_STATE_LIST(counter);

/* Leafs that are in no list. */
enum nb_error lisp_nb_scalar_get(const struct nb_node *nb_node, const void *list_entry,
				 struct lyd_node *parent);

/* lisp_nb_rpcs.c */
int lisp_nb_lig(struct nb_cb_rpc_args *args);
int lisp_nb_clear_map_cache(struct nb_cb_rpc_args *args);
int lisp_nb_clear_statistics(struct nb_cb_rpc_args *args);
int lisp_nb_clear_site(struct nb_cb_rpc_args *args);
void lisp_nb_rpcs_finish(void);

/* lisp_nb_notifications.c */
void lisp_nb_notifications_init(void);
void lisp_nb_notifications_finish(void);
/*
 * An empty notification, or NULL; a node below it (value NULL or empty: none); off it
 * goes, and its memory.
 */
struct lyd_node *lisp_nb_notify_new(const char *xpath);
void lisp_nb_notify_leaf(struct lyd_node *tree, const char *path, const char *value);
void lisp_nb_notify_send(const char *xpath, struct lyd_node *tree);

/* mgmtd: lisp_cli_show.c, lisp_cli_router.c */
extern const struct frr_yang_module_info frr_lispd_cli_info;
void lisp_cli_init(void);

#endif /* _LISP_NB_H */
