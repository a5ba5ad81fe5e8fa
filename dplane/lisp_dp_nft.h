// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rules of nf_tables (nft, and iptables as Debian has it), judged: could they do
 * anything else than let an encapsulated packet pass? The fast path goes by them.
 * Callers hold the privileges.
 */
#ifndef _LISP_DP_NFT_H
#define _LISP_DP_NFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Encapsulated packets, as far as they are known; addresses in network order. */
struct lisp_dp_flow {
	uint8_t version;	    /* 4 or 6 */
	const uint8_t *source;	    /* NULL: any */
	const uint8_t *destination; /* NULL: any */
};

/* Reads the rules there are now. 0 or -errno; with an error there are none. */
int lisp_dp_nft_load(void);
void lisp_dp_nft_unload(void);

enum lisp_dp_verdict {
	LISP_DP_PASSES = 0,
	LISP_DP_MATTERS, /* may be dropped or changed */
	LISP_DP_DROPS,	 /* all of them, for certain */
};

/*
 * What becomes of such packets on their way out of (out) or into this system, and text, of size
 * octets, says by what. What cannot be read is taken to matter.
 */
enum lisp_dp_verdict lisp_dp_nft(const struct lisp_dp_flow *flow, bool out, char *text, size_t size);

#endif /* _LISP_DP_NFT_H */
