/// The people, teams, on-call schedules, services and lists of a workspace, as its tables say.
public struct Directory: Sendable, Hashable {
    /// The workspace's zone, an IANA name.
    public var zone: String
    /// The people, in the order of their table.
    public var people: [Person] = []
    /// The teams, in the order of their table.
    public var teams: [Team] = []
    /// The on-call schedules.
    public var onCall: [OnCallSchedule] = []
    /// The services, in the order of their table.
    public var services: [Service] = []
    /// Named lists of recipients (`list:legal`), each an address or a person's id.
    public var lists: [String: [String]] = [:]

    /// An empty directory in `zone`.
    public init(zone: String) { self.zone = zone }

    /// The person of this id or address.
    public func person(_ idOrEmail: String) -> Person? {
        people.first { $0.id == idOrEmail || $0.email == idOrEmail }
    }

    /// The team of this id.
    public func team(_ id: String) -> Team? { teams.first { $0.id == id } }

    /// The service of this id.
    public func service(_ id: String) -> Service? { services.first { $0.id == id } }

    /// The members of a team or of a group that people say they are in, in the order of the people table.
    public func members(of name: String) -> [Person] {
        let team = team(name)
        return people.filter { $0.groups.contains(name) || team?.members.contains($0.id) == true }
    }
}

/// A person of the workspace.
public struct Person: Sendable, Hashable {
    /// The id that playbooks and tickets use.
    public var id: String
    /// The name for people to read.
    public var name: String
    /// The mail address; nil when there is none.
    public var email: String?
    /// The person's zone, an IANA name; nil for the workspace's.
    public var zone: String?
    /// The groups that the person is in.
    public var groups: [String] = []
    /// Skill to level, 1 to 5.
    public var skills: [String: Int] = [:]
    /// How much work the person takes at once; nil for no limit.
    public var capacity: Int?
    /// When the person works; nil for always.
    public var hours: WeeklyHours?
    /// False for somebody who is away or gone.
    public var isAvailable = true
    /// What the person may do; no token of theirs may do more. Nil when the people table does not say.
    public var role: Role?
    /// The operating system's user name, for the command line.
    public var systemUser: String?

    /// A person.
    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

/// A team.
public struct Team: Sendable, Hashable {
    /// The id that playbooks and tickets use.
    public var id: String
    /// The name for people to read.
    public var name: String
    /// The lead's id.
    public var lead: String?
    /// Ids of members, beside those who name the team among their groups.
    public var members: [String] = []
    /// The chat channel of the team.
    public var channel: String?
    /// When the team works; nil for always.
    public var hours: WeeklyHours?

    /// A team.
    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

/// Open hours of a week in a zone: half-open local intervals, several a day.
public struct WeeklyHours: Sendable, Hashable {
    /// Minutes of the day [start, end); an end of 1440 is midnight.
    public struct Interval: Sendable, Hashable {
        /// Minutes after local midnight at which it opens, 0 to 1439.
        public var start: Int
        /// Minutes after local midnight at which it closes, 1 to 1440.
        public var end: Int

        /// The interval from `start` to `end` minutes after local midnight.
        public init(start: Int, end: Int) {
            self.start = start
            self.end = end
        }
    }

    /// An IANA zone; nil for the owner's.
    public var zone: String?
    /// Seven lists, Monday first.
    public var days: [[Interval]]

    /// Hours of the seven `days`, Monday first.
    public init(zone: String? = nil, days: [[Interval]]) {
        self.zone = zone
        self.days = days
    }
}

/// An on-call schedule: layers of rotations, the last layer wins, and overrides beat all.
public struct OnCallSchedule: Sendable, Hashable {
    /// Who is on call in turn.
    public struct Layer: Sendable, Hashable {
        /// Ids of people, in order.
        public var people: [String]
        /// When the first turn begins.
        public var start: Timestamp
        /// How long a turn is.
        public var turn: Duration
        /// Restricts the layer to hours; nil for always.
        public var hours: WeeklyHours?

        /// A rotation.
        public init(people: [String], start: Timestamp, turn: Duration, hours: WeeklyHours? = nil) {
            self.people = people
            self.start = start
            self.turn = turn
            self.hours = hours
        }
    }

    /// Somebody instead of the rotation, for a time.
    public struct Override: Sendable, Hashable {
        /// The id of who is on call instead.
        public var person: String
        /// When it begins.
        public var from: Timestamp
        /// When it has ended.
        public var until: Timestamp

        /// `person` is on call from `from` until before `until`.
        public init(person: String, from: Timestamp, until: Timestamp) {
            self.person = person
            self.from = from
            self.until = until
        }
    }

    /// The id that playbooks use.
    public var id: String
    /// An IANA zone; nil for the workspace's.
    public var zone: String?
    /// The rotations; of those that apply the last wins.
    public var layers: [Layer] = []
    /// Exceptions for a time; they beat every layer.
    public var overrides: [Override] = []

    /// An empty schedule.
    public init(id: String) { self.id = id }
}

/// A service that tickets and maintenance windows are about.
public struct Service: Sendable, Hashable {
    /// The id that tickets and playbooks use.
    public var id: String
    /// The name for people to read.
    public var name: String
    /// The team that owns it.
    public var owner: String?
    /// Ids of the services that it needs.
    public var dependencies: [String] = []
    /// When maintenance may be done; nil for any time.
    public var windows: WeeklyHours?
    /// 1 (most important) to 4; nil when not said.
    public var criticality: Int?

    /// A service.
    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}
