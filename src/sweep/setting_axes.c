#include "settings_internal.h"

#include "base/num.h"

static const char lengths_form[] =
	"a length such as 32k or 32Ki, a list of them, or a range such as 4k..128k/x2";

/* The parts of "a..b/c"; false when there is no "..". */
static bool split_range(struct fm_span text, struct fm_span *ret_low, struct fm_span *ret_high,
                        struct fm_span *ret_step)
{
	const size_t dots = fm_span_find(text, fm_span_of(".."));
	struct fm_span rest;
	size_t slash;

	if (dots == text.len)
		return false;
	rest = fm_span_skip(text, dots + 2);
	slash = fm_span_find_byte(rest, '/');
	*ret_low = fm_span_first(text, dots);
	*ret_high = fm_span_first(rest, slash);
	*ret_step = fm_span_skip(rest, slash + 1);
	return true;
}

static void add_length(struct fm_setting_context *c, const struct fm_yaml *node, uint64_t length)
{
	struct fm_settings *s = c->settings;

	if (length == 0)
		fm_setting_complain(c, node, "a length must be at least 1 token");
	else if (s->length_count == FM_AXIS_MAX)
		fm_setting_complain(c, node, "more than %d lengths", FM_AXIS_MAX);
	else
		s->lengths[s->length_count++] = length;
}

/* The square root of a factor in ppm, by bisection: no floating point chooses a length. */
static uint64_t root_ppm(uint64_t factor_ppm)
{
	uint64_t low = 1000000;
	uint64_t high = factor_ppm;

	while (low + 1 < high) {
		const uint64_t middle = low + (high - low) / 2;

		if ((fm_u128)middle * middle <= (fm_u128)factor_ppm * 1000000)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/*
 * "8k..1M/x2": each length times the factor, and both ends: a range that names 1M asks for it. A
 * step nearer to the end than half a step gives way to it.
 */
static void add_length_range(struct fm_setting_context *c, const struct fm_yaml *node,
                             struct fm_span low, struct fm_span high, struct fm_span step)
{
	uint64_t from;
	uint64_t to;
	uint64_t factor_ppm;

	if (!fm_num_count(low, &from) || !fm_num_count(high, &to) || from == 0 || to < from ||
	    to > UINT64_C(1000000000000)) {
		fm_setting_complain(c, node, "'%.*s' is not %s", FM_SPAN_ARGS(node->text),
		                    lengths_form);
		return;
	}
	if (!fm_span_starts(step, "x") || !fm_num_decimal(fm_span_skip(step, 1), 6, &factor_ppm) ||
	    factor_ppm < 1010000) {
		fm_setting_complain(c, node,
		                    "a range of lengths ends in its factor, such as %.*s..%.*s/x2",
		                    FM_SPAN_ARGS(low), FM_SPAN_ARGS(high));
		return;
	}
	const uint64_t root = root_ppm(factor_ppm);

	for (fm_u128 at = (fm_u128)from * 1000000; at / 1000000 * root < (fm_u128)to * 1000000;
	     at = at * factor_ppm / 1000000)
		add_length(c, node, (uint64_t)(at / 1000000));
	add_length(c, node, to);
}

static void read_lengths_text(struct fm_setting_context *c, const struct fm_yaml *node)
{
	struct fm_span rest = node->text;
	struct fm_span part;
	struct fm_span low;
	struct fm_span high;
	struct fm_span step;
	uint64_t length;

	while (fm_span_split(&rest, ',', &part)) {
		part = fm_span_trim(part);
		if (split_range(part, &low, &high, &step))
			add_length_range(c, node, low, high, step);
		else if (fm_num_count(part, &length))
			add_length(c, node, length);
		else
			fm_setting_complain(c, node, "'%.*s' is not %s", FM_SPAN_ARGS(part),
			                    lengths_form);
	}
}

/* Ascending, each once: what the axis of a map shows. */
static void tidy_lengths(struct fm_settings *s)
{
	size_t kept = 0;

	for (size_t i = 1; i < s->length_count; i++) {
		const uint64_t length = s->lengths[i];
		size_t j = i;

		for (; j > 0 && s->lengths[j - 1] > length; j--)
			s->lengths[j] = s->lengths[j - 1];
		s->lengths[j] = length;
	}
	for (size_t i = 0; i < s->length_count; i++)
		if (kept == 0 || s->lengths[kept - 1] != s->lengths[i])
			s->lengths[kept++] = s->lengths[i];
	s->length_count = kept;
}

void fm_setting_lengths(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	(void)target; /* the axis is two fields */
	c->settings->length_count = 0;
	if (node->kind == FM_YAML_SCALAR && node->text.len > 0)
		read_lengths_text(c, node);
	else if (node->kind == FM_YAML_LIST && node->count > 0)
		for (const struct fm_yaml *m = node->first; m != NULL; m = m->next)
			read_lengths_text(c, m);
	else
		fm_setting_complain(c, node, "expected %s", lengths_form);
	tidy_lengths(c->settings);
}

static void add_depths(struct fm_setting_context *c, const struct fm_yaml *node)
{
	struct fm_err err;

	if (node->kind != FM_YAML_SCALAR)
		fm_setting_complain(c, node, "expected a depth such as 50 or 12.5%%");
	else if (fm_depths_add(&c->settings->depths, node->text, &err) != FM_OK)
		fm_setting_complain(c, node, "%s", err.text);
}

void fm_setting_depths(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	struct fm_depths *depths = &c->settings->depths;

	(void)target; /* as the lengths: the axis */
	depths->count = 0;
	if (node->kind == FM_YAML_LIST && node->count > 0)
		for (const struct fm_yaml *m = node->first; m != NULL; m = m->next)
			add_depths(c, m);
	else
		add_depths(c, node);
	fm_depths_tidy(depths);
}
