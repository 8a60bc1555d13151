#include "dialect_support.h"

#include "voice_ability_table.h"
#include "voice_bytes_table.h"
#include "wire/voice.h"

#define OUT_MAX ((size_t)1 << 20)

/* What is kept of a stream: all its bytes, and where each event ends. */
struct taken {
	struct fm_buf bytes;
	enum fm_voice_part parts[128];
	size_t ends[128];
	size_t count;
	unsigned skip; /* a bit for each part that is lost on its way */
};

static void take(void *ctx, enum fm_voice_part part, struct fm_span bytes)
{
	struct taken *t = ctx;

	assert_true(t->count < FM_COUNT(t->ends));
	if ((t->skip >> part & 1) != 0)
		return;
	fm_buf_put(&t->bytes, bytes);
	t->parts[t->count] = part;
	t->ends[t->count++] = t->bytes.len;
}

static bool is_able(const struct ability *ability, enum able what)
{
	return (ability->able & what) != 0;
}

static struct fm_usage make_usage(int64_t in, int64_t cached, int64_t written, int64_t out,
                                  int64_t reasoning)
{
	return (struct fm_usage){in, cached, written, out, reasoning};
}

#define THOUGHT "Let me l\xc3\xb6ok."
#define THOUGHT_CHARS " thought=12"

static struct fm_voice_answer make_answer(void)
{
	return (struct fm_voice_answer){
		.id = "0123456789abcdef",
		.model = "m-1",
		.created_s = 1700000000,
		.usage_asked = true,
		.reasoning = fm_span_of(THOUGHT),
		.text = fm_span_of("It is \"42\",\n\xe2\x82\xac."),
		.stop = FM_STOP_STOP,
		.usage = make_usage(9000, 8000, 500, 120, 100),
		.prompt_ns = 1500000000,
		.out_ns = 20000000,
	};
}

static int64_t count_of(const struct ability *able, enum able what, int64_t count)
{
	const bool omitted = count == 0 && is_able(able, OMITS_ZEROS);

	return is_able(able, what) && !omitted ? count : FM_UNKNOWN;
}

static void put_want(struct fm_buf *out, const struct ability *able,
                     const struct fm_voice_answer *said, const char *stop)
{
	const struct fm_usage *u = &said->usage;

	fm_buf_puts(out, stop);
	put_count(out, u->in);
	put_count(out, count_of(able, CACHED, u->cached));
	put_count(out, count_of(able, WRITTEN, u->written));
	put_count(out, u->out);
	put_count(out, count_of(able, WEIGHS, u->reasoning));
	if (said->reasoning.len > 0 && is_able(able, THINKS))
		fm_buf_puts(out, THOUGHT_CHARS);
	put_text(out, "text",
	         is_able(able, REFUSES) || said->text.len > 0 ? said->text : said->refusal);
	if (is_able(able, REFUSES))
		put_text(out, "refusal", said->refusal);
	put_text(out, "model", fm_span_of(is_able(able, NAMES) ? said->model : ""));
}

/* The reply to these bytes, in pieces of `step`, of which the first is `first` bytes. */
static void read_in(const struct ability *able, bool stream, struct fm_span bytes, size_t first,
                    size_t step, struct fm_buf *out)
{
	const struct fm_dialect *d = fm_dialect_find(able->name);
	struct fm_reader *reader = fm_reader_open(d, stream);
	size_t len = first;
	struct fm_progress progress;
	struct fm_reply reply;
	struct fm_err err;

	fm_reader_status(reader, 200);
	fm_reader_header(reader, fm_span_of("Content-Type"), fm_span_of(fm_voice_type(d, stream)));
	while (bytes.len > 0) {
		assert_int_equal(fm_reader_feed(reader, fm_span_first(bytes, len), &progress, &err),
		                 FM_OK);
		bytes = fm_span_skip(bytes, len);
		len = step;
	}
	fm_reader_finish(reader, FM_END_CLEAN, true, 0, &reply);
	put_reply(out, &reply);
	fm_reader_close(reader);
}

static void assert_read(const struct ability *able, bool stream, struct fm_span bytes, size_t first,
                        size_t step, const char *want)
{
	struct fm_buf got;

	fm_buf_init(&got, OUT_MAX);
	read_in(able, stream, bytes, first, step, &got);
	if (fm_span_starts(fm_span_of(want), "in_doubt/server ")) /* some say more of it */
		assert_true(fm_span_starts(fm_buf_span(&got), want));
	else
		assert_string_equal(fm_buf_text(&got), want);
	fm_buf_free(&got);
}

static void voice(const struct ability *able, const struct fm_voice_answer *said, unsigned skip,
                  struct taken *ret_taken)
{
	*ret_taken = (struct taken){.skip = skip};
	fm_buf_init(&ret_taken->bytes, OUT_MAX);
	fm_voice_stream(fm_dialect_find(able->name), said, take, ret_taken);
}

/* Streamed byte by byte, and whole: the same is read of both. */
static void assert_both(const struct ability *able, const struct fm_voice_answer *said,
                        const char *stop)
{
	struct fm_buf want;
	struct fm_buf whole;
	struct taken taken;

	fm_buf_init(&want, OUT_MAX);
	fm_buf_init(&whole, OUT_MAX);
	put_want(&want, able, said, stop);
	voice(able, said, 0, &taken);
	assert_read(able, true, fm_buf_span(&taken.bytes), 1, 1, fm_buf_text(&want));
	fm_voice_whole(fm_dialect_find(able->name), said, &whole);
	assert_read(able, false, fm_buf_span(&whole), 1, SIZE_MAX, fm_buf_text(&want));
	fm_buf_free(&taken.bytes);
	fm_buf_free(&whole);
	fm_buf_free(&want);
}

static void test_cuts(void **state)
{
	const struct ability *able = *state;
	const struct fm_voice_answer said = make_answer();
	struct fm_buf want;
	struct taken taken;

	fm_buf_init(&want, OUT_MAX);
	put_want(&want, able, &said, able->stops[FM_STOP_STOP]);
	voice(able, &said, 0, &taken);
	for (size_t cut = 1; cut <= taken.bytes.len; cut++)
		assert_read(able, true, fm_buf_span(&taken.bytes), cut, SIZE_MAX,
		            fm_buf_text(&want));
	fm_buf_free(&taken.bytes);
	fm_buf_free(&want);
}

static void test_stops(void **state)
{
	const struct ability *able = *state;

	for (unsigned i = FM_STOP_STOP; i < FM_STOP_COUNT; i++) {
		struct fm_voice_answer said = make_answer();

		said.stop = (enum fm_stop)i;
		assert_both(able, &said, able->stops[i]);
	}
}

static void test_refusal(void **state)
{
	const struct ability *able = *state;
	struct fm_voice_answer said = make_answer();
	struct taken taken;
	struct fm_buf got;

	said.text = (struct fm_span){0};
	said.refusal = fm_span_of("I cannot.");
	assert_both(able, &said,
	            is_able(able, REFUSES) ? "refused refusal" : able->stops[FM_STOP_REFUSAL]);
	fm_buf_init(&got, OUT_MAX);
	voice(able, &said, 1U << FM_PART_DONE, &taken); /* the end of some says it all again */
	read_in(able, true, fm_buf_span(&taken.bytes), 1, 1, &got);
	assert_non_null(strstr(fm_buf_text(&got), "=\"I cannot.\""));
	fm_buf_free(&taken.bytes);
	fm_buf_free(&got);
}

/* An answer may be nothing but its end. */
static void test_empty(void **state)
{
	const struct ability *able = *state;
	struct fm_voice_answer said = make_answer();

	said.text = (struct fm_span){0};
	said.reasoning = (struct fm_span){0};
	said.usage = make_usage(7, 0, 0, 0, 0);
	assert_both(able, &said, able->stops[FM_STOP_STOP]);
}

/* One event says that the stream is whole. Without it, and without the reason, nobody knows. */
static void test_not_done(void **state)
{
	const struct ability *able = *state;
	const struct fm_voice_answer said = make_answer();
	struct fm_buf got;
	struct taken taken;
	unsigned done = 0;

	voice(able, &said, 0, &taken);
	for (size_t i = 0; i < taken.count; i++)
		done += taken.parts[i] == FM_PART_DONE;
	assert_int_equal(done, 1);
	fm_buf_free(&taken.bytes);
	for (unsigned both = 0; both < 2; both++) {
		fm_buf_init(&got, OUT_MAX);
		voice(able, &said, 1U << FM_PART_DONE | (both ? 1U << FM_PART_STOP : 0), &taken);
		read_in(able, true, fm_buf_span(&taken.bytes), 1, 1, &got);
		if (!both && is_able(able, STOPS))
			assert_true(fm_span_starts(fm_buf_span(&got), "answered stop"));
		else
			assert_true(fm_span_starts(fm_buf_span(&got), "in_doubt/incomplete -"));
		fm_buf_free(&taken.bytes);
		fm_buf_free(&got);
	}
}

/* Broken off by an error behind the third piece: in doubt, with what the error said. */
static void test_error(void **state)
{
	const struct ability *able = *state;
	const struct fm_voice_answer said = make_answer();
	const struct fm_dialect *dialect = fm_dialect_find(able->name);
	struct taken taken;
	struct fm_buf got;

	voice(able, &said, 0, &taken);
	taken.bytes.len = taken.ends[3];
	fm_voice_error(dialect, fm_span_of(able->error), 4, &taken.bytes);
	fm_buf_init(&got, OUT_MAX);
	read_in(able, true, fm_buf_span(&taken.bytes), 1, 1, &got);
	assert_true(fm_span_starts(fm_buf_span(&got), "in_doubt/server "));
	assert_true(fm_span_ends(fm_buf_span(&got), "error=\"It broke.\""));
	fm_buf_free(&taken.bytes);
	fm_buf_free(&got);
}

/* A sign of life is one between any two events, and changes nothing. */
static void test_ping(void **state)
{
	const struct ability *able = *state;
	const struct fm_voice_answer said = make_answer();
	const struct fm_dialect *dialect = fm_dialect_find(able->name);
	struct fm_buf want;
	struct taken taken;

	fm_buf_init(&want, OUT_MAX);
	put_want(&want, able, &said, able->stops[FM_STOP_STOP]);
	voice(able, &said, 0, &taken);
	for (size_t i = 0; i + 1 < taken.count; i++) {
		struct fm_buf bytes;

		fm_buf_init(&bytes, OUT_MAX);
		fm_buf_put(&bytes, fm_span_first(fm_buf_span(&taken.bytes), taken.ends[i]));
		fm_voice_ping(dialect, &bytes);
		fm_buf_put(&bytes, fm_span_skip(fm_buf_span(&taken.bytes), taken.ends[i]));
		assert_read(able, true, fm_buf_span(&bytes), 1, 1, fm_buf_text(&want));
		fm_buf_free(&bytes);
	}
	fm_buf_free(&taken.bytes);
	fm_buf_free(&want);
}

/* Whose window's end has a word of its own, who tells usage unasked, who knows no filter. */
static struct host_case {
	enum fm_vendor vendor;
	bool full;
	bool tells;
	bool plain;
} hosts[] = {
	{FM_VENDOR_OPENAI,     false, false, false},
        {FM_VENDOR_AZURE,      false, false, false},
	{FM_VENDOR_OPENROUTER, false, true,  false},
        {FM_VENDOR_DEEPSEEK,   false, false, false},
	{FM_VENDOR_DASHSCOPE,  false, false, false},
        {FM_VENDOR_XAI,        false, false, false},
	{FM_VENDOR_MISTRAL,    true,  true,  true },
        {FM_VENDOR_GROQ,       false, true,  false},
	{FM_VENDOR_TOGETHER,   false, true,  false},
        {FM_VENDOR_FIREWORKS,  false, true,  false},
	{FM_VENDOR_CEREBRAS,   false, true,  false},
        {FM_VENDOR_VLLM,       false, false, false},
	{FM_VENDOR_LMSTUDIO,   false, false, false},
};

/* However a host of the shape tells it, the same is read: streamed asked and unasked, and whole. */
static void test_host(void **state)
{
	const struct host_case *host = *state;
	const struct ability *able = &abilities[0];
	struct fm_voice_answer said = make_answer();
	struct taken taken;
	struct fm_buf got;

	said.vendor = host->vendor;
	assert_both(able, &said, "answered stop");
	said.stop = FM_STOP_CONTEXT_FULL;
	assert_both(able, &said, host->full ? "cut_output context_full" : "cut_output length");
	said.stop = FM_STOP_CONTENT_FILTER;
	assert_both(able, &said, host->plain ? "answered stop" : "refused content_filter");
	said.usage_asked = false;
	fm_buf_init(&got, OUT_MAX);
	voice(able, &said, 0, &taken);
	read_in(able, true, fm_buf_span(&taken.bytes), 1, 1, &got);
	assert_int_equal(fm_span_find(fm_buf_span(&got), fm_span_of(" 9000 8000 500 120 100 ")) <
	                         got.len,
	                 host->tells);
	fm_buf_free(&taken.bytes);
	fm_buf_free(&got);
}

/* Byte for byte, one answer of each dialect. */
static struct bytes_case {
	const char *name;
	const char *const *stream; /* NULL: not looked at */
	const char *whole;
} bytes_cases[] = {
	{"openai-chat",      openai_chat_stream,      openai_chat_whole     },
	{"openai-responses", openai_responses_stream, openai_responses_whole},
	{"anthropic",        anthropic_stream,        anthropic_whole       },
	{"gemini",           gemini_stream,           gemini_whole          },
	{"cohere",           cohere_stream,           cohere_whole          },
	{"ollama",           ollama_stream,           ollama_whole          },
	{"llama",            llama_stream,            llama_whole           },
	{"bedrock",          NULL,                    bedrock_whole         },
};

static void assert_events(const struct taken *taken, const char *const *want)
{
	size_t from = 0;

	for (size_t i = 0; i < taken->count; i++) {
		assert_non_null(want[i]);
		assert_int_equal(taken->ends[i] - from, strlen(want[i]));
		assert_memory_equal(taken->bytes.ptr + from, want[i], taken->ends[i] - from);
		from = taken->ends[i];
	}
	assert_null(want[taken->count]);
}

static void test_bytes(void **state)
{
	struct fm_voice_answer said = make_answer();
	const struct bytes_case *c = *state;
	const struct ability able = {.name = c->name};
	struct taken taken;
	struct fm_buf whole;

	said.id = "1";
	said.reasoning = fm_span_of("hm");
	said.text = fm_span_of("a\n\"b");
	said.usage = make_usage(9000, 8832, FM_UNKNOWN, 12, 3);
	voice(&able, &said, 0, &taken);
	if (c->stream != NULL)
		assert_events(&taken, c->stream);
	fm_buf_init(&whole, OUT_MAX);
	fm_voice_whole(fm_dialect_find(c->name), &said, &whole);
	assert_string_equal(fm_buf_text(&whole), c->whole);
	fm_buf_free(&taken.bytes);
	fm_buf_free(&whole);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*run)(void **state);
	} checks[] = {
		{"cuts",     test_cuts    },
                {"stops",    test_stops   },
                {"refusal",  test_refusal },
		{"empty",    test_empty   },
                {"not done", test_not_done},
                {"error",    test_error   },
		{"ping",     test_ping    },
	};
	struct CMUnitTest tests[FM_COUNT(abilities) * FM_COUNT(checks) + FM_COUNT(bytes_cases) +
	                        FM_COUNT(hosts)];
	char names[FM_COUNT(abilities) * FM_COUNT(checks)][64];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(abilities); i++)
		for (size_t k = 0; k < FM_COUNT(checks); k++) {
			(void)snprintf(names[n], sizeof names[n], "%s: %s", abilities[i].name,
			               checks[k].name); /* they fit */
			tests[n] = (struct CMUnitTest){names[n], checks[k].run, NULL, NULL,
			                               &abilities[i]};
			n++;
		}
	for (size_t i = 0; i < FM_COUNT(bytes_cases); i++)
		tests[n++] = (struct CMUnitTest){bytes_cases[i].name, test_bytes, NULL, NULL,
		                                 &bytes_cases[i]};
	for (size_t i = 0; i < FM_COUNT(hosts); i++)
		tests[n++] = (struct CMUnitTest){fm_vendor_name(hosts[i].vendor), test_host, NULL,
		                                 NULL, &hosts[i]};
	return cmocka_run_group_tests_name("wire/voice", tests, NULL, NULL) != 0;
}
