// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Policies are not weighed against each other: one that protects or blocks counts even
 * if another comes first.
 */
#include <zebra.h>

#include <linux/xfrm.h>

#include "lib/memory.h"
#include "lib/typesafe.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_maps.h"
#include "dplane/lisp_dp_netlink.h"
#include "dplane/lisp_dp_xfrm.h"

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_POLICY, "LISP IPsec policy");

PREDECL_DLIST(policies);

struct policy {
	struct policies_item item;
	struct xfrm_selector selector;
	uint8_t dir;
	bool passes; /* neither protects nor blocks */
};

DECLARE_DLIST(policies, struct policy, item);

static struct policies_head policies[1] = { INIT_DLIST(policies[0]) };
static bool blocked[2]; /* in, out: what no policy is for */

/* Of an XFRM or VTI device: it asks for it itself, whoever sends by it. */
static bool elsewhere(struct rtattr **table)
{
	struct xfrm_mark mark = {};

	if (table[XFRMA_MARK])
		memcpy(&mark, RTA_DATA(table[XFRMA_MARK]),
		       MIN(sizeof(mark), RTA_PAYLOAD(table[XFRMA_MARK])));
	return mark.v || lisp_dp_nl_u32(table[XFRMA_IF_ID], 0);
}

static void policy_read(const struct nlmsghdr *answer, void *arg)
{
	const uint8_t *data = NLMSG_DATA(answer);
	struct xfrm_userpolicy_info info;
	struct rtattr *table[XFRMA_MAX + 1];
	struct policy *policy;

	if (answer->nlmsg_type != XFRM_MSG_NEWPOLICY || NLMSG_PAYLOAD(answer, 0) < (int)sizeof(info))
		return;
	memcpy(&info, data, sizeof(info)); /* a message is aligned to 4 octets, and this to 8 */
	if (info.dir != XFRM_POLICY_IN && info.dir != XFRM_POLICY_OUT)
		return;
	lisp_dp_nl_parse(table, XFRMA_MAX, (const struct rtattr *)(data + NLMSG_ALIGN(sizeof(info))),
			 NLMSG_PAYLOAD(answer, sizeof(info)));
	if (elsewhere(table))
		return;
	policy = XCALLOC(MTYPE_LISP_DP_POLICY, sizeof(*policy));
	policy->selector = info.sel;
	policy->dir = info.dir;
	policy->passes = info.action == XFRM_POLICY_ALLOW && !table[XFRMA_TMPL];
	policies_add_tail(policies, policy);
}

static void default_read(const struct nlmsghdr *answer, void *arg)
{
	const struct xfrm_userpolicy_default *is = NLMSG_DATA(answer);

	if (NLMSG_PAYLOAD(answer, 0) < (int)sizeof(*is))
		return;
	blocked[XFRM_POLICY_IN] = is->in == XFRM_USERPOLICY_BLOCK;
	blocked[XFRM_POLICY_OUT] = is->out == XFRM_USERPOLICY_BLOCK;
}

int lisp_dp_xfrm_load(void)
{
	struct xfrm_userpolicy_id id = {};
	struct xfrm_userpolicy_default is = {};
	struct lisp_dp_request request;
	int result;

	lisp_dp_xfrm_unload();
	lisp_dp_nl_begin(&request, XFRM_MSG_GETPOLICY, NLM_F_DUMP, &id, sizeof(id));
	result = lisp_dp_nl_talk(NETLINK_XFRM, &request, policy_read, NULL);
	if (result) {
		lisp_dp_xfrm_unload();
		return result;
	}
	/* Linux 5.15 and later */
	lisp_dp_nl_begin(&request, XFRM_MSG_GETDEFAULT, 0, &is, sizeof(is));
	lisp_dp_nl_talk(NETLINK_XFRM, &request, default_read, NULL);
	return 0;
}

void lisp_dp_xfrm_unload(void)
{
	struct policy *policy;

	while ((policy = policies_pop(policies)))
		XFREE(MTYPE_LISP_DP_POLICY, policy);
	memset(blocked, 0, sizeof(blocked));
}

/* The first length bits are equal; an address that is not known may be any. */
static bool may_be_in(const uint8_t *address, const xfrm_address_t *prefix, uint8_t length)
{
	const uint8_t *other = (const uint8_t *)prefix;
	uint8_t mask = 0xff << (8 - length % 8);

	if (!address)
		return true;
	if (length > 128 || memcmp(address, other, length / 8))
		return false;
	return !(length % 8) || !((address[length / 8] ^ other[length / 8]) & mask);
}

static bool may_select(const struct xfrm_selector *selector, const struct lisp_dp_flow *flow)
{
	/* family 0 is of a policy for both, with no addresses */
	if (selector->family && selector->family != LISP_DP_FAMILY(flow->version))
		return false;
	if (selector->proto && selector->proto != IPPROTO_UDP)
		return false;
	if ((htons(LISP_DATA_PORT) & selector->dport_mask) != selector->dport)
		return false;
	return may_be_in(flow->source, &selector->saddr, selector->prefixlen_s) &&
	       may_be_in(flow->destination, &selector->daddr, selector->prefixlen_d);
}

bool lisp_dp_xfrm_matters(const struct lisp_dp_flow *flow, bool out)
{
	uint8_t dir = out ? XFRM_POLICY_OUT : XFRM_POLICY_IN;
	const struct policy *policy;

	if (blocked[dir])
		return true;
	frr_each (policies_const, policies, policy)
		if (policy->dir == dir && !policy->passes && may_select(&policy->selector, flow))
			return true;
	return false;
}
