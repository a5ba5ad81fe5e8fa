// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages to lispd, as they go over the mapping socket. */
#include <zebra.h>

#include "lib/memory.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_locator.h"
#include "dplane/lisp_dp_sender.h"
#include "dplane/lisp_dp_tell.h"
#include "dplane/lisp_dp_underlay.h"

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_SENDERS, "LISP senders message");

static lisp_dp_send_fn send_message;

void lisp_dp_tell_init(lisp_dp_send_fn send)
{
	send_message = send;
}

static ProtobufCBinaryData address(uint8_t version, const uint8_t *octets)
{
	return (ProtobufCBinaryData){ .len = version == 4 ? 4 : 16, .data = (uint8_t *)octets };
}

void lisp_dp_tell_miss(uint32_t iid, uint8_t version, const uint8_t *eid, const uint8_t *source)
{
	LispDp__FromDplane message = LISP_DP__FROM_DPLANE__INIT;
	LispDp__Miss miss = LISP_DP__MISS__INIT;

	miss.iid = iid;
	miss.eid = address(version, eid);
	miss.source = address(version, source);
	message.body_case = LISP_DP__FROM_DPLANE__BODY_MISS;
	message.miss = &miss;
	send_message(&message, true, NULL, 0); /* else at the EID's next miss */
}

void lisp_dp_tell_stray(uint32_t iid, uint8_t version, const uint8_t *eid, const uint8_t *source,
			uint8_t outer, const uint8_t *rloc)
{
	LispDp__FromDplane message = LISP_DP__FROM_DPLANE__INIT;
	LispDp__Stray stray = LISP_DP__STRAY__INIT;

	stray.iid = iid;
	stray.eid = address(version, eid);
	stray.source = address(version, source);
	stray.rloc = address(outer, rloc);
	message.body_case = LISP_DP__FROM_DPLANE__BODY_STRAY;
	message.stray = &stray;
	send_message(&message, true, NULL, 0); /* else at its next packet */
}

void lisp_dp_tell_instance(const struct lisp_dp_instance *instance, const char *trouble)
{
	LispDp__FromDplane message = LISP_DP__FROM_DPLANE__INIT;
	LispDp__InstanceState state = LISP_DP__INSTANCE_STATE__INIT;

	state.iid = instance->iid;
	state.ifname = (char *)instance->ifname;
	state.ifindex = instance->ifindex;
	state.mtu = instance->mtu;
	state.bpf = instance->bpf;
	state.error = (char *)(instance->error[0] ? instance->error : lisp_dp_underlay_error());
	state.slow = (char *)(instance->bpf ? lisp_dp_locator_slow() : "");
	state.trouble = (char *)trouble;
	message.body_case = LISP_DP__FROM_DPLANE__BODY_INSTANCE;
	message.instance = &state;
	send_message(&message, false, NULL, 0);
}

void lisp_dp_tell_tunnel(const char *name, int ifindex, uint32_t mtu, bool kernel, const char *error)
{
	LispDp__FromDplane message = LISP_DP__FROM_DPLANE__INIT;
	LispDp__TunnelState state = LISP_DP__TUNNEL_STATE__INIT;

	state.name = (char *)name;
	state.ifindex = ifindex;
	state.mtu = mtu;
	state.kernel = kernel;
	state.error = (char *)error;
	message.body_case = LISP_DP__FROM_DPLANE__BODY_TUNNEL;
	message.tunnel = &state;
	send_message(&message, false, NULL, 0);
}

void lisp_dp_tell_alt(const char *vrf, const char *ifname, const char *error, const int *fds,
		      size_t n)
{
	LispDp__FromDplane message = LISP_DP__FROM_DPLANE__INIT;
	LispDp__AltState state = LISP_DP__ALT_STATE__INIT;

	state.vrf = (char *)vrf;
	state.ifname = (char *)ifname;
	state.error = (char *)error;
	state.descriptors = n;
	message.body_case = LISP_DP__FROM_DPLANE__BODY_ALT;
	message.alt = &state;
	send_message(&message, false, fds, n);
}

void lisp_dp_tell_locator(uint32_t id, bool unreachable, uint32_t mtu)
{
	LispDp__FromDplane message = LISP_DP__FROM_DPLANE__INIT;
	LispDp__LocatorEvent state = LISP_DP__LOCATOR_EVENT__INIT;

	state.id = id;
	state.unreachable = unreachable;
	state.mtu = mtu;
	message.body_case = LISP_DP__FROM_DPLANE__BODY_LOCATOR;
	message.locator = &state;
	send_message(&message, false, NULL, 0);
}

void lisp_dp_tell_recalled(LispDp__Recalled *recalled)
{
	LispDp__FromDplane message = LISP_DP__FROM_DPLANE__INIT;

	message.body_case = LISP_DP__FROM_DPLANE__BODY_RECALLED;
	message.recalled = recalled;
	send_message(&message, false, NULL, 0);
}

void lisp_dp_tell_counters(LispDp__Counters *counters)
{
	LispDp__FromDplane message = LISP_DP__FROM_DPLANE__INIT;

	message.body_case = LISP_DP__FROM_DPLANE__BODY_COUNTERS;
	message.counters = counters;
	send_message(&message, false, NULL, 0);
}

void lisp_dp_tell_explanation(LispDp__Explanation *explanation)
{
	LispDp__FromDplane message = LISP_DP__FROM_DPLANE__INIT;

	message.body_case = LISP_DP__FROM_DPLANE__BODY_EXPLANATION;
	message.explanation = explanation;
	send_message(&message, false, NULL, 0);
}

struct senders {
	LispDp__Senders message;
	LispDp__Senders__Sender *one, **pointer;
	struct lisp_bpf_rloc *rloc;
};

static void put_sender(const struct lisp_bpf_sender *from, void *arg)
{
	struct senders *senders = arg;
	size_t at = senders->message.n_sender++;

	senders->rloc[at] = from->rloc;
	senders->pointer[at] = &senders->one[at];
	lisp_dp__senders__sender__init(&senders->one[at]);
	senders->one[at].rloc.data = senders->rloc[at].address;
	senders->one[at].rloc.len = from->rloc.family == 4 ? 4 : 16;
	senders->one[at].iid = from->iid;
	senders->one[at].ipv6 = from->version == 6;
}

void lisp_dp_tell_senders(void)
{
	LispDp__FromDplane message = LISP_DP__FROM_DPLANE__INIT;
	struct senders senders = { .message = LISP_DP__SENDERS__INIT };

	senders.one = XCALLOC(MTYPE_LISP_DP_SENDERS, LISP_DP_SENDERS_MAX * sizeof(*senders.one));
	senders.pointer = XCALLOC(MTYPE_LISP_DP_SENDERS,
				  LISP_DP_SENDERS_MAX * sizeof(*senders.pointer));
	senders.rloc = XCALLOC(MTYPE_LISP_DP_SENDERS, LISP_DP_SENDERS_MAX * sizeof(*senders.rloc));
	senders.message.sender = senders.pointer;
	lisp_dp_sender_walk(put_sender, &senders);
	message.body_case = LISP_DP__FROM_DPLANE__BODY_SENDERS;
	message.senders = &senders.message;
	send_message(&message, false, NULL, 0);
	XFREE(MTYPE_LISP_DP_SENDERS, senders.one);
	XFREE(MTYPE_LISP_DP_SENDERS, senders.pointer);
	XFREE(MTYPE_LISP_DP_SENDERS, senders.rloc);
}
