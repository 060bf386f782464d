package server

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"time"

	"muster/internal/sandbox/clock"
	"muster/internal/sandbox/control"
	"muster/internal/sandbox/workspace"
)

const (
	defaultWait = 25 * time.Second
	maxWait     = time.Minute
)

// stateAnswer is the state, with user groups and views as the Web API gives them.
type stateAnswer struct {
	control.State
	Groups []object `json:"usergroups"`
	Views  []object `json:"views"`
}

// getState returns everything but the messages, as the operator sees it.
func (s *server) getState(*http.Request) (any, error) {
	version := s.traffic.Version() // read first: what changes meanwhile is seen again
	s.ws.Lock()
	defer s.ws.Unlock()
	a := stateAnswer{Groups: []object{}, Views: []object{}, State: control.State{
		Version: version, Now: s.ws.Now(), Team: control.Team(workspace.OwnTeam), Users: []control.User{}, Channels: []control.Channel{},
		Sockets: s.hub.Count(), Bot: control.Bot{User: workspace.BotUser, ID: workspace.BotID, App: workspace.AppID},
		Tokens: control.Tokens{Bot: workspace.BotToken, App: workspace.AppToken}, App: s.ws.App.Name, HomeTab: s.ws.App.Home,
		MessagesTab: string(s.ws.App.Messages), Commands: []control.AppCommand{}, Shortcuts: []control.AppShortcut{}, Faults: s.faults.List(),
	}}
	for _, u := range s.ws.Users {
		a.Users = append(a.Users, control.User(u))
	}
	for _, ch := range s.ws.Channels {
		a.Channels = append(a.Channels, shownChannel(ch))
	}
	for i := range s.ws.Groups {
		a.Groups = append(a.Groups, s.ws.Groups[i].SlackJSON(true))
	}
	for _, v := range s.ws.Views.All() {
		a.Views = append(a.Views, object{
			"id": v.ID, "user": v.User, "type": v.Body["type"], "view": v.SlackJSON(), "errors": maps.Clone(v.Errors),
		})
	}
	for _, c := range s.ws.App.Commands {
		a.Commands = append(a.Commands, control.AppCommand(c))
	}
	for _, c := range s.ws.App.Shortcuts {
		a.Shortcuts = append(a.Shortcuts, control.AppShortcut(c))
	}
	return a, nil
}

func shownChannel(ch *workspace.Channel) control.Channel {
	shown := control.Channel{
		ID: ch.ID, Name: ch.Name, Private: ch.Private, Archived: ch.Archived, Direct: ch.IM != "", IM: ch.IM, Creator: ch.Creator,
		Topic: ch.Topic.Value, Purpose: ch.Purpose.Value, Members: append([]string{}, ch.Members...),
		Pins: []control.ChannelPin{}, Bookmarks: []control.Bookmark{}, Messages: len(ch.Messages),
	}
	for _, p := range ch.Pins {
		shown.Pins = append(shown.Pins, control.ChannelPin(p))
	}
	for _, b := range ch.Bookmarks {
		shown.Bookmarks = append(shown.Bookmarks, control.Bookmark(b))
	}
	return shown
}

// getMessages returns a channel's messages, oldest first, as viewer sees them;
// without a viewer it gives all.
func (s *server) getMessages(r *http.Request) (any, error) {
	s.ws.Lock()
	defer s.ws.Unlock()
	name, viewer := r.URL.Query().Get("channel"), r.URL.Query().Get("viewer")
	ch := s.ws.FindChannel(name)
	user := ""
	if viewer != "" {
		u, err := actor(s.ws, viewer)
		if err != nil {
			return nil, err
		}
		user = u.ID
		if ch, err = visibleChannel(s.ws, u, name); err != nil {
			return nil, err
		}
	} else if p := s.ws.FindUser(name); ch == nil && p != nil {
		ch = s.ws.OpenDM(p.ID)
	}
	if ch == nil {
		return nil, missingf("channel_not_found", "no channel %q; GET /sandbox/v1/state lists them", name)
	}
	messages := []object{}
	for _, m := range ch.Timeline(user) {
		messages = append(messages, shownMessage(ch, m))
	}
	return object{"channel": ch.ID, "messages": messages}, nil
}

// shownMessage returns a message as the page's readers, and tests, want to know of it.
func shownMessage(ch *workspace.Channel, m *workspace.Message) object {
	o := m.SlackJSON(ch, true)
	o["ephemeral_to"], o["pinned"], o["edited"] = m.EphemeralTo, ch.Pinned(m.TS), m.Edited
	return o
}

func (s *server) getTraffic(r *http.Request) (any, error) {
	after, err := parseAfter(r)
	if err != nil {
		return nil, err
	}
	entries := s.traffic.After(after)
	if most := r.URL.Query().Get("limit"); most != "" {
		n, err := strconv.Atoi(most)
		if err != nil || n < 1 {
			return nil, wrongf("bad_limit", "limit must be a number of entries from 1, not %q", most)
		}
		entries = entries[:min(n, len(entries))]
	}
	return object{"entries": entries}, nil
}

// getWait answers as soon as anything changed after version N.
func (s *server) getWait(r *http.Request) (any, error) {
	after, err := parseAfter(r)
	if err != nil {
		return nil, err
	}
	limit := defaultWait
	if t := r.URL.Query().Get("timeout"); t != "" {
		if limit, err = time.ParseDuration(t); err != nil || limit <= 0 {
			return nil, wrongf("bad_timeout", "timeout must be a positive duration such as 5s, not %q", t)
		}
	}
	ctx, cancel := context.WithTimeout(r.Context(), min(limit, maxWait))
	defer cancel()
	return object{"version": s.traffic.Wait(ctx, after), "now": s.ws.Now()}, nil
}

func parseAfter(r *http.Request) (int64, error) {
	s := r.URL.Query().Get("after")
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, wrongf("bad_after", "after must be a number from an earlier answer, not %q", s)
	}
	return n, nil
}

func (s *server) getClock(r *http.Request) (any, error) {
	return s.clockAnswer(r.Context())
}

func (s *server) clockAnswer(ctx context.Context) (object, error) {
	o := object{"ok": true, "now": s.ws.Now(), "next": nil}
	next, ok, err := s.clock.Next(ctx)
	if err != nil {
		return nil, err
	}
	if ok {
		o["next"] = control.Due{At: next.At.UTC(), What: next.What}
	}
	return o, nil
}

// moveClock answers when all that came due has been handled and delivered.
func (s *server) moveClock(ctx context.Context, m control.Advance) (object, error) {
	d, err := s.parseAdvance(ctx, m.Advance)
	if err != nil {
		return nil, err
	}
	err = s.clock.Advance(ctx, d)
	switch {
	case errors.Is(err, clock.ErrMoving):
		return nil, &problem{http.StatusConflict, "busy", "the clock is already moving; wait for that request to finish"}
	case err != nil:
		return nil, &problem{http.StatusInternalServerError, "bot_failed", err.Error()}
	}
	return s.clockAnswer(ctx)
}

// parseAdvance reads how far the clock is to be moved: a duration, or to what comes due next.
func (s *server) parseAdvance(ctx context.Context, advance string) (time.Duration, error) {
	if advance != "next" {
		d, err := time.ParseDuration(advance)
		if err != nil || d <= 0 {
			return 0, wrongf("bad_duration", "advance must be a positive duration such as \"30m\" or \"2h15m\", or \"next\", not %q", advance)
		}
		return d, nil
	}
	next, ok, err := s.clock.Next(ctx)
	switch {
	case err != nil:
		return 0, err
	case !ok:
		return 0, wrongf("nothing_due", "nothing is due; advance by a duration such as \"30m\"")
	}
	return max(next.At.Sub(s.ws.Now()), 0), nil
}
