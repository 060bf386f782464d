package sandbox

import (
	"encoding/json"
	"strings"
)

// arguments are a call's arguments, checked and brought to their types.
type arguments map[string]any

// call is one Web API call that came through the gate.
type call struct {
	method *method
	args   arguments
	token  string
}

func (a arguments) has(name string) bool { _, ok := a[name]; return ok }

func (a arguments) text(name string) string { s, _ := a[name].(string); return s }

func (a arguments) flag(name string) bool { b, _ := a[name].(bool); return b }

// number is an integer argument, or what it is when not given.
func (a arguments) number(name string, otherwise int) int {
	if n, ok := a[name].(int); ok {
		return n
	}
	return otherwise
}

// decode reads a JSON argument into v; one that was not given leaves v alone.
func (a arguments) decode(name string, v any) error {
	raw, _ := a[name].(json.RawMessage)
	if s := strings.TrimSpace(string(raw)); s == "" || s == "null" {
		return nil
	}
	return json.Unmarshal(raw, v) //nolint:wrapcheck // the caller turns any failure into Slack's code
}

// channel finds the channel that the call names, if the bot may know of it and
// the app's scopes reach its kind.
func (w *Workspace) channel(c *call, arg string) (*Channel, error) {
	ch := w.state.channel(c.args.text(arg))
	if ch == nil || !ch.seenBy(BotUser) {
		return nil, refuse("channel_not_found")
	}
	return ch, w.reach(c.method, ch.kind())
}

func (w *Workspace) reach(m *method, kind string) error {
	fit := m.scopesFor(kind)
	if len(m.Scopes) > 0 && len(fit) == 0 {
		return refuse("method_not_supported_for_channel_type")
	}
	return w.needScope(fit)
}
