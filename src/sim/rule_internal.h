#ifndef FATHOM_SIM_RULE_INTERNAL_H
#define FATHOM_SIM_RULE_INTERNAL_H

#include "config_internal.h"
#include "walk_internal.h"

enum fm_rule_when {
	FM_WHEN_ALWAYS,
	FM_WHEN_NTH,
	FM_WHEN_EVERY,
	FM_WHEN_RATE,
};

enum fm_rule_at {
	FM_AT_HEAD,
	FM_AT_BODY,
	FM_AT_AFTER_BODY,
	FM_AT_EVENT,
	FM_AT_BYTE,
	FM_AT_END,
};

enum fm_act {
	FM_ACT_STATUS,
	FM_ACT_CLOSE,
	FM_ACT_RESET,
	FM_ACT_STALL,
	FM_ACT_NO_CONTINUE,
	FM_ACT_DRIP,
	FM_ACT_SPLIT,
	FM_ACT_DROP_TERMINATOR,
	FM_ACT_ERROR_EVENT,
	FM_ACT_GARBAGE,
	FM_ACT_RAW,
	FM_ACT_PING_FOREVER,
	FM_ACT_FINISH,
	FM_ACT_COUNT
};

/* How an answer ends early when a rule says so. */
enum fm_finish {
	FM_FINISH_LENGTH,
	FM_FINISH_FILTER,
	FM_FINISH_REFUSAL,
	FM_FINISH_EMPTY,
};

#define FM_SLICES_MAX 16

/* When and where something goes wrong, and what. */
struct fm_rule {
	enum fm_rule_when when;
	uint64_t number;     /* of FM_WHEN_NTH and FM_WHEN_EVERY */
	double rate;         /* of FM_WHEN_RATE */
	uint64_t tokens_min; /* only prompts of more tokens; 0: all */
	const char *model;   /* only this model; NULL: all */
	enum fm_rule_at at;
	uint64_t place; /* bytes or events before it */
	bool of_body;   /* `place` is ppm of the declared body */
	enum fm_act act;
	int status;
	int64_t retry_after_s; /* -1: no header */
	enum fm_finish finish;
	uint64_t bytes_per_s; /* of FM_ACT_DRIP */
	uint64_t slices[FM_SLICES_MAX];
	size_t slice_count;
	struct fm_span raw;
	unsigned line; /* of the configuration: the fault's name in the history */
};

const char *fm_act_name(enum fm_act act);

/* The list of faults; `to` is the struct fm_sim_config. */
void fm_rules_read(struct fm_walk *walk, const struct fm_yaml *node, void *to);

/* What is known of a request when rules are asked. */
struct fm_occasion {
	uint64_t seed;
	uint64_t number; /* of the request, from 1 */
	bool read;       /* model and tokens are known: the body is whole */
	const char *model;
	uint64_t tokens;
};

/*
 * The first rule that fits, NULL when none does. Before the body is read only rules fit that ask
 * for nothing in it, and a rule for an early place fits only then.
 */
const struct fm_rule *fm_rule_find(const struct fm_sim_config *config,
                                   const struct fm_occasion *occasion);

#endif
