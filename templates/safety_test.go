package templates_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"pgregory.net/rapid"

	"muster/internal/digest"
	"muster/internal/incident"
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/sandbox/blockkit"
)

// anything returns an entry with the facts of every kind, to go with any template.
func anything(at time.Time, say func(string) string) incident.Entry {
	e := incident.Entry{
		Seq: 999, At: at, By: ana, Kind: incident.EntryReopened,
		Facts: map[string]string{
			"status": "identified", "from": "L1", "to": "L2", "after": "1h30m0s", "late": "14m0s",
			"offline_from": at.Add(-time.Hour).Format(time.RFC3339), "offline_to": at.Format(time.RFC3339),
		},
	}
	for _, k := range []string{"text", "eta", "summary", "cause", "why", "reason"} {
		e.Facts[k] = say(k)
	}
	return e
}

// messages returns every posted message there are words for, with whom it addresses.
func messages(t testing.TB) map[string]notice.Notice {
	t.Helper()
	all := map[string]notice.Notice{}
	for reader, to := range map[string]notice.Address{
		"channel": {InChannel: true}, "direct": {User: "U0LEAD", Level: 2}, "announcement": {Channel: "C0INCIDENTS"},
	} {
		files, err := filepath.Glob(filepath.Join("words", "slack", reader, "*.tmpl"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no words for %s: %v", reader, err)
		}
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".tmpl")
			if name == "shared" {
				continue
			}
			all[reader+"/"+name] = notice.Notice{Op: notice.OpPost, Template: notice.Template(name), To: to, Entry: 999}
		}
	}
	return all
}

// everything renders all messages, answers and forms of an incident.
func everything(t testing.TB, s *story, e incident.Entry, typed string) map[string]any {
	t.Helper()
	now, out := s.templates(), map[string]any{}
	s.i.Loaded.Entries[e.Seq] = e
	for name, n := range messages(t) {
		if n.To.Channel != "" && s.i.Private {
			continue // which nobody gets
		}
		out[name] = s.render(n)
	}
	open := []incident.Summary{s.row(), s.row(), s.row()}
	out["declared"] = answer(t)(now.Declared(s.i))
	out["done"] = answer(t)(now.Done(s.i, []incident.Entry{e, e}))
	out["status"] = answer(t)(now.Status(s.i))
	out["controls"] = answer(t)(now.Controls(s.i))
	out["list"] = answer(t)(now.List(slices.Repeat(open, 8)))
	out["digest"] = rendered(t, digestOf(s, 1))
	out["digest of many"] = rendered(t, digestOf(s, 30))
	out["help"] = answer(t)(now.Help(slices.Sorted(maps.Values(verbs(t)))))
	out["unknown"] = answer(t)(now.Unknown(typed, typed, typed))
	out["failed"] = answer(t)(now.Failed(typed, true), nil)
	for v, f := range forms(t, s, open) {
		out["form "+string(v)] = view(t)(f.View())
	}
	for _, code := range []string{"unknown_role", "no_incident_here"} {
		r := &incident.Rejection{Code: code, Args: incident.Args{"word": typed, "command": typed}}
		reply, err := now.Rejected(r)
		out[code] = answer(t)(reply, err)
		out[code+" in place of a form"] = now.RefusedView(reply)
	}
	return out
}

// digestOf returns a digest that has the incident so many times in each list,
// whether it is open or not.
func digestOf(s *story, times int) digest.Digest {
	row := digest.Row{Summary: s.row()}
	if times > 1 { // which would cut one that is longer than can be declared for each of its sizes
		row.Title = row.Title[:min(len(row.Title), incident.MaxTitle)]
	}
	rows := slices.Repeat([]digest.Row{row}, times)
	return digest.Digest{
		Period: digest.Period{Since: s.now.Add(-time.Hour)}, Now: s.now, Open: rows, Declared: rows, Escalated: rows, Resolved: rows,
		Private: digest.Counts{Open: times, Declared: times, Escalated: times, Resolved: times}, Response: digest.Response{Met: 1, Missed: times},
	}
}

// texts returns all that an output shows, with where in it that is: what Slack reads
// as markup, and what it shows as it is.
func texts(t testing.TB, v any) (marked, plain map[string]string) {
	t.Helper()
	marked, plain = map[string]string{}, map[string]string{}
	if s, ok := v.(said); ok {
		marked["text"] = s.Text
	}
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	var walk func(string, any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			switch text, _ := v["text"].(string); v["type"] {
			case "mrkdwn":
				marked[at] = text
			case "plain_text":
				plain[at] = text
			}
			for k, of := range v {
				walk(at+"/"+k, of)
			}
		case []any:
			for n, of := range v {
				walk(fmt.Sprintf("%s/%d", at, n), of)
			}
		}
	}
	walk("", tree)
	return marked, plain
}

// markup matches all that Muster itself may put between angle brackets.
var markup = regexp.MustCompile(`<(@[A-Z0-9]+|#[A-Z0-9]+|!subteam\^[A-Z0-9]+|https?://[^<>|]+|!date\^\d+\^[a-z_{} ]+\|[0-9: UTC-]+)>|&(amp|lt|gt);`)

// harmless reports whether people's text has stayed text.
func harmless(marked string) bool {
	return !strings.ContainsAny(markup.ReplaceAllString(quote.ReplaceAllString(marked, ""), ""), "<>&")
}

// quote matches what begins a line of a quote.
var quote = regexp.MustCompile(`(?m)^> ?`)

// nasty draws what people and programs type on bad days.
func nasty() *rapid.Generator[string] {
	bit := rapid.OneOf(
		rapid.SampledFrom([]string{
			"<!channel>", "<!here|x>", "<@U0EVE>", "<#C0SECRET|secret>", "&", "&amp;", "<", ">", "|", "*", "`", "```", "~",
			"\n", "\n\n\n", "\n# ", "{{.Title}}", "https://example.com/?a=b&c=d", "https://" + strings.Repeat("x", 4000),
			"🚨", "👩‍🚒", "שלום עולם", "\u202eevil", "<!date^1^{time}|x>", "a word ", "\x00", "\xff",
		}),
		rapid.String(),
	)
	return rapid.Custom(func(t *rapid.T) string {
		s := strings.Join(rapid.SliceOfN(bit, 0, 12).Draw(t, "bits"), "")
		if s == "" {
			return s
		}
		most := 1 + 10000/len(s)
		s = strings.Repeat(s, rapid.SampledFrom([]int{1, 1, 1, 1, min(5, most), most}).Draw(t, "times"))
		return s[:min(len(s), 10000)]
	})
}

// TestEverything_AnyText_FitsAndStaysText: whatever people write, every output fits Slack's limits, and
// nothing of it becomes markup.
func TestEverything_AnyText_FitsAndStaysText(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := atWork(t)
		s.i.Number = rapid.SampledFrom([]incident.Number{1, math.MaxInt32}).Draw(rt, "number")
		text := nasty()
		for n := range s.policy.Roles {
			s.policy.Roles[n].Name = "a" + text.Draw(rt, "role")
		}
		for n := range s.policy.Levels {
			s.policy.Levels[n].Name = text.Draw(rt, "level")
		}
		for n := range s.policy.Severities {
			s.policy.Severities[n].Name, s.policy.Severities[n].Meaning = "a"+text.Draw(rt, "name"), text.Draw(rt, "meaning")
		}
		s.i.Title = text.Draw(rt, "title")
		s.say(incident.TopicImpact, map[string]string{"impact": text.Draw(rt, "impact")})
		s.say(incident.TopicProgress, map[string]string{"text": text.Draw(rt, "progress"), "eta": text.Draw(rt, "ETA")})
		s.say(incident.TopicResolution, map[string]string{"summary": text.Draw(rt, "summary"), "cause": text.Draw(rt, "cause")})
		s.i.Status = rapid.SampledFrom([]incident.Status{
			incident.Investigating, incident.Resolved, incident.Closed, incident.Cancelled,
		}).Draw(rt, "status")
		if !s.i.Status.Open() {
			s.i.Ended = incident.Stamp{By: ben, At: s.now}
		}
		reason := text.Draw(rt, "reason")
		for _, name := range incident.StepNames() {
			s.i.Steps[name] = incident.Outcome{State: incident.StepDone, Reason: reason}
		}
		s.undelivered(t, 7, reason)
		e := anything(s.now, func(k string) string { return text.Draw(rt, k) })
		e.Kind = rapid.SampledFrom(incident.EntryKinds()).Draw(rt, "kind")
		for name, out := range everything(t, s, e, text.Draw(rt, "typed")) {
			marked, _ := texts(t, out)
			for at, m := range marked {
				if !harmless(m) {
					rt.Errorf("%s%s: people's text became markup: %.300q", name, at, m)
				}
			}
			for _, problem := range refused(t, out) {
				rt.Errorf("%s: %s", name, problem)
			}
		}
		if topic := s.templates().Topic(s.i); size(topic) > 250 || !harmless(topic) {
			rt.Errorf("topic: %.300q", topic)
		}
	})
}

// TestEverything_LongestText_Fits: as much as people may write, of what grows most by escaping.
func TestEverything_LongestText_Fits(t *testing.T) {
	s := atWork(t)
	title, text := strings.Repeat("&", incident.MaxTitle), strings.Repeat("&", incident.MaxText)
	s.i.Title = title
	s.say(incident.TopicImpact, map[string]string{"impact": text})
	s.say(incident.TopicProgress, map[string]string{"text": text, "eta": title})
	s.say(incident.TopicResolution, map[string]string{"summary": text, "cause": text})
	e := anything(s.now, func(string) string { return text })
	for name, out := range everything(t, s, e, text) {
		for _, problem := range refused(t, out) {
			t.Errorf("%s: %s", name, problem)
		}
	}
}

// size counts UTF-16 units, never less than what Slack counts.
func size(s string) int { return len(utf16.Encode([]rune(s))) }

// refused returns what Slack would not take of an output.
func refused(t testing.TB, out any) []string {
	t.Helper()
	raw, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	var layout map[string]any
	if err := json.Unmarshal(raw, &layout); err != nil {
		t.Fatal(err)
	}
	var problems []string
	if s, ok := out.(said); ok {
		blocks, _ := layout["Blocks"].([]any)
		for _, p := range blockkit.Message(blocks, nil) {
			problems = append(problems, fmt.Sprint(p))
		}
		if n := size(s.Text); n == 0 || n > 4000 {
			problems = append(problems, fmt.Sprintf("the text has %d characters", n))
		}
		if n := blockkit.Size(blocks); n > 13000 {
			problems = append(problems, fmt.Sprintf("the blocks have %d characters", n))
		}
		return problems
	}
	for _, p := range blockkit.View(layout) {
		problems = append(problems, fmt.Sprint(p))
	}
	return problems
}

// TestEverything_EveryState_HasNoHole: every template renders for each severity and status.
func TestEverything_EveryState_HasNoHole(t *testing.T) {
	for _, sev := range []policy.Severity{policy.P0, policy.P1, policy.P2, policy.P3} {
		for _, status := range []incident.Status{
			incident.Investigating, incident.Identified, incident.Monitoring,
			incident.Resolved, incident.Closed, incident.Cancelled,
		} {
			s := declared(t, sev).settled().after(7 * time.Minute).acknowledged()
			s.i.Status = status
			e := anything(s.now, func(k string) string { return "the " + k })
			for name, out := range everything(t, s, e, "x") {
				for _, problem := range refused(t, out) {
					t.Errorf("%s of a %s that is %s: %s", name, sev, status, problem)
				}
				marked, plain := texts(t, out)
				shown := strings.Join(slices.Collect(maps.Values(marked)), "\n") + strings.Join(slices.Collect(maps.Values(plain)), "\n")
				for _, hole := range []string{"<no value>", "%!", "<nil>", ":* \n", "  "} {
					if strings.Contains(shown, hole) {
						t.Errorf("%s of a %s that is %s has a hole %q: %s", name, sev, status, hole, shown)
					}
				}
			}
		}
	}
}

// TestDirectMessage_ToAnOutsider_TellsNothing: who is outside a private incident is shown nothing of it, in
// whatever message.
func TestDirectMessage_ToAnOutsider_TellsNothing(t *testing.T) {
	s := private(t).settled().after(4 * time.Minute).updated(incident.Report{Text: "The bucket is closed.", ETA: "at noon"})
	e := s.entries[0]
	secret := regexp.MustCompile(`(?i)bucket|customer|noon|` + string(inChannel))
	told := 0
	for name, n := range messages(t) {
		if n.To.User == "" {
			continue
		}
		told++
		n.To.User, n.Entry = "U0OUTSIDER", e.Seq
		marked, plain := texts(t, s.render(n))
		for at, shown := range plain {
			marked["plain"+at] = shown
		}
		for at, shown := range marked {
			if found := secret.FindString(shown); found != "" {
				t.Errorf("%s: %s tells an outsider %q: %s", name, at, found, shown)
			}
		}
	}
	if told < 4 {
		t.Errorf("only %d direct messages", told)
	}
	insider := s.render(notice.Notice{Template: incident.TemplateAlert, To: notice.Address{User: ben}, Entry: e.Seq})
	if !secret.MatchString(insider.Text) {
		t.Errorf("somebody who is involved is told nothing: %s", insider.Text)
	}
}
