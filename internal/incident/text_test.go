package incident_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/policy"
)

// nothing lists texts that show nothing, each of another kind of character.
var nothing = []string{
	"", " \t\n", "\u200b", "\u2060", "\u3164", "\u00ad", "\u202e", "\ufe0f", "\x01", "\ufeff", "\u2800", "\u115f\u1160", "\uffa0",
	"\u180e", "\u061c", "\u2066\u2069", "\u200d", "\u200e\u200f", "\U000e0041", "\U000e0100", "\U0001d159", "\u034f", "\u2028", "\u0085", "\u3000",
	"\u200c \u200c", "<!x|>\u200c<!x|>", "<!subteam^S1|\u200b>",
}

func TestText_OfInvisibleCharacters_IsMissing(t *testing.T) {
	for _, text := range nothing {
		s := incidenttest.Declared(t, policy.P1)
		for what, step := range map[string]incident.Transition{
			"title": func(_ incident.Incident, o incident.Origin) (incident.Change, error) {
				return incident.Incident{Number: 8}.Declare(o, incident.Declaration{Title: text, Severity: policy.P1})
			},
			"update": update(text, ""),
			"reason": func(inc incident.Incident, o incident.Origin) (incident.Change, error) { return inc.Cancel(o, text) },
			"fix": func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
				return inc.Resolve(o, incident.Resolution{Summary: text})
			},
		} {
			if err := s.By(incidenttest.Ana, step); incidenttest.Code(err) != "missing" {
				t.Errorf("%s %+q: %v", what, text, err)
			}
		}
		s.Do(func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
			return inc.Escalate(o, incident.Escalation{Why: text})
		})
		if why := s.Timeline[len(s.Timeline)-1].Facts["why"]; why != "" {
			t.Errorf("why %+q: kept as %+q", text, why)
		}
	}
}

func TestVisible_WhatScriptsAndEmojiNeed_Stays(t *testing.T) {
	for _, s := range []string{
		"plain", "👩\u200d🚒 on it", "👁\ufe0f\u200d🗨\ufe0f", "⚠\ufe0f", "🏳\ufe0f\u200d🌈", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "می\u200cخواهم", "क्\u200dष", "שלום עולם", "1\ufe0f⃣", "葛\U000e0100", "a\n\tb", "\u0600123", "日本\u3000語",
	} {
		if got := incident.Visible(s); got != s {
			t.Errorf("%+q became %+q", s, got)
		}
	}
}

func TestVisible_WhatHidesOrMisleads_IsGone(t *testing.T) {
	for s, want := range map[string]string{
		"abc\u202edef": "abcdef", "a\u2067b\u2069": "ab", "in\u200bc": "inc", "a\x00b\x07": "ab", "soft\u00adhyphen": "softhyphen",
		"a\r\nb\rc\u2028d\u0085e\vf": "a\nb\nc\nd\ne\nf", "a\u200d": "a", "\u200da": "a", "a\u200d\u200d\u200db": "a\u200db", "a \u200d b": "a  b",
		"x\ufe0f\ufe0f\ufe0f": "x\ufe0f", "hi\U000e0068\U000e0069": "hi", "⠓\u2800⠓": "⠓ ⠓", "a\xffb": "a\ufffdb",
	} {
		if got := incident.Visible(s); got != want {
			t.Errorf("%+q became %+q, want %+q", s, got, want)
		}
	}
}

func TestText_MentionsFromSlack_NameNoChannelAndNotifyNoGroup(t *testing.T) {
	o := incident.Origin{By: incidenttest.Ana, At: incidenttest.Start, Policy: incidenttest.Policy()}
	typed := "ask <!subteam^S0LEADS|@leads> and <@U0ANA|ana> in <#C0SECRET|project-takeover>, not <!here>"
	c, err := incident.Incident{Number: 1}.Declare(o, incident.Declaration{Title: typed, Impact: typed, Severity: policy.P1})
	if err != nil {
		t.Fatal(err)
	}
	if want := "ask @leads and @ana in a channel, not @here"; c.After.Title != want {
		t.Errorf("title %q, want %q", c.After.Title, want)
	}
	if want := "ask @leads and <@U0ANA> in <#C0SECRET>, not @here"; c.After.Impact() != want {
		t.Errorf("impact %q, want %q", c.After.Impact(), want)
	}
}

// FuzzText: no text that is accepted shows nothing, and cleaning it again changes
// nothing.
func FuzzText(f *testing.F) {
	for _, s := range append(nothing, "👩\u200d🚒", "a\u200d\ufe0f", "🏴\U000e0067", "<#C1|x>", "<<!x|@U1>>", "x\u200e") {
		f.Add(s)
	}
	o := incident.Origin{By: incidenttest.Ana, At: incidenttest.Start, Policy: incidenttest.Policy()}
	f.Fuzz(func(t *testing.T, s string) {
		once := incident.Visible(s)
		if again := incident.Visible(once); again != once {
			t.Errorf("%+q: %+q, then %+q", s, once, again)
		}
		c, err := incident.Incident{Number: 1}.Declare(o, incident.Declaration{Title: s, Impact: s, Severity: policy.P1})
		if err != nil {
			return
		}
		for _, kept := range []string{c.After.Title, c.After.Impact()} {
			if !shows(kept) || !utf8.ValidString(kept) {
				t.Errorf("%+q was accepted as %+q", s, kept)
			}
		}
	})
}

// shows reports whether any character of a text leaves ink.
func shows(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		without := unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector) ||
			strings.ContainsRune("\u2800\u3164\uffa0\u115f\u1160\u034f\U0001d159", r)
		return !without || unicode.Is(unicode.Prepended_Concatenation_Mark, r)
	})
}
