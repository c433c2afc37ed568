/// Where the tasks of one simulated process run: not on threads, but one at a time when the world says so.
final class Line: TaskExecutor {
    private let world: World
    let process: Int

    init(_ world: World, process: Int) {
        self.world = world
        self.process = process
    }

    func enqueue(_ job: consuming ExecutorJob) { world.enqueue(UnownedJob(job), self) }
}
