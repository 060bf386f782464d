package workspace

// Post stores a message, of which the bot hears.
func (w *Workspace) Post(ch *Channel, m *Message) {
	w.stamp(m)
	ch.Messages = append(ch.Messages, m)
	w.events.message(ch, m)
}

// stamp notes when a message was posted, and under which name where the bot did.
func (w *Workspace) stamp(m *Message) {
	m.TS = w.NewTS()
	if m.BotID != "" {
		m.BotName = w.App.Name
	}
}

// DeleteMessage takes a message, and its pin, out of its channel.
func (w *Workspace) DeleteMessage(ch *Channel, m *Message) {
	ch.Messages = without(ch.Messages, m)
	ch.Ephemerals = without(ch.Ephemerals, m)
	for i, p := range ch.Pins {
		if p.TS == m.TS {
			ch.Pins = append(ch.Pins[:i:i], ch.Pins[i+1:]...)
			break
		}
	}
	w.events.deleted(ch, m)
}

func without(all []*Message, m *Message) []*Message {
	for i, other := range all {
		if other == m {
			return append(all[:i:i], all[i+1:]...)
		}
	}
	return all
}

// PostEphemeral stores a message that only user sees.
func (w *Workspace) PostEphemeral(ch *Channel, user string, m *Message) {
	w.stamp(m)
	m.EphemeralTo = user
	ch.Ephemerals = append(ch.Ephemerals, m)
}

// EditMessage lets the bot change a message of its own.
func (w *Workspace) EditMessage(ch *Channel, m *Message, change func(*Message)) {
	before := m.SlackJSON(ch, true)
	change(m)
	m.Edited = &edit{User: BotUser, TS: w.NewTS()}
	if m.EphemeralTo == "" {
		w.events.changed(ch, m, before)
	}
}
