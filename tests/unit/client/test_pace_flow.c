#include "test.h"

#include "base/clock.h"
#include "base/macro.h"
#include "base/rng.h"
#include "client/pace.h"

/*
 * A pace against an endpoint with token buckets of its own, on a clock that is only a number: an
 * hour and a half in steps of 20 ms. Requests arrive up to a second after they went, are answered
 * up to twenty seconds later, and what is refused comes again.
 */

#define S FM_NS_PER_S
#define STEP (20 * FM_NS_PER_MS)
#define END (90 * 60 * S)
#define FLIGHTS_MAX 64

struct endpoint {
	double per_minute[FM_METER_COUNT];
	double level[FM_METER_COUNT];
	bool tells; /* in headers */
};

struct flight {
	bool used;
	bool arrived;
	bool heard;
	bool refused;
	struct fm_load load;
	struct fm_rate_said said; /* when it was answered or refused */
	int64_t went_ns, arrive_ns, head_ns, end_ns;
};

#define TELLS 1  /* the endpoint says its limits in headers */
#define ROBBED 2 /* somebody else takes half of all for ten minutes */
#define HALF 4   /* the plan asks for half of what the endpoint allows */

/* A limit of 0 is none. */
static struct flow_case {
	const char *name;
	uint64_t plan_requests, plan_tokens;
	uint32_t requests, tokens, prompts, answers; /* the endpoint's, a minute */
	uint64_t from, to;                           /* tokens of a prompt */
	enum fm_meter tight;                         /* what bounds the flow */
	unsigned flags;
	uint32_t early; /* refused in the first two minutes at most: nobody knows before it hears */
	uint32_t late;
} cases[] = {
	{"tokens of the plan",    0,   600000, 0,   600000, 0,        0,      1000,   40000,  FM_METER_TOKENS,     0,     0,  0  },
	{"requests of the plan",  30,  0,      30,  0,      0,        0,      10,     1000,   FM_METER_REQUESTS,   0,     0,  0  },
	{"both, tokens tight",    100, 600000, 100, 600000, 0,        0,      5000,   40000,  FM_METER_TOKENS,     0,     0,
         0														       },
	{"half a minute each",    0,   600000, 0,   600000, 0,        0,      290000, 310000, FM_METER_TOKENS,     0,     0,
         0														       },
	{"a minute each",         0,   600000, 0,   600000, 0,        0,      599000, 599900, FM_METER_TOKENS,     0,     0,  0  },
	{"told",		  0,   0,      60,  600000, 0,        0,      1000,   40000,  FM_METER_TOKENS,     TELLS, 16, 10 },
	{"told of prompts",       0,   0,      600, 0,      600000,   600000, 1000,   40000,  FM_METER_TOKENS_IN,  TELLS,
         16,														  10 },
	{"told of answers",       0,   0,      600, 0,      60000000, 3000,   1000,   40000,  FM_METER_TOKENS_OUT, TELLS,
         16,														  10 },
	{"the plan asks less",    0,   300000, 60,  600000, 0,        0,      1000,   40000,  FM_METER_TOKENS,
         TELLS | HALF,												    0,  0  },
	{"somebody takes half",   0,   0,      600, 600000, 0,        0,      1000,   40000,  FM_METER_TOKENS,
         TELLS | ROBBED,												  16, 60 },
	{"somebody does, untold", 0,   600000, 600, 600000, 0,        0,      1000,   40000,  FM_METER_TOKENS,
         ROBBED,													  0,  200},
};

static double amount(const struct fm_load *load, size_t meter)
{
	const double amounts[] = {1.0, (double)(load->tokens_in + load->tokens_out),
	                          (double)load->tokens_in, (double)load->tokens_out};

	return amounts[meter];
}

static struct fm_rate_said tell(const struct endpoint *endpoint)
{
	struct fm_rate_said said = fm_rate_unsaid();

	for (size_t i = 0; i < FM_METER_COUNT && endpoint->tells; i++)
		if (endpoint->per_minute[i] > 0) {
			said.minute[i].limit = (int64_t)endpoint->per_minute[i];
			said.minute[i].remaining =
				endpoint->level[i] > 0 ? (int64_t)endpoint->level[i] : 0;
		}
	return said;
}

static bool admit(struct endpoint *endpoint, const struct fm_load *load)
{
	for (size_t i = 0; i < FM_METER_COUNT; i++)
		if (endpoint->per_minute[i] > 0 && endpoint->level[i] < amount(load, i))
			return false;
	for (size_t i = 0; i < FM_METER_COUNT; i++)
		endpoint->level[i] -= amount(load, i);
	return true;
}

static void fill(struct endpoint *endpoint, double share)
{
	for (size_t i = 0; i < FM_METER_COUNT; i++) {
		endpoint->level[i] += endpoint->per_minute[i] * share * (double)STEP / (60.0 * S);
		if (endpoint->level[i] > endpoint->per_minute[i])
			endpoint->level[i] = endpoint->per_minute[i];
	}
}

struct flow {
	const struct flow_case *c;
	struct fm_rng rng;
	struct fm_pace pace;
	struct endpoint endpoint;
	struct flight flights[FLIGHTS_MAX];
	struct fm_load next;
	uint32_t refused_early, refused_later;
	double taken[FM_METER_COUNT]; /* of the endpoint, in the steady state */
	double went[FM_METER_COUNT];
};

static void draw(struct flow *f)
{
	const uint64_t spread = f->c->to - f->c->from + 1;

	f->next = (struct fm_load){f->c->from + fm_rng_below(&f->rng, spread), 100};
}

/* The first and last third hold what is measured; a thief comes between. */
static bool is_steady(int64_t now_ns)
{
	return (now_ns > 300 * S && now_ns <= 1200 * S) || now_ns > 2700 * S;
}

static void land(struct flow *f, struct flight *flight, int64_t now_ns)
{
	flight->arrived = true;
	flight->refused = !admit(&f->endpoint, &flight->load);
	flight->said = tell(&f->endpoint);
	flight->head_ns = now_ns + (int64_t)fm_rng_below(&f->rng, S);
	flight->end_ns =
		flight->head_ns + (flight->refused ? 0 : (int64_t)fm_rng_below(&f->rng, 20 * S));
	if (flight->refused && now_ns < 120 * S)
		f->refused_early++;
	else if (flight->refused)
		f->refused_later++;
	for (size_t i = 0; i < FM_METER_COUNT && !flight->refused && is_steady(now_ns); i++)
		f->taken[i] += amount(&flight->load, i);
}

static void finish(struct flow *f, struct flight *flight, int64_t now_ns)
{
	flight->used = false;
	fm_pace_ended(&f->pace, flight->refused ? INT64_MIN : flight->went_ns, now_ns);
	if (!flight->refused)
		return;
	fm_pace_slow_down(&f->pace, 2 * S, (uint64_t)now_ns, now_ns);
	f->next = flight->load; /* the one that was drawn was not sent */
}

static void move(struct flow *f, struct flight *flight, int64_t now_ns)
{
	if (!flight->arrived && flight->arrive_ns <= now_ns)
		land(f, flight, now_ns);
	if (flight->arrived && !flight->heard && flight->head_ns <= now_ns) {
		flight->heard = true;
		fm_pace_heard(&f->pace, &flight->load);
		fm_pace_said(&f->pace, &flight->said, now_ns);
	}
	if (flight->heard && flight->end_ns <= now_ns)
		finish(f, flight, now_ns);
}

static void send(struct flow *f, int64_t now_ns)
{
	for (size_t i = 0; i < FLIGHTS_MAX; i++) {
		struct flight *flight = &f->flights[i];

		if (flight->used)
			continue;
		if (fm_pace_wait(&f->pace, &f->next, now_ns) > 0)
			return;
		fm_pace_went(&f->pace, &f->next, now_ns);
		*flight = (struct flight){
			.used = true,
			.load = f->next,
			.went_ns = now_ns,
			.arrive_ns = now_ns + (int64_t)fm_rng_below(&f->rng, S),
		};
		for (size_t m = 0; m < FM_METER_COUNT; m++)
			f->went[m] += amount(&f->next, m);
		draw(f);
	}
}

/* However long it runs: no more than one minute's allowance and what the time brought. */
static void assert_within_plan(const struct flow *f, int64_t now_ns)
{
	const double minutes = 1.0 + (double)now_ns / (60.0 * S);
	const uint64_t plan[] = {f->c->plan_requests, f->c->plan_tokens};

	for (size_t i = 0; i < FM_COUNT(plan); i++)
		assert_true(plan[i] == 0 || f->went[i] <= (double)plan[i] * minutes + 1.0);
}

static void run(struct flow *f)
{
	const struct fm_pace_spec plan = {16, f->c->plan_requests, f->c->plan_tokens, 0};
	const uint32_t limits[] = {f->c->requests, f->c->tokens, f->c->prompts, f->c->answers};

	fm_pace_init(&f->pace, &plan, 0);
	f->endpoint.tells = (f->c->flags & TELLS) != 0;
	for (size_t i = 0; i < FM_METER_COUNT; i++) {
		f->endpoint.per_minute[i] = limits[i];
		f->endpoint.level[i] = limits[i];
	}
	draw(f);
	for (int64_t now_ns = 0; now_ns < END; now_ns += STEP) {
		const bool robbed =
			(f->c->flags & ROBBED) != 0 && now_ns > 1200 * S && now_ns <= 1800 * S;

		for (size_t i = 0; i < FLIGHTS_MAX; i++)
			if (f->flights[i].used)
				move(f, &f->flights[i], now_ns);
		send(f, now_ns);
		fill(&f->endpoint, robbed ? 0.5 : 1.0);
		assert_within_plan(f, now_ns);
	}
}

static void test_flow(void **state)
{
	const struct flow_case *c = *state;
	const double minutes = 15.0 + 45.0;

	for (uint64_t seed = 1; seed <= 3; seed++) {
		struct flow f = {.c = c, .rng = fm_rng_make(seed)};

		run(&f);
		const double allowed =
			f.endpoint.per_minute[c->tight] * minutes * (c->flags & HALF ? 0.5 : 1.0);

		assert_true(f.taken[c->tight] >= 0.95 * allowed);
		assert_true(f.refused_early <= c->early);
		assert_true(f.refused_later <= c->late);
	}
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_flow, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("client/pace_flow", tests, NULL, NULL) != 0;
}
