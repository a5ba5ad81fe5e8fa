// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ETR: registers the local EID-prefixes with Map-Servers (RFC 9301 sections 5.6, 5.7,
 * 8.2; lisp_peer.h has how it stands).
 */
#ifndef _LISP_REGISTER_H
#define _LISP_REGISTER_H

#include "typesafe.h"

#include "lispd/lisp_eid.h"
#include "lispd/lisp_query.h"

struct lisp_map_server;
struct reg_part;

PREDECL_DLIST(lisp_register_records);

enum lisp_register_record_state {
	LISP_RECORD_REGISTERING, /* no Map-Notify yet */
	LISP_RECORD_REGISTERED,
	LISP_RECORD_REFUSED,   /* the Map-Notify leaves it out */
	LISP_RECORD_NO_ANSWER, /* no Map-Notify came, several times */
	LISP_RECORD_WITHDRAWING,
};

/* What it shares a Map-Register with. */
enum lisp_register_company {
	LISP_COMPANY_NONE,	 /* it is not sent */
	LISP_COMPANY_REGISTERED, /* what is registered there */
	LISP_COMPANY_DOUBTFUL,	 /* what is not */
	LISP_COMPANY_ALONE,
};

/* A local EID-prefix at one of its Map-Servers. */
struct lisp_register_record {
	struct lisp_register_records_item item; /* of part */
	struct lisp_eid eid;
	struct lisp_map_server *ms;
	enum lisp_register_record_state state;
	time_t since; /* monotonic seconds */

	/* private to lisp_register.c */
	struct reg_part *part; /* the last Map-Register with it, unanswered; or NULL */
	enum lisp_register_company company;
	unsigned int round;	  /* the last one that it was ours in */
	unsigned int withdrawals; /* since then */
	bool held;		  /* acknowledged: the Map-Server has it */
	bool pending;		  /* to be sent again */
	bool news;		  /* pending: its Map-Server has news of it */
};

/* At the Map-Servers in turn; NULL starts and ends. */
const struct lisp_register_record *
lisp_register_record_next(const struct lisp_eid *eid, const struct lisp_register_record *last);
const char *lisp_register_record_state(const struct lisp_register_record *record);
/* How many of our EID-prefixes a Map-Server that answers does not take. */
unsigned int lisp_register_refused(const struct lisp_map_server *ms);
/* Why it is not registered, or may not stay so; NULL: nothing is wrong. */
const char *lisp_register_record_reason(const struct lisp_register_record *record);

enum lisp_drop lisp_register_rx_notify(const struct lisp_rx *rx, const struct lisp_msg *msg);

void lisp_register_config_changed(void);
void lisp_register_init(void);
void lisp_register_finish(void); /* what is registered stays so, for a restart */

#endif /* _LISP_REGISTER_H */
