#include "sweep/budget.h"

#include <assert.h>

#include "base/num.h"

bool fm_budget_reserve(struct fm_budget *budget, uint64_t usd_micro)
{
	const uint64_t taken = fm_num_sum(budget->spent_usd_micro, budget->reserved_usd_micro);

	if (budget->capped &&
	    (taken > budget->cap_usd_micro || usd_micro > budget->cap_usd_micro - taken))
		return false;
	budget->reserved_usd_micro = fm_num_sum(budget->reserved_usd_micro, usd_micro);
	return true;
}

void fm_budget_settle(struct fm_budget *budget, uint64_t reserved_usd_micro,
                      uint64_t cost_usd_micro)
{
	assert(reserved_usd_micro <= budget->reserved_usd_micro);
	budget->reserved_usd_micro -= reserved_usd_micro;
	budget->spent_usd_micro = fm_num_sum(budget->spent_usd_micro, cost_usd_micro);
}
