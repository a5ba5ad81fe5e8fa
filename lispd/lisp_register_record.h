// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ETR: the local EID-prefixes at each Map-Server, and the Map-Registers that they go in
 * (RFC 9301 sections 5.6, 8.2). Who is not lisp_register.c reads only.
 */
#ifndef _LISP_REGISTER_RECORD_H
#define _LISP_REGISTER_RECORD_H

#include "typesafe.h"

#include "lispd/lisp_bucket.h"
#include "lispd/lisp_eid_table.h"
#include "lispd/lisp_withdraw.h"

struct lisp_map_server;

PREDECL_DLIST(lisp_register_records);
PREDECL_DLIST(lisp_register_parts);

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

	struct lisp_register_part *part; /* the last Map-Register with it, unanswered; or NULL */
	enum lisp_register_company company;
	unsigned int round;	  /* the last one that it was ours in */
	unsigned int withdrawals; /* since then */
	struct timeval lost;	  /* its last locator went; 0: it has one */
	bool held;		  /* acknowledged: the Map-Server has it */
	bool pending;		  /* to be sent again */
	bool news;		  /* pending: its Map-Server has news of it */
};

/* A Map-Register that is unanswered, and the records whose last one it is. */
struct lisp_register_part {
	struct lisp_register_parts_item item;
	uint64_t nonce;
	struct event *t_rest; /* a Map-Notify has come that does not name all */
	struct lisp_register_records_head records;
};

DECLARE_DLIST(lisp_register_parts, struct lisp_register_part, item);
DECLARE_DLIST(lisp_register_records, struct lisp_register_record, item);

/* What a registration depends on beside the database. */
struct lisp_register_inputs {
	bool active;
	uint32_t ttl;
	uint32_t taken; /* sum of the hashes of the EID-prefixes that it takes */
	struct lisp_register_to to;
};

/* All of it at one Map-Server. */
struct lisp_etr_reg {
	struct lisp_register_inputs inputs;
	struct lisp_eid_table *records; /* info: struct lisp_register_record */
	struct lisp_register_parts_head parts;
	unsigned int pending;	 /* records that are to be sent again */
	unsigned int round;	 /* number of the last round */
	unsigned int ours;	 /* records of that round */
	unsigned int unanswered; /* times that something was sent since the last answer to all */
	unsigned int unsent;	 /* times since the last one that left this system */
	bool answered;		 /* a Map-Notify came in this round */
	uint32_t retry;		 /* s to the next retransmission */
	struct lisp_bucket news; /* Map-Registers that unsolicited Map-Notifies bring */
	struct event *t_news;
	struct timeval sent;  /* the last Map-Register */
	struct timeval began; /* the round */
	struct event *t_send;
	struct event *t_hold; /* prefixes without locators wait for one */
};

/* At the Map-Servers in turn; NULL starts and ends. */
const struct lisp_register_record *
lisp_register_record_next(const struct lisp_eid *eid, const struct lisp_register_record *last);
const char *lisp_register_record_state(const struct lisp_register_record *record);
/* How many of our EID-prefixes a Map-Server that answers does not take. */
unsigned int lisp_register_refused(const struct lisp_map_server *ms);
/* Why it is not registered, or may not stay so; NULL: nothing is wrong. */
const char *lisp_register_record_reason(const struct lisp_register_record *record);

struct lisp_register_record *lisp_register_record_find(const struct lisp_map_server *ms,
						       const struct lisp_eid *eid);
/* Was it among the local EID-prefixes when the last round began? */
bool lisp_register_record_ours(const struct lisp_register_record *record);
void lisp_register_record_pending(struct lisp_register_record *record, bool pending);
/* part NULL: in none. One that nothing is left of is freed. */
void lisp_register_record_move(struct lisp_register_record *record, struct lisp_register_part *part);
/* The log has it, if that is new. */
void lisp_register_record_become(struct lisp_register_record *record,
				 enum lisp_register_record_state state);
/* What the Map-Server told of it is forgotten, too. */
void lisp_register_record_free(struct lisp_register_record *record);
void lisp_register_records_free(struct lisp_etr_reg *reg);

/*
 * A round begins: which records are ours, and what is to be sent, or to be withdrawn. True:
 * some have just lost their last locator and are held for a moment.
 */
bool lisp_register_collect(struct lisp_map_server *ms);
/* Sends withdrawals, and what is pending, or all. False: a part did not leave this system. */
bool lisp_register_send(struct lisp_map_server *ms, bool all);

#endif /* _LISP_REGISTER_RECORD_H */
