#include "cli/corpus_opts.h"

#include <string.h>

#include "text/nearest.h"

#define AT(field, type) FM_AT(struct fm_corpus_opts, field, type)

static const struct fm_opt table[] = {
	{FM_OPT_TEXT, 0, "segment", "UNIT",  AT(segment, const char *), NULL,
         "own text: sentence, line, paragraph, turn",							     NULL},
	{FM_OPT_TEXT, 0, "order",   "ORDER", AT(order,   const char *), NULL,
         "own text: as-is or shuffled",									   NULL},
	{FM_OPT_TEXT, 0, "pattern", "GLOB",  AT(pattern, const char *), NULL,
         "a folder's files: '*.md'",									      NULL},
	{FM_OPT_TEXT, 0, "field",   "NAME",  AT(field,   const char *), NULL,
         "JSON lines: where the text is [text]",								  NULL},
	{FM_OPT_FLAG, 0, "wrap",    NULL,    AT(wrap,    bool),         NULL, "own text: begin again at its end",
         NULL													 },
};

const struct fm_opt *fm_corpus_opt_table(size_t *ret_count)
{
	*ret_count = FM_COUNT(table);
	return table;
}

const char *const fm_corpus_unit_names[FM_CORPUS_UNITS] = {"sentence", "line", "paragraph", "turn"};
const char *const fm_corpus_order_names[FM_CORPUS_ORDERS] = {"as-is", "shuffled"};

static enum fm_code choose(const char *option, const char *text, const char *const *names,
                           size_t count, size_t *ret_choice, struct fm_err *err)
{
	const char *near;

	if (text == NULL)
		return FM_OK;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(text, names[i]) == 0) {
			*ret_choice = i;
			return FM_OK;
		}
	}
	near = fm_nearest(fm_span_of(text), names, count);
	return fm_fail(err, FM_E_USAGE, "--%s: there is no '%.40s'%s%s%s", option, text,
	               near == NULL ? "" : " (did you mean '", near == NULL ? "" : near,
	               near == NULL ? "" : "'?)");
}

/* The first option that only a person's text has a use for; NULL when none was given. */
static const char *first_given(const struct fm_corpus_opts *opts)
{
	if (opts->segment != NULL)
		return "--segment";
	if (opts->order != NULL)
		return "--order";
	if (opts->pattern != NULL)
		return "--pattern";
	if (opts->field != NULL)
		return "--field";
	return opts->wrap ? "--wrap" : NULL;
}

enum fm_code fm_corpus_opts_read(const struct fm_corpus_opts *opts, const char *name,
                                 struct fm_corpus_spec *ret_spec, struct fm_err *err)
{
	size_t unit = 0;
	size_t order = 0;
	enum fm_code rc =
		choose("segment", opts->segment, fm_corpus_unit_names, FM_CORPUS_UNITS, &unit, err);

	if (rc == FM_OK)
		rc = choose("order", opts->order, fm_corpus_order_names, FM_CORPUS_ORDERS, &order,
		            err);
	if (rc != FM_OK)
		return rc;
	/* A file or a folder is named with a slash or a dot. */
	if (strpbrk(name, "/.") == NULL && first_given(opts) != NULL)
		return fm_corpus_refuse(name, first_given(opts), err);
	*ret_spec = (struct fm_corpus_spec){
		.name = name,
		.unit = (enum fm_corpus_unit)unit, /* in its order */
		.order = (enum fm_corpus_order)order,
		.wrap = opts->wrap,
		.pattern = opts->pattern,
		.field = opts->field,
	};
	return FM_OK;
}
