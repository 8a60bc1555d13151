#include "user_internal.h"

#include <string.h>

#include "base/memory.h"
#include "permute_internal.h"
#include "text/utf8.h"

#define FILES_MAX 100000
#define DEPTH_MAX 32              /* of folders in folders: a link that leads back ends here */
#define CHAPTER_SEGMENTS 256      /* at least; then the paragraph is finished */
#define CHAPTER_SEGMENTS_MAX 1024 /* if it ever is */
#define PROSE_SENTENCES 6         /* of a paragraph that shuffled sentences make */

/* One file's text, and where it begins in the long text of all. */
struct user_file {
	const char *name; /* below the folder; the path's own name for a file */
	struct fm_map map;
	struct fm_span text; /* of the map: what is used */
	uint64_t start;
};

struct fm_user {
	struct fm_arena arena;
	const char *path;
	enum fm_corpus_unit unit;
	enum fm_corpus_order order;
	bool wrap;
	struct user_file *files;
	size_t file_count, file_capacity;
	uint64_t *segments; /* where each begins in the long text */
	size_t segment_count, segment_capacity;
	uint64_t *chapters; /* as-is: the first segment of each */
	size_t chapter_count, chapter_capacity;
	uint64_t bytes;
	struct fm_id digest;
};

static bool is_wanted(const char *name)
{
	const struct fm_span n = fm_span_of(name);

	return name[0] != '.' && (fm_span_ends(n, ".txt") || fm_span_ends(n, ".md"));
}

static enum fm_code add_file(struct fm_user *user, const char *path, const char *name,
                             struct fm_err *err)
{
	struct user_file file = {.name = name};
	enum fm_code rc = fm_map_open(path, &file.map, err);

	if (rc != FM_OK)
		return rc;
	user->files = fm_memory_more(user->files, user->file_count, &user->file_capacity,
	                             sizeof *user->files);
	user->files[user->file_count++] = file;
	if (user->file_count > FILES_MAX)
		return fm_fail(err, FM_E_LIMIT, "more than %d files", FILES_MAX);
	return FM_OK;
}

/* `below` is "" or the path below the corpus, with a slash behind it. */
static enum fm_code add_folder(struct fm_user *user, const char *below, int depth,
                               struct fm_err *err)
{
	const char *folder = fm_arena_format(&user->arena, "%s/%s", user->path, below);
	const char **names;
	size_t count;
	enum fm_code rc = fm_folder_list(folder, &user->arena, &names, &count, err);

	if (rc == FM_OK && depth == DEPTH_MAX)
		rc = fm_fail(err, FM_E_LIMIT, "%s: folders are nested deeper than %d", below,
		             DEPTH_MAX);
	for (size_t i = 0; i < count && rc == FM_OK; i++) {
		const char *name = fm_arena_format(&user->arena, "%s%s", below, names[i]);
		const char *path = fm_arena_format(&user->arena, "%s/%s", user->path, name);

		if (names[i][0] == '.')
			continue;
		if (fm_folder_exists(path))
			rc = add_folder(user, fm_arena_format(&user->arena, "%s/", name), depth + 1,
			                err);
		else if (is_wanted(names[i]))
			rc = add_file(user, path, name, err);
	}
	return rc;
}

/* What a document may begin with: neither white space nor a slash. */
static enum fm_code trim_file(const struct fm_user *user, struct user_file *file,
                              struct fm_err *err)
{
	struct fm_span text = file->map.bytes;
	const size_t valid = fm_utf8_check(text);

	if (valid < text.len)
		return fm_fail(err, FM_E_FORMAT, "not UTF-8 at byte %zu", valid);
	if (fm_span_starts(text, "\xef\xbb\xbf"))
		text = fm_span_skip(text, 3);
	for (;;) {
		const struct fm_span bare = fm_span_trim(text);

		if (bare.len == 0)
			return fm_fail(err, FM_E_LIMIT, "it is empty");
		text = fm_span_skip(text, (size_t)(bare.ptr - text.ptr));
		if (text.ptr[0] != '/')
			break;
		text = fm_span_skip(text, fm_cut_find(text, 0, user->unit));
	}
	file->text = text;
	return FM_OK;
}

static enum fm_code prefix_name(const struct fm_user *user, const struct user_file *file,
                                struct fm_err *err)
{
	return file->name == user->path ? err->code : fm_err_prefix(err, "%s", file->name);
}

static void add_segment(struct fm_user *user, uint64_t start)
{
	user->segments = fm_memory_more(user->segments, user->segment_count,
	                                &user->segment_capacity, sizeof *user->segments);
	user->segments[user->segment_count++] = start;
}

static void add_chapter(struct fm_user *user)
{
	user->chapters = fm_memory_more(user->chapters, user->chapter_count,
	                                &user->chapter_capacity, sizeof *user->chapters);
	user->chapters[user->chapter_count++] = user->segment_count;
}

/* A chapter begins at a paragraph once the last one is long enough. */
static void cut_file(struct fm_user *user, const struct user_file *file)
{
	for (size_t at = 0; at < file->text.len;) {
		const size_t end = fm_cut_find(file->text, at, user->unit);
		const size_t in_chapter =
			user->chapter_count == 0
				? CHAPTER_SEGMENTS_MAX
				: user->segment_count - user->chapters[user->chapter_count - 1];
		const bool paragraph = at == 0 || file->text.ptr[at - 1] == '\n';

		if (in_chapter >= CHAPTER_SEGMENTS_MAX ||
		    (paragraph && in_chapter >= CHAPTER_SEGMENTS))
			add_chapter(user);
		add_segment(user, file->start + at);
		at = end;
	}
}

static void digest_user(struct fm_user *user)
{
	struct fm_hasher *hasher = fm_hasher_open();
	const char options[] = {'u', (char)('0' + (int)user->unit), (char)('0' + (int)user->order),
	                        user->wrap ? '1' : '0'};

	fm_hasher_add(hasher, fm_span_make(options, sizeof options));
	for (size_t i = 0; i < user->file_count; i++) {
		const struct user_file *file = &user->files[i];
		const struct fm_id one = fm_hash128(file->text);
		char text[FM_ID_TEXT_MAX];

		/* Where a file lies is not part of the text: only the order of the files counts. */
		fm_hasher_add(hasher, fm_span_of(fm_id_text(one, text)));
	}
	user->digest = fm_hasher_id(hasher);
	fm_hasher_close(hasher);
}

enum fm_code fm_user_open(const struct fm_corpus_spec *spec, struct fm_user **ret_user,
                          struct fm_err *err)
{
	struct fm_user *user = fm_memory_take(sizeof *user);
	enum fm_code rc;

	user->unit = spec->unit;
	user->order = spec->order;
	user->wrap = spec->wrap;
	user->path = fm_arena_text(&user->arena, fm_span_of(spec->name));
	rc = fm_folder_exists(user->path) ? add_folder(user, "", 0, err)
	                                  : add_file(user, user->path, user->path, err);
	if (rc == FM_OK && user->file_count == 0)
		rc = fm_fail(err, FM_E_IO, "no .txt or .md file is in this folder");
	for (size_t i = 0; i < user->file_count && rc == FM_OK; i++) {
		struct user_file *file = &user->files[i];

		rc = trim_file(user, file, err);
		if (rc != FM_OK) {
			rc = prefix_name(user, file, err);
			break;
		}
		file->start = user->bytes;
		user->bytes += file->text.len;
		cut_file(user, file);
	}
	if (rc != FM_OK)
		goto out;
	digest_user(user);
	*ret_user = user;
	user = NULL; /* the caller's now */
out:
	fm_user_close(user);
	return rc;
}

void fm_user_close(struct fm_user *user)
{
	if (user == NULL)
		return;
	for (size_t i = 0; i < user->file_count; i++)
		fm_map_close(&user->files[i].map);
	fm_memory_free(user->files);
	fm_memory_free(user->segments);
	fm_memory_free(user->chapters);
	fm_arena_free(&user->arena);
	fm_memory_free(user);
}

struct fm_id fm_user_digest(const struct fm_user *user)
{
	return user->digest;
}

uint64_t fm_user_bytes(const struct fm_user *user)
{
	return user->bytes;
}

static const struct user_file *file_at(const struct fm_user *user, uint64_t place)
{
	size_t low = 0;
	size_t high = user->file_count;

	while (high - low > 1) {
		const size_t middle = low + (high - low) / 2;

		if (user->files[middle].start <= place)
			low = middle;
		else
			high = middle;
	}
	return &user->files[low];
}

/* A segment's own bytes, and whether its file ends with it. */
static struct fm_span segment_at(const struct fm_user *user, uint64_t index, bool *ret_last)
{
	const uint64_t start = user->segments[index];
	const struct user_file *file = file_at(user, start);
	const uint64_t file_end = file->start + file->text.len;
	uint64_t end = file_end;

	if (index + 1 < user->segment_count && user->segments[index + 1] < file_end)
		end = user->segments[index + 1];
	*ret_last = end == file_end;
	return fm_span_make(file->text.ptr + (start - file->start), (size_t)(end - start));
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

static struct fm_span as_is(const struct fm_user *user, uint64_t index, struct fm_arena *arena)
{
	bool last;
	const struct fm_span text = segment_at(user, index, &last);

	if (!last || fm_span_ends(text, "\n\n"))
		return text;
	return join(arena, "", text, fm_span_ends(text, "\n") ? "\n" : "\n\n");
}

/* Order in which a shuffled text stands: another one each time it begins again. */
static struct fm_span shuffled(const struct fm_user *user, uint64_t seed, uint64_t index,
                               struct fm_arena *arena)
{
	const uint64_t n = user->segment_count;
	const uint64_t from = fm_permute(fm_hash_seed(seed, "shuffle", index / n), index % n, n);
	bool last;
	const struct fm_span text = fm_span_trim(segment_at(user, from, &last));
	const uint64_t in_chapter = index % CHAPTER_SEGMENTS;
	const bool ends = in_chapter % PROSE_SENTENCES == PROSE_SENTENCES - 1 ||
	                  in_chapter == CHAPTER_SEGMENTS - 1 || (!user->wrap && index == n - 1);

	if (user->unit == FM_UNIT_LINE)
		return join(arena, "", text, "\n");
	if (user->unit == FM_UNIT_PARAGRAPH)
		return join(arena, "", text, "\n\n");
	return join(arena, in_chapter % PROSE_SENTENCES == 0 ? "" : " ", text, ends ? "\n\n" : "");
}

struct fm_chapter fm_user_chapter(const struct fm_user *user, uint64_t seed, uint64_t number,
                                  struct fm_arena *arena)
{
	const bool as_they_are = user->order == FM_ORDER_AS_IS;
	struct fm_chapter chapter = {0};
	uint64_t first = number * CHAPTER_SEGMENTS;
	uint64_t end = first + CHAPTER_SEGMENTS;

	if (as_they_are) {
		const uint64_t n = user->chapter_count;
		const uint64_t at = user->wrap ? number % n : number;

		first = at < n ? user->chapters[at] : user->segment_count;
		end = at + 1 < n ? user->chapters[at + 1] : user->segment_count;
	} else if (!user->wrap) {
		first = first < user->segment_count ? first : user->segment_count;
		end = end < user->segment_count ? end : user->segment_count;
	}
	chapter.count = (size_t)(end - first);
	chapter.segments = fm_arena_array(arena, chapter.count, sizeof *chapter.segments);
	for (uint64_t i = first; i < end; i++)
		chapter.segments[i - first].text =
			as_they_are ? as_is(user, i, arena) : shuffled(user, seed, i, arena);
	return chapter;
}
