package sandbox

import (
	"bytes"
	"encoding/json"
	"maps"
	"muster/internal/sandbox/blockkit"
	"slices"
)

const (
	maxModals    = 3       // views in a modal's stack
	maxViewBytes = 250_000 // bytes of a view's JSON
	hashBytes    = 8
)

// homeOf returns what the app has published for a person, or nil.
func (s *views) homeOf(user string) *View { return s.state.Homes[user] }

// views are the modals that people have open, and the app's Homes.
type views struct {
	state  *state
	modals map[string][]*View // by user, the visible one last
}

// open shows a modal to a person, in place of all others.
func (s *views) open(user string, body object) *View {
	v := s.newView(user, body)
	s.modals[user] = []*View{v}
	return v
}

// publishHome gives a person's Home new content.
func (s *views) publishHome(user string, body object) *View {
	if v := s.state.Homes[user]; v != nil {
		v.replace(body)
		return v
	}
	v := s.newView(user, body)
	s.state.Homes[user] = v
	return v
}

// closeAll closes all modals of a person.
func (s *views) closeAll(user string) { delete(s.modals, user) }

// push puts a view on top of what a person has open.
func (s *views) push(user string, body object) (*View, error) {
	stack := s.modals[user]
	if len(stack) == 0 {
		return nil, refuse("not_found")
	}
	if len(stack) >= maxModals {
		return nil, refuse("push_limit_reached")
	}
	v := s.newView(user, body)
	v.Root, v.Previous = stack[0].ID, stack[len(stack)-1].ID
	s.modals[user] = append(stack, v)
	return v, nil
}

func (s *views) newView(user string, body object) *View {
	v := &View{ID: s.state.newID("V"), User: user, Body: body, Hash: secret(hashBytes), Values: values{}}
	v.Root = v.ID
	return v
}

// replace returns a view new content. What a person entered stays where block and
// action are still there, as in Slack.
func (v *View) replace(body object) {
	v.Body, v.Hash, v.Errors = body, secret(hashBytes), nil
	blocks := v.blocks()
	for block, actions := range v.Values {
		for action := range actions {
			if _, _, ok := findElement(blocks, block, action); !ok {
				delete(actions, action)
			}
		}
	}
}

// check checks a view's size, layout and external_id, and names its blocks.
func (s *views) check(body object, kind string, now *View) (object, error) {
	var raw bytes.Buffer
	e := json.NewEncoder(&raw)
	e.SetEscapeHTML(false) // which would weigh & and < six times
	if e.Encode(body) != nil || raw.Len() > maxViewBytes {
		return nil, refuse("view_too_large")
	}
	if given, _ := body["type"].(string); given != kind {
		return nil, invalidArguments("[ERROR] must be of type " + kind + " [json-pointer:/view/type]")
	}
	if problems := blockkit.View(body); len(problems) > 0 {
		messages := make([]string, len(problems))
		for i, p := range problems {
			messages[i] = "[ERROR] " + p.String()
		}
		return nil, invalidArguments(messages...)
	}
	if id, _ := body["external_id"].(string); id != "" {
		if other := s.byExternalID(id); other != nil && other != now {
			return nil, refuse("duplicate_external_id")
		}
	}
	body = maps.Clone(body)
	list, _ := body["blocks"].([]any)
	body["blocks"] = toList(storeBlocks(list))
	return body, nil
}

// all lists every view that anybody has, open modals first.
func (s *views) all() []*View {
	var all []*View
	for _, user := range slices.Sorted(maps.Keys(s.modals)) {
		all = append(all, s.modals[user]...)
	}
	for _, user := range slices.Sorted(maps.Keys(s.state.Homes)) {
		all = append(all, s.state.Homes[user])
	}
	return all
}

func (s *views) byID(id string) *View {
	all := s.all()
	if i := slices.IndexFunc(all, func(v *View) bool { return v.ID == id }); i >= 0 {
		return all[i]
	}
	return nil
}

func (s *views) byExternalID(id string) *View {
	all := s.all()
	if i := slices.IndexFunc(all, func(v *View) bool { return v.Body["external_id"] == id }); i >= 0 {
		return all[i]
	}
	return nil
}

// pop closes one modal view; the one below it shows again.
func (s *views) pop(v *View) {
	s.modals[v.User] = slices.DeleteFunc(s.modals[v.User], func(o *View) bool { return o == v })
	if len(s.modals[v.User]) == 0 {
		delete(s.modals, v.User)
	}
}

func (v *View) blocks() []object {
	list, _ := v.Body["blocks"].([]any)
	return objects(list)
}

func (v *View) flag(name string) bool { b, _ := v.Body[name].(bool); return b }

// objects returns the JSON objects in a list.
func objects(list any) []object {
	items, _ := list.([]any)
	all := make([]object, 0, len(items))
	for _, item := range items {
		if o, ok := item.(object); ok {
			all = append(all, o)
		}
	}
	return all
}
