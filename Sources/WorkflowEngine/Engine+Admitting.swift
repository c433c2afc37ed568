import RunStore
public import WorkflowModel

/// An event that was taken in, or had been before.
public struct Admission: Sendable, Hashable {
    /// Its place in the order; nil for one whose record has been deleted since.
    public var sequence: Int64?
    /// Whether it had been accepted before; then nothing was done.
    public var isDuplicate: Bool
}

/// Why events were not taken in; none of them was.
public enum AdmissionRefusal: Error, Sendable, Hashable {
    /// A plugin refused the event at this position, with why.
    case event(at: Int, why: String)
    /// More comes than can be stored or worked off.
    case overloaded
}

extension Engine {
    /// Accepts all of `events` in one transaction, or none. What it returns is durable. In a replay each event is taken in by itself.
    ///
    /// It does not wait for room: a sender who is told to come back holds the events safer than a queue in memory does.
    /// - Throws: ``AdmissionRefusal``; ``EngineError`` when the engine is closed; ``StoreError``.
    public func admit(_ events: [Event]) async throws -> [Admission] {
        try checkOpen()
        guard core.replay == nil else { return try await admitToReplay(events) }
        let load = core.store.writeLoad
        guard core.lineLength <= Engine.longestLine, load.heldBack == 0 else { throw AdmissionRefusal.overloaded }
        try core.fault(.beforeAccept)
        let (core, now) = (core, core.services.clock.now)
        let (dispatch, admissions, setsTimers) = try await core.store.write { transaction in
            var all = Dispatch()
            var admissions: [Admission] = []
            admissions.reserveCapacity(events.count)
            for (place, event) in events.enumerated() {
                let dispatch: Dispatch
                do {
                    dispatch = try core.rules.dispatcher.accept(event, in: transaction, now: now)
                } catch let error as StoreError {
                    throw error
                } catch {
                    throw AdmissionRefusal.event(at: place, why: (error as? Failure)?.message ?? "\(error)")
                }
                if let sequence = dispatch.receipts.first?.sequence {
                    admissions.append(Admission(sequence: sequence, isDuplicate: false))
                } else {
                    let known = try transaction.events(withID: event.id).first { $0.event.source == event.source }
                    admissions.append(Admission(sequence: known?.sequence, isDuplicate: true))
                }
                all.add(dispatch)
            }
            return (all, admissions, transaction.hasSetTimers)
        }
        core.take(dispatch)
        if setsTimers { core.timersChanged.raise() }
        try core.fault(.afterAccept)
        return admissions
    }

    /// A replay takes one event after the other, each at its own time.
    private func admitToReplay(_ events: [Event]) async throws -> [Admission] {
        var admissions: [Admission] = []
        for (place, event) in events.enumerated() {
            guard let receipt = try await emit([event]).first else { throw AdmissionRefusal.overloaded }
            if let why = receipt.refusal { throw AdmissionRefusal.event(at: place, why: why) }
            admissions.append(Admission(sequence: receipt.sequence, isDuplicate: receipt.isDuplicate))
        }
        return admissions
    }
}
