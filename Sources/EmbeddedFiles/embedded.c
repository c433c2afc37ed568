// Files inside the binary: it can be moved anywhere and still find them.
#include "include/EmbeddedFiles.h"

static const unsigned char plugin_ticket[] = {
#embed "../../plugins/ticket/plugin.yaml"
};
static const unsigned char plugin_enrich[] = {
#embed "../../plugins/enrich/plugin.yaml"
};
static const unsigned char plugin_route[] = {
#embed "../../plugins/route/plugin.yaml"
};
static const unsigned char plugin_notify[] = {
#embed "../../plugins/notify/plugin.yaml"
};
static const unsigned char plugin_maintenance[] = {
#embed "../../plugins/maintenance/plugin.yaml"
};
static const unsigned char plugin_postmortem[] = {
#embed "../../plugins/postmortem/plugin.yaml"
};

static const signalbox_embedded_file files[] = {
    {"plugins/ticket/plugin.yaml", plugin_ticket, sizeof plugin_ticket},
    {"plugins/enrich/plugin.yaml", plugin_enrich, sizeof plugin_enrich},
    {"plugins/route/plugin.yaml", plugin_route, sizeof plugin_route},
    {"plugins/notify/plugin.yaml", plugin_notify, sizeof plugin_notify},
    {"plugins/maintenance/plugin.yaml", plugin_maintenance, sizeof plugin_maintenance},
    {"plugins/postmortem/plugin.yaml", plugin_postmortem, sizeof plugin_postmortem},
};

size_t signalbox_embedded_count(void) { return sizeof files / sizeof files[0]; }

signalbox_embedded_file signalbox_embedded_at(size_t index) {
    if (index >= signalbox_embedded_count()) {
        return (signalbox_embedded_file){0, 0, 0};
    }
    return files[index];
}
