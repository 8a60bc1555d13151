#include "cli/doctor_model.h"

#include <string.h>

#include "base/num.h"
#include "cli/model_words.h"
#include "sweep/settings.h"
#include "sweep/window.h"
#include "wire/count.h"
#include "wire/preset.h"

/* What is counted by both: a few sentences with numbers and names, as documents have them. */
static const char sample[] =
	"The ferry left the northern pier at 6:45, nineteen minutes late. Marta Quillfeather had "
	"counted the crates twice: 212 of them, each sealed with blue twine, none marked. \"If the "
	"harbour master asks,\" she said, \"they hold lamp oil.\" Nobody asked. By noon the fog "
	"had "
	"gone, and the island of Sorrelholm lay ahead like a loaf of dark bread.";

/* "1,048,576 by the catalogue (litellm, 2026-07-24)". */
static const char *declared(struct fm_look *l, uint64_t window)
{
	const struct fm_model_setting *m = l->p->model;
	char text[FM_NUM_TEXT_MAX];
	struct fm_buf source;
	const char *words;

	if (window == 0)
		return "not known to the catalogue";
	if (m->window > 0)
		return fm_arena_format(l->arena, "%s as the plan says",
		                       fm_num_grouped(window, text));
	fm_buf_init(&source, 4096);
	fm_put_source(&source, m->row);
	words = fm_arena_format(l->arena, "%s by the catalogue (%s)", fm_num_grouped(window, text),
	                        fm_buf_text(&source));
	fm_buf_free(&source);
	return words;
}

static void look_at_window(struct fm_look *l)
{
	const uint64_t ours = fm_window_of(l->p->model);
	const uint64_t said = l->listed.window;
	char text[FM_NUM_TEXT_MAX];
	const char *words = declared(l, ours);

	if (said == 0) {
		fm_look_find(l, "window", ours == 0 ? FM_HEALTH_NOTE : FM_HEALTH_OK,
		             fm_arena_format(l->arena, "%s; the host does not say", words));
		return;
	}
	l->c->window_said = (int64_t)said;
	fm_look_find(l, "window", ours == said ? FM_HEALTH_OK : FM_HEALTH_NOTE,
	             fm_arena_format(l->arena, "%s, %s by the host (%s)", words,
	                             fm_num_grouped(said, text), l->listed.window_at));
}

static void look_at_output(struct fm_look *l)
{
	const struct fm_model_row *row = l->p->model->row;
	const uint64_t said = l->listed.output_max;
	const uint64_t cap = said > 0 ? said : row == NULL ? 0 : row->output_max;
	const bool passed = cap > 0 && l->p->max_tokens > cap;
	char text[FM_NUM_TEXT_MAX];
	char asked[FM_NUM_TEXT_MAX];

	if (said > 0)
		l->c->output_said = (int64_t)said;
	if (cap == 0) {
		fm_look_find(l, "output", FM_HEALTH_UNCHECKED, "its cap is not known");
		return;
	}
	fm_look_find(l, "output", passed ? FM_HEALTH_WRONG : FM_HEALTH_OK,
	             fm_arena_format(l->arena, "%s tokens at most, by the %s; %s are asked for",
	                             fm_num_grouped(cap, text), said > 0 ? "host" : "catalogue",
	                             fm_num_grouped(l->p->max_tokens, asked)));
	l->c->wrong = l->c->wrong || passed;
}

static void look_at_price(struct fm_look *l)
{
	const struct fm_model_setting *m = l->p->model;
	struct fm_buf buf;

	if (!m->priced) {
		fm_look_find(l, "price", FM_HEALTH_NOTE, "not known; a budget needs one");
		return;
	}
	fm_buf_init(&buf, 4096);
	fm_put_price(&buf, &m->price);
	fm_look_find(l, "price", FM_HEALTH_OK,
	             fm_arena_format(l->arena, "%s USD for a million tokens", fm_buf_text(&buf)));
	fm_buf_free(&buf);
}

static bool count_ours(struct fm_look *l, uint64_t *ret_tokens)
{
	struct fm_counter *counter;
	struct fm_err ignored;

	if (fm_counter_open(l->p->model->tokenizer, l->place, &counter, &ignored) != FM_OK)
		return false;
	*ret_tokens = fm_counter_count(counter, fm_span_of(sample));
	fm_counter_close(counter);
	return true;
}

static void tell_counts(struct fm_look *l, uint64_t theirs)
{
	const struct fm_count_form *form = fm_count_find(l->p->host.preset->name);
	uint64_t ours = 0;
	char text[FM_NUM_TEXT_MAX];

	l->c->tokens_theirs = (int64_t)theirs;
	if (!count_ours(l, &ours)) {
		fm_look_find(l, "tokens", FM_HEALTH_NOTE,
		             fm_arena_format(l->arena,
		                             "the host counts %s of a sample; %s is not here",
		                             fm_num_grouped(theirs, text), l->p->model->tokenizer));
		return;
	}
	l->c->tokens_ours = (int64_t)ours;
	fm_look_find(
		l, "tokens", FM_HEALTH_OK,
		fm_arena_format(l->arena, "%s counts %llu of a sample, the host %llu (%s): %llu %s",
	                        l->p->model->tokenizer, (unsigned long long)ours,
	                        (unsigned long long)theirs, fm_count_words(form),
	                        (unsigned long long)(theirs < ours ? ours - theirs : theirs - ours),
	                        theirs < ours ? "fewer" : "more"));
}

/* Who counts for a key has taken it, and who refuses to has not, where nothing else shows that. */
static void judge_key(struct fm_look *l, enum fm_health health, const char *text)
{
	for (size_t i = 0; i < l->c->count && l->p->host.key != NULL; i++) {
		struct fm_finding *f = &l->c->findings[i];

		if (strcmp(f->check, "accepted") != 0 || f->health != FM_HEALTH_UNCHECKED)
			continue;
		f->health = health;
		f->text = text;
		l->c->unauthorized = l->c->unauthorized || health == FM_HEALTH_WRONG;
	}
}

/* One short text, counted by both: what a run's lengths will be off by shows here. */
static void look_at_tokens(struct fm_look *l)
{
	struct fm_prompt prompt = {.messages = {{.role = FM_ROLE_USER}}, .count = 1};
	uint64_t theirs = 0;
	struct fm_err err;

	fm_rope_add_text(&prompt.messages[0].text, l->arena, fm_span_of(sample));
	if (fm_free_count(&l->p->host, l->p->model->model, &prompt, l->arena, &theirs, &err) !=
	    FM_OK) {
		const char *said = fm_arena_text(l->arena, fm_span_of(err.text));

		fm_look_find(l, "tokens", FM_HEALTH_UNCHECKED, said);
		if (err.code == FM_E_AUTH)
			judge_key(l, FM_HEALTH_WRONG, said);
		return;
	}
	tell_counts(l, theirs);
	judge_key(l, FM_HEALTH_OK, "the key is taken");
}

void fm_look_at_model(struct fm_look *l)
{
	look_at_window(l);
	look_at_output(l);
	look_at_price(l);
	if (l->reached && !l->c->unauthorized)
		look_at_tokens(l);
}
