#include "CLibRE2Shim.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstring>
#include <new>

struct signalbox_re2 {
    re2::RE2 engine;
    signalbox_re2(const re2::StringPiece &pattern, const re2::RE2::Options &options) : engine(pattern, options) {}
};

extern "C" signalbox_re2 *signalbox_re2_compile(
    const char *pattern, size_t length, bool ignore_case, int64_t memory) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_encoding(re2::RE2::Options::EncodingUTF8);
    options.set_case_sensitive(!ignore_case);
    options.set_max_mem(memory);
    return new (std::nothrow) signalbox_re2(re2::StringPiece(pattern, length), options);
}

extern "C" void signalbox_re2_free(signalbox_re2 *pattern) { delete pattern; }

extern "C" size_t signalbox_re2_error(const signalbox_re2 *pattern, char *buffer, size_t size) {
    if (pattern->engine.ok()) return 0;
    const std::string &message = pattern->engine.error();
    if (size > 0) {
        size_t count = std::min(size - 1, message.size());
        std::memcpy(buffer, message.data(), count);
        buffer[count] = 0;
    }
    return std::max<size_t>(message.size(), 1);
}

extern "C" int64_t signalbox_re2_size(const signalbox_re2 *pattern) {
    return pattern->engine.ok() ? pattern->engine.ProgramSize() : 0;
}

extern "C" bool signalbox_re2_search(const signalbox_re2 *pattern, const char *text, size_t length) {
    if (!pattern->engine.ok()) return false;
    return re2::RE2::PartialMatch(re2::StringPiece(text, length), pattern->engine);
}

extern "C" bool signalbox_re2_find(
    const signalbox_re2 *pattern, const char *text, size_t length, size_t from, size_t *first, size_t *last) {
    if (!pattern->engine.ok() || from > length) return false;
    re2::StringPiece found;
    re2::StringPiece whole(text, length);
    if (!pattern->engine.Match(whole, from, length, re2::RE2::UNANCHORED, &found, 1)) return false;
    *first = static_cast<size_t>(found.data() - text);
    *last = *first + found.size();
    return true;
}
