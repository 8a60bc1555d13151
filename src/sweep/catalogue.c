#include "sweep/catalogue.h"

#include <string.h>
#include <strings.h>

#include "base/clock.h"

static bool has_alias(const struct fm_model_row *row, const char *name)
{
	for (size_t i = 0; i < row->alias_count; i++)
		if (strcasecmp(row->aliases[i], name) == 0)
			return true;
	return false;
}

const struct fm_model_row *fm_catalogue_find(const struct fm_catalogue *catalogue,
                                             const char *provider, const char *model)
{
	const struct fm_model_row *by_alias = NULL;
	const struct fm_model_row *any = NULL;

	for (size_t i = 0; catalogue != NULL && i < catalogue->count; i++) {
		const struct fm_model_row *row = &catalogue->rows[i];

		if (strcmp(row->provider, provider) != 0)
			continue;
		if (strcmp(row->model, model) == 0)
			return row;
		if (has_alias(row, model))
			by_alias = row;
		if (strcmp(row->model, "*") == 0)
			any = row;
	}
	return by_alias != NULL ? by_alias : any;
}

bool fm_model_row_is_stale(const struct fm_model_row *row, int64_t now_wall_ms)
{
	const int64_t day_ms = 24 * INT64_C(3600) * (FM_NS_PER_S / FM_NS_PER_MS);

	return row->date != NULL && now_wall_ms - row->date_ms > FM_CATALOGUE_STALE_DAYS * day_ms;
}
