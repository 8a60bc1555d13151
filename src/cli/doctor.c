#include "cli/doctor.h"

#include <string.h>

#include "base/clock.h"
#include "base/env.h"
#include "base/macro.h"
#include "base/num.h"
#include "cli/model_words.h"
#include "client/ask.h"
#include "client/key.h"
#include "sweep/settings.h"
#include "sweep/window.h"
#include "text/escape.h"
#include "text/nearest.h"
#include "trial/prompt.h"
#include "wire/count.h"
#include "wire/dialect.h"
#include "wire/listing.h"

#define ANSWER_BYTES_MAX ((size_t)16 << 20)
#define HEAR_NS (FM_NS_PER_S / 2) /* this machine answers at once, or there is nobody */
#define WORDS_MAX 400             /* of what a host says, in one line */
#define ORIGIN_MAX 2048

/* A Date has whole seconds; beyond a minute signatures and logs are off. */
#define SKEW_SAME_MS 2000
#define SKEW_WRONG_MS 60000

/* What is counted by both: a few sentences with numbers and names, as documents have them. */
static const char sample[] =
	"The ferry left the northern pier at 6:45, nineteen minutes late. Marta Quillfeather had "
	"counted the crates twice: 212 of them, each sealed with blue twine, none marked. \"If the "
	"harbour master asks,\" she said, \"they hold lamp oil.\" Nobody asked. By noon the fog "
	"had "
	"gone, and the island of Sorrelholm lay ahead like a loaf of dark bread.";

/* One look, as it goes on. */
struct look {
	const struct fm_patient *p;
	const struct fm_counter_place *place;
	struct fm_arena *arena;
	struct fm_checkup *c;
	const struct fm_listing_form *listing;
	struct fm_listed listed;
	bool reached;
};

const char *fm_health_name(enum fm_health health)
{
	static const char *const names[] = {"ok", "note", "not checked", "wrong"};

	return names[health];
}

static void find(struct look *l, const char *check, enum fm_health health, const char *text)
{
	l->c->findings[l->c->count++] = (struct fm_finding){check, health, text};
}

/* What a host says, as one line of ours. */
static const char *visible(struct look *l, struct fm_span text)
{
	struct fm_buf buf;
	const char *shown;

	text = fm_span_first(text, WORDS_MAX);
	fm_buf_init(&buf, WORDS_MAX * 16);
	fm_put_visible(&buf, text, false);
	shown = fm_arena_text(l->arena, fm_buf_span(&buf));
	fm_buf_free(&buf);
	return shown;
}

static void look_at_key(struct look *l)
{
	const struct fm_patient *p = l->p;

	if (p->key_name == NULL) {
		find(l, "key", FM_HEALTH_OK, "none is needed");
	} else if (p->host.key == NULL) {
		find(l, "key", FM_HEALTH_WRONG, p->key_error);
		l->c->unauthorized = true;
	} else {
		find(l, "key", FM_HEALTH_OK, fm_arena_format(l->arena, "from %s", p->key_name));
	}
}

/* As libcurl chooses: by the scheme, in small letters first. Its value may hold a password. */
static const char *proxy_variable(const char *base_url)
{
	static const char *const secure[] = {"https_proxy", "HTTPS_PROXY", "all_proxy",
	                                     "ALL_PROXY"};
	static const char *const clear[] = {"http_proxy", "all_proxy", "ALL_PROXY"};
	const bool https = fm_span_starts(fm_span_of(base_url), "https://");
	const char *const *names = https ? secure : clear;
	const size_t count = https ? FM_COUNT(secure) : FM_COUNT(clear);

	for (size_t i = 0; i < count; i++) {
		const char *value = fm_env_get(names[i]);

		if (value != NULL && value[0] != '\0')
			return names[i];
	}
	return NULL;
}

static void look_at_proxy(struct look *l, const struct fm_ask_answer *answer)
{
	const char *variable = proxy_variable(l->p->host.base_url);
	char origin[ORIGIN_MAX];
	struct fm_err err;

	if (fm_origin_of(l->p->host.base_url, false, origin, sizeof origin, &err) == FM_OK &&
	    fm_origin_is_loopback(fm_span_of(origin)))
		find(l, "proxy", FM_HEALTH_OK, "none: it is on this machine");
	else if (variable == NULL)
		find(l, "proxy", FM_HEALTH_OK, "none");
	else if (answer->tunnelled || fm_span_starts(fm_span_of(l->p->host.base_url), "http://"))
		find(l, "proxy", FM_HEALTH_OK, fm_arena_format(l->arena, "that of %s", variable));
	else
		find(l, "proxy", FM_HEALTH_NOTE,
		     fm_arena_format(l->arena, "%s is set, and was not gone through: see no_proxy",
		                     variable));
}

static void look_at_clock(struct look *l, const struct fm_ask_answer *answer)
{
	char text[FM_NUM_TEXT_MAX];
	int64_t off;

	if (answer->date_ms == FM_UNKNOWN) {
		find(l, "clock", FM_HEALTH_UNCHECKED, "the host does not say its time");
		return;
	}
	l->c->dated = true;
	l->c->skew_ms = answer->date_ms - fm_clock_wall_ms();
	off = l->c->skew_ms < 0 ? -l->c->skew_ms : l->c->skew_ms;
	if (off <= SKEW_SAME_MS)
		find(l, "clock", FM_HEALTH_OK, "the same as ours");
	else
		find(l, "clock", off < SKEW_WRONG_MS ? FM_HEALTH_NOTE : FM_HEALTH_WRONG,
		     fm_arena_format(l->arena, "%s %s ours",
		                     fm_num_duration_text(off * FM_NS_PER_MS, text),
		                     l->c->skew_ms < 0 ? "behind" : "ahead of"));
	l->c->wrong = l->c->wrong || off >= SKEW_WRONG_MS;
}

static void look_at_reach(struct look *l, const char *url, const struct fm_ask_answer *answer)
{
	static const char *const stages[] = {
		"its name cannot be resolved",
		"no connection",
		"no safe connection (TLS)",
		"no whole answer",
	};
	const char *tls = fm_span_starts(fm_span_of(url), "https://") ? ", TLS" : "";
	char took[FM_NUM_TEXT_MAX];

	l->c->status = answer->status;
	l->c->took_ns = answer->took_ns;
	l->reached = answer->end == FM_ASK_ANSWERED;
	l->c->unreachable = !l->reached;
	if (l->reached)
		find(l, "endpoint", answer->status < 500 ? FM_HEALTH_OK : FM_HEALTH_WRONG,
		     fm_arena_format(l->arena, "%s: HTTP %d in %s%s", url, answer->status,
		                     fm_num_duration_text(answer->took_ns, took), tls));
	else
		find(l, "endpoint", FM_HEALTH_WRONG,
		     fm_arena_format(l->arena, "%s: %s: %s", url, stages[answer->end],
		                     visible(l, fm_span_of(answer->why.text))));
	l->c->wrong = l->c->wrong || (l->reached && answer->status >= 500);
}

static void look_at_accepted(struct look *l, const struct fm_ask_answer *answer)
{
	const bool refused = l->listing != NULL && (answer->status == 401 || answer->status == 403);

	if (refused) {
		find(l, "accepted", FM_HEALTH_WRONG,
		     fm_arena_format(l->arena, "%s: HTTP %d: %s",
		                     l->p->host.key == NULL ? "it wants a key"
		                                            : "the key is refused",
		                     answer->status, visible(l, fm_buf_span(&answer->body))));
		l->c->unauthorized = true;
	} else if (l->p->host.key == NULL) {
		return;
	} else if (l->listing == NULL || answer->status != 200) {
		find(l, "accepted", FM_HEALTH_UNCHECKED,
		     "the host has no free request that would show it");
	} else if (fm_listing_is_open(l->listing)) {
		find(l, "accepted", FM_HEALTH_UNCHECKED, "its list of models is open to everyone");
	} else {
		find(l, "accepted", FM_HEALTH_OK, "the key is taken");
	}
}

static void look_at_model(struct look *l)
{
	const struct fm_listed *listed = &l->listed;
	const char *model = l->p->model == NULL ? NULL : l->p->model->model;
	char count[FM_NUM_TEXT_MAX];
	const char *near;

	if (model == NULL) {
		find(l, "models", FM_HEALTH_OK,
		     fm_arena_format(l->arena, "%s are listed",
		                     fm_num_grouped(listed->id_count, count)));
		return;
	}
	if (!listed->known) {
		find(l, "model", FM_HEALTH_NOTE,
		     fm_arena_format(l->arena, "it serves %s under any name",
		                     listed->id_count > 0 ? visible(l, fm_span_of(listed->ids[0]))
		                                          : "one model"));
		return;
	}
	if (listed->found) {
		find(l, "model", FM_HEALTH_OK, "listed");
		return;
	}
	near = fm_nearest(fm_span_of(model), listed->ids, listed->id_count);
	if (near == NULL && listed->id_count == 1)
		near = listed->ids[0];
	find(l, "model", FM_HEALTH_WRONG,
	     fm_arena_format(
		     l->arena, "not among the %s that are listed%s%s%s",
		     fm_num_grouped(listed->id_count, count), near == NULL ? "" : "; did you mean ",
		     near == NULL ? "" : visible(l, fm_span_of(near)), near == NULL ? "" : "?"));
	l->c->wrong = true;
}

/* Where a server says the window that it has loaded. */
static void ask_window(struct look *l)
{
	struct fm_ask_answer answer = {0};
	struct fm_bytes body;
	struct fm_err ignored;
	const char *url = fm_listing_window_url(l->listing, l->p->host.base_url, l->p->model->model,
	                                        l->arena, &body);

	if (url == NULL || fm_free_ask(&l->p->host, url, &body, &answer, &ignored) != FM_OK)
		return;
	if (answer.end == FM_ASK_ANSWERED && answer.status == 200 &&
	    fm_listing_read_window(l->listing, fm_buf_span(&answer.body), l->arena, &l->listed,
	                           &ignored) != FM_OK)
		l->listed.window = 0; /* it says something else there: then nothing is known */
	fm_buf_free(&answer.body);
}

/* The list of models: what all else is read from. */
static void look_at_endpoint(struct look *l)
{
	const struct fm_patient *p = l->p;
	const char *url = l->listing == NULL
	                          ? p->host.base_url
	                          : fm_listing_url(l->listing, p->host.base_url, l->arena);
	struct fm_free_host host = p->host;
	struct fm_ask_answer answer = {0};
	struct fm_err err;

	if (l->listing == NULL) /* what is at the bare address says nothing of a key */
		host.key = NULL;
	if (fm_free_ask(&host, url, NULL, &answer, &err) != FM_OK) {
		find(l, "endpoint", FM_HEALTH_UNCHECKED,
		     fm_arena_text(l->arena, fm_span_of(err.text)));
		return;
	}
	look_at_proxy(l, &answer);
	look_at_reach(l, url, &answer);
	if (l->reached) {
		look_at_clock(l, &answer);
		look_at_accepted(l, &answer);
	}
	if (l->reached && l->listing != NULL && answer.status == 200) {
		if (fm_listing_read(l->listing, fm_buf_span(&answer.body),
		                    p->model == NULL ? NULL : p->model->model, l->arena, &l->listed,
		                    &err) == FM_OK)
			look_at_model(l);
		else
			find(l, "model", FM_HEALTH_UNCHECKED, visible(l, fm_span_of(err.text)));
		if (p->model != NULL && (l->listed.found || !l->listed.known))
			ask_window(l);
	} else if (p->model != NULL) {
		find(l, "model", FM_HEALTH_UNCHECKED,
		     l->reached ? "the host lists no models here" : "the host did not answer");
	}
	fm_buf_free(&answer.body);
}

/* "1,048,576 by the catalogue (litellm, 2026-07-24)". */
static const char *declared(struct look *l, uint64_t window)
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

static void look_at_window(struct look *l)
{
	const uint64_t ours = fm_window_of(l->p->model);
	const uint64_t said = l->listed.window;
	char text[FM_NUM_TEXT_MAX];
	const char *words = declared(l, ours);

	if (said == 0) {
		find(l, "window", ours == 0 ? FM_HEALTH_NOTE : FM_HEALTH_OK,
		     fm_arena_format(l->arena, "%s; the host does not say", words));
		return;
	}
	l->c->window_said = (int64_t)said;
	find(l, "window", ours == said ? FM_HEALTH_OK : FM_HEALTH_NOTE,
	     fm_arena_format(l->arena, "%s, %s by the host (%s)", words, fm_num_grouped(said, text),
	                     l->listed.window_at));
}

static void look_at_output(struct look *l)
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
		find(l, "output", FM_HEALTH_UNCHECKED, "its cap is not known");
		return;
	}
	find(l, "output", passed ? FM_HEALTH_WRONG : FM_HEALTH_OK,
	     fm_arena_format(l->arena, "%s tokens at most, by the %s; %s are asked for",
	                     fm_num_grouped(cap, text), said > 0 ? "host" : "catalogue",
	                     fm_num_grouped(l->p->max_tokens, asked)));
	l->c->wrong = l->c->wrong || passed;
}

static void look_at_price(struct look *l)
{
	const struct fm_model_setting *m = l->p->model;
	struct fm_buf buf;

	if (!m->priced) {
		find(l, "price", FM_HEALTH_NOTE, "not known; a budget needs one");
		return;
	}
	fm_buf_init(&buf, 4096);
	fm_put_price(&buf, &m->price);
	find(l, "price", FM_HEALTH_OK,
	     fm_arena_format(l->arena, "%s USD for a million tokens", fm_buf_text(&buf)));
	fm_buf_free(&buf);
}

static bool count_ours(struct look *l, uint64_t *ret_tokens)
{
	struct fm_counter *counter;
	struct fm_err ignored;

	if (fm_counter_open(l->p->model->tokenizer, l->place, &counter, &ignored) != FM_OK)
		return false;
	*ret_tokens = fm_counter_count(counter, fm_span_of(sample));
	fm_counter_close(counter);
	return true;
}

static void tell_counts(struct look *l, uint64_t theirs)
{
	const struct fm_count_form *form = fm_count_find(l->p->host.preset->name);
	uint64_t ours = 0;
	char text[FM_NUM_TEXT_MAX];

	l->c->tokens_theirs = (int64_t)theirs;
	if (!count_ours(l, &ours)) {
		find(l, "tokens", FM_HEALTH_NOTE,
		     fm_arena_format(l->arena, "the host counts %s of a sample; %s is not here",
		                     fm_num_grouped(theirs, text), l->p->model->tokenizer));
		return;
	}
	l->c->tokens_ours = (int64_t)ours;
	find(l, "tokens", FM_HEALTH_OK,
	     fm_arena_format(l->arena, "%s counts %llu of a sample, the host %llu (%s): %llu %s",
	                     l->p->model->tokenizer, (unsigned long long)ours,
	                     (unsigned long long)theirs, fm_count_words(form),
	                     (unsigned long long)(theirs < ours ? ours - theirs : theirs - ours),
	                     theirs < ours ? "fewer" : "more"));
}

/* Who counts for a key has taken it, and who refuses to has not, where nothing else shows that. */
static void judge_key(struct look *l, enum fm_health health, const char *text)
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
static void look_at_tokens(struct look *l)
{
	struct fm_prompt prompt = {.messages = {{.role = FM_ROLE_USER}}, .count = 1};
	uint64_t theirs = 0;
	struct fm_err err;

	fm_rope_add_text(&prompt.messages[0].text, l->arena, fm_span_of(sample));
	if (fm_free_count(&l->p->host, l->p->model->model, &prompt, l->arena, &theirs, &err) !=
	    FM_OK) {
		const char *said = fm_arena_text(l->arena, fm_span_of(err.text));

		find(l, "tokens", FM_HEALTH_UNCHECKED, said);
		if (err.code == FM_E_AUTH)
			judge_key(l, FM_HEALTH_WRONG, said);
		return;
	}
	tell_counts(l, theirs);
	judge_key(l, FM_HEALTH_OK, "the key is taken");
}

void fm_doctor_look(const struct fm_patient *patient, const struct fm_counter_place *place,
                    struct fm_arena *arena, struct fm_checkup *ret_checkup)
{
	struct look l = {.p = patient, .place = place, .arena = arena, .c = ret_checkup};

	*ret_checkup = (struct fm_checkup){
		.took_ns = FM_UNKNOWN,
		.window_said = FM_UNKNOWN,
		.output_said = FM_UNKNOWN,
		.tokens_theirs = FM_UNKNOWN,
		.tokens_ours = FM_UNKNOWN,
	};
	l.listing =
		fm_listing_find(patient->host.preset == NULL ? NULL : patient->host.preset->name);
	look_at_key(&l);
	look_at_endpoint(&l);
	if (patient->model == NULL)
		return;
	look_at_window(&l);
	look_at_output(&l);
	look_at_price(&l);
	if (l.reached && !ret_checkup->unauthorized)
		look_at_tokens(&l);
}

bool fm_doctor_hears(const struct fm_patient *patient)
{
	const struct fm_ask question = {
		.url = patient->host.base_url, .connect_ns = HEAR_NS, .total_ns = HEAR_NS * 4};
	struct fm_ask_answer answer = {0};
	struct fm_err ignored;
	bool heard;

	if (fm_ask_once(&question, ANSWER_BYTES_MAX, &answer, &ignored) != FM_OK)
		return false;
	heard = answer.end == FM_ASK_ANSWERED;
	fm_buf_free(&answer.body);
	return heard;
}
