// SPDX-License-Identifier: GPL-2.0-or-later
/* A lispd that has just started asks what the plugin still holds. */
#ifndef _LISP_DP_RECALL_H
#define _LISP_DP_RECALL_H

/* Answers Recall: locators, sets, mappings, in messages of bounded size. */
void lisp_dp_recall(void);

#endif /* _LISP_DP_RECALL_H */
