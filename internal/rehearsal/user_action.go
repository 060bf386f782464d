package rehearsal

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"muster/internal/sandbox/control"
)

// perform lets somebody act. The error is a [refusal] where that did not work.
func (p *runner) perform(ctx context.Context, s scheduledStep) error {
	var err error
	if p.state, err = p.client.state(ctx); err != nil {
		return err
	}
	actor, _ := s.actor.resolve(p.Policy, p.state) // that there is somebody was seen before
	id, name, err := p.channelFor(s.in, actor)
	if err != nil {
		return err
	}
	p.printAt(s.at, "%s %s in %s: %s", actor.RealName, s.do.kind, name, s.do.text)
	switch s.do.kind {
	case actionCommand:
		command, text, _ := strings.Cut(s.do.text, " ")
		err = p.act(ctx, control.Command{User: actor.ID, Channel: id, Command: command, Text: text})
	case actionClick:
		err = p.click(ctx, actor, id, s.do.text)
	default:
		return p.act(ctx, control.Post{User: actor.ID, Channel: id, Text: s.do.text})
	}
	if err != nil {
		return err
	}
	return p.handleModal(ctx, s, actor)
}

// channelFor returns where somebody acts: the channel for the workspace, and its name.
func (p *runner) channelFor(in location, actor control.User) (id, name string, err error) {
	own, opened := p.incidentChannel()
	if _, ok := in.direct(); ok {
		return p.state.Bot.User, "direct messages with Muster", nil
	}
	switch {
	case in == "" && !opened:
		return defaultChannel, defaultChannel, nil
	case (in == "" || in == inIncident) && opened:
		return own.ID, "#" + own.Name, nil
	case in == inIncident:
		return "", "", &refusal{reason: "the incident has no channel"}
	case in == announcements && p.Policy.Announce == "":
		return "", "", &refusal{reason: "this configuration has no announcement channel"}
	case in == announcements:
		return string(p.Policy.Announce), p.channelTitle(string(p.Policy.Announce)), nil
	}
	if _, ok := p.channel(func(c control.Channel) bool { return "#"+c.Name == string(in) }); !ok {
		return "", "", &refusal{reason: fmt.Sprintf("%s can't see a channel %s", actor.RealName, in)}
	}
	return string(in), string(in), nil
}

func (p *runner) channelTitle(id string) string {
	if c, ok := p.channel(func(c control.Channel) bool { return c.ID == id }); ok {
		return titleOf(c, p.state)
	}
	return id
}

// titleOf returns a channel's name for people.
func titleOf(c control.Channel, s state) string {
	if !c.Direct {
		return "#" + c.Name
	}
	if i := slices.IndexFunc(s.Users, func(u control.User) bool { return u.ID == c.IM }); i >= 0 {
		return "direct messages with " + s.Users[i].RealName
	}
	return c.ID
}

// click presses the newest button of that label that somebody sees.
func (p *runner) click(ctx context.Context, actor control.User, channel, label string) error {
	messages, err := p.messages(ctx, channel, actor.ID)
	if err != nil {
		return err
	}
	var labels []string
	for _, m := range slices.Backward(messages) {
		for _, b := range m.buttons() {
			if b.label == label {
				return p.act(ctx, control.Click{User: actor.ID, Channel: channel, TS: m.TS, Action: b.action, Block: b.block, Value: b.value})
			}
			labels = append(labels, b.label)
		}
	}
	slices.Sort(labels)
	return &refusal{reason: fmt.Sprintf("%s sees no button %q there; the buttons are: %s", actor.RealName, label, strings.Join(slices.Compact(labels), ", "))}
}
