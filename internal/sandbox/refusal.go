package sandbox

// refusal is a refusal in Slack's words.
type refusal struct {
	Code     string
	Else     []string // codes in its place, for methods that do not have it; the first that a method has
	Messages []string // response_metadata.messages
	Extra    object   // further fields of the answer

	RetryAfter int // seconds; makes it a 429
}

func (f *refusal) Error() string { return f.Code }

func refuse(code string, otherwise ...string) error { return &refusal{Code: code, Else: otherwise} }

func invalidArguments(messages ...string) error {
	return &refusal{Code: "invalid_arguments", Messages: messages}
}
