#include <stdint.h>

#include "fuzz.h"

/* The name by which libFuzzer calls a target. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_one(fm_span_make((const char *)data, size));
	return 0;
}
