// SPDX-License-Identifier: GPL-2.0-or-later
/* The VRF of the RLOCs. */
#include <zebra.h>

#include "lib/log.h"

#include "dplane/lisp_dp.h"
#include "dplane/lisp_dp_underlay.h"
#include "dplane/lisp_dp_vrf.h"

static struct {
	char vrf[VRF_NAMSIZ + 1]; /* empty: default */
	int ifindex;		  /* of its device; 0: default, or not there */
	int missing;		  /* -errno; 0: it is there */
	char error[120];
	uint64_t epoch;
} underlay;

bool lisp_dp_underlay_check(void)
{
	int before = underlay.ifindex, missing_before = underlay.missing;
	const char *why;

	underlay.missing = lisp_dp_vrf_find(underlay.vrf, &underlay.ifindex, NULL, &why);
	if (underlay.ifindex == before && underlay.missing == missing_before)
		return false;
	underlay.error[0] = '\0';
	if (underlay.missing) {
		snprintf(underlay.error, sizeof(underlay.error), "locator-table vrf %s: %s",
			 underlay.vrf, why);
		zlog_warn("lisp: %s", underlay.error);
	} else {
		zlog_info("lisp: RLOCs are in VRF %s",
			  underlay.vrf[0] ? underlay.vrf : VRF_DEFAULT_NAME);
	}
	return true;
}

/* True: it is another one. */
static bool underlay_set(const char *vrf)
{
	if (lisp_dp_vrf_is_default(vrf))
		vrf = "";
	if (!strmatch(underlay.vrf, vrf))
		underlay.ifindex = -1; /* whatever is found, it is news */
	strlcpy(underlay.vrf, vrf, sizeof(underlay.vrf));
	return lisp_dp_underlay_check();
}

int lisp_dp_underlay_apply(const LispDp__Underlay *from, struct lisp_dp_op *op)
{
	if (strlen(from->vrf) >= sizeof(underlay.vrf))
		return lisp_dp_refuse(op, EINVAL, "VRF's name too long");
	underlay.epoch = op->epoch;
	op->dirty = underlay_set(op->remove ? "" : from->vrf);
	return 0;
}

bool lisp_dp_underlay_there(void)
{
	return !underlay.missing;
}

const char *lisp_dp_underlay_error(void)
{
	return underlay.error;
}

int lisp_dp_underlay_ifindex(void)
{
	return underlay.ifindex;
}

int lisp_dp_underlay_bind(int fd)
{
	if (!underlay.ifindex)
		return 0;
	return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, underlay.vrf, strlen(underlay.vrf) + 1)
		       ? -errno
		       : 0;
}

void lisp_dp_underlay_sweep(uint64_t epoch)
{
	if (underlay.epoch != epoch)
		underlay_set("");
}
