// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Datagrams of a classic pcap file.
 */
#include <zebra.h>

#include <errno.h>
#include <string.h>

#include "pcap.h"
#include "unit.h"

#define LINKTYPE_ETHERNET 1
#define LINKTYPE_RAW	  101

static uint32_t field(const struct pcap *pcap, const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return pcap->swapped ? __builtin_bswap32(v) : v;
}

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

void pcap_open(struct pcap *pcap, const char *path)
{
	const char *dir = getenv("LISP_VECTORS");
	char full[PATH_MAX];
	uint32_t magic;
	long size;
	FILE *f;

	memset(pcap, 0, sizeof(*pcap));
	snprintf(full, sizeof(full), "%s/%s", dir ? dir : VECTORS_DIR, path);
	f = fopen(full, "rb");
	if (!f)
		unit_fail(__FILE__, __LINE__, "%s: %s", full, strerror(errno));
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	pcap->data = malloc((size_t)size);
	pcap->len = fread(pcap->data, 1, (size_t)size, f);
	fclose(f);
	if (pcap->len < 24)
		unit_fail(__FILE__, __LINE__, "%s: not a pcap file", full);
	memcpy(&magic, pcap->data, sizeof(magic));
	pcap->swapped = magic != 0xa1b2c3d4;
	pcap->linktype = field(pcap, pcap->data + 20);
	pcap->at = 24;
}

void pcap_close(struct pcap *pcap)
{
	free(pcap->data);
}

/* Octets of the link layer plus one; 0 if the frame carries no IP. */
static size_t link_header(const struct pcap *pcap, const uint8_t *p, size_t len)
{
	uint16_t type;
	size_t at = 12;

	if (pcap->linktype == LINKTYPE_RAW)
		return 1;
	if (len < 18)
		return 0;
	type = get16(p + at);
	if (type == 0x8100) {
		at += 4;
		type = get16(p + at);
	}
	return type == 0x0800 || type == 0x86dd ? at + 3 : 0;
}

static bool take_ip(const uint8_t *p, size_t len, struct pcap_datagram *d)
{
	size_t header = p[0] >> 4 == 4 ? (p[0] & 0xfU) * 4 : 40;
	size_t total = p[0] >> 4 == 4 ? get16(p + 2) : get16(p + 4) + 40U;

	if (total > len || total < header)
		return false;
	d->protocol = p[0] >> 4 == 4 ? p[9] : p[6];
	d->payload = p + header;
	d->len = total - header;
	if (d->protocol != IPPROTO_UDP)
		return true;
	d->sport = get16(d->payload);
	d->dport = get16(d->payload + 2);
	d->payload += 8;
	d->len -= 8;
	return true;
}

bool pcap_next(struct pcap *pcap, struct pcap_datagram *d)
{
	const uint8_t *frame;
	size_t len, link;

	while (pcap->at + 16 <= pcap->len) {
		len = field(pcap, pcap->data + pcap->at + 8);
		frame = pcap->data + pcap->at + 16;
		pcap->at += 16 + len;
		pcap->number++;
		if (pcap->at > pcap->len)
			return false;
		link = link_header(pcap, frame, len);
		memset(d, 0, sizeof(*d));
		d->number = pcap->number;
		if (link && take_ip(frame + link - 1, len - link + 1, d))
			return true;
	}
	return false;
}

uint8_t *pcap_vector(unsigned int number, size_t *len)
{
	struct pcap_datagram d;
	struct pcap pcap;
	uint8_t *copy = NULL;

	pcap_open(&pcap, "control.pcap");
	while (pcap_next(&pcap, &d)) {
		if (d.number != number)
			continue;
		copy = malloc(d.len);
		memcpy(copy, d.payload, d.len);
		*len = d.len;
	}
	pcap_close(&pcap);
	if (!copy)
		unit_fail(__FILE__, __LINE__, "no vector %u", number);
	return copy;
}
