#include "trial/outcome.h"

#include <stddef.h>

#include "base/macro.h"

static const struct outcome_row {
	const char *name;
	const char *glyph;
	const char *words;
	bool graded;
} outcomes[FM_OUTCOME_COUNT] = {
	[FM_NOT_RUN] = {"not_run",            "·", "not run",                                    false},
	[FM_SKIPPED_BUDGET] = {"skipped_budget",     "$",  "skipped: the budget is spent",               false},
	[FM_CANCELLED] = {"cancelled",          "C",  "cancelled",                                  false},
	[FM_IN_DOUBT] = {"in_doubt",           "D",  "in doubt: sent, and the answer never ended", false},
	[FM_FAILED] = {"failed",             "E",  "failed: not billed",                         false},
	[FM_REJECTED_LIMIT] = {"rejected_limit",     "X",  "the prompt is over the limit",               false},
	[FM_REJECTED_OTHER] = {"rejected_other",     "E",  "the request was rejected",                   false},
	[FM_ENDPOINT_VIOLATION] = {"endpoint_violation", "E",  "the endpoint broke the protocol",
                        false									  },
	[FM_TRUNCATED_INPUT] = {"truncated_input",    "T",  "the prompt was cut",                         false},
	[FM_CUT_OUTPUT] = {"cut_output",         "L",  "the answer was cut",                         false},
	[FM_REFUSED] = {"refused",            "R",  "the model refused",                          false},
	[FM_ANSWERED] = {"answered",           "",   "answered, not yet graded",                   false},
	[FM_EMPTY] = {"empty",              "",   "empty answer",                               true },
	[FM_ABSTAINED] = {"abstained",          "",   "said that it is not there",                  true },
	[FM_HIT] = {"hit",                "",   "hit",					true },
	[FM_WRONG_VALUE] = {"wrong_value",        "",   "a value that was never planted",             true },
	[FM_DISTRACTOR] = {"distractor",         "",   "a distractor's value",                       true },
	[FM_MISS] = {"miss",               "",   "miss",                                       true },
};

static const char *const reasons[FM_REASON_COUNT] = {
	[FM_REASON_CRASH] = "crash",
	[FM_REASON_LOST] = "lost",
	[FM_REASON_TIMEOUT] = "timeout",
	[FM_REASON_INCOMPLETE] = "incomplete",
	[FM_REASON_SERVER] = "server",
	[FM_REASON_UNREACHABLE] = "unreachable",
	[FM_REASON_RATE] = "rate",
	[FM_REASON_AUTH] = "auth",
	[FM_REASON_MINUTE_WALL] = "minute_wall",
	[FM_REASON_BODY_CAP] = "body_cap",
};

static const char *const stops[FM_STOP_COUNT] = {
	[FM_STOP_STOP] = "stop",
	[FM_STOP_LENGTH] = "length",
	[FM_STOP_CONTENT_FILTER] = "content_filter",
	[FM_STOP_REFUSAL] = "refusal",
	[FM_STOP_TOOL] = "tool",
	[FM_STOP_ERROR] = "error",
	[FM_STOP_CONTEXT_FULL] = "context_full",
};

const char *fm_outcome_name(enum fm_outcome outcome)
{
	return outcomes[outcome].name;
}

bool fm_outcome_parse(struct fm_span name, enum fm_outcome *ret_outcome)
{
	for (unsigned i = 0; i < FM_OUTCOME_COUNT; i++) {
		if (fm_span_is(name, outcomes[i].name)) {
			*ret_outcome = (enum fm_outcome)i;
			return true;
		}
	}
	return false;
}

/* Where a name stands in a list that begins with none; 0 when it does not. */
static unsigned place_of(struct fm_span name, const char *const *names, unsigned count)
{
	for (unsigned i = 1; i < count; i++)
		if (fm_span_is(name, names[i]))
			return i;
	return 0;
}

const char *fm_reason_name(enum fm_reason reason)
{
	return reasons[reason];
}

bool fm_reason_parse(struct fm_span name, enum fm_reason *ret_reason)
{
	const unsigned place = place_of(name, reasons, FM_REASON_COUNT);

	if (place == 0)
		return false;
	*ret_reason = (enum fm_reason)place;
	return true;
}

const char *fm_outcome_glyph(enum fm_outcome outcome)
{
	return outcomes[outcome].glyph;
}

const char *fm_outcome_words(enum fm_outcome outcome)
{
	return outcomes[outcome].words;
}

bool fm_outcome_is_graded(enum fm_outcome outcome)
{
	return outcomes[outcome].graded;
}

const char *fm_stop_name(enum fm_stop stop)
{
	return stops[stop];
}

bool fm_stop_parse(struct fm_span name, enum fm_stop *ret_stop)
{
	const unsigned place = place_of(name, stops, FM_STOP_COUNT);

	if (place == 0)
		return false;
	*ret_stop = (enum fm_stop)place;
	return true;
}
