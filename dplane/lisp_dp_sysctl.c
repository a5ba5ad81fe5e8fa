// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of /proc/sys/net. */
#include <zebra.h>

#include <fcntl.h>

#include "lib/log.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_sysctl.h"

static void path_of(char *path, size_t size, const char *family, const char *name, const char *key)
{
	snprintf(path, size, "/proc/sys/net/%s/conf/%s/%s", family, name, key);
}

char lisp_dp_sysctl_get(const char *family, const char *name, const char *key)
{
	char path[128], now;
	int fd;

	path_of(path, sizeof(path), family, name, key);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return '\0';
	if (read(fd, &now, 1) != 1)
		now = '\0';
	close(fd);
	return now;
}

int lisp_dp_sysctl_set(const char *family, const char *name, const char *key, char value)
{
	char path[128], now = lisp_dp_sysctl_get(family, name, key);
	int fd, error = 0;

	if (!now || now == value)
		return 0;
	path_of(path, sizeof(path), family, name, key);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, &value, 1) != 1)
		error = -errno;
	else
		zlog_info("lisp: %s set to %c", path, value);
	if (fd >= 0)
		close(fd);
	return error;
}
