#include "prefill_internal.h"

#include "base/clock.h"

int64_t fm_call_time_of(uint64_t tokens, uint64_t tokens_per_s)
{
	if (tokens_per_s == 0)
		return 0;
	return (int64_t)((double)tokens / (double)tokens_per_s * (double)FM_NS_PER_S);
}

/* What the configuration says of the cache, and else the vendor's own. */
static struct fm_caching caching_of(const struct fm_call *call)
{
	const struct fm_model *model = call->model;
	struct fm_caching caching = fm_caching_of(fm_call_server(call));

	if (model->cache.block_tokens != FM_UNSAID)
		caching.block_tokens = model->cache.block_tokens;
	if (model->cache.min_tokens != FM_UNSAID)
		caching.min_tokens = model->cache.min_tokens;
	if (model->cache.ttl_ns >= 0)
		caching.ttl_ns = model->cache.ttl_ns;
	return caching;
}

static struct fm_prefix_prompt prompt_of(const struct fm_call *call, const struct fm_view *view)
{
	const struct fm_caching caching = caching_of(call);

	return (struct fm_prefix_prompt){
		.owner = fm_hash_seed(call->key_hash, call->model->name, 0),
		.view = view,
		.asked = &call->asked,
		.counter = call->sim->counter,
		.ttl_ns = fm_call_scaled(call, caching.ttl_ns),
		.now_ns = fm_clock_mono_ns(),
	};
}

void fm_call_prefill(struct fm_call *call, const struct fm_view *view)
{
	const struct fm_model *model = call->model;
	const struct fm_caching caching = caching_of(call);
	struct fm_prefill prefill = {.written = FM_UNKNOWN};

	if (model->cache.on) {
		const struct fm_prefix_prompt prompt = prompt_of(call, view);
		const uint64_t shared = fm_prefix_read(call->sim->prefixes, &prompt);

		prefill.cached = fm_cached_tokens(&caching, shared, view->tokens);
		if (caching.writes)
			prefill.written =
				(int64_t)fm_written_tokens(&caching, prefill.cached, view->tokens);
	}
	prefill.ns = model->time.base_ns +
	             fm_call_time_of(view->tokens - prefill.cached, model->time.prefill_tps) +
	             fm_call_time_of(prefill.cached, model->time.cached_tps);
	call->prefill = prefill;
}

void fm_call_keep_prefix(struct fm_call *call, const struct fm_view *view)
{
	if (!call->model->cache.on)
		return;
	const struct fm_prefix_prompt prompt = prompt_of(call, view);

	fm_prefix_keep(call->sim->prefixes, &prompt,
	               prompt.now_ns + fm_call_scaled(call, call->prefill.ns));
}
