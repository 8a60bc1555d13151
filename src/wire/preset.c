#include "wire/preset.h"

#include "base/macro.h"

#define CHAT "openai-chat"
#define BYTES "bytes/4"

/* How far bytes ÷ 4 is off for English prose with the vocabularies of these vendors. */
#define ROUGH 250000

static const struct fm_preset presets[] = {
	{"openai",      "https://api.openai.com/v1",                              CHAT, "OPENAI_API_KEY",     "max_completion_tokens",
         BYTES,															       ROUGH, 0, 10485760},
	{"openrouter",  "https://openrouter.ai/api/v1",                           CHAT, "OPENROUTER_API_KEY", "max_tokens",
         BYTES,															       ROUGH, 0, 0       },
	{"deepseek",    "https://api.deepseek.com",                               CHAT, "DEEPSEEK_API_KEY",   "max_tokens",            BYTES,
         ROUGH,																      0, 0       },
	{"groq",        "https://api.groq.com/openai/v1",                         CHAT, "GROQ_API_KEY",       "max_completion_tokens",
         BYTES,															       ROUGH, 0, 0       },
	{"together",    "https://api.together.ai/v1",                             CHAT, "TOGETHER_API_KEY",   "max_tokens",            BYTES,
         ROUGH,																      0, 0       },
	{"fireworks",   "https://api.fireworks.ai/inference/v1",                  CHAT, "FIREWORKS_API_KEY",
         "max_tokens",														 BYTES, ROUGH, 0, 0       },
	{"mistral",     "https://api.mistral.ai/v1",                              CHAT, "MISTRAL_API_KEY",    "max_tokens",            BYTES,
         ROUGH,																      0, 0       },
	{"xai",         "https://api.x.ai/v1",                                    CHAT, "XAI_API_KEY",        "max_completion_tokens", BYTES, ROUGH,
         0,																	     0       },
	{"cerebras",    "https://api.cerebras.ai/v1",                             CHAT, "CEREBRAS_API_KEY",
         "max_completion_tokens",												      BYTES, ROUGH, 0, 0       },
	{"dashscope",   "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", CHAT,
         "DASHSCOPE_API_KEY",										 "max_tokens",            BYTES, ROUGH, 0, 20000000},
	{"huggingface", "https://router.huggingface.co/v1",                       CHAT, "HF_TOKEN",           "max_tokens",            BYTES,
         ROUGH,																      0, 0       },
	{"ollama",      "http://127.0.0.1:11434/v1",                              CHAT, NULL,                 "max_tokens",            BYTES, ROUGH, 0, 0       },
	{"llamacpp",    "http://127.0.0.1:8080/v1",                               CHAT, NULL,                 "max_tokens",            BYTES, ROUGH, 0, 0       },
	{"vllm",        "http://127.0.0.1:8000/v1",                               CHAT, NULL,                 "max_tokens",            BYTES, ROUGH, 0, 0       },
	{"sglang",      "http://127.0.0.1:30000/v1",                              CHAT, NULL,                 "max_tokens",            BYTES, ROUGH, 0, 0       },
	{"lmstudio",    "http://127.0.0.1:1234/v1",                               CHAT, NULL,                 "max_tokens",            BYTES, ROUGH, 0, 0       },
	{"local",       "http://127.0.0.1:8000/v1",                               CHAT, NULL,                 "max_tokens",            BYTES, ROUGH, 0, 0       },
	{"sim",         "http://127.0.0.1:8808/v1",                               CHAT, NULL,                 "max_tokens",            BYTES, 0,     0, 0       },
};

const struct fm_preset *fm_preset_find(struct fm_span name)
{
	for (size_t i = 0; i < FM_COUNT(presets); i++)
		if (fm_span_is(name, presets[i].name))
			return &presets[i];
	return NULL;
}

const struct fm_preset *fm_preset_list(size_t *ret_count)
{
	*ret_count = FM_COUNT(presets);
	return presets;
}
