package templates

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/notice"
)

// Reply is an answer that only the person who asked sees.
type Reply struct {
	Text   string
	Blocks []slack.Block
}

// Declared answers whoever declared it.
func (t *Templates) Declared(inc incident.Incident) (Reply, error) {
	return t.reply("reply/declared", t.about(inc), nil)
}

// Done answers any other command with what it recorded; no entries: all of it
// had been recorded before.
func (t *Templates) Done(inc incident.Incident, entries []incident.Entry) (Reply, error) {
	now := t.now()
	return t.reply("reply/done", func(budget int) any {
		d := doneView{messageView: t.messageView(inc, incident.Entry{}, notice.Address{}, incident.Audience{}, now, budget)}
		for _, e := range entries {
			d.Entries = append(d.Entries, entryView{d.frame, e})
		}
		return d
	}, nil)
}

// doneView shows an incident and what a command did to it.
type doneView struct {
	messageView
	Entries []entryView
}

// Status shows how an incident stands. It has to be loaded with its dead letters.
func (t *Templates) Status(inc incident.Incident) (Reply, error) {
	return t.reply("channel/card", t.about(inc), nil)
}

// Controls shows how an incident stands, with its card's buttons.
func (t *Templates) Controls(inc incident.Incident) (Reply, error) {
	buttons, err := t.controls(inc)
	if err != nil {
		return Reply{}, err
	}
	return t.reply("channel/card", t.about(inc), buttons)
}

// listRows lists how many incidents a list shows, the most first, until it fits.
var listRows = []int{20, 15, 10, 5}

// List lists the open incidents.
func (t *Templates) List(open []incident.Summary) (r Reply, err error) {
	for _, rows := range listRows {
		if r, err = t.reply("reply/list", t.list(open, rows), nil); err != nil || r.Blocks != nil {
			break
		}
	}
	return r, err
}

// Help lists the verbs.
func (t *Templates) Help(verbs []incident.Verb) (Reply, error) {
	h := helpView{t: t}
	for _, v := range verbs {
		usage, err := t.phrase("verbs/"+string(v), "usage", h)
		if err != nil {
			return Reply{}, err
		}
		summary, err := t.phrase("verbs/"+string(v), "summary", h)
		if err != nil {
			return Reply{}, err
		}
		h.Verbs = append(h.Verbs, verbView{usage, summary})
	}
	return t.reply("reply/help", func(int) any { return h }, nil)
}

// helpView shows the commands.
type helpView struct {
	t     *Templates
	Verbs []verbView
}

// Severities returns the key of each severity, "P0|P1|P2".
func (v helpView) Severities() mrkdwn {
	var keys []string
	for _, rules := range v.t.policy.Severities {
		keys = append(keys, string(named(string(rules.Severity))))
	}
	return mrkdwn(strings.Join(keys, "|"))
}

// Unknown answers a word that is no command: with the command that it most likely
// means, "" if none is near, and with the one that declares what was typed.
func (t *Templates) Unknown(word, meant, declare string) (Reply, error) {
	v := unknownView{Word: quoted(word, limitWord), Declare: quoted(declare, limitCommand)}
	if meant != "" {
		v.Meant = quoted(meant, limitCommand)
	}
	return t.reply("reply/unknown", func(int) any { return v }, nil)
}

// limitCommand bounds how much of a command is repeated to whoever mistyped it.
const limitCommand = 200

// unknownView shows a word that is no command, and commands instead, in code spans.
type unknownView struct{ Word, Meant, Declare mrkdwn }

// verbView shows how a verb is typed, and what it does.
type verbView struct{ Usage, Summary mrkdwn }

// Failed says that Muster could not do what it was asked to, and that nothing
// was recorded; or that it is uncertain whether anything was.
func (t *Templates) Failed(reference string, uncertain bool) Reply {
	r, err := t.reply("reply/failed", func(int) any { return failedView{quoted(reference, limitWord), uncertain} }, nil)
	if err != nil {
		panic(fmt.Sprintf("templates: %v", err)) // the words depend on nothing else: cannot happen
	}
	return r
}

// failedView shows what to ask whoever runs Muster about.
type failedView struct {
	Reference mrkdwn // in a code span
	Uncertain bool
}

// reply makes an answer that fits an acknowledgement: texts from people are
// shortened until it does.
func (t *Templates) reply(file string, data func(budget int) any, buttons []slack.BlockElement) (r Reply, err error) {
	for _, most := range budgets {
		r.Text, r.Blocks, err = t.compose(file, func(budget int) any { return data(min(budget, most)) }, buttons)
		if err != nil || r.fits() {
			return r, err
		}
	}
	r.Blocks = nil // the text says it all, and always fits
	return r, nil
}

// fits reports whether an acknowledgement can carry the answer.
func (r Reply) fits() bool {
	b, err := json.Marshal(r)
	return err == nil && len(b) <= limitAnswer
}
