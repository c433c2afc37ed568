#ifndef SIGNALBOX_EMBEDDED_FILES_H
#define SIGNALBOX_EMBEDDED_FILES_H

#include <stddef.h>

/// A file that is part of the binary.
typedef struct {
    /// The file's path in the source tree, such as plugins/notify/plugin.yaml.
    const char *path;
    const unsigned char *bytes;
    size_t length;
} signalbox_embedded_file;

/// The number of files.
size_t signalbox_embedded_count(void);

/// The file of this number, from 0; a file with a null path when there is none.
signalbox_embedded_file signalbox_embedded_at(size_t index);

/// The number of pages of codes.
size_t signalbox_error_page_count(void);

/// The page of this number, from 0; a file with a null path when there is none.
signalbox_embedded_file signalbox_error_page_at(size_t index);

#endif
