// Files inside the binary: it can be moved anywhere and still find them.
#include "include/EmbeddedFiles.h"

#define EMBEDDED(name, path) {path, name, sizeof name}

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
static const unsigned char plugin_incident[] = {
#embed "../../plugins/incident/plugin.yaml"
};
static const unsigned char plugin_sla[] = {
#embed "../../plugins/sla/plugin.yaml"
};
static const unsigned char plugin_postmortem[] = {
#embed "../../plugins/postmortem/plugin.yaml"
};
static const unsigned char plugin_alertmanager[] = {
#embed "../../plugins/alertmanager/plugin.yaml"
};
static const unsigned char plugin_freshdesk[] = {
#embed "../../plugins/freshdesk/plugin.yaml"
};
static const unsigned char plugin_github[] = {
#embed "../../plugins/github/plugin.yaml"
};
static const unsigned char plugin_jira[] = {
#embed "../../plugins/jira/plugin.yaml"
};
static const unsigned char plugin_pagerduty[] = {
#embed "../../plugins/pagerduty/plugin.yaml"
};
static const unsigned char plugin_servicenow[] = {
#embed "../../plugins/servicenow/plugin.yaml"
};
static const unsigned char plugin_webhook[] = {
#embed "../../plugins/webhook/plugin.yaml"
};
static const unsigned char plugin_zendesk[] = {
#embed "../../plugins/zendesk/plugin.yaml"
};

// The sample event of each known type, for workspaces that have none of their own.
static const unsigned char event_action_completed[] = {
#embed "../../workflows/events/action.completed.json"
};
static const unsigned char event_action_created[] = {
#embed "../../workflows/events/action.created.json"
};
static const unsigned char event_action_due_soon[] = {
#embed "../../workflows/events/action.due_soon.json"
};
static const unsigned char event_action_overdue[] = {
#embed "../../workflows/events/action.overdue.json"
};
static const unsigned char event_action_verified[] = {
#embed "../../workflows/events/action.verified.json"
};
static const unsigned char event_alert_firing[] = {
#embed "../../workflows/events/alert.firing.json"
};
static const unsigned char event_alert_resolved[] = {
#embed "../../workflows/events/alert.resolved.json"
};
static const unsigned char event_ask_answered[] = {
#embed "../../workflows/events/ask.answered.json"
};
static const unsigned char event_ask_expired[] = {
#embed "../../workflows/events/ask.expired.json"
};
static const unsigned char event_ask_opened[] = {
#embed "../../workflows/events/ask.opened.json"
};
static const unsigned char event_ask_reminded[] = {
#embed "../../workflows/events/ask.reminded.json"
};
static const unsigned char event_incident_declared[] = {
#embed "../../workflows/events/incident.declared.json"
};
static const unsigned char event_incident_resolved[] = {
#embed "../../workflows/events/incident.resolved.json"
};
static const unsigned char event_incident_updated[] = {
#embed "../../workflows/events/incident.updated.json"
};
static const unsigned char event_maintenance_cancelled[] = {
#embed "../../workflows/events/maintenance.cancelled.json"
};
static const unsigned char event_maintenance_completed[] = {
#embed "../../workflows/events/maintenance.completed.json"
};
static const unsigned char event_maintenance_ending[] = {
#embed "../../workflows/events/maintenance.ending.json"
};
static const unsigned char event_maintenance_extended[] = {
#embed "../../workflows/events/maintenance.extended.json"
};
static const unsigned char event_maintenance_overrun[] = {
#embed "../../workflows/events/maintenance.overrun.json"
};
static const unsigned char event_maintenance_proposed[] = {
#embed "../../workflows/events/maintenance.proposed.json"
};
static const unsigned char event_maintenance_scheduled[] = {
#embed "../../workflows/events/maintenance.scheduled.json"
};
static const unsigned char event_maintenance_started[] = {
#embed "../../workflows/events/maintenance.started.json"
};
static const unsigned char event_maintenance_starting[] = {
#embed "../../workflows/events/maintenance.starting.json"
};
static const unsigned char event_notification_acknowledged[] = {
#embed "../../workflows/events/notification.acknowledged.json"
};
static const unsigned char event_oncall_gap[] = {
#embed "../../workflows/events/oncall.gap.json"
};
static const unsigned char event_playbook_breaker_opened[] = {
#embed "../../workflows/events/playbook.breaker_opened.json"
};
static const unsigned char event_playbook_loop_stopped[] = {
#embed "../../workflows/events/playbook.loop_stopped.json"
};
static const unsigned char event_postmortem_opened[] = {
#embed "../../workflows/events/postmortem.opened.json"
};
static const unsigned char event_postmortem_reviewed[] = {
#embed "../../workflows/events/postmortem.reviewed.json"
};
static const unsigned char event_routing_unrouted[] = {
#embed "../../workflows/events/routing.unrouted.json"
};
static const unsigned char event_run_failed[] = {
#embed "../../workflows/events/run.failed.json"
};
static const unsigned char event_run_needs_attention[] = {
#embed "../../workflows/events/run.needs_attention.json"
};
static const unsigned char event_schedule_fired[] = {
#embed "../../workflows/events/schedule.fired.json"
};
static const unsigned char event_sla_at_risk[] = {
#embed "../../workflows/events/sla.at_risk.json"
};
static const unsigned char event_sla_breached[] = {
#embed "../../workflows/events/sla.breached.json"
};
static const unsigned char event_sla_met[] = {
#embed "../../workflows/events/sla.met.json"
};
static const unsigned char event_sla_paused[] = {
#embed "../../workflows/events/sla.paused.json"
};
static const unsigned char event_sla_resumed[] = {
#embed "../../workflows/events/sla.resumed.json"
};
static const unsigned char event_sla_started[] = {
#embed "../../workflows/events/sla.started.json"
};
static const unsigned char event_ticket_assigned[] = {
#embed "../../workflows/events/ticket.assigned.json"
};
static const unsigned char event_ticket_closed[] = {
#embed "../../workflows/events/ticket.closed.json"
};
static const unsigned char event_ticket_commented[] = {
#embed "../../workflows/events/ticket.commented.json"
};
static const unsigned char event_ticket_created[] = {
#embed "../../workflows/events/ticket.created.json"
};
static const unsigned char event_ticket_merged[] = {
#embed "../../workflows/events/ticket.merged.json"
};
static const unsigned char event_ticket_reopened[] = {
#embed "../../workflows/events/ticket.reopened.json"
};
static const unsigned char event_ticket_resolved[] = {
#embed "../../workflows/events/ticket.resolved.json"
};
static const unsigned char event_ticket_updated[] = {
#embed "../../workflows/events/ticket.updated.json"
};
static const unsigned char event_webhook_received[] = {
#embed "../../workflows/events/webhook.received.json"
};
static const unsigned char event_webhook_unmapped[] = {
#embed "../../workflows/events/webhook.unmapped.json"
};

static const signalbox_embedded_file files[] = {
    EMBEDDED(plugin_ticket, "plugins/ticket/plugin.yaml"),
    EMBEDDED(plugin_enrich, "plugins/enrich/plugin.yaml"),
    EMBEDDED(plugin_route, "plugins/route/plugin.yaml"),
    EMBEDDED(plugin_notify, "plugins/notify/plugin.yaml"),
    EMBEDDED(plugin_maintenance, "plugins/maintenance/plugin.yaml"),
    EMBEDDED(plugin_incident, "plugins/incident/plugin.yaml"),
    EMBEDDED(plugin_sla, "plugins/sla/plugin.yaml"),
    EMBEDDED(plugin_postmortem, "plugins/postmortem/plugin.yaml"),
    EMBEDDED(plugin_alertmanager, "plugins/alertmanager/plugin.yaml"),
    EMBEDDED(plugin_freshdesk, "plugins/freshdesk/plugin.yaml"),
    EMBEDDED(plugin_github, "plugins/github/plugin.yaml"),
    EMBEDDED(plugin_jira, "plugins/jira/plugin.yaml"),
    EMBEDDED(plugin_pagerduty, "plugins/pagerduty/plugin.yaml"),
    EMBEDDED(plugin_servicenow, "plugins/servicenow/plugin.yaml"),
    EMBEDDED(plugin_webhook, "plugins/webhook/plugin.yaml"),
    EMBEDDED(plugin_zendesk, "plugins/zendesk/plugin.yaml"),
    EMBEDDED(event_action_completed, "workflows/events/action.completed.json"),
    EMBEDDED(event_action_created, "workflows/events/action.created.json"),
    EMBEDDED(event_action_due_soon, "workflows/events/action.due_soon.json"),
    EMBEDDED(event_action_overdue, "workflows/events/action.overdue.json"),
    EMBEDDED(event_action_verified, "workflows/events/action.verified.json"),
    EMBEDDED(event_alert_firing, "workflows/events/alert.firing.json"),
    EMBEDDED(event_alert_resolved, "workflows/events/alert.resolved.json"),
    EMBEDDED(event_ask_answered, "workflows/events/ask.answered.json"),
    EMBEDDED(event_ask_expired, "workflows/events/ask.expired.json"),
    EMBEDDED(event_ask_opened, "workflows/events/ask.opened.json"),
    EMBEDDED(event_ask_reminded, "workflows/events/ask.reminded.json"),
    EMBEDDED(event_incident_declared, "workflows/events/incident.declared.json"),
    EMBEDDED(event_incident_resolved, "workflows/events/incident.resolved.json"),
    EMBEDDED(event_incident_updated, "workflows/events/incident.updated.json"),
    EMBEDDED(event_maintenance_cancelled, "workflows/events/maintenance.cancelled.json"),
    EMBEDDED(event_maintenance_completed, "workflows/events/maintenance.completed.json"),
    EMBEDDED(event_maintenance_ending, "workflows/events/maintenance.ending.json"),
    EMBEDDED(event_maintenance_extended, "workflows/events/maintenance.extended.json"),
    EMBEDDED(event_maintenance_overrun, "workflows/events/maintenance.overrun.json"),
    EMBEDDED(event_maintenance_proposed, "workflows/events/maintenance.proposed.json"),
    EMBEDDED(event_maintenance_scheduled, "workflows/events/maintenance.scheduled.json"),
    EMBEDDED(event_maintenance_started, "workflows/events/maintenance.started.json"),
    EMBEDDED(event_maintenance_starting, "workflows/events/maintenance.starting.json"),
    EMBEDDED(event_notification_acknowledged, "workflows/events/notification.acknowledged.json"),
    EMBEDDED(event_oncall_gap, "workflows/events/oncall.gap.json"),
    EMBEDDED(event_playbook_breaker_opened, "workflows/events/playbook.breaker_opened.json"),
    EMBEDDED(event_playbook_loop_stopped, "workflows/events/playbook.loop_stopped.json"),
    EMBEDDED(event_postmortem_opened, "workflows/events/postmortem.opened.json"),
    EMBEDDED(event_postmortem_reviewed, "workflows/events/postmortem.reviewed.json"),
    EMBEDDED(event_routing_unrouted, "workflows/events/routing.unrouted.json"),
    EMBEDDED(event_run_failed, "workflows/events/run.failed.json"),
    EMBEDDED(event_run_needs_attention, "workflows/events/run.needs_attention.json"),
    EMBEDDED(event_schedule_fired, "workflows/events/schedule.fired.json"),
    EMBEDDED(event_sla_at_risk, "workflows/events/sla.at_risk.json"),
    EMBEDDED(event_sla_breached, "workflows/events/sla.breached.json"),
    EMBEDDED(event_sla_met, "workflows/events/sla.met.json"),
    EMBEDDED(event_sla_paused, "workflows/events/sla.paused.json"),
    EMBEDDED(event_sla_resumed, "workflows/events/sla.resumed.json"),
    EMBEDDED(event_sla_started, "workflows/events/sla.started.json"),
    EMBEDDED(event_ticket_assigned, "workflows/events/ticket.assigned.json"),
    EMBEDDED(event_ticket_closed, "workflows/events/ticket.closed.json"),
    EMBEDDED(event_ticket_commented, "workflows/events/ticket.commented.json"),
    EMBEDDED(event_ticket_created, "workflows/events/ticket.created.json"),
    EMBEDDED(event_ticket_merged, "workflows/events/ticket.merged.json"),
    EMBEDDED(event_ticket_reopened, "workflows/events/ticket.reopened.json"),
    EMBEDDED(event_ticket_resolved, "workflows/events/ticket.resolved.json"),
    EMBEDDED(event_ticket_updated, "workflows/events/ticket.updated.json"),
    EMBEDDED(event_webhook_received, "workflows/events/webhook.received.json"),
    EMBEDDED(event_webhook_unmapped, "workflows/events/webhook.unmapped.json"),
};

size_t signalbox_embedded_count(void) { return sizeof files / sizeof files[0]; }

signalbox_embedded_file signalbox_embedded_at(size_t index) {
    if (index >= signalbox_embedded_count()) {
        return (signalbox_embedded_file){0, 0, 0};
    }
    return files[index];
}
