// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Instances: what lispd said of each, its local EID-prefixes, and room for its mappings
 * (lisp_dp_mapping.h) and its device (lisp_dp_device.h). State, and its maps.
 */
#ifndef _LISP_DP_INSTANCE_H
#define _LISP_DP_INSTANCE_H

#include <net/if.h>

#include "lib/prefix.h"
#include "lib/table.h"
#include "lib/typesafe.h"
#include "lib/vrf.h"

#include "dplane/lisp_dp_bpf.h"
#include "dplane/lisp_dp_op.h"

PREDECL_HASH(lisp_dp_instances);

#define LISP_DP_SETTINGS 4 /* of the lisp device */

/* Tables of an instance-id; the instance proper once lispd has named it. */
struct lisp_dp_instance {
	struct lisp_dp_instances_item item;
	uint32_t iid;
	uint64_t epoch;
	bool wanted;		  /* lispd named it, and has not removed it */
	bool active;		  /* its device is there */
	bool fresh;		  /* the device is new: routes to it are still to be made */
	char vrf[VRF_NAMSIZ + 1]; /* of its EIDs; empty: default */
	int vrf_ifindex;	  /* of the VRF's device; 0: default */
	uint32_t table;		  /* the VRF's, or LISP_DP_TABLE; 0: not active */
	uint32_t flags;		  /* LISP_INSTANCE_* */
	uint32_t queue_per_eid, queue_total, queue_hold_ms;

	/* the lisp device: lisp_dp_device.c */
	char ifname[IFNAMSIZ];
	int ifindex; /* 0: none */
	int fd;	     /* TUN; -1: none */
	uint32_t mtu;
	bool bpf;	   /* the program is attached */
	int program_error; /* errno, why it is not */
	int underlay;	   /* ifindex that the program looks RLOCs up by: of lisp_dp_underlay.h */
	int setting_error[LISP_DP_SETTINGS]; /* errno, why the kernel does not take a setting */
	char error[120];
	struct event *t_read; /* lisp_dp_slow.c */
	/* an address of ours of a local EID-prefix, IPv4 and IPv6: lisp_dp_device_own_eid() */
	struct {
		uint8_t address[16];
		bool there;
		time_t until; /* monotonic seconds */
	} own_eid[2];

	/* by family, 0: IPv4, 1: IPv6 */
	struct route_table *local[2]; /* info: struct lisp_dp_local_eid */
	struct route_table *cache[2]; /* info: struct lisp_dp_mapping */
};

struct lisp_dp_local_eid {
	uint64_t epoch;
	uint8_t prefixlen;
};

/* Takes over what lispd says of an instance, but its VRF. */
void lisp_dp_instance_read(struct lisp_dp_instance *instance, const LispDp__Instance *from);
/* Writes it into the maps by device and by instance-id, or out of them. 0 or an errno. */
int lisp_dp_instance_map(struct lisp_dp_instance *instance, bool remove);
/* The RLOCs are in another VRF than it was written with. */
bool lisp_dp_instance_moved(const struct lisp_dp_instance *instance);

bool lisp_dp_local_eid_match(const struct lisp_dp_instance *instance, uint8_t version,
			     const uint8_t *address);
/* The length of the longest local EID-prefix that has the address; -1: none has. */
int lisp_dp_local_eid_length(const struct lisp_dp_instance *instance, uint8_t version,
			     const uint8_t *address);

/* NULL: none; _get makes one. */
struct lisp_dp_instance *lisp_dp_instance_find(uint32_t iid);
struct lisp_dp_instance *lisp_dp_instance_get(uint32_t iid);
/* The active one whose packets are routed by this table. */
struct lisp_dp_instance *lisp_dp_instance_of_table(uint32_t table);
/* The active one with this lisp device. */
struct lisp_dp_instance *lisp_dp_instance_of_device(int ifindex);
/* Next of NULL is the first. */
struct lisp_dp_instance *lisp_dp_instance_next(struct lisp_dp_instance *instance);
/* Some instance is in service: sockets are needed. */
bool lisp_dp_instance_any_active(void);
/* It is in service and encapsulates this family (4 or 6). */
bool lisp_dp_instance_itr(const struct lisp_dp_instance *instance, uint8_t version);

/* Of local[] or cache[], the one of the prefix's family. */
struct route_table *lisp_dp_table_of(struct route_table *const tables[2],
				     const struct prefix *prefix);
/* The info of the longest match for an address; NULL: none. */
void *lisp_dp_table_match(struct route_table *const tables[2], uint8_t version,
			  const uint8_t *address);

void lisp_dp_instance_init(void);
/* All that is in the tables must have been swept. */
void lisp_dp_instance_finish(void);

#endif /* _LISP_DP_INSTANCE_H */
