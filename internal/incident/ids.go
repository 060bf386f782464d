package incident

import (
	"fmt"
	"strconv"
	"strings"
)

type (
	// UserID is a Slack user's ID, such as "U061F7AUR".
	UserID string
	// ChannelID is a Slack conversation's ID, such as "C0G9QF9GW". It is a
	// channel's only identity: names and topics change.
	ChannelID string
	// GroupID is a Slack user group's ID, such as "S0615G0KT".
	GroupID string
	// Number identifies an incident within its workspace, counting from 1.
	Number int
)

// Muster is the actor of what Muster does by itself.
const Muster UserID = "muster"

// Mention is the user as Slack's mrkdwn shows one.
func (u UserID) Mention() string {
	if u == Muster {
		return "Muster"
	}
	return "<@" + string(u) + ">"
}

// Mention is the channel as Slack's mrkdwn links one.
func (c ChannelID) Mention() string { return "<#" + string(c) + ">" }

// Mention is the user group as Slack's mrkdwn notifies one.
func (g GroupID) Mention() string { return "<!subteam^" + string(g) + ">" }

func (n Number) String() string { return fmt.Sprintf("INC-%d", int(n)) }

// ParseNumber reads "7", "#7", "inc-7" or "INC-7".
func ParseNumber(s string) (Number, bool) {
	digits := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(s), "inc-"), "#")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 || n > 1<<31-1 {
		return 0, false
	}
	return Number(n), true
}
