// SPDX-License-Identifier: GPL-2.0-or-later
/* Encoding for the mapping socket: nothing is allocated per object. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "memory.h"

#include "dplane/lisp_dp.pb-c.h"
#include "lispd/lisp_dplane_fixed.h"
#include "lispd/lisp_dplane_obj.h"
#include "lispd/lisp_dplane_pb.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_mapping.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_DP_PACK, "LISP dataplane message");

#define PB_VERSION 1

/* One operation with room for whatever its body points to. */
struct pb_slot {
	LispDp__Op op;
	union {
		LispDp__Instance instance;
		LispDp__LocalEid local_eid;
		LispDp__LocalRloc local_rloc;
		LispDp__Locator locator;
		LispDp__LocatorSet set;
		LispDp__Mapping mapping;
		LispDp__Tunnel tunnel;
		LispDp__Alt alt;
		LispDp__Underlay underlay;
	} body;
	LispDp__Prefix prefix;
	LispDp__LocatorSet__Member *member_ptr[LISP_LOCATORS_MAX];
	LispDp__LocatorSet__Member member[LISP_LOCATORS_MAX];
};

static struct pb_slot slots[LISP_DPLANE_BATCH_MAX];

static void pb_put(struct buffer *out, const LispDp__ToDplane *to)
{
	size_t len = lisp_dp__to_dplane__get_packed_size(to);
	uint32_t word = htonl(len);
	uint8_t *octets = XMALLOC(MTYPE_LISP_DP_PACK, len);

	lisp_dp__to_dplane__pack(to, octets);
	buffer_put(out, &word, sizeof(word));
	buffer_put(out, octets, len);
	XFREE(MTYPE_LISP_DP_PACK, octets);
}

void dp_pb_hello(struct buffer *out, uint64_t epoch)
{
	LispDp__Hello hello = LISP_DP__HELLO__INIT;
	LispDp__ToDplane to = LISP_DP__TO_DPLANE__INIT;

	hello.version = PB_VERSION;
	hello.epoch = epoch;
	to.body_case = LISP_DP__TO_DPLANE__BODY_HELLO;
	to.hello = &hello;
	pb_put(out, &to);
}

void dp_pb_recall(struct buffer *out)
{
	LispDp__Recall recall = LISP_DP__RECALL__INIT;
	LispDp__ToDplane to = LISP_DP__TO_DPLANE__INIT;

	to.body_case = LISP_DP__TO_DPLANE__BODY_RECALL;
	to.recall = &recall;
	pb_put(out, &to);
}

static ProtobufCBinaryData pb_addr(const struct ipaddr *addr)
{
	ProtobufCBinaryData data = {};

	if (IS_IPADDR_NONE(addr))
		return data;
	data.len = IPADDRSZ(addr);
	data.data = (uint8_t *)addr->ip.addrbytes;
	return data;
}

void dp_pb_explain(struct buffer *out, uint64_t seq, const struct lisp_dplane_packet *packet)
{
	LispDp__Explain explain = LISP_DP__EXPLAIN__INIT;
	LispDp__ToDplane to = LISP_DP__TO_DPLANE__INIT;

	explain.seq = seq;
	explain.iid = packet->iid;
	explain.source = pb_addr(&packet->source);
	explain.destination = pb_addr(&packet->destination);
	explain.protocol = packet->protocol;
	explain.source_port = packet->source_port;
	explain.destination_port = packet->destination_port;
	to.body_case = LISP_DP__TO_DPLANE__BODY_EXPLAIN;
	to.explain = &explain;
	pb_put(out, &to);
}

void dp_pb_counters(struct buffer *out, uint64_t seq, bool clear)
{
	LispDp__CounterRequest request = LISP_DP__COUNTER_REQUEST__INIT;
	LispDp__ToDplane to = LISP_DP__TO_DPLANE__INIT;

	request.seq = seq;
	request.clear = clear;
	to.body_case = LISP_DP__TO_DPLANE__BODY_COUNTERS;
	to.counters = &request;
	pb_put(out, &to);
}

void dp_pb_senders(struct buffer *out)
{
	LispDp__SenderRequest request = LISP_DP__SENDER_REQUEST__INIT;
	LispDp__ToDplane to = LISP_DP__TO_DPLANE__INIT;

	to.body_case = LISP_DP__TO_DPLANE__BODY_SENDERS;
	to.senders = &request;
	pb_put(out, &to);
}

/* ---- operations ---- */

static LispDp__Prefix *pb_prefix(struct pb_slot *slot, const struct lisp_eid *eid)
{
	lisp_dp__prefix__init(&slot->prefix);
	slot->prefix.address.len = lisp_family_bits(eid->prefix.family) / 8;
	slot->prefix.address.data = (uint8_t *)&eid->prefix.u.prefix;
	slot->prefix.length = eid->prefix.prefixlen;
	return &slot->prefix;
}

static void pb_instance(struct pb_slot *slot, const struct dp_fixed *f)
{
	LispDp__Instance *body = &slot->body.instance;

	lisp_dp__instance__init(body);
	body->iid = f->v.instance.iid;
	body->vrf = (char *)f->v.instance.vrf;
	body->itr4 = f->v.instance.itr[LISP_IPV4];
	body->itr6 = f->v.instance.itr[LISP_IPV6];
	body->etr4 = f->v.instance.etr[LISP_IPV4];
	body->etr6 = f->v.instance.etr[LISP_IPV6];
	body->queue_per_eid = f->v.instance.queue_per_eid;
	body->queue_total = f->v.instance.queue_total;
	body->queue_hold_ms = f->v.instance.queue_hold_ms;
	slot->op.body_case = LISP_DP__OP__BODY_INSTANCE;
	slot->op.instance = body;
}

static void pb_local_eid(struct pb_slot *slot, const struct dp_fixed *f)
{
	LispDp__LocalEid *body = &slot->body.local_eid;

	lisp_dp__local_eid__init(body);
	body->iid = f->v.local_eid.iid;
	body->prefix = pb_prefix(slot, &f->v.local_eid);
	slot->op.body_case = LISP_DP__OP__BODY_LOCAL_EID;
	slot->op.local_eid = body;
}

static void pb_local_rloc(struct pb_slot *slot, const struct dp_fixed *f)
{
	LispDp__LocalRloc *body = &slot->body.local_rloc;

	lisp_dp__local_rloc__init(body);
	body->address = pb_addr(&f->v.local_rloc.addr);
	body->ifindex = f->v.local_rloc.ifindex;
	body->mtu = f->v.local_rloc.mtu;
	slot->op.body_case = LISP_DP__OP__BODY_LOCAL_RLOC;
	slot->op.local_rloc = body;
}

static void pb_tunnel(struct pb_slot *slot, const struct dp_fixed *f)
{
	LispDp__Tunnel *body = &slot->body.tunnel;

	lisp_dp__tunnel__init(body);
	body->name = (char *)f->v.tunnel.name;
	body->vrf = (char *)f->v.tunnel.vrf;
	body->source = pb_addr(&f->v.tunnel.source);
	body->destination = pb_addr(&f->v.tunnel.destination);
	body->has_key = f->v.tunnel.has_key;
	body->key = f->v.tunnel.key;
	slot->op.body_case = LISP_DP__OP__BODY_TUNNEL;
	slot->op.tunnel = body;
}

static void pb_alt(struct pb_slot *slot, const struct dp_fixed *f)
{
	LispDp__Alt *body = &slot->body.alt;

	lisp_dp__alt__init(body);
	body->vrf = (char *)f->v.alt;
	slot->op.body_case = LISP_DP__OP__BODY_ALT;
	slot->op.alt = body;
}

static void pb_underlay(struct pb_slot *slot, const struct dp_fixed *f)
{
	LispDp__Underlay *body = &slot->body.underlay;

	lisp_dp__underlay__init(body);
	body->vrf = (char *)f->v.underlay;
	slot->op.body_case = LISP_DP__OP__BODY_UNDERLAY;
	slot->op.underlay = body;
}

static void pb_locator(struct pb_slot *slot, const struct dp_locator *loc)
{
	const struct lisp_rloc *rloc = loc->rloc;
	LispDp__Locator *body = &slot->body.locator;

	lisp_dp__locator__init(body);
	body->id = loc->id;
	body->address = pb_addr(&rloc->addr);
	body->source = pb_addr(&rloc->source);
	body->ifindex = rloc->ifindex;
	body->mtu = rloc->mtu;
	body->doubtful = rloc->state == LISP_RLOC_ICMP_DOWN;
	body->up = lisp_rloc_usable(rloc) && rloc->ifindex && !rloc->local &&
		   !IS_IPADDR_NONE(&rloc->source);
	slot->op.body_case = LISP_DP__OP__BODY_LOCATOR;
	slot->op.locator = body;
}

static void pb_set(struct pb_slot *slot, const struct dp_set *set)
{
	LispDp__LocatorSet *body = &slot->body.set;

	lisp_dp__locator_set__init(body);
	body->id = set->id;
	body->member = slot->member_ptr;
	for (unsigned int i = 0; i < set->n && i < LISP_LOCATORS_MAX; i++) {
		LispDp__LocatorSet__Member *member = &slot->member[i];

		lisp_dp__locator_set__member__init(member);
		member->locator = set->member[i].locator->id;
		member->priority = set->member[i].priority;
		member->weight = set->member[i].weight;
		slot->member_ptr[body->n_member++] = member;
	}
	slot->op.body_case = LISP_DP__OP__BODY_SET;
	slot->op.set = body;
}

static void pb_mapping(struct pb_slot *slot, const struct dp_mapping *m)
{
	LispDp__Mapping *body = &slot->body.mapping;

	lisp_dp__mapping__init(body);
	body->iid = m->eid.iid;
	body->prefix = pb_prefix(slot, &m->eid);
	body->id = m->id;
	body->action = (LispDp__Action)m->action;
	body->set = m->set ? m->set->id : 0;
	slot->op.body_case = LISP_DP__OP__BODY_MAPPING;
	slot->op.mapping = body;
}

static void pb_op(struct pb_slot *slot, struct dp_obj *obj)
{
	lisp_dp__op__init(&slot->op);
	slot->op.remove = obj->remove;

	switch (obj->kind) {
	case DP_UNDERLAY:
		pb_underlay(slot, container_of(obj, struct dp_fixed, obj));
		break;
	case DP_INSTANCE:
		pb_instance(slot, container_of(obj, struct dp_fixed, obj));
		break;
	case DP_LOCAL_EID:
		pb_local_eid(slot, container_of(obj, struct dp_fixed, obj));
		break;
	case DP_LOCAL_RLOC:
		pb_local_rloc(slot, container_of(obj, struct dp_fixed, obj));
		break;
	case DP_TUNNEL:
		pb_tunnel(slot, container_of(obj, struct dp_fixed, obj));
		break;
	case DP_ALT:
		pb_alt(slot, container_of(obj, struct dp_fixed, obj));
		break;
	case DP_LOCATOR:
		pb_locator(slot, container_of(obj, struct dp_locator, obj));
		break;
	case DP_SET:
		pb_set(slot, container_of(obj, struct dp_set, obj));
		break;
	case DP_MAPPING:
		pb_mapping(slot, container_of(obj, struct dp_mapping, obj));
		break;
	}
}

static void pb_put_batch(struct buffer *out, uint64_t seq, LispDp__Op **ops, unsigned int n)
{
	LispDp__Batch batch = LISP_DP__BATCH__INIT;
	LispDp__ToDplane to = LISP_DP__TO_DPLANE__INIT;

	batch.seq = seq;
	batch.n_op = n;
	batch.op = ops;
	to.body_case = LISP_DP__TO_DPLANE__BODY_BATCH;
	to.batch = &batch;
	pb_put(out, &to);
}

unsigned int dp_pb_batch(struct buffer *out, uint64_t seq)
{
	struct dp_obj *objs[LISP_DPLANE_BATCH_MAX], *obj;
	LispDp__Op *ops[LISP_DPLANE_BATCH_MAX];
	unsigned int n = 0;

	while (n < LISP_DPLANE_BATCH_MAX && (obj = dp_next())) {
		pb_op(&slots[n], obj);
		ops[n] = &slots[n].op;
		objs[n++] = obj;
	}
	if (!n)
		return 0;

	pb_put_batch(out, seq, ops, n);
	/* the octets are copied: only now may objects end */
	for (unsigned int i = 0; i < n; i++)
		dp_sent(objs[i]);
	return n;
}

void dp_pb_end_of_replay(struct buffer *out, uint64_t seq)
{
	LispDp__EndOfReplay end = LISP_DP__END_OF_REPLAY__INIT;
	LispDp__Op op = LISP_DP__OP__INIT, *ops[] = { &op };

	op.body_case = LISP_DP__OP__BODY_END_OF_REPLAY;
	op.end_of_replay = &end;
	pb_put_batch(out, seq, ops, 1);
}
