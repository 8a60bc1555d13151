#include "cli/show_prompt.h"

#include "base/env.h"
#include "cli/command.h"
#include "cli/plan_load.h"
#include "store/history.h"
#include "sweep/maker.h"
#include "text/escape.h"
#include "text/json_write.h"
#include "trial/prompt.h"

#define PIECE_BYTES_MAX ((size_t)1 << 32)

static const char *text_of(struct fm_call *call, const struct fm_value *object, const char *name)
{
	struct fm_span text = {0};

	(void)fm_value_text(fm_value_get(object, name), &text);
	return fm_arena_text(call->arena, text);
}

enum fm_code fm_show_corpus(struct fm_call *call, const struct fm_value *plan,
                            struct fm_corpus_spec *ret_corpus, struct fm_err *err)
{
	const struct fm_value *corpus = fm_value_get(fm_value_get(plan, "design"), "corpus");
	const struct fm_span unit = fm_span_of(text_of(call, corpus, "unit"));
	struct fm_corpus_spec spec = {.name = text_of(call, corpus, "name")};

	if (spec.name[0] == '\0')
		return fm_fail(err, FM_E_FORMAT, "the journal's plan names no corpus");
	if (fm_span_is(unit, "line"))
		spec.unit = FM_UNIT_LINE;
	else if (fm_span_is(unit, "paragraph"))
		spec.unit = FM_UNIT_PARAGRAPH;
	else if (fm_span_is(unit, "turn"))
		spec.unit = FM_UNIT_TURN;
	if (fm_span_is(fm_span_of(text_of(call, corpus, "order")), "shuffled"))
		spec.order = FM_ORDER_SHUFFLED;
	(void)fm_value_bool(fm_value_get(corpus, "wrap"), &spec.wrap); /* false when not there */
	if (fm_value_get(corpus, "pattern") != NULL)
		spec.pattern = text_of(call, corpus, "pattern");
	if (fm_value_get(corpus, "field") != NULL)
		spec.field = text_of(call, corpus, "field");
	*ret_corpus = spec;
	return FM_OK;
}

/* What was sent is known once an attempt has ended; before, there is nothing to hold it against. */
static enum fm_code check_digest(const struct fm_record *record, const struct fm_prompt *prompt,
                                 struct fm_err *err)
{
	const struct fm_id made = fm_prompt_digest(prompt);
	char sent_text[FM_ID_TEXT_MAX];
	char made_text[FM_ID_TEXT_MAX];

	for (const struct fm_attempt *a = record->attempts; a != NULL; a = a->next) {
		if (fm_id_is_none(a->prompt_digest) || fm_id_equal(a->prompt_digest, made))
			continue;
		return fm_fail(err, FM_E_FORMAT,
		               "attempt %u sent the prompt %s, and %s is what is rebuilt here",
		               (unsigned)a->number, fm_id_text(a->prompt_digest, sent_text),
		               fm_id_text(made, made_text));
	}
	return FM_OK;
}

/* A terminal would obey what stands in a text; a file or a pipe gets the very bytes. */
static enum fm_code tell_text(struct fm_call *call, const struct fm_rope *rope, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < rope->count && rc == FM_OK; i++) {
		const struct fm_span raw = rope->pieces[i].raw;
		struct fm_buf buf;

		if (!call->out.tty) {
			rc = fm_tell(raw, err);
			continue;
		}
		fm_buf_init(&buf, PIECE_BYTES_MAX);
		fm_put_visible(&buf, raw, true);
		rc = fm_tell(fm_buf_span(&buf), err);
		fm_buf_free(&buf);
	}
	return rc;
}

static enum fm_code tell_plain(struct fm_call *call, const struct fm_prompt *prompt,
                               struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < prompt->count && rc == FM_OK; i++) {
		const struct fm_message *m = &prompt->messages[i];
		const char *head =
			fm_arena_format(call->arena, "[%s, %llu bytes]\n", fm_role_name(m->role),
		                        (unsigned long long)m->text.raw_bytes);

		rc = fm_tell(fm_span_of(head), err);
		if (rc == FM_OK)
			rc = tell_text(call, &m->text, err);
		if (rc == FM_OK)
			rc = fm_tell(fm_span_of("\n"), err);
	}
	return rc;
}

static enum fm_code tell_json(struct fm_call *call, const struct fm_prompt *prompt,
                              struct fm_err *err)
{
	enum fm_code rc = fm_tell(fm_span_of("["), err);

	for (size_t i = 0; i < prompt->count && rc == FM_OK; i++) {
		const struct fm_message *m = &prompt->messages[i];
		const char *head = fm_arena_format(call->arena, "%s{\"role\":\"%s\",\"content\":\"",
		                                   i > 0 ? "," : "", fm_role_name(m->role));

		rc = fm_tell(fm_span_of(head), err);
		for (size_t p = 0; p < m->text.count && rc == FM_OK; p++)
			rc = fm_tell(m->text.pieces[p].escaped, err);
		if (rc == FM_OK)
			rc = fm_tell(fm_span_of("\"}"), err);
	}
	return rc == FM_OK ? fm_tell(fm_span_of("]\n"), err) : rc;
}

enum fm_code fm_show_prompt(struct fm_call *call, const struct fm_history *history,
                            const struct fm_record *record, struct fm_err *err)
{
	struct fm_maker_spec spec = {
		.data_folder = fm_env_data_folder(call->arena),
		.corpora_folder = fm_corpora_folder(call->arena),
		.tokens_min = record->length,
	};
	struct fm_maker *maker = NULL;
	struct fm_prompt prompt = {0};
	struct fm_question question = {0};
	enum fm_code rc;

	rc = fm_show_corpus(call, history->plan, &spec.corpus, err);
	if (rc == FM_OK)
		rc = fm_cache_folder(call->arena, &spec.cache_folder, err);
	if (rc == FM_OK)
		rc = fm_maker_open(&spec, &maker, err);
	if (rc == FM_OK)
		rc = fm_maker_prompt(maker, &record->spec.prompt, call->arena, &prompt, &question,
		                     err);
	if (rc == FM_OK)
		rc = check_digest(record, &prompt, err);
	if (rc == FM_OK)
		rc = call->common.json ? tell_json(call, &prompt, err)
		                       : tell_plain(call, &prompt, err);
	fm_maker_close(maker);
	return rc;
}
