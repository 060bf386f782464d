package templates

import (
	"strings"
	"time"

	"muster/internal/policy"
	"muster/internal/slackid"
)

// frame holds what every view is made in. It turns what the domain holds into
// mrkdwn, which is all that templates ever see.
type frame struct {
	t      *Templates
	now    time.Time
	budget int // for one text from people, in characters
}

// text returns what people wrote, safe to show and within the budget.
func (f frame) text(s string) mrkdwn { return written(s, f.budget) }

// line returns what people wrote, in one line.
func (f frame) line(s string) mrkdwn { return inline(s, f.budget) }

// level names a level: "L2 (Senior engineer and tech lead)".
func (f frame) level(l policy.Level) mrkdwn {
	name := f.t.policy.Level(l).Name
	if name == "" {
		return mrkdwn(l.String())
	}
	return mrkdwn(l.String()) + " (" + named(name) + ")"
}

// holders mentions whoever is paged at a level.
func (f frame) holders(l policy.Level) (mrkdwn, error) { return f.people(f.t.policy.Holders(l)) }

// limitMentions bounds how many people one message names.
const limitMentions = 30

// people mentions people, and notifies them where it is posted.
func (f frame) people(p policy.People) (mrkdwn, error) {
	var all []string
	for g := range p.Groups.All() {
		all = append(all, g.Mention())
	}
	for u := range p.Users.All() {
		all = append(all, u.Mention())
	}
	if len(all) == 0 {
		return "", nil
	}
	more := max(0, len(all)-limitMentions)
	return f.t.phrase("people", "people", peopleView{mrkdwn(strings.Join(all[:len(all)-more], ", ")), more})
}

// peopleView shows the people whom a message names, and how many more there are.
type peopleView struct {
	Named mrkdwn
	More  int
}

// severity names a severity: "P1 High".
func (f frame) severity(s policy.Severity) mrkdwn {
	return named(strings.TrimSpace(string(s) + " " + f.t.policy.Severity(s).Name))
}

// role names a role: "Tech Lead". One that the policy no longer knows has its key.
func (f frame) role(r policy.Role) mrkdwn {
	if name := f.t.policy.Role(r).Name; name != "" {
		return named(name)
	}
	return named(string(r))
}

// limitReason bounds how much is shown of why something failed.
const limitReason = 300

// reason returns why something failed. It may name the configuration's user groups,
// which [inline] lets nobody mention.
func (f frame) reason(s string) mrkdwn {
	shown := string(inline(s, limitReason))
	for _, rules := range f.t.policy.Roles {
		for g := range rules.Holder.Groups.All() {
			shown = strings.ReplaceAll(shown, escape(g.Mention()), g.Mention())
		}
	}
	return mrkdwn(shown)
}

// channel links a channel, "" where there is none.
func channel(c slackid.Channel) mrkdwn {
	if c == "" {
		return ""
	}
	return mrkdwn(c.Mention())
}
