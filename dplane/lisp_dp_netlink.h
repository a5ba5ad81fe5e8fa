// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Netlink requests, one at a time, each with its answer, in the calling thread's network
 * namespace. Callers hold the privileges. Results are 0 or -errno.
 */
#ifndef _LISP_DP_NETLINK_H
#define _LISP_DP_NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

struct lisp_dp_request {
	struct nlmsghdr header;
	uint8_t body[1000];
	bool strict; /* a dump is of what the fixed structure says, and no more */
};

/* fixed: the structure that the family has before the attributes. */
void lisp_dp_nl_begin(struct lisp_dp_request *request, uint16_t type, uint16_t flags,
		      const void *fixed, size_t length);
struct rtattr *lisp_dp_nl_put(struct lisp_dp_request *request, uint16_t type, const void *data,
			      size_t length);
void lisp_dp_nl_put_u32(struct lisp_dp_request *request, uint16_t type, uint32_t value);
void lisp_dp_nl_put_string(struct lisp_dp_request *request, uint16_t type, const char *string);
/* What is put between the two is inside. */
struct rtattr *lisp_dp_nl_nest(struct lisp_dp_request *request, uint16_t type);
void lisp_dp_nl_nest_end(struct lisp_dp_request *request, struct rtattr *attribute);

/* Called for each message of the answer; without it an acknowledgement is asked for. */
typedef void (*lisp_dp_answer_fn)(const struct nlmsghdr *answer, void *arg);
/* protocol: NETLINK_ROUTE, ... */
int lisp_dp_nl_talk(int protocol, struct lisp_dp_request *request, lisp_dp_answer_fn fn, void *arg);

/* A message of the kernel is about a request that was made here. */
bool lisp_dp_nl_is_own(uint32_t seq);

/* table gets the attributes up to type max; one that is missing is NULL. */
void lisp_dp_nl_parse(struct rtattr **table, int max, const struct rtattr *first, int length);
/* In host order, as most families have it. */
uint32_t lisp_dp_nl_u32(const struct rtattr *attribute, uint32_t missing);

#endif /* _LISP_DP_NETLINK_H */
