// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the BPF programs and the plugin share: keys and values of the maps, the
 * numbers of the counters, the flow hash. Only fixed-width types; the BPF side
 * (bpf/maps.h) includes linux/types.h, the plugin stdint.h, before this.
 *
 * Addresses are 16 octets in network order; an IPv4 address fills the first
 * four, the rest is zero. Families are written as the IP version, 4 or 6.
 */
#ifndef _LISP_DP_MAPS_H
#define _LISP_DP_MAPS_H

#define LISP_DATA_PORT 4341

/* RFC 9300 section 5: octets that encapsulation puts in front of a packet. */
#define LISP_OVERHEAD_4 36
#define LISP_OVERHEAD_6 56
/* The longest inner packet that lengths of outer headers can say. */
#define LISP_INNER_MAX (65535 - LISP_OVERHEAD_6)

/* Flows of the best priority are spread by weight over so many buckets. */
#define LISP_BUCKETS 128
/* Members of an RLOC-set that forwarding knows, those of best priority first. */
#define LISP_MEMBERS 32

/*
 * Key of the map-cache and of the local database: longest-prefix tries.
 * The scope keeps instances and families apart, so that one trie holds all.
 */
#define LISP_SCOPE_BITS 32
struct lisp_bpf_eid {
	__u32 prefixlen; /* host order: LISP_SCOPE_BITS + length of the prefix */
	__u8 scope[4];	 /* instance-id (24 bits, network order), IP version */
	__u8 address[16];
};

/* RFC 9301 section 5.4, ACT; the last ones are ours. ENCAP: there is an RLOC-set. */
enum lisp_bpf_action {
	LISP_BPF_NO_ACTION = 0,
	LISP_BPF_NATIVELY_FORWARD = 1,
	LISP_BPF_SEND_MAP_REQUEST = 2,
	LISP_BPF_DROP = 3,
	LISP_BPF_DROP_POLICY_DENIED = 4,
	LISP_BPF_DROP_AUTH_FAILURE = 5,
	LISP_BPF_ENCAP = 16,
	LISP_BPF_LOCAL = 17, /* of the fast path: a local EID-prefix, which user space answers for */
};

struct lisp_bpf_mapping {
	__u32 set;    /* key of the set; with LISP_BPF_ENCAP only */
	__u32 id;     /* index of its counter */
	__u32 action; /* enum lisp_bpf_action */
};

/*
 * Rank is the order of preference, from 0: priority, and among members of one
 * priority those of weight 0 after the others (RFC 9301 section 5.4 leaves a mix
 * open). If all of a priority have weight 0 they share evenly, as weight 1.
 */
struct lisp_bpf_member {
	__u32 locator; /* key of the locator */
	__u8 rank;
	__u8 weight; /* from 1 */
	__u8 pad[2];
};

/* Added to the rank of a locator that is doubtful: all others come first. */
#define LISP_RANK_DOUBTFUL 256

/*
 * An RLOC-set. bucket[] answers for the usual case, in which the locator it
 * names is up and not doubtful; else the members, sorted by rank, are gone through.
 */
struct lisp_bpf_set {
	__u32 count;
	struct lisp_bpf_member member[LISP_MEMBERS];
	__u8 bucket[LISP_BUCKETS]; /* index of a member of rank 0 */
};

struct lisp_bpf_locator {
	__u32 ifindex; /* where the encapsulated packet leaves */
	__u16 mtu;     /* largest encapsulated packet, octets; never 0 */
	__u8 family;   /* 4 or 6 */
	__u8 up;
	__u8 address[16];
	__u8 source[16]; /* own RLOC */
	__u8 slow;	 /* encapsulated by user space: lisp_dp_guard.h */
	__u8 doubtful;	 /* ICMP says that packets do not arrive: only if no other one is up */
	__u8 pad[2];
};

/*
 * The beginning of the packet that last used a source port, by the port's 14 bits: many
 * routers quote no more of a packet in an ICMP error than its outer headers and ports.
 */
#define LISP_FLOWS	16384
#define LISP_FLOW_BEGIN 48 /* octets: a header and the 8 that an error must quote */
struct lisp_bpf_flow {
	__u32 hash; /* of the flow; the port and the place are a part of it */
	__u32 iid;
	__u32 locator; /* to which it went */
	__u32 seen;    /* when one of the flow went last, LISP_COARSE() */
	__u8 begin[LISP_FLOW_BEGIN];
};

/* A nanosecond of CLOCK_MONOTONIC in units of 1.07 s. */
#define LISP_COARSE(ns) ((__u32)((ns) >> 30))

/* Key of own and of remote RLOCs. */
struct lisp_bpf_rloc {
	__u8 address[16];
	__u32 family;
};

/*
 * Who lately sent what was decapsulated here, to hear of changes of our mappings. A place is
 * its owner's while that is fresh: nobody can push out another one, except that who has no
 * mapping here makes way for who has. Who finds it taken is not noted.
 */
#define LISP_SENDERS		8192
#define LISP_SENDER_FRESH_NS	60000000000LL /* RFC 9301 section 6.1: the last minute */
#define LISP_SENDER_NOTE_NS	1000000000LL  /* one that goes on is noted so often */
#define LISP_SENDER_PLACE(hash) ((hash) & (LISP_SENDERS - 1))
struct lisp_bpf_sender {
	struct lisp_bpf_rloc rloc;
	__u32 iid;
	__u64 seen;   /* CLOCK_MONOTONIC, ns; 0: nobody */
	__u32 hash;   /* of all but the times: two CPUs may write at a time */
	__u8 version; /* of the EIDs */
	__u8 known;   /* it is a locator of a mapping */
	__u8 pad[2];
};

/* Packets for EIDs or to RLOCs that are not ours: one a second of senders that hash alike. */
#define LISP_STRAYS	       1024
#define LISP_STRAY_NS	       1000000000ULL
#define LISP_STRAY_PLACE(hash) ((hash) & (LISP_STRAYS - 1))

#define LISP_INSTANCE_ITR4 0x1
#define LISP_INSTANCE_ITR6 0x2
#define LISP_INSTANCE_ETR4 0x4
#define LISP_INSTANCE_ETR6 0x8
struct lisp_bpf_instance {
	__u32 iid;
	__u32 ifindex; /* of its lisp device */
	__u32 flags;
	__u32 underlay; /* what comes in by this ifindex is looked up in the RLOCs' VRF */
};

/* All counters are per CPU. */
struct lisp_bpf_count {
	__u64 packets;
	__u64 bytes; /* of the inner packets where there is one, else of the frame's IP packet */
};

struct lisp_bpf_locator_count {
	struct lisp_bpf_count out;
	struct lisp_bpf_count in; /* by outer source */
};

struct lisp_bpf_mapping_count {
	struct lisp_bpf_count out;
	__u64 used; /* CLOCK_MONOTONIC, ns: time of the last packet */
};

/* Names, in this order, in lisp_dp_counters.c. */
enum lisp_bpf_counter {
	LISP_COUNT_ENCAP_4 = 0, /* by family of the outer header */
	LISP_COUNT_ENCAP_6,
	LISP_COUNT_DECAP_4,
	LISP_COUNT_DECAP_6,
	LISP_COUNT_PUNT, /* handed to user space by the fast path */
	/* dropped at encapsulation */
	LISP_COUNT_NO_SOURCE_EID,
	LISP_COUNT_ITR_DISABLED,
	LISP_COUNT_NO_LOCATOR_UP,
	LISP_COUNT_NO_ACTION,
	LISP_COUNT_POLICY_DENIED,
	LISP_COUNT_AUTH_FAILURE,
	LISP_COUNT_BAD_PACKET,
	/* dropped at decapsulation */
	LISP_COUNT_BAD_HEADER,
	LISP_COUNT_ENCRYPTED,
	LISP_COUNT_NO_INSTANCE,
	LISP_COUNT_ETR_DISABLED,
	LISP_COUNT_BAD_INNER,
	LISP_COUNT_NO_LOCAL_EID,
	LISP_COUNT_ECN,
	/* not passed from one ALT tunnel to the next */
	LISP_COUNT_NOT_ALT,
	LISP_COUNT_FAST_MAX,
};

/* The LISP data header, RFC 9300 section 5.3. */
#define LISP_FLAG_N  0x80
#define LISP_FLAG_I  0x08
#define LISP_FLAG_KK 0x03

/*
 * RFC 9300 section 12: the hash of an inner flow gives the source port and the
 * bucket. Both sides compute it, so that a flow keeps its port and its locator
 * when its first packets went through user space.
 */
#define LISP_SOURCE_PORT(hash) (0xc000 | ((hash) >> 18))
#define LISP_BUCKET(hash)      ((hash) & (LISP_BUCKETS - 1))
#define LISP_FLOW_LABEL(hash)  (((hash) >> 6) & 0xfffff)
#define LISP_FLOW_PLACE(hash)  ((hash) >> 18)
#define LISP_PORT_PLACE(port)  ((port) & (LISP_FLOWS - 1))

/* Up to here a TTL is one of traceroute: it begins with 1 and is through before. */
#define LISP_TTL_TRACE 32
/*
 * RFC 9300 section 5.3: the inner TTL is copied out. Except, by RFC 6830 section 9.3, that of a
 * traceroute of the other family: a router on the way cannot tell its source anything, so
 * the whole way counts as one hop.
 */
#define LISP_TTL_MIXED 16
#define LISP_TTL_OWN   64
static inline __attribute__((always_inline)) __u8 lisp_outer_ttl(__u8 outer, __u8 inner, __u8 ttl)
{
	return outer != inner && ttl <= LISP_TTL_MIXED ? LISP_TTL_OWN : ttl;
}

static inline __attribute__((always_inline)) __u32 lisp_hash_word(__u32 hash, __u32 word)
{
	word *= 0xcc9e2d51;
	word = (word << 15) | (word >> 17);
	hash ^= word * 0x1b873593;
	hash = (hash << 13) | (hash >> 19);
	return hash * 5 + 0xe6546b64;
}

static inline __attribute__((always_inline)) __u32 lisp_hash_end(__u32 hash)
{
	hash ^= hash >> 16;
	hash *= 0x85ebca6b;
	hash ^= hash >> 13;
	hash *= 0xc2b2ae35;
	return hash ^ (hash >> 16);
}

/*
 * The seed is this system's secret: who does not know it cannot choose where a sender stands. But
 * whatever it is, addresses can be made that hash alike: a hash says where to look, not who it is.
 */
static inline __attribute__((always_inline)) __u32 lisp_sender_hash(__u32 seed,
								    const struct lisp_bpf_rloc *rloc,
								    __u32 iid, __u8 version)
{
	__u32 hash = lisp_hash_word(lisp_hash_word(seed, iid), rloc->family << 8 | version);
	__u32 word;

	for (int i = 0; i < 16; i += 4) {
		__builtin_memcpy(&word, rloc->address + i, sizeof(word));
		hash = lisp_hash_word(hash, word);
	}
	return lisp_hash_end(hash);
}

/* By words: there is no memcmp() for the programs. */
static inline __attribute__((always_inline)) int lisp_sender_same(const struct lisp_bpf_sender *a,
								  const struct lisp_bpf_sender *b)
{
	__u32 other = (a->iid ^ b->iid) | (a->rloc.family ^ b->rloc.family) |
		      (a->version ^ b->version);
	__u32 one, two;

	for (int i = 0; i < 16; i += 4) {
		__builtin_memcpy(&one, a->rloc.address + i, sizeof(one));
		__builtin_memcpy(&two, b->rloc.address + i, sizeof(two));
		other |= one ^ two;
	}
	return !other;
}

static inline __attribute__((always_inline)) void
lisp_sender_note(struct lisp_bpf_sender *place, const struct lisp_bpf_sender *sender)
{
	/* on another CPU it may be a little later already */
	__s64 age = sender->seen - place->seen;

	if (lisp_sender_same(place, sender)) {
		if (place->known != sender->known)
			place->known = sender->known;
		if (age > LISP_SENDER_NOTE_NS)
			place->seen = sender->seen;
		return;
	}
	if (!place->seen || age > LISP_SENDER_FRESH_NS || (sender->known && !place->known))
		*place = *sender;
}

/*
 * RFC 6040 section 4.2: the inner ECN field after decapsulation, or LISP_ECN_DROP.
 * Rows are the inner field, columns the outer: Not-ECT, ECT(1), ECT(0), CE.
 */
#define LISP_ECN_DROP 0xff
static inline __attribute__((always_inline)) __u8 lisp_ecn_decap(__u8 inner, __u8 outer)
{
	inner &= 3;
	outer &= 3;
	if (outer == 3)
		return inner ? 3 : LISP_ECN_DROP;
	if (inner == 2 && outer == 1)
		return 1;
	return inner;
}

#endif /* _LISP_DP_MAPS_H */
