// SPDX-License-Identifier: GPL-2.0-or-later
/* Building netlink requests and reading the answers. */
#include <zebra.h>

#include <sys/socket.h>

#include "lib/memory.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_netlink.h"

#define ANSWER_SIZE 32768

/* Requests are told from those of others by the upper half of their sequence number. */
#define OWN_SEQ	     0x4c690000U
#define OWN_SEQ_MASK 0xffff0000U
static uint16_t last_seq;

bool lisp_dp_nl_is_own(uint32_t seq)
{
	return (seq & OWN_SEQ_MASK) == OWN_SEQ;
}

void lisp_dp_nl_begin(struct lisp_dp_request *request, uint16_t type, uint16_t flags,
		      const void *fixed, size_t length)
{
	memset(request, 0, sizeof(*request));
	request->header.nlmsg_type = type;
	request->header.nlmsg_flags = NLM_F_REQUEST | flags;
	request->header.nlmsg_len = NLMSG_LENGTH(length);
	memcpy(request->body, fixed, length);
}

struct rtattr *lisp_dp_nl_put(struct lisp_dp_request *request, uint16_t type, const void *data,
			      size_t length)
{
	struct rtattr *attribute =
		(struct rtattr *)((uint8_t *)request + NLMSG_ALIGN(request->header.nlmsg_len));

	assert(NLMSG_ALIGN(request->header.nlmsg_len) + RTA_LENGTH(length) <=
	       offsetof(struct lisp_dp_request, strict));
	attribute->rta_type = type;
	attribute->rta_len = RTA_LENGTH(length);
	if (length)
		memcpy(RTA_DATA(attribute), data, length);
	request->header.nlmsg_len = NLMSG_ALIGN(request->header.nlmsg_len) +
				    RTA_ALIGN(RTA_LENGTH(length));
	return attribute;
}

void lisp_dp_nl_put_u32(struct lisp_dp_request *request, uint16_t type, uint32_t value)
{
	lisp_dp_nl_put(request, type, &value, sizeof(value));
}

void lisp_dp_nl_put_string(struct lisp_dp_request *request, uint16_t type, const char *string)
{
	lisp_dp_nl_put(request, type, string, strlen(string) + 1);
}

struct rtattr *lisp_dp_nl_nest(struct lisp_dp_request *request, uint16_t type)
{
	return lisp_dp_nl_put(request, type, NULL, 0);
}

void lisp_dp_nl_nest_end(struct lisp_dp_request *request, struct rtattr *attribute)
{
	attribute->rta_len = (uint8_t *)request + request->header.nlmsg_len - (uint8_t *)attribute;
}

/*
 * A socket of its own for each request: it belongs to the calling thread's
 * namespace, and an answer that was given up cannot disturb the next request.
 */
static int open_socket(int protocol, int strict)
{
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	struct timeval patience = { .tv_sec = 2 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (strict)
		setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &strict, sizeof(strict));
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0) {
		int error = -errno;

		close(fd);
		return error;
	}
	return fd;
}

/* Goes through one datagram; 1: more to come. */
static int read_answers(const uint8_t *buffer, ssize_t got, uint32_t seq, bool dump,
			lisp_dp_answer_fn fn, void *arg)
{
	const struct nlmsghdr *answer = (const struct nlmsghdr *)buffer;

	for (; NLMSG_OK(answer, got); answer = NLMSG_NEXT(answer, got)) {
		if (answer->nlmsg_seq != seq)
			continue;
		if (answer->nlmsg_type == NLMSG_ERROR)
			return ((const struct nlmsgerr *)NLMSG_DATA(answer))->error;
		if (answer->nlmsg_type == NLMSG_DONE)
			return 0;
		if (fn)
			fn(answer, arg);
		if (!dump && fn)
			return 0;
	}
	return 1;
}

int lisp_dp_nl_talk(int protocol, struct lisp_dp_request *request, lisp_dp_answer_fn fn, void *arg)
{
	bool dump = (request->header.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	uint8_t *buffer;
	int fd = open_socket(protocol, request->strict), result = 1;

	if (fd < 0)
		return fd;
	if (!fn)
		request->header.nlmsg_flags |= NLM_F_ACK;
	request->header.nlmsg_seq = OWN_SEQ | ++last_seq;
	if (send(fd, request, request->header.nlmsg_len, 0) < 0) {
		result = -errno;
		close(fd);
		return result;
	}

	buffer = XMALLOC(MTYPE_LISP_DP_BUFFER, ANSWER_SIZE);
	while (result > 0) {
		ssize_t got = recv(fd, buffer, ANSWER_SIZE, 0);

		if (got < 0 && errno == EINTR)
			continue;
		result = got < 0 ? -errno
				 : read_answers(buffer, got, request->header.nlmsg_seq, dump, fn,
						arg);
	}
	XFREE(MTYPE_LISP_DP_BUFFER, buffer);
	close(fd);
	return result;
}

void lisp_dp_nl_parse(struct rtattr **table, int max, const struct rtattr *first, int length)
{
	memset(table, 0, sizeof(*table) * (max + 1));
	for (; RTA_OK(first, length); first = RTA_NEXT(first, length)) {
		int type = first->rta_type & NLA_TYPE_MASK;

		if (type <= max)
			table[type] = (struct rtattr *)first;
	}
}

uint32_t lisp_dp_nl_u32(const struct rtattr *attribute, uint32_t missing)
{
	uint32_t value;

	if (!attribute || RTA_PAYLOAD(attribute) < sizeof(value))
		return missing;
	memcpy(&value, RTA_DATA(attribute), sizeof(value));
	return value;
}
