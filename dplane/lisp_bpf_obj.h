// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The compiled eBPF programs (bpf/lisp.bpf.c), carried inside the plugin: an
 * ELF object for bpf_object__open_mem(), aligned to 8 octets, static.
 */
#ifndef _LISP_BPF_OBJ_H
#define _LISP_BPF_OBJ_H

#include <stddef.h>
#include <stdint.h>

extern const uint8_t lisp_bpf_obj[];
extern const size_t lisp_bpf_obj_len;

#endif /* _LISP_BPF_OBJ_H */
