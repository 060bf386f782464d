package rehearsal

import (
	"fmt"
	"slices"
	"strings"
)

// spot is where an expectation looks.
type spot struct {
	name    string // in words
	fits    func(said) bool
	room    channel
	absent  string // the channel that is not there, in words
	skipped string // why this configuration has no such place
}

func (p *player) place(e expectation) spot {
	if who, ok := e.in.direct(); ok {
		u, why := who.find(p.Policy, p.state)
		return spot{name: "direct messages with " + u.RealName, skipped: why, fits: func(m said) bool { return m.where.Direct && m.where.With == u.ID }}
	}
	own, opened := p.incident()
	switch e.in {
	case inIncident:
		if !opened {
			return spot{absent: "the incident's own was not opened"}
		}
		return open(own)
	case announcements:
		if p.Policy.Announce == "" {
			return spot{skipped: "this configuration announces incidents nowhere"}
		}
		if c, ok := p.channel(func(c channel) bool { return c.ID == string(p.Policy.Announce) }); ok {
			return open(c)
		}
		return spot{absent: "the one for announcements, " + string(p.Policy.Announce)}
	case elsewhere:
		return spot{name: "any place outside the incident", fits: func(m said) bool { return m.outside(own) }}
	case answer:
		u, why := e.by.find(p.Policy, p.state)
		return spot{name: "the answer to " + u.RealName, skipped: why, fits: func(m said) bool { return m.answers(u) }}
	case inForm:
		u, why := e.by.find(p.Policy, p.state)
		return spot{name: "the form of " + u.RealName, skipped: why, fits: func(m said) bool { return m.EphemeralTo == u.ID && m.where.ID == formRoom.ID }}
	}
	if c, ok := p.channel(func(c channel) bool { return !c.Direct && "#"+c.Name == string(e.in) }); ok {
		return open(c)
	}
	return spot{absent: string(e.in)}
}

// open is a channel as a place where all in it can read.
func open(c channel) spot {
	return spot{name: "#" + c.Name, room: c, fits: func(m said) bool { return m.where.ID == c.ID && m.EphemeralTo == "" }}
}

// answers reports whether only one person sees a message, as an answer to them.
func (s said) answers(u user) bool { return s.EphemeralTo == u.ID && s.where.ID != formRoom.ID }

// outside reports whether somebody reads a message who is not in a channel.
func (s said) outside(own channel) bool {
	reader := s.EphemeralTo
	if s.where.Direct {
		reader = s.where.With
	}
	if reader != "" {
		return !slices.Contains(own.Members, reader)
	}
	return s.where.ID != own.ID
}

// place is where a message of elsewhere stands, in words.
func (s said) place(in state) string {
	i := slices.IndexFunc(in.Users, func(u user) bool { return u.ID == s.EphemeralTo })
	if s.where.ID == modalRoom.ID && i >= 0 {
		return "a window of " + in.Users[i].RealName
	}
	if i >= 0 {
		return fmt.Sprintf("%s, to %s alone", s.where.title(in), in.Users[i].RealName)
	}
	return s.where.title(in)
}

// rooms are the names of all channels, to be shown in one line.
func (p *player) rooms() string {
	var all []string
	for _, c := range p.state.Channels {
		if !c.Direct {
			all = append(all, "#"+c.Name)
		}
	}
	return strings.Join(all, ", ")
}

// incident is the incident's own channel: the first that Muster opened.
func (p *player) incident() (channel, bool) {
	return p.channel(func(c channel) bool { return !c.Direct && c.Creator == p.state.Bot.User })
}

func (p *player) channel(is func(channel) bool) (channel, bool) {
	i := slices.IndexFunc(p.state.Channels, is)
	if i < 0 {
		return channel{}, false
	}
	return p.state.Channels[i], true
}
