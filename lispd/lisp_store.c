// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Map-Server's registrations over restarts.
 *
 * A row is a registration: source and times, the latter as real time so that they go on
 * while lispd is away, and the rest as a Map-Register with one record and no
 * authentication data: one reader for what comes from the wire and from the disk. Rows
 * that changed wait for half a second, those that were only refreshed for half a minute:
 * a crash may cost that of their lifetime. They are written in slices of some
 * milliseconds, each a transaction; reading is sliced, too.
 *
 * The journal is a write-ahead log that is not synchronized to the disk: when lispd is
 * killed, what was committed stays; when the machine dies, the file may be broken, and
 * then registrations begin anew.
 */
#include <zebra.h>

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "frrevent.h"
#include "libfrr.h"
#include "log.h"
#include "memory.h"
#include "monotime.h"
#include "typesafe.h"

#include "lispd/lisp_errors.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_mapping.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_store.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_STORED, "LISP registration in the store");

#define STORE_MAGIC   0x4c495350 /* "LISP", SQLite's application_id */
#define STORE_VERSION 2

PREDECL_DLIST(stored_changed);

/* A row. */
struct lisp_stored {
	struct stored_changed_item item;
	struct stored_changed_head *queue; /* that it is in, or NULL */
	uint64_t row;
	struct lisp_registration *reg; /* NULL: it ended, the row is to go */
};

DECLARE_DLIST(stored_changed, struct lisp_stored, item);

enum store_statement { STORE_PUT, STORE_DELETE, STORE_BEGIN, STORE_COMMIT, STORE_STATEMENTS };

static const char *const statements[STORE_STATEMENTS] = {
	[STORE_PUT] = "INSERT OR REPLACE INTO registration VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	[STORE_DELETE] = "DELETE FROM registration WHERE row = ?",
	[STORE_BEGIN] = "BEGIN",
	[STORE_COMMIT] = "COMMIT",
};

static const char select_rows[] =
	"SELECT row, source, port, first, last, expires, message, own FROM registration ORDER BY row";

static struct {
	char path[PATH_MAX];
	struct sqlite3 *db; /* NULL: nothing is kept */
	struct sqlite3_stmt *statement[STORE_STATEMENTS];
	struct sqlite3_stmt *rows; /* while they are read */
	bool left;		   /* rows that the configuration has no place for */
	bool restarted;		   /* the file was there */
	time_t settled;		   /* monotonic seconds */
	uint64_t last_row;
	struct stored_changed_head changed, refreshed;
	struct event *t_write, *t_refresh, *t_read;
} store;

/* ---- the file ---- */

static void store_close(void)
{
	event_cancel(&store.t_write);
	event_cancel(&store.t_refresh);
	event_cancel(&store.t_read);
	for (unsigned int i = 0; i < STORE_STATEMENTS; i++) {
		sqlite3_finalize(store.statement[i]);
		store.statement[i] = NULL;
	}
	sqlite3_finalize(store.rows);
	store.rows = NULL;
	sqlite3_close(store.db);
	store.db = NULL;
}

static bool store_exec(const char *sql)
{
	return sqlite3_exec(store.db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* One number that a statement gives; -1: none. */
static int64_t store_number(const char *sql)
{
	struct sqlite3_stmt *s = NULL;
	int64_t number = -1;

	if (sqlite3_prepare_v2(store.db, sql, -1, &s, NULL) == SQLITE_OK &&
	    sqlite3_step(s) == SQLITE_ROW)
		number = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return number;
}

/* The file is there, and nobody else may read it. empty: it is new. */
static bool file_make(bool *empty)
{
	int fd = open(store.path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool good;
	struct stat st;

	if (fd < 0)
		return false;
	good = !fchmod(fd, 0600) && !fstat(fd, &st) && S_ISREG(st.st_mode);
	*empty = good && !st.st_size;
	close(fd);
	return good;
}

static const char *store_begin(bool empty)
{
	char sql[512];

	if (sqlite3_open_v2(store.path, &store.db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
	    !store_exec("PRAGMA locking_mode = EXCLUSIVE"))
		return sqlite3_errmsg(store.db);
	if (!empty) {
		if (store_number("PRAGMA application_id") != STORE_MAGIC)
			return sqlite3_errcode(store.db) == SQLITE_OK ? "not a file of lispd"
								      : sqlite3_errmsg(store.db);
		if (store_number("PRAGMA user_version") != STORE_VERSION)
			return "of another version of lispd";
	}
	snprintf(sql, sizeof(sql),
		 "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;"
		 "PRAGMA wal_autocheckpoint = 250;"
		 "PRAGMA application_id = %d; PRAGMA user_version = %d;"
		 "CREATE TABLE IF NOT EXISTS registration (row INTEGER PRIMARY KEY, source TEXT,\n"
		 " port INTEGER, first INTEGER, last INTEGER, expires INTEGER, message BLOB, own TEXT)",
		 STORE_MAGIC, STORE_VERSION);
	if (!store_exec(sql))
		return sqlite3_errmsg(store.db);
	for (unsigned int i = 0; i < STORE_STATEMENTS; i++)
		if (sqlite3_prepare_v2(store.db, statements[i], -1, &store.statement[i], NULL) !=
		    SQLITE_OK)
			return sqlite3_errmsg(store.db);
	store.last_row = MAX(store_number("SELECT max(row) FROM registration"), 0);
	return NULL;
}

/* Is the file's content the reason, so that a new one would do? */
static bool store_broken(void)
{
	int code = sqlite3_errcode(store.db);

	return code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE ||
	       code == SQLITE_NOTADB || code == SQLITE_CORRUPT || code == SQLITE_ERROR ||
	       code == SQLITE_SCHEMA || code == SQLITE_MISMATCH;
}

static void file_put_aside(void)
{
	char other[PATH_MAX + 8];

	snprintf(other, sizeof(other), "%s.bad", store.path);
	if (rename(store.path, other))
		unlink(store.path);
	snprintf(other, sizeof(other), "%s-wal", store.path);
	unlink(other);
}

/* again: the last try was in vain, and its file was put aside. */
static void store_open(bool again)
{
	const char *error;
	bool empty, broken;

	if (!file_make(&empty)) {
		flog_err(EC_LISP_STATE, "%s: %s; registrations are not kept over a restart",
			 store.path, safe_strerror(errno));
		return;
	}
	store.restarted |= !empty;
	error = store_begin(empty);
	if (!error)
		return;

	broken = store_broken() && !again;
	flog_err(EC_LISP_STATE, "%s: %s; %s", store.path, error,
		 broken ? "it is now beside it as .bad, and registrations begin anew"
			: "registrations are not kept over a restart");
	store_close();
	if (broken) {
		file_put_aside();
		store_open(true);
	}
}

/* Something could not be written or read while lispd runs. */
static void store_failed(void)
{
	flog_err(EC_LISP_STATE,
		 "%s: %s; registrations are not kept over a restart until the next one", store.path,
		 sqlite3_errmsg(store.db));
	store_close();
}

/* ---- a registration as a message, and back ---- */

static size_t message_put(uint8_t *buf, size_t size, const struct lisp_registration *reg)
{
	struct lisp_mapping mapping = reg->mapping;
	struct lisp_header h = {
		.type = LISP_MAP_REGISTER,
		.nonce = reg->nonce,
		.key_id = reg->key_id,
		.alg_id = reg->algorithm,
		.site_id = reg->site_id,
	};
	struct lisp_writer w;

	memcpy(h.xtr_id, reg->xtr_id, sizeof(h.xtr_id));
	h.flags = (reg->has_xtr_id ? LISP_MREG_F_XTR_ID : 0) |
		  (reg->proxy_reply ? LISP_MREG_F_PROXY_REPLY : 0) |
		  (reg->merge ? LISP_MREG_F_MERGE : 0) |
		  (reg->ttl_timeout ? LISP_MREG_F_USE_TTL : 0) |
		  (reg->want_notify ? LISP_MREG_F_WANT_NOTIFY : 0) |
		  (reg->lisp_sec ? LISP_MREG_F_SECURITY : 0);
	lisp_writer_init(&w, buf, size);
	lisp_put_header(&w, &h);
	mapping.authoritative = true; /* only so it has the L bits */
	lisp_put_mapping(&w, &mapping);
	lisp_put_trailer(&w, &h);
	return w.overflow ? 0 : w.len;
}

/* False, and nothing in mapping, if it is not what message_put() made. */
static bool message_get(const uint8_t *buf, size_t len, struct lisp_registration *reg,
			struct lisp_mapping *mapping)
{
	struct lisp_record record;
	struct lisp_cursor c;
	struct lisp_msg msg;

	if (!buf || lisp_msg_decode(buf, len, &msg) != LISP_OK || msg.h.type != LISP_MAP_REGISTER)
		return false;
	c = lisp_msg_records(&msg);
	if (!lisp_record_next(&c, &record) || !record.ttl ||
	    lisp_mapping_from_record(&record, mapping, NULL) != LISP_OK)
		return false;
	lisp_registration_from_register(reg, &msg);
	return true;
}

/* ---- writing ---- */

static bool store_run(enum store_statement which)
{
	int result = sqlite3_step(store.statement[which]);

	sqlite3_reset(store.statement[which]);
	return result == SQLITE_DONE;
}

/* Seconds of the epoch of monotonic seconds, and back. */
static time_t real_time(time_t monotonic)
{
	return time(NULL) - (monotime(NULL) - monotonic);
}

static time_t monotonic_time(time_t real)
{
	return monotime(NULL) - (time(NULL) - real);
}

static bool row_write(struct lisp_stored *stored)
{
	struct sqlite3_stmt *s = store.statement[stored->reg ? STORE_PUT : STORE_DELETE];
	const struct lisp_registration *reg = stored->reg;
	char source[INET6_ADDRSTRLEN], own[INET6_ADDRSTRLEN];
	uint8_t message[LISP_MSG_MAX];

	sqlite3_bind_int64(s, 1, stored->row);
	if (!reg)
		return store_run(STORE_DELETE);
	ipaddr2str(&reg->from, source, sizeof(source));
	sqlite3_bind_text(s, 2, source, -1, SQLITE_STATIC);
	sqlite3_bind_int(s, 3, reg->port);
	sqlite3_bind_int64(s, 4, real_time(reg->first));
	sqlite3_bind_int64(s, 5, real_time(reg->last));
	sqlite3_bind_int64(s, 6, real_time(reg->expires));
	sqlite3_bind_blob(s, 7, message, message_put(message, sizeof(message), reg), SQLITE_STATIC);
	ipaddr2str(&reg->to, own, sizeof(own));
	sqlite3_bind_text(s, 8, own, -1, SQLITE_STATIC);
	return store_run(STORE_PUT);
}

static void stored_queue(struct lisp_stored *stored, struct stored_changed_head *queue)
{
	if (stored->queue)
		stored_changed_del(stored->queue, stored);
	stored->queue = queue;
	if (queue)
		stored_changed_add_tail(queue, stored);
}

static void stored_free(struct lisp_stored *stored)
{
	stored_queue(stored, NULL);
	XFREE(MTYPE_LISP_STORED, stored);
}

/* Rows that changed, for so long; false: more are left, or it failed. */
static bool rows_write(int64_t usec)
{
	struct lisp_stored *stored;
	struct timeval began;
	bool good;

	monotime(&began);
	good = store_run(STORE_BEGIN);
	while (good && (stored = stored_changed_first(&store.changed)) &&
	       (!usec || monotime_since(&began, NULL) < usec)) {
		good = row_write(stored);
		stored_queue(stored, NULL);
		if (!stored->reg)
			stored_free(stored);
	}
	good = good && store_run(STORE_COMMIT);
	if (!good)
		store_failed();
	return good && !stored_changed_count(&store.changed);
}

static void store_write(struct event *event)
{
	if (!rows_write(LISP_STORE_SLICE) && store.db)
		event_add_timer_msec(lisp.master, store_write, NULL, 1, &store.t_write);
}

static void stored_change(struct lisp_stored *stored)
{
	if (stored->queue != &store.changed)
		stored_queue(stored, &store.changed);
	event_add_timer_msec(lisp.master, store_write, NULL, LISP_STORE_DELAY, &store.t_write);
}

/* What was refreshed has waited for long enough. */
static void store_refresh(struct event *event)
{
	struct lisp_stored *stored;

	while ((stored = stored_changed_first(&store.refreshed)))
		stored_change(stored);
}

static void stored_refresh(struct lisp_stored *stored)
{
	if (stored->queue)
		return;
	stored_queue(stored, &store.refreshed);
	event_add_timer(lisp.master, store_refresh, NULL, LISP_STORE_REFRESH, &store.t_refresh);
}

static struct lisp_stored *stored_new(struct lisp_registration *reg, uint64_t row)
{
	struct lisp_stored *stored = XCALLOC(MTYPE_LISP_STORED, sizeof(*stored));

	stored->row = row;
	stored->reg = reg;
	reg->stored = stored;
	return stored;
}

static int store_registration_changed(struct lisp_registration *reg, enum lisp_fate fate)
{
	struct lisp_stored *stored = reg->stored;
	bool end = fate == LISP_FATE_END;

	if (stored)
		stored->reg = end ? NULL : reg;
	if (!store.db) {
		if (stored && end)
			stored_free(stored);
		return 0;
	}
	if (stored && fate == LISP_FATE_REFRESH)
		stored_refresh(stored);
	else
		stored_change(stored ? stored : stored_new(reg, ++store.last_row));
	return 0;
}

/* Calls do_it() with each registration. */
static void each_registration(void (*do_it)(struct lisp_registration *reg))
{
	struct lisp_site_prefix *prefix = NULL;
	struct lisp_registration *reg;

	while ((prefix = lisp_site_prefix_next(prefix)))
		frr_each (lisp_registrations, &prefix->registrations, reg)
			do_it(reg);
}

static void registration_write(struct lisp_registration *reg)
{
	store_registration_changed(reg, LISP_FATE_NEW);
}

static void registration_forget(struct lisp_registration *reg)
{
	if (reg->stored)
		stored_free(reg->stored);
	reg->stored = NULL;
}

/* ---- reading ---- */

/* False: the row is of no use any more. */
static bool row_read(struct sqlite3_stmt *s)
{
	const char *source = (const char *)sqlite3_column_text(s, 1);
	const char *own = (const char *)sqlite3_column_text(s, 7);
	uint64_t row = sqlite3_column_int64(s, 0);
	struct lisp_registration values = {}, *reg;
	struct lisp_mapping mapping = {};
	struct lisp_site_prefix *allowing;
	time_t now = time(NULL);

	values.first = monotonic_time(sqlite3_column_int64(s, 3));
	values.last = monotonic_time(MIN(sqlite3_column_int64(s, 4), now));
	values.expires = monotonic_time(sqlite3_column_int64(s, 5));
	values.port = sqlite3_column_int(s, 2);
	if (sqlite3_column_int64(s, 5) <= now || !source || str2ipaddr(source, &values.from) ||
	    !own || (own[0] && str2ipaddr(own, &values.to)) ||
	    !message_get(sqlite3_column_blob(s, 6), sqlite3_column_bytes(s, 6), &values, &mapping))
		return false;

	allowing = lisp_site_prefix_allowing(&mapping.eid);
	if (!allowing || !lisp_service_of(&mapping.eid)->map_server) {
		store.left = true;
		lisp_mapping_fini(&mapping);
		return true;
	}
	reg = lisp_registration_restore(allowing, &values, &mapping);
	lisp_mapping_fini(&mapping);
	if (reg && !reg->stored)
		stored_new(reg, row);
	return reg && reg->stored->row == row;
}

static void row_delete(uint64_t row)
{
	struct lisp_stored *stored = XCALLOC(MTYPE_LISP_STORED, sizeof(*stored));

	stored->row = row;
	stored_change(stored);
}

static void store_read(struct event *event)
{
	struct timeval began;
	int result;

	monotime(&began);
	do {
		result = sqlite3_step(store.rows);
		if (result == SQLITE_ROW && !row_read(store.rows))
			row_delete(sqlite3_column_int64(store.rows, 0));
	} while (result == SQLITE_ROW && monotime_since(&began, NULL) < LISP_STORE_SLICE);

	if (result == SQLITE_ROW) {
		event_add_timer_msec(lisp.master, store_read, NULL, 1, &store.t_read);
		return;
	}
	sqlite3_finalize(store.rows);
	store.rows = NULL;
	if (result == SQLITE_DONE) {
		if (store.restarted)
			zlog_notice("%s: %u registrations taken over", store.path,
				    lisp_registration_count());
		return;
	}
	flog_err(EC_LISP_STATE, "%s: %s; it is now beside it as .bad, what was read is kept",
		 store.path, sqlite3_errmsg(store.db));
	store_close();
	file_put_aside();
	store_open(true);
	each_registration(registration_write);
}

bool lisp_store_reading(void)
{
	return store.rows;
}

bool lisp_store_settling(void)
{
	return store.rows || (store.restarted && monotime(NULL) < store.settled);
}

void lisp_store_config_changed(void)
{
	if (!lisp_is_ms() || store.rows)
		return;
	if (!store.settled) {
		store.settled = monotime(NULL) + LISP_STORE_SETTLE;
		store_open(false);
	} else if (!store.left || !lisp_store_settling()) {
		return;
	}
	if (!store.db)
		return;

	store.left = false;
	if (sqlite3_prepare_v2(store.db, select_rows, -1, &store.rows, NULL) != SQLITE_OK)
		store_failed();
	else
		event_add_event(lisp.master, store_read, NULL, 0, &store.t_read);
}

void lisp_store_init(void)
{
	snprintf(store.path, sizeof(store.path), "%s/lispd-registrations.db", frr_libstatedir);
	stored_changed_init(&store.changed);
	stored_changed_init(&store.refreshed);
	hook_register(lisp_registration_changed, store_registration_changed);
}

void lisp_store_finish(void)
{
	struct lisp_stored *stored;

	hook_unregister(lisp_registration_changed, store_registration_changed);
	store_refresh(NULL);
	if (store.db)
		rows_write(0);
	store_close();
	each_registration(registration_forget);
	/* if they could not be written */
	while ((stored = stored_changed_first(&store.changed)))
		stored_free(stored);
	stored_changed_fini(&store.changed);
	stored_changed_fini(&store.refreshed);
}
