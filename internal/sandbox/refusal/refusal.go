package refusal

// object is a JSON object.
type object = map[string]any

// Error is a refusal in Slack's words.
type Error struct {
	Code     string
	Else     []string // codes in its place, for methods that do not have it; the first that a method has
	Messages []string // response_metadata.messages
	Extra    object   // further fields of the answer

	RetryAfter int // seconds; makes it a 429
}

func (f *Error) Error() string { return f.Code }

// New refuses with a code. otherwise are codes in its place, for methods that do not have it.
func New(code string, otherwise ...string) error { return &Error{Code: code, Else: otherwise} }

// InvalidArguments refuses arguments, with what is wrong with each.
func InvalidArguments(messages ...string) error {
	return &Error{Code: "invalid_arguments", Messages: messages}
}
