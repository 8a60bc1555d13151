#include <fathom/fathom.h>

const char *fm_version(void)
{
	return FATHOM_VERSION;
}
