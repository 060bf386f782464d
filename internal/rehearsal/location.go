package rehearsal

import (
	"fmt"
	"slices"
	"strings"

	"muster/internal/sandbox/control"
)

// target is where an expectation looks.
type target struct {
	name    string // in words
	matches func(postedMessage) bool
	channel control.Channel
	missing string // the channel that is not there, in words
	skipped string // why this configuration has no such place
}

func (p *runner) locate(e expectation) target {
	if actor, ok := e.in.direct(); ok {
		u, reason := actor.resolve(p.Policy, p.state)
		return target{name: "direct messages with " + u.RealName, skipped: reason, matches: func(m postedMessage) bool { return m.channel.Direct && m.channel.IM == u.ID }}
	}
	own, opened := p.incidentChannel()
	switch e.in {
	case inIncident:
		if !opened {
			return target{missing: "the incident's channel was never created"}
		}
		return inChannel(own)
	case announcements:
		if p.Policy.Announce == "" {
			return target{skipped: "this configuration has no announcement channel"}
		}
		if c, ok := p.channel(func(c control.Channel) bool { return c.ID == string(p.Policy.Announce) }); ok {
			return inChannel(c)
		}
		return target{missing: "announcements (" + string(p.Policy.Announce) + ")"}
	case elsewhere:
		return target{name: "any place outside the incident", matches: func(m postedMessage) bool { return m.isOutside(own) }}
	case answer:
		u, reason := e.by.resolve(p.Policy, p.state)
		return target{name: "the answer to " + u.RealName, skipped: reason, matches: func(m postedMessage) bool { return m.isAnswerTo(u) }}
	case inForm:
		u, reason := e.by.resolve(p.Policy, p.state)
		return target{name: "the form of " + u.RealName, skipped: reason, matches: func(m postedMessage) bool { return m.EphemeralTo == u.ID && m.channel.ID == formChannel.ID }}
	}
	if c, ok := p.channel(func(c control.Channel) bool { return !c.Direct && "#"+c.Name == string(e.in) }); ok {
		return inChannel(c)
	}
	return target{missing: string(e.in)}
}

// inChannel returns a channel as a place where all in it can read.
func inChannel(c control.Channel) target {
	return target{name: "#" + c.Name, channel: c, matches: func(m postedMessage) bool { return m.channel.ID == c.ID && m.EphemeralTo == "" }}
}

// isAnswerTo reports whether only one person sees a message, as an answer to them.
func (s postedMessage) isAnswerTo(u control.User) bool {
	return s.EphemeralTo == u.ID && s.channel.ID != formChannel.ID
}

// isOutside reports whether somebody reads a message who is not in a channel.
func (s postedMessage) isOutside(own control.Channel) bool {
	reader := s.EphemeralTo
	if s.channel.Direct {
		reader = s.channel.IM
	}
	if reader != "" {
		return !slices.Contains(own.Members, reader)
	}
	return s.channel.ID != own.ID
}

// locationName returns where a message of elsewhere stands, in words.
func (s postedMessage) locationName(in state) string {
	i := slices.IndexFunc(in.Users, func(u control.User) bool { return u.ID == s.EphemeralTo })
	if s.channel.ID == modalChannel.ID && i >= 0 {
		return "a modal of " + in.Users[i].RealName
	}
	if i >= 0 {
		return fmt.Sprintf("%s, visible only to %s", titleOf(s.channel, in), in.Users[i].RealName)
	}
	return titleOf(s.channel, in)
}

// channelNames returns the names of all channels, to be shown in one line.
func (p *runner) channelNames() string {
	var all []string
	for _, c := range p.state.Channels {
		if !c.Direct {
			all = append(all, "#"+c.Name)
		}
	}
	return strings.Join(all, ", ")
}

// incidentChannel returns the incident's own channel: the first that Muster opened.
func (p *runner) incidentChannel() (control.Channel, bool) {
	return p.channel(func(c control.Channel) bool { return !c.Direct && c.Creator == p.state.Bot.User })
}

func (p *runner) channel(is func(control.Channel) bool) (control.Channel, bool) {
	i := slices.IndexFunc(p.state.Channels, is)
	if i < 0 {
		return control.Channel{}, false
	}
	return p.state.Channels[i], true
}
