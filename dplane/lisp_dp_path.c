// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel is asked once for a locator, and where it has several paths once for each flow. */
#include <zebra.h>

#include <linux/rtnetlink.h>

#include "lib/memory.h"
#include "lib/monotime.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_lookup.h"
#include "dplane/lisp_dp_path.h"
#include "dplane/lisp_dp_underlay.h"

#define BELIEVED_S  2
#define ASKED_PER_S 500 /* requests; each takes some tens of microseconds */

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_PATH, "LISP path of a flow");

static struct path {
	uint32_t locator;
	int ifindex;
	time_t until; /* monotonic seconds */
} *paths;	      /* LISP_FLOWS of them, by the flow's source port, once one is wanted */

static struct lisp_dp_lookup question(const struct lisp_dp_locator *locator, uint32_t hash)
{
	return (struct lisp_dp_lookup){ .family = LISP_DP_FAMILY(locator->value.family),
					.source = locator->value.source,
					.destination = locator->value.address,
					.oif = lisp_dp_underlay_ifindex(),
					.protocol = IPPROTO_UDP,
					.source_port = LISP_SOURCE_PORT(hash),
					.destination_port = LISP_DATA_PORT };
}

/* So that new flows, however many, do not cost the kernel a request each. */
static bool may_ask(void)
{
	static struct lisp_dp_rate asked;

	return lisp_dp_rate_take(&asked, ASKED_PER_S);
}

static bool has_several(struct lisp_dp_locator *locator, time_t now)
{
	struct lisp_dp_lookup asked = question(locator, 0);

	if (locator->paths_until > now || !may_ask())
		return locator->paths;
	locator->paths = lisp_dp_lookup_paths(&asked) > 1;
	locator->paths_until = now + BELIEVED_S;
	return locator->paths;
}

int lisp_dp_path(struct lisp_dp_locator *locator, uint32_t hash)
{
	struct lisp_dp_lookup asked = question(locator, hash);
	time_t now = monotime(NULL);
	struct lisp_dp_way way;
	struct path *path;

	if (!has_several(locator, now))
		return 0;
	if (!paths)
		paths = XCALLOC(MTYPE_LISP_DP_PATH, LISP_FLOWS * sizeof(*paths));
	path = &paths[LISP_FLOW_PLACE(hash)];
	if (path->locator == locator->id && path->until > now)
		return path->ifindex;
	if (!may_ask())
		return 0;
	path->locator = locator->id;
	path->until = now + BELIEVED_S;
	path->ifindex = !lisp_dp_lookup_ask(&asked, &way) && way.type == RTN_UNICAST ? way.ifindex
										     : 0;
	return path->ifindex;
}

void lisp_dp_path_finish(void)
{
	XFREE(MTYPE_LISP_DP_PATH, paths);
}
