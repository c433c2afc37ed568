import ArgumentParser

/// `signalbox`, the root of all commands.
struct SignalboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signalbox",
        abstract: "Runs the playbooks of support and incident teams.",
        discussion: """
            A playbook is a YAML file that says what happens when a ticket comes in, an SLA is at risk or an incident is declared. \
            Start with `signalbox init DIR`, then `signalbox check`, then `signalbox dry-run PLAYBOOK`.

            Exit status: 0 well, 1 the thing failed, 2 wrong usage, 3 the environment does not allow it.
            """,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Write playbooks",
                subcommands: [
                    InitCommand.self, NewCommand.self, CheckCommand.self, PreviewCommand.self, EvalCommand.self,
                    PluginsCommand.self, SchemaCommand.self, FmtCommand.self, ExplainCommand.self, GraphCommand.self,
                    DiffCommand.self, WordsCommand.self, LspCommand.self,
                ]),
            CommandGroup(
                name: "Before rollout",
                subcommands: [
                    DryRunCommand.self, ImportCommand.self, ActivateCommand.self, ScheduleCommand.self,
                    CalendarCommand.self,
                ]),
            CommandGroup(
                name: "Run",
                subcommands: [
                    ServeCommand.self, RunCommand.self, EmitCommand.self, RunsCommand.self, WhyCommand.self,
                    AckCommand.self, EffectsCommand.self, HooksCommand.self, PauseCommand.self, ResumeCommand.self,
                    AskCommand.self, AnswerCommand.self, IncidentCommand.self, SLACommand.self, ActCommand.self,
                    LookCommand.self, AuditCommand.self,
                ]),
            CommandGroup(
                name: "Care",
                subcommands: [
                    DoctorCommand.self, ReloadCommand.self, TokensCommand.self, BackupCommand.self, RestoreCommand.self,
                    PruneCommand.self,
                ]),
        ])
}
