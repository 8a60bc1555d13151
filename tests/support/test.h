#ifndef FATHOM_TESTS_SUPPORT_TEST_H
#define FATHOM_TESTS_SUPPORT_TEST_H

/*
 * cmocka.h uses these headers without including them, so they come first, and stay in this order
 * because cmocka's own words name it. Include this, never cmocka.h itself.
 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#endif
