#include "cli/plan_corpus.h"

#include "base/num.h"
#include "cli/plan_load.h"
#include "cli/screen.h"
#include "text/escape.h"

#define BYTES_PER_TOKEN 4     /* before anything is counted; of English it is a little more */
#define BYTES_PER_TOKEN_MAX 5 /* a text that has more for each token is seldom too short */

static uint64_t longest_of(const struct fm_settings *s)
{
	return s->length_count == 0 ? 0 : s->lengths[s->length_count - 1];
}

/* So many tokens in parts of what the text has: "6.3" is 63 tenths. */
static uint64_t tenths_of(const struct fm_loaded *l, uint64_t tokens)
{
	return fm_num_mul_div(tokens, UINT64_C(10) * BYTES_PER_TOKEN, l->plan.corpus_bytes);
}

static void put_coverage(const struct fm_loaded *l, struct fm_buf *buf)
{
	const uint64_t tenths = tenths_of(l, longest_of(&l->settings));
	char bytes[FM_NUM_TEXT_MAX];

	fm_buf_putf(buf, "          %s of text", fm_num_bytes_text(l->plan.corpus_bytes, bytes));
	if (l->plan.wrap && tenths > 10)
		fm_buf_putf(buf, "; the longest prompt goes round some %llu.%llu times",
		            (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10));
	fm_buf_putc(buf, '\n');
}

/* Without wrap, a text that may not fill the longest prompt: a run would refuse it. */
static bool may_be_short(const struct fm_loaded *l, struct fm_buf *buf)
{
	const uint64_t longest = longest_of(&l->settings);
	const uint64_t all = l->plan.corpus_bytes;
	char length[FM_NUM_TEXT_MAX];
	char wanted[FM_NUM_TEXT_MAX];
	char bytes[FM_NUM_TEXT_MAX];

	if (all == 0 || l->plan.wrap || longest <= all / BYTES_PER_TOKEN_MAX)
		return false;
	/* Few tokenizers count more tokens than bytes. */
	fm_buf_putf(buf,
	            "the text %s for length %s: that is some %s, and it has %s. A prompt that "
	            "it cannot "
	            "fill is refused; more text or wrap helps",
	            longest > all ? "is too short" : "may be too short",
	            fm_num_grouped(longest, length),
	            fm_num_bytes_text(longest * BYTES_PER_TOKEN, wanted),
	            fm_num_bytes_text(all, bytes));
	return true;
}

bool fm_plan_corpus_is_shared(const struct fm_loaded *loaded, struct fm_buf *buf)
{
	const struct fm_settings *s = &loaded->settings;
	char length[FM_NUM_TEXT_MAX];
	uint64_t tenths;

	if (loaded->plan.corpus_bytes == 0 || loaded->plan.order != FM_ORDER_AS_IS ||
	    s->repeats < 2)
		return false;
	tenths = tenths_of(loaded, longest_of(s) * s->repeats);
	fm_buf_puts(buf, "as-is: repeats share one text from different places on, their trials ");
	if (tenths <= 10)
		fm_buf_puts(buf, "may overlap");
	else
		fm_buf_putf(buf,
		            "overlap: %u times %s tokens are some %llu.%llu times what it has. n "
		            "takes them for independent and its interval is too narrow; more text "
		            "or order: shuffled helps",
		            s->repeats, fm_num_grouped(longest_of(s), length),
		            (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10));
	return true;
}

void fm_plan_corpus_put(const struct fm_loaded *loaded, struct fm_buf *buf)
{
	const struct fm_settings *s = &loaded->settings;
	struct fm_buf words;

	fm_buf_puts(buf, "  corpus  ");
	fm_put_visible(buf, fm_span_of(s->corpus.name), false);
	fm_buf_putf(buf, ", seed %llu%s\n", (unsigned long long)s->seed,
	            loaded->plan.repeats ? "; its text repeats" : "");
	if (loaded->plan.corpus_bytes == 0)
		return;
	put_coverage(loaded, buf);
	fm_buf_init(&words, 1024);
	if (may_be_short(loaded, &words))
		fm_buf_putf(buf, "          %s\n", fm_buf_text(&words));
	fm_buf_clear(&words);
	if (fm_plan_corpus_is_shared(loaded, &words))
		fm_buf_putf(buf, "          %s\n", fm_buf_text(&words));
	fm_buf_free(&words);
}

void fm_plan_corpus_say(const struct fm_loaded *loaded)
{
	struct fm_buf buf;

	fm_buf_init(&buf, 1024);
	if (may_be_short(loaded, &buf))
		fm_say("%s", fm_buf_text(&buf));
	fm_buf_clear(&buf);
	if (fm_plan_corpus_is_shared(loaded, &buf))
		fm_say("%s", fm_buf_text(&buf));
	fm_buf_free(&buf);
}
