#include "fuzz.h"

#include <assert.h>
#include <string.h>

#include "text/json.h"
#include "text/json_pull.h"
#include "text/utf8.h"

/* All events; brackets pair up, and what has a value has valid text. */
static enum fm_code walk(struct fm_span input, struct fm_err *err)
{
	enum fm_pull_event event = FM_PULL_NULL;
	struct fm_json_pull pull;
	size_t depth = 0;
	enum fm_code rc = fm_json_pull_init(&pull, input, err);

	while (rc == FM_OK && event != FM_PULL_END) {
		rc = fm_json_pull_next(&pull, &event, err);
		assert(pull.at <= input.len);
		if (rc != FM_OK)
			break;
		if (event == FM_PULL_OBJECT || event == FM_PULL_LIST)
			depth++;
		else if (event == FM_PULL_OBJECT_END || event == FM_PULL_LIST_END)
			depth--;
		assert(depth <= FM_JSON_PULL_DEPTH_MAX);
		if (event == FM_PULL_NAME || event == FM_PULL_TEXT || event == FM_PULL_NUMBER)
			assert(fm_utf8_check(pull.value) == pull.value.len);
	}
	assert(rc != FM_OK || depth == 0);
	fm_json_pull_free(&pull);
	return rc;
}

/* The value passed over as a whole is JSON by itself, with nothing around it. */
static enum fm_code skip(struct fm_span input, struct fm_err *err)
{
	enum fm_pull_event event;
	struct fm_json_pull pull;
	struct fm_span value = {0};
	enum fm_code rc = fm_json_pull_init(&pull, input, err);

	if (rc == FM_OK)
		rc = fm_json_pull_skip(&pull, &value, err);
	if (rc == FM_OK) {
		assert(value.len > 0 && value.ptr >= input.ptr);
		assert(!fm_is_space(value.ptr[0]) && !fm_is_space(value.ptr[value.len - 1]));
		rc = fm_json_pull_next(&pull, &event, err);
	}
	fm_json_pull_free(&pull);
	return rc;
}

void fuzz_one(struct fm_span input)
{
	struct fm_err check_err;
	struct fm_err err;
	const enum fm_code checked = fm_json_check(input, &check_err);
	const enum fm_code walked = walk(input, &err);

	assert(skip(input, &err) == walked);
	/* The two readers agree but on U+0000, which stands in vocabularies; of two faults either. */
	if (checked == FM_OK || strstr(check_err.text, "\\u0000") == NULL)
		assert((checked == FM_OK) == (walked == FM_OK));
}
