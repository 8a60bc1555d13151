#include "rate_internal.h"

#include "base/macro.h"

#define X "x-ratelimit-"
#define ANTHROPIC "anthropic-ratelimit-"
#define REQUESTS FM_METER_REQUESTS
#define TOKENS FM_METER_TOKENS
#define MINUTE FM_RATE_MINUTE
#define OTHER FM_RATE_OTHER

/*
 * OpenAI, Azure, Groq and who took their names over; Anthropic; Fireworks; Cerebras and Mistral,
 * whose names say the period; Together, OpenRouter and Cohere, whose names do not.
 *
 * Source  the providers' pages on rate limits, and headers seen in public threads, 2024 to 2026
 */
const struct fm_rate_row fm_rate_rows[] = {
	{X,			  "-requests",         REQUESTS,            MINUTE},
	{X,			  "-tokens",           TOKENS,              MINUTE},
	{"x-rate-limit-",            "-tokens",           TOKENS,              MINUTE},
	{"x-rate-limit-",            "-requests",         REQUESTS,            MINUTE},
	{ANTHROPIC "requests-",      "",                  REQUESTS,            MINUTE},
	{ANTHROPIC "tokens-",        "",                  TOKENS,              MINUTE},
	{ANTHROPIC "input-tokens-",  "",                  FM_METER_TOKENS_IN,  MINUTE},
	{ANTHROPIC "output-tokens-", "",                  FM_METER_TOKENS_OUT, MINUTE},
	{X,			  "-tokens-prompt",    FM_METER_TOKENS_IN,  MINUTE},
	{X,			  "-tokens-generated", FM_METER_TOKENS_OUT, MINUTE},
	{X,			  "-requests-minute",  REQUESTS,            MINUTE},
	{X,			  "-tokens-minute",    TOKENS,              MINUTE},
	{X,			  "-requests-hour",    REQUESTS,            OTHER },
	{X,			  "-tokens-hour",      TOKENS,              OTHER },
	{X,			  "-requests-1h",      REQUESTS,            OTHER },
	{X,			  "-tokens-1h",        TOKENS,              OTHER },
	{X,			  "-requests-day",     REQUESTS,            OTHER },
	{X,			  "-tokens-day",       TOKENS,              OTHER },
	{X,			  "-req-minute",       REQUESTS,            MINUTE},
	{X,			  "-req-month",        REQUESTS,            OTHER },
	{X,			  "-tokens-month",     TOKENS,              OTHER },
	{"x-ratelimitbysize-",       "-minute",           TOKENS,              MINUTE},
	{"x-ratelimitbysize-",       "-month",            TOKENS,              OTHER },
	{"ratelimitbysize-",         "",                  TOKENS,              MINUTE},
	{X,			  "",		  REQUESTS,            OTHER },
	{"ratelimit-",               "",                  REQUESTS,            OTHER },
	{"x-tokenlimit-",            "",                  TOKENS,              OTHER },
};

const size_t fm_rate_row_count = FM_COUNT(fm_rate_rows);
