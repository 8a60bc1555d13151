#include "fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "corpus/pack_internal.h"
#include "corpus/teller_internal.h"
#include "text/utf8.h"

#define INPUT_MAX 20000
#define CHAPTERS 4
#define CUT "\n====\n" /* between pack.yaml and the rules */

static char in_memory[] = "/dev/shm/fathom-fuzz-XXXXXX";
static char on_disk[] = "/tmp/fathom-fuzz-XXXXXX";
static const char *folder; /* one for the whole life of the program */

static const char *path_of(struct fm_arena *arena, const char *file)
{
	return fm_arena_format(arena, "%s/%s", folder, file);
}

static void remove_folder(void)
{
	struct fm_arena arena = {0};

	(void)unlink(path_of(&arena, "pack.yaml")); /* what is left behind is no fault */
	(void)unlink(path_of(&arena, "w.pack"));
	(void)rmdir(folder);
	fm_arena_free(&arena);
}

static void make_folder(void)
{
	if (folder != NULL)
		return;
	folder = mkdtemp(in_memory);
	if (folder == NULL)
		folder = mkdtemp(on_disk);
	assert(folder != NULL);
	assert(atexit(remove_folder) == 0);
}

static void write_pack(struct fm_arena *arena, struct fm_span head, struct fm_span rules)
{
	struct fm_err err;

	assert(fm_file_replace(path_of(arena, "pack.yaml"), head, &err) == FM_OK);
	assert(fm_file_replace(path_of(arena, "w.pack"), rules, &err) == FM_OK);
}

/* Segments are text that may be cut there, and the same when they are told again. */
static void hold_chapter(const struct fm_pack *pack, uint64_t number)
{
	struct fm_arena arena = {0};
	const struct fm_chapter one = fm_pack_chapter(pack, 7, number, &arena);
	const struct fm_chapter again = fm_pack_chapter(pack, 7, number, &arena);

	assert(one.count > 0 && one.count == again.count);
	for (size_t i = 0; i < one.count; i++) {
		const struct fm_span text = one.segments[i].text;

		assert(text.len > 0 && fm_utf8_check(text) == text.len);
		assert(memchr(text.ptr, 0, text.len) == NULL);
		assert(fm_span_equal(text, again.segments[i].text));
	}
	fm_arena_free(&arena);
}

/* pack.yaml, a line "====", and the rules. */
void fuzz_one(struct fm_span input)
{
	const size_t cut = fm_span_find(input, fm_span_of(CUT));
	struct fm_arena arena = {0};
	struct fm_pack *pack = NULL;
	struct fm_err err = {0};

	if (input.len > INPUT_MAX || cut == input.len)
		return;
	make_folder();
	write_pack(&arena, fm_span_first(input, cut + 1), fm_span_skip(input, cut + strlen(CUT)));
	const enum fm_code rc = fm_pack_open(folder, &pack, &err);

	assert(rc == FM_OK || rc == FM_E_FORMAT || rc == FM_E_LIMIT || rc == FM_E_IO);
	assert(rc == FM_OK || err.text[0] != 0);
	for (uint64_t i = 0; rc == FM_OK && i < CHAPTERS; i++)
		hold_chapter(pack, i);
	fm_pack_close(pack);
	fm_arena_free(&arena);
}
