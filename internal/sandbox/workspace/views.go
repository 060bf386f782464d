package workspace

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"muster/internal/sandbox/blockkit"
	"muster/internal/sandbox/refusal"
)

// Limits of views.
const (
	maxModals    = 3       // views in a modal's stack
	MaxViewBytes = 250_000 // bytes of a view's JSON
	hashBytes    = 8
)

// Stack returns the modals that a person has open, the visible one last.
func (s *views) Stack(user string) []*View { return slices.Clone(s.modals[user]) }

// HomeOf returns what the app has published for a person, or nil.
func (s *views) HomeOf(user string) *View { return s.state.Homes[user] }

// views are the modals that people have open, and the app's Homes.
type views struct {
	state  *state
	modals map[string][]*View // by user, the visible one last
}

// Open shows a modal to a person, in place of all others.
func (s *views) Open(user string, body Object) *View {
	v := s.newView(user, body)
	s.modals[user] = []*View{v}
	return v
}

// PublishHome gives a person's Home new content.
func (s *views) PublishHome(user string, body Object) *View {
	if v := s.state.Homes[user]; v != nil {
		v.Replace(body)
		return v
	}
	v := s.newView(user, body)
	s.state.Homes[user] = v
	return v
}

// CloseAll closes all modals of a person.
func (s *views) CloseAll(user string) { delete(s.modals, user) }

// Push puts a view on top of what a person has open.
func (s *views) Push(user string, body Object) (*View, error) {
	stack := s.modals[user]
	if len(stack) == 0 {
		return nil, refusal.New("not_found")
	}
	if len(stack) >= maxModals {
		return nil, refusal.New("push_limit_reached")
	}
	v := s.newView(user, body)
	v.Root, v.Previous = stack[0].ID, stack[len(stack)-1].ID
	s.modals[user] = append(stack, v)
	return v, nil
}

func (s *views) newView(user string, body Object) *View {
	v := &View{ID: s.state.NewID("V"), User: user, Body: body, Hash: secret(hashBytes), Values: Values{}}
	v.Root = v.ID
	return v
}

// Replace gives a view new content. What a person entered stays where block and
// action are still there, as in Slack.
func (v *View) Replace(body Object) {
	v.Body, v.Hash, v.Errors = body, secret(hashBytes), nil
	blocks := v.Blocks()
	for block, actions := range v.Values {
		for action := range actions {
			if _, _, ok := FindElement(blocks, block, action); !ok {
				delete(actions, action)
			}
		}
	}
}

// Check checks a view's size, layout and external_id, and names its blocks.
func (s *views) Check(body Object, kind string, now *View) (Object, error) {
	var raw bytes.Buffer
	e := json.NewEncoder(&raw)
	e.SetEscapeHTML(false) // which would weigh & and < six times
	if e.Encode(body) != nil || raw.Len() > MaxViewBytes {
		return nil, refusal.New("view_too_large")
	}
	if given, _ := body["type"].(string); given != kind {
		return nil, refusal.InvalidArguments("[ERROR] must be of type " + kind + " [json-pointer:/view/type]")
	}
	if problems := blockkit.View(body); len(problems) > 0 {
		messages := make([]string, len(problems))
		for i, p := range problems {
			messages[i] = "[ERROR] " + p.String()
		}
		return nil, refusal.InvalidArguments(messages...)
	}
	if id, _ := body["external_id"].(string); id != "" {
		if other := s.ByExternalID(id); other != nil && other != now {
			return nil, refusal.New("duplicate_external_id")
		}
	}
	body = maps.Clone(body)
	list, _ := body["blocks"].([]any)
	body["blocks"] = toList(storeBlocks(list))
	return body, nil
}

// All lists every view that anybody has, open modals first.
func (s *views) All() []*View {
	var all []*View
	for _, user := range slices.Sorted(maps.Keys(s.modals)) {
		all = append(all, s.modals[user]...)
	}
	for _, user := range slices.Sorted(maps.Keys(s.state.Homes)) {
		all = append(all, s.state.Homes[user])
	}
	return all
}

// ByID returns the view of that ID, or nil.
func (s *views) ByID(id string) *View {
	all := s.All()
	if i := slices.IndexFunc(all, func(v *View) bool { return v.ID == id }); i >= 0 {
		return all[i]
	}
	return nil
}

// ByExternalID returns the view to which its app gave that ID, or nil.
func (s *views) ByExternalID(id string) *View {
	all := s.All()
	if i := slices.IndexFunc(all, func(v *View) bool { return v.Body["external_id"] == id }); i >= 0 {
		return all[i]
	}
	return nil
}

// Pop closes one modal view; the one below it shows again.
func (s *views) Pop(v *View) {
	s.modals[v.User] = slices.DeleteFunc(s.modals[v.User], func(o *View) bool { return o == v })
	if len(s.modals[v.User]) == 0 {
		delete(s.modals, v.User)
	}
}

// Blocks returns the blocks of a view.
func (v *View) Blocks() []Object {
	list, _ := v.Body["blocks"].([]any)
	return Objects(list)
}

// Flag returns a yes or no of a view, such as clear_on_close.
func (v *View) Flag(name string) bool { b, _ := v.Body[name].(bool); return b }

// Objects returns the JSON objects in a list.
func Objects(list any) []Object {
	items, _ := list.([]any)
	all := make([]Object, 0, len(items))
	for _, item := range items {
		if o, ok := item.(Object); ok {
			all = append(all, o)
		}
	}
	return all
}
