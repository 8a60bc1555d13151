#ifndef FATHOM_UNIT_WIRE_VOICE_ABILITY_TABLE_H
#define FATHOM_UNIT_WIRE_VOICE_ABILITY_TABLE_H

#include "trial/outcome.h"

/* What a dialect can say, so that a reader knows it again. */
enum able {
	REFUSES = 1,       /* a refusal has a place of its own */
	THINKS = 2,        /* reasoning is shown … */
	WEIGHS = 4,        /* … and counted apart */
	CACHED = 8,        /* what a cache read is counted */
	WRITTEN = 16,      /* what it wrote is too */
	NAMES = 32,        /* the model */
	STOPS = 64,        /* why it stopped, without what says that nothing is missing */
	OMITS_ZEROS = 128, /* a count of nothing is left out */
};

/* "answered stop": what is read of each, by enum fm_stop. */
static const char *const chat_stops[FM_STOP_COUNT] = {
	[FM_STOP_STOP] = "answered stop",
	[FM_STOP_LENGTH] = "cut_output length",
	[FM_STOP_CONTENT_FILTER] = "refused content_filter",
	[FM_STOP_REFUSAL] = "answered stop",
	[FM_STOP_TOOL] = "answered tool",
	[FM_STOP_ERROR] = "in_doubt/server error",
	[FM_STOP_CONTEXT_FULL] = "cut_output length",
};
static const char *const anthropic_stops[FM_STOP_COUNT] = {
	[FM_STOP_STOP] = "answered stop",
	[FM_STOP_LENGTH] = "cut_output length",
	[FM_STOP_CONTENT_FILTER] = "refused refusal",
	[FM_STOP_REFUSAL] = "refused refusal",
	[FM_STOP_TOOL] = "answered tool",
	[FM_STOP_ERROR] = "in_doubt/incomplete -",
	[FM_STOP_CONTEXT_FULL] = "cut_output context_full",
};
static const char *const gemini_stops[FM_STOP_COUNT] = {
	[FM_STOP_STOP] = "answered stop",
	[FM_STOP_LENGTH] = "cut_output length",
	[FM_STOP_CONTENT_FILTER] = "refused content_filter",
	[FM_STOP_REFUSAL] = "refused content_filter",
	[FM_STOP_TOOL] = "answered tool",
	[FM_STOP_ERROR] = "in_doubt/server error",
	[FM_STOP_CONTEXT_FULL] = "cut_output length",
};

static const char *const responses_stops[FM_STOP_COUNT] = {
	[FM_STOP_STOP] = "answered stop",
	[FM_STOP_LENGTH] = "cut_output length",
	[FM_STOP_CONTENT_FILTER] = "refused content_filter",
	[FM_STOP_REFUSAL] = "answered stop",
	[FM_STOP_TOOL] = "answered stop",
	[FM_STOP_ERROR] = "in_doubt/server error",
	[FM_STOP_CONTEXT_FULL] = "cut_output length",
};
static const char *const bedrock_stops[FM_STOP_COUNT] = {
	[FM_STOP_STOP] = "answered stop",
	[FM_STOP_LENGTH] = "cut_output length",
	[FM_STOP_CONTENT_FILTER] = "refused content_filter",
	[FM_STOP_REFUSAL] = "refused content_filter",
	[FM_STOP_TOOL] = "answered tool",
	[FM_STOP_ERROR] = "in_doubt/server error",
	[FM_STOP_CONTEXT_FULL] = "cut_output context_full",
};
static const char *const cohere_stops[FM_STOP_COUNT] = {
	[FM_STOP_STOP] = "answered stop",
	[FM_STOP_LENGTH] = "cut_output length",
	[FM_STOP_CONTENT_FILTER] = "answered stop",
	[FM_STOP_REFUSAL] = "answered stop",
	[FM_STOP_TOOL] = "answered tool",
	[FM_STOP_ERROR] = "in_doubt/server error",
	[FM_STOP_CONTEXT_FULL] = "cut_output length",
};
static const char *const ollama_stops[FM_STOP_COUNT] = {
	[FM_STOP_STOP] = "answered stop",
	[FM_STOP_LENGTH] = "cut_output length",
	[FM_STOP_CONTENT_FILTER] = "answered stop",
	[FM_STOP_REFUSAL] = "answered stop",
	[FM_STOP_TOOL] = "answered stop",
	[FM_STOP_ERROR] = "in_doubt/incomplete -",
	[FM_STOP_CONTEXT_FULL] = "cut_output length",
};
static const char *const llama_stops[FM_STOP_COUNT] = {
	[FM_STOP_STOP] = "answered stop",
	[FM_STOP_LENGTH] = "cut_output length",
	[FM_STOP_CONTENT_FILTER] = "answered stop",
	[FM_STOP_REFUSAL] = "answered stop",
	[FM_STOP_TOOL] = "answered tool",
	[FM_STOP_ERROR] = "in_doubt/incomplete -",
	[FM_STOP_CONTEXT_FULL] = "cut_output length",
};

static struct ability {
	const char *name;
	unsigned able;
	const char *const *stops;
	const char *error; /* a body of the vendor's that says "It broke." */
} abilities[] = {
	{"openai-chat",      REFUSES | THINKS | WEIGHS | CACHED | WRITTEN | NAMES | STOPS, chat_stops,
         "{\"error\":{\"message\":\"It broke.\"}}"												    },
	{"anthropic",        THINKS | WEIGHS | CACHED | WRITTEN | NAMES | STOPS,           anthropic_stops,
         "{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"It broke.\"}}"                                                          },
	{"gemini",           THINKS | WEIGHS | CACHED | NAMES | OMITS_ZEROS,               gemini_stops,
         "[{\"error\":{\"code\":500,\"message\":\"It broke.\",\"status\":\"INTERNAL\"}}]"                                                             },
	{"openai-responses", REFUSES | THINKS | WEIGHS | CACHED | WRITTEN | NAMES,         responses_stops,
         "{\"error\":{\"message\":\"It broke.\",\"type\":\"server_error\"}}"                                                                          },
	{"bedrock",          THINKS | CACHED | WRITTEN,                                    bedrock_stops,   "{\"message\":\"It broke.\"}"             },
	{"cohere",           THINKS | CACHED,					      cohere_stops,    "{\"id\":\"1\",\"message\":\"It broke.\"}"},
	{"ollama",           THINKS | NAMES,					       ollama_stops,    "{\"error\":\"It broke.\"}"               },
	{"llama",            0,							    llama_stops,     "{\"error\":{\"message\":\"It broke.\"}}" },
};

#endif
