#include "wire/fault.h"

#include <inttypes.h>
#include <string.h>

#include "base/err.h"
#include "base/macro.h"
#include "fault_internal.h"
#include "text/json_write.h"
#include "wire/dialect.h"

#define TEXT_MAX ((size_t)64 << 10)

/* What letters stand for, besides the said numbers: nothing of it while a text is written. */
struct parts {
	const struct fm_fault_row *row;
	const struct fm_fault_said *said;
	int status;
	struct fm_span text;
};

const char *fm_vendor_name(enum fm_vendor vendor)
{
	return fm_vendor_rows[vendor].name;
}

bool fm_vendor_find(struct fm_span name, enum fm_vendor *ret_vendor)
{
	for (unsigned i = 0; i < FM_VENDOR_COUNT; i++)
		if (fm_span_is(name, fm_vendor_rows[i].name)) {
			*ret_vendor = (enum fm_vendor)i;
			return true;
		}
	return false;
}

const char *fm_vendor_dialect(enum fm_vendor vendor)
{
	return vendor < FM_VENDOR_COUNT ? fm_vendor_rows[vendor].dialect : NULL;
}

enum fm_vendor fm_vendor_of(enum fm_vendor vendor, const struct fm_dialect *dialect)
{
	const char *name = fm_dialect_name(dialect);
	const struct fm_vendor_row *said =
		vendor < FM_VENDOR_COUNT ? &fm_vendor_rows[vendor] : NULL;

	if (said != NULL && strcmp(said->dialect, name) == 0)
		return vendor;
	for (unsigned i = 0; said != NULL && i < FM_VENDOR_COUNT; i++)
		if (strcmp(fm_vendor_rows[i].dialect, name) == 0 &&
		    strcmp(fm_vendor_rows[i].house, said->house) == 0)
			return (enum fm_vendor)i;
	for (unsigned i = 0; i < FM_VENDOR_COUNT; i++)
		if (strcmp(fm_vendor_rows[i].dialect, name) == 0)
			return (enum fm_vendor)i;
	return FM_VENDOR_OPENAI;
}

static const struct fm_fault_row *find_row(enum fm_vendor vendor, enum fm_fault fault)
{
	for (;;) {
		for (size_t i = 0; i < fm_fault_row_count; i++)
			if (fm_fault_rows[i].vendor == vendor && fm_fault_rows[i].fault == fault)
				return &fm_fault_rows[i];
		if (vendor == fm_vendor_rows[vendor].like)
			fm_die("a fault has no words");
		vendor = fm_vendor_rows[vendor].like;
	}
}

static bool put_number(struct fm_buf *buf, char letter, const struct parts *p)
{
	const struct fm_fault_said *said = p->said;
	const uint64_t left = said->limit > said->output ? said->limit - said->output : 0;
	const struct {
		char letter;
		uint64_t number;
	} numbers[] = {
		{'L', said->limit                           },
		{'A', said->actual                          },
		{'O', said->output                          },
		{'T', said->actual + said->output           },
		{'I', left				  },
		{'J', left + 1			      },
		{'K', said->limit + 1                       },
		{'U', said->used                            },
		{'S', ((uint64_t)said->wait_ms + 999) / 1000},
		{'s', (uint64_t)p->status                   },
	};

	for (size_t i = 0; i < FM_COUNT(numbers); i++)
		if (numbers[i].letter == letter) {
			fm_buf_putf(buf, "%" PRIu64, numbers[i].number);
			return true;
		}
	return false;
}

static void put_json(struct fm_buf *buf, const char *text)
{
	struct fm_json_writer w = {buf, false};

	fm_json_string(&w, NULL, text);
}

static void put_letter(struct fm_buf *buf, char letter, const struct parts *p)
{
	struct fm_json_writer w = {buf, false};

	switch (letter) {
	case 'W':
		fm_buf_putf(buf, "%" PRId64 ".%03" PRId64 "s", p->said->wait_ms / 1000,
		            p->said->wait_ms % 1000);
		break;
	case 'M':
		fm_buf_puts(buf, p->said->model == NULL ? "" : p->said->model);
		break;
	case 'X':
		fm_buf_puts(buf, p->said->text == NULL ? "" : p->said->text);
		break;
	case 't':
		put_json(buf, p->row->type);
		break;
	case 'c':
		put_json(buf, p->row->code);
		break;
	case 'p':
		put_json(buf, p->row->param);
		break;
	case 'x':
		fm_json_text(&w, NULL, p->text);
		break;
	default:
		if (!put_number(buf, letter, p))
			fm_die("a fault's words have a letter that stands for nothing");
		break;
	}
}

static void put_words(struct fm_buf *buf, const char *words, const struct parts *p)
{
	for (; *words != '\0'; words++) {
		if (*words == '%')
			put_letter(buf, *++words, p);
		else
			fm_buf_putc(buf, *words);
	}
}

struct fm_fault_head fm_fault_put(struct fm_buf *buf, enum fm_vendor vendor,
                                  const struct fm_fault_said *said)
{
	const struct fm_vendor_row *v = &fm_vendor_rows[vendor];
	const struct fm_fault_row *row = find_row(vendor, said->fault);
	struct parts parts = {.row = row, .said = said};
	struct fm_buf text = {0};

	parts.status = said->status != 0 ? said->status : row->status;
	fm_buf_init(&text, TEXT_MAX);
	put_words(&text, row->text, &parts);
	parts.text = fm_buf_span(&text);
	put_words(buf, row->shape != NULL ? row->shape : v->shape, &parts);
	fm_buf_free(&text);
	return (struct fm_fault_head){
		.status = parts.status,
		.type = "application/json",
		.header = v->kind_header,
		.value = v->kind_header != NULL ? row->type : NULL,
	};
}
