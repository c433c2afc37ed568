// libyaml 0.2.5, the reference YAML parser. pkg-config calls it yaml-0.1; its header is yaml.h.
#include <yaml.h>
