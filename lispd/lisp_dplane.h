// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Client of the mapping socket (dplane/lisp_dp.proto): mirrors local EIDs, own
 * RLOCs, map-cache entries and ALT tunnels into the dataplane in acknowledged
 * batches, replays all after a reconnect, takes misses and counters back.
 */
#ifndef _LISP_DPLANE_H
#define _LISP_DPLANE_H

#include "hook.h"
#include "if.h"
#include "lispd/lispd.h"
#include "lispd/lisp_addr.h"
#include "lispd/lisp_dplane_fixed.h"
#include "lispd/lisp_tunnel.h"

/* For `show lisp dataplane`. */
struct lisp_dplane_counter {
	char name[48];
	uint64_t packets, bytes;
	bool drop;
};
/* False: the dataplane has nothing to do for this instance, or is not connected. */
bool lisp_dplane_instance(uint32_t iid, struct lisp_dplane_instance *instance);

struct lisp_dplane_status {
	bool connected;
	bool bpf;
	char note[400];	       /* why the fast path is off or not for all, what this kernel lacks */
	char ifname[IFNAMSIZ]; /* of the first lisp device; empty: none */
	uint32_t mtu;
	char error[320];
	uint64_t sent, acked, errors; /* operations */
	uint64_t queued;	      /* packets held now */
	const struct lisp_dplane_counter *counters;
	unsigned int n_counters;
};
void lisp_dplane_status(struct lisp_dplane_status *status);

/*
 * Counters are read from the plugin once a second while somebody looks and every
 * 10 s else. Asks for fresh ones now; shows print what came last.
 */
void lisp_dplane_counters_refresh(void);
void lisp_dplane_counters_clear(void);

/* What becomes of a packet? The number of the answer to come; 0: the dataplane is not connected. */
uint64_t lisp_dplane_explain(const struct lisp_dplane_packet *packet);

/* A step of the packet's way: words of dplane/lisp_dp.proto. */
struct lisp_dplane_step {
	char name[24], result[64];
	char text[640];
};
DECLARE_HOOK(lisp_dplane_explained,
	     (uint64_t number, const char *outcome, const struct lisp_dplane_step *steps, size_t n),
	     (number, outcome, steps, n));

void lisp_dplane_config_changed(void); /* services, local EIDs, tunnels */

#define LISP_DPLANE_ALT_FDS 3 /* TUN device, IPv4 and IPv6 raw sockets */

/* Who lately sent what was decapsulated here, to EIDs of an instance and family. */
struct lisp_dplane_sender {
	struct ipaddr rloc;
	uint32_t iid;
	enum lisp_family family;
};
/* Has the plugin tell them, by the call `senders`; false: it is not connected. */
bool lisp_dplane_senders_ask(void);

/* What the dataplane asks of the roles. */
struct lisp_dplane_calls {
	void (*miss)(const struct lisp_eid *eid, const struct ipaddr *source);
	/* A packet from that RLOC, source its inner one, for an EID or to an RLOC not ours. */
	void (*stray)(const struct lisp_eid *eid, const struct lisp_eid *source,
		      const struct ipaddr *rloc);
	/* The answer; one may come twice. Also called, with none, when there will be no answer. */
	void (*senders)(const struct lisp_dplane_sender *senders, size_t n);
	/* What it holds from before our start, lately used; false: nothing was asked. */
	bool (*recall)(const struct lisp_eid *eid);
	/* State of an ALT; descriptors -1: none, else what is not taken over is closed. */
	void (*alt)(const char *vrf, const char *ifname, const char *error,
		    int fds[LISP_DPLANE_ALT_FDS]);
	void (*alts_gone)(void); /* the connection ended: no descriptor is valid */
};
void lisp_dplane_init(const struct lisp_dplane_calls *calls);

/* Asks for the state of a configured ALT once more. */
void lisp_dplane_alt_again(const char *vrf);
/*
 * Ends the connection and nothing else: what the dataplane has stays there, so that
 * flows go on while lispd restarts. Only `no router lisp` empties the dataplane, by
 * lisp_dplane_config_changed().
 */
void lisp_dplane_finish(void);

#endif /* _LISP_DPLANE_H */
