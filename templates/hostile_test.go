package templates_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"muster/internal/incident"
)

// forged returns texts that imitate a field of Muster's own: after a line break of
// each kind, within a line, in the places where a text may be cut.
func forged() map[string]string {
	field := "*Status:* Resolved"
	all := map[string]string{
		"inline": "fine " + field, "alone": field, "nested": "fine **Status:* x*" + field, "italic": "fine *_Status:_* Resolved", "wide": "fine *Status：* Resolved",
		"brackets": "(" + field + ")", "colon outside": "fine *Status*: Resolved", "quote closed": "> a\n" + field + "\n> b", "code": "```\n" + field + "\n```",
		"fence left open": "``` fine", "escaped": "&gt; fine\n&gt; " + field, "long": strings.Repeat("x ", 500) + field, "many": strings.Repeat(field+"\n", 150),
		"many short": strings.Repeat("a\n", 1300) + field, "blank lines": "fine\n\n\n\n" + field,
	}
	for _, end := range []string{"\n", "\r", "\u2028"} {
		all[fmt.Sprintf("%+q", end)] = "fine" + end + field
	}
	return all
}

// resolvedLabel matches how Muster's own field would look with what the texts say.
var resolvedLabel = regexp.MustCompile(`\*_?Status_?[:：]?_?\*:? Resolved`)

// TestEverything_TextThatImitatesAField_CannotPassForOne: outside a quote, nothing
// that people write is in bold.
func TestEverything_TextThatImitatesAField_CannotPassForOne(t *testing.T) {
	for name, text := range forged() {
		s := atWork(t)
		s.i.Title = text
		s.say(incident.TopicImpact, map[string]string{"impact": text})
		s.say(incident.TopicProgress, map[string]string{"text": text, "eta": text})
		s.say(incident.TopicResolution, map[string]string{"summary": text, "cause": text})
		s.undelivered(t, 2, text)
		e := anything(s.now, func(string) string { return text })
		e.Facts["title"] = text
		outputs := everything(t, s, e, text)
		for _, kind := range incident.EntryKinds() {
			e.Kind = kind
			outputs["done "+string(kind)] = answer(t)(s.templates().Done(s.i, []incident.Entry{e}))
		}
		for what, out := range outputs {
			marked, _ := texts(t, out)
			for at, m := range marked {
				noForgery(t, name+": "+what+at, m)
			}
		}
	}
}

// noForgery fails the test where markup shows what a text imitates as a field. What
// is in a code span was typed by somebody, and shown to nobody else.
func noForgery(t *testing.T, where, marked string) {
	t.Helper()
	if strings.Count(marked, "```")%2 != 0 {
		t.Errorf("%s leaves a block of code open: %.200q", where, marked)
	}
	for line := range strings.SplitSeq(marked, "\n") {
		if resolvedLabel.MatchString(span.ReplaceAllString(line, "")) && !strings.HasPrefix(line, "> ") {
			t.Errorf("%s: %.200q passes for a field", where, line)
		}
	}
}

// span finds code within a line.
var span = regexp.MustCompile("`[^`]*`")

// TestAnswers_OfWideCharacters_FitAnAcknowledgement: whatever is asked, the answer
// arrives, however many bytes the characters take.
func TestAnswers_OfWideCharacters_FitAnAcknowledgement(t *testing.T) {
	for _, char := range []string{"界", "𝔘", "é", "&", "<", `"`, `\`, "*", "`", "x\n"} {
		s := atWork(t)
		most := func(limit int) string { return strings.Repeat(char, limit/len([]rune(char))) }
		s.i.Title = most(incident.MaxTitle)
		s.say(incident.TopicImpact, map[string]string{"impact": most(incident.MaxText)})
		s.say(incident.TopicProgress, map[string]string{"text": most(incident.MaxText), "eta": most(incident.MaxTitle)})
		s.say(incident.TopicResolution, map[string]string{"summary": most(incident.MaxText), "cause": most(incident.MaxText)})
		s.undelivered(t, 7, most(300))
		e := anything(s.now, func(string) string { return most(incident.MaxText) })
		now, rows := s.templates(), slices.Repeat([]incident.Summary{s.row()}, 60)
		refusal := &incident.Rejection{Code: "no_incident_here", Args: incident.Args{"command": most(incident.MaxText)}}
		rejected, err := now.Rejected(refusal)
		for what, out := range map[string]said{
			"status": answer(t)(now.Status(s.i)), "controls": answer(t)(now.Controls(s.i)), "declared": answer(t)(now.Declared(s.i)),
			"done": answer(t)(now.Done(s.i, slices.Repeat([]incident.Entry{e}, 3))), "list": answer(t)(now.List(rows)),
			"digest": answer(t)(now.DigestReply(digestOf(s, 60))), "unknown": answer(t)(now.Unknown(most(3000), most(3000), most(3000))),
			"help": answer(t)(now.Help(slices.Sorted(maps.Values(verbs(t))))), "rejected": answer(t)(rejected, err),
		} {
			frame, err := json.Marshal(map[string]any{
				"envelope_id": strings.Repeat("0", 36),
				"payload":     map[string]any{"response_type": "ephemeral", "text": out.Text, "blocks": out.Blocks},
			})
			if err != nil || len(frame) >= 20_480 {
				t.Errorf("%s of %q: %d bytes, %v", what, char, len(frame), err)
			}
			if what != "help" && len(out.Blocks) == 0 {
				t.Errorf("%s of %q has lost its blocks", what, char)
			}
			for _, problem := range refused(t, out) {
				t.Errorf("%s of %q: %s", what, char, problem)
			}
		}
		if status := answer(t)(now.Status(s.i)); char == "界" && !strings.Contains(status.Text, "see <#"+string(s.i.Channel)+"> for the rest") {
			t.Errorf("a shortened status does not say so: %.300s", status.Text)
		}
	}
}
