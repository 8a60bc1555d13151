#include "wire/overflow.h"

#include <regex.h>
#include <string.h>
#include <threads.h>

#include "base/err.h"
#include "base/macro.h"
#include "overflow_internal.h"
#include "trial/reply.h"
#include "wait_internal.h"

/* A server may echo the whole prompt behind its words; they stand at the front. */
#define TEXT_MAX ((size_t)8 << 10)
#define GROUPS_MAX 8
#define ROWS_MAX 80

/* Azure asks for a day when it means "never": nobody waits longer than this for a minute's rate. */
#define WAIT_WALL_NS (INT64_C(600) * 1000000000)

static regex_t rows[ROWS_MAX];
static regex_t wait_row;
static once_flag compiled = ONCE_FLAG_INIT;

static const char wait_pattern[] = "(try again in|retry after|retry in|retrydelay\"?:) ?\"?"
				   "([0-9][0-9a-z.]*)( (milliseconds?|seconds?|minutes?|hours?))?";

static void compile_rows(void)
{
	int rc = regcomp(&wait_row, wait_pattern, REG_EXTENDED | REG_ICASE);

	if (fm_overflow_row_count > ROWS_MAX)
		fm_die("the table of error patterns has outgrown its room");
	for (size_t i = 0; i < fm_overflow_row_count && rc == 0; i++)
		rc = regcomp(&rows[i], fm_overflow_rows[i].pattern, REG_EXTENDED | REG_ICASE);
	if (rc != 0)
		fm_die("a pattern of the table of errors does not compile");
}

/* The number in a group, commas left out; FM_UNKNOWN when the group took no part. */
static int64_t number_in(const char *text, const regmatch_t *groups, unsigned group)
{
	int64_t number = 0;

	if (group == 0 || groups[group].rm_so < 0)
		return FM_UNKNOWN;
	for (regoff_t i = groups[group].rm_so; i < groups[group].rm_eo; i++) {
		if (!fm_is_digit(text[i]))
			continue;
		if (number > INT64_MAX / 100)
			return FM_UNKNOWN;
		number = number * 10 + (text[i] - '0');
	}
	return number;
}

/* "in 6m0s" holds its units; "after 60 seconds" has them behind as a word. */
static int64_t wait_in(const char *text)
{
	regmatch_t groups[GROUPS_MAX];
	int64_t ns;

	if (regexec(&wait_row, text, GROUPS_MAX, groups, 0) != 0)
		return FM_UNKNOWN;
	struct fm_span number =
		fm_span_make(text + groups[2].rm_so, (size_t)(groups[2].rm_eo - groups[2].rm_so));

	while (fm_span_ends(number, "."))
		number.len--;
	if (!fm_wait_parse(number, 0, false, &ns))
		return FM_UNKNOWN;
	if (groups[4].rm_so < 0)
		return ns;
	switch (fm_to_lower(text[groups[4].rm_so + 2])) {
	case 'l': /* milliseconds */
		return ns / 1000;
	case 'n': /* minutes */
		return ns < FM_WAIT_MAX_NS / 60 ? ns * 60 : FM_WAIT_MAX_NS;
	case 'u': /* hours */
		return ns < FM_WAIT_MAX_NS / 3600 ? ns * 3600 : FM_WAIT_MAX_NS;
	default:
		return ns;
	}
}

static void fill_numbers(struct fm_error_said *said, const struct fm_overflow_row *row,
                         const char *text, const regmatch_t *groups)
{
	said->limit = number_in(text, groups, row->groups.limit);
	said->actual = number_in(text, groups, row->groups.actual);
	said->output = number_in(text, groups, row->groups.output);
}

/* The same words tell a wait for a minute to pass and a request that no minute can hold. */
static enum fm_error_class judge_rate(const struct fm_error_said *said)
{
	if (said->actual != FM_UNKNOWN && said->actual > said->limit)
		return FM_ERROR_MINUTE_WALL;
	return said->wait_ns > WAIT_WALL_NS ? FM_ERROR_MINUTE_WALL : FM_ERROR_RATE;
}

static bool may_be(enum fm_error_class class_, int status)
{
	if (class_ == FM_ERROR_MINUTE_WALL || class_ == FM_ERROR_RATE || class_ == FM_ERROR_QUOTA ||
	    class_ == FM_ERROR_ENTITLEMENT)
		return true;
	return status == 0 || status == 400 || status == 404 || status == 413 || status == 422;
}

static void match_rows(const char *text, int status, struct fm_error_said *said)
{
	regmatch_t groups[GROUPS_MAX];

	for (size_t i = 0; i < fm_overflow_row_count; i++) {
		const struct fm_overflow_row *row = &fm_overflow_rows[i];

		if (!may_be(row->class_, status) ||
		    regexec(&rows[i], text, GROUPS_MAX, groups, 0) != 0)
			continue;
		said->class_ = row->class_;
		said->pattern = row->id;
		fill_numbers(said, row, text, groups);
		/* Google says "exceeded your current quota" of a minute's too, and when to come back. */
		if (strcmp(row->id, "W1") == 0 || row->class_ == FM_ERROR_RATE ||
		    (row->class_ == FM_ERROR_QUOTA && said->wait_ns != FM_UNKNOWN))
			said->class_ = judge_rate(said);
		return;
	}
}

static enum fm_error_class class_of_code(struct fm_span code, int status)
{
	for (size_t i = 0; i < fm_overflow_code_count; i++)
		if (fm_span_is(code, fm_overflow_codes[i].code) &&
		    may_be(fm_overflow_codes[i].class_, status))
			return fm_overflow_codes[i].class_;
	return FM_ERROR_OTHER;
}

struct fm_error_said fm_error_classify(int status, struct fm_span code, struct fm_span text)
{
	struct fm_error_said said = {FM_ERROR_OTHER, NULL,       FM_UNKNOWN,
	                             FM_UNKNOWN,     FM_UNKNOWN, FM_UNKNOWN};
	const enum fm_error_class by_code = class_of_code(code, status);
	char copy[TEXT_MAX + 1];
	const size_t len = text.len < TEXT_MAX ? text.len : TEXT_MAX;

	call_once(&compiled, compile_rows);
	/* A NUL would hide what stands behind it, and a line end would stop no pattern. */
	for (size_t i = 0; i < len; i++)
		if (text.ptr[i] == '\0' || fm_is_space(text.ptr[i]))
			copy[i] = ' ';
		else
			copy[i] = text.ptr[i];
	copy[len] = '\0';
	said.wait_ns = wait_in(copy);
	match_rows(copy, status, &said);
	/* A code is a promise, words are not; but a minute's wall has the code of a plain rate limit. */
	if (by_code != FM_ERROR_OTHER && said.class_ != FM_ERROR_MINUTE_WALL)
		said.class_ = by_code;
	if (said.class_ == FM_ERROR_OTHER && text.len == 0 && (status == 400 || status == 413)) {
		said.class_ = FM_ERROR_CONTEXT;
		said.pattern = "N1";
	}
	return said;
}
