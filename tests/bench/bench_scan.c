#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "base/file.h"
#include "token/scan_internal.h"

#define ROUNDS 41
#define BYTES_MAX ((size_t)4 << 20) /* of a text: short rounds, so that some are not disturbed */

static int64_t cpu_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* this clock is always there */
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t scan_all(const struct fm_scanner *scanner, struct fm_span text, size_t *ret_pieces)
{
	const int64_t begin_ns = cpu_ns();
	size_t lengths[FM_SCAN_BATCH];
	size_t pieces = 0;
	size_t at = 0;
	size_t count;

	while ((count = fm_scan(scanner, text, at, lengths)) > 0) {
		for (size_t i = 0; i < count; i++)
			at += lengths[i];
		pieces += count;
	}
	*ret_pieces = pieces;
	return cpu_ns() - begin_ns;
}

/* The fastest of a few rounds: what a busy machine adds is no property of ours. */
static void bench(enum fm_scheme scheme, const struct fm_scanner *scanner, struct fm_span text)
{
	int64_t best_ns = INT64_MAX;
	size_t pieces = 0;

	for (int i = 0; i < ROUNDS; i++) {
		const int64_t took_ns = scan_all(scanner, text, &pieces);

		best_ns = took_ns < best_ns ? took_ns : best_ns;
	}
	printf("%-12s %9zu pieces %6.2f bytes each %7.0f MB/s\n", fm_scheme_name(scheme), pieces,
	       (double)text.len / (double)pieces, (double)text.len * 1e3 / (double)best_ns);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct fm_map map = {0};
		struct fm_err err = {0};

		if (fm_map_open(argv[i], &map, &err) != FM_OK) {
			printf("%s\n", err.text);
			return 1;
		}
		printf("%s\n", argv[i]);
		for (unsigned s = FM_SCHEME_R50K; s <= FM_SCHEME_MARKED; s++) {
			struct fm_scanner *scanner;

			if (fm_scanner_open((enum fm_scheme)s, NULL, &scanner, &err) != FM_OK)
				return 1;
			bench((enum fm_scheme)s, scanner, fm_span_first(map.bytes, BYTES_MAX));
			fm_scanner_close(scanner);
		}
		fm_map_close(&map);
	}
	return 0;
}
