// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the pure floor costs: nanoseconds an operation, octets a prefix.
 */
#include <zebra.h>

#include <malloc.h>
#include <time.h>

#include "lispd/lisp_auth.h"
#include "lispd/lisp_eid_table.h"
#include "lispd/lisp_mapping.h"

#include "pcap.h"
#include "unit.h"

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

#define ROUNDS 200000

static unsigned int walk(const struct lisp_msg *msg)
{
	struct lisp_cursor c = lisp_msg_records(msg), l;
	struct lisp_wire_locator loc;
	struct lisp_record rec;
	unsigned int n = 0;

	while (lisp_record_next(&c, &rec))
		for (l = lisp_record_locators(&rec); lisp_locator_next(&l, &loc);)
			n++;
	return n;
}

static void decoding(const char *name, unsigned int vector)
{
	volatile unsigned int sink = 0;
	struct lisp_msg msg;
	uint64_t start;
	unsigned int i;
	size_t len;
	uint8_t *p = pcap_vector(vector, &len);

	start = now();
	for (i = 0; i < ROUNDS; i++) {
		sink += lisp_msg_decode(p, len, &msg);
		sink += walk(&msg);
	}
	printf("decode and walk, %s: %.0f ns\n", name, (double)(now() - start) / ROUNDS);
	free(p);
}

static void verifying(const char *name, unsigned int vector)
{
	static const char psk[] = "frr-lisp-test-key";
	struct lisp_msg msg;
	uint64_t start;
	unsigned int i, ok = 0;
	size_t len;
	uint8_t *p = pcap_vector(vector, &len);

	lisp_msg_decode(p, len, &msg);
	start = now();
	for (i = 0; i < ROUNDS / 10; i++)
		ok += lisp_auth_verify(&msg, 0, psk, sizeof(psk) - 1) == LISP_OK;
	printf("verify, %s: %.0f ns%s\n", name, (double)(now() - start) / (ROUNDS / 10),
	       ok ? "" : " (fails)");
	free(p);
}

static struct lisp_eid random_prefix(int family, unsigned int prefixlen)
{
	struct lisp_eid e = {};
	unsigned int i;

	e.prefix.family = family;
	e.prefix.prefixlen = prefixlen;
	for (i = 0; i < lisp_family_bits(family) / 8; i++)
		e.prefix.u.val[i] = (uint8_t)unit_random();
	if (family == AF_INET6)
		e.prefix.u.val[0] = 0x20;
	lisp_eid_mask(&e);
	return e;
}

static void table(const char *name, int family, unsigned int prefixlen, size_t n)
{
	struct lisp_eid_table *t = lisp_eid_table_new();
	size_t before = mallinfo2().uordblks, i;
	volatile unsigned int sink = 0;
	struct lisp_eid e;
	uint64_t start, made;

	start = now();
	for (i = 0; i < n; i++) {
		e = random_prefix(family, prefixlen);
		lisp_eid_table_get(t, &e)->info = t;
	}
	made = now();
	n = lisp_eid_table_count(t);
	printf("table, %zu %s: %.0f octets and %.0f ns a prefix", n, name,
	       (double)(mallinfo2().uordblks - before) / (double)n,
	       (double)(made - start) / (double)n);
	start = now();
	for (i = 0; i < 1000000; i++) {
		e = random_prefix(family, lisp_family_bits(family));
		sink += lisp_eid_table_match(t, &e) != NULL;
	}
	printf(", match %.0f ns\n", (double)(now() - start) / 1000000);
	lisp_eid_table_free(&t, NULL);
}

int main(void)
{
	decoding("Map-Request, TV01", 1);
	decoding("Map-Reply of 2 locators, TV05", 5);
	decoding("Map-Reply of 3 IPv6 records, TV08", 8);
	decoding("Map-Register, TV09", 9);
	decoding("instance-id LCAF, TV07", 7);
	decoding("ECM, TV17", 17);
	verifying("SHA-1", 9);
	verifying("SHA-256", 11);
	verifying("SHA-256 with HKDF", 14);
	table("random IPv4 /24", AF_INET, 24, 1000000);
	table("random IPv4 /32", AF_INET, 32, 1000000);
	table("random IPv6 /48", AF_INET6, 48, 1000000);
	printf("struct lisp_locator %zu, lisp_mapping %zu, lisp_eid %zu, lisp_msg %zu octets\n",
	       sizeof(struct lisp_locator), sizeof(struct lisp_mapping), sizeof(struct lisp_eid),
	       sizeof(struct lisp_msg));
	return 0;
}
