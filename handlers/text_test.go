package handlers

import (
	"strings"
	"testing"
	"unicode"
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

func TestCutLabel_WhateverSetsAWordApart_IsDropped(t *testing.T) {
	for text, want := range map[string]struct {
		word, rest string
		apart      bool
	}{
		"identified 原因":          {"identified", "原因", false},
		"identified\u3000原因":     {"identified", "原因", false},
		"identified：原因":          {"identified", "原因", true},
		"identified:cause":       {"identified", "cause", true},
		"identified - cause":     {"identified", "cause", true},
		"identified. -5 % left":  {"identified", "-5 % left", true},
		"INC-7, on it":           {"INC-7", "on it", true},
		"INC-7 -- on it":         {"INC-7", "on it", true},
		"well-known cause":       {"well-known", "cause", false},
		"a\u2003b\u202fc\u1680d": {"a", "b\u202fc\u1680d", false},
		"":                       {"", "", false},
		": x":                    {"", "x", true},
	} {
		word, rest, apart := cutLabel(text)
		if word != want.word || rest != want.rest || apart != want.apart {
			t.Errorf("%q: %q, %q, %t; want %+v", text, word, rest, apart, want)
		}
	}
}

func TestLeading_TextThatNamesAnIncident_LosesItsName(t *testing.T) {
	here := incident.Ref{Channel: "C1"}
	for text, want := range map[string]struct {
		ref  incident.Ref
		rest string
	}{
		"INC-7 still looking":                 {incident.Ref{Number: 7}, "still looking"},
		"INC-7: still looking":                {incident.Ref{Number: 7}, "still looking"},
		"inc-7, still looking":                {incident.Ref{Number: 7}, "still looking"},
		"INC-7. Still looking":                {incident.Ref{Number: 7}, "Still looking"},
		"inc-7 – still looking":               {incident.Ref{Number: 7}, "still looking"},
		"INC-7\u3000見ています":                    {incident.Ref{Number: 7}, "見ています"},
		"INC-7：見ています":                         {incident.Ref{Number: 7}, "見ています"},
		"inc7 still looking":                  {incident.Ref{Number: 7}, "still looking"},
		"#7":                                  {incident.Ref{Number: 7}, ""},
		"#inc-7-payments-down: still looking": {incident.Ref{Number: 7}, "still looking"},
		"<#C9|inc-7-payments> still looking":  {incident.Ref{Number: 7}, "still looking"},
		"<#C9|inc-7>: still looking":          {incident.Ref{Number: 7}, "still looking"},
		"<#C9|payments> is failing":           {here, "<#C9|payments> is failing"},
		"<#C9|inc-7th-floor> is failing":      {here, "<#C9|inc-7th-floor> is failing"},
		"7 pods restarted":                    {here, "7 pods restarted"},
		"7: pods restarted":                   {here, "7: pods restarted"},
		"INC-7-like errors":                   {here, "INC-7-like errors"},
		"inc-0 x":                             {here, "inc-0 x"},
		"incoming traffic":                    {here, "incoming traffic"},
	} {
		if ref, rest, err := leading(Request{Channel: "C1", Text: text}); ref != want.ref || rest != want.rest || err != nil {
			t.Errorf("%q: %+v, %q, %v", text, ref, rest, err)
		}
	}
}

func TestAlone_TextWithMoreThanAnIncident_IsRejected(t *testing.T) {
	for text, want := range map[string]incident.Ref{
		"": {Channel: "C1"}, "7": {Number: 7}, "inc-7": {Number: 7}, "INC-7.": {Number: 7}, "#inc-7-payments": {Number: 7}, "<#C9|inc-7-x>": {Number: 7},
		"INC-7 now": {}, "now": {}, "0": {},
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
	for _, seed := range []string{"P1 x", "private", "<@U1|a> tech lead", "inc-99999999999999999999", "&lt;", "<https://", "\u00a0", "\u3000", "INC-7：x", "<#C1|inc-7-x>, y", "fixed - z", ""} {
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
		if strings.ContainsFunc(word, unicode.IsSpace) {
			t.Errorf("cut(%q) leaves a space in %q", plain, word)
		}
		if word, rest, _ := cutLabel(plain); !strings.HasPrefix(plain, word) || !strings.HasSuffix(plain, rest) {
			t.Errorf("cutLabel(%q) = %q, %q", plain, word, rest)
		}
		if d, err := parseDeclaration(typed{text: plain}); err == nil && len(d.Title) > len(plain) {
			t.Errorf("title %q of %q", d.Title, plain)
		}
		_, _ = parseAssignment(typed{text: plain})
		_, _ = parseReport(typed{text: plain})
		_, _ = parseSeverity(typed{text: plain})
		_, _ = parsePause(typed{text: plain})
		_, _, _ = leading(Request{Text: plain})
		_, _, _ = politely(Request{Text: plain})
	})
}
