#include "protobuf_internal.h"

#include <string.h>

#define VARINT_BYTES_MAX 10

static enum fm_code read_varint(struct fm_protobuf *reader, uint64_t *ret_value, struct fm_err *err)
{
	const size_t begin = reader->at;
	uint64_t value = 0;

	for (unsigned i = 0; i < VARINT_BYTES_MAX; i++) {
		if (reader->at == reader->message.len)
			return fm_fail(err, FM_E_FORMAT, "cut short at byte %zu",
			               reader->place + reader->at);
		const uint64_t byte = (unsigned char)reader->message.ptr[reader->at++];

		if (i == VARINT_BYTES_MAX - 1 && byte > 1)
			break;
		value |= (byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			*ret_value = value;
			return FM_OK;
		}
	}
	return fm_fail(err, FM_E_FORMAT, "a number of more than 64 bits at byte %zu",
	               reader->place + begin);
}

static enum fm_code read_fixed(struct fm_protobuf *reader, size_t len, uint64_t *ret_value,
                               struct fm_err *err)
{
	uint64_t value = 0;

	if (reader->message.len - reader->at < len)
		return fm_fail(err, FM_E_FORMAT, "cut short at byte %zu",
		               reader->place + reader->message.len);
	for (size_t i = 0; i < len; i++)
		value |= (uint64_t)(unsigned char)reader->message.ptr[reader->at + i] << (8 * i);
	reader->at += len;
	*ret_value = value;
	return FM_OK;
}

static enum fm_code read_bytes(struct fm_protobuf *reader, struct fm_span *ret_content,
                               struct fm_err *err)
{
	uint64_t len = 0;
	const enum fm_code rc = read_varint(reader, &len, err);

	if (rc != FM_OK)
		return rc;
	if (len > reader->message.len - reader->at)
		return fm_fail(err, FM_E_FORMAT,
		               "cut short: byte %zu begins %llu bytes, and %zu are there",
		               reader->place + reader->at, (unsigned long long)len,
		               reader->message.len - reader->at);
	*ret_content = fm_span_make(reader->message.ptr + reader->at, (size_t)len);
	reader->at += (size_t)len;
	return FM_OK;
}

enum fm_code fm_protobuf_next(struct fm_protobuf *reader, struct fm_protobuf_field *ret_field,
                              struct fm_err *err)
{
	const size_t begin = reader->at;
	struct fm_protobuf_field field = {0};
	uint64_t tag = 0;
	enum fm_code rc = read_varint(reader, &tag, err);

	if (rc != FM_OK)
		return rc;
	if (tag > UINT32_MAX || tag >> 3 == 0)
		return fm_fail(err, FM_E_FORMAT, "no field begins at byte %zu",
		               reader->place + begin);
	field.number = (uint32_t)(tag >> 3);
	field.form = (enum fm_protobuf_form)(tag & 7);
	switch (field.form) {
	case FM_PROTOBUF_VARINT:
		rc = read_varint(reader, &field.value, err);
		break;
	case FM_PROTOBUF_FIXED64:
		rc = read_fixed(reader, 8, &field.value, err);
		break;
	case FM_PROTOBUF_FIXED32:
		rc = read_fixed(reader, 4, &field.value, err);
		break;
	case FM_PROTOBUF_BYTES:
		rc = read_bytes(reader, &field.content, err);
		break;
	default:
		rc = fm_fail(err, FM_E_FORMAT, "no field begins at byte %zu",
		             reader->place + begin);
	}
	if (rc == FM_OK)
		*ret_field = field;
	return rc;
}

struct fm_protobuf fm_protobuf_inside(const struct fm_protobuf *reader,
                                      const struct fm_protobuf_field *field)
{
	return (struct fm_protobuf){
		.message = field->content,
		.place = reader->place + reader->at - field->content.len,
	};
}

float fm_protobuf_float(const struct fm_protobuf_field *field)
{
	const uint32_t bits = (uint32_t)field->value;
	float value;

	memcpy(&value, &bits, sizeof value);
	return value;
}
