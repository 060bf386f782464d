package webapi

import (
	"encoding/json"
	"strings"

	"muster/internal/sandbox/refusal"
	"muster/internal/sandbox/workspace"
)

// object is a JSON object.
type object = map[string]any

// arguments are a call's arguments, checked and brought to their types.
type arguments map[string]any

// call is one Web API call that came through the gate.
type call struct {
	method *Method
	args   arguments
	token  string
}

func (a arguments) has(name string) bool { _, ok := a[name]; return ok }

func (a arguments) text(name string) string { s, _ := a[name].(string); return s }

func (a arguments) flag(name string) bool { b, _ := a[name].(bool); return b }

func (a arguments) number(name string) int { n, _ := a[name].(int); return n }

// jsonText is an argument of JSON as a client wrote it, which may be broken.
type jsonText string

// MarshalJSON puts what can be read on record as it is, and the rest as a text:
// one broken call must not make the whole record unreadable.
func (t jsonText) MarshalJSON() ([]byte, error) {
	if json.Valid([]byte(t)) {
		return []byte(t), nil
	}
	return json.Marshal(string(t))
}

// decode reads a JSON argument into v; one that was not given leaves v alone.
func (a arguments) decode(name string, v any) error {
	t, _ := a[name].(jsonText)
	if s := strings.TrimSpace(string(t)); s == "" || s == "null" {
		return nil
	}
	return json.Unmarshal([]byte(t), v) //nolint:wrapcheck // the caller turns any failure into Slack's code
}

// channel finds the channel that the call names, if the bot may know of it and
// the app's scopes reach its kind.
func (a *API) channel(c *call, arg string) (*workspace.Channel, error) {
	ch := a.ws.Channel(c.args.text(arg))
	if ch == nil || !ch.VisibleTo(workspace.BotUser) {
		return nil, refusal.New("channel_not_found")
	}
	return ch, a.needScopeFor(c.method, ch.Kind())
}

func (a *API) needScopeFor(m *Method, kind string) error {
	fit := m.scopesFor(kind)
	if len(m.Scopes) > 0 && len(fit) == 0 {
		return refusal.New("method_not_supported_for_channel_type")
	}
	return a.needScope(fit)
}
