#include <stdio.h>

#include "base/file.h"
#include "fuzz.h"

/* Each file of the folders that are named, in the order of their names. */
static enum fm_code replay(const char *folder, size_t *count, struct fm_err *err)
{
	struct fm_arena arena = {0};
	const char **names;
	size_t name_count = 0;
	enum fm_code rc = fm_folder_list(folder, &arena, &names, &name_count, err);

	for (size_t i = 0; i < name_count && rc == FM_OK; i++) {
		struct fm_span input = {0};

		rc = fm_file_read(fm_arena_format(&arena, "%s/%s", folder, names[i]),
		                  (size_t)64 << 20, &arena, &input, err);
		if (rc != FM_OK)
			break;
		fuzz_one(input);
		*count += 1;
	}
	fm_arena_free(&arena);
	return rc;
}

int main(int argc, char **argv)
{
	struct fm_err err = {0};
	size_t count = 0;

	for (int i = 1; i < argc; i++)
		if (replay(argv[i], &count, &err) != FM_OK) {
			printf("%s: %s\n", argv[i], err.text);
			return 1;
		}
	printf("%zu inputs\n", count);
	return count == 0;
}
