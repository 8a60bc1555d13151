#include "base/standard.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"

void fm_standard_open(void)
{
	int fd;

	/* Each gets the lowest number that is free. No child is to lose them, so they stay open. */
	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	fm_fd_close(&fd);
}
