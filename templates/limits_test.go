package templates

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"muster/internal/policy"
	"muster/internal/slackid"
)

func TestCut_BetweenPieces(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		limit int
		want  string
	}{
		"fits":                  {"short", 5, "short"},
		"is shortened":          {"shorter", 6, "short…"},
		"leaves no space":       {"to be cut", 7, "to be…"},
		"keeps an entity whole": {"a &amp; b", 6, "a…"},
		"keeps a mention whole": {"by <@U0ANA> now", 12, "by <@U0ANA>…"},
		"drops it otherwise":    {"by <@U0ANA> now", 11, "by…"},
		"counts as Slack may":   {"🚨🚨🚨", 5, "🚨🚨…"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := cut(c.text, c.limit); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestCut_AnyText_FitsInWholePieces: the result fits, and is made of whole pieces.
func TestCut_AnyText_FitsInWholePieces(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := string(escapeText(rapid.String().Draw(rt, "text"), limitSaid))
		limit := rapid.IntRange(1, 60).Draw(rt, "limit")
		got := cut(text, limit)
		if length(got) > limit {
			rt.Fatalf("%q has %d characters, more than %d", got, length(got), limit)
		}
		kept, shortened := strings.CutSuffix(got, "…")
		if !shortened || got == text {
			kept = got
		}
		if !strings.HasPrefix(text, kept) {
			rt.Fatalf("%q does not begin %q", got, text)
		}
		if i := strings.LastIndexByte(kept, '&'); i >= 0 && !strings.Contains(kept[i:], ";") {
			rt.Fatalf("%q ends within an entity", got)
		}
		if strings.Count(kept, "<") != strings.Count(kept, ">") {
			rt.Fatalf("%q ends within a mention", got)
		}
	})
}

// TestSplit_AnyText_FitsAndLosesNothing: every chunk fits, and nothing but line breaks is lost.
func TestSplit_AnyText_FitsAndLosesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := string(escapeText(rapid.StringOf(rapid.SampledFrom([]rune("ab&<>\n é🚨"))).Draw(rt, "text"), limitSaid))
		limit := rapid.IntRange(8, 60).Draw(rt, "limit")
		chunks := split(text, limit)
		for _, chunk := range chunks {
			if n := length(chunk); n > limit || n == 0 {
				rt.Fatalf("%q has %d characters, at most %d fit", chunk, n, limit)
			}
		}
		bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if got, want := bare(strings.Join(chunks, "")), bare(text); got != want {
			rt.Fatalf("got %q, want %q", got, want)
		}
	})
}

func TestCutPlain_AnyText_Fits(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.String().Draw(rt, "text")
		limit := rapid.IntRange(1, 40).Draw(rt, "limit")
		got := cutPlain(text, limit)
		if length(got) > limit || !utf8.ValidString(got) {
			rt.Fatalf("%q does not fit %d", got, limit)
		}
	})
}

func TestEscapeText_WhatPeopleWrite_IsHarmless(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want mrkdwn
	}{
		"broadcasts notify nobody":    {"<!channel> & co", "&lt;!channel&gt; &amp; co"},
		"a user stays a mention":      {"ask <@U0ANA|ana>", "ask <@U0ANA>"},
		"an address becomes a link":   {"see https://status.example/a?b=1&c=2.", "see <https://status.example/a?b=1&amp;c=2>."},
		"a label cannot hide another": {"<https://good.example|https://bad.example>", "&lt;<https://good.example>|<https://bad.example>&gt;"},
		"an address in brackets too":  {"see <https://status.example/a>", "see <https://status.example/a>"},
		"a long address stays text":   {"https://a.example/" + strings.Repeat("x", limitLink), mrkdwn("https://a.example/" + strings.Repeat("x", limitLink))},
		"overrides are dropped":       {"abc\u202edef", "abcdef"},
		"right to left stays":         {"שלום", "שלום"},
		"controls are dropped":        {"a\x00b\tc\nd", "ab\tc\nd"},
		"broken bytes are shown":      {"a\xffb", "a�b"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := escapeText(c.text, 1000); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestWritten_LinesAndBold_AreQuoted(t *testing.T) {
	for text, want := range map[string]mrkdwn{
		"all fine":                      "all fine",
		" all fine\n":                   "all fine",
		"fine\n*Status:* Resolved":      "\n> fine\n> *Status:* Resolved",
		"fine\r\rstill":                 "\n> fine\n> \n> still",
		"fine *Status:* Resolved":       "\n> fine *Status:* Resolved",
		"2*3*4 and rm *.log *.tmp":      "2*3*4 and rm *.log *.tmp",
		"```\nleft open":                "\n> '''\n> left open",
		"a\n" + strings.Repeat("x", 60): mrkdwn("\n> a\n> " + strings.Repeat("x", 32) + "…"),
	} {
		if got := written(text, 40); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestInline_Bold_IsPlain(t *testing.T) {
	for text, want := range map[string]mrkdwn{
		"fine\n*Status:* Resolved": "fine Status: Resolved", "**a* b* c": "a b c", "2*3*4": "2*3*4", "* a * b": "* a * b",
	} {
		if got := inline(text, 40); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestPlain_DropsMarkup(t *testing.T) {
	got := Plain("*INC-7* is <@U0ANA>'s; type `/incident list` &amp; look, <!date^1^{time}|03:10 UTC>")
	if want := "INC-7 is @U0ANA's; type /incident list & look, 03:10 UTC"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMentions_OfManyPeople_AreCut(t *testing.T) {
	var crowd policy.People
	for n := range limitMentions + 12 {
		crowd = crowd.With(slackid.User(fmt.Sprintf("U%03d", n)))
	}
	words, err := New(policy.Policy{}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := frame{t: words}.people(crowd)
	if got := string(shown); err != nil || !strings.HasSuffix(got, " and 12 more") || strings.Count(got, "<@") != limitMentions {
		t.Errorf("got %q", got)
	}
}
