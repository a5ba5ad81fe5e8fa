// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages to the plugin as octets (dplane/lisp_dp.proto): private to
 * lisp_dplane*.c. Each function appends one message with its length word to out.
 */
#ifndef _LISP_DPLANE_PB_H
#define _LISP_DPLANE_PB_H

#include "buffer.h"
#include "lispd/lisp_dplane_fixed.h"

void dp_pb_hello(struct buffer *out, uint64_t epoch);
void dp_pb_recall(struct buffer *out);
void dp_pb_explain(struct buffer *out, uint64_t seq, const struct lisp_dplane_packet *packet);
void dp_pb_counters(struct buffer *out, uint64_t seq, bool clear);
void dp_pb_senders(struct buffer *out);

/* As many objects of the queue as one Batch takes; each is dp_sent(). Returns how many. */
unsigned int dp_pb_batch(struct buffer *out, uint64_t seq);
void dp_pb_end_of_replay(struct buffer *out, uint64_t seq);

#endif /* _LISP_DPLANE_PB_H */
