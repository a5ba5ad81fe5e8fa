// SPDX-License-Identifier: GPL-2.0-or-later
/* The counters of both paths by kind of traffic and reason of drop, and their names. */
#include <zebra.h>

#include "dplane/lisp_dp_bpf.h"
#include "dplane/lisp_dp_count.h"

static const struct {
	const char *name;
	bool drop;
} names[LISP_COUNT_MAX] = {
	[LISP_COUNT_ENCAP_4] = { "encap-ipv4-rloc", false },
	[LISP_COUNT_ENCAP_6] = { "encap-ipv6-rloc", false },
	[LISP_COUNT_DECAP_4] = { "decap-ipv4-rloc", false },
	[LISP_COUNT_DECAP_6] = { "decap-ipv6-rloc", false },
	[LISP_COUNT_PUNT] = { "punt", false },
	[LISP_COUNT_NO_SOURCE_EID] = { "source-not-local-eid", true },
	[LISP_COUNT_ITR_DISABLED] = { "itr-disabled", true },
	[LISP_COUNT_NO_LOCATOR_UP] = { "no-locator-up", true },
	[LISP_COUNT_NO_ACTION] = { "no-action", true },
	[LISP_COUNT_POLICY_DENIED] = { "policy-denied", true },
	[LISP_COUNT_AUTH_FAILURE] = { "auth-failure", true },
	[LISP_COUNT_BAD_PACKET] = { "bad-packet", true },
	[LISP_COUNT_BAD_HEADER] = { "bad-lisp-header", true },
	[LISP_COUNT_ENCRYPTED] = { "encrypted", true },
	[LISP_COUNT_NO_INSTANCE] = { "unknown-instance-id", true },
	[LISP_COUNT_ETR_DISABLED] = { "etr-disabled", true },
	[LISP_COUNT_BAD_INNER] = { "bad-inner-packet", true },
	[LISP_COUNT_NO_LOCAL_EID] = { "destination-not-local-eid", true },
	[LISP_COUNT_ECN] = { "ecn-congestion", true },
	[LISP_COUNT_NOT_ALT] = { "not-an-alt-datagram", true },
	[LISP_COUNT_SLOW_ENCAP_4] = { "slow-encap-ipv4-rloc", false },
	[LISP_COUNT_SLOW_ENCAP_6] = { "slow-encap-ipv6-rloc", false },
	[LISP_COUNT_SLOW_DECAP_4] = { "slow-decap-ipv4-rloc", false },
	[LISP_COUNT_SLOW_DECAP_6] = { "slow-decap-ipv6-rloc", false },
	[LISP_COUNT_QUEUED] = { "queued", false },
	[LISP_COUNT_QUEUE_SENT] = { "queue-delivered", false },
	[LISP_COUNT_NATIVE] = { "natively-forwarded", false },
	[LISP_COUNT_FRAGMENTED] = { "fragmented", false },
	[LISP_COUNT_ICMP_SENT] = { "icmp-sent", false },
	[LISP_COUNT_ICMP_RELAYED] = { "icmp-relayed", false },
	[LISP_COUNT_NO_MAPPING] = { "no-mapping", true },
	[LISP_COUNT_QUEUE_EID_FULL] = { "queue-eid-full", true },
	[LISP_COUNT_QUEUE_FULL] = { "queue-full", true },
	[LISP_COUNT_QUEUE_EXPIRED] = { "queue-expired", true },
	[LISP_COUNT_QUEUE_NEGATIVE] = { "queue-negative-mapping", true },
	[LISP_COUNT_DROP_ACTION] = { "drop-action", true },
	[LISP_COUNT_TOO_BIG] = { "too-big", true },
	[LISP_COUNT_NOT_LOCAL_RLOC] = { "destination-not-local-rloc", true },
	[LISP_COUNT_UNASSIGNED] = { "destination-unassigned", true },
	[LISP_COUNT_TTL] = { "ttl-exceeded", true },
	[LISP_COUNT_SEND_ERROR] = { "send-error", true },
};

static struct lisp_bpf_count slow[LISP_COUNT_MAX];

const char *lisp_dp_count_name(unsigned int counter, bool *drop)
{
	*drop = names[counter].drop;
	return names[counter].name;
}

void lisp_dp_count(unsigned int counter, uint64_t bytes)
{
	slow[counter].packets++;
	slow[counter].bytes += bytes;
}

void lisp_dp_count_sum(unsigned int counter, struct lisp_bpf_count *sum)
{
	memset(sum, 0, sizeof(*sum));
	if (counter < LISP_COUNT_FAST_MAX)
		lisp_dp_bpf_count(counter, sum);
	sum->packets += slow[counter].packets;
	sum->bytes += slow[counter].bytes;
}

void lisp_dp_count_clear(void)
{
	memset(slow, 0, sizeof(slow));
	for (unsigned int i = 0; i < LISP_COUNT_FAST_MAX; i++)
		lisp_dp_bpf_count_clear(i);
}
