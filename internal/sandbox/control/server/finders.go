package server

import (
	"muster/internal/sandbox/workspace"
)

// actor finds the person who does something.
func actor(w *workspace.Workspace, name string) (*workspace.User, error) {
	u := w.FindUser(name)
	switch {
	case name == "":
		return nil, wrongf("no_user", "add who does it, by ID or handle: \"user\": \"oncall\"")
	case u == nil:
		return nil, missingf("user_not_found", "no user %q; GET /sandbox/v1/state lists them", name)
	case u.IsBot:
		return nil, wrongf("user_is_bot", "%q is the bot; only people can act here", name)
	}
	return u, nil
}

// actableChannel finds a channel in which a person can act. A user in place of a channel
// means that user's direct message with the bot.
func actableChannel(w *workspace.Workspace, u *workspace.User, name string) (*workspace.Channel, error) {
	ch, err := visibleChannel(w, u, name)
	switch {
	case err != nil:
		return nil, err
	case !ch.HasMember(u.ID):
		return nil, forbidf("not_in_channel", "%s isn't in #%s; POST /sandbox/v1/join first", u.Name, ch.Name)
	case ch.Archived:
		return nil, wrongf("is_archived", "#%s is archived", ch.Name)
	}
	return ch, nil
}

// writableChannel finds a channel in which a person can type.
func writableChannel(w *workspace.Workspace, u *workspace.User, name string) (*workspace.Channel, error) {
	ch, err := actableChannel(w, u, name)
	if err == nil && ch.IM != "" && w.App.Messages != workspace.TabOpen {
		return nil, forbidf("messages_tab_"+string(w.App.Messages),
			"messages to this app are turned off in its manifest, under app_home")
	}
	return ch, err
}

func visibleChannel(w *workspace.Workspace, u *workspace.User, name string) (*workspace.Channel, error) {
	if name == "" {
		return nil, wrongf("no_channel", "add the channel, by ID or name: \"channel\": \"#incidents\"")
	}
	ch := w.FindChannel(name)
	if ch == nil {
		if p := w.FindUser(name); p != nil {
			ch = w.OpenDM(u.ID)
			w.MarkDirty()
		}
	}
	if ch == nil {
		return nil, missingf("channel_not_found", "no channel %q; GET /sandbox/v1/state lists them", name)
	}
	if !ch.VisibleTo(u.ID) {
		return nil, forbidf("not_in_channel", "%s isn't in that private channel", u.Name)
	}
	return ch, nil
}
