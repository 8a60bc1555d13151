#include "cli/command.h"

#include <string.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "base/num.h"
#include "cli/lookalike.h"
#include "corpus/corpus.h"
#include "text/escape.h"
#include "text/json_write.h"
#include "text/utf8.h"
#include "token/counter.h"
#include "token/tally.h"

#define READ_BYTES ((size_t)1 << 20)
#define FLUSH_BYTES ((size_t)1 << 16)
/* FLUSH_BYTES, and an added token with a whole stretch of white space that it takes, escaped. */
#define OUT_BYTES_MAX ((size_t)FM_TALLY_STRETCH_MAX * 8)
#define COUNT_COLUMN 9

struct tokens_settings {
	const char *tokenizer;
	bool ids;
	bool pieces;
	bool replace;
};

#define AT(field, type) FM_AT(struct tokens_settings, field, type)

static const struct fm_opt opts[] = {
	{FM_OPT_TEXT, 0, "tokenizer", "NAME", AT(tokenizer, const char *), "o200k",
         "a name, a file, a model's folder",									    NULL},
	{FM_OPT_FLAG, 0, "ids",       NULL,   AT(ids,       bool),         NULL,    "the tokens' ids, one line a file",
         NULL													       },
	{FM_OPT_FLAG, 0, "pieces",    NULL,   AT(pieces,    bool),         NULL,    "id and text, one line a token",
         NULL													       },
	{FM_OPT_FLAG, 0, "replace",   NULL,   AT(replace,   bool),         NULL,    "what is not UTF-8 by U+FFFD",
         NULL													       },
};

/* One call: what is counted with, where results go, and what they add up to. */
struct work {
	struct fm_call *call;
	const struct tokens_settings *settings;
	struct fm_counter *counter;
	char *read; /* READ_BYTES */
	struct fm_buf out;
	struct fm_json_writer json;
	uint64_t bytes;
	uint64_t tokens;
	bool first_token; /* the next one begins a line */
	enum fm_code written;
	struct fm_err write_err;
	int status; /* of the first file that failed */
};

static const char *name_of(const char *path)
{
	return strcmp(path, "-") == 0 ? "stdin" : path;
}

static void flush(struct work *work)
{
	if (work->written == FM_OK)
		work->written = fm_tell(fm_buf_span(&work->out), &work->write_err);
	fm_buf_clear(&work->out);
}

/* In quotes, for a token's blanks are what one wants to see. */
static void put_piece(struct fm_buf *buf, struct fm_span text)
{
	fm_buf_putc(buf, '"');
	while (text.len > 0) {
		size_t plain = 0;

		while (plain < text.len && text.ptr[plain] != '"' && text.ptr[plain] != '\\')
			plain++;
		fm_put_visible(buf, fm_span_first(text, plain), false);
		text = fm_span_skip(text, plain);
		if (text.len == 0)
			break;
		fm_buf_putf(buf, "\\%c", text.ptr[0]);
		text = fm_span_skip(text, 1);
	}
	fm_buf_putc(buf, '"');
}

/* A token may be a part of a code point, which is no text. */
static void put_json_piece(struct fm_json_writer *w, uint32_t id, struct fm_span text)
{
	fm_json_object(w, NULL);
	fm_json_u64(w, "id", id);
	if (fm_utf8_check(text) == text.len) {
		fm_json_text(w, "text", text);
	} else {
		fm_json_list(w, "bytes");
		for (size_t i = 0; i < text.len; i++)
			fm_json_u64(w, NULL, (unsigned char)text.ptr[i]);
		fm_json_end_list(w);
	}
	fm_json_end_object(w);
}

static void put_token(void *ctx, uint32_t id, struct fm_span text)
{
	struct work *work = ctx;

	if (work->call->common.json && work->settings->pieces) {
		put_json_piece(&work->json, id, text);
	} else if (work->call->common.json) {
		fm_json_u64(&work->json, NULL, id);
	} else if (work->settings->pieces) {
		fm_buf_putf(&work->out, "%u\t", (unsigned)id);
		put_piece(&work->out, text);
		fm_buf_putc(&work->out, '\n');
	} else {
		fm_buf_putf(&work->out, work->first_token ? "%u" : " %u", (unsigned)id);
	}
	work->first_token = false;
	if (work->out.len >= FLUSH_BYTES)
		flush(work);
}

static void ignore_token(void *ctx, uint32_t id, struct fm_span text)
{
	size_t *count = ctx;

	(void)id;
	(void)text;
	(*count)++;
}

static void warn_of_lookalike(const struct work *work, const char *path,
                              const struct fm_lookalike *look)
{
	size_t count = 0;

	if (!look->found || work->call->common.quiet || !fm_counter_has_ids(work->counter))
		return;
	fm_counter_encode(work->counter, fm_span_make(look->text, look->len), ignore_token, &count);
	fm_say("%s: %.*s at byte %llu reads like a special token; it is counted as %s, an "
	       "endpoint may take it otherwise",
	       name_of(path), FM_SPAN_ARGS(fm_span_make(look->text, look->len)),
	       (unsigned long long)look->at_bytes,
	       count == 1 ? "the one token that its file says" : "plain text");
}

static enum fm_code feed_all(struct work *work, int fd, struct fm_tally *tally,
                             struct fm_lookalike *look, struct fm_err *err)
{
	size_t len = 0;
	enum fm_code rc;

	do {
		rc = fm_input_read(fd, work->read, READ_BYTES, &len, err);
		if (rc == FM_OK)
			rc = fm_tally_feed(tally, fm_span_make(work->read, len), err);
		if (rc == FM_OK)
			fm_lookalike_feed(look, fm_span_make(work->read, len));
	} while (rc == FM_OK && len > 0 && work->written == FM_OK);
	return rc;
}

static enum fm_code count_file(struct work *work, const char *path, struct fm_lookalike *look,
                               uint64_t *ret_tokens, struct fm_err *err)
{
	const bool listed = work->settings->ids || work->settings->pieces;
	const struct fm_tally_spec spec = {.counter = work->counter,
	                                   .repair = work->settings->replace,
	                                   .fn = listed ? put_token : NULL,
	                                   .ctx = work};
	struct fm_tally *tally = fm_tally_open(&spec);
	int fd = STDIN_FILENO;
	enum fm_code rc = FM_OK;

	if (strcmp(path, "-") != 0)
		rc = fm_input_open(path, &fd, err);
	if (rc == FM_OK)
		rc = feed_all(work, fd, tally, look, err);
	if (rc == FM_OK)
		rc = fm_tally_end(tally, ret_tokens, err);
	if (rc == FM_OK && fm_tally_repaired(tally) > 0 && !work->call->common.quiet)
		fm_say("%s: not UTF-8: %llu U+FFFD stand in for what is not", name_of(path),
		       (unsigned long long)fm_tally_repaired(tally));
	if (fd != STDIN_FILENO)
		fm_fd_close(&fd);
	fm_tally_close(tally);
	if (rc == FM_E_FORMAT) {
		const struct fm_err inner = *err;

		return fm_fail(err, rc, "%s: %s; --replace counts it as U+FFFD", name_of(path),
		               inner.text);
	}
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", name_of(path));
}

static void begin_file(struct work *work, const char *path)
{
	struct fm_buf name;

	work->first_token = true;
	if (!work->call->common.json)
		return;
	fm_buf_init(&name, FLUSH_BYTES);
	fm_utf8_put_repaired(&name, fm_span_of(name_of(path)));
	fm_json_object(&work->json, NULL);
	fm_json_text(&work->json, "file", fm_buf_span(&name));
	if (work->settings->ids || work->settings->pieces)
		fm_json_list(&work->json, work->settings->pieces ? "pieces" : "ids");
	fm_buf_free(&name);
}

/* `error` is NULL when all went well. */
static void end_file(struct work *work, const char *path, const struct fm_lookalike *look,
                     uint64_t tokens, const char *error)
{
	const bool listed = work->settings->ids || work->settings->pieces;

	if (work->call->common.json) {
		if (listed)
			fm_json_end_list(&work->json);
		if (error != NULL) {
			fm_json_string(&work->json, "error", error);
		} else {
			fm_json_u64(&work->json, "bytes", look->fed_bytes);
			fm_json_u64(&work->json, "tokens", tokens);
		}
		fm_json_end_object(&work->json);
	} else if (work->settings->ids) {
		fm_buf_putc(&work->out, '\n');
	} else if (error == NULL && !listed && work->call->args.operand_count == 0) {
		fm_buf_putf(&work->out, "%llu\n", (unsigned long long)tokens);
	} else if (error == NULL && !listed) {
		fm_buf_putf(&work->out, "%*llu  ", COUNT_COLUMN, (unsigned long long)tokens);
		fm_put_visible(&work->out, fm_span_of(name_of(path)), false);
		fm_buf_putc(&work->out, '\n');
	}
	flush(work);
}

/* A file that cannot be counted does not keep the others from being counted. */
static void do_file(struct work *work, const char *path)
{
	struct fm_lookalike look = {0};
	struct fm_err err = {0};
	uint64_t tokens = 0;
	enum fm_code rc;

	begin_file(work, path);
	rc = count_file(work, path, &look, &tokens, &err);
	end_file(work, path, &look, tokens, rc == FM_OK ? NULL : err.text);
	if (rc != FM_OK) {
		fm_say("%s", err.text);
		if (work->status == FM_EXIT_OK)
			/* Here a bound is the file's fault, not that of what was asked. */
			work->status = rc == FM_E_LIMIT ? FM_EXIT_FAILED : fm_exit_of(rc);
		return;
	}
	warn_of_lookalike(work, path, &look);
	work->bytes += look.fed_bytes;
	work->tokens += tokens;
}

static void do_files(struct work *work)
{
	const struct fm_opt_result *args = &work->call->args;
	const bool listed = work->settings->ids || work->settings->pieces;

	if (work->call->common.json) {
		fm_json_object(&work->json, NULL);
		fm_json_u64(&work->json, "fathom_tokens", 1);
		fm_json_string(&work->json, "tokenizer", fm_counter_name(work->counter));
		fm_json_id(&work->json, "digest", fm_counter_digest(work->counter));
		fm_json_u64(&work->json, "error_ppm", fm_counter_error_ppm(work->counter));
		fm_json_list(&work->json, "files");
	}
	for (size_t i = 0; i < args->operand_count && work->written == FM_OK; i++)
		do_file(work, args->operands[i]);
	if (args->operand_count == 0)
		do_file(work, "-");
	if (work->call->common.json) {
		fm_json_end_list(&work->json);
		fm_json_u64(&work->json, "bytes", work->bytes);
		fm_json_u64(&work->json, "tokens", work->tokens);
		fm_json_end_object(&work->json);
		fm_buf_putc(&work->out, '\n');
	} else if (args->operand_count > 1 && !listed) {
		fm_buf_putf(&work->out, "%*llu  total\n", COUNT_COLUMN,
		            (unsigned long long)work->tokens);
	}
	flush(work);
}

static enum fm_code open_counter(struct work *work, struct fm_err *err)
{
	struct fm_call *call = work->call;
	const struct fm_counter_place place = {fm_corpora_folder(call->arena),
	                                       fm_env_cache_folder(call->arena),
	                                       fm_env_data_folder(call->arena)};
	const enum fm_code rc =
		fm_counter_open(work->settings->tokenizer, &place, &work->counter, err);

	if (rc == FM_E_LIMIT) /* the file's fault, as if it were damaged */
		err->code = FM_E_FORMAT;
	if (rc != FM_OK)
		return fm_err_prefix(err, "tokens");
	if ((work->settings->ids || work->settings->pieces) && !fm_counter_has_ids(work->counter))
		return fm_fail(err, FM_E_USAGE,
		               "tokens: %s tells how many tokens there are, not which: --ids and "
		               "--pieces need an exact tokenizer",
		               fm_counter_name(work->counter));
	return FM_OK;
}

static enum fm_code check_asked(const struct work *work, struct fm_err *err)
{
	const struct fm_opt_result *args = &work->call->args;
	size_t stdin_count = 0;

	for (size_t i = 0; i < args->operand_count; i++)
		stdin_count += strcmp(args->operands[i], "-") == 0;
	if (stdin_count > 1)
		return fm_fail(err, FM_E_USAGE, "tokens: - is stdin, which can be read once only");
	if (work->settings->ids && work->settings->pieces)
		return fm_fail(err, FM_E_USAGE,
		               "tokens: --pieces has the ids too: give it or --ids, not both");
	return FM_OK;
}

/* A number that is no count must not look like one. */
static void warn_of_estimate(const struct work *work)
{
	const struct fm_counter *base = fm_counter_base(work->counter);
	char error[FM_NUM_TEXT_MAX];

	if (work->call->common.quiet || fm_counter_has_ids(work->counter))
		return;
	fm_num_percent_text(fm_counter_error_ppm(work->counter), error);
	if (base == work->counter)
		fm_say("%s estimates: counts may be %s off", fm_counter_name(work->counter), error);
	else
		fm_say("%s is reckoned from %s: counts may be %s off",
		       fm_counter_name(work->counter), fm_counter_name(base), error);
}

static int run(struct fm_call *call)
{
	struct work work = {.call = call, .settings = call->settings};
	struct fm_err err = {0};

	work.read = fm_arena_take(call->arena, READ_BYTES);
	work.json.buf = &work.out;
	fm_buf_init(&work.out, OUT_BYTES_MAX);
	if (check_asked(&work, &err) != FM_OK) {
		work.status = fm_call_fail(&err, "fathom tokens -h");
	} else if (open_counter(&work, &err) != FM_OK) {
		work.status = fm_call_fail(&err, "fathom tokenizers list");
	} else {
		warn_of_estimate(&work);
		do_files(&work);
	}
	if (work.written != FM_OK)
		work.status = fm_call_fail(&work.write_err, NULL);
	fm_buf_free(&work.out);
	fm_counter_close(work.counter);
	return work.status;
}

const struct fm_command fm_command_tokens = {
	.name = "tokens",
	.about = "count the tokens of files, or of stdin",
	.operands = "[FILE...]",
	.examples = "  fathom tokens book.txt notes.md\n"
		    "  fathom tokens --tokenizer models/qwen3/ < book.txt\n"
		    "  echo 'Hello, world' | fathom tokens --pieces\n",
	.words = "Counts as the model's own tokenizer does, exactly: each file alone, without\n"
		 "the beginning-of-text token and without what a chat puts around a message.\n"
		 "bytes/N and calibrated tokenizers estimate; how far off they may be is said on\n"
		 "stderr, and is \"error_ppm\" in --json, which is 0 for exact counts.\n"
		 "\n"
		 "Files may be of any size, and pipes; - is stdin. The one limit is a stretch of\n"
		 "256 MiB in which the text cannot be cut anywhere, such as Chinese on one line\n"
		 "without a mark; bytes/N has none. Text that is not UTF-8 is an error with its\n"
		 "place, unless --replace has U+FFFD stand for it, and says how often. A byte\n"
		 "order mark, CR and NUL are text.\n"
		 "\n"
		 "What reads like a special token (<|endoftext|>) is plain text to o200k, cl100k\n"
		 "and other rank files; in a tokenizer.json the tokens that the file adds are\n"
		 "matched in text, as its own library does. Either way it is said on stderr.\n"
		 "\n"
		 "--ids writes one line a file, --pieces one line a token: its id, a tab, its\n"
		 "text in quotes with what is not printable escaped. With --json they are lists.\n",
	.opts = opts,
	.opt_count = FM_COUNT(opts),
	.operand_max = SIZE_MAX,
	.settings_size = sizeof(struct tokens_settings),
	.run = run,
};
