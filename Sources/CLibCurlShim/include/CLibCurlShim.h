// Swift cannot call variadic C functions, and libcurl sets its options through one.
// These are the same calls with a fixed type each, and nothing more.
#ifndef CLIB_CURL_SHIM_H
#define CLIB_CURL_SHIM_H

#include <curl/curl.h>

CURLcode shim_curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode shim_curl_set_size(CURL *handle, CURLoption option, curl_off_t value);
CURLcode shim_curl_set_text(CURL *handle, CURLoption option, const char *value);
CURLcode shim_curl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode shim_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);

CURLcode shim_curl_on_body(CURL *handle, curl_write_callback callback, void *context);
CURLcode shim_curl_on_header(CURL *handle, curl_write_callback callback, void *context);
CURLcode shim_curl_on_read(CURL *handle, curl_read_callback callback, void *context);
CURLcode shim_curl_on_progress(CURL *handle, curl_xferinfo_callback callback, void *context);
CURLcode shim_curl_on_open_socket(CURL *handle, curl_opensocket_callback callback, void *context);

// The value of an information of type long; 0 when libcurl does not know it.
long shim_curl_get_long(CURL *handle, CURLINFO info);

// Copies the bytes of an IPv4 (4) or IPv6 (16) address and returns their number; 0 for any other family.
int shim_curl_copy_address(const struct curl_sockaddr *address, unsigned char bytes[16]);

// CURL_GLOBAL_DEFAULT is a macro with a cast.
CURLcode shim_curl_start(void);

// Of libcurl's values those that are macros, which Swift does not see.
extern const long shim_curl_tls_required;
extern const long shim_curl_http_1_1;
extern const curl_socket_t shim_curl_no_socket;
extern const size_t shim_curl_read_abort;

#endif
