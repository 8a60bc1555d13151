#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "text/json.h"
#include "wire/dialect.h"
#include "wire/fault.h"
#include "wire/preset.h"

#define LIMIT 32768
#define ACTUAL 41237
#define OUTPUT 256
#define WAIT_MS 1500

/* A dialect that a vendor speaks, found by asking who answers in it. */
static const struct fm_dialect *dialect_of(enum fm_vendor vendor)
{
	size_t count = 0;
	const char *const *names = fm_dialect_names(&count);

	for (size_t i = 0; i < count; i++)
		if (fm_vendor_of(vendor, fm_dialect_find(names[i])) == vendor)
			return fm_dialect_find(names[i]);
	fail_msg("%s speaks no dialect", fm_vendor_name(vendor));
	return NULL;
}

/* What the client makes of a vendor's error; to be closed. */
static struct fm_reader *read_fault(enum fm_vendor vendor, const struct fm_fault_said *said,
                                    struct fm_reply *ret_reply)
{
	struct fm_reader *reader = fm_reader_open(dialect_of(vendor), true);
	struct fm_progress progress;
	struct fm_json json = {0};
	struct fm_err err;
	struct fm_buf buf;

	fm_buf_init(&buf, 100000);
	const struct fm_fault_head head = fm_fault_put(&buf, vendor, said);

	assert_int_equal(fm_json_open(fm_buf_span(&buf), &json, &err), FM_OK);
	fm_json_close(&json);
	fm_reader_status(reader, head.status);
	fm_reader_header(reader, fm_span_of("content-type"), fm_span_of(head.type));
	if (head.header != NULL)
		fm_reader_header(reader, fm_span_of(head.header), fm_span_of(head.value));
	assert_int_equal(fm_reader_feed(reader, fm_buf_span(&buf), &progress, &err), FM_OK);
	fm_reader_finish(reader, FM_END_CLEAN, true, 0, ret_reply);
	fm_buf_free(&buf);
	return reader;
}

static struct fault_case {
	const char *name;
	enum fm_fault fault;
	enum fm_outcome outcome;
	enum fm_reason reason;
	bool again; /* it may be sent again by itself */
} faults[] = {
	{"overflow",    FM_FAULT_OVERFLOW,    FM_REJECTED_LIMIT, FM_REASON_NONE,        false},
	{"rate",        FM_FAULT_RATE,        FM_FAILED,         FM_REASON_RATE,        true },
	{"requests",    FM_FAULT_REQUESTS,    FM_FAILED,         FM_REASON_RATE,        true },
	{"wall",        FM_FAULT_MINUTE_WALL, FM_FAILED,         FM_REASON_MINUTE_WALL, false},
	{"quota",       FM_FAULT_QUOTA,       FM_FAILED,         FM_REASON_AUTH,        false},
	{"auth",        FM_FAULT_AUTH,        FM_FAILED,         FM_REASON_AUTH,        false},
	{"body cap",    FM_FAULT_BODY_CAP,    FM_FAILED,         FM_REASON_BODY_CAP,    false},
	{"string cap",  FM_FAULT_STRING_CAP,  FM_FAILED,         FM_REASON_BODY_CAP,    false},
	{"output cap",  FM_FAULT_OUTPUT_CAP,  FM_REJECTED_OTHER, FM_REASON_NONE,        false},
	{"no model",    FM_FAULT_NO_MODEL,    FM_REJECTED_OTHER, FM_REASON_NONE,        false},
	{"bad request", FM_FAULT_BAD_REQUEST, FM_REJECTED_OTHER, FM_REASON_NONE,        false},
	{"server",      FM_FAULT_SERVER,      FM_IN_DOUBT,       FM_REASON_SERVER,      false},
	{"overloaded",  FM_FAULT_OVERLOADED,  FM_FAILED,         FM_REASON_RATE,        true },
};

/* These say of a request that no minute can hold the same as of one that comes too soon. */
static bool hides_wall(enum fm_vendor vendor)
{
	static const enum fm_vendor vendors[] = {
		FM_VENDOR_ANTHROPIC,   FM_VENDOR_GEMINI,   FM_VENDOR_VERTEX,
		FM_VENDOR_VERTEX_MAAS, FM_VENDOR_BEDROCK,  FM_VENDOR_DASHSCOPE,
		FM_VENDOR_XAI,         FM_VENDOR_MISTRAL,  FM_VENDOR_XAI_RESPONSES,
		FM_VENDOR_COHERE,      FM_VENDOR_CEREBRAS,
	};

	for (size_t i = 0; i < FM_COUNT(vendors); i++)
		if (vendors[i] == vendor)
			return true;
	return false;
}

/* In every vendor's words and shape, each fault ends in its own class. */
static void test_class(void **state)
{
	const struct fault_case *c = *state;
	const bool wall = c->fault == FM_FAULT_MINUTE_WALL;
	const struct fm_fault_said said = {
		.fault = c->fault,
		.model = "m-1",
		.text = "no \"messages\"",
		.limit = c->fault == FM_FAULT_RATE ? 2 * ACTUAL : LIMIT,
		.used = LIMIT,
		.actual = ACTUAL,
		.output = OUTPUT,
		.wait_ms = WAIT_MS,
	};

	for (unsigned i = 0; i < FM_VENDOR_COUNT; i++) {
		const enum fm_vendor vendor = (enum fm_vendor)i;
		const bool hidden = wall && hides_wall(vendor);
		struct fm_reply reply;
		struct fm_reader *reader = read_fault(vendor, &said, &reply);

		if (reply.outcome != c->outcome ||
		    reply.reason != (hidden ? FM_REASON_RATE : c->reason) ||
		    reply.may_retry != (hidden || c->again))
			fail_msg("%s: %d %d %d, status %d: %.*s", fm_vendor_name(vendor),
			         (int)reply.outcome, (int)reply.reason, reply.may_retry,
			         reply.status, FM_SPAN_ARGS(reply.error));
		assert_true(reply.error.len > 0);
		fm_reader_close(reader);
	}
}

/* The numbers that a vendor's words for an overflow hold. */
static void test_numbers(void **state)
{
	static const struct {
		enum fm_vendor vendor;
		int64_t limit, actual;
	} others[] = {
		{FM_VENDOR_GROQ,             FM_UNKNOWN, FM_UNKNOWN        },
		{FM_VENDOR_OPENAI_RESPONSES, FM_UNKNOWN, FM_UNKNOWN        },
		{FM_VENDOR_AZURE_RESPONSES,  FM_UNKNOWN, FM_UNKNOWN        },
		{FM_VENDOR_DASHSCOPE,        LIMIT,      FM_UNKNOWN        },
		{FM_VENDOR_VLLM_LAZY,        LIMIT,      LIMIT - OUTPUT + 1},
	};
	const struct fm_fault_said said = {.fault = FM_FAULT_OVERFLOW,
	                                   .model = "m-1",
	                                   .limit = LIMIT,
	                                   .actual = ACTUAL,
	                                   .output = OUTPUT};

	(void)state;
	for (unsigned i = 0; i < FM_VENDOR_COUNT; i++) {
		struct fm_reply reply;
		struct fm_reader *reader = read_fault((enum fm_vendor)i, &said, &reply);
		int64_t limit = LIMIT;
		int64_t actual = ACTUAL;

		for (size_t k = 0; k < FM_COUNT(others); k++)
			if (others[k].vendor == (enum fm_vendor)i) {
				limit = others[k].limit;
				actual = others[k].actual;
			}
		assert_int_equal(reply.limit_said, limit);
		assert_int_equal(reply.actual_said, actual);
		fm_reader_close(reader);
	}
}

/* The waits that stand in a body: the others have theirs in headers. */
static void test_wait(void **state)
{
	static const struct {
		enum fm_vendor vendor;
		int64_t wait_ns;
	} waits[] = {
		{FM_VENDOR_OPENAI,    WAIT_MS * INT64_C(1000000)},
		{FM_VENDOR_GROQ,      WAIT_MS * INT64_C(1000000)},
		{FM_VENDOR_GEMINI,    WAIT_MS * INT64_C(1000000)},
		{FM_VENDOR_AZURE,     INT64_C(2000000000)       },
		{FM_VENDOR_ANTHROPIC, FM_UNKNOWN                },
		{FM_VENDOR_BEDROCK,   FM_UNKNOWN                },
	};
	const struct fm_fault_said said = {.fault = FM_FAULT_RATE,
	                                   .model = "m-1",
	                                   .limit = LIMIT,
	                                   .used = LIMIT,
	                                   .actual = 7,
	                                   .wait_ms = WAIT_MS};

	(void)state;
	for (size_t i = 0; i < FM_COUNT(waits); i++) {
		struct fm_reply reply;
		struct fm_reader *reader = read_fault(waits[i].vendor, &said, &reply);

		assert_int_equal(reply.retry_after_ns, waits[i].wait_ns);
		fm_reader_close(reader);
	}
}

/* A status that a rule asks for stands in the body too, where the vendor says it there. */
static void test_status(void **state)
{
	const struct fm_fault_said said = {.fault = FM_FAULT_SERVER, .status = 504, .model = "m"};
	struct fm_buf buf;

	(void)state;
	fm_buf_init(&buf, 10000);
	assert_int_equal(fm_fault_put(&buf, FM_VENDOR_VLLM, &said).status, 504);
	assert_non_null(strstr(fm_buf_text(&buf), "\"code\":504"));
	fm_buf_free(&buf);
}

static struct speaker {
	const char *name;
	enum fm_vendor vendor; /* FM_VENDOR_COUNT: none is said */
	const char *dialect;
	enum fm_vendor want;
} speakers[] = {
	{"a vendor in its dialect",   FM_VENDOR_GROQ,   "openai-chat",      FM_VENDOR_GROQ            },
	{"nobody is said",            FM_VENDOR_COUNT,  "cohere",           FM_VENDOR_COHERE          },
	{"nobody, of many",           FM_VENDOR_COUNT,  "openai-chat",      FM_VENDOR_OPENAI          },
	{"the house's other server",  FM_VENDOR_OLLAMA, "openai-chat",      FM_VENDOR_OLLAMA_CHAT     },
	{"the house's other dialect", FM_VENDOR_AZURE,  "openai-responses",
         FM_VENDOR_AZURE_RESPONSES								    },
	{"who does not speak it",     FM_VENDOR_GROQ,   "anthropic",        FM_VENDOR_ANTHROPIC       },
	{"the same of responses",     FM_VENDOR_GROQ,   "openai-responses", FM_VENDOR_OPENAI_RESPONSES},
};

static void test_speaker(void **state)
{
	const struct speaker *c = *state;

	assert_int_equal(fm_vendor_of(c->vendor, fm_dialect_find(c->dialect)), c->want);
}

/* Every preset's errors are known, or those of one that answers alike, in its dialect. */
static void test_presets(void **state)
{
	static const struct {
		const char *preset, *vendor;
	} same[] = {
		{"vertex-global", "vertex"   },
		{"dashscope-cn",  "dashscope"},
		{"dashscope-us",  "dashscope"},
		{"local",         "vllm"     },
		{"sim",           "openai"   },
		{"deepinfra",     "vllm"     },
		{"novita",        "vllm"     },
		{"wandb",         "vllm"     },
		{"sambanova",     "openai"   },
		{"cloudflare",    "openai"   },
		{"vercel",        "openai"   },
	};
	size_t count = 0;
	const struct fm_preset *const *presets = fm_preset_list(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct fm_dialect *dialect = fm_dialect_find(presets[i]->dialect);
		const char *name = presets[i]->name;
		enum fm_vendor vendor;

		for (size_t k = 0; k < FM_COUNT(same); k++)
			if (strcmp(name, same[k].preset) == 0)
				name = same[k].vendor;
		if (!fm_vendor_find(fm_span_of(name), &vendor))
			fail_msg("nobody knows the errors of %s", presets[i]->name);
		assert_string_equal(fm_vendor_name(vendor), name);
		assert_int_equal(fm_vendor_of(vendor, dialect), vendor);
	}
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(faults) + FM_COUNT(speakers) + 4];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(faults); i++)
		tests[n++] =
			(struct CMUnitTest){faults[i].name, test_class, NULL, NULL, &faults[i]};
	for (size_t i = 0; i < FM_COUNT(speakers); i++)
		tests[n++] = (struct CMUnitTest){speakers[i].name, test_speaker, NULL, NULL,
		                                 &speakers[i]};
	tests[n++] = (struct CMUnitTest){"numbers", test_numbers, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"wait", test_wait, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"status", test_status, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"presets", test_presets, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("wire/fault", tests, NULL, NULL) != 0;
}
