#include "preset_internal.h"

#include "base/macro.h"

#define CHAT "openai-chat"
#define RESPONSES "openai-responses"
#define GEMINI "gemini"
#define SHORT "max_tokens"
#define LONG "max_completion_tokens"
#define BEARER "Authorization: Bearer "
#define GOOGLE                                                                   \
	"https://{GOOGLE_CLOUD_LOCATION}-aiplatform.googleapis.com/v1/projects/" \
	"{GOOGLE_CLOUD_PROJECT}/locations/{GOOGLE_CLOUD_LOCATION}"
#define GOOGLE_GLOBAL \
	"https://aiplatform.googleapis.com/v1/projects/{GOOGLE_CLOUD_PROJECT}/locations/global"
#define GOOGLE_KEYS "CLOUDSDK_AUTH_ACCESS_TOKEN GOOGLE_OAUTH_ACCESS_TOKEN"
#define GOOGLE_KEY_NOTE "the key is an OAuth token: gcloud auth print-access-token"

/*
 * One row a provider. What a person's file says (base_url, dialect, key, max_tokens_name,
 * string_cap, body_cap) goes before it; under a name that is no preset's, none of it holds.
 *
 * Source  the providers' own documentation, SDKs and OpenAPI files of 2026; caps also from what
 *         their servers were seen to answer
 */
static const struct fm_preset openai = {
	.name = "openai",
	.title = "OpenAI Chat Completions",
	.base_url = "https://api.openai.com/v1",
	.dialect = CHAT,
	.keys = "OPENAI_API_KEY",
	.max_tokens_name = LONG,
	.string_chars_max = 10485760,
	.note = "a prompt longer than a minute's tokens is refused for good",
};

static const struct fm_preset openai_responses = {
	.name = "openai-responses",
	.title = "OpenAI Responses",
	.base_url = "https://api.openai.com/v1",
	.dialect = RESPONSES,
	.keys = "OPENAI_API_KEY",
	.max_tokens_name = LONG,
	.string_chars_max = 10485760,
	.catalogue = "openai",
	.note = "store: false and truncation: disabled are always sent",
};

static const struct fm_preset azure = {
	.name = "azure",
	.title = "Azure OpenAI, v1 API",
	.base_url = "{AZURE_OPENAI_ENDPOINT}/openai/v1",
	.dialect = CHAT,
	.keys = "AZURE_OPENAI_API_KEY",
	.key_header = "api-key: ",
	.max_tokens_name = LONG,
	.string_chars_max = 10485760,
	.note = "the model is the deployment's name",
};

static const struct fm_preset azure_responses = {
	.name = "azure-responses",
	.title = "Azure OpenAI, Responses",
	.base_url = "{AZURE_OPENAI_ENDPOINT}/openai/v1",
	.dialect = RESPONSES,
	.keys = "AZURE_OPENAI_API_KEY",
	.key_header = "api-key: ",
	.max_tokens_name = LONG,
	.string_chars_max = 10485760,
	.catalogue = "azure",
	.note = "the model is the deployment's name",
};

static const struct fm_preset anthropic = {
	.name = "anthropic",
	.title = "Anthropic Messages",
	.base_url = "https://api.anthropic.com/v1",
	.dialect = "anthropic",
	.keys = "ANTHROPIC_API_KEY",
	.max_tokens_name = SHORT,
	.window_at = "GET /models data[].max_input_tokens",
	.body_bytes_max = 32 << 20,
	.usage = "in is input_tokens and both kinds of cached ones",
};

static const struct fm_preset gemini = {
	.name = "gemini",
	.title = "Google Gemini API",
	.base_url = "https://generativelanguage.googleapis.com/v1beta",
	.dialect = GEMINI,
	.keys = "GEMINI_API_KEY GOOGLE_API_KEY",
	.max_tokens_name = SHORT,
	.window_at = "GET /models models[].inputTokenLimit",
	.body_bytes_max = 100 << 20,
	.usage = "out is candidatesTokenCount and thoughtsTokenCount",
};

static const struct fm_preset vertex = {
	.name = "vertex",
	.title = "Google Vertex AI, Gemini",
	.base_url = GOOGLE "/publishers/google",
	.dialect = GEMINI,
	.keys = GOOGLE_KEYS,
	.key_header = BEARER,
	.max_tokens_name = SHORT,
	.body_bytes_max = 20 << 20,
	.usage = "out is candidatesTokenCount and thoughtsTokenCount",
	.note = GOOGLE_KEY_NOTE,
};

static const struct fm_preset vertex_global = {
	.name = "vertex-global",
	.title = "Google Vertex AI, Gemini, anywhere",
	.base_url = GOOGLE_GLOBAL "/publishers/google",
	.dialect = GEMINI,
	.keys = GOOGLE_KEYS,
	.key_header = BEARER,
	.max_tokens_name = SHORT,
	.body_bytes_max = 20 << 20,
	.catalogue = "vertex",
	.usage = "out is candidatesTokenCount and thoughtsTokenCount",
	.note = GOOGLE_KEY_NOTE,
};

static const struct fm_preset vertex_maas = {
	.name = "vertex-maas",
	.title = "Google Vertex AI, models of others",
	.base_url = GOOGLE "/endpoints/openapi",
	.dialect = CHAT,
	.keys = GOOGLE_KEYS,
	.max_tokens_name = SHORT,
	.body_bytes_max = 20 << 20,
	.note = GOOGLE_KEY_NOTE,
};

static const struct fm_preset bedrock = {
	.name = "bedrock",
	.title = "Amazon Bedrock, ConverseStream",
	.base_url = "https://bedrock-runtime.{AWS_REGION}.amazonaws.com",
	.dialect = "bedrock",
	.keys = "AWS_BEARER_TOKEN_BEDROCK "
		"AWS_ACCESS_KEY_ID+AWS_SECRET_ACCESS_KEY+AWS_SESSION_TOKEN?",
	.max_tokens_name = SHORT,
	.body_bytes_max = 25000000,
	.usage = "in is inputTokens and both kinds of cached ones",
};

static const struct fm_preset bedrock_chat = {
	.name = "bedrock-chat",
	.title = "Amazon Bedrock, Chat Completions",
	.base_url = "https://bedrock-runtime.{AWS_REGION}.amazonaws.com/v1",
	.dialect = CHAT,
	.keys = "AWS_BEARER_TOKEN_BEDROCK",
	.max_tokens_name = SHORT,
	.body_bytes_max = 25000000,
	.catalogue = "bedrock",
	.note = "not every model of Bedrock is served by this route",
};

static const struct fm_preset openrouter = {
	.name = "openrouter",
	.title = "OpenRouter",
	.base_url = "https://openrouter.ai/api/v1",
	.dialect = CHAT,
	.keys = "OPENROUTER_API_KEY",
	.header = "X-OpenRouter-Metadata: enabled",
	.max_tokens_name = SHORT,
	.always = "{\"plugins\":[{\"id\":\"context-compression\",\"enabled\":false}]}",
	.route = "{\"provider\":{\"only\":[{}],\"allow_fallbacks\":false,"
		 "\"require_parameters\":true}}",
	.window_at = "GET /models data[].top_provider.context_length",
	.note = "without a route each request may go to another host with another window",
};

static const struct fm_preset deepseek = {
	.name = "deepseek",
	.title = "DeepSeek",
	.base_url = "https://api.deepseek.com",
	.dialect = CHAT,
	.keys = "DEEPSEEK_API_KEY",
	.max_tokens_name = SHORT,
	.usage = "cached: prompt_cache_hit_tokens",
	.note = "a request that has not begun after 10 minutes is closed",
};

static const struct fm_preset dashscope = {
	.name = "dashscope",
	.title = "Qwen on DashScope, international",
	.base_url = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
	.dialect = CHAT,
	.keys = "DASHSCOPE_API_KEY",
	.max_tokens_name = SHORT,
	.string_unit = FM_CHAR_UTF16,
	.string_chars_max = 20000000,
	.note = "prices step up with the prompt's length",
};

static const struct fm_preset dashscope_cn = {
	.name = "dashscope-cn",
	.title = "Qwen on DashScope, China",
	.base_url = "https://dashscope.aliyuncs.com/compatible-mode/v1",
	.dialect = CHAT,
	.keys = "DASHSCOPE_API_KEY",
	.max_tokens_name = SHORT,
	.string_unit = FM_CHAR_UTF16,
	.string_chars_max = 20000000,
};

static const struct fm_preset dashscope_us = {
	.name = "dashscope-us",
	.title = "Qwen on DashScope, US",
	.base_url = "https://dashscope-us.aliyuncs.com/compatible-mode/v1",
	.dialect = CHAT,
	.keys = "DASHSCOPE_API_KEY",
	.max_tokens_name = SHORT,
	.string_unit = FM_CHAR_UTF16,
	.string_chars_max = 20000000,
};

static const struct fm_preset xai = {
	.name = "xai",
	.title = "xAI",
	.base_url = "https://api.x.ai/v1",
	.dialect = CHAT,
	.keys = "XAI_API_KEY",
	.max_tokens_name = LONG,
	.usage = "reasoning beside completion_tokens, as the total tells: added to out",
	.note = "from 200k prompt tokens on all of them cost more",
};

static const struct fm_preset xai_responses = {
	.name = "xai-responses",
	.title = "xAI Responses",
	.base_url = "https://api.x.ai/v1",
	.dialect = RESPONSES,
	.keys = "XAI_API_KEY",
	.max_tokens_name = LONG,
	.catalogue = "xai",
	.note = "from 200k prompt tokens on all of them cost more",
};

static const struct fm_preset mistral = {
	.name = "mistral",
	.title = "Mistral",
	.base_url = "https://api.mistral.ai/v1",
	.dialect = CHAT,
	.keys = "MISTRAL_API_KEY",
	.max_tokens_name = SHORT,
	.window_at = "GET /models data[].max_context_length",
	.usage_unasked = true,
	.usage = "cached: num_cached_tokens",
	.note = "takes no stream_options: a stream tells its usage unasked",
};

static const struct fm_preset cohere = {
	.name = "cohere",
	.title = "Cohere v2",
	.base_url = "https://api.cohere.com/v2",
	.dialect = "cohere",
	.keys = "CO_API_KEY COHERE_API_KEY",
	.max_tokens_name = SHORT,
	.window_at = "GET /v1/models models[].context_length",
	.usage = "tokens, not billed_units, which are fewer",
};

static const struct fm_preset llama = {
	.name = "llama",
	.title = "Meta Llama API",
	.base_url = "https://api.llama.com/v1",
	.dialect = "llama",
	.keys = "LLAMA_API_KEY",
	.max_tokens_name = LONG,
	.usage = "a list of metrics at the end of the stream",
};

static const struct fm_preset groq = {
	.name = "groq",
	.title = "Groq",
	.base_url = "https://api.groq.com/openai/v1",
	.dialect = CHAT,
	.keys = "GROQ_API_KEY",
	.max_tokens_name = LONG,
	.window_at = "GET /models data[].context_window",
	.usage = "also under x_groq.usage",
	.note = "requests are limited by the day, tokens by the minute",
};

static const struct fm_preset together = {
	.name = "together",
	.title = "Together",
	.base_url = "https://api.together.ai/v1",
	.dialect = CHAT,
	.keys = "TOGETHER_API_KEY",
	.max_tokens_name = SHORT,
	.always = "{\"context_length_exceeded_behavior\":\"error\"}",
	.window_at = "GET /models [].context_length",
	.usage = "cached: prompt_tokens_details.cached_tokens or cached_tokens",
};

static const struct fm_preset fireworks = {
	.name = "fireworks",
	.title = "Fireworks",
	.base_url = "https://api.fireworks.ai/inference/v1",
	.dialect = CHAT,
	.keys = "FIREWORKS_API_KEY",
	.max_tokens_name = SHORT,
	.always = "{\"context_length_exceeded_behavior\":\"error\"}",
	.window_at = "GET /models data[].context_length",
	.note = "starts at 900k uncached prompt tokens a minute: longer prompts are refused",
};

static const struct fm_preset cerebras = {
	.name = "cerebras",
	.title = "Cerebras",
	.base_url = "https://api.cerebras.ai/v1",
	.dialect = CHAT,
	.keys = "CEREBRAS_API_KEY",
	.max_tokens_name = LONG,
	.note = "windows depend on the plan; max_completion_tokens counts at once",
};

static const struct fm_preset huggingface = {
	.name = "huggingface",
	.title = "Hugging Face router",
	.base_url = "https://router.huggingface.co/v1",
	.dialect = CHAT,
	.keys = "HF_TOKEN",
	.max_tokens_name = SHORT,
	.window_at = "GET /models data[].providers[].context_length",
	.note = "the host stands behind the model: ORG/NAME:groq",
};

static const struct fm_preset deepinfra = {
	.name = "deepinfra",
	.title = "DeepInfra",
	.base_url = "https://api.deepinfra.com/v1/openai",
	.dialect = CHAT,
	.keys = "DEEPINFRA_API_KEY DEEPINFRA_API_TOKEN",
	.max_tokens_name = SHORT,
};

static const struct fm_preset novita = {
	.name = "novita",
	.title = "Novita",
	.base_url = "https://api.novita.ai/v3/openai",
	.dialect = CHAT,
	.keys = "NOVITA_API_KEY",
	.max_tokens_name = SHORT,
};

static const struct fm_preset sambanova = {
	.name = "sambanova",
	.title = "SambaNova",
	.base_url = "https://api.sambanova.ai/v1",
	.dialect = CHAT,
	.keys = "SAMBANOVA_API_KEY",
	.max_tokens_name = SHORT,
};

static const struct fm_preset wandb = {
	.name = "wandb",
	.title = "Weights & Biases Inference",
	.base_url = "https://api.inference.wandb.ai/v1",
	.dialect = CHAT,
	.keys = "WANDB_API_KEY",
	.max_tokens_name = SHORT,
};

static const struct fm_preset cloudflare = {
	.name = "cloudflare",
	.title = "Cloudflare Workers AI",
	.base_url = "https://api.cloudflare.com/client/v4/accounts/"
		    "{CLOUDFLARE_ACCOUNT_ID}/ai/v1",
	.dialect = CHAT,
	.keys = "CLOUDFLARE_API_TOKEN",
	.max_tokens_name = SHORT,
};

static const struct fm_preset vercel = {
	.name = "vercel",
	.title = "Vercel AI Gateway",
	.base_url = "https://ai-gateway.vercel.sh/v1",
	.dialect = CHAT,
	.keys = "AI_GATEWAY_API_KEY",
	.max_tokens_name = SHORT,
	.note = "a gateway: which host answers is its choice",
};

static const struct fm_preset ollama = {
	.name = "ollama",
	.title = "Ollama",
	.base_url = "{OLLAMA_HOST=http://127.0.0.1:11434}",
	.dialect = "ollama",
	.keys = "",
	.max_tokens_name = SHORT,
	.window_at = "GET /api/ps models[].context_length",
	.note = "window: N of a model in a plan is sent as num_ctx; truncate and shift are always "
		"off",
};

static const struct fm_preset llamacpp = {
	.name = "llamacpp",
	.title = "llama.cpp server",
	.base_url = "http://127.0.0.1:8080/v1",
	.dialect = CHAT,
	.keys = "",
	.max_tokens_name = SHORT,
	.window_at = "GET /props default_generation_settings.n_ctx",
	.note = "its -c is shared by all --parallel slots",
};

static const struct fm_preset vllm = {
	.name = "vllm",
	.title = "vLLM",
	.base_url = "http://127.0.0.1:8000/v1",
	.dialect = CHAT,
	.keys = "",
	.max_tokens_name = SHORT,
	.window_at = "GET /models data[].max_model_len",
	.usage = "cached only with --enable-prompt-tokens-details",
};

static const struct fm_preset sglang = {
	.name = "sglang",
	.title = "SGLang",
	.base_url = "http://127.0.0.1:30000/v1",
	.dialect = CHAT,
	.keys = "",
	.max_tokens_name = SHORT,
	.window_at = "GET /get_server_info max_req_input_len",
	.note = "silent until the first token; --allow-auto-truncate cuts",
};

static const struct fm_preset lmstudio = {
	.name = "lmstudio",
	.title = "LM Studio",
	.base_url = "http://127.0.0.1:1234/v1",
	.dialect = CHAT,
	.keys = "",
	.max_tokens_name = SHORT,
	.window_at = "GET /api/v0/models data[].loaded_context_length",
	.note = "its overflow policy, set in the app, may cut the middle",
};

static const struct fm_preset tgi = {
	.name = "tgi",
	.title = "Text Generation Inference",
	.base_url = "http://127.0.0.1:3000/v1",
	.dialect = CHAT,
	.keys = "",
	.max_tokens_name = SHORT,
	.window_at = "GET /info max_input_tokens",
	.body_bytes_max = 2000000,
	.note = "its cap of bytes is --payload-limit",
};

static const struct fm_preset local = {
	.name = "local",
	.title = "any server of OpenAI's format",
	.base_url = "http://127.0.0.1:8000/v1",
	.dialect = CHAT,
	.keys = "",
	.max_tokens_name = SHORT,
};

static const struct fm_preset sim = {
	.name = "sim",
	.title = "fathom's own simulator",
	.base_url = "http://127.0.0.1:8808/v1",
	.dialect = CHAT,
	.keys = "",
	.max_tokens_name = SHORT,
	.exact = true,
};

const struct fm_preset *const fm_preset_rows[] = {
	&openai,       &openai_responses,
	&azure,        &azure_responses,
	&anthropic,    &gemini,
	&vertex,       &vertex_global,
	&vertex_maas,  &bedrock,
	&bedrock_chat, &openrouter,
	&deepseek,     &dashscope,
	&dashscope_cn, &dashscope_us,
	&xai,          &xai_responses,
	&mistral,      &cohere,
	&llama,        &groq,
	&together,     &fireworks,
	&cerebras,     &huggingface,
	&deepinfra,    &novita,
	&sambanova,    &wandb,
	&cloudflare,   &vercel,
	&ollama,       &llamacpp,
	&vllm,         &sglang,
	&lmstudio,     &tgi,
	&local,        &sim,
};

const size_t fm_preset_row_count = FM_COUNT(fm_preset_rows);
