package handlers

import (
	"testing"
	"unicode/utf8"

	"muster/internal/incident"
)

func TestDecode_WhatSlackEscapes_IsTextAgain(t *testing.T) {
	for in, want := range map[string]string{
		"a &lt;b&gt; &amp; c":                "a <b> & c",
		"see <https://x.io/a?b=1&amp;c=2|x>": "see https://x.io/a?b=1&c=2",
		"mail <mailto:a@b.c|a@b.c>":          "mail a@b.c",
		"<@U1|ana> in <#C1|payments>  ":      "<@U1|ana> in <#C1|payments>",
		"to &lt;@U1&gt;":                     "to <\u2060@U1>",
		"&lt;!channel&gt; &amp;lt;literal":   "<\u2060!channel> &lt;literal",
	} {
		if got := decode(in); got != want {
			t.Errorf("decode(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLeading_TextThatNamesAnIncident_LosesItsName(t *testing.T) {
	for text, want := range map[string]struct {
		ref  incident.Ref
		rest string
	}{
		"INC-7 still looking": {incident.Ref{Number: 7}, "still looking"},
		"#7":                  {incident.Ref{Number: 7}, ""},
		"7 pods restarted":    {incident.Ref{Channel: "C1"}, "7 pods restarted"},
		"inc-0 x":             {incident.Ref{Channel: "C1"}, "inc-0 x"},
	} {
		if ref, rest, err := leading(Request{Channel: "C1", Text: text}); ref != want.ref || rest != want.rest || err != nil {
			t.Errorf("%q: %+v, %q, %v", text, ref, rest, err)
		}
	}
}

func TestAlone_TextWithMoreThanAnIncident_IsRejected(t *testing.T) {
	for text, want := range map[string]incident.Ref{
		"": {Channel: "C1"}, "7": {Number: 7}, "inc-7": {Number: 7}, "INC-7 now": {}, "now": {}, "0": {},
	} {
		ref, _, err := alone(Request{Channel: "C1", Text: text})
		if ref != want || (want == incident.Ref{}) != rejected(err, "bad_number") {
			t.Errorf("%q: %+v, %v", text, ref, err)
		}
	}
}

// FuzzText: whatever strangers type is taken apart without a panic and without
// making text out of nothing.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"P1 x", "private", "<@U1|a> tech lead", "inc-99999999999999999999", "&lt;", "<https://", "\u00a0", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return // JSON carries none
		}
		plain := decode(text)
		word, rest := cut(plain)
		if len(word)+len(rest) > len(plain) {
			t.Errorf("cut(%q) = %q, %q", plain, word, rest)
		}
		if d, err := parseDeclaration(typed{text: plain}); err == nil && len(d.Title) > len(plain) {
			t.Errorf("title %q of %q", d.Title, plain)
		}
		_, _ = parseAssignment(typed{text: plain})
		_, _ = parseReport(typed{text: plain})
		_, _ = parseSeverity(typed{text: plain})
		_, _ = parseLength(typed{text: plain})
		_, _, _ = leading(Request{Text: plain})
		_, _, _ = politely(Request{Text: plain})
	})
}
