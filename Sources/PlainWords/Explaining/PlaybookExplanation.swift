/// A playbook in plain words, ready to be printed in any form.
public struct PlaybookExplanation: Sendable, Hashable {
    /// A statement, with the lines of a condition below it when it has more than one.
    public struct Statement: Sendable, Hashable {
        /// The sentence; with `lines` it ends in a colon.
        public var text: String
        /// What must hold; nil when the sentence says it.
        public var lines: ConditionWords.Lines?

        init(_ text: String, _ lines: ConditionWords.Lines? = nil) {
            self.text = text
            self.lines = lines
        }
    }

    /// What is handed to an action, or another line about a step.
    public struct Detail: Sendable, Hashable {
        /// What it is about, `to`; nil for a sentence.
        public var label: String?
        /// What there is to say.
        public var text: String
        /// Whether the text is one that people will read, of several lines or long: shown as it stands.
        public var isMessage = false

        init(_ label: String?, _ text: String, isMessage: Bool = false) {
            self.label = label
            self.text = text
            self.isMessage = isMessage
        }
    }

    /// A step.
    public struct Step: Sendable, Hashable {
        /// Its number in this text: `3.1`.
        public var number: String
        /// Where it stands in the playbook: `steps[2].then[0]`.
        public var path: String
        /// Its id.
        public var id: String?
        /// What its author calls it.
        public var name: String?
        /// When it is done at all; nil for always.
        public var condition: ConditionWords.Lines?
        /// What it does.
        public var text: String
        /// The action that it calls.
        public var action: String?
        /// More about it.
        public var details: [Detail] = []
        /// The steps inside.
        public var blocks: [Block] = []
    }

    /// Steps inside a step.
    public struct Block: Sendable, Hashable {
        /// When they are done: `Otherwise`. Nil when the step says it.
        public var label: String?
        /// The steps.
        public var steps: [Step]
    }

    /// What it may do outside, or to what Signalbox keeps.
    public struct Ability: Sendable, Hashable {
        /// The action.
        public var action: String
        /// What the action does.
        public var summary: String
        /// Whether it changes the world outside; else only what Signalbox itself keeps.
        public var isOutside: Bool
        /// To whom, or which fields.
        public var targets: [String]
        /// The numbers of the steps.
        public var steps: [String]
    }

    /// The playbook's id.
    public var playbook: String
    /// Its title.
    public var title: String?
    /// Who answers for it.
    public var owner: String?
    /// Its mode, in words.
    public var mode: String
    /// What starts it.
    public var starts: [Statement]
    /// What stands between an event and a run.
    public var gates: [String]
    /// What ends a run early.
    public var ends: [String]
    /// The variables with their first values.
    public var variables: [Detail]
    /// The steps.
    public var steps: [Step]
    /// What happens when a step fails.
    public var failure: [String]
    /// The steps when a failure leaves the playbook.
    public var onFailure: [Step]
    /// What a run gives back.
    public var outputs: [Detail]
    /// What it may change.
    public var abilities: [Ability]
    /// Remarks about what this text does not know.
    public var remarks: [String]
}
