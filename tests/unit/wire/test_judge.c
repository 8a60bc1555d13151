#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "wire/dialect.h"

#define DELTA "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n"
#define LAST                                                                                    \
	"data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: " \
	"[DONE]\n\n"

/*
 * Every status at every phase, and what may be done then: 'f' free to be sent again by itself, 'F'
 * failed for good, 'S' that and the run stops, 'D' in doubt: it may have been paid for, 'O' refused,
 * 'X' refused for its length, 'V' the endpoint breaks its protocol, 'A' answered, 'C' cancelled.
 *
 * The four phases: our body half out and nothing came back, half out and something came, out and
 * nothing came, out and something came: an event of a success, words of a refusal.
 */
static struct judge_case {
	const char *name;
	int status;
	enum fm_transport_end end;
	const char *want;
} cases[] = {
	{"no answer, unreachable", 0,   FM_END_UNREACHABLE, "f-D-"},
	{"no answer, lost",        0,   FM_END_LOST,        "f-D-"},
	{"no answer, a deadline",  0,   FM_END_TIMEOUT,     "f-D-"},
	{"no answer, ended",       0,   FM_END_CLEAN,       "f-D-"},
	{"no answer, broken HTTP", 0,   FM_END_VIOLATION,   "V-V-"},
	{"no answer, cancelled",   0,   FM_END_CANCELLED,   "C-D-"},
	{"200, lost",              200, FM_END_LOST,        "fDDD"},
	{"200, a deadline",        200, FM_END_TIMEOUT,     "fDDD"},
	{"200, ended",             200, FM_END_CLEAN,       "fDDD"},
	{"200, broken HTTP",       200, FM_END_VIOLATION,   "VVVV"},
	{"200, cancelled",         200, FM_END_CANCELLED,   "CDDD"},
	{"204",		    204, FM_END_CLEAN,       "fDDD"},
	{"206",		    206, FM_END_CLEAN,       "fDDD"},
	{"300",		    300, FM_END_CLEAN,       "VVVV"},
	{"301",		    301, FM_END_CLEAN,       "VVVV"},
	{"302",		    302, FM_END_CLEAN,       "VVVV"},
	{"303",		    303, FM_END_CLEAN,       "VVVV"},
	{"307",		    307, FM_END_CLEAN,       "VVVV"},
	{"308",		    308, FM_END_CLEAN,       "VVVV"},
	{"400",		    400, FM_END_CLEAN,       "XOXO"}, /* an empty 400 is how some say "too long" */
	{"401",		    401, FM_END_CLEAN,       "SSSS"},
	{"402",		    402, FM_END_CLEAN,       "SSSS"},
	{"403",		    403, FM_END_CLEAN,       "SSSS"},
	{"404",		    404, FM_END_CLEAN,       "OOOO"},
	{"405",		    405, FM_END_CLEAN,       "OOOO"},
	{"406",		    406, FM_END_CLEAN,       "OOOO"},
	{"407",		    407, FM_END_CLEAN,       "OOOO"},
	{"408",		    408, FM_END_CLEAN,       "ffff"},
	{"409",		    409, FM_END_CLEAN,       "ffff"},
	{"410",		    410, FM_END_CLEAN,       "OOOO"},
	{"411",		    411, FM_END_CLEAN,       "OOOO"},
	{"413",		    413, FM_END_CLEAN,       "XFXF"},
	{"414",		    414, FM_END_CLEAN,       "OOOO"},
	{"415",		    415, FM_END_CLEAN,       "OOOO"},
	{"417",		    417, FM_END_CLEAN,       "OOOO"},
	{"422",		    422, FM_END_CLEAN,       "OOOO"},
	{"424",		    424, FM_END_CLEAN,       "OOOO"},
	{"425",		    425, FM_END_CLEAN,       "OOOO"},
	{"429",		    429, FM_END_CLEAN,       "ffff"},
	{"429, lost",              429, FM_END_LOST,        "ffff"},
	{"431",		    431, FM_END_CLEAN,       "OOOO"},
	{"451",		    451, FM_END_CLEAN,       "OOOO"},
	{"498",		    498, FM_END_CLEAN,       "SSSS"},
	{"499",		    499, FM_END_CLEAN,       "OOOO"},
	{"500",		    500, FM_END_CLEAN,       "ffDD"},
	{"500, lost",              500, FM_END_LOST,        "ffDD"},
	{"501",		    501, FM_END_CLEAN,       "ffDD"},
	{"502",		    502, FM_END_CLEAN,       "ffDD"},
	{"503",		    503, FM_END_CLEAN,       "ffff"},
	{"504",		    504, FM_END_CLEAN,       "ffDD"},
	{"507",		    507, FM_END_CLEAN,       "ffDD"},
	{"520",		    520, FM_END_CLEAN,       "ffDD"},
	{"522",		    522, FM_END_CLEAN,       "ffDD"},
	{"524",		    524, FM_END_CLEAN,       "ffDD"},
	{"529",		    529, FM_END_CLEAN,       "ffff"},
	{"530",		    530, FM_END_CLEAN,       "ffDD"},
	{"599",		    599, FM_END_CLEAN,       "ffDD"},
};

static char letter(const struct fm_reply *reply)
{
	if (reply->may_retry)
		return reply->outcome == FM_FAILED ? 'f' : '!';
	switch (reply->outcome) {
	case FM_FAILED:
		return reply->reason == FM_REASON_AUTH ? 'S' : 'F';
	case FM_IN_DOUBT:
		return 'D';
	case FM_REJECTED_OTHER:
		return 'O';
	case FM_REJECTED_LIMIT:
		return 'X';
	case FM_ENDPOINT_VIOLATION:
		return 'V';
	case FM_ANSWERED:
		return 'A';
	case FM_CANCELLED:
		return 'C';
	default:
		return '?';
	}
}

static char judge(int status, enum fm_transport_end end, const char *body, bool whole)
{
	struct fm_reader *reader = fm_reader_open(fm_dialect_find("openai-chat"), true);
	const char *type = status < 300 ? "text/event-stream" : "application/json";
	struct fm_progress progress;
	struct fm_reply reply;
	struct fm_err err;

	if (status > 0) {
		fm_reader_status(reader, status);
		fm_reader_header(reader, fm_span_of("Content-Type"), fm_span_of(type));
	}
	if (body[0] != '\0')
		assert_int_equal(fm_reader_feed(reader, fm_span_of(body), &progress, &err), FM_OK);
	fm_reader_finish(reader, end, whole, 0, &reply);
	const char got = letter(&reply);

	fm_reader_close(reader);
	return got;
}

static void test_judge(void **state)
{
	const struct judge_case *c = *state;
	const char *some = c->status < 300 ? DELTA : "{\"error\":{\"message\":\"no\"}}";
	const bool mute = c->status == 0;
	const char got[] = {judge(c->status, c->end, "", false),
	                    mute ? '-' : judge(c->status, c->end, some, false),
	                    judge(c->status, c->end, "", true),
	                    mute ? '-' : judge(c->status, c->end, some, true), '\0'};

	assert_string_equal(got, c->want);
}

/* Whoever has the last event has the answer, whatever the connection or our own body did then. */
static void test_finished(void **state)
{
	(void)state;
	for (unsigned end = FM_END_CLEAN; end <= FM_END_CANCELLED; end++)
		for (unsigned whole = 0; whole < 2; whole++)
			assert_int_equal(judge(200, (enum fm_transport_end)end, DELTA LAST, whole),
			                 'A');
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 1];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[n++] = (struct CMUnitTest){cases[i].name, test_judge, NULL, NULL, &cases[i]};
	tests[n++] = (struct CMUnitTest){"finished", test_finished, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("wire/judge", tests, NULL, NULL) != 0;
}
