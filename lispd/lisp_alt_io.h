// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ALT's two ends in one VRF: a TUN device, where the VRF's routes deliver
 * datagrams to EIDs that we serve, and raw sockets to send datagrams to other
 * EIDs. The dataplane makes them and gives us the descriptors; nothing passes to or
 * from the underlay but Map-Requests, in by receive() and out by lisp_alt_io_send().
 */
#ifndef _LISP_ALT_IO_H
#define _LISP_ALT_IO_H

#include <net/if.h>

#include "lispd/lispd.h"
#include "lispd/lisp_bucket.h"
#include "lispd/lisp_query.h"

/* Datagrams, per EID family. */
struct lisp_alt_counters {
	uint64_t in, out, dropped;
};

struct lisp_alt_io {
	uint32_t iid; /* whose EIDs are there */
	vrf_id_t vrf_id;
	char ifname[IFNAMSIZ];	  /* of the TUN device */
	int tun;		  /* -1: closed */
	int raw[LISP_FAMILY_MAX]; /* -1: closed */
	struct event *t_read;
	struct lisp_bucket bucket;
	struct lisp_alt_counters counters[LISP_FAMILY_MAX];
};

/* Descriptors, in this order: TUN device, IPv4 and IPv6 raw sockets; -1: none. */
#define LISP_ALT_FDS 3

/* receive: takes every Map-Request that comes out of the ALT. */
void lisp_alt_io_init(lisp_receive_fn receive);

/* Takes over the descriptors of this device, in place of what was open; they become -1. */
void lisp_alt_io_take(struct lisp_alt_io *io, const char *ifname, int fds[LISP_ALT_FDS]);
/* Closes what is open. Counters stay. */
void lisp_alt_io_close(struct lisp_alt_io *io);
bool lisp_alt_io_is_open(const struct lisp_alt_io *io);

/*
 * Sends a whole IP packet whose destination is dst, by the VRF's routes. 0 or -1
 * with errno.
 */
int lisp_alt_io_send(struct lisp_alt_io *io, const struct ipaddr *dst, const uint8_t *packet,
		     size_t len);

#endif /* _LISP_ALT_IO_H */
