#include "trial/spec.h"

#include <stddef.h>

#include "base/macro.h"
#include "base/num.h"

enum kind {
	KIND_TEXT,
	KIND_ID, /* null is none */
	KIND_U32,
	KIND_U64,
	KIND_SEED,  /* 64 bits, as 16 hex digits: JSON's numbers are exact to 53 only */
	KIND_DEPTH, /* null is FM_DEPTH_NONE */
};

/* Writer and reader walk the same rows, so that what is written is what is read. */
static const struct member {
	const char *name;
	enum kind kind;
	size_t offset;
} members[] = {
	{"corpus",     KIND_ID,    offsetof(struct fm_trial_spec, prompt.corpus)    },
	{"engine",     KIND_U32,   offsetof(struct fm_trial_spec, prompt.engine)    },
	{"hay_seed",   KIND_SEED,  offsetof(struct fm_trial_spec, prompt.hay_seed)  },
	{"tokenizer",  KIND_TEXT,  offsetof(struct fm_trial_spec, prompt.tokenizer) },
	{"length",     KIND_U64,   offsetof(struct fm_trial_spec, prompt.length)    },
	{"length_of",  KIND_TEXT,  offsetof(struct fm_trial_spec, prompt.length_of) },
	{"layout",     KIND_TEXT,  offsetof(struct fm_trial_spec, prompt.layout)    },
	{"task",       KIND_TEXT,  offsetof(struct fm_trial_spec, prompt.task)      },
	{"pack",       KIND_ID,    offsetof(struct fm_trial_spec, prompt.pack)      },
	{"depth_ppm",  KIND_DEPTH, offsetof(struct fm_trial_spec, prompt.depth_ppm) },
	{"repeat",     KIND_U32,   offsetof(struct fm_trial_spec, prompt.repeat)    },
	{"value_seed", KIND_SEED,  offsetof(struct fm_trial_spec, prompt.value_seed)},
	{"salt",       KIND_TEXT,  offsetof(struct fm_trial_spec, prompt.salt)      },
	{"system",     KIND_ID,    offsetof(struct fm_trial_spec, prompt.system)    },
	{"dialect",    KIND_TEXT,  offsetof(struct fm_trial_spec, dialect)          },
	{"origin",     KIND_TEXT,  offsetof(struct fm_trial_spec, origin)           },
	{"model",      KIND_TEXT,  offsetof(struct fm_trial_spec, model)            },
	{"route",      KIND_TEXT,  offsetof(struct fm_trial_spec, route)            },
	{"parts",      KIND_TEXT,  offsetof(struct fm_trial_spec, parts)            },
	{"params",     KIND_TEXT,  offsetof(struct fm_trial_spec, params)           },
};

static void write_member(const struct member *member, const void *at, struct fm_json_writer *w)
{
	const uint32_t *number = at;
	const uint64_t *wide = at;
	const struct fm_id *id = at;
	const char *const *text = at;

	switch (member->kind) {
	case KIND_TEXT:
		fm_json_string(w, member->name, *text);
		break;
	case KIND_ID:
		fm_json_id(w, member->name, *id);
		break;
	case KIND_U32:
		fm_json_u64(w, member->name, *number);
		break;
	case KIND_U64:
		fm_json_u64(w, member->name, *wide);
		break;
	case KIND_SEED:
		fm_json_hex64(w, member->name, *wide);
		break;
	case KIND_DEPTH:
		if (*number == FM_DEPTH_NONE)
			fm_json_null(w, member->name);
		else
			fm_json_u64(w, member->name, *number);
		break;
	}
}

void fm_trial_spec_write(const struct fm_trial_spec *spec, const char *name,
                         struct fm_json_writer *w)
{
	fm_json_object(w, name);
	for (size_t i = 0; i < FM_COUNT(members); i++)
		write_member(&members[i], (const char *)spec + members[i].offset, w);
	fm_json_end_object(w);
}

static bool read_text(const struct fm_value *value, struct fm_arena *arena, const char **ret_text)
{
	struct fm_span text;

	if (!fm_value_text(value, &text))
		return false;
	*ret_text = fm_arena_text(arena, text);
	return true;
}

static bool read_id(const struct fm_value *value, struct fm_id *ret_id)
{
	struct fm_span text;

	*ret_id = (struct fm_id){0};
	return fm_value_kind(value) == FM_VALUE_NULL ||
	       (fm_value_text(value, &text) && fm_id_parse(text, ret_id));
}

static bool read_u32(const struct fm_value *value, uint32_t *ret_number)
{
	uint64_t number;

	if (!fm_value_u64(value, &number) || number > UINT32_MAX)
		return false;
	*ret_number = (uint32_t)number;
	return true;
}

static bool read_seed(const struct fm_value *value, uint64_t *ret_seed)
{
	struct fm_span text;

	return fm_value_text(value, &text) && text.len == 16 && fm_num_hex64(text, ret_seed);
}

static bool read_depth(const struct fm_value *value, uint32_t *ret_depth_ppm)
{
	*ret_depth_ppm = FM_DEPTH_NONE;
	return fm_value_kind(value) == FM_VALUE_NULL ||
	       (read_u32(value, ret_depth_ppm) && *ret_depth_ppm <= 1000000);
}

static bool read_member(const struct member *member, const struct fm_value *value,
                        struct fm_arena *arena, void *at)
{
	switch (member->kind) {
	case KIND_TEXT:
		return read_text(value, arena, at);
	case KIND_ID:
		return read_id(value, at);
	case KIND_U32:
		return read_u32(value, at);
	case KIND_U64:
		return fm_value_u64(value, at);
	case KIND_SEED:
		return read_seed(value, at);
	case KIND_DEPTH:
		return read_depth(value, at);
	}
	return false;
}

enum fm_code fm_trial_spec_read(const struct fm_value *value, struct fm_arena *arena,
                                struct fm_trial_spec *ret_spec, struct fm_err *err)
{
	struct fm_trial_spec spec = {0};

	if (fm_value_kind(value) != FM_VALUE_OBJECT)
		return fm_fail(err, FM_E_FORMAT, "the spec is not an object");
	for (size_t i = 0; i < FM_COUNT(members); i++) {
		const struct member *member = &members[i];
		const struct fm_value *found = fm_value_get(value, member->name);

		if (found == NULL)
			return fm_fail(err, FM_E_FORMAT, "%s is missing", member->name);
		if (!read_member(member, found, arena, (char *)&spec + member->offset))
			return fm_fail(err, FM_E_FORMAT, "%s is not what it should be",
			               member->name);
	}
	*ret_spec = spec;
	return FM_OK;
}
