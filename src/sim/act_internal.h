#ifndef FATHOM_SIM_ACT_INTERNAL_H
#define FATHOM_SIM_ACT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fm_call;

/* Do what a rule says at a place where the answer, if there is one, stops. */
void fm_call_act(struct fm_call *call);

/* Does its rule fire before the next event? */
bool fm_call_fires(const struct fm_call *call);

/* Stand still until the client leaves; send one step of what has no end, and again later. */
void fm_call_stall(struct fm_call *call);
void fm_call_flood(struct fm_call *call);

/* Do what its rule says before there is an answer: true when the call is over, or stands still. */
bool fm_call_break_off(struct fm_call *call);

/* Read on when a rule's rate of reading allows it, behind so many bytes. */
void fm_call_read_slowly(struct fm_call *call, size_t len);

/* The rule for this moment goes into `rule`: before the body is read, or when it is whole. */
void fm_call_find_rule(struct fm_call *call, bool read, uint64_t tokens);

/* Its name goes into the history. */
void fm_call_note_fault(struct fm_call *call);

/* The whole response as bytes, for rules that count them: begin, then one slice at a time. */
void fm_call_begin_slices(struct fm_call *call);
void fm_call_send_slice(struct fm_call *call);

/* Have fm_call_talk called again. */
void fm_call_again_in(struct fm_call *call, int64_t wait_ns);

#endif
