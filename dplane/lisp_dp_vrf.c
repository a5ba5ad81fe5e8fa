// SPDX-License-Identifier: GPL-2.0-or-later
/* Namespaces and devices of VRFs. */
#include <zebra.h>

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#include "lib/log.h"
#include "lib/ns.h"

#include "dplane/lisp_dp_rtnl.h"
#include "dplane/lisp_dp_vrf.h"

bool lisp_dp_vrf_is_default(const char *vrf)
{
	return !vrf[0] || strmatch(vrf, VRF_DEFAULT_NAME);
}

bool lisp_dp_vrf_is_netns(const char *vrf)
{
	return !lisp_dp_vrf_is_default(vrf) && vrf_is_backend_netns();
}

int lisp_dp_vrf_netns(const char *vrf)
{
	char path[PATH_MAX];

	if (!lisp_dp_vrf_is_netns(vrf))
		return -1;
	snprintf(path, sizeof(path), "%s/%s", NS_RUN_DIR, vrf);
	return open(path, O_RDONLY | O_CLOEXEC);
}

int lisp_dp_netns_enter(int netns)
{
	int home;

	if (netns < 0)
		return -1;
	home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (home >= 0 && setns(netns, CLONE_NEWNET) < 0) {
		close(home);
		return -1;
	}
	return home;
}

void lisp_dp_netns_leave(int home)
{
	if (home < 0)
		return;
	if (setns(home, CLONE_NEWNET) < 0)
		zlog_err("lisp: cannot leave a network namespace: %s", safe_strerror(errno));
	close(home);
}

int lisp_dp_vrf_device(const char *vrf, uint32_t *table)
{
	struct lisp_dp_link link;
	int error;

	if (lisp_dp_vrf_is_default(vrf) || lisp_dp_vrf_is_netns(vrf))
		return 0;
	error = lisp_dp_link_get(vrf, 0, &link);
	if (!error && !link.vrf_table)
		error = -ENODEV;
	if (error)
		return error;
	if (table)
		*table = link.vrf_table;
	return link.ifindex;
}

int lisp_dp_vrf_find(const char *vrf, int *ifindex, uint32_t *table, const char **why)
{
	int found = lisp_dp_vrf_device(vrf, table);

	*ifindex = MAX(found, 0);
	if (found > 0 || lisp_dp_vrf_is_default(vrf))
		return 0;
	if (lisp_dp_vrf_is_netns(vrf)) {
		*why = "VRFs are network namespaces here, not devices";
		return -EOPNOTSUPP;
	}
	if (!lisp_dp_link_vrf_possible()) {
		*why = "this kernel has no VRF devices";
		return -EOPNOTSUPP;
	}
	*why = "no such VRF";
	return -ENODEV;
}

void lisp_dp_vrf_alias(char *text, size_t size, const char *what)
{
	struct stat status = {};

	stat("/proc/thread-self/ns/net", &status);
	snprintf(text, size, "lisp %s %ju", what, (uintmax_t)status.st_ino);
}
