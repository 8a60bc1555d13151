#include "test.h"

#include "base/macro.h"
#include "wire/answer.h"
#include "wire/dialect.h"

static const char models[] = "{\"object\":\"list\",\"data\":[{\"id\":\"m-1\",\"object\":\"model\","
			     "\"created\":5,\"owned_by\":"
			     "\"us\",\"max_model_len\":4096},{\"id\":\"m-2\",\"object\":\"model\","
			     "\"created\":5,\"owned_by\":"
			     "\"us\"}]}";

static struct fm_reader *read_all(int status, const char *type, struct fm_span bytes,
                                  struct fm_reply *ret_reply)
{
	struct fm_reader *reader = fm_reader_open(fm_dialect_find("openai-chat"), true);
	struct fm_progress progress;
	struct fm_err err;

	fm_reader_status(reader, status);
	fm_reader_header(reader, fm_span_of("content-type"), fm_span_of(type));
	assert_int_equal(fm_reader_feed(reader, bytes, &progress, &err), FM_OK);
	fm_reader_finish(reader, FM_END_CLEAN, true, 0, ret_reply);
	return reader;
}

static void test_models(void **state)
{
	static const struct fm_answer_model rows[] = {
		{"m-1", "us", 5, 4096},
                {"m-2", "us", 5, 0   }
        };
	struct fm_buf buf;

	(void)state;
	fm_buf_init(&buf, 100000);
	fm_answer_put_models(&buf, rows, FM_COUNT(rows));
	assert_string_equal(fm_buf_text(&buf), models);
	fm_buf_clear(&buf);
	fm_answer_put_model(&buf, &rows[1]);
	assert_string_equal(
		fm_buf_text(&buf),
		"{\"id\":\"m-2\",\"object\":\"model\",\"created\":5,\"owned_by\":\"us\"}");
	fm_buf_free(&buf);
}

/* In every vendor's words an overflow is read back as one, with the numbers that the words hold. */
static void test_overflow(void **state)
{
	const struct fm_fault_said said = {.fault = FM_FAULT_OVERFLOW,
	                                   .model = "m-1",
	                                   .limit = 32768,
	                                   .actual = 41237,
	                                   .output = 256};

	(void)state;
	for (unsigned i = 0; i < FM_VENDOR_COUNT; i++) {
		const enum fm_vendor vendor = (enum fm_vendor)i;
		struct fm_buf buf;
		struct fm_reply reply;
		enum fm_vendor found;

		fm_buf_init(&buf, 100000);
		const int status = fm_answer_put_error(&buf, vendor, &said);
		struct fm_reader *reader =
			read_all(status, "application/json", fm_buf_span(&buf), &reply);

		assert_int_equal(reply.outcome, FM_REJECTED_LIMIT);
		assert_true(reply.limit_said == 32768 || vendor == FM_VENDOR_GROQ);
		assert_true(reply.actual_said == 41237 || vendor == FM_VENDOR_GROQ ||
		            vendor == FM_VENDOR_DASHSCOPE);
		assert_true(fm_vendor_find(fm_span_of(fm_vendor_name(vendor)), &found));
		assert_int_equal(found, vendor);
		fm_reader_close(reader);
		fm_buf_free(&buf);
	}
}

static struct fault_case {
	const char *name;
	enum fm_fault fault;
	uint64_t limit, actual, output;
	int64_t wait_ms; /* -1: none is said */
	int status;
	enum fm_outcome outcome;
	enum fm_reason reason;
} faults[] = {
	{"rate",        FM_FAULT_RATE,        30000, 100,   0,    1500, 429, FM_FAILED,         FM_REASON_RATE       },
	{"wall",        FM_FAULT_MINUTE_WALL, 30000, 30601, 0,    -1,   429, FM_FAILED,         FM_REASON_MINUTE_WALL},
	{"quota",       FM_FAULT_QUOTA,       0,     0,     0,    -1,   429, FM_FAILED,         FM_REASON_AUTH       },
	{"auth",        FM_FAULT_AUTH,        0,     0,     0,    -1,   401, FM_FAILED,         FM_REASON_AUTH       },
	{"body cap",    FM_FAULT_BODY_CAP,    5,     6,     0,    -1,   413, FM_FAILED,         FM_REASON_BODY_CAP   },
	{"output cap",  FM_FAULT_OUTPUT_CAP,  4096,  0,     9999, -1,   400, FM_REJECTED_OTHER,
         FM_REASON_NONE											      },
	{"no model",    FM_FAULT_NO_MODEL,    0,     0,     0,    -1,   404, FM_REJECTED_OTHER, FM_REASON_NONE       },
	{"bad request", FM_FAULT_BAD_REQUEST, 0,     0,     0,    -1,   400, FM_REJECTED_OTHER, FM_REASON_NONE       },
	{"server",      FM_FAULT_SERVER,      0,     0,     0,    -1,   500, FM_IN_DOUBT,       FM_REASON_SERVER     },
	{"overloaded",  FM_FAULT_OVERLOADED,  0,     0,     0,    -1,   503, FM_FAILED,         FM_REASON_RATE       },
};

static void test_fault(void **state)
{
	const struct fault_case *c = *state;
	const struct fm_fault_said said = {
		.fault = c->fault,
		.model = "m",
		.text = "no \"messages\"",
		.limit = c->limit,
		.actual = c->actual,
		.output = c->output,
		.wait_ms = c->wait_ms,
	};

	for (unsigned i = 0; i < FM_VENDOR_COUNT; i++) {
		struct fm_buf buf;
		struct fm_reply reply;

		fm_buf_init(&buf, 100000);
		const int status = fm_answer_put_error(&buf, (enum fm_vendor)i, &said);
		struct fm_reader *reader =
			read_all(status, "application/json", fm_buf_span(&buf), &reply);

		assert_int_equal(status, c->status);
		assert_int_equal(reply.outcome, c->outcome);
		assert_int_equal(reply.reason, c->reason);
		assert_int_equal(reply.retry_after_ns, c->wait_ms < 0 ? -1 : c->wait_ms * 1000000);
		assert_true(reply.error.len > 0);
		fm_reader_close(reader);
		fm_buf_free(&buf);
	}
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(faults) + 2];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(faults); i++)
		tests[n++] =
			(struct CMUnitTest){faults[i].name, test_fault, NULL, NULL, &faults[i]};
	tests[n++] = (struct CMUnitTest){"models", test_models, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"overflow", test_overflow, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("wire/answer", tests, NULL, NULL) != 0;
}
