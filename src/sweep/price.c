#include "sweep/price.h"

#include "base/macro.h"

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static bool in_tier(const struct fm_price *price, uint64_t input)
{
	return price->tier_tokens > 0 && input > price->tier_tokens;
}

/* One division at the end, rounded up, so that no sum of parts is below the whole (D11). */
static uint64_t to_usd_micro(fm_u128 sum)
{
	const fm_u128 usd_micro = sum / 1000000 + (sum % 1000000 > 0);

	return usd_micro > FM_PRICE_MAX ? FM_PRICE_MAX : (uint64_t)usd_micro;
}

uint64_t fm_price_worst(const struct fm_price *price, uint64_t input, uint64_t output)
{
	uint64_t input_price = larger(price->input, larger(price->cached, price->written));
	uint64_t output_price = price->output;

	if (in_tier(price, input)) {
		input_price = larger(
			input_price,
			larger(price->tier_input, larger(price->tier_cached, price->tier_written)));
		output_price = larger(output_price, price->tier_output);
	}
	return to_usd_micro((fm_u128)input * input_price + (fm_u128)output * output_price);
}

static uint64_t known(int64_t count, uint64_t otherwise)
{
	return count < 0 ? otherwise : (uint64_t)count;
}

uint64_t fm_price_cost(const struct fm_price *price, const struct fm_usage *usage,
                       uint64_t expected_input, uint64_t expected_output)
{
	const uint64_t in = known(usage->in, expected_input);
	const uint64_t out = known(usage->out, expected_output);
	uint64_t cached = known(usage->cached, 0);
	uint64_t written = known(usage->written, 0);
	const bool tier = in_tier(price, in);
	fm_u128 sum;

	cached = cached < in ? cached : in;
	written = written < in - cached ? written : in - cached;
	sum = (fm_u128)(in - cached - written) * (tier ? price->tier_input : price->input);
	sum += (fm_u128)cached * (tier ? price->tier_cached : price->cached);
	sum += (fm_u128)written * (tier ? price->tier_written : price->written);
	sum += (fm_u128)out * (tier ? price->tier_output : price->output);
	return to_usd_micro(sum);
}

void fm_price_write(const struct fm_price *price, const char *name, struct fm_json_writer *w)
{
	fm_json_object(w, name);
	fm_json_u64(w, "input", price->input);
	fm_json_u64(w, "output", price->output);
	fm_json_u64(w, "cached", price->cached);
	fm_json_u64(w, "written", price->written);
	if (price->tier_tokens > 0) {
		fm_json_u64(w, "tier_tokens", price->tier_tokens);
		fm_json_u64(w, "tier_input", price->tier_input);
		fm_json_u64(w, "tier_output", price->tier_output);
		fm_json_u64(w, "tier_cached", price->tier_cached);
		fm_json_u64(w, "tier_written", price->tier_written);
	}
	fm_json_end_object(w);
}
