#include "writer_internal.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "ahead_internal.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"

/* 4 MiB: some thousand lines. A disk that is behind by more holds the caller up. */
#define QUEUE_BYTES ((size_t)4 << 20)
/* A single line may be longer: it then waits until it has the queue for itself. */
#define QUEUE_BYTES_MAX ((size_t)64 << 20)

/* Lines that are written and synced together. */
struct batch {
	struct fm_buf bytes;
	size_t *ends; /* where each line ends in `bytes` */
	size_t count;
	size_t capacity;
};

struct fm_writer {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t work;  /* the thread waits for lines, a wish to sync, or the end */
	pthread_cond_t moved; /* callers wait for room, for `synced`, or for a failure */
	int fd;
	int event_fd;
	struct fm_ahead ahead; /* the thread's, while it runs */
	/* From here on under the mutex. */
	struct batch queue;
	uint64_t queued; /* ticket of the newest line */
	uint64_t wanted; /* the newest ticket that is to be synced */
	bool closing;
	bool failed;
	struct fm_err failure;
	bool is_short; /* no more room could be reserved; what is, is still written to */
	struct fm_err shortage;
	/* Read by callers without the mutex. */
	_Atomic uint64_t synced;
};

static void free_batch(struct batch *batch)
{
	fm_buf_free(&batch->bytes);
	fm_memory_free(batch->ends);
	*batch = (struct batch){0};
}

static void signal_moved(struct fm_writer *w)
{
	const uint64_t one = 1;

	(void)pthread_cond_broadcast(&w->moved);     /* cannot fail */
	(void)!write(w->event_fd, &one, sizeof one); /* fails only when it is readable anyhow */
}

/*
 * Wait for something to do and take all that is queued, so that the next lines gather while this
 * batch is on its way. False when the end has come and nothing is left.
 */
static bool take(struct fm_writer *w, struct batch *batch, bool *ret_sync, uint64_t *ret_newest)
{
	bool more;

	(void)pthread_mutex_lock(&w->mutex); /* cannot fail, nor can the others below */
	while (w->queue.count == 0 && (w->wanted <= w->synced || w->failed) && !w->closing)
		(void)pthread_cond_wait(&w->work, &w->mutex);
	const struct batch empty = *batch;

	more = w->queue.count > 0 || (w->wanted > w->synced && !w->failed);
	*batch = w->queue;
	w->queue = empty;
	*ret_sync = w->wanted > w->synced;
	*ret_newest = w->queued;
	(void)pthread_cond_broadcast(&w->moved); /* there is room again */
	(void)pthread_mutex_unlock(&w->mutex);
	return more;
}

static enum fm_code write_lines(int fd, const struct batch *batch, struct fm_err *err)
{
	enum fm_code rc = FM_OK;
	size_t begin = 0;

	for (size_t i = 0; i < batch->count && rc == FM_OK; i++) {
		const struct fm_span rest = fm_span_skip(fm_buf_span(&batch->bytes), begin);

		rc = fm_file_write_fd(fd, fm_span_first(rest, batch->ends[i] - begin), err);
		begin = batch->ends[i];
	}
	return rc;
}

/* Linux may drop the pages whose sync failed: a second fdatasync that succeeds proves nothing. */
static enum fm_code sync_lines(int fd, struct fm_err *err)
{
	int rc;

	do
		rc = fdatasync(fd);
	while (rc != 0 && errno == EINTR);
	return rc == 0 ? FM_OK : fm_fail_sys(err, FM_E_IO, errno, "cannot sync");
}

static void fail(struct fm_writer *w, const struct fm_err *err)
{
	(void)fdatasync(w->fd); /* for the lines before; nothing is promised about them any more */
	(void)pthread_mutex_lock(&w->mutex); /* cannot fail */
	w->failure = *err;
	w->failed = true;
	signal_moved(w);
	(void)pthread_mutex_unlock(&w->mutex); /* as above */
}

/* Before the lines are written, so that what waits for one of them learns of it in time. */
static void take_room(struct fm_writer *w, uint64_t bytes)
{
	struct fm_err err;

	/* Only the thread sets it, so that it may read it as it is. */
	if (w->is_short || fm_ahead_take(&w->ahead, bytes, &err) == FM_OK)
		return;
	(void)pthread_mutex_lock(&w->mutex); /* cannot fail */
	w->shortage = err;
	w->is_short = true;
	signal_moved(w);
	(void)pthread_mutex_unlock(&w->mutex); /* as above */
}

static void reach(struct fm_writer *w, uint64_t ticket)
{
	(void)pthread_mutex_lock(&w->mutex); /* cannot fail */
	w->synced = ticket;
	signal_moved(w);
	(void)pthread_mutex_unlock(&w->mutex); /* as above */
}

/* After a failure batches are still taken, so that nobody waits for room, and thrown away. */
static void *write_all(void *arg)
{
	struct fm_writer *w = arg;
	struct batch batch = {0};
	struct fm_err err = {0};
	enum fm_code rc = FM_OK;
	uint64_t newest;
	bool sync;

	fm_buf_init(&batch.bytes, QUEUE_BYTES_MAX);
	while (take(w, &batch, &sync, &newest)) {
		const bool fine = rc == FM_OK;

		if (fine)
			take_room(w, batch.bytes.len);
		if (fine)
			rc = write_lines(w->fd, &batch, &err);
		if (rc == FM_OK && sync)
			rc = sync_lines(w->fd, &err);
		if (rc == FM_OK && sync)
			reach(w, newest);
		if (fine && rc != FM_OK)
			fail(w, &err);
		fm_buf_clear(&batch.bytes);
		batch.count = 0;
	}
	free_batch(&batch);
	return NULL;
}

/* The thread takes no signals: they are the main loop's, and a file size limit is to be EFBIG. */
static int start_thread(struct fm_writer *w)
{
	sigset_t all;
	sigset_t old;
	int rc;

	(void)sigfillset(&all);                         /* cannot fail */
	(void)pthread_sigmask(SIG_SETMASK, &all, &old); /* as above */
	rc = pthread_create(&w->thread, NULL, write_all, w);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL); /* as above */
	return rc;
}

static void free_writer(struct fm_writer *w)
{
	free_batch(&w->queue);
	fm_fd_close(&w->event_fd);
	(void)pthread_cond_destroy(&w->work);   /* nobody waits any more */
	(void)pthread_cond_destroy(&w->moved);  /* as above */
	(void)pthread_mutex_destroy(&w->mutex); /* as above */
	fm_memory_free(w);
}

enum fm_code fm_writer_open(int fd, uint64_t first_ticket, struct fm_writer **ret_writer,
                            struct fm_err *err)
{
	struct fm_ahead ahead = {0};
	struct fm_writer *w;
	int rc;

	assert(first_ticket > 0);
	if (fm_ahead_open(fd, &ahead, err) != FM_OK)
		return err->code;
	w = fm_memory_take(sizeof *w);
	w->ahead = ahead;
	(void)pthread_mutex_init(&w->mutex, NULL); /* with no attributes none of the three fails */
	(void)pthread_cond_init(&w->work, NULL);
	(void)pthread_cond_init(&w->moved, NULL);
	fm_buf_init(&w->queue.bytes, QUEUE_BYTES_MAX);
	w->fd = fd;
	w->queued = first_ticket - 1;
	w->wanted = w->queued;
	w->synced = w->queued;
	w->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	rc = w->event_fd < 0 ? errno : start_thread(w);
	if (rc != 0) {
		fm_ahead_close(&ahead);
		free_writer(w);
		return fm_fail_sys(err, FM_E_IO, rc, "cannot start the thread that writes");
	}
	*ret_writer = w;
	return FM_OK;
}

/* With the mutex held, or the thread gone. */
static enum fm_code failure_of(const struct fm_writer *w, struct fm_err *err)
{
	if (!w->failed)
		return FM_OK;
	*err = w->failure;
	return err->code;
}

enum fm_code fm_writer_close(struct fm_writer *w, struct fm_err *err)
{
	enum fm_code rc;

	(void)pthread_mutex_lock(&w->mutex); /* cannot fail, nor can the others */
	w->wanted = w->queued;
	w->closing = true;
	(void)pthread_cond_signal(&w->work);
	(void)pthread_mutex_unlock(&w->mutex);
	(void)pthread_join(w->thread, NULL);
	fm_ahead_close(&w->ahead);
	rc = failure_of(w, err);
	free_writer(w);
	return rc;
}

uint64_t fm_writer_add(struct fm_writer *w, struct fm_span line, bool sync)
{
	struct batch *queue = &w->queue;
	uint64_t ticket;

	(void)pthread_mutex_lock(&w->mutex); /* cannot fail, nor can the others */
	while (queue->count > 0 && queue->bytes.len + line.len > QUEUE_BYTES)
		(void)pthread_cond_wait(&w->moved, &w->mutex);
	fm_buf_put(&queue->bytes, line);
	queue->ends =
		fm_memory_more(queue->ends, queue->count, &queue->capacity, sizeof *queue->ends);
	queue->ends[queue->count++] = queue->bytes.len;
	ticket = ++w->queued;
	if (sync)
		w->wanted = ticket;
	(void)pthread_cond_signal(&w->work);
	(void)pthread_mutex_unlock(&w->mutex);
	return ticket;
}

uint64_t fm_writer_synced(const struct fm_writer *w)
{
	return w->synced;
}

int fm_writer_fd(const struct fm_writer *w)
{
	return w->event_fd;
}

void fm_writer_drain(struct fm_writer *w)
{
	uint64_t count;

	(void)!read(w->event_fd, &count, sizeof count); /* fails only when it is quiet already */
}

enum fm_code fm_writer_state(struct fm_writer *w, struct fm_err *err)
{
	enum fm_code rc;

	(void)pthread_mutex_lock(&w->mutex); /* cannot fail */
	rc = failure_of(w, err);
	if (rc == FM_OK && w->is_short) {
		*err = w->shortage;
		rc = err->code;
	}
	(void)pthread_mutex_unlock(&w->mutex); /* as above */
	return rc;
}

enum fm_code fm_writer_sync(struct fm_writer *w, struct fm_err *err)
{
	enum fm_code rc;
	uint64_t target;

	(void)pthread_mutex_lock(&w->mutex); /* cannot fail, nor can the others */
	target = w->queued;
	w->wanted = target;
	(void)pthread_cond_signal(&w->work);
	while (w->synced < target && !w->failed)
		(void)pthread_cond_wait(&w->moved, &w->mutex);
	rc = failure_of(w, err);
	(void)pthread_mutex_unlock(&w->mutex);
	return rc;
}
