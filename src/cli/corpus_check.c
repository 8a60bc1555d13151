#include "cli/corpus_check.h"

#include <string.h>

#include "base/num.h"
#include "cli/corpus_form.h"
#include "cli/corpus_notes.h"
#include "cli/corpus_shine.h"
#include "cli/corpus_text.h"
#include "corpus/outlook.h"
#include "text/utf8.h"

#define TEXT_BYTES_MAX ((size_t)1 << 20)
#define RUN_BYTES_MAX 40 /* of words that stand together */

/* What was found out about a corpus. */
struct findings {
	const char *name;
	const struct fm_corpus_form *form;
	bool is_guess;
	struct fm_measures window;
	struct fm_measures all; /* bytes is 0 when not asked for */
	struct fm_corpus_shine shine;
	struct fm_outlook outlook;
	bool has_outlook; /* a pack of sentences has one */
};

static enum fm_code choose_form(const char *as, struct fm_span text, struct findings *f,
                                struct fm_err *err)
{
	f->is_guess = strcmp(as, "auto") == 0;
	f->form = f->is_guess ? fm_corpus_form_guess(text) : fm_corpus_form_find(as);
	if (f->form != NULL)
		return FM_OK;
	return fm_fail(err, FM_E_USAGE, "--as is auto, " FM_CORPUS_FORMS ", not '%.40s'", as);
}

static enum fm_code measure_window(struct fm_call *call, const struct fm_corpus *corpus,
                                   const struct fm_corpus_check_spec *spec, struct findings *f,
                                   struct fm_err *err)
{
	struct fm_measure_spec measure = {.units_max = FM_MEASURE_UNITS, .level = 19};
	struct fm_map map = {0};
	enum fm_code rc =
		fm_corpus_text(corpus, spec->seed, spec->from, FM_MEASURE_WINDOW_BYTES, &map, err);

	if (rc == FM_OK)
		rc = choose_form(spec->as, map.bytes, f, err);
	if (rc != FM_OK)
		goto out;
	measure.kind = fm_corpus_form_kind(f->form);
	measure.comments = fm_corpus_form_comments(f->form);
	rc = fm_measure(map.bytes, &measure, &f->window, err);
	if (rc == FM_OK)
		rc = fm_corpus_shine(map.bytes, measure.kind, call->arena, &f->shine, err);
out:
	fm_map_close(&map);
	return rc;
}

static enum fm_code measure_long(const struct fm_corpus *corpus,
                                 const struct fm_corpus_check_spec *spec, struct findings *f,
                                 struct fm_err *err)
{
	const struct fm_measure_spec measure = {
		.kind = fm_corpus_form_kind(f->form),
		.comments = fm_corpus_form_comments(f->form),
		.level = 12,
		.window_log = 27,
	};
	struct fm_map map = {0};
	enum fm_code rc =
		fm_corpus_text(corpus, spec->seed, spec->from, FM_MEASURE_LONG_BYTES, &map, err);

	if (rc == FM_OK)
		rc = fm_measure(map.bytes, &measure, &f->all, err);
	fm_map_close(&map);
	return rc;
}

/* Sentences of 46 MB, which are some 10M tokens, by those of the window. */
static void look_out(const struct fm_corpus *corpus, struct findings *f)
{
	const uint64_t sentences = f->window.bytes == 0
	                                   ? 0
	                                   : fm_num_mul_div(f->window.sentences,
	                                                    FM_MEASURE_LONG_BYTES, f->window.bytes);

	f->has_outlook = fm_corpus_outlook(corpus, f->window.sentences, sentences, &f->outlook);
}

static void put_millionths(uint64_t ppm, struct fm_buf *buf)
{
	fm_buf_putf(buf, "%llu.%04llu", (unsigned long long)(ppm / 1000000),
	            (unsigned long long)(ppm % 1000000 / 100));
}

/* So much of a text as a line has room for, in whole signs. */
static struct fm_span start_of(struct fm_span text)
{
	const struct fm_span first = fm_span_first(text, RUN_BYTES_MAX);

	return fm_span_first(first, fm_utf8_check(first));
}

static void put_outlook(const struct fm_outlook *o, struct fm_buf *buf)
{
	fm_buf_puts(buf, "\n  by the chances of its choices\n    repeated sentences  ");
	put_millionths(o->repeats_ppm, buf);
	fm_buf_puts(buf, " in 10M tokens, ");
	put_millionths(o->repeats_ten_ppm, buf);
	fm_buf_puts(buf, " in 100M\n");
	if (o->promised > 0)
		fm_buf_putf(buf, "    promised            0.01 at most among %llu sentences\n",
		            (unsigned long long)o->promised);
	if (o->run_count > 0)
		fm_buf_puts(buf, "    words that stand together, and how often in 600 kB\n");
	for (size_t i = 0; i < o->run_count; i++) {
		const struct fm_fixed_run *run = &o->runs[i];
		const struct fm_span start = start_of(run->text);

		fm_buf_putf(buf, "    %4llu.%llu  %.*s  (%s:%u)\n",
		            (unsigned long long)(run->uses_milli / 1000),
		            (unsigned long long)(run->uses_milli / 100 % 10), FM_SPAN_ARGS(start),
		            run->file, run->line);
	}
}

static void put_outlook_json(const struct fm_outlook *o, struct fm_json_writer *w)
{
	fm_json_object(w, "outlook");
	fm_json_u64(w, "promised", o->promised);
	fm_json_u64(w, "repeats_ppm", o->repeats_ppm);
	fm_json_u64(w, "repeats_ten_ppm", o->repeats_ten_ppm);
	fm_json_u64(w, "runs_over", o->runs_over);
	fm_json_list(w, "runs");
	for (size_t i = 0; i < o->run_count; i++) {
		fm_json_object(w, NULL);
		fm_json_text(w, "text", o->runs[i].text);
		fm_json_string(w, "file", o->runs[i].file);
		fm_json_u64(w, "line", o->runs[i].line);
		fm_json_u64(w, "uses_milli", o->runs[i].uses_milli);
		fm_json_end_object(w);
	}
	fm_json_end_list(w);
	fm_json_end_object(w);
}

static void put_people(const struct findings *f, struct fm_buf *buf)
{
	const char *unit = fm_corpus_form_unit(f->form);
	char bytes[FM_NUM_TEXT_MAX];
	char count[FM_NUM_TEXT_MAX];
	unsigned missed;

	fm_buf_putf(buf, "%s: %s bytes, %s %s; read as %s%s\n\n", f->name,
	            fm_num_grouped(f->window.bytes, bytes), fm_num_grouped(f->window.units, count),
	            unit, fm_corpus_form_name(f->form), f->is_guess ? " (another form: --as)" : "");
	missed = fm_corpus_form_table(f->form, &f->window, false, buf);
	if (f->all.bytes > 0) {
		fm_buf_putf(buf, "\n  over %s bytes\n", fm_num_grouped(f->all.bytes, bytes));
		missed += fm_corpus_form_table(f->form, &f->all, true, buf);
	}
	if (f->has_outlook)
		put_outlook(&f->outlook, buf);
	fm_corpus_shine_table(&f->shine, &f->window, unit, buf);
	if (f->outlook.runs_over > 0)
		fm_buf_putf(buf, "  ! %zu runs of fixed words come more than 1.5 times in 600 kB\n",
		            f->outlook.runs_over);
	if (missed > 0)
		fm_buf_putf(buf, "  ! %u aim%s of a pack of this form not met\n", missed,
		            missed == 1 ? " is" : "s are");
}

static void put_json(const struct findings *f, struct fm_buf *buf)
{
	struct fm_json_writer w = {.buf = buf};

	fm_json_object(&w, NULL);
	fm_json_string(&w, "corpus", f->name);
	fm_json_string(&w, "form", fm_corpus_form_name(f->form));
	fm_corpus_form_json(&f->window, "window", &w);
	if (f->all.bytes > 0)
		fm_corpus_form_json(&f->all, "long", &w);
	if (f->has_outlook)
		put_outlook_json(&f->outlook, &w);
	fm_corpus_shine_json(&f->shine, &w);
	fm_json_end_object(&w);
	fm_buf_putc(buf, '\n');
}

enum fm_code fm_corpus_check(struct fm_call *call, const struct fm_corpus_check_spec *spec,
                             struct fm_err *err)
{
	struct findings f = {.name = spec->corpus.name};
	struct fm_corpus *corpus = NULL;
	struct fm_buf buf;
	enum fm_code rc = fm_corpus_open(&spec->corpus, &corpus, err);

	fm_buf_init(&buf, TEXT_BYTES_MAX);
	if (rc == FM_OK)
		rc = measure_window(call, corpus, spec, &f, err);
	if (rc == FM_OK && spec->is_long)
		rc = measure_long(corpus, spec, &f, err);
	if (rc == FM_OK) {
		const struct fm_corpus_notes notes = fm_corpus_notes(corpus);

		look_out(corpus, &f);
		if (!call->common.quiet)
			fm_corpus_say_notes(&notes);
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
