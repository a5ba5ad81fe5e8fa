// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The mapping socket's server. One lispd at a time: a new connection replaces an
 * old one, because a lispd that was killed may not have been noticed yet. When
 * lispd goes, all that it made stays and forwards.
 */
#include <zebra.h>

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "lib/libfrr.h"
#include "lib/log.h"
#include "lib/network.h"
#include "lib/privs.h"
#include "lib/sockopt.h"
#include "lib/stream.h"
#include "lib/typesafe.h"
#include "zebra/zebra_netns_notify.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_apply.h"
#include "dplane/lisp_dp_bpf.h"
#include "dplane/lisp_dp_counters.h"
#include "dplane/lisp_dp_device.h"
#include "dplane/lisp_dp_explain.h"
#include "dplane/lisp_dp_recall.h"
#include "dplane/lisp_dp_socket.h"
#include "dplane/lisp_dp_tell.h"

#define HELLO_VERSION 1
#define MESSAGE_MAX   (4u << 20) /* octets of one message */
#define OUTPUT_MAX    (8u << 20) /* octets that may wait for a lispd that does not read */
#define OPTIONAL_MAX  (1u << 20) /* above it only what nobody repeats may wait */
#define GRACE_S	      60	 /* for lispd to come back before leftovers are swept */

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_INPUT, "LISP mapping socket input");
DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_MESSAGE, "LISP mapping socket message");

PREDECL_LIST(messages);

struct outgoing {
	struct messages_item item;
	struct stream *octets;
	size_t n;
	int fd[LISP_DP_TELL_FDS]; /* copies of our own */
};

DECLARE_LIST(messages, struct outgoing, item);

static struct {
	int listener, fd;
	struct event *t_accept, *t_read, *t_write, *t_grace, *t_recall;
	bool recalling; /* the next portion goes when all that waits is written */
	struct messages_head out[1];
	size_t out_length;
	uint8_t *in; /* MESSAGE_MAX + 4 octets while a lispd is connected */
	size_t in_length;
	uint64_t epoch;
	bool greeted;
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	char note[160];
} server = { .listener = -1, .fd = -1 };

/* Nobody came to claim what an earlier zebra left in the kernel. */
static void socket_grace(struct event *event)
{
	frr_with_privs (&zserv_privs) {
		lisp_dp_sweep(server.epoch);
	}
}

/* Until the first EndOfReplay: a lispd may die before it, too. */
static void grace_begin(void)
{
	if (!lisp_dp_device_live())
		event_add_timer(lisp_dp_loop, socket_grace, NULL, GRACE_S, &server.t_grace);
}

static void message_free(struct outgoing *message)
{
	for (size_t i = 0; i < message->n; i++)
		close(message->fd[i]);
	messages_del(server.out, message);
	server.out_length -= STREAM_READABLE(message->octets);
	stream_free(message->octets);
	XFREE(MTYPE_LISP_DP_MESSAGE, message);
}

static void disconnect(const char *why)
{
	struct outgoing *message;

	if (server.fd < 0)
		return;
	zlog_info("lisp: mapping socket: %s", why);
	event_cancel(&server.t_read);
	event_cancel(&server.t_write);
	event_cancel(&server.t_recall);
	server.recalling = false;
	lisp_dp_recall_end();
	close(server.fd);
	server.fd = -1;
	server.greeted = false;
	while ((message = messages_first(server.out)))
		message_free(message);
	server.in_length = 0;
	XFREE(MTYPE_LISP_DP_INPUT, server.in);
	grace_begin();
}

/* ---- out ---- */

/* As much as the socket takes; descriptors go with the first octets of their message. */
static ssize_t message_write(struct outgoing *message)
{
	size_t length = message->n * sizeof(message->fd[0]);
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(message->fd))] = {};
	struct cmsghdr *header = (struct cmsghdr *)control;
	struct iovec iov = { .iov_base = stream_pnt(message->octets),
			     .iov_len = STREAM_READABLE(message->octets) };
	struct msghdr out = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t written;

	if (message->n) {
		out.msg_control = control;
		out.msg_controllen = CMSG_SPACE(length);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(length);
		memcpy(CMSG_DATA(header), message->fd, length);
	}
	written = sendmsg(server.fd, &out, MSG_NOSIGNAL);
	if (written <= 0)
		return written;
	stream_forward_getp(message->octets, written);
	server.out_length -= written;
	while (message->n)
		close(message->fd[--message->n]);
	return written;
}

static void socket_recall(struct event *event)
{
	frr_with_privs (&zserv_privs) {
		server.recalling = lisp_dp_recall_portion();
	}
}

static void socket_write(struct event *event)
{
	struct outgoing *first;

	while ((first = messages_first(server.out))) {
		if (message_write(first) < 0 && !ERRNO_IO_RETRY(errno)) {
			disconnect("write failed");
			return;
		}
		if (STREAM_READABLE(first->octets)) {
			event_add_write(lisp_dp_loop, socket_write, NULL, server.fd,
					&server.t_write);
			return;
		}
		message_free(first);
	}
	if (server.recalling)
		event_add_event(lisp_dp_loop, socket_recall, NULL, 0, &server.t_recall);
}

static void send_message(const LispDp__FromDplane *from, bool optional, const int *fds, size_t n)
{
	size_t length = lisp_dp__from_dplane__get_packed_size(from);
	struct outgoing *message;

	if (!server.greeted || (optional && server.out_length > OPTIONAL_MAX))
		return;
	if (server.out_length + length > OUTPUT_MAX) {
		disconnect("lispd does not read");
		return;
	}
	message = XCALLOC(MTYPE_LISP_DP_MESSAGE, sizeof(*message));
	message->octets = stream_new(sizeof(uint32_t) + length);
	stream_putl(message->octets, length);
	stream_forward_endp(message->octets,
			    lisp_dp__from_dplane__pack(from, message->octets->data +
								     message->octets->endp));
	/* copies: the sender may close its own before they have gone */
	for (size_t i = 0; i < n; i++)
		message->fd[message->n++] = fcntl(fds[i], F_DUPFD_CLOEXEC, 0);
	server.out_length += STREAM_READABLE(message->octets);
	messages_add_tail(server.out, message);
	event_add_write(lisp_dp_loop, socket_write, NULL, server.fd, &server.t_write);
}

/* ---- in ---- */

static void on_hello(const LispDp__Hello *hello)
{
	LispDp__FromDplane message = LISP_DP__FROM_DPLANE__INIT;
	LispDp__Hello answer = LISP_DP__HELLO__INIT;

	if (hello->version != HELLO_VERSION) {
		zlog_warn("lisp: lispd speaks version %u of the mapping socket, not %d",
			  hello->version, HELLO_VERSION);
		disconnect("wrong version");
		return;
	}
	lisp_dp_sweep_stop();
	server.epoch = hello->epoch;
	server.greeted = true;
	event_cancel(&server.t_grace);
	answer.version = HELLO_VERSION;
	answer.epoch = hello->epoch;
	answer.max_locator = LISP_DP_MAX_LOCATOR;
	answer.max_set = LISP_DP_MAX_SET;
	answer.max_mapping = lisp_dp_max_mapping;
	answer.bpf = lisp_dp_bpf_loaded();
	answer.note = server.note;
	message.body_case = LISP_DP__FROM_DPLANE__BODY_HELLO;
	message.hello = &answer;
	send_message(&message, false, NULL, 0);
}

struct errors {
	LispDp__Ack__OpError *error;
	LispDp__Ack__OpError **pointer;
	char (*text)[120];
};

static void on_batch(const LispDp__Batch *batch)
{
	LispDp__FromDplane message = LISP_DP__FROM_DPLANE__INIT;
	LispDp__Ack ack = LISP_DP__ACK__INIT;
	struct errors errors = {};

	for (size_t i = 0; i < batch->n_op; i++) {
		struct lisp_dp_op op = { .remove = batch->op[i]->remove, .epoch = server.epoch };
		int code = lisp_dp_apply(batch->op[i], &op);

		if (!code)
			continue;
		if (!errors.error) {
			errors.error = XCALLOC(MTYPE_LISP_DP_BUFFER,
					       batch->n_op * sizeof(*errors.error));
			errors.pointer = XCALLOC(MTYPE_LISP_DP_BUFFER,
						 batch->n_op * sizeof(*errors.pointer));
			errors.text = XCALLOC(MTYPE_LISP_DP_BUFFER,
					      batch->n_op * sizeof(*errors.text));
		}
		strlcpy(errors.text[ack.n_error], op.text[0] ? op.text : safe_strerror(code),
			sizeof(errors.text[0]));
		lisp_dp__ack__op_error__init(&errors.error[ack.n_error]);
		errors.error[ack.n_error].index = i;
		errors.error[ack.n_error].code = code;
		errors.error[ack.n_error].text = errors.text[ack.n_error];
		errors.pointer[ack.n_error] = &errors.error[ack.n_error];
		ack.n_error++;
	}
	lisp_dp_commit();

	ack.seq = batch->seq;
	ack.error = errors.pointer;
	message.body_case = LISP_DP__FROM_DPLANE__BODY_ACK;
	message.ack = &ack;
	send_message(&message, false, NULL, 0);
	XFREE(MTYPE_LISP_DP_BUFFER, errors.error);
	XFREE(MTYPE_LISP_DP_BUFFER, errors.pointer);
	XFREE(MTYPE_LISP_DP_BUFFER, errors.text);
}

static void on_counters(const LispDp__CounterRequest *request)
{
	lisp_dp_counters_answer(request->seq);
	if (request->clear)
		lisp_dp_counters_clear();
}

static void on_message(const LispDp__ToDplane *message)
{
	if (!server.greeted && message->body_case != LISP_DP__TO_DPLANE__BODY_HELLO) {
		disconnect("no Hello");
		return;
	}
	frr_with_privs (&zserv_privs) {
		switch ((int)message->body_case) {
		case LISP_DP__TO_DPLANE__BODY_HELLO:
			on_hello(message->hello);
			break;
		case LISP_DP__TO_DPLANE__BODY_BATCH:
			on_batch(message->batch);
			break;
		case LISP_DP__TO_DPLANE__BODY_SENDERS:
			lisp_dp_tell_senders();
			break;
		case LISP_DP__TO_DPLANE__BODY_COUNTERS:
			on_counters(message->counters);
			break;
		case LISP_DP__TO_DPLANE__BODY_RECALL:
			server.recalling = lisp_dp_recall();
			break;
		case LISP_DP__TO_DPLANE__BODY_EXPLAIN:
			lisp_dp_explain(message->explain);
			break;
		default:
			zlog_warn("lisp: unknown message on the mapping socket");
			break;
		}
	}
}

/* Takes whole messages off the input. */
static void take_messages(void)
{
	size_t taken = 0;

	while (server.fd >= 0 && server.in_length - taken >= 4) {
		LispDp__ToDplane *message;
		uint32_t length;

		memcpy(&length, server.in + taken, sizeof(length));
		length = ntohl(length);
		if (length > MESSAGE_MAX) {
			disconnect("message too long");
			return;
		}
		if (server.in_length - taken - 4 < length)
			break;
		message = lisp_dp__to_dplane__unpack(NULL, length, server.in + taken + 4);
		if (!message) {
			disconnect("malformed message");
			return;
		}
		on_message(message);
		lisp_dp__to_dplane__free_unpacked(message, NULL);
		taken += 4 + length;
	}
	if (server.fd < 0)
		return;
	memmove(server.in, server.in + taken, server.in_length - taken);
	server.in_length -= taken;
}

static void socket_read(struct event *event)
{
	ssize_t got = read(server.fd, server.in + server.in_length,
			   MESSAGE_MAX + 4 - server.in_length);

	if (got < 0 && ERRNO_IO_RETRY(errno))
		got = 0;
	else if (got <= 0) {
		disconnect(got ? safe_strerror(errno) : "lispd is gone");
		return;
	}
	server.in_length += got;
	event_add_read(lisp_dp_loop, socket_read, NULL, server.fd, &server.t_read);
	take_messages();
}

static void socket_accept(struct event *event)
{
	int fd = accept4(server.listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	event_add_read(lisp_dp_loop, socket_accept, NULL, server.listener, &server.t_accept);
	if (fd < 0)
		return;
	disconnect("replaced by a new connection");
	server.fd = fd;
	server.in = XMALLOC(MTYPE_LISP_DP_INPUT, MESSAGE_MAX + 4);
	event_add_read(lisp_dp_loop, socket_read, NULL, server.fd, &server.t_read);
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	mode_t mask;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool ok;

	if (fd < 0)
		return -1;
	strlcpy(address.sun_path, path, sizeof(address.sun_path));
	unlink(path);
	mask = umask(0177);
	ok = !bind(fd, (struct sockaddr *)&address, sizeof(address)) && !listen(fd, 4);
	umask(mask);
	if (ok)
		return fd;
	zlog_err("lisp: mapping socket %s: %s", path, safe_strerror(errno));
	close(fd);
	return -1;
}

void lisp_dp_socket_init(const char *note)
{
	strlcpy(server.note, note, sizeof(server.note));
	messages_init(server.out);
	lisp_dp_tell_init(send_message);
	if (snprintf(server.path, sizeof(server.path), "%s/lispdp.sock", frr_runstatedir) <
	    (int)sizeof(server.path))
		server.listener = listen_at(server.path);
	else
		zlog_err("lisp: mapping socket: %s is too long a path", frr_runstatedir);
	grace_begin();
	if (server.listener >= 0)
		event_add_read(lisp_dp_loop, socket_accept, NULL, server.listener, &server.t_accept);
}

void lisp_dp_socket_finish(void)
{
	disconnect("zebra stops");
	event_cancel(&server.t_accept);
	event_cancel(&server.t_grace);
	if (server.listener >= 0) {
		close(server.listener);
		unlink(server.path);
	}
	server.listener = -1;
	messages_fini(server.out);
}
