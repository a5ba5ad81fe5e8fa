// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A rule is gone through with what is known of the packet: addresses, UDP, port 4341.
 * What it loads of that is known in its registers, all else is not, so that a comparison
 * is true, false, or may be either. Of a rule that may match, only its verdict counts:
 * one that accepts does no harm whichever way it goes.
 */
#include <zebra.h>

#include <linux/if_ether.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "lib/jhash.h"
#include "lib/memory.h"
#include "lib/typesafe.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_maps.h"
#include "dplane/lisp_dp_netlink.h"
#include "dplane/lisp_dp_nft.h"

#define NAME_MAX_LENGTH 64
#define DEPTH_MAX	16     /* the kernel's own limit of jumps */
#define STEPS_MAX	200000 /* expressions of one judgement */
#define REGISTERS	64     /* octets */
#define NO_HOOK		UINT32_MAX
#define INET_INGRESS	5 /* NF_INET_INGRESS, since Linux 5.10 */

DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_CHAIN, "LISP firewall chain");
DEFINE_MTYPE_STATIC(LISP_DP, LISP_DP_RULE, "LISP firewall rule");

PREDECL_HASH(chains);
PREDECL_LIST(rules);

struct rule {
	struct rules_item item;
	size_t length;
	uint8_t expressions[]; /* NFTA_RULE_EXPRESSIONS */
};

struct chain {
	struct chains_item item;
	uint8_t family; /* NFPROTO_* */
	char table[NAME_MAX_LENGTH];
	char name[NAME_MAX_LENGTH];
	uint32_t hook; /* of a base chain */
	bool drops;    /* its policy */
	struct rules_head rules[1];
};

DECLARE_LIST(rules, struct rule, item);

static int chain_cmp(const struct chain *a, const struct chain *b)
{
	int result = numcmp(a->family, b->family);

	if (!result)
		result = strcmp(a->table, b->table);
	return result ? result : strcmp(a->name, b->name);
}

static uint32_t chain_hash(const struct chain *chain)
{
	uint32_t hash = jhash(chain->table, strlen(chain->table), chain->family);

	return jhash(chain->name, strlen(chain->name), hash);
}
DECLARE_HASH(chains, struct chain, item, chain_cmp, chain_hash);

static struct chains_head chains[1] = { INIT_HASH(chains[0]) };

/* ---- reading ---- */

/* Attributes here are in network order. */
static uint32_t be32(const struct rtattr *attribute, uint32_t missing)
{
	return attribute ? ntohl(lisp_dp_nl_u32(attribute, htonl(missing))) : missing;
}

static void text_of(const struct rtattr *attribute, char *text)
{
	size_t length = attribute ? RTA_PAYLOAD(attribute) : 0;

	memset(text, 0, NAME_MAX_LENGTH);
	if (length)
		memcpy(text, RTA_DATA(attribute), MIN(length, (size_t)NAME_MAX_LENGTH - 1));
}

static void nested(struct rtattr **table, int max, const struct rtattr *attribute)
{
	lisp_dp_nl_parse(table, max, attribute ? RTA_DATA(attribute) : NULL,
			 attribute ? RTA_PAYLOAD(attribute) : 0);
}

static const struct rtattr *first_of(const struct nlmsghdr *answer)
{
	return (const struct rtattr *)((const uint8_t *)NLMSG_DATA(answer) +
				       NLMSG_ALIGN(sizeof(struct nfgenmsg)));
}

static void chain_read(const struct nlmsghdr *answer, void *arg)
{
	const struct nfgenmsg *head = NLMSG_DATA(answer);
	struct rtattr *table[NFTA_CHAIN_POLICY + 1], *hook[NFTA_HOOK_PRIORITY + 1];
	struct chain *chain;

	if (answer->nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWCHAIN))
		return;
	lisp_dp_nl_parse(table, NFTA_CHAIN_POLICY, first_of(answer),
			 NLMSG_PAYLOAD(answer, sizeof(*head)));
	chain = XCALLOC(MTYPE_LISP_DP_CHAIN, sizeof(*chain));
	chain->family = head->nfgen_family;
	text_of(table[NFTA_CHAIN_TABLE], chain->table);
	text_of(table[NFTA_CHAIN_NAME], chain->name);
	nested(hook, NFTA_HOOK_PRIORITY, table[NFTA_CHAIN_HOOK]);
	chain->hook = be32(hook[NFTA_HOOK_HOOKNUM], NO_HOOK);
	chain->drops = be32(table[NFTA_CHAIN_POLICY], NF_ACCEPT) != NF_ACCEPT;
	rules_init(chain->rules);
	if (!chains_add(chains, chain))
		return;
	rules_fini(chain->rules); /* there twice: the rules changed meanwhile */
	XFREE(MTYPE_LISP_DP_CHAIN, chain);
}

static struct chain *chain_find(uint8_t family, const char *table, const struct rtattr *name)
{
	struct chain key = { .family = family };

	memcpy(key.table, table, sizeof(key.table));
	text_of(name, key.name);
	return chains_find(chains, &key);
}

static void rule_read(const struct nlmsghdr *answer, void *arg)
{
	const struct nfgenmsg *head = NLMSG_DATA(answer);
	struct rtattr *table[NFTA_RULE_EXPRESSIONS + 1], *expressions;
	char name[NAME_MAX_LENGTH];
	struct chain *chain;
	struct rule *rule;

	if (answer->nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWRULE))
		return;
	lisp_dp_nl_parse(table, NFTA_RULE_EXPRESSIONS, first_of(answer),
			 NLMSG_PAYLOAD(answer, sizeof(*head)));
	text_of(table[NFTA_RULE_TABLE], name);
	chain = chain_find(head->nfgen_family, name, table[NFTA_RULE_CHAIN]);
	expressions = table[NFTA_RULE_EXPRESSIONS];
	if (!chain || !expressions)
		return;
	rule = XMALLOC(MTYPE_LISP_DP_RULE, sizeof(*rule) + RTA_PAYLOAD(expressions));
	rule->length = RTA_PAYLOAD(expressions);
	memcpy(rule->expressions, RTA_DATA(expressions), rule->length);
	rules_add_tail(chain->rules, rule);
}

static int dump(uint8_t what, lisp_dp_answer_fn fn)
{
	struct nfgenmsg head = { .nfgen_family = NFPROTO_UNSPEC, .version = NFNETLINK_V0 };
	struct lisp_dp_request request;

	lisp_dp_nl_begin(&request, NFNL_SUBSYS_NFTABLES << 8 | what, NLM_F_DUMP, &head,
			 sizeof(head));
	return lisp_dp_nl_talk(NETLINK_NETFILTER, &request, fn, NULL);
}

int lisp_dp_nft_load(void)
{
	int result;

	lisp_dp_nft_unload();
	result = dump(NFT_MSG_GETCHAIN, chain_read);
	if (!result && chains_count(chains))
		result = dump(NFT_MSG_GETRULE, rule_read);
	if (result)
		lisp_dp_nft_unload();
	return result;
}

void lisp_dp_nft_unload(void)
{
	struct chain *chain;
	struct rule *rule;

	while ((chain = chains_pop(chains))) {
		while ((rule = rules_pop(chain->rules)))
			XFREE(MTYPE_LISP_DP_RULE, rule);
		rules_fini(chain->rules);
		XFREE(MTYPE_LISP_DP_CHAIN, chain);
	}
}

/* ---- one rule ---- */

enum match { NO, MAY_BE, YES };

struct octets {
	uint8_t value[REGISTERS];
	bool known[REGISTERS];
};

struct run {
	struct octets network, transport; /* of the packet */
	uint8_t version;
	unsigned int steps; /* left */
	bool uncertain;	    /* a rule that decides was one that may match */
	/* of the rule in hand */
	struct octets registers;
	enum match match;
	bool effect; /* it does something to the packet, or we do not know what */
	bool decides;
	int verdict;
	const struct rtattr *target; /* of a jump */
};

/* Where a register is; REGISTERS: none that holds data. */
static size_t register_at(const struct rtattr *attribute)
{
	uint32_t number = be32(attribute, NFT_REG_VERDICT);

	if (number >= NFT_REG_1 && number <= NFT_REG_4)
		return (number - NFT_REG_1) * 16;
	if (number >= NFT_REG32_00 && number <= NFT_REG32_15)
		return (number - NFT_REG32_00) * 4;
	return REGISTERS;
}

static void registers_forget(struct run *run)
{
	memset(run->registers.known, 0, sizeof(run->registers.known));
}

static void may_match(struct run *run, enum match match)
{
	run->match = MIN(run->match, match);
}

/* length octets of from at offset, into the register. */
static void register_load(struct run *run, const struct rtattr *to, const struct octets *from,
			  size_t offset, size_t length)
{
	size_t at = register_at(to);

	for (size_t i = 0; i < length && at + i < REGISTERS; i++) {
		bool inside = from && offset + i < REGISTERS;

		run->registers.known[at + i] = inside && from->known[offset + i];
		run->registers.value[at + i] = inside ? from->value[offset + i] : 0;
	}
}

static void on_payload(struct run *run, struct rtattr **a)
{
	const struct octets *from = NULL;
	uint32_t base = be32(a[NFTA_PAYLOAD_BASE], UINT32_MAX);

	if (a[NFTA_PAYLOAD_SREG]) {
		run->effect = true;
		return;
	}
	if (base == NFT_PAYLOAD_NETWORK_HEADER)
		from = &run->network;
	else if (base == NFT_PAYLOAD_TRANSPORT_HEADER)
		from = &run->transport;
	register_load(run, a[NFTA_PAYLOAD_DREG], from, be32(a[NFTA_PAYLOAD_OFFSET], REGISTERS),
		      MIN(be32(a[NFTA_PAYLOAD_LEN], REGISTERS), (uint32_t)REGISTERS));
}

static void on_meta(struct run *run, struct rtattr **a)
{
	struct octets is = { .known = { true, true } };
	uint16_t ethertype = htons(run->version == 4 ? ETH_P_IP : ETH_P_IPV6);

	if (a[NFTA_META_SREG]) {
		run->effect = true;
		return;
	}
	switch (be32(a[NFTA_META_KEY], UINT32_MAX)) {
	case NFT_META_L4PROTO:
		is.value[0] = IPPROTO_UDP;
		register_load(run, a[NFTA_META_DREG], &is, 0, 1);
		return;
	case NFT_META_NFPROTO:
		is.value[0] = run->version == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
		register_load(run, a[NFTA_META_DREG], &is, 0, 1);
		return;
	case NFT_META_PROTOCOL:
		memcpy(is.value, &ethertype, sizeof(ethertype));
		register_load(run, a[NFTA_META_DREG], &is, 0, 2);
		return;
	default:
		register_load(run, a[NFTA_META_DREG], NULL, 0, REGISTERS);
		return;
	}
}

static void on_cmp(struct run *run, struct rtattr **a)
{
	struct rtattr *data[NFTA_DATA_MAX + 1];
	size_t at = register_at(a[NFTA_CMP_SREG]), length = 0;
	uint32_t operation = be32(a[NFTA_CMP_OP], UINT32_MAX);
	bool known = true, equal = true;

	nested(data, NFTA_DATA_MAX, a[NFTA_CMP_DATA]);
	if (data[NFTA_DATA_VALUE])
		length = RTA_PAYLOAD(data[NFTA_DATA_VALUE]);
	if (!length || at + length > REGISTERS ||
	    (operation != NFT_CMP_EQ && operation != NFT_CMP_NEQ)) {
		may_match(run, MAY_BE);
		return;
	}
	for (size_t i = 0; i < length; i++) {
		const uint8_t *wanted = RTA_DATA(data[NFTA_DATA_VALUE]);

		if (!run->registers.known[at + i])
			known = false;
		else if (run->registers.value[at + i] != wanted[i])
			equal = false;
	}
	if (equal && !known)
		may_match(run, MAY_BE);
	else
		may_match(run, equal == (operation == NFT_CMP_EQ) ? YES : NO);
}

static void on_bitwise(struct run *run, struct rtattr **a)
{
	struct rtattr *mask[NFTA_DATA_MAX + 1], *flip[NFTA_DATA_MAX + 1];
	size_t from = register_at(a[NFTA_BITWISE_SREG]), length = be32(a[NFTA_BITWISE_LEN], 0);
	struct octets result = {};

	nested(mask, NFTA_DATA_MAX, a[NFTA_BITWISE_MASK]);
	nested(flip, NFTA_DATA_MAX, a[NFTA_BITWISE_XOR]);
	if (!mask[NFTA_DATA_VALUE] || !flip[NFTA_DATA_VALUE] || from + length > REGISTERS ||
	    RTA_PAYLOAD(mask[NFTA_DATA_VALUE]) < length ||
	    RTA_PAYLOAD(flip[NFTA_DATA_VALUE]) < length) {
		registers_forget(run);
		return;
	}
	for (size_t i = 0; i < length; i++) {
		uint8_t bits = ((const uint8_t *)RTA_DATA(mask[NFTA_DATA_VALUE]))[i];

		result.known[i] = run->registers.known[from + i] || !bits;
		result.value[i] = (run->registers.value[from + i] & bits) ^
				  ((const uint8_t *)RTA_DATA(flip[NFTA_DATA_VALUE]))[i];
	}
	register_load(run, a[NFTA_BITWISE_DREG], &result, 0, length);
}

static void on_immediate(struct run *run, struct rtattr **a)
{
	struct rtattr *data[NFTA_DATA_MAX + 1], *verdict[NFTA_VERDICT_MAX + 1];

	nested(data, NFTA_DATA_MAX, a[NFTA_IMMEDIATE_DATA]);
	if (!data[NFTA_DATA_VERDICT]) {
		register_load(run, a[NFTA_IMMEDIATE_DREG], NULL, 0, REGISTERS);
		return;
	}
	nested(verdict, NFTA_VERDICT_MAX, data[NFTA_DATA_VERDICT]);
	run->decides = true;
	run->verdict = be32(verdict[NFTA_VERDICT_CODE], NF_DROP);
	run->target = verdict[NFTA_VERDICT_CHAIN];
}

/* A verdict from a map may be any. */
static void on_lookup(struct run *run, struct rtattr **a)
{
	if (a[NFTA_LOOKUP_DREG] && be32(a[NFTA_LOOKUP_DREG], 0) == NFT_REG_VERDICT)
		run->effect = true;
	registers_forget(run);
	may_match(run, MAY_BE);
}

static void on_ct(struct run *run, struct rtattr **a)
{
	run->effect |= !!a[NFTA_CT_SREG];
	registers_forget(run);
}

static void on_exthdr(struct run *run, struct rtattr **a)
{
	run->effect |= !!a[NFTA_EXTHDR_SREG];
	registers_forget(run);
	may_match(run, MAY_BE);
}

static void on_reject(struct run *run, struct rtattr **a)
{
	run->decides = true;
	run->verdict = NF_DROP;
}

/* Loads what we do not know, or matches by it. */
static void on_other_test(struct run *run, struct rtattr **a)
{
	registers_forget(run);
	may_match(run, MAY_BE);
}

static void on_nothing(struct run *run, struct rtattr **a)
{
}

static const struct {
	const char *name;
	void (*on)(struct run *run, struct rtattr **attributes);
} expressions[] = {
	{ "payload", on_payload },
	{ "meta", on_meta },
	{ "cmp", on_cmp },
	{ "bitwise", on_bitwise },
	{ "immediate", on_immediate },
	{ "lookup", on_lookup },
	{ "ct", on_ct },
	{ "exthdr", on_exthdr },
	{ "reject", on_reject },
	{ "counter", on_nothing },
	{ "last", on_nothing },
	{ "range", on_other_test },
	{ "rt", on_other_test },
	{ "fib", on_other_test },
	{ "socket", on_other_test },
	{ "numgen", on_other_test },
	{ "hash", on_other_test },
	{ "limit", on_other_test },
	{ "quota", on_other_test },
	{ "connlimit", on_other_test },
	{ "osf", on_other_test },
	{ "xfrm", on_other_test },
	{ "tunnel", on_other_test },
	{ "byteorder", on_other_test },
	{ "match", on_other_test },
};

#define ATTRIBUTES_MAX 16

static void expression(struct run *run, const struct rtattr *element)
{
	struct rtattr *table[NFTA_EXPR_MAX + 1], *attributes[ATTRIBUTES_MAX + 1];
	char name[NAME_MAX_LENGTH];

	nested(table, NFTA_EXPR_MAX, element);
	text_of(table[NFTA_EXPR_NAME], name);
	nested(attributes, ATTRIBUTES_MAX, table[NFTA_EXPR_DATA]);
	for (size_t i = 0; i < array_size(expressions); i++)
		if (strmatch(name, expressions[i].name)) {
			expressions[i].on(run, attributes);
			return;
		}
	run->effect = true; /* what changes, redirects, logs, or is new */
}

static void rule_run(struct run *run, const struct rule *rule)
{
	const struct rtattr *element = (const struct rtattr *)rule->expressions;
	int left = rule->length;

	registers_forget(run);
	run->match = YES;
	run->effect = run->decides = false;
	for (; run->match != NO && RTA_OK(element, left); element = RTA_NEXT(element, left)) {
		if (!run->steps) {
			run->effect = true;
			return;
		}
		run->steps--;
		expression(run, element);
	}
}

/* ---- chains ---- */

enum outcome {
	ACCEPTED, /* for certain, before the chain's end */
	PASSED,	  /* to its end, perhaps */
	MATTERS,
	DROPPED, /* for certain */
};

static enum outcome chain_run(struct run *run, const struct chain *chain, unsigned int depth)
{
	bool certain = true; /* what follows is reached */
	const struct rule *rule;

	if (depth > DEPTH_MAX)
		return MATTERS;
	frr_each (rules_const, chain->rules, rule) {
		enum outcome inner = PASSED;
		enum match match;
		int verdict;

		rule_run(run, rule);
		match = run->match;
		verdict = run->verdict;
		if (match == NO)
			continue;
		if (run->effect)
			return MATTERS;
		if (!run->decides || verdict == NFT_CONTINUE)
			continue;
		run->uncertain |= match == MAY_BE;
		if (verdict == NFT_JUMP || verdict == NFT_GOTO) {
			const struct chain *target = chain_find(chain->family, chain->table,
								run->target);

			inner = target ? chain_run(run, target, depth + 1) : MATTERS;
			if (inner == MATTERS || inner == DROPPED)
				return inner;
		} else if (verdict == NF_ACCEPT) {
			inner = ACCEPTED;
		} else if (verdict != NFT_RETURN) {
			return verdict == NF_DROP && !run->uncertain ? DROPPED : MATTERS;
		}
		if (match == YES && inner == ACCEPTED)
			return certain ? ACCEPTED : PASSED;
		if (inner == ACCEPTED || verdict == NFT_JUMP)
			continue;
		/* back to where the chain was called, or to the policy */
		if (match == YES)
			return PASSED;
		certain = false;
	}
	return PASSED;
}

/* Which base chains such a packet goes through, besides those that the fast path keeps. */
static bool on_the_way(const struct chain *chain, uint8_t version, bool out)
{
	if (chain->family == NFPROTO_NETDEV)
		return !out && chain->hook == NF_NETDEV_INGRESS;
	if (chain->family != NFPROTO_INET &&
	    chain->family != (version == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6))
		return false;
	if (out)
		return chain->hook == NF_INET_LOCAL_OUT || chain->hook == NF_INET_POST_ROUTING;
	return chain->hook == NF_INET_PRE_ROUTING || chain->hook == NF_INET_LOCAL_IN ||
	       (chain->family == NFPROTO_INET && chain->hook == INET_INGRESS);
}

static const char *family_name(uint8_t family)
{
	return family == NFPROTO_IPV4	? "ip"
	       : family == NFPROTO_IPV6 ? "ip6"
	       : family == NFPROTO_INET ? "inet"
					: "netdev";
}

static void octets_put(struct octets *octets, size_t at, const void *value, size_t length)
{
	if (!value)
		return;
	memcpy(octets->value + at, value, length);
	memset(octets->known + at, true, length);
}

static void packet_fill(struct run *run, const struct lisp_dp_flow *flow)
{
	const uint8_t version_4 = 0x45, udp = IPPROTO_UDP;
	const uint16_t port = htons(LISP_DATA_PORT);

	run->version = flow->version;
	octets_put(&run->transport, 2, &port, sizeof(port));
	if (flow->version == 4) {
		octets_put(&run->network, 0, &version_4, 1);
		octets_put(&run->network, 9, &udp, 1);
		octets_put(&run->network, 12, flow->source, 4);
		octets_put(&run->network, 16, flow->destination, 4);
	} else {
		octets_put(&run->network, 6, &udp, 1);
		octets_put(&run->network, 8, flow->source, 16);
		octets_put(&run->network, 24, flow->destination, 16);
	}
}

static enum lisp_dp_verdict chain_verdict(struct run *run, const struct chain *chain)
{
	enum outcome outcome;

	run->uncertain = false;
	outcome = chain_run(run, chain, 0);
	if (outcome == ACCEPTED || (outcome == PASSED && !chain->drops))
		return LISP_DP_PASSES;
	return outcome == DROPPED || (outcome == PASSED && !run->uncertain) ? LISP_DP_DROPS
									    : LISP_DP_MATTERS;
}

enum lisp_dp_verdict lisp_dp_nft(const struct lisp_dp_flow *flow, bool out, char *text, size_t size)
{
	enum lisp_dp_verdict verdict, worst = LISP_DP_PASSES;
	struct run run = { .steps = STEPS_MAX };
	const struct chain *chain;

	packet_fill(&run, flow);
	frr_each (chains_const, chains, chain) {
		if (!on_the_way(chain, flow->version, out))
			continue;
		verdict = chain_verdict(&run, chain);
		if (verdict <= worst)
			continue;
		worst = verdict;
		snprintf(text, size, "nftables: table %s %s, chain %s", family_name(chain->family),
			 chain->table, chain->name);
	}
	return worst;
}
