// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * VRFs by name: network namespaces with `zebra -w`, else devices that others are
 * enslaved to. The empty name and "default" are zebra's own namespace, no VRF.
 */
#ifndef _LISP_DP_VRF_H
#define _LISP_DP_VRF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/vrf.h"

bool lisp_dp_vrf_is_default(const char *vrf);
bool lisp_dp_vrf_is_netns(const char *vrf);

/* Opens the VRF's namespace; -1: it has none of its own, or is not there. */
int lisp_dp_vrf_netns(const char *vrf);
/* The pthread goes into a namespace; back with leave(). -1: nothing to do. */
int lisp_dp_netns_enter(int netns);
void lisp_dp_netns_leave(int home);

/* The ifindex of the device that is the VRF, and its table (may be NULL); 0: none is; or -errno. */
int lisp_dp_vrf_device(const char *vrf, uint32_t *table);

/*
 * The same; a reason in words beside -errno. 0: it is there, or it is the default VRF, which
 * has ifindex 0 and leaves *table (may be NULL) as it is.
 */
int lisp_dp_vrf_find(const char *vrf, int *ifindex, uint32_t *table, const char **why);

/* Marks devices of this zebra in their ifalias: several may make some in one namespace. */
void lisp_dp_vrf_alias(char *text, size_t size, const char *what);

#endif /* _LISP_DP_VRF_H */
