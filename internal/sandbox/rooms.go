package sandbox

import "context"

// rooms.go: what people do with channels.

type entering struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
}

// joinPerson lets a person into a public channel.
func (w *Workspace) joinPerson(_ context.Context, e entering) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.actor(e.User)
	if err != nil {
		return nil, err
	}
	ch, err := w.visible(u, e.Channel)
	if err != nil {
		return nil, err
	}
	if ch.Archived {
		return nil, wrongf("is_archived", "#%s is archived", ch.Name)
	}
	if !ch.has(u.ID) {
		w.join(ch, u.ID, "")
		w.dirty = true
	}
	return object{"ok": true, "channel": ch.ID}, nil
}

type inviting struct {
	By      string `json:"by"`
	User    string `json:"user"`
	Channel string `json:"channel"`
}

// invitePerson lets one member bring somebody else, or the bot, into a channel.
func (w *Workspace) invitePerson(_ context.Context, i inviting) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	by, err := w.actor(i.By)
	if err != nil {
		return nil, err
	}
	ch, err := w.place(by, i.Channel)
	if err != nil {
		return nil, err
	}
	u := w.person(i.User)
	switch {
	case u == nil:
		return nil, missingf("user_not_found", "no user %q; GET /sandbox/v1/state lists them", i.User)
	case ch.IM != "":
		return nil, wrongf("is_direct", "nobody can be invited to a direct message")
	case ch.has(u.ID):
		return nil, wrongf("already_in_channel", "%s is in #%s already", u.Name, ch.Name)
	}
	w.join(ch, u.ID, by.ID)
	w.dirty = true
	return object{"ok": true, "channel": ch.ID}, nil
}

type creating struct {
	User    string `json:"user"`
	Name    string `json:"name"`
	Private bool   `json:"private"`
}

func (w *Workspace) createRoom(_ context.Context, c creating) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.actor(c.User)
	if err != nil {
		return nil, err
	}
	if code := nameProblem(c.Name); code != "" {
		return nil, wrongf(code, "a channel's name is lowercase letters, digits, - and _, at most %d", longestName)
	}
	if w.state.named(c.Name) != nil {
		return nil, wrongf("name_taken", "there is a channel #%s already", c.Name)
	}
	w.dirty = true
	return object{"ok": true, "channel": w.create(c.Name, c.Private, u.ID).ID}, nil
}

func (w *Workspace) archiveRoom(_ context.Context, e entering) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.actor(e.User)
	if err != nil {
		return nil, err
	}
	ch, err := w.place(u, e.Channel)
	if err != nil {
		return nil, err
	}
	if ch.ID == General || ch.IM != "" {
		return nil, wrongf("cant_archive", "that channel cannot be archived")
	}
	w.archive(ch, u.ID)
	w.dirty = true
	return object{"ok": true}, nil
}

type renaming struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	Name    string `json:"name"`
}

func (w *Workspace) renameRoom(_ context.Context, r renaming) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.actor(r.User)
	if err != nil {
		return nil, err
	}
	ch, err := w.place(u, r.Channel)
	if err != nil {
		return nil, err
	}
	if ch.ID == General || ch.IM != "" {
		return nil, wrongf("cant_rename", "that channel cannot be renamed")
	}
	if code := w.rename(ch, r.Name, u.ID); code != "" {
		return nil, wrongf(code, "%q cannot be the channel's name", r.Name)
	}
	w.dirty = true
	return object{"ok": true}, nil
}
