package sandboxtest

import (
	"encoding/json"

	"muster/internal/sandbox/control"
)

type (
	// State is the whole workspace but the messages.
	State = control.State
	// Channel is a channel, or a direct message.
	Channel = control.Channel
	// Message is one message of a channel.
	Message = control.Message
	// View is a modal, or an App Home.
	View = control.View
	// Ack is how an action went.
	Ack = control.Ack
	// Due is what is due at a time of the workspace's clock.
	Due = control.Due
	// Fault is one to add, or one that was added.
	Fault = control.Fault
	// Entry is one piece of traffic.
	Entry = control.Entry[json.RawMessage]
)
