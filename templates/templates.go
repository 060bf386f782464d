package templates

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"text/template"
	"time"

	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/policy"
)

//go:embed words/*.tmpl
var files embed.FS

// shared is the file whose definitions all templates may use.
const shared = "words/shared.tmpl"

// Templates renders what people read.
type Templates struct {
	policy policy.Policy
	now    func() time.Time
	words  map[string]*template.Template // by name: "card"
}

// New reads the templates.
func New(p policy.Policy, now func() time.Time) (*Templates, error) {
	t := &Templates{policy: p, now: now, words: map[string]*template.Template{}}
	common, err := template.New("shared").Option("missingkey=error").
		Funcs(template.FuncMap{"clip": clip}).ParseFS(files, shared)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", shared, err)
	}
	names, err := fs.Glob(files, "words/*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	for _, file := range names {
		own, err := common.Clone()
		if err == nil {
			own, err = own.ParseFS(files, file)
		}
		if err != nil {
			return nil, fmt.Errorf("parse %s: %w", file, err)
		}
		t.words[strings.TrimSuffix(path.Base(file), ".tmpl")] = own
	}
	return t, nil
}

// Message is a posted message: its plain text, which says everything, and its
// blocks. Those who are called get one of their own where there is one. What
// somebody outside a private incident gets shows nothing of it.
func (t *Templates) Message(n incident.Notice, i incident.Incident) (string, []slack.Block, error) {
	if n.To.User != "" {
		i = i.Redacted(incident.Destination{User: n.To.User})
	}
	name := string(n.Template)
	if n.To.User != "" {
		if direct := name + "_direct"; t.words[direct] != nil {
			name = direct
		}
	}
	return t.compose(name, t.page(i, n), t.messageButtons(n, i))
}

// Topic is what the incident's channel has as its topic, where Slack shows no
// formatting and makes no links.
func (t *Templates) Topic(i incident.Incident) string {
	p := page{t: t, i: i, budget: limitTopic}
	title := incident.Escape(legible(strings.Join(strings.Fields(i.Title), " ")))
	return cut(fmt.Sprintf("%s %s · %s · %s · %s", p.Severity(), p.SeverityName(), p.Status(), p.Number(), title), limitTopic)
}

// page is what a template sees, for as much room as there is for each text.
func (t *Templates) page(i incident.Incident, n incident.Notice) func(room int) any {
	now := t.now()
	return func(room int) any { return page{t: t, i: i, n: n, now: now, budget: room} }
}
