#include "fuzz.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "corpus/records_internal.h"
#include "text/json.h"
#include "text/utf8.h"

#define BOM "\xef\xbb\xbf"
#define INPUT_MAX 300000 /* some blocks of 64 KiB, at whose ends a line may be cut */

/* The texts as a plain reader finds them, line by line with a tree of each; false: one has none. */
static bool next_plain(struct fm_span *rest, struct fm_arena *arena, bool *ret_there,
                       struct fm_span *ret_text)
{
	struct fm_json json = {0};
	struct fm_span line;
	struct fm_span text = {0};
	struct fm_err err;

	do
		*ret_there = fm_span_split(rest, '\n', &line);
	while (*ret_there && fm_span_trim(line).len == 0);
	if (!*ret_there)
		return true;
	const bool good = fm_json_open(line, &json, &err) == FM_OK &&
	                  fm_value_text(fm_value_get(json.root, "text"), &text);

	*ret_text = fm_span_trim(fm_arena_copy(arena, text));
	fm_json_close(&json);
	return good;
}

/* Both agree; but a name twice is a fault only of "text", for the others are passed over. */
static void hold_records(struct fm_records *records, struct fm_span input)
{
	struct fm_arena arena = {0};
	struct fm_err err = {0};
	struct fm_span text = {0};
	struct fm_span plain = {0};
	bool there = true;
	bool there_plain = true;

	if (fm_span_starts(input, BOM))
		input = fm_span_skip(input, strlen(BOM));
	while (there) {
		const enum fm_code rc = fm_records_next(records, &there, &text, &err);
		const bool good = next_plain(&input, &arena, &there_plain, &plain);

		assert(rc == FM_OK || rc == FM_E_FORMAT || rc == FM_E_LIMIT);
		assert(!good || rc == FM_OK);
		if (rc != FM_OK) {
			assert(fm_span_starts(fm_span_of(err.text), "line "));
			break;
		}
		assert(there == there_plain);
		assert(!there || !good || fm_span_equal(text, plain));
		assert(!there || fm_utf8_check(text) == text.len);
	}
	fm_arena_free(&arena);
}

void fuzz_one(struct fm_span input)
{
	struct fm_records records;
	struct fm_unpack *in = NULL;
	struct fm_err err;
	char path[64];
	int fd = -1;

	if (input.len > INPUT_MAX || fm_file_temp(&fd, &err) != FM_OK)
		return;
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd); /* it always fits */
	assert(fm_file_write_fd(fd, input, &err) == FM_OK);
	assert(fm_unpack_open(path, &in, &err) == FM_OK);
	if (!fm_unpack_is_packed(in)) {
		fm_records_init(&records, in, "text");
		hold_records(&records, input);
		fm_records_free(&records);
	}
	fm_unpack_close(in);
	fm_fd_close(&fd);
}
