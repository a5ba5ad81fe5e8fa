// SPDX-License-Identifier: GPL-2.0-or-later
/* A lispd that has just started asks what the plugin still holds. */
#ifndef _LISP_DP_RECALL_H
#define _LISP_DP_RECALL_H

#include <stdbool.h>

/*
 * Answers Recall: locators, sets, mappings, in messages of bounded size. False: that is all;
 * else the next portion is wanted when this one is read. Callers hold the privileges.
 */
bool lisp_dp_recall(void);
bool lisp_dp_recall_portion(void);
/* Nobody reads any more. */
void lisp_dp_recall_end(void);

#endif /* _LISP_DP_RECALL_H */
