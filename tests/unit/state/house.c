// SPDX-License-Identifier: GPL-2.0-or-later
/* The house of the tests: clock, doors, a peer. */
#include <zebra.h>

#include <string.h>
#include <sys/syscall.h>
#include <time.h>

#include "frrevent.h"
#include "if.h"
#include "vrf.h"

#include "lispd/lisp_alt_rib.h"
#include "lispd/lisp_database.h"
#include "lispd/lisp_io.h"
#include "lispd/lisp_ip.h"
#include "lispd/lisp_itr.h"
#include "lispd/lisp_kept.h"
#include "lispd/lisp_map_cache.h"
#include "lispd/lisp_msg.h"
#include "lispd/lisp_peer.h"
#include "lispd/lisp_pending.h"
#include "lispd/lisp_registry.h"
#include "lispd/lisp_smr.h"
#include "lispd/lisp_store.h"
#include "lispd/lisp_zebra.h"
#include "lispd/lispd.h"

#include "house.h"

#define STEP_MS	 50
#define LOWER_UP (1 << 16) /* IFF_LOWER_UP of <linux/if.h>, which does not go with <net/if.h> */

/* ---- clock ---- */

static int64_t now_ms = 1000000;
unsigned int house_clock_looks;

int clock_gettime(clockid_t id, struct timespec *ts)
{
	if (id != CLOCK_MONOTONIC)
		return (int)syscall(SYS_clock_gettime, id, ts);
	house_clock_looks++;
	ts->tv_sec = now_ms / 1000;
	ts->tv_nsec = now_ms % 1000 * 1000000;
	return 0;
}

int64_t house_now(void)
{
	return now_ms;
}

/* ---- interfaces ---- */

unsigned int house_interface_looks;

/* Who looks for an interface asks for its VRF first. */
struct vrf *vrf_lookup_by_id(vrf_id_t vrf_id)
{
	house_interface_looks++;
	return vrf_id == VRF_DEFAULT ? vrf_lookup_by_name(VRF_DEFAULT_NAME) : NULL;
}

/* ---- time passes ---- */

static void all_over(struct event *event)
{
	bool *over = EVENT_ARG(event);

	*over = true;
}

/* What is due now, and what that brings. */
static void happen(void)
{
	struct event event;

	for (int i = 0; i < 3; i++) {
		bool over = false;

		event_add_event(lisp.master, all_over, &over, 0, NULL);
		while (!over && event_fetch(lisp.master, &event))
			event_call(&event);
	}
}

void house_run(unsigned int ms)
{
	happen();
	for (unsigned int done = 0; done < ms; done += STEP_MS) {
		now_ms += STEP_MS;
		happen();
	}
}

/* ---- doors ---- */

DEFINE_HOOK(lisp_interface_changed, (struct interface * ifp), (ifp));

struct house_sent house_sent[HOUSE_SENT_MAX];
unsigned int house_n_sent;
bool house_cannot_send;
struct house_replied house_replied;
uint8_t house_reply_octets[1500];
size_t house_reply_len;
int64_t house_registers[64];
unsigned int house_n_registers;
uint8_t house_register[9000];
size_t house_register_len;
unsigned int house_n_notifies;
struct ipaddr house_notify_from, house_notify_to;
uint8_t house_notify[9000];
size_t house_notify_len;

static void keep_register(const uint8_t *octets, size_t len)
{
	CHECK(house_n_registers < array_size(house_registers));
	house_registers[house_n_registers++] = now_ms;
	memcpy(house_register, octets, len);
	house_register_len = len;
}

static void keep_notify(const struct ipaddr *from, const struct ipaddr *to, const uint8_t *octets,
			size_t len)
{
	house_n_notifies++;
	house_notify_from = from ? *from : (struct ipaddr){};
	house_notify_to = *to;
	memcpy(house_notify, octets, len);
	house_notify_len = len;
}

int lisp_io_send(const struct ipaddr *src, const struct ipaddr *dst, uint16_t dport,
		 const uint8_t *octets, size_t len)
{
	struct house_sent *sent = &house_sent[house_n_sent % HOUSE_SENT_MAX];
	struct lisp_request request;
	uint32_t ecm_flags = 0;
	struct lisp_cursor c;
	struct lisp_msg msg;
	bool ecm;

	if (house_cannot_send)
		return -1;
	CHECK(lisp_msg_decode(octets, len, &msg) == LISP_OK);
	ecm = msg.h.type == LISP_ECM;
	if (ecm) {
		ecm_flags = msg.ecm.flags;
		CHECK(lisp_msg_decode(msg.ecm.inner.payload, msg.ecm.inner.payload_len, &msg) ==
		      LISP_OK);
	}
	if (msg.h.type == LISP_MAP_REGISTER)
		keep_register(octets, len);
	if (msg.h.type == LISP_MAP_REPLY) {
		house_replied.from = src ? *src : (struct ipaddr){};
		house_replied.to = *dst;
		CHECK(len <= sizeof(house_reply_octets));
		memcpy(house_reply_octets, octets, len);
		house_reply_len = len;
	}
	if (msg.h.type == LISP_MAP_NOTIFY)
		keep_notify(src, dst, octets, len);
	if (msg.h.type != LISP_MAP_REQUEST)
		return 0;
	*sent = (struct house_sent){
		.at = now_ms,
		.to = *dst,
		.nonce = msg.h.nonce,
		.flags = msg.h.flags,
		.ecm_flags = ecm_flags,
		.ecm = ecm,
	};
	c = lisp_msg_requests(&msg);
	CHECK(lisp_request_next(&c, &request));
	CHECK(lisp_addr_to_eid(&request.eid, request.mask_len, &sent->eid) == LISP_OK);
	if (msg.h.source_eid.afi != LISP_AFI_NONE)
		CHECK(lisp_addr_to_eid(&msg.h.source_eid,
				       msg.h.source_eid.afi == LISP_AFI_IPV6 ? 128 : 32,
				       &sent->source) == LISP_OK);
	house_n_sent++;
	CHECK(house_n_sent < HOUSE_SENT_MAX);
	return 0;
}

const struct lisp_dplane_sender *house_senders;
size_t house_n_senders;
static struct event *t_senders;

static void senders_answer(struct event *event)
{
	lisp_smr_senders(house_senders, house_n_senders);
}

bool lisp_dplane_senders_ask(void)
{
	if (house_senders)
		event_add_timer_msec(lisp.master, senders_answer, NULL, 1, &t_senders);
	return house_senders;
}

void house_forget_sent(void)
{
	house_n_sent = 0;
}

void lisp_io_keep(bool keep)
{
}

const struct house_sent *house_last(const char *text)
{
	struct lisp_eid eid = house_eid(text);

	for (unsigned int i = house_n_sent; i > 0; i--)
		if (lisp_eid_same(&house_sent[i - 1].eid, &eid))
			return &house_sent[i - 1];
	return NULL;
}

unsigned int house_asked(const char *text)
{
	struct lisp_eid eid = house_eid(text);
	unsigned int n = 0;

	for (unsigned int i = 0; i < house_n_sent; i++)
		n += lisp_eid_same(&house_sent[i].eid, &eid);
	return n;
}

/* ---- what is kept over restarts: nothing ---- */

static uint64_t nonce = 1000;

uint64_t lisp_kept_nonce(void)
{
	return ++nonce;
}

bool lisp_kept_nonce_used(uint64_t used)
{
	return used > 1000 && used <= nonce;
}

bool lisp_store_reading(void)
{
	return false;
}

bool lisp_store_settling(void)
{
	return false;
}

/* ---- the other side ---- */

struct lisp_eid house_eid(const char *text)
{
	struct lisp_eid eid;

	CHECK(lisp_eid_parse(text, &eid));
	return eid;
}

struct ipaddr house_addr(const char *text)
{
	struct ipaddr addr;

	CHECK(str2ipaddr(text, &addr) == 0);
	return addr;
}

enum lisp_drop house_reply(const struct house_sent *asked, const struct ipaddr *from,
			   uint32_t flags, struct lisp_mapping *mapping)
{
	struct lisp_header h = { .type = LISP_MAP_REPLY, .flags = flags };
	struct lisp_rx rx = { .src = *from };
	struct lisp_writer w;
	struct lisp_msg msg;
	uint8_t buf[512];

	CHECK(asked);
	h.nonce = asked->nonce;
	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_put_header(&w, &h);
	lisp_put_mapping(&w, mapping);
	lisp_mapping_fini(mapping);
	CHECK(!w.overflow && lisp_msg_decode(buf, w.len, &msg) == LISP_OK);
	return lisp_pending_rx_reply(&rx, &msg);
}

enum lisp_drop house_answer(const char *eid, const char *prefix, uint32_t ttl, bool locator,
			    uint8_t action)
{
	struct lisp_mapping mapping = {
		.eid = house_eid(prefix), .ttl = ttl, .authoritative = true, .action = action
	};
	struct lisp_locator loc = {
		.addr = house_addr("192.0.2.9"), .priority = 1, .weight = 100, .reach = true
	};

	if (locator)
		lisp_mapping_add(&mapping, &loc);
	return house_reply(house_last(eid), &loc.addr, 0, &mapping);
}

void house_learn(const char *eid, const char *prefix, uint32_t ttl)
{
	struct lisp_eid host = house_eid(eid);
	struct ipaddr source = house_addr("10.1.0.10");

	lisp_itr_miss(&host, &source);
	CHECK(house_answer(eid, prefix, ttl, true, 0) == LISP_OK);
}

enum lisp_drop house_smr_of(const char *sender, const char *source, const char *record)
{
	struct lisp_header h = { .type = LISP_MAP_REQUEST, .flags = LISP_MREQ_F_SMR, .nonce = 1 };
	struct lisp_eid from = house_eid(source), eid = house_eid(record);
	struct lisp_request request = { .mask_len = eid.prefix.prefixlen };
	struct lisp_rx rx = { .src = house_addr(sender) };
	struct lisp_addr rloc;
	struct lisp_writer w;
	struct lisp_msg msg;
	uint8_t buf[512];

	lisp_writer_init(&w, buf, sizeof(buf));
	lisp_eid_to_addr(&from, &h.source_eid);
	lisp_eid_to_addr(&eid, &request.eid);
	lisp_rloc_to_addr(&rx.src, &rloc);
	lisp_put_header(&w, &h);
	lisp_put_itr_rloc(&w, &rloc);
	lisp_put_request(&w, &request);
	CHECK(!w.overflow && lisp_msg_decode(buf, w.len, &msg) == LISP_OK);
	return lisp_smr_rx(&rx, &msg);
}

enum lisp_drop house_smr(const char *source, const char *record)
{
	return house_smr_of("192.0.2.9", source, record);
}

/* ---- start ---- */

void house_address(const char *interface, const char *text, bool there)
{
	struct interface *ifp = if_get_by_name(interface, VRF_DEFAULT, VRF_DEFAULT_NAME);
	struct connected *gone;
	struct prefix prefix;

	CHECK(str2prefix(text, &prefix));
	if (ifp->ifindex == IFINDEX_INTERNAL)
		if_set_index(ifp, interface[3] - '0' + 1);
	ifp->flags |= IFF_UP | IFF_RUNNING | LOWER_UP;
	if (there) {
		connected_add_by_prefix(ifp, &prefix, NULL);
		return;
	}
	gone = connected_delete_by_prefix(ifp, &prefix);
	CHECK(gone);
	connected_free(&gone);
}

void house_own_address(const char *text)
{
	house_address("eth0", text, true);
}

void house_start(void)
{
	struct ipaddr resolver = house_addr("192.0.2.2");
	struct lisp_service *service;

	lisp.master = event_master_create("house");
	lisp.enabled = true;
	vrf_init(NULL, NULL, NULL, NULL);
	house_own_address("192.0.2.1/24");
	lisp_instance_init();
	lisp_database_init();
	lisp_registry_init();
	lisp_map_cache_init();
	lisp_alt_rib_init();
	lisp_smr_init();
	lisp_itr_init();
	service = &lisp_instance_find(0)->service[LISP_IPV4];
	service->itr = service->etr = true;
	lisp_instance_config_changed(true);
	lisp_map_resolver_get(service, &resolver);
}

int main(int argc, char **argv)
{
	return unit_run(argc, argv);
}
