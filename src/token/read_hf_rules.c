#include "read_hf_internal.h"

#include "text/json.h"

/*
 * The order in which fm_normal does its steps: a Sequence has to name them in this one. Prepend and
 * Replace may stand either way, for the mark is no space.
 */
enum step {
	STEP_FORM,
	STEP_STRIP,
	STEP_FOLD,
	STEP_MARK,
};

struct reading {
	struct fm_hf *hf;
	enum step last;
	bool any;
	bool prepends;
};

static struct fm_span text_of(const struct fm_value *value)
{
	struct fm_span text = fm_span_of("nothing");

	return fm_value_text(value, &text) ? fm_hf_shown(text) : text;
}

static enum fm_code take_step(struct reading *r, enum step step, const char *name,
                              struct fm_err *err)
{
	if (r->any && step < r->last)
		return fm_fail(err, FM_E_FORMAT, "%s stands behind what comes after it here", name);
	if (r->any && step == r->last && step != STEP_MARK)
		return fm_fail(err, FM_E_FORMAT, "a second step of the kind of %s is not served",
		               name);
	r->any = true;
	r->last = step;
	return FM_OK;
}

static enum fm_code read_replace(struct reading *r, const struct fm_value *node, struct fm_err *err)
{
	const struct fm_value *pattern = fm_value_get(node, "pattern");
	const struct fm_value *content = fm_value_get(node, "content");
	const struct fm_value *text = fm_value_get(pattern, "String");
	const struct fm_value *regex = fm_value_get(pattern, "Regex");

	if (fm_hf_text_is(text, " ") && fm_hf_text_is(content, FM_MARK)) {
		r->hf->vocab.rules.spaces_marked = true;
		return take_step(r, STEP_MARK, "Replace", err);
	}
	/* What becomes of the one that is left is said by what marks spaces. */
	if (fm_hf_text_is(regex, " {2,}") &&
	    (fm_hf_text_is(content, " ") || fm_hf_text_is(content, FM_MARK))) {
		r->hf->vocab.rules.fold_spaces = true;
		r->hf->fold_marks = fm_hf_text_is(content, FM_MARK);
		return take_step(r, STEP_FOLD, "Replace", err);
	}
	return fm_fail(err, FM_E_FORMAT, "Replace of \"%.*s\" by \"%.*s\" is not served",
	               FM_SPAN_ARGS(text_of(text != NULL ? text : regex)),
	               FM_SPAN_ARGS(text_of(content)));
}

static enum fm_code read_step(struct reading *r, const struct fm_value *node, struct fm_err *err);

static enum fm_code read_sequence(struct reading *r, const struct fm_value *node,
                                  struct fm_err *err)
{
	const struct fm_value *list = fm_value_get(node, "normalizers");
	enum fm_code rc = FM_OK;

	if (fm_value_kind(list) != FM_VALUE_LIST)
		return fm_fail(err, FM_E_FORMAT, "Sequence without normalizers");
	for (const struct fm_value *step = fm_value_first(list); step != NULL && rc == FM_OK;
	     step = fm_value_next(step))
		rc = read_step(r, step, err);
	return rc;
}

static enum fm_code read_strip(struct reading *r, const struct fm_value *node, struct fm_err *err)
{
	struct fm_vocab_rules *rules = &r->hf->vocab.rules;

	if (!fm_value_bool(fm_value_get(node, "strip_left"), &rules->strip_left) ||
	    !fm_value_bool(fm_value_get(node, "strip_right"), &rules->strip_right))
		return fm_fail(err, FM_E_FORMAT, "Strip without strip_left and strip_right");
	return take_step(r, STEP_STRIP, "Strip", err);
}

static enum fm_code read_prepend(struct reading *r, const struct fm_value *node, struct fm_err *err)
{
	const struct fm_value *what = fm_value_get(node, "prepend");

	if (!fm_hf_text_is(what, FM_MARK))
		return fm_fail(err, FM_E_FORMAT, "Prepend of \"%.*s\" is not served",
		               FM_SPAN_ARGS(text_of(what)));
	if (r->prepends)
		return fm_fail(err, FM_E_FORMAT, "a second Prepend is not served");
	r->prepends = true;
	r->hf->vocab.rules.dummy_prefix = FM_PREFIX_ALWAYS;
	r->hf->vocab.rules.prefix_each_part = true;
	return take_step(r, STEP_MARK, "Prepend", err);
}

/* Sequences lie within sequences no deeper than JSON may nest. */
static enum fm_code read_step(struct reading *r, const struct fm_value *node, struct fm_err *err)
{
	const struct fm_value *type = fm_value_get(node, "type");

	if (fm_hf_text_is(type, "Sequence"))
		return read_sequence(r, node, err);
	if (fm_hf_text_is(type, "NFC")) {
		r->hf->vocab.rules.normal_form = FM_NORMAL_NFC;
		return take_step(r, STEP_FORM, "NFC", err);
	}
	if (fm_hf_text_is(type, "Precompiled"))
		return fm_fail(err, FM_E_FORMAT,
		               "a Precompiled normalizer cannot be counted exactly");
	if (fm_hf_text_is(type, "Replace"))
		return read_replace(r, node, err);
	if (fm_hf_text_is(type, "Prepend"))
		return read_prepend(r, node, err);
	if (fm_hf_text_is(type, "Strip"))
		return read_strip(r, node, err);
	return fm_fail(err, FM_E_FORMAT, "%.*s is not served", FM_SPAN_ARGS(text_of(type)));
}

enum fm_code fm_hf_read_normalizer(struct fm_hf *hf, struct fm_err *err)
{
	struct reading r = {.hf = hf};
	struct fm_json json = {0};
	enum fm_code rc;

	if (hf->normalizer.ptr == NULL || fm_span_is(hf->normalizer, "null"))
		return FM_OK;
	rc = fm_json_open(hf->normalizer, &json, err);
	if (rc == FM_OK)
		rc = read_step(&r, json.root, err);
	hf->is_normalized = r.any;
	fm_json_close(&json);
	return rc == FM_OK ? rc : fm_err_prefix(err, "normalizer");
}
