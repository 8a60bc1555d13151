#include "timer_internal.h"

#include "base/memory.h"

static void put(struct fm_timers *timers, size_t place, struct fm_timer *timer)
{
	timers->heap[place - 1] = timer;
	timer->place = place;
}

static void rise(struct fm_timers *timers, struct fm_timer *timer)
{
	size_t place = timer->place;

	while (place > 1 && timers->heap[place / 2 - 1]->at_ns > timer->at_ns) {
		put(timers, place, timers->heap[place / 2 - 1]);
		place /= 2;
	}
	put(timers, place, timer);
}

static void sink(struct fm_timers *timers, struct fm_timer *timer)
{
	size_t place = timer->place;

	while (place * 2 <= timers->count) {
		size_t child = place * 2;

		if (child < timers->count &&
		    timers->heap[child]->at_ns < timers->heap[child - 1]->at_ns)
			child++;
		if (timers->heap[child - 1]->at_ns >= timer->at_ns)
			break;
		put(timers, place, timers->heap[child - 1]);
		place = child;
	}
	put(timers, place, timer);
}

void fm_timers_set(struct fm_timers *timers, struct fm_timer *timer, int64_t at_ns)
{
	timer->at_ns = at_ns;
	if (timer->place == 0) {
		timers->heap = fm_memory_more(timers->heap, timers->count, &timers->capacity,
		                              sizeof(struct fm_timer *));
		timers->count++;
		put(timers, timers->count, timer);
	}
	rise(timers, timer);
	sink(timers, timer);
}

void fm_timers_clear(struct fm_timers *timers, struct fm_timer *timer)
{
	const size_t place = timer->place;
	struct fm_timer *last;

	if (place == 0)
		return;
	last = timers->heap[timers->count - 1];
	timers->count--;
	timer->place = 0;
	if (last == timer)
		return;
	put(timers, place, last);
	rise(timers, last);
	sink(timers, last);
}

struct fm_timer *fm_timers_first(const struct fm_timers *timers)
{
	return timers->count > 0 ? timers->heap[0] : NULL;
}

void fm_timers_free(struct fm_timers *timers)
{
	fm_memory_free(timers->heap);
	*timers = (struct fm_timers){0};
}
