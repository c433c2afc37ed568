import WorkflowModel

/// The encoders extension (cel-go, ext/encoders): base64 with the standard alphabet; decoding forgives missing padding.
enum EncoderFunctions {
    static let all: [FunctionLibrary.Function] = [.global("base64.encode", encode), .global("base64.decode", decode)]

    static func encode(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        guard case .bytes(let bytes) = value else {
            if case .string = value {
                throw EvalFailure(.noSuchOverload, "`base64.encode` needs bytes; bytes(…) makes them of a text")
            }
            throw StandardFunctions.mismatch("base64.encode", value)
        }
        try frame.spend(textOf: bytes.count / 3 * 4 + 4)
        return .string(Base64Text.encode(bytes))
    }

    static func decode(_ value: Value, _ frame: inout Frame) throws(EvalFailure) -> Value {
        guard case .string(var text) = value else { throw StandardFunctions.mismatch("base64.decode", value) }
        try frame.spend(textOf: text.utf8.count)
        while text.utf8.count % 4 != 0, text.utf8.count % 4 != 1 { text += "=" }
        guard let bytes = Base64Text.decode(text) else {
            throw EvalFailure(.invalidArgument, "\(Describing.short(value)) is no base64")
        }
        return .bytes(bytes)
    }
}
