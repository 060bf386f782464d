package sandboxtest

import (
	"encoding/json"

	"muster/internal/sandbox/control"
)

// What the control interface answers, for tests to name.
type (
	State   = control.State
	Channel = control.Channel
	Message = control.Message
	View    = control.View
	Ack     = control.Ack
	Due     = control.Due
	Fault   = control.Fault
	Entry   = control.Entry[json.RawMessage]
)
