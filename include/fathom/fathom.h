#ifndef FATHOM_FATHOM_H
#define FATHOM_FATHOM_H

/* The version of this build, such as "0.1.0"; every journal names it. */
const char *fm_version(void);

#endif
