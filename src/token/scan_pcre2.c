#include "scan_pattern_internal.h"

#include <assert.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/macro.h"
#include "base/memory.h"
#include "scan_internal.h"

/*
 * PCRE2 has the Unicode of its own version, which is 14.0 in 10.42 where our table is of 16.0: code
 * points that are new since may be cut differently.
 */

#define STACK_MIN (32u << 10)
#define STACK_MAX (8u << 20)                  /* of the compiled matcher, for long runs */
#define OUT_MAX ((size_t)64 * FM_PATTERN_MAX) /* each \s becomes a class */

struct fm_pattern {
	pcre2_code *code;
	pcre2_match_data *found;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

static enum fm_code fail_pcre2(struct fm_err *err, int number, size_t at, const char *text)
{
	PCRE2_UCHAR words[128];

	(void)pcre2_get_error_message(number, words, sizeof words); /* shortens if need be */
	return fm_fail(err, FM_E_FORMAT, "the pattern does not compile, at %zu: %s: %.100s", at,
	               (const char *)words, text);
}

/* What stands before a piece is not seen, and each piece has a byte at least. */
static enum fm_code check(const pcre2_code *code, const char *text, struct fm_err *err)
{
	uint32_t behind = 0;
	uint32_t empty = 0;

	/* Neither can fail: the code is compiled, the question known. */
	(void)pcre2_pattern_info(code, PCRE2_INFO_MAXLOOKBEHIND, &behind);
	(void)pcre2_pattern_info(code, PCRE2_INFO_MATCHEMPTY, &empty);
	if (behind > 0)
		return fm_fail(err, FM_E_FORMAT, "the pattern looks behind: %.100s", text);
	if (empty != 0)
		return fm_fail(err, FM_E_FORMAT, "the pattern matches nothing at all: %.100s",
		               text);
	return FM_OK;
}

static enum fm_code compile(struct fm_pattern *pattern, const char *text, struct fm_err *err)
{
	pcre2_compile_context *context;
	struct fm_buf told;
	enum fm_code rc;
	int number;
	size_t at;

	fm_buf_init(&told, OUT_MAX);
	context = pcre2_compile_context_create(NULL);
	if (context == NULL)
		fm_die("out of memory");
	rc = fm_pattern_translate(fm_span_of(text), &told, err);
	if (rc == FM_OK)
		rc = fm_pattern_check_effort(fm_span_of(text), err);
	if (rc != FM_OK)
		goto out;
	(void)pcre2_set_newline(context, PCRE2_NEWLINE_LF); /* a known constant */
	pattern->code = pcre2_compile((PCRE2_SPTR)fm_buf_text(&told), told.len,
	                              PCRE2_UTF | PCRE2_UCP, &number, &at, context);
	if (pattern->code == NULL)
		rc = fail_pcre2(err, number, at, text);
out:
	fm_buf_free(&told);
	pcre2_compile_context_free(context);
	return rc == FM_OK ? check(pattern->code, text, err) : rc;
}

enum fm_code fm_pattern_open(const char *text, struct fm_pattern **ret_pattern, struct fm_err *err)
{
	struct fm_pattern *pattern = fm_memory_take(sizeof *pattern);
	enum fm_code rc;

	rc = compile(pattern, text, err);
	if (rc != FM_OK)
		goto out;
	/* Where there is no compiler for this machine, the interpreter gives the same answers. */
	(void)pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
	pattern->found = pcre2_match_data_create(1, NULL);
	pattern->context = pcre2_match_context_create(NULL);
	pattern->stack = pcre2_jit_stack_create(STACK_MIN, STACK_MAX, NULL);
	if (pattern->found == NULL || pattern->context == NULL)
		fm_die("out of memory");
	pcre2_jit_stack_assign(pattern->context, NULL, pattern->stack);
	/* None of these can fail. fm_pattern_check_effort is what keeps the steps few. */
	(void)pcre2_set_match_limit(pattern->context, UINT32_MAX);
	(void)pcre2_set_depth_limit(pattern->context, UINT32_MAX);
	(void)pcre2_set_heap_limit(pattern->context, UINT32_MAX);
	*ret_pattern = pattern;
	pattern = NULL;
out:
	fm_pattern_close(pattern);
	return rc;
}

void fm_pattern_close(struct fm_pattern *pattern)
{
	if (pattern == NULL)
		return;
	pcre2_jit_stack_free(pattern->stack);
	pcre2_match_context_free(pattern->context);
	pcre2_match_data_free(pattern->found);
	pcre2_code_free(pattern->code);
	fm_memory_free(pattern);
}

/* The next match, in `found`; false when there is none in all the rest. */
static bool find(const struct fm_pattern *pattern, struct fm_span rest)
{
	const PCRE2_SPTR at = (PCRE2_SPTR)rest.ptr;
	int rc = pcre2_match(pattern->code, at, rest.len, 0, PCRE2_NO_UTF_CHECK, pattern->found,
	                     pattern->context);

	if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
		rc = pcre2_match(pattern->code, at, rest.len, 0, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT,
		                 pattern->found, pattern->context);
	if (rc == PCRE2_ERROR_NOMEMORY)
		fm_die("out of memory");
	assert(rc >= 0 || rc == PCRE2_ERROR_NOMATCH);
	return rc >= 0;
}

size_t fm_pattern_scan(const struct fm_pattern *pattern, struct fm_span text, size_t at,
                       size_t *ret_lengths)
{
	const size_t *const ends = pcre2_get_ovector_pointer(pattern->found);
	struct fm_span rest = fm_span_skip(text, at);
	size_t count = 0;

	while (rest.len > 0 && count < FM_SCAN_BATCH) {
		if (!find(pattern, rest)) {
			ret_lengths[count++] = rest.len;
			break;
		}
		if (ends[0] > 0)
			ret_lengths[count++] = ends[0];
		if (count < FM_SCAN_BATCH)
			ret_lengths[count++] = ends[1] - ends[0];
		else
			break;
		rest = fm_span_skip(rest, ends[1]);
	}
	return count;
}
