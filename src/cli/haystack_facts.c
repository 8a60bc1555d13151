#include "cli/haystack_facts.h"

#include "base/num.h"
#include "cli/corpus_opts.h"
#include "corpus/corpus.h"
#include "text/json_write.h"
#include "token/counter.h"
#include "trial/spec.h"

struct fm_id fm_made_digest(const struct fm_rope *rope)
{
	struct fm_hasher *hasher = fm_hasher_open();
	struct fm_id id;

	for (size_t i = 0; i < rope->count; i++)
		fm_hasher_add(hasher, rope->pieces[i].raw);
	id = fm_hasher_id(hasher);
	fm_hasher_close(hasher);
	return id;
}

bool fm_made_repeats(const struct fm_made *made)
{
	const uint64_t all = fm_corpus_bytes(made->corpus);

	return fm_corpus_repeats(made->corpus) && (all == 0 || made->document.raw_bytes > all);
}

static void put_optional(const char *name, const char *text, struct fm_json_writer *w)
{
	if (text == NULL)
		fm_json_null(w, name);
	else
		fm_json_string(w, name, text);
}

/* How a person's own text was read, and how often the document goes round in it. */
static void put_own_text(const struct fm_made *m, struct fm_json_writer *w)
{
	const struct fm_corpus_spec *spec = fm_corpus_spec(m->corpus);
	const uint64_t all = fm_corpus_bytes(m->corpus);

	if (all == 0)
		return;
	fm_json_string(w, "segment", fm_corpus_unit_names[spec->unit]);
	fm_json_string(w, "order", fm_corpus_order_names[spec->order]);
	fm_json_bool(w, "wrap", spec->wrap);
	put_optional("pattern", spec->pattern, w);
	put_optional("field", spec->field, w);
	fm_json_u64(w, "corpus_bytes", all);
	fm_json_u64(w, "coverage_ppm", fm_num_mul_div(m->document.raw_bytes, 1000000, all));
}

/* What a person should know of their text; the places are said on stderr. */
static void put_notes(const struct fm_made *m, struct fm_json_writer *w)
{
	const struct fm_corpus_notes notes = fm_corpus_notes(m->corpus);

	if (fm_corpus_bytes(m->corpus) == 0)
		return;
	fm_json_object(w, "corpus_notes");
	fm_json_u64(w, "files", notes.files);
	fm_json_u64(w, "segments", notes.segments);
	fm_json_u64(w, "repeated_segments", notes.repeated);
	fm_json_u64(w, "repeated_short_segments", notes.short_repeated);
	fm_json_bool(w, "repeated_is_exact", notes.repeated_is_exact);
	fm_json_u64(w, "special_tokens", notes.specials);
	put_optional("first_special", notes.special, w);
	fm_json_u64(w, "byte_order_marks", notes.marked);
	fm_json_u64(w, "doubled_files", notes.doubled);
	fm_json_u64(w, "files_left_out", notes.left + notes.made);
	fm_json_end_object(w);
}

static void put_spec(const struct fm_made *m, struct fm_json_writer *w)
{
	fm_json_object(w, "spec");
	fm_json_string(w, "corpus_name", fm_corpus_name(m->corpus));
	fm_json_id(w, "corpus", fm_corpus_digest(m->corpus));
	fm_json_u64(w, "engine", fm_corpus_engine(m->corpus));
	fm_json_bool(w, "repeats", fm_made_repeats(m));
	put_own_text(m, w);
	fm_json_u64(w, "seed", m->seed);
	fm_json_hex64(w, "hay_seed", m->hay_seed);
	fm_json_string(w, "tokenizer", fm_counter_name(m->counter));
	fm_json_id(w, "tokenizer_digest", fm_counter_digest(m->counter));
	fm_json_u64(w, "length", m->length);
	fm_json_string(w, "length_of", m->length_of_prompt ? "prompt" : "document");
	fm_json_string(w, "task", fm_task_id(m->task));
	fm_json_id(w, "pack", fm_task_pack(m->task));
	if (m->depth_ppm == FM_DEPTH_NONE)
		fm_json_null(w, "depth_ppm");
	else
		fm_json_u64(w, "depth_ppm", m->depth_ppm);
	if (m->asked_place != NULL)
		fm_json_string(w, "place", m->asked_place);
	fm_json_hex64(w, "value_seed", m->value_seed);
	fm_json_end_object(w);
}

/* What is sent with the document, for it to be asked by other programs too. */
static void put_prompt(const struct fm_made *m, struct fm_json_writer *w)
{
	fm_json_object(w, "prompt");
	fm_json_u64(w, "tokens", m->prompt.tokens);
	fm_json_text(w, "system", m->question.system);
	fm_json_text(w, "before", m->before);
	fm_json_text(w, "behind", m->behind);
	fm_json_end_object(w);
}

void fm_facts_put(const struct fm_made *made, struct fm_buf *buf)
{
	struct fm_json_writer w = {.buf = buf};

	fm_json_object(&w, NULL);
	fm_json_u64(&w, "fathom_facts", 1);
	put_spec(made, &w);
	put_notes(made, &w);
	fm_json_u64(&w, "tokens", made->prompt.document_tokens);
	fm_json_u64(&w, "tokens_error_ppm", fm_counter_error_ppm(made->counter));
	fm_json_u64(&w, "bytes", made->document.raw_bytes);
	fm_json_id(&w, "digest", fm_made_digest(&made->document));
	fm_needles_write(made->prompt.needles, made->prompt.needle_count, true, "needles", &w);
	fm_json_text(&w, "question", made->question.question);
	put_prompt(made, &w);
	fm_json_end_object(&w);
	fm_buf_putc(buf, '\n');
}
