// swift-tools-version:6.2
import PackageDescription

// The floors of the house (docs/architecture.md). A target may depend only on what stands below it;
// CI builds with `--explicit-target-dependency-import-check error`, so this file is the import law.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let swiftCSV = Target.Dependency.product(name: "SwiftCSV", package: "SwiftCSV")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypesHTTP1 = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, resources: resources,
        swiftSettings: settings)
}

let pluginFolders = ["ticket", "enrich", "route", "notify", "maintenance", "postmortem", "incident", "sla"]

func pluginTarget(_ folder: String) -> String {
    folder == "sla" ? "SLAPlugin" : folder.prefix(1).uppercased() + folder.dropFirst() + "Plugin"
}

func plugin(_ folder: String) -> [Target] {
    let name = pluginTarget(folder)
    let extra: [Target.Dependency] =
        folder == "sla" ? ["Workspaces", "Calendars", "YAML", "TicketPlugin", "WorkflowEngine", "WorkflowTesting"] : []
    return [
        .target(
            name: name,
            dependencies: ["PluginKit", "WorkflowModel", "Expressions", "Templates", "Calendars", "Digests"],
            path: "plugins/\(folder)/Sources", swiftSettings: settings),
        .testTarget(
            name: "\(name)Tests",
            dependencies: [
                .byName(name: name), "PluginKit", "WorkflowModel", "PluginTesting", "InMemoryRunStore", "RunStore",
            ] + extra,
            path: "plugins/\(folder)/Tests", swiftSettings: settings),
    ]
}

let systemLibraries: [Target] = [
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CLibCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CLibICal", pkgConfig: "libical", providers: [.apt(["libical-dev"])]),
    .target(name: "CLibCurlShim", dependencies: ["CLibCurl"]),
    .target(name: "CLibRE2Shim", cxxSettings: [.unsafeFlags([])], linkerSettings: [.linkedLibrary("re2")]),
    .target(
        name: "EmbeddedFiles", exclude: [], cSettings: [.unsafeFlags(["-std=c23", "-Wno-c23-extensions"])]),
]

let valuesAndPureFunctions: [Target] = [
    module("WorkflowModel"),
    module("Digests", ["CLibCrypto"]),
    module("Expressions", ["WorkflowModel", "CLibRE2Shim"]),
]

let deciding: [Target] = [
    module("YAML", ["WorkflowModel", "CLibYAML"]),
    module("Shapes", ["WorkflowModel"]),
    module("Calendars", ["WorkflowModel", "CLibICal"]),
    module("Templates", ["WorkflowModel", mustache]),
    module("CloudEvents", ["WorkflowModel"]),
    module("PluginKit", ["WorkflowModel", log]),
    module("Playbooks", ["WorkflowModel", "Shapes", "Expressions", "YAML", "Templates", "Calendars"]),
    module("PlainWords", ["WorkflowModel", "Expressions", "YAML", "Playbooks"]),
    module("Triggers", ["WorkflowModel", "Expressions"]),
    module("RunMachine", ["WorkflowModel", "Expressions"]),
    module("RunStore", ["WorkflowModel", "PluginKit", "Digests", "Access"]),
    module("Prometheus", [metrics]),
    module("Access", ["WorkflowModel", "Digests"]),
]

let outside: [Target] = [
    module("SQLiteRunStore", ["RunStore", "PluginKit", "WorkflowModel", "Access", grdb, sqlite]),
    module("InMemoryRunStore", ["RunStore", "PluginKit", "WorkflowModel"]),
    module("Outbound", ["PluginKit", "WorkflowModel", "CLibCurlShim"]),
    module("PluginHost", ["PluginKit", "YAML", "Shapes", "Expressions", "Digests", "WorkflowModel"]),
    module(
        "Workspaces",
        [
            "Access", "WorkflowModel", "YAML", "Shapes", "Expressions", "Playbooks", "Templates", "Calendars",
            "Digests", swiftCSV,
        ]),
    module("TicketImport", ["WorkflowModel", "YAML", swiftCSV]),
    module("EditorSchemas", ["Shapes", "WorkflowModel", "Playbooks", "PluginKit", "PluginHost", "Workspaces"]),
    module(
        "LanguageServer",
        ["EditorSchemas", "Shapes", "YAML", "WorkflowModel", "Playbooks", "PlainWords", "PluginHost"]),
]

let doing: [Target] = [
    module(
        "WorkflowEngine",
        [
            "WorkflowModel", "Digests", "Expressions", "Calendars", "Templates", "PluginKit", "Playbooks", "Triggers",
            "RunMachine", "RunStore", log, metrics,
        ])
]

let aroundTheEngine: [Target] = [
    module(
        "Rehearsal",
        [
            "WorkflowEngine", "WorkflowModel", "Expressions", "Calendars", "Templates", "PluginKit", "Playbooks",
            "Triggers", "RunMachine", "RunStore", "InMemoryRunStore", log,
        ]),
    module(
        "Projections",
        [
            "Rehearsal", "WorkflowEngine", "WorkflowModel", "Expressions", "PluginKit", "Playbooks", "Triggers",
            "RunMachine", "RunStore",
        ]),
    module(
        "RESTInterface",
        [
            "Projections", "Access", "WorkflowEngine", "WorkflowModel", "Expressions", "PluginKit", "RunMachine",
            "RunStore",
        ]),
]

let serving: [Target] = [
    module(
        "SignalboxServer",
        [
            "RESTInterface", "CloudEvents", "WorkflowEngine", "WorkflowModel", "PluginKit", "PluginHost", "RunStore",
            "Playbooks", "Digests", "Prometheus", "Workspaces", "Access", log, metrics, hummingbird, hummingbirdCore,
            httpTypes, nioCore,
            nioPosix, nioHTTP1,
            nioHTTPTypesHTTP1, serviceLifecycle,
        ])
]

let executables: [Target] = [
    .executableTarget(
        name: "signalbox",
        dependencies: [
            "WorkflowModel", "Digests", "Expressions", "YAML", "Calendars", "Templates", "PluginKit", "Playbooks",
            "PlainWords", "Triggers", "RunMachine", "RunStore", "SQLiteRunStore", "InMemoryRunStore", "Outbound",
            "PluginHost",
            "Workspaces", "TicketImport", "WorkflowEngine", "Rehearsal", "Projections", "Prometheus", "EmbeddedFiles",
            "CloudEvents", "RESTInterface", "SignalboxServer", "Access", "Shapes", "EditorSchemas", "LanguageServer",
            log,
            swiftCSV, argumentParser, unixSignals, hummingbird,
        ] + pluginFolders.map { .byName(name: pluginTarget($0)) },
        swiftSettings: settings),
    .executableTarget(
        name: "signalbox-bench",
        dependencies: [
            "WorkflowModel", "Digests", "Expressions", "YAML", "PluginKit", "Playbooks", "Triggers", "RunStore",
            "SQLiteRunStore", "PluginHost", "Workspaces", "WorkflowEngine", "CLoop", log,
        ],
        path: "Benchmarks/Sources", swiftSettings: settings),
    .target(name: "CLoop", path: "Benchmarks/CLoop", linkerSettings: [.linkedLibrary("sqlite3")]),
    .executableTarget(
        name: "signalbox-simulation",
        dependencies: [
            "WorkflowModel", "YAML", "PluginKit", "Playbooks", "RunMachine", "RunStore", "InMemoryRunStore",
            "WorkflowEngine", log, argumentParser,
        ],
        path: "Sources/Simulation", swiftSettings: settings),
]

let kits: [Target] = [
    module("RunStoreTesting", ["RunStore", "PluginKit", "WorkflowModel", "Access"]),
    module(
        "PluginTesting", ["PluginKit", "WorkflowModel", "PluginHost", "YAML", "RunStore", "InMemoryRunStore", log]),
    module(
        "WorkflowTesting",
        ["WorkflowEngine", "WorkflowModel", "PluginKit", "Playbooks", "RunStore", "InMemoryRunStore", "YAML", log]),
]

let moduleTests: [Target] = [
    tests("WorkflowModel"),
    tests("Digests"),
    tests("Expressions", ["WorkflowModel"], resources: [.copy("Conformance")]),
    tests("YAML", ["WorkflowModel"], resources: [.copy("Conformance")]),
    tests("Calendars", ["WorkflowModel"], resources: [.copy("Conformance")]),
    tests("Templates", ["WorkflowModel"], resources: [.copy("Conformance")]),
    tests("PluginKit", ["WorkflowModel"]),
    tests("CloudEvents", ["WorkflowModel"], resources: [.copy("Conformance")]),
    tests("Playbooks", ["WorkflowModel", "YAML", "Expressions", "Templates", "Calendars"]),
    tests("PlainWords", ["WorkflowModel", "Expressions", "YAML", "Playbooks"]),
    tests("LanguageServer", ["EditorSchemas", "Playbooks", "Shapes", "WorkflowModel", "YAML"]),
    tests("Prometheus", [metrics]),
    tests("Access", ["WorkflowModel"]),
    tests("Triggers", ["WorkflowModel", "Expressions"]),
    tests("RunMachine", ["WorkflowModel", "Expressions"]),
    tests("SQLiteRunStore", ["RunStore", "RunStoreTesting", "PluginKit", "WorkflowModel", sqlite]),
    tests("InMemoryRunStore", ["RunStore", "Digests", "RunStoreTesting", "PluginKit", "WorkflowModel"]),
    tests("Outbound", ["PluginKit", "WorkflowModel"]),
    tests("PluginHost", ["PluginKit", "WorkflowModel", "YAML", "Digests"]),
    tests("Workspaces", ["WorkflowModel", "YAML", "Playbooks", "Calendars", "Templates"]),
    tests("TicketImport", ["WorkflowModel", "YAML"]),
    tests(
        "WorkflowEngine",
        [
            "WorkflowModel", "PluginKit", "Playbooks", "RunStore", "InMemoryRunStore", "SQLiteRunStore",
            "WorkflowTesting", "YAML", "RunMachine", "Triggers", "Prometheus",
        ]),
    tests(
        "Rehearsal",
        [
            "WorkflowModel", "PluginKit", "Playbooks", "RunStore", "InMemoryRunStore", "WorkflowTesting",
            "WorkflowEngine", "RunMachine", "Triggers", "PluginHost", "PluginTesting", "YAML", log,
        ] + pluginFolders.map { .byName(name: pluginTarget($0)) }),
    tests(
        "SignalboxServer",
        [
            "CloudEvents", "WorkflowEngine", "WorkflowModel", "PluginKit", "Playbooks", "RunStore", "InMemoryRunStore",
            "PluginHost", "WorkflowTesting", "Prometheus", "YAML", "Workspaces", "Access", "RESTInterface", log,
            metrics,
            hummingbird, httpTypes,
            nioCore, nioPosix,
            serviceLifecycle,
        ]),
    tests(
        "RESTInterface",
        [
            "Access", "WorkflowEngine", "WorkflowModel", "PluginKit", "Playbooks", "RunStore", "InMemoryRunStore",
            "WorkflowTesting", "PluginHost", "TicketPlugin", "IncidentPlugin", "SLAPlugin",
        ]),
    .testTarget(
        name: "SampleWorkspaceTests",
        dependencies: [
            "Workspaces", "Playbooks", "PluginHost", "PluginKit", "YAML", "WorkflowModel", "Digests", "Rehearsal",
            "RunMachine", "RunStore", "WorkflowEngine", "TicketImport", "EditorSchemas", "Shapes", log,
        ] + pluginFolders.map { .byName(name: pluginTarget($0)) },
        exclude: ["Mistakes"], swiftSettings: settings),
    .testTarget(
        name: "EndToEndTests", dependencies: ["signalbox", "WorkflowModel", grdb], exclude: ["Fixtures", "Programs"],
        swiftSettings: settings),
]

let package = Package(
    name: "signalbox",
    products: [.executable(name: "signalbox", targets: ["signalbox"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
    ],
    targets: systemLibraries + valuesAndPureFunctions + deciding + outside + doing + aroundTheEngine + serving
        + executables
        + kits + moduleTests + pluginFolders.flatMap(plugin),
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c2x,
    cxxLanguageStandard: .cxx17
)
