package handlers

import (
	"testing"
	"time"
	"unicode/utf8"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
)

var someSeverities = policy.Policy{Severities: []policy.SeverityPolicy{
	{Severity: policy.P0, Name: "Critical"}, {Severity: policy.P1, Name: "High"}, {Severity: policy.P2, Name: "Medium"},
}}

func TestParseDeclaration(t *testing.T) {
	for text, want := range map[string]struct {
		d     incident.Declaration
		fails bool
	}{
		"P1 payments down":      {incident.Declaration{Title: "payments down", Severity: policy.P1}, false},
		"p0   private   leak":   {incident.Declaration{Title: "leak", Severity: policy.P0, Private: true}, false},
		"critical all is down":  {incident.Declaration{Title: "all is down", Severity: policy.P0}, false},
		"payments down":         {incident.Declaration{Title: "payments down"}, false},
		"P1":                    {incident.Declaration{Severity: policy.P1}, false},
		"":                      {},
		"P7 what":               {fails: true},
		"P1 P2 both":            {fails: true},
		"sev9":                  {fails: true},
		"P1\u00a0payments down": {incident.Declaration{Title: "payments down", Severity: policy.P1}, false},
		"private party crashed": {incident.Declaration{Title: "party crashed", Private: true}, false},
		"Private P1 data leak":  {incident.Declaration{Title: "data leak", Severity: policy.P1, Private: true}, false},
	} {
		d, err := parseDeclaration(someSeverities, text)
		if (err != nil) != want.fails {
			t.Errorf("%q: %v", text, err)
		}
		if err == nil && (d != want.d) {
			t.Errorf("%q: %+v; want %+v", text, d, want.d)
		}
	}
}

func TestParseAssignment(t *testing.T) {
	h := &Handlers{self: "U0MUSTER", policy: policy.Policy{Roles: []policy.RolePolicy{
		{Role: policy.OnCallEngineer, Name: "On-Call Engineer"}, {Role: "tech_lead", Name: "Tech Lead"},
	}}}
	for text, want := range map[string]struct {
		role policy.Role
		user slackid.User
		code string
	}{
		"tech_lead <@U1|ana>":    {"tech_lead", "U1", ""},
		"Tech Lead <@U1>":        {"tech_lead", "U1", ""},
		"<@W1|ana> tech-lead":    {"tech_lead", "W1", ""},
		"<@U1|ana>":              {policy.OnCallEngineer, "U1", ""},
		"on-call engineer <@U1>": {policy.OnCallEngineer, "U1", ""},
		"tech_lead @ghost":       {code: "unknown_user"},
		"<!channel>":             {code: "unknown_user"},
		"pilot <@U1>":            {code: "unknown_role"},
		"me":                     {policy.OnCallEngineer, "U9", ""},
		"tech lead":              {code: "missing_user"},
		"<@U1> <@U2>":            {code: "too_many_users"},
		"<@U0MUSTER>":            {code: "unknown_user"},
	} {
		role, user, err := h.parseAssignment(text, "U9")
		if role != want.role || user != want.user || (want.code == "") != (err == nil) || (err != nil && !rejected(err, want.code)) {
			t.Errorf("%q: %q, %q, %v; want %+v", text, role, user, err, want)
		}
	}
}

func TestDecode(t *testing.T) {
	for in, want := range map[string]string{
		"a &lt;b&gt; &amp; c":                "a <b> & c",
		"see <https://x.io/a?b=1&amp;c=2|x>": "see https://x.io/a?b=1&c=2",
		"mail <mailto:a@b.c|a@b.c>":          "mail a@b.c",
		"<@U1|ana> in <#C1|payments>  ":      "<@U1|ana> in <#C1|payments>",
		"to &lt;@U1&gt;":                     "to <\u2060@U1>",
		"&lt;!channel&gt; &amp;lt;literal":   "<!channel> &lt;literal",
	} {
		if got := decode(in); got != want {
			t.Errorf("decode(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTarget(t *testing.T) {
	here := Request{Channel: "C1"}
	for text, want := range map[string]struct {
		ref  incident.Ref
		rest string
	}{
		"INC-7 still looking": {incident.Ref{Number: 7}, "still looking"},
		"#7":                  {incident.Ref{Number: 7}, ""},
		"7 pods restarted":    {incident.Ref{Channel: "C1"}, "7 pods restarted"},
		"inc-0 x":             {incident.Ref{Channel: "C1"}, "inc-0 x"},
	} {
		r := here
		r.Text = text
		if ref, rest := splitIncident(r); ref != want.ref || rest != want.rest {
			t.Errorf("%q: %+v, %q", text, ref, rest)
		}
	}
}

func TestParseReport(t *testing.T) {
	for text, want := range map[string]struct {
		status incident.Status
		text   string
		fails  bool
	}{
		"still looking":             {"", "still looking", false},
		"monitoring":                {incident.Monitoring, "", false},
		"IDENTIFIED: bad deploy":    {incident.Identified, "bad deploy", false},
		"identified - bad deploy":   {incident.Identified, "bad deploy", false},
		"investigating it is back":  {incident.Investigating, "it is back", false},
		"resolved all good":         {fails: true},
		"identifiedly strange text": {"", "identifiedly strange text", false},
	} {
		got, err := parseReport(incident.Ref{}, text)
		if (err != nil) != want.fails || got.Status != want.status || got.Text != want.text {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestParseLength(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30": 30 * time.Minute, "30m": 30 * time.Minute, "30 min": 30 * time.Minute, "2 hours": 2 * time.Hour,
		"1d": 24 * time.Hour, "1h30m": 90 * time.Minute, "1h 30m": 90 * time.Minute, "soon": 0, "": 0, "-5m": -5 * time.Minute,
	} {
		if got, err := parseLength(text); got != want || (err == nil) != (want != 0) {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
}

// FuzzText: whatever strangers type is taken apart without a panic and without
// making text out of nothing.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"P1 x", "private", "<@U1|a> tech lead", "inc-99999999999999999999", "&lt;", "<https://", "\u00a0", ""} {
		f.Add(seed)
	}
	h := &Handlers{}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return // JSON carries none
		}
		plain := decode(text)
		word, rest := cut(plain)
		if len(word)+len(rest) > len(plain) {
			t.Errorf("cut(%q) = %q, %q", plain, word, rest)
		}
		if d, err := parseDeclaration(someSeverities, plain); err == nil && len(d.Title) > len(plain) {
			t.Errorf("title %q of %q", d.Title, plain)
		}
		if plain != "" {
			_, _, _ = h.parseAssignment(plain, "U9")
		}
		_, _ = parseReport(incident.Ref{}, plain)
		_, _ = parseLength(plain)
		splitIncident(Request{Text: plain})
		_, _ = incidentArgument(Request{Text: plain})
	})
}
