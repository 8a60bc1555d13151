#include "words_internal.h"

#include "base/file.h"
#include "base/num.h"
#include "text/nearest.h"
#include "text/yaml.h"

#define FILE_BYTES_MAX ((size_t)256 * 1024)
#define KEYS_MIN 64 /* adjectives, and nouns: 4,096 keys are enough for 1,000 in one document */

enum member_kind {
	MEMBER_TEXT,
	MEMBER_NAME, /* the task's own */
	MEMBER_VERSION,
	MEMBER_KEYS,    /* words of small letters, KEYS_MIN of them or more */
	MEMBER_PHRASES, /* what an answer is searched for */
	MEMBER_NEEDLES, /* hold {subject}, {key} and {value} */
	MEMBER_QUESTIONS,
};

struct member {
	const char *name;
	enum member_kind kind;
	void *to; /* a span, a number or a list, as the kind says */
};

struct reader {
	const char *path;
	const char *task;
	struct fm_arena *arena;
	struct fm_err *err;
};

static enum fm_code fail_at(const struct reader *reader, const struct fm_yaml *node,
                            const char *what)
{
	return fm_fail(reader->err, FM_E_FORMAT, "%s:%u:%u: %s", reader->path, node->line,
	               node->column, what);
}

static bool is_word(struct fm_span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < 'a' || text.ptr[i] > 'z')
			return false;
	return text.len > 1;
}

static bool holds_once(struct fm_span text, const char *what)
{
	const struct fm_span part = fm_span_of(what);
	const size_t at = fm_span_find(text, part);
	const struct fm_span rest = fm_span_skip(text, at + part.len);

	return at < text.len && fm_span_find(rest, part) == rest.len;
}

/* A needle begins like prose: '/' and white space are no start that counts add up at. */
static const char *fault_of_needle(struct fm_span text)
{
	if (!holds_once(text, "{subject}") || !holds_once(text, "{key}") ||
	    !holds_once(text, "{value}"))
		return "a needle holds {subject}, {key} and {value} once each";
	if (text.ptr[0] == '/' || text.ptr[0] == '{' || !fm_span_ends(text, "."))
		return "a needle is a sentence: it starts with a word and ends with a full stop";
	return NULL;
}

static const char *fault_of_item(enum member_kind kind, struct fm_span text)
{
	if (text.len == 0)
		return "is empty";
	if (kind == MEMBER_KEYS && !is_word(text))
		return "is not a word of small letters";
	if (kind == MEMBER_NEEDLES)
		return fault_of_needle(text);
	if (kind == MEMBER_QUESTIONS && (!holds_once(text, "{subject}") ||
	                                 !holds_once(text, "{key}") || !fm_span_ends(text, "?")))
		return "a question holds {subject} and {key} once each and ends with '?'";
	return NULL;
}

static bool stands_before(const struct fm_words_list *list, struct fm_span text)
{
	for (size_t i = 0; i < list->count; i++)
		if (fm_span_equal(list->items[i], text))
			return true;
	return false;
}

static enum fm_code read_list(const struct reader *reader, const struct member *member,
                              const struct fm_yaml *node)
{
	struct fm_words_list *list = member->to;

	if (node->kind != FM_YAML_LIST || node->count == 0)
		return fail_at(reader, node, "must be a list");
	if (member->kind == MEMBER_KEYS && node->count < KEYS_MIN)
		return fail_at(reader, node, "has fewer than 64 words");
	list->items = fm_arena_array(reader->arena, node->count, sizeof *list->items);
	list->count = 0;
	for (const struct fm_yaml *item = node->first; item != NULL; item = item->next) {
		const char *fault = item->kind != FM_YAML_SCALAR
		                            ? "must be text"
		                            : fault_of_item(member->kind, item->text);

		if (fault == NULL && stands_before(list, item->text))
			fault = "stands there twice";
		if (fault != NULL)
			return fail_at(reader, item, fault);
		list->items[list->count++] = item->text;
	}
	return FM_OK;
}

static enum fm_code read_member(const struct reader *reader, const struct member *member,
                                const struct fm_yaml *node)
{
	const bool is_list = member->kind >= MEMBER_KEYS;

	if (is_list)
		return read_list(reader, member, node);
	if (node->kind != FM_YAML_SCALAR)
		return fail_at(reader, node, "must be text");
	if (member->kind == MEMBER_NAME && !fm_span_is(node->text, reader->task))
		return fail_at(reader, node, "is not the task that the file is named after");
	if (member->kind == MEMBER_VERSION && !fm_num_u64(node->text, member->to))
		return fail_at(reader, node, "is not a number");
	if (member->kind == MEMBER_TEXT)
		*(struct fm_span *)member->to = fm_span_trim(node->text);
	return FM_OK;
}

static const struct member *member_named(const struct member *members, size_t count,
                                         struct fm_span name)
{
	for (size_t i = 0; i < count; i++)
		if (fm_span_is(name, members[i].name))
			return &members[i];
	return NULL;
}

static enum fm_code read_tree(const struct reader *reader, const struct fm_yaml *root,
                              const struct member *members, size_t count)
{
	enum fm_code rc = FM_OK;

	if (root->kind != FM_YAML_MAP)
		return fail_at(reader, root, "must be a map");
	for (const struct fm_yaml *node = root->first; node != NULL && rc == FM_OK;
	     node = node->next) {
		const struct member *member = member_named(members, count, node->key->text);

		rc = member == NULL ? fail_at(reader, node->key, "is not a name that is known here")
		                    : read_member(reader, member, node);
	}
	for (size_t i = 0; i < count && rc == FM_OK; i++)
		if (fm_yaml_get(root, members[i].name) == NULL)
			rc = fm_fail(reader->err, FM_E_FORMAT, "%s: \"%s\" is missing",
			             reader->path, members[i].name);
	return rc;
}

static enum fm_code read_file(struct reader *reader, const struct member *members, size_t count,
                              struct fm_hasher *hasher)
{
	struct fm_span bytes;
	struct fm_yaml *root;
	enum fm_code rc =
		fm_file_read(reader->path, FILE_BYTES_MAX, reader->arena, &bytes, reader->err);

	if (rc != FM_OK)
		return fm_err_prefix(reader->err, "%s", reader->path);
	rc = fm_yaml_read(bytes, reader->arena, &root, reader->err);
	if (rc != FM_OK) /* it begins with line and column */
		return fm_fail(reader->err, rc, "%s:%s", reader->path,
		               fm_arena_text(reader->arena, fm_span_of(reader->err->text)));
	fm_hasher_add(hasher, bytes);
	return read_tree(reader, root, members, count);
}

enum fm_code fm_words_read(const char *corpora_folder, const char *task, struct fm_arena *arena,
                           struct fm_words *ret_words, struct fm_err *err)
{
	struct fm_words words = {0};
	const struct member common[] = {
		{"system",      MEMBER_TEXT,    &words.system     },
		{"instruction", MEMBER_TEXT,    &words.instruction},
		{"adjectives",  MEMBER_KEYS,    &words.adjectives },
		{"nouns",       MEMBER_KEYS,    &words.nouns      },
		{"abstentions", MEMBER_PHRASES, &words.abstentions},
	};
	const struct member own[] = {
		{"task",      MEMBER_NAME,      NULL            },
		{"version",   MEMBER_VERSION,   &words.version  },
		{"subjects",  MEMBER_PHRASES,   &words.subjects },
		{"needles",   MEMBER_NEEDLES,   &words.needles  },
		{"questions", MEMBER_QUESTIONS, &words.questions},
	};
	struct reader reader = {.task = task, .arena = arena, .err = err};
	struct fm_hasher *hasher = fm_hasher_open();
	enum fm_code rc;

	reader.path = fm_arena_format(arena, "%s/tasks/common.yaml", corpora_folder);
	rc = read_file(&reader, common, FM_COUNT(common), hasher);
	if (rc == FM_OK) {
		reader.path = fm_arena_format(arena, "%s/tasks/%s.yaml", corpora_folder, task);
		rc = read_file(&reader, own, FM_COUNT(own), hasher);
	}
	words.digest = fm_hasher_id(hasher);
	fm_hasher_close(hasher);
	if (rc == FM_OK)
		*ret_words = words;
	return rc;
}
