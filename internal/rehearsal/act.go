package rehearsal

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// do lets somebody act. The error is a [refusal] where that did not work.
func (p *player) do(ctx context.Context, s timed) error {
	var err error
	if p.state, err = p.client.state(ctx); err != nil {
		return err
	}
	who, _ := s.who.find(p.Policy, p.state) // that there is somebody was seen before
	id, name, err := p.room(s.in, who)
	if err != nil {
		return err
	}
	p.tell(s.at, "%s %s in %s: %s", who.RealName, s.do.kind, name, s.do.text)
	switch s.do.kind {
	case types:
		command, text, _ := strings.Cut(s.do.text, " ")
		err = p.post(ctx, "command", map[string]string{"user": who.ID, "channel": id, "command": command, "text": text})
	case presses:
		err = p.press(ctx, who, id, s.do.text)
	default:
		return p.post(ctx, "message", map[string]string{"user": who.ID, "channel": id, "text": s.do.text})
	}
	if err != nil {
		return err
	}
	return p.opened(ctx, s, who)
}

// room is where somebody acts: the channel for the workspace, and its name.
func (p *player) room(in scene, who user) (id, name string, err error) {
	own, opened := p.incident()
	if _, ok := in.direct(); ok {
		return p.state.Bot.User, "direct messages with Muster", nil
	}
	switch {
	case in == "" && !opened:
		return defaultRoom, defaultRoom, nil
	case (in == "" || in == inIncident) && opened:
		return own.ID, "#" + own.Name, nil
	case in == inIncident:
		return "", "", &refusal{why: "the incident has no channel"}
	case in == announcements && p.Policy.Announce == "":
		return "", "", &refusal{why: "this configuration announces incidents nowhere"}
	case in == announcements:
		return string(p.Policy.Announce), p.nameOf(string(p.Policy.Announce)), nil
	}
	if _, ok := p.channel(func(c channel) bool { return "#"+c.Name == string(in) }); !ok {
		return "", "", &refusal{why: fmt.Sprintf("%s sees no channel %s", who.RealName, in)}
	}
	return string(in), string(in), nil
}

func (p *player) nameOf(id string) string {
	if c, ok := p.channel(func(c channel) bool { return c.ID == id }); ok {
		return c.title(p.state)
	}
	return id
}

// title is a channel's name for people.
func (c channel) title(s state) string {
	if !c.Direct {
		return "#" + c.Name
	}
	if i := slices.IndexFunc(s.Users, func(u user) bool { return u.ID == c.With }); i >= 0 {
		return "direct messages with " + s.Users[i].RealName
	}
	return c.ID
}

// press presses the newest button of that label that somebody sees.
func (p *player) press(ctx context.Context, who user, room, label string) error {
	messages, err := p.messages(ctx, room, who.ID)
	if err != nil {
		return err
	}
	var labels []string
	for _, m := range slices.Backward(messages) {
		for _, b := range m.buttons() {
			if b.label == label {
				return p.post(ctx, "click", map[string]string{
					"user": who.ID, "channel": room, "ts": m.TS, "action_id": b.action, "block_id": b.block, "value": b.value,
				})
			}
			labels = append(labels, b.label)
		}
	}
	slices.Sort(labels)
	return &refusal{why: fmt.Sprintf("%s sees no button %q there; there are: %s", who.RealName, label, strings.Join(slices.Compact(labels), ", "))}
}
