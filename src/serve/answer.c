#include "serve_internal.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static const char *reason_of(int status)
{
	static const struct {
		int status;
		const char *words;
	} reasons[] = {
		{200, "OK"			     },
		{204, "No Content"                     },
		{301, "Moved Permanently"              },
		{302, "Found"                          },
		{303, "See Other"                      },
		{307, "Temporary Redirect"             },
		{308, "Permanent Redirect"             },
		{400, "Bad Request"                    },
		{401, "Unauthorized"                   },
		{402, "Payment Required"               },
		{403, "Forbidden"                      },
		{404, "Not Found"                      },
		{405, "Method Not Allowed"             },
		{408, "Request Timeout"                },
		{409, "Conflict"                       },
		{413, "Content Too Large"              },
		{421, "Misdirected Request"            },
		{422, "Unprocessable Content"          },
		{429, "Too Many Requests"              },
		{431, "Request Header Fields Too Large"},
		{500, "Internal Server Error"          },
		{501, "Not Implemented"                },
		{502, "Bad Gateway"                    },
		{503, "Service Unavailable"            },
		{504, "Gateway Timeout"                },
		{505, "HTTP Version Not Supported"     },
		{507, "Insufficient Storage"           },
		{529, "Site Overloaded"                },
	};

	for (size_t i = 0; i < FM_COUNT(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].words;
	return "Status";
}

/* A reader who never reads loses the connection, not we our memory. */
static void put(struct fm_conn *conn, struct fm_span bytes)
{
	struct fm_err err;

	if (conn->doomed || bytes.len == 0)
		return;
	conn->spoke = true;
	conn->out_waiting = true;
	if (fm_buf_add(&conn->out, bytes, &err) != FM_OK) {
		fm_conn_doom(conn);
		return;
	}
	conn->tally.said += bytes.len;
	fm_conn_touch(conn);
}

static void put_text(struct fm_conn *conn, const char *text)
{
	put(conn, fm_span_of(text));
}

void fm_conn_continue(struct fm_conn *conn)
{
	if (!conn->expects_continue || conn->answer != FM_ANSWER_NONE)
		return;
	conn->expects_continue = false;
	put_text(conn, "HTTP/1.1 100 Continue\r\n\r\n");
	fm_conn_flush(conn);
	/* It is no answer: a request that breaks off now was not answered. */
	conn->spoke = false;
}

void fm_conn_status(struct fm_conn *conn, int status, const char *content_type)
{
	struct fm_buf text = {.max = 128};

	assert(conn->answer == FM_ANSWER_NONE);
	assert(status >= 100 && status <= 999);
	fm_buf_putf(&text, "HTTP/1.1 %d %s\r\n", status, reason_of(status));
	put(conn, fm_buf_span(&text));
	fm_buf_free(&text);
	conn->answer = FM_ANSWER_HEAD;
	/* The rest of this body may still come, and is no next request's head. */
	if (conn->state != FM_CONN_WHOLE)
		conn->keep_alive = false;
	if (content_type != NULL)
		fm_conn_header(conn, "Content-Type", content_type);
}

void fm_conn_header(struct fm_conn *conn, const char *name, const char *value)
{
	assert(conn->answer == FM_ANSWER_HEAD);
	assert(strpbrk(name, "\r\n:") == NULL && strpbrk(value, "\r\n") == NULL);
	put_text(conn, name);
	put_text(conn, ": ");
	put_text(conn, value);
	put_text(conn, "\r\n");
}

static void end_head(struct fm_conn *conn)
{
	put_text(conn, conn->keep_alive ? "\r\n" : "Connection: close\r\n\r\n");
}

static void finish(struct fm_conn *conn)
{
	conn->answer = FM_ANSWER_DONE;
	if (!conn->keep_alive)
		conn->closing = true;
	fm_conn_touch(conn);
}

void fm_conn_body(struct fm_conn *conn, struct fm_span whole)
{
	struct fm_buf text = {.max = 64};

	assert(conn->answer == FM_ANSWER_HEAD);
	fm_buf_putf(&text, "Content-Length: %zu\r\n", whole.len);
	put(conn, fm_buf_span(&text));
	fm_buf_free(&text);
	end_head(conn);
	if (!conn->head_only)
		put(conn, whole);
	finish(conn);
}

/* HTTP/1.0 knows no chunks: its answer ends with the connection. */
static void begin_chunks(struct fm_conn *conn)
{
	if (conn->old)
		conn->keep_alive = false;
	else
		put_text(conn, "Transfer-Encoding: chunked\r\n");
	end_head(conn);
	conn->answer = FM_ANSWER_CHUNKS;
}

void fm_conn_chunk(struct fm_conn *conn, struct fm_span bytes)
{
	struct fm_buf size = {.max = 32};

	if (conn->answer == FM_ANSWER_HEAD)
		begin_chunks(conn);
	assert(conn->answer == FM_ANSWER_CHUNKS);
	if (conn->head_only || bytes.len == 0)
		return;
	if (conn->old) {
		put(conn, bytes);
		return;
	}
	fm_buf_putf(&size, "%zx\r\n", bytes.len);
	put(conn, fm_buf_span(&size));
	fm_buf_free(&size);
	put(conn, bytes);
	put_text(conn, "\r\n");
}

void fm_conn_end(struct fm_conn *conn)
{
	if (conn->answer == FM_ANSWER_HEAD)
		begin_chunks(conn);
	assert(conn->answer == FM_ANSWER_CHUNKS);
	if (!conn->old && !conn->head_only)
		put_text(conn, "0\r\n\r\n");
	finish(conn);
}

void fm_conn_raw(struct fm_conn *conn, struct fm_span bytes)
{
	put(conn, bytes);
	fm_conn_flush(conn);
}

void fm_conn_close(struct fm_conn *conn)
{
	conn->answer = FM_ANSWER_DONE;
	conn->keep_alive = false;
	conn->closing = true;
	/* Nobody waits to read a word of ours: the rest of the body need not be read either. */
	if (!conn->spoke)
		fm_conn_doom(conn);
	fm_conn_touch(conn);
}

void fm_conn_reset(struct fm_conn *conn)
{
	const struct linger at_once = {.l_onoff = 1, .l_linger = 0};

	fm_conn_flush(conn); /* what was said before the reset was said */
	if (conn->doomed)
		return;
	/* Fails only for a socket that is gone already. */
	(void)setsockopt(conn->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	fm_conn_doom(conn);
}

void fm_conn_narrow(struct fm_conn *conn, int bytes)
{
	/* The kernel doubles it, and has a least of its own: best effort. */
	(void)setsockopt(conn->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

void fm_conn_pause(struct fm_conn *conn, bool pause)
{
	conn->paused = pause;
	fm_conn_touch(conn);
}

void fm_conn_timer(struct fm_conn *conn, int64_t at_ns)
{
	if (!conn->doomed)
		fm_conn_set_timer(conn, &conn->timer, at_ns);
}

void fm_conn_flush(struct fm_conn *conn)
{
	while (!conn->doomed && conn->sent < conn->out.len) {
		const ssize_t n = send(conn->fd, conn->out.ptr + conn->sent,
		                       conn->out.len - conn->sent, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0) {
			conn->sent += (size_t)n;
			conn->tally.sent += (uint64_t)n;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN))
			break;
		fm_conn_doom(conn);
	}
	if (conn->sent == conn->out.len) {
		fm_buf_clear(&conn->out);
		conn->sent = 0;
	}
}
