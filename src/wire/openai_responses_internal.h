#ifndef FATHOM_WIRE_OPENAI_RESPONSES_INTERNAL_H
#define FATHOM_WIRE_OPENAI_RESPONSES_INTERNAL_H

#include "dialect_internal.h"

/*
 * One event of the stream, and one answer that came whole.
 *
 * Errors  FM_E_FORMAT, FM_E_LIMIT  what is no JSON, or too long
 */
FM_MUST_CHECK enum fm_code fm_openai_responses_event(struct fm_reader *reader,
                                                     const struct fm_event *event,
                                                     struct fm_err *err);
void fm_openai_responses_whole(struct fm_reader *reader, const struct fm_value *root);

/* As a server of it answers. */
extern const struct fm_voice_form fm_openai_responses_voice;

#endif
