// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lispd from its state to its roles, with a clock and doors of the test's own: time
 * passes when a test says so, and what is sent is kept to be looked at.
 */
#ifndef _HOUSE_H
#define _HOUSE_H

#include "lispd/lisp_dplane.h"
#include "lispd/lisp_instance.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_query.h"

#include "../pure/unit.h"

/* An ITR and ETR of IPv4 EIDs, its RLOC 192.0.2.1, its Map-Resolver 192.0.2.2. */
void house_start(void);
/* An address of this system, on eth0; 192.0.2.1 is there from the start. */
void house_own_address(const char *text);
/* The same of any interface; one that it has is lost with there false. */
void house_address(const char *interface, const char *text, bool there);

/* Monotonic milliseconds; lets time pass, and all happen that is due until then. */
int64_t house_now(void);
void house_run(unsigned int ms);

struct lisp_eid house_eid(const char *text);
struct ipaddr house_addr(const char *text);

/* How often the monotonic clock was read. */
extern unsigned int house_clock_looks;
/* How often an interface was looked for among all of them. */
extern unsigned int house_interface_looks;

/* Who lately sent, as the dataplane says; NULL: there is no dataplane. */
extern const struct lisp_dplane_sender *house_senders;
extern size_t house_n_senders;

/* A Map-Request that was sent, in an ECM or not. */
struct house_sent {
	int64_t at; /* ms */
	struct ipaddr to;
	uint64_t nonce;
	uint32_t flags;	    /* LISP_MREQ_F_* */
	uint32_t ecm_flags; /* LISP_ECM_F_*; 0 too if it was in none */
	struct lisp_eid source, eid;
	bool ecm;
};

#define HOUSE_SENT_MAX 4096
extern struct house_sent house_sent[HOUSE_SENT_MAX];
extern unsigned int house_n_sent;
void house_forget_sent(void);
/* Nothing leaves this system. */
extern bool house_cannot_send;

/* How many Map-Requests for an EID, and the last one; NULL: none. */
unsigned int house_asked(const char *eid);
const struct house_sent *house_last(const char *eid);

/* The last Map-Reply that was sent. */
extern struct house_replied {
	struct ipaddr from, to; /* from unset: any */
} house_replied;
extern uint8_t house_reply_octets[1500];
extern size_t house_reply_len;

/* Map-Registers that were sent: when, and the last one. */
extern int64_t house_registers[64];
extern unsigned int house_n_registers;
extern uint8_t house_register[9000];
extern size_t house_register_len;

/* Map-Notifies that were sent, and the last one. */
extern unsigned int house_n_notifies;
extern struct ipaddr house_notify_from, house_notify_to; /* from unset: any */
extern uint8_t house_notify[9000];
extern size_t house_notify_len;

/* A Map-Reply of one record to a Map-Request that was sent; frees the mapping. flags: LISP_MREP_F_*. */
enum lisp_drop house_reply(const struct house_sent *asked, const struct ipaddr *from,
			   uint32_t flags, struct lisp_mapping *mapping);

/* A Map-Reply to the last Map-Request for an EID: a record with one locator, or none. */
enum lisp_drop house_answer(const char *eid, const char *prefix, uint32_t ttl, bool locator,
			    uint8_t action);

/* Has the ITR ask for an EID, and answers with a locator for the prefix. */
void house_learn(const char *eid, const char *prefix, uint32_t ttl);

/* An SMR to us, from 192.0.2.9 or another sender: its Source-EID and record. */
enum lisp_drop house_smr(const char *source, const char *record);
enum lisp_drop house_smr_of(const char *from, const char *source, const char *record);

#endif /* _HOUSE_H */
