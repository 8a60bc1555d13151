#include "client/client.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "stream_internal.h"

#define EVENTS_MAX 64
#define WATCHES_MAX 8
#define WATCH_TAG ((uint64_t)1 << 32) /* above every descriptor's number */

struct watch {
	int fd;
	fm_client_fd_fn fn;
	void *ctx;
};

struct fm_client {
	CURLM *multi;
	int epoll;
	int64_t timer_ns; /* when libcurl wants to be called; FM_DEADLINE_NEVER */
	struct fm_stream **streams;
	size_t count;
	size_t capacity;
	struct watch watches[WATCHES_MAX];
	size_t watch_count;
	struct fm_deaf_hosts deaf;
	uint64_t bytes_out;
};

/* libcurl says what it waits for. A descriptor it closed is out of the set by itself. */
static int on_socket_wish(CURL *easy, curl_socket_t fd, int what, void *ctx, void *unused)
{
	const struct fm_client *client = ctx;
	struct epoll_event event = {.data.u64 = (uint64_t)fd};

	(void)easy;
	(void)unused;
	if (what == CURL_POLL_REMOVE) {
		(void)epoll_ctl(client->epoll, EPOLL_CTL_DEL, fd, NULL); /* it may be closed */
		return 0;
	}
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		event.events |= EPOLLIN;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		event.events |= EPOLLOUT;
	if (epoll_ctl(client->epoll, EPOLL_CTL_MOD, fd, &event) == 0)
		return 0;
	return epoll_ctl(client->epoll, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -1;
}

static int on_timer_wish(CURLM *multi, long wait_ms, void *ctx)
{
	struct fm_client *client = ctx;

	(void)multi;
	if (wait_ms < 0)
		client->timer_ns = FM_DEADLINE_NEVER;
	else
		client->timer_ns = fm_clock_mono_ns() + wait_ms * FM_NS_PER_MS;
	return 0;
}

static enum fm_code from_multi(CURLMcode rc, struct fm_err *err)
{
	if (rc == CURLM_OK)
		return FM_OK;
	return fm_fail(err, FM_E_IO, "libcurl: %s", curl_multi_strerror(rc));
}

enum fm_code fm_client_open(struct fm_client **ret_client, struct fm_err *err)
{
	struct fm_client *client;
	enum fm_code rc = FM_OK;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return fm_fail(err, FM_E_IO, "libcurl cannot start");
	client = fm_memory_take(sizeof *client);
	client->timer_ns = FM_DEADLINE_NEVER;
	client->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (client->epoll < 0) {
		rc = fm_fail_sys(err, FM_E_IO, errno, "epoll");
		goto out;
	}
	client->multi = curl_multi_init();
	if (client->multi == NULL)
		fm_die("out of memory");
	rc = from_multi(curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, on_socket_wish),
	                err);
	if (rc != FM_OK)
		goto out;
	rc = from_multi(curl_multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION, on_timer_wish),
	                err);
	if (rc != FM_OK)
		goto out;
	(void)curl_multi_setopt(client->multi, CURLMOPT_SOCKETDATA,
	                        client); /* pointers are taken */
	(void)curl_multi_setopt(client->multi, CURLMOPT_TIMERDATA, client);
	*ret_client = client;
	client = NULL;
out:
	fm_client_close(client);
	return rc;
}

/* Take a stream out of the loop; it is the caller's then. */
static void drop(struct fm_client *client, struct fm_stream *stream)
{
	(void)curl_multi_remove_handle(client->multi, stream->easy); /* it is in there */
	for (size_t i = 0; i < client->count; i++)
		if (client->streams[i] == stream) {
			client->streams[i] = client->streams[--client->count];
			return;
		}
}

void fm_client_close(struct fm_client *client)
{
	if (client == NULL)
		return;
	while (client->count > 0) {
		struct fm_stream *stream = client->streams[client->count - 1];

		drop(client, stream);
		fm_stream_close(stream);
	}
	(void)curl_multi_cleanup(client->multi); /* nothing is left in it */
	fm_memory_free(client->streams);
	fm_fd_close(&client->epoll);
	fm_memory_free(client);
	curl_global_cleanup();
}

enum fm_code fm_client_send(struct fm_client *client, const struct fm_send *send,
                            fm_client_done_fn done, void *ctx, struct fm_err *err)
{
	struct fm_stream *stream = NULL;
	enum fm_code rc = fm_stream_open(send, &client->deaf, &stream, err);

	if (rc != FM_OK)
		return rc;
	stream->done = done;
	stream->ctx = ctx;
	stream->bytes_out = &client->bytes_out;
	rc = from_multi(curl_multi_add_handle(client->multi, stream->easy), err);
	if (rc != FM_OK) {
		fm_stream_close(stream);
		return rc;
	}
	client->streams = fm_memory_more(client->streams, client->count, &client->capacity,
	                                 sizeof(struct fm_stream *));
	client->streams[client->count++] = stream;
	return FM_OK;
}

/* The callback may start new streams; this one is out of the loop before it is called. */
static void settle(struct fm_client *client, struct fm_stream *stream, CURLcode result)
{
	drop(client, stream);
	fm_stream_tell(stream, result);
	fm_stream_close(stream);
}

static void settle_done(struct fm_client *client)
{
	const CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(client->multi, &left)) != NULL) {
		struct fm_stream *stream = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		const CURLcode result = message->data.result;

		(void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &stream);
		settle(client, stream, result);
	}
}

/* The next deadline of all; streams that have passed theirs are cut. */
static int64_t next_deadline(const struct fm_client *client, int64_t now_ns)
{
	int64_t next = FM_DEADLINE_NEVER;

	for (size_t i = 0; i < client->count; i++) {
		struct fm_stream *stream = client->streams[i];
		const char *what = NULL;
		const int64_t at_ns = fm_deadline_next(stream->send.deadlines, &stream->moments,
		                                       stream->send.prompt_tokens, &what);

		if (at_ns <= now_ns) {
			char why[64] = "deadline passed: ";

			memcpy(why + strlen(why), what, strlen(what) + 1);
			if (!stream->cut && stream->moments.terminal == FM_UNKNOWN)
				stream->deadline = what;
			/* All was said: that the endpoint keeps the line open is its own matter. */
			fm_stream_cut(stream,
			              stream->moments.terminal != FM_UNKNOWN ? FM_END_CLEAN
			                                                     : FM_END_TIMEOUT,
			              why);
		}
		if (at_ns < next)
			next = at_ns;
	}
	return next;
}

/* A callback may change the list, so each round starts anew. */
static void settle_cut(struct fm_client *client)
{
	for (size_t i = 0; i < client->count;) {
		struct fm_stream *stream = client->streams[i];

		if (!stream->cut) {
			i++;
			continue;
		}
		settle(client, stream, CURLE_OK);
		i = 0;
	}
}

static enum fm_code act(struct fm_client *client, curl_socket_t fd, int what, struct fm_err *err)
{
	int running;

	return from_multi(curl_multi_socket_action(client->multi, fd, what, &running), err);
}

static enum fm_code serve_event(struct fm_client *client, const struct epoll_event *event,
                                struct fm_err *err)
{
	int what = 0;

	if (event->data.u64 >= WATCH_TAG) {
		const struct watch *watch = &client->watches[event->data.u64 - WATCH_TAG];

		watch->fn(watch->ctx);
		return FM_OK;
	}
	if ((event->events & EPOLLIN) != 0)
		what |= CURL_CSELECT_IN;
	if ((event->events & EPOLLOUT) != 0)
		what |= CURL_CSELECT_OUT;
	if ((event->events & (EPOLLERR | EPOLLHUP)) != 0)
		what |= CURL_CSELECT_ERR;
	return act(client, (curl_socket_t)event->data.u64, what, err);
}

static int wait_ms(int64_t now_ns, int64_t until_ns)
{
	if (until_ns <= now_ns)
		return 0;
	const int64_t ms = (until_ns - now_ns + FM_NS_PER_MS - 1) / FM_NS_PER_MS;

	return ms < INT32_MAX ? (int)ms : INT32_MAX;
}

enum fm_code fm_client_turn(struct fm_client *client, int64_t max_wait_ns, struct fm_err *err)
{
	struct epoll_event events[EVENTS_MAX];
	int64_t now_ns = fm_clock_mono_ns();
	int64_t until_ns = max_wait_ns < INT64_MAX - now_ns ? now_ns + max_wait_ns : INT64_MAX;
	const int64_t deadline_ns = next_deadline(client, now_ns);
	enum fm_code rc = FM_OK;
	int count;

	if (deadline_ns < until_ns)
		until_ns = deadline_ns;
	if (client->timer_ns < until_ns)
		until_ns = client->timer_ns;
	count = epoll_wait(client->epoll, events, EVENTS_MAX, wait_ms(now_ns, until_ns));
	if (count < 0 && errno != EINTR)
		return fm_fail_sys(err, FM_E_IO, errno, "epoll");
	for (int i = 0; i < count && rc == FM_OK; i++)
		rc = serve_event(client, &events[i], err);
	now_ns = fm_clock_mono_ns();
	if (rc == FM_OK && client->timer_ns <= now_ns) {
		client->timer_ns = FM_DEADLINE_NEVER;
		rc = act(client, CURL_SOCKET_TIMEOUT, 0, err);
	}
	if (rc != FM_OK)
		return rc;
	settle_done(client);
	(void)next_deadline(client, fm_clock_mono_ns()); /* it marks what is late */
	settle_cut(client);
	return FM_OK;
}

enum fm_code fm_client_watch(struct fm_client *client, int fd, fm_client_fd_fn fn, void *ctx,
                             struct fm_err *err)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = WATCH_TAG + client->watch_count};

	if (client->watch_count == WATCHES_MAX)
		return fm_fail(err, FM_E_LIMIT, "more than %d descriptors are watched",
		               WATCHES_MAX);
	if (epoll_ctl(client->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
		return fm_fail_sys(err, FM_E_IO, errno, "epoll");
	client->watches[client->watch_count++] = (struct watch){fd, fn, ctx};
	return FM_OK;
}

size_t fm_client_in_flight(const struct fm_client *client)
{
	return client->count;
}

void fm_client_cancel_all(struct fm_client *client)
{
	for (size_t i = 0; i < client->count; i++)
		fm_stream_cut(client->streams[i], FM_END_CANCELLED, "cancelled");
	settle_cut(client);
}

struct fm_client_now fm_client_now(const struct fm_client *client)
{
	struct fm_client_now now = {.bytes_out = client->bytes_out};

	for (size_t i = 0; i < client->count; i++) {
		const struct fm_moments *m = &client->streams[i]->moments;

		if (m->connected == FM_UNKNOWN)
			now.connecting++;
		else if (m->progress != FM_UNKNOWN || m->terminal != FM_UNKNOWN)
			now.answering++;
		else if (m->body_out == FM_UNKNOWN)
			now.uploading++;
		else
			now.waiting++;
	}
	return now;
}
