#ifndef FATHOM_WIRE_LIKENESS_INTERNAL_H
#define FATHOM_WIRE_LIKENESS_INTERNAL_H

#include <stdbool.h>

#include "base/buf.h"
#include "wire/event.h"

/* What an event brought. */
enum fm_brought {
	FM_BROUGHT_NOTHING,
	FM_BROUGHT_ANSWER,
	FM_BROUGHT_REFUSAL,
	FM_BROUGHT_REASONING,
	FM_BROUGHT_MORE, /* than one text, or something else */
};

/*
 * Most events of a stream differ from the one before in one text and in nothing else. Whatever the
 * dialect, such an event is the same JSON with another string in it, so what it means is known
 * without a parser. The zero value knows nothing yet.
 */
struct fm_likeness {
	struct fm_buf type;
	struct fm_buf before; /* the text's first byte */
	struct fm_buf behind; /* its last */
	enum fm_brought brought;
	bool sure; /* a second event, parsed, was as the first foretold */
};

void fm_likeness_free(struct fm_likeness *like);

/* Does an event differ from those that were learnt in their text alone? */
bool fm_likeness_meets(const struct fm_likeness *like, const struct fm_event *event,
                       struct fm_span *ret_text);

/*
 * An event was parsed, and brought this text. Called for every event that was parsed: what is
 * known holds only for those that follow each other.
 */
void fm_likeness_learn(struct fm_likeness *like, const struct fm_event *event,
                       enum fm_brought brought, struct fm_span text);

#endif
