#include "pack_parts_internal.h"

/* How a language is written: blanks or none, whose name comes first, what stands for 's. */

static struct fm_term term_of(struct fm_span word)
{
	return (struct fm_term){.ptr = word.ptr, .len = (uint32_t)word.len};
}

bool fm_pack_read_script(struct fm_pack *pack, struct fm_span what, struct fm_span rest,
                         struct fm_pack_at at, enum fm_code *ret_rc, struct fm_err *err)
{
	const struct fm_span value = fm_pack_take_word(&rest);
	bool right = value.len > 0 && fm_span_trim(rest).len == 0;

	if (fm_span_is(what, "space")) {
		right = right && fm_span_is(value, "none");
		pack->no_space = true;
	} else if (fm_span_is(what, "family")) {
		right = right && fm_span_is(value, "first");
		pack->family_first = true;
	} else if (fm_span_is(what, "genitive")) {
		pack->genitive = term_of(value);
	} else if (fm_span_is(what, "comma")) {
		pack->comma = term_of(value);
	} else {
		return false;
	}
	*ret_rc = right ? FM_OK
	                : fm_fail(err, FM_E_FORMAT,
	                          "%s:%u: 'space none', 'family first', 'genitive 的' and "
	                          "'comma ，' are such lines, not '%.*s %.*s'",
	                          at.file, at.line, FM_SPAN_ARGS(what), FM_SPAN_ARGS(value));
	return true;
}
