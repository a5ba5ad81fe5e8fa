// SPDX-License-Identifier: GPL-2.0-or-later
/* The way of a Map-Request that somebody else answers: in an ECM, or onto the ALT. */
#ifndef _LISP_FORWARD_H
#define _LISP_FORWARD_H

#include "lispd/lisp_query.h"
#include "lispd/lisp_registry.h"

/*
 * To an ETR of the mapping that a registered prefix has, in an ECM, the Map-Request
 * unchanged (RFC 9301 section 8.3); if the same ITR asks again, to the next one, of other
 * registrations too. LISP_DROP_UNREACHABLE: there is none that we reach.
 */
enum lisp_drop lisp_forward_to_etr(const struct lisp_rx *rx, const struct lisp_eid *eid,
				   const struct lisp_site_prefix *prefix,
				   const struct lisp_mapping *mapping);

/*
 * From a Map-Resolver to its Map-Server, in an ECM with M, the Map-Request unchanged
 * (RFC 9301 sections 5.8 and 8.4). LISP_DROP_UNREACHABLE: the address is ours, or of a
 * family that we do not have.
 */
enum lisp_drop lisp_forward_to_map_server(const struct lisp_rx *rx, const struct lisp_eid *eid,
					  const struct ipaddr *ms);

/* The Map-Request of a client onto the ALT, as it is (RFC 6836 section 5.1). */
enum lisp_drop lisp_forward_to_alt(const struct lisp_rx *rx, const struct lisp_msg *msg,
				   const struct lisp_eid *eid);

/*
 * A Map-Request's octets over the ALT of its EID's instance to that EID: IP source is an
 * ITR-RLOC of the EID's family (itr_rloc) or an own address. 0, or -1 (no ALT, no route, no source).
 */
typedef int (*lisp_alt_send_fn)(const struct lisp_eid *eid, const struct ipaddr *itr_rloc,
				uint16_t sport, const uint8_t *msg, size_t len);
int lisp_forward_onto_alt(const struct lisp_eid *eid, const struct ipaddr *itr_rloc, uint16_t sport,
			  const uint8_t *msg, size_t len);
/* The ALT says at its start who does that, and NULL at its end. */
void lisp_forward_set_alt(lisp_alt_send_fn send);

#endif /* _LISP_FORWARD_H */
