#include "cli/command.h"

#include <string.h>

#include "base/file.h"
#include "base/num.h"
#include "cli/corpus_check.h"
#include "corpus/corpus.h"
#include "corpus/measure.h"
#include "task/task.h"

#define TEXT_BYTES_MAX ((size_t)1 << 20)
#define PAGE_BYTES 12500 /* some 2,000 words */
#define NEEDLES 16       /* that are held against the text, of each task */

struct corpus_settings {
	uint64_t seed;
	uint64_t from;
	const char *as;
	bool is_long;
};

#define AT(field, type) FM_AT(struct corpus_settings, field, type)

static const struct fm_opt opts[] = {
	{FM_OPT_NUMBER, 0, "seed", "N",    AT(seed,    uint64_t),     "7",    "the seed of a pack's text",    NULL},
	{FM_OPT_NUMBER, 0, "from", "N",    AT(from,    uint64_t),     "0",    "the chapter to begin at",      NULL},
	{FM_OPT_TEXT,   0, "as",   "KIND", AT(as,      const char *), "auto",
         "words, characters (Chinese) or lines",							      NULL},
	{FM_OPT_FLAG,   0, "long", NULL,   AT(is_long, bool),         NULL,   "over 46 MB too: some seconds",
         NULL												     },
};

static enum fm_code list_packs(struct fm_call *call, struct fm_err *err)
{
	struct fm_pack_about *packs = NULL;
	size_t count = 0;
	struct fm_buf buf;
	struct fm_json_writer w = {.buf = &buf};
	enum fm_code rc = fm_corpus_packs(call->arena, &packs, &count, err);

	if (rc != FM_OK)
		return rc;
	fm_buf_init(&buf, TEXT_BYTES_MAX);
	fm_json_list(&w, NULL);
	for (size_t i = 0; i < count && call->common.json; i++) {
		fm_json_object(&w, NULL);
		fm_json_string(&w, "name", packs[i].name);
		fm_json_string(&w, "about", packs[i].about);
		fm_json_bool(&w, "repeats", packs[i].repeats);
		fm_json_end_object(&w);
	}
	fm_json_end_list(&w);
	fm_buf_putc(&buf, '\n');
	if (!call->common.json) {
		fm_buf_clear(&buf);
		for (size_t i = 0; i < count; i++)
			fm_buf_putf(&buf, "%-14s %s%s\n", packs[i].name, packs[i].about,
			            packs[i].repeats ? "; repeats" : "");
	}
	rc = fm_tell(fm_buf_span(&buf), err);
	fm_buf_free(&buf);
	return rc;
}

/* Whole segments from a chapter on, until there are `bytes`, or the corpus ends. */
static enum fm_code write_text(const struct fm_corpus *corpus, const struct corpus_settings *s,
                               uint64_t bytes, int fd, uint64_t *ret_bytes, struct fm_err *err)
{
	struct fm_arena arena = {0};
	uint64_t done = 0;
	enum fm_code rc = FM_OK;

	for (uint64_t number = s->from; done < bytes && rc == FM_OK; number++) {
		struct fm_chapter chapter;

		fm_arena_reset(&arena);
		rc = fm_corpus_chapter(corpus, s->seed, number, &arena, &chapter, err);
		if (rc != FM_OK || chapter.count == 0)
			break;
		for (size_t i = 0; i < chapter.count && done < bytes && rc == FM_OK; i++) {
			rc = fm_file_write_fd(fd, chapter.segments[i].text, err);
			done += chapter.segments[i].text.len;
		}
	}
	fm_arena_free(&arena);
	*ret_bytes = done;
	return rc;
}

static enum fm_code make_text(const struct fm_corpus *corpus, const struct corpus_settings *s,
                              uint64_t bytes, struct fm_map *ret_map, struct fm_err *err)
{
	int fd = -1;
	uint64_t done = 0;
	enum fm_code rc = fm_file_temp(&fd, err);

	if (rc == FM_OK)
		rc = write_text(corpus, s, bytes, fd, &done, err);
	if (rc == FM_OK && done == 0)
		rc = fm_fail(err, FM_E_LIMIT, "it has no chapter %llu",
		             (unsigned long long)s->from);
	if (rc == FM_OK)
		rc = fm_map_fd(fd, done, ret_map, err);
	fm_fd_close(&fd);
	return rc;
}

/* Lead bytes of the three-byte forms that Han characters have, by a fifth of all bytes. */
static enum fm_measure_kind guess_kind(struct fm_span text)
{
	size_t han = 0;

	for (size_t i = 0; i < text.len; i++)
		han += (unsigned char)text.ptr[i] >= 0xe4 && (unsigned char)text.ptr[i] <= 0xe9;
	return han * 10 > text.len * 2 ? FM_MEASURE_CHARACTERS : FM_MEASURE_WORDS;
}

static enum fm_code choose_kind(const char *as, struct fm_span text, enum fm_measure_kind *ret_kind,
                                struct fm_err *err)
{
	static const char *const names[] = {"words", "characters", "lines"};

	*ret_kind = guess_kind(text);
	if (strcmp(as, "auto") == 0)
		return FM_OK;
	for (size_t i = 0; i < FM_COUNT(names); i++) {
		if (strcmp(as, names[i]) == 0) {
			*ret_kind = (enum fm_measure_kind)i;
			return FM_OK;
		}
	}
	return fm_fail(err, FM_E_USAGE, "--as is auto, words, characters or lines, not '%.40s'",
	               as);
}

/* A needle's key and value are in no text by design; what is around them should be. */
static struct fm_span without_key(struct fm_arena *arena, const struct fm_needle *needle)
{
	const struct fm_span parts[] = {needle->key, needle->value};
	struct fm_buf buf;
	struct fm_span text = needle->text;

	for (size_t i = 0; i < FM_COUNT(parts); i++) {
		const size_t at = fm_span_find(text, parts[i]);

		fm_buf_init(&buf, TEXT_BYTES_MAX);
		fm_buf_put(&buf, fm_span_first(text, at));
		fm_buf_putc(&buf, ' ');
		fm_buf_put(&buf, fm_span_skip(text, at + parts[i].len));
		text = fm_arena_copy(arena, fm_buf_span(&buf));
		fm_buf_free(&buf);
	}
	return text;
}

static enum fm_code look_at_task(struct fm_call *call, const char *task, struct fm_span text,
                                 enum fm_measure_kind kind, struct fm_needle_look *ret_look,
                                 struct fm_err *err)
{
	const struct fm_task_spec spec = {.name = task};
	struct fm_needle_look look = {.task = task};
	struct fm_task *opened = NULL;
	enum fm_code rc = fm_task_open(&spec, fm_corpora_folder(call->arena), &opened, err);

	if (rc != FM_OK)
		return rc;
	for (uint64_t seed = 1; seed <= NEEDLES; seed++) {
		struct fm_question question;
		struct fm_shine shine;

		fm_task_make(opened, seed, 500000, 0, call->arena, &question);
		fm_measure_shine(text, without_key(call->arena, &question.needles[0]), kind,
		                 &shine);
		look.sum.words += shine.words;
		look.sum.known += shine.known;
		fm_measure_shine(text, question.needles[0].text, kind, &shine);
		look.needles++;
		look.sum.shorter += shine.shorter;
		look.sum.sentences = shine.sentences;
		look.sum.with_digits = shine.with_digits;
		look.sum.has_digits = look.sum.has_digits || shine.has_digits;
	}
	fm_task_close(opened);
	*ret_look = look;
	return FM_OK;
}

/* What was found out about a corpus. */
struct findings {
	const char *name;
	enum fm_measure_kind kind;
	struct fm_measures window;
	struct fm_measures all; /* bytes is 0 when not asked for */
	struct fm_needle_look looks[2];
};

static enum fm_code measure_window(struct fm_call *call, const struct fm_corpus *corpus,
                                   struct findings *f, struct fm_err *err)
{
	static const char *const tasks[] = {"niah", "multikey"};
	const struct corpus_settings *s = call->settings;
	struct fm_measure_spec spec = {.units_max = FM_MEASURE_UNITS, .level = 19};
	struct fm_map map = {0};
	enum fm_code rc = make_text(corpus, s, FM_MEASURE_WINDOW_BYTES, &map, err);

	if (rc == FM_OK)
		rc = choose_kind(s->as, map.bytes, &f->kind, err);
	spec.kind = f->kind;
	if (rc == FM_OK)
		rc = fm_measure(map.bytes, &spec, &f->window, err);
	for (size_t i = 0; i < FM_COUNT(tasks) && rc == FM_OK; i++)
		rc = look_at_task(call, tasks[i], map.bytes, f->kind, &f->looks[i], err);
	fm_map_close(&map);
	return rc;
}

static enum fm_code measure_long(struct fm_call *call, const struct fm_corpus *corpus,
                                 struct findings *f, struct fm_err *err)
{
	const struct fm_measure_spec spec = {.kind = f->kind, .level = 12, .window_log = 27};
	struct fm_map map = {0};
	enum fm_code rc = make_text(corpus, call->settings, FM_MEASURE_LONG_BYTES, &map, err);

	if (rc == FM_OK)
		rc = fm_measure(map.bytes, &spec, &f->all, err);
	fm_map_close(&map);
	return rc;
}

static void put_people(const struct findings *f, struct fm_buf *buf)
{
	static const char *const units[] = {"words", "characters", "tokens"};
	char bytes[FM_NUM_TEXT_MAX];
	char count[FM_NUM_TEXT_MAX];

	fm_buf_putf(buf, "%s: %s bytes, %s %s\n\n", f->name, fm_num_grouped(f->window.bytes, bytes),
	            fm_num_grouped(f->window.units, count), units[f->kind]);
	fm_buf_putf(buf, "  %-30s %9s   %-12s %s\n", "", "here", "real", "aim");
	fm_corpus_check_table(&f->window, f->kind, false, buf);
	if (f->all.bytes > 0) {
		fm_buf_putf(buf, "\n  over %s bytes\n", fm_num_grouped(f->all.bytes, bytes));
		fm_corpus_check_table(&f->all, f->kind, true, buf);
	}
	fm_buf_putc(buf, '\n');
	for (size_t i = 0; i < FM_COUNT(f->looks); i++)
		fm_corpus_check_needles(&f->looks[i], buf);
}

static void put_json(const struct findings *f, struct fm_buf *buf)
{
	struct fm_json_writer w = {.buf = buf};

	fm_json_object(&w, NULL);
	fm_json_string(&w, "corpus", f->name);
	fm_corpus_check_json(&f->window, "window", &w);
	if (f->all.bytes > 0)
		fm_corpus_check_json(&f->all, "long", &w);
	fm_json_list(&w, "needles");
	for (size_t i = 0; i < FM_COUNT(f->looks); i++) {
		const struct fm_needle_look *look = &f->looks[i];

		fm_json_object(&w, NULL);
		fm_json_string(&w, "task", look->task);
		fm_json_u64(&w, "needles", look->needles);
		fm_json_u64(&w, "words", look->sum.words);
		fm_json_u64(&w, "known", look->sum.known);
		fm_json_u64(&w, "sentences", look->sum.sentences);
		fm_json_u64(&w, "shorter", look->sum.shorter / look->needles);
		fm_json_u64(&w, "with_digits", look->sum.with_digits);
		fm_json_end_object(&w);
	}
	fm_json_end_list(&w);
	fm_json_end_object(&w);
	fm_buf_putc(buf, '\n');
}

static enum fm_code check_corpus(struct fm_call *call, const char *name, struct fm_err *err)
{
	const struct corpus_settings *s = call->settings;
	const struct fm_corpus_spec spec = {.name = name};
	struct findings f = {.name = name};
	struct fm_corpus *corpus = NULL;
	struct fm_buf buf;
	enum fm_code rc = fm_corpus_open(&spec, &corpus, err);

	fm_buf_init(&buf, TEXT_BYTES_MAX);
	if (rc == FM_OK)
		rc = measure_window(call, corpus, &f, err);
	if (rc == FM_OK && s->is_long)
		rc = measure_long(call, corpus, &f, err);
	if (rc == FM_OK) {
		if (call->common.json)
			put_json(&f, &buf);
		else
			put_people(&f, &buf);
		rc = fm_tell(fm_buf_span(&buf), err);
	}
	fm_corpus_close(corpus);
	fm_buf_free(&buf);
	return rc;
}

/* Whole paragraphs where there are such, so that a page can be read. */
static enum fm_code show_page(struct fm_call *call, const char *name, struct fm_err *err)
{
	const struct fm_corpus_spec spec = {.name = name};
	struct fm_corpus *corpus = NULL;
	struct fm_map map = {0};
	enum fm_code rc = fm_corpus_open(&spec, &corpus, err);

	if (rc == FM_OK)
		rc = make_text(corpus, call->settings, 4 * (uint64_t)PAGE_BYTES, &map, err);
	if (rc == FM_OK) {
		struct fm_span page = map.bytes;

		if (page.len > PAGE_BYTES) {
			const struct fm_span rest = fm_span_skip(page, PAGE_BYTES);

			page.len = PAGE_BYTES + fm_span_find(rest, fm_span_of("\n\n"));
		}
		rc = fm_tell(fm_span_trim(page), err);
	}
	if (rc == FM_OK)
		rc = fm_tell(fm_span_of("\n"), err);
	fm_map_close(&map);
	fm_corpus_close(corpus);
	return rc;
}

static int run(struct fm_call *call)
{
	const struct fm_opt_result *args = &call->args;
	struct fm_err err = {0};
	enum fm_code rc;

	if (args->operand_count == 0 ||
	    (args->operand_count == 1 && strcmp(args->operands[0], "list") == 0))
		rc = list_packs(call, &err);
	else if (args->operand_count == 2 && strcmp(args->operands[0], "check") == 0)
		rc = check_corpus(call, args->operands[1], &err);
	else if (args->operand_count == 2 && strcmp(args->operands[0], "show") == 0)
		rc = show_page(call, args->operands[1], &err);
	else
		rc = fm_fail(&err, FM_E_USAGE,
		             "corpus: say list, or check or show and a name or path");
	return rc == FM_OK ? FM_EXIT_OK : fm_call_fail(&err, "fathom corpus -h");
}

const struct fm_command fm_command_corpus = {
	.name = "corpus",
	.about = "filler: list packs; measure a corpus beside real text",
	.operands = "[list | check NAME | show NAME]",
	.examples = "  fathom corpus list\n"
		    "  fathom corpus check prose-en --seed 3\n"
		    "  fathom corpus show prose-en --seed 3\n"
		    "  fathom corpus check essays/ --json\n",
	.words = "check takes 600 kB of a pack, a file or a folder and prints its statistics\n"
		 "beside those of real text, with what a pack should reach: how far it can be\n"
		 "compressed, how many words it has, how often runs of words come back, how long\n"
		 "its sentences are. It says too what would make a needle shine: words that the\n"
		 "text does not have, a length or figures that its sentences do not have. show\n"
		 "prints a page to read.\n",
	.opts = opts,
	.opt_count = FM_COUNT(opts),
	.operand_max = 2,
	.settings_size = sizeof(struct corpus_settings),
	.run = run,
};
