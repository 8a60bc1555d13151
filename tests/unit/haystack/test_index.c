#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "haystack/index_internal.h"

#define TEXT_BYTES 200000
#define ESCAPED_BYTES 210000
#define SEAMS 3

/* A text, its escaped form and their index, as a writer leaves them. */
struct files {
	char text[TEXT_BYTES];
	char escaped[ESCAPED_BYTES];
	char index[FM_INDEX_HEADER_BYTES + SEAMS * FM_INDEX_SEAM_BYTES];
	struct fm_index_owner owner;
	struct fm_owned_files spans;
};

static struct files files;

static void make_files(void)
{
	struct fm_index index = {.seam_count = SEAMS, .chapters = 2};
	const struct fm_seam seams[SEAMS] = {
		{0,               0,                  0    },
                {50,              52,                 10   },
                {TEXT_BYTES - 10, ESCAPED_BYTES - 10, 50000}
        };

	memset(files.text, 't', sizeof files.text);
	memset(files.escaped, 'e', sizeof files.escaped);
	files.owner = (struct fm_index_owner){
		{1, 2},
                {3, 4},
                5, 6
        };
	for (size_t i = 0; i < SEAMS; i++)
		fm_index_put_seam(seams[i],
		                  files.index + FM_INDEX_HEADER_BYTES + i * FM_INDEX_SEAM_BYTES);
	files.spans.index = fm_span_make(files.index, sizeof files.index);
	files.spans.text = fm_span_make(files.text, sizeof files.text);
	files.spans.escaped = fm_span_make(files.escaped, sizeof files.escaped);
	index.text_digest = fm_index_digest(fm_span_first(files.spans.text, TEXT_BYTES - 10));
	index.escaped_digest =
		fm_index_digest(fm_span_first(files.spans.escaped, ESCAPED_BYTES - 10));
	index.seams_digest =
		fm_index_digest(fm_span_skip(files.spans.index, FM_INDEX_HEADER_BYTES));
	fm_index_write(&index, &files.owner, files.index);
}

static bool is_read(void)
{
	struct fm_index index;

	return fm_index_read(&files.spans, &files.owner, &index);
}

static void test_good(void **state)
{
	struct fm_index index;

	(void)state;
	make_files();
	assert_true(fm_index_read(&files.spans, &files.owner, &index));
	assert_int_equal(index.seam_count, SEAMS);
	assert_int_equal(index.chapters, 2);
	assert_false(index.ended);
	assert_int_equal(fm_index_seam(files.spans.index, 1).escaped, 52);
	assert_int_equal(fm_index_seam(files.spans.index, 2).tokens, 50000);
	/* Little-endian, whatever the machine is. */
	assert_memory_equal(files.index + FM_INDEX_HEADER_BYTES + FM_INDEX_SEAM_BYTES,
	                    "\x32\0\0\0\0\0\0\0\x34\0\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0", 24);
}

/* Any byte of header and seams. */
static void test_any_byte(void **state)
{
	(void)state;
	make_files();
	for (size_t i = 0; i < sizeof files.index; i++) {
		files.index[i] ^= 0x10;
		assert_false(is_read());
		files.index[i] ^= 0x10;
	}
	assert_true(is_read());
}

static struct spot {
	const char *name;
	char *at;
	bool noticed;
} spots[] = {
	{"text's first byte",          files.text,                         true },
	{"text's last byte",           files.text + TEXT_BYTES - 11,       true },
	{"text's middle",              files.text + TEXT_BYTES / 2,        true },
	{"what is behind is not ours", files.text + TEXT_BYTES - 5,        false},
	{"escaped text's first byte",  files.escaped,                      true },
	{"escaped text's last byte",   files.escaped + ESCAPED_BYTES - 11, true },
};

static void test_spot(void **state)
{
	const struct spot *spot = *state;

	make_files();
	*spot->at = '!';
	assert_true(is_read() == !spot->noticed);
}

static void test_sizes(void **state)
{
	(void)state;
	make_files();
	files.spans.text.len = TEXT_BYTES - 11;
	assert_false(is_read());
	make_files();
	files.spans.escaped.len = 0;
	assert_false(is_read());
	make_files();
	for (size_t len = 0; len < sizeof files.index; len++) {
		files.spans.index.len = len;
		assert_false(is_read());
	}
}

static void test_owner(void **state)
{
	(void)state;
	make_files();
	files.owner.corpus.low++;
	assert_false(is_read());
	make_files();
	files.owner.counter.low++;
	assert_false(is_read());
	make_files();
	files.owner.seed++;
	assert_false(is_read());
	make_files();
	files.owner.engine++;
	assert_false(is_read());
}

int main(void)
{
	struct CMUnitTest tests[4 + FM_COUNT(spots)] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_any_byte),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_owner),
	};

	for (size_t i = 0; i < FM_COUNT(spots); i++)
		tests[4 + i] = (struct CMUnitTest){spots[i].name, test_spot, NULL, NULL, &spots[i]};
	return cmocka_run_group_tests_name("haystack/index", tests, NULL, NULL) != 0;
}
