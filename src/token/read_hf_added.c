#include "read_hf_internal.h"

#include <string.h>

#include "normal_internal.h"
#include "text/json.h"
#include "text/utf8.h"
#include "unicode_internal.h"

struct reading {
	struct fm_hf *hf;
	size_t place;              /* of the one at hand */
	struct fm_token_map texts; /* which added token has a text, by its place */
	uint32_t id_end;           /* one more than the highest id */
};

static enum fm_code read_members(const struct fm_value *node, struct fm_vocab_added *added,
                                 struct fm_err *err)
{
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {
		{"special",     &added->special    },
                {"normalized",  &added->normalized },
		{"single_word", &added->single_word},
                {"lstrip",      &added->strip_left },
		{"rstrip",      &added->strip_right},
	};
	uint64_t id;

	if (!fm_value_u64(fm_value_get(node, "id"), &id))
		return fm_fail(err, FM_E_FORMAT, "no whole number as its id");
	if (id >= FM_VOCAB_TOKENS_MAX)
		return fm_fail(err, FM_E_LIMIT, "the id %llu is over %u", (unsigned long long)id,
		               FM_VOCAB_TOKENS_MAX);
	added->id = (uint32_t)id;
	if (!fm_value_text(fm_value_get(node, "content"), &added->text))
		return fm_fail(err, FM_E_FORMAT, "no content");
	if (added->text.len > FM_VOCAB_TOKEN_BYTES_MAX)
		return fm_fail(err, FM_E_LIMIT, "more than %u bytes", FM_VOCAB_TOKEN_BYTES_MAX);
	for (size_t i = 0; i < FM_COUNT(flags); i++)
		if (!fm_value_bool(fm_value_get(node, flags[i].name), flags[i].flag))
			return fm_fail(err, FM_E_FORMAT, "no %s", flags[i].name);
	return FM_OK;
}

/* The model's token of that text, if there is one, has that id, and no other text has it. */
static enum fm_code check_id(struct reading *r, const struct fm_vocab_added *added,
                             struct fm_err *err)
{
	const struct fm_hf *hf = r->hf;
	const uint32_t known = fm_token_map_find(&hf->ids, added->text);
	const uint32_t twin = fm_token_map_put(&r->texts, added->text, (uint32_t)r->place);

	if (twin != FM_TOKEN_MAP_NONE)
		return fm_fail(err, FM_E_FORMAT, "the same content as added_tokens[%u]", twin);
	if (known != FM_TOKEN_MAP_NONE && known != added->id)
		return fm_fail(err, FM_E_FORMAT,
		               "\"%.*s\" has the id %u here and %u in model.vocab",
		               FM_SPAN_ARGS(fm_hf_shown(added->text)), added->id, known);
	if (known == FM_TOKEN_MAP_NONE && added->id < hf->name_count &&
	    hf->names[added->id].ptr != NULL)
		return fm_fail(err, FM_E_FORMAT, "\"%.*s\" has the id %u, which \"%.*s\" has",
		               FM_SPAN_ARGS(fm_hf_shown(added->text)), added->id,
		               FM_SPAN_ARGS(fm_hf_shown(hf->names[added->id])));
	if (added->id >= r->id_end)
		r->id_end = added->id + 1;
	return FM_OK;
}

static enum fm_code read_all(struct reading *r, const struct fm_value *list, struct fm_err *err)
{
	struct fm_vocab *vocab = &r->hf->vocab;
	const size_t count = fm_value_count(list);
	const struct fm_value *node = fm_value_first(list);
	enum fm_code rc = FM_OK;

	if (fm_value_kind(list) != FM_VALUE_LIST)
		return fm_fail(err, FM_E_FORMAT, "added_tokens is not a list");
	if (count > FM_VOCAB_ADDED_MAX)
		return fm_fail(err, FM_E_LIMIT, "added_tokens has more than %u",
		               FM_VOCAB_ADDED_MAX);
	vocab->added = fm_arena_array(&vocab->arena, count + 1, sizeof *vocab->added);
	fm_token_map_init(&r->texts, &r->hf->scratch, count);
	for (; node != NULL && rc == FM_OK; node = fm_value_next(node), r->place++) {
		struct fm_vocab_added *added = &vocab->added[vocab->added_count];

		rc = read_members(node, added, err);
		if (rc == FM_OK && added->text.len == 0)
			continue; /* the reference passes over it as well */
		added->text = fm_arena_copy(&vocab->arena, added->text);
		if (rc == FM_OK)
			rc = check_id(r, added, err);
		if (rc != FM_OK)
			return fm_err_prefix(err, "added_tokens[%zu]", r->place);
		vocab->added_count++;
	}
	return rc;
}

/* Tokens that the model does not have: text becomes them, but never by its rules. */
static enum fm_code add_tokens(struct reading *r, struct fm_err *err)
{
	struct fm_vocab *vocab = &r->hf->vocab;
	struct fm_vocab_token *tokens = vocab->tokens;

	if (r->id_end > vocab->token_count) {
		tokens = fm_arena_array(&vocab->arena, r->id_end, sizeof *tokens);
		memcpy(tokens, vocab->tokens, vocab->token_count * sizeof *tokens);
		for (uint32_t id = vocab->token_count; id < r->id_end; id++)
			tokens[id].kind = FM_TOKEN_NONE;
		vocab->tokens = tokens;
		vocab->token_count = r->id_end;
	}
	for (size_t i = 0; i < vocab->added_count; i++) {
		const struct fm_vocab_added *added = &vocab->added[i];

		if (added->id < r->hf->name_count && r->hf->names[added->id].ptr != NULL)
			continue;
		if (tokens[added->id].kind == FM_TOKEN_CONTROL)
			return fm_fail(err, FM_E_FORMAT, "added_tokens: two have the id %u",
			               added->id);
		tokens[added->id].kind = FM_TOKEN_CONTROL;
		tokens[added->id].bytes = added->text;
	}
	return FM_OK;
}

static bool any_is(const struct fm_vocab *vocab, bool normalized)
{
	for (size_t i = 0; i < vocab->added_count; i++)
		if (vocab->added[i].normalized == normalized)
			return true;
	return false;
}

/*
 * The reference puts marks and prefixes of the pre_tokenizer on behind the search in normalized
 * text, and here they come before it. Where nothing is normalized, that text is the raw one.
 */
static enum fm_code settle_order(struct fm_hf *hf, struct fm_err *err)
{
	struct fm_vocab *vocab = &hf->vocab;

	if (!hf->prefix_behind_find || !any_is(vocab, true))
		return FM_OK;
	if (hf->is_normalized || any_is(vocab, false))
		return fm_fail(err, FM_E_FORMAT,
		               "added_tokens that are normalized are not served together with a "
		               "pre_tokenizer that puts a space before text");
	for (size_t i = 0; i < vocab->added_count; i++)
		vocab->added[i].normalized = false;
	return FM_OK;
}

/* They are looked for as the normalizer leaves them. */
static enum fm_code normalize_texts(struct fm_vocab *vocab, struct fm_err *err)
{
	struct fm_normal *normal = NULL;
	struct fm_buf flat;
	struct fm_buf buf;
	enum fm_code rc = FM_OK;

	fm_buf_init(&flat, (size_t)1 << 30);
	fm_buf_init(&buf, (size_t)1 << 30);
	if (!any_is(vocab, true))
		goto out;
	rc = fm_normal_build(&vocab->rules, &flat, err);
	if (rc == FM_OK)
		rc = fm_normal_open(fm_buf_span(&flat), &normal, err);
	for (size_t i = 0; i < vocab->added_count && rc == FM_OK; i++) {
		struct fm_vocab_added *added = &vocab->added[i];

		if (!added->normalized)
			continue;
		added->text = fm_arena_copy(&vocab->arena,
		                            fm_normal_apply(normal, added->text, true, &buf));
		if (added->text.len == 0)
			rc = fm_fail(err, FM_E_FORMAT,
			             "added_tokens: nothing is left of %u when it is normalized",
			             added->id);
	}
out:
	fm_normal_close(normal);
	fm_buf_free(&flat);
	fm_buf_free(&buf);
	return rc;
}

static bool begins_blank(struct fm_span text)
{
	uint32_t code_point;

	(void)fm_utf8_next(text, &code_point); /* only which it is */
	return fm_unicode_class_of(code_point) == FM_UNICODE_SPACE;
}

/*
 * The reference gives white space that a token took to a token that begins with it as well, and
 * counts it twice.
 */
static enum fm_code check_blanks(const struct fm_vocab *vocab, struct fm_err *err)
{
	for (int sort = 0; sort < 2; sort++) {
		bool takes = false;
		bool blank = false;

		for (size_t i = 0; i < vocab->added_count; i++) {
			const struct fm_vocab_added *added = &vocab->added[i];

			if (added->normalized != (sort == 1))
				continue;
			/* The reference has a mark there, which is no white space. */
			if (sort == 1 && vocab->rules.spaces_marked &&
			    (added->strip_left || added->strip_right))
				return fm_fail(err, FM_E_FORMAT,
				               "added_tokens: lstrip and rstrip of %u, which is "
				               "normalized, are not served where spaces are marked",
				               added->id);
			takes = takes || added->strip_right;
			blank = blank || begins_blank(added->text);
		}
		if (takes && blank)
			return fm_fail(err, FM_E_FORMAT,
			               "added_tokens: rstrip beside a token that begins with white "
			               "space is not served");
	}
	return FM_OK;
}

enum fm_code fm_hf_read_added(struct fm_hf *hf, struct fm_err *err)
{
	struct reading r = {.hf = hf};
	struct fm_json json = {0};
	enum fm_code rc;

	if (hf->added_tokens.ptr == NULL || fm_span_is(hf->added_tokens, "null"))
		return FM_OK;
	rc = fm_json_open(hf->added_tokens, &json, err);
	if (rc != FM_OK)
		return fm_err_prefix(err, "added_tokens");
	rc = read_all(&r, json.root, err);
	if (rc == FM_OK)
		rc = add_tokens(&r, err);
	if (rc == FM_OK)
		rc = settle_order(hf, err);
	if (rc == FM_OK)
		rc = normalize_texts(&hf->vocab, err);
	if (rc == FM_OK)
		rc = check_blanks(&hf->vocab, err);
	fm_json_close(&json);
	return rc;
}
