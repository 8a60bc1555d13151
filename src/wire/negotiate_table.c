#include "negotiate_internal.h"

#include "base/macro.h"

#define Q "[\"'`]?"
#define NAME Q "([a-z_][a-z0-9_.]*)" Q
#define BOTH Q "[a-z_]+" Q " and " NAME

/*
 * OpenAI, Azure and who took their words over; Google; Bedrock; xAI; Anthropic; vLLM, Mistral and
 * others whose requests are checked by the same library; Groq, Cerebras; Cohere; DeepSeek.
 */
const struct fm_negotiate_row fm_negotiate_rows[] = {
	{BOTH " cannot both be (specified|set|used)",                             1},
	{"unsupported parameters?: ?" NAME,                                       1},
	{"unsupported value: ?" NAME " does not support",                         1},
	{"unknown parameters?: ?" NAME,					   1},
	{"unrecognized request arguments? supplied: ?" NAME,                      1},
	{"unknown name \\\\?" NAME,					       1},
	{"extraneous key \\[" NAME "\\] is not permitted",                        1},
	{"argument not supported( on this model)?: ?" NAME,                       2},
	{"(does not|doesn't) support (the )?(parameter |field )" NAME,            4},
	{"(does not|doesn't) support (the )?" NAME " (field|parameter|argument)", 3},
	{"property " NAME " is unsupported",                                      1},
	{"parameter " NAME " is not (a )?(valid|supported|allowed|recognized)",   1},
	{"unknown field:? (parameter )?" NAME,                                    2},
	{"unrecognized keys?(\\(s\\))?( in object)?: ?" NAME,                     3},
	{"'loc': ?[[(]'body', ?" NAME "[])], ?'msg': ?'extra inputs",             1},
	{NAME ": extra inputs are not permitted",                                 1},
	{NAME " is (deprecated|not supported|unsupported|no longer supported) (for|with|by|on) "
              "(this|the) "
              "model",                                                   1},
};

const size_t fm_negotiate_row_count = FM_COUNT(fm_negotiate_rows);

const char *const fm_negotiate_settings[] = {
	"temperature",
	"topp",
	"topk",
	"minp",
	"seed",
	"randomseed",
	"stop",
	"stopsequences",
	"frequencypenalty",
	"presencepenalty",
	"repetitionpenalty",
	"reasoningeffort",
	"streamoptions",
	"includeobfuscation",
	"includeusage",
	NULL,
};
