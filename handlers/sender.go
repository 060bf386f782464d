package handlers

import (
	"context"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"go.uber.org/zap"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
)

const (
	slashCommand = "/incident"
	slackbot     = "USLACKBOT"
	askWithin    = 700 * time.Millisecond // for a person's account; most of the time it is remembered
)

// sender is whom an envelope says it comes from, and for whom it is.
type sender struct {
	app     string // that it is for
	socket  string // the app whose socket brought it
	team    string // in which the app is installed
	command string // "" = no command
	user    slackid.User
	home    string // the user's own team; "" = not said
}

// senderOf reads it from an envelope.
func senderOf(e socketmode.Event) (s sender) {
	switch data := e.Data.(type) {
	case slack.SlashCommand:
		s = sender{app: data.APIAppID, team: data.TeamID, command: data.Command, user: slackid.User(data.UserID)}
	case slack.InteractionCallback:
		s = sender{app: data.APIAppID, team: data.Team.ID, user: slackid.User(data.User.ID), home: data.User.TeamID}
		if data.View.AppInstalledTeamID != "" {
			s.team = data.View.AppInstalledTeamID
		}
	}
	if e.Request != nil {
		s.socket = e.Request.ConnectionInfo.AppID
	}
	return s
}

// admit refuses whoever may not use Muster. It is the one place that decides so:
// every request passes it.
func (r *Router) admit(ctx context.Context, s sender) error {
	switch {
	case s.team != r.team, s.socket != "" && s.app != s.socket:
		return incident.Reject("wrong_workspace", nil)
	case s.command != "" && s.command != slashCommand:
		return incident.Reject("wrong_command", nil)
	}
	switch who, access := r.account(ctx, s), r.handlers.policy.Access; {
	case who == policy.Robot:
		return incident.Reject("only_people", nil)
	case !access.Allows(who):
		return incident.Reject("no_access", incident.Args{"account": who, "guests": access.Guests})
	}
	return nil
}

// account returns the sender's kind of account. Slack is asked for it; where it
// doesn't answer, a sender of this workspace counts as a member: that a P0 can be
// declared matters more.
func (r *Router) account(ctx context.Context, s sender) policy.Account {
	if s.user == "" || s.user == slackbot || s.user == r.handlers.self {
		return policy.Robot
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	who, err := r.slack.Account(ctx, s.user)
	if err == nil {
		return who
	}
	r.log.Warn("account unknown", zap.String("user", string(s.user)), zap.Error(err))
	if s.home != "" && s.home != r.team {
		return policy.External
	}
	return policy.Member
}
