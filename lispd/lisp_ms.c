// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Map-Server: Map-Registers in (RFC 9301 sections 5.6, 5.7, 8.2). What it does
 * with Map-Requests is in lisp_ms_request.c.
 *
 * A Map-Register passes three gates before it changes anything: its records are
 * those of one site (or of sites with one key), the site's key of its key-id
 * authenticates all of it, and each record is one the site may register. Records
 * that fail the last are skipped, all else drops the message. Nonces are not
 * required to grow: deployed ETRs send random or constant ones, and a register
 * that comes twice sets the same state twice and is acknowledged twice.
 *
 * Registers with the a bit are merged: the Map-Notify has what all xTRs of the site have
 * registered so, and when that changes the others get an unsolicited one, from the address
 * that they register with.
 */
#include <zebra.h>

#include <string.h>
#include <sys/random.h>

#include <openssl/crypto.h>

#include "frrevent.h"
#include "jhash.h"
#include "log.h"
#include "memory.h"
#include "typesafe.h"

#include "lispd/lisp_auth.h"
#include "lispd/lisp_bucket.h"
#include "lispd/lisp_debug.h"
#include "lispd/lisp_errors.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_log.h"
#include "lispd/lisp_ms.h"
#include "lispd/lisp_refusal.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_rloc.h"
#include "lispd/lisp_store.h"
#include "lispd/lisp_wire.h"

DEFINE_HOOK(lisp_auth_refused,
	    (const struct lisp_site *site, const struct ipaddr *source, enum lisp_drop reason),
	    (site, source, reason));

DEFINE_MTYPE_STATIC(LISPD, LISP_NEWS, "LISP unsolicited Map-Notify");

PREDECL_HASH(all_news);
PREDECL_HASH(news_nonces);

static time_t unknown_logged; /* monotonic seconds */

static bool serves(const struct lisp_eid *eid)
{
	return lisp_service_of(eid)->map_server;
}

/* The configured prefix that lets the record in; NULL: refused. */
static struct lisp_site_prefix *record_allowing(const struct lisp_record *record)
{
	struct lisp_eid eid;

	if (lisp_addr_to_any_eid(&record->eid, record->mask_len, &eid) != LISP_OK || !serves(&eid))
		return NULL;
	return lisp_site_prefix_allowing(&eid);
}

static bool keys_same(const struct lisp_site *a, const struct lisp_site *b, uint8_t key_id,
		      uint8_t algorithm)
{
	struct lisp_key ka, kb;
	bool same;

	same = lisp_key_to_verify(&a->key, key_id, algorithm, &ka) &&
	       lisp_key_to_verify(&b->key, key_id, algorithm, &kb) && ka.len == kb.len &&
	       !CRYPTO_memcmp(ka.secret, kb.secret, ka.len);
	explicit_bzero(&ka, sizeof(ka));
	explicit_bzero(&kb, sizeof(kb));
	return same;
}

/* The site that all known records belong to, as far as keys can tell. */
static enum lisp_drop find_site(const struct lisp_msg *msg, struct lisp_site **site)
{
	struct lisp_cursor c = lisp_msg_records(msg);
	struct lisp_record record;

	*site = NULL;
	while (lisp_record_next(&c, &record)) {
		const struct lisp_site_prefix *prefix = record_allowing(&record);

		if (!prefix)
			continue;
		if (!*site)
			*site = prefix->site;
		if (prefix->site != *site &&
		    !keys_same(prefix->site, *site, msg->h.key_id, msg->h.alg_id))
			return LISP_DROP_SITE_MISMATCH;
	}
	return *site ? LISP_OK : LISP_DROP_UNKNOWN_SITE;
}

static enum lisp_drop authenticate(const struct lisp_msg *msg, const struct lisp_site *site,
				   struct lisp_key *key)
{
	if (!site->key.name && !site->key.secret)
		return LISP_DROP_AUTH_NO_KEY;
	if (msg->h.alg_id == LISP_AUTH_NONE || !lisp_auth_len(msg->h.alg_id, true))
		return LISP_DROP_AUTH_ALGORITHM;
	if (!lisp_key_to_verify(&site->key, msg->h.key_id, msg->h.alg_id, key))
		return LISP_DROP_AUTH_UNKNOWN_KEY;
	return lisp_auth_verify(msg, key->algorithm, key->secret, key->len);
}

static void record_note(const struct lisp_record *record, const struct ipaddr *from,
			const struct lisp_site *site, enum lisp_drop drop)
{
	struct lisp_eid eid;
	bool known = lisp_addr_to_any_eid(&record->eid, record->mask_len, &eid) == LISP_OK;

	lisp_refusal_note(LISP_MAP_REGISTER, drop, from, known ? &eid : NULL,
			  site ? site->name : NULL);
}

/* "10.1.0.0/24, key-id 1, sha256": what a Map-Register begins with. */
static const char *register_text(const struct lisp_msg *msg, char *buf, size_t size)
{
	struct lisp_cursor c = lisp_msg_records(msg);
	char text[LISP_ADDR_STRLEN];
	struct lisp_record record;

	if (!lisp_record_next(&c, &record))
		return "no records";
	snprintf(buf, size, "%s/%u, key-id %u, %s", lisp_addr_str(&record.eid, text, sizeof(text)),
		 record.mask_len, msg->h.key_id, lisp_auth_name(msg->h.alg_id));
	return buf;
}

static void register_refused(const struct lisp_rx *rx, const struct lisp_msg *msg,
			     struct lisp_site *site, enum lisp_drop drop)
{
	char text[LISP_ADDR_STRLEN + 64];
	time_t *logged = site ? &site->refusal_logged : &unknown_logged;
	struct lisp_cursor c = lisp_msg_records(msg);
	struct lisp_record record;

	while (lisp_record_next(&c, &record))
		record_note(&record, &rx->src, site, drop);

	if (site && drop == LISP_DROP_SITE_MISMATCH)
		site->refused++;
	else if (site) {
		site->auth_failures++;
		site->auth_failed = monotime(NULL);
		hook_call(lisp_auth_refused, site, &rx->src, drop);
	}
	if (lisp_once_in(LISP_LOG_INTERVAL, logged))
		flog_warn(EC_LISP_AUTH, "%s%s: Map-Register of %s and %u more from %pIA refused: %s",
			  site ? "site " : "no site", site ? site->name : "",
			  register_text(msg, text, sizeof(text)), MAX(msg->record_count, 1) - 1,
			  &rx->src, lisp_drop_name(drop));
}

/* Map-Versions wrap, 0 is none (RFC 9302 section 6). Half the circle away, the larger is newer. */
static bool version_older(uint16_t version, uint16_t than)
{
	if (!version || !than || version == than)
		return false;
	return version < than ? than - version <= 2048 : version - than > 2048;
}

static enum lisp_drop register_record(const struct lisp_record *record,
				      const struct lisp_registration *values)
{
	struct lisp_site_prefix *allowing = record_allowing(record), *prefix;
	const struct lisp_registration *old = NULL;
	struct lisp_mapping mapping = {};
	unsigned int left_out;
	enum lisp_drop drop;

	if (!allowing)
		return LISP_DROP_UNKNOWN_SITE;
	if (record->locator_count > LISP_LOCATORS_MAX)
		return LISP_DROP_TOO_MANY_LOCATORS;
	drop = lisp_mapping_from_record(record, &mapping, &left_out);
	if (drop != LISP_OK)
		return drop;
	if (left_out)
		lisp_stats_event(LISP_EV_LOCATOR_LEFT);
	/* What is without locators is negative; who gave some did not mean that. */
	if (left_out && !mapping.n_locators && record->ttl)
		return LISP_DROP_NO_LOCATOR;

	prefix = lisp_site_prefix_find(&mapping.eid);
	if (prefix)
		old = lisp_registration_find(prefix, values);
	if (old && version_older(mapping.map_version, old->mapping.map_version)) {
		LISP_DBG_EID(ms, &mapping.eid, "site %s: from %pIA: Map-Version %u is older than %u",
			     allowing->site->name, &values->from, mapping.map_version,
			     old->mapping.map_version);
		drop = LISP_DROP_OLD_VERSION;
	} else {
		mapping.action = LISP_ACT_NONE; /* has no meaning in a register */
		drop = lisp_registration_put(allowing, values, &mapping);
	}
	lisp_mapping_fini(&mapping);
	return drop;
}

static void record_refused(const struct lisp_record *record, const struct lisp_registration *values,
			   const struct lisp_site *site, enum lisp_drop drop)
{
	char text[LISP_ADDR_STRLEN];

	if (lisp_log_room(&values->from))
		zlog_notice("site %s: EID-prefix %s/%u refused: %s: xTR %pIA, key-id %u, %s",
			    site->name, lisp_addr_str(&record->eid, text, sizeof(text)),
			    record->mask_len, lisp_drop_name(drop), &values->from, values->key_id,
			    lisp_auth_name(values->algorithm));
}

/* ---- the Map-Notify that acknowledges ---- */

struct notify {
	const struct lisp_rx *rx; /* the Map-Register */
	const struct lisp_key *key;
	struct lisp_header h;
	struct lisp_writer w;
	size_t safe; /* octets before the trailer; the first record is sent even if it is longer */
	unsigned int records;
	uint8_t buf[LISP_MSG_MAX];
};

static void notify_begin(struct notify *n)
{
	n->records = 0;
	lisp_writer_init(&n->w, n->buf, sizeof(n->buf));
	lisp_put_header(&n->w, &n->h);
}

/*
 * Same nonce, key-id, algorithm and length of the MAC as the register, and its xTR-ID if the site
 * asks for it.
 */
static void notify_start(struct notify *n, const struct lisp_rx *rx, const struct lisp_msg *msg,
			 const struct lisp_site *site, const struct lisp_key *key)
{
	n->rx = rx;
	n->key = key;
	n->safe = LISP_MSG_SAFE(&rx->src);
	n->h = (struct lisp_header){
		.type = LISP_MAP_NOTIFY,
		.nonce = msg->h.nonce,
		.key_id = msg->h.key_id,
		.alg_id = msg->h.alg_id,
		.auth_len = msg->h.auth_len,
		.site_id = msg->h.site_id,
	};
	if (site->notify_xtr_id && CHECK_FLAG(msg->h.flags, LISP_MREG_F_XTR_ID)) {
		n->h.flags = LISP_MNOT_F_XTR_ID;
		memcpy(n->h.xtr_id, msg->h.xtr_id, sizeof(n->h.xtr_id));
		n->safe -= LISP_TRAILER_LEN;
	}
	notify_begin(n);
}

/* To the port that the register came from: RFC 9301 section 5 before 5.7, as
 * deployed ETRs listen there.
 */
static void notify_send(struct notify *n)
{
	lisp_put_trailer(&n->w, &n->h);
	if (!n->w.overflow && lisp_auth_sign(n->buf, n->w.len, n->key->secret, n->key->len))
		lisp_io_send(&n->rx->dst, &n->rx->src, n->rx->sport, n->buf, n->w.len);
}

/* The record as it was registered, or merged with what the site's other xTRs have. */
static void notify_put_one(struct notify *n, const struct lisp_record *record, bool merge)
{
	const struct lisp_site_prefix *prefix = NULL;
	struct lisp_mapping merged = {};
	struct lisp_eid eid;

	if (merge && lisp_addr_to_any_eid(&record->eid, record->mask_len, &eid) == LISP_OK)
		prefix = lisp_site_prefix_find(&eid);
	if (prefix && record->ttl && lisp_site_prefix_merged(prefix, &merged))
		lisp_put_mapping(&n->w, &merged);
	else
		lisp_put_record_again(&n->w, record);
	lisp_mapping_fini(&merged);
}

/* RFC 9301 section 5 limits a message: what does not fit goes in another one. */
static void notify_put(struct notify *n, const struct lisp_record *record, bool merge)
{
	struct lisp_writer before = n->w;

	notify_put_one(n, record, merge);
	if (n->records && (n->w.overflow || n->w.len > n->safe)) {
		lisp_put_undo(&n->w, &before, n->records);
		notify_send(n);
		notify_begin(n);
		notify_put_one(n, record, merge);
	}
	n->records++;
}

static enum lisp_drop register_all(const struct lisp_rx *rx, const struct lisp_msg *msg,
				   struct lisp_site *site, const struct lisp_key *key)
{
	struct lisp_cursor c = lisp_msg_records(msg);
	enum lisp_drop drop, last = LISP_OK;
	struct lisp_registration values = { .from = rx->src, .port = rx->sport, .to = rx->dst };
	struct lisp_record record;
	unsigned int accepted = 0;
	struct notify notify;

	lisp_registration_from_register(&values, msg);
	notify_start(&notify, rx, msg, site, key);

	while (lisp_record_next(&c, &record)) {
		drop = register_record(&record, &values);
		if (drop != LISP_OK) {
			last = drop;
			site->refused++;
			lisp_stats_event(LISP_EV_RECORD_REFUSED);
			record_refused(&record, &values, site, drop);
			record_note(&record, &rx->src, site, drop);
			continue;
		}
		accepted++;
		if (values.want_notify)
			notify_put(&notify, &record, values.merge);
	}
	if (!accepted)
		return last;
	if (values.want_notify)
		notify_send(&notify);
	return LISP_OK;
}

/* ---- Map-Notifies that nobody has solicited: a merged set has changed ---- */

/* To one of its xTRs, until that acknowledges it (RFC 9301 section 5.7, RFC 8378 section 5.3). */
struct news {
	struct all_news_item item;
	struct news_nonces_item nonce_item; /* while tries is not 0 */
	struct lisp_eid eid;
	struct lisp_registration to; /* what names its xTR */
	uint64_t nonce;		     /* of the last try */
	unsigned int tries;
	struct event *t_send;
};

static int news_cmp(const struct news *a, const struct news *b)
{
	return !lisp_eid_same(&a->eid, &b->eid) || !lisp_registration_same_xtr(&a->to, &b->to);
}

static uint32_t news_hash(const struct news *news)
{
	const struct lisp_registration *to = &news->to;
	uint32_t hash = lisp_eid_hash(&news->eid);

	if (to->has_xtr_id)
		return jhash(to->xtr_id, sizeof(to->xtr_id), hash);
	return jhash(to->from.ip.addrbytes, IPADDRSZ(&to->from), hash);
}

DECLARE_HASH(all_news, struct news, item, news_cmp, news_hash);

static int news_nonce_cmp(const struct news *a, const struct news *b)
{
	return numcmp(a->nonce, b->nonce);
}

static uint32_t news_nonce_hash(const struct news *news)
{
	return news->nonce;
}

DECLARE_HASH(news_nonces, struct news, nonce_item, news_nonce_cmp, news_nonce_hash);

static struct all_news_head all_news[1] = { INIT_HASH(all_news[0]) };
static struct news_nonces_head news_nonces[1] = { INIT_HASH(news_nonces[0]) };

/* No answer to a try is waited for. */
static void news_restart(struct news *news)
{
	event_cancel(&news->t_send);
	if (news->tries)
		news_nonces_del(news_nonces, news);
	news->tries = 0;
}

static void news_free(struct news *news)
{
	news_restart(news);
	all_news_del(all_news, news);
	XFREE(MTYPE_LISP_NEWS, news);
}

static const struct lisp_registration *news_reader(const struct news *news,
						   const struct lisp_site_prefix *prefix)
{
	const struct lisp_registration *reg = lisp_registration_find(prefix, &news->to);

	return reg && reg->merge && reg->want_notify ? reg : NULL;
}

static void news_build(struct lisp_writer *w, const struct news *news,
		       const struct lisp_registration *reg, const struct lisp_mapping *mapping)
{
	struct lisp_header h = {
		.type = LISP_MAP_NOTIFY,
		.nonce = news->nonce,
		.key_id = reg->key_id,
		.alg_id = reg->algorithm,
		.auth_len = lisp_auth_len(reg->algorithm, true),
		.site_id = reg->site_id,
	};

	if (reg->prefix->site->notify_xtr_id && reg->has_xtr_id) {
		h.flags = LISP_MNOT_F_XTR_ID;
		memcpy(h.xtr_id, reg->xtr_id, sizeof(h.xtr_id));
	}
	lisp_put_header(w, &h);
	lisp_put_mapping(w, mapping);
	lisp_put_trailer(w, &h);
}

/* False: who was to read it is no more, or it cannot be written. */
static bool news_put(struct news *news)
{
	const struct lisp_site_prefix *prefix = lisp_site_prefix_find(&news->eid);
	const struct lisp_registration *reg = prefix ? news_reader(news, prefix) : NULL;
	struct lisp_mapping merged;
	struct lisp_key key = {};
	uint8_t buf[LISP_MSG_MAX];
	struct lisp_writer w;
	bool put = false;

	if (!reg || !lisp_site_prefix_merged(prefix, &merged))
		return false;
	if (lisp_key_to_verify(&prefix->site->key, reg->key_id, reg->algorithm, &key)) {
		lisp_writer_init(&w, buf, sizeof(buf));
		news_build(&w, news, reg, &merged);
		put = !w.overflow && lisp_auth_sign(buf, w.len, key.secret, key.len);
	}
	explicit_bzero(&key, sizeof(key));
	lisp_mapping_fini(&merged);
	/* who registered at that address expects it from there */
	if (put)
		lisp_io_send(lisp_rloc_is_own(&reg->to) ? &reg->to : NULL, &reg->from, reg->port,
			     buf, w.len);
	return put;
}

static void ms_news_send(struct event *event)
{
	struct news *news = EVENT_ARG(event);
	unsigned int tries = news->tries;

	news_restart(news);
	if (tries == LISP_NEWS_TRIES ||
	    getrandom(&news->nonce, sizeof(news->nonce), GRND_NONBLOCK) != sizeof(news->nonce) ||
	    !news_put(news)) {
		news_free(news);
		return;
	}
	news->tries = tries + 1;
	news_nonces_add(news_nonces, news);
	event_add_timer(lisp.master, ms_news_send, news,
			LISP_NEWS_AGAIN << (tries > 2 ? tries - 2 : 0), &news->t_send);
}

static void news_start(const struct lisp_registration *reg)
{
	struct news key = { .eid = reg->prefix->eid }, *news;

	key.to.from = reg->from;
	key.to.has_xtr_id = reg->has_xtr_id;
	memcpy(key.to.xtr_id, reg->xtr_id, sizeof(key.to.xtr_id));
	news = all_news_find(all_news, &key);
	if (!news && all_news_count(all_news) >= LISP_NEWS_MAX) {
		lisp_stats_event(LISP_EV_NEWS_LEFT);
		return;
	}
	if (!news) {
		news = XMALLOC(MTYPE_LISP_NEWS, sizeof(*news));
		*news = key;
		all_news_add(all_news, news);
	}
	news_restart(news);
	event_add_timer_msec(lisp.master, ms_news_send, news, LISP_NEWS_DELAY, &news->t_send);
}

static int ms_registration_changed(struct lisp_registration *reg, enum lisp_fate fate)
{
	const struct lisp_registration *other;

	bool left = reg->left_merged && fate == LISP_FATE_NEW;

	if ((!reg->merge && !left) || fate == LISP_FATE_REFRESH)
		return 0;
	frr_each (lisp_registrations_const, &reg->prefix->registrations, other)
		if (other != reg && other->merge && other->want_notify)
			news_start(other);
	return 0;
}

static void news_acknowledged(uint64_t nonce)
{
	const struct news key = { .nonce = nonce };
	struct news *news = news_nonces_find(news_nonces, &key);

	if (news)
		news_free(news);
}

/* ---- messages ---- */

enum lisp_drop lisp_ms_rx_register(const struct lisp_rx *rx, const struct lisp_msg *msg)
{
	struct lisp_site *site = NULL;
	struct lisp_key key = {};
	enum lisp_drop drop;

	if (!lisp_is_ms())
		return LISP_DROP_NOT_ENABLED;
	if (lisp_store_reading())
		return LISP_DROP_NOT_BACK;

	drop = find_site(msg, &site);
	if (drop == LISP_OK)
		drop = authenticate(msg, site, &key);
	if (drop == LISP_OK)
		drop = register_all(rx, msg, site, &key);
	else
		register_refused(rx, msg, site, drop);
	explicit_bzero(&key, sizeof(key));
	return drop;
}

/* Some ETRs acknowledge every Map-Notify. One that names a site must be authentic. */
enum lisp_drop lisp_ms_rx_notify_ack(const struct lisp_rx *rx, const struct lisp_msg *msg)
{
	struct lisp_site *site = NULL;
	struct lisp_key key = {};
	enum lisp_drop drop;

	if (!lisp_is_ms())
		return LISP_DROP_NOT_ENABLED;
	if (!msg->record_count)
		return LISP_OK;

	drop = find_site(msg, &site);
	if (drop == LISP_OK)
		drop = authenticate(msg, site, &key);
	explicit_bzero(&key, sizeof(key));
	if (drop == LISP_OK)
		news_acknowledged(msg->h.nonce);
	return drop;
}

void lisp_ms_init(void)
{
	hook_register(lisp_registration_changed, ms_registration_changed);
}

void lisp_ms_finish(void)
{
	struct news *news;

	hook_unregister(lisp_registration_changed, ms_registration_changed);
	while ((news = all_news_first(all_news)))
		news_free(news);
	all_news_fini(all_news);
	news_nonces_fini(news_nonces);
}
