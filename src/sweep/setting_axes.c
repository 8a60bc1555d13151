#include "settings_internal.h"

#include "base/num.h"
#include "sweep/window.h"

static const char lengths_form[] =
	"a length such as 32k or 32Ki, a list of them, or a range such as 4k..128k/x2";

/*
 * A number, or "window": 0 while the models' windows are not known, for then all is read again by
 * fm_setting_window.
 */
static bool read_length(struct fm_setting_context *c, struct fm_span text, uint64_t *ret_length,
                        bool *ret_pending)
{
	const bool is_window = fm_span_is(text, "window");

	*ret_pending = is_window && c->settings->window_length == 0;
	if (!is_window)
		return fm_num_count(text, ret_length);
	c->names_window = true;
	*ret_length = c->settings->window_length;
	return true;
}

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

/* "8k..1M/x2" */
struct range {
	uint64_t from;
	uint64_t to;
	uint64_t factor_ppm;
	bool pending; /* its end is the window, which is not known yet */
};

static bool read_ends(struct fm_setting_context *c, struct fm_span low, struct fm_span high,
                      struct range *range)
{
	return fm_num_count(low, &range->from) && range->from > 0 &&
	       read_length(c, high, &range->to, &range->pending) &&
	       (range->to >= range->from || range->pending) && range->to <= UINT64_C(1000000000000);
}

static void complain_of_ends(struct fm_setting_context *c, const struct fm_yaml *node,
                             struct fm_span high, const struct range *range)
{
	char from[FM_NUM_TEXT_MAX];
	char window[FM_NUM_TEXT_MAX];

	if (fm_span_is(high, "window") && range->from > 0)
		fm_setting_complain(c, node,
		                    "the window has room for %s tokens, fewer than the %s that "
		                    "the range begins with",
		                    fm_num_grouped(range->to, window),
		                    fm_num_grouped(range->from, from));
	else
		fm_setting_complain(c, node, "'%.*s' is not %s", FM_SPAN_ARGS(node->text),
		                    lengths_form);
}

/*
 * Each length times the factor, and both ends: a range that names 1M asks for it. A step nearer to
 * the end than half a step gives way to it.
 */
static void add_range(struct fm_setting_context *c, const struct fm_yaml *node,
                      const struct range *range)
{
	const uint64_t root = root_ppm(range->factor_ppm);

	for (fm_u128 at = (fm_u128)range->from * 1000000;
	     at / 1000000 * root < (fm_u128)range->to * 1000000;
	     at = at * range->factor_ppm / 1000000)
		add_length(c, node, (uint64_t)(at / 1000000));
	add_length(c, node, range->to);
}

static void read_range(struct fm_setting_context *c, const struct fm_yaml *node, struct fm_span low,
                       struct fm_span high, struct fm_span step)
{
	struct range range = {0};

	if (!read_ends(c, low, high, &range))
		complain_of_ends(c, node, high, &range);
	else if (!fm_span_starts(step, "x") ||
	         !fm_num_decimal(fm_span_skip(step, 1), 6, &range.factor_ppm) ||
	         range.factor_ppm < 1010000)
		fm_setting_complain(c, node,
		                    "a range of lengths ends in its factor, such as %.*s..%.*s/x2",
		                    FM_SPAN_ARGS(low), FM_SPAN_ARGS(high));
	else if (!range.pending)
		add_range(c, node, &range);
}

static void read_lengths_text(struct fm_setting_context *c, const struct fm_yaml *node)
{
	struct fm_span rest = node->text;
	struct fm_span part;
	struct fm_span low;
	struct fm_span high;
	struct fm_span step;
	uint64_t length;
	bool pending;

	while (fm_span_split(&rest, ',', &part)) {
		part = fm_span_trim(part);
		if (split_range(part, &low, &high, &step))
			read_range(c, node, low, high, step);
		else if (read_length(c, part, &length, &pending) && !pending)
			add_length(c, node, length);
		else if (!pending)
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
	c->names_window = false;
	if (node->kind == FM_YAML_SCALAR && node->text.len > 0)
		read_lengths_text(c, node);
	else if (node->kind == FM_YAML_LIST && node->count > 0)
		for (const struct fm_yaml *m = node->first; m != NULL; m = m->next)
			read_lengths_text(c, m);
	else
		fm_setting_complain(c, node, "expected %s", lengths_form);
	tidy_lengths(c->settings);
	c->settings->window_lengths = c->names_window ? node : NULL;
}

static bool knows_windows(struct fm_setting_context *c)
{
	const struct fm_settings *s = c->settings;
	bool all = true;

	for (size_t i = 0; i < s->model_count; i++) {
		const struct fm_model_setting *m = &s->models[i];
		const struct fm_yaml at = {.line = m->line, .column = m->column};

		if (fm_window_of(m) > 0)
			continue;
		fm_setting_complain(c, m->line > 0 ? &at : NULL,
		                    "length: window is asked for, and %s has none: write it as "
		                    "window: 128k beside the model",
		                    m->name);
		all = false;
	}
	return all;
}

void fm_setting_window(struct fm_setting_context *c)
{
	struct fm_settings *s = c->settings;
	struct fm_setting_context again = *c;

	if (s->window_lengths == NULL || !knows_windows(c))
		return;
	if (s->window_lengths->line == 0)
		again.file = NULL; /* it stood on the command line */
	s->window_length = fm_window_sure(s);
	if (s->window_length == 0)
		fm_setting_complain(&again, s->window_lengths,
		                    "a window has no room for a prompt beside an answer of %llu "
		                    "tokens",
		                    (unsigned long long)s->max_tokens);
	else
		fm_setting_lengths(&again, s->window_lengths, NULL);
	c->complaint_count = again.complaint_count;
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
