// A C face for RE2, the regular expression engine whose matching time is linear in the text.
#ifndef SIGNALBOX_CLIBRE2SHIM_H
#define SIGNALBOX_CLIBRE2SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled pattern. Matching with it is safe from several threads at once.
typedef struct signalbox_re2 signalbox_re2;

/// Compiles the UTF-8 pattern of `length` bytes; `memory` bounds the bytes that the compiled program and its cache may use.
/// Always gives an object unless memory is exhausted (NULL): ask `signalbox_re2_error` whether the pattern was understood.
signalbox_re2 *signalbox_re2_compile(const char *pattern, size_t length, bool ignore_case, int64_t memory);

/// Frees a compiled pattern; NULL is allowed.
void signalbox_re2_free(signalbox_re2 *pattern);

/// Copies what is wrong with the pattern into `buffer`, zero-terminated and cut to `size`; gives 0 when nothing is wrong, else the
/// length of the message.
size_t signalbox_re2_error(const signalbox_re2 *pattern, char *buffer, size_t size);

/// The number of instructions of the compiled pattern; 0 for a pattern with an error.
int64_t signalbox_re2_size(const signalbox_re2 *pattern);

/// True when the pattern matches anywhere in the UTF-8 text of `length` bytes. False for a pattern with an error.
bool signalbox_re2_search(const signalbox_re2 *pattern, const char *text, size_t length);

/// Finds the first match at or after byte `from`; `first` and `last` get its byte range.
bool signalbox_re2_find(
    const signalbox_re2 *pattern, const char *text, size_t length, size_t from, size_t *first, size_t *last);

#ifdef __cplusplus
}
#endif

#endif
