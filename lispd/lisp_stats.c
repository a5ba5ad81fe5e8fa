// SPDX-License-Identifier: GPL-2.0-or-later
/* Counters of control messages, drops and events. */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>

#include "lispd/lisp_stats.h"

#define LISP_TYPES 16

static struct {
	uint64_t in[LISP_TYPES];
	uint64_t out[LISP_TYPES];
	uint64_t dropped[LISP_TYPES];
	uint64_t drop[LISP_DROP_MAX];
	uint64_t event[LISP_EV_MAX];
} stats;

/* clang-format off */
static const char *const drop_names[LISP_DROP_MAX] = {
	[LISP_OK] = "ok",
#define X(name, word) [LISP_DROP_##name] = word,
	LISP_DROPS(X)
#undef X
};
/* clang-format on */

static const char *const event_names[LISP_EV_MAX] = {
#define X(name, word) [LISP_EV_##name] = word,
	LISP_EVENTS(X)
#undef X
};

const char *lisp_drop_name(enum lisp_drop drop)
{
	return drop_names[drop];
}

const char *lisp_stats_event_name(enum lisp_event ev)
{
	return event_names[ev];
}

void lisp_stats_in(uint8_t type)
{
	stats.in[type % LISP_TYPES]++;
}

void lisp_stats_out(uint8_t type)
{
	stats.out[type % LISP_TYPES]++;
}

void lisp_stats_drop(uint8_t type, enum lisp_drop drop)
{
	stats.dropped[type % LISP_TYPES]++;
	stats.drop[drop]++;
}

void lisp_stats_record_left(enum lisp_drop drop)
{
	stats.drop[drop]++;
	stats.event[LISP_EV_RECORD_LEFT]++;
}

void lisp_stats_event(enum lisp_event ev)
{
	stats.event[ev]++;
}

void lisp_stats_events(enum lisp_event ev, unsigned int times)
{
	stats.event[ev] += times;
}

uint64_t lisp_stats_get_in(uint8_t type)
{
	return stats.in[type % LISP_TYPES];
}

uint64_t lisp_stats_get_out(uint8_t type)
{
	return stats.out[type % LISP_TYPES];
}

uint64_t lisp_stats_get_dropped(uint8_t type)
{
	return stats.dropped[type % LISP_TYPES];
}

uint64_t lisp_stats_get_drop(enum lisp_drop drop)
{
	return stats.drop[drop];
}

uint64_t lisp_stats_get_event(enum lisp_event ev)
{
	return stats.event[ev];
}

void lisp_stats_clear(void)
{
	memset(&stats, 0, sizeof(stats));
}
