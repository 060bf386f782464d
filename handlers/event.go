package handlers

import (
	"context"
	"errors"

	"github.com/slack-go/slack/slackevents"
	"go.uber.org/zap"

	"muster/internal/incident"
	"muster/internal/slackid"
)

// happened is what an event says has become of an incident's channel.
type happened struct {
	channel slackid.Channel
	step    incident.Transition
}

// event acts on what Slack says happened to a channel. Nobody waits for an answer;
// what cannot be recorded now is found out by the next message to the channel.
func (r *Router) event(ctx context.Context, from sender, e slackevents.EventsAPIEvent) Answer {
	if e.TeamID != r.team || from.socket != "" && e.APIAppID != from.socket {
		r.log.Warn("an event of another workspace or app", zap.String("team", e.TeamID), zap.String("app", e.APIAppID))
		return Answer{}
	}
	callback, _ := e.Data.(*slackevents.EventsAPICallbackEvent)
	what, known := happenedBy(e.InnerEvent.Data)
	if !known || callback == nil {
		return Answer{}
	}
	_, err := r.handlers.incidents.Do(ctx, incident.Request{
		Key: "event " + callback.EventID, By: slackid.Muster, From: what.channel, Ref: incident.Ref{Channel: what.channel},
	}, what.step)
	if _, none := errors.AsType[*incident.Rejection](err); err != nil && !none && !errors.Is(err, incident.ErrNoChange) {
		r.log.Error("record what happened to a channel", zap.String("channel", string(what.channel)), zap.Error(err))
	}
	return Answer{}
}

// happenedBy reads an event, false for one that Muster does not act on.
func happenedBy(event any) (happened, bool) {
	gone := func(channel string, what incident.Gone) (happened, bool) {
		return happened{slackid.Channel(channel), func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
			return inc.ChannelGone(o, what)
		}}, true
	}
	switch e := event.(type) {
	case *slackevents.ChannelArchiveEvent:
		return gone(e.Channel, incident.GoneArchived)
	case *slackevents.GroupArchiveEvent:
		return gone(e.Channel, incident.GoneArchived)
	case *slackevents.ChannelDeletedEvent:
		return gone(e.Channel, incident.GoneDeleted)
	case *slackevents.GroupDeletedEvent:
		return gone(e.Channel, incident.GoneDeleted)
	case *slackevents.ChannelIDChangedEvent:
		return happened{slackid.Channel(e.OldChannelID), func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
			return inc.ChannelMoved(o, slackid.Channel(e.NewChannelID))
		}}, true
	}
	return happened{}, false
}
