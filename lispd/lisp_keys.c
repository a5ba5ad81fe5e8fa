// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Shared secrets: the key file, read again whenever it changes, and the choice
 * of a key for a message.
 *
 * The file is taken whole or not at all: one that is open to others or has a line
 * that cannot be read leaves the keys in force that were read from it before, and
 * says so. No file means no keys. The directory is watched, not the file, because
 * editors and configuration tools replace a file by renaming a new one onto it.
 */
#include <zebra.h>

#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include "frrevent.h"
#include "hook.h"
#include "libfrr.h"
#include "log.h"
#include "memory.h"

#include "lispd/lisp_errors.h"
#include "lispd/lisp_keys.h"
#include "lispd/lisp_limits.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_KEYS, "LISP keys");
DEFINE_MTYPE_STATIC(LISPD, LISP_KEY_REF, "LISP key reference");
DEFINE_MTYPE_STATIC(LISPD, LISP_KEYS_PATH, "LISP key file path");

DEFINE_HOOK(lisp_keys_changed, (), ());

#define KEY_FILE_NAME "lisp.keys"
/* RFC 6830 has one field of 16 bits, Key ID and algorithm in one: 0 keeps its values. */
#define INLINE_KEY_ID 0

/* One line of the file. */
struct file_key {
	char name[LISP_KEY_NAME_MAX];
	struct lisp_key key;
	time_t from, until; /* seconds of the epoch; 0: unlimited */
};

/* All lines, sorted by name, then key-id. */
struct key_table {
	struct file_key *keys;
	unsigned int count, room;
};

static struct {
	char *path;
	struct key_table table;
	char error[160]; /* empty: fine */
	int inotify;	 /* -1: none */
	int watch;	 /* -1: none */
	struct event *read, *reload, *retry, *bound;
} keys = { .inotify = -1, .watch = -1 };

static const struct {
	const char *word;
	uint8_t algorithm;
} algorithms[] = {
	{ "hmac-sha-1-96", LISP_AUTH_HMAC_SHA1_96 },
	{ "hmac-sha-256-128", LISP_AUTH_HMAC_SHA256_128 },
	{ "hmac-sha-256-128-hkdf", LISP_AUTH_HMAC_SHA256_128_HKDF },
};

/* ---- the table ---- */

static void table_wipe(struct key_table *table)
{
	if (table->keys)
		explicit_bzero(table->keys, table->room * sizeof(table->keys[0]));
	XFREE(MTYPE_LISP_KEYS, table->keys);
	table->count = table->room = 0;
}

/* Grows by copying: realloc would leave secrets behind in freed memory. */
static struct file_key *table_add(struct key_table *table)
{
	if (table->count == table->room) {
		unsigned int room = table->room ? table->room * 2 : 16;
		struct file_key *bigger = XCALLOC(MTYPE_LISP_KEYS, room * sizeof(*bigger));
		unsigned int count = table->count;

		if (count)
			memcpy(bigger, table->keys, count * sizeof(*bigger));
		table_wipe(table);
		table->keys = bigger;
		table->count = count;
		table->room = room;
	}
	return &table->keys[table->count++];
}

static int file_key_cmp(const void *va, const void *vb)
{
	const struct file_key *a = va, *b = vb;
	int ret = strcmp(a->name, b->name);

	return ret ? ret : numcmp(a->key.id, b->key.id);
}

static bool tables_same(const struct key_table *a, const struct key_table *b)
{
	return a->count == b->count &&
	       (!a->count || !memcmp(a->keys, b->keys, a->count * sizeof(a->keys[0])));
}

/* The keys of a name are neighbours; NULL: none. */
static const struct file_key *table_first(const struct key_table *table, const char *name)
{
	unsigned int low = 0, high = table->count;

	while (low < high) {
		unsigned int mid = (low + high) / 2;

		if (strcmp(table->keys[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == table->count || strcmp(table->keys[low].name, name))
		return NULL;
	return &table->keys[low];
}

static const struct file_key *table_next(const struct key_table *table, const struct file_key *key)
{
	const struct file_key *next = key + 1;

	if (next == table->keys + table->count || strcmp(next->name, key->name))
		return NULL;
	return next;
}

static bool key_valid_at(const struct file_key *key, time_t now)
{
	return (!key->from || now >= key->from) && (!key->until || now < key->until);
}

/* ---- one line ---- */

/* ISO 8601 UTC, "2026-01-31" or "2026-01-31T23:59:59Z". */
static bool parse_time(const char *word, time_t *out)
{
	static const char *const formats[] = { "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%MZ", "%Y-%m-%d" };

	for (size_t i = 0; i < array_size(formats); i++) {
		struct tm tm = {};
		const char *end = strptime(word, formats[i], &tm);

		if (end && !*end) {
			*out = timegm(&tm);
			return true;
		}
	}
	return false;
}

static bool parse_algorithm(const char *word, uint8_t *algorithm)
{
	for (size_t i = 0; i < array_size(algorithms); i++) {
		if (!strcmp(word, algorithms[i].word)) {
			*algorithm = algorithms[i].algorithm;
			return true;
		}
	}
	return false;
}

/* NULL: taken; else what is wrong, static text (never with the line's content). */
static const char *parse_words(char **save, char *name, struct file_key *key)
{
	char *id = strtok_r(NULL, " \t", save);
	char *algorithm = strtok_r(NULL, " \t", save);
	char *secret = strtok_r(NULL, " \t", save);
	char *word, *end;
	unsigned long number;

	if (!secret)
		return "not NAME KEY-ID ALGORITHM SECRET";
	if (strlcpy(key->name, name, sizeof(key->name)) >= sizeof(key->name))
		return "name too long";

	number = strtoul(id, &end, 10);
	if (!isdigit((unsigned char)*id) || *end || number > UINT8_MAX)
		return "key-id is not 0 to 255";
	key->key.id = number;

	if (!parse_algorithm(algorithm, &key->key.algorithm))
		return "unknown algorithm";

	key->key.len = strnlen(secret, LISP_SECRET_MAX + 1);
	if (key->key.len > LISP_SECRET_MAX)
		return "secret too long";
	memcpy(key->key.secret, secret, key->key.len);

	while ((word = strtok_r(NULL, " \t", save))) {
		char *when = strtok_r(NULL, " \t", save);
		time_t *bound = !strcmp(word, "from")	 ? &key->from
				: !strcmp(word, "until") ? &key->until
							 : NULL;

		if (!bound)
			return "neither from nor until after the secret";
		if (!when || !parse_time(when, bound))
			return "time is not ISO 8601 UTC (2026-01-31T23:59:59Z)";
	}
	if (key->from && key->until && key->from >= key->until)
		return "from is not before until";
	return NULL;
}

static const char *parse_line(char *line, struct key_table *table)
{
	char *save = NULL, *name;

	line[strcspn(line, "\r\n")] = '\0';
	name = strtok_r(line, " \t", &save);
	if (!name || name[0] == '#')
		return NULL;
	if (table->count >= LISP_KEY_LINES_MAX)
		return "too many keys";
	return parse_words(&save, name, table_add(table));
}

/* ---- lifetimes ---- */

static void bounds_watch(void);

static void keys_bound_reached(struct event *event)
{
	hook_call(lisp_keys_changed);
	bounds_watch();
}

/* Wakes up when the next key begins or ends, and now and then, if any ever does. */
static void bounds_watch(void)
{
	time_t now = time(NULL), wait = 0;

	for (unsigned int i = 0; i < keys.table.count; i++) {
		const time_t bounds[] = { keys.table.keys[i].from, keys.table.keys[i].until };

		for (size_t j = 0; j < array_size(bounds); j++) {
			if (!bounds[j])
				continue;
			wait = wait ? wait : LISP_KEY_CLOCK;
			if (bounds[j] > now)
				wait = MIN(wait, bounds[j] - now);
		}
	}
	event_cancel(&keys.bound);
	if (wait)
		event_add_timer(lisp.master, keys_bound_reached, NULL, wait, &keys.bound);
}

/* ---- the file ---- */

static void set_error(const char *fmt, ...) PRINTFRR(1, 2);

static void set_error(const char *fmt, ...)
{
	char text[sizeof(keys.error)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintfrr(text, sizeof(text), fmt, ap);
	va_end(ap);

	/* Once per cause, not once per event of the directory. */
	if (strcmp(text, keys.error))
		flog_err(EC_LISP_KEYS, "key file %s not in use: %s", keys.path, text);
	strlcpy(keys.error, text, sizeof(keys.error));
}

static bool file_is_private(int fd)
{
	struct stat st;

	if (fstat(fd, &st)) {
		set_error("%s", safe_strerror(errno));
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		set_error("not a regular file");
		return false;
	}
	if (st.st_mode & 0077) {
		set_error("mode %04o lets others in; run: chmod 0600 %s",
			  (unsigned int)(st.st_mode & 07777), keys.path);
		return false;
	}
	if (st.st_uid != geteuid() && st.st_uid != 0) {
		set_error("owned by uid %u, not by the daemon's (%u); run: chown %u %s",
			  (unsigned int)st.st_uid, (unsigned int)geteuid(), (unsigned int)geteuid(),
			  keys.path);
		return false;
	}
	return true;
}

static bool read_lines(FILE *file, struct key_table *table)
{
	char line[LISP_KEY_LINE_MAX];
	unsigned int number = 0;
	const char *wrong = NULL;

	while (!wrong && fgets(line, sizeof(line), file)) {
		number++;
		if (strlen(line) == sizeof(line) - 1 && line[sizeof(line) - 2] != '\n')
			wrong = "line too long";
		else
			wrong = parse_line(line, table);
	}
	explicit_bzero(line, sizeof(line));

	if (!wrong && table->count > 1) {
		qsort(table->keys, table->count, sizeof(table->keys[0]), file_key_cmp);
		for (unsigned int i = 1; i < table->count; i++) {
			if (file_key_cmp(&table->keys[i - 1], &table->keys[i]))
				continue;
			set_error("key-id %u of %s is there twice", table->keys[i].key.id,
				  table->keys[i].name);
			return false;
		}
	}
	if (wrong)
		set_error("line %u: %s", number, wrong);
	return !wrong;
}

static bool file_read(struct key_table *table)
{
	/* The daemon's own user reads it: no privileges, so that a wrong owner shows. */
	int fd = open(keys.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char buffer[BUFSIZ];
	FILE *file;
	bool ok;

	/* A new file is renamed onto the old one: absent is gone. It is the lab's case, too,
	 * and no error worth a log message.
	 */
	if (fd < 0 && errno == ENOENT) {
		strlcpy(keys.error, safe_strerror(errno), sizeof(keys.error));
		return true;
	}
	if (fd < 0) {
		if (errno == EACCES)
			set_error("%s; run: chown %u %s", safe_strerror(errno),
				  (unsigned int)geteuid(), keys.path);
		else
			set_error("%s", safe_strerror(errno));
		return false;
	}
	if (!file_is_private(fd)) {
		close(fd);
		return false;
	}
	file = fdopen(fd, "r");
	if (!file) {
		set_error("%s", safe_strerror(errno));
		close(fd);
		return false;
	}
	setvbuf(file, buffer, _IOFBF, sizeof(buffer));
	ok = read_lines(file, table);
	fclose(file);
	explicit_bzero(buffer, sizeof(buffer));
	if (ok)
		keys.error[0] = '\0';
	return ok;
}

static void keys_load(bool same_file)
{
	struct key_table fresh = {};
	bool changed;

	if (!file_read(&fresh)) {
		table_wipe(&fresh);
		if (same_file)
			return;
	}
	changed = !tables_same(&fresh, &keys.table);
	table_wipe(&keys.table);
	keys.table = fresh;
	if (!changed)
		return;

	bounds_watch();
	zlog_info("key file %s: %u keys in use", keys.path, keys.table.count);
	hook_call(lisp_keys_changed);
}

/* ---- watching ---- */

static void watch_directory(void);

static void keys_reload(struct event *event)
{
	keys_load(true);
}

static void reload_soon(void)
{
	event_add_timer_msec(lisp.master, keys_reload, NULL, LISP_KEY_SETTLE, &keys.reload);
}

static void keys_retry(struct event *event)
{
	watch_directory();
	keys_load(true);
}

/* The directory may be absent, or be replaced: look again later. */
static void retry_later(void)
{
	event_add_timer(lisp.master, keys_retry, NULL, LISP_KEY_RETRY, &keys.retry);
}

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void directory_event(const struct inotify_event *ev)
{
	if (ev->wd != keys.watch)
		return;
	if (ev->mask & (IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF)) {
		if (!(ev->mask & IN_IGNORED))
			inotify_rm_watch(keys.inotify, keys.watch);
		keys.watch = -1;
		retry_later();
		return;
	}
	if ((ev->mask & IN_Q_OVERFLOW) || (ev->len && !strcmp(ev->name, file_name(keys.path))))
		reload_soon();
}

static void keys_inotify_readable(struct event *event)
{
	char buffer[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	ssize_t len;

	event_add_read(lisp.master, keys_inotify_readable, NULL, keys.inotify, &keys.read);

	while ((len = read(keys.inotify, buffer, sizeof(buffer))) > 0) {
		const struct inotify_event *ev;

		for (char *p = buffer; p < buffer + len; p += sizeof(*ev) + ev->len) {
			ev = (const struct inotify_event *)p;
			directory_event(ev);
		}
	}
}

static void watch_directory(void)
{
	int dir_len = file_name(keys.path) - keys.path;
	char directory[PATH_MAX];

	if (keys.inotify < 0 || keys.watch >= 0)
		return;

	snprintf(directory, sizeof(directory), "%.*s./", dir_len, keys.path);
	keys.watch = inotify_add_watch(keys.inotify, directory,
				       IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE |
					       IN_DELETE | IN_ATTRIB | IN_DELETE_SELF |
					       IN_MOVE_SELF | IN_ONLYDIR);
	if (keys.watch < 0)
		retry_later();
}

static void unwatch(void)
{
	if (keys.watch >= 0)
		inotify_rm_watch(keys.inotify, keys.watch);
	keys.watch = -1;
	event_cancel(&keys.reload);
	event_cancel(&keys.retry);
}

/* ---- references and choice ---- */

bool lisp_key_ref_set(struct lisp_key_ref *ref, const char *name, const char *secret,
		      uint8_t algorithm)
{
	bool same = !strcmp(ref->name ?: "", name ?: "") &&
		    !strcmp(ref->secret ?: "", secret ?: "") && ref->algorithm == algorithm;

	if (same)
		return false;

	lisp_key_ref_fini(ref);
	ref->name = name ? XSTRDUP(MTYPE_LISP_KEY_REF, name) : NULL;
	ref->secret = secret ? XSTRDUP(MTYPE_LISP_KEY_REF, secret) : NULL;
	ref->algorithm = algorithm;
	return true;
}

void lisp_key_ref_fini(struct lisp_key_ref *ref)
{
	if (ref->secret)
		explicit_bzero(ref->secret, strlen(ref->secret));
	XFREE(MTYPE_LISP_KEY_REF, ref->secret);
	XFREE(MTYPE_LISP_KEY_REF, ref->name);
}

static bool inline_key(const struct lisp_key_ref *ref, uint8_t algorithm, struct lisp_key *key)
{
	size_t len;

	if (!ref->secret || algorithm < LISP_AUTH_HMAC_SHA1_96 ||
	    algorithm > LISP_AUTH_HMAC_SHA256_128_HKDF)
		return false;

	len = strlen(ref->secret);
	if (!len || len > LISP_SECRET_MAX)
		return false;

	*key = (struct lisp_key){ .id = INLINE_KEY_ID, .algorithm = algorithm, .len = len };
	memcpy(key->secret, ref->secret, len);
	return true;
}

bool lisp_key_to_send(const struct lisp_key_ref *ref, struct lisp_key *key)
{
	const struct file_key *fk, *best = NULL;
	time_t now = time(NULL);

	if (!ref->name)
		return inline_key(ref, ref->algorithm ?: LISP_AUTH_HMAC_SHA256_128, key);

	for (fk = table_first(&keys.table, ref->name); fk; fk = table_next(&keys.table, fk))
		if (key_valid_at(fk, now))
			best = fk;
	if (best)
		*key = best->key;
	return best;
}

bool lisp_key_same(const struct lisp_key *a, const struct lisp_key *b)
{
	return a->algorithm == b->algorithm && a->len == b->len &&
	       !memcmp(a->secret, b->secret, a->len);
}

bool lisp_key_to_verify(const struct lisp_key_ref *ref, uint8_t key_id, uint8_t algorithm,
			struct lisp_key *key)
{
	const struct file_key *fk;
	time_t now = time(NULL);

	if (!ref->name)
		return key_id == INLINE_KEY_ID && inline_key(ref, algorithm, key);

	for (fk = table_first(&keys.table, ref->name); fk; fk = table_next(&keys.table, fk)) {
		if (fk->key.id != key_id || fk->key.algorithm != algorithm || !key_valid_at(fk, now))
			continue;
		*key = fk->key;
		return true;
	}
	return false;
}

/* ---- life ---- */

void lisp_keys_status(struct lisp_keys_status *status)
{
	*status = (struct lisp_keys_status){
		.path = keys.path,
		.keys = keys.table.count,
		.error = keys.error[0] ? keys.error : NULL,
	};
}

void lisp_keys_path_set(const char *path)
{
	char *fresh;

	if (path)
		fresh = XSTRDUP(MTYPE_LISP_KEYS_PATH, path);
	else
		fresh = asprintfrr(MTYPE_LISP_KEYS_PATH, "%s%s", frr_sysconfdir, KEY_FILE_NAME);

	if (keys.path && !strcmp(keys.path, fresh)) {
		XFREE(MTYPE_LISP_KEYS_PATH, fresh);
		return;
	}
	XFREE(MTYPE_LISP_KEYS_PATH, keys.path);
	keys.path = fresh;

	unwatch();
	watch_directory();
	keys_load(false);
}

void lisp_keys_init(void)
{
	keys.inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (keys.inotify >= 0)
		event_add_read(lisp.master, keys_inotify_readable, NULL, keys.inotify, &keys.read);
	else
		flog_err(EC_LISP_KEYS, "key file is read at start only: inotify: %s",
			 safe_strerror(errno));
	lisp_keys_path_set(NULL);
}

void lisp_keys_finish(void)
{
	event_cancel(&keys.read);
	event_cancel(&keys.bound);
	unwatch();
	if (keys.inotify >= 0)
		close(keys.inotify);
	keys.inotify = -1;
	table_wipe(&keys.table);
	XFREE(MTYPE_LISP_KEYS_PATH, keys.path);
}
