#ifndef FATHOM_WIRE_BEDROCK_INTERNAL_H
#define FATHOM_WIRE_BEDROCK_INTERNAL_H

#include "dialect_internal.h"

/*
 * One message of the event-stream, and one answer that came whole.
 *
 * Errors  FM_E_FORMAT, FM_E_LIMIT  what is no JSON, or too long
 */
FM_MUST_CHECK enum fm_code fm_bedrock_event(struct fm_reader *reader, const struct fm_event *event,
                                            struct fm_err *err);
void fm_bedrock_whole(struct fm_reader *reader, const struct fm_value *root);

/* As a server of it answers. */
extern const struct fm_voice_form fm_bedrock_voice;

#endif
