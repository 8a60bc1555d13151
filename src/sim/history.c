#include "history_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "text/json_write.h"

#define LINE_MAX_BYTES ((size_t)8 << 10)

enum fm_code fm_sim_history_open(const char *path, struct fm_sim_history *ret_history,
                                 struct fm_err *err)
{
	struct fm_sim_history history = {.fd = -1, .shown.max = 2 * FM_HISTORY_SHOWN};

	if (path != NULL) {
		history.fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
		if (history.fd < 0)
			return fm_fail_sys(err, FM_E_IO, errno, "history %s: cannot open", path);
	}
	*ret_history = history;
	return FM_OK;
}

void fm_sim_history_close(struct fm_sim_history *history)
{
	if (history->shown.max == 0)
		return; /* never opened: its descriptor is not -1 */
	fm_fd_close(&history->fd);
	fm_buf_free(&history->shown);
	history->shown.max = 0;
}

static void keep_shown(struct fm_sim_history *history, struct fm_span line)
{
	if (history->shown.len + line.len > FM_HISTORY_SHOWN) {
		const struct fm_span old =
			fm_span_skip(fm_buf_span(&history->shown), FM_HISTORY_SHOWN / 2);

		fm_buf_drop(&history->shown,
		            FM_HISTORY_SHOWN / 2 + fm_span_find_byte(old, '\n') + 1);
	}
	fm_buf_put(&history->shown, line);
}

static enum fm_code add_line(struct fm_sim_history *history, struct fm_buf *line,
                             struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	fm_buf_putc(line, '\n');
	if (history->fd >= 0)
		rc = fm_file_write_fd(history->fd, fm_buf_span(line), err);
	keep_shown(history, fm_buf_span(line));
	fm_buf_free(line);
	return rc;
}

static struct fm_json_writer begin(struct fm_buf *line, const char *type, uint64_t number)
{
	char at[FM_TIME_TEXT_MAX];
	struct fm_json_writer w = {.buf = line};

	fm_json_object(&w, NULL);
	fm_json_string(&w, "t", type);
	fm_json_u64(&w, "n", number);
	fm_json_string(&w, "at", fm_time_text(fm_clock_wall_ms(), at));
	fm_json_i64(&w, "mono_ns", fm_clock_mono_ns());
	return w;
}

enum fm_code fm_sim_history_body(struct fm_sim_history *history,
                                 const struct fm_sim_history_body *body, struct fm_err *err)
{
	struct fm_buf line = {.max = LINE_MAX_BYTES};
	struct fm_json_writer w = begin(&line, "body", body->number);

	fm_json_u64(&w, "connection", body->connection);
	fm_json_i64(&w, "declared", body->declared);
	fm_json_u64(&w, "received", body->received);
	fm_json_bool(&w, "complete", body->complete);
	fm_json_id(&w, "body_digest", body->body);
	fm_json_id(&w, "prompt_digest", body->prompt);
	fm_json_string(&w, "model", body->model);
	if (body->has_tokens)
		fm_json_u64(&w, "tokens", body->tokens);
	else
		fm_json_null(&w, "tokens");
	fm_json_hex64(&w, "header_digest", body->header_hash);
	if (body->key_hash != 0)
		fm_json_hex64(&w, "key_digest", body->key_hash);
	else
		fm_json_null(&w, "key_digest");
	fm_json_end_object(&w);
	return add_line(history, &line, err);
}

enum fm_code fm_sim_history_end(struct fm_sim_history *history,
                                const struct fm_sim_history_end *end, struct fm_err *err)
{
	struct fm_buf line = {.max = LINE_MAX_BYTES};
	struct fm_json_writer w = begin(&line, "end", end->number);

	fm_json_u64(&w, "status", (uint64_t)end->status);
	fm_json_string(&w, "how", end->how);
	fm_json_string(&w, "fault", end->fault);
	if (end->fault != NULL)
		fm_json_u64(&w, "fault_line", end->fault_line);
	fm_json_string(&w, "outcome", end->outcome);
	if (end->has_kept)
		fm_json_u64(&w, "kept", end->kept);
	else
		fm_json_null(&w, "kept");
	fm_json_u64(&w, "out", end->out);
	fm_json_u64(&w, "sent", end->sent);
	fm_json_end_object(&w);
	return add_line(history, &line, err);
}

enum fm_code fm_sim_history_connection(struct fm_sim_history *history,
                                       const struct fm_sim_history_connection *connection,
                                       struct fm_err *err)
{
	struct fm_buf line = {.max = LINE_MAX_BYTES};
	struct fm_json_writer w = begin(&line, "connection", connection->number);

	fm_json_i64(&w, "began_ns", connection->began_ns);
	fm_json_u64(&w, "requests", connection->requests);
	fm_json_u64(&w, "received", connection->received);
	fm_json_u64(&w, "sent", connection->sent);
	fm_json_end_object(&w);
	return add_line(history, &line, err);
}
