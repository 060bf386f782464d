package workspace

import (
	"regexp"
	"slices"
)

// Pin pins a message to its channel.
func (w *Workspace) Pin(ch *Channel, m *Message, by string) {
	ch.Pins = append(ch.Pins, Pin{TS: m.TS, By: by, At: w.Now().Unix()})
	w.events.pin("pin_added", ch, m, by)
}

// Unpin takes a message's pin away.
func (w *Workspace) Unpin(ch *Channel, m *Message, by string) {
	ch.Pins = slices.DeleteFunc(slices.Clone(ch.Pins), func(p Pin) bool { return p.TS == m.TS })
	w.events.pin("pin_removed", ch, m, by)
}

// React adds a reaction, and reports whether it was not there before.
func (w *Workspace) React(ch *Channel, m *Message, user, name string) bool {
	i := slices.IndexFunc(m.Reactions, func(r Reaction) bool { return r.Name == name })
	if i < 0 {
		m.Reactions = append(m.Reactions, Reaction{Name: name})
		i = len(m.Reactions) - 1
	}
	r := &m.Reactions[i]
	if slices.Contains(r.Users, user) {
		return false
	}
	r.Users = append(r.Users, user)
	r.Count = len(r.Users)
	w.events.reaction("reaction_added", ch, m, user, name)
	return true
}

// Unreact takes a reaction back, and reports whether it was there.
func (w *Workspace) Unreact(ch *Channel, m *Message, user, name string) bool {
	i := slices.IndexFunc(m.Reactions, func(r Reaction) bool { return r.Name == name && slices.Contains(r.Users, user) })
	if i < 0 {
		return false
	}
	r := &m.Reactions[i]
	r.Users = slices.DeleteFunc(r.Users, func(id string) bool { return id == user })
	r.Count = len(r.Users)
	if r.Count == 0 {
		m.Reactions = slices.Delete(m.Reactions, i, i+1)
	}
	w.events.reaction("reaction_removed", ch, m, user, name)
	return true
}

// EmojiName is what an emoji's name looks like.
var EmojiName = regexp.MustCompile(`^[a-z0-9_+'-]+(::skin-tone-[2-6])?$`)
