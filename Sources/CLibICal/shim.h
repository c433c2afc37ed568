// libical 3.0.16, the iCalendar library. Its one installed header is libical/ical.h.
#include <libical/ical.h>
