import CDispatch
import Foundation
import WorkflowModel

/// The machine's clock, read here and nowhere below.
enum WallClock {
    /// The present instant.
    static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
    }
}
