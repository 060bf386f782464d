package page

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func reader() *Page {
	return &Page{
		Now: time.Date(2026, 11, 25, 12, 0, 0, 0, time.Local), App: App{ID: "U0APP", Name: "Ledger", Handle: "ledger"},
		Viewer: Person{ID: "U1", Name: "oncall", RealName: "Ada Park"}, People: []Person{{ID: "U1", Name: "oncall", RealName: "Ada Park"}},
		Groups: []Group{{ID: "S1", Handle: "leads", Name: "Leads"}, {ID: "S2", Handle: "on-call", Name: "On call", Mine: true}}, Channels: []Channel{{ID: "C1", Name: "general"}},
	}
}

func TestMarkup_Text_IsShownAsInSlack(t *testing.T) {
	p := reader()
	for in, want := range map[string]string{
		"plain &amp; &lt;b&gt;":              "plain &amp; &lt;b&gt;",
		"*bold* _it_ ~no~ `a*b*`":            "<strong>bold</strong> <em>it</em> <del>no</del> <code>a*b*</code>",
		"2*3*4 snake_case_name":              "2*3*4 snake_case_name",
		"*no * bold*ly":                      "*no * bold*ly",
		"a\nb":                               "a<br>b",
		"&gt; one\n&gt; two\nthree":          "<blockquote>one<br>two</blockquote>three",
		"&gt;&gt;&gt; one":                   "<blockquote>one</blockquote>",
		"```x\n*y*```":                       "<pre>x\n*y*</pre>",
		"<@U1> <@U0APP>":                     `<span class="mention me" title="Ada Park">@oncall</span> <span class="mention" title="Ledger">@ledger</span>`,
		"<!subteam^S1|@x> <!subteam^S2>":     `<span class="mention" title="Leads">@leads</span> <span class="mention me" title="On call">@on-call</span>`,
		"<#C1|other>":                        `<a class="mention" href="/C1?as=U1">#general</a>`,
		"<#C9|board-secret>":                 `<span class="mention">#private channel</span>`,
		"<!here>":                            `<span class="mention me">@here</span>`,
		"<https://a.example/x?y=1&amp;z|it>": `<a href="https://a.example/x?y=1&amp;z" rel="noopener" target="_blank">it</a>`,
		"<javascript:alert(1)|it>":           "<a>it</a>",
		"see https://a.example/b_c_d.":       `see <a href="https://a.example/b_c_d" rel="noopener" target="_blank">https://a.example/b_c_d</a>.`,
		":tada: :no_such_thing: 12:30:45":    "🎉 :no_such_thing: 12:30:45",
		"<!date^nonsense^{date}|then>":       "then",
	} {
		if got := string(p.mrkdwn(in)); got != want {
			t.Errorf("%q is shown as\n  %s, and not as\n  %s", in, got, want)
		}
	}
}

func TestDate_NearNow_IsRelative(t *testing.T) {
	p := reader()
	for at, want := range map[time.Time]string{
		p.Now.Add(90 * time.Minute):  "today 13:30 in 1 h 30 min",
		p.Now.Add(-45 * time.Second): "today 11:59 45 s ago",
		p.Now.AddDate(0, 0, 1):       "tomorrow 12:00 in 24 h",
		p.Now.AddDate(0, 0, -1):      "yesterday 12:00 24 h ago",
		p.Now.AddDate(0, 0, 5):       "30 Nov 2026 12:00 in 120 h",
	} {
		if got := p.formatDate("{date_short_pretty}", at) + " " + p.formatDate("{time}", at) + " " + p.formatDate("{ago}", at); got != want {
			t.Errorf("%s is shown as %q, and not as %q", at, got, want)
		}
	}
}

func TestMarkdown_Text_IsShownAsInSlack(t *testing.T) {
	p := reader()
	for in, want := range map[string]string{
		"# Big\n\ntext":                   "<h3>Big</h3>\n<p>text</p>",
		"| a | b |\n|---|--:|\n| 1 | 2 |": `<td style="text-align:right">2</td>`,
		"- [x] done\n- [ ] left":          "<li>☑ done</li>\n<li>☐ left</li>",
		"- a\n  - b":                      "<ul>\n<li>a\n<ul>\n<li>b</li>",
		"[it](https://a.example)":         `<a href="https://a.example" target="_blank" rel="noopener">it</a>`,
		"[it](javascript:alert(1)) on":    "<p>it on</p>",
		"[it](/C1)":                       "<p>it</p>",
		"![pic](https://a.example/p.png)": `<a href="https://a.example/p.png" target="_blank" rel="noopener">pic</a>`,
		"<script>alert(1)</script>":       "<!-- raw HTML omitted -->",
		"to <@U1> :tada:":                 `to <span class="mention me" title="Ada Park">@oncall</span> 🎉`,
	} {
		if got := string(p.markdown(in)); !strings.Contains(got, want) {
			t.Errorf("%q is shown as\n  %s, without\n  %s", in, got, want)
		}
	}
}

// Whatever is written, it brings no tag of its own into the page, and no address
// that runs.
func TestMarkup_AnyText_BringsInNoTags(t *testing.T) {
	p := reader()
	pieces := rapid.SliceOf(rapid.SampledFrom([]string{
		"<", ">", "&lt;", "&gt;", "&", "\"", "'", "<script>", "</div>", "<img src=x onerror=y>", "|", "*", "_", "~", "`", "```", "\n", ":tada:",
		"<javascript:x|", "<!date^1^{date}^javascript:x|", "](javascript:x)", "![", "[a](data:text/html,x)", "<@", "<#C1>", "# ", "> ", "- ", "a", "ä",
	}))
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(pieces.Draw(t, "pieces"), "")
		for _, html := range []string{string(p.mrkdwn(s)), string(p.note(s)), string(p.markdown(s)), string(escaped(plain(s)))} {
			low := strings.ToLower(html)
			for _, bad := range []string{"<script", "<img", "</div", "=\"javascript:", "=\"data:", "onerror=y>"} {
				if strings.Contains(low, bad) {
					t.Fatalf("%q brings in %s: %s", s, bad, html)
				}
			}
		}
	})
}

// A text of any length is shown in time that grows with it, and no deeper.
func TestMarkup_LongText_IsShownInTime(t *testing.T) {
	p := reader()
	for _, s := range []string{strings.Repeat(">", 40_000), strings.Repeat("&gt; ", 8_000), strings.Repeat("*_~`", 10_000), strings.Repeat("<", 40_000)} {
		began := time.Now()
		html := string(p.mrkdwn(s))
		if took := time.Since(began); took > 10*time.Second || strings.Count(html, "<blockquote>") > 1 {
			t.Errorf("%.10s… took %s, with %d quotes", s, took, strings.Count(html, "<blockquote>"))
		}
	}
}
