#include "cli/live.h"

#include "base/clock.h"
#include "base/num.h"
#include "cli/stop.h"

#define PICTURE_BYTES_MAX ((size_t)4 << 20)
#define TERMINAL_EVERY_NS (FM_NS_PER_S / 10)
#define PLAIN_EVERY_NS (30 * FM_NS_PER_S)
#define COST_SHARE 20 /* drawing may take a twentieth of the time, however many points there are */
#define ROWS_UNKNOWN 24

void fm_live_open(struct fm_live *live, const struct fm_screen *screen, bool quiet, bool priced)
{
	*live = (struct fm_live){
		.screen = *screen,
		.quiet = quiet,
		.priced = priced,
		.started_ns = fm_clock_mono_ns(),
	};
	fm_buf_init(&live->buf, PICTURE_BYTES_MAX);
}

static void put_left(struct fm_live *live, const struct fm_run_now *now, int64_t at_ns)
{
	const size_t done = now->settled - live->settled_at_start;
	char text[FM_NUM_TEXT_MAX];

	/* A handful of trials, the first and shortest, says too little of the rest. */
	if (done < 10 || now->settled >= now->point_count || now->draining)
		return;
	const double each_ns = (double)(at_ns - live->started_ns) / (double)done;
	const double left_ns = each_ns * (double)(now->point_count - now->settled);

	fm_buf_putf(&live->buf, ", about %s left", fm_num_duration_text((int64_t)left_ns, text));
}

static void put_money(struct fm_live *live, const struct fm_run_now *now)
{
	const struct fm_budget *b = &now->budget;
	char text[FM_NUM_TEXT_MAX];

	if (!live->priced)
		return;
	fm_buf_putf(&live->buf, ", %s spent", fm_num_usd_text(b->spent_usd_micro, text));
	if (b->capped)
		fm_buf_putf(&live->buf, " of %s", fm_num_usd_text(b->cap_usd_micro, text));
}

/* The one line that says where a run stands. */
static void put_state(struct fm_live *live, const struct fm_run_now *now, int64_t at_ns)
{
	char text[FM_NUM_TEXT_MAX];

	fm_buf_putf(&live->buf, "%zu of %zu trial%s, %zu in flight", now->settled, now->point_count,
	            now->point_count == 1 ? "" : "s", now->in_flight);
	if (now->waiting_retry > 0)
		fm_buf_putf(&live->buf, ", %zu wait to be tried again", now->waiting_retry);
	put_money(live, now);
	if (now->held_ns > 0)
		fm_buf_putf(&live->buf, ", held for %s", fm_num_duration_text(now->held_ns, text));
	if (now->draining)
		fm_buf_puts(&live->buf, ", finishing what is in flight");
	if (now->draining && fm_stop_count() > 0)
		fm_buf_puts(&live->buf, "; once more leaves at once");
	put_left(live, now, at_ns);
}

static unsigned count_lines(struct fm_span text)
{
	unsigned count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == '\n';
	return count;
}

/* Go back to the first line of the last picture and clear from there. */
static void put_back(struct fm_live *live)
{
	if (live->lines > 0)
		fm_buf_putf(&live->buf, "\x1b[%uA\r\x1b[J", live->lines);
	live->lines = 0;
}

static void put_panels(struct fm_live *live, const struct fm_run_now *now)
{
	const unsigned rows = live->screen.rows > 0 ? live->screen.rows : ROWS_UNKNOWN;
	struct fm_panel *panels;
	size_t count;

	fm_panels_make(now->points, now->point_count, &live->arena, &panels, &count);
	for (size_t i = 0; i < count; i++) {
		const size_t before = live->buf.len;

		fm_report_terminal_panel(&panels[i], &live->screen.terminal, &live->buf);
		/* What has left the screen at its top cannot be drawn over. */
		if (count_lines(fm_buf_span(&live->buf)) + 2 > rows) {
			live->buf.len = before;
			break;
		}
	}
	fm_arena_reset(&live->arena);
}

static void draw(struct fm_live *live, const struct fm_run_now *now, int64_t at_ns)
{
	size_t state;

	fm_screen_measure(&live->screen);
	fm_buf_clear(&live->buf);
	put_back(live);
	put_panels(live, now);
	state = live->buf.len;
	put_state(live, now, at_ns);
	/* A line that wraps would be two lines to go back over. */
	if (live->buf.len - state >= live->screen.terminal.width)
		live->buf.len = state + live->screen.terminal.width - 1;
	fm_buf_putc(&live->buf, '\n');
	live->lines = count_lines(fm_buf_span(&live->buf));
	fm_say_raw(fm_buf_span(&live->buf));
}

static void say_line(struct fm_live *live, const struct fm_run_now *now, int64_t at_ns)
{
	fm_buf_clear(&live->buf);
	put_state(live, now, at_ns);
	fm_say("%s", fm_buf_text(&live->buf));
}

/* Nothing will change any more: the last line must not be one that time has passed by. */
static bool is_over(const struct fm_run_now *now)
{
	return now->in_flight == 0 && (now->draining || now->settled >= now->point_count);
}

static bool changed(const struct fm_live *live, const struct fm_run_now *now)
{
	return !live->seen || live->was_draining != now->draining ||
	       live->was_held != (now->held_ns > 0) || live->was_over != is_over(now);
}

void fm_live_show(void *ctx, const struct fm_run_now *now)
{
	struct fm_live *live = ctx;
	const int64_t at_ns = fm_clock_mono_ns();
	int64_t cost_ns;

	if (live->quiet || (at_ns < live->next_ns && !changed(live, now)))
		return;
	if (!live->seen)
		live->settled_at_start = now->settled;
	if (live->screen.moves)
		draw(live, now, at_ns);
	else
		say_line(live, now, at_ns);
	cost_ns = (fm_clock_mono_ns() - at_ns) * COST_SHARE;
	live->next_ns = at_ns + (live->screen.moves ? TERMINAL_EVERY_NS : PLAIN_EVERY_NS);
	if (cost_ns > live->next_ns - at_ns)
		live->next_ns = at_ns + cost_ns;
	live->seen = true;
	live->was_draining = now->draining;
	live->was_held = now->held_ns > 0;
	live->was_over = is_over(now);
}

void fm_live_close(struct fm_live *live)
{
	fm_buf_clear(&live->buf);
	put_back(live);
	fm_say_raw(fm_buf_span(&live->buf));
	fm_buf_free(&live->buf);
	fm_arena_free(&live->arena);
}
