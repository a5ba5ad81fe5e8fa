// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * LISP on the wire: numbers and bits of RFC 9300, RFC 9301, RFC 8060, RFC 8111
 * and RFC 9437. No code. Flag masks apply to the first 32-bit word of a
 * message in host order.
 */
#ifndef _LISP_WIRE_H
#define _LISP_WIRE_H

#define LISP_DATA_PORT	  4341
#define LISP_CONTROL_PORT 4342

/* Message types, RFC 9301 section 5.1; 7 is that of the NAT drafts. */
enum lisp_type {
	LISP_MAP_REQUEST = 1,
	LISP_MAP_REPLY = 2,
	LISP_MAP_REGISTER = 3,
	LISP_MAP_NOTIFY = 4,
	LISP_MAP_NOTIFY_ACK = 5,
	LISP_MAP_REFERRAL = 6,
	LISP_INFO = 7,
	LISP_ECM = 8,
	LISP_SHARED_EXTENSION = 15,
};
#define LISP_TYPE_MAX 16

/* Address families, as assigned by IANA. */
enum lisp_afi {
	LISP_AFI_NONE = 0,
	LISP_AFI_IPV4 = 1,
	LISP_AFI_IPV6 = 2,
	LISP_AFI_MAC = 6,
	LISP_AFI_DNS = 16,  /* NUL-terminated */
	LISP_AFI_NAME = 17, /* Distinguished Name, NUL-terminated, RFC 9735 */
	LISP_AFI_AS = 18,
	LISP_AFI_LCAF = 16387,
};

/* Map-Request, RFC 9301 section 5.2 and RFC 9437 section 4 */
#define LISP_MREQ_F_AUTHORITATIVE 0x08000000 /* A: the site shall answer */
#define LISP_MREQ_F_MAP_DATA	  0x04000000 /* M: a record of the sender follows */
#define LISP_MREQ_F_PROBE	  0x02000000 /* P: RLOC-probe */
#define LISP_MREQ_F_SMR		  0x01000000 /* S: Solicit-Map-Request */
#define LISP_MREQ_F_PITR	  0x00800000 /* p: sent by a PITR */
#define LISP_MREQ_F_SMR_INVOKED	  0x00400000 /* s: answer to an SMR */
#define LISP_MREQ_F_XTR_ID	  0x00100000 /* I: xTR-ID and Site-ID at the end */
#define LISP_MREQ_F_LOCAL	  0x00004000 /* L: sender is of the record's site */
#define LISP_MREQ_F_NO_REPLY	  0x00002000 /* D: do not send a Map-Reply */

/* Map-Reply, RFC 9301 section 5.4 */
#define LISP_MREP_F_PROBE      0x08000000 /* P */
#define LISP_MREP_F_ECHO_NONCE 0x04000000 /* E */
#define LISP_MREP_F_SECURITY   0x02000000 /* S: LISP-SEC data follows the records */

/* Map-Register, RFC 9301 section 5.6 */
#define LISP_MREG_F_PROXY_REPLY 0x08000000 /* P: the Map-Server may answer */
#define LISP_MREG_F_SECURITY	0x04000000 /* S: LISP-SEC capable */
#define LISP_MREG_F_XTR_ID	0x02000000 /* I: xTR-ID and Site-ID at the end */
#define LISP_MREG_F_EID_NOTIFY	0x00001000 /* E */
#define LISP_MREG_F_USE_TTL	0x00000800 /* T: registration lives for the Record TTL */
#define LISP_MREG_F_MERGE	0x00000400 /* a: merge locator-sets */
#define LISP_MREG_F_MOBILE	0x00000200 /* R, reserved; m of LISP-MN in older stacks */
#define LISP_MREG_F_WANT_NOTIFY 0x00000100 /* M */

/* Map-Notify and Map-Notify-Ack; the trailer bit of the NAT drafts */
#define LISP_MNOT_F_XTR_ID 0x08000000 /* I */
#define LISP_MNOT_F_RTR	   0x04000000 /* R */

/* Info-Request and Info-Reply */
#define LISP_INFO_F_REPLY 0x08000000 /* R */

/* ECM, RFC 9301 section 5.8 and 12.6 */
#define LISP_ECM_F_SECURITY 0x08000000 /* S: LISP-SEC data follows */
#define LISP_ECM_F_DDT	    0x04000000 /* D: sender wants a Map-Referral */
#define LISP_ECM_F_TO_ETR   0x02000000 /* E */
#define LISP_ECM_F_TO_MS    0x01000000 /* M */
#define LISP_ECM_F_RTR	    0x00400000 /* R of the NAT draft */
#define LISP_ECM_F_RELAYED  0x00200000 /* N of the NAT draft */

#define LISP_ITR_RLOC_MAX      32 /* IRC is 5 bits, RFC 9301 section 5.2 */
#define LISP_XTR_ID_LEN	       16
#define LISP_TRAILER_LEN       24 /* xTR-ID and Site-ID */
#define LISP_AUTH_OFFSET       16 /* of the authentication data in types 3, 4, 5, 7 */
#define LISP_PRIORITY_UNUSABLE 255
#define LISP_TTL_LOCAL	       0xffffffffU /* Record TTL: the receiver's choice */
#define LISP_TTL_SECONDS       0x80000000U /* deployed stacks: the TTL counts seconds */

/* Actions of a record without locators, RFC 9301 section 5.4 */
enum lisp_action {
	LISP_ACT_NONE = 0,
	LISP_ACT_NATIVELY_FORWARD = 1,
	LISP_ACT_SEND_MAP_REQUEST = 2,
	LISP_ACT_DROP = 3,
	LISP_ACT_DROP_POLICY = 4,
	LISP_ACT_DROP_AUTH = 5,
};

/* Actions of a Map-Referral's record, RFC 8111 section 6.4 */
enum lisp_referral_action {
	LISP_REF_NODE_REFERRAL = 0,
	LISP_REF_MS_REFERRAL = 1,
	LISP_REF_MS_ACK = 2,
	LISP_REF_MS_NOT_REGISTERED = 3,
	LISP_REF_DELEGATION_HOLE = 4,
	LISP_REF_NOT_AUTHORITATIVE = 5,
};

/* Authentication algorithms, RFC 9301 section 12.5 */
enum lisp_auth_alg {
	LISP_AUTH_NONE = 0,
	LISP_AUTH_HMAC_SHA1_96 = 1,
	LISP_AUTH_HMAC_SHA256_128 = 2,
	LISP_AUTH_HMAC_SHA256_128_HKDF = 3,
};

/* LCAF types, RFC 8060 and RFC 9306 */
enum lisp_lcaf_type {
	LISP_LCAF_NULL = 0,
	LISP_LCAF_AFI_LIST = 1,
	LISP_LCAF_IID = 2,
	LISP_LCAF_AS = 3,
	LISP_LCAF_APP_DATA = 4,
	LISP_LCAF_GEO = 5,
	LISP_LCAF_OPAQUE = 6,
	LISP_LCAF_NAT = 7,
	LISP_LCAF_NONCE_LOCATOR = 8,
	LISP_LCAF_MULTICAST_INFO = 9,
	LISP_LCAF_ELP = 10,
	LISP_LCAF_SECURITY_KEY = 11,
	LISP_LCAF_SRC_DST = 12,
	LISP_LCAF_RLE = 13,
	LISP_LCAF_JSON = 14,
	LISP_LCAF_KEY_VALUE = 15,
	LISP_LCAF_ENCAP = 16,
	LISP_LCAF_SERVICE_PATH = 17,
	LISP_LCAF_VENDOR = 255,
};

/* Data header, first octet, RFC 9300 section 5.1 */
#define LISP_DATA_F_NONCE    0x80 /* N */
#define LISP_DATA_F_LSB	     0x40 /* L */
#define LISP_DATA_F_ECHO     0x20 /* E */
#define LISP_DATA_F_VERSION  0x10 /* V */
#define LISP_DATA_F_IID	     0x08 /* I */
#define LISP_DATA_F_GPE	     0x04 /* P of RFC 9305 */
#define LISP_DATA_F_KEY_MASK 0x03 /* KK of RFC 8061 */
#define LISP_DATA_HEADER_LEN 8

#endif /* _LISP_WIRE_H */
