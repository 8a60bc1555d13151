#ifndef FATHOM_SWEEP_BUDGET_H
#define FATHOM_SWEEP_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

/* Money under a cap, counted in worst-case reservations: spent + reserved never passes it. */
struct fm_budget {
	bool capped;
	uint64_t cap_usd_micro;
	uint64_t spent_usd_micro;
	uint64_t reserved_usd_micro;
};

/* False, and nothing changed, when it would pass the cap. */
bool fm_budget_reserve(struct fm_budget *budget, uint64_t usd_micro);

/* Give a reservation back and book what it did cost, which may be more if prices were wrong. */
void fm_budget_settle(struct fm_budget *budget, uint64_t reserved_usd_micro,
                      uint64_t cost_usd_micro);

#endif
