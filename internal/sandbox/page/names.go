package page

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

func (p *Page) person(id string) *Person {
	for i := range p.People {
		if p.People[i].ID == id {
			return &p.People[i]
		}
	}
	return nil
}

// Name returns what a person or an app is called in full.
func (p *Page) Name(id string) string {
	switch u := p.person(id); {
	case u != nil:
		return u.RealName
	case id == p.App.ID:
		return p.App.Name
	case id == slackbot:
		return "Slackbot"
	}
	return id
}

const slackbot = "USLACKBOT"

// handle returns what a person is called in a mention.
func (p *Page) handle(id string) string {
	switch u := p.person(id); {
	case u != nil:
		return u.Name
	case id == p.App.ID:
		return p.App.Handle
	case id == slackbot:
		return "Slackbot"
	}
	return id
}

// channelName returns a channel's name, where Viewer may know it.
func (p *Page) channelName(id string) string {
	for _, r := range p.Channels {
		if r.ID == id {
			return r.Name
		}
	}
	return "private channel"
}

func (p *Page) group(id string) Group {
	for _, g := range p.Groups {
		if g.ID == id {
			return g
		}
	}
	return Group{ID: id, Handle: id}
}

// encoded returns a value as JSON.
func encoded(v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("write as JSON: %w", err)
	}
	return string(raw), nil
}

var breaks = regexp.MustCompile(`[._]`)

// breakable returns a name in the pieces between which a line may break.
func breakable(name string) []string {
	return strings.Split(breaks.ReplaceAllString(name, "$0\x00"), "\x00")
}

// count returns a number of things in words.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
