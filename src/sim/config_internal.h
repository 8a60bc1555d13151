#ifndef FATHOM_SIM_CONFIG_INTERNAL_H
#define FATHOM_SIM_CONFIG_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "limit_internal.h"
#include "surface_internal.h"
#include "wire/fault.h"

#define FM_UNSAID UINT64_MAX

/* What becomes of a prompt that is longer than the window. */
enum fm_over {
	FM_OVER_REJECT,
	FM_OVER_HEAD,
	FM_OVER_TAIL,
	FM_OVER_MIDDLE,
	FM_OVER_OLLAMA,
	FM_OVER_COMPRESS,
};

/* What a model does when it finds nothing; FM_FOUND is when it does. */
enum fm_lost {
	FM_LOST_ABSTAIN,
	FM_LOST_CONFABULATE, /* a code of its own making */
	FM_LOST_WRONG,       /* the code of a sentence that looks alike, or else abstains */
	FM_LOST_REFUSE,
	FM_LOST_EMPTY,
	FM_LOST_THINK, /* until its limit, without an answer */
	FM_LOST_VERBOSE,
	FM_LOST_COUNT
};

struct fm_model {
	const char *name;
	const char *like;
	int vendor; /* whose server it is like; FM_VENDOR_COUNT: the dialect's own */
	struct {
		uint64_t tokens;  /* 0: no end */
		uint64_t unasked; /* where the asker may say how long and did not; 0: all of them */
		uint64_t keep;    /* Ollama's num_keep */
		int counts_output;
		int over;
		int usage_after;
		int words; /* the vendor whose errors it has; FM_VENDOR_COUNT: of the model's */
	} window;
	struct {
		uint64_t body;
		uint64_t string;
		uint64_t output; /* tokens that may be asked for */
	} caps;
	struct {
		uint64_t message; /* tokens around each message */
		uint64_t prompt;
	} frame;
	struct fm_surface surface;
	double lost[FM_LOST_COUNT]; /* probabilities; what is missing to 1 abstains */
	double attention;           /* share of the question's words that an answer must have */
	struct {
		int64_t base_ns;
		uint64_t prefill_tps; /* 0: at once */
		uint64_t cached_tps;  /* of tokens that are cached; 0: at once */
		uint64_t decode_tps;
		double jitter;
	} time;
	struct fm_limits limits;
	struct {
		bool on;
		uint64_t block_tokens; /* these are FM_UNSAID where the vendor's hold */
		uint64_t min_tokens;
		int64_t ttl_ns; /* -1: the vendor's */
	} cache;
};

struct fm_rule;

struct fm_sim_config {
	uint64_t seed;
	const char *tokens; /* name of the counter */
	const char *history;
	const char *key; /* NULL: none is asked for */
	double clock;    /* waits are divided by it */
	uint64_t store_max;
	struct fm_model *models;
	size_t model_count;
	struct fm_rule *rules;
	size_t rule_count;
};

/*
 * Read a configuration; without text, the built-in models.
 *
 * Memory  in `arena`
 * Errors  FM_E_USAGE  every mistake on a line of its own: "name:line:column: what"
 */
FM_MUST_CHECK enum fm_code fm_config_read(const char *name, struct fm_span text,
                                          struct fm_arena *arena, struct fm_sim_config *ret_config,
                                          struct fm_err *err);

/* The model of that name; NULL when there is none. */
struct fm_model *fm_config_model(const struct fm_sim_config *config, struct fm_span name);

const char *fm_lost_name(enum fm_lost lost);

#endif
