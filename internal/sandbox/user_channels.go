package sandbox

import "context"

// rooms.go: what people do with channels.

type channelRequest struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
}

// joinChannel lets a person into a public channel.
func (w *Workspace) joinChannel(_ context.Context, e channelRequest) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.actor(e.User)
	if err != nil {
		return nil, err
	}
	ch, err := w.visibleChannel(u, e.Channel)
	if err != nil {
		return nil, err
	}
	if ch.Archived {
		return nil, wrongf("is_archived", "#%s is archived", ch.Name)
	}
	if !ch.hasMember(u.ID) {
		w.join(ch, u.ID, "")
		w.dirty = true
	}
	return object{"ok": true, "channel": ch.ID}, nil
}

type inviteRequest struct {
	By      string `json:"by"`
	User    string `json:"user"`
	Channel string `json:"channel"`
}

// inviteUser lets one member bring somebody else, or the bot, into a channel.
func (w *Workspace) inviteUser(_ context.Context, i inviteRequest) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	by, err := w.actor(i.By)
	if err != nil {
		return nil, err
	}
	ch, err := w.actableChannel(by, i.Channel)
	if err != nil {
		return nil, err
	}
	u := w.findUser(i.User)
	switch {
	case u == nil:
		return nil, missingf("user_not_found", "no user %q; GET /sandbox/v1/state lists them", i.User)
	case ch.IM != "":
		return nil, wrongf("is_direct", "can't invite anyone to a direct message")
	case ch.hasMember(u.ID):
		return nil, wrongf("already_in_channel", "%s is already in #%s", u.Name, ch.Name)
	}
	w.join(ch, u.ID, by.ID)
	w.dirty = true
	return object{"ok": true, "channel": ch.ID}, nil
}

type createRequest struct {
	User    string `json:"user"`
	Name    string `json:"name"`
	Private bool   `json:"private"`
}

func (w *Workspace) createChannel(_ context.Context, c createRequest) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.actor(c.User)
	if err != nil {
		return nil, err
	}
	if code := nameProblem(c.Name); code != "" {
		return nil, wrongf(code, "a channel's name can have lowercase letters, digits, - and _, up to %d characters", maxNameLength)
	}
	if w.state.channelNamed(c.Name) != nil {
		return nil, wrongf("name_taken", "there is already a channel #%s", c.Name)
	}
	w.dirty = true
	return object{"ok": true, "channel": w.create(c.Name, c.Private, u.ID).ID}, nil
}

func (w *Workspace) archiveChannel(_ context.Context, e channelRequest) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.actor(e.User)
	if err != nil {
		return nil, err
	}
	ch, err := w.actableChannel(u, e.Channel)
	if err != nil {
		return nil, err
	}
	if ch.ID == General || ch.IM != "" {
		return nil, wrongf("cant_archive", "can't archive that channel")
	}
	w.archive(ch, u.ID)
	w.dirty = true
	return object{"ok": true}, nil
}

type renameRequest struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	Name    string `json:"name"`
}

func (w *Workspace) renameChannel(_ context.Context, r renameRequest) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.actor(r.User)
	if err != nil {
		return nil, err
	}
	ch, err := w.actableChannel(u, r.Channel)
	if err != nil {
		return nil, err
	}
	if ch.ID == General || ch.IM != "" {
		return nil, wrongf("cant_rename", "can't rename that channel")
	}
	if code := w.rename(ch, r.Name, u.ID); code != "" {
		return nil, wrongf(code, "%q can't be a channel's name", r.Name)
	}
	w.dirty = true
	return object{"ok": true}, nil
}
