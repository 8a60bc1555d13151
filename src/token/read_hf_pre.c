#include "read_hf_internal.h"

#include "base/buf.h"
#include "text/json.h"

#define STEPS_MAX 8

/*
 * The ByteLevel pattern upon what lies between numbers, which are cut out before, each alone or
 * run by run: white space before a number stands at a piece's end.
 */
#define BEHIND_DIGITS \
	"|'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?![^\\s\\p{N}])|\\s+"

/* The steps of all sequences, one behind the other. */
struct steps {
	const struct fm_value *list[STEPS_MAX];
	size_t count;
};

static bool type_is(const struct fm_value *node, const char *want)
{
	return fm_hf_text_is(fm_value_get(node, "type"), want);
}

/* A member that is not there has a value of its own. */
static bool flag_of(const struct fm_value *node, const char *name, bool otherwise)
{
	bool flag = otherwise;

	(void)fm_value_bool(fm_value_get(node, name), &flag); /* stays what it was */
	return flag;
}

static enum fm_code add_steps(struct steps *steps, const struct fm_value *node, struct fm_err *err)
{
	const struct fm_value *list = fm_value_get(node, "pretokenizers");
	enum fm_code rc = FM_OK;

	if (!type_is(node, "Sequence")) {
		if (steps->count == STEPS_MAX)
			return fm_fail(err, FM_E_LIMIT, "more than %d steps", STEPS_MAX);
		steps->list[steps->count++] = node;
		return FM_OK;
	}
	if (fm_value_kind(list) != FM_VALUE_LIST)
		return fm_fail(err, FM_E_FORMAT, "Sequence without pretokenizers");
	for (const struct fm_value *step = fm_value_first(list); step != NULL && rc == FM_OK;
	     step = fm_value_next(step))
		rc = add_steps(steps, step, err);
	return rc;
}

static enum fm_code not_served(const struct steps *steps, struct fm_err *err)
{
	struct fm_buf names;
	enum fm_code rc;

	fm_buf_init(&names, 1000);
	for (size_t i = 0; i < steps->count; i++) {
		struct fm_span type = fm_span_of("nothing");

		(void)fm_value_text(fm_value_get(steps->list[i], "type"), &type); /* or nothing */
		fm_buf_puts(&names, i > 0 ? ", " : "");
		fm_buf_put(&names, fm_hf_shown(type));
	}
	rc = fm_fail(err, FM_E_FORMAT, "%s%s is not served", fm_buf_text(&names),
	             steps->count > 1 ? " in this order" : "");
	fm_buf_free(&names);
	return rc;
}

/* Isolated keeps what matches and what does not as pieces; so does the other, if all matches. */
static bool keeps_all(const struct fm_value *split, bool whole)
{
	const struct fm_value *behavior = fm_value_get(split, "behavior");

	return fm_hf_text_is(behavior, "Isolated") ||
	       (whole && fm_hf_text_is(behavior, "Removed") && flag_of(split, "invert", false));
}

/* The patterns of Splits, each on a line: so a scheme of several is known. */
static enum fm_code read_splits(struct fm_hf *hf, const struct steps *steps, size_t count,
                                struct fm_err *err)
{
	struct fm_vocab_rules *rules = &hf->vocab.rules;
	struct fm_buf patterns;
	bool known;
	enum fm_code rc = FM_OK;

	fm_buf_init(&patterns, (size_t)64 << 10);
	for (size_t i = 0; i < count && rc == FM_OK; i++) {
		struct fm_span regex;

		if (!fm_value_text(fm_value_get(fm_value_get(steps->list[i], "pattern"), "Regex"),
		                   &regex)) {
			rc = fm_fail(err, FM_E_FORMAT, "Split at a String is not served here");
			break;
		}
		if (i > 0)
			rc = fm_buf_add(&patterns, fm_span_of("\n"), err);
		if (rc == FM_OK)
			rc = fm_buf_add(&patterns, regex, err);
	}
	if (rc != FM_OK)
		goto out;
	known = fm_scheme_of_pattern(fm_buf_span(&patterns), &rules->scheme);
	for (size_t i = 0; i < count && rc == FM_OK; i++)
		if (!keeps_all(steps->list[i], known))
			rc = fm_fail(err, FM_E_FORMAT,
			             "a Split that is not Isolated is not served");
	if (rc == FM_OK && !known && count > 1)
		rc = fm_fail(err, FM_E_FORMAT,
		             "these %zu Splits one behind the other are not known", count);
	if (rc == FM_OK && !known) {
		rules->scheme = FM_SCHEME_PATTERN;
		rules->pattern = fm_arena_text(&hf->vocab.arena, fm_buf_span(&patterns));
	}
out:
	fm_buf_free(&patterns);
	return rc;
}

static void read_digits(struct fm_hf *hf, const struct fm_value *digits)
{
	hf->vocab.rules.scheme = FM_SCHEME_PATTERN;
	hf->vocab.rules.pattern = flag_of(digits, "individual_digits", false)
	                                  ? "\\p{N}" BEHIND_DIGITS
	                                  : "\\p{N}+" BEHIND_DIGITS;
}

/* ByteLevel stands last: what comes behind it would see the byte alphabet. */
static enum fm_code read_byte_level(struct fm_hf *hf, const struct steps *steps, struct fm_err *err)
{
	const size_t before = steps->count - 1;
	const struct fm_value *last = steps->list[before];
	const bool cuts = flag_of(last, "use_regex", true);
	size_t splits = 0;

	hf->byte_level = true;
	while (splits < before && type_is(steps->list[splits], "Split"))
		splits++;
	if (flag_of(last, "add_prefix_space", true)) {
		if (before > 0)
			return fm_fail(err, FM_E_FORMAT,
			               "ByteLevel with add_prefix_space behind another step is not "
			               "served");
		hf->vocab.rules.dummy_prefix = FM_PREFIX_IF_NONE;
		hf->vocab.rules.prefix_each_part = true;
		hf->prefix_behind_find = true;
	}
	if (before == 0) {
		hf->vocab.rules.scheme = cuts ? FM_SCHEME_R50K : FM_SCHEME_WHOLE;
		return FM_OK;
	}
	if (splits == before && !cuts)
		return read_splits(hf, steps, splits, err);
	if (before == 1 && cuts && type_is(steps->list[0], "Digits")) {
		read_digits(hf, steps->list[0]);
		return FM_OK;
	}
	return not_served(steps, err);
}

/* Where the mark is put before a text: always, at the text's beginning, or never. */
static enum fm_code read_prefix(struct fm_hf *hf, const struct fm_value *node, struct fm_err *err)
{
	struct fm_vocab_rules *rules = &hf->vocab.rules;
	const struct fm_value *scheme = fm_value_get(node, "prepend_scheme");
	const bool old = flag_of(node, "add_prefix_space", true);

	if (fm_hf_text_is(scheme, "never") || !old)
		return FM_OK;
	if (scheme != NULL && !fm_hf_text_is(scheme, "always") && !fm_hf_text_is(scheme, "first"))
		return fm_fail(err, FM_E_FORMAT, "Metaspace with an unknown prepend_scheme");
	if (rules->dummy_prefix != FM_PREFIX_NEVER)
		return fm_fail(err, FM_E_FORMAT, "Metaspace behind Prepend is not served");
	/* To the reference a text whose beginning was stripped does not begin there. */
	if (fm_hf_text_is(scheme, "first") && rules->strip_left)
		return fm_fail(
			err, FM_E_FORMAT,
			"Metaspace with prepend_scheme first behind strip_left is not served");
	rules->dummy_prefix = FM_PREFIX_IF_NONE;
	rules->prefix_each_part = !fm_hf_text_is(scheme, "first");
	return FM_OK;
}

static enum fm_code read_metaspace(struct fm_hf *hf, const struct fm_value *node,
                                   struct fm_err *err)
{
	if (!fm_hf_text_is(fm_value_get(node, "replacement"), FM_MARK))
		return fm_fail(err, FM_E_FORMAT, "Metaspace with another sign than U+2581");
	hf->vocab.rules.spaces_marked = true;
	hf->prefix_behind_find = true;
	hf->vocab.rules.scheme = flag_of(node, "split", true) ? FM_SCHEME_MARKED : FM_SCHEME_WHOLE;
	return read_prefix(hf, node, err);
}

/* A Split at a space, where normalization has left none. */
static bool never_cuts(const struct fm_hf *hf, const struct fm_value *node)
{
	return hf->vocab.rules.spaces_marked && type_is(node, "Split") &&
	       fm_hf_text_is(fm_value_get(fm_value_get(node, "pattern"), "String"), " ") &&
	       !flag_of(node, "invert", false);
}

static enum fm_code read_steps(struct fm_hf *hf, const struct steps *steps, struct fm_err *err)
{
	const struct fm_value *last = steps->count > 0 ? steps->list[steps->count - 1] : NULL;

	hf->vocab.rules.scheme = FM_SCHEME_WHOLE;
	if (steps->count == 0)
		return FM_OK;
	if (type_is(last, "ByteLevel"))
		return read_byte_level(hf, steps, err);
	if (steps->count == 1 && type_is(last, "Metaspace"))
		return read_metaspace(hf, last, err);
	if (steps->count == 1 && never_cuts(hf, last))
		return FM_OK;
	return not_served(steps, err);
}

/* What has to hold of normalizer and pre_tokenizer together. */
static enum fm_code check_marks(const struct fm_hf *hf, struct fm_err *err)
{
	const struct fm_vocab_rules *rules = &hf->vocab.rules;

	if (rules->spaces_marked && hf->byte_level)
		return fm_fail(err, FM_E_FORMAT, "ByteLevel behind marked spaces is not served");
	if (!rules->spaces_marked && (hf->fold_marks || rules->dummy_prefix == FM_PREFIX_ALWAYS))
		return fm_fail(err, FM_E_FORMAT,
		               "U+2581 beside spaces that are not it is not served");
	return FM_OK;
}

enum fm_code fm_hf_read_pre_tokenizer(struct fm_hf *hf, struct fm_err *err)
{
	struct steps steps = {0};
	struct fm_json json = {0};
	enum fm_code rc = FM_OK;

	if (hf->pre_tokenizer.ptr != NULL && !fm_span_is(hf->pre_tokenizer, "null")) {
		rc = fm_json_open(hf->pre_tokenizer, &json, err);
		if (rc == FM_OK)
			rc = add_steps(&steps, json.root, err);
	}
	if (rc == FM_OK)
		rc = read_steps(hf, &steps, err);
	if (rc == FM_OK)
		rc = check_marks(hf, err);
	fm_json_close(&json);
	return rc == FM_OK ? rc : fm_err_prefix(err, "pre_tokenizer");
}
