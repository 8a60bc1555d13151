#include "scan_internal.h"

#include "base/macro.h"
#include "base/memory.h"
#include "scan_kit_internal.h"
#include "scan_pattern_internal.h"

typedef size_t scan_fn(struct fm_span text, size_t at, size_t *ret_lengths);

static const struct {
	const char *name;
	scan_fn *scan; /* NULL: through the pattern */
} schemes[] = {
	[FM_SCHEME_WHOLE] = {"whole",       fm_scan_whole      },
	[FM_SCHEME_R50K] = {"r50k",        fm_scan_r50k       },
	[FM_SCHEME_CL100K] = {"cl100k",      fm_scan_cl100k     },
	[FM_SCHEME_QWEN2] = {"qwen2",       fm_scan_qwen2      },
	[FM_SCHEME_QWEN35] = {"qwen3.5",     fm_scan_qwen35     },
	[FM_SCHEME_O200K] = {"o200k",       fm_scan_o200k      },
	[FM_SCHEME_TEKKEN] = {"tekken",      fm_scan_tekken     },
	[FM_SCHEME_DEEPSEEK_V3] = {"deepseek-v3", fm_scan_deepseek_v3},
	[FM_SCHEME_MARKED] = {"marked",      fm_scan_marked     },
	[FM_SCHEME_PATTERN] = {"pattern",     NULL               },
};

struct fm_scanner {
	scan_fn *scan;
	struct fm_pattern *pattern;
};

size_t fm_scan_whole(struct fm_span text, size_t at, size_t *ret_lengths)
{
	if (at == text.len)
		return 0;
	ret_lengths[0] = text.len - at;
	return 1;
}

size_t fm_scan_marked(struct fm_span text, size_t at, size_t *ret_lengths)
{
	size_t count = 0;

	while (at < text.len && count < FM_SCAN_BATCH) {
		/* The piece's own space stands first. */
		const size_t len = 1 + fm_span_find_byte(fm_span_skip(text, at + 1), ' ');

		ret_lengths[count++] = len;
		at += len;
	}
	return count;
}

enum fm_code fm_scanner_open(enum fm_scheme scheme, const char *pattern,
                             struct fm_scanner **ret_scanner, struct fm_err *err)
{
	struct fm_scanner *scanner;

	if ((size_t)scheme >= FM_COUNT(schemes))
		return fm_fail(err, FM_E_FORMAT, "no way to cut text has the number %u",
		               (unsigned)scheme);
	scanner = fm_memory_take(sizeof *scanner);
	scanner->scan = schemes[scheme].scan;
	if (scheme == FM_SCHEME_PATTERN) {
		const enum fm_code rc = fm_pattern_open(pattern, &scanner->pattern, err);

		if (rc != FM_OK) {
			fm_memory_free(scanner);
			return rc;
		}
	}
	*ret_scanner = scanner;
	return FM_OK;
}

void fm_scanner_close(struct fm_scanner *scanner)
{
	if (scanner == NULL)
		return;
	fm_pattern_close(scanner->pattern);
	fm_memory_free(scanner);
}

size_t fm_scan(const struct fm_scanner *scanner, struct fm_span text, size_t at,
               size_t ret_lengths[FM_SCAN_BATCH])
{
	if (scanner->pattern != NULL)
		return fm_pattern_scan(scanner->pattern, text, at, ret_lengths);
	return scanner->scan(text, at, ret_lengths);
}

const char *fm_scheme_name(enum fm_scheme scheme)
{
	return schemes[scheme].name;
}
