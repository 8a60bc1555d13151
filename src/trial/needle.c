#include "trial/needle.h"

#include "trial/spec.h"

const char *fm_needle_role_name(enum fm_needle_role role)
{
	switch (role) {
	case FM_NEEDLE_TARGET:
		return "target";
	case FM_NEEDLE_DECOY:
		return "decoy";
	}
	return NULL;
}

static void write_short(const struct fm_needle *needle, struct fm_json_writer *w)
{
	fm_json_string(w, "role", fm_needle_role_name(needle->role));
	fm_json_u64(w, "at_tokens", needle->at_tokens);
	fm_json_u64(w, "at_bytes", needle->at_bytes);
	fm_json_u64(w, "landed_ppm", needle->landed_ppm);
}

static void write_facts(const struct fm_needle *needle, struct fm_json_writer *w)
{
	fm_json_string(w, "role", fm_needle_role_name(needle->role));
	fm_json_text(w, "key", needle->key);
	fm_json_text(w, "value", needle->value);
	fm_json_text(w, "text", needle->text);
	if (needle->depth_ppm == FM_DEPTH_NONE)
		fm_json_null(w, "depth_ppm");
	else
		fm_json_u64(w, "depth_ppm", needle->depth_ppm);
	if (needle->more_tokens > 0)
		fm_json_u64(w, "more_tokens", needle->more_tokens);
	fm_json_u64(w, "landed_ppm", needle->landed_ppm);
	fm_json_u64(w, "at_tokens", needle->at_tokens);
	fm_json_u64(w, "at_bytes", needle->at_bytes);
	fm_json_u64(w, "at_chars", needle->at_chars);
	fm_json_u64(w, "prompt_tokens", needle->prompt_tokens);
	fm_json_u64(w, "question_tokens", needle->question_tokens);
	fm_json_u64(w, "len_bytes", needle->text.len);
	if (needle->question.len > 0)
		fm_json_text(w, "question", needle->question);
}

void fm_needles_write(const struct fm_needle *needles, size_t count, bool facts, const char *name,
                      struct fm_json_writer *w)
{
	fm_json_list(w, name);
	for (size_t i = 0; i < count; i++) {
		fm_json_object(w, NULL);
		if (facts)
			write_facts(&needles[i], w);
		else
			write_short(&needles[i], w);
		fm_json_end_object(w);
	}
	fm_json_end_list(w);
}
