#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/num.h"
#include "token/counter.h"

/*
 * The time of this process's own work, without what a busy machine adds; a start is measured on the
 * wall, since reading files is part of it.
 */
static int64_t cpu_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* the clock is always there */
	return (int64_t)now.tv_sec * FM_NS_PER_S + now.tv_nsec;
}

/* Memory that is this process's alone. */
static uint64_t private_kib(void)
{
	static const char name[] = "RssAnon:";
	uint64_t kib = 0;
	char line[128];
	FILE *file = fopen("/proc/self/status", "r");

	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		if (strncmp(line, name, sizeof name - 1) == 0) {
			struct fm_span rest = fm_span_trim(fm_span_of(line + sizeof name - 1));

			(void)fm_num_u64(fm_span_first(rest, fm_span_find_byte(rest, ' ')),
			                 &kib); /* the kernel writes a number */
			break;
		}
	if (file != NULL)
		(void)fclose(file); /* only read */
	return kib;
}

/* A line for each round: tokens and nanoseconds; then the memory. */
static void measure(const struct fm_counter *counter, struct fm_span text, uint64_t rounds)
{
	for (uint64_t i = 0; i < rounds; i++) {
		const int64_t begin_ns = cpu_ns();
		const uint64_t tokens = fm_counter_count(counter, text);

		printf("%llu %lld\n", (unsigned long long)tokens, (long long)(cpu_ns() - begin_ns));
	}
	printf("%llu\n", (unsigned long long)private_kib());
}

static enum fm_code run(char **argv, uint64_t rounds, struct fm_err *err)
{
	const struct fm_counter_place place = {.corpora_folder = argv[2], .cache_folder = argv[3]};
	const uint64_t before_kib = private_kib();
	struct fm_counter *counter = NULL;
	struct fm_map text = {0};
	int64_t begin_ns;
	enum fm_code rc = fm_map_open(argv[4], &text, err);

	if (rc != FM_OK)
		goto out;
	begin_ns = fm_clock_mono_ns();
	rc = fm_counter_open(argv[1], &place, &counter, err);
	if (rc != FM_OK)
		goto out;
	(void)fm_counter_count(counter, fm_span_of(" the")); /* ready is when a count has come */
	printf("%lld %llu %llu\n", (long long)(fm_clock_mono_ns() - begin_ns),
	       (unsigned long long)before_kib, (unsigned long long)private_kib());
	measure(counter, text.bytes, rounds);
out:
	fm_counter_close(counter);
	fm_map_close(&text);
	return rc;
}

/* Ready: nanoseconds on the wall, private KiB before and after; then what measure says. */
int main(int argc, char **argv)
{
	struct fm_err err = {0};
	uint64_t rounds;
	enum fm_code rc;

	if (argc == 6 && fm_num_u64(fm_span_of(argv[5]), &rounds))
		rc = run(argv, rounds, &err);
	else
		rc = fm_fail(&err, FM_E_USAGE, "bench_tokens TOKENIZER CORPORA CACHE TEXT ROUNDS");
	if (rc != FM_OK)
		printf("%s\n", err.text);
	return rc != FM_OK;
}
