#include "base/locked.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/err.h"

void *fm_locked_take(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		fm_die("out of memory");
	(void)madvise(memory, size, MADV_DONTDUMP); /* without it we still run */
	(void)mlock(memory, size);                  /* so here: a limit may forbid it */
	return memory;
}

void fm_locked_free(void *memory, size_t size)
{
	if (memory == NULL)
		return;
	explicit_bzero(memory, size);
	(void)munmap(memory, size); /* fails for a wrong address only */
}

void fm_locked_close_process(void)
{
	const struct rlimit none = {0, 0};

	(void)setrlimit(RLIMIT_CORE, &none);      /* cannot fail: a limit may always be lowered */
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* nor can this */
}
