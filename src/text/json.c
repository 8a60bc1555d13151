#include "text/json.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

#include "base/memory.h"

/* From 2^53 on a double no longer tells a number from its neighbour. */
#define EXACT_END 9007199254740992.0
#define SMALL_OBJECT 64 /* members */

static const cJSON *item_of(const struct fm_value *value)
{
	return (const cJSON *)value;
}

static const struct fm_value *value_of(const cJSON *item)
{
	return (const struct fm_value *)item;
}

static int by_bytes(const void *a, const void *b)
{
	const char *const *left = a;
	const char *const *right = b;

	return strcmp(*left, *right);
}

/* Names are sorted first, or a large object would cost the square of its size. */
static const char *find_twin_sorted(const cJSON *object, size_t count, struct fm_arena *scratch)
{
	const char **names = fm_arena_array(scratch, count, sizeof *names);
	size_t at = 0;

	for (const cJSON *member = object->child; member != NULL; member = member->next)
		names[at++] = member->string;
	qsort(names, count, sizeof *names, by_bytes);
	for (at = 1; at < count; at++)
		if (strcmp(names[at - 1], names[at]) == 0)
			return names[at];
	return NULL;
}

/* One of 64 bits, by the length and two letters: most names of a small object have it alone. */
static uint64_t bit_of(const char *name)
{
	const size_t len = strlen(name);
	const unsigned first = (unsigned char)name[0];
	const unsigned last = len == 0 ? 0 : (unsigned char)name[len - 1];

	return UINT64_C(1) << ((first * 7 + last * 3 + len) & 63);
}

/* No memory is taken, and only names whose bit was seen before are compared. */
static const char *find_twin(const cJSON *object)
{
	uint64_t seen = 0;

	for (const cJSON *member = object->child; member != NULL; member = member->next) {
		const uint64_t bit = bit_of(member->string);

		if ((seen & bit) != 0)
			for (const cJSON *m = object->child; m != member; m = m->next)
				if (strcmp(m->string, member->string) == 0)
					return m->string;
		seen |= bit;
	}
	return NULL;
}

static enum fm_code refuse_twins(const cJSON *object, struct fm_arena *scratch, struct fm_err *err)
{
	const size_t count = fm_value_count(value_of(object));
	const char *twin = count <= SMALL_OBJECT ? find_twin(object)
	                                         : find_twin_sorted(object, count, scratch);

	if (twin == NULL)
		return FM_OK;
	return fm_fail(err, FM_E_FORMAT, "the name \"%.100s\" stands twice", twin);
}

/* What the grammar allows and we do not. The depth was checked, so the recursion is bounded. */
static enum fm_code refuse_doubtful(const cJSON *item, struct fm_arena *scratch, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	if (cJSON_IsNumber(item) && !isfinite(item->valuedouble))
		return fm_fail(err, FM_E_FORMAT, "a number that no double can hold");
	if (cJSON_IsObject(item))
		rc = refuse_twins(item, scratch, err);
	for (const cJSON *member = item->child; member != NULL && rc == FM_OK;
	     member = member->next)
		rc = refuse_doubtful(member, scratch, err);
	return rc;
}

/* Where cJSON takes its memory from in this thread: NULL is the system. */
static _Thread_local struct fm_arena *place;
static once_flag hooked = ONCE_FLAG_INIT;

static void *take_memory(size_t size)
{
	return place != NULL ? fm_arena_take(place, size) : fm_memory_take(size);
}

static void give_memory(void *memory)
{
	if (place == NULL)
		fm_memory_free(memory);
}

static void hook(void)
{
	cJSON_InitHooks(&(cJSON_Hooks){take_memory, give_memory});
}

static enum fm_code parse(struct fm_span text, cJSON **ret_root, struct fm_err *err)
{
	const char *end = text.ptr;
	struct fm_arena scratch = {0};
	enum fm_code rc;

	*ret_root = cJSON_ParseWithLengthOpts(text.ptr, text.len, &end, 0);
	/* Releases differ in how long a number may be: what was not read to its end is refused. */
	if (*ret_root == NULL || fm_span_trim(fm_span_skip(text, (size_t)(end - text.ptr))).len > 0)
		return fm_fail(err, FM_E_FORMAT, "not understood at byte %zu",
		               (size_t)(end - text.ptr));
	rc = refuse_doubtful(*ret_root, &scratch, err);
	fm_arena_free(&scratch);
	return rc;
}

enum fm_code fm_json_open(struct fm_span text, struct fm_json *ret_json, struct fm_err *err)
{
	cJSON *root = NULL;
	enum fm_code rc;

	call_once(&hooked, hook);
	rc = fm_json_check(text, err);
	if (rc == FM_OK)
		rc = parse(text, &root, err);
	if (rc == FM_OK)
		ret_json->root = (struct fm_value *)root;
	else
		cJSON_Delete(root);
	return rc;
}

enum fm_code fm_json_read(struct fm_span text, struct fm_arena *arena,
                          const struct fm_value **ret_root, struct fm_err *err)
{
	cJSON *root = NULL;
	enum fm_code rc;

	call_once(&hooked, hook);
	rc = fm_json_check(text, err);
	if (rc != FM_OK)
		return rc;
	place = arena;
	rc = parse(text, &root, err);
	place = NULL;
	if (rc == FM_OK)
		*ret_root = value_of(root);
	return rc;
}

void fm_json_close(struct fm_json *json)
{
	cJSON_Delete((cJSON *)json->root);
	json->root = NULL;
}

enum fm_value_kind fm_value_kind(const struct fm_value *value)
{
	const cJSON *item = item_of(value);

	if (item == NULL)
		return FM_VALUE_NONE;
	if (cJSON_IsBool(item))
		return FM_VALUE_BOOL;
	if (cJSON_IsNumber(item))
		return FM_VALUE_NUMBER;
	if (cJSON_IsString(item))
		return FM_VALUE_TEXT;
	if (cJSON_IsArray(item))
		return FM_VALUE_LIST;
	if (cJSON_IsObject(item))
		return FM_VALUE_OBJECT;
	return FM_VALUE_NULL;
}

const struct fm_value *fm_value_get(const struct fm_value *object, const char *name)
{
	if (fm_value_kind(object) != FM_VALUE_OBJECT)
		return NULL;
	return value_of(cJSON_GetObjectItemCaseSensitive(item_of(object), name));
}

size_t fm_value_count(const struct fm_value *value)
{
	size_t count = 0;

	for (const struct fm_value *member = fm_value_first(value); member != NULL;
	     member = fm_value_next(member))
		count++;
	return count;
}

const struct fm_value *fm_value_first(const struct fm_value *value)
{
	return value == NULL ? NULL : value_of(item_of(value)->child);
}

const struct fm_value *fm_value_next(const struct fm_value *member)
{
	return member == NULL ? NULL : value_of(item_of(member)->next);
}

const char *fm_value_name(const struct fm_value *member)
{
	return member == NULL ? NULL : item_of(member)->string;
}

bool fm_value_text(const struct fm_value *value, struct fm_span *ret_text)
{
	if (fm_value_kind(value) != FM_VALUE_TEXT)
		return false;
	*ret_text = fm_span_of(item_of(value)->valuestring);
	return true;
}

bool fm_value_bool(const struct fm_value *value, bool *ret_bool)
{
	if (fm_value_kind(value) != FM_VALUE_BOOL)
		return false;
	*ret_bool = cJSON_IsTrue(item_of(value)) != 0;
	return true;
}

bool fm_value_real(const struct fm_value *value, double *ret_number)
{
	if (fm_value_kind(value) != FM_VALUE_NUMBER)
		return false;
	*ret_number = item_of(value)->valuedouble;
	return true;
}

bool fm_value_i64(const struct fm_value *value, int64_t *ret_number)
{
	double number;

	if (!fm_value_real(value, &number) || fabs(number) >= EXACT_END || number > floor(number))
		return false;
	*ret_number = (int64_t)number;
	return true;
}

bool fm_value_u64(const struct fm_value *value, uint64_t *ret_number)
{
	int64_t number;

	if (!fm_value_i64(value, &number) || number < 0)
		return false;
	*ret_number = (uint64_t)number;
	return true;
}
