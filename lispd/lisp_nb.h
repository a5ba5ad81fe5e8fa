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
/* lisp_nb_nodes.c: frr-lispd with all its nodes, before frr_init() and until the end. */
const struct frr_yang_module_info *lisp_nb_module_new(void);
void lisp_nb_module_free(void);

void lisp_nb_init(void);
void lisp_nb_finish(void);

/* lisp_nb_config.c: callbacks of every configuration node, and their event. */
int lisp_nb_create(struct nb_cb_create_args *args);
int lisp_nb_modify(struct nb_cb_modify_args *args);
int lisp_nb_destroy(struct nb_cb_destroy_args *args);

/* lisp_nb_state.c: tells every list and leaf of state, with its callbacks. */
#define LISP_NB_STATE_PATH "/frr-lispd:lisp/state/"
void lisp_nb_state_nodes(void (*add)(const char *xpath, const struct nb_callbacks *cbs));
/* Those leaves and lists of an object that the model has below parent; lists without keys. */
struct lisp_kind;
void lisp_nb_put(struct lyd_node *parent, const struct lisp_kind *kind, const void *object);

/* lisp_nb_rpcs.c */
int lisp_nb_lig(struct nb_cb_rpc_args *args);
int lisp_nb_clear_map_cache(struct nb_cb_rpc_args *args);
int lisp_nb_clear_statistics(struct nb_cb_rpc_args *args);
int lisp_nb_clear_site(struct nb_cb_rpc_args *args);

/* lisp_nb_notifications.c */
void lisp_nb_notifications_init(void);
void lisp_nb_notifications_finish(void);
/* The notification of that name, of what it has of an object. */
void lisp_nb_notify(const char *xpath, const struct lisp_kind *kind, const void *object);

/* mgmtd: lisp_cli_show.c, lisp_cli_router.c */
extern const struct frr_yang_module_info frr_lispd_cli_info;
void lisp_cli_init(void);

#endif /* _LISP_NB_H */
