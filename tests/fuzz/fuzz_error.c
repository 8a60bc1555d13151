#include "fuzz.h"

#include <assert.h>

#include "base/num.h"
#include "wire/overflow.h"

/* Status, code and text, each behind a line end. */
void fuzz_one(struct fm_span input)
{
	struct fm_span status = {0};
	struct fm_span code = {0};
	uint64_t number = 0;

	(void)fm_span_split(&input, '\n', &status); /* what is missing is empty */
	(void)fm_span_split(&input, '\n', &code);
	if (!fm_num_u64(status, &number) || number > 999)
		number = 400;
	const struct fm_error_said said = fm_error_classify((int)number, code, input);

	assert(said.limit >= -1 && said.actual >= -1 && said.output >= -1);
	assert(said.wait_ns >= -1);
	assert(said.class_ != FM_ERROR_CONTEXT || number == 0 || (number >= 400 && number < 429) ||
	       number == 422);
	assert(said.class_ != FM_ERROR_OTHER || said.pattern == NULL);
}
