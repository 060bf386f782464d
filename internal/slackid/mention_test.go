package slackid_test

import (
	"testing"

	"muster/internal/slackid"
)

func TestReadable_Markup_BecomesWordsOrAPlainMention(t *testing.T) {
	for text, want := range map[string]struct{ readable, words string }{
		"<!subteam^S0LEADS|@leads>":            {"@leads", "@leads"},
		"<!subteam^S0LEADS>":                   {"@group", "@group"},
		"<!here> <!channel|channel>":           {"@here @channel", "@here @channel"},
		"<!date^1^{time}|noon>":                {"noon", "noon"},
		"<@U0ANA|ana> and <@W0BEN>":            {"<@U0ANA> and <@W0BEN>", "@ana and someone"},
		"<#C0X|project-takeover> <#G0Y|> <#C>": {"<#C0X> <#G0Y> <#C>", "a channel a channel <#C>"},
		"a < b > c & <https://x.example|x>":    {"a < b > c & <https://x.example|x>", "a < b > c & <https://x.example|x>"},
	} {
		if got := slackid.Readable(text); got != want.readable {
			t.Errorf("%q reads %q, want %q", text, got, want.readable)
		}
		if got := slackid.Words(text); got != want.words {
			t.Errorf("%q is %q in words, want %q", text, got, want.words)
		}
	}
}
