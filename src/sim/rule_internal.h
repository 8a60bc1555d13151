#ifndef FATHOM_SIM_RULE_INTERNAL_H
#define FATHOM_SIM_RULE_INTERNAL_H

#include "config_internal.h"
#include "shape_internal.h"
#include "trial/reply.h"
#include "walk_internal.h"

enum fm_rule_when {
	FM_WHEN_ALWAYS,
	FM_WHEN_NTH,
	FM_WHEN_EVERY,
	FM_WHEN_RATE,
};

/* Where something goes wrong. The first two come before the body is read. */
enum fm_rule_at {
	FM_AT_HEAD,
	FM_AT_BODY,
	FM_AT_AFTER_BODY,
	FM_AT_EVENT,
	FM_AT_BYTE,   /* of the response, from its first */
	FM_AT_CHAR,   /* inside the nth code point of more than one byte */
	FM_AT_STRING, /* inside the longest JSON string of the nth event */
	FM_AT_CRLF,   /* between CR and LF of the nth line end of the body */
	FM_AT_END,
};

enum fm_act {
	FM_ACT_NONE, /* only what is said, or how it is written, is wrong */
	FM_ACT_STATUS,
	FM_ACT_CLOSE,
	FM_ACT_RESET,
	FM_ACT_STALL,
	FM_ACT_WINDOW0,
	FM_ACT_READ_RATE,
	FM_ACT_NO_CONTINUE,
	FM_ACT_DRIP,
	FM_ACT_SPLIT,
	FM_ACT_DROP_TERMINATOR,
	FM_ACT_TWICE,
	FM_ACT_ERROR_EVENT,
	FM_ACT_GARBAGE,
	FM_ACT_RAW,
	FM_ACT_FOREVER,
	FM_ACT_COUNT
};

/* How an answer ends early when a rule says so. */
enum fm_finish {
	FM_FINISH_NONE,
	FM_FINISH_LENGTH,
	FM_FINISH_FILTER,
	FM_FINISH_REFUSAL,
	FM_FINISH_EMPTY,
};

/* What comes without end. */
enum fm_forever {
	FM_FOREVER_PING,    /* as the dialect has it */
	FM_FOREVER_COMMENT, /* of an event stream */
	FM_FOREVER_BLANK,   /* white space */
	FM_FOREVER_CONTENT, /* the same event */
	FM_FOREVER_LINE,    /* one that never ends */
};

/* What the connection does behind a status that came before the body was whole. */
enum fm_then {
	FM_THEN_FIN,   /* and the rest is read */
	FM_THEN_RESET, /* RST */
	FM_THEN_DEAF,  /* FIN, and nothing more is read */
};

/* Numbers of tokens that are told instead of the true ones; FM_NO_LIE leaves one as it is. */
#define FM_NO_LIE (INT64_MIN)
struct fm_lie {
	int64_t in, cached, out, reasoning;
};

#define FM_SLICES_MAX 16

/* When and where something goes wrong, and what. */
struct fm_rule {
	enum fm_rule_when when;
	uint64_t number;     /* of FM_WHEN_NTH and FM_WHEN_EVERY */
	double rate;         /* of FM_WHEN_RATE */
	uint64_t tokens_min; /* only prompts of more tokens; 0: all */
	const char *model;   /* only this model; NULL: all */
	const char *path;    /* only paths that hold this; NULL: all */
	const char *key;     /* only requests with this key; NULL: all */
	enum fm_rule_at at;
	uint64_t place; /* bytes or events before it */
	bool of_body;   /* `place` is ppm of the declared body */
	enum fm_act act;
	int status;
	int64_t retry_after_s; /* -1: no header */
	const char *location;  /* of a redirect; NULL: no header */
	enum fm_then then;
	enum fm_finish finish;
	const char *rename; /* the model's name as the answer has it; NULL: as it is */
	struct fm_lie lie;
	uint64_t bytes_per_s; /* of FM_ACT_DRIP and FM_ACT_READ_RATE */
	uint64_t slices[FM_SLICES_MAX];
	size_t slice_count;
	enum fm_forever forever;
	struct fm_span raw;
	bool shaped;
	struct fm_shape shape;
	const char *name; /* the fault's, in the history */
	unsigned line;    /* of the configuration, the same */
};

/* The list of faults; `to` is the struct fm_sim_config. */
void fm_rules_read(struct fm_walk *walk, const struct fm_yaml *node, void *to);

/* Read `do`: a word, or a map; and say where such a thing is wrong when nobody says. */
void fm_rule_read_do(struct fm_walk *walk, const struct fm_yaml *node, struct fm_rule *rule);

/* May the rule's act stand at its place? The act's word for a message. */
bool fm_rule_is_placed(const struct fm_rule *rule);
const char *fm_act_name(enum fm_act act);

/* Is the answer of such a rule written out whole before it is sent? */
bool fm_rule_counts_bytes(const struct fm_rule *rule);

/* What is known of a request when rules are asked. */
struct fm_occasion {
	uint64_t seed;
	uint64_t number; /* of the request, from 1 */
	struct fm_span path;
	uint64_t key_hash; /* 0: it came with none */
	bool read;         /* model and tokens are known: the body is whole */
	const char *model;
	uint64_t tokens;
};

/*
 * The first rule that fits, NULL when none does. Before the body is read only rules fit that ask
 * for nothing in it, and a rule for an early place fits only then.
 */
const struct fm_rule *fm_rule_find(const struct fm_sim_config *config,
                                   const struct fm_occasion *occasion);

/* The numbers that the rule tells; `rule` may be NULL. */
void fm_rule_lie(const struct fm_rule *rule, struct fm_usage *usage);

#endif
