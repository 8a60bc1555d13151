#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/macro.h"
#include "token/find_internal.h"
#include "token/tokenizers.h"

#define RANKS_BYTES_MAX 65536

/* Every test has a folder of its own, in which all caches lie. */
struct world {
	char folder[64];
	struct fm_arena arena;
	struct fm_counter_place place;
};

static const char *in(struct world *w, const char *path)
{
	return fm_arena_format(&w->arena, "%s/%s", w->folder, path);
}

static void write_text(struct world *w, const char *path, struct fm_span text)
{
	struct fm_err err = {0};
	const char *whole = in(w, path);
	const char *folder = fm_arena_text(
		&w->arena, fm_span_first(fm_span_of(whole), (size_t)(strrchr(whole, '/') - whole)));

	if (fm_folder_make(folder, &err) != FM_OK || fm_file_replace(whole, text, &err) != FM_OK)
		fail_msg("%s", err.text);
}

static void put_base64(struct fm_buf *buf, const unsigned char *bytes, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned word = 0;

	for (size_t i = 0; i < 3; i++)
		word = word << 8 | (i < len ? bytes[i] : 0U);
	for (size_t i = 0; i < 4; i++)
		fm_buf_put(buf,
		           fm_span_make(i <= len ? digits + (word >> (18 - 6 * i) & 63) : "=", 1));
}

/* A rank file: all bytes, and then those words of at most three letters. */
static void write_ranks(struct world *w, const char *path, const char *words)
{
	struct fm_span rest = fm_span_of(words);
	struct fm_span word;
	struct fm_buf buf;
	unsigned rank = 0;

	fm_buf_init(&buf, RANKS_BYTES_MAX);
	for (; rank < 256; rank++) {
		const unsigned char byte = (unsigned char)rank;

		put_base64(&buf, &byte, 1);
		fm_buf_putf(&buf, " %u\n", rank);
	}
	while (fm_span_split(&rest, ' ', &word)) {
		put_base64(&buf, (const unsigned char *)word.ptr, word.len);
		fm_buf_putf(&buf, " %u\n", rank++);
	}
	write_text(w, path, fm_buf_span(&buf));
	fm_buf_free(&buf);
}

static int enter(void **state)
{
	static struct world w;

	w = (struct world){.folder = "/tmp/fathom-find-XXXXXX"};
	if (mkdtemp(w.folder) == NULL)
		return 1;
	w.place.corpora_folder = in(&w, "corpora");
	w.place.cache_folder = in(&w, "cache");
	w.place.data_folder = in(&w, "data");
	(void)setenv("HF_HUB_CACHE", in(&w, "hub"), 1);
	(void)setenv("TIKTOKEN_CACHE_DIR", in(&w, "tiktoken"), 1);
	*state = &w;
	return 0;
}

static int leave(void **state)
{
	struct world *w = *state;
	char command[96];

	(void)snprintf(command, sizeof command, "rm -rf %s", w->folder);
	fm_arena_free(&w->arena);
	return system(command) != 0;
}

static enum fm_code open_name(struct world *w, const char *name, struct fm_counter **ret_counter,
                              struct fm_err *err)
{
	*ret_counter = NULL;
	return fm_counter_open(name, &w->place, ret_counter, err);
}

static uint64_t count_with(struct world *w, const char *name, const char *text)
{
	struct fm_counter *counter;
	struct fm_err err = {0};
	uint64_t tokens;

	if (open_name(w, name, &counter, &err) != FM_OK)
		fail_msg("%s: %s", name, err.text);
	tokens = fm_counter_count(counter, fm_span_of(text));
	fm_counter_close(counter);
	return tokens;
}

static void assert_refused(struct world *w, const char *name, enum fm_code code, const char *words)
{
	struct fm_counter *counter;
	struct fm_err err = {0};

	assert_int_equal(open_name(w, name, &counter, &err), code);
	assert_null(counter);
	if (strstr(err.text, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

static const char *add(struct world *w, const char *path, const char *name)
{
	const struct fm_tokenizer_spec spec = {in(w, path), name, "cl100k"};
	struct fm_tokenizer added = {0};
	struct fm_err err = {0};
	char digest[FM_ID_TEXT_MAX];

	if (fm_tokenizers_add(&spec, &w->place, &w->arena, &added, &err) != FM_OK)
		fail_msg("%s", err.text);
	return fm_arena_format(&w->arena, "%s@%s", added.name, fm_id_text(added.digest, digest));
}

static struct model_case {
	const char *name, *want;
	bool closed;
} models[] = {
	{"gpt-4.1-mini",                  "o200k",       false},
	{"openai/gpt-4o",                 "o200k",       false},
	{"GPT-5-nano",                    "o200k",       false},
	{"o3",			    "o200k",       false},
	{"gpt-oss:20b",                   "o200k",       false},
	{"gpt-4",			 "cl100k",      false},
	{"gpt-4-turbo-2024-04-09",        "cl100k",      false},
	{"gpt-3.5-turbo",                 "cl100k",      false},
	{"meta-llama/Llama-3.3-70B",      "llama-3",     false},
	{"meta-llama/llama-4-scout:free", "llama-4",     false},
	{"qwen/qwen3-8b",                 "qwen3",       false},
	{"qwen3.5-27b",                   "qwen3.5",     false},
	{"qwen3-max",                     NULL,          false},
	{"deepseek-reasoner",             "deepseek-v3", false},
	{"deepseek-r1-distill-llama-70b", NULL,          false},
	{"phi-4-mini-instruct",           "phi-4-mini",  false},
	{"phi-4",			 "phi-4",       false},
	{"anthropic/claude-opus-4.7",     NULL,          true },
	{"gemini-3-pro",                  NULL,          true },
	{"grok-4",			NULL,          true },
	{"perfect",		       NULL,          false},
	{"",			      NULL,          false},
};

static void test_model(void **state)
{
	const struct model_case *c = *state;
	const char *got = fm_tokenizers_of_model(c->name);

	if (c->want == NULL)
		assert_null(got);
	else
		assert_string_equal(got, c->want);
	assert_int_equal(fm_tokenizers_is_closed(c->name), c->closed);
}

static struct path_case {
	const char *path, *want;
} paths[] = {
	{"models/qwen3-8b/tokenizer.json",                          "qwen3-8b"    },
	{"/a/b/tekken.json",					"b"           },
	{"tokenizer.json",					  "tokenizer"   },
	{"./tokenizer.model",				       "tokenizer"   },
	{"/h/models--Qwen--Qwen3-8B/snapshots/ab12/tokenizer.json", "Qwen3-8B"    },
	{"my model (1)/tokenizer.json",                             "my-model--1-"},
	{"/n/tokenizer-q/models/tokenizer.json",                    "tokenizer-q" },
	{"../tokenizer.json",				       "tokenizer"   },
};

static void test_path_name(void **state)
{
	const struct path_case *c = *state;
	struct fm_arena arena = {0};

	assert_string_equal(fm_name_of_path(c->path, &arena), c->want);
	fm_arena_free(&arena);
}

/* A rank file does not say how to cut text: it is refused until a person does. */
static void test_rank_file(void **state)
{
	struct world *w = *state;

	write_ranks(w, "my.tiktoken", "ab abc");
	assert_refused(w, in(w, "my.tiktoken"), FM_E_FORMAT, "does not say how to cut text");
	assert_non_null(strstr(add(w, "my.tiktoken", NULL), "my@"));
	assert_int_equal(count_with(w, "my", "abcab"), 2);
	assert_refused(w, "r51k", FM_E_USAGE, "did you mean \"r50k\"?");
}

/* The compiled file serves when the vocabulary is gone; when both are gone, that is said. */
static void test_added_outlives_its_file(void **state)
{
	struct world *w = *state;
	const char *pinned;
	const char *listed[2];

	write_ranks(w, "my.tiktoken", "ab abc");
	pinned = add(w, "my.tiktoken", "mine");
	assert_int_equal(unlink(in(w, "my.tiktoken")), 0);
	assert_int_equal(count_with(w, "mine", "abcab"), 2);
	assert_int_equal(count_with(w, pinned, "abcab"), 2);
	listed[0] = fm_arena_format(&w->arena, "rm %s/data/tokenizers/*.tok", w->folder);
	assert_int_equal(system(listed[0]), 0);
	assert_refused(w, "mine", FM_E_IO, "my.tiktoken: cannot open");
	write_ranks(w, "my.tiktoken", "ab abd");
	assert_refused(w, "mine", FM_E_CHANGED, "which has changed since");
	write_ranks(w, "my.tiktoken", "ab abc");
	assert_int_equal(count_with(w, "mine", "abcab"), 2);
}

/* A name with a digest is that very tokenizer, wherever the name leads today. */
static void test_digest(void **state)
{
	struct world *w = *state;
	const char *old;
	const char *fresh;

	write_ranks(w, "a/my.tiktoken", "ab abc");
	write_ranks(w, "b/my.tiktoken", "ab");
	old = add(w, "a/my.tiktoken", "one");
	fresh = add(w, "b/my.tiktoken", "two");
	assert_int_equal(count_with(w, old, "abcab"), 2);
	assert_int_equal(count_with(w, fresh, "abcab"), 3);
	/* The digest of "one" behind the name "two", and behind one that is not there. */
	assert_refused(w, fm_arena_format(&w->arena, "two@%s", old + strlen("one@")), FM_E_CHANGED,
	               "the tokenizer two is ");
	assert_int_equal(
		count_with(w, fm_arena_format(&w->arena, "gone@%s", old + strlen("one@")), "abcab"),
		2);
	assert_refused(w, "one@00112233445566778899aabbccddeeff", FM_E_CHANGED, "is asked for");
	assert_refused(w, "gone@00112233445566778899aabbccddeeff", FM_E_CHANGED,
	               "fathom tokenizers add PATH");
}

/* A digest may be said as lists show it; what is none, or is no tokenizer's, is not passed over. */
static void test_short_digest(void **state)
{
	struct world *w = *state;
	struct fm_arena *arena = &w->arena;
	const char *mine;

	write_ranks(w, "my.tiktoken", "ab abc");
	mine = add(w, "my.tiktoken", "mine");
	assert_int_equal(count_with(w, fm_arena_format(arena, "%.21s", mine), "abcab"), 2);
	assert_int_equal(count_with(w, fm_arena_format(arena, "%.30s", mine), "abcab"), 2);
	assert_refused(w, fm_arena_format(arena, "%.20s", mine), FM_E_USAGE, "is no digest");
	assert_refused(w, "mine@0011223344556677", FM_E_CHANGED, "0011223344556677 is asked for");
	assert_refused(w, "mine@00000000000000000000000000000000", FM_E_CHANGED, "no tokenizer");
	assert_refused(w, "bytes/4@00000000000000000000000000000000", FM_E_CHANGED, "no tokenizer");
}

/* A compiled file of another vocabulary, under the name of this one's, is made anew. */
static void test_swapped_compiled(void **state)
{
	struct world *w = *state;
	const char *swap = fm_arena_format(&w->arena,
	                                   "cd %s/data/tokenizers && set -- *.tok && cp $1 x && "
	                                   "cp $2 $1 && cp x $2",
	                                   w->folder);

	write_ranks(w, "a.tiktoken", "ab abc");
	write_ranks(w, "b.tiktoken", "ab");
	(void)add(w, "a.tiktoken", "one");
	(void)add(w, "b.tiktoken", "two");
	assert_int_equal(system(swap), 0);
	assert_int_equal(count_with(w, "one", "abcab"), 2);
	assert_int_equal(count_with(w, "two", "abcab"), 3);
}

static struct known_case {
	const char *name, *want;
} known_names[] = {
	{"gpt-4",         "the name gpt-4 belongs to the rank file"    },
	{"O200K",         "the name O200K belongs to the rank file"    },
	{"gpt-4.1-mini",  "the name gpt-4.1-mini belongs to the rank"  },
	{"qwen2.5",       "the name qwen2.5 belongs to qwen2.5, with"  },
	{"llama-3",       "258 cut as cl100k: give another --name"     },
	{"Llama-3.3-70B", "the name Llama-3.3-70B belongs to llama-3, "},
};

/* Names of tokenizers and models that are published are for what is like them, or brought along. */
static void test_known_names(void **state)
{
	struct world *w = *state;
	struct fm_tokenizer_spec spec = {in(w, "my.tiktoken"), NULL, "cl100k"};
	struct fm_tokenizer added;
	struct fm_err err = {0};

	write_ranks(w, "my.tiktoken", "ab abc");
	for (size_t i = 0; i < FM_COUNT(known_names); i++) {
		spec.name = known_names[i].name;
		assert_int_equal(fm_tokenizers_add(&spec, &w->place, &w->arena, &added, &err),
		                 FM_E_CHANGED);
		if (strstr(err.text, known_names[i].want) == NULL)
			fail_msg("\"%s\" does not say \"%s\"", err.text, known_names[i].want);
	}
}

/* A record under a name that is brought along, however it came there, leads nowhere. */
static void test_shadowing_record(void **state)
{
	struct world *w = *state;
	const struct fm_tokenizer_spec spec = {in(w, "b.tiktoken"), NULL, "cl100k"};
	struct fm_err err = {0};
	const char *move = fm_arena_format(
		&w->arena, "cd %s/data/tokenizers && cp mine.added cl100k.added", w->folder);

	write_ranks(w, "a.tiktoken", "ab abc");
	write_ranks(w, "b.tiktoken", "ab");
	(void)add(w, "a.tiktoken", "mine");
	assert_int_equal(system(move), 0);
	assert_int_equal(fm_folder_make(in(w, "corpora/tokenizers"), &err), FM_OK);
	assert_int_equal(
		fm_tokenizers_pack(&spec, in(w, "corpora/tokenizers/cl100k.tok.zst"), &err), FM_OK);
	assert_int_equal(count_with(w, "cl100k", "abcab"), 3);
	assert_int_equal(count_with(w, "gpt-4", "abcab"), 3);
}

/* An emptied cache takes no name away; what is removed is gone, and its name free. */
static void test_remove(void **state)
{
	struct world *w = *state;
	struct fm_err err = {0};
	const char *cache = fm_arena_format(&w->arena, "rm -rf %s/cache", w->folder);
	const char *left =
		fm_arena_format(&w->arena, "ls %s/data/tokenizers | grep -q .", w->folder);

	write_ranks(w, "a.tiktoken", "ab abc");
	write_ranks(w, "b.tiktoken", "ab");
	(void)add(w, "a.tiktoken", "one");
	(void)add(w, "a.tiktoken", "same");
	assert_int_equal(unlink(in(w, "a.tiktoken")), 0);
	assert_int_equal(system(cache), 0);
	assert_int_equal(fm_tokenizers_remove("one", &w->place, &err), FM_OK);
	assert_refused(w, "one", FM_E_USAGE, "no tokenizer is named");
	assert_int_equal(count_with(w, "same", "abcab"), 2);
	(void)add(w, "b.tiktoken", "one");
	assert_int_equal(count_with(w, "one", "abcab"), 3);
	assert_int_equal(fm_tokenizers_remove("one", &w->place, &err), FM_OK);
	assert_int_equal(fm_tokenizers_remove("one", &w->place, &err), FM_E_USAGE);
	assert_int_equal(fm_tokenizers_remove("../one", &w->place, &err), FM_E_USAGE);
	assert_int_equal(fm_tokenizers_remove("same", &w->place, &err), FM_OK);
	assert_int_not_equal(system(left), 0);
}

static void test_taken_names(void **state)
{
	struct world *w = *state;
	struct fm_tokenizer_spec spec = {NULL, "mine", "cl100k"};
	struct fm_tokenizer added;
	struct fm_err err = {0};

	write_ranks(w, "a.tiktoken", "ab abc");
	write_ranks(w, "b.tiktoken", "ab");
	(void)add(w, "a.tiktoken", "mine");
	(void)add(w, "a.tiktoken", "mine"); /* the same once more changes nothing */
	spec.path = in(w, "b.tiktoken");
	assert_int_equal(fm_tokenizers_add(&spec, &w->place, &w->arena, &added, &err),
	                 FM_E_CHANGED);
	assert_non_null(strstr(err.text, "the name mine is taken by "));
	spec.name = "o200k_base";
	assert_int_equal(fm_tokenizers_add(&spec, &w->place, &w->arena, &added, &err),
	                 FM_E_CHANGED);
	assert_non_null(strstr(err.text, "the name o200k_base belongs to the rank file"));
	spec.name = "../mine";
	assert_int_equal(fm_tokenizers_add(&spec, &w->place, &w->arena, &added, &err), FM_E_USAGE);
	spec = (struct fm_tokenizer_spec){in(w, "b.tiktoken"), "b", "cl200k"};
	assert_int_equal(fm_tokenizers_add(&spec, &w->place, &w->arena, &added, &err), FM_E_USAGE);
	assert_non_null(strstr(err.text, "no scheme is named \"cl200k\""));
	spec.scheme = NULL;
	assert_int_equal(fm_tokenizers_add(&spec, &w->place, &w->arena, &added, &err), FM_E_FORMAT);
	w->place.data_folder = NULL;
	assert_int_equal(fm_tokenizers_add(&spec, &w->place, &w->arena, &added, &err), FM_E_USAGE);
}

/* Damage in a compiled file is found, and it is made anew. */
static void test_damaged_cache(void **state)
{
	struct world *w = *state;
	const char *damage =
		fm_arena_format(&w->arena,
	                        "for f in %s/data/tokenizers/*.tok; do printf XX | dd of=$f bs=1 "
	                        "seek=5000 conv=notrunc 2>/dev/null; done",
	                        w->folder);
	const char *cut = fm_arena_format(
		&w->arena, "for f in %s/data/tokenizers/*.tok; do : >$f; done", w->folder);

	write_ranks(w, "my.tiktoken", "ab abc");
	(void)add(w, "my.tiktoken", "mine");
	assert_int_equal(system(damage), 0);
	assert_int_equal(count_with(w, "mine", "abcab"), 2);
	assert_int_equal(system(cut), 0);
	assert_int_equal(count_with(w, "mine", "abcab"), 2);
	write_text(w, "data/tokenizers/mine.added", fm_span_of("{}"));
	assert_refused(w, "mine", FM_E_FORMAT, "is no record of a tokenizer");
}

/* Without a cache that can be written a tokenizer serves all the same; it was brought along. */
static void test_no_cache(void **state)
{
	struct world *w = *state;
	const struct fm_tokenizer_spec spec = {in(w, "my.tiktoken"), NULL, "cl100k"};
	const char *packed = in(w, "corpora/tokenizers/cl100k.tok.zst");
	struct fm_err err = {0};

	write_ranks(w, "my.tiktoken", "ab abc");
	write_text(w, "cache", fm_span_of("a file, where a folder should be"));
	assert_int_equal(fm_folder_make(in(w, "corpora/tokenizers"), &err), FM_OK);
	if (fm_tokenizers_pack(&spec, packed, &err) != FM_OK)
		fail_msg("%s", err.text);
	assert_int_equal(count_with(w, "cl100k", "abcab"), 2);
	assert_int_equal(count_with(w, packed, "abcab"), 2);
	w->place.cache_folder = NULL;
	assert_int_equal(count_with(w, "gpt-4", "abcab"), 2);
	write_text(w, "m/tokenizer.json", fm_span_of("{\"version\":\"1.0\",\"model\":{}}"));
	assert_refused(w, in(w, "m"), FM_E_FORMAT, "m/tokenizer.json: ");
	assert_int_equal(fm_tokenizers_pack(&spec, in(w, "no/such"), &err), FM_E_IO);
}

static struct form_case {
	const char *name, *bytes, *want;
} forms[] = {
	{"empty",      "",					"is empty"                },
	{"words",      "one two three\n",                         "is no vocabulary"        },
	{"gguf",       "GGUF\x03",				"is a GGUF file"          },
	{"other json", "{\"architectures\":[],\"vocab_size\":3}", "neither a tokenizer.json"},
	{"not json",   "{\"model\"",                              "json: "                  },
	{"a mark",     "\xef\xbb\xbf{}",                          "a byte order mark"       },
	{"cut short",  "IQ== 0\nIg== 1\nI",                       "line 3"                  },
	{"a list",     "[1]",				     "is no vocabulary"        },
};

static void test_form(void **state)
{
	const struct form_case *c = &forms[0];
	struct world *w = *state;

	for (; c < forms + FM_COUNT(forms); c++) {
		write_text(w, "f.json", fm_span_of(c->bytes));
		assert_refused(w, in(w, "f.json"), FM_E_FORMAT, c->want);
	}
	assert_refused(w, "openai/gpt-4o", FM_E_USAGE, "did you mean \"gpt-4o\"?");
	assert_refused(w, "org/none", FM_E_USAGE, "Hugging Face's cache");
	assert_int_equal(mkfifo(in(w, "ff"), 0600), 0);
	assert_refused(w, in(w, "ff"), FM_E_USAGE, "ff is neither a file nor a folder");
	assert_refused(w, in(w, "none.json"), FM_E_USAGE, "there is no tokenizer ");
	assert_refused(w, in(w, "."), FM_E_USAGE, "no vocabulary is in ");
}

/* tiktoken's cache is anyone's to write: a file that is not the pinned one is passed over. */
static void test_caches_of_others(void **state)
{
	struct world *w = *state;

	write_ranks(w, "tiktoken/0ea1e91bbb3a60f729a8dc8f777fd2fc07cd8df4", "ab");
	assert_refused(w, "r50k", FM_E_USAGE, "the tokenizer r50k is not here");
	assert_refused(w, "gpt2", FM_E_USAGE, "fathom tokenizers add r50k_base.tiktoken");
	write_text(w, "hub/models--Qwen--Qwen3-8B/refs/main", fm_span_of("b\n"));
	write_text(w, "hub/models--Qwen--Qwen3-8B/snapshots/a/tokenizer.json", fm_span_of("[old]"));
	write_text(w, "hub/models--Qwen--Qwen3-8B/snapshots/b/tokenizer.json", fm_span_of("[new]"));
	assert_refused(w, "qwen3", FM_E_FORMAT, "snapshots/b/tokenizer.json: is no vocabulary");
	assert_refused(w, "qwen/qwen3-8b", FM_E_FORMAT, "snapshots/b/tokenizer.json: ");
	assert_refused(w, "Qwen/Qwen3-8B", FM_E_FORMAT, "snapshots/b/tokenizer.json: ");
	assert_refused(w, "Qwen/Qwen3-9B", FM_E_USAGE, "nor a model in Hugging Face's cache");
	assert_refused(w, "claude-sonnet", FM_E_USAGE, "can only be calibrated");
}

static const struct fm_tokenizer *row_of(const struct fm_tokenizer *list, size_t count,
                                         const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].name, name) == 0)
			return &list[i];
	fail_msg("%s is not listed", name);
	return NULL;
}

static void test_list(void **state)
{
	struct world *w = *state;
	struct fm_tokenizer *list = NULL;
	size_t count = 0;

	write_ranks(w, "my.tiktoken", "ab abc");
	(void)add(w, "my.tiktoken", "mine");
	write_text(w, "hub/models--org--Own/snapshots/a/tokenizer.json", fm_span_of("{}"));
	fm_tokenizers_list(&w->place, &w->arena, &list, &count);
	for (size_t i = 1; i < count; i++)
		assert_true(strcmp(list[i - 1].name, list[i].name) < 0);
	assert_string_equal(row_of(list, count, "mine")->from, "added");
	assert_false(fm_id_is_none(row_of(list, count, "mine")->digest));
	assert_string_equal(row_of(list, count, "org/Own")->from, "Hugging Face's cache");
	assert_true(fm_id_is_none(row_of(list, count, "org/Own")->digest));
	assert_null(row_of(list, count, "claude")->path);
	assert_non_null(row_of(list, count, "claude")->how);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
	struct CMUnitTest tests[14 + FM_COUNT(models) + FM_COUNT(paths)] = {
		WITH_WORLD(test_rank_file),
		WITH_WORLD(test_added_outlives_its_file),
		WITH_WORLD(test_digest),
		WITH_WORLD(test_taken_names),
		WITH_WORLD(test_damaged_cache),
		WITH_WORLD(test_no_cache),
		WITH_WORLD(test_form),
		WITH_WORLD(test_caches_of_others),
		WITH_WORLD(test_list),
		WITH_WORLD(test_short_digest),
		WITH_WORLD(test_swapped_compiled),
		WITH_WORLD(test_known_names),
		WITH_WORLD(test_shadowing_record),
		WITH_WORLD(test_remove),
	};
	size_t at = 14;

	for (size_t i = 0; i < FM_COUNT(models); i++)
		tests[at++] =
			(struct CMUnitTest){models[i].name, test_model, NULL, NULL, &models[i]};
	for (size_t i = 0; i < FM_COUNT(paths); i++)
		tests[at++] =
			(struct CMUnitTest){paths[i].path, test_path_name, NULL, NULL, &paths[i]};
	return cmocka_run_group_tests_name("token/find", tests, NULL, NULL) != 0;
}
