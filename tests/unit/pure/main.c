// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs the tests that are named, or all.
 * With --dump control|data HEX: prints the fields of one message instead.
 */
#include <zebra.h>

#include <string.h>

#include "dump.h"
#include "unit.h"

static bool wanted(const char *name, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return true;
	return argc == 1;
}

int main(int argc, char **argv)
{
	const struct unit_test *test;
	int count = 0;

	if (argc == 4 && strcmp(argv[1], "--dump") == 0)
		return dump(argv[2], argv[3]);
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
