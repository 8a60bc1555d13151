#include "wire/preset.h"

#include "base/macro.h"

#define REASONERS \
	"o1* o3* o4-mini* gpt-5 gpt-5-20* gpt-5-mini* gpt-5-nano* gpt-5-pro* gpt-5.* gpt-6*"
#define NEW_CLAUDES                                                                             \
	"*claude-opus-4-7* *claude-opus-4-8* *claude-opus-5* *claude-sonnet-5* *claude-fable* " \
	"*claude-mythos*"
#define ANY "*"

static const char own_temperature[] = "this model takes only its own sampling";
static const char cuts_prompt[] = "it cuts the prompt without a word";
static const char reroutes[] = "another model would answer";
static const char adds_text[] = "text that is not ours would stand before the prompt";

/*
 * The first row that fits has it.
 *
 * Source  the providers' API references and SDK types of 2026; "only its own sampling" also from
 *         what their servers were seen to refuse
 */
static const struct fm_quirk quirks[] = {
	{"mistral",            ANY,			      "seed",                   NULL,          "random_seed", NULL,                            false},
	{"deepseek",           ANY,			      "seed",                   NULL,          NULL,          "DeepSeek documents none",       false},
	{"openai* azure*",     REASONERS,                        "temperature",            NULL,          NULL,          own_temperature,                 false},
	{"openai* azure*",     REASONERS,                        "top_p",                  NULL,          NULL,          own_temperature,                 false},
	{"openai* azure*",     REASONERS,                        "stop",                   NULL,          NULL,          "reasoning models take no stop", false},
	{"openai* azure*",     REASONERS,                        "frequency_penalty",      NULL,          NULL,          own_temperature,                 false},
	{"openai* azure*",     REASONERS,                        "presence_penalty",       NULL,          NULL,          own_temperature,                 false},
	{"xai*",               "grok-3-mini* grok-4*",           "stop",                   NULL,          NULL,          "reasoning models take no stop",
         false																		 },
	{"xai*",               "grok-3-mini* grok-4*",           "frequency_penalty",      NULL,          NULL,          own_temperature,                 false},
	{"xai*",               "grok-3-mini* grok-4*",           "presence_penalty",       NULL,          NULL,          own_temperature,                 false},
	{"anthropic bedrock*", NEW_CLAUDES,                      "temperature",            NULL,          NULL,          own_temperature,                 false},
	{"anthropic bedrock*", NEW_CLAUDES,                      "top_p",                  NULL,          NULL,          own_temperature,                 false},
	{"anthropic bedrock*", NEW_CLAUDES,                      "top_k",                  NULL,          NULL,          own_temperature,                 false},
	{"anthropic bedrock*", "*claude*4-5* *claude-opus-4-1*", "top_p",                  "temperature", NULL,
         "this model takes temperature or top_p, not both",											       false},
	{"gemini vertex*",     ANY,                              "cachedContent",          NULL,          NULL,          adds_text,                       true },
	{"openrouter",         ANY,			      "transforms",             NULL,          NULL,          cuts_prompt,                     true },
	{"openrouter",         ANY,			      "models",                 NULL,          NULL,          reroutes,                        true },
	{"fireworks",          ANY,			      "prompt_truncate_len",    NULL,          NULL,          cuts_prompt,                     true },
	{"vllm local",         ANY,			      "truncate_prompt_tokens", NULL,          NULL,          cuts_prompt,                     true },
	{"tgi",		ANY,			      "truncate",               NULL,          NULL,          cuts_prompt,                     true },
	{"dashscope*",         ANY,			      "enable_search",          NULL,          NULL,          adds_text,                       true },
};

const struct fm_quirk *fm_quirk_list(size_t *ret_count)
{
	*ret_count = FM_COUNT(quirks);
	return quirks;
}
