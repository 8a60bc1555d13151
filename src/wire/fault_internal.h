#ifndef FATHOM_WIRE_FAULT_INTERNAL_H
#define FATHOM_WIRE_FAULT_INTERNAL_H

#include <stddef.h>

#include "wire/fault.h"

/* Whose servers they are, which dialects they speak, and whose words they took over. */
struct fm_vendor_row {
	const char *name;
	const char *house;   /* servers of one house share it */
	const char *dialect; /* the first row of a dialect stands for it when no vendor is said */
	enum fm_vendor like; /* has the rows that are missing here; OpenAI is like itself */
	const char *shape;   /* of a body */
	const char *kind_header; /* has the row's type; NULL: none */
};

/*
 * One error of one vendor. In texts, %L is the limit, %A what was asked, %O the output, %T both, %I
 * what the output leaves of the limit, %J and %K one more than that and than the limit, %U what is
 * used of a minute, %M the model, %W the wait as "1.500s", %S its whole seconds, %X the
 * said text. In shapes stand also the text (%x), the type (%t), the code (%c) and the parameter
 * (%p) as JSON, null where there is none, and the status (%s).
 */
struct fm_fault_row {
	enum fm_vendor vendor;
	enum fm_fault fault;
	int status;
	const char *type;
	const char *code;
	const char *param;
	const char *text;
	const char *shape; /* NULL: the vendor's */
};

extern const struct fm_vendor_row fm_vendor_rows[FM_VENDOR_COUNT];
extern const struct fm_fault_row fm_fault_rows[];
extern const size_t fm_fault_row_count;

#endif
