#include "cli/doctor.h"

#include <string.h>

#include "base/clock.h"
#include "base/env.h"
#include "base/macro.h"
#include "base/num.h"
#include "cli/doctor_model.h"
#include "client/ask.h"
#include "client/key.h"
#include "sweep/settings.h"
#include "text/escape.h"
#include "text/nearest.h"
#include "wire/dialect.h"

#define ANSWER_BYTES_MAX ((size_t)16 << 20)
#define HEAR_NS (FM_NS_PER_S / 2) /* this machine answers at once, or there is nobody */
#define WORDS_MAX ((size_t)400)   /* of what a host says, in one line */
#define ORIGIN_MAX 2048

/* A Date has whole seconds; beyond a minute signatures and logs are off. */
#define SKEW_SAME_MS 2000
#define SKEW_WRONG_MS 60000
/* 292 years, all that a duration holds: a Date may name the year 9999. */
#define SKEW_TOLD_MS (INT64_MAX / FM_NS_PER_MS)

const char *fm_health_name(enum fm_health health)
{
	static const char *const names[] = {"ok", "note", "not checked", "wrong"};

	return names[health];
}

void fm_look_find(struct fm_look *l, const char *check, enum fm_health health, const char *text)
{
	l->c->findings[l->c->count++] = (struct fm_finding){check, health, text};
}

/* What a host says, as one line of ours. */
const char *fm_look_visible(struct fm_look *l, struct fm_span text)
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

static void look_at_key(struct fm_look *l)
{
	const struct fm_patient *p = l->p;

	if (p->key_name == NULL) {
		fm_look_find(l, "key", FM_HEALTH_OK, "none is needed");
	} else if (p->host.key == NULL) {
		fm_look_find(l, "key", FM_HEALTH_WRONG, p->key_error);
		l->c->unauthorized = true;
	} else {
		fm_look_find(l, "key", FM_HEALTH_OK,
		             fm_arena_format(l->arena, "from %s", p->key_name));
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

static void look_at_proxy(struct fm_look *l, const struct fm_ask_answer *answer)
{
	const char *variable = proxy_variable(l->p->host.base_url);
	char origin[ORIGIN_MAX];
	struct fm_err err;

	if (fm_origin_of(l->p->host.base_url, false, origin, sizeof origin, &err) == FM_OK &&
	    fm_origin_is_loopback(fm_span_of(origin)))
		fm_look_find(l, "proxy", FM_HEALTH_OK, "none: it is on this machine");
	else if (variable == NULL)
		fm_look_find(l, "proxy", FM_HEALTH_OK, "none");
	else if (answer->tunnelled || fm_span_starts(fm_span_of(l->p->host.base_url), "http://"))
		fm_look_find(l, "proxy", FM_HEALTH_OK,
		             fm_arena_format(l->arena, "that of %s", variable));
	else
		fm_look_find(l, "proxy", FM_HEALTH_NOTE,
		             fm_arena_format(l->arena,
		                             "%s is set, and was not gone through: see no_proxy",
		                             variable));
}

static void look_at_clock(struct fm_look *l, const struct fm_ask_answer *answer)
{
	char text[FM_NUM_TEXT_MAX];
	int64_t off;

	if (answer->date_ms == FM_UNKNOWN) {
		fm_look_find(l, "clock", FM_HEALTH_UNCHECKED, "the host does not say its time");
		return;
	}
	l->c->dated = true;
	l->c->skew_ms = answer->date_ms - fm_clock_wall_ms();
	off = l->c->skew_ms < 0 ? -l->c->skew_ms : l->c->skew_ms;
	if (off > SKEW_TOLD_MS)
		off = SKEW_TOLD_MS;
	if (off <= SKEW_SAME_MS)
		fm_look_find(l, "clock", FM_HEALTH_OK, "the same as ours");
	else
		fm_look_find(l, "clock", off < SKEW_WRONG_MS ? FM_HEALTH_NOTE : FM_HEALTH_WRONG,
		             fm_arena_format(l->arena, "%s %s ours",
		                             fm_num_duration_text(off * FM_NS_PER_MS, text),
		                             l->c->skew_ms < 0 ? "behind" : "ahead of"));
	l->c->wrong = l->c->wrong || off >= SKEW_WRONG_MS;
}

static void look_at_reach(struct fm_look *l, const char *url, const struct fm_ask_answer *answer)
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
		fm_look_find(l, "endpoint", answer->status < 500 ? FM_HEALTH_OK : FM_HEALTH_WRONG,
		             fm_arena_format(l->arena, "%s: HTTP %d in %s%s", url, answer->status,
		                             fm_num_duration_text(answer->took_ns, took), tls));
	else
		fm_look_find(l, "endpoint", FM_HEALTH_WRONG,
		             fm_arena_format(l->arena, "%s: %s: %s", url, stages[answer->end],
		                             fm_look_visible(l, fm_span_of(answer->why.text))));
	l->c->wrong = l->c->wrong || (l->reached && answer->status >= 500);
}

static void look_at_accepted(struct fm_look *l, const struct fm_ask_answer *answer)
{
	const bool refused = l->listing != NULL && (answer->status == 401 || answer->status == 403);

	if (refused) {
		fm_look_find(l, "accepted", FM_HEALTH_WRONG,
		             fm_arena_format(l->arena, "%s: HTTP %d: %s",
		                             l->p->host.key == NULL ? "it wants a key"
		                                                    : "the key is refused",
		                             answer->status,
		                             fm_look_visible(l, fm_buf_span(&answer->body))));
		l->c->unauthorized = true;
	} else if (l->p->host.key == NULL) {
		return;
	} else if (l->listing == NULL || answer->status != 200) {
		fm_look_find(l, "accepted", FM_HEALTH_UNCHECKED,
		             "the host has no free request that would show it");
	} else if (fm_listing_is_open(l->listing)) {
		fm_look_find(l, "accepted", FM_HEALTH_UNCHECKED,
		             "its list of models is open to everyone");
	} else {
		fm_look_find(l, "accepted", FM_HEALTH_OK, "the key is taken");
	}
}

static void look_at_model(struct fm_look *l)
{
	const struct fm_listed *listed = &l->listed;
	const char *model = l->p->model == NULL ? NULL : l->p->model->model;
	char count[FM_NUM_TEXT_MAX];
	const char *near;

	if (model == NULL) {
		fm_look_find(l, "models", FM_HEALTH_OK,
		             fm_arena_format(l->arena, "%s are listed",
		                             fm_num_grouped(listed->id_count, count)));
		return;
	}
	if (!listed->known) {
		fm_look_find(
			l, "model", FM_HEALTH_NOTE,
			fm_arena_format(l->arena, "it serves %s under any name",
		                        listed->id_count > 0
		                                ? fm_look_visible(l, fm_span_of(listed->ids[0]))
		                                : "one model"));
		return;
	}
	if (listed->found) {
		fm_look_find(l, "model", FM_HEALTH_OK, "listed");
		return;
	}
	near = fm_nearest(fm_span_of(model), listed->ids, listed->id_count);
	if (near == NULL && listed->id_count == 1)
		near = listed->ids[0];
	fm_look_find(l, "model", FM_HEALTH_WRONG,
	             fm_arena_format(l->arena, "not among the %s that are listed%s%s%s",
	                             fm_num_grouped(listed->id_count, count),
	                             near == NULL ? "" : "; did you mean ",
	                             near == NULL ? "" : fm_look_visible(l, fm_span_of(near)),
	                             near == NULL ? "" : "?"));
	l->c->wrong = true;
}

/* Where a server says the window that it has loaded. */
static void ask_window(struct fm_look *l)
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
static void look_at_endpoint(struct fm_look *l)
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
		fm_look_find(l, "endpoint", FM_HEALTH_WRONG,
		             fm_arena_text(l->arena, fm_span_of(err.text)));
		l->c->wrong = true;
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
			fm_look_find(l, "model", FM_HEALTH_UNCHECKED,
			             fm_look_visible(l, fm_span_of(err.text)));
		if (p->model != NULL && (l->listed.found || !l->listed.known))
			ask_window(l);
	} else if (p->model != NULL) {
		fm_look_find(l, "model", FM_HEALTH_UNCHECKED,
		             l->reached ? "the host lists no models here"
		                        : "the host did not answer");
	}
	fm_buf_free(&answer.body);
}

void fm_doctor_look(const struct fm_patient *patient, const struct fm_counter_place *place,
                    struct fm_arena *arena, struct fm_checkup *ret_checkup)
{
	struct fm_look l = {.p = patient, .place = place, .arena = arena, .c = ret_checkup};

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
	fm_look_at_model(&l);
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
