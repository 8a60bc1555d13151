#include "read_internal.h"

#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "token/counter.h"

/* What talks without end, ends here when nobody set a limit. */
#define TALK_TOKENS 400
#define TALK_TOKENS_MAX 16384
#define ANSWERS_MAX ((size_t)64 << 10)

static const char not_there[] = "The answer is not in the document.";

/* A number from 0 up to, not including, 1. */
static double chance(const struct fm_reading *reading, const char *what, uint64_t more)
{
	const uint64_t prompt = fm_hash_mix(reading->prompt.high, reading->prompt.low);

	return (double)(fm_hash_seed(fm_hash_mix(reading->seed, prompt), what, more) >> 11) *
	       0x1p-53;
}

static bool is_read(const struct fm_reading *reading, const struct fm_found *found)
{
	const uint64_t before = fm_found_before(reading->view, reading->counter, found);
	const double tokens = (double)reading->view->tokens;
	const double p = fm_surface_read(&reading->model->surface, reading->view->tokens,
	                                 tokens > 0 ? (double)before / tokens : 0);

	return chance(reading, "read", fm_hash_mix(fm_hash64(found->sentence), before)) < p;
}

struct findings {
	struct fm_sought sought;
	struct fm_found *found;
	size_t count;
	const struct fm_found *best;  /* that answers and was read */
	const struct fm_found *alike; /* that does not answer, but looks as if it did */
};

static void judge_one(const struct fm_reading *reading, struct fm_found *found, struct findings *f,
                      struct fm_said *said)
{
	if (found->score < reading->model->attention) {
		if (f->alike == NULL || found->score > f->alike->score)
			f->alike = found;
		return;
	}
	said->found++;
	if (!is_read(reading, found)) {
		said->unread++;
		found->score = 0; /* as if it were not there */
		return;
	}
	if (f->best == NULL || found->score > f->best->score)
		f->best = found;
}

static struct fm_span join_all(const struct fm_reading *reading, const struct findings *f,
                               struct fm_arena *arena)
{
	struct fm_buf text = {.max = ANSWERS_MAX};
	struct fm_span all;

	for (size_t i = 0; i < f->count; i++) {
		const struct fm_span one = fm_extract(f->found[i].sentence, &f->sought);

		if (f->found[i].score < reading->model->attention ||
		    text.len + one.len + 2 > text.max)
			continue;
		if (text.len > 0)
			fm_buf_puts(&text, ", ");
		fm_buf_put(&text, one);
	}
	all = fm_arena_copy(arena, fm_buf_span(&text));
	fm_buf_free(&text);
	return all;
}

/* A code of the same shape as one that was seen, or of a common one. */
static struct fm_span make_up(const struct fm_reading *reading, const struct findings *f,
                              struct fm_arena *arena)
{
	static const char letters[] = "ABCDEFGHJKMNPQRSTVWXYZ";
	struct fm_span shape = fm_span_of("A1AA1A1A");
	char *code;

	if (f->alike != NULL)
		shape = fm_span_first(fm_extract(f->alike->sentence, &f->sought), 64);
	code = fm_arena_take(arena, shape.len + 1);
	for (size_t i = 0; i < shape.len; i++) {
		const char c = shape.ptr[i];
		const double u = chance(reading, "code", i);

		if (fm_is_digit(c))
			code[i] = (char)('0' + (int)(u * 10));
		else if (c >= 'A' && c <= 'Z')
			code[i] = letters[(size_t)(u * (sizeof letters - 1))];
		else
			code[i] = c;
	}
	return fm_span_make(code, shape.len);
}

static struct fm_span talk(const char *sentence, const struct fm_reading *reading,
                           struct fm_arena *arena)
{
	uint64_t tokens = reading->max_tokens > 0 ? reading->max_tokens : TALK_TOKENS;
	struct fm_buf text = {.max = (size_t)4 << 20};
	struct fm_span all;

	if (tokens > TALK_TOKENS_MAX)
		tokens = TALK_TOKENS_MAX;
	/* Each sentence has more than eight tokens of any counter there is. */
	fm_buf_put_repeat(&text, sentence, (size_t)tokens / 8 + 1);
	all = fm_arena_copy(arena, fm_buf_span(&text));
	fm_buf_free(&text);
	return all;
}

static enum fm_lost draw_lost(const struct fm_reading *reading)
{
	double u = chance(reading, "lost", 0);

	for (int i = 0; i < FM_LOST_COUNT; i++) {
		if (u < reading->model->lost[i])
			return (enum fm_lost)i;
		u -= reading->model->lost[i];
	}
	return FM_LOST_ABSTAIN;
}

static void be_lost(const struct fm_reading *reading, const struct findings *f,
                    struct fm_arena *arena, struct fm_said *said)
{
	const enum fm_lost lost = draw_lost(reading);

	said->outcome = fm_lost_name(lost);
	said->text = fm_span_of(not_there);
	switch (lost) {
	case FM_LOST_CONFABULATE:
		said->text = make_up(reading, f, arena);
		break;
	case FM_LOST_WRONG:
		if (f->alike != NULL)
			said->text = fm_extract(f->alike->sentence, &f->sought);
		break;
	case FM_LOST_REFUSE:
		said->text = (struct fm_span){0};
		said->refusal = fm_span_of("I'm sorry, but I can't help with that request.");
		break;
	case FM_LOST_EMPTY:
		said->text = (struct fm_span){0};
		break;
	case FM_LOST_THINK:
		said->text = (struct fm_span){0};
		said->reasoning = talk("Let me look through the whole document once more, from its "
		                       "start. ",
		                       reading, arena);
		said->stop = FM_STOP_LENGTH;
		break;
	case FM_LOST_VERBOSE:
		said->text = talk("I have looked at many passages of this document, and each of "
		                  "them tells of something else. ",
		                  reading, arena);
		break;
	case FM_LOST_ABSTAIN:
	case FM_LOST_COUNT:
		break;
	}
}

void fm_said_cut(struct fm_said *said, const struct fm_counter *counter, uint64_t tokens)
{
	said->reasoning_tokens = fm_counter_count(counter, said->reasoning);
	said->text_tokens =
		fm_counter_count(counter, said->text) + fm_counter_count(counter, said->refusal);
	if (said->reasoning_tokens + said->text_tokens <= tokens)
		return;
	said->stop = FM_STOP_LENGTH;
	said->reasoning = fm_view_start(counter, said->reasoning, tokens);
	said->reasoning_tokens = fm_counter_count(counter, said->reasoning);
	said->text = fm_view_start(counter, said->text, tokens - said->reasoning_tokens);
	said->refusal = fm_view_start(counter, said->refusal, tokens - said->reasoning_tokens);
	said->text_tokens =
		fm_counter_count(counter, said->text) + fm_counter_count(counter, said->refusal);
}

void fm_read(const struct fm_reading *reading, struct fm_arena *arena, struct fm_said *ret_said)
{
	struct fm_said said = {.stop = FM_STOP_STOP, .outcome = "read"};
	struct findings f = {0};

	fm_question_read(reading->view, arena, &f.sought);
	fm_find(reading->view, &f.sought, arena, &f.found, &f.count);
	for (size_t i = 0; i < f.count; i++)
		judge_one(reading, &f.found[i], &f, &said);
	if (f.sought.count == 0) {
		said.outcome = "unasked";
		said.text = fm_span_of("Thank you for the text. What would you like to know?");
	} else if (f.best == NULL) {
		be_lost(reading, &f, arena, &said);
	} else if (f.sought.all) {
		said.text = join_all(reading, &f, arena);
	} else {
		said.text = fm_extract(f.best->sentence, &f.sought);
	}
	fm_said_cut(&said, reading->counter,
	            reading->max_tokens > 0 ? reading->max_tokens : TALK_TOKENS_MAX);
	*ret_said = said;
}
