// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Type 7 form of a secret: two decimal digits of salt (00 to 15), then each octet
 * exclusive-or a well-known table, in capital hexadecimal. It hides a secret from
 * a glance and from nothing else. Pure: used by the CLI (in mgmtd) and by lispd.
 */
#ifndef _LISP_TYPE7_H
#define _LISP_TYPE7_H

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define LISP_TYPE7_SECRET_MAX 128 /* octets, without the NUL */
#define LISP_TYPE7_TEXT_MAX   (2 + 2 * LISP_TYPE7_SECRET_MAX)
#define LISP_TYPE7_SALT_MAX   15

static inline uint8_t lisp_type7_pad(unsigned int index)
{
	static const char table[] = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87";

	return table[index % (sizeof(table) - 1)];
}

/*
 * The salt follows from the secret: entering the same secret again changes
 * nothing. False if the secret is empty, too long, or size is too small.
 */
static inline bool lisp_type7_encode(const char *secret, char *text, size_t size)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t len = strlen(secret);
	unsigned int salt = 0;
	size_t i;

	if (!len || len > LISP_TYPE7_SECRET_MAX || size < 2 + 2 * len + 1)
		return false;

	for (i = 0; i < len; i++)
		salt += (uint8_t)secret[i];
	salt %= LISP_TYPE7_SALT_MAX + 1;

	*text++ = '0' + salt / 10;
	*text++ = '0' + salt % 10;
	for (i = 0; i < len; i++) {
		uint8_t octet = (uint8_t)secret[i] ^ lisp_type7_pad(salt + i);

		*text++ = hex[octet >> 4];
		*text++ = hex[octet & 15];
	}
	*text = '\0';
	return true;
}

static inline int lisp_type7_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* False, and secret is empty, if the text is no such thing or hides a NUL. */
static inline bool lisp_type7_decode(const char *text, char *secret, size_t size)
{
	size_t len = strlen(text);
	unsigned int salt;
	size_t i;

	if (size)
		secret[0] = '\0';
	if (len < 4 || len % 2 || (len - 2) / 2 + 1 > size)
		return false;
	if (!isdigit((unsigned char)text[0]) || !isdigit((unsigned char)text[1]))
		return false;
	salt = (text[0] - '0') * 10 + (text[1] - '0');
	if (salt > LISP_TYPE7_SALT_MAX)
		return false;

	len = (len - 2) / 2;
	for (i = 0; i < len; i++) {
		int high = lisp_type7_digit(text[2 + 2 * i]);
		int low = lisp_type7_digit(text[3 + 2 * i]);

		if (high < 0 || low < 0)
			break;
		secret[i] = (char)((high << 4 | low) ^ lisp_type7_pad(salt + i));
		if (!secret[i])
			break;
	}
	if (i < len) {
		explicit_bzero(secret, size);
		return false;
	}
	secret[len] = '\0';
	return true;
}

#endif /* _LISP_TYPE7_H */
