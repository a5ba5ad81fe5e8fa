// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One object per RLOC, shared by all mappings that name it: is it ours, is
 * there a route to it, through which interface, from which source address.
 * Fed by zebra (interfaces, addresses, nexthop tracking).
 */
#ifndef _LISP_RLOC_H
#define _LISP_RLOC_H

#include "hook.h"
#include "typesafe.h"
#include "lispd/lispd.h"

PREDECL_RBTREE_UNIQ(lisp_rlocs);
PREDECL_DLIST(lisp_rlocs_dirty);
PREDECL_DLIST(lisp_rlocs_own);

enum lisp_rloc_state {
	LISP_RLOC_UNKNOWN, /* zebra has not answered yet */
	LISP_RLOC_UP,
	LISP_RLOC_NO_ROUTE,   /* no route in the underlay */
	LISP_RLOC_NO_ADDRESS, /* of a locator-set's line only: lisp_rloc_own_state() */
	LISP_RLOC_IF_DOWN,    /* an address of this system: its interface is down */
	LISP_RLOC_ICMP_DOWN,  /* there is a route, but ICMP says that it leads nowhere */
	LISP_RLOC_SILENT,     /* there is a route, but RLOC-probes are not answered */
	LISP_RLOC_BROADCAST,  /* the broadcast address of a connected network: no locator at all */
};

/* "up", "no-route", ...: the word in CLI and JSON. */
const char *lisp_rloc_state_name(enum lisp_rloc_state state);

struct lisp_rloc {
	struct lisp_rlocs_item item;
	struct lisp_rlocs_dirty_item dirty; /* changed, the hook is still to run */
	struct lisp_rlocs_own_item own;	    /* while own_refs is not 0 */
	struct ipaddr addr;
	unsigned int refs;
	unsigned int own_refs; /* of these, by own locator-sets */

	enum lisp_rloc_state state;
	enum lisp_rloc_state known;	   /* what zebra says, whatever ICMP said */
	struct event *t_icmp;		   /* while ICMP's word holds */
	bool silent;			   /* RLOC-probes are not answered */
	struct lisp_probe *probe;	   /* private to lisp_probe.c */
	uint32_t probe_rtt;		   /* us, of the last answer; 0: none */
	uint64_t probes_sent, probes_lost; /* of each lost one several were sent */
	bool local;			   /* an address of this system */
	bool broadcast;			   /* the broadcast address of a network of this system */
	bool told_up;			   /* the log's last word, and what it begins with */
	bool left;			   /* own_refs: it was one, and is no more */
	bool by_kernel;	      /* the kernel has a route, zebra has none: lisp_kernel.h */
	ifindex_t ifindex;    /* own: its interface; remote: the outgoing one; 0: none */
	struct ipaddr source; /* remote: own RLOC to send from; unset: none */
	uint32_t mtu;	      /* of that interface, octets; 0: unknown, or the loopback's */
	time_t changed;	      /* monotonic seconds of the last state change */

	uint32_t dp_id;	  /* dataplane locator id, 0: not in the dataplane (lisp_dplane.c) */
	uint32_t dp_refs; /* dataplane sets that name it */
	uint64_t packets_in, bytes_in, packets_out, bytes_out; /* dataplane's last report */
};

unsigned int lisp_rloc_count(void);
/* Find or create, taking a reference; never NULL. Give back with lisp_rloc_put(). */
struct lisp_rloc *lisp_rloc_get(const struct ipaddr *addr);
void lisp_rloc_put(struct lisp_rloc **rloc);
/*
 * The same for a locator of an own locator-set. It is an address of this system, or of
 * another xTR of the site: then it is up while there is a route to it.
 */
struct lisp_rloc *lisp_rloc_get_own(const struct ipaddr *addr);
void lisp_rloc_put_own(struct lisp_rloc **rloc);
/*
 * Its state in an own locator-set: LISP_RLOC_NO_ADDRESS, if it was an address of this system
 * while lispd ran and is none now. Any default route would lead to it.
 */
enum lisp_rloc_state lisp_rloc_own_state(const struct lisp_rloc *rloc);
/* Without a reference; NULL if nobody uses it. */
struct lisp_rloc *lisp_rloc_find(const struct ipaddr *addr);

static inline bool lisp_rloc_up(const struct lisp_rloc *rloc)
{
	return rloc->state == LISP_RLOC_UP;
}

/* ICMP may be forged: what it calls unreachable is used still where there is nothing better. */
static inline bool lisp_rloc_usable(const struct lisp_rloc *rloc)
{
	return lisp_rloc_up(rloc) || rloc->state == LISP_RLOC_ICMP_DOWN;
}

/*
 * Runs after state, source, ifindex or MTU of one changed; subscribers recompute what
 * depends on it (dataplane locator, local registrations, SMRs). Called from the
 * event loop; the object stays valid during the call, whoever gives it back.
 */
DECLARE_HOOK(lisp_rloc_changed, (struct lisp_rloc * rloc), (rloc));

/*
 * zebra is to say whether the RLOC has a route in a VRF (VRF_UNKNOWN: none), or need no
 * longer; its answers go to lisp_rloc_nexthop_update().
 */
DECLARE_HOOK(lisp_rloc_track, (vrf_id_t vrf_id, const struct ipaddr *addr, bool on),
	     (vrf_id, addr, on));

/* An interface or address event, when the RLOCs have followed it. */
DECLARE_HOOK(lisp_addresses_changed, (), ());

/* An own address of the family that is up, to send control messages from and to
 * list as ITR-RLOC; the configured locators first. False: none.
 */
bool lisp_rloc_own(int af, struct ipaddr *addr);
/* Is it an address of this system, in the VRF of RLOCs? */
bool lisp_rloc_is_own(const struct ipaddr *addr);
/*
 * The interface's address in the family that others can best be told (for interface
 * locators): global and preferred, else a ULA, else one of those that are going.
 */
bool lisp_rloc_interface_address(const char *ifname, int af, struct ipaddr *addr);

/*
 * An ICMP unreachable about a packet to it (RFC 9301 section 7): for 10 seconds, or until zebra
 * has news of its route, a remote one carries traffic only where a mapping has no other that is
 * up. At most LISP_ICMP_RATE of them a second.
 */
void lisp_rloc_icmp_unreachable(struct lisp_rloc *rloc);

/* Whether RLOC-probes are answered; one that is not probed is as one that answers. */
void lisp_rloc_answers(struct lisp_rloc *rloc, bool answers);

/*
 * The VRF where RLOCs are (`locator-table`); VRF_UNKNOWN while it is not there.
 * lisp_rloc_vrf_update() follows configuration and zebra: addresses, interfaces and
 * nexthop tracking are those of that VRF. True: it is another one now.
 */
vrf_id_t lisp_rloc_vrf(void);
bool lisp_rloc_vrf_update(void);

/*
 * IPv6 addresses of this system that the kernel would not choose itself: deprecated or
 * temporary ones. At most LISP_RLOC_GOING_MAX are remembered. Called by lisp_kernel.c.
 */
void lisp_rloc_addresses_going(const struct in6_addr *addresses, size_t n);

/* Called by lisp_zebra.c. */
void lisp_rloc_nexthop_update(const struct ipaddr *addr, bool reachable, ifindex_t ifindex);
void lisp_rloc_addresses_changed(void); /* interface or address event */
void lisp_rloc_zebra_connected(void);	/* registers all again */

/* All of them by address, for shows. NULL starts; NULL ends. */
struct lisp_rloc *lisp_rloc_next(struct lisp_rloc *rloc);
/* The first behind an address, whether that is there or not; NULL: none. */
struct lisp_rloc *lisp_rloc_after(const struct ipaddr *addr);
/* Those of own locator-sets, the same way: few, whatever the number of RLOCs. */
struct lisp_rloc *lisp_rloc_own_next(struct lisp_rloc *rloc);

void lisp_rloc_finish(void);

#endif /* _LISP_RLOC_H */
