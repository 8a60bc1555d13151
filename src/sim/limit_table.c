#include "limit_head_internal.h"

#include "base/macro.h"

static const struct fm_limit_row openai_rows[] = {
	{"x-ratelimit-limit-requests",     FM_POOL_REQUESTS, FM_FIELD_LIMIT, FM_FORM_GO, false},
	{"x-ratelimit-remaining-requests", FM_POOL_REQUESTS, FM_FIELD_LEFT,  FM_FORM_GO, false},
	{"x-ratelimit-reset-requests",     FM_POOL_REQUESTS, FM_FIELD_RESET, FM_FORM_GO, false},
	{"x-ratelimit-limit-tokens",       FM_POOL_TOKENS,   FM_FIELD_LIMIT, FM_FORM_GO, false},
	{"x-ratelimit-remaining-tokens",   FM_POOL_TOKENS,   FM_FIELD_LEFT,  FM_FORM_GO, false},
	{"x-ratelimit-reset-tokens",       FM_POOL_TOKENS,   FM_FIELD_RESET, FM_FORM_GO, false},
};

static const struct fm_limit_row azure_rows[] = {
	{"x-ratelimit-remaining-requests", FM_POOL_REQUESTS, FM_FIELD_LEFT,  FM_FORM_GO,      false},
	{"x-ratelimit-remaining-tokens",   FM_POOL_TOKENS,   FM_FIELD_LEFT,  FM_FORM_GO,      false},
	{"x-rate-limit-reset-tokens",      FM_POOL_TOKENS,   FM_FIELD_RESET, FM_FORM_SECONDS, true },
};

/* Its tokens are those of the tightest pool, and we have one for both kinds. */
static const struct fm_limit_row anthropic_rows[] = {
	{"anthropic-ratelimit-requests-limit",          FM_POOL_REQUESTS, FM_FIELD_LIMIT, FM_FORM_RFC3339,
         false												  },
	{"anthropic-ratelimit-requests-remaining",      FM_POOL_REQUESTS, FM_FIELD_LEFT,  FM_FORM_RFC3339,
         false												  },
	{"anthropic-ratelimit-requests-reset",          FM_POOL_REQUESTS, FM_FIELD_RESET, FM_FORM_RFC3339,
         false												  },
	{"anthropic-ratelimit-tokens-limit",            FM_POOL_TOKENS,   FM_FIELD_LIMIT, FM_FORM_RFC3339,
         false												  },
	{"anthropic-ratelimit-tokens-remaining",        FM_POOL_TOKENS,   FM_FIELD_LEFT,  FM_FORM_RFC3339,
         false												  },
	{"anthropic-ratelimit-tokens-reset",            FM_POOL_TOKENS,   FM_FIELD_RESET, FM_FORM_RFC3339,
         false												  },
	{"anthropic-ratelimit-input-tokens-limit",      FM_POOL_TOKENS,   FM_FIELD_LIMIT, FM_FORM_RFC3339,
         false												  },
	{"anthropic-ratelimit-input-tokens-remaining",  FM_POOL_TOKENS,   FM_FIELD_LEFT,
         FM_FORM_RFC3339,										  false},
	{"anthropic-ratelimit-input-tokens-reset",      FM_POOL_TOKENS,   FM_FIELD_RESET, FM_FORM_RFC3339,
         false												  },
	{"anthropic-ratelimit-output-tokens-limit",     FM_POOL_OUTPUT,   FM_FIELD_LIMIT, FM_FORM_RFC3339,
         false												  },
	{"anthropic-ratelimit-output-tokens-remaining", FM_POOL_OUTPUT,   FM_FIELD_LEFT,
         FM_FORM_RFC3339,										  false},
	{"anthropic-ratelimit-output-tokens-reset",     FM_POOL_OUTPUT,   FM_FIELD_RESET, FM_FORM_RFC3339,
         false												  },
};

/* Requests are a day's here, tokens a minute's. */
static const struct fm_limit_row groq_rows[] = {
	{"x-ratelimit-limit-requests",     FM_POOL_DAY,    FM_FIELD_LIMIT, FM_FORM_GO, false},
	{"x-ratelimit-remaining-requests", FM_POOL_DAY,    FM_FIELD_LEFT,  FM_FORM_GO, false},
	{"x-ratelimit-reset-requests",     FM_POOL_DAY,    FM_FIELD_RESET, FM_FORM_GO, false},
	{"x-ratelimit-limit-tokens",       FM_POOL_TOKENS, FM_FIELD_LIMIT, FM_FORM_GO, false},
	{"x-ratelimit-remaining-tokens",   FM_POOL_TOKENS, FM_FIELD_LEFT,  FM_FORM_GO, false},
	{"x-ratelimit-reset-tokens",       FM_POOL_TOKENS, FM_FIELD_RESET, FM_FORM_GO, false},
};

static const struct fm_limit_row cerebras_rows[] = {
	{"x-ratelimit-limit-requests-day",      FM_POOL_DAY,    FM_FIELD_LIMIT, FM_FORM_FLOAT, false},
	{"x-ratelimit-remaining-requests-day",  FM_POOL_DAY,    FM_FIELD_LEFT,  FM_FORM_FLOAT, false},
	{"x-ratelimit-reset-requests-day",      FM_POOL_DAY,    FM_FIELD_RESET, FM_FORM_FLOAT, false},
	{"x-ratelimit-limit-tokens-minute",     FM_POOL_TOKENS, FM_FIELD_LIMIT, FM_FORM_FLOAT, false},
	{"x-ratelimit-remaining-tokens-minute", FM_POOL_TOKENS, FM_FIELD_LEFT,  FM_FORM_FLOAT,
         false										      },
	{"x-ratelimit-reset-tokens-minute",     FM_POOL_TOKENS, FM_FIELD_RESET, FM_FORM_FLOAT, false},
};

static const struct fm_limit_row fireworks_rows[] = {
	{"x-ratelimit-limit-requests",             FM_POOL_REQUESTS, FM_FIELD_LIMIT, FM_FORM_GO, false},
	{"x-ratelimit-remaining-requests",         FM_POOL_REQUESTS, FM_FIELD_LEFT,  FM_FORM_GO, false},
	{"x-ratelimit-limit-tokens-prompt",        FM_POOL_TOKENS,   FM_FIELD_LIMIT, FM_FORM_GO, false},
	{"x-ratelimit-remaining-tokens-prompt",    FM_POOL_TOKENS,   FM_FIELD_LEFT,  FM_FORM_GO, false},
	{"x-ratelimit-limit-tokens-generated",     FM_POOL_OUTPUT,   FM_FIELD_LIMIT, FM_FORM_GO, false},
	{"x-ratelimit-remaining-tokens-generated", FM_POOL_OUTPUT,   FM_FIELD_LEFT,  FM_FORM_GO,
         false											},
};

static const struct fm_limit_row together_rows[] = {
	{"x-ratelimit-limit",      FM_POOL_REQUESTS, FM_FIELD_LIMIT, FM_FORM_SECONDS, false},
	{"x-ratelimit-remaining",  FM_POOL_REQUESTS, FM_FIELD_LEFT,  FM_FORM_SECONDS, false},
	{"x-ratelimit-reset",      FM_POOL_REQUESTS, FM_FIELD_RESET, FM_FORM_SECONDS, false},
	{"x-tokenlimit-limit",     FM_POOL_TOKENS,   FM_FIELD_LIMIT, FM_FORM_SECONDS, false},
	{"x-tokenlimit-remaining", FM_POOL_TOKENS,   FM_FIELD_LEFT,  FM_FORM_SECONDS, false},
};

static const struct fm_limit_row mistral_rows[] = {
	{"x-ratelimit-remaining",              FM_POOL_REQUESTS, FM_FIELD_LEFT,  FM_FORM_SECONDS, false},
	{"ratelimitbysize-limit",              FM_POOL_TOKENS,   FM_FIELD_LIMIT, FM_FORM_SECONDS, false},
	{"ratelimitbysize-remaining",          FM_POOL_TOKENS,   FM_FIELD_LEFT,  FM_FORM_SECONDS, false},
	{"ratelimitbysize-reset",              FM_POOL_TOKENS,   FM_FIELD_RESET, FM_FORM_SECONDS, false},
	{"x-ratelimitbysize-limit-minute",     FM_POOL_TOKENS,   FM_FIELD_LIMIT, FM_FORM_SECONDS, false},
	{"x-ratelimitbysize-remaining-minute", FM_POOL_TOKENS,   FM_FIELD_LEFT,  FM_FORM_SECONDS,
         false											 },
};

static const struct fm_limit_row cohere_rows[] = {
	{"x-ratelimit-reset", FM_POOL_REQUESTS, FM_FIELD_RESET, FM_FORM_EPOCH_S, true},
};

static const struct fm_limit_row openrouter_rows[] = {
	{"X-RateLimit-Limit",     FM_POOL_REQUESTS, FM_FIELD_LIMIT, FM_FORM_EPOCH_MS, true},
	{"X-RateLimit-Remaining", FM_POOL_REQUESTS, FM_FIELD_LEFT,  FM_FORM_EPOCH_MS, true},
	{"X-RateLimit-Reset",     FM_POOL_REQUESTS, FM_FIELD_RESET, FM_FORM_EPOCH_MS, true},
};

static const struct fm_limit_row xai_rows[] = {
	{"x-ratelimit-limit-requests",     FM_POOL_REQUESTS, FM_FIELD_LIMIT, FM_FORM_GO, false},
	{"x-ratelimit-remaining-requests", FM_POOL_REQUESTS, FM_FIELD_LEFT,  FM_FORM_GO, false},
	{"x-ratelimit-limit-tokens",       FM_POOL_TOKENS,   FM_FIELD_LIMIT, FM_FORM_GO, false},
	{"x-ratelimit-remaining-tokens",   FM_POOL_TOKENS,   FM_FIELD_LEFT,  FM_FORM_GO, false},
};

const struct fm_limit_vendor fm_limit_vendors[] = {
	{FM_VENDOR_OPENAI,           openai_rows,     FM_COUNT(openai_rows),     FM_WAIT_S | FM_WAIT_MS              },
	{FM_VENDOR_OPENAI_GPT5,      openai_rows,     FM_COUNT(openai_rows),     FM_WAIT_S | FM_WAIT_MS              },
	{FM_VENDOR_OPENAI_RESPONSES, openai_rows,     FM_COUNT(openai_rows),     FM_WAIT_S | FM_WAIT_MS              },
	{FM_VENDOR_AZURE,            azure_rows,      FM_COUNT(azure_rows),      FM_WAIT_S | FM_WAIT_MS | FM_WAIT_DAY},
	{FM_VENDOR_AZURE_RESPONSES,  azure_rows,      FM_COUNT(azure_rows),
         FM_WAIT_S | FM_WAIT_MS | FM_WAIT_DAY									},
	{FM_VENDOR_ANTHROPIC,        anthropic_rows,  FM_COUNT(anthropic_rows),  FM_WAIT_S | FM_WAIT_HIDES           },
	{FM_VENDOR_GROQ,             groq_rows,       FM_COUNT(groq_rows),       FM_WAIT_S                           },
	{FM_VENDOR_CEREBRAS,         cerebras_rows,   FM_COUNT(cerebras_rows),   FM_WAIT_HIDES                       },
	{FM_VENDOR_FIREWORKS,        fireworks_rows,  FM_COUNT(fireworks_rows),  0                                   },
	{FM_VENDOR_TOGETHER,         together_rows,   FM_COUNT(together_rows),   0                                   },
	{FM_VENDOR_MISTRAL,          mistral_rows,    FM_COUNT(mistral_rows),    FM_WAIT_S | FM_WAIT_HIDES           },
	{FM_VENDOR_COHERE,           cohere_rows,     FM_COUNT(cohere_rows),     FM_WAIT_S | FM_WAIT_HIDES           },
	{FM_VENDOR_OPENROUTER,       openrouter_rows, FM_COUNT(openrouter_rows), 0                                   },
	{FM_VENDOR_XAI,              xai_rows,        FM_COUNT(xai_rows),        0                                   },
	{FM_VENDOR_XAI_RESPONSES,    xai_rows,        FM_COUNT(xai_rows),        0                                   },
	{FM_VENDOR_GEMINI,           NULL,            0,                         FM_WAIT_HIDES                       },
	{FM_VENDOR_VERTEX,           NULL,            0,                         FM_WAIT_HIDES                       },
};

const size_t fm_limit_vendor_count = FM_COUNT(fm_limit_vendors);
