/*
 * Writes one form of a made-up report to stdout: fixture FORM KIND.
 *
 * The report is the same at every call. FORM: terminal, terminal-256, terminal-ascii, svg, html,
 * csv, json. KIND: plain; hostile, with attacks in every text of others; tame, the same with
 * harmless texts; small, hostile with as few trials as show everything; done, plain and ended;
 * big, with 10,000 trials; long, whose answers are too long for one page; controls, without a map.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/macro.h"
#include "report/report.h"
#include "trial/spec.h"

/* One text of others in its three kinds; the rest of the report does not depend on the kind. */
struct words {
	const char *model, *task, *run, *corpus, *tokenizer, *coverage, *note, *level;
	const char *answer, *error, *expected, *model_said, *stop;
};

static const struct words plain = {
	.model = "openrouter/meta-llama/llama-4-scout",
	.task = "niah",
	.run = "scout-128k",
	.corpus = "prose-en 0.1.0 @ 7f3c9a1e2b4d5f60",
	.tokenizer = "bytes/4",
	.coverage = "no text stands in a prompt twice",
	.note = "paused 31 s: 429, Retry-After",
	.level = "warn",
	.answer = "The access code of the harbour archive is K7Q2M9XD.",
	.error = "maximum context length is 65536 tokens, you requested 131072",
	.expected = "K7Q2M9XD",
	.model_said = "llama-4-scout-17b-16e",
	.stop = "stop",
};

#define ATTACK                                                                                \
	"</script><script>alert(1)</script><!--<img src=x onerror=alert(2)>\"' ]]>&lt;&#x3c;" \
	"\x1b[2J\x1b]52;c;YQ==\x07\xc2\x9b\xe2\x80\xae"                                       \
	"detrever\xe2\x80\xac\xe2\x80\x8b\xe2\x80\xa8"

static const struct words hostile = {
	.model = "=HYPERLINK(\"http://x\")" ATTACK,
	.task = "+task" ATTACK,
	.run = "--run" ATTACK,
	.corpus = "@corpus" ATTACK,
	.tokenizer = "</title>" ATTACK,
	.coverage = "</svg></style>" ATTACK,
	.note = "<script type=application/json id=data>" ATTACK,
	.level = "</ul>" ATTACK,
	.answer = "=1+1\r\n\tsecond \"line\", with a comma " ATTACK "\xf0\x9f\xa7\xad",
	.error = "\t<a href=javascript:alert(3)>x</a>" ATTACK,
	.expected = "-2+3</td></table>" ATTACK,
	.model_said = "${alert(4)} %s%n" ATTACK,
	.stop = "@SUM(1)" ATTACK,
};

static const struct words tame = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m"};

static const struct kind {
	const char *name;
	const struct words *words;
	uint32_t repeats;
	uint32_t controls;
	const char *ended;
	bool is_long;
} kinds[] = {
	{"plain",    &plain,   10,  20, NULL,   false},
        {"hostile",  &hostile, 10,  20, NULL,   false},
	{"tame",     &tame,    10,  20, NULL,   false},
        {"small",    &hostile, 1,   2,  NULL,   false},
	{"done",     &plain,   10,  20, "done", false},
        {"big",      &plain,   320, 20, "done", false},
	{"long",     &plain,   50,  20, "done", true },
        {"controls", &plain,   0,   20, "done", false},
};

/* Numbers that look like chance and are the same everywhere. */
static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* What a reader with a dip in the middle and a window that cuts would do. */
static enum fm_outcome read_outcome(uint64_t length, uint32_t depth_ppm, uint32_t *seed)
{
	const uint32_t roll = next(seed) % 1000;
	const uint32_t from_middle = depth_ppm > 500000 ? depth_ppm - 500000 : 500000 - depth_ppm;
	const uint32_t octaves = (uint32_t)(length / 16000 > 4 ? 4 : length / 16000);
	const uint32_t loss = octaves * (500000 - from_middle) / 2600;

	if (length >= 128000)
		return depth_ppm == 0 ? FM_TRUNCATED_INPUT : FM_REJECTED_LIMIT;
	if (length >= 64000 && roll > 960)
		return FM_CUT_OUTPUT;
	if (roll >= loss + 4)
		return FM_HIT;
	switch (next(seed) % 6) {
	case 0:
		return FM_ABSTAINED;
	case 1:
		return FM_WRONG_VALUE;
	case 2:
		return FM_EMPTY;
	default:
		return FM_MISS;
	}
}

static struct fm_span answer_of(const struct words *words, enum fm_outcome outcome)
{
	if (words != &plain || outcome == FM_HIT)
		return fm_span_of(words->answer);
	if (outcome == FM_ABSTAINED)
		return fm_span_of("The document does not say.");
	if (outcome == FM_MISS)
		return fm_span_of(
			"It speaks of the archive, and of a code that was changed in May.");
	return fm_span_of("The access code of the harbour archive is 4RTW8KPZ.");
}

static struct fm_report_trial *add_trial(struct fm_report *report, const struct words *words,
                                         struct fm_point point)
{
	struct fm_report_trial *trial = &report->trials[report->trial_count];
	static struct fm_span expected[1];
	const uint64_t number = ++report->trial_count;

	expected[0] = fm_span_of(words->expected);
	point.first_answer_ns = (int64_t)point.length * 9000 + (int64_t)(number % 97) * 1000000;
	point.total_ns = point.first_answer_ns + 180000000;
	point.tokens_in = (int64_t)point.length + 12;
	point.cost_usd_micro = point.length * 15 / 100;
	*trial = (struct fm_report_trial){
		.point = point,
		.trial = {0x9e3779b97f4a7c15u * number, 0xbf58476d1ce4e5b9u * number},
		.pair = {number,                       point.length                },
		.attempts = 1,
		.status = 200,
		.expected = expected,
		.expected_count = 1,
		.model_said = words->model_said,
		.stop = words->stop,
		.found = point.outcome == FM_HIT,
		.of = 1,
		.strict = point.outcome == FM_HIT,
		.landed_ppm = point.depth_ppm,
		.at_tokens = point.length * (point.depth_ppm % 1000001) / 1000000,
		.at_bytes = point.length * 4 * (point.depth_ppm % 1000001) / 1000000,
		.usage_in = point.tokens_in,
		.usage_out = 12,
		.usage_cached = -1,
	};
	if (fm_outcome_is_graded(point.outcome) && point.outcome != FM_EMPTY)
		trial->answer = answer_of(words, point.outcome);
	if (point.outcome < FM_EMPTY && point.outcome != FM_CUT_OUTPUT)
		trial->error = fm_span_of(words->error);
	if (point.outcome == FM_REJECTED_LIMIT)
		trial->status = 400;
	if (point.outcome == FM_FAILED)
		trial->reason = FM_REASON_RATE;
	return trial;
}

static void add_sweep(struct fm_report *report, const struct words *words, uint32_t repeats)
{
	uint32_t seed = 7;

	for (uint64_t length = 4000; length <= 128000; length *= 2)
		for (uint32_t depth = 0; depth <= 1000000; depth += 250000)
			for (uint32_t i = 0; i < repeats; i++)
				(void)add_trial(report, words,
				                (struct fm_point){.model = words->model,
				                                  .task = words->task,
				                                  .length = length,
				                                  .depth_ppm = depth,
				                                  .repeat = i,
				                                  .outcome = read_outcome(
									  length, depth, &seed)});
}

/* Every outcome has a cell of its own, and beside it one that mixes it with hits and misses. */
static void add_states(struct fm_report *report, const struct words *words, uint32_t repeats)
{
	for (int outcome = 0; outcome < FM_OUTCOME_COUNT; outcome++) {
		struct fm_point point = {.model = "local/every-state",
		                         .task = "multikey",
		                         .length = UINT64_C(1000) << (outcome % 6 * 2),
		                         .depth_ppm = (uint32_t)(outcome / 6) * 400000};

		for (point.repeat = 0; point.repeat < repeats; point.repeat++) {
			point.outcome = (enum fm_outcome)outcome;
			(void)add_trial(report, words, point);
		}
		point.depth_ppm += 200000;
		for (; point.repeat < 4 * repeats; point.repeat++) {
			point.outcome = point.repeat < 2 * repeats ? (enum fm_outcome)outcome
			                : point.repeat % 4 == 3    ? FM_MISS
			                                           : FM_HIT;
			(void)add_trial(report, words, point);
		}
	}
}

static void add_controls(struct fm_report *report, const struct words *words, uint32_t repeats)
{
	for (uint32_t i = 0; i < 2 * repeats; i++) {
		struct fm_report_trial *trial = add_trial(
			report, words,
			(struct fm_point){.model = words->model,
		                          .task = words->task,
		                          .control = i < repeats ? "no_needle" : "no_haystack",
		                          .length = 32000,
		                          .depth_ppm = FM_DEPTH_NONE,
		                          .repeat = i % repeats,
		                          .outcome = i >= repeats ? FM_HIT
		                                     : i == 1     ? FM_WRONG_VALUE
		                                                  : FM_ABSTAINED});

		trial->landed_ppm = FM_DEPTH_NONE;
		if (i < repeats)
			trial->expected_count = 0;
	}
}

/* 20 kB of a sign of two bytes, behind one of one byte, so that a cut must look where it falls. */
static struct fm_span long_answer(struct fm_arena *arena)
{
	const size_t count = 10000;
	char *text = fm_arena_take(arena, 1 + 2 * count);

	text[0] = 'a';
	for (size_t i = 0; i < count; i++) {
		text[1 + 2 * i] = '\xc3';
		text[2 + 2 * i] = '\xa9';
	}
	return fm_span_make(text, 1 + 2 * count);
}

static void fill(struct fm_report *report, const struct kind *kind, struct fm_arena *arena)
{
	const struct words *words = kind->words;
	static struct fm_report_note notes[2];
	static struct fm_report_model models[2];
	struct fm_point *points;

	models[0] = (struct fm_report_model){.name = words->model, .tokenizer = words->tokenizer};
	models[0].overcount =
		(struct fm_overcount){.trials = 600, .lengths = 6, .frame_tokens = 12};
	models[1] = (struct fm_report_model){
		.name = "local/other", .tokenizer = "o200k", .exact = true};
	models[1].overcount = (struct fm_overcount){
		.trials = 600, .lengths = 6, .frame_tokens = -3, .more_ppb = 167670454};

	*report = (struct fm_report){
		.run = words->run,
		.fathom = "0.1.0",
		.corpus = words->corpus,
		.tokenizer = words->tokenizer,
		.coverage = words->coverage,
		.seed = 7,
		.plan_id = {0x0123456789abcdefu, 0xfedcba9876543210u},
		.started_ms = INT64_C(1795255200000),
		.last_ms = INT64_C(1795258800000),
		.planned = 900,
		.spent_usd_micro = 1262256,
		.exposed_usd_micro = 26500,
		.priced = true,
		.models = models,
		.model_count = FM_COUNT(models),
		.notes = notes,
		.note_count = FM_COUNT(notes)
        };
	report->trials =
		fm_arena_array(arena, 30 * (size_t)kind->repeats + 1000, sizeof *report->trials);
	if (kind->repeats > 0)
		add_sweep(report, words, kind->repeats);
	add_controls(report, words, kind->controls);
	if (kind->repeats > 0)
		add_states(report, words, kind->repeats < 3 ? 1 : 3);
	for (size_t i = 0; kind->is_long && i < report->trial_count; i++)
		report->trials[i].answer = long_answer(arena);
	report->ended = kind->ended;
	report->settled = report->trial_count;
	report->planned = report->trial_count + 100;
	notes[0] = (struct fm_report_note){report->started_ms + 60000, words->level, words->note};
	notes[1] = (struct fm_report_note){report->last_ms, "info", "interrupted"};
	points = fm_arena_array(arena, report->trial_count, sizeof *points);
	for (size_t i = 0; i < report->trial_count; i++)
		points[i] = report->trials[i].point;
	fm_panels_make(points, report->trial_count, arena, &report->panels, &report->panel_count);
}

static bool render(const char *form, const struct fm_report *report, struct fm_buf *buf)
{
	struct fm_terminal terminal = {.color = FM_COLOR_NONE, .width = 80, .utf8 = true};

	if (strcmp(form, "svg") == 0) {
		fm_report_svg(report, buf);
	} else if (strcmp(form, "html") == 0) {
		fm_report_html(report, buf);
	} else if (strcmp(form, "csv") == 0) {
		fm_report_csv(report, buf);
	} else if (strcmp(form, "json") == 0) {
		fm_report_json(report, buf);
	} else if (strncmp(form, "terminal", 8) == 0) {
		terminal.utf8 = strcmp(form, "terminal-ascii") != 0;
		if (strcmp(form, "terminal-256") == 0)
			terminal.color = FM_COLOR_256;
		if (strcmp(form, "terminal-true") == 0)
			terminal.color = FM_COLOR_TRUE;
		if (!terminal.utf8)
			terminal.width = 48;
		fm_report_terminal(report, &terminal, buf);
	} else {
		return false;
	}
	return true;
}

static const struct kind *find_kind(const char *name)
{
	for (size_t i = 0; i < FM_COUNT(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

int main(int argc, char **argv)
{
	const struct kind *kind = argc == 3 ? find_kind(argv[2]) : NULL;
	struct fm_report report;
	struct fm_arena arena = {0};
	struct fm_buf buf;
	int rc = EXIT_FAILURE;

	fm_buf_init(&buf, SIZE_MAX);
	if (kind != NULL) {
		fill(&report, kind, &arena);
		if (render(argv[1], &report, &buf) &&
		    fwrite(buf.ptr, 1, buf.len, stdout) == buf.len && fflush(stdout) == 0)
			rc = EXIT_SUCCESS;
	}
	fm_buf_free(&buf);
	fm_arena_free(&arena);
	return rc;
}
