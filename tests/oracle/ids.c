#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/macro.h"
#include "token/counter.h"

/*
 * What our tokenizers make of many texts, for scripts that hold it against others. Numbers are 32
 * bits, lowest byte first. The texts stand in a file, each behind its length in bytes.
 *
 *   ids    for each text the number of its tokens, then their ids
 *   joins  for each two texts, A and B: is a seam promised (0 or 1), and what B adds behind one
 */

#define OUT_BYTES ((size_t)1 << 20)
#define TEXT_MAX ((size_t)1 << 30)

struct job {
	const struct fm_counter *counter;
	struct fm_span rest; /* of the texts */
	struct fm_buf ids;   /* of one text */
	struct fm_buf out;
};

static void put_u32(struct fm_buf *buf, uint64_t number)
{
	const char bytes[] = {(char)(number & 0xff), (char)(number >> 8 & 0xff),
	                      (char)(number >> 16 & 0xff), (char)(number >> 24 & 0xff)};

	fm_buf_put(buf, fm_span_make(bytes, sizeof bytes));
}

static enum fm_code take_text(struct job *job, struct fm_span *ret_text, struct fm_err *err)
{
	size_t len = 0;

	if (job->rest.len < 4)
		return fm_fail(err, FM_E_FORMAT, "the file of texts is cut short");
	for (size_t i = 4; i-- > 0;)
		len = len << 8 | (unsigned char)job->rest.ptr[i];
	job->rest = fm_span_skip(job->rest, 4);
	if (job->rest.len < len)
		return fm_fail(err, FM_E_FORMAT, "the file of texts is cut short");
	*ret_text = fm_span_first(job->rest, len);
	job->rest = fm_span_skip(job->rest, len);
	return FM_OK;
}

static enum fm_code flush(struct job *job, struct fm_err *err)
{
	const enum fm_code rc = fm_file_write_fd(1, fm_buf_span(&job->out), err);

	fm_buf_clear(&job->out);
	return rc;
}

static void take_id(void *ctx, uint32_t id, struct fm_span text)
{
	struct job *job = ctx;

	(void)text; /* the other side tells ids only */
	put_u32(&job->ids, id);
}

static enum fm_code check_count(const struct job *job, uint64_t count, struct fm_err *err)
{
	if (count == job->ids.len / 4)
		return FM_OK;
	return fm_fail(err, FM_E_FORMAT, "%zu ids, but the count is %llu; %zu bytes before the end",
	               job->ids.len / 4, (unsigned long long)count, job->rest.len);
}

static enum fm_code put_ids(struct job *job, struct fm_err *err)
{
	struct fm_span text = {0};
	enum fm_code rc = take_text(job, &text, err);

	if (rc != FM_OK)
		return rc;
	fm_buf_clear(&job->ids);
	fm_counter_encode(job->counter, text, take_id, job);
	rc = check_count(job, fm_counter_count(job->counter, text), err);
	if (rc != FM_OK)
		return rc;
	put_u32(&job->out, job->ids.len / 4);
	fm_buf_put(&job->out, fm_buf_span(&job->ids));
	return FM_OK;
}

static enum fm_code put_join(struct job *job, struct fm_err *err)
{
	struct fm_span a = {0};
	struct fm_span b = {0};
	enum fm_code rc = take_text(job, &a, err);

	if (rc == FM_OK)
		rc = take_text(job, &b, err);
	if (rc != FM_OK)
		return rc;
	fm_buf_clear(&job->ids);
	fm_counter_encode_more(job->counter, b, take_id, job);
	rc = check_count(job, fm_counter_count_more(job->counter, b), err);
	if (rc != FM_OK)
		return rc;
	put_u32(&job->out, fm_counter_adds_up(job->counter, a, b));
	put_u32(&job->out, job->ids.len / 4);
	return FM_OK;
}

static enum fm_code work(struct job *job, bool joins, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	while (rc == FM_OK && job->rest.len > 0) {
		rc = joins ? put_join(job, err) : put_ids(job, err);
		if (rc == FM_OK && job->out.len > OUT_BYTES)
			rc = flush(job, err);
	}
	return rc == FM_OK ? flush(job, err) : rc;
}

int main(int argc, char **argv)
{
	struct fm_counter *counter = NULL;
	struct fm_counter_place place;
	struct fm_map texts = {0};
	struct fm_err err = {0};
	struct job job = {0};
	enum fm_code rc;

	fm_buf_init(&job.ids, TEXT_MAX);
	fm_buf_init(&job.out, TEXT_MAX + 2 * OUT_BYTES);
	if (argc != 6 || (strcmp(argv[1], "ids") != 0 && strcmp(argv[1], "joins") != 0)) {
		rc = fm_fail(&err, FM_E_USAGE,
		             "oracle_ids ids|joins TOKENIZER TEXTS CORPORA CACHE");
		goto out;
	}
	place = (struct fm_counter_place){.corpora_folder = argv[4], .cache_folder = argv[5]};
	rc = fm_map_open(argv[3], &texts, &err);
	if (rc != FM_OK)
		goto out;
	rc = fm_counter_open(argv[2], &place, &counter, &err);
	if (rc != FM_OK)
		goto out;
	job.counter = counter;
	job.rest = texts.bytes;
	rc = work(&job, strcmp(argv[1], "joins") == 0, &err);
out:
	if (rc != FM_OK)
		fprintf(stderr, "%s\n", err.text);
	fm_counter_close(counter);
	fm_map_close(&texts);
	fm_buf_free(&job.ids);
	fm_buf_free(&job.out);
	return rc != FM_OK;
}
