// SPDX-License-Identifier: GPL-2.0-or-later
/* The lisp device of an instance and its program. Callers hold the privileges. */
#ifndef _LISP_DP_DEVICE_H
#define _LISP_DP_DEVICE_H

#include "dplane/lisp_dp_instance.h"

/*
 * Makes the device in the instance's VRF or takes over what an earlier zebra left. 0 or
 * errno, with text in instance->error.
 */
int lisp_dp_device_open(struct lisp_dp_instance *instance);
/* Removes device and program; its routes go with it. */
void lisp_dp_device_close(struct lisp_dp_instance *instance);

/* The VRF and the device are still what they were when it was opened. */
bool lisp_dp_device_in_vrf(const struct lisp_dp_instance *instance);

/* It is up, with the MTU and the settings that it was given. */
bool lisp_dp_device_fits(const struct lisp_dp_instance *instance);
/* It should have its program, and has not. */
bool lisp_dp_device_programless(const struct lisp_dp_instance *instance);
/* What the kernel does not let a device do, as text; empty: nothing. */
void lisp_dp_device_trouble(char *text, size_t size);
/* Make it so; else instance->error says why. */
void lisp_dp_device_sync(struct lisp_dp_instance *instance);
/* The program is attached, once we are live. */
void lisp_dp_device_program(struct lisp_dp_instance *instance);

/*
 * An address that this system has within a local EID-prefix, for ICMP errors of ours: hosts
 * reach it, and it goes by way of LISP. NULL: none. At most two seconds old.
 */
const uint8_t *lisp_dp_device_own_eid(struct lisp_dp_instance *instance, uint8_t version);

/*
 * Until this is called (first EndOfReplay) programs of an earlier zebra go on
 * forwarding; from then on ours do.
 */
void lisp_dp_device_go_live(void);
bool lisp_dp_device_live(void);

/* Removes devices and programs that no instance wants: what kill -9 left. */
void lisp_dp_device_sweep(void);

#endif /* _LISP_DP_DEVICE_H */
