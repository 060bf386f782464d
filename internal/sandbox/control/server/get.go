package server

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"time"

	"muster/internal/sandbox/clock"
	"muster/internal/sandbox/workspace"
)

const (
	defaultWait = 25 * time.Second
	maxWait     = time.Minute
)

// getState returns everything but the messages, as the operator sees it.
func (s *server) getState(*http.Request) (any, error) {
	version := s.traffic.Version() // read first: what changes meanwhile is seen again
	s.ws.Lock()
	defer s.ws.Unlock()
	channels := make([]object, len(s.ws.Channels))
	for i, ch := range s.ws.Channels {
		channels[i] = object{
			"id": ch.ID, "name": ch.Name, "is_private": ch.Private, "is_archived": ch.Archived, "is_im": ch.IM != "",
			"user": ch.IM, "creator": ch.Creator, "topic": ch.Topic.Value, "purpose": ch.Purpose.Value,
			"members": append([]string{}, ch.Members...), "pins": append([]workspace.Pin{}, ch.Pins...),
			"bookmarks": append([]workspace.Bookmark{}, ch.Bookmarks...), "messages": len(ch.Messages),
		}
	}
	groups := make([]object, len(s.ws.Groups))
	for i := range s.ws.Groups {
		groups[i] = s.ws.Groups[i].SlackJSON(true)
	}
	views := []object{}
	for _, v := range s.ws.Views.All() {
		views = append(views, object{
			"id": v.ID, "user": v.User, "type": v.Body["type"], "view": v.SlackJSON(), "errors": maps.Clone(v.Errors),
		})
	}
	return object{
		"version": version, "now": s.ws.Now(), "team": workspace.OwnTeam, "users": s.ws.Users, "channels": channels, "usergroups": groups,
		"sockets": s.hub.Count(), "views": views, "bot": object{"user_id": workspace.BotUser, "bot_id": workspace.BotID, "app_id": workspace.AppID},
		"tokens": object{"bot": workspace.BotToken, "app": workspace.AppToken}, "app": s.ws.App.Name, "home_tab": s.ws.App.Home, "messages_tab": s.ws.App.Messages,
		"commands": append([]workspace.Command{}, s.ws.App.Commands...), "shortcuts": append([]workspace.Shortcut{}, s.ws.App.Shortcuts...), "faults": s.faults.List(),
	}, nil
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
		next.At = next.At.UTC()
		o["next"] = next
	}
	return o, nil
}

type clockRequest struct {
	Advance string `json:"advance"`
}

// moveClock answers when all that came due has been handled and delivered.
func (s *server) moveClock(ctx context.Context, m clockRequest) (object, error) {
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
