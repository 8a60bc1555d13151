#ifndef FATHOM_SERVE_TIMER_INTERNAL_H
#define FATHOM_SERVE_TIMER_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One moment somebody waits for. The zero value waits for nothing. */
struct fm_timer {
	int64_t at_ns;
	size_t place; /* in the heap, counted from 1; 0 is "not in it" */
	void *owner;
};

/* All of them, the soonest first: a binary heap. The zero value is empty. */
struct fm_timers {
	struct fm_timer **heap;
	size_t count;
	size_t capacity;
};

/* Cost: O(log count) each. A timer that is set again moves. */
void fm_timers_set(struct fm_timers *timers, struct fm_timer *timer, int64_t at_ns);
void fm_timers_clear(struct fm_timers *timers, struct fm_timer *timer);

/* The soonest, still in the heap; NULL when nobody waits. */
struct fm_timer *fm_timers_first(const struct fm_timers *timers);
void fm_timers_free(struct fm_timers *timers);

#endif
