// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Harness of the unit tests.
 */
#include <zebra.h>

#include <ctype.h>
#include <string.h>

#include "lispd/lisp_stats.h"

#include "unit.h"

struct unit_test *unit_tests;
const char *unit_running = "";

static struct unit_test **tests_end = &unit_tests;

void unit_register(struct unit_test *test)
{
	*tests_end = test;
	tests_end = &test->next;
}

void unit_fail(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fprintf(stderr, "%s: %s:%d: ", unit_running, file, line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	_exit(1);
}

static bool wanted(const char *name, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return true;
	return argc == 1;
}

int unit_run(int argc, char **argv)
{
	const struct unit_test *test;
	int count = 0;

	for (test = unit_tests; test; test = test->next) {
		if (!wanted(test->name, argc, argv))
			continue;
		unit_running = test->name;
		test->run();
		printf("ok %s\n", test->name);
		count++;
	}
	return count ? 0 : 2;
}

static void print_octets(const char *name, const uint8_t *p, size_t len)
{
	fprintf(stderr, "%s %zu ", name, len);
	while (len--)
		fprintf(stderr, "%02x", *p++);
	fputc('\n', stderr);
}

void unit_check_octets(const char *file, int line, const char *what, const uint8_t *got,
		       size_t got_len, const uint8_t *want, size_t want_len)
{
	if (got_len == want_len && memcmp(got, want, want_len) == 0)
		return;
	print_octets("got ", got, got_len);
	print_octets("want", want, want_len);
	unit_fail(file, line, "%s differs", what);
}

size_t unit_hex(const char *text, uint8_t *buf, size_t size)
{
	unsigned int octet;
	size_t n = 0;

	for (; *text; text++) {
		if (isspace((unsigned char)*text))
			continue;
		if (n == size || sscanf(text, "%2x", &octet) != 1)
			unit_fail(__FILE__, __LINE__, "bad hexadecimal text");
		buf[n++] = (uint8_t)octet;
		text++;
	}
	return n;
}

uint32_t unit_random(void)
{
	static uint64_t state = 0x9e3779b97f4a7c15ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 16);
}

static const char *const drop_names[] = { [LISP_OK] = "ok",
#define X(name, word) [LISP_DROP_##name] = word,
					  LISP_DROPS(X)
#undef X
};

const char *unit_drop(int why)
{
	return why >= 0 && (size_t)why < array_size(drop_names) ? drop_names[why] : "?";
}
