#ifndef FATHOM_WIRE_NEGOTIATE_H
#define FATHOM_WIRE_NEGOTIATE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/span.h"

/*
 * The parameter that an endpoint's error says it does not take at all, as it spells it: it was sent,
 * and would be refused with every value but its own. False for errors of any other kind: a value out
 * of range is a person's mistake, and is not mended by leaving it out.
 *
 * Memory  borrowed from `text`
 * Source  the fixtures of tests/unit/wire/test_negotiate.c: every text was seen in a public thread
 */
bool fm_negotiate_named(int status, struct fm_span text, struct fm_span *ret_name);

/* What became of a member of the request. */
struct fm_change {
	const char *member; /* "temperature", "generationConfig.seed" */
	const char *now;    /* what it is called instead; NULL: it is not sent */
};

enum fm_negotiation {
	FM_NEGOTIATE_NOTHING, /* it is no member that we sent, or none that may go */
	FM_NEGOTIATE_CHANGE,
	FM_NEGOTIATE_ASKED, /* a person asked for it in extra_body: it stays, and the error with it */
};

/*
 * What to change in `params` once the endpoint has refused the parameter of this name. Only settings
 * that shape an answer may go, and a cap on the answer's length is renamed, never dropped; what
 * keeps a host from cutting the prompt stays.
 *
 * Memory  in `arena`
 */
enum fm_negotiation fm_negotiate(const char *params, const char *extra_body, struct fm_span name,
                                 struct fm_arena *arena, struct fm_change *ret_change);

/* `params` after a change; as it was where it holds no such member. Memory: in `arena`. */
const char *fm_negotiate_apply(const char *params, const struct fm_change *change,
                               struct fm_arena *arena);

#endif
