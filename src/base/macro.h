#ifndef FATHOM_BASE_MACRO_H
#define FATHOM_BASE_MACRO_H

/* The attributes of GNU C that fathom uses, and nothing else of GNU C. */
#define FM_MUST_CHECK __attribute__((warn_unused_result))
#define FM_PRINTF(at, first) __attribute__((format(printf, at, first)))
#define FM_NORETURN __attribute__((noreturn))

/* Products of tokens and prices need 128 bits; C17 has no portable names for them. */
__extension__ typedef unsigned __int128 fm_u128;
__extension__ typedef __int128 fm_i128;

#define FM_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
