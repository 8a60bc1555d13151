#ifndef FATHOM_TRIAL_REPLY_H
#define FATHOM_TRIAL_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/span.h"
#include "trial/outcome.h"

#define FM_UNKNOWN (-1) /* a count or a stamp that nobody gave */

/* Tokens as the endpoint reports them, all dialects in one form; FM_UNKNOWN where it is silent. */
struct fm_usage {
	int64_t in;        /* all prompt tokens, cached ones included */
	int64_t cached;    /* of those, read from a cache */
	int64_t written;   /* of those, written to a cache */
	int64_t out;       /* all completion tokens, reasoning included */
	int64_t reasoning; /* of those */
};

/* Nanoseconds since the attempt was due; FM_UNKNOWN for what did not happen. */
struct fm_times {
	int64_t due; /* 0: the others count from here */
	int64_t sent;
	int64_t body_out;
	int64_t first_byte;
	int64_t first_reasoning;
	int64_t first_answer;
	int64_t end;
	int64_t gap_p95; /* between answer events */
};

/* What an endpoint counts when it limits a rate. */
enum fm_meter {
	FM_METER_REQUESTS,
	FM_METER_TOKENS, /* of prompt and answer together */
	FM_METER_TOKENS_IN,
	FM_METER_TOKENS_OUT,
	FM_METER_COUNT
};

/* One allowance as it was said; FM_UNKNOWN where nothing was. */
struct fm_allowance {
	int64_t limit;
	int64_t remaining;
	int64_t reset_ns; /* until it is whole again, or more of it comes */
};

/* Rate limits as the last headers said them. */
struct fm_rate_said {
	struct fm_allowance minute[FM_METER_COUNT];
	struct fm_allowance other[FM_METER_COUNT]; /* of a day, a month, or of nobody says what */
};

/* How long an attempt might have taken at most; 0 is no bound. All 0: it was never sent. */
struct fm_reply_limits {
	int64_t connect_ns;
	int64_t stall_ns;
	int64_t first_ns; /* for this prompt */
	int64_t progress_ns;
	int64_t total_ns;
	uint64_t reply_bytes;
};

/* What came back from one attempt. Texts are borrowed from whoever filled it in. */
struct fm_reply {
	enum fm_outcome outcome; /* FM_ANSWERED when complete: the grader decides then */
	enum fm_reason reason;
	int status;             /* HTTP; 0 when none came */
	bool may_retry;         /* D10: free to be sent again by itself */
	bool body_complete;     /* our whole body was handed to the connection */
	int64_t retry_after_ns; /* asked wait; FM_UNKNOWN */
	int64_t limit_said;     /* window named in a rejection, tokens; FM_UNKNOWN */
	int64_t actual_said;    /* prompt size named there; FM_UNKNOWN */
	struct fm_span answer;
	struct fm_span refusal;
	struct fm_span error; /* for people: the endpoint's message, at most 4 KiB, valid UTF-8 */
	struct fm_span param_refused; /* the parameter that it does not take; empty */
	struct fm_span model_said;
	uint64_t reasoning_chars;
	enum fm_stop stop;
	struct fm_usage usage;
	struct fm_rate_said rate;
	struct fm_times times;
	struct fm_reply_limits limits; /* in force */
	const char *deadline;          /* which of them cut it: "first"; NULL: none did */
	struct fm_id body_digest;      /* of the bytes as they left */
	uint64_t body_bytes;           /* that left */
	uint64_t reply_bytes;
	uint64_t redacted; /* keys in its texts, which read "[key]" instead */
};

/* Nothing was said. */
struct fm_rate_said fm_rate_unsaid(void);

/* A reply of which nothing is known but its outcome: every count and stamp is FM_UNKNOWN. */
struct fm_reply fm_reply_make(enum fm_outcome outcome, enum fm_reason reason);

#endif
