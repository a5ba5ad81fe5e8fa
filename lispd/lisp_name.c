// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of hosts: getaddrinfo_a() asks in a thread of its own, a timer looks for its answer. */
#include <zebra.h>

#include <netdb.h>
#include <string.h>

#include "frrevent.h"
#include "memory.h"
#include "typesafe.h"

#include "lispd/lisp_limits.h"
#include "lispd/lisp_name.h"
#include "lispd/lispd.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_NAME, "LISP name that is asked for");

PREDECL_DLIST(lisp_names);

struct lisp_name {
	struct lisp_names_item item;
	struct gaicb request; /* the thread's while it is in progress */
	struct addrinfo hints;
	char text[256];
	void (*done)(void *arg, const struct ipaddr *addr, const char *error); /* or NULL */
	void *arg;
	struct event *t_poll;
};

DECLARE_DLIST(lisp_names, struct lisp_name, item);

static struct lisp_names_head names[1] = { INIT_DLIST(names[0]) };

static void name_free(struct lisp_name *name)
{
	event_cancel(&name->t_poll);
	if (name->request.ar_result)
		freeaddrinfo(name->request.ar_result);
	lisp_names_del(names, name);
	XFREE(MTYPE_LISP_NAME, name);
}

static bool first_address(const struct addrinfo *found, struct ipaddr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (!found)
		return false;
	if (found->ai_family == AF_INET) {
		addr->ipa_type = IPADDR_V4;
		addr->ipaddr_v4 = ((const struct sockaddr_in *)found->ai_addr)->sin_addr;
	} else {
		addr->ipa_type = IPADDR_V6;
		addr->ipaddr_v6 = ((const struct sockaddr_in6 *)found->ai_addr)->sin6_addr;
	}
	return true;
}

static void name_poll(struct event *event)
{
	struct lisp_name *name = EVENT_ARG(event);
	int error = gai_error(&name->request);
	struct ipaddr addr;

	if (error == EAI_INPROGRESS) {
		event_add_timer_msec(lisp.master, name_poll, name, LISP_NAME_POLL, &name->t_poll);
		return;
	}
	if (name->done && !error && first_address(name->request.ar_result, &addr))
		name->done(name->arg, &addr, NULL);
	else if (name->done)
		name->done(name->arg, NULL, gai_strerror(error));
	name_free(name);
}

struct lisp_name *
lisp_name_ask(const char *text,
	      void (*done)(void *arg, const struct ipaddr *addr, const char *error), void *arg)
{
	struct lisp_name *name;
	struct gaicb *list[1];

	if (lisp_names_count(names) >= LISP_NAMES_MAX || strlen(text) >= sizeof(name->text))
		return NULL;
	name = XCALLOC(MTYPE_LISP_NAME, sizeof(*name));
	strlcpy(name->text, text, sizeof(name->text));
	name->done = done;
	name->arg = arg;
	name->hints.ai_socktype = SOCK_DGRAM;
	name->request.ar_name = name->text;
	name->request.ar_request = &name->hints;
	lisp_names_add_tail(names, name);
	list[0] = &name->request;
	if (getaddrinfo_a(GAI_NOWAIT, list, 1, NULL)) {
		name_free(name);
		return NULL;
	}
	event_add_timer_msec(lisp.master, name_poll, name, LISP_NAME_POLL, &name->t_poll);
	return name;
}

void lisp_name_cancel(struct lisp_name **name)
{
	if (*name)
		(*name)->done = NULL;
	*name = NULL;
}

/* What a thread still works on is its own until the process ends. */
void lisp_name_finish(void)
{
	struct lisp_name *name;

	frr_each_safe (lisp_names, names, name) {
		event_cancel(&name->t_poll);
		if (gai_cancel(&name->request) != EAI_NOTCANCELED)
			name_free(name);
	}
}
