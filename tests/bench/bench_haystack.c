#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/macro.h"
#include "base/num.h"
#include "corpus/corpus.h"
#include "haystack/document.h"
#include "haystack/haystack.h"
#include "sweep/maker.h"
#include "sweep/plan.h"
#include "token/counter.h"

/*
 * The parts of haystack.py that are measured inside a process, and the reader at the end of its
 * pipes. Each work prints one line of numbers.
 */

#define READ_BYTES ((size_t)1 << 20)
#define GIANT_WORDS 4000 /* of the needle that makes a document so many bytes long */

struct bench {
	struct fm_arena arena;
	struct fm_counter_place place;
	const char *tokenizer;
	uint64_t tokens;
	uint64_t number; /* rounds, depths, or bytes */
	struct fm_counter *counter;
	struct fm_corpus *corpus;
	struct fm_haystack *haystack;
};

static int64_t cpu_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* the clock is always there */
	return (int64_t)now.tv_sec * FM_NS_PER_S + now.tv_nsec;
}

/* One number of a file of the kernel's, in KiB: maps of files are in none of those asked for. */
static uint64_t kernel_kib(const char *path, const char *name)
{
	uint64_t kib = 0;
	char line[256];
	FILE *file = fopen(path, "r");

	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		if (strncmp(line, name, strlen(name)) == 0) {
			struct fm_span rest = fm_span_trim(fm_span_of(line + strlen(name)));

			(void)fm_num_u64(fm_span_first(rest, fm_span_find_byte(rest, ' ')),
			                 &kib); /* the kernel writes a number */
			break;
		}
	if (file != NULL)
		(void)fclose(file); /* only read */
	return kib;
}

static uint64_t private_kib(void)
{
	return kernel_kib("/proc/self/smaps_rollup", "Private_Dirty:");
}

static void close_bench(struct bench *b)
{
	fm_haystack_close(b->haystack);
	fm_corpus_close(b->corpus);
	fm_counter_close(b->counter);
	fm_arena_free(&b->arena);
}

static enum fm_code open_bench(struct bench *b, struct fm_err *err)
{
	const struct fm_corpus_spec corpus = {.name = "prose-en"};
	enum fm_code rc = fm_corpus_open(&corpus, &b->corpus, err);

	if (rc == FM_OK)
		rc = fm_counter_open(b->tokenizer, &b->place, &b->counter, err);
	return rc;
}

static enum fm_code open_haystack(struct bench *b, struct fm_err *err)
{
	const struct fm_haystack_spec spec = {
		.cache_folder = b->place.cache_folder,
		.corpus = b->corpus,
		.counter = b->counter,
		.seed = fm_plan_hay_seed(7, 0),
		.tokens_min = b->tokens,
	};

	return fm_haystack_open(&spec, &b->haystack, err);
}

/* Opening corpus and tokenizer, laying: nanoseconds of work and on the wall; bytes; private KiB. */
static enum fm_code lay(struct bench *b, struct fm_err *err)
{
	const int64_t begin_cpu_ns = cpu_ns();
	const int64_t begin_ns = fm_clock_mono_ns();
	enum fm_code rc = open_bench(b, err);

	if (rc == FM_OK)
		rc = open_haystack(b, err);
	if (rc != FM_OK)
		return rc;
	printf("%lld %lld %llu %llu\n", (long long)(cpu_ns() - begin_cpu_ns),
	       (long long)(fm_clock_mono_ns() - begin_ns),
	       (unsigned long long)fm_haystack_seam(b->haystack,
	                                            fm_haystack_seam_count(b->haystack) - 1)
	               .raw,
	       (unsigned long long)private_kib());
	return FM_OK;
}

static struct fm_prompt_spec prompt_spec(const struct bench *b, const struct fm_task *task,
                                         const char *tokenizer)
{
	return (struct fm_prompt_spec){
		.corpus = fm_corpus_digest(b->corpus),
		.engine = fm_corpus_engine(b->corpus),
		.hay_seed = fm_plan_hay_seed(7, 0),
		.tokenizer = tokenizer,
		.length_of = "prompt",
		.layout = "document-first/1",
		.task = fm_task_id(task),
		.pack = fm_task_pack(task),
		.salt = "",
		.system = fm_task_system(task),
	};
}

struct prompting {
	struct fm_maker *maker;
	struct fm_prompt_spec spec;
	struct fm_arena arena; /* of one prompt */
	struct fm_task *task;
};

static void close_prompting(struct prompting *p)
{
	fm_task_close(p->task);
	fm_maker_close(p->maker);
	fm_arena_free(&p->arena);
}

static enum fm_code open_prompting(struct bench *b, struct prompting *p, struct fm_err *err)
{
	const struct fm_task_spec task = {.name = "niah"};
	const struct fm_maker_spec maker = {
		.corpus = {.name = "prose-en"},
		.cache_folder = b->place.cache_folder,
		.corpora_folder = b->place.corpora_folder,
		.tokens_min = b->tokens,
	};
	char digest[FM_ID_TEXT_MAX];
	enum fm_code rc = open_bench(b, err);

	if (rc == FM_OK)
		rc = fm_task_open(&task, b->place.corpora_folder, &p->task, err);
	if (rc == FM_OK)
		rc = fm_maker_open(&maker, &p->maker, err);
	if (rc != FM_OK)
		return rc;
	p->spec = prompt_spec(b, p->task,
	                      fm_arena_format(&b->arena, "%s@%s", fm_counter_name(b->counter),
	                                      fm_id_text(fm_counter_digest(b->counter), digest)));
	p->spec.length = b->tokens;
	return fm_maker_lay(p->maker, &p->spec, err);
}

static enum fm_code make_prompt(struct prompting *p, struct fm_prompt *ret_prompt,
                                struct fm_err *err)
{
	struct fm_question question;
	const struct fm_seed_place place = {p->spec.task, p->spec.length, p->spec.depth_ppm, 0};

	fm_arena_reset(&p->arena);
	p->spec.value_seed = fm_plan_value_seed(7, &place);
	return fm_maker_prompt(p->maker, &p->spec, &p->arena, ret_prompt, &question, err);
}

static void hash_alone(const struct fm_prompt *prompt)
{
	for (size_t m = 0; m < prompt->count; m++)
		for (size_t i = 0; i < prompt->messages[m].text.count; i++)
			(void)fm_hash128(prompt->messages[m].text.pieces[i].raw); /* timed only */
}

/* For each round: bytes; nanoseconds to make the prompt, to digest it, of XXH3 alone. */
static enum fm_code digest(struct bench *b, struct fm_err *err)
{
	struct prompting p = {0};
	enum fm_code rc = open_prompting(b, &p, err);

	p.spec.depth_ppm = 500000;
	for (uint64_t i = 0; i < b->number && rc == FM_OK; i++) {
		struct fm_prompt prompt;
		uint64_t bytes = 0;
		int64_t ns[4] = {cpu_ns()};

		rc = make_prompt(&p, &prompt, err);
		if (rc != FM_OK)
			break;
		ns[1] = cpu_ns();
		(void)fm_prompt_digest(&prompt); /* timed only */
		ns[2] = cpu_ns();
		hash_alone(&prompt);
		ns[3] = cpu_ns();
		for (size_t m = 0; m < prompt.count; m++)
			bytes += prompt.messages[m].text.raw_bytes;
		printf("%llu %lld %lld %lld\n", (unsigned long long)bytes,
		       (long long)(ns[1] - ns[0]), (long long)(ns[2] - ns[1]),
		       (long long)(ns[3] - ns[2]));
	}
	close_prompting(&p);
	return rc;
}

/* number x number prompts: nanoseconds of work and on the wall; bytes; private KiB after 1, all. */
static enum fm_code grid(struct bench *b, struct fm_err *err)
{
	struct prompting p = {0};
	const int64_t begin_cpu_ns = cpu_ns();
	const int64_t begin_ns = fm_clock_mono_ns();
	const uint64_t n = b->number;
	uint64_t bytes = 0;
	uint64_t first_kib = 0;
	enum fm_code rc = open_prompting(b, &p, err);

	for (uint64_t i = 0; i < n * n && rc == FM_OK; i++) {
		struct fm_prompt prompt;

		p.spec.length = b->tokens * (n - i / n) / n;
		p.spec.depth_ppm = (uint32_t)(n == 1 ? 0 : 1000000 * (i % n) / (n - 1));
		rc = make_prompt(&p, &prompt, err);
		if (rc != FM_OK)
			break;
		(void)fm_prompt_digest(&prompt); /* timed only */
		bytes += prompt.messages[prompt.count - 1].text.raw_bytes;
		if (i == 0)
			first_kib = private_kib();
	}
	if (rc == FM_OK)
		printf("%lld %lld %llu %llu %llu\n", (long long)(cpu_ns() - begin_cpu_ns),
		       (long long)(fm_clock_mono_ns() - begin_ns), (unsigned long long)bytes,
		       (unsigned long long)first_kib, (unsigned long long)private_kib());
	close_prompting(&p);
	return rc;
}

/*
 * Words of one letter, the first so many letters of which are made four: each is one token of
 * bytes/4 either way, so a document grows by bytes alone.
 */
static void write_needle(struct fm_buf *text, uint64_t letters)
{
	fm_buf_clear(text);
	fm_buf_puts(text, "watchword");
	for (uint64_t i = 0; i < GIANT_WORDS; i++) {
		const uint64_t more = letters < 3 ? letters : 3;

		letters -= more;
		fm_buf_puts(text, " z");
		for (uint64_t k = 0; k < more; k++)
			fm_buf_putc(text, 'z');
	}
	fm_buf_putc(text, '.');
}

/* The document of exactly so many bytes: first as many tokens as come just below, then letters. */
static enum fm_code lay_giant(struct bench *b, struct fm_needle *needle, struct fm_buf *text,
                              struct fm_document *ret_document, struct fm_err *err)
{
	struct fm_document_spec spec = {.length_tokens = b->number / 4,
	                                .alone = true,
	                                .needles = needle,
	                                .needle_count = 1};
	uint64_t letters = 0;
	enum fm_code rc = FM_OK;

	for (int step = 0; step < 64 && rc == FM_OK; step++) {
		int64_t missing;

		write_needle(text, letters);
		needle->text = fm_buf_span(text);
		rc = fm_document_lay(b->haystack, &spec, &b->arena, ret_document, err);
		missing = (int64_t)(b->number - ret_document->text.raw_bytes);
		if (rc != FM_OK || missing == 0)
			return rc;
		if (missing > 0 && missing <= 3 * GIANT_WORDS)
			letters = (uint64_t)missing;
		else
			spec.length_tokens += (uint64_t)((missing - GIANT_WORDS) / 4);
	}
	return rc == FM_OK ? fm_fail(err, FM_E_LIMIT, "no such document was found") : rc;
}

/*
 * A document of `number` bytes goes to stdout; what is claimed of it to stderr: bytes, tokens,
 * bytes and tokens before the needle, private KiB, digest.
 */
static enum fm_code giant(struct bench *b, struct fm_err *err)
{
	struct fm_needle needle = {.depth_ppm = 900000};
	struct fm_document document = {0};
	struct fm_hasher *hasher = fm_hasher_open();
	struct fm_buf text;
	char digest[FM_ID_TEXT_MAX];
	enum fm_code rc = open_bench(b, err);

	fm_buf_init(&text, READ_BYTES);
	b->tokens = b->number / 3;
	if (rc == FM_OK)
		rc = open_haystack(b, err);
	if (rc == FM_OK)
		rc = lay_giant(b, &needle, &text, &document, err);
	for (size_t i = 0; i < document.text.count && rc == FM_OK; i++) {
		fm_hasher_add(hasher, document.text.pieces[i].raw);
		rc = fm_file_write_fd(STDOUT_FILENO, document.text.pieces[i].raw, err);
	}
	if (rc == FM_OK)
		(void)fprintf(
			stderr, "%llu %llu %llu %llu %llu %s\n",
			(unsigned long long)document.text.raw_bytes,
			(unsigned long long)document.tokens, (unsigned long long)needle.at_bytes,
			(unsigned long long)needle.at_tokens, (unsigned long long)private_kib(),
			fm_id_text(fm_hasher_id(hasher), digest)); /* read by haystack.py */
	fm_buf_free(&text);
	fm_hasher_close(hasher);
	return rc;
}

/* What comes through a pipe: bytes and digest. The pipe stays as its writer made it. */
static enum fm_code read_pipe(struct bench *b, struct fm_err *err)
{
	struct fm_hasher *hasher = fm_hasher_open();
	char *to = fm_arena_take(&b->arena, READ_BYTES);
	char digest[FM_ID_TEXT_MAX];
	uint64_t bytes = 0;
	size_t len = 1;
	enum fm_code rc = FM_OK;

	while (rc == FM_OK && len > 0) {
		rc = fm_input_read(STDIN_FILENO, to, READ_BYTES, &len, err);
		if (rc == FM_OK)
			fm_hasher_add(hasher, fm_span_make(to, len));
		bytes += len;
	}
	printf("%llu %s\n", (unsigned long long)bytes, fm_id_text(fm_hasher_id(hasher), digest));
	fm_hasher_close(hasher);
	return rc;
}

/*
 * A reader that knows nothing of fathom's counters: the rule of bytes/4 written down once more, on
 * a stream. Bytes; tokens; bytes and tokens before the word "watchword".
 */
struct recount {
	uint64_t bytes, tokens, at_bytes, at_tokens;
	uint64_t ink; /* bytes of this piece that are not white */
	char last;
	size_t met; /* letters of the word */
};

static void recount_byte(struct recount *r, char c)
{
	static const char word[] = "watchword";
	const bool white = c == ' ' || c == '\n' || c == '\t' || c == '\r';
	const bool was_white =
		r->last == ' ' || r->last == '\n' || r->last == '\t' || r->last == '\r';

	if (r->bytes > 0 && ((white && c != '\n' && !was_white) || (!white && r->last == '\n'))) {
		r->tokens += r->ink < 4 ? 1 : (r->ink + 3) / 4;
		r->ink = 0;
	}
	r->met = c == word[r->met] ? r->met + 1 : c == word[0];
	if (r->met == sizeof word - 1) {
		r->at_bytes = r->bytes + 2 - sizeof word;
		r->at_tokens = r->tokens;
		r->met = 0;
	}
	r->ink += !white;
	r->bytes++;
	r->last = c;
}

static enum fm_code recount(struct bench *b, struct fm_err *err)
{
	struct recount r = {.last = 'x'};
	char *to = fm_arena_take(&b->arena, READ_BYTES);
	size_t len = 1;
	enum fm_code rc = FM_OK;

	while (rc == FM_OK && len > 0) {
		rc = fm_input_read(STDIN_FILENO, to, READ_BYTES, &len, err);
		for (size_t i = 0; i < len && rc == FM_OK; i++)
			recount_byte(&r, to[i]);
	}
	r.tokens += r.ink < 4 ? 1 : (r.ink + 3) / 4;
	printf("%llu %llu %llu %llu\n", (unsigned long long)r.bytes, (unsigned long long)r.tokens,
	       (unsigned long long)r.at_bytes, (unsigned long long)r.at_tokens);
	return rc;
}

static const struct work {
	const char *name;
	enum fm_code (*run)(struct bench *b, struct fm_err *err);
} works[] = {
	{"lay",     lay      },
        {"digest",  digest   },
        {"grid",    grid     },
	{"giant",   giant    },
        {"read",    read_pipe},
        {"recount", recount  },
};

int main(int argc, char **argv)
{
	struct bench b = {0};
	struct fm_err err = {0};
	enum fm_code rc = fm_fail(&err, FM_E_USAGE,
	                          "bench_haystack read|recount, or lay|digest|grid|giant CACHE "
	                          "TOKENIZER TOKENS NUMBER");

	b.place.corpora_folder = fm_corpora_folder(&b.arena);
	if (argc == 6 && fm_num_u64(fm_span_of(argv[4]), &b.tokens) &&
	    fm_num_u64(fm_span_of(argv[5]), &b.number)) {
		b.place.cache_folder = argv[2];
		b.tokenizer = argv[3];
	}
	for (size_t i = 0; i < FM_COUNT(works) && argc > 1; i++)
		if (strcmp(argv[1], works[i].name) == 0 && (argc == 2) == (i >= 4))
			rc = works[i].run(&b, &err);
	if (rc != FM_OK)
		(void)fprintf(stderr, "%s\n", err.text); /* there is nowhere else to say it */
	close_bench(&b);
	return rc != FM_OK;
}
