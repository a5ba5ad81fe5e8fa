// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Load for a Map-Server: how many Map-Registers and how many look-ups a second.
 *
 *   msload MAP-SERVER KEY [PREFIXES [SECONDS]]
 *
 * The Map-Server needs a site with that key and `eid-prefix 10.0.0.0/12
 * accept-more-specifics`; beyond 65,536 the next /12s too. First registers PREFIXES
 * (20000) of 10.0.0.0/8, /28 each, one record a message, HMAC-SHA-256-128, asking for
 * proxy replies and Map-Notifies; they live as long as their TTL. With 0 SECONDS (5)
 * that is all, and they stay. Else goes round them for SECONDS. Then looks random ones up, in ECMs, for as
 * long, for one ITR after the other of 198.18.0.0/20: a Map-Server limits its
 * answers to each. Those addresses must be local here (`ip route add local
 * 198.18.0.0/20 dev lo`) and routed to here. A fixed number of messages is under way
 * at any time; one that is not answered within a second is counted as lost. At the
 * end withdraws all.
 * Prints one JSON object; exit status 0 if nothing was lost or wrong.
 *
 * Build: cc -O2 -o msload msload.c -lcrypto
 */
#include <arpa/inet.h>
#include <errno.h>
#include <openssl/hmac.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONTROL_PORT 4342
#define WINDOW	     128  /* messages under way */
#define TIMEOUT_MS   1000 /* after which one is lost */
#define TTL_MINUTES  1440
#define AUTH_OFFSET  16
#define AUTH_LEN     32
#define NONCE_OFFSET 4
#define PREFIXES_MAX (1U << 20) /* /28s of 10.0.0.0/8 */

/* The first octet of what is expected, and where the nonce is. */
#define TYPE_MAP_REPLY	2
#define TYPE_MAP_NOTIFY 4

static int fd, fd_itrs;
static struct sockaddr_in self;
static const char *key;
static unsigned int prefixes = 20000;
static uint64_t lost, wrong;

struct message {
	uint8_t octets[256];
	size_t len;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void put(struct message *m, const void *data, size_t len)
{
	memcpy(m->octets + m->len, data, len);
	m->len += len;
}

static void put16(struct message *m, uint16_t v)
{
	v = htons(v);
	put(m, &v, sizeof(v));
}

static void put32(struct message *m, uint32_t v)
{
	v = htonl(v);
	put(m, &v, sizeof(v));
}

/* The nonce says which message it was: its number, 1 and up. */
static void put_nonce(struct message *m, uint64_t number)
{
	put32(m, number >> 32);
	put32(m, number);
}

static uint64_t get_nonce(const uint8_t *octets)
{
	uint64_t nonce = 0;

	for (int i = 0; i < 8; i++)
		nonce = nonce << 8 | octets[NONCE_OFFSET + i];
	return nonce;
}

/* The i-th /28 of 10.0.0.0/8. */
static uint32_t eid(unsigned int i)
{
	return 10U << 24 | (i % prefixes) << 4;
}

/* 198.18.0.0/20 */
static uint32_t itr_rloc(uint64_t number)
{
	return 198U << 24 | 18U << 16 | (number & 0xfff);
}

static void build_register(struct message *m, uint64_t number, unsigned int i, uint32_t ttl)
{
	unsigned int mac_len = AUTH_LEN;
	uint8_t zero[AUTH_LEN] = {};

	m->len = 0;
	put32(m, 0x38000901); /* Map-Register, P, T, M, one record */
	put_nonce(m, number);
	put32(m, 0x00020000 | AUTH_LEN); /* key-id 0, HMAC-SHA-256-128 */
	put(m, zero, sizeof(zero));
	put32(m, ttl);
	put32(m, 1U << 24 | 28U << 16 | 0x1000); /* one locator, /28, A */
	put16(m, 0);
	put16(m, 1);
	put32(m, eid(i));
	put32(m, 1U << 24 | 100U << 16 | 0xff00); /* priority 1, weight 100 */
	put16(m, 0x0005);			  /* L, R */
	put16(m, 1);
	put(m, &self.sin_addr, 4);
	HMAC(EVP_sha256(), key, strlen(key), m->octets, m->len, m->octets + AUTH_OFFSET, &mac_len);
}

static uint16_t checksum(const void *data, size_t len, uint32_t sum)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < len; i++)
		sum += i & 1 ? p[i] : p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void set16(uint8_t *at, uint16_t v)
{
	at[0] = v >> 8;
	at[1] = v;
}

static void build_request(struct message *m, uint64_t number, unsigned int i)
{
	uint8_t *ip = m->octets + 4, *udp = ip + 20;
	size_t udp_len;
	uint32_t pseudo;

	m->len = 0;
	put32(m, 0x80000000); /* ECM */
	put32(m, 0x45000000); /* lengths and checksums follow */
	put32(m, 0);
	put32(m, 64U << 24 | 17U << 16);
	put(m, &self.sin_addr, 4);
	put32(m, eid(i) | 1);
	put16(m, ntohs(self.sin_port));
	put16(m, CONTROL_PORT);
	put32(m, 0);
	put32(m, 0x10000001); /* Map-Request, one ITR-RLOC, one record */
	put_nonce(m, number);
	put16(m, 0); /* no Source-EID */
	put16(m, 1);
	put32(m, itr_rloc(number));
	put16(m, 32);
	put16(m, 1);
	put32(m, eid(i) | 1);

	udp_len = m->octets + m->len - udp;
	set16(udp + 4, udp_len);
	pseudo = checksum(ip + 12, 8, 17 + udp_len);
	set16(udp + 6, ~checksum(udp, udp_len, pseudo));
	set16(ip + 2, udp_len + 20);
	set16(ip + 10, ~checksum(ip, 20, 0));
}

/*
 * Keeps WINDOW messages under way until `seconds` are over (0: until `count` are
 * answered or lost). Returns answers a second.
 */
static double run(uint8_t expected, double seconds, uint64_t count, uint32_t ttl)
{
	int from = expected == TYPE_MAP_REPLY ? fd_itrs : fd;
	uint64_t sent = 0, answered = 0, given_up = 0;
	double start = now(), end = start + seconds, last = start;
	uint8_t answer[2048];
	struct message m;
	ssize_t len;

	for (;;) {
		bool more = count ? sent < count : now() < end;

		while (more && sent - answered - given_up < WINDOW && (!count || sent < count)) {
			unsigned int i = expected == TYPE_MAP_NOTIFY ? sent : (unsigned int)random();

			sent++;
			if (expected == TYPE_MAP_NOTIFY)
				build_register(&m, sent, i, ttl);
			else
				build_request(&m, sent, i);
			if (send(fd, m.octets, m.len, 0) < 0 && errno == ECONNREFUSED) {
				fprintf(stderr, "msload: nobody listens there\n");
				exit(1);
			}
		}
		if (answered + given_up == sent && !more)
			break;

		struct pollfd p = { .fd = from, .events = POLLIN };

		if (poll(&p, 1, TIMEOUT_MS) == 0) {
			given_up = sent - answered;
			last = now();
			continue;
		}
		while ((len = recv(from, answer, sizeof(answer), MSG_DONTWAIT)) > 0) {
			if (len < 12 || answer[0] >> 4 != expected || !answer[3] ||
			    get_nonce(answer) > sent) {
				wrong++;
				continue;
			}
			answered++;
			last = now();
		}
	}
	lost += given_up;
	return answered / (last - start);
}

static int new_socket(void)
{
	int s = socket(AF_INET, SOCK_DGRAM, 0), octets = 4 << 20, on = 1;

	setsockopt(s, SOL_SOCKET, SO_RCVBUF, &octets, sizeof(octets));
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	return s;
}

/* Two sockets of one port: one speaks to the Map-Server, one hears it as any ITR. */
static bool setup(const char *address)
{
	struct sockaddr_in ms = { .sin_family = AF_INET, .sin_port = htons(CONTROL_PORT) };
	struct sockaddr_in any = { .sin_family = AF_INET };
	socklen_t len = sizeof(self);

	if (inet_pton(AF_INET, address, &ms.sin_addr) != 1)
		return false;
	fd = new_socket();
	fd_itrs = new_socket();
	if (connect(fd, (struct sockaddr *)&ms, sizeof(ms)) ||
	    getsockname(fd, (struct sockaddr *)&self, &len))
		return false;
	any.sin_port = self.sin_port;
	return !bind(fd_itrs, (struct sockaddr *)&any, sizeof(any));
}

int main(int argc, char **argv)
{
	double seconds = argc > 4 ? atof(argv[4]) : 5, registers, lookups = 0;

	if (argc > 3)
		prefixes = strtoul(argv[3], NULL, 10);
	if (argc < 3 || argc > 5 || !prefixes || prefixes > PREFIXES_MAX || seconds < 0 ||
	    !setup(argv[1])) {
		fprintf(stderr, "usage: msload MAP-SERVER-IPV4 KEY [PREFIXES [SECONDS]]\n");
		return 2;
	}
	key = argv[2];

	registers = run(TYPE_MAP_NOTIFY, 0, prefixes, TTL_MINUTES);
	if (seconds > 0) {
		registers = run(TYPE_MAP_NOTIFY, seconds, 0, TTL_MINUTES);
		lookups = run(TYPE_MAP_REPLY, seconds, 0, 0);
		run(TYPE_MAP_NOTIFY, 0, prefixes, 0);
	}

	printf("{\"prefixes\": %u, \"registrationsPerSecond\": %.0f, \"lookupsPerSecond\": %.0f, "
	       "\"lost\": %llu, \"wrong\": %llu}\n",
	       prefixes, registers, lookups, (unsigned long long)lost, (unsigned long long)wrong);
	close(fd);
	close(fd_itrs);
	return lost || wrong;
}
