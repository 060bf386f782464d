package templates

import (
	"github.com/slack-go/slack"

	"muster/internal/incident"
)

// Reply is an answer that only the person who asked sees.
type Reply struct {
	Text   string
	Blocks []slack.Block
}

// Declared answers whoever declared it.
func (t *Templates) Declared(i incident.Incident) (Reply, error) {
	return t.reply("declared", t.page(i, incident.Notice{}), nil)
}

// Done answers any other command with what it recorded; no entries: all of it
// had been recorded before.
func (t *Templates) Done(i incident.Incident, entries []incident.Entry) (Reply, error) {
	now := t.now()
	return t.reply("done", func(room int) any {
		d := done{page: page{t: t, i: i, now: now, budget: room}}
		for _, e := range entries {
			d.Entries = append(d.Entries, page{t: t, i: i, n: incident.Notice{Entry: &e}, now: now, budget: room})
		}
		return d
	}, nil)
}

type done struct {
	page
	Entries []page
}

// Status is how an incident stands.
func (t *Templates) Status(i incident.Incident) (Reply, error) {
	return t.reply("card", t.page(i, incident.Notice{}), nil)
}

// Controls is how an incident stands, with its card's buttons.
func (t *Templates) Controls(i incident.Incident) (Reply, error) {
	return t.reply("card", t.page(i, incident.Notice{}), t.buttons(i))
}

// limitList is how many incidents a list shows.
const limitList = 20

// List is the open incidents.
func (t *Templates) List(open []incident.Incident) (Reply, error) {
	return t.reply("list", func(room int) any { return t.listing(open, limitList, room) }, nil)
}

type listing struct {
	Incidents []page
	More      int
}

// listing is the first incidents, and how many more there are.
func (t *Templates) listing(all []incident.Incident, limit, room int) listing {
	now, l := t.now(), listing{More: max(0, len(all)-limit)}
	for _, i := range all[:min(len(all), limit)] {
		l.Incidents = append(l.Incidents, page{t: t, i: i, now: now, budget: room})
	}
	return l
}

// Topic is one command, as the help shows it.
type Topic struct {
	Usage   string // "/incident ack"
	Summary string
}

// limitUsage is how much of a command's usage or summary is shown.
const limitUsage = 300

// Help lists the commands. Where somebody typed an unknown word, it says so
// first, with the nearest command's word if there is one ("ack").
func (t *Templates) Help(topics []Topic, unknown, nearest string) (Reply, error) {
	var h help
	if unknown != "" {
		h.Unknown = quoted(unknown)
	}
	if nearest != "" {
		h.Nearest = quoted("/incident " + nearest)
	}
	for _, topic := range topics {
		h.Topics = append(h.Topics, helpLine{Usage: escapeText(topic.Usage, limitUsage), Summary: escapeText(topic.Summary, limitUsage)})
	}
	return t.reply("help", func(int) any { return h }, nil)
}

type help struct {
	Unknown, Nearest mrkdwn // in code spans
	Topics           []helpLine
}

type helpLine struct{ Usage, Summary mrkdwn }

// Rejected says why something was refused.
func (t *Templates) Rejected(r *incident.Rejection) Reply {
	text := cut(r.Text, limitSection)
	return Reply{Text: text, Blocks: sections(text)}
}

// Failed says that Muster could not do what it was asked to. recorded is what
// is known to have been recorded all the same, as a sentence; "" is nothing.
func (t *Templates) Failed(reference, recorded string) Reply {
	what := mrkdwn("*Nothing was recorded.* Please try again in a minute. If it fails again, carry on without Muster, note what happens and when, and")
	if recorded != "" {
		what = escapeText(recorded, limitUsage) + " Please check `/incident status` before you try again. If it fails again,"
	}
	text := cut(string("Something went wrong. "+what+" give whoever runs Muster this reference: "+quoted(reference)), limitText)
	return Reply{Text: text, Blocks: sections(text)}
}

func (t *Templates) reply(name string, data func(room int) any, buttons []slack.BlockElement) (Reply, error) {
	text, blocks, err := t.compose(name, data, buttons)
	return Reply{Text: text, Blocks: blocks}, err
}
