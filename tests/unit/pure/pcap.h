// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Datagrams of a classic pcap file: Ethernet (802.1Q too) or raw IP.
 */
#ifndef _PCAP_H
#define _PCAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pcap_datagram {
	unsigned int number; /* of the frame, from 1 */
	uint8_t protocol;    /* of IP; 17: the next three are set */
	uint16_t sport, dport;
	const uint8_t *payload; /* of UDP; of IP if it is not UDP */
	size_t len;
};

struct pcap {
	uint8_t *data;
	size_t len, at;
	uint32_t linktype;
	unsigned int number;
	bool swapped;
};

/* path is below the folder of vectors. Fails the test if it cannot be read. */
void pcap_open(struct pcap *pcap, const char *path);
void pcap_close(struct pcap *pcap);

/* The next IP datagram; frames without IP are skipped. False at the end. */
bool pcap_next(struct pcap *pcap, struct pcap_datagram *d);

/* The datagram of frame `number` (1 to 26: the vectors), in a new allocation. */
uint8_t *pcap_vector(unsigned int number, size_t *len);

#endif /* _PCAP_H */
