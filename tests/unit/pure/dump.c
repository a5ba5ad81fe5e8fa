// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Decode one message, given in hexadecimal, and print its fields, one a line,
 * with the names that Wireshark's dissector has for them. test_pure.py compares
 * them with what that dissector said of the vectors.
 */
#include <zebra.h>

#include "lispd/lisp_lcaf.h"
#include "lispd/lisp_msg.h"

#include "dump.h"
#include "unit.h"

static void show_octets(const char *name, const uint8_t *p, size_t len)
{
	printf("%s=", name);
	while (len--)
		printf("%02x", *p++);
	putchar('\n');
}

static void show_ip(const char *name, const struct ipaddr *ip)
{
	char text[INET6_ADDRSTRLEN];

	printf("%s=%s\n", name, ipaddr2str(ip, text, sizeof(text)));
}

/* name is followed by ".ipv4" or ".ipv6" and such */
static void show_plain(const char *name, const struct lisp_addr *addr)
{
	struct ipaddr ip;

	if (addr->afi == LISP_AFI_IPV4 || addr->afi == LISP_AFI_IPV6) {
		lisp_addr_to_rloc(addr, &ip);
		printf("%s%s", name, addr->afi == LISP_AFI_IPV4 ? "ipv4" : "ipv6");
		show_ip("", &ip);
	}
}

static void show_lcaf(const struct lisp_addr *addr)
{
	struct lisp_lcaf lcaf;

	if (addr->afi != LISP_AFI_LCAF || lisp_lcaf_decode(addr, &lcaf) != LISP_OK)
		return;
	printf("lisp.lcaf.type=%u\n", lcaf.type);
	printf("lisp.lcaf.length=%u\n", addr->len - 6);
	switch (lcaf.type) {
	case LISP_LCAF_IID:
		printf("lisp.lcaf.iid=%u\n", lcaf.f.iid.iid);
		show_plain("lisp.lcaf.iid.", &lcaf.addr[0]);
		break;
	case LISP_LCAF_NAT:
		printf("lisp.lcaf.natt.msport=%u\n", lcaf.f.nat.ms_port);
		printf("lisp.lcaf.natt.etrport=%u\n", lcaf.f.nat.etr_port);
		break;
	case LISP_LCAF_MULTICAST_INFO:
		printf("lisp.lcaf.mcinfo_iid=%u\n", lcaf.f.multicast.iid);
		printf("lisp.lcaf.mcinfo.src.masklen=%u\n", lcaf.f.multicast.source_mask_len);
		show_plain("lisp.lcaf.mcinfo.grp.", &lcaf.addr[1]);
		break;
	}
}

static void show_addr(const char *name, const struct lisp_addr *addr)
{
	show_plain(name, addr);
	show_lcaf(addr);
}

static void show_locators(const struct lisp_record *rec)
{
	struct lisp_cursor c = lisp_record_locators(rec);
	struct lisp_wire_locator loc;
	struct ipaddr ip;

	while (lisp_locator_next(&c, &loc)) {
		printf("lisp.loc.priority=%u\n", loc.priority);
		printf("lisp.loc.weight=%u\n", loc.weight);
		printf("lisp.loc.flags.local=%u\n", loc.local);
		printf("lisp.loc.flags.reach=%u\n", loc.reach);
		show_lcaf(&loc.addr);
		if (loc.addr.afi != LISP_AFI_LCAF && lisp_addr_to_rloc(&loc.addr, &ip))
			show_ip("lisp.loc.locator", &ip);
	}
}

static void show_records(const struct lisp_msg *msg)
{
	struct lisp_cursor c = lisp_msg_records(msg);
	struct lisp_record rec;

	while (lisp_record_next(&c, &rec)) {
		printf("lisp.mapping.ttl=%u\n", rec.ttl);
		printf("lisp.mapping.loccnt=%u\n", rec.locator_count);
		printf("lisp.mapping.act=%u\n", rec.action);
		printf("lisp.mapping.auth=%u\n", rec.authoritative);
		printf("lisp.mapping.ver=%u\n", rec.map_version);
		printf("lisp.referral.incomplete=%u\n", rec.incomplete);
		printf("lisp.referral.sigcnt=%u\n", rec.signature_count);
		printf("lisp.mapping.eid.masklen=%u\n", rec.mask_len);
		show_addr("lisp.mapping.eid.", &rec.eid);
		show_locators(&rec);
	}
}

static void show_request(const struct lisp_msg *msg)
{
	struct lisp_cursor c = lisp_msg_itr_rlocs(msg);
	struct lisp_request req;
	struct lisp_addr rloc;

	printf("lisp.mreq.flags.probe=%u\n", !!(msg->h.flags & LISP_MREQ_F_PROBE));
	printf("lisp.mreq.flags.auth=%u\n", !!(msg->h.flags & LISP_MREQ_F_AUTHORITATIVE));
	printf("lisp.mreq.flags.smr=%u\n", !!(msg->h.flags & LISP_MREQ_F_SMR));
	printf("lisp.mreq.flags.smri=%u\n", !!(msg->h.flags & LISP_MREQ_F_SMR_INVOKED));
	printf("lisp.mreq.srceid.afi=%u\n", msg->h.source_eid.afi);
	printf("lisp.irc=%u\n", msg->itr_rloc_count - 1);
	show_addr("lisp.mreq.srceid.", &msg->h.source_eid);
	while (lisp_itr_rloc_next(&c, &rloc))
		show_addr("lisp.mreq.itr_rloc_", &rloc);
	c = lisp_msg_requests(msg);
	while (lisp_request_next(&c, &req)) {
		printf("lisp.mreq.record.res=0x%02x\n", req.subscribe ? 0x80 : 0);
		printf("lisp.mreq.record.prefix.length=%u\n", req.mask_len);
		show_addr("lisp.mreq.record.prefix.", &req.eid);
	}
}

static void show_auth(const struct lisp_msg *msg)
{
	printf("lisp.keyid=0x%04x\n", msg->h.key_id << 8 | msg->h.alg_id);
	printf("lisp.authlen=%u\n", msg->h.auth_len);
	show_octets("lisp.auth", msg->buf + LISP_AUTH_OFFSET, msg->h.auth_len);
}

static void show_register(const struct lisp_msg *msg)
{
	printf("lisp.mreg.flags.pmr=%u\n", !!(msg->h.flags & LISP_MREG_F_PROXY_REPLY));
	printf("lisp.mreg.flags.xtrid=%u\n", !!(msg->h.flags & LISP_MREG_F_XTR_ID));
	printf("lisp.mreg.flags.wmn=%u\n", !!(msg->h.flags & LISP_MREG_F_WANT_NOTIFY));
	show_octets("lisp.xtrid", msg->h.xtr_id, LISP_XTR_ID_LEN);
	printf("lisp.siteid=%016" PRIx64 "\n", msg->h.site_id);
}

static void show_info(const struct lisp_msg *msg)
{
	printf("lisp.info.r=%u\n", !!(msg->h.flags & LISP_INFO_F_REPLY));
	printf("lisp.info.prefix.masklen=%u\n", msg->info_mask_len);
	printf("lisp.info.afi=%u\n", msg->info_nat.afi);
	show_addr("lisp.info.prefix.", &msg->info_eid);
	show_lcaf(&msg->info_nat);
}

static void show_control(const uint8_t *buf, size_t len)
{
	struct lisp_msg msg;
	enum lisp_drop why = lisp_msg_decode(buf, len, &msg);

	if (why != LISP_OK)
		unit_fail(__FILE__, __LINE__, "%s", unit_drop(why));
	printf("lisp.type=%u\n", msg.h.type);
	if (msg.h.type == LISP_ECM) {
		printf("lisp.ecm.flags.sec=%u\n", !!(msg.h.flags & LISP_ECM_F_SECURITY));
		printf("lisp.ecm.flags.ddt=%u\n", !!(msg.h.flags & LISP_ECM_F_DDT));
		show_ip(IS_IPADDR_V4(&msg.ecm.inner.dst) ? "ip.dst" : "ipv6.dst",
			&msg.ecm.inner.dst);
		printf("udp.dstport=%u\n", msg.ecm.inner.dport);
		show_control(msg.ecm.inner.payload, msg.ecm.inner.payload_len);
		return;
	}
	printf("lisp.nonce=0x%016" PRIx64 "\n", msg.h.nonce);
	if (msg.h.type == LISP_MAP_REQUEST)
		show_request(&msg);
	if (msg.h.type >= LISP_MAP_REGISTER && msg.h.type <= LISP_MAP_NOTIFY_ACK)
		show_auth(&msg);
	if (msg.h.type == LISP_MAP_REGISTER)
		show_register(&msg);
	if (msg.h.type == LISP_INFO) {
		show_auth(&msg);
		show_info(&msg);
	}
	show_records(&msg);
}

static void show_data(const uint8_t *buf, size_t len)
{
	struct lisp_data_header h;

	if (!lisp_data_header_decode(buf, len, &h))
		unit_fail(__FILE__, __LINE__, "truncated");
	printf("lisp-data.flags=0x%02x\n", h.flags);
	printf("lisp-data.nonce=0x%06x\n", h.nonce);
	printf("lisp-data.mapver=0x%06x\n", (unsigned int)h.source_version << 12 | h.dest_version);
	printf("lisp-data.iid=%u\n", h.iid);
	printf("lisp-data.lsb=0x%08x\n", h.lsb);
}

int dump(const char *kind, const char *hex)
{
	static uint8_t buf[65536];
	size_t len = unit_hex(hex, buf, sizeof(buf));

	if (strcmp(kind, "data") == 0)
		show_data(buf, len);
	else
		show_control(buf, len);
	return 0;
}
