package templates

import (
	"regexp"
	"strings"

	"github.com/slack-go/slack"
)

// parts holds what a file of words says.
type parts struct {
	heading, facts, body, next, note string
}

// What templates leave between their lines, to be laid out evenly.
var (
	ends  = regexp.MustCompile(` +\n`)
	gaps  = regexp.MustCompile(`\n{3,}`)
	lines = regexp.MustCompile(`\s*\n\s*`)
)

// render executes the parts that a file has.
func (t *Templates) render(file string, data any) (parts, error) {
	var p parts
	for part, into := range map[string]*string{
		"heading": &p.heading, "facts": &p.facts, "body": &p.body, "next": &p.next, "note": &p.note,
	} {
		said, _, err := t.words.execute(file, part, data)
		if err != nil {
			return parts{}, err
		}
		*into = said
	}
	p.facts = lines.ReplaceAllString(p.facts, "\n")
	return p, nil
}

// budgets are the lengths to which texts from people are shortened, the longest
// first, until a message's plain text fits as a whole.
var budgets = []int{limitSaid, 1700, 1100, 700, 400, 200, 100}

// compose makes a message's text and blocks from one file. The blocks show more
// of what people wrote than the text has room for.
func (t *Templates) compose(file string, data func(budget int) any, buttons []slack.BlockElement) (string, []slack.Block, error) {
	shown, err := t.render(file, data(limitSaid))
	if err != nil {
		return "", nil, err
	}
	said := shown
	for _, budget := range budgets[1:] {
		if length(said.text()) <= limitText {
			break
		}
		if said, err = t.render(file, data(budget)); err != nil {
			return "", nil, err
		}
	}
	return cut(said.text(), limitText), shown.blocks(buttons), nil
}

// text returns all that the parts say.
func (p parts) text() string {
	var all []string
	for _, part := range []string{p.heading, p.facts, p.body, p.next, p.note} {
		if part != "" {
			all = append(all, part)
		}
	}
	return strings.Join(all, "\n")
}

// blocks lays the parts out. Buttons come where the text says what to do.
func (p parts) blocks(buttons []slack.BlockElement) []slack.Block {
	var all []slack.Block
	if p.heading != "" {
		title := plain(mrkdwn(p.heading))
		all = append(all, slack.NewHeaderBlock(label(title, limitHeader)))
		if length(title) > limitHeader { // the large line had to be cut
			all = append(all, sections("*"+p.heading+"*")...)
		}
	}
	all = append(all, columns(p.facts)...)
	all = append(all, sections(cut(p.body, limitBody))...)
	all = append(all, sections(cut(p.next, limitNext))...)
	if len(buttons) > 0 {
		all = append(all, slack.NewActionBlock(BlockActions, buttons...))
	}
	if p.note != "" {
		all = append(all, slack.NewContextBlock("", marked(cut(p.note, limitNote))))
	}
	return all[:min(len(all), limitBlocks)]
}

// sections lays text of any length out.
func sections(s string) []slack.Block {
	var all []slack.Block
	for _, chunk := range split(s, limitSection) {
		all = append(all, slack.NewSectionBlock(marked(chunk), nil, nil))
	}
	return all
}

// columns lays short lines out, two side by side.
func columns(facts string) []slack.Block {
	var all []slack.Block
	var fields []*slack.TextBlockObject
	for line := range strings.SplitSeq(facts, "\n") {
		if line == "" {
			continue
		}
		if len(fields) == limitFields {
			all, fields = append(all, slack.NewSectionBlock(nil, fields, nil)), nil
		}
		fields = append(fields, marked(cut(line, limitField)))
	}
	if len(fields) > 0 {
		all = append(all, slack.NewSectionBlock(nil, fields, nil))
	}
	return all
}

// marked shows mrkdwn as it is: Slack looks for no links or mentions of its own.
func marked(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, s, false, true)
}

// label shows plain text within a limit.
func label(s string, limit int) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, cutPlain(s, limit), true, false)
}
