// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What this xTR is over restarts.
 *
 * The file is not written with each nonce: it names one that has not been reached, and
 * is written again, a window further, when that is. The next run begins there, or at the
 * real time in microseconds if that is later. So neither a crash nor a clock that was set
 * back brings a nonce again; a lost file and such a clock together do.
 */
#include <zebra.h>

#include <stdbool.h>
#include <string.h>
#include <sys/random.h>

#include "json.h"
#include "libfrr.h"
#include "log.h"

#include "lispd/lisp_errors.h"
#include "lispd/lisp_kept.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_type7.h"

static struct {
	uint8_t xtr_id[LISP_XTR_ID_LEN];
	uint64_t nonce_first, nonce_last; /* of this run */
	uint64_t nonce_reserved;	  /* what the file says */
} kept;

static char path[PATH_MAX];
char *lisp_kept_paths[] = { path, NULL };

bool lisp_xtr_id_parse(const char *text, uint8_t *xtr_id)
{
	if (!text || strlen(text) != 2 * LISP_XTR_ID_LEN ||
	    strspn(text, "0123456789abcdef") != 2 * LISP_XTR_ID_LEN)
		return false;
	for (size_t i = 0; i < 2 * LISP_XTR_ID_LEN; i++)
		xtr_id[i / 2] = xtr_id[i / 2] << 4 | lisp_type7_digit(text[i]);
	return true;
}

static bool xtr_id_load(struct json_object *state)
{
	return lisp_xtr_id_parse(json_object_get_string(json_object_object_get(state, "xtrId")),
				 kept.xtr_id);
}

static void kept_save(void)
{
	struct json_object *state = json_object_new_object();
	char text[2 * LISP_XTR_ID_LEN + 1];

	for (size_t i = 0; i < LISP_XTR_ID_LEN; i++)
		snprintf(text + 2 * i, 3, "%02x", kept.xtr_id[i]);
	json_object_string_add(state, "xtrId", text);
	json_object_int_add(state, "nonce", kept.nonce_reserved);
	frr_daemon_state_save(&state);
}

static void nonces_reserve(void)
{
	kept.nonce_reserved = kept.nonce_last + LISP_REGISTER_NONCES;
	kept_save();
}

const uint8_t *lisp_kept_xtr_id(void)
{
	return kept.xtr_id;
}

uint64_t lisp_kept_nonce(void)
{
	if (++kept.nonce_last >= kept.nonce_reserved)
		nonces_reserve();
	return kept.nonce_last;
}

bool lisp_kept_nonce_used(uint64_t nonce)
{
	return nonce > kept.nonce_first && nonce <= kept.nonce_last;
}

void lisp_kept_init(void)
{
	struct json_object *state;
	struct timeval tv;

	snprintf(path, sizeof(path), "%s/lispd.json", frr_libstatedir);
	state = frr_daemon_state_load();
	if (!xtr_id_load(state)) {
		if (getrandom(kept.xtr_id, sizeof(kept.xtr_id), 0) != sizeof(kept.xtr_id))
			flog_err(EC_LISP_STATE, "no random xTR-ID: %m");
		zlog_notice("%s has no xTR-ID yet: this is the first start, or the file was lost",
			    path);
	}
	gettimeofday(&tv, NULL);
	kept.nonce_first =
		MAX(tv.tv_sec * UINT64_C(1000000) + tv.tv_usec,
		    (uint64_t)json_object_get_int64(json_object_object_get(state, "nonce")));
	kept.nonce_last = kept.nonce_first;
	json_object_put(state);
	nonces_reserve();
}
