#include "read_hf_internal.h"

#include <string.h>

#include "base/memory.h"
#include "text/json_pull.h"

struct merges {
	struct fm_vocab_merge *list;
	size_t count;
	size_t capacity;
	uint32_t rank; /* of the next */
};

static enum fm_code find_part(const struct fm_hf *hf, struct fm_span name, uint32_t rank,
                              uint32_t *ret_id, struct fm_err *err)
{
	*ret_id = fm_token_map_find(&hf->ids, name);
	if (*ret_id != FM_TOKEN_MAP_NONE)
		return FM_OK;
	return fm_fail(err, FM_E_FORMAT, "merge %u: \"%.*s\" is no token", rank,
	               FM_SPAN_ARGS(fm_hf_shown(name)));
}

static bool is_made(const struct fm_hf *hf, uint32_t id)
{
	return hf->vocab.tokens[id].kind != FM_TOKEN_CONTROL;
}

static enum fm_code add_merge(const struct fm_hf *hf, struct merges *merges, uint32_t left,
                              uint32_t right, struct fm_err *err)
{
	const struct fm_span left_name = hf->names[left];
	const struct fm_span right_name = hf->names[right];
	char name[2 * FM_VOCAB_TOKEN_BYTES_MAX];
	uint32_t result;
	enum fm_code rc;

	if (left_name.len == 0 || right_name.len == 0)
		return fm_fail(err, FM_E_FORMAT, "merge %u: one of the two is empty", merges->rank);
	memcpy(name, left_name.ptr, left_name.len);
	memcpy(name + left_name.len, right_name.ptr, right_name.len);
	rc = find_part(hf, fm_span_make(name, left_name.len + right_name.len), merges->rank,
	               &result, err);
	if (rc != FM_OK)
		return rc;
	if (merges->rank == FM_VOCAB_MERGES_MAX)
		return fm_fail(err, FM_E_LIMIT, "more than %u merges", FM_VOCAB_MERGES_MAX);
	merges->rank++;
	/* Of what no text becomes nothing is merged. */
	if (!is_made(hf, left) || !is_made(hf, right) || !is_made(hf, result))
		return FM_OK;
	merges->list = fm_memory_more(merges->list, merges->count, &merges->capacity,
	                              sizeof *merges->list);
	merges->list[merges->count++] =
		(struct fm_vocab_merge){left, right, result, merges->rank - 1};
	return FM_OK;
}

/* "left right" */
static enum fm_code read_text_merge(const struct fm_hf *hf, struct fm_span text,
                                    struct merges *merges, struct fm_err *err)
{
	const size_t space = fm_span_find_byte(text, ' ');
	const struct fm_span right_name = fm_span_skip(text, space + 1);
	uint32_t left;
	uint32_t right;
	enum fm_code rc;

	if (space == text.len || fm_span_find_byte(right_name, ' ') < right_name.len)
		return fm_fail(err, FM_E_FORMAT, "merge %u: \"%.*s\" is not two tokens and a space",
		               merges->rank, FM_SPAN_ARGS(fm_hf_shown(text)));
	rc = find_part(hf, fm_span_first(text, space), merges->rank, &left, err);
	if (rc == FM_OK)
		rc = find_part(hf, right_name, merges->rank, &right, err);
	return rc == FM_OK ? add_merge(hf, merges, left, right, err) : rc;
}

/* ["left", "right"]; its opening bracket is read. */
static enum fm_code read_list_merge(const struct fm_hf *hf, struct fm_json_pull *pull,
                                    struct merges *merges, struct fm_err *err)
{
	uint32_t ids[2];
	unsigned count = 0;
	enum fm_pull_event event;
	enum fm_code rc;

	for (;;) {
		rc = fm_json_pull_next(pull, &event, err);
		if (rc != FM_OK || event != FM_PULL_TEXT || count == 2)
			break;
		rc = find_part(hf, pull->value, merges->rank, &ids[count++], err);
		if (rc != FM_OK)
			break;
	}
	if (rc != FM_OK)
		return rc;
	if (event != FM_PULL_LIST_END || count != 2)
		return fm_fail(err, FM_E_FORMAT, "merge %u is not two texts", merges->rank);
	return add_merge(hf, merges, ids[0], ids[1], err);
}

static enum fm_code read_all(const struct fm_hf *hf, struct fm_json_pull *pull,
                             struct merges *merges, struct fm_err *err)
{
	enum fm_pull_event event;
	enum fm_code rc = fm_json_pull_next(pull, &event, err);

	if (rc == FM_OK && event != FM_PULL_LIST)
		return fm_fail(err, FM_E_FORMAT, "not a list");
	while (rc == FM_OK) {
		rc = fm_json_pull_next(pull, &event, err);
		if (rc != FM_OK || event == FM_PULL_LIST_END)
			break;
		if (event == FM_PULL_TEXT)
			rc = read_text_merge(hf, pull->value, merges, err);
		else if (event == FM_PULL_LIST)
			rc = read_list_merge(hf, pull, merges, err);
		else
			rc = fm_fail(err, FM_E_FORMAT, "merge %u is not two tokens", merges->rank);
	}
	return rc;
}

enum fm_code fm_hf_read_merges(struct fm_hf *hf, struct fm_err *err)
{
	struct merges merges = {0};
	struct fm_json_pull pull;
	enum fm_code rc;

	fm_json_pull_part(&pull, hf->merges_text);
	rc = read_all(hf, &pull, &merges, err);
	if (rc == FM_OK && merges.count > 0) {
		hf->vocab.merges =
			fm_arena_array(&hf->vocab.arena, merges.count, sizeof *hf->vocab.merges);
		memcpy(hf->vocab.merges, merges.list, merges.count * sizeof *merges.list);
		hf->vocab.merge_count = merges.count;
	}
	fm_json_pull_free(&pull);
	fm_memory_free(merges.list);
	return rc == FM_OK ? rc : fm_err_prefix(err, "model.merges");
}
