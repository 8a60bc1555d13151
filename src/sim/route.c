#include "route_internal.h"

#include <string.h>

#include "base/macro.h"

#define CHAT "openai-chat"
#define RESPONSES "openai-responses"

struct row {
	const char *method;
	const char *path; /* how it ends; its one "*" is the model */
	const char *dialect;
	enum fm_call_kind kind;
	int form;
	enum fm_stream stream;
};

/*
 * The first that fits is taken, so the longer of two that end alike goes before. Listings of one
 * path differ by dialect.
 *
 * Source  the vendors' SDKs and OpenAPI files
 */
static const struct row rows[] = {
	{"GET",  "/sim/history",                           CHAT,        FM_CALL_HISTORY, 0,                     0             },

	{"POST", "/openai/deployments/*/chat/completions", CHAT,        FM_CALL_CHAT,    0,                     FM_STREAM_BODY},
	{"POST", "/chat/completions",                      CHAT,        FM_CALL_CHAT,    0,                     FM_STREAM_BODY},
	{"POST", "/chat/completions",                      "llama",     FM_CALL_CHAT,    0,                     FM_STREAM_BODY},
	{"POST", "/responses",                             RESPONSES,   FM_CALL_CHAT,    0,                     FM_STREAM_BODY},
	{"POST", "/messages",			      "anthropic", FM_CALL_CHAT,    0,                     FM_STREAM_BODY},
	{"POST", "/models/*:streamGenerateContent",        "gemini",    FM_CALL_CHAT,    0,                     FM_STREAM_YES },
	{"POST", "/models/*:generateContent",              "gemini",    FM_CALL_CHAT,    0,                     FM_STREAM_NO  },
	{"POST", "/model/*/converse-stream",               "bedrock",   FM_CALL_CHAT,    0,                     FM_STREAM_YES },
	{"POST", "/model/*/converse",                      "bedrock",   FM_CALL_CHAT,    0,                     FM_STREAM_NO  },
	{"POST", "/api/chat",			      "ollama",    FM_CALL_CHAT,    0,                     FM_STREAM_BODY},
	{"POST", "/chat",				  "cohere",    FM_CALL_CHAT,    0,                     FM_STREAM_BODY},

	{"POST", "/responses/input_tokens",                RESPONSES,   FM_CALL_COUNT,   FM_COUNT_RESPONSE,     0             },
	{"POST", "/messages/count_tokens",                 "anthropic", FM_CALL_COUNT,   FM_COUNT_INPUT_TOKENS, 0             },
	{"POST", "/models/*:countTokens",                  "gemini",    FM_CALL_COUNT,   FM_COUNT_GEMINI,       0             },
	{"POST", "/model/*/count-tokens",                  "bedrock",   FM_CALL_COUNT,   FM_COUNT_BEDROCK,      0             },
	{"POST", "/v1/tokenize",                           "cohere",    FM_CALL_COUNT,   FM_COUNT_TOKENIZE,     0             },
	{"POST", "/tokenize-text",                         CHAT,        FM_CALL_COUNT,   FM_COUNT_XAI,          0             },
	{"POST", "/tokenize",			      CHAT,        FM_CALL_COUNT,   FM_COUNT_TOKENIZE,     0             },

	{"GET",  "/models/*/endpoints",                    CHAT,        FM_CALL_MODELS,  FM_LIST_ENDPOINTS,     0             },
	{"GET",  "/v1beta/models",                         "gemini",    FM_CALL_MODELS,  FM_LIST_GEMINI,        0             },
	{"GET",  "/v1beta/models/*",                       "gemini",    FM_CALL_MODELS,  FM_LIST_GEMINI,        0             },
	{"GET",  "/models",				CHAT,        FM_CALL_MODELS,  FM_LIST_OPENAI,        0             },
	{"GET",  "/models",				"anthropic", FM_CALL_MODELS,  FM_LIST_ANTHROPIC,     0             },
	{"GET",  "/models",				"gemini",    FM_CALL_MODELS,  FM_LIST_GEMINI,        0             },
	{"GET",  "/models",				"cohere",    FM_CALL_MODELS,  FM_LIST_COHERE,        0             },
	{"GET",  "/models/*",			      CHAT,        FM_CALL_MODELS,  FM_LIST_OPENAI,        0             },
	{"GET",  "/models/*",			      "anthropic", FM_CALL_MODELS,  FM_LIST_ANTHROPIC,     0             },
	{"GET",  "/models/*",			      "gemini",    FM_CALL_MODELS,  FM_LIST_GEMINI,        0             },
	{"GET",  "/models/*",			      "cohere",    FM_CALL_MODELS,  FM_LIST_COHERE,        0             },
	{"GET",  "/api/tags",			      "ollama",    FM_CALL_MODELS,  FM_LIST_TAGS,          0             },
	{"GET",  "/api/ps",				"ollama",    FM_CALL_MODELS,  FM_LIST_RUNNING,       0             },
	{"POST", "/api/show",			      "ollama",    FM_CALL_MODELS,  FM_LIST_SHOW,          0             },
	{"GET",  "/props",				 CHAT,        FM_CALL_MODELS,  FM_LIST_PROPS,         0             },
	{"GET",  "/info",				  CHAT,        FM_CALL_MODELS,  FM_LIST_INFO,          0             },
	{"GET",  "/get_server_info",                       CHAT,        FM_CALL_MODELS,  FM_LIST_SERVER,        0             },
};

/* Does the path end so? The "*" takes what stands between, which may hold slashes. */
static bool fits(struct fm_span path, const char *pattern, struct fm_span *ret_model)
{
	const struct fm_span whole = fm_span_of(pattern);
	const struct fm_span head = fm_span_first(whole, fm_span_find_byte(whole, '*'));
	const struct fm_span tail = fm_span_skip(whole, head.len + 1);
	struct fm_span model;

	*ret_model = (struct fm_span){0};
	if (head.len == whole.len)
		return fm_span_ends(path, pattern);
	model = fm_span_skip(path, fm_span_find(path, head) + head.len);
	if (model.len <= tail.len || !fm_span_ends(model, tail.ptr))
		return false;
	model.len -= tail.len;
	*ret_model = model;
	return true;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = fm_to_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Clients escape the slash of a name such as org/name; some escape nothing. */
static struct fm_span unescape(struct fm_span text, struct fm_arena *arena)
{
	char *to = fm_arena_take(arena, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++, len++) {
		const int high = i + 2 < text.len ? digit_of(text.ptr[i + 1]) : -1;
		const int low = i + 2 < text.len ? digit_of(text.ptr[i + 2]) : -1;

		to[len] = text.ptr[i];
		if (text.ptr[i] != '%' || high < 0 || low < 0)
			continue;
		to[len] = (char)(high << 4 | low);
		i += 2;
	}
	return fm_span_make(to, len);
}

static struct fm_span first_segment(struct fm_span path)
{
	path = fm_span_skip(path, 1);
	return fm_span_first(path, fm_span_find_byte(path, '/'));
}

static bool is_named(const struct row *row, struct fm_span segment, const char *hint)
{
	return fm_span_is(segment, row->dialect) ||
	       (hint != NULL && strcmp(row->dialect, hint) == 0);
}

bool fm_route_says(struct fm_span path, const char *what)
{
	struct fm_span query = fm_span_skip(path, fm_span_find_byte(path, '?') + 1);
	struct fm_span part;

	while (fm_span_split(&query, '&', &part))
		if (fm_span_is(part, what))
			return true;
	return false;
}

void fm_route_find(struct fm_span method, struct fm_span path, const char *hint,
                   struct fm_arena *arena, struct fm_route *ret_route)
{
	const struct row *found = NULL;
	const struct fm_span whole = path;
	struct fm_span model = {0};
	struct fm_span segment;

	path = fm_span_first(path, fm_span_find_byte(path, '?'));
	segment = first_segment(path);
	for (size_t i = 0; i < FM_COUNT(rows); i++) {
		const struct row *row = &rows[i];
		struct fm_span name;

		if (!fm_span_is(method, row->method) || !fits(path, row->path, &name))
			continue;
		if (found != NULL && strcmp(found->path, row->path) != 0)
			break;
		if (found == NULL || is_named(row, segment, hint)) {
			found = row;
			model = name;
		}
		if (fm_span_is(segment, row->dialect))
			break;
	}
	*ret_route = (struct fm_route){.kind = FM_CALL_UNKNOWN, .dialect = fm_dialect_find(CHAT)};
	if (found == NULL)
		return;
	ret_route->kind = found->kind;
	ret_route->dialect = fm_dialect_find(found->dialect);
	ret_route->form = found->form;
	ret_route->stream = found->stream;
	/* Else it would be one JSON list, piece by piece, which nobody asks for. */
	if (strcmp(found->dialect, "gemini") == 0 && found->stream == FM_STREAM_YES &&
	    !fm_route_says(whole, "alt=sse"))
		ret_route->lacks = "the simulator streams here only when the query says alt=sse";
	ret_route->model = unescape(model, arena);
	if (ret_route->model.len > FM_MODEL_NAME_MAX) {
		ret_route->model = (struct fm_span){0};
		ret_route->lacks = FM_MODEL_NAME_LONG;
	}
}
