#include "find_internal.h"

#include <string.h>

#include "base/pattern.h"

const struct fm_known *fm_known_of_name(struct fm_span name)
{
	size_t count;
	const struct fm_known *known = fm_known_list(&count);

	for (size_t i = 0; i < count; i++)
		if (fm_pattern_fits(known[i].name, name) || fm_pattern_fits(known[i].aliases, name))
			return &known[i];
	return NULL;
}

const struct fm_known *fm_known_of_model(const char *model)
{
	size_t count;
	const struct fm_known *known = fm_known_list(&count);
	struct fm_span name = fm_span_of(model);

	/* Routers put the vendor's name before a slash. */
	for (size_t at = fm_span_find_byte(name, '/'); at < name.len;
	     at = fm_span_find_byte(name, '/'))
		name = fm_span_skip(name, at + 1);
	for (size_t i = 0; i < count; i++)
		if (fm_pattern_fits(known[i].models, name))
			return &known[i];
	return NULL;
}

const struct fm_known *fm_known_of_either(const char *name)
{
	const struct fm_known *known = fm_known_of_name(fm_span_of(name));

	return known != NULL ? known : fm_known_of_model(name);
}

const struct fm_known *fm_known_of_hub(const char *model)
{
	size_t count;
	const struct fm_known *known = fm_known_list(&count);

	for (size_t i = 0; i < count; i++)
		if (fm_pattern_fits(known[i].hub, fm_span_of(model)))
			return &known[i];
	return NULL;
}

const struct fm_pin *fm_pin_of_name(const char *name)
{
	size_t count;
	const struct fm_pin *pins = fm_pin_list(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(pins[i].name, name) == 0)
			return &pins[i];
	return NULL;
}

const struct fm_pin *fm_pin_of_sha256(const char *sha256)
{
	size_t count;
	const struct fm_pin *pins = fm_pin_list(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(pins[i].sha256, sha256) == 0)
			return &pins[i];
	return NULL;
}

const struct fm_fit *fm_fit_of_name(const char *name)
{
	size_t count;
	const struct fm_fit *fits_known = fm_fit_list(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(fits_known[i].name, name) == 0)
			return &fits_known[i];
	return NULL;
}

bool fm_is_closed(const struct fm_known *known)
{
	return known != NULL && known->closed;
}
