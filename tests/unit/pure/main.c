// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs the tests that are named, or all.
 * With --dump control|data HEX: prints the fields of one message instead.
 */
#include <zebra.h>

#include <string.h>

#include "dump.h"
#include "unit.h"

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "--dump") == 0)
		return dump(argv[2], argv[3]);
	return unit_run(argc, argv);
}
