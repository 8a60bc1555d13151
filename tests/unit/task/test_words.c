#include "task_support.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/macro.h"
#include "task/words_internal.h"

/* One change to a good file of words, and what is said about it. */
static struct fault {
	const char *name;
	const char *file;
	const char *from;
	const char *to;
	const char *says;
} faults[] = {
	{"a member nobody knows",    "niah",   "subjects:",   "subject:",               "niah.yaml:5:1: is not a name"},
	{"a member is missing",      "niah",   "version: 2",  "",                       "\"version\" is missing"      },
	{"another task's file",      "niah",   "task: niah",  "task: nihah",
         "niah.yaml:2:7: is not the task"									     },
	{"a version in words",       "niah",   "version: 2",  "version: one",
         "niah.yaml:3:10: is not a numb"									      },
	{"a needle without value",   "niah",   "is {value}.", "is.",                    ": a needle holds {subject}"  },
	{"a needle without stop",    "niah",   "is {value}.", "is {value}",             ": a needle is a sentence"    },
	{"a needle that is code",    "niah",   "- The {sub",  "- /The {sub",            ": a needle is a sentence"    },
	{"a value twice",            "niah",   "is {value}.", "is {value}{value}.",
         ": a needle holds {subject}"										 },
	{"a question that asks not", "niah",   "{key}?",      "{key}.",                 ": a question holds {subject}"},
	{"a list that is text",      "niah",   "questions:",  "questions: no\nneedle:", "must be a list"              },
	{"too few keys",             "common", "amber,",      "",                       ": has fewer than 64 words"   },
	{"a key with a capital",     "common", "amber,",      "Amber,",                 ": is not a word of small let"},
	{"a key twice",              "common", "amber,",      "azure,",                 ": stands there twice"        },
	{"no YAML",                  "common", "nouns: [",    "nouns: [[[",             "common.yaml:"                },
};

static struct {
	struct fm_arena arena;
	char folder[64];
} ground;

static struct fm_span changed(struct fm_span text, const char *from, const char *to)
{
	const struct fm_span part = fm_span_of(from);
	const size_t at = fm_span_find(text, part);
	const struct fm_span rest = fm_span_skip(text, at + part.len);

	assert_true(at < text.len);
	return fm_span_of(fm_arena_format(&ground.arena, "%.*s%s%.*s", (int)at, text.ptr, to,
	                                  FM_SPAN_ARGS(rest)));
}

/* Both files, `fault` in one of them, in a corpora folder of their own. */
static void write_words(const struct fault *fault)
{
	static const char *const files[] = {"common", "niah"};
	struct fm_err err;

	for (size_t i = 0; i < 2; i++) {
		const char *from = fm_arena_format(&ground.arena, "%s/tasks/%s.yaml",
		                                   own_corpora(&ground.arena), files[i]);
		const char *to =
			fm_arena_format(&ground.arena, "%s/tasks/%s.yaml", ground.folder, files[i]);
		struct fm_span text;

		assert_ok(fm_file_read(from, 1000000, &ground.arena, &text, &err), &err);
		if (strcmp(fault->file, files[i]) == 0)
			text = changed(text, fault->from, fault->to);
		assert_ok(fm_file_replace(to, text, &err), &err);
	}
}

static void test_fault(void **state)
{
	const struct fault *fault = *state;
	const struct fm_task_spec spec = {"niah", 0, FM_CONTROL_NONE};
	struct fm_task *task = NULL;
	struct fm_err err;

	write_words(fault);
	assert_int_equal(fm_task_open(&spec, ground.folder, &task, &err), FM_E_FORMAT);
	if (strstr(err.text, fault->says) == NULL)
		fail_msg("%s", err.text);
	assert_null(task);
}

static void test_no_file(void **state)
{
	const struct fm_task_spec spec = {"niah", 0, FM_CONTROL_NONE};
	struct fm_task *task = NULL;
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_task_open(&spec, "/nowhere", &task, &err), FM_E_IO);
	assert_true(fm_span_starts(fm_span_of(err.text), "/nowhere/tasks/common.yaml: "));
}

/* A changed word is another pack. */
static void test_digest(void **state)
{
	const struct fault change = {.file = "niah", .from = "The clerk", .to = "A clerk"};
	const struct fm_task_spec spec = {"niah", 0, FM_CONTROL_NONE};
	struct fm_task *task = task_open("niah", 0, FM_CONTROL_NONE);
	struct fm_task *other = NULL;
	struct fm_err err;

	(void)state;
	write_words(&change);
	assert_ok(fm_task_open(&spec, ground.folder, &other, &err), &err);
	assert_false(fm_id_equal(fm_task_pack(task), fm_task_pack(other)));
	fm_task_close(task);
	fm_task_close(other);
}

static bool holds_word(struct fm_span text, struct fm_span word)
{
	while (text.len > 0) {
		const size_t at = fm_span_find(text, word);

		if (at >= text.len)
			return false;
		if ((at == 0 || !fm_is_alnum(text.ptr[at - 1])) &&
		    (at + word.len == text.len || !fm_is_alnum(text.ptr[at + word.len])))
			return true;
		text = fm_span_skip(text, at + 1);
	}
	return false;
}

static void assert_none_in(const struct fm_words_list *list, struct fm_span text, const char *path)
{
	for (struct fm_span line; fm_span_split(&text, '\n', &line);)
		for (size_t i = 0; i < list->count; i++)
			if (holds_word(line, list->items[i]))
				fail_msg("%s holds the key word %.*s", path,
				         FM_SPAN_ARGS(list->items[i]));
}

static void assert_no_keys_in_pack(const char *pack, const struct fm_words *words)
{
	const char *folder =
		fm_arena_format(&ground.arena, "%s/%s", own_corpora(&ground.arena), pack);
	const char **names;
	size_t count;
	struct fm_err err;

	assert_ok(fm_folder_list(folder, &ground.arena, &names, &count, &err), &err);
	assert_true(count > 0);
	for (size_t i = 0; i < count; i++) {
		const char *path = fm_arena_format(&ground.arena, "%s/%s", folder, names[i]);
		struct fm_span text;

		assert_ok(fm_file_read(path, 10000000, &ground.arena, &text, &err), &err);
		assert_none_in(&words->adjectives, text, path);
		assert_none_in(&words->nouns, text, path);
	}
}

/* Where filler spoke of ambers and kestrels, a needle's key would be met by halves. */
static void test_keys_are_not_filler(void **state)
{
	static const char *const packs[] = {
		"prose-en", "dialogue-en", "prose-zh",    "code-c",        "code-py",
		"noise",    "logs",        "records-csv", "records-jsonl",
	};
	struct fm_words words;
	struct fm_err err;

	(void)state;
	assert_ok(fm_words_read(own_corpora(&ground.arena), "niah", &ground.arena, &words, &err),
	          &err);
	for (size_t i = 0; i < FM_COUNT(packs); i++)
		assert_no_keys_in_pack(packs[i], &words);
}

static void assert_avoided(const struct fm_words_list *list, struct fm_span keys)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].len >= 6 && !holds_word(keys, list->items[i]))
			fail_msg("keys.pack lacks %.*s", FM_SPAN_ARGS(list->items[i]));
}

/* Shorter words have too many neighbours; of the others no pack may have one. */
static void test_keys_are_avoided(void **state)
{
	const char *path =
		fm_arena_format(&ground.arena, "%s/tasks/keys.pack", own_corpora(&ground.arena));
	struct fm_words words;
	struct fm_span keys;
	struct fm_err err;

	(void)state;
	assert_ok(fm_words_read(own_corpora(&ground.arena), "niah", &ground.arena, &words, &err),
	          &err);
	assert_ok(fm_file_read(path, 10000000, &ground.arena, &keys, &err), &err);
	assert_avoided(&words.adjectives, keys);
	assert_avoided(&words.nouns, keys);
}

static int open_ground(void **state)
{
	struct fm_err err;

	(void)state;
	(void)snprintf(ground.folder, sizeof ground.folder, "/tmp/fathom-words-XXXXXX");
	assert_non_null(mkdtemp(ground.folder));
	assert_ok(fm_folder_make(fm_arena_format(&ground.arena, "%s/tasks", ground.folder), &err),
	          &err);
	return 0;
}

static int close_ground(void **state)
{
	const char *command = fm_arena_format(&ground.arena, "rm -rf '%s'", ground.folder);

	(void)state;
	assert_int_equal(system(command), 0);
	fm_arena_free(&ground.arena);
	return 0;
}

int main(void)
{
	struct CMUnitTest tests[3 + FM_COUNT(faults)] = {
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_keys_are_not_filler),
		cmocka_unit_test(test_keys_are_avoided),
	};

	for (size_t i = 0; i < FM_COUNT(faults); i++)
		tests[3 + i] =
			(struct CMUnitTest){faults[i].name, test_fault, NULL, NULL, &faults[i]};
	return cmocka_run_group_tests_name("task/words", tests, open_ground, close_ground) != 0;
}
