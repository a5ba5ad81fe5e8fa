// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs the tests that are named, or all.
 */
#include <zebra.h>

#include <string.h>

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
