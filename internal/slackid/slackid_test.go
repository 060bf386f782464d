package slackid_test

import (
	"testing"

	"muster/internal/slackid"
)

func TestMention_EachKindOfID_IsWrittenAsSlackReadsIt(t *testing.T) {
	for got, want := range map[string]string{
		slackid.User("U061F7AUR").Mention():    "<@U061F7AUR>",
		slackid.Channel("C0G9QF9GW").Mention(): "<#C0G9QF9GW>",
		slackid.Group("S0615G0KT").Mention():   "<!subteam^S0615G0KT>",
		slackid.Muster.Mention():               "Muster",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
