// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A small harness for unit tests in C.
 *
 *	TEST(T_048_mask_len_longer_than_address)
 *	{
 *		CHECK(...);
 *	}
 *
 * The program runs the tests that it is given by name, or all. A failed check
 * ends its test, is printed with its place, and makes the exit status 1.
 */
#ifndef _UNIT_H
#define _UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct unit_test {
	const char *name;
	void (*run)(void);
	struct unit_test *next;
};

/* Runs the tests that the arguments name, or all; the exit status of the program. */
int unit_run(int argc, char **argv);

/* In the order of their registration; the one that runs. */
extern struct unit_test *unit_tests;
extern const char *unit_running;

void unit_register(struct unit_test *test);
void unit_fail(const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4), noreturn));

#define TEST(id)                                                                                   \
	static void test_##id(void);                                                               \
	static struct unit_test unit_##id = { .name = #id, .run = test_##id };                     \
	__attribute__((constructor)) static void register_##id(void)                               \
	{                                                                                          \
		unit_register(&unit_##id);                                                         \
	}                                                                                          \
	static void test_##id(void)

#define CHECK(cond)                                                                                \
	do {                                                                                       \
		if (!(cond))                                                                       \
			unit_fail(__FILE__, __LINE__, "%s", #cond);                                \
	} while (0)

/* Equal integers; both values are shown. */
#define CHECK_EQ(a, b)                                                                             \
	do {                                                                                       \
		long long unit_a = (long long)(a), unit_b = (long long)(b);                        \
		if (unit_a != unit_b)                                                              \
			unit_fail(__FILE__, __LINE__, "%s is %lld, not %s (%lld)", #a, unit_a, #b, \
				  unit_b);                                                         \
	} while (0)

#define CHECK_STR(a, b)                                                                            \
	do {                                                                                       \
		const char *unit_s = (a), *unit_t = (b);                                           \
		if (__builtin_strcmp(unit_s, unit_t) != 0)                                         \
			unit_fail(__FILE__, __LINE__, "%s is \"%s\", not \"%s\"", #a, unit_s,      \
				  unit_t);                                                         \
	} while (0)

void unit_check_octets(const char *file, int line, const char *what, const uint8_t *got,
		       size_t got_len, const uint8_t *want, size_t want_len);

#define CHECK_OCTETS(got, got_len, want, want_len)                                                 \
	unit_check_octets(__FILE__, __LINE__, #got, got, got_len, want, want_len)

/* Octets of a hexadecimal text; blanks are skipped. Returns their number. */
size_t unit_hex(const char *text, uint8_t *buf, size_t size);

/* Random number, the same sequence in every run. */
uint32_t unit_random(void);

/* A drop reason's word. */
const char *unit_drop(int why);

#endif /* _UNIT_H */
