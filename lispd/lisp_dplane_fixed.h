// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The underlay, instances, local EID-prefixes, own RLOCs, tunnels: few, and compared as a whole with
 * what configuration, database and RLOCs want. Private to lisp_dplane*.c.
 */
#ifndef _LISP_DPLANE_FIXED_H
#define _LISP_DPLANE_FIXED_H

#include "if.h"
#include "typesafe.h"

#include "lispd/lispd.h"
#include "lispd/lisp_addr.h"
#include "lispd/lisp_dplane_queue.h"

PREDECL_RBTREE_UNIQ(dp_fixeds);

/* A packet, of which the dataplane is asked what becomes. */
struct lisp_dplane_packet {
	uint32_t iid;
	struct ipaddr source, destination; /* of one family */
	uint8_t protocol;		   /* TCP, UDP or SCTP, with these ports; 0: no ports */
	uint16_t source_port, destination_port;
};

/* The lisp device of an instance. */
struct lisp_dplane_instance {
	char ifname[IFNAMSIZ]; /* empty: none */
	uint32_t mtu;
	bool bpf;	   /* the fast path is on */
	char error[120];   /* why it is not in service; empty: it is */
	char trouble[300]; /* what is missing though it is in service; empty: nothing */
	char slow[400];	   /* what may not take the fast path, and why; empty: all may */
};

struct dp_fixed {
	struct dp_obj obj;
	struct dp_fixeds_item item;
	bool stale;
	union dp_value {
		struct {
			uint32_t iid;	      /* key */
			char vrf[VRF_NAMSIZ]; /* of its EIDs; empty: default */
			bool itr[LISP_FAMILY_MAX], etr[LISP_FAMILY_MAX];
			uint32_t queue_per_eid, queue_total, queue_hold_ms;
		} instance;
		struct lisp_eid local_eid;
		struct {
			struct ipaddr addr; /* key */
			ifindex_t ifindex;
			uint32_t mtu;
		} local_rloc;
		struct {
			char name[IFNAMSIZ]; /* key */
			char vrf[VRF_NAMSIZ];
			struct ipaddr source, destination;
			bool has_key;
			uint32_t key;
		} tunnel;
		char alt[VRF_NAMSIZ];	   /* key: the VRF */
		char underlay[VRF_NAMSIZ]; /* the VRF of RLOCs; one, without a key */
	} v;
	struct lisp_dplane_instance device; /* of an instance, as the plugin told it */
};

/* Makes them those that are wanted now. */
void dp_fixed_reconcile(void);

/* NULL: the dataplane is to have no such instance. */
struct dp_fixed *dp_fixed_instance(uint32_t iid);

/* The plugin is to tell of this VRF's ALT once more. */
void dp_fixed_alt_again(const char *vrf);

void dp_fixed_replay(void);
void dp_fixed_offline(void);

void dp_fixed_init(void);
void dp_fixed_finish(void);

#endif /* _LISP_DPLANE_FIXED_H */
