#include "user_internal.h"

#include <string.h>

#include "base/memory.h"
#include "cut_internal.h"
#include "permute_internal.h"

#define CHAPTER_ENTRIES 64 /* of a text that is shuffled */
#define PROSE_SENTENCES 6  /* of a paragraph that shuffled sentences make */

/* The file that was read last, kept open: neighbours are mostly asked for one after another. */
struct fm_user_hand {
	const struct fm_user_file *file;
	int fd;
};

enum fm_code fm_user_open(const struct fm_corpus_spec *spec, struct fm_user **ret_user,
                          struct fm_err *err)
{
	struct fm_user *user = fm_memory_take(sizeof *user);
	enum fm_code rc;

	user->unit = spec->unit;
	user->order = spec->order;
	user->wrap = spec->wrap;
	fm_spool_init(&user->text);
	fm_spool_init(&user->index);
	user->hand = fm_memory_take(sizeof *user->hand);
	user->hand->fd = -1;
	rc = fm_user_find(spec, &user->arena, &user->files, err);
	if (rc == FM_OK)
		rc = fm_user_take(user, spec, err);
	if (rc == FM_OK)
		*ret_user = user;
	else
		fm_user_close(user);
	return rc;
}

void fm_user_close(struct fm_user *user)
{
	if (user == NULL)
		return;
	fm_fd_close(&user->hand->fd);
	fm_memory_free(user->hand);
	fm_spool_close(&user->text);
	fm_spool_close(&user->index);
	fm_memory_free(user->files.all);
	fm_arena_free(&user->arena);
	fm_memory_free(user);
}

static const struct fm_user_file *file_at(const struct fm_user *user, uint64_t place)
{
	size_t low = 0;
	size_t high = user->files.count;

	while (high - low > 1) {
		const size_t middle = low + (high - low) / 2;

		if (user->files.all[middle].start <= place)
			low = middle;
		else
			high = middle;
	}
	return &user->files.all[low];
}

static struct fm_user_entry entry_at(const struct fm_user *user, uint64_t index)
{
	struct fm_user_entry entry;

	memcpy(&entry, user->index.map.bytes.ptr + index * sizeof entry, sizeof entry);
	return entry;
}

static enum fm_code take_in_hand(struct fm_user_hand *hand, const struct fm_user_file *file,
                                 struct fm_err *err)
{
	struct fm_stamp stamp;
	enum fm_code rc;

	if (hand->file == file)
		return FM_OK;
	hand->file = NULL;
	fm_fd_close(&hand->fd);
	rc = fm_regular_open(file->path, &hand->fd, &stamp, err);
	if (rc == FM_OK)
		hand->file = file;
	return rc;
}

static enum fm_code fetch_file(const struct fm_user *user, const struct fm_user_file *file,
                               const struct fm_user_entry *entry, struct fm_arena *arena,
                               struct fm_span *ret_text, struct fm_err *err)
{
	char *to = fm_arena_take(arena, entry->bytes);
	const uint64_t from = file->from + (entry->place - file->start);
	enum fm_code rc = take_in_hand(user->hand, file, err);

	if (rc == FM_OK)
		rc = fm_regular_read(user->hand->fd, from, to, entry->bytes, err);
	if (rc != FM_OK)
		return fm_err_prefix(err, "%s", file->path);
	*ret_text = fm_span_make(to, entry->bytes);
	return FM_OK;
}

/* An entry's own bytes, and the file that they lie in. */
static enum fm_code fetch(const struct fm_user *user, const struct fm_user_entry *entry,
                          struct fm_arena *arena, struct fm_span *ret_text, struct fm_err *err)
{
	const struct fm_user_file *file = file_at(user, entry->place);
	const struct fm_span spooled = user->text.map.bytes;

	if (!file->spooled)
		return fetch_file(user, file, entry, arena, ret_text, err);
	*ret_text =
		fm_span_make(spooled.ptr + file->from + (entry->place - file->start), entry->bytes);
	return FM_OK;
}

static bool ends_file(const struct fm_user *user, const struct fm_user_entry *entry)
{
	const struct fm_user_file *file = file_at(user, entry->place);

	return entry->place + entry->bytes == file->start + file->bytes;
}

/* Cut it as it was cut when it was read: other bytes do not come out with the same hash. */
static enum fm_code cut_entry(const struct fm_user *user, const struct fm_user_entry *entry,
                              struct fm_span text, struct fm_segment *segments, struct fm_err *err)
{
	uint64_t hash = 0;
	uint32_t count = 0;

	while (text.len > 0 && count < entry->segments) {
		const size_t len =
			entry->segments == 1 ? text.len : fm_cut_find(text, false, user->unit);

		segments[count].text = fm_span_first(text, len);
		hash = fm_hash_mix(hash, fm_hash64(segments[count++].text));
		text = fm_span_skip(text, len);
	}
	if (text.len == 0 && count == entry->segments && hash == entry->hash)
		return FM_OK;
	return fm_fail(err, FM_E_CHANGED, "%s: has changed since it was opened",
	               file_at(user, entry->place)->path);
}

static struct fm_span join(struct fm_arena *arena, const char *lead, struct fm_span text,
                           const char *end)
{
	const struct fm_span parts[] = {fm_span_of(lead), text, fm_span_of(end)};
	char *to = fm_arena_take(arena, parts[0].len + text.len + parts[2].len);
	size_t len = 0;

	for (size_t i = 0; i < FM_COUNT(parts); i++) {
		if (parts[i].len > 0)
			memcpy(to + len, parts[i].ptr, parts[i].len);
		len += parts[i].len;
	}
	return fm_span_make(to, len);
}

/* Where a seed's text begins: at a paragraph, so that texts of different seeds differ. */
static uint64_t first_of(const struct fm_user *user, uint64_t seed)
{
	uint64_t first = seed == 0 ? 0 : fm_hash_seed(seed, "start", 0) % user->entry_count;

	while (entry_at(user, first).inside != 0)
		first--; /* a file's first entry is not inside */
	return first;
}

static enum fm_code as_is(const struct fm_user *user, uint64_t seed, uint64_t number,
                          struct fm_arena *arena, struct fm_chapter *chapter, struct fm_err *err)
{
	const uint64_t n = user->entry_count;
	const struct fm_user_entry entry = entry_at(user, (first_of(user, seed) + number % n) % n);
	struct fm_span text = {0};
	struct fm_span *last;
	enum fm_code rc = fetch(user, &entry, arena, &text, err);

	if (rc != FM_OK)
		return rc;
	chapter->segments = fm_arena_array(arena, entry.segments, sizeof *chapter->segments);
	chapter->count = entry.segments;
	rc = cut_entry(user, &entry, text, chapter->segments, err);
	if (rc != FM_OK || !ends_file(user, &entry))
		return rc;
	last = &chapter->segments[chapter->count - 1].text;
	if (!fm_span_ends(*last, "\n\n"))
		*last = join(arena, "", *last, fm_span_ends(*last, "\n") ? "\n" : "\n\n");
	return FM_OK;
}

/* What stands around a shuffled segment; `ends` says that its chapter does. */
static struct fm_span set_segment(const struct fm_user *user, struct fm_span text,
                                  uint64_t in_chapter, bool ends, struct fm_arena *arena)
{
	const uint64_t in_paragraph = in_chapter % PROSE_SENTENCES;

	switch (user->unit) {
	case FM_UNIT_LINE:
		return join(arena, "", text, "\n");
	case FM_UNIT_PARAGRAPH:
	case FM_UNIT_TURN:
		return join(arena, "", text, "\n\n");
	case FM_UNIT_SENTENCE:
		break;
	}
	return join(arena, in_paragraph == 0 ? "" : " ", text,
	            ends || in_paragraph == PROSE_SENTENCES - 1 ? "\n\n" : "");
}

/* Order in which a shuffled text stands: another one each time it begins again. */
static enum fm_code shuffled(const struct fm_user *user, uint64_t seed, uint64_t number,
                             struct fm_arena *arena, struct fm_chapter *chapter, struct fm_err *err)
{
	const uint64_t n = user->entry_count;
	const uint64_t begin = number * CHAPTER_ENTRIES;
	const uint64_t left = user->wrap ? CHAPTER_ENTRIES : n - begin;
	const uint64_t count = left < CHAPTER_ENTRIES ? left : CHAPTER_ENTRIES;
	enum fm_code rc = FM_OK;

	chapter->count = (size_t)count;
	chapter->segments = fm_arena_array(arena, chapter->count, sizeof *chapter->segments);
	for (uint64_t i = 0; i < count && rc == FM_OK; i++) {
		const uint64_t index = begin + i;
		const struct fm_user_entry entry = entry_at(
			user, fm_permute(fm_hash_seed(seed, "shuffle", index / n), index % n, n));
		struct fm_segment *segment = &chapter->segments[i];
		struct fm_span text = {0};

		rc = fetch(user, &entry, arena, &text, err);
		if (rc == FM_OK)
			rc = cut_entry(user, &entry, text, segment, err);
		if (rc == FM_OK)
			segment->text = set_segment(user, fm_span_trim(segment->text), i,
			                            i == count - 1, arena);
	}
	return rc;
}

enum fm_code fm_user_chapter(const struct fm_user *user, uint64_t seed, uint64_t number,
                             struct fm_arena *arena, struct fm_chapter *ret_chapter,
                             struct fm_err *err)
{
	const bool as_they_are = user->order == FM_ORDER_AS_IS;
	const uint64_t in_chapter = as_they_are ? 1 : CHAPTER_ENTRIES;
	struct fm_chapter chapter = {0};
	enum fm_code rc = FM_OK;

	if (user->wrap || number < (user->entry_count + in_chapter - 1) / in_chapter)
		rc = as_they_are ? as_is(user, seed, number, arena, &chapter, err)
		                 : shuffled(user, seed, number, arena, &chapter, err);
	if (rc == FM_OK)
		*ret_chapter = chapter;
	return rc;
}
