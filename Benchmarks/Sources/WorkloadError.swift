/// Why a workload could not be run.
struct WorkloadError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
