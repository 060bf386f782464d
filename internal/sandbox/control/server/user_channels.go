package server

import (
	"context"

	"muster/internal/sandbox/control"
	"muster/internal/sandbox/workspace"
)

// joinChannel lets a person into a public channel.
func (a *userActions) joinChannel(_ context.Context, e control.Join) (object, error) {
	a.ws.Lock()
	defer a.ws.Unlock()
	u, err := actor(a.ws, e.User)
	if err != nil {
		return nil, err
	}
	ch, err := visibleChannel(a.ws, u, e.Channel)
	if err != nil {
		return nil, err
	}
	if ch.Archived {
		return nil, wrongf("is_archived", "#%s is archived", ch.Name)
	}
	if !ch.HasMember(u.ID) {
		a.ws.Join(ch, u.ID, "")
		a.ws.MarkDirty()
	}
	return object{"ok": true, "channel": ch.ID}, nil
}

// inviteUser lets one member bring somebody else, or the bot, into a channel.
func (a *userActions) inviteUser(_ context.Context, i control.Invite) (object, error) {
	a.ws.Lock()
	defer a.ws.Unlock()
	by, err := actor(a.ws, i.By)
	if err != nil {
		return nil, err
	}
	ch, err := actableChannel(a.ws, by, i.Channel)
	if err != nil {
		return nil, err
	}
	u := a.ws.FindUser(i.User)
	switch {
	case u == nil:
		return nil, missingf("user_not_found", "no user %q; GET /sandbox/v1/state lists them", i.User)
	case ch.IM != "":
		return nil, wrongf("is_direct", "can't invite anyone to a direct message")
	case ch.HasMember(u.ID):
		return nil, wrongf("already_in_channel", "%s is already in #%s", u.Name, ch.Name)
	}
	a.ws.Join(ch, u.ID, by.ID)
	a.ws.MarkDirty()
	return object{"ok": true, "channel": ch.ID}, nil
}

func (a *userActions) createChannel(_ context.Context, c control.Create) (object, error) {
	a.ws.Lock()
	defer a.ws.Unlock()
	u, err := actor(a.ws, c.User)
	if err != nil {
		return nil, err
	}
	if code := workspace.NameProblem(c.Name); code != "" {
		return nil, wrongf(code, "a channel's name can have lowercase letters, digits, - and _, up to %d characters", workspace.MaxNameLength)
	}
	if a.ws.ChannelNamed(c.Name) != nil {
		return nil, wrongf("name_taken", "there is already a channel #%s", c.Name)
	}
	a.ws.MarkDirty()
	return object{"ok": true, "channel": a.ws.CreateChannel(c.Name, c.Private, u.ID).ID}, nil
}

func (a *userActions) archiveChannel(_ context.Context, e control.Archive) (object, error) {
	a.ws.Lock()
	defer a.ws.Unlock()
	u, err := actor(a.ws, e.User)
	if err != nil {
		return nil, err
	}
	ch, err := actableChannel(a.ws, u, e.Channel)
	if err != nil {
		return nil, err
	}
	if ch.ID == workspace.General || ch.IM != "" {
		return nil, wrongf("cant_archive", "can't archive that channel")
	}
	a.ws.ArchiveChannel(ch, u.ID)
	a.ws.MarkDirty()
	return object{"ok": true}, nil
}

// unarchiveChannel takes a channel back into use: anybody may a public one, its
// members a private one.
func (a *userActions) unarchiveChannel(_ context.Context, e control.Unarchive) (object, error) {
	a.ws.Lock()
	defer a.ws.Unlock()
	u, err := actor(a.ws, e.User)
	if err != nil {
		return nil, err
	}
	ch, err := visibleChannel(a.ws, u, e.Channel)
	if err != nil {
		return nil, err
	}
	if !ch.Archived {
		return nil, wrongf("not_archived", "#%s isn't archived", ch.Name)
	}
	a.ws.UnarchiveChannel(ch, u.ID)
	a.ws.MarkDirty()
	return object{"ok": true}, nil
}

func (a *userActions) renameChannel(_ context.Context, r control.Rename) (object, error) {
	a.ws.Lock()
	defer a.ws.Unlock()
	u, err := actor(a.ws, r.User)
	if err != nil {
		return nil, err
	}
	ch, err := actableChannel(a.ws, u, r.Channel)
	if err != nil {
		return nil, err
	}
	if ch.ID == workspace.General || ch.IM != "" {
		return nil, wrongf("cant_rename", "can't rename that channel")
	}
	if code := a.ws.RenameChannel(ch, r.Name, u.ID); code != "" {
		return nil, wrongf(code, "%q can't be a channel's name", r.Name)
	}
	a.ws.MarkDirty()
	return object{"ok": true}, nil
}
