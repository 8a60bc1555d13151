#ifndef FATHOM_SWEEP_RUN_MONEY_INTERNAL_H
#define FATHOM_SWEEP_RUN_MONEY_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

struct fm_done_line;
struct fm_run;
struct fm_slot;

/*
 * What a trial reserves: the plan's worst price, and more where its model's trials turned out to
 * cost more than that.
 */
uint64_t fm_run_reserve(const struct fm_run *run, size_t trial);

/* A trial was booked with so much: what its model's next ones reserve grows if that was more. */
void fm_run_learn_overrun(struct fm_run *run, size_t trial, uint64_t reserved_usd_micro,
                          uint64_t booked_usd_micro);

/*
 * Cost and booking of an attempt, into its line. The cost is what the usage says; the budget books
 * the larger of that and of what we know was sent and answered, for usage may lie.
 */
void fm_run_price(struct fm_run *run, const struct fm_slot *slot, struct fm_done_line *line);

/* Give the reservation back, book what the line says, and stop a run that its forecast belies. */
void fm_run_book(struct fm_run *run, const struct fm_slot *slot, const struct fm_done_line *line);

#endif
