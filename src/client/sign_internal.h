#ifndef FATHOM_CLIENT_SIGN_INTERNAL_H
#define FATHOM_CLIENT_SIGN_INTERNAL_H

#include <stdbool.h>

#include "client/client.h"

struct curl_slist;

/* Does its key sign requests, where others stand in a header? */
bool fm_sign_is_asked(const struct fm_send *send);

/*
 * Can it be signed?
 *
 * Errors  FM_E_USAGE  neither the address nor AWS_REGION says a region; there is a query
 */
FM_MUST_CHECK enum fm_code fm_sign_check(const struct fm_send *send, struct fm_err *err);

/*
 * `list` with the headers that sign the request as it is sent, its body hashed where it lies.
 *
 * Memory  the caller wipes the list with fm_key_wipe_list
 * Cost    O(body): half a second for each gigabyte
 */
struct curl_slist *fm_sign_add_headers(const struct fm_send *send, struct curl_slist *list);

#endif
