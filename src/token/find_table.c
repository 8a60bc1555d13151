#include "find_internal.h"

#include "base/macro.h"

/* Patterns of models' names, as they are sent, that share a tokenizer. */
static const char models_o200k[] =
	"gpt-4o* chatgpt-4o* gpt-4.1* gpt-4.5* gpt-5* gpt-oss* o1 o1-* o3 o3-* "
	"o4-mini* ft:gpt-4o* ft:gpt-4.1*";
static const char models_cl100k[] =
	"gpt-4 gpt-4-* gpt-3.5* gpt-35-turbo* ft:gpt-4 ft:gpt-4-* ft:gpt-3.5* "
	"davinci-002 babbage-002 text-embedding-3-* text-embedding-ada-002";
static const char models_p50k[] = "text-davinci-002 text-davinci-003 code-davinci-* code-cushman-*";
static const char models_r50k[] =
	"gpt2 gpt-2 davinci curie babbage ada text-davinci-001 text-curie-001 "
	"text-babbage-001 text-ada-001";
static const char models_llama_3[] = "llama-3* llama3* meta-llama-3*";
static const char models_qwen3_5[] = "qwen3.5* qwen-3.5* qwen3.6* qwen-3.6*";
static const char models_qwen3[] =
	"qwen3 qwen3:* qwen3-0* qwen3-1* qwen3-2* qwen3-3* qwen3-4* qwen3-8* "
	"qwen3-coder-* qwen3-next-* qwen3-vl-*";
static const char models_deepseek_v3[] =
	"deepseek-chat* deepseek-reasoner* deepseek-v3* deepseek-v4* "
	"deepseek-r1 deepseek-r1-0* deepseek-r1:671b*";
static const char models_tekken[] =
	"mistral-nemo* open-mistral-nemo* ministral-3b* ministral-8b* "
	"pixtral-12b* mistral-small-3* mistral-small-2501* mistral-small-2503* "
	"mistral-small-2506* devstral* magistral*";
static const char models_phi_4[] = "phi-4 phi-4-reasoning* phi4 phi4:*";

/* Patterns of Hugging Face's models that carry its file. */
static const char hub_llama_3[] = "meta-llama/llama-3* meta-llama/meta-llama-3*";
static const char hub_deepseek_v3[] =
	"deepseek-ai/deepseek-v3* deepseek-ai/deepseek-v4* deepseek-ai/deepseek-r1 "
	"deepseek-ai/deepseek-r1-0*";
static const char hub_tekken[] =
	"mistralai/mistral-nemo* mistralai/ministral-8b* mistralai/pixtral-12b* "
	"mistralai/mistral-small-3* mistralai/mistral-small-24b* "
	"mistralai/devstral* mistralai/magistral*";
static const char hub_phi_4[] = "microsoft/phi-4 microsoft/phi-4-reasoning*";

/*
 * A vendor's models share a row where their ordinary text is cut the same: they may differ in
 * special tokens.
 *
 * Source  tiktoken's model.py; the tokenizer files of the models' repositories
 */
static const struct fm_known known[] = {
	{"o200k",       "o200k_base o200k_harmony", models_o200k,                "openai/gpt-oss*",             false},
	{"cl100k",      "cl100k_base",              models_cl100k,               "",                            false},
	{"p50k",        "p50k_base p50k_edit",      models_p50k,                 "",                            false},
	{"r50k",        "r50k_base",                models_r50k,                 "openai-community/gpt2*",      false},
	{"llama-4",     "llama4",                   "llama-4* llama4*",          "meta-llama/llama-4*",         false},
	{"llama-3",     "llama3",                   models_llama_3,              hub_llama_3,                   false},
	{"llama-2",     "llama2",                   "llama-2* llama2*",          "meta-llama/llama-2*",         false},
	{"qwen3.5",     "qwen-3.5",                 models_qwen3_5,              "qwen/qwen3.5* qwen/qwen3.6*", false},
	{"qwen3",       "qwen-3",                   models_qwen3,                "qwen/qwen3-*",                false},
	{"qwen2.5",     "qwen-2.5",                 "qwen2.5* qwen-2.5*",        "qwen/qwen2.5*",               false},
	{"deepseek-v3", "deepseek-r1",              models_deepseek_v3,          hub_deepseek_v3,               false},
	{"tekken",      "mistral-tekken",           models_tekken,               hub_tekken,                    false},
	{"gemma-3",     "gemma3",                   "gemma-3* gemma3*",          "google/gemma-3*",             false},
	{"gemma-2",     "gemma2",                   "gemma-2* gemma2*",          "google/gemma-2*",             false},
	{"phi-4-mini",  "phi4-mini",                "phi-4-mini* phi4-mini*",    "microsoft/phi-4-mini*",       false},
	{"phi-4",       "phi4",                     models_phi_4,                hub_phi_4,                     false},
	{"kimi-k2",     "kimi",                     "kimi-k2*",                  "moonshotai/kimi-k2*",         false},
	{"claude",      "",			 "claude* anthropic.claude*", "",                            true },
	{"gemini",      "",			 "gemini*",                   "",                            true },
	{"grok",        "",			 "grok*",                     "",                            true },
};

/* Source: tiktoken's openai_public.py, llama_models */
static const struct fm_pin pins[] = {
	{"o200k",   "o200k",  "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
         "fb374d419588a4632f3f557e76b4b70aebbca790"},
	{"cl100k",  "cl100k", "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
         "9b5ad71b2ce5302211f9c61530b329a4922fc6a4"},
	{"p50k",    "r50k",   "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069",
         "ec7223a39ce59f226a68acc30dc1af2788490e15"},
	{"r50k",    "r50k",   "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930",
         "0ea1e91bbb3a60f729a8dc8f777fd2fc07cd8df4"},
	{"llama-4", "o200k",  "d0bdbaf59b0762c8c807617e2d8ea51420eb1b1de266df2495be755c8e0ed6ed",
         NULL				      },
	{"llama-3", "cl100k", "82e9d31979e92ab929cd544440f129d9ecd797b69e327f80f17e1c50d5551b55",
         NULL				      },
};

/*
 * With and without the special tokens, of which models of a family have more or fewer.
 *
 * Source  the tokenizer files of the models' repositories
 */
static const struct fm_fit fits[] = {
	{"llama-4",     "o200k",       200000, 202200},
	{"llama-3",     "cl100k",      128000, 128600},
	{"llama-2",     "whole",       32000,  32100 },
	{"qwen3.5",     "qwen3.5",     248000, 249000},
	{"qwen3",       "qwen2",       151643, 152100},
	{"qwen2.5",     "qwen2",       151643, 152100},
	{"deepseek-v3", "deepseek-v3", 127900, 129400},
	{"tekken",      "tekken",      130000, 131200},
	{"gemma-3",     "whole",       262000, 262300},
	{"gemma-2",     "whole",       255900, 256200},
	{"phi-4-mini",  "o200k",       199900, 200200},
	{"phi-4",       "cl100k",      100256, 100400},
};

const struct fm_fit *fm_fit_list(size_t *ret_count)
{
	*ret_count = FM_COUNT(fits);
	return fits;
}

const struct fm_known *fm_known_list(size_t *ret_count)
{
	*ret_count = FM_COUNT(known);
	return known;
}

const struct fm_pin *fm_pin_list(size_t *ret_count)
{
	*ret_count = FM_COUNT(pins);
	return pins;
}
