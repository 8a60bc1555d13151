#include "cli/corpus_shine.h"

#include "cli/lookalike.h"
#include "corpus/corpus.h"
#include "task/task.h"

/* What makes a needle shine: looks by which it is found without being read for. */

#define NEEDLES 16 /* that are held against the text, of each task */
#define TEXT_BYTES_MAX ((size_t)1 << 20)
#define PERCENT 10000 /* of ppm */

/* Two in a hundred sentences: what fewer of them have tells a needle by itself. */
#define RARE_PPM (2 * PERCENT)
#define KNOWN_PERCENT_MIN 90 /* of its words but key and value */
#define DIGITS_TIMES 10      /* of the share that the text has */

/* Marks that tokenizers of models take for one token when they are not read as plain text. */
static const char *const special[] = {
	"<s>",      "</s>",        "[INST]",          "[/INST]",       "<think>",
	"</think>", "<tool_call>", "<start_of_turn>", "<end_of_turn>",
};

/* A needle's key and value are in no text by design; what is around them should be. */
static struct fm_span without_key(struct fm_arena *arena, const struct fm_needle *needle)
{
	const struct fm_span parts[] = {needle->key, needle->value};
	struct fm_span text = needle->text;

	for (size_t i = 0; i < FM_COUNT(parts); i++) {
		const size_t at = fm_span_find(text, parts[i]);
		struct fm_buf buf;

		fm_buf_init(&buf, TEXT_BYTES_MAX);
		fm_buf_put(&buf, fm_span_first(text, at));
		fm_buf_putc(&buf, ' ');
		fm_buf_put(&buf, fm_span_skip(text, at + parts[i].len));
		text = fm_arena_copy(arena, fm_buf_span(&buf));
		fm_buf_free(&buf);
	}
	return text;
}

static enum fm_code shine_task(const char *name, struct fm_span text, enum fm_measure_kind kind,
                               struct fm_arena *arena, struct fm_shine *ret_shine,
                               struct fm_err *err)
{
	const struct fm_task_spec spec = {.name = name};
	struct fm_shine_needle needles[NEEDLES];
	struct fm_task *task = NULL;
	enum fm_code rc = fm_task_open(&spec, fm_corpora_folder(arena), &task, err);

	if (rc != FM_OK)
		return rc;
	for (size_t i = 0; i < NEEDLES; i++) {
		const struct fm_make_spec make = {.value_seed = i + 1, .depth_ppm = 500000};
		struct fm_question question;

		rc = fm_task_make(task, &make, arena, &question, err);
		if (rc != FM_OK)
			break;
		needles[i].text = question.needles[0].text;
		needles[i].bare = without_key(arena, &question.needles[0]);
	}
	if (rc == FM_OK)
		fm_measure_shine(text, kind, needles, NEEDLES, ret_shine);
	fm_task_close(task);
	return rc;
}

static void add_lookalike(struct fm_corpus_shine *shine, const char *mark, uint64_t at_bytes)
{
	if (shine->lookalike == NULL || at_bytes < shine->lookalike_at_bytes) {
		shine->lookalike = mark;
		shine->lookalike_at_bytes = at_bytes;
	}
	shine->lookalikes++;
}

/* "<|name|>" of any name, and those that are known by heart. */
static void find_lookalikes(struct fm_span text, struct fm_arena *arena,
                            struct fm_corpus_shine *shine)
{
	for (size_t from = 0; from < text.len;) {
		struct fm_lookalike look = {0};

		fm_lookalike_feed(&look, fm_span_skip(text, from));
		if (!look.found)
			break;
		add_lookalike(shine, fm_arena_text(arena, fm_span_make(look.text, look.len)),
		              from + look.at_bytes);
		from += (size_t)look.at_bytes + look.len;
	}
	for (size_t i = 0; i < FM_COUNT(special); i++) {
		const struct fm_span mark = fm_span_of(special[i]);

		for (size_t from = 0; from < text.len; from += mark.len) {
			from += fm_span_find(fm_span_skip(text, from), mark);
			if (from < text.len)
				add_lookalike(shine, special[i], from);
		}
	}
}

enum fm_code fm_corpus_shine(struct fm_span text, enum fm_measure_kind kind, struct fm_arena *arena,
                             struct fm_corpus_shine *ret_shine, struct fm_err *err)
{
	static const char *const names[FM_SHINE_TASKS] = {"niah", "multikey"};
	struct fm_corpus_shine shine = {0};
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < FM_SHINE_TASKS && rc == FM_OK; i++) {
		shine.tasks[i].task = names[i];
		rc = shine_task(names[i], text, kind, arena, &shine.tasks[i].shine, err);
	}
	find_lookalikes(text, arena, &shine);
	*ret_shine = shine;
	return rc;
}

static unsigned percent_known(const struct fm_shine *s)
{
	return s->words == 0 ? 100 : (unsigned)((s->words - s->unknown) * 100 / s->words);
}

static void put_milli(uint64_t milli, struct fm_buf *buf)
{
	fm_buf_putf(buf, "%llu.%llu", (unsigned long long)(milli / 1000),
	            (unsigned long long)(milli / 100 % 10));
}

static void put_percent(uint64_t ppm, struct fm_buf *buf)
{
	put_milli(ppm / 10, buf);
	fm_buf_puts(buf, " %");
}

static void put_looks(const struct fm_shine *s, const char *unit, struct fm_buf *buf)
{
	fm_buf_puts(buf, "    length      ");
	put_milli(s->units_milli, buf);
	fm_buf_putf(buf, " %s; here ", unit);
	put_milli(s->sentence_milli, buf);
	fm_buf_puts(buf, ", and ");
	put_percent(s->shorter_ppm, buf);
	fm_buf_puts(buf, " of sentences are shorter\n    digits      ");
	put_percent(s->digits_ppm, buf);
	fm_buf_puts(buf, " of its characters; here ");
	put_percent(s->text_digits_ppm, buf);
	fm_buf_puts(buf, ", and ");
	put_percent(s->with_digits_ppm, buf);
	fm_buf_puts(buf, " of sentences have some\n    here too    ");
	put_percent(s->with_quotes_ppm, buf);
	fm_buf_puts(buf, " of sentences have quotation marks, ");
	put_percent(s->with_codes_ppm, buf);
	fm_buf_puts(buf, " codes\n");
}

static void put_task(const char *name, const struct fm_shine *s, const char *unit,
                     struct fm_buf *buf)
{
	fm_buf_putf(buf, "  a needle of %s\n    words       %u %% of them stand here", name,
	            percent_known(s));
	for (size_t i = 0; i < s->example_count && i < 4; i++)
		fm_buf_putf(buf, "%s %.*s", i == 0 ? "; not:" : ",", FM_SPAN_ARGS(s->examples[i]));
	fm_buf_putc(buf, '\n');
	put_looks(s, unit, buf);
}

struct warning {
	bool is_so;
	const char *text;
};

static unsigned put_warnings(const char *task, const struct fm_shine *s, struct fm_buf *buf)
{
	const bool few_digits = s->with_digits_ppm < RARE_PPM;
	const bool few_quotes = s->with_quotes_ppm < RARE_PPM;
	const bool poor = s->digits_ppm > DIGITS_TIMES * s->text_digits_ppm;
	const struct warning warnings[] = {
		{percent_known(s) < KNOWN_PERCENT_MIN,      "words: the text does not use them"         },
		{s->shorter_ppm < RARE_PPM,                 "length: hardly a sentence is as short"     },
		{s->shorter_ppm > 100 * PERCENT - RARE_PPM, "length: hardly a sentence is as long"      },
		{s->has_digits && few_digits,               "digits: hardly a sentence has any"         },
		{!few_digits && poor,                       "digits: the text around it has far fewer"  },
		{s->has_quotes && few_quotes,               "quotation marks: hardly a sentence has any"},
	};
	unsigned count = 0;

	for (size_t i = 0; i < FM_COUNT(warnings); i++) {
		if (!warnings[i].is_so)
			continue;
		fm_buf_putf(buf, "  ! %s%sit is told by its %s\n", task,
		            task[0] == '\0' ? "" : ": ", warnings[i].text);
		count++;
	}
	return count;
}

/* Tasks that share their wordings look alike, and are told of once. */
static bool is_same(const struct fm_shine *a, const struct fm_shine *b)
{
	return a->words == b->words && a->unknown == b->unknown &&
	       a->units_milli == b->units_milli && a->digits_ppm == b->digits_ppm &&
	       a->has_quotes == b->has_quotes;
}

static unsigned put_tasks(const struct fm_corpus_shine *shine, const char *unit, struct fm_buf *buf)
{
	const struct fm_shine *first = &shine->tasks[0].shine;
	const struct fm_shine *second = &shine->tasks[1].shine;
	const bool same = is_same(first, second);
	struct fm_buf name;
	unsigned warnings;

	fm_buf_init(&name, 64);
	fm_buf_putf(&name, "%s%s%s", shine->tasks[0].task, same ? " or " : "",
	            same ? shine->tasks[1].task : "");
	put_task(fm_buf_text(&name), first, unit, buf);
	if (!same)
		put_task(shine->tasks[1].task, second, unit, buf);
	fm_buf_puts(buf, "    value       a code like 7KQ2M9XD4, which no corpus should have\n\n");
	warnings = put_warnings(same ? "" : shine->tasks[0].task, first, buf);
	if (!same)
		warnings += put_warnings(shine->tasks[1].task, second, buf);
	fm_buf_free(&name);
	return warnings;
}

void fm_corpus_shine_table(const struct fm_corpus_shine *shine, const struct fm_measures *measures,
                           const char *unit, struct fm_buf *buf)
{
	unsigned warnings;

	fm_buf_puts(buf, "\n  what makes a needle shine\n");
	warnings = put_tasks(shine, unit, buf);
	if (measures->repeated * 100 > measures->sentences) {
		fm_buf_putf(buf,
		            "  ! %llu of %llu sentences stood before: what stands once is told by "
		            "that\n",
		            (unsigned long long)measures->repeated,
		            (unsigned long long)measures->sentences);
		warnings++;
	}
	if (shine->lookalikes > 0) {
		fm_buf_putf(buf,
		            "  ! %llu look-alikes of special tokens; the first, %s, at byte %llu\n",
		            (unsigned long long)shine->lookalikes, shine->lookalike,
		            (unsigned long long)shine->lookalike_at_bytes);
		warnings++;
	}
	if (warnings == 0)
		fm_buf_puts(buf, "  nothing here tells a needle by its looks\n");
}

void fm_corpus_shine_json(const struct fm_corpus_shine *shine, struct fm_json_writer *w)
{
	fm_json_list(w, "needles");
	for (size_t i = 0; i < FM_SHINE_TASKS; i++) {
		const struct fm_shine *s = &shine->tasks[i].shine;

		fm_json_object(w, NULL);
		fm_json_string(w, "task", shine->tasks[i].task);
		fm_json_u64(w, "needles", NEEDLES);
		fm_json_u64(w, "words", s->words);
		fm_json_u64(w, "known", s->words - s->unknown);
		fm_json_u64(w, "units_milli", s->units_milli);
		fm_json_u64(w, "digits_ppm", s->digits_ppm);
		fm_json_u64(w, "sentences", s->sentences);
		fm_json_u64(w, "sentence_milli", s->sentence_milli);
		fm_json_u64(w, "shorter_ppm", s->shorter_ppm);
		fm_json_u64(w, "text_digits_ppm", s->text_digits_ppm);
		fm_json_u64(w, "with_digits_ppm", s->with_digits_ppm);
		fm_json_u64(w, "with_quotes_ppm", s->with_quotes_ppm);
		fm_json_u64(w, "with_codes_ppm", s->with_codes_ppm);
		fm_json_end_object(w);
	}
	fm_json_end_list(w);
	fm_json_u64(w, "lookalikes", shine->lookalikes);
}
