#include "asked_form_internal.h"

#define TEXT FM_SHAPE_TEXT
#define PARTS FM_SHAPE_PARTS
#define OBJECT FM_SHAPE_OBJECT
#define GEMINI_MAX "generationConfig.maxOutputTokens generation_config.max_output_tokens"

/*
 * One row a dialect.
 *
 * Source  the vendors' SDK types and OpenAPI files of 2026; Ollama's own API types
 */
const struct fm_asked_form fm_asked_forms[] = {
	{
         .dialect = "openai-chat",
         .list = "messages",
         .list_shapes = PARTS,
         .content = "content",
         .content_shapes = TEXT | PARTS,
         .types = "text",
         .roles = "system developer user assistant tool function",
         .max_tokens = "max_completion_tokens max_tokens",
	 },
	{
         .dialect = "openai-responses",
         .list = "input",
         .list_shapes = TEXT | PARTS,
         .content = "content",
         .content_shapes = TEXT | PARTS,
         .system = "instructions",
         .system_shapes = TEXT,
         .types = "input_text output_text",
         .roles = "system developer user assistant",
         .max_tokens = "max_output_tokens",
         .truncate = "truncation",
         .kept = "previous_response_id conversation prompt",
	 },
	{
         .dialect = "anthropic",
         .list = "messages",
         .list_shapes = PARTS,
         .content = "content",
         .content_shapes = TEXT | PARTS,
         .system = "system",
         .system_shapes = TEXT | PARTS,
         .types = "text",
         .roles = "user assistant",
         .max_tokens = "max_tokens",
         .max_is_needed = true,
	 },
	{
         .dialect = "gemini",
         .list = "contents",
         .list_shapes = PARTS,
         .content = "parts",
         .content_shapes = PARTS,
         .system = "systemInstruction system_instruction",
         .system_shapes = OBJECT,
         .roles = "user model",
         .role = "user",
         .max_tokens = GEMINI_MAX,
         .kept = "cachedContent cached_content",
         .wrap = "generateContentRequest",
	 },
	{
         .dialect = "bedrock",
         .list = "messages",
         .list_shapes = PARTS,
         .content = "content",
         .content_shapes = PARTS,
         .system = "system",
         .system_shapes = PARTS,
         .passed = "cachePoint",
         .roles = "user assistant",
         .max_tokens = "inferenceConfig.maxTokens",
         .wrap = "input.converse",
	 },
	{
         .dialect = "cohere",
         .list = "messages",
         .list_shapes = PARTS,
         .content = "content",
         .content_shapes = TEXT | PARTS,
         .types = "text",
         .roles = "system user assistant tool",
         .max_tokens = "max_tokens",
	 },
	{
         .dialect = "ollama",
         .list = "messages",
         .list_shapes = PARTS,
         .content = "content",
         .content_shapes = TEXT,
         .roles = "system user assistant tool",
         .max_tokens = "options.num_predict",
         .max_is_signed = true,
         .streams = true,
         .window = "options.num_ctx",
         .truncate = "truncate",
         .truncates = true,
	 },
	{
         .dialect = "llama",
         .list = "messages",
         .list_shapes = PARTS,
         .content = "content",
         .content_shapes = TEXT | PARTS,
         .types = "text",
         .roles = "system user assistant tool",
         .max_tokens = "max_completion_tokens",
	 },
};
const size_t fm_asked_form_count = sizeof fm_asked_forms / sizeof fm_asked_forms[0];
