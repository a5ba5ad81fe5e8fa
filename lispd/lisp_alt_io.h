// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ALT's two ends in one VRF: a TUN device, where the VRF's routes deliver
 * datagrams to EIDs that we serve, and raw sockets to send datagrams to other
 * EIDs. All of it lives in the VRF; nothing passes to or from the underlay but
 * Map-Requests through lisp_rx() and lisp_alt_io_send().
 */
#ifndef _LISP_ALT_IO_H
#define _LISP_ALT_IO_H

#include <net/if.h>

#include "lispd/lispd.h"
#include "lispd/lisp_bucket.h"

struct vrf;

/* Datagrams, per EID family. */
struct lisp_alt_counters {
	uint64_t in, out, dropped;
};

struct lisp_alt_io {
	vrf_id_t vrf_id;
	char ifname[IFNAMSIZ]; /* of the TUN device */
	int tun;	       /* -1: closed */
	int raw[LISP_FAMILY_MAX]; /* -1: closed */
	uint32_t table;		  /* of a VRF device, which has our unreachable default; or 0 */
	struct event *t_read;
	struct lisp_bucket bucket;
	struct lisp_alt_counters counters[LISP_FAMILY_MAX];
};

/*
 * Opens all of it in the VRF, brings the device up. io must be zeroed or closed.
 * False: nothing is open, error (of size octets) says why.
 */
bool lisp_alt_io_open(struct lisp_alt_io *io, const struct vrf *vrf, char *error, size_t size);
/* Closes what is open and with it removes the device. Counters stay. */
void lisp_alt_io_close(struct lisp_alt_io *io);
bool lisp_alt_io_is_open(const struct lisp_alt_io *io);
/* Takes out of a VRF that is no ALT what a lispd that was killed has left in its table. */
void lisp_alt_io_sweep(const struct vrf *vrf);

/*
 * Sends a whole IP packet whose destination is dst, by the VRF's routes. 0 or -1
 * with errno.
 */
int lisp_alt_io_send(struct lisp_alt_io *io, const struct ipaddr *dst, const uint8_t *packet,
		     size_t len);

#endif /* _LISP_ALT_IO_H */
