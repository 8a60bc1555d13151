#include "read_hf_internal.h"

#include "text/json.h"
#include "text/json_pull.h"
#include "text/utf8.h"

#define SHOWN_MAX 60

struct fm_span fm_hf_shown(struct fm_span name)
{
	const struct fm_span shown = fm_span_first(name, SHOWN_MAX);

	return fm_span_first(shown, fm_utf8_check(shown));
}

bool fm_hf_text_is(const struct fm_value *value, const char *want)
{
	struct fm_span text;

	return fm_value_text(value, &text) && fm_span_is(text, want);
}

struct member {
	const char *name;
	struct fm_span *value;
};

static struct member *find_member(struct member *members, size_t count, struct fm_span name)
{
	for (size_t i = 0; i < count; i++)
		if (fm_span_is(name, members[i].name))
			return &members[i];
	return NULL;
}

/* An object's members that have a name in the table; others are passed over, as the reference does. */
static enum fm_code find_members(struct fm_json_pull *pull, struct member *members, size_t count,
                                 struct fm_err *err)
{
	enum fm_pull_event event;
	enum fm_code rc = fm_json_pull_next(pull, &event, err);

	if (rc == FM_OK && event != FM_PULL_OBJECT)
		return fm_fail(err, FM_E_FORMAT, "not an object");
	while (rc == FM_OK) {
		struct fm_span value = {0};
		struct member *member;

		rc = fm_json_pull_next(pull, &event, err);
		if (rc != FM_OK || event == FM_PULL_OBJECT_END)
			break;
		member = find_member(members, count, pull->value);
		if (member != NULL && member->value->ptr != NULL)
			return fm_fail(err, FM_E_FORMAT, "the member \"%s\" stands twice",
			               member->name);
		rc = fm_json_pull_skip(pull, &value, err);
		if (rc == FM_OK && member != NULL)
			*member->value = value;
	}
	return rc;
}

/*
 * What a tokenizer.json says of a whole prompt or of a batch is not looked at: post_processor puts
 * special tokens around a prompt, truncation and padding shape a batch, decoder goes from tokens to
 * text. None of them changes what a text alone is.
 */
static enum fm_code find_parts(struct fm_hf *hf, struct fm_span bytes, struct fm_err *err)
{
	struct member members[] = {
		{"added_tokens",  &hf->added_tokens },
		{"normalizer",    &hf->normalizer   },
		{"pre_tokenizer", &hf->pre_tokenizer},
		{"model",         &hf->model        },
	};
	struct fm_json_pull pull;
	enum fm_pull_event event;
	enum fm_code rc;

	if (bytes.len > FM_VOCAB_FILE_MAX)
		return fm_fail(err, FM_E_LIMIT, "more than %llu bytes",
		               (unsigned long long)FM_VOCAB_FILE_MAX);
	rc = fm_json_pull_init(&pull, bytes, err);
	if (rc == FM_OK)
		rc = find_members(&pull, members, FM_COUNT(members), err);
	if (rc == FM_OK)
		rc = fm_json_pull_next(&pull, &event, err); /* nothing behind */
	fm_json_pull_free(&pull);
	if (rc == FM_OK && hf->model.ptr == NULL)
		rc = fm_fail(err, FM_E_FORMAT, "no member \"model\"");
	return rc;
}

static bool is_null(struct fm_span value)
{
	return value.ptr == NULL || fm_span_is(value, "null");
}

/* A member that has to be null, false, empty or 0, because it is not served otherwise. */
static enum fm_code check_unset(const char *name, struct fm_span value, struct fm_err *err)
{
	if (is_null(value) || fm_span_is(value, "false") || fm_span_is(value, "\"\"") ||
	    fm_span_is(value, "0") || fm_span_is(value, "0.0"))
		return FM_OK;
	return fm_fail(err, FM_E_FORMAT, "model.%s is %.*s: this is not served", name,
	               FM_SPAN_ARGS(fm_hf_shown(value)));
}

static enum fm_code read_bool(const char *name, struct fm_span value, bool *ret_bool,
                              struct fm_err *err)
{
	if (!is_null(value) && !fm_span_is(value, "true") && !fm_span_is(value, "false"))
		return fm_fail(err, FM_E_FORMAT, "model.%s is %.*s, neither true nor false", name,
		               FM_SPAN_ARGS(fm_hf_shown(value)));
	*ret_bool = fm_span_is(value, "true");
	return FM_OK;
}

/* The text of a JSON text; false when it is another kind of value. */
static bool read_text(struct fm_hf *hf, struct fm_span value, struct fm_span *ret_text)
{
	enum fm_pull_event event = FM_PULL_NULL;
	struct fm_json_pull pull;
	struct fm_err err;
	bool good;

	fm_json_pull_part(&pull, value);
	good = value.len > 0 && fm_json_pull_next(&pull, &event, &err) == FM_OK &&
	       event == FM_PULL_TEXT;
	if (good)
		*ret_text = fm_arena_copy(&hf->scratch, pull.value);
	fm_json_pull_free(&pull);
	return good;
}

struct model_members {
	struct fm_span type, dropout, prefix, suffix, unk_token, unk_id;
	struct fm_span fuse_unk, byte_fallback, ignore_merges;
};

/* Old files do not say the type: those have merges. */
static enum fm_code read_type(struct fm_hf *hf, const struct model_members *m, struct fm_err *err)
{
	struct fm_span type = {0};

	if (m->type.ptr == NULL && hf->merges_text.ptr != NULL)
		type = fm_span_of("BPE");
	else if (!read_text(hf, m->type, &type))
		return fm_fail(err, FM_E_FORMAT, "model.type is not there");
	hf->is_unigram = fm_span_is(type, "Unigram");
	if (!hf->is_unigram && !fm_span_is(type, "BPE"))
		return fm_fail(err, FM_E_FORMAT,
		               "model.type is %.*s: only BPE and Unigram are served",
		               FM_SPAN_ARGS(fm_hf_shown(type)));
	if (hf->vocab_text.ptr == NULL)
		return fm_fail(err, FM_E_FORMAT, "model.vocab is not there");
	if (!hf->is_unigram && hf->merges_text.ptr == NULL)
		return fm_fail(err, FM_E_FORMAT, "model.merges is not there");
	return FM_OK;
}

static enum fm_code read_flags(struct fm_hf *hf, const struct model_members *m, struct fm_err *err)
{
	struct fm_vocab_rules *rules = &hf->vocab.rules;
	enum fm_code rc = check_unset("dropout", m->dropout, err);

	if (rc == FM_OK)
		rc = check_unset("continuing_subword_prefix", m->prefix, err);
	if (rc == FM_OK)
		rc = check_unset("end_of_word_suffix", m->suffix, err);
	if (rc == FM_OK)
		rc = read_bool("fuse_unk", m->fuse_unk, &rules->fuse_unknown, err);
	if (rc == FM_OK)
		rc = read_bool("byte_fallback", m->byte_fallback, &hf->byte_fallback, err);
	if (rc == FM_OK)
		rc = read_bool("ignore_merges", m->ignore_merges, &rules->whole_piece_first, err);
	if (rc == FM_OK && rules->whole_piece_first && hf->byte_fallback)
		/* A piece "<0x41>" would be the byte token itself. */
		rc = fm_fail(err, FM_E_FORMAT,
		             "model.ignore_merges together with byte_fallback is not served");
	if (rc == FM_OK && hf->is_unigram)
		rules->fuse_unknown = true; /* the reference has no other */
	return rc;
}

static enum fm_code read_unknown(struct fm_hf *hf, const struct model_members *m,
                                 struct fm_err *err)
{
	if (is_null(hf->is_unigram ? m->unk_id : m->unk_token))
		return FM_OK;
	if (hf->is_unigram) {
		hf->unknown = m->unk_id; /* a number, read when there are names */
		hf->has_unknown = true;
		return FM_OK;
	}
	if (!read_text(hf, m->unk_token, &hf->unknown))
		return fm_fail(err, FM_E_FORMAT, "model.unk_token is no text");
	hf->has_unknown = true;
	return FM_OK;
}

enum fm_code fm_hf_read_model(struct fm_hf *hf, struct fm_err *err)
{
	struct model_members m = {0};
	struct member members[] = {
		{"type",                      &m.type         },
		{"dropout",                   &m.dropout      },
		{"continuing_subword_prefix", &m.prefix       },
		{"end_of_word_suffix",        &m.suffix       },
		{"unk_token",                 &m.unk_token    },
		{"unk_id",                    &m.unk_id       },
		{"fuse_unk",                  &m.fuse_unk     },
		{"byte_fallback",             &m.byte_fallback},
		{"ignore_merges",             &m.ignore_merges},
		{"vocab",                     &hf->vocab_text },
		{"merges",                    &hf->merges_text},
	};
	struct fm_json_pull pull;
	enum fm_code rc;

	fm_json_pull_part(&pull, hf->model);
	rc = find_members(&pull, members, FM_COUNT(members), err);
	fm_json_pull_free(&pull);
	if (rc != FM_OK)
		return fm_err_prefix(err, "model");
	rc = read_type(hf, &m, err);
	if (rc == FM_OK)
		rc = read_flags(hf, &m, err);
	if (rc == FM_OK)
		rc = read_unknown(hf, &m, err);
	return rc;
}

enum fm_code fm_vocab_read_huggingface(struct fm_span bytes, struct fm_vocab *ret_vocab,
                                       struct fm_err *err)
{
	struct fm_hf hf = {0};
	enum fm_code rc = find_parts(&hf, bytes, err);

	if (rc == FM_OK)
		rc = fm_hf_read_model(&hf, err);
	if (rc == FM_OK)
		rc = fm_hf_read_normalizer(&hf, err);
	if (rc == FM_OK)
		rc = fm_hf_read_pre_tokenizer(&hf, err);
	if (rc == FM_OK)
		rc = fm_hf_read_tokens(&hf, err);
	if (rc == FM_OK)
		rc = fm_hf_spell_tokens(&hf, err);
	if (rc == FM_OK && !hf.is_unigram)
		rc = fm_hf_read_merges(&hf, err);
	if (rc == FM_OK)
		rc = fm_hf_read_added(&hf, err);
	if (rc != FM_OK)
		goto out;
	*ret_vocab = hf.vocab;
	hf.vocab = (struct fm_vocab){0}; /* the caller's now */
out:
	fm_vocab_free(&hf.vocab);
	fm_arena_free(&hf.scratch);
	return rc;
}
