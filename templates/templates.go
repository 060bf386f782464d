package templates

import (
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/internal/policy"
)

// Templates renders what people read in Slack.
type Templates struct {
	policy policy.Policy
	now    func() time.Time
	words  words

	// Refused returns the code with which Slack refuses Muster's token, "" while it
	// doesn't; nil: it is not known. Answers say so, since nothing else can.
	Refused func() string
}

// New reads the words.
func New(p policy.Policy, now func() time.Time) (*Templates, error) {
	w, err := readWords("slack")
	if err != nil {
		return nil, err
	}
	return &Templates{policy: p, now: now, words: w}, nil
}

// Message returns a posted message: its plain text, which says everything, and its
// blocks. The incident is as its audience may see it ([incident.Incident.For]),
// loaded with its texts and the notice's entry, for a card with its dead letters
// too.
func (t *Templates) Message(n notice.Notice, inc incident.Incident, a incident.Audience) (string, []slack.Block, error) {
	data, err := t.message(n, inc, a)
	if err != nil {
		return "", nil, err
	}
	file := reader(n.To) + "/" + string(n.Template)
	buttons, err := t.messageButtons(inc, file, data(limitSaid))
	if err != nil {
		return "", nil, err
	}
	return t.compose(file, data, buttons)
}

// reader returns the folder of the words for whom a notice addresses. Whoever gets
// the channel's messages because there is no channel reads the channel's words.
func reader(to notice.Address) string {
	switch {
	case to.User != "":
		return "direct"
	case to.Channel != "":
		return "announcement"
	}
	return "channel"
}

// Topic returns what the incident's channel has as its topic, where Slack shows no
// formatting and makes no links.
func (t *Templates) Topic(inc incident.Incident) string {
	v := incidentView{frame{t: t, budget: limitTopic}, inc}
	return cut(fmt.Sprintf("%s %s · %s · %s · %s", v.Severity(), v.SeverityName(), v.Status(), v.Number(), escape(incident.Visible(oneLine(inc.Title)))), limitTopic)
}
